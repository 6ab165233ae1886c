/* test-study.c: rows that are traded in, refusals, and strategies built one after the other */
#include "kw-error.h"
#include "kw-study.h"
#include "kw-test.h"

#include <string.h>

#define HOUR G_TIME_SPAN_HOUR

static const gchar crosses[] =
    "return { name = 'x', timeframe = '1h', startup_candles = 30, stoploss = -0.2,\n"
    "  params = { n = { default = 5, min = 2, max = 29 } },\n"
    "  entry = function(c, i, p) return crossed_above(c.close, sma(c.close, p.n)) end,\n"
    "  exit = function(c, i, p) return crossed_below(c.close, sma(c.close, p.n)) end }\n";

static KwStrategy *
load(const gchar *text)
{
    g_autoptr(GBytes) source = g_bytes_new(text, strlen(text));
    g_autoptr(GError) error = NULL;
    KwStrategy *strategy = kw_strategy_load_bytes("x.lua", source, NULL, &error);

    g_assert_no_error(error);
    return strategy;
}

static void
add_pair(KwStudy *study, const gchar *name, gint64 first_us, guint n_rows)
{
    KwSeries *series = kw_series_new(HOUR);
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, name, NULL));
    for (guint i = 0; i < n_rows; i++) {
        gdouble open = 100.0 + (gdouble) ((i * 7) % 13),
                close = 100.0 + (gdouble) ((i * 5) % 11);
        KwCandle candle = {.open_us = first_us + i * HOUR,
                           .open = open,
                           .high = MAX(open, close) + 1.0,
                           .low = MIN(open, close) - 1.0,
                           .close = close,
                           .volume = 1.0};

        g_assert_true(kw_series_append(series, &candle));
    }
    (void) kw_study_add_pair(study, &pair, series, NULL);
}

static void
test_start_is_cut_by_rows(void)
{
    g_autoptr(KwStudy) study = kw_study_new(G_MININT64, G_MAXINT64);
    g_autoptr(KwStrategy) strategy = load(crosses);

    add_pair(study, "BTC/USDT", 0, 200);
    add_pair(study, "ETH/USDT", 100 * HOUR, 100);
    g_assert_true(kw_study_build(study, strategy, NULL));
    g_assert_cmpuint(kw_study_get_pair(study, 0)->range.first, ==, 30);
    g_assert_cmpuint(kw_study_get_pair(study, 1)->range.first, ==, 30);
    g_assert_cmpint(kw_study_get_first_us(study), ==, 30 * HOUR);
    g_assert_cmpint(kw_study_get_last_us(study), ==, 199 * HOUR);
}

/* Both ends belong to the period. */
static void
test_period(void)
{
    g_autoptr(KwStudy) study = kw_study_new(50 * HOUR, 90 * HOUR);
    g_autoptr(KwStrategy) strategy = load(crosses);

    add_pair(study, "BTC/USDT", 0, 200);
    g_assert_true(kw_study_build(study, strategy, NULL));
    g_assert_cmpuint(kw_study_get_pair(study, 0)->range.first, ==, 50);
    g_assert_cmpuint(kw_study_get_pair(study, 0)->range.end, ==, 91);
    kw_study_set_window(study, 0, 60 * HOUR);
    g_assert_cmpuint(kw_study_get_pair(study, 0)->range.first, ==, 50);
    g_assert_cmpuint(kw_study_get_pair(study, 0)->range.end, ==, 61);
}

static void
test_too_short(void)
{
    static const guint lengths[] = {1, 2, 31};
    g_autoptr(KwStrategy) strategy = load(crosses);

    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autoptr(KwStudy) study = kw_study_new(G_MININT64, G_MAXINT64);
        g_autoptr(GError) error = NULL;

        add_pair(study, "BTC/USDT", 0, lengths[i]);
        g_assert_false(kw_study_build(study, strategy, &error));
        g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY);
        g_assert_nonnull(strstr(error->message, "30 to start with"));
    }
}

