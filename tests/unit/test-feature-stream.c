/* test-feature-stream.c: what a row may see, and that one candle at a time is no different */
#include "kw-aggregate.h"
#include "kw-config-problem.h"
#include "kw-feature-matrix.h"
#include "kw-feature-stream.h"
#include "kw-timeframe.h"

#include <math.h>
#include <string.h>

#define N_ROWS 9000 /* more than threads may be ahead of each other */
#define FIVE_US (5 * KW_TIMEFRAME_1M_US)
#define START_US (G_GINT64_CONSTANT(1704067200) * G_USEC_PER_SEC + 7 * FIVE_US)

static const gchar wide_list[] =
    "[features]\nnames = rsi, ema, max, zscore\nperiods = 5, 30\nshifts = 0, 2, 40\n"
    "singles = session_london, regime_20_100, obv\npairs = ETH/USDT\ntimeframes = 1h, 4h\n";

static KwFeatureList *
make_list(const gchar *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwFeatureList *list = kw_feature_list_load_bytes("test.ini", bytes, problems);

    g_assert_nonnull(list);
    return list;
}

/* A walk of @n candles that begins inside an hour and has holes, some longer than an hour */
static KwSeries *
make_series(gsize n)
{
    KwSeries *series = kw_series_new(FIVE_US);
    gdouble price = 100.0;
    gint64 step = 0;

    for (gsize i = 0; i < n; i++) {
        gdouble open = price;

        step += g_test_rand_int_range(0, 80) == 0 ? g_test_rand_int_range(2, 40) : 1;
        price *= exp(g_test_rand_double_range(-0.01, 0.01));
        g_assert_true(kw_series_append(series, &(KwCandle){
                                                   .open_us = START_US + step * FIVE_US,
                                                   .open = open,
                                                   .high = MAX(open, price) * 1.001,
                                                   .low = MIN(open, price) * 0.999,
                                                   .close = price,
                                                   .volume = g_test_rand_double_range(1.0, 9.0),
                                               }));
    }
    return series;
}

static KwSeries *
copy_until(const KwSeries *series, gint64 end_us)
{
    KwSeries *copy = kw_series_new(kw_series_get_timeframe_us(series));

    for (gsize i = 0; i < kw_series_find(series, end_us); i++) {
        KwCandle candle = kw_series_get(series, i);

        g_assert_true(kw_series_append(copy, &candle));
    }
    return copy;
}

static KwFeatureMatrix *
compute(KwFeatureList *list, const KwSeries *series, const KwSeries *other, guint n_threads)
{
    const KwSeries *const others[] = {other};
    KwFeatureInput input = {.series = series, .others = others, .n_threads = n_threads};
    g_autoptr(GError) error = NULL;
    KwFeatureMatrix *matrix = kw_feature_matrix_compute(list, &input, &error);

    g_assert_no_error(error);
    return matrix;
}

/* Rows [0, n) of @a have the bits of those of @b */
static void
assert_rows_equal(const KwFeatureMatrix *a, const KwFeatureMatrix *b, gsize n)
{
    gsize width = kw_feature_matrix_get_n_features(a);

    g_assert_cmpint(memcmp(kw_feature_matrix_get_values(a), kw_feature_matrix_get_values(b),
                           n * width * sizeof(gfloat)),
                    ==, 0);
}

/* -- the values: by another way -- */

/* Column @name over all of @series at once */
static gdouble *
whole_column(const KwSeries *series, const gchar *name)
{
    g_autoptr(KwFrame) frame = kw_frame_new(copy_until(series, G_MAXINT64));
    KwColumn *column = kw_indicator_apply(frame, name, NULL, NULL);
    gdouble *values = g_new(gdouble, kw_series_get_length(series));

    kw_frame_update(frame);
    for (gsize i = 0; i < kw_series_get_length(series); i++)
        values[i] = kw_column_get_value(column, i);
    return values;
}

/* The longer candles of @series, without one whose beginning is not there */
static KwSeries *
longer_series(const KwSeries *series, gint64 timeframe_us)
{
    KwSeries *longer = kw_aggregate_series(series, timeframe_us, NULL);

    if (kw_series_get_times(series)[0] % timeframe_us != 0)
        kw_series_drop_front(longer, 1);
    return longer;
}

