/* kw-stake.c: stake and amount of a new trade, as the reference engine computes them
 *
 * Plain doubles, as the reference does, until the amount is cut to its tick; from then on
 * decimals. Money is free when it is neither tied in a stake nor lost: fees of open trades are
 * not taken off, they come with the closing. What is in the cash is for the risk to check. */
#include "kw-stake.h"

#define ENTRY_RESERVE 0.05 /* stands for the stop loss; a constant in the reference as well */
#define MAX_STOP_FACTOR 1.5
#define RAISE_FACTOR 1.3 /* a stake this much below the minimum is raised to it */
#define STAKE_SCALE 8

static gdouble
get_available(const KwStakeRules *rules, gdouble tied, gdouble free_money)
{
    return MIN((tied + free_money) * rules->tradable_balance_ratio - tied, free_money);
}

static gdouble
get_wanted(const KwStakeRules *rules, gdouble available, gdouble tied)
{
    gdouble wanted = kw_decimal_to_double(rules->stake_amount);

    if (rules->is_unlimited)
        wanted = rules->max_open_trades == 0
                     ? 0.0
                     : MIN((available + tied) / rules->max_open_trades, available);
    if (!rules->amend_last_stake)
        return wanted;
    return available > wanted * rules->last_stake_min_ratio ? MIN(wanted, available) : 0.0;
}

static gdouble
get_minimum(const KwStakeRules *rules, const KwPair *pair, gdouble price)
{
    gdouble reserve = 1.0 + rules->amount_reserve_ratio;
    gdouble factor = CLAMP(reserve / (1.0 - ENTRY_RESERVE), 1.0, MAX_STOP_FACTOR);

    return MAX(kw_decimal_to_double(pair->min_cost) * factor,
               kw_decimal_to_double(pair->min_amount) * price * reserve);
}

/* Returns: the stake to use, or 0 when there is no trade */
static gdouble
fit_stake(gdouble stake, gdouble minimum, gdouble available)
{
    if (available < stake || minimum > available)
        return 0.0;
    if (stake < minimum)
        stake = stake * RAISE_FACTOR < minimum ? 0.0 : minimum;
    return MIN(stake, available);
}

gboolean
kw_stake_compute(const KwStakeRules *rules,
                 const KwPortfolio *portfolio,
                 const KwPair *pair,
                 KwDecimal price,
                 KwDecimal *out_amount,
                 KwDecimal *out_stake)
{
    gdouble rate, tied, available, stake;
    KwDecimal amount, value;

    g_return_val_if_fail(rules != NULL && portfolio != NULL && pair != NULL, FALSE);
    g_return_val_if_fail(out_amount != NULL && out_stake != NULL, FALSE);

    rate = kw_decimal_to_double(price);
    if (!(rate > 0.0))
        return FALSE;
    tied = kw_decimal_to_double(kw_portfolio_get_tied(portfolio));
    available = get_available(rules, tied,
                              kw_decimal_to_double(kw_portfolio_get_balance(portfolio)) - tied);
    stake = fit_stake(get_wanted(rules, available, tied), get_minimum(rules, pair, rate),
                      available);
    if (!(stake > 0.0))
        return FALSE;

    if (!kw_decimal_from_double(stake / rate, pair->amount_tick.scale, KW_ROUND_DOWN, &amount,
                                NULL) ||
        !kw_decimal_to_tick(amount, pair->amount_tick, KW_ROUND_DOWN, &amount, NULL) ||
        kw_decimal_sign(amount) <= 0 ||
        !kw_decimal_mul(amount, price, STAKE_SCALE, KW_ROUND_HALF_UP, &value, NULL))
        return FALSE;
    *out_amount = amount;
    *out_stake = value;
    return TRUE;
}
