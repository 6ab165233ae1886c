/* kw-kraken-directory.h: the exchange's clock and its pairs, read at a start */
#pragma once

#include "kw-kraken-pairs.h"
#include "kw-kraken.h"

G_BEGIN_DECLS

/* Asks Time, Assets and AssetPairs, one after another; the difference of the clocks stays with
 * @kraken. */
void kw_kraken_directory_async(KwKraken *kraken,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/* Returns: (transfer full): %NULL with an error of kw_kraken_finish() or a #KwParseError */
KwKrakenPairs *
kw_kraken_directory_finish(KwKraken *kraken, GAsyncResult *result, GError **error);

G_END_DECLS