static guint
count_trades(KwStudy *study, KwStrategy *strategy, gdouble n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwBacktest) backtest = NULL;
    KwBacktestOptions options;

    g_assert_true(kw_strategy_set_param(strategy, "n", n, &error));
    g_assert_true(kw_study_build(study, strategy, &error));
    kw_backtest_options_init(&options);
    options.terms = *kw_strategy_get_terms(strategy);
    backtest = kw_study_run(study, &options, &error);
    g_assert_no_error(error);
    return kw_portfolio_get_n_closed(kw_backtest_get_portfolio(backtest));
}

/* What was built before leaves no trace, also when the columns are given up in between. */
static void
test_builds_are_independent(void)
{
    g_autoptr(KwStudy) study = kw_study_new(G_MININT64, G_MAXINT64);
    g_autoptr(KwStrategy) strategy = load(crosses);
    guint first;

    add_pair(study, "BTC/USDT", 0, 400);
    first = count_trades(study, strategy, 5);
    g_assert_cmpuint(first, >, 10);
    for (guint i = 0; i < 200; i++)
        (void) count_trades(study, strategy, 2 + i % 28);
    g_assert_cmpuint(count_trades(study, strategy, 5), ==, first);
}

static void
test_market_change(void)
{
    g_autoptr(KwStudy) study = kw_study_new(G_MININT64, G_MAXINT64);
    g_autoptr(KwStrategy) strategy = load(crosses);

    add_pair(study, "BTC/USDT", 0, 46); /* 100 at the start, 100 + (45 * 5) % 11 at the end */
    g_assert_true(kw_study_build(study, strategy, NULL));
    g_assert_cmpfloat_with_epsilon(kw_study_get_market_change(study), 0.05, 1e-12);
}

/* One price anywhere, also in a shorter candle or of a neighbour, makes other candles. */
static void
test_hash_of_candles(void)
{
    gchar *hashes[4];

    for (guint i = 0; i < G_N_ELEMENTS(hashes); i++) {
        g_autoptr(KwStudy) study = kw_study_new(G_MININT64, G_MAXINT64);
        KwCandle candle = {0, 100, 101, 99, 100, 1};
        KwSeries *other = kw_series_new(HOUR);

        add_pair(study, "BTC/USDT", i == 1 ? HOUR : 0, 50);
        candle.low -= i == 2;
        g_assert_true(kw_series_append(other, &candle));
        if (i == 3)
            kw_study_set_detail(kw_study_get_pair(study, 0), other);
        else
            kw_study_add_neighbour(study, "ETH/USDT", other);
        hashes[i] = kw_study_hash_candles(study);
        for (guint k = 0; k < i; k++)
            g_assert_cmpstr(hashes[k], !=, hashes[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(hashes); i++)
        g_free(hashes[i]);
}

/* A score or a tag that was made anew is another column beside the same candles. */
static void
test_hash_of_extras(void)
{
    static const gchar *const cells[][2] = {{"score", "0.5"},
                                            {"score", "0.6"},
                                            {"score", "up"},
                                            {"score", "down"},
                                            {"rank", "0.5"}};
    gchar *hashes[G_N_ELEMENTS(cells)];
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, "BTC/USDT", NULL));
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autoptr(KwStudy) study = kw_study_new(G_MININT64, G_MAXINT64);
        KwCandleExtras *extras = kw_candle_extras_new(1);
        KwCandle candle = {0, 100, 101, 99, 100, 1};
        KwSeries *series = kw_series_new(HOUR);

        g_assert_true(kw_series_append(series, &candle));
        kw_candle_extras_set(extras, kw_candle_extras_add_column(extras, cells[i][0]), 0,
                             cells[i][1]);
        (void) kw_study_add_pair(study, &pair, series, extras);
        hashes[i] = kw_study_hash_candles(study);
        for (guint k = 0; k < i; k++)
            g_assert_cmpstr(hashes[k], !=, hashes[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(hashes); i++)
        g_free(hashes[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/study/start", test_start_is_cut_by_rows);
    g_test_add_func("/lab/study/period", test_period);
    g_test_add_func("/lab/study/too-short", test_too_short);
    g_test_add_func("/lab/study/independent", test_builds_are_independent);
    g_test_add_func("/lab/study/market-change", test_market_change);
    g_test_add_func("/lab/study/hash-of-candles", test_hash_of_candles);
    g_test_add_func("/lab/study/hash-of-extras", test_hash_of_extras);
    return g_test_run();
}
