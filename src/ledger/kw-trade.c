/* kw-trade.c: how fills change a trade, and what it is worth at a rate
 *
 * The amounts of money of a trade (cost, proceeds) are never sums of rounded pieces. Each is
 * one rounding of an exact total: cost = round8(sum of price*amount of the buys + fees), and
 * the cash moves by the change of that number. So fills may come in any order and in any
 * number of pieces and the money is the same, and what leaves the cash is to the last digit
 * what the trade is said to have cost.
 *
 * A closed trade has the profit round8(close value - open value), both unrounded, as the
 * reference engine has it. That can differ from the difference of two rounded numbers by one
 * unit of the eighth digit, so the proceeds of a closed trade are defined as cost + profit.
 *
 * Totals have 18 digits right of the point in 128 bits (below 10^18 units of money). After a
 * restart they come back from the mean rates, which have 17 digits. Money as sums of rounded
 * fills was dropped because it depends on their order.
 *
 * The ratio that exits decide on is plain IEEE arithmetic with one rounding at the end, in the
 * order of operations of the reference engine, so that a strategy that was tested there
 * decides the same here. */
#include "kw-trade.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

typedef __int128 Wide;

#define WIDE_SCALE 18
#define RATE_DIGITS 17 /* digits of a mean rate */

static const gchar *const state_names[] = {
    [KW_TRADE_STATE_OPENING] = "opening",
    [KW_TRADE_STATE_OPEN] = "open",
    [KW_TRADE_STATE_CLOSED] = "closed",
    [KW_TRADE_STATE_VOID] = "void",
};

const gchar *
kw_trade_state_to_string(KwTradeState state)
{
    g_return_val_if_fail((guint) state < G_N_ELEMENTS(state_names), "");

    return state_names[state];
}

gboolean
kw_trade_state_from_string(const gchar *text, KwTradeState *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (gsize i = 0; i < G_N_ELEMENTS(state_names); i++)
        if (strcmp(state_names[i], text) == 0) {
            *out = (KwTradeState) i;
            return TRUE;
        }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no such trade state");
    return FALSE;
}

/* -- exact totals -- */

/* 10^@exp, 0 <= @exp <= 36 */
static Wide
wide_pow10(gint exp)
{
    static const gint64 table[] = {
        G_GINT64_CONSTANT(1),
        G_GINT64_CONSTANT(10),
        G_GINT64_CONSTANT(100),
        G_GINT64_CONSTANT(1000),
        G_GINT64_CONSTANT(10000),
        G_GINT64_CONSTANT(100000),
        G_GINT64_CONSTANT(1000000),
        G_GINT64_CONSTANT(10000000),
        G_GINT64_CONSTANT(100000000),
        G_GINT64_CONSTANT(1000000000),
        G_GINT64_CONSTANT(10000000000),
        G_GINT64_CONSTANT(100000000000),
        G_GINT64_CONSTANT(1000000000000),
        G_GINT64_CONSTANT(10000000000000),
        G_GINT64_CONSTANT(100000000000000),
        G_GINT64_CONSTANT(1000000000000000),
        G_GINT64_CONSTANT(10000000000000000),
        G_GINT64_CONSTANT(100000000000000000),
        G_GINT64_CONSTANT(1000000000000000000),
    };
    gint high = exp / 2;

    return (Wide) table[high] * table[exp - high];
}

static Wide
wide_abs(Wide value)
{
    return value < 0 ? -value : value;
}

/* Nearest, half away from zero; @den > 0 */
static Wide
wide_divide(Wide num, Wide den)
{
    Wide quotient = num / den;
    Wide rest = wide_abs(num % den);

    if (rest < den - rest)
        return quotient;
    return num < 0 ? quotient - 1 : quotient + 1;
}

static gboolean
refuse(GError **error, const gchar *why)
{
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, why);
    return FALSE;
}

/* @mant * 10^-@scale with WIDE_SCALE digits; |result| < 10^36 */
static gboolean
wide_from(Wide mant, gint scale, Wide *out, GError **error)
{
    Wide limit = wide_pow10(36);

    if (scale > WIDE_SCALE)
        mant = wide_divide(mant, wide_pow10(scale - WIDE_SCALE));
    if (wide_abs(mant) >= limit)
        return refuse(error, "amount of money is too large");
    if (scale < WIDE_SCALE && mant != 0) {
        Wide factor = wide_pow10(WIDE_SCALE - scale);

        if (wide_abs(mant) >= limit / factor)
            return refuse(error, "amount of money is too large");
        mant *= factor;
    }
    *out = mant;
    return TRUE;
}

static gboolean
wide_product(KwDecimal price, KwDecimal amount, Wide *out, GError **error)
{
    return wide_from((Wide) price.mant * amount.mant, price.scale + amount.scale, out, error);
}

/* @total + @fee as money */
static gboolean
round_money(Wide total, KwDecimal fee, KwDecimal *out, GError **error)
{
    Wide wide_fee, mant;

    if (!wide_from(fee.mant, fee.scale, &wide_fee, error))
        return FALSE;
    mant = wide_divide(total + wide_fee, wide_pow10(WIDE_SCALE - KW_MONEY_SCALE));
    if (wide_abs(mant) >= wide_pow10(KW_DECIMAL_MAX_DIGITS))
        return refuse(error, "amount of money is too large");
    *out = (KwDecimal){.mant = (gint64) mant, .scale = KW_MONEY_SCALE};
    return TRUE;
}

