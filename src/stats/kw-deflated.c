/* kw-deflated.c: the deflated Sharpe ratio (Bailey and Lopez de Prado, 2014)
 *
 * Who tries a thousand parameter sets finds a good one by chance. The ratio of the best is
 * therefore held against what the best of so many worthless ones would have, and the answer is
 * a probability. Ratios are per trade, not per year: both sides then have the same unit. */
#include "kw-deflated.h"

#include <math.h>

#define EULER 0.57721566490153286
#define MIN_RETURNS 3

gdouble
kw_stats_normal_probability(gdouble x)
{
    return 0.5 * erfc(-x / sqrt(2.0));
}

/* Bisection: 60 halvings of [-40, 40] are below the precision of a double, and it is called a
 * few times only. */
gdouble
kw_stats_normal_quantile(gdouble p)
{
    gdouble low = -40.0, high = 40.0;

    g_return_val_if_fail(p > 0.0 && p < 1.0, (gdouble) NAN);

    for (guint i = 0; i < 60; i++) {
        gdouble middle = (low + high) / 2.0;

        if (kw_stats_normal_probability(middle) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2.0;
}

gdouble
kw_stats_expected_best_sharpe(guint n_trials, gdouble variance)
{
    gdouble n = n_trials;

    if (n_trials < 2 || !(variance > 0.0))
        return 0.0;
    return sqrt(variance) * ((1.0 - EULER) * kw_stats_normal_quantile(1.0 - 1.0 / n) +
                             EULER * kw_stats_normal_quantile(1.0 - 1.0 / (n * G_E)));
}

gdouble
kw_stats_deflated_sharpe(const gdouble *returns, gsize n, gdouble benchmark)
{
    gdouble mean = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0, sharpe, spread;

    if (n < MIN_RETURNS)
        return (gdouble) NAN;
    for (gsize i = 0; i < n; i++)
        mean += returns[i] / (gdouble) n;
    for (gsize i = 0; i < n; i++) {
        gdouble off = returns[i] - mean;

        m2 += off * off / (gdouble) n;
        m3 += off * off * off / (gdouble) n;
        m4 += off * off * off * off / (gdouble) n;
    }
    if (!(m2 > 0.0))
        return (gdouble) NAN;
    sharpe = mean / sqrt(m2);
    spread = 1.0 - m3 / pow(m2, 1.5) * sharpe + (m4 / (m2 * m2) - 1.0) / 4.0 * sharpe * sharpe;
    if (!(spread > 0.0))
        return (gdouble) NAN;
    return kw_stats_normal_probability((sharpe - benchmark) * sqrt((gdouble) n - 1.0) /
                                       sqrt(spread));
}
