/* test-exit.c: single rules of exits; the whole is compared in test-exit-reference.c */
#include "kw-exit.h"

#include <math.h>

#define MINUTE_US G_GINT64_CONSTANT(60000000)
#define OPEN_US G_GINT64_CONSTANT(1735689600000000)

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static KwStrategyTerms
make_terms(void)
{
    KwStrategyTerms terms = kw_strategy_terms_default();

    terms.timeframe_us = 60 * MINUTE_US;
    terms.stoploss = -0.1;
    terms.n_roi = 0;
    return terms;
}

static KwTrade
make_trade(const KwStrategyTerms *terms, const gchar *rate, const gchar *tick)
{
    KwTrade trade = {.id = 1,
                     .state = KW_TRADE_STATE_OPEN,
                     .open_us = OPEN_US,
                     .amount = dec("1"),
                     .entry_amount = dec("1"),
                     .open_rate = dec(rate)};

    g_assert_true(kw_exit_set_initial_stop(&trade, terms, dec(rate), dec(tick), NULL));
    return trade;
}

/* @candle: open, high, low, close */
static KwExitReason
evaluate(KwTrade *trade,
         const KwStrategyTerms *terms,
         gint minutes,
         const gdouble *candle,
         KwExitSignal signal,
         gdouble *out_price)
{
    const KwCandle row = {.open_us = OPEN_US + minutes * MINUTE_US,
                          .open = candle[0],
                          .high = candle[1],
                          .low = candle[2],
                          .close = candle[3]};

    *out_price = NAN;
    return kw_exit_evaluate(trade, terms, &row, signal, dec("0.01"), out_price);
}

static const KwExitSignal no_signal = {FALSE, FALSE};

static void
test_initial_stop(void)
{
    static const struct {
        const gchar *rate, *tick, *stop;
        gdouble stoploss;
    } rows[] = {
        {"100", "0.01", "90.00", -0.1},        /* an exact multiple stays */
        {"100.01", "0.1", "90.1", -0.1},       /* up, never down */
        {"2440.31", "0.01", "2342.70", -0.04}, /* 2342.6976 */
        {"0.4219", "0.000001", "0.400805", -0.05},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwStrategyTerms terms = make_terms();
        KwTrade trade;

        terms.stoploss = rows[i].stoploss;
        trade = make_trade(&terms, rows[i].rate, rows[i].tick);
        g_assert_cmpint(kw_decimal_cmp(trade.stop, dec(rows[i].stop)), ==, 0);
        g_assert_cmpint(kw_decimal_cmp(trade.initial_stop, dec(rows[i].stop)), ==, 0);
        g_assert_cmpfloat_with_epsilon(trade.stop_ratio, rows[i].stoploss, 1e-12);
        g_assert_false(trade.is_trailing);
    }
}

static void
test_stop_and_gap(void)
{
    static const struct {
        gdouble candle[4];
        KwExitReason reason;
        gdouble price;
    } rows[] = {
        {{95, 96, 90.01, 95}, KW_EXIT_NONE, 0},       {{95, 96, 90, 95}, KW_EXIT_STOP_LOSS, 90},
        {{95, 96, 80, 95}, KW_EXIT_STOP_LOSS, 90},    {{85, 90, 80, 82}, KW_EXIT_STOP_LOSS, 90},
        {{85, 89.99, 80, 82}, KW_EXIT_STOP_LOSS, 85}, /* opened below: the open */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwStrategyTerms terms = make_terms();
        KwTrade trade = make_trade(&terms, "100", "0.01");
        gdouble price;

        g_assert_cmpint(evaluate(&trade, &terms, 60, rows[i].candle, no_signal, &price), ==,
                        rows[i].reason);
        if (rows[i].reason != KW_EXIT_NONE)
            g_assert_cmpfloat_with_epsilon(price, rows[i].price, 1e-9);
    }
}

