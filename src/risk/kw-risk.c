/* kw-risk.c: the checks that an order has to pass, and the only place where tickets are made
 *
 * The checks are rows of one table, in the order in which a person would ask: may anything
 * happen at all, is the market's data good, may this pair be bought, is there room and money,
 * how did the day go. The first that refuses is the answer. Each check sees the same facts,
 * gathered once; none of them changes anything.
 *
 * Money is compared as decimals, so "exactly at the limit" means exactly. An exposure, a stake
 * or a number of trades may reach its limit; a loss that reaches its limit has hit it, because
 * the next cent is not ours to wait for. Where two limits bound the same value, the tighter
 * one decides and is named.
 *
 * What cannot be computed counts as "stop": without a present equity no entry is made, and the
 * limits of losses are judged on the last known equity minus all that the stops allow to be
 * lost. */
#include "kw-risk.h"

#include "kw-error.h"
#include "kw-ticket-private.h"

#include <math.h>
#include <string.h>

#define TICKET_LIFE_US G_GINT64_CONSTANT(5000000)
#define MINUTE_US G_GINT64_CONSTANT(60000000)
#define HOUR_US (60 * MINUTE_US)
#define MONEY_SCALE KW_MONEY_SCALE

struct _KwRisk {
    GObject parent_instance;

    KwLimits limits;
    KwKillSwitch *kill_switch; /* owned */
    GArray *orders;            /* of gint64: when orders left, of the last hour */
    guint n_losses;            /* in a row, up to now */
};

G_DEFINE_FINAL_TYPE(KwRisk, kw_risk, G_TYPE_OBJECT)

/* What the checks look at. @value and @limit are written by the check that refuses. */
typedef struct {
    KwRisk *risk; /* borrowed */
    const KwLimits *limits;
    const KwRiskInput *input;
    KwDecimal notional; /* what the order would cost without fee; zero if not computable */
    KwDecimal equity;   /* present, or the worst that the last known one allows */
    KwRiskVerdict *verdict;
} Facts;

typedef KwRiskReason (*CheckFunc)(const Facts *facts);

enum { FOR_ENTRY = 1 << 0, FOR_JUDGE = 1 << 1 };

/* -- names -- */

static const gchar *const reason_names[] = {
    [KW_RISK_OK] = "ok",
    [KW_RISK_KILL_SWITCH] = "kill_switch",
    [KW_RISK_KILL_UNREADABLE] = "kill_unreadable",
    [KW_RISK_ENGINE_STATE] = "engine_state",
    [KW_RISK_VENUE] = "venue",
    [KW_RISK_DATA_AGE] = "data_age",
    [KW_RISK_PRICE_ZERO] = "price_zero",
    [KW_RISK_PRICE_JUMP] = "price_jump",
    [KW_RISK_SPREAD] = "spread",
    [KW_RISK_DEPTH] = "depth",
    [KW_RISK_PAIR_UNKNOWN] = "pair_unknown",
    [KW_RISK_PAIR_LOCKED] = "pair_locked",
    [KW_RISK_PAIR_BUSY] = "pair_busy",
    [KW_RISK_MAX_OPEN] = "max_open_trades",
    [KW_RISK_EXPOSURE_PAIR] = "max_exposure_pair",
    [KW_RISK_EXPOSURE_TOTAL] = "max_exposure_total",
    [KW_RISK_STAKE_MIN] = "min_stake",
    [KW_RISK_STAKE_MAX] = "max_stake",
    [KW_RISK_CASH] = "cash",
    [KW_RISK_ORDERS_MINUTE] = "max_orders_per_minute",
    [KW_RISK_ORDERS_HOUR] = "max_orders_per_hour",
    [KW_RISK_LOSSES_ROW] = "max_losses_in_row",
    [KW_RISK_DAILY_LOSS_ABS] = "max_daily_loss_abs",
    [KW_RISK_DAILY_LOSS_RATIO] = "max_daily_loss_ratio",
    [KW_RISK_DRAWDOWN] = "max_drawdown_ratio",
    [KW_RISK_EQUITY_UNKNOWN] = "equity_unknown",
    [KW_RISK_CONFIDENCE] = "confidence",
    [KW_RISK_HELD] = "held",
};