static void
assert_feature(const KwFeatureMatrix *matrix,
               const KwFeatureList *list,
               guint index,
               const KwSeries *source)
{
    const KwFeature *feature = kw_feature_list_get_feature(list, index);
    const gint64 *times = kw_feature_matrix_get_times(matrix);
    gsize n_rows = kw_feature_matrix_get_n_rows(matrix), n_defined = 0;
    g_autofree gdouble *values = whole_column(source, feature->column);
    gint64 length_us = kw_series_get_timeframe_us(source);

    for (gsize row = 0; row < n_rows; row++) {
        gfloat got = kw_feature_matrix_get_values(
            matrix)[row * kw_feature_matrix_get_n_features(matrix) + index];
        /* rows of the source that open early enough to be closed by then */
        gsize seen = kw_series_find(source, times[row] + FIVE_US - length_us + 1);
        gfloat expected =
            seen > feature->shift ? (gfloat) values[seen - 1 - feature->shift] : (gfloat) NAN;

        g_assert_cmpint(isnan(got), ==, isnan(expected));
        if (!isnan(got))
            g_assert_cmpfloat(got, ==, expected);
        n_defined += !isnan(got);
    }
    g_assert_cmpuint(n_defined, >, 100);
}

static void
test_values(void)
{
    g_autoptr(KwFeatureList) list = make_list(wide_list);
    g_autoptr(KwSeries) btc = make_series(N_ROWS), eth = make_series(N_ROWS);
    g_autoptr(KwFeatureMatrix) matrix = compute(list, btc, eth, 1);

    g_assert_cmpuint(kw_feature_matrix_get_n_rows(matrix), ==, N_ROWS);
    for (guint i = 0; i < kw_feature_list_get_n_features(list); i++) {
        const KwFeatureSource *what =
            kw_feature_list_get_source(list, kw_feature_list_get_feature(list, i)->source);
        const KwSeries *own = what->pair == 0 ? btc : eth;
        g_autoptr(KwSeries) longer =
            what->timeframe_us > 0 ? longer_series(own, what->timeframe_us) : NULL;

        g_test_message("%s", kw_feature_list_get_feature(list, i)->name);
        assert_feature(matrix, list, i, longer != NULL ? longer : own);
    }
}

/* -- no look-ahead -- */

/* What comes after a row's close does not change the row, of whichever pair */
static void
test_truncation(void)
{
    g_autoptr(KwFeatureList) list = make_list(wide_list);
    g_autoptr(KwSeries) btc = make_series(N_ROWS), eth = make_series(N_ROWS);
    g_autoptr(KwFeatureMatrix) full = compute(list, btc, eth, 1);

    for (gsize round = 0; round < 8; round++) {
        gsize cut = (gsize) g_test_rand_int_range(1, N_ROWS);
        gint64 end_us = kw_series_get_times(btc)[cut - 1] + FIVE_US;
        g_autoptr(KwSeries) short_btc = copy_until(btc, end_us);
        g_autoptr(KwSeries) short_eth = copy_until(eth, end_us);
        g_autoptr(KwFeatureMatrix) part = compute(list, short_btc, short_eth, 1);
        g_autoptr(KwFeatureMatrix) mixed = compute(list, short_btc, eth, 1);

        assert_rows_equal(part, full, cut);
        assert_rows_equal(mixed, full, cut);
    }
}

/* -- the same by other ways -- */

