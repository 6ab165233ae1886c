/* test-sketch.c: from the views of a known day to pictures */
#include "kw-fake-day.h"
#include "kw-i18n.h"
#include "kw-sketch.h"
#include "kw-test.h"

#include <string.h>

/* Dark when KW_PICTURE_DARK is set, for a look */
static KwPaper paper;

static KwSketch *
sketch(KwFakeDesk *desk, const KwChartRequest *request)
{
    g_autoptr(KwZone) zone = kw_zone_new("Europe/Vienna", NULL);

    return kw_sketch_new(KW_QUERY(desk), zone, paper, request);
}

/* Draws what is asked for; KW_PICTURE_DIR keeps it for a look */
static KwChartMarks
draw(KwFakeDesk *desk, const KwChartRequest *request, const gchar *name)
{
    g_autoptr(KwSketch) made = sketch(desk, request);
    g_autoptr(GBytes) png = NULL;
    g_autoptr(GError) error = NULL;
    const gchar *folder = g_getenv("KW_PICTURE_DIR");
    KwChartMarks marks = {0};

    g_assert_nonnull(made);
    png = kw_sketch_draw(made, &marks, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(png, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
    if (folder != NULL) {
        g_autofree gchar *path = g_strdup_printf("%s/sketch-%s.png", folder, name);

        g_assert_true(g_file_set_contents(path, g_bytes_get_data(png, NULL),
                                          (gssize) g_bytes_get_size(png), NULL));
    }
    return marks;
}

static KwChartRequest
ask(KwChartKind kind)
{
    return (KwChartRequest){.kind = kind, .period = KW_PERIOD_ALL};
}

static void
test_sketch_equity(void)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    KwChartRequest request = ask(KW_CHART_EQUITY);

    g_assert_cmpuint(draw(desk, &request, "equity").n_points, ==, 41);
    request.kind = KW_CHART_DRAWDOWN;
    g_assert_cmpuint(draw(desk, &request, "drawdown").n_points, ==, 41);
    /* today alone is no curve: 30 days are shown */
    request = ask(KW_CHART_EQUITY);
    request.period.from_us = KW_TEST_T0_US - 15 * G_TIME_SPAN_HOUR;
    g_assert_cmpuint(draw(desk, &request, "equity-today").n_points, ==, 30);
}

static void
test_sketch_trade(void)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    KwChartRequest request = ask(KW_CHART_CANDLES);
    KwChartMarks marks;

    request.trade_id = 43;
    marks = draw(desk, &request, "trade-open");
    g_assert_cmpuint(marks.n_entries, ==, 1);
    g_assert_cmpuint(marks.n_exits, ==, 0);
    g_assert_cmpuint(marks.n_levels, ==, 1);
    g_assert_cmpuint(marks.n_candles, >, 20);
}

static void
test_sketch_pair(void)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    KwChartRequest request = ask(KW_CHART_CANDLES);
    KwChartMarks marks;

    g_strlcpy(request.pair, "ETH/USDT", sizeof request.pair);
    marks = draw(desk, &request, "pair");
    g_assert_cmpuint(marks.n_candles, ==, 72); /* three days of hours */
    g_assert_cmpuint(marks.n_entries, ==, 1);
}

static void
test_sketch_bars(void)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    KwChartRequest request = ask(KW_CHART_PAIRS);

    g_assert_cmpuint(draw(desk, &request, "pairs").n_bars, ==, 5);
    request = ask(KW_CHART_DAYS);
    g_assert_cmpuint(draw(desk, &request, "days").n_bars, >=, 28);
}

static void
test_sketch_calibration(void)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    KwChartRequest request = ask(KW_CHART_CALIBRATION);
    KwModelView model = {
        .tag = "v1.1.0",
        .is_active = TRUE,
        .calibration_error = 0.041,
        .n_bins = 3,
        .bins = {{0.35, 9, 31}, {0.55, 31, 52}, {0.75, 22, 30}},
    };

    g_assert_null(sketch(desk, &request));
    g_array_append_val(desk->models, model);
    g_assert_cmpuint(draw(desk, &request, "calibration").n_bins, ==, 3);
}

static void
test_sketch_nothing(void)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new_empty();

    for (KwChartKind kind = KW_CHART_NONE; kind < KW_N_CHART_KINDS; kind++) {
        KwChartRequest request = ask(kind);
        g_autoptr(KwSketch) made = sketch(desk, &request);

        if (kind != KW_CHART_DAYS) /* a bar of height 0 for each day is true */
            g_assert_null(made);
    }
}

typedef struct {
    GMainLoop *loop;
    GBytes *png;
} Wait;

static void
on_drawn(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Wait *wait = user_data;

    (void) source;
    wait->png = kw_sketch_draw_finish(result, NULL);
    g_main_loop_quit(wait->loop);
}

static void
test_sketch_thread(void)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    KwChartRequest request = ask(KW_CHART_EQUITY);
    g_autoptr(KwSketch) twin = sketch(desk, &request);
    KwChartMarks marks;
    g_autoptr(GBytes) expected = kw_sketch_draw(twin, &marks, NULL);
    Wait wait = {.loop = g_main_loop_new(NULL, FALSE)};

    kw_sketch_draw_async(sketch(desk, &request), on_drawn, &wait);
    g_main_loop_run(wait.loop);
    g_assert_true(g_bytes_equal(wait.png, expected));
    g_bytes_unref(wait.png);
    g_main_loop_unref(wait.loop);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    paper = g_getenv("KW_PICTURE_DARK") != NULL ? KW_PAPER_DARK : KW_PAPER_LIGHT;
    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    g_test_add_func("/app/sketch/equity", test_sketch_equity);
    g_test_add_func("/app/sketch/trade", test_sketch_trade);
    g_test_add_func("/app/sketch/pair", test_sketch_pair);
    g_test_add_func("/app/sketch/bars", test_sketch_bars);
    g_test_add_func("/app/sketch/calibration", test_sketch_calibration);
    g_test_add_func("/app/sketch/nothing", test_sketch_nothing);
    g_test_add_func("/app/sketch/thread", test_sketch_thread);
    return g_test_run();
}
