/* kw-binance.h: Binance's public candles; nothing is traded there */
#pragma once

#include "kw-candle.h"
#include "kw-http.h"

G_BEGIN_DECLS

#define KW_BINANCE_URL "https://api.binance.com"
#define KW_BINANCE_MAX_ROWS 1000

/**
 * kw_binance_parse_klines:
 * @now_us: candles that end later are running and left out
 *
 * Returns: (transfer full) (element-type KwCandle): ascending, or %NULL with a #KwParseError
 * that names the row, or %KW_EXCHANGE_ERROR_REFUSED with Binance's text
 */
GArray *kw_binance_parse_klines(GBytes *body, gint64 now_us, GError **error);

/**
 * KwBinancePage: which candles
 * @url: "https://api.binance.com"
 * @pair: "BTC/USDT"
 * @timeframe: Binance's name of it, "1h"
 * @from_us: first opening that is wanted
 */
typedef struct {
    const gchar *url;
    const gchar *pair;
    const gchar *timeframe;
    gint64 from_us;
} KwBinancePage;

/* At most %KW_BINANCE_MAX_ROWS candles of @page */
void kw_binance_get_async(KwHttp *http,
                          const KwBinancePage *page,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/**
 * kw_binance_get_finish:
 * @out_wait_s: (out): with %KW_NET_ERROR_BUSY: how long to wait
 *
 * Returns: (transfer full): the body; %NULL with %KW_NET_ERROR_BUSY (too many requests),
 *   %KW_NET_ERROR_DENIED (banned, or not from this country) or an error of
 * kw_http_send_finish()
 */
GBytes *
kw_binance_get_finish(KwHttp *http, GAsyncResult *result, guint *out_wait_s, GError **error);

G_END_DECLS
