/* test-deflated.c: known values, and what luck alone gives */
#include "kw-deflated.h"

#include <math.h>

static void
test_normal(void)
{
    g_assert_cmpfloat_with_epsilon(kw_stats_normal_quantile(0.5), 0.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(kw_stats_normal_quantile(0.975), 1.959963984540054, 1e-12);
    g_assert_cmpfloat_with_epsilon(kw_stats_normal_quantile(0.001), -3.090232306167813, 1e-12);
    for (gdouble p = 0.01; p < 1.0; p += 0.01)
        g_assert_cmpfloat_with_epsilon(kw_stats_normal_probability(kw_stats_normal_quantile(p)),
                                       p, 1e-12);
}

/* More trials, or more different ones, have a better best by luck. */
static void
test_expected_best(void)
{
    g_assert_cmpfloat(kw_stats_expected_best_sharpe(1, 1.0), ==, 0.0);
    g_assert_cmpfloat(kw_stats_expected_best_sharpe(100, 0.0), ==, 0.0);
    g_assert_cmpfloat(kw_stats_expected_best_sharpe(10, 1.0), <,
                      kw_stats_expected_best_sharpe(1000, 1.0));
    /* the largest of 1000 normal draws lies at 3.24 on average */
    g_assert_cmpfloat_with_epsilon(kw_stats_expected_best_sharpe(1000, 1.0), 3.24, 0.03);
}

static void
test_deflated(void)
{
    gdouble returns[400];
    gdouble alone, among_many;

    for (guint i = 0; i < 400; i++)
        returns[i] = 0.1 + (i % 2 == 0 ? 1.0 : -1.0);
    /* two values, symmetric: skewness 0, kurtosis 1 */
    alone = kw_stats_deflated_sharpe(returns, 400, 0.0);
    g_assert_cmpfloat_with_epsilon(alone, kw_stats_normal_probability(0.1 * sqrt(399.0)), 1e-9);
    among_many = kw_stats_deflated_sharpe(returns, 400, 0.1);
    g_assert_cmpfloat_with_epsilon(among_many, 0.5, 1e-9);
    g_assert_true(isnan(kw_stats_deflated_sharpe(returns, 2, 0.0)));
    for (guint i = 0; i < 400; i++)
        returns[i] = 0.25;
    g_assert_true(isnan(kw_stats_deflated_sharpe(returns, 400, 0.0)));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/deflated/normal", test_normal);
    g_test_add_func("/stats/deflated/expected-best", test_expected_best);
    g_test_add_func("/stats/deflated/deflated", test_deflated);
    return g_test_run();
}
