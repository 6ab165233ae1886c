/* kw-mt5-directory.h: the account and its symbols, read at a start */
#pragma once

#include "kw-mt5-answer.h"
#include "kw-mt5.h"

G_BEGIN_DECLS

/**
 * KwMt5Market:
 * @pair: "BTC/USD"
 * @symbol: the server's name for it is @symbol.name ("BTCUSD")
 */
typedef struct {
    gchar pair[KW_PAIR_NAME_SIZE];
    KwMt5Symbol symbol;
} KwMt5Market;

/**
 * KwMt5Directory:
 * @markets: (element-type KwMt5Market): owned
 */
typedef struct {
    KwMt5Account account;
    GArray *markets;
} KwMt5Directory;

void kw_mt5_directory_free(KwMt5Directory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwMt5Directory, kw_mt5_directory_free)

/* (transfer none) (nullable) */
const KwMt5Market *kw_mt5_directory_find_pair(const KwMt5Directory *self, const gchar *pair);
const KwMt5Market *kw_mt5_directory_find_symbol(const KwMt5Directory *self,
                                                const gchar *symbol);

/**
 * kw_mt5_directory_async:
 * @names: (array zero-terminated=1): "BTC/USD=BTCUSD", or "BTC/USD" for a symbol of the same
 *   name without the slash; copied
 */
void kw_mt5_directory_async(KwMt5 *mt5,
                            const gchar *const *names,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* Returns: (transfer full): %NULL with an error of kw_mt5_finish(), a #KwParseError. An
 *   account that may not trade is read like any other: paper needs its prices alone */
KwMt5Directory *kw_mt5_directory_finish(KwMt5 *mt5, GAsyncResult *result, GError **error);

G_END_DECLS
