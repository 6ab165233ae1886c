/* test-indicator.c: field names, and what TA-Lib's vectors do not cover */
#include "kw-indicator.h"
#include "kw-timeframe.h"

#include <math.h>
#include <stdlib.h>

#define N_ROWS 700
#define MONDAY_US (G_GINT64_CONSTANT(1704067200) * G_USEC_PER_SEC) /* 2024-01-01 */

static KwFrame *
make_frame(void)
{
    KwFrame *frame = kw_frame_new(kw_series_new(KW_TIMEFRAME_1H_US));
    gdouble price = 100.0;

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble open = price;

        price *= exp(g_test_rand_double_range(-0.02, 0.02));
        g_assert_true(
            kw_frame_append(frame, &(KwCandle){
                                       .open_us = MONDAY_US + (gint64) i * KW_TIMEFRAME_1H_US,
                                       .open = open,
                                       .high = MAX(open, price) + 0.1,
                                       .low = MIN(open, price) - 0.1,
                                       .close = price,
                                       .volume = g_test_rand_double_range(1.0, 9.0),
                                   }));
    }
    return frame;
}

static KwColumn *
column(KwFrame *frame, const gchar *name)
{
    g_autoptr(GError) error = NULL;
    KwColumn *out = kw_indicator_apply(frame, name, NULL, &error);

    g_assert_no_error(error);
    kw_frame_update(frame);
    return out;
}

static void
assert_near(gdouble got, gdouble expected)
{
    g_assert_cmpfloat_with_epsilon(got, expected, 1e-9 * MAX(1.0, fabs(expected)));
}

static void
test_names(void)
{
    static const struct {
        const gchar *name, *row;
        gdouble params[KW_INDICATOR_MAX_PARAMS];
    } rows[] = {
        {"ema_9", "ema", {9}},
        {"macd", "macd", {12, 26, 9}},
        {"macd_5_35", "macd", {5, 35, 9}},
        {"macd_signal_5_35_5", "macd_signal", {5, 35, 5}},
        {"bb_upper_20_2.5", "bb_upper", {20, 2.5}},
        {"sar_002_02", "sar", {0.02, 0.2}},
        {"sar_0.01_0.1", "sar", {0.01, 0.1}},
        {"ad", "ad", {0}},
        {"adx_14", "adx", {14}},
        {"close", "close", {0}},
        {"session_new_york", "session_new_york", {0}},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gdouble params[KW_INDICATOR_MAX_PARAMS] = {0};
        g_autoptr(GError) error = NULL;
        const KwIndicator *row = kw_indicator_parse(rows[i].name, params, &error);

        g_test_message("%s", rows[i].name);
        g_assert_no_error(error);
        g_assert_cmpstr(row->name, ==, rows[i].row);
        for (guint k = 0; k < row->n_params; k++)
            assert_near(params[k], rows[i].params[k]);
    }
}

static void
test_refused_names(void)
{
    static const struct {
        const gchar *name, *message;
    } rows[] = {
        {"", "no column \"\""},
        {"ema", "ema: period is missing"},
        {"ema_", "no column \"ema_\" (did you mean \"ema\"?)"},
        {"emma_9", "no column \"emma_9\" (did you mean \"ema\"?)"},
        {"ema_0", "ema: period must be a whole number between 1 and 5000, but is 0"},
        {"ema_5001", "ema: period must be a whole number between 1 and 5000, but is 5001"},
        {"ema_9_9", "ema takes 1 numbers, not 2"},
        {"ema_9.5", "ema: \"9.5\" is no value of period"},
        {"ema_9x", "ema: \"9x\" is no value of period"},
        {"bb_upper_20_2..5", "bb_upper: \"2..5\" is no value of width"},
        {"obv_3", "obv takes 0 numbers, not 1"},
        {"macd_26_12_9", "macd: needs 1 <= fast < slow <= 5000, but fast is 26 and slow is 12"},
        {"quantile_20_101",
         "quantile: percent must be a whole number between 0 and 100, but is 101"},
    };
    g_autoptr(KwFrame) frame = make_frame();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(kw_indicator_apply(frame, rows[i].name, NULL, &error));
        g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
        g_assert_cmpstr(error->message, ==, rows[i].message);
    }
}

static int
compare_doubles(const void *a, const void *b)
{
    gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

    return (x > y) - (x < y);
}

/* The windows by their definition */
static void
test_windows(void)
{
    g_autoptr(KwFrame) frame = make_frame();
    const KwColumn *close = column(frame, "close"), *zscore = column(frame, "zscore_20");
    const KwColumn *quantile = column(frame, "quantile_20_30"),
                   *rank = column(frame, "rank_20");
    const KwColumn *median = column(frame, "quantile_20");

    for (gsize row = 19; row < N_ROWS; row++) {
        gdouble window[20], sum = 0.0, squares = 0.0, newest = kw_column_get_value(close, row);
        gsize below = 0;

        for (gsize k = 0; k < 20; k++) {
            window[k] = kw_column_get_value(close, row - k);
            sum += window[k];
            below += window[k] < newest;
        }
        for (gsize k = 0; k < 20; k++)
            squares += (window[k] - sum / 20) * (window[k] - sum / 20);
        qsort(window, 20, sizeof window[0], compare_doubles);
        assert_near(kw_column_get_value(zscore, row), (newest - sum / 20) / sqrt(squares / 20));
        assert_near(kw_column_get_value(quantile, row),
                    window[5] + 0.7 * (window[6] - window[5])); /* 0.3 * 19 = 5.7 */
        assert_near(kw_column_get_value(median, row), 0.5 * (window[9] + window[10]));
        assert_near(kw_column_get_value(rank, row), (gdouble) below / 20.0);
    }
    g_assert_true(isnan(kw_column_get_value(zscore, 18)));
    g_assert_true(isnan(kw_column_get_value(quantile, 18)));
}

