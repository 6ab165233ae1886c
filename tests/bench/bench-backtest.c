/* bench-backtest.c: what a backtest costs beside a bare loop over the same rows
 *
 * 20 pairs with 154,000 candles each, one entry signal in about 100 rows, rules of the golden
 * run g1 (stop, three profit steps, exit signals, two percent of the capital each). The bare
 * loop knows one trade of each pair, a stop, a fee and the drawdown, and nothing else. Rounds
 * alternate, medians of both; one JSON line. The ratio asked for is at most 10, and 10 million
 * candles a second. */
#include "kw-lab-rig.h"
#include "kw-study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_PAIRS 20
#define N_ROWS 154000
#define N_ROUNDS 7
#define MINUTE_US G_TIME_SPAN_MINUTE

static const gchar strategy_text[] =
    "return { name = 'bench', timeframe = '1m', startup_candles = 20, stoploss = -0.04,\n"
    "  minimal_roi = { [0] = 0.03, [240] = 0.015, [720] = 0.0 },\n"
    "  entry = function(c) return ge(c.extra('enter'), 1) end,\n"
    "  exit = function(c) return ge(c.extra('exit'), 1) end }\n";

static gdouble
now_s(void)
{
    struct timespec t;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (gdouble) t.tv_sec + 1e-9 * (gdouble) t.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
    gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

    return (x > y) - (x < y);
}

static gdouble
median(gdouble *values)
{
    qsort(values, N_ROUNDS, sizeof *values, compare);
    return values[N_ROUNDS / 2];
}

static void
add_pair(KwStudy *study, GRand *rand, guint index)
{
    KwSeries *series = kw_series_new(MINUTE_US);
    KwCandleExtras *extras = kw_candle_extras_new(N_ROWS);
    guint enter = kw_candle_extras_add_column(extras, "enter");
    guint leave = kw_candle_extras_add_column(extras, "exit");
    g_autofree gchar *name = g_strdup_printf("P%u/EUR", index);
    gdouble price = 100.0 + index;
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, name, NULL));
    pair.price_tick = (KwDecimal){.mant = 1, .scale = 4};
    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble open = price;
        gdouble close =
            round(open * exp(0.003 * g_rand_double_range(rand, -1.0, 1.0)) * 1e4) / 1e4;
        KwCandle candle = {.open_us = (gint64) i * MINUTE_US,
                           .open = open,
                           .high = MAX(open, close) * 1.0005,
                           .low = MIN(open, close) * 0.9995,
                           .close = close,
                           .volume = 1.0};

        price = close;
        g_assert_true(kw_series_append(series, &candle));
        kw_candle_extras_set(extras, enter, i, g_rand_int_range(rand, 0, 60) == 0 ? "1" : "0");
        kw_candle_extras_set(extras, leave, i, g_rand_int_range(rand, 0, 60) == 0 ? "1" : "0");
    }
    (void) kw_study_add_pair(study, &pair, series, extras);
}

/* -- the least that trades -- */

typedef struct {
    gdouble equity, peak, drawdown;
    gsize n_fills;
} Bare;

static void
bare_pair(const KwStudyPair *pair, Bare *out)
{
    const KwSeries *series = kw_frame_get_series(pair->frame);
    const gdouble *opens = kw_series_get_opens(series), *lows = kw_series_get_lows(series);
    const guint8 *enter = kw_column_get_bytes(kw_strategy_columns_get_entry(pair->columns));
    const guint8 *leave = kw_column_get_bytes(kw_strategy_columns_get_exit(pair->columns));
    gdouble entry = 0.0, stop = 0.0;

    for (gsize i = 1; i < N_ROWS; i++) {
        if (entry > 0.0) {
            gdouble price = 0.0;

            if (lows[i] <= stop)
                price = stop;
            else if (leave[i - 1])
                price = opens[i];
            if (price > 0.0) {
                out->equity *= 1.0 + (price / entry - 1.0 - 0.0052) * 0.02;
                out->peak = MAX(out->peak, out->equity);
                out->drawdown = MAX(out->drawdown, 1.0 - out->equity / out->peak);
                out->n_fills++;
                entry = 0.0;
            }
        } else if (enter[i - 1] && !leave[i - 1]) {
            entry = opens[i];
            stop = entry * 0.96;
            out->n_fills++;
        }
    }
}

static gdouble
run_bare(KwStudy *study, Bare *out)
{
    gdouble start = now_s();

    *out = (Bare){.equity = 1.0, .peak = 1.0};
    for (guint i = 0; i < N_PAIRS; i++)
        bare_pair(kw_study_get_pair(study, i), out);
    return now_s() - start;
}

static gdouble
run_product(KwStudy *study, const KwBacktestOptions *options, guint *out_trades)
{
    gdouble start = now_s();
    g_autoptr(KwBacktest) backtest = kw_study_run(study, options, NULL);

    *out_trades = kw_portfolio_get_n_closed(kw_backtest_get_portfolio(backtest));
    return now_s() - start;
}

int
main(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autoptr(KwStudy) study = kw_study_new(G_MININT64, G_MAXINT64);
    g_autoptr(GBytes) source = g_bytes_new_static(strategy_text, strlen(strategy_text));
    g_autoptr(KwStrategy) strategy = kw_strategy_load_bytes("bench.lua", source, NULL, NULL);
    gdouble bare_s[N_ROUNDS], product_s[N_ROUNDS], bare, product;
    const gdouble n_candles = (gdouble) N_PAIRS * N_ROWS;
    KwBacktestOptions options;
    guint n_trades = 0;
    Bare sink;

    for (guint i = 0; i < N_PAIRS; i++)
        add_pair(study, rand, i);
    g_assert_true(kw_study_build(study, strategy, NULL));
    kw_backtest_options_init(&options);
    options.terms = *kw_strategy_get_terms(strategy);
    options.stake.is_unlimited = FALSE;
    options.stake.stake_amount = kw_decimal_from_int(20);
    options.stake.max_open_trades = N_PAIRS;
    options.wallet = kw_decimal_from_int(1000000);
    options.fee_ratio = 0.0026;
    for (guint round_no = 0; round_no < N_ROUNDS; round_no++) {
        bare_s[round_no] = run_bare(study, &sink);
        product_s[round_no] = run_product(study, &options, &n_trades);
    }
    bare = median(bare_s);
    product = median(product_s);
    g_print("{\"bench\":\"backtest\",\"pairs\":%d,\"rows\":%d,\"trades\":%u,\"bare_fills\":%u,"
            "\"bare_ns\":%.2f,\"product_ns\":%.2f,\"ratio\":%.2f,\"million_candles_s\":%.1f}\n",
            N_PAIRS, N_ROWS, n_trades, (guint) sink.n_fills, 1e9 * bare / n_candles,
            1e9 * product / n_candles, product / bare, n_candles / product / 1e6);
    return sink.drawdown >= 0.0 ? 0 : 1;
}