static void
test_signal(void)
{
    static const gdouble candle[] = {101, 102, 85, 95};
    KwStrategyTerms terms = make_terms();
    KwTrade trade = make_trade(&terms, "100", "0.01");
    gdouble price;

    /* before the stop, at the open */
    g_assert_cmpint(evaluate(&trade, &terms, 60, candle, (KwExitSignal){FALSE, TRUE}, &price),
                    ==, KW_EXIT_SIGNAL);
    g_assert_cmpfloat_with_epsilon(price, 101.0, 1e-9);
    /* not with an entry signal, not when switched off, not below the profit asked for */
    g_assert_cmpint(evaluate(&trade, &terms, 60, candle, (KwExitSignal){TRUE, TRUE}, &price),
                    ==, KW_EXIT_STOP_LOSS);
    terms.exit_profit_only = TRUE;
    terms.exit_profit_offset = 0.01;
    g_assert_cmpint(evaluate(&trade, &terms, 60, candle, (KwExitSignal){FALSE, TRUE}, &price),
                    ==, KW_EXIT_STOP_LOSS);
    terms.exit_profit_offset = 0.0099;
    g_assert_cmpint(evaluate(&trade, &terms, 60, candle, (KwExitSignal){FALSE, TRUE}, &price),
                    ==, KW_EXIT_SIGNAL);
    terms.use_exit_signal = FALSE;
    g_assert_cmpint(evaluate(&trade, &terms, 60, candle, (KwExitSignal){FALSE, TRUE}, &price),
                    ==, KW_EXIT_STOP_LOSS);
}

static void
test_roi(void)
{
    static const gdouble up[] = {101, 106, 100, 104}, at_limit[] = {101, 105, 100, 104};
    static const gdouble red[] = {103, 106, 99, 100};
    KwStrategyTerms terms = make_terms();
    KwTrade trade;
    gdouble price;

    terms.n_roi = 2;
    terms.roi[0] = (KwRoiStep){0, 0.05};
    terms.roi[1] = (KwRoiStep){120, -1.0};
    trade = make_trade(&terms, "100", "0.01");
    g_assert_cmpint(evaluate(&trade, &terms, 60, up, no_signal, &price), ==, KW_EXIT_ROI);
    g_assert_cmpfloat_with_epsilon(price, 105.0, 1e-9);
    g_assert_cmpint(evaluate(&trade, &terms, 60, at_limit, no_signal, &price), ==,
                    KW_EXIT_NONE); /* above, not at */
    /* the candle of the entry fell from its open: no proof that 105 came after the entry */
    g_assert_cmpint(evaluate(&trade, &terms, 0, red, no_signal, &price), ==, KW_EXIT_NONE);
    g_assert_cmpint(evaluate(&trade, &terms, 60, red, no_signal, &price), ==, KW_EXIT_ROI);
    /* -1 on the grid: at the open, whatever it is */
    g_assert_cmpint(evaluate(&trade, &terms, 180, at_limit, no_signal, &price), ==,
                    KW_EXIT_ROI);
    g_assert_cmpfloat_with_epsilon(price, 101.0, 1e-9);
    terms.ignore_roi_if_entry_signal = TRUE;
    g_assert_cmpint(
        evaluate(&trade, &terms, 180, at_limit, (KwExitSignal){TRUE, FALSE}, &price), ==,
        KW_EXIT_NONE);
}

static void
test_roi_pays_both_fees(void)
{
    static const gdouble candle[] = {101, 110, 100, 104};
    KwStrategyTerms terms = make_terms();
    KwTrade trade;
    gdouble price;

    terms.n_roi = 1;
    terms.roi[0] = (KwRoiStep){0, 0.05};
    trade = make_trade(&terms, "100", "0.01");
    trade.fee_open_ratio = trade.fee_close_ratio = 0.0026;
    g_assert_cmpint(evaluate(&trade, &terms, 60, candle, no_signal, &price), ==, KW_EXIT_ROI);
    g_assert_cmpfloat_with_epsilon(price, (5.0 + 100.26) / 0.9974, 1e-9);
}

static void
test_trailing(void)
{
    static const gdouble rise[] = {101, 120, 110, 115}, fall[] = {115, 116, 107, 108};
    static const gdouble wide[] = {101, 120, 100, 104};
    KwStrategyTerms terms = make_terms();
    KwTrade trade;
    gdouble price;

    terms.trailing_stop = TRUE;
    trade = make_trade(&terms, "100", "0.01");
    g_assert_cmpint(evaluate(&trade, &terms, 60, rise, no_signal, &price), ==, KW_EXIT_NONE);
    g_assert_true(trade.is_trailing);
    g_assert_cmpint(kw_decimal_cmp(trade.stop, dec("108")), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(trade.initial_stop, dec("90")), ==, 0);
    g_assert_cmpfloat_with_epsilon(trade.max_rate, 120.0, 1e-9);
    g_assert_cmpint(evaluate(&trade, &terms, 120, fall, no_signal, &price), ==,
                    KW_EXIT_TRAILING_STOP);
    g_assert_cmpfloat_with_epsilon(price, 108.0, 1e-9);

    /* the high first: the same candle's low hits the stop that its high raised */
    trade = make_trade(&terms, "100", "0.01");
    g_assert_cmpint(evaluate(&trade, &terms, 60, wide, no_signal, &price), ==,
                    KW_EXIT_TRAILING_STOP);
    g_assert_cmpfloat_with_epsilon(price, 108.0, 1e-9);
}

