/* bench-features.c: the standard features beside one bare loop that writes the same rows
 *
 * Three pairs of 3.08 million seeded minutes through the shipped list: 84 features of 28
 * columns, sessions and regime, into a matrix of float32. The bare loop keeps every mean in
 * a local array and goes over the rows once; both take their memory fresh. A JSON line says
 * the wall time of the three pairs on two threads, each in the memory of the one before, its
 * CPU time (half of it is what two free processors need at least), and the CPU time of one pair
 * on one thread beside the bare loop's. The other line is the daemon's case. */
#include "kw-feature-matrix.h"
#include "kw-feature-stream.h"
#include "kw-synth.h"
#include "kw-timeframe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_ROWS 3080000
#define N_PAIRS 3
#define N_ROUNDS 3
#define N_PERIODS 4
#define N_SHIFTS 3
#define N_COLUMNS (7 * N_PERIODS)
#define WIDTH (N_COLUMNS * N_SHIFTS + 4)
#define REGIME_ROWS 500
#define N_SINGLE 200000

static const gint periods[N_PERIODS] = {7, 14, 28, 56};

/* -- the bare loop -- */

typedef struct {
    gdouble gain[N_PERIODS], move[N_PERIODS], ema[N_PERIODS], atr[N_PERIODS];
    gdouble sum[N_PERIODS], squares[N_PERIODS], volume[N_PERIODS], spread[N_PERIODS];
} Bare;

/* What leaves a window of rows before row @i, 0 at the start */
static gdouble
old_value(const gdouble *values, gsize i, gint period)
{
    return i >= (gsize) period ? values[i - (gsize) period] : 0.0;
}

static void
bare_row(Bare *s, const KwSeries *series, const gdouble *ratios, gsize i, gdouble *out)
{
    const gdouble *close = kw_series_get_closes(series), *high = kw_series_get_highs(series);
    const gdouble *low = kw_series_get_lows(series), *volume = kw_series_get_volumes(series);
    gdouble base = close[0], x = close[i] - base, previous = close[i > 0 ? i - 1 : 0];
    gdouble delta = close[i] - previous, size = fabs(delta);
    gdouble range = MAX(high[i], previous) - MIN(low[i], previous);

    for (gint p = 0; p < N_PERIODS; p++) {
        gdouble n = periods[p], fresh = 1.0 / n, keep = 1.0 - fresh, mean, deviation;
        gdouble old = i >= (gsize) periods[p] ? close[i - (gsize) periods[p]] : NAN;
        gdouble old_x = isnan(old) ? 0.0 : old - base;

        s->gain[p] = s->gain[p] * keep + 0.5 * (size + delta) * fresh;
        s->move[p] = s->move[p] * keep + size * fresh;
        s->ema[p] += (close[i] - s->ema[p]) * (2.0 / (n + 1.0));
        s->atr[p] = s->atr[p] * keep + range * fresh;
        s->sum[p] += x - old_x;
        s->squares[p] += x * x - old_x * old_x;
        s->volume[p] += volume[i] - old_value(volume, i, periods[p]);
        s->spread[p] += ratios[i] - old_value(ratios, i, periods[p]);
        mean = s->sum[p] / n;
        deviation = sqrt(s->squares[p] / n - mean * mean);
        out[p] = 100.0 * s->gain[p] / s->move[p];
        out[N_PERIODS + p] = (close[i] - s->ema[p]) / s->ema[p];
        out[2 * N_PERIODS + p] = 100.0 * s->atr[p] / close[i];
        out[3 * N_PERIODS + p] = close[i] / old - 1.0;
        out[4 * N_PERIODS + p] = (x - mean) / deviation;
        out[5 * N_PERIODS + p] = volume[i] * n / s->volume[p];
        out[6 * N_PERIODS + p] = s->spread[p] / n;
    }
}

static gfloat
bare_regime(const gdouble *volatility, gsize i)
{
    gsize below = 0;

    if (i + 1 < REGIME_ROWS)
        return NAN;
    for (gsize k = i + 1 - REGIME_ROWS; k <= i; k++)
        below += volatility[k] < volatility[i];
    return (gfloat) (3 * below / REGIME_ROWS);
}

