/* test-kraken-feed.c: live candles of the fake Kraken: closed by the clock, confirmed over REST
 *
 * F25 (a black hole), F29 (silence), F30 (gaps, repeats), F33, F34. */
#include "kw-error.h"
#include "kw-fake-kraken.h"
#include "kw-kraken-feed.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define T0_US (KW_TEST_T0_US / MINUTE_US * MINUTE_US)

typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwKraken *kraken;
    KwKrakenFeed *feed;
    GError *error;
    gboolean is_open, is_opened;
    KwFeedBatch batches[64];
    guint n_batches;
    GCancellable *cancel;
} Fixture;

static const gchar *const two_pairs[] = {"BTC/EUR", "ETH/EUR", NULL};

static void
make_feed(Fixture *f, const gchar *const *pairs)
{
    const KwKrakenOptions options = {
        .url = kw_fake_kraken_get_rest(f->fake),
        .user_agent = "kurswart-test",
        .ca_file = kw_fake_kraken_get_ca_file(f->fake),
        .timeout_ms = 1000,
        .seed = 1,
    };
    KwKrakenFeedOptions feed = {
        .pairs = pairs,
        .timeframe_us = MINUTE_US,
        .ws_url = kw_fake_kraken_get_ws(f->fake),
        .user_agent = "kurswart-test",
        .ca_file = kw_fake_kraken_get_ca_file(f->fake),
    };
    g_autoptr(GError) error = NULL;

    f->kraken = kw_kraken_new(KW_CLOCK(f->clock), &options, &error);
    g_assert_no_error(error);
    feed.kraken = f->kraken;
    f->feed = kw_kraken_feed_new(KW_CLOCK(f->clock), &feed);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->fake = kw_fake_kraken_new(T0_US);
    f->clock = kw_fake_clock_new(T0_US);
    f->cancel = g_cancellable_new();
    kw_fake_kraken_tell(
        f->fake, "walk",
        "{\"pair\":\"XBTEUR\",\"price\":58000,\"per_minute\":30,\"history_s\":7200}");
    /* hardly anybody trades this one: most minutes are silent */
    kw_fake_kraken_tell(
        f->fake, "walk",
        "{\"pair\":\"ETHEUR\",\"price\":3000,\"per_minute\":0.3,\"history_s\":7200}");
    make_feed(f, two_pairs);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_cancellable_cancel(f->cancel);
    for (guint i = 0; i < 20; i++)
        (void) g_main_context_iteration(NULL, FALSE);
    g_clear_object(&f->feed);
    g_clear_object(&f->kraken);
    g_clear_object(&f->clock);
    g_clear_object(&f->cancel);
    g_clear_error(&f->error);
    kw_fake_kraken_free(f->fake);
}

static void
on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->is_open = kw_kraken_feed_open_finish(KW_KRAKEN_FEED(source), result, &f->error);
    f->is_opened = TRUE;
}

static gboolean
is_opened(gpointer user_data)
{
    return ((Fixture *) user_data)->is_opened;
}

static gboolean
is_live(gpointer user_data)
{
    Fixture *f = user_data;

    return kw_kraken_stream_is_live(
        kw_kraken_quotes_get_stream(kw_kraken_feed_get_quotes(f->feed)));
}

static void
on_batch(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;
    const KwFeedBatch *batch = kw_feed_next_finish(KW_FEED(source), result, NULL);

    if (batch == NULL)
        return;
    g_assert_cmpuint(f->n_batches, <, G_N_ELEMENTS(f->batches));
    f->batches[f->n_batches++] = *batch;
    kw_feed_next_async(KW_FEED(source), f->cancel, on_batch, f);
}

static void
go_live(Fixture *f)
{
    kw_kraken_feed_open_async(f->feed, NULL, on_opened, f);
    kw_fake_kraken_wait(is_opened, f, "the opening");
    g_assert_no_error(f->error);
    kw_fake_kraken_wait(is_live, f, "the stream");
    kw_feed_seek(KW_FEED(f->feed), kw_clock_now_us(KW_CLOCK(f->clock)));
    kw_feed_next_async(KW_FEED(f->feed), f->cancel, on_batch, f);
}