const gchar *
kw_risk_reason_to_string(KwRiskReason reason)
{
    g_return_val_if_fail((guint) reason < G_N_ELEMENTS(reason_names), "");

    return reason_names[reason];
}

gboolean
kw_risk_reason_from_string(const gchar *text, KwRiskReason *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (gsize i = 0; i < G_N_ELEMENTS(reason_names); i++)
        if (strcmp(reason_names[i], text) == 0) {
            *out = (KwRiskReason) i;
            return TRUE;
        }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no such risk reason");
    return FALSE;
}

gboolean
kw_risk_reason_is_breach(KwRiskReason reason)
{
    return reason == KW_RISK_LOSSES_ROW || reason == KW_RISK_DAILY_LOSS_ABS ||
           reason == KW_RISK_DAILY_LOSS_RATIO || reason == KW_RISK_DRAWDOWN;
}

/* -- refusals -- */

static KwRiskReason
refuse_named(
    const Facts *facts, KwRiskReason reason, const gchar *name, gdouble value, gdouble limit)
{
    facts->verdict->limit_name = name;
    facts->verdict->value = value;
    facts->verdict->limit = limit;
    return reason;
}

static KwRiskReason
refuse(const Facts *facts, KwRiskReason reason)
{
    return refuse_named(facts, reason, kw_risk_reason_to_string(reason), NAN, NAN);
}

static KwRiskReason
refuse_money(const Facts *facts,
             KwRiskReason reason,
             const gchar *name,
             KwDecimal value,
             KwDecimal limit)
{
    return refuse_named(facts, reason, name, kw_decimal_to_double(value),
                        kw_decimal_to_double(limit));
}

/* TRUE if @a + @b > @limit, and when that cannot be computed */
static gboolean
sum_exceeds(KwDecimal a, KwDecimal b, KwDecimal limit, KwDecimal *out_sum)
{
    *out_sum = KW_DECIMAL_ZERO;
    return !kw_decimal_add(a, b, out_sum, NULL) || kw_decimal_cmp(*out_sum, limit) > 0;
}

/* -- may anything happen at all -- */

static KwRiskReason
check_kill_switch(const Facts *facts)
{
    switch (kw_kill_switch_get_state(facts->risk->kill_switch)) {
    case KW_KILL_OFF:
        return KW_RISK_OK;
    case KW_KILL_ON:
        return refuse(facts, KW_RISK_KILL_SWITCH);
    case KW_KILL_UNREADABLE:
        return refuse(facts, KW_RISK_KILL_UNREADABLE);
    }
    g_return_val_if_reached(KW_RISK_KILL_UNREADABLE);
}

static KwRiskReason
check_engine_state(const Facts *facts)
{
    return facts->input->entries_allowed ? KW_RISK_OK : refuse(facts, KW_RISK_ENGINE_STATE);
}

static KwRiskReason
check_venue(const Facts *facts)
{
    return facts->input->is_venue_doubtful ? refuse(facts, KW_RISK_VENUE) : KW_RISK_OK;
}

/* -- is the data of the market good -- */

/* The newest close may be at most a candle ahead of a clock that is a little late. */
static KwRiskReason
check_data_age(const Facts *facts)
{
    const KwRiskInput *input = facts->input;
    gdouble limit = facts->limits->max_data_age_candles;
    gdouble age;

    if (input->timeframe_us <= 0)
        return refuse(facts, KW_RISK_DATA_AGE);
    age = ((gdouble) input->now_us - (gdouble) input->data_us) / (gdouble) input->timeframe_us;
    if (age >= -1.0 && age <= limit)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_DATA_AGE, "limits.max_data_age_candles", age, limit);
}

static KwRiskReason
check_price(const Facts *facts)
{
    gdouble price = facts->input->price;

    if (isfinite(price) && price > 0.0)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_PRICE_ZERO, "price_zero", price, 0.0);
}

