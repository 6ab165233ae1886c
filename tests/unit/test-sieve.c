/* test-sieve.c: F30 and F31 through the feed of a whole engine */
#include "kw-list-feed.h"
#include "kw-replay-rig.h"
#include "kw-test.h"

#include <math.h>

#define HOUR_US G_TIME_SPAN_HOUR
#define T0_US G_GINT64_CONSTANT(1773187200000000) /* 2026-03-11 00:00 UTC */

typedef struct {
    gchar *root, *strategy;
    KwFakeClock *clock;
    KwListFeed *feed;
    KwReplayRig *rig;
} Fixture;

static void
fixture_init(Fixture *f)
{
    static const gchar *const names[] = {"BTC/USDT", "ETH/USDT", NULL};
    static const gchar text[] =
        "return { name = 'by_volume', timeframe = '1h', startup_candles = 0, stoploss = -0.10,"
        " entry = function(c) return eq(c.volume, 1) end,"
        " exit = function(c) return eq(c.volume, 2) end }";

    f->root = kw_test_tmp_dir_new();
    f->strategy = g_build_filename(f->root, "by_volume.lua", NULL);
    g_assert_true(g_file_set_contents(f->strategy, text, -1, NULL));
    f->clock = kw_fake_clock_new(T0_US);
    f->feed = kw_list_feed_new(KW_CLOCK(f->clock), names);
    f->rig = kw_replay_rig_new(f->root, f->strategy);
}

static void
fixture_clear(Fixture *f)
{
    g_clear_pointer(&f->rig, kw_replay_rig_free);
    g_clear_object(&f->feed);
    g_clear_object(&f->clock);
    g_clear_pointer(&f->strategy, g_free);
    g_clear_pointer(&f->root, kw_test_tmp_dir_free);
}

static void
start(Fixture *f)
{
    g_autoptr(GError) error = NULL;

    (void) kw_replay_rig_open(f->rig, f->clock, KW_FEED(f->feed), &error);
    g_assert_no_error(error);
    kw_replay_rig_start(f->rig);
}

static KwFeedRow
make_row(guint pair, guint hour)
{
    return (KwFeedRow){
        .pair_index = pair,
        .candle = {.open_us = T0_US + hour * HOUR_US,
                   .open = 100,
                   .high = 101,
                   .low = 99,
                   .close = 100,
                   .volume = 5},
    };
}

/* Rows of both pairs that open at @hour; the one of BTC is @btc. */
static void
add_hour(Fixture *f, guint hour, KwFeedRow btc)
{
    KwFeedBatch batch = {.close_us = T0_US + (hour + 1) * HOUR_US, .n_rows = 2};

    batch.rows[0] = btc;
    batch.rows[1] = make_row(1, hour);
    kw_list_feed_add(f->feed, batch.close_us, &batch);
}

static const KwSeries *
get_series(Fixture *f, guint pair)
{
    return kw_frame_get_series(kw_replay_rig_get_book(f->rig)->slots[pair].frame);
}

/* Each bad row is left out, the other pair and the next hour are not touched. */
static void
test_bad_values(void)
{
    static const struct {
        const gchar *name;
        gdouble open, high, low, close, volume;
    } rows[] = {
        {"zero", 0, 101, 0, 100, 5},
        {"negative", 100, 101, -1, 100, 5},
        {"nan", 100, NAN, 99, 100, 5},
        {"infinite", 100, INFINITY, 99, 100, 5},
        {"huge", 100, 1e308, 99, 100, 5},
        {"high below low", 100, 99, 101, 100, 5},
        {"close outside", 100, 101, 99, 150, 5},
        {"negative volume", 100, 101, 99, 100, -1},
    };
    Fixture f;

    fixture_init(&f);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwFeedRow bad = make_row(0, 2 * i);

        bad.candle.open = rows[i].open;
        bad.candle.high = rows[i].high;
        bad.candle.low = rows[i].low;
        bad.candle.close = rows[i].close;
        bad.candle.volume = rows[i].volume;
        add_hour(&f, 2 * i, bad);
        add_hour(&f, 2 * i + 1, make_row(0, 2 * i + 1));
    }
    start(&f);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        kw_replay_rig_run(f.rig, T0_US + (2 * i + 2) * HOUR_US);
        g_assert_cmpuint(kw_series_get_length(get_series(&f, 0)), ==, i + 1);
        g_assert_cmpuint(kw_series_get_length(get_series(&f, 1)), ==, 2 * i + 2);
    }
    fixture_clear(&f);
}

