/* test-mt5-feed.c: candles and prices of a fake bridge: closed ones alone, gaps, a market that
 * is closed, a bridge that is silent
 *
 * Clock and bridge are moved together. */
#include "kw-error.h"
#include "kw-fake-mt5.h"
#include "kw-mt5-feed.h"
#include "kw-test.h"
#include "kw-timeframe.h"

#include <math.h>
#include <string.h>

#define T0_US (KW_TEST_T0_US / G_TIME_SPAN_MINUTE * G_TIME_SPAN_MINUTE)
#define MINUTE_US KW_TIMEFRAME_1M_US

static const gchar *const names[] = {"BTC/USD", "ETH/USD", NULL};

typedef struct {
    KwFakeMt5 *fake;
    KwFakeClock *clock;
    KwMt5 *mt5;
    KwMt5Directory *directory;
    KwMt5Feed *feed;
    GError *error;
    KwFeedBatch batch; /* the last one; close_us 0: none yet */
    guint n_batches;
    gboolean is_done;
} Fixture;

static void
pass_ms(guint ms)
{
    gint64 until_us = kw_stopwatch_us() + ms * G_TIME_SPAN_MILLISECOND;

    while (kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
}

static void
wait_for(Fixture *f)
{
    gint64 until_us = kw_stopwatch_us() + 10 * G_USEC_PER_SEC;

    while (!f->is_done && kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_true(f->is_done);
    f->is_done = FALSE;
}

static void
pass_seconds(Fixture *f, guint seconds)
{
    for (guint i = 0; i < seconds; i++) {
        kw_fake_clock_advance(f->clock, G_USEC_PER_SEC);
        kw_fake_mt5_set_time(f->fake, kw_clock_now_us(KW_CLOCK(f->clock)));
        pass_ms(4);
    }
}

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->directory = kw_mt5_directory_finish(KW_MT5(source), result, &f->error);
    f->is_done = TRUE;
}

static void
on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_mt5_feed_open_finish(KW_MT5_FEED(source), result, &f->error);
    f->is_done = TRUE;
}

static void
on_next(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;
    const KwFeedBatch *batch = kw_feed_next_finish(KW_FEED(source), result, &f->error);

    if (batch == NULL)
        return;
    f->batch = *batch;
    f->n_batches++;
    kw_feed_next_async(KW_FEED(source), NULL, on_next, f);
}

static void
connect_bridge(Fixture *f)
{
    KwMt5Options options = {
        .user_agent = "kurswart-test", .url = kw_fake_mt5_get_url(f->fake), .timeout_ms = 5000};
    g_autoptr(KwSecret) token = kw_secret_new(KW_FAKE_MT5_TOKEN, strlen(KW_FAKE_MT5_TOKEN));
    g_autoptr(GError) error = NULL;

    options.token = token;
    f->mt5 = kw_mt5_new(&options, &error);
    g_assert_no_error(error);
    kw_mt5_directory_async(f->mt5, names, NULL, on_directory, f);
    wait_for(f);
    g_assert_no_error(f->error);
}

static KwMt5Feed *
make_feed(Fixture *f, gint64 timeframe_us, const gchar *const *pairs, GError **error)
{
    const KwMt5FeedOptions options = {.pairs = pairs,
                                      .timeframe_us = timeframe_us,
                                      .mt5 = f->mt5,
                                      .history = f->mt5,
                                      .directory = f->directory};

    return kw_mt5_feed_new(KW_CLOCK(f->clock), &options, error);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->fake = kw_fake_mt5_new(FALSE, T0_US + 30 * G_USEC_PER_SEC);
    f->clock = kw_fake_clock_new(T0_US + 30 * G_USEC_PER_SEC);
    connect_bridge(f);
    f->feed = make_feed(f, MINUTE_US, names, &f->error);
    g_assert_no_error(f->error);
    kw_mt5_feed_open_async(f->feed, NULL, on_opened, f);
    wait_for(f);
    g_assert_no_error(f->error);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->feed);
    pass_ms(20);
    g_clear_object(&f->mt5);
    g_clear_pointer(&f->directory, kw_mt5_directory_free);
    g_clear_object(&f->clock);
    g_clear_error(&f->error);
    kw_fake_mt5_free(f->fake);
}