static KwRiskReason
check_price_jump(const Facts *facts)
{
    gdouble limit = facts->limits->max_price_jump_ratio;
    gdouble before = facts->input->prev_close;
    gdouble jump;

    if (isnan(before))
        return KW_RISK_OK;
    jump = fabs(facts->input->price / before - 1.0);
    if (before > 0.0 && jump <= limit)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_PRICE_JUMP, "limits.max_price_jump_ratio", jump, limit);
}

static KwRiskReason
check_spread(const Facts *facts)
{
    gdouble limit = facts->limits->max_spread_ratio;
    gdouble bid = facts->input->bid;
    gdouble ask = facts->input->ask;
    gdouble spread;

    if (isnan(bid) || isnan(ask))
        return KW_RISK_OK;
    spread = (ask - bid) / ((ask + bid) / 2.0);
    if (bid > 0.0 && ask >= bid && spread <= limit)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_SPREAD, "limits.max_spread_ratio", spread, limit);
}

static KwRiskReason
check_depth(const Facts *facts)
{
    return facts->input->is_shallow ? refuse(facts, KW_RISK_DEPTH) : KW_RISK_OK;
}

/* -- may this pair be bought -- */

static KwRiskReason
check_pair_known(const Facts *facts)
{
    gboolean is_known = facts->input->is_known_pair && facts->input->pair != NULL;

    return is_known ? KW_RISK_OK : refuse(facts, KW_RISK_PAIR_UNKNOWN);
}

static KwRiskReason
check_pair_locked(const Facts *facts)
{
    gint64 until_us = facts->input->locked_until_us;

    if (until_us == 0 || until_us < facts->input->now_us)
        return KW_RISK_OK;
    return refuse(facts, KW_RISK_PAIR_LOCKED);
}

static KwRiskReason
check_pair_busy(const Facts *facts)
{
    const KwPortfolio *portfolio = facts->input->portfolio;

    if (facts->input->is_busy)
        return refuse(facts, KW_RISK_PAIR_BUSY);
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++)
        if (strcmp(kw_portfolio_get_open(portfolio, i)->pair, facts->input->pair->name) == 0)
            return refuse(facts, KW_RISK_PAIR_BUSY);
    return KW_RISK_OK;
}

/* -- is there room and money -- */

static KwRiskReason
check_max_open(const Facts *facts)
{
    guint n_open = kw_portfolio_get_n_open(facts->input->portfolio);
    guint limit = facts->limits->max_open_trades;
    const gchar *name = "limits.max_open_trades";

    if (facts->input->max_open_trades > 0 && facts->input->max_open_trades < limit) {
        limit = facts->input->max_open_trades;
        name = "kurswart.max_open_trades";
    }
    if (n_open < limit)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_MAX_OPEN, name, n_open, limit);
}

/* One pair has one trade at most, and check_pair_busy() came before: the order is all of it. */
static KwRiskReason
check_exposure_pair(const Facts *facts)
{
    KwDecimal limit = facts->limits->max_exposure_pair;

    if (kw_decimal_sign(limit) == 0 || kw_decimal_cmp(facts->notional, limit) <= 0)
        return KW_RISK_OK;
    return refuse_money(facts, KW_RISK_EXPOSURE_PAIR, "limits.max_exposure_pair",
                        facts->notional, limit);
}

/* An order that somebody else has placed at the same account ties money in the same way. */
static KwRiskReason
check_exposure_total(const Facts *facts)
{
    KwDecimal tied = kw_portfolio_get_tied(facts->input->portfolio);
    KwDecimal limit = facts->limits->max_exposure_total;
    KwDecimal sum = KW_DECIMAL_ZERO;

    if (kw_decimal_sign(limit) == 0 ||
        (kw_decimal_add(tied, facts->input->foreign_value, &tied, NULL) &&
         !sum_exceeds(tied, facts->notional, limit, &sum)))
        return KW_RISK_OK;
    return refuse_money(facts, KW_RISK_EXPOSURE_TOTAL, "limits.max_exposure_total", sum, limit);
}