static void
test_volume(void)
{
    g_autoptr(KwFrame) frame = make_frame();
    const KwColumn *vwap = column(frame, "vwap_10"), *mean = column(frame, "volume_mean_10");
    const KwColumn *hl = column(frame, "hl_ratio"), *change = column(frame, "pct_change_3");
    const KwSeries *series = kw_frame_get_series(frame);

    for (gsize row = 9; row < N_ROWS; row++) {
        gdouble money = 0.0, volume = 0.0;
        KwCandle now = kw_series_get(series, row);

        for (gsize k = 0; k < 10; k++) {
            KwCandle candle = kw_series_get(series, row - k);

            money += (candle.high + candle.low + candle.close) / 3.0 * candle.volume;
            volume += candle.volume;
        }
        assert_near(kw_column_get_value(vwap, row), money / volume);
        assert_near(kw_column_get_value(mean, row), volume / 10.0);
        assert_near(kw_column_get_value(hl, row), now.high / now.low);
        assert_near(kw_column_get_value(change, row),
                    now.close / kw_series_get(series, row - 3).close - 1.0);
    }
}

static void
test_calendar(void)
{
    static const KwSession own[KW_SESSION_N] = {{0, 60}, {60, 120}, {22 * 60 + 30, 60}};
    g_autoptr(KwFrame) frame = make_frame();
    const KwColumn *day = column(frame, "day_of_week"), *weekend = column(frame, "is_weekend");
    const KwColumn *tokyo = column(frame, "session_tokyo");
    const KwColumn *london = column(frame, "session_london");
    const KwColumn *york = column(frame, "session_new_york");
    const KwColumn *night = kw_indicator_apply(frame, "session_new_york", own, NULL);

    kw_frame_update(frame);
    for (gsize row = 0; row < N_ROWS; row++) {
        gsize hour = row % 24, weekday = row / 24 % 7;

        g_assert_cmpfloat(kw_column_get_value(day, row), ==, (gdouble) weekday);
        g_assert_cmpfloat(kw_column_get_value(weekend, row), ==, weekday >= 5);
        g_assert_cmpfloat(kw_column_get_value(tokyo, row), ==, hour < 9);
        g_assert_cmpfloat(kw_column_get_value(london, row), ==, hour >= 8 && hour < 17);
        g_assert_cmpfloat(kw_column_get_value(york, row), ==, hour >= 13 && hour < 22);
        g_assert_cmpfloat(kw_column_get_value(night, row), ==, hour >= 23 || hour < 1);
    }
}

/* Calm, wild, calm: the class of the window's newest volatility */
static void
test_regime(void)
{
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(KW_TIMEFRAME_1H_US));
    const KwColumn *regime;
    guint count[3] = {0};

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble size = i >= 400 && i < 440 ? 5.0 : 0.5;
        gdouble price = 100.0 + size * ((gdouble) (i * 37 % 11) / 11.0 - 0.5);
        KwCandle candle = {MONDAY_US + (gint64) i * KW_TIMEFRAME_1H_US,
                           price,
                           price + 1.0,
                           price - 1.0,
                           price,
                           1.0};

        g_assert_true(kw_frame_append(frame, &candle));
    }
    regime = column(frame, "regime_20_200");
    g_assert_cmpuint(kw_column_get_warmup(regime), ==, 1 + 19 + 199);
    for (gsize row = 0; row < N_ROWS; row++) {
        gdouble value = kw_column_get_value(regime, row);

        g_assert_cmpint(isnan(value), ==, row < 219);
        if (!isnan(value))
            count[(gsize) value]++;
    }
    g_assert_cmpfloat(kw_column_get_value(regime, 425), ==, 2.0);
    g_assert_cmpuint(count[0], >, 0);
    g_assert_cmpuint(count[1], >, 0);
}

/* Nothing moves: what divides by the range is 0 or undefined, never infinite */
static void
test_flat(void)
{
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(KW_TIMEFRAME_1H_US));
    guint n;
    const KwIndicator *table = kw_indicator_get_table(&n);

    for (gsize i = 0; i < 200; i++) {
        KwCandle candle = {MONDAY_US + (gint64) i * KW_TIMEFRAME_1H_US, 5, 5, 5, 5, 0};

        g_assert_true(kw_frame_append(frame, &candle));
    }
    for (guint i = 0; i < n; i++) {
        g_autofree gchar *name = table[i].n_params > 0 && isnan(table[i].params[0].fallback)
                                     ? g_strdup_printf("%s_14", table[i].name)
                                     : g_strdup(table[i].name);
        const KwColumn *flat = column(frame, name);

        for (gsize row = 0; row < 200; row++)
            g_assert_false(isinf(kw_column_get_value(flat, row)));
    }
    g_assert_cmpfloat(kw_column_get_value(column(frame, "willr_14"), 100), ==, 0.0);
    g_assert_cmpfloat(kw_column_get_value(column(frame, "adx_14"), 100), ==, 0.0);
    g_assert_cmpfloat(kw_column_get_value(column(frame, "cmo_14"), 100), ==, 0.0);
    g_assert_true(isnan(kw_column_get_value(column(frame, "vwap_14"), 100)));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/indicator/names", test_names);
    g_test_add_func("/columns/indicator/refused-names", test_refused_names);
    g_test_add_func("/columns/indicator/windows", test_windows);
    g_test_add_func("/columns/indicator/volume", test_volume);
    g_test_add_func("/columns/indicator/calendar", test_calendar);
    g_test_add_func("/columns/indicator/regime", test_regime);
    g_test_add_func("/columns/indicator/flat", test_flat);
    return g_test_run();
}