static void
add_times(Fixture *f)
{
    KwFeedBatch future = {.close_us = T0_US + 50 * HOUR_US, .n_rows = 1};
    KwFeedBatch past = {.close_us = T0_US + 2 * HOUR_US, .n_rows = 1};
    KwFeedBatch twice = {.close_us = T0_US + 5 * HOUR_US, .n_rows = 2};
    KwFeedRow off_grid = make_row(0, 5);

    for (guint hour = 0; hour < 3; hour++)
        add_hour(f, hour, make_row(0, hour));
    future.rows[0] = make_row(0, 49);
    kw_list_feed_add(f->feed, T0_US + 3 * HOUR_US, &future);
    past.rows[0] = make_row(0, 1);
    kw_list_feed_add(f->feed, T0_US + 3 * HOUR_US, &past);
    add_hour(f, 3, make_row(0, 3));
    twice.rows[0] = twice.rows[1] = make_row(0, 4);
    twice.rows[1].candle.close = 99.5;
    kw_list_feed_add(f->feed, T0_US + 5 * HOUR_US, &twice);
    off_grid.candle.open_us += 60 * G_USEC_PER_SEC;
    add_hour(f, 5, off_grid);
    add_hour(f, 6, make_row(7, 6)); /* no such pair */
    kw_list_feed_add_failure(f->feed, T0_US + 7 * HOUR_US);
    add_hour(f, 7, make_row(0, 7));
}

/* Of the future, of the past, twice, between two hours, of nobody; and a call that fails. */
static void
test_bad_times(void)
{
    static const guint hours[] = {0, 1, 2, 3, 4, 7};
    const KwSeries *series;
    Fixture f;

    fixture_init(&f);
    add_times(&f);
    start(&f);
    kw_replay_rig_run(f.rig, T0_US + 9 * HOUR_US);
    series = get_series(&f, 0);
    g_assert_cmpuint(kw_series_get_length(series), ==, G_N_ELEMENTS(hours));
    for (guint i = 0; i < G_N_ELEMENTS(hours); i++)
        g_assert_cmpint(kw_series_get_times(series)[i], ==, T0_US + hours[i] * HOUR_US);
    g_assert_cmpfloat(kw_series_get_closes(series)[4], ==, 100);
    g_assert_false(f.rig->is_ended);
    g_assert_cmpint(kw_replay_rig_get_book(f.rig)->row_us, ==, T0_US + 8 * HOUR_US);
    fixture_clear(&f);
}

/* A price of zero is no stop: the trade stays open. */
static void
test_no_stop_by_a_bad_row(void)
{
    KwFeedRow enter, bad;
    Fixture f;

    fixture_init(&f);
    enter = make_row(0, 0);
    enter.candle.volume = 1;
    add_hour(&f, 0, enter);
    add_hour(&f, 1, make_row(0, 1));
    bad = make_row(0, 2);
    bad.candle.low = 0;
    add_hour(&f, 2, bad);
    start(&f);
    kw_replay_rig_run(f.rig, T0_US + 3 * HOUR_US);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_replay_rig_get_book(f.rig)->portfolio), ==, 1);
    fixture_clear(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/engine/sieve/values", test_bad_values);
    g_test_add_func("/engine/sieve/times", test_bad_times);
    g_test_add_func("/engine/sieve/stop", test_no_stop_by_a_bad_row);
    return g_test_run();
}