/* Also what is no size at all: nothing, negative, or too large to be a number */
static KwRiskReason
check_stake_min(const Facts *facts)
{
    KwDecimal limit = facts->limits->min_stake;

    if (kw_decimal_sign(facts->input->amount) > 0 && kw_decimal_sign(facts->input->stake) > 0 &&
        kw_decimal_sign(facts->notional) > 0 && kw_decimal_cmp(facts->notional, limit) >= 0)
        return KW_RISK_OK;
    return refuse_money(facts, KW_RISK_STAKE_MIN, "limits.min_stake", facts->input->stake,
                        limit);
}

static KwRiskReason
check_stake_max(const Facts *facts)
{
    KwDecimal limit = facts->limits->max_stake;

    if (kw_decimal_sign(limit) == 0 || kw_decimal_cmp(facts->notional, limit) <= 0)
        return KW_RISK_OK;
    return refuse_money(facts, KW_RISK_STAKE_MAX, "limits.max_stake", facts->notional, limit);
}

/* Cash without what is set aside for entries on their way */
static KwDecimal
get_spendable(const KwPortfolio *portfolio)
{
    KwDecimal cash = kw_portfolio_get_cash(portfolio);

    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(portfolio, i);

        if (trade->state == KW_TRADE_STATE_OPENING)
            (void) kw_decimal_sub(cash, trade->stake, &cash, NULL);
    }
    return cash;
}

static KwRiskReason
check_cash(const Facts *facts)
{
    KwDecimal cash = get_spendable(facts->input->portfolio);
    KwDecimal fee = KW_DECIMAL_ZERO;
    KwDecimal needed = facts->notional;
    gdouble ratio = facts->input->fee_ratio;

    if (ratio >= 0.0 && ratio < 1.0 &&
        kw_fill_compute_fee(facts->notional, kw_decimal_from_int(1), ratio, &fee, NULL) &&
        !sum_exceeds(facts->notional, fee, cash, &needed))
        return KW_RISK_OK;
    return refuse_money(facts, KW_RISK_CASH, "cash", needed, cash);
}

/* -- how fast, and how did it go so far -- */

/* Orders later than @since_us; those of a clock that was set back count as well. */
static guint
count_orders(const KwRisk *self, gint64 since_us)
{
    guint n = 0;

    for (guint i = 0; i < self->orders->len; i++)
        if (g_array_index(self->orders, gint64, i) > since_us)
            n++;
    return n;
}

static KwRiskReason
check_orders_minute(const Facts *facts)
{
    guint limit = facts->limits->max_orders_per_minute;
    guint n = count_orders(facts->risk, facts->input->now_us - MINUTE_US);

    if (limit == 0 || n < limit)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_ORDERS_MINUTE, "limits.max_orders_per_minute", n, limit);
}

static KwRiskReason
check_orders_hour(const Facts *facts)
{
    guint limit = facts->limits->max_orders_per_hour;
    guint n = count_orders(facts->risk, facts->input->now_us - HOUR_US);

    if (limit == 0 || n < limit)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_ORDERS_HOUR, "limits.max_orders_per_hour", n, limit);
}

static KwRiskReason
check_losses_row(const Facts *facts)
{
    guint limit = facts->limits->max_losses_in_row;
    guint n = facts->risk->n_losses;

    if (limit == 0 || n < limit)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_LOSSES_ROW, "limits.max_losses_in_row", n, limit);
}

/* @ratio of @base as money. FALSE when there is no such limit. Numbers that do not fit give a
 * limit of zero: any loss reaches it. */
static gboolean
get_ratio_limit(gdouble ratio, KwDecimal base, KwDecimal *out)
{
    KwDecimal factor;

    *out = KW_DECIMAL_ZERO;
    if (!(ratio > 0.0) && !isnan(ratio))
        return FALSE;
    if (kw_decimal_sign(base) > 0 &&
        kw_decimal_from_double(ratio, 8, KW_ROUND_DOWN, &factor, NULL))
        (void) kw_decimal_mul(base, factor, MONEY_SCALE, KW_ROUND_DOWN, out, NULL);
    return TRUE;
}

/* How far @facts->equity is below @base. FALSE when it is not known: there is no base. */
static gboolean
get_loss(const Facts *facts, KwDecimal base, KwDecimal *out)
{
    return kw_decimal_sign(base) > 0 && kw_decimal_sub(base, facts->equity, out, NULL);
}

