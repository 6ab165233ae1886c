/* kw-confidence.c: tiers, their record, and the steps from members to a confidence
 *
 * The error of a tier compares its win rate with the mean confidence that was given, not with
 * the tier's lower border: a model that says 0.64 and is right in 64 of 100 is calibrated,
 * though its tier begins at 0.55. A tier of fewer than 200 observations never passes: with
 * 400 perfectly calibrated draws the error is above five points by chance alone every other
 * time. */
#include "kw-confidence.h"

#include "kw-trade-stats.h"

#include <math.h>

static const struct {
    gdouble threshold;
    const gchar *name;
} tiers[KW_CONFIDENCE_N_TIERS] = {
    [KW_CONFIDENCE_TIER_NONE] = {0, "none"},
    [KW_CONFIDENCE_TIER_LOW] = {0.55, "low"},
    [KW_CONFIDENCE_TIER_MEDIUM] = {0.65, "medium"},
    [KW_CONFIDENCE_TIER_HIGH] = {0.75, "high"},
};

KwConfidenceTier
kw_tier_of(gdouble confidence)
{
    for (guint tier = KW_CONFIDENCE_TIER_HIGH; tier > KW_CONFIDENCE_TIER_NONE; tier--) {
        if (confidence >= tiers[tier].threshold)
            return (KwConfidenceTier) tier;
    }
    return KW_CONFIDENCE_TIER_NONE;
}

gdouble
kw_tier_get_threshold(KwConfidenceTier tier)
{
    return tiers[tier].threshold;
}

const gchar *
kw_tier_to_string(KwConfidenceTier tier)
{
    return tiers[tier].name;
}

KwConfidenceTier
kw_tier_hold_step(KwTierHold *self, gdouble confidence)
{
    KwConfidenceTier met = kw_tier_of(confidence);
    KwConfidenceTier met_twice = MIN(met, self->last_met);

    if (met < self->tier)
        self->tier = met;
    else
        self->tier = MAX(self->tier, met_twice);
    self->last_met = met;
    return self->tier;
}

static void
finish_row(KwTierRow *row)
{
    row->win_rate = row->error = row->win_low = row->win_high = NAN;
    if (row->n == 0) {
        row->mean_confidence = NAN;
        return;
    }
    row->mean_confidence /= row->n;
    row->win_rate = (gdouble) row->n_wins / row->n;
    row->error = fabs(row->mean_confidence - row->win_rate);
    kw_stats_wilson(row->n_wins, row->n, &row->win_low, &row->win_high);
}

static KwTierVerdict
judge(const KwTierReport *report)
{
    for (guint tier = 0; tier < KW_CONFIDENCE_N_TIERS; tier++) {
        guint n = report->rows[tier].n;
        gboolean may_be_empty = tier == KW_CONFIDENCE_TIER_NONE;

        if (n < KW_CONFIDENCE_MIN_TIER && !(may_be_empty && n == 0))
            return KW_TIER_VERDICT_TOO_FEW;
    }
    return report->mae <= KW_CONFIDENCE_MAX_ERROR ? KW_TIER_VERDICT_PASS : KW_TIER_VERDICT_FAIL;
}

void
kw_tier_report_compute(const KwForecasts *forecasts, KwTierReport *out)
{
    gdouble sum = 0, weighted = 0, n = 0;
    guint n_tiers = 0;

    *out = (KwTierReport){.mae = NAN, .weighted = NAN, .max = NAN};
    for (gsize i = 0; i < forecasts->n; i++) {
        KwTierRow *row = &out->rows[kw_tier_of(forecasts->p[i])];

        row->n++;
        row->n_wins += forecasts->hit[i] != 0;
        row->mean_confidence += forecasts->p[i];
    }
    for (guint tier = 0; tier < KW_CONFIDENCE_N_TIERS; tier++) {
        KwTierRow *row = &out->rows[tier];

        finish_row(row);
        if (row->n == 0)
            continue;
        n_tiers++;
        sum += row->error;
        weighted += row->error * row->n;
        n += row->n;
        out->max = isnan(out->max) ? row->error : MAX(out->max, row->error);
    }
    if (n_tiers > 0) {
        out->mae = sum / n_tiers;
        out->weighted = weighted / n;
    }
    out->verdict = judge(out);
}

gdouble
kw_confidence_combine(const gdouble *weights, const gdouble *predictions, guint n)
{
    gdouble sum = 0, total = 0;

    for (guint i = 0; i < n; i++) {
        if (!isfinite(weights[i]) || weights[i] < 0)
            return NAN;
        if (isnan(predictions[i]))
            continue;
        sum += weights[i] * predictions[i];
        total += weights[i];
    }
    return total > 0 ? sum / total : NAN;
}

gdouble
kw_confidence_shift(gdouble p, gdouble bias)
{
    return isnan(p) ? p : CLAMP(p + bias, 0, 1);
}

gdouble
kw_confidence_adjust(gdouble confidence, guint wins, guint n, guint min_n)
{
    gdouble low, high;

    if (isnan(confidence) || n == 0 || n < min_n)
        return confidence;
    kw_stats_wilson(wins, n, &low, &high);
    return CLAMP(confidence, low, high);
}
