/* test-candle-builder.c: trades become the candles that an exchange would make of them */
#include "kw-candle-builder.h"

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

static void
test_candles(void)
{
    KwCandleBuilder builder = {.timeframe_us = MINUTE_US};
    KwCandle out = {0};

    g_assert_false(kw_candle_builder_add(&builder, 10 * MINUTE_US + 1, 5, 1, &out));
    g_assert_false(kw_candle_builder_add(&builder, 10 * MINUTE_US + 2, 7, 2, &out));
    g_assert_false(kw_candle_builder_add(&builder, 11 * MINUTE_US - 1, 4, 3, &out));
    g_assert_true(kw_candle_builder_add(&builder, 13 * MINUTE_US, 6, 1, &out));
    g_assert_cmpint(out.open_us, ==, 10 * MINUTE_US);
    g_assert_cmpfloat(out.open, ==, 5);
    g_assert_cmpfloat(out.high, ==, 7);
    g_assert_cmpfloat(out.low, ==, 4);
    g_assert_cmpfloat(out.close, ==, 4);
    g_assert_cmpfloat(out.volume, ==, 6);
    /* one that comes late changes nothing any more */
    g_assert_false(kw_candle_builder_add(&builder, 12 * MINUTE_US, 99, 1, &out));
    g_assert_true(kw_candle_builder_add(&builder, 14 * MINUTE_US, 6, 1, &out));
    g_assert_cmpint(out.open_us, ==, 13 * MINUTE_US);
    g_assert_cmpfloat(out.high, ==, 6);
}

/* Property: whatever the trades, volume is kept and candles ascend. */
static void
test_volume(void)
{
    KwCandleBuilder builder = {.timeframe_us = MINUTE_US};
    gint64 time_us = MINUTE_US, last_us = 0;
    gdouble given = 0, told = 0;
    KwCandle out;

    for (guint i = 0; i < 5000; i++) {
        gdouble amount = g_test_rand_int_range(1, 100);

        time_us += g_test_rand_int_range(0, 40000000);
        given += amount;
        if (!kw_candle_builder_add(&builder, time_us, g_test_rand_double_range(1, 9), amount,
                                   &out))
            continue;
        g_assert_cmpint(out.open_us, >, last_us);
        g_assert_cmpfloat(out.low, <=, out.high);
        last_us = out.open_us;
        told += out.volume;
    }
    g_assert_cmpfloat(given, ==, told + builder.candle.volume);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/candle-builder/candles", test_candles);
    g_test_add_func("/market/candle-builder/volume", test_volume);
    return g_test_run();
}