static KwRiskReason
check_daily_loss(const Facts *facts)
{
    KwDecimal base = facts->input->day_start_equity;
    KwDecimal limit = facts->limits->max_daily_loss_abs;
    KwDecimal by_ratio, loss;
    KwRiskReason reason = KW_RISK_DAILY_LOSS_ABS;
    const gchar *name = "limits.max_daily_loss_abs";
    gboolean has_limit = kw_decimal_sign(limit) > 0;

    if (get_ratio_limit(facts->limits->max_daily_loss_ratio, base, &by_ratio) &&
        (!has_limit || kw_decimal_cmp(by_ratio, limit) < 0)) {
        has_limit = TRUE;
        limit = by_ratio;
        reason = KW_RISK_DAILY_LOSS_RATIO;
        name = "limits.max_daily_loss_ratio";
    }
    if (!has_limit)
        return KW_RISK_OK;
    if (!get_loss(facts, base, &loss))
        return refuse(facts, reason);
    if (kw_decimal_cmp(loss, limit) < 0)
        return KW_RISK_OK;
    if (reason == KW_RISK_DAILY_LOSS_ABS)
        return refuse_money(facts, reason, name, loss, limit);
    return refuse_named(facts, reason, name,
                        kw_decimal_to_double(loss) / kw_decimal_to_double(base),
                        facts->limits->max_daily_loss_ratio);
}

static KwRiskReason
check_drawdown(const Facts *facts)
{
    KwDecimal base = facts->input->peak_equity;
    KwDecimal limit, loss;

    if (!get_ratio_limit(facts->limits->max_drawdown_ratio, base, &limit))
        return KW_RISK_OK;
    if (get_loss(facts, base, &loss) && kw_decimal_cmp(loss, limit) < 0)
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_DRAWDOWN, "limits.max_drawdown_ratio",
                        1.0 - kw_decimal_to_double(facts->equity) / kw_decimal_to_double(base),
                        facts->limits->max_drawdown_ratio);
}

static KwRiskReason
check_equity_known(const Facts *facts)
{
    return facts->input->has_equity ? KW_RISK_OK : refuse(facts, KW_RISK_EQUITY_UNKNOWN);
}

static KwRiskReason
check_confidence(const Facts *facts)
{
    gdouble confidence = facts->input->confidence;
    gdouble threshold = facts->input->threshold;

    if (isnan(confidence) || (confidence >= threshold && confidence <= 1.0))
        return KW_RISK_OK;
    return refuse_named(facts, KW_RISK_CONFIDENCE, "kurswart.threshold", confidence, threshold);
}

static const struct {
    CheckFunc check;
    guint use;
} checks[] = {
    {check_kill_switch, FOR_ENTRY},
    {check_engine_state, FOR_ENTRY},
    {check_venue, FOR_ENTRY},
    {check_data_age, FOR_ENTRY},
    {check_price, FOR_ENTRY},
    {check_price_jump, FOR_ENTRY},
    {check_spread, FOR_ENTRY},
    {check_depth, FOR_ENTRY},
    {check_pair_known, FOR_ENTRY},
    {check_pair_locked, FOR_ENTRY},
    {check_pair_busy, FOR_ENTRY},
    {check_max_open, FOR_ENTRY},
    {check_exposure_pair, FOR_ENTRY},
    {check_exposure_total, FOR_ENTRY},
    {check_stake_min, FOR_ENTRY},
    {check_stake_max, FOR_ENTRY},
    {check_cash, FOR_ENTRY},
    {check_orders_minute, FOR_ENTRY},
    {check_orders_hour, FOR_ENTRY},
    {check_losses_row, FOR_ENTRY | FOR_JUDGE},
    {check_daily_loss, FOR_ENTRY | FOR_JUDGE},
    {check_drawdown, FOR_ENTRY | FOR_JUDGE},
    {check_equity_known, FOR_ENTRY},
    {check_confidence, FOR_ENTRY},
};

/* -- running them -- */

