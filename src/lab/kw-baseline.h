/* kw-baseline.h: what would have come out without the strategy's signals */
#pragma once

#include "kw-result.h"
#include "kw-study.h"

G_BEGIN_DECLS

#define KW_BASELINE_ROUNDS 500

/**
 * KwBaseline: ratios of the starting capital
 * @hold: bought at the first open of the period and sold at the last, the capital shared by
 *   the pairs, fees included
 * @always: the strategy's stops and profit steps with an entry signal on every candle
 * @random_low, @random_median, @random_high: as many trades of the same pairs, lengths and
 *   stakes at random times; 5 %, half and 95 % of the rounds are below
 * @beaten: share of these rounds that came out worse than the strategy
 *
 * NaN for what cannot be told.
 */
typedef struct {
    gdouble hold, always;
    guint n_always;
    gdouble random_low, random_median, random_high, beaten;
} KwBaseline;

/* The columns of @study are not the strategy's any more afterwards. */
void kw_baseline_compute(KwStudy *study,
                         const KwBacktestOptions *options,
                         const KwResult *result,
                         guint64 seed,
                         KwBaseline *out);

G_END_DECLS
