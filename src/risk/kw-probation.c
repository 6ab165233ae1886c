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

gboolean
kw_probation_begin(
    KwProbation *self, gint64 since_us, gint64 now_us, KwLimits *limits, KwStakeRules *stake)
{
    gint64 end_us = kw_probation_get_end_us(since_us);

    g_return_val_if_fail(self != NULL && limits != NULL && stake != NULL, FALSE);

    *self = (KwProbation){0};
    if (now_us >= end_us)
        return FALSE;
    *self = (KwProbation){.end_us = end_us, .limits = *limits, .stake = *stake};
    kw_probation_tighten(limits, stake);
    return TRUE;
}

void
kw_probation_widen(const KwProbation *self,
                   KwDecimal least,
                   KwLimits *limits,
                   KwStakeRules *stake)
{
    const KwDecimal *own;

    g_return_if_fail(self != NULL && limits != NULL && stake != NULL);

    own = &self->limits.max_stake;
    if (self->end_us == 0 || kw_decimal_cmp(least, limits->max_stake) <= 0)
        return;
    if (kw_decimal_sign(*own) > 0 && kw_decimal_cmp(least, *own) > 0)
        least = *own;
    limits->max_stake = stake->stake_amount = least;
}

gboolean
kw_probation_end_if_due(KwProbation *self, gint64 now_us, KwLimits *limits, KwStakeRules *stake)
{
    g_return_val_if_fail(self != NULL && limits != NULL && stake != NULL, FALSE);

    if (self->end_us == 0 || now_us < self->end_us)
        return FALSE;
    *limits = self->limits;
    *stake = self->stake;
    self->end_us = 0;
    return TRUE;
}