/* Candles of both pairs as they close; the pair's own last of those that close together */
static void
test_row_by_row(void)
{
    g_autoptr(KwFeatureList) list = make_list(wide_list);
    g_autoptr(KwSeries) btc = make_series(N_ROWS), eth = make_series(N_ROWS);
    g_autoptr(KwFeatureMatrix) full = compute(list, btc, eth, 1);
    g_autoptr(KwFeatureStream) stream = kw_feature_stream_new(list, FIVE_US, NULL, NULL);
    gsize width = kw_feature_list_get_n_features(list), next = 0;
    g_autofree gfloat *row = g_new(gfloat, width);

    for (gsize i = 0; i < N_ROWS; i++) {
        KwCandle candle = kw_series_get(btc, i);

        for (; next < N_ROWS && kw_series_get_times(eth)[next] <= candle.open_us; next++) {
            KwCandle other = kw_series_get(eth, next);

            g_assert_true(kw_feature_stream_push(stream, 1, &other));
        }
        g_assert_true(kw_feature_stream_push(stream, 0, &candle));
        g_assert_cmpuint(kw_feature_stream_get_n_waiting(stream), ==, 1);
        kw_feature_stream_take(stream, row, width);
        g_assert_cmpint(
            memcmp(row, kw_feature_matrix_get_values(full) + i * width, width * sizeof *row),
            ==, 0);
    }
    g_assert_cmpuint(kw_feature_stream_get_n_waiting(stream), ==, 0);
}

static void
test_threads(void)
{
    g_autoptr(KwFeatureList) list = make_list(wide_list);
    g_autoptr(KwSeries) btc = make_series(N_ROWS), eth = make_series(N_ROWS);
    g_autoptr(KwFeatureMatrix) one = compute(list, btc, eth, 1);

    for (guint n = 2; n <= 7; n += 5) {
        g_autoptr(KwFeatureMatrix) many = compute(list, btc, eth, n);

        assert_rows_equal(many, one, N_ROWS);
    }
}

/* The memory of a longer and of a shorter matrix leaves no trace of them */
static void
test_spent(void)
{
    static const gsize lengths[] = {N_ROWS, 5000, N_ROWS};
    g_autoptr(KwFeatureList) list =
        make_list("[features]\nnames = rsi, ema\nperiods = 5, 30\n");
    g_autoptr(KwFeatureMatrix) matrix = NULL;
    const gfloat *memory = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autoptr(KwSeries) series = make_series(lengths[i]);
        g_autoptr(KwFeatureMatrix) fresh = compute(list, series, NULL, 1);
        KwFeatureInput input = {.series = series, .n_threads = 2};

        input.spent = g_steal_pointer(&matrix);
        matrix = kw_feature_matrix_compute(list, &input, NULL);
        g_assert_cmpuint(kw_feature_matrix_get_n_rows(matrix), ==, lengths[i]);
        assert_rows_equal(matrix, fresh, lengths[i]);
        if (memory != NULL)
            g_assert_true(kw_feature_matrix_get_values(matrix) == memory);
        memory = kw_feature_matrix_get_values(matrix);
    }
}

/* A block with a row that is refused goes in without that row, as it would one by one */
static void
test_push_rows(void)
{
    g_autoptr(KwFeatureList) list =
        make_list("[features]\nnames = sma, ema\nperiods = 3\ntimeframes = 1h\n");
    g_autoptr(KwFeatureStream) one = kw_feature_stream_new(list, FIVE_US, NULL, NULL);
    g_autoptr(KwFeatureStream) block = kw_feature_stream_new(list, FIVE_US, NULL, NULL);
    g_autoptr(KwSeries) good = make_series(900), series = kw_series_new(FIVE_US);
    gsize width = kw_feature_list_get_n_features(list), n;
    g_autofree gfloat *a = g_new0(gfloat, 900 * width), *b = g_new0(gfloat, 900 * width);

    for (gsize i = 0; i < 900; i++) {
        KwCandle candle = kw_series_get(good, i);

        if (i == 500)
            candle.high = INFINITY;
        if (i == 700)
            candle.open_us++;
        g_assert_true(kw_series_append(series, &candle));
        (void) kw_feature_stream_push(one, 0, &candle);
    }
    kw_feature_stream_push_rows(block, 0, series, 0, 450);
    kw_feature_stream_push_rows(block, 0, series, 450, 900);
    n = kw_feature_stream_get_n_waiting(one);
    g_assert_cmpuint(n, ==, 898);
    g_assert_cmpuint(kw_feature_stream_get_n_waiting(block), ==, n);
    kw_feature_stream_take(one, a, width);
    kw_feature_stream_take(block, b, width);
    g_assert_cmpint(memcmp(a, b, n * width * sizeof *a), ==, 0);
}