/* Standard deviation of the changes over 20 rows, and high through low */
static void
bare_inputs(const KwSeries *series, gdouble *volatility, gdouble *ratios)
{
    const gdouble *close = kw_series_get_closes(series);
    gdouble sum = 0.0, squares = 0.0;

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble change = i > 0 ? close[i] / close[i - 1] - 1.0 : 0.0;
        gdouble old = i > 20 ? close[i - 20] / close[i - 21] - 1.0 : 0.0;

        sum += change - old;
        squares += change * change - old * old;
        volatility[i] = sqrt(MAX(squares / 20.0 - sum * sum / 400.0, 0.0));
        ratios[i] = kw_series_get_highs(series)[i] / kw_series_get_lows(series)[i];
    }
}

static void
bare_pair(const KwSeries *series, gfloat *out)
{
    const gint64 *times = kw_series_get_times(series);
    g_autofree gdouble *volatility = g_new(gdouble, N_ROWS), *ratios = g_new(gdouble, N_ROWS);
    gdouble values[N_SHIFTS][N_COLUMNS] = {{0}};
    Bare state = {0};

    bare_inputs(series, volatility, ratios);
    for (gint p = 0; p < N_PERIODS; p++)
        state.ema[p] = kw_series_get_closes(series)[0];
    for (gsize i = 0; i < N_ROWS; i++) {
        gfloat *row = out + i * WIDTH;
        gint64 hour = times[i] / KW_TIMEFRAME_1H_US % 24;

        bare_row(&state, series, ratios, i, values[i % N_SHIFTS]);
        for (gsize shift = 0; shift < N_SHIFTS; shift++) {
            const gdouble *from = values[(i + N_SHIFTS - shift) % N_SHIFTS];

            for (gsize c = 0; c < N_COLUMNS; c++)
                row[c * N_SHIFTS + shift] = i >= shift ? (gfloat) from[c] : (gfloat) NAN;
        }
        row[WIDTH - 4] = hour < 9;
        row[WIDTH - 3] = hour >= 8 && hour < 17;
        row[WIDTH - 2] = hour >= 13 && hour < 22;
        row[WIDTH - 1] = bare_regime(volatility, i);
    }
}

/* -- measuring -- */

static gdouble
now_s(clockid_t clock)
{
    struct timespec now;

    (void) clock_gettime(clock, &now);
    return (gdouble) now.tv_sec + (gdouble) now.tv_nsec * 1e-9;
}

static int
compare_doubles(const void *a, const void *b)
{
    gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

    return (x > y) - (x < y);
}

static gdouble
quantile(gdouble *values, gsize n, gdouble share)
{
    qsort(values, n, sizeof *values, compare_doubles);
    return values[(gsize) (share * (gdouble) (n - 1))];
}

static KwFeatureMatrix *
compute(KwFeatureList *list, const KwSeries *series, guint n_threads, KwFeatureMatrix *spent)
{
    KwFeatureInput input = {.series = series, .n_threads = n_threads, .spent = spent};

    return kw_feature_matrix_compute(list, &input, NULL);
}

/* Largest difference to the bare loop, relative to 1 or the value, on late rows */
static gdouble
largest_difference(const KwFeatureMatrix *matrix, const gfloat *bare)
{
    const gfloat *values = kw_feature_matrix_get_values(matrix);
    gdouble worst = 0.0;

    for (gsize i = (gsize) 2000 * WIDTH; i < (gsize) 200000 * WIDTH; i++)
        worst = MAX(worst, fabs(values[i] - bare[i]) / MAX(1.0, fabs(bare[i])));
    return worst;
}

