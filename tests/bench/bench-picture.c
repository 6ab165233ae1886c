/* bench-picture.c: 500 candles as a picture, beside the PNG encoding of an empty sheet */
#include "kw-candle-chart.h"
#include "kw-synth.h"
#include "kw-test.h"

#define ROUNDS 30
#define HOUR_US G_GINT64_CONSTANT(3600000000)

static int
compare(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return x < y ? -1 : x > y;
}

static KwSeries *
make_series(void)
{
    KwPair pair;
    KwSynthOptions options = {.seed = 4,
                              .timeframe_us = HOUR_US,
                              .from_us = KW_TEST_T0_US,
                              .n_rows = 500,
                              .start_price = 60000};

    g_assert_true(kw_pair_init(&pair, "BTC/USDT", NULL));
    return kw_synth_generate(&pair, &options);
}

int
main(void)
{
    g_autoptr(KwZone) zone = kw_zone_new("Europe/Vienna", NULL);
    g_autoptr(KwSeries) series = make_series();
    KwCandle candles[500];
    gint64 drawn[ROUNDS], bare[ROUNDS];
    KwCandleChart chart = {
        .frame = {.zone = zone, .title = "BTC/USDT · 1 h", .note = "500 Kerzen"},
        .candles = candles,
        .n_candles = G_N_ELEMENTS(candles),
        .timeframe_us = HOUR_US,
        .price_digits = 1,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(candles); i++)
        candles[i] = kw_series_get(series, i);
    for (guint i = 0; i < ROUNDS; i++) {
        gint64 start_us = g_get_monotonic_time();
        KwChartMarks marks;
        g_autoptr(GBytes) png = kw_candle_chart_draw(&chart, &marks, NULL);
        g_autoptr(KwPicture) empty = NULL;
        g_autoptr(GBytes) sheet = NULL;

        drawn[i] = g_get_monotonic_time() - start_us;
        start_us = g_get_monotonic_time();
        empty = kw_picture_new(KW_PAPER_LIGHT);
        sheet = kw_picture_to_png(empty, NULL);
        bare[i] = g_get_monotonic_time() - start_us;
        g_assert_nonnull(png);
        g_assert_nonnull(sheet);
    }
    g_print("{\"name\":\"picture\",\"candles\":500,\"first_ms\":%.1f,",
            (gdouble) drawn[0] / 1e3);
    qsort(drawn, ROUNDS, sizeof drawn[0], compare);
    qsort(bare, ROUNDS, sizeof bare[0], compare);
    g_print("\"median_ms\":%.1f,\"p95_ms\":%.1f,\"empty_sheet_ms\":%.1f,\"ratio\":%.2f}\n",
            (gdouble) drawn[ROUNDS / 2] / 1e3, (gdouble) drawn[ROUNDS * 95 / 100] / 1e3,
            (gdouble) bare[ROUNDS / 2] / 1e3,
            (gdouble) drawn[ROUNDS / 2] / (gdouble) bare[ROUNDS / 2]);
    return 0;
}
