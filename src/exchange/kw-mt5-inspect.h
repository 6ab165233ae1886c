/* kw-mt5-inspect.h: working orders, positions and money of an account, in one look */
#pragma once

#include "kw-mt5-directory.h"
#include "kw-venue-state.h"

G_BEGIN_DECLS

/* @directory: borrowed until the answer */
void kw_mt5_inspect_async(KwMt5 *mt5,
                          const KwMt5Directory *directory,
                          gint64 now_us,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/* Returns: (transfer full): %NULL with %KW_EXCHANGE_ERROR_UNKNOWN */
KwVenueState *kw_mt5_inspect_finish(KwMt5 *mt5, GAsyncResult *result, GError **error);

G_END_DECLS
