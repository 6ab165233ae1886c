/* test-replay-feed.c: batches in order, never before their time, the same ones every time */
#include "kw-clock.h"
#include "kw-error.h"
#include "kw-replay-feed.h"

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define T0 (G_GINT64_CONSTANT(473000) * HOUR)

typedef struct {
    KwFakeClock *clock;
    KwFeed *feed;
    GString *log; /* "close/pair,pair;" in hours since T0 */
    guint n_calls;
    gboolean at_end;
    GError *error;
} Reader;

/* Hours since T0, -1 terminated */
static KwSeries *
series_of(const gint *hours, gdouble price)
{
    KwSeries *series = kw_series_new(HOUR);

    for (; *hours >= 0; hours++) {
        gdouble close = price + *hours;
        KwCandle candle = {T0 + *hours * HOUR, close, close + 1, close - 1, close, 5};

        g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

static KwFeed *
feed_new(KwFakeClock *clock)
{
    static const gint btc[] = {0, 1, 2, 5, 6, -1};
    static const gint eth[] = {1, 2, 3, 6, -1};
    g_autoptr(GError) error = NULL;
    KwReplayPair pairs[2] = {
        {.series = series_of(eth, 100)},
        {.series = series_of(btc, 1000)},
    };
    KwReplayFeed *feed;

    g_assert_true(kw_pair_init(&pairs[0].pair, "ETH/USDT", NULL));
    g_assert_true(kw_pair_init(&pairs[1].pair, "BTC/USDT", NULL));
    feed = kw_replay_feed_new(KW_CLOCK(clock), pairs, 2, &error);
    g_assert_no_error(error);
    g_assert_null(pairs[0].series);
    return KW_FEED(feed);
}

static void
reader_init(Reader *reader, gint64 now_us)
{
    *reader = (Reader){.clock = kw_fake_clock_new(now_us), .log = g_string_new(NULL)};
    reader->feed = feed_new(reader->clock);
}

static void
reader_clear(Reader *reader)
{
    g_clear_error(&reader->error);
    g_object_add_weak_pointer(G_OBJECT(reader->feed), (gpointer *) &reader->feed);
    g_object_unref(reader->feed);
    g_assert_null(reader->feed); /* no call holds on to it */
    g_clear_object(&reader->clock);
    g_string_free(reader->log, TRUE);
}

static void
drain(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static void
on_batch(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Reader *reader = user_data;
    const KwFeedBatch *batch = kw_feed_next_finish(KW_FEED(source), result, &reader->error);

    reader->n_calls++;
    if (batch == NULL) {
        reader->at_end = reader->error == NULL;
        return;
    }
    g_assert_cmpint(kw_clock_now_us(KW_CLOCK(reader->clock)), >=, batch->close_us);
    g_string_append_printf(reader->log, "%d/", (gint) ((batch->close_us - T0) / HOUR));
    for (guint i = 0; i < batch->n_rows; i++) {
        const KwFeedRow *row = &batch->rows[i];
        gchar name[KW_PAIR_NAME_SIZE];

        g_assert_cmpint(row->candle.open_us + HOUR, ==, batch->close_us);
        (void) kw_pair_get_base(kw_feed_get_pair(KW_FEED(source), row->pair_index), name);
        g_string_append_printf(reader->log, "%s%s=%g", i == 0 ? "" : ",", name,
                               row->candle.close);
    }
    g_string_append_c(reader->log, ';');
    kw_feed_next_async(KW_FEED(source), NULL, on_batch, reader);
}

#define ALL_BATCHES                                                                            \
    "1/BTC=1000;2/BTC=1001,ETH=101;3/BTC=1002,ETH=102;4/ETH=103;6/BTC=1005;7/"                 \
    "BTC=1006,ETH=106;"

static void
test_feed_past_data_comes_at_once(void)
{
    Reader reader;

    reader_init(&reader, T0 + 100 * HOUR);
    kw_feed_next_async(reader.feed, NULL, on_batch, &reader);
    g_assert_cmpuint(reader.n_calls, ==, 0); /* never from inside the call */
    drain();
    g_assert_cmpstr(reader.log->str, ==, ALL_BATCHES);
    g_assert_true(reader.at_end);
    reader_clear(&reader);
}

static void
test_feed_waits_for_the_clock(void)
{
    Reader reader;

    reader_init(&reader, T0);
    kw_feed_next_async(reader.feed, NULL, on_batch, &reader);
    drain();
    kw_fake_clock_advance(reader.clock, HOUR - 1);
    drain();
    g_assert_cmpstr(reader.log->str, ==, "");

    kw_fake_clock_advance(reader.clock, 1);
    drain();
    g_assert_cmpstr(reader.log->str, ==, "1/BTC=1000;");

    for (guint i = 0; i < 10; i++) {
        kw_fake_clock_advance(reader.clock, HOUR);
        drain();
    }
    g_assert_cmpstr(reader.log->str, ==, ALL_BATCHES);
    g_assert_true(reader.at_end);
    reader_clear(&reader);
}

static void
test_feed_seek(void)
{
    static const struct {
        gint64 after_us;
        const gchar *first;
    } rows[] = {
        {G_MININT64, "1/"},        {T0, "1/"},
        {T0 + HOUR - 1, "1/"},     {T0 + HOUR, "2/"},
        {T0 + 4 * HOUR, "6/"},     {T0 + 6 * HOUR, "7/"},
        {T0 + 7 * HOUR - 1, "7/"}, {T0 + 7 * HOUR, ""},
        {G_MAXINT64, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        Reader reader;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        reader_init(&reader, T0 + 100 * HOUR);
        kw_feed_seek(reader.feed, rows[i].after_us);
        kw_feed_next_async(reader.feed, NULL, on_batch, &reader);
        drain();
        g_assert_true(reader.at_end);
        if (*rows[i].first == '\0')
            g_assert_cmpstr(reader.log->str, ==, "");
        else
            g_assert_true(g_str_has_prefix(reader.log->str, rows[i].first));
        reader_clear(&reader);
    }
}

static void
test_feed_history(void)
{
    Reader reader;
    g_autoptr(KwSeries) all = kw_series_new(HOUR);
    g_autoptr(KwSeries) some = kw_series_new(HOUR);
    g_autoptr(KwSeries) none = kw_series_new(HOUR);

    reader_init(&reader, T0);
    kw_feed_load_history(reader.feed, 0, G_MAXINT64, 100, all);
    g_assert_cmpuint(kw_series_get_length(all), ==, 5);

    /* the row that opens at 5 closes at 6: known then and not before */
    kw_feed_load_history(reader.feed, 0, T0 + 6 * HOUR - 1, 2, some);
    g_assert_cmpuint(kw_series_get_length(some), ==, 2);
    g_assert_cmpint(kw_series_get_times(some)[1], ==, T0 + 2 * HOUR);

    kw_feed_load_history(reader.feed, 0, T0, 100, none);
    g_assert_cmpuint(kw_series_get_length(none), ==, 0);
    reader_clear(&reader);
}

static void
test_feed_range(void)
{
    Reader reader;

    reader_init(&reader, T0 + 100 * HOUR);
    kw_replay_feed_set_range(KW_REPLAY_FEED(reader.feed), T0 + 2 * HOUR, T0 + 6 * HOUR);
    g_assert_cmpint(kw_replay_feed_get_next_close_us(KW_REPLAY_FEED(reader.feed)), ==,
                    T0 + 3 * HOUR);
    kw_feed_seek(reader.feed, T0); /* cannot leave the range */
    kw_feed_next_async(reader.feed, NULL, on_batch, &reader);
    drain();
    g_assert_cmpstr(reader.log->str, ==, "3/BTC=1002,ETH=102;4/ETH=103;6/BTC=1005;");
    g_assert_true(reader.at_end);
    g_assert_cmpint(kw_replay_feed_get_next_close_us(KW_REPLAY_FEED(reader.feed)), ==,
                    G_MAXINT64);
    g_assert_cmpint(kw_replay_feed_get_first_us(KW_REPLAY_FEED(reader.feed)), ==, T0);
    g_assert_cmpint(kw_replay_feed_get_last_us(KW_REPLAY_FEED(reader.feed)), ==, T0 + 6 * HOUR);
    reader_clear(&reader);
}

/* A cancelled call loses no row, and leaves no timer behind. */
static void
test_feed_cancel(void)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Reader reader;

    reader_init(&reader, T0);
    kw_feed_next_async(reader.feed, cancellable, on_batch, &reader);
    drain();
    g_cancellable_cancel(cancellable);
    drain();
    g_assert_error(reader.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint(kw_fake_clock_get_next_due_us(reader.clock), ==, G_MAXINT64);
    g_clear_error(&reader.error);

    g_cancellable_reset(cancellable);
    kw_fake_clock_advance(reader.clock, 100 * HOUR);
    kw_feed_next_async(reader.feed, cancellable, on_batch, &reader);
    drain();
    g_assert_cmpstr(reader.log->str, ==, ALL_BATCHES);
    reader_clear(&reader);
}

/* A call with a cancellable that is never cancelled must not keep the feed alive. */
static void
test_feed_unused_cancellable(void)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Reader reader;

    reader_init(&reader, T0 + 6 * HOUR);
    kw_feed_seek(reader.feed, T0 + 6 * HOUR);
    kw_feed_next_async(reader.feed, cancellable, on_batch, &reader);
    kw_fake_clock_advance(reader.clock, HOUR);
    drain();
    g_assert_cmpstr(reader.log->str, ==, "7/BTC=1006,ETH=106;");
    reader_clear(&reader);
}

static void
test_feed_identity(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(T0);
    g_autoptr(KwFeed) first = feed_new(clock);
    g_autoptr(KwFeed) second = feed_new(clock);
    static const gint hours[] = {0, 1, 2, 5, 6, -1};
    KwReplayPair other = {.series = series_of(hours, 1000), .synthetic = TRUE};
    g_autoptr(KwReplayFeed) third = NULL;

    g_assert_true(kw_pair_init(&other.pair, "BTC/USDT", NULL));
    third = kw_replay_feed_new(KW_CLOCK(clock), &other, 1, NULL);
    g_assert_cmpuint(strlen(kw_feed_get_dataset_hash(first)), ==, 64);
    g_assert_cmpstr(kw_feed_get_dataset_hash(first), ==, kw_feed_get_dataset_hash(second));
    g_assert_cmpstr(kw_feed_get_dataset_hash(first), !=,
                    kw_feed_get_dataset_hash(KW_FEED(third)));
    g_assert_false(kw_feed_get_synthetic(first));
    g_assert_true(kw_feed_get_synthetic(KW_FEED(third)));
    g_assert_cmpint(kw_feed_get_timeframe_us(first), ==, HOUR);
}

static void
test_feed_refuses_mixed_series(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(T0);
    g_autoptr(KwSeries) hour = kw_series_new(HOUR);
    g_autoptr(KwSeries) minute = kw_series_new(HOUR / 60);
    g_autoptr(GError) error = NULL;
    KwReplayPair pairs[2] = {{.series = hour}, {.series = minute}};

    g_assert_true(kw_pair_init(&pairs[0].pair, "BTC/USDT", NULL));
    g_assert_true(kw_pair_init(&pairs[1].pair, "ETH/USDT", NULL));
    g_assert_null(kw_replay_feed_new(KW_CLOCK(clock), pairs, 2, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT);
    g_assert_nonnull(pairs[0].series);
    g_clear_error(&error);

    pairs[1] = pairs[0];
    g_assert_null(kw_replay_feed_new(KW_CLOCK(clock), pairs, 2, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/replay-feed/past-data-comes-at-once",
                    test_feed_past_data_comes_at_once);
    g_test_add_func("/market/replay-feed/waits-for-the-clock", test_feed_waits_for_the_clock);
    g_test_add_func("/market/replay-feed/seek", test_feed_seek);
    g_test_add_func("/market/replay-feed/history", test_feed_history);
    g_test_add_func("/market/replay-feed/range", test_feed_range);
    g_test_add_func("/market/replay-feed/cancel", test_feed_cancel);
    g_test_add_func("/market/replay-feed/unused-cancellable", test_feed_unused_cancellable);
    g_test_add_func("/market/replay-feed/identity", test_feed_identity);
    g_test_add_func("/market/replay-feed/refuses-mixed-series", test_feed_refuses_mixed_series);
    return g_test_run();
}
