/* kw-kraken-frame.h: frames of Kraken's WebSocket v2 as values */
#pragma once

#include "kw-kraken-market.h"

G_BEGIN_DECLS

typedef enum {
    KW_KRAKEN_FRAME_OTHER, /* a channel or answer that we do not know: ignored */
    KW_KRAKEN_FRAME_HEARTBEAT,
    KW_KRAKEN_FRAME_STATUS,
    KW_KRAKEN_FRAME_ACK,    /* of subscribe and unsubscribe */
    KW_KRAKEN_FRAME_ANSWER, /* to another request: an order, its cancel, its amend; or an error
                               that does not say to which */
    KW_KRAKEN_FRAME_PONG,
    KW_KRAKEN_FRAME_TICKER,
    KW_KRAKEN_FRAME_TRADE,
    KW_KRAKEN_FRAME_OHLC,
    KW_KRAKEN_FRAME_BOOK,
    KW_KRAKEN_FRAME_INSTRUMENT,
    KW_KRAKEN_FRAME_EXECUTIONS,
    KW_KRAKEN_FRAME_BALANCES,
} KwKrakenFrameKind;

/**
 * KwKrakenFrame:
 * @root: (nullable): owned; %NULL for a book, which has a parser of its own
 * @rows: (nullable): borrowed: "data" when it is a list
 * @object: (nullable): borrowed: "data" when it is an object, or the "result" of an ack
 * @sequence: 0 when there is none
 * @request: number of the request that is answered; 0 when not told
 * @method, @symbol, @failure, @client_id: borrowed; of an ack or answer; "" when not told
 * @received: borrowed; when the exchange got the request, as it tells that
 * @channel: borrowed; of an ack it is the one subscribed to
 */
typedef struct {
    KwKrakenFrameKind kind;
    gboolean is_snapshot;
    gint64 sequence, request;
    JsonNode *root;
    JsonArray *rows;
    JsonObject *object;
    const gchar *method, *channel, *symbol, *failure, *client_id, *received;
    gboolean is_success;
} KwKrakenFrame;

/* %FALSE with a #KwParseError when @text is no JSON object: a proxy speaks, not the exchange */
gboolean kw_kraken_frame_parse(GBytes *text, KwKrakenFrame *out, GError **error);
void kw_kraken_frame_clear(KwKrakenFrame *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwKrakenFrame, kw_kraken_frame_clear)

/**
 * KwKrakenBar: a candle under way; there is none for an interval without a trade
 */
typedef struct {
    gchar symbol[KW_PAIR_NAME_SIZE];
    gint64 interval_us;
    KwCandle candle;
} KwKrakenBar;

/**
 * KwKrakenReport: news of one order; only what is told is set
 * @symbol: "" when it was told before
 * @exec_id: "" unless it is a fill
 * @has_state: @state is told
 * @has_filled: @filled, the sum so far, is told
 * @amount, @price, @fee: of the fill
 * @fee_asset: "EUR"
 */
typedef struct {
    gchar order_id[KW_ID_SIZE];
    gchar client_id[KW_ID_SIZE];
    gchar exec_id[KW_ID_SIZE];
    gchar symbol[KW_PAIR_NAME_SIZE];
    gchar fee_asset[KW_PAIR_NAME_SIZE];
    gchar reason[64];
    gboolean has_state, has_side, has_filled;
    KwOrderState state;
    KwSide side;
    KwDecimal amount, price, fee, filled;
    gint64 time_us;
} KwKrakenReport;

/* Each reads one row and leaves @out on failure, with a #KwParseError that names the member. */
gboolean kw_kraken_read_ticker_row(JsonObject *row,
                                   gchar *out_symbol,
                                   KwKrakenTicker *out,
                                   GError **error);
gboolean kw_kraken_read_bar(JsonObject *row, KwKrakenBar *out, GError **error);
gboolean kw_kraken_read_report(JsonObject *row, KwKrakenReport *out, GError **error);

/* @out_asset: KW_PAIR_NAME_SIZE bytes, "BTC"; @out: its whole balance */
gboolean
kw_kraken_read_balance(JsonObject *row, gchar *out_asset, KwDecimal *out, GError **error);

G_END_DECLS
