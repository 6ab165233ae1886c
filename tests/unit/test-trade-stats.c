/* Expected values computed by hand from the definitions of the backtest rules, section 10 */
#include "kw-trade-stats.h"

#include <math.h>

#define DAY G_TIME_SPAN_DAY

static void
test_wilson(void)
{
    gdouble low, high;

    kw_stats_wilson(51, 84, &low, &high); /* 61 % of 84 trades: between 50 and 70 % */
    g_assert_cmpfloat_with_epsilon(low, 0.5001, 0.0005);
    g_assert_cmpfloat_with_epsilon(high, 0.7046, 0.0005);
    kw_stats_wilson(0, 5, &low, &high);
    g_assert_cmpfloat(low, ==, 0);
    kw_stats_wilson(5, 5, &low, &high);
    g_assert_cmpfloat(high, ==, 1);
}

static void
test_empty(void)
{
    KwTradeStats stats;

    kw_trade_stats_compute(NULL, 0, 1000, &stats);
    g_assert_cmpuint(stats.n, ==, 0);
    g_assert_true(isnan(stats.win_ratio));
    g_assert_true(isnan(stats.profit_factor));
}

static void
test_small(void)
{
    KwTradeSample samples[] = {{10, 0.02, 0, DAY}, {-5, -0.01, DAY, 3 * DAY}, {0, 0, DAY, DAY}};
    KwTradeStats stats;

    kw_trade_stats_compute(samples, G_N_ELEMENTS(samples), 1000, &stats);
    g_assert_cmpuint(stats.wins, ==, 1);
    g_assert_cmpuint(stats.losses, ==, 1);
    g_assert_cmpfloat_with_epsilon(stats.profit_factor, 2, 1e-12);
    g_assert_cmpfloat_with_epsilon(stats.expectancy, 5.0 / 3, 1e-12);
    g_assert_cmpfloat_with_epsilon(stats.mean_loss_abs, -5, 1e-12);
    g_assert_cmpint(stats.mean_duration_us, ==, DAY);
    g_assert_cmpuint(stats.days, ==, 3);
    g_assert_true(isnan(stats.sharpe)); /* three trades say nothing */
}

static void
test_sharpe(void)
{
    KwTradeSample samples[20];
    KwTradeStats stats;

    for (guint i = 0; i < 20; i++) {
        gdouble p = i % 2 == 0 ? 30 : (i % 4 == 1 ? -10 : -20);

        samples[i] = (KwTradeSample){p, p / 100, i * DAY, (i + 1) * DAY};
    }
    kw_trade_stats_compute(samples, 20, 1000, &stats);
    /* sum 150 over 20 days; sd of {30,-10,30,-20} is 22.7761; of {-10,-20} it is 5 */
    g_assert_cmpuint(stats.days, ==, 20);
    g_assert_cmpfloat_with_epsilon(stats.sharpe, 0.15 / 20 * sqrt(365) / 0.0227760839, 1e-6);
    g_assert_cmpfloat_with_epsilon(stats.sortino, 0.15 / 20 * sqrt(365) / 0.005, 1e-9);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/trade-stats/wilson", test_wilson);
    g_test_add_func("/stats/trade-stats/empty", test_empty);
    g_test_add_func("/stats/trade-stats/small", test_small);
    g_test_add_func("/stats/trade-stats/sharpe", test_sharpe);
    return g_test_run();
}