/* Seconds pass, with a little real time for the answers of each */
static void
pass(Fixture *f, guint seconds)
{
    for (guint i = 0; i < seconds; i++)
        kw_fake_kraken_pass_second(f->fake, f->clock, 8000);
}

/* Batches follow one another without a hole, each candle at its place */
static void
check_batches(Fixture *f, guint n_rows)
{
    for (guint i = 0; i < f->n_batches; i++) {
        if (i > 0)
            g_assert_cmpint(f->batches[i].close_us, ==, f->batches[i - 1].close_us + MINUTE_US);
        g_assert_cmpuint(f->batches[i].n_rows, ==, n_rows);
        for (guint k = 0; k < n_rows; k++)
            g_assert_cmpint(f->batches[i].rows[k].candle.open_us, ==,
                            f->batches[i].close_us - MINUTE_US);
    }
}

static void
test_history(Fixture *f, gconstpointer data)
{
    g_autoptr(KwSeries) series = kw_series_new(MINUTE_US);

    go_live(f);
    g_assert_cmpuint(kw_feed_get_n_pairs(KW_FEED(f->feed)), ==, 2);
    g_assert_cmpint(kw_feed_get_pair(KW_FEED(f->feed), 1)->price_tick.scale, ==, 2);
    kw_feed_load_history(KW_FEED(f->feed), 1, T0_US, 50, series);
    g_assert_cmpuint(kw_series_get_length(series), ==, 50);
    g_assert_cmpint(kw_series_get_times(series)[49], ==, T0_US - MINUTE_US);
    for (gsize i = 1; i < 50; i++) /* silent minutes are there */
        g_assert_cmpint(kw_series_get_times(series)[i], ==,
                        kw_series_get_times(series)[i - 1] + MINUTE_US);
}

/* Older than OHLC reaches: made of trades, silent minutes flat, and no hole anywhere. */
static void
test_refill(Fixture *f, gconstpointer data)
{
    static const gchar *const one_pair[] = {"XRP/EUR", NULL};
    const gint64 from_us = T0_US - 800 * MINUTE_US;
    const KwCandle stored = {
        .open_us = from_us, .open = 1, .high = 1, .low = 1, .close = 1, .volume = 3};
    g_autoptr(KwSeries) series = kw_series_new(MINUTE_US), all = kw_series_new(MINUTE_US);
    KwCandle fifth, tenth;

    g_clear_object(&f->feed);
    g_clear_object(&f->kraken);
    kw_fake_kraken_tell(
        f->fake, "trades",
        "{\"pair\":\"XRPEUR\",\"rows\":[[%" G_GINT64_FORMAT ",\"1.00000\",\"3\",\"b\"],"
        "[%" G_GINT64_FORMAT ",\"1.20000\",\"2\",\"b\"],[%" G_GINT64_FORMAT
        ",\"1.10000\",\"1\",\"s\"],[%" G_GINT64_FORMAT ",\"1.30000\",\"1\",\"b\"]]}",
        from_us + 1, from_us + 10 * MINUTE_US, from_us + 11 * MINUTE_US - 1, T0_US - MINUTE_US);
    make_feed(f, one_pair);
    g_assert_true(kw_series_append(series, &stored));
    kw_kraken_feed_add_history(f->feed, 0, series);
    go_live(f);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "Trades"), ==, 1);
    kw_feed_load_history(KW_FEED(f->feed), 0, T0_US, 900, all);
    g_assert_cmpuint(kw_series_get_length(all), ==, 800);
    for (gsize i = 0; i < 800; i++)
        g_assert_cmpint(kw_series_get_times(all)[i], ==, from_us + (gint64) i * MINUTE_US);
    fifth = kw_series_get(all, 5);
    tenth = kw_series_get(all, 10);
    g_assert_cmpfloat(fifth.close, ==, 1);
    g_assert_cmpfloat(fifth.volume, ==, 0);
    g_assert_cmpfloat(tenth.open, ==, 1.2);
    g_assert_cmpfloat(tenth.low, ==, 1.1);
    g_assert_cmpfloat(tenth.close, ==, 1.1);
    g_assert_cmpfloat(tenth.volume, ==, 3);
    g_assert_cmpfloat(kw_series_get(all, 99).close, ==, 1.1);
}