static KwRiskVerdict
no_verdict(void)
{
    return (KwRiskVerdict){.reason = KW_RISK_OK, .limit_name = "", .value = NAN, .limit = NAN};
}

/* The price with as many digits as fit */
static gboolean
price_to_decimal(const KwRiskInput *input, KwDecimal *out)
{
    if (!isfinite(input->price) || !(input->price > 0.0))
        return FALSE;
    for (guint8 scale = KW_DECIMAL_MAX_DIGITS; scale > 0; scale--)
        if (kw_decimal_from_double(input->price, scale, KW_ROUND_UP, out, NULL))
            return TRUE;
    return FALSE;
}

/* The larger of the stake that is named and of what the amount costs, so that neither can be
 * small beside the other */
static KwDecimal
get_notional(const KwRiskInput *input)
{
    KwDecimal price, cost;

    if (!price_to_decimal(input, &price) ||
        !kw_decimal_mul(input->amount, price, MONEY_SCALE, KW_ROUND_HALF_UP, &cost, NULL))
        return KW_DECIMAL_ZERO;
    return kw_decimal_cmp(cost, input->stake) > 0 ? cost : input->stake;
}

static KwDecimal
get_judged_equity(const KwRiskInput *input)
{
    KwDecimal equity = input->equity;

    if (!input->has_equity)
        (void) kw_decimal_sub(equity, kw_decimal_abs(input->worst_open_loss), &equity, NULL);
    return equity;
}

static KwRiskReason
run_checks(KwRisk *self, const KwRiskInput *input, guint use, KwRiskVerdict *verdict)
{
    Facts facts = {
        .risk = self,
        .limits = &self->limits,
        .input = input,
        .notional = get_notional(input),
        .equity = get_judged_equity(input),
        .verdict = verdict,
    };

    *verdict = no_verdict();
    for (gsize i = 0; i < G_N_ELEMENTS(checks) && verdict->reason == KW_RISK_OK; i++)
        if ((checks[i].use & use) != 0)
            verdict->reason = checks[i].check(&facts);
    return verdict->reason;
}

static KwTicket *
mint(const KwRiskInput *input, KwSide side, KwDecimal max_price, KwKillSwitch *kill_switch)
{
    KwTicket *ticket = g_new0(KwTicket, 1);

    g_strlcpy(ticket->pair, input->pair->name, sizeof ticket->pair);
    ticket->side = side;
    ticket->max_amount = input->amount;
    ticket->max_price = max_price;
    ticket->expires_us = input->now_us + TICKET_LIFE_US;
    if (kill_switch != NULL)
        ticket->kill_switch = g_object_ref(kill_switch);
    return ticket;
}

KwTicket *
kw_risk_check_entry(KwRisk *self, const KwRiskInput *input, KwRiskVerdict *out_verdict)
{
    KwDecimal max_price;

    g_return_val_if_fail(KW_IS_RISK(self), NULL);
    g_return_val_if_fail(input != NULL && out_verdict != NULL, NULL);
    g_return_val_if_fail(input->portfolio != NULL, NULL);

    if (run_checks(self, input, FOR_ENTRY, out_verdict) != KW_RISK_OK)
        return NULL;
    if (!price_to_decimal(input, &max_price) ||
        !kw_decimal_to_tick(max_price, input->pair->price_tick, KW_ROUND_UP, &max_price,
                            NULL)) {
        out_verdict->reason = KW_RISK_PRICE_ZERO;
        out_verdict->limit_name = "price_zero";
        return NULL;
    }
    return mint(input, KW_SIDE_BUY, max_price, self->kill_switch);
}

static KwRiskReason
run_exit_checks(const Facts *facts, KwDecimal held)
{
    const KwRiskInput *input = facts->input;
    guint limit = 2 * facts->limits->max_orders_per_minute;
    guint n = count_orders(facts->risk, input->now_us - MINUTE_US);

    if (check_price(facts) != KW_RISK_OK)
        return KW_RISK_PRICE_ZERO;
    if (input->pair == NULL)
        return refuse(facts, KW_RISK_PAIR_UNKNOWN);
    if (kw_decimal_sign(input->amount) <= 0 || kw_decimal_cmp(input->amount, held) > 0)
        return refuse_money(facts, KW_RISK_HELD, "held", input->amount, held);
    if (limit > 0 && n >= limit)
        return refuse_named(facts, KW_RISK_ORDERS_MINUTE, "limits.max_orders_per_minute", n,
                            limit);
    return KW_RISK_OK;
}

