/* test-picture.c: what charts draw, told from their PNG bytes; set KW_PICTURE_DIR to look at
 * them */
#include "kw-bar-chart.h"
#include "kw-calibration-chart.h"
#include "kw-candle-chart.h"
#include "kw-equity-chart.h"
#include "kw-synth.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR_US G_GINT64_CONSTANT(3600000000)

static KwChartFrame
make_frame(KwZone *zone, const gchar *title, const gchar *note)
{
    return (KwChartFrame){.zone = zone,
                          .tongue = KW_CHART_GERMAN,
                          .title = title,
                          .note = note,
                          .empty_text = "noch keine Daten"};
}

static KwZone *
vienna(void)
{
    return kw_zone_new("Europe/Vienna", NULL);
}

/* -- reading PNG -- */

typedef struct {
    const guint8 *data;
    gsize left;
} Stream;

static cairo_status_t
read_bytes(void *closure, unsigned char *out, unsigned int length)
{
    Stream *stream = closure;

    if (stream->left < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, stream->data, length);
    stream->data += length;
    stream->left -= length;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
decode(GBytes *png, const gchar *name)
{
    Stream stream;
    cairo_surface_t *surface;
    const gchar *folder = g_getenv("KW_PICTURE_DIR");

    g_assert_nonnull(png);
    stream.data = g_bytes_get_data(png, &stream.left);
    if (folder != NULL) {
        g_autofree gchar *path = g_strdup_printf("%s/%s.png", folder, name);

        g_assert_true(
            g_file_set_contents(path, (const gchar *) stream.data, (gssize) stream.left, NULL));
    }
    surface = cairo_image_surface_create_from_png_stream(read_bytes, &stream);
    g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
    g_assert_cmpint(cairo_image_surface_get_width(surface), ==, KW_PICTURE_WIDTH);
    g_assert_cmpint(cairo_image_surface_get_height(surface), ==, KW_PICTURE_HEIGHT);
    return surface;
}

static gboolean
has_ink(cairo_surface_t *surface, gint x, gint y, KwInk ink)
{
    const guint8 *row = cairo_image_surface_get_data(surface) +
                        (gsize) y * (gsize) cairo_image_surface_get_stride(surface);
    guint32 pixel;

    memcpy(&pixel, row + (gsize) x * 4, sizeof pixel);
    return (pixel & 0xffffff) == kw_ink_get_rgb(KW_PAPER_LIGHT, ink);
}

static guint
count_ink(cairo_surface_t *surface, KwInk ink)
{
    guint n = 0;

    for (gint y = 0; y < KW_PICTURE_HEIGHT; y++) {
        for (gint x = 0; x < KW_PICTURE_WIDTH; x++)
            n += has_ink(surface, x, y, ink);
    }
    return n;
}

/* Rows that begin with @ink when seen from the left, as bars seen from the side: runs of an ink
 * on the line @y */
static guint
count_runs(cairo_surface_t *surface, gint y, KwInk ink)
{
    guint n = 0;

    for (gint x = 1; x < KW_PICTURE_WIDTH; x++)
        n += has_ink(surface, x, y, ink) && !has_ink(surface, x - 1, y, ink);
    return n;
}

/* -- equity -- */

static GArray *
make_equity(gsize n, gint64 step_us)
{
    GArray *points = g_array_new(FALSE, TRUE, sizeof(KwChartPoint));

    for (gsize i = 0; i < n; i++) {
        gdouble x = (gdouble) i / (gdouble) n;
        KwChartPoint point = {KW_TEST_T0_US + (gint64) i * step_us,
                              1000 + 80 * x + 35 * sin(x * 19) + 8 * sin(x * 210)};

        g_array_append_val(points, point);
    }
    return points;
}

static void
test_picture_equity(void)
{
    g_autoptr(KwZone) zone = vienna();
    g_autoptr(GArray) points = make_equity(720, HOUR_US);
    KwEquityChart chart = {
        .frame = make_frame(zone, "Kontowert in USDT",
                            "[TROCKENLAUF] 11.03.–10.04.2026 · +78,10 USDT (+7,81 %)"),
        .points = (const KwChartPoint *) points->data,
        .n_points = points->len,
        .limit_ratio = 0.2,
        .limit_text = "Limit 20 %",
        .drawdown_text = "Drawdown",
    };
    KwChartMarks marks;
    g_autoptr(GBytes) png = kw_equity_chart_draw(&chart, &marks, NULL);
    cairo_surface_t *surface = decode(png, "equity");

    g_assert_cmpuint(marks.n_points, ==, 720);
    g_assert_cmpuint(count_ink(surface, KW_INK_LINE), >, 1500);
    g_assert_cmpuint(count_ink(surface, KW_INK_LOSS), >, 500);
    cairo_surface_destroy(surface);
}

static void
test_picture_drawdown(void)
{
    g_autoptr(KwZone) zone = vienna();
    g_autoptr(GArray) points = make_equity(26000, HOUR_US);
    KwEquityChart chart = {
        .frame = make_frame(zone, "Drawdown", "[TROCKENLAUF] drei Jahre · jetzt 0,4 %"),
        .points = (const KwChartPoint *) points->data,
        .n_points = points->len,
        .limit_ratio = 0.2,
        .limit_text = "Limit 20 %",
    };
    KwChartMarks marks;
    g_autoptr(GBytes) png = kw_equity_chart_draw_drawdown(&chart, &marks, NULL);
    cairo_surface_t *surface = decode(png, "drawdown");

    g_assert_cmpuint(marks.n_points, ==, 26000);
    g_assert_cmpuint(count_ink(surface, KW_INK_STOP), >, 500);
    g_assert_cmpuint(count_ink(surface, KW_INK_LINE), ==, 0);
    cairo_surface_destroy(surface);
}

/* One deep point among many that share its column of pixels is drawn all the same. */
static void
test_picture_keeps_extremes(void)
{
    g_autoptr(KwZone) zone = vienna();
    g_autoptr(GArray) points = make_equity(50000, HOUR_US);
    KwEquityChart chart = {.frame = make_frame(zone, "Kontowert", ""), .drawdown_text = NULL};
    KwChartMarks marks;
    g_autoptr(GBytes) png = NULL;
    cairo_surface_t *surface;
    guint rows = 0;

    g_array_index(points, KwChartPoint, 25000).value = 500;
    chart.points = (const KwChartPoint *) points->data;
    chart.n_points = points->len;
    png = kw_equity_chart_draw(&chart, &marks, NULL);
    surface = decode(png, "equity-extreme");
    for (gint y = 120; y < 440; y++)
        rows += count_runs(surface, y, KW_INK_LINE) > 0;
    g_assert_cmpuint(rows, >, 200); /* the needle goes down most of the panel */
    cairo_surface_destroy(surface);
}

/* -- candles -- */

static KwCandle *
make_candles(gsize n)
{
    KwPair pair;
    KwSynthOptions options = {.seed = 4,
                              .timeframe_us = HOUR_US,
                              .from_us = KW_TEST_T0_US,
                              .n_rows = n,
                              .start_price = 2041};
    g_autoptr(KwSeries) series = NULL;
    KwCandle *candles = g_new0(KwCandle, n);

    g_assert_true(kw_pair_init(&pair, "ETH/USDT", NULL));
    series = kw_synth_generate(&pair, &options);
    for (gsize i = 0; i < n; i++)
        candles[i] = kw_series_get(series, i);
    return candles;
}

static GBytes *
draw_candles(gsize n, const KwChartMark *marks, gsize n_marks, KwChartMarks *out)
{
    g_autoptr(KwZone) zone = vienna();
    g_autofree KwCandle *candles = make_candles(n);
    KwChartLevel stop = {candles[n / 3].open_us, candles[n - 1].open_us,
                         candles[n / 3].close * 0.97, KW_INK_STOP, "Stop"};
    KwCandleChart chart = {
        .frame = make_frame(zone, "ETH/USDT · 1 h", "[TROCKENLAUF] Trade #43 · −0,75 USDT"),
        .candles = candles,
        .n_candles = n,
        .timeframe_us = HOUR_US,
        .price_digits = 2,
        .marks = marks,
        .n_marks = n_marks,
        .levels = &stop,
        .n_levels = 1,
    };

    return kw_candle_chart_draw(&chart, out, NULL);
}

static void
test_picture_candles(void)
{
    g_autofree KwCandle *candles = make_candles(72);
    const KwChartMark trades[] = {
        {KW_CHART_MARK_ENTRY, candles[24].open_us, candles[24].open},
        {KW_CHART_MARK_EXIT, candles[60].open_us, candles[60].open},
        {KW_CHART_MARK_ENTRY, KW_TEST_T0_US - HOUR_US * 24 * 30, 2000},
    };
    KwChartMarks marks;
    g_autoptr(GBytes) png = draw_candles(72, trades, G_N_ELEMENTS(trades), &marks);
    cairo_surface_t *surface = decode(png, "candles");

    g_assert_cmpuint(marks.n_candles, ==, 72);
    g_assert_cmpuint(marks.n_entries, ==, 1); /* the third is before the first candle */
    g_assert_cmpuint(marks.n_exits, ==, 1);
    g_assert_cmpuint(marks.n_levels, ==, 1);
    g_assert_cmpuint(count_ink(surface, KW_INK_ENTRY), >, 200);
    g_assert_cmpuint(count_ink(surface, KW_INK_EXIT), >, 200);
    g_assert_cmpuint(count_ink(surface, KW_INK_STOP), >, 200);
    cairo_surface_destroy(surface);
}

static void
test_picture_without_marks(void)
{
    KwChartMarks marks;
    g_autoptr(GBytes) png = draw_candles(72, NULL, 0, &marks);
    cairo_surface_t *surface = decode(png, "candles-plain");

    g_assert_cmpuint(count_ink(surface, KW_INK_ENTRY), ==, 0);
    g_assert_cmpuint(count_ink(surface, KW_INK_EXIT), ==, 0);
    cairo_surface_destroy(surface);
}

static void
test_picture_merges_candles(void)
{
    KwChartMarks marks;
    g_autoptr(GBytes) all = draw_candles(500, NULL, 0, &marks);
    cairo_surface_t *surface = decode(all, "candles-500");

    g_assert_cmpuint(marks.n_candles, ==, 500);
    cairo_surface_destroy(surface);
    g_clear_pointer(&all, g_bytes_unref);
    all = draw_candles(1201, NULL, 0, &marks);
    g_assert_cmpuint(marks.n_candles, ==, 401);
}

/* -- bars and bins -- */

static void
test_picture_bars(void)
{
    g_autoptr(KwZone) zone = vienna();
    static const KwChartBar bars[] = {
        {"BTC", 12.4}, {"ETH", -3.2}, {"SOL", 7.31}, {"XRP", -8.8}, {"ADA", 0.9}};
    KwBarChart chart = {.frame = make_frame(zone, "Ergebnis je Paar in USDT",
                                            "[TROCKENLAUF] März 2026 · 31 Trades"),
                        .bars = bars,
                        .n_bars = G_N_ELEMENTS(bars),
                        .digits = 2};
    KwChartMarks marks;
    g_autoptr(GBytes) png = kw_bar_chart_draw(&chart, &marks, NULL);
    cairo_surface_t *surface = decode(png, "bars");
    guint up = 0, down = 0;

    g_assert_cmpuint(marks.n_bars, ==, 5);
    for (gint y = 0; y < KW_PICTURE_HEIGHT; y++) {
        up = MAX(up, count_runs(surface, y, KW_INK_GAIN));
        down = MAX(down, count_runs(surface, y, KW_INK_LOSS));
    }
    g_assert_cmpuint(up, ==, 3);
    g_assert_cmpuint(down, ==, 2);
    cairo_surface_destroy(surface);
}

static void
test_picture_many_bars(void)
{
    g_autoptr(KwZone) zone = vienna();
    KwChartBar bars[150];
    gchar labels[150][8];
    KwBarChart chart = {.frame = make_frame(zone, "Ergebnis je Tag in USDT", "150 Tage"),
                        .bars = bars,
                        .n_bars = G_N_ELEMENTS(bars),
                        .digits = 2};
    KwChartMarks marks;
    g_autoptr(GBytes) png = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(bars); i++) {
        g_snprintf(labels[i], sizeof labels[i], "%02u.%02u.", i % 28 + 1, i / 28 + 1);
        bars[i] = (KwChartBar){labels[i], 4 * sin(i * 0.7) + 1};
    }
    png = kw_bar_chart_draw(&chart, &marks, NULL);
    cairo_surface_destroy(decode(png, "bars-many"));
    g_assert_cmpuint(marks.n_bars, ==, KW_BAR_CHART_MAX);
}

