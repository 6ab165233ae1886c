/* test-series.c: appending, finding and dropping rows, against a plain list of candles */
#include "kw-series.h"

static KwCandle
candle_at(gint64 open_us)
{
    gdouble base = (gdouble) open_us;

    return (KwCandle){open_us, base + 1, base + 4, base, base + 2, base * 10};
}

static void
test_series_append_and_get(void)
{
    g_autoptr(KwSeries) series = kw_series_new(10);

    for (gint64 i = 0; i < 1000; i++) {
        KwCandle candle = candle_at(i * 10);
        g_assert_true(kw_series_append(series, &candle));
    }
    g_assert_cmpuint(kw_series_get_length(series), ==, 1000);
    for (gsize i = 0; i < 1000; i++) {
        KwCandle expected = candle_at((gint64) i * 10);
        KwCandle got = kw_series_get(series, i);

        g_assert_cmpmem(&got, sizeof got, &expected, sizeof expected);
        g_assert_cmpfloat(kw_series_get_volumes(series)[i], ==, expected.volume);
    }
}

static void
test_series_refuses_older_rows(void)
{
    g_autoptr(KwSeries) series = kw_series_new(10);
    KwCandle first = candle_at(20), same = candle_at(20), older = candle_at(10);

    g_assert_true(kw_series_append(series, &first));
    g_assert_false(kw_series_append(series, &same));
    g_assert_false(kw_series_append(series, &older));
    g_assert_cmpuint(kw_series_get_length(series), ==, 1);
}

/* Rows of another series are the same as candle by candle; all of them or none */
static void
test_series_append_rows(void)
{
    g_autoptr(KwSeries) from = kw_series_new(10), series = kw_series_new(10);

    for (gint64 i = 0; i < 1000; i++) {
        KwCandle candle = candle_at(i * 10);
        g_assert_true(kw_series_append(from, &candle));
    }
    g_assert_true(kw_series_append_rows(series, from, 3, 700));
    g_assert_true(kw_series_append_rows(series, from, 700, 700));
    g_assert_false(kw_series_append_rows(series, from, 699, 1000));
    g_assert_cmpuint(kw_series_get_length(series), ==, 697);
    g_assert_true(kw_series_append_rows(series, from, 720, 1000));
    g_assert_cmpuint(kw_series_get_length(series), ==, 977);
    for (gsize i = 0; i < 977; i++) {
        KwCandle got = kw_series_get(series, i);
        KwCandle expected = kw_series_get(from, i < 697 ? i + 3 : i + 23);

        g_assert_cmpmem(&got, sizeof got, &expected, sizeof expected);
    }
}

/* A candle counts from its close on, and the newest ones are taken. */
static void
test_series_append_history(void)
{
    static const struct {
        gint64 until_us;
        gsize max_rows;
        gint64 first_us; /* -1: none */
        gsize n;
    } rows[] = {
        {G_MININT64, 5, -1, 0},  {9, 5, -1, 0},          {10, 5, 0, 1},
        {59, 3, 20, 3},          {60, 3, 30, 3},         {60, 100, 0, 6},
        {G_MAXINT64, 2, 980, 2}, {G_MAXINT64, 0, -1, 0},
    };
    g_autoptr(KwSeries) from = kw_series_new(10);

    for (gint64 i = 0; i < 100; i++) {
        KwCandle candle = candle_at(i * 10);
        g_assert_true(kw_series_append(from, &candle));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwSeries) series = kw_series_new(10);

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_true(
            kw_series_append_history(series, from, rows[i].until_us, rows[i].max_rows));
        g_assert_cmpuint(kw_series_get_length(series), ==, rows[i].n);
        if (rows[i].n > 0)
            g_assert_cmpint(kw_series_get(series, 0).open_us, ==, rows[i].first_us);
    }
}

/* Property: find() equals a linear search, before and after dropping at the front. */
static void
test_series_find(void)
{
    g_autoptr(KwSeries) series = kw_series_new(1);
    gint64 time_us = 0;

    for (guint i = 0; i < 300; i++) {
        KwCandle candle = candle_at(time_us += g_test_rand_int_range(1, 5));
        g_assert_true(kw_series_append(series, &candle));
    }
    for (guint round = 0; round < 3; round++) {
        const gint64 *times = kw_series_get_times(series);

        for (gint64 t = -1; t <= time_us + 1; t++) {
            gsize expected = 0;

            while (expected < kw_series_get_length(series) && times[expected] < t)
                expected++;
            g_assert_cmpuint(kw_series_find(series, t), ==, expected);
        }
        kw_series_drop_front(series, (gsize) g_test_rand_int_range(1, 50));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/series/append-and-get", test_series_append_and_get);
    g_test_add_func("/market/series/refuses-older-rows", test_series_refuses_older_rows);
    g_test_add_func("/market/series/append-rows", test_series_append_rows);
    g_test_add_func("/market/series/append-history", test_series_append_history);
    g_test_add_func("/market/series/find", test_series_find);
    return g_test_run();
}
