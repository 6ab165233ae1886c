/* test-baseline.c: holding, always in, and trades at random times */
#include "kw-baseline.h"

#include <math.h>
#include <string.h>

#define HOUR G_TIME_SPAN_HOUR
#define N_ROWS 600

/* Buys in the troughs of a wave and sells on its crests */
static const gchar text[] =
    "return { name = 'x', timeframe = '1h', startup_candles = 10, stoploss = -0.5,\n"
    "  entry = function(c) return below(c.close, 96) end,\n"
    "  exit = function(c) return above(c.close, 104) end }\n";

static KwStudy *
make_study(gdouble drift)
{
    KwStudy *study = kw_study_new(G_MININT64, G_MAXINT64);
    KwSeries *series = kw_series_new(HOUR);
    gdouble before = 100.0;
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, "BTC/USDT", NULL));
    for (guint i = 0; i < N_ROWS; i++) {
        gdouble close = 100.0 + 8.0 * sin(i / 15.0) + drift * i;
        KwCandle candle = {.open_us = i * HOUR,
                           .open = before,
                           .high = MAX(before, close) + 0.1,
                           .low = MIN(before, close) - 0.1,
                           .close = close,
                           .volume = 1.0};

        before = close;
        g_assert_true(kw_series_append(series, &candle));
    }
    (void) kw_study_add_pair(study, &pair, series, NULL);
    return study;
}

static KwBaseline
compute(KwStudy *study, gdouble fee_ratio, gdouble *out_profit)
{
    static const KwResultFacts facts = {.strategy = "x"};
    g_autoptr(GBytes) source = g_bytes_new_static(text, strlen(text));
    g_autoptr(KwStrategy) strategy = kw_strategy_load_bytes("x.lua", source, NULL, NULL);
    g_autoptr(KwBacktest) backtest = NULL;
    g_autoptr(KwResult) result = NULL;
    KwBacktestOptions options;
    KwBaseline baseline;

    g_assert_true(kw_study_build(study, strategy, NULL));
    kw_backtest_options_init(&options);
    options.terms = *kw_strategy_get_terms(strategy);
    options.fee_ratio = fee_ratio;
    options.stake.max_open_trades = 1;
    options.stake.tradable_balance_ratio = 1.0;
    backtest = kw_study_run(study, &options, NULL);
    result = kw_result_new(backtest, &facts);
    *out_profit = result->stats.profit_total;
    kw_baseline_compute(study, &options, result, 1, &baseline);
    return baseline;
}

static void
test_good_timing_beats_chance(void)
{
    g_autoptr(KwStudy) study = make_study(0.0);
    gdouble profit;
    KwBaseline baseline = compute(study, 0.0, &profit);

    g_assert_cmpfloat(profit, >, 0.2);
    g_assert_cmpfloat(baseline.beaten, >, 0.9);
    g_assert_cmpfloat(baseline.random_low, <=, baseline.random_median);
    g_assert_cmpfloat(baseline.random_median, <=, baseline.random_high);
    g_assert_cmpfloat(baseline.random_median, <, profit / 2.0);
}

/* From the first open that could be traded to the last, fees on both sides */
static void
test_hold(void)
{
    g_autoptr(KwStudy) study = make_study(0.5);
    const gdouble *opens =
        kw_series_get_opens(kw_frame_get_series(kw_study_get_pair(study, 0)->frame));
    gdouble profit;
    KwBaseline baseline = compute(study, 0.01, &profit);

    g_assert_cmpfloat_with_epsilon(baseline.hold,
                                   opens[N_ROWS - 1] * 0.99 / (opens[11] * 1.01) - 1.0, 1e-12);
}

/* Without stop and profit steps the one trade that is always in is a hold. */
static void
test_always(void)
{
    g_autoptr(KwStudy) study = make_study(0.5);
    gdouble profit;
    KwBaseline baseline = compute(study, 0.0, &profit);

    g_assert_cmpuint(baseline.n_always, ==, 1);
    g_assert_cmpfloat_with_epsilon(baseline.always, baseline.hold, 1e-6);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/baseline/timing", test_good_timing_beats_chance);
    g_test_add_func("/lab/baseline/hold", test_hold);
    g_test_add_func("/lab/baseline/always", test_always);
    return g_test_run();
}
