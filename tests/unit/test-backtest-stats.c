/* test-backtest-stats.c: the edges of the figures; test-result-json holds them against runs */
#include "kw-backtest-stats.h"
#include "kw-date.h"

#include <math.h>

#define DAY KW_US_PER_DAY
#define HOUR (DAY / 24)

static KwStatsTrade
trade(gdouble profit, gint64 close_us)
{
    return (KwStatsTrade){.pair = "A/B",
                          .enter_tag = "",
                          .exit_reason = "roi",
                          .profit_abs = profit,
                          .profit_ratio = profit / 100.0,
                          .stake = 100.0,
                          .open_us = close_us - HOUR,
                          .close_us = close_us};
}

static KwBacktestStats
compute(const KwStatsTrade *trades, gsize n)
{
    KwStatsInput input = {
        .trades = trades, .n_trades = n, .capital = 1000.0, .start_us = 0, .end_us = 10 * DAY};
    KwBacktestStats stats;

    kw_backtest_stats_compute(&input, &stats);
    return stats;
}

static void
test_no_trades(void)
{
    KwBacktestStats stats = compute(NULL, 0);

    g_assert_cmpfloat(stats.sharpe, ==, 0.0);
    g_assert_cmpfloat(stats.sortino, ==, 0.0);
    g_assert_cmpfloat(stats.calmar, ==, 0.0);
    g_assert_cmpfloat(stats.expectancy_ratio, ==, 100.0);
    g_assert_cmpuint(stats.draw_days, ==, 0);
}

static void
test_only_winners(void)
{
    const KwStatsTrade trades[] = {trade(1.0, DAY), trade(2.0, 2 * DAY)};
    KwBacktestStats stats = compute(trades, 2);

    g_assert_cmpfloat(stats.sortino, ==, KW_STATS_DEGENERATE);
    g_assert_cmpfloat(stats.calmar, ==, KW_STATS_DEGENERATE);
    g_assert_cmpfloat(stats.sharpe, >, 0.0);
    g_assert_cmpfloat(stats.profit_factor, ==, 0.0);
    g_assert_cmpfloat(stats.drawdown.account, ==, 0.0);
    g_assert_cmpuint(stats.max_wins_row, ==, 2);
}

/* A fall from the first trade on is measured from after it. */
static void
test_drawdown_begins_at_the_first_trade(void)
{
    const KwStatsTrade trades[] = {trade(-10.0, DAY), trade(-20.0, 2 * DAY),
                                   trade(5.0, 3 * DAY)};
    KwBacktestStats stats = compute(trades, 3);

    g_assert_cmpfloat(stats.drawdown.abs, ==, 20.0);
    g_assert_cmpfloat_with_epsilon(stats.drawdown.account, 20.0 / 990.0, 1e-15);
    g_assert_cmpint(stats.drawdown.start_us, ==, DAY);
    g_assert_cmpint(stats.drawdown.end_us, ==, 2 * DAY);
    g_assert_cmpfloat(stats.drawdown.csum_min, ==, 970.0);
    g_assert_cmpuint(stats.max_losses_row, ==, 2);
}

static void
test_days_without_trades_are_draws(void)
{
    const KwStatsTrade trades[] = {trade(1.0, DAY), trade(-1.0, 5 * DAY)};
    KwBacktestStats stats = compute(trades, 2);

    g_assert_cmpuint(stats.winning_days, ==, 1);
    g_assert_cmpuint(stats.draw_days, ==, 3);
    g_assert_cmpuint(stats.losing_days, ==, 1);
}

/* 1970-01-01 was a Thursday: the week ends on Monday, the 5th. */
static void
test_week_ends_on_monday(void)
{
    const KwStatsTrade trades[] = {trade(1.0, HOUR), trade(1.0, 4 * DAY + HOUR),
                                   trade(-4.0, 5 * DAY)};
    KwStatsInput input = {.trades = trades, .n_trades = 3, .capital = 1000.0};
    g_autoptr(GArray) weeks = kw_stats_periods(&input, KW_STATS_WEEK);

    g_assert_cmpuint(weeks->len, ==, 2);
    g_assert_cmpint(g_array_index(weeks, KwStatsPeriod, 0).label_us, ==, 4 * DAY);
    g_assert_cmpfloat(g_array_index(weeks, KwStatsPeriod, 0).profit_abs, ==, 2.0);
    g_assert_cmpint(g_array_index(weeks, KwStatsPeriod, 1).label_us, ==, 11 * DAY);
}

/* Every table has every trade once, and months add up to the whole. */
static void
test_tables_add_up(void)
{
    static const gchar *const pairs[] = {"A/B", "C/D", "E/F"};
    KwStatsTrade trades[200];
    KwStatsInput input = {.trades = trades, .n_trades = 200, .capital = 1000.0};
    g_autoptr(GArray) lines = NULL;
    g_autoptr(GArray) months = NULL;
    gdouble sum = 0.0, by_pair = 0.0, by_month = 0.0;

    for (guint i = 0; i < 200; i++) {
        trades[i] = trade(g_test_rand_double_range(-5.0, 5.0), (i + 1) * DAY);
        trades[i].pair = pairs[g_test_rand_int_range(0, 3)];
        sum += trades[i].profit_abs;
    }
    lines = kw_stats_group(&input, KW_STATS_BY_PAIR);
    for (guint i = 0; i < lines->len; i++) {
        const KwStatsLine *line = &g_array_index(lines, KwStatsLine, i);

        by_pair += line->profit_abs;
        g_assert_cmpuint(line->wins + line->draws + line->losses, ==, line->n);
        if (i > 0)
            g_assert_cmpfloat(g_array_index(lines, KwStatsLine, i - 1).profit_abs, >=,
                              line->profit_abs);
    }
    months = kw_stats_periods(&input, KW_STATS_MONTH);
    for (guint i = 0; i < months->len; i++)
        by_month += g_array_index(months, KwStatsPeriod, i).profit_abs;
    g_assert_cmpfloat_with_epsilon(by_pair, sum, 1e-9);
    g_assert_cmpfloat_with_epsilon(by_month, sum, 1e-7);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/backtest-stats/no-trades", test_no_trades);
    g_test_add_func("/stats/backtest-stats/only-winners", test_only_winners);
    g_test_add_func("/stats/backtest-stats/drawdown", test_drawdown_begins_at_the_first_trade);
    g_test_add_func("/stats/backtest-stats/draw-days", test_days_without_trades_are_draws);
    g_test_add_func("/stats/backtest-stats/week", test_week_ends_on_monday);
    g_test_add_func("/stats/backtest-stats/tables", test_tables_add_up);
    return g_test_run();
}
