/* kw-mt5-candles.h: one page of candles of a bridge */
#pragma once

#include "kw-mt5.h"

G_BEGIN_DECLS

#define KW_MT5_CANDLES_MAX 1000 /* rows of a page */
/* Candles of the server that are longer begin at its own midnight. */
#define KW_MT5_CANDLES_MAX_TIMEFRAME_US G_TIME_SPAN_HOUR

/**
 * KwMt5Page: all is copied
 * @symbol: the server's name
 * @until_us: newer openings are left out; 0: there are none
 * @n_rows: at most, the newest ones; 1..%KW_MT5_CANDLES_MAX
 */
typedef struct {
    const gchar *symbol;
    gint64 timeframe_us;
    gint64 until_us;
    guint n_rows;
} KwMt5Page;

void kw_mt5_candles_async(KwMt5 *mt5,
                          const KwMt5Page *page,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/* Returns: (transfer full) (element-type KwCandle): ascending, the last one may be under way;
 *   %NULL with an error of kw_mt5_finish() or a #KwParseError */
GArray *kw_mt5_candles_finish(KwMt5 *mt5, GAsyncResult *result, GError **error);

G_END_DECLS