static void
test_picture_calibration(void)
{
    g_autoptr(KwZone) zone = vienna();
    static const KwCalibrationBin bins[] = {{0.25, 3, 14},  {0.35, 9, 31},  {0.45, 0, 0},
                                            {0.55, 31, 52}, {0.65, 40, 57}, {0.75, 22, 30},
                                            {0.85, 5, 6}};
    KwCalibrationChart chart = {
        .frame =
            make_frame(zone, "Kalibrierung v1.2.0", "190 Signale · mittlerer Fehler 4,1 %"),
        .bins = bins,
        .n_bins = G_N_ELEMENTS(bins),
        .across_text = "vorhergesagt",
        .up_text = "eingetroffen",
    };
    KwChartMarks marks;
    g_autoptr(GBytes) png = kw_calibration_chart_draw(&chart, &marks, NULL);
    cairo_surface_t *surface = decode(png, "calibration");

    g_assert_cmpuint(marks.n_bins, ==, 6); /* an empty bin has no frequency */
    g_assert_cmpuint(count_ink(surface, KW_INK_LINE), >, 6 * 250);
    cairo_surface_destroy(surface);
}

/* -- paper -- */

/* Of what the eye sees, as the rules for readable pages reckon it (WCAG 2) */
static gdouble
luminance(guint32 rgb)
{
    static const gdouble weights[] = {0.0722, 0.7152, 0.2126};
    gdouble sum = 0;

    for (guint i = 0; i < 3; i++) {
        gdouble part = (rgb >> 8 * i & 0xff) / 255.0;

        sum += weights[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static gdouble
contrast(guint32 a, guint32 b)
{
    gdouble light = MAX(luminance(a), luminance(b)), dark = MIN(luminance(a), luminance(b));

    return (light + 0.05) / (dark + 0.05);
}

/* Whatever is written or drawn can be read on each paper; the grid alone stays behind. */
static void
test_picture_contrast(void)
{
    for (guint paper = 0; paper < KW_N_PAPERS; paper++) {
        guint32 ground = kw_ink_get_rgb((KwPaper) paper, KW_INK_PAPER);

        for (guint ink = 0; ink < KW_N_INKS; ink++) {
            gdouble ratio = contrast(kw_ink_get_rgb((KwPaper) paper, (KwInk) ink), ground);

            g_test_message("paper %u, ink %u: %.1f", paper, ink, ratio);
            if (ink != KW_INK_GRID && ink != KW_INK_PAPER)
                g_assert_cmpfloat(ratio, >=, 4.5);
        }
    }
}

/* The same marks at the same places, in the inks of the other paper */
static void
test_picture_dark(void)
{
    g_autoptr(KwZone) zone = vienna();
    static const KwCalibrationBin bins[] = {{0.25, 3, 14}, {0.55, 31, 52}, {0.85, 5, 6}};
    KwCalibrationChart chart = {.frame = make_frame(zone, "Kalibrierung", "dunkel"),
                                .bins = bins,
                                .n_bins = G_N_ELEMENTS(bins),
                                .across_text = "vorhergesagt",
                                .up_text = "eingetroffen"};
    KwChartMarks marks;
    g_autoptr(GBytes) light = kw_calibration_chart_draw(&chart, &marks, NULL);
    g_autoptr(GBytes) dark = NULL;
    cairo_surface_t *surfaces[2];
    const guint8 *rows[2];
    guint n = 0;

    chart.frame.paper = KW_PAPER_DARK;
    dark = kw_calibration_chart_draw(&chart, &marks, NULL);
    surfaces[0] = decode(light, "light");
    surfaces[1] = decode(dark, "dark");
    for (guint i = 0; i < 2; i++)
        rows[i] = cairo_image_surface_get_data(surfaces[i]);
    for (gsize i = 0; i < (gsize) KW_PICTURE_WIDTH * KW_PICTURE_HEIGHT; i++) {
        guint32 a, b;

        memcpy(&a, rows[0] + i * 4, sizeof a);
        memcpy(&b, rows[1] + i * 4, sizeof b);
        if ((a & 0xffffff) != kw_ink_get_rgb(KW_PAPER_LIGHT, KW_INK_LINE))
            continue;
        g_assert_cmphex(b & 0xffffff, ==, kw_ink_get_rgb(KW_PAPER_DARK, KW_INK_LINE));
        n++;
    }
    g_assert_cmpuint(n, >, 3 * 200);
    cairo_surface_destroy(surfaces[0]);
    cairo_surface_destroy(surfaces[1]);
}

/* -- nothing to draw, and numbers -- */

static void
test_picture_empty(void)
{
    g_autoptr(KwZone) zone = vienna();
    KwEquityChart equity = {.frame = make_frame(zone, "Kontowert", NULL)};
    KwCandleChart candles = {.frame = make_frame(zone, "BTC/USDT", NULL)};
    KwBarChart bars = {.frame = make_frame(zone, "Ergebnis", NULL)};
    KwCalibrationChart bins = {.frame = make_frame(zone, "Kalibrierung", NULL)};
    KwChartMarks marks;
    g_autoptr(GBytes) first = kw_equity_chart_draw(&equity, &marks, NULL);
    g_autoptr(GBytes) second = kw_candle_chart_draw(&candles, &marks, NULL);
    g_autoptr(GBytes) third = kw_bar_chart_draw(&bars, &marks, NULL);
    g_autoptr(GBytes) fourth = kw_calibration_chart_draw(&bins, &marks, NULL);

    cairo_surface_destroy(decode(first, "empty"));
    cairo_surface_destroy(decode(second, "empty-candles"));
    cairo_surface_destroy(decode(third, "empty-bars"));
    cairo_surface_destroy(decode(fourth, "empty-bins"));
}

static void
test_picture_same_bytes(void)
{
    KwChartMarks marks;
    g_autoptr(GBytes) first = draw_candles(200, NULL, 0, &marks);
    g_autoptr(GBytes) second = draw_candles(200, NULL, 0, &marks);

    g_assert_true(g_bytes_equal(first, second));
}

static void
test_axis_numbers(void)
{
    static const struct {
        gdouble value;
        guint digits;
        KwChartTongue tongue;
        const gchar *text;
    } rows[] = {
        {0, 0, KW_CHART_GERMAN, "0"},
        {1234.5, 2, KW_CHART_GERMAN, "1.234,50"},
        {-0.36, 2, KW_CHART_GERMAN, "−0,36"},
        {-0.001, 2, KW_CHART_GERMAN, "0,00"},
        {1234567, 0, KW_CHART_GERMAN, "1.234.567"},
        {1234567.25, 1, KW_CHART_ENGLISH, "1,234,567.2"},
        {0.00001234, 8, KW_CHART_GERMAN, "0,00001234"},
        {NAN, 2, KW_CHART_GERMAN, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gchar out[KW_AXIS_TEXT_SIZE];

        g_assert_cmpstr(kw_axis_number(rows[i].tongue, rows[i].value, rows[i].digits, out), ==,
                        rows[i].text);
    }
}

/* Property: lines stand at round values, there are few of them, and none is too far apart. */
static void
test_axis_steps(void)
{
    for (guint i = 0; i < 5000; i++) {
        gdouble low = g_test_rand_double_range(-1e5, 1e5);
        gdouble high = low + pow(10, g_test_rand_double_range(-6, 6));
        gdouble step = kw_axis_step(low, high, 6);

        g_assert_cmpfloat((high - low) / step, <=, 6 + 1e-6);
        g_assert_cmpfloat((high - low) / step, >=, 2);
        g_assert_cmpuint(kw_axis_digits(step), <=, 8);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/picture/equity", test_picture_equity);
    g_test_add_func("/report/picture/drawdown", test_picture_drawdown);
    g_test_add_func("/report/picture/keeps-extremes", test_picture_keeps_extremes);
    g_test_add_func("/report/picture/candles", test_picture_candles);
    g_test_add_func("/report/picture/without-marks", test_picture_without_marks);
    g_test_add_func("/report/picture/merges-candles", test_picture_merges_candles);
    g_test_add_func("/report/picture/bars", test_picture_bars);
    g_test_add_func("/report/picture/many-bars", test_picture_many_bars);
    g_test_add_func("/report/picture/calibration", test_picture_calibration);
    g_test_add_func("/report/picture/contrast", test_picture_contrast);
    g_test_add_func("/report/picture/dark", test_picture_dark);
    g_test_add_func("/report/picture/empty", test_picture_empty);
    g_test_add_func("/report/picture/same-bytes", test_picture_same_bytes);
    g_test_add_func("/report/axis/numbers", test_axis_numbers);
    g_test_add_func("/report/axis/steps", test_axis_steps);
    return g_test_run();
}
