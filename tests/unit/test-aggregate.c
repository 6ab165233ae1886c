/* test-aggregate.c: longer candles, and that two steps equal one */
#include "kw-aggregate.h"
#include "kw-error.h"
#include "kw-timeframe.h"

#define MINUTE KW_TIMEFRAME_1M_US
#define HOUR KW_TIMEFRAME_1H_US
#define DAY KW_TIMEFRAME_1D_US
#define T0 (G_GINT64_CONSTANT(19800) * DAY)

static void
test_aggregate_values(void)
{
    const KwCandle rows[] = {
        {T0 + 58 * MINUTE, 10, 12, 9, 11, 0.1},   {T0 + 59 * MINUTE, 11, 15, 11, 14, 0.2},
        {T0 + 60 * MINUTE, 14, 14, 8, 9, 0.3},    {T0 + 119 * MINUTE, 9, 10, 9, 10, 0.00000001},
        {T0 + 240 * MINUTE, 10, 10, 10, 10, 0.0},
    };
    g_autoptr(KwSeries) in = kw_series_new(MINUTE);
    g_autoptr(KwSeries) out = NULL;
    KwCandle bucket;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_true(kw_series_append(in, &rows[i]));
    out = kw_aggregate_series(in, HOUR, NULL);
    g_assert_cmpuint(kw_series_get_length(out), ==, 3); /* no candle where no row is */

    bucket = kw_series_get(out, 0);
    g_assert_cmpint(bucket.open_us, ==, T0);
    g_assert_cmpfloat(bucket.open, ==, 10);
    g_assert_cmpfloat(bucket.high, ==, 15);
    g_assert_cmpfloat(bucket.low, ==, 9);
    g_assert_cmpfloat(bucket.close, ==, 14);
    g_assert_cmpfloat(bucket.volume, ==, 0.3); /* 0.1 + 0.2 as doubles is not 0.3 */

    bucket = kw_series_get(out, 1);
    g_assert_cmpint(bucket.open_us, ==, T0 + HOUR);
    g_assert_cmpfloat(bucket.low, ==, 8);
    g_assert_cmpfloat(bucket.volume, ==, 0.30000001);
    g_assert_cmpint(kw_series_get_times(out)[2], ==, T0 + 4 * HOUR);
}

static void
test_aggregate_refuses(void)
{
    g_autoptr(KwSeries) in = kw_series_new(5 * MINUTE);
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_aggregate_series(in, 7 * MINUTE, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    g_clear_error(&error);
    g_assert_null(kw_aggregate_series(in, MINUTE, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
}

static KwSeries *
random_series(gdouble max_volume, guint n_digits)
{
    KwSeries *series = kw_series_new(MINUTE);
    gint64 open_us = T0;
    gdouble unit = 1;

    for (guint i = 0; i < n_digits; i++)
        unit *= 10;
    for (guint i = 0; i < 3000; i++) {
        gdouble low = g_test_rand_double_range(90, 100);
        KwCandle candle = {open_us, low + 1, low + 5, low, low + 2, 0};
        gint64 n_units = (gint64) g_test_rand_double_range(0, max_volume * unit);

        candle.volume = (gdouble) n_units / unit;
        g_assert_true(kw_series_append(series, &candle));
        open_us += g_test_rand_int_range(1, 4) * MINUTE; /* with gaps */
    }
    return series;
}

/* Property: 1m -> 5m -> 1h -> 1d equals 1m -> 1d, to the last bit; for small volumes with many
 * digits, and for the huge ones of tokens that cost next to nothing. */
static void
test_aggregate_in_steps(void)
{
    static const struct {
        gdouble max_volume;
        guint n_digits;
    } rows[] = {{10, 8}, {1000, 8}, {1e6, 5}, {1e9, 2}, {1e12, 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwSeries) minutes = random_series(rows[i].max_volume, rows[i].n_digits);
        g_autoptr(KwSeries) fives = kw_aggregate_series(minutes, 5 * MINUTE, NULL);
        g_autoptr(KwSeries) hours = kw_aggregate_series(fives, HOUR, NULL);
        g_autoptr(KwSeries) days = kw_aggregate_series(hours, DAY, NULL);
        g_autoptr(KwSeries) at_once = kw_aggregate_series(minutes, DAY, NULL);

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpuint(kw_series_get_length(days), ==, kw_series_get_length(at_once));
        g_assert_cmpuint(kw_series_get_length(days), >=, 3);
        for (gsize row = 0; row < kw_series_get_length(days); row++) {
            KwCandle a = kw_series_get(days, row);
            KwCandle b = kw_series_get(at_once, row);

            g_assert_cmpfloat(a.volume, ==, b.volume);
            g_assert_cmpmem(&a, sizeof a, &b, sizeof b);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/aggregate/values", test_aggregate_values);
    g_test_add_func("/market/aggregate/refuses", test_aggregate_refuses);
    g_test_add_func("/market/aggregate/in-steps", test_aggregate_in_steps);
    return g_test_run();
}
