/* kw-kraken-market.c: rows are checked one by one, and one bad row fails the answer
 *
 * Data for decisions is either whole or not used: a row left out silently would look like a
 * minute without trades. */
#include "kw-kraken-market.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

#define MAX_ROWS 5000

static const gchar *const system_names[] = {
    [KW_KRAKEN_SYSTEM_ONLINE] = "online",
    [KW_KRAKEN_SYSTEM_POST_ONLY] = "post_only",
    [KW_KRAKEN_SYSTEM_CANCEL_ONLY] = "cancel_only",
    [KW_KRAKEN_SYSTEM_MAINTENANCE] = "maintenance",
};

const gchar *
kw_kraken_system_to_string(KwKrakenSystem system)
{
    return system_names[system];
}

KwKrakenSystem
kw_kraken_system_from_string(const gchar *text)
{
    for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(system_names); i++) {
        if (strcmp(system_names[i], text) == 0)
            return (KwKrakenSystem) i;
    }
    return KW_KRAKEN_SYSTEM_MAINTENANCE;
}

static gboolean
fail_row(guint row, const gchar *what, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "row %u: %s", row, what);
    return FALSE;
}

static JsonArray *
find_row_list(JsonObject *result, GError **error)
{
    JsonNode *node = kw_kraken_find_rows(result, error);

    if (node == NULL)
        return NULL;
    if (!JSON_NODE_HOLDS_ARRAY(node) ||
        json_array_get_length(json_node_get_array(node)) > MAX_ROWS) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_LIMIT,
                            "no list of rows, or too many");
        return NULL;
    }
    return json_node_get_array(node);
}

/* A decimal above zero in a list */
static gboolean
at_price(JsonArray *row, guint index, KwDecimal *out, GError **error)
{
    if (!kw_json_at_decimal(row, index, out, error))
        return FALSE;
    if (kw_decimal_sign(*out) > 0)
        return TRUE;
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "[%u]: not above zero", index);
    return FALSE;
}

/* -- small answers -- */

gboolean
kw_kraken_parse_time(JsonObject *result, gint64 *out_us, GError **error)
{
    return kw_kraken_get_seconds(result, "unixtime", out_us, error);
}

static gboolean
first_price(JsonObject *row, const gchar *name, KwDecimal *out, GError **error)
{
    JsonArray *array = NULL;

    if (!kw_json_get_array(row, name, &array, error))
        return FALSE;
    if (at_price(array, 0, out, error))
        return TRUE;
    g_prefix_error(error, "%s", name);
    return FALSE;
}

gboolean
kw_kraken_parse_ticker(JsonObject *result, KwKrakenTicker *out, GError **error)
{
    JsonNode *node = kw_kraken_find_rows(result, error);
    KwKrakenTicker ticker;
    JsonObject *row;

    if (node == NULL)
        return FALSE;
    row = kw_json_root_object(node, error);
    if (row == NULL || !first_price(row, "a", &ticker.ask, error) ||
        !first_price(row, "b", &ticker.bid, error) ||
        !first_price(row, "c", &ticker.last, error))
        return FALSE;
    *out = ticker;
    return TRUE;
}

/* -- candles -- */

gboolean
kw_kraken_check_candle(const KwCandle *candle, GError **error)
{
    const struct {
        const gchar *name;
        gdouble value;
    } prices[] = {
        {"open", candle->open},
        {"high", candle->high},
        {"low", candle->low},
        {"close", candle->close},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(prices); i++) {
        if (!isfinite(prices[i].value) || prices[i].value <= 0) {
            g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: not above zero",
                        prices[i].name);
            return FALSE;
        }
    }
    if (!isfinite(candle->volume) || candle->volume < 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "volume: negative");
        return FALSE;
    }
    if (candle->low > MIN(candle->open, candle->close) ||
        candle->high < MAX(candle->open, candle->close)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "high and low do not enclose open and close");
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_ohlc_row(JsonArray *rows, guint index, KwCandle *out, GError **error)
{
    enum { OPEN = 1, HIGH, LOW, CLOSE, VWAP, VOLUME, N_VALUES };
    gdouble values[N_VALUES] = {0};
    JsonArray *row = NULL;

    if (!kw_json_at_array(rows, index, &row, error) ||
        !kw_kraken_at_seconds(row, 0, &out->open_us, error))
        return FALSE;
    for (guint i = OPEN; i < N_VALUES; i++) {
        KwDecimal decimal;

        if (i != VWAP && !kw_json_at_decimal(row, i, &decimal, error))
            return FALSE;
        if (i != VWAP)
            values[i] = kw_decimal_to_double(decimal);
    }
    out->open = values[OPEN];
    out->high = values[HIGH];
    out->low = values[LOW];
    out->close = values[CLOSE];
    out->volume = values[VOLUME];
    return kw_kraken_check_candle(out, error);
}

GArray *
kw_kraken_parse_ohlc(JsonObject *result, gint64 *out_last_us, GError **error)
{
    g_autoptr(GArray) candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));
    JsonArray *rows = find_row_list(result, error);
    gint64 last_us = 0, before_us = G_MININT64;

    if (rows == NULL || !kw_kraken_get_seconds(result, "last", &last_us, error))
        return NULL;
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        KwCandle candle;

        if (!read_ohlc_row(rows, i, &candle, error)) {
            g_prefix_error(error, "row %u: ", i);
            return NULL;
        }
        if (candle.open_us <= before_us) {
            (void) fail_row(i, "not later than the one before", error);
            return NULL;
        }
        before_us = candle.open_us;
        if (candle.open_us <= last_us)
            g_array_append_val(candles, candle);
    }
    *out_last_us = last_us;
    return g_steal_pointer(&candles);
}

/* -- trades -- */

static gboolean
read_trade_row(JsonArray *rows, guint index, KwKrakenTrade *out, GError **error)
{
    const gchar *side = NULL;
    JsonArray *row = NULL;

    if (!kw_json_at_array(rows, index, &row, error) || !at_price(row, 0, &out->price, error) ||
        !kw_json_at_decimal(row, 1, &out->amount, error) ||
        !kw_kraken_at_seconds(row, 2, &out->time_us, error) ||
        !kw_json_at_string(row, 3, &side, error))
        return FALSE;
    if (kw_decimal_sign(out->amount) < 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "[1]: negative");
        return FALSE;
    }
    out->side = *side == 's' ? KW_SIDE_SELL : KW_SIDE_BUY;
    out->id = 0; /* older answers have none */
    (void) kw_kraken_at_int(row, 6, &out->id, NULL);
    return TRUE;
}

/* Ids of fewer than 19 digits have been seen and lead nowhere. */
static guint64
read_last(JsonObject *result)
{
    gint64 last = 0;

    (void) kw_kraken_get_int(result, "last", &last, NULL);
    return last >= G_GINT64_CONSTANT(1000000000000000000) ? (guint64) last : 0;
}

GArray *
kw_kraken_parse_trades(JsonObject *result, guint64 *out_last, GError **error)
{
    g_autoptr(GArray) trades = g_array_new(FALSE, FALSE, sizeof(KwKrakenTrade));
    JsonArray *rows = find_row_list(result, error);

    if (rows == NULL)
        return NULL;
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        KwKrakenTrade trade;

        if (!read_trade_row(rows, i, &trade, error)) {
            g_prefix_error(error, "row %u: ", i);
            return NULL;
        }
        g_array_append_val(trades, trade);
    }
    *out_last = read_last(result);
    return g_steal_pointer(&trades);
}