/* The list ends with a candle that is under way: it is not history, and it comes once it is
 * over, once. Steps and minima are the symbol's. */
static void
test_closed_alone(Fixture *f, gconstpointer data)
{
    g_autoptr(KwSeries) past = kw_series_new(MINUTE_US);
    gint64 now_us = kw_clock_now_us(KW_CLOCK(f->clock));
    const KwPair *ether = kw_feed_get_pair(KW_FEED(f->feed), 1);
    gchar text[KW_DECIMAL_TEXT_SIZE];

    g_assert_cmpstr(kw_decimal_to_text(ether->amount_tick, text), ==, "0.1");
    kw_feed_load_history(KW_FEED(f->feed), 0, now_us, 50, past);
    g_assert_cmpuint(kw_series_get_length(past), ==, 50);
    g_assert_cmpint(kw_series_get(past, 49).open_us, ==, T0_US - MINUTE_US);
    kw_feed_next_async(KW_FEED(f->feed), NULL, on_next, f);
    pass_seconds(f, 29);
    g_assert_cmpuint(f->n_batches, ==, 0);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 61000);
    pass_seconds(f, 8);
    g_assert_cmpuint(f->n_batches, ==, 1);
    g_assert_cmpint(f->batch.close_us, ==, T0_US + MINUTE_US);
    g_assert_cmpuint(f->batch.n_rows, ==, 2);
    g_assert_cmpfloat(f->batch.rows[0].candle.close, ==, 61000);
    pass_seconds(f, 120);
    g_assert_cmpuint(f->n_batches, ==, 3);
    g_assert_cmpint(f->batch.close_us, ==, T0_US + 3 * MINUTE_US);
}

static void
test_prices(Fixture *f, gconstpointer data)
{
    KwFeedQuote quote;

    kw_fake_mt5_set_price(f->fake, "ETHUSD", 2500);
    pass_seconds(f, 6);
    kw_feed_get_quote(KW_FEED(f->feed), 1, &quote);
    g_assert_true(quote.is_open);
    g_assert_false(quote.has_book);
    g_assert_cmpfloat_with_epsilon(quote.bid, 2499.875, 0.01);
    g_assert_cmpfloat_with_epsilon(quote.ask, 2500.125, 0.01);
}

/* Some servers' names have in them what has a meaning in an address. */
static void
test_odd_name(Fixture *f, gconstpointer data)
{
    static const gchar *const odd[] = {"BTC/USD=BTC/US #1+?%", NULL}, *const pair[] = {
                                                                          "BTC/USD", NULL};
    KwFeedQuote quote;

    kw_fake_mt5_rename(f->fake, "BTCUSD", "BTC/US #1+?%");
    g_clear_object(&f->feed);
    g_clear_pointer(&f->directory, kw_mt5_directory_free);
    kw_mt5_directory_async(f->mt5, odd, NULL, on_directory, f);
    wait_for(f);
    g_assert_no_error(f->error);
    f->feed = make_feed(f, MINUTE_US, pair, &f->error);
    g_assert_no_error(f->error);
    kw_mt5_feed_open_async(f->feed, NULL, on_opened, f);
    wait_for(f);
    g_assert_no_error(f->error);
    kw_feed_next_async(KW_FEED(f->feed), NULL, on_next, f);
    pass_seconds(f, 40);
    g_assert_cmpuint(f->n_batches, ==, 1);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_cmpfloat_with_epsilon(quote.bid, 59997, 0.01);
}

/* A bridge that is silent gives no price, and the market is as it was; what was missed comes
 * afterwards, row by row. */
