/* kw-kraken-frame.c: what is money is read strictly, what is decoration is not read at all
 *
 * A new channel, a new member or a new value of an enum must not stop the stream: unknown
 * frames are KW_KRAKEN_FRAME_OTHER, and an unknown kind of execution keeps the order's state.
 */
#include "kw-kraken-frame.h"

#include "kw-error.h"

#include <string.h>

static const struct {
    const gchar *channel;
    KwKrakenFrameKind kind;
} channels[] = {
    {"heartbeat", KW_KRAKEN_FRAME_HEARTBEAT},
    {"status", KW_KRAKEN_FRAME_STATUS},
    {"ticker", KW_KRAKEN_FRAME_TICKER},
    {"trade", KW_KRAKEN_FRAME_TRADE},
    {"ohlc", KW_KRAKEN_FRAME_OHLC},
    {"book", KW_KRAKEN_FRAME_BOOK},
    {"instrument", KW_KRAKEN_FRAME_INSTRUMENT},
    {"executions", KW_KRAKEN_FRAME_EXECUTIONS},
    {"balances", KW_KRAKEN_FRAME_BALANCES},
};

static const struct {
    const gchar *status;
    KwOrderState state;
} states[] = {
    {"pending_new", KW_ORDER_STATE_OPEN},         {"new", KW_ORDER_STATE_OPEN},
    {"partially_filled", KW_ORDER_STATE_PARTIAL}, {"filled", KW_ORDER_STATE_FILLED},
    {"canceled", KW_ORDER_STATE_CANCELLED},       {"expired", KW_ORDER_STATE_CANCELLED},
};

static KwKrakenFrameKind
kind_of_channel(const gchar *channel)
{
    for (gsize i = 0; i < G_N_ELEMENTS(channels); i++) {
        if (strcmp(channels[i].channel, channel) == 0)
            return channels[i].kind;
    }
    return KW_KRAKEN_FRAME_OTHER;
}

void
kw_kraken_frame_clear(KwKrakenFrame *self)
{
    g_clear_pointer(&self->root, json_node_unref);
}

/* An error may come without a number, or as {"Error": text} without anything else. */
static KwKrakenFrameKind
kind_of_answer(const KwKrakenFrame *frame)
{
    if (strcmp(frame->method, "pong") == 0)
        return KW_KRAKEN_FRAME_PONG;
    if (strcmp(frame->method, "subscribe") == 0 || strcmp(frame->method, "unsubscribe") == 0)
        return KW_KRAKEN_FRAME_ACK;
    return *frame->method != '\0' || *frame->failure != '\0' ? KW_KRAKEN_FRAME_ANSWER
                                                             : KW_KRAKEN_FRAME_OTHER;
}

static void
read_ack(JsonObject *frame, KwKrakenFrame *out)
{
    (void) kw_kraken_get_int(frame, "req_id", &out->request, NULL);
    (void) kw_json_get_bool(frame, "success", &out->is_success, NULL);
    out->method = kw_kraken_get_text(frame, "method");
    out->failure = kw_kraken_get_text(frame, "error");
    if (*out->failure == '\0')
        out->failure = kw_kraken_get_text(frame, "Error");
    out->symbol = kw_kraken_get_text(frame, "symbol");
    out->client_id = kw_kraken_get_text(frame, "cl_ord_id");
    out->received = kw_kraken_get_text(frame, "time_in");
    out->kind = kind_of_answer(out);
    if (kw_json_get_object(frame, "result", &out->object, NULL)) {
        out->channel = kw_kraken_get_text(out->object, "channel");
        out->symbol = kw_kraken_get_text(out->object, "symbol");
        if (*out->client_id == '\0')
            out->client_id = kw_kraken_get_text(out->object, "cl_ord_id");
    }
}

static void
read_data(JsonObject *frame, KwKrakenFrame *out)
{
    out->kind = kind_of_channel(out->channel);
    out->is_snapshot = strcmp(kw_kraken_get_text(frame, "type"), "snapshot") == 0;
    (void) kw_json_get_array(frame, "data", &out->rows, NULL);
    (void) kw_json_get_object(frame, "data", &out->object, NULL);
    (void) kw_json_get_int(frame, "sequence", &out->sequence, NULL);
}

gboolean
kw_kraken_frame_parse(GBytes *text, KwKrakenFrame *out, GError **error)
{
    static const gchar book[] = "{\"channel\":\"book\"";
    KwKrakenFrame frame = {.method = "",
                           .channel = "",
                           .symbol = "",
                           .failure = "",
                           .client_id = "",
                           .received = ""};
    JsonObject *object;
    gsize length;
    const gchar *bytes = g_bytes_get_data(text, &length);

    if (length > sizeof book && memcmp(bytes, book, sizeof book - 1) == 0) {
        frame.kind = KW_KRAKEN_FRAME_BOOK;
        *out = frame;
        return TRUE;
    }
    frame.root = kw_json_parse(text, error);
    object = frame.root != NULL ? kw_json_root_object(frame.root, error) : NULL;
    if (object == NULL) {
        kw_kraken_frame_clear(&frame);
        return FALSE;
    }
    frame.channel = kw_kraken_get_text(object, "channel");
    if (*frame.channel != '\0')
        read_data(object, &frame);
    else
        read_ack(object, &frame);
    *out = frame;
    return TRUE;
}

/* -- rows -- */

