/* kw-confidence.h: from probabilities to a confidence, its tier, and whether tiers keep word */
#pragma once

#include "kw-forecast.h"

G_BEGIN_DECLS

#define KW_CONFIDENCE_BIAS -0.05     /* conservative: added before a tier is looked up */
#define KW_CONFIDENCE_MAX_ERROR 0.05 /* tier error at most */
#define KW_CONFIDENCE_MIN_TIER 200   /* observations a tier needs before it can pass */

typedef enum {
    KW_CONFIDENCE_TIER_NONE,
    KW_CONFIDENCE_TIER_LOW,    /* from 0.55 */
    KW_CONFIDENCE_TIER_MEDIUM, /* from 0.65 */
    KW_CONFIDENCE_TIER_HIGH,   /* from 0.75 */
} KwConfidenceTier;

#define KW_CONFIDENCE_N_TIERS (KW_CONFIDENCE_TIER_HIGH + 1)

/* NaN is %KW_CONFIDENCE_TIER_NONE */
KwConfidenceTier kw_tier_of(gdouble confidence);

/* Lowest confidence of a tier */
gdouble kw_tier_get_threshold(KwConfidenceTier tier);

/* "none", "low", "medium", "high" */
const gchar *kw_tier_to_string(KwConfidenceTier tier);

/**
 * KwTierHold:
 *
 * A tier that rises only to what two scans in a row have met, and falls at once. Begins as
 * zeroes; a value type.
 */
typedef struct {
    KwConfidenceTier tier;
    KwConfidenceTier last_met; /* of the scan before */
} KwTierHold;

KwConfidenceTier kw_tier_hold_step(KwTierHold *self, gdouble confidence);

/**
 * KwTierRow:
 * @mean_confidence, @win_rate, @error: NaN when @n is 0
 * @win_low, @win_high: Wilson interval of @win_rate, 95 %
 */
typedef struct {
    guint n, n_wins;
    gdouble mean_confidence, win_rate, error;
    gdouble win_low, win_high;
} KwTierRow;

typedef enum {
    KW_TIER_VERDICT_TOO_FEW, /* a tier has too few observations to say anything */
    KW_TIER_VERDICT_FAIL,
    KW_TIER_VERDICT_PASS,
} KwTierVerdict;

/**
 * KwTierReport:
 * @mae: plain mean of the errors of tiers that have observations, none included; NaN without
 * any
 * @weighted: the same, weighted by count
 * @max: the largest
 */
typedef struct {
    KwTierRow rows[KW_CONFIDENCE_N_TIERS];
    gdouble mae, weighted, max;
    KwTierVerdict verdict;
} KwTierReport;

/* @forecasts must pass kw_forecasts_check() */
void kw_tier_report_compute(const KwForecasts *forecasts, KwTierReport *out);

/**
 * kw_confidence_combine:
 * @weights: not negative
 * @predictions: probabilities; NaN for a member that is not there
 *
 * Weighted mean over the members present, their weights divided by their sum.
 *
 * Returns: NaN when no member with a weight is present, or a weight is negative or not finite
 */
gdouble kw_confidence_combine(const gdouble *weights, const gdouble *predictions, guint n);

/* @p with @bias added, held in 0..1; NaN stays NaN */
gdouble kw_confidence_shift(gdouble p, gdouble bias);

/**
 * kw_confidence_adjust:
 * @wins, @n: how trades of the same pattern ended
 * @min_n: below it the pattern says nothing
 *
 * Moves a confidence that the pattern's record contradicts to the near end of the record's
 * Wilson interval; any other stays.
 */
gdouble kw_confidence_adjust(gdouble confidence, guint wins, guint n, guint min_n);

G_END_DECLS