/* -- what is refused -- */

static void
test_refused_candles(void)
{
    g_autoptr(KwFeatureList) list = make_list("[features]\nnames = sma\nperiods = 2\n");
    g_autoptr(KwFeatureStream) stream = kw_feature_stream_new(list, FIVE_US, NULL, NULL);
    KwCandle candle = {START_US, 1, 2, 0.5, 1.5, 3}, later = candle;
    gfloat row[2];

    g_assert_true(kw_feature_stream_push(stream, 0, &candle));
    g_assert_false(kw_feature_stream_push(stream, 0, &candle));
    later.open_us += FIVE_US + 1;
    g_assert_false(kw_feature_stream_push(stream, 0, &later));
    later.open_us -= 1;
    later.close = NAN;
    g_assert_false(kw_feature_stream_push(stream, 0, &later));
    later.close = 2.5;
    g_assert_true(kw_feature_stream_push(stream, 0, &later));
    kw_feature_stream_take(stream, row, 1);
    g_assert_true(isnan(row[0]));
    g_assert_cmpfloat(row[1], ==, 2.0f);
}

static void
test_refused_inputs(void)
{
    g_autoptr(KwFeatureList) with_pair =
        make_list("[features]\nnames = sma\nperiods = 2\npairs = ETH/USDT\n");
    g_autoptr(KwFeatureList) odd =
        make_list("[features]\nnames = sma\nperiods = 2\ntimeframes = 3m\n");
    g_autoptr(KwSeries) series = make_series(3), empty = kw_series_new(FIVE_US);
    g_autoptr(KwSeries) hours = kw_series_new(KW_TIMEFRAME_1H_US);
    const KwSeries *const no_candles[] = {NULL}, *const wrong[] = {hours};
    const struct {
        KwFeatureList *list;
        KwFeatureInput input;
        const gchar *message;
    } rows[] = {
        {odd,
         {series, NULL, 1, NULL},
         "a timeframe of the feature list is no multiple of the candles'"},
        {odd, {empty, NULL, 1, NULL}, "features: there are no candles"},
        {with_pair,
         {series, NULL, 1, NULL},
         "features: candles of ETH/USDT with the same timeframe are needed"},
        {with_pair,
         {series, no_candles, 1, NULL},
         "features: candles of ETH/USDT with the same timeframe are needed"},
        {with_pair,
         {series, wrong, 1, NULL},
         "features: candles of ETH/USDT with the same timeframe are needed"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(kw_feature_matrix_compute(rows[i].list, &rows[i].input, &error));
        g_assert_cmpstr(error->message, ==, rows[i].message);
    }
}

/* A number beyond float32 is undefined, not infinite: a booster refuses infinities */
static void
test_no_infinity(void)
{
    g_autoptr(KwFeatureList) list = make_list("[features]\nsingles = volume, close\n");
    g_autoptr(KwFeatureStream) stream = kw_feature_stream_new(list, FIVE_US, NULL, NULL);
    KwCandle candle = {START_US, 1, 2, 0.5, 1.5, 1e39};
    gfloat row[2];

    g_assert_true(kw_feature_stream_push(stream, 0, &candle));
    kw_feature_stream_take(stream, row, 2);
    g_assert_true(isnan(row[0]));
    g_assert_cmpfloat(row[1], ==, 1.5f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/feature-stream/values", test_values);
    g_test_add_func("/columns/feature-stream/truncation", test_truncation);
    g_test_add_func("/columns/feature-stream/row-by-row", test_row_by_row);
    g_test_add_func("/columns/feature-stream/threads", test_threads);
    g_test_add_func("/columns/feature-stream/spent", test_spent);
    g_test_add_func("/columns/feature-stream/push-rows", test_push_rows);
    g_test_add_func("/columns/feature-stream/refused-candles", test_refused_candles);
    g_test_add_func("/columns/feature-stream/refused-inputs", test_refused_inputs);
    g_test_add_func("/columns/feature-stream/no-infinity", test_no_infinity);
    return g_test_run();
}
