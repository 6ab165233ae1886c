/* kw-trade.h: one position from entry to exit */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

#define KW_HASH_SIZE 65 /* SHA-256 as hex */
#define KW_NAME_SIZE 48
#define KW_MONEY_SCALE 8 /* digits right of the point of cost, proceeds, profit and cash */

/**
 * KwTradeState:
 * @KW_TRADE_STATE_OPENING: entry order placed, nothing filled
 * @KW_TRADE_STATE_OPEN: holds an amount
 * @KW_TRADE_STATE_CLOSED: sold
 * @KW_TRADE_STATE_VOID: the entry never filled
 */
typedef enum {
    KW_TRADE_STATE_OPENING,
    KW_TRADE_STATE_OPEN,
    KW_TRADE_STATE_CLOSED,
    KW_TRADE_STATE_VOID,
} KwTradeState;

/**
 * KwTrade:
 * @open_us: candle time of the entry order; every duration counts from it
 * @amount: base currency held (0 once closed; see @entry_amount)
 * @entry_amount: base currency bought so far, also after it is sold
 * @stake: entry_amount * open_rate without fee, quote currency; of an OPENING trade what is
 *   set aside for it
 * @cost: what the entry took from the cash, fee included; quote currency, 8 digits
 * @proceeds: what exits have brought to the cash so far, fees taken off; 8 digits; of a closed
 *   trade exactly cost + profit_abs
 * @profit_abs: quote currency, rounded to 8 digits; only when closed
 * @profit_ratio: profit_abs / (entry value incl. fee)
 * @bought, @sold: exact sums of price * amount of the fills, 18 digits right of the point; kept
 *   while the process lives and not stored: 0 is taken from the mean rates
 * @stop: absolute stop price on the tick; @stop_ratio < 0
 * @confidence: 0..1, NaN when the strategy gives none
 *
 * Plain value, owns no memory.
 */
typedef struct {
    gint64 id;
    KwTradeState state;
    KwMode mode;
    gchar pair[KW_PAIR_NAME_SIZE];
    gint64 open_us, close_us;
    KwDecimal entry_amount, amount;
    KwDecimal open_rate, close_rate; /* amount-weighted means */
    KwDecimal stake, cost, proceeds;
    KwDecimal fee_open, fee_close; /* quote currency, paid */
    __int128 bought, sold;
    gdouble fee_open_ratio, fee_close_ratio; /* e.g. 0.004 */
    KwDecimal stop, initial_stop;
    gdouble stop_ratio;
    gboolean is_trailing;
    gdouble max_rate, min_rate;
    KwDecimal profit_abs;
    gdouble profit_ratio;
    gdouble confidence;
    gchar enter_tag[KW_REASON_SIZE];
    gchar exit_reason[KW_REASON_SIZE];
    gchar regime[KW_REASON_SIZE];
    gchar strategy[KW_NAME_SIZE];
    gchar strategy_hash[KW_HASH_SIZE];
    gchar model[KW_NAME_SIZE]; /* "" without a model */
} KwTrade;

const gchar *kw_trade_state_to_string(KwTradeState state); /* "opening", ...; static */
gboolean kw_trade_state_from_string(const gchar *text, KwTradeState *out, GError **error);

/* TRUE when its stop has closed it, at the bot or at the exchange */
gboolean kw_trade_is_stopped(const KwTrade *self);

/* Profit ratio at @rate after both fees, rounded to 8 digits, as exits decide on it:
 * round(amount*rate*(1-fee_close) / (amount*open_rate*(1+fee_open)) - 1, 8). NaN when nothing
 * is held. */
gdouble kw_trade_get_ratio_at(const KwTrade *self, gdouble rate);

/* Nothing bought, paid, sold: what an OPENING trade holds whatever was planned */
void kw_trade_clear_money(KwTrade *self);

/**
 * kw_trade_apply_fill:
 * @fill: a fill of an order of this trade, not applied before
 * @out_cash: (out caller-allocates): what the fill changes the cash by; < 0 for a buy
 *
 * The one place where a fill changes a trade: the portfolio applies with it, the order manager
 * computes with it, on a copy, the row that must be durable first.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when the sell is larger than what is held, the
 * trade is closed, or the numbers overflow; nothing is changed then
 */
gboolean
kw_trade_apply_fill(KwTrade *self, const KwFill *fill, KwDecimal *out_cash, GError **error);

/* Part of @whole, a sum of the entry, that belongs to @amount: whole * amount / entry_amount, 8
 * digits. Returns: %FALSE with %KW_PARSE_ERROR_RANGE when the numbers overflow */
gboolean kw_trade_get_share(
    const KwTrade *self, KwDecimal whole, KwDecimal amount, KwDecimal *out, GError **error);

/* Part of the cost that belongs to what is still held: cost * amount / entry_amount, 8 digits.
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when the numbers overflow */
gboolean kw_trade_get_held_cost(const KwTrade *self, KwDecimal *out, GError **error);

/* Quote currency: value of the rest of the position at @rate after the closing fee, minus its
 * part of the cost. 0 when nothing is held. */
KwDecimal kw_trade_get_open_profit(const KwTrade *self, KwDecimal rate);

G_END_DECLS