/* Pages of a thousand, each a second after the one before */
static void
test_refill_pages(Fixture *f, gconstpointer data)
{
    static const gchar *const one_pair[] = {"LTC/EUR", NULL};
    const gint64 from_us = T0_US - 800 * MINUTE_US;
    const KwCandle stored = {
        .open_us = from_us, .open = 80, .high = 80, .low = 80, .close = 80, .volume = 3};
    g_autoptr(KwSeries) series = kw_series_new(MINUTE_US), all = kw_series_new(MINUTE_US);

    g_clear_object(&f->feed);
    g_clear_object(&f->kraken);
    kw_fake_kraken_tell(
        f->fake, "walk",
        "{\"pair\":\"LTCEUR\",\"price\":80,\"per_minute\":30,\"history_s\":50000}");
    make_feed(f, one_pair);
    g_assert_true(kw_series_append(series, &stored));
    kw_kraken_feed_add_history(f->feed, 0, series);
    kw_kraken_feed_open_async(f->feed, NULL, on_opened, f);
    for (guint i = 0; i < 30 && !f->is_opened; i++)
        pass(f, 1);
    kw_fake_kraken_wait(is_opened, f, "the opening");
    g_assert_no_error(f->error);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "Trades"), >=, 3);
    kw_feed_load_history(KW_FEED(f->feed), 0, T0_US, 900, all);
    g_assert_cmpuint(kw_series_get_length(all), ==, 800);
    for (gsize i = 1; i < 100; i++) {
        g_assert_cmpint(kw_series_get_times(all)[i], ==, from_us + (gint64) i * MINUTE_US);
        g_assert_cmpfloat(kw_series_get(all, i).volume, >, 0);
    }
}

static void
test_live(Fixture *f, gconstpointer data)
{
    KwKrakenFeedCounts counts;
    KwFeedQuote quote;
    guint n_asked;

    go_live(f);
    n_asked = kw_fake_kraken_count(f->fake, "OHLC");
    pass(f, 61);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "OHLC"), ==, n_asked); /* it may change */
    pass(f, 244);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "OHLC"), >, n_asked);
    g_assert_cmpuint(f->n_batches, ==, 5);
    g_assert_cmpint(f->batches[0].close_us, ==, T0_US + MINUTE_US);
    check_batches(f, 2);
    counts = kw_kraken_feed_get_counts(f->feed);
    g_assert_cmpuint(counts.n_confirmed, >=, 10);
    g_assert_cmpuint(counts.n_streamed + counts.n_flat, ==, 0);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_cmpfloat(quote.ask, >, quote.bid);
    g_assert_cmpfloat(quote.ask_depth, >, 0);
    g_assert_true(quote.is_open);
}

/* F47: stepped back an hour, and forth by more, the wall clock is soon seen to be wrong: the
 * exchange's time is asked for again, and the candles come as they end. */
static void
test_clock_stepped(Fixture *f, gconstpointer data)
{
    const gint64 steps_us[] = {-G_TIME_SPAN_HOUR, 3 * G_TIME_SPAN_HOUR};
    guint n_asked;

    go_live(f);
    pass(f, 65);
    g_assert_cmpuint(f->n_batches, ==, 1);
    for (guint i = 0; i < G_N_ELEMENTS(steps_us); i++) {
        n_asked = kw_fake_kraken_count(f->fake, "Time");
        kw_fake_clock_step(f->clock, steps_us[i]);
        pass(f, 120);
        g_assert_cmpuint(kw_fake_kraken_count(f->fake, "Time"), ==, n_asked + 1);
        g_assert_cmpuint(f->n_batches, ==, 3 + 2 * i);
    }
    check_batches(f, 2);
}

/* REST is away: the stream's candles go on, silent minutes stay flat. */
static void
test_rest_away(Fixture *f, gconstpointer data)
{
    KwKrakenFeedCounts counts;

    go_live(f);
    pass(f, 65);
    kw_fake_kraken_tell(f->fake, "fault",
                        "{\"call\":\"OHLC\",\"do\":\"html_before\",\"times\":10000}");
    pass(f, 300);
    counts = kw_kraken_feed_get_counts(f->feed);
    g_assert_cmpuint(counts.n_streamed, >=, 2);
    g_assert_cmpuint(counts.n_flat, >=, 1);
    g_assert_cmpuint(f->n_batches, >=, 3);
    check_batches(f, 2);
}