static void
bench_pairs(KwFeatureList *list, KwSeries *const *series)
{
    gdouble own[N_ROUNDS], bare[N_ROUNDS], wall[N_ROUNDS], cpu[N_ROUNDS], difference = 0.0,
                                                                          own_s, bare_s;

    for (gsize round = 0; round < N_ROUNDS; round++) {
        gdouble start = now_s(CLOCK_THREAD_CPUTIME_ID), start_cpu;
        gfloat *rows = aligned_alloc(
            2 << 20, ((gsize) N_ROWS * WIDTH * sizeof(gfloat) | ((2 << 20) - 1)) + 1);
        KwFeatureMatrix *matrix;

        bare_pair(series[0], rows);
        bare[round] = now_s(CLOCK_THREAD_CPUTIME_ID) - start;
        start = now_s(CLOCK_THREAD_CPUTIME_ID);
        matrix = compute(list, series[0], 1, NULL);
        own[round] = now_s(CLOCK_THREAD_CPUTIME_ID) - start;
        difference = largest_difference(matrix, rows);
        kw_feature_matrix_free(matrix);
        free(rows);
        start = now_s(CLOCK_MONOTONIC);
        start_cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
        matrix = NULL;
        for (gsize i = 0; i < N_PAIRS; i++)
            matrix = compute(list, series[i], 2, matrix);
        kw_feature_matrix_free(matrix);
        wall[round] = now_s(CLOCK_MONOTONIC) - start;
        cpu[round] = now_s(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
    }
    own_s = quantile(own, N_ROUNDS, 0.5);
    bare_s = quantile(bare, N_ROUNDS, 0.5);
    g_print(
        "{\"bench\":\"features\",\"name\":\"standard\",\"pairs\":%d,\"rows\":%d,"
        "\"features\":%d,\"wall_s\":%.2f,\"limit_s\":1.5,\"cpu_s\":%.2f,\"pair_cpu_s\":%.2f,"
        "\"bare_cpu_s\":%.2f,\"ratio\":%.2f,\"limit\":2,\"difference\":%.1e}\n",
        N_PAIRS, N_ROWS, WIDTH, quantile(wall, N_ROUNDS, 0.5), quantile(cpu, N_ROUNDS, 0.5),
        own_s, bare_s, own_s / bare_s, difference);
}

/* The daemon's case: one candle in, one row out */
static void
bench_single(KwFeatureList *list, const KwSeries *series)
{
    KwFeatureStream *stream = kw_feature_stream_new(list, KW_TIMEFRAME_1M_US, NULL, NULL);
    g_autofree gdouble *times = g_new(gdouble, N_SINGLE);
    gfloat row[WIDTH];

    for (gsize i = 0; i < N_SINGLE; i++) {
        KwCandle candle = kw_series_get(series, i);
        gdouble start = now_s(CLOCK_MONOTONIC);

        (void) kw_feature_stream_push(stream, 0, &candle);
        kw_feature_stream_take(stream, row, WIDTH);
        times[i] = now_s(CLOCK_MONOTONIC) - start;
    }
    kw_feature_stream_free(stream);
    g_print("{\"bench\":\"features\",\"name\":\"one row\",\"p50_us\":%.1f,\"p99_us\":%.1f,"
            "\"limit_us\":200}\n",
            quantile(times, N_SINGLE, 0.5) * 1e6, quantile(times, N_SINGLE, 0.99) * 1e6);
}

int
main(void)
{
    static const gchar *const names[N_PAIRS] = {"BTC/USDT", "ETH/USDT", "SOL/USDT"};
    g_autofree gchar *path =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "features", "standard.ini", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwFeatureList) list = kw_feature_list_load(path, &error);
    KwSeries *series[N_PAIRS];
    KwSynthOptions options = {.seed = 1, .timeframe_us = KW_TIMEFRAME_1M_US, .n_rows = N_ROWS};

    if (list == NULL) {
        g_printerr("%s\n", error->message);
        return 1;
    }
    for (gsize i = 0; i < N_PAIRS; i++) {
        KwPair pair;

        (void) kw_pair_init(&pair, names[i], NULL);
        series[i] = kw_synth_generate(&pair, &options);
    }
    bench_single(list, series[0]);
    bench_pairs(list, series);
    for (gsize i = 0; i < N_PAIRS; i++)
        kw_series_free(series[i]);
    return 0;
}
