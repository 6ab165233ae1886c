#include "kw-probation.h"

#include <gio/gio.h>

gint64
kw_probation_get_end_us(gint64 since_us)
{
    return since_us + KW_PROBATION_DAYS * G_TIME_SPAN_DAY;
}

/* Zero is no limit, so anything is tighter. */
static void
take_smaller(KwDecimal *inout, gint64 limit)
{
    KwDecimal wanted = {.mant = limit, .scale = 0};

    if (kw_decimal_sign(*inout) <= 0 || kw_decimal_cmp(*inout, wanted) > 0)
        *inout = wanted;
}

void
kw_probation_tighten(KwLimits *limits, KwStakeRules *stake)
{
    KwDecimal least = {.mant = KW_PROBATION_MIN_STAKE, .scale = 0};

    g_return_if_fail(limits != NULL && stake != NULL);

    take_smaller(&limits->max_daily_loss_abs, KW_PROBATION_DAILY_LOSS);
    take_smaller(&limits->max_stake, KW_PROBATION_MAX_STAKE);
    if (kw_decimal_cmp(limits->min_stake, least) < 0)
        limits->min_stake = least;
    if (stake->is_unlimited)
        stake->stake_amount = limits->max_stake;
    stake->is_unlimited = FALSE;
    take_smaller(&stake->stake_amount, KW_PROBATION_MAX_STAKE);
}