/* A low that touches the stop keeps the high from raising it. */
static void
test_trailing_not_when_touched(void)
{
    static const gdouble candle[] = {101, 120, 90, 115};
    KwStrategyTerms terms = make_terms();
    KwTrade trade;
    gdouble price;

    terms.trailing_stop = TRUE;
    trade = make_trade(&terms, "100", "0.01");
    g_assert_cmpint(evaluate(&trade, &terms, 60, candle, no_signal, &price), ==,
                    KW_EXIT_STOP_LOSS);
    g_assert_cmpfloat_with_epsilon(price, 90.0, 1e-9);
    g_assert_false(trade.is_trailing);
}

static void
test_trailing_offset(void)
{
    static const gdouble low[] = {101, 101.9, 101.5, 101.8}, high[] = {101, 104, 103.5, 104};
    KwStrategyTerms terms = make_terms();
    KwTrade trade;
    gdouble price;

    terms.trailing_stop = TRUE;
    terms.trailing_only_offset_is_reached = TRUE;
    terms.trailing_stop_positive = 0.01;
    terms.trailing_stop_positive_offset = 0.02;
    trade = make_trade(&terms, "100", "0.01");
    g_assert_cmpint(evaluate(&trade, &terms, 60, low, no_signal, &price), ==, KW_EXIT_NONE);
    g_assert_false(trade.is_trailing);
    g_assert_cmpint(evaluate(&trade, &terms, 120, high, no_signal, &price), ==, KW_EXIT_NONE);
    g_assert_cmpint(kw_decimal_cmp(trade.stop, dec("102.96")), ==, 0);
    g_assert_cmpfloat_with_epsilon(trade.stop_ratio, -0.01, 1e-12);
}

/* Property: a stop never falls, and a price of an exit lies within the candle. */
static void
test_random_candles(void)
{
    for (guint run = 0; run < 3000; run++) {
        KwStrategyTerms terms = make_terms();
        KwTrade trade;
        gdouble rate = 100.0;

        terms.trailing_stop = g_test_rand_bit();
        terms.trailing_stop_positive = g_test_rand_bit() ? NAN : 0.01;
        terms.n_roi = 2;
        terms.roi[0] = (KwRoiStep){0, 0.08};
        terms.roi[1] = (KwRoiStep){240, 0.01};
        trade = make_trade(&terms, "100", "0.01");
        trade.fee_open_ratio = trade.fee_close_ratio = 0.002;
        for (gint i = 0; i < 20; i++) {
            KwDecimal before = trade.stop;
            gdouble close = rate * g_test_rand_double_range(0.95, 1.05);
            gdouble candle[] = {rate, MAX(rate, close) * g_test_rand_double_range(1.0, 1.03),
                                MIN(rate, close) * g_test_rand_double_range(0.97, 1.0), close};
            KwExitSignal signal = {FALSE, g_test_rand_int_range(0, 20) == 0};
            gdouble price;
            KwExitReason reason = evaluate(&trade, &terms, i * 60, candle, signal, &price);

            g_assert_cmpint(kw_decimal_cmp(trade.stop, before), >=, 0);
            g_assert_cmpfloat(trade.max_rate, >=, candle[1]);
            g_assert_cmpfloat(trade.min_rate, <=, candle[2]);
            rate = close;
            if (reason == KW_EXIT_NONE)
                continue;
            g_assert_cmpfloat(price, >=, candle[2]);
            g_assert_cmpfloat(price, <=, candle[1]);
            break;
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/risk/exit/initial-stop", test_initial_stop);
    g_test_add_func("/risk/exit/stop-and-gap", test_stop_and_gap);
    g_test_add_func("/risk/exit/signal", test_signal);
    g_test_add_func("/risk/exit/roi", test_roi);
    g_test_add_func("/risk/exit/roi-pays-both-fees", test_roi_pays_both_fees);
    g_test_add_func("/risk/exit/trailing", test_trailing);
    g_test_add_func("/risk/exit/trailing-not-when-touched", test_trailing_not_when_touched);
    g_test_add_func("/risk/exit/trailing-offset", test_trailing_offset);
    g_test_add_func("/risk/exit/random-candles", test_random_candles);
    return g_test_run();
}
