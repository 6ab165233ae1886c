/* kw-mt5-answer.h: what a MetaTrader 5 bridge answers: trade results, orders, deals, positions
 */
#pragma once

#include "kw-candle.h"
#include "kw-json.h"
#include "kw-order.h"
#include "kw-pair.h"

G_BEGIN_DECLS

#define KW_MT5_NAME_SIZE 32

/**
 * KwMt5Outcome: what a result code says of the order
 * @KW_MT5_DONE: carried out, or placed
 * @KW_MT5_REFUSED: for good; there is no order
 * @KW_MT5_AGAIN: not now (requote, closed, too many requests, never delivered); there is no
 *   order, and another attempt is a new decision
 * @KW_MT5_UNKNOWN: the order may exist
 * @KW_MT5_GONE: the order or position that was meant is not there
 */
typedef enum {
    KW_MT5_DONE,
    KW_MT5_REFUSED,
    KW_MT5_AGAIN,
    KW_MT5_UNKNOWN,
    KW_MT5_GONE,
} KwMt5Outcome;

/* A code that is not known counts as %KW_MT5_UNKNOWN. */
KwMt5Outcome kw_mt5_classify(gint64 code);

/* (transfer none): the rows of a list, which may stand in an object under @name; %NULL when it
 * is none, or with %KW_EXCHANGE_ERROR_UNKNOWN while the bridge still reads the history in */
JsonArray *kw_mt5_find_rows(JsonNode *root, const gchar *name, GError **error);

/**
 * KwMt5Result: of a trade request
 * @order_id: "" when none was told
 */
typedef struct {
    gint64 code;
    KwMt5Outcome kind;
    gchar order_id[KW_ID_SIZE];
    gchar message[96];
} KwMt5Result;

gboolean kw_mt5_read_result(JsonObject *object, KwMt5Result *out, GError **error);

/**
 * KwMt5Account:
 * @login: number of the account; "" when it was not told
 * @is_hedging: a sale opens a position of its own instead of making the other one smaller
 * @may_trade: the server lets this login trade
 * @is_demo: the server says that it is no real money
 */
typedef struct {
    gchar login[KW_ID_SIZE];
    gchar currency[KW_MT5_NAME_SIZE];
    KwDecimal balance, equity, margin_free;
    gboolean is_hedging, may_trade, is_demo;
} KwMt5Account;

gboolean kw_mt5_read_account(JsonObject *object, KwMt5Account *out, GError **error);

/**
 * KwMt5Symbol: how an instrument is counted
 * @name: the server's ("BTCUSD")
 * @contract: base currency of one lot, > 0
 * @volume_min, @volume_max, @volume_step: in lots
 */
typedef struct {
    gchar name[KW_MT5_NAME_SIZE];
    KwDecimal contract, tick;
    KwDecimal volume_min, volume_max, volume_step;
} KwMt5Symbol;

gboolean kw_mt5_read_symbol(JsonObject *object, KwMt5Symbol *out, GError **error);

/* Ticks and minima of @pair become those of the symbol, in base currency. */
gboolean kw_mt5_symbol_apply(const KwMt5Symbol *self, KwPair *pair, GError **error);

/**
 * kw_mt5_symbol_to_lots:
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when @amount (base currency) is no whole number of
 *   steps, or below or above what one order may have; never rounded, as the ledger has @amount
 */
gboolean kw_mt5_symbol_to_lots(const KwMt5Symbol *self,
                               KwDecimal amount,
                               KwDecimal *out,
                               GError **error);
gboolean kw_mt5_symbol_from_lots(const KwMt5Symbol *self,
                                 KwDecimal lots,
                                 KwDecimal *out,
                                 GError **error);

/**
 * KwMt5Order: working or of the history; volumes in lots
 * @symbol: "" for one that no market of ours can have
 * @client_id: in our form (see kw_mt5_client_id_parse()); "" when it is not one of ours
 * @state: OPEN, PARTIAL, FILLED, CANCELLED or REJECTED
 * @is_known_type: @side and @type are set
 */
typedef struct {
    gchar id[KW_ID_SIZE];
    gchar client_id[KW_ID_SIZE];
    gchar symbol[KW_MT5_NAME_SIZE];
    KwOrderState state;
    KwSide side;
    KwOrderType type;
    gboolean is_known_type;
    KwDecimal price, volume, left;
    gint64 opened_us;
} KwMt5Order;

gboolean kw_mt5_read_order(JsonObject *object, KwMt5Order *out, GError **error);

/**
 * KwMt5Deal: an execution
 * @is_trade: a purchase or a sale; others (balance, credit) have nothing but that
 * @cost: commission and swap that were booked with it, >= 0
 */
typedef struct {
    gchar id[KW_ID_SIZE];
    gchar order_id[KW_ID_SIZE];
    gboolean is_trade;
    KwSide side;
    KwDecimal price, volume, cost;
    gint64 time_us;
} KwMt5Deal;

gboolean kw_mt5_read_deal(JsonObject *object, KwMt5Deal *out, GError **error);

typedef struct {
    gchar id[KW_ID_SIZE];
    gchar client_id[KW_ID_SIZE];
    gchar symbol[KW_MT5_NAME_SIZE];
    KwSide side;
    KwDecimal volume;
} KwMt5Position;

gboolean kw_mt5_read_position(JsonObject *object, KwMt5Position *out, GError **error);

/* A candle; the number of ticks is its volume where the server has no other */
gboolean kw_mt5_read_candle(JsonObject *object, KwCandle *out, GError **error);

/* What a symbol can be sold and bought at; @time_us: when the server has seen it change */
typedef struct {
    gdouble bid, ask;
    gint64 time_us;
} KwMt5Price;

gboolean kw_mt5_read_price(JsonObject *object, KwMt5Price *out, GError **error);

/* Our client id in the bridge's form (three words), 26 characters at most; @out has KW_ID_SIZE
 * bytes. %FALSE when it is not one of ours. Parse goes back and gives "" for a foreign one. */
gboolean kw_mt5_client_id_format(const gchar *client_id, gchar *out);
void kw_mt5_client_id_parse(const gchar *text, gchar *out);

G_END_DECLS