/* F25: nothing at all for some minutes: no candle is made up, then all come one by one. */
static void
test_black_hole(Fixture *f, gconstpointer data)
{
    guint n_before;
    KwFeedQuote quote;

    go_live(f);
    pass(f, 65);
    n_before = f->n_batches;
    kw_fake_kraken_tell(f->fake, "fault",
                        "{\"call\":\"OHLC\",\"do\":\"drop_before\",\"times\":10000}");
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"refuse\",\"attempts\":0}");
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"close\"}");
    pass(f, 300);
    g_assert_cmpuint(f->n_batches, ==, n_before);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_true(isnan(quote.bid)); /* no old price is taken for a quote */
    g_assert_cmpint(quote.age_us, >=, 299 * G_USEC_PER_SEC); /* over all connections */
    kw_fake_kraken_tell(f->fake, "clear", "{}");
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"refuse\",\"attempts\":1000}");
    pass(f, 60);
    g_assert_cmpuint(f->n_batches, >=, n_before + 5);
    check_batches(f, 2);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_false(isnan(quote.bid));
    g_assert_cmpint(quote.age_us, <, 61 * G_USEC_PER_SEC);
}

/* F33, F34 */
static void
test_states(Fixture *f, gconstpointer data)
{
    KwFeedQuote quote;

    go_live(f);
    kw_fake_kraken_tell(f->fake, "system", "{\"status\":\"post_only\"}");
    pass(f, 2);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_false(quote.is_open);
    kw_fake_kraken_tell(f->fake, "system", "{\"status\":\"online\"}");
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"ETHEUR\",\"status\":\"delisted\"}");
    pass(f, 2);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_true(quote.is_open);
    kw_feed_get_quote(KW_FEED(f->feed), 1, &quote);
    g_assert_false(quote.is_open);
    pass(f, 200); /* the other pair goes on without the one that has no candles */
    g_assert_cmpuint(f->n_batches, >=, 1);
}

static void
test_revised(Fixture *f, gconstpointer data)
{
    go_live(f);
    pass(f, 65);
    kw_fake_kraken_tell(f->fake, "revise",
                        "{\"pair\":\"XBTEUR\",\"minute\":%" G_GINT64_FORMAT
                        ",\"close\":\"61000.0\"}",
                        T0_US / MINUTE_US);
    pass(f, 60);
    g_assert_cmpuint(kw_kraken_feed_get_counts(f->feed).n_revised, >=, 1);
}

static void
test_no_such_pair(Fixture *f, gconstpointer data)
{
    static const gchar *const pairs[] = {"NIX/EUR", NULL};

    g_clear_object(&f->feed);
    g_clear_object(&f->kraken);
    make_feed(f, pairs);
    kw_kraken_feed_open_async(f->feed, NULL, on_opened, f);
    kw_fake_kraken_wait(is_opened, f, "the opening");
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_nonnull(strstr(f->error->message, "NIX/EUR"));
}

/* F25: an opening that nobody answers is ended from outside. */
static void
test_opening_ended(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"Assets\",\"do\":\"hole_before\"}");
    kw_kraken_feed_open_async(f->feed, NULL, on_opened, f);
    for (guint i = 0; i < 50; i++)
        (void) g_main_context_iteration(NULL, FALSE);
    kw_kraken_feed_close(f->feed);
    kw_fake_kraken_wait(is_opened, f, "the end of the opening");
    g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
#define ADD(name, func)                                                                        \
    g_test_add("/exchange/kraken-feed/" name, Fixture, NULL, set_up, func, tear_down)
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    ADD("history", test_history);
    ADD("refill", test_refill);
    ADD("refill-pages", test_refill_pages);
    ADD("live", test_live);
    ADD("f47/clock-stepped", test_clock_stepped);
    ADD("rest-away", test_rest_away);
    ADD("black-hole", test_black_hole);
    ADD("states", test_states);
    ADD("revised", test_revised);
    ADD("no-such-pair", test_no_such_pair);
    ADD("opening-ended", test_opening_ended);
    return g_test_run();
}