static void
test_silent_bridge(Fixture *f, gconstpointer data)
{
    KwFeedQuote quote;

    kw_feed_next_async(KW_FEED(f->feed), NULL, on_next, f);
    pass_seconds(f, 5);
    kw_fake_mt5_set_list_status(f->fake, 502);
    pass_seconds(f, 200);
    g_assert_cmpuint(f->n_batches, ==, 0);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_true(isnan(quote.bid));
    g_assert_true(quote.is_open);
    g_assert_cmpint(ABS(quote.age_us - 200 * G_USEC_PER_SEC), <=, 6 * G_USEC_PER_SEC);
    kw_fake_mt5_set_list_status(f->fake, 0);
    pass_seconds(f, 61);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_cmpint(quote.age_us, <=, 6 * G_USEC_PER_SEC);
    g_assert_cmpuint(f->n_batches, >=, 4);
    g_assert_cmpint(f->batch.close_us, >=, T0_US + 4 * MINUTE_US);
}

/* A bridge that answers nothing for minutes is asked once for each thing, however often the
 * clock comes round; it is said once, and so is the end. */
static void
test_slow_bridge(Fixture *f, gconstpointer data)
{
    guint n_asked;

    kw_feed_next_async(KW_FEED(f->feed), NULL, on_next, f);
    pass_seconds(f, 1);
    kw_fake_mt5_hold_lists(f->fake);
    n_asked = kw_fake_mt5_count_asked(f->fake);
    pass_seconds(f, 240);
    g_assert_cmpuint(kw_fake_mt5_count_asked(f->fake), ==, n_asked + 4); /* price and candles */
    g_assert_cmpuint(f->n_batches, ==, 0);
    g_assert_cmpuint(kw_test_take_warnings(), ==, 2); /* one for each pair */
    kw_fake_mt5_release(f->fake);
    pass_seconds(f, 60);
    g_assert_cmpuint(f->n_batches, >=, 4);
    g_assert_cmpuint(kw_test_take_warnings(), ==, 0);
}

/* Over a weekend there is neither price nor candle: closed, and hardly asked. Then it goes on,
 * with the gap. */
static void
test_market_closed(Fixture *f, gconstpointer data)
{
    KwFeedQuote quote;
    gint64 before_us;

    kw_feed_next_async(KW_FEED(f->feed), NULL, on_next, f);
    pass_seconds(f, 40);
    kw_fake_mt5_close_market(f->fake);
    pass_seconds(f, 11 * 60);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_false(quote.is_open);
    g_assert_true(isnan(quote.ask));
    g_assert_cmpuint(kw_test_take_warnings(), ==, 0); /* nobody is late */
    before_us = f->batch.close_us;
    g_assert_cmpint(before_us, <=, T0_US + 2 * MINUTE_US);
    kw_fake_mt5_open_market(f->fake);
    pass_seconds(f, 130);
    kw_feed_get_quote(KW_FEED(f->feed), 0, &quote);
    g_assert_true(quote.is_open);
    g_assert_cmpint(f->batch.close_us, >, before_us + 10 * MINUTE_US);
}

/* Stopped in the middle of a wait, and while an answer is on its way */
static void
test_cancel(Fixture *f, gconstpointer data)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();

    kw_feed_next_async(KW_FEED(f->feed), cancel, on_next, f);
    g_cancellable_cancel(cancel);
    pass_ms(10);
    g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&f->error);
    kw_feed_next_async(KW_FEED(f->feed), NULL, on_next, f);
    pass_seconds(f, 40);
    g_assert_cmpuint(f->n_batches, ==, 1);
}

/* Days and four hours begin at the server's midnight; a pair has to be there. */
static void
test_refused(Fixture *f, gconstpointer data)
{
    static const gchar *const strange[] = {"XRP/USD", NULL};

    g_assert_null(make_feed(f, 4 * KW_TIMEFRAME_1H_US, names, &f->error));
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_clear_error(&f->error);
    g_assert_null(make_feed(f, MINUTE_US, strange, &f->error));
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();

#define ADD(name, func)                                                                        \
    g_test_add("/exchange/mt5-feed/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("closed-alone", test_closed_alone);
    ADD("prices", test_prices);
    ADD("odd-name", test_odd_name);
    ADD("silent-bridge", test_silent_bridge);
    ADD("slow-bridge", test_slow_bridge);
    ADD("market-closed", test_market_closed);
    ADD("cancel", test_cancel);
    ADD("refused", test_refused);
#undef ADD

    return g_test_run();
}
