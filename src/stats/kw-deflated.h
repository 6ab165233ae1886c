/* kw-deflated.h: how much of a Sharpe ratio is left when it is the best of many */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Inverse of the normal distribution; @p in (0, 1) */
gdouble kw_stats_normal_quantile(gdouble p);
gdouble kw_stats_normal_probability(gdouble x);

/**
 * kw_stats_expected_best_sharpe:
 * @n_trials: how many were tried
 * @variance: of their Sharpe ratios
 *
 * Returns: the ratio that the best of so many trials has on average when none is worth
 *   anything; 0 for fewer than two
 */
gdouble kw_stats_expected_best_sharpe(guint n_trials, gdouble variance);

/**
 * kw_stats_deflated_sharpe:
 * @returns: (array length=n): profits of the trades of the best trial
 * @benchmark: what kw_stats_expected_best_sharpe() gives
 *
 * Returns: probability that the true ratio is above @benchmark, skewness and tails of the
 *   profits considered; NaN when there are too few, or all are the same
 */
gdouble kw_stats_deflated_sharpe(const gdouble *returns, gsize n, gdouble benchmark);

G_END_DECLS