/* @total / @amount with RATE_DIGITS digits, zeros at the end taken off; @amount > 0 */
static gboolean
mean_rate(Wide total, KwDecimal amount, KwDecimal *out, GError **error)
{
    for (gint scale = WIDE_SCALE; scale >= 0; scale--) {
        gint shift = scale + amount.scale - WIDE_SCALE;
        Wide num = total;
        Wide den = amount.mant;
        Wide rate;

        if (shift > 0 && __builtin_mul_overflow(num, wide_pow10(shift), &num))
            continue;
        if (shift < 0)
            den *= wide_pow10(-shift);
        rate = wide_divide(num, den);
        if (wide_abs(rate) >= wide_pow10(RATE_DIGITS))
            continue;
        *out = kw_decimal_trim((KwDecimal){.mant = (gint64) rate, .scale = (guint8) scale});
        return TRUE;
    }
    return refuse(error, "mean rate is too large");
}

/* -- fills -- */

/* Mean rate of a side that has @total and @amount with @fill: of one fill exactly its price */
static gboolean
rate_with(const KwFill *fill, Wide total, KwDecimal amount, KwDecimal *out, GError **error)
{
    if (kw_decimal_cmp(fill->amount, amount) != 0)
        return mean_rate(total, amount, out, error);
    *out = fill->price;
    return TRUE;
}

/* Sets what follows from the totals of the buys */
static gboolean
refresh_entry(KwTrade *self, const KwFill *fill, GError **error)
{
    return rate_with(fill, self->bought, self->entry_amount, &self->open_rate, error) &&
           round_money(self->bought, KW_DECIMAL_ZERO, &self->stake, error) &&
           round_money(self->bought, self->fee_open, &self->cost, error);
}

static gboolean
close_trade(KwTrade *self, gint64 close_us, GError **error)
{
    KwDecimal fees;

    if (!kw_decimal_add(self->fee_open, self->fee_close, &fees, error) ||
        !round_money(self->sold - self->bought, kw_decimal_neg(fees), &self->profit_abs,
                     error) ||
        !kw_decimal_add(self->cost, self->profit_abs, &self->proceeds, error))
        return FALSE;
    self->profit_ratio = kw_decimal_to_double(self->profit_abs) /
                         ((gdouble) self->bought / 1e18 + kw_decimal_to_double(self->fee_open));
    self->state = KW_TRADE_STATE_CLOSED;
    self->close_us = close_us;
    return TRUE;
}

/* Sets what follows from the totals of the sells */
static gboolean
refresh_exit(KwTrade *self, const KwFill *fill, GError **error)
{
    KwDecimal sold;

    if (!kw_decimal_sub(self->entry_amount, self->amount, &sold, error) ||
        !rate_with(fill, self->sold, sold, &self->close_rate, error))
        return FALSE;
    if (kw_decimal_sign(self->amount) == 0)
        return close_trade(self, fill->time_us, error);
    return round_money(self->sold, kw_decimal_neg(self->fee_close), &self->proceeds, error);
}

static gboolean
add_buy(KwTrade *self, const KwFill *fill, Wide value, GError **error)
{
    self->bought += value;
    self->state = KW_TRADE_STATE_OPEN;
    return kw_decimal_add(self->entry_amount, fill->amount, &self->entry_amount, error) &&
           kw_decimal_add(self->amount, fill->amount, &self->amount, error) &&
           kw_decimal_add(self->fee_open, fill->fee, &self->fee_open, error) &&
           refresh_entry(self, fill, error);
}

static gboolean
add_sell(KwTrade *self, const KwFill *fill, Wide value, GError **error)
{
    if (kw_decimal_cmp(fill->amount, self->amount) > 0)
        return refuse(error, "sell is larger than what is held");
    self->sold += value;
    return kw_decimal_sub(self->amount, fill->amount, &self->amount, error) &&
           kw_decimal_add(self->fee_close, fill->fee, &self->fee_close, error) &&
           refresh_exit(self, fill, error);
}

static gboolean
check_fill(const KwTrade *self, const KwFill *fill, GError **error)
{
    if (self->state != KW_TRADE_STATE_OPENING && self->state != KW_TRADE_STATE_OPEN)
        return refuse(error, "fill of a trade that is closed");
    if (kw_decimal_sign(fill->amount) <= 0 || kw_decimal_sign(fill->price) <= 0)
        return refuse(error, "amount and price of a fill must be above zero");
    if (kw_decimal_sign(fill->fee) < 0)
        return refuse(error, "fee of a fill is below zero");
    if (strcmp(self->pair, fill->pair) != 0)
        return refuse(error, "fill is of another pair than its trade");
    if (self->mode != fill->mode)
        return refuse(error, "fill is of another mode than its trade");
    return TRUE;
}