KwTicket *
kw_risk_check_exit(KwRisk *self,
                   const KwRiskInput *input,
                   KwDecimal held,
                   KwRiskVerdict *out_verdict)
{
    Facts facts = {.risk = self, .input = input, .verdict = out_verdict};

    g_return_val_if_fail(KW_IS_RISK(self), NULL);
    g_return_val_if_fail(input != NULL && out_verdict != NULL, NULL);

    facts.limits = &self->limits;
    *out_verdict = no_verdict();
    out_verdict->reason = run_exit_checks(&facts, held);
    if (out_verdict->reason != KW_RISK_OK)
        return NULL;
    return mint(input, KW_SIDE_SELL, KW_DECIMAL_ZERO, NULL);
}

KwRiskReason
kw_risk_judge(KwRisk *self, const KwRiskInput *input, KwRiskVerdict *out_verdict)
{
    g_return_val_if_fail(KW_IS_RISK(self), KW_RISK_EQUITY_UNKNOWN);
    g_return_val_if_fail(input != NULL && out_verdict != NULL, KW_RISK_EQUITY_UNKNOWN);

    return run_checks(self, input, FOR_JUDGE, out_verdict);
}

/* -- what it remembers -- */

void
kw_risk_note_order(KwRisk *self, gint64 time_us)
{
    g_return_if_fail(KW_IS_RISK(self));

    for (guint i = self->orders->len; i > 0; i--)
        if (g_array_index(self->orders, gint64, i - 1) <= time_us - HOUR_US)
            g_array_remove_index_fast(self->orders, i - 1);
    g_array_append_val(self->orders, time_us);
}

void
kw_risk_note_closed(KwRisk *self, KwDecimal profit_abs)
{
    g_return_if_fail(KW_IS_RISK(self));

    self->n_losses = kw_decimal_sign(profit_abs) > 0 ? 0 : self->n_losses + 1;
}

void
kw_risk_reset_losses(KwRisk *self)
{
    g_return_if_fail(KW_IS_RISK(self));

    self->n_losses = 0;
}

guint
kw_risk_get_losses_in_row(KwRisk *self)
{
    g_return_val_if_fail(KW_IS_RISK(self), 0);

    return self->n_losses;
}

guint
kw_risk_get_orders_last_hour(KwRisk *self, gint64 now_us)
{
    g_return_val_if_fail(KW_IS_RISK(self), 0);

    return count_orders(self, now_us - HOUR_US);
}

const KwLimits *
kw_risk_get_limits(KwRisk *self)
{
    g_return_val_if_fail(KW_IS_RISK(self), NULL);

    return &self->limits;
}

void
kw_risk_set_limits(KwRisk *self, const KwLimits *limits)
{
    g_return_if_fail(KW_IS_RISK(self) && limits != NULL);

    self->limits = *limits;
}

KwRisk *
kw_risk_new(const KwLimits *limits, KwKillSwitch *kill_switch)
{
    KwRisk *self;

    g_return_val_if_fail(limits != NULL && KW_IS_KILL_SWITCH(kill_switch), NULL);

    self = g_object_new(KW_TYPE_RISK, NULL);
    self->limits = *limits;
    self->kill_switch = g_object_ref(kill_switch);
    return self;
}

static void
kw_risk_finalize(GObject *object)
{
    KwRisk *self = KW_RISK(object);

    g_clear_object(&self->kill_switch);
    g_clear_pointer(&self->orders, g_array_unref);

    G_OBJECT_CLASS(kw_risk_parent_class)->finalize(object);
}

static void
kw_risk_class_init(KwRiskClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_risk_finalize;
}

static void
kw_risk_init(KwRisk *self)
{
    self->orders = g_array_new(FALSE, FALSE, sizeof(gint64));
}