static gboolean
read_name(JsonObject *row, const gchar *name, gchar *out, gsize size, GError **error)
{
    const gchar *text = NULL;

    if (!kw_json_get_string(row, name, &text, error))
        return FALSE;
    if (*text != '\0' && strlen(text) < size) {
        (void) g_strlcpy(out, text, size);
        return TRUE;
    }
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: empty or too long", name);
    return FALSE;
}

static gboolean
read_price(JsonObject *row, const gchar *name, KwDecimal *out, GError **error)
{
    if (!kw_json_get_decimal(row, name, out, error))
        return FALSE;
    if (kw_decimal_sign(*out) > 0)
        return TRUE;
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: not above zero", name);
    return FALSE;
}

gboolean
kw_kraken_read_ticker_row(JsonObject *row,
                          gchar *out_symbol,
                          KwKrakenTicker *out,
                          GError **error)
{
    gchar symbol[KW_PAIR_NAME_SIZE];
    KwKrakenTicker ticker;

    if (!read_name(row, "symbol", symbol, sizeof symbol, error) ||
        !read_price(row, "bid", &ticker.bid, error) ||
        !read_price(row, "ask", &ticker.ask, error) ||
        !read_price(row, "last", &ticker.last, error))
        return FALSE;
    (void) g_strlcpy(out_symbol, symbol, KW_PAIR_NAME_SIZE);
    *out = ticker;
    return TRUE;
}

gboolean
kw_kraken_read_bar(JsonObject *row, KwKrakenBar *out, GError **error)
{
    KwKrakenBar bar = {0};
    gint64 minutes = 0;

    if (!read_name(row, "symbol", bar.symbol, sizeof bar.symbol, error) ||
        !kw_json_get_int(row, "interval", &minutes, error) ||
        !kw_kraken_get_instant(row, "interval_begin", &bar.candle.open_us, error) ||
        !kw_json_get_double(row, "open", &bar.candle.open, error) ||
        !kw_json_get_double(row, "high", &bar.candle.high, error) ||
        !kw_json_get_double(row, "low", &bar.candle.low, error) ||
        !kw_json_get_double(row, "close", &bar.candle.close, error) ||
        !kw_json_get_double(row, "volume", &bar.candle.volume, error) ||
        !kw_kraken_check_candle(&bar.candle, error))
        return FALSE;
    bar.interval_us = minutes * 60 * G_USEC_PER_SEC;
    if (minutes <= 0 || minutes > 21600 || bar.candle.open_us % (60 * G_USEC_PER_SEC) != 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "interval_begin: off the minute");
        return FALSE;
    }
    *out = bar;
    return TRUE;
}

gboolean
kw_kraken_read_balance(JsonObject *row, gchar *out_asset, KwDecimal *out, GError **error)
{
    gchar asset[KW_PAIR_NAME_SIZE];

    if (!read_name(row, "asset", asset, sizeof asset, error) ||
        !kw_json_get_decimal(row, "balance", out, error))
        return FALSE;
    (void) g_strlcpy(out_asset, asset, KW_PAIR_NAME_SIZE);
    return TRUE;
}

/* -- executions -- */

static void
copy_text(JsonObject *row, const gchar *name, gchar *out, gsize size)
{
    (void) g_strlcpy(out, kw_kraken_get_text(row, name), size);
}

static gboolean
read_fee(JsonObject *row, KwKrakenReport *out, GError **error)
{
    JsonArray *fees = NULL;
    JsonObject *fee = NULL;

    out->fee = KW_DECIMAL_ZERO;
    if (!kw_json_has(row, "fees"))
        return TRUE;
    if (!kw_json_get_array(row, "fees", &fees, error))
        return FALSE;
    if (json_array_get_length(fees) == 0)
        return TRUE;
    if (!kw_json_at_object(fees, 0, &fee, error))
        return FALSE;
    copy_text(fee, "asset", out->fee_asset, sizeof out->fee_asset);
    return kw_json_get_decimal(fee, "qty", &out->fee, error);
}

static gboolean
read_fill(JsonObject *row, KwKrakenReport *out, GError **error)
{
    return read_name(row, "exec_id", out->exec_id, sizeof out->exec_id, error) &&
           read_price(row, "last_qty", &out->amount, error) &&
           read_price(row, "last_price", &out->price, error) && read_fee(row, out, error);
}

static void
read_state(JsonObject *row, KwKrakenReport *out)
{
    const gchar *status = kw_kraken_get_text(row, "order_status");

    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        if (strcmp(states[i].status, status) != 0)
            continue;
        out->state = states[i].state;
        out->has_state = TRUE;
    }
}

gboolean
kw_kraken_read_report(JsonObject *row, KwKrakenReport *out, GError **error)
{
    KwKrakenReport report = {0};

    if (!read_name(row, "order_id", report.order_id, sizeof report.order_id, error) ||
        !kw_kraken_get_instant(row, "timestamp", &report.time_us, error))
        return FALSE;
    copy_text(row, "cl_ord_id", report.client_id, sizeof report.client_id);
    copy_text(row, "symbol", report.symbol, sizeof report.symbol);
    copy_text(row, "reason", report.reason, sizeof report.reason);
    report.has_side = kw_side_from_string(kw_kraken_get_text(row, "side"), &report.side, NULL);
    if (kw_json_has(row, "cum_qty")) {
        if (!kw_json_get_decimal(row, "cum_qty", &report.filled, error))
            return FALSE;
        report.has_filled = TRUE;
    }
    read_state(row, &report);
    if (strcmp(kw_kraken_get_text(row, "exec_type"), "trade") == 0 &&
        !read_fill(row, &report, error))
        return FALSE;
    *out = report;
    return TRUE;
}
