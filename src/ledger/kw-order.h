/* kw-order.h: an order and the table of its legal state changes */
#pragma once

#include "kw-decimal.h"
#include "kw-mode.h"
#include "kw-pair.h"

G_BEGIN_DECLS

#define KW_ID_SIZE 64     /* client, venue and execution ids */
#define KW_REASON_SIZE 48 /* "exit_signal", "stop_loss", tags */

typedef enum { KW_SIDE_BUY, KW_SIDE_SELL } KwSide;

/**
 * KwOrderType:
 * @KW_ORDER_TYPE_POST_ONLY: a limit order that the venue refuses rather than let it take
 * @KW_ORDER_TYPE_STOP_LOSS: waits at the venue; a market order once the last price is at or
 *   behind its price
 * @KW_ORDER_TYPE_TAKE_PROFIT: the same in the favourable direction
 */
typedef enum {
    KW_ORDER_TYPE_MARKET,
    KW_ORDER_TYPE_LIMIT,
    KW_ORDER_TYPE_POST_ONLY,
    KW_ORDER_TYPE_STOP_LOSS,
    KW_ORDER_TYPE_TAKE_PROFIT,
} KwOrderType;
#define KW_N_ORDER_TYPES 5

/**
 * KwOrderState:
 * @KW_ORDER_STATE_INTENT: in the journal, not yet sent
 * @KW_ORDER_STATE_SENT: handed to the venue, no answer yet
 * @KW_ORDER_STATE_OPEN: acknowledged, nothing filled
 * @KW_ORDER_STATE_PARTIAL: partly filled, working
 * @KW_ORDER_STATE_FILLED: final
 * @KW_ORDER_STATE_CANCELLED: final; the filled part counts
 * @KW_ORDER_STATE_REJECTED: final; the venue refused, nothing filled
 * @KW_ORDER_STATE_LAPSED: final; proven never to have reached the venue
 * @KW_ORDER_STATE_UNKNOWN: sent, and the answer is missing: must be looked up
 */
typedef enum {
    KW_ORDER_STATE_INTENT,
    KW_ORDER_STATE_SENT,
    KW_ORDER_STATE_OPEN,
    KW_ORDER_STATE_PARTIAL,
    KW_ORDER_STATE_FILLED,
    KW_ORDER_STATE_CANCELLED,
    KW_ORDER_STATE_REJECTED,
    KW_ORDER_STATE_LAPSED,
    KW_ORDER_STATE_UNKNOWN,
} KwOrderState;
#define KW_N_ORDER_STATES 9

/**
 * KwOrder:
 * @client_id: unique; derived from strategy, pair, candle time, side and attempt, so that
 *   deciding the same candle twice gives the same id
 * @venue_id: "" until the venue gave one
 * @trade_id: the trade it opens or closes
 * @price: limit price; of stop-loss and take-profit the trigger; for market orders the price
 *   the decision was made on
 * @amount: base currency, > 0
 * @filled: base currency filled so far
 * @candle_us: opening time of the candle it acts in (the market's time of the order)
 * @updated_us: clock time of the last state change
 * @reason: entry tag or exit reason
 */
typedef struct {
    gint64 id; /* row id in the ledger; 0 until stored */
    gchar client_id[KW_ID_SIZE];
    gchar venue_id[KW_ID_SIZE];
    gint64 trade_id;
    gchar pair[KW_PAIR_NAME_SIZE];
    KwMode mode;
    KwSide side;
    KwOrderType type;
    KwOrderState state;
    KwDecimal price;
    KwDecimal amount;
    KwDecimal filled;
    gint64 candle_us;
    gint64 updated_us;
    gchar reason[KW_REASON_SIZE];
} KwOrder;

/**
 * KwFill:
 * @exec_id: the venue's execution id; the same id twice is the same fill
 * @fee: quote currency, >= 0
 */
typedef struct {
    gchar exec_id[KW_ID_SIZE];
    gchar client_id[KW_ID_SIZE];
    gchar pair[KW_PAIR_NAME_SIZE];
    KwMode mode;
    KwSide side;
    KwDecimal price;
    KwDecimal amount;
    KwDecimal fee;
    gint64 time_us;
} KwFill;

const gchar *kw_side_to_string(KwSide side);               /* "buy", "sell"; static */
const gchar *kw_order_type_to_string(KwOrderType type);    /* "market", ...; static */
const gchar *kw_order_state_to_string(KwOrderState state); /* "intent", ...; static */
gboolean kw_side_from_string(const gchar *text, KwSide *out, GError **error);
gboolean kw_order_type_from_string(const gchar *text, KwOrderType *out, GError **error);
gboolean kw_order_state_from_string(const gchar *text, KwOrderState *out, GError **error);

/* Stop-loss and take-profit: rests until the market comes to its price */
gboolean kw_order_type_is_trigger(KwOrderType type);

/* Acknowledged stop-loss or take-profit whose price the market has not reached: nothing of it
 * is on its way */
gboolean kw_order_is_waiting(const KwOrder *self);

/* FILLED, CANCELLED, REJECTED, LAPSED */
gboolean kw_order_state_is_final(KwOrderState state);

/* One table; a state may follow itself except for final ones. */
gboolean kw_order_state_may_follow(KwOrderState from, KwOrderState to);

/**
 * kw_order_apply_state:
 * @now_us: clock time of the change
 *
 * OPEN becomes PARTIAL for an order that has a fill.
 *
 * Returns: %FALSE with no change when the table forbids it (late and repeated messages), or
 *   when REJECTED or LAPSED contradict a fill
 */
gboolean kw_order_apply_state(KwOrder *self, KwOrderState to, gint64 now_us);

/* Adds @amount to the filled part (never above the amount) and moves to PARTIAL or FILLED. A
 * fill that comes after CANCELLED or FILLED counts and leaves the state as it is.
 * Returns: %FALSE with no change when it would overfill, or is REJECTED or LAPSED */
gboolean kw_order_apply_fill(KwOrder *self, KwDecimal amount, gint64 now_us);

/**
 * kw_fill_compute_fee:
 * @price, @amount: of the fill
 * @fee_ratio: of the value, 0..1, e.g. 0.004
 * @out: (out caller-allocates): the fee, rounded up, with 14 digits right of the point (fewer
 *   for large values, at least 8): finer than the ledger's 8, so that a fee computed here does
 *   not move the profit
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_RANGE
 */
gboolean kw_fill_compute_fee(
    KwDecimal price, KwDecimal amount, gdouble fee_ratio, KwDecimal *out, GError **error);

G_END_DECLS