/* The totals as they were before a restart, as far as the mean rates tell */
static gboolean
recall_totals(KwTrade *self, GError **error)
{
    KwDecimal sold;

    return kw_decimal_sub(self->entry_amount, self->amount, &sold, error) &&
           (self->bought != 0 ||
            wide_product(self->open_rate, self->entry_amount, &self->bought, error)) &&
           (self->sold != 0 || wide_product(self->close_rate, sold, &self->sold, error));
}

/* Cash that the trade has moved so far */
static gboolean
moved_cash(const KwTrade *self, KwDecimal *out, GError **error)
{
    return kw_decimal_sub(self->proceeds, self->cost, out, error);
}

void
kw_trade_clear_money(KwTrade *self)
{
    g_return_if_fail(self != NULL);

    self->entry_amount = self->amount = KW_DECIMAL_ZERO;
    self->cost = self->proceeds = KW_DECIMAL_ZERO;
    self->fee_open = self->fee_close = self->profit_abs = KW_DECIMAL_ZERO;
    self->bought = self->sold = 0;
}

gboolean
kw_trade_apply_fill(KwTrade *self, const KwFill *fill, KwDecimal *out_cash, GError **error)
{
    KwTrade before, after;
    KwDecimal cash_before, cash_after, cash;
    Wide value;

    g_return_val_if_fail(self != NULL && fill != NULL && out_cash != NULL, FALSE);

    before = *self;
    if (before.state == KW_TRADE_STATE_OPENING)
        kw_trade_clear_money(&before);
    after = before;
    if (!check_fill(self, fill, error) || !recall_totals(&after, error) ||
        !wide_product(fill->price, fill->amount, &value, error))
        return FALSE;
    if (fill->side == KW_SIDE_BUY ? !add_buy(&after, fill, value, error)
                                  : !add_sell(&after, fill, value, error))
        return FALSE;
    if (!moved_cash(&before, &cash_before, error) || !moved_cash(&after, &cash_after, error) ||
        !kw_decimal_sub(cash_after, cash_before, &cash, error))
        return FALSE;
    *self = after;
    *out_cash = cash;
    return TRUE;
}

/* -- value -- */

gboolean
kw_trade_is_stopped(const KwTrade *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return strcmp(self->exit_reason, "stop_loss") == 0 ||
           strcmp(self->exit_reason, "trailing_stop_loss") == 0 ||
           strcmp(self->exit_reason, "stoploss_on_exchange") == 0;
}

gdouble
kw_trade_get_ratio_at(const KwTrade *self, gdouble rate)
{
    gdouble amount, open_value, close_value;

    g_return_val_if_fail(self != NULL, NAN);

    amount = kw_decimal_to_double(self->amount);
    open_value = amount * kw_decimal_to_double(self->open_rate) * (1.0 + self->fee_open_ratio);
    close_value = amount * rate * (1.0 - self->fee_close_ratio);
    if (!(open_value > 0.0))
        return NAN;
    return nearbyint((close_value / open_value - 1.0) * 1e8) / 1e8;
}

gboolean
kw_trade_get_share(
    const KwTrade *self, KwDecimal whole, KwDecimal amount, KwDecimal *out, GError **error)
{
    KwDecimal share;

    g_return_val_if_fail(self != NULL && out != NULL, FALSE);

    if (kw_decimal_sign(amount) == 0) {
        *out = (KwDecimal){.mant = 0, .scale = KW_MONEY_SCALE};
        return TRUE;
    }
    if (kw_decimal_cmp(amount, self->entry_amount) == 0) {
        *out = whole;
        return TRUE;
    }
    return kw_decimal_div(amount, self->entry_amount, KW_DECIMAL_MAX_DIGITS - 1,
                          KW_ROUND_HALF_UP, &share, error) &&
           kw_decimal_mul(whole, share, KW_MONEY_SCALE, KW_ROUND_HALF_UP, out, error);
}

gboolean
kw_trade_get_held_cost(const KwTrade *self, KwDecimal *out, GError **error)
{
    g_return_val_if_fail(self != NULL && out != NULL, FALSE);

    return kw_trade_get_share(self, self->cost, self->amount, out, error);
}

KwDecimal
kw_trade_get_open_profit(const KwTrade *self, KwDecimal rate)
{
    KwDecimal value, fee, cost, profit;

    g_return_val_if_fail(self != NULL, KW_DECIMAL_ZERO);

    if (kw_decimal_sign(self->amount) <= 0)
        return KW_DECIMAL_ZERO;
    if (!kw_decimal_mul(self->amount, rate, KW_MONEY_SCALE, KW_ROUND_DOWN, &value, NULL) ||
        !kw_fill_compute_fee(self->amount, rate, self->fee_close_ratio, &fee, NULL) ||
        !kw_decimal_rescale(fee, KW_MONEY_SCALE, KW_ROUND_UP, &fee, NULL) ||
        !kw_trade_get_held_cost(self, &cost, NULL) ||
        !kw_decimal_sub(value, fee, &profit, NULL) ||
        !kw_decimal_sub(profit, cost, &profit, NULL))
        return KW_DECIMAL_ZERO;
    return profit;
}
