#include "kw-binance.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-kraken-market.h"

#include <string.h>

#define MAX_BODY (4 * 1024 * 1024)
#define TIMEOUT_MS 30000
#define DEFAULT_WAIT_S 60

static gboolean
read_row(JsonArray *rows, guint index, KwCandle *out, gint64 *out_end_us, GError **error)
{
    JsonArray *row = NULL;
    gint64 open_ms = 0, end_ms = 0;
    KwDecimal values[5];

    if (!kw_json_at_array(rows, index, &row, error) ||
        !kw_json_at_int(row, 0, &open_ms, error) || !kw_json_at_int(row, 6, &end_ms, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        if (!kw_json_at_decimal(row, i + 1, &values[i], error))
            return FALSE;
    }
    if (open_ms < 0 || open_ms > G_MAXINT64 / 1000 || end_ms < open_ms ||
        end_ms > G_MAXINT64 / 1000 - 1) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "[0]: no time");
        return FALSE;
    }
    *out = (KwCandle){open_ms * 1000,
                      kw_decimal_to_double(values[0]),
                      kw_decimal_to_double(values[1]),
                      kw_decimal_to_double(values[2]),
                      kw_decimal_to_double(values[3]),
                      kw_decimal_to_double(values[4])};
    *out_end_us = (end_ms + 1) * 1000;
    return kw_kraken_check_candle(out, error);
}

static void
read_refusal(JsonObject *object, GError **error)
{
    const gchar *text = "";

    (void) kw_json_get_string(object, "msg", &text, NULL);
    g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED, "%.80s", text);
}

GArray *
kw_binance_parse_klines(GBytes *body, gint64 now_us, GError **error)
{
    g_autoptr(GArray) candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));
    g_autoptr(JsonNode) root = kw_json_parse(body, error);
    gint64 before_us = G_MININT64;
    JsonArray *rows;

    if (root == NULL)
        return NULL;
    if (JSON_NODE_HOLDS_OBJECT(root)) {
        read_refusal(json_node_get_object(root), error);
        return NULL;
    }
    rows = kw_json_root_array(root, error);
    for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
        gint64 end_us = 0;
        KwCandle candle;

        if (!read_row(rows, i, &candle, &end_us, error)) {
            g_prefix_error(error, "row %u: ", i);
            return NULL;
        }
        if (candle.open_us <= before_us) {
            g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                        "row %u: not later than the one before", i);
            return NULL;
        }
        before_us = candle.open_us;
        if (end_us <= now_us)
            g_array_append_val(candles, candle);
    }
    return rows != NULL ? g_steal_pointer(&candles) : NULL;
}

void
kw_binance_get_async(KwHttp *http,
                     const KwBinancePage *page,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
    g_auto(GStrv) parts = g_strsplit(page->pair, "/", 2);
    g_autofree gchar *symbol = g_strjoinv("", parts);
    g_autofree gchar *whole = g_strdup_printf(
        "%s/api/v3/klines?symbol=%s&interval=%s&startTime=%" G_GINT64_FORMAT "&limit=%d",
        page->url, symbol, page->timeframe, page->from_us / 1000, KW_BINANCE_MAX_ROWS);
    const KwHttpRequest request = {
        .method = "GET", .url = whole, .max_bytes = MAX_BODY, .timeout_ms = TIMEOUT_MS};

    kw_http_send_async(http, &request, NULL, callback, user_data);
}

GBytes *
kw_binance_get_finish(KwHttp *http, GAsyncResult *result, guint *out_wait_s, GError **error)
{
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(http, result, error);
    const gchar *wait;
    guint64 seconds = DEFAULT_WAIT_S;

    if (response == NULL)
        return NULL;
    if (response->status == 429 || response->status >= 500) {
        wait = kw_http_response_get_header(response, "retry-after");
        if (wait != NULL)
            (void) g_ascii_string_to_unsigned(wait, 10, 1, 3600, &seconds, NULL);
        *out_wait_s = response->status == 429 ? (guint) seconds : 5;
        g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_BUSY, "HTTP %u", response->status);
        return NULL;
    }
    if (response->status == 418 || response->status == 451 || response->status == 403) {
        g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_DENIED, "HTTP %u", response->status);
        return NULL;
    }
    return g_bytes_ref(response->body);
}
