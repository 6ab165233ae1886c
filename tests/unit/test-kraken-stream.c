/* test-kraken-stream.c: subscriptions against the fake Kraken over TLS, and the ways they break
 *
 * F28 (broken frame, checksum, sequence gap), F29 (open and silent), F33, F34. */
#include "kw-fake-kraken.h"
#include "kw-kraken-stream.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwKrakenPairs *pairs;
    KwKrakenStream *stream;
    guint n_up, n_down, n_bars, n_books, n_tickers, n_gaps, n_refused, n_tokens, n_instruments;
    guint n_reports, n_balances;
    gint system;
    KwKrakenTicker ticker;
    KwKrakenBar bar;
    KwKrakenReport reports[32];
    guint wanted; /* for the waits */
    guint *counter;
} Fixture;

/* -- what is heard -- */

static void
on_up(KwKrakenStream *stream, gpointer user_data)
{
    ((Fixture *) user_data)->n_up++;
}

static void
on_down(KwKrakenStream *stream, const gchar *why, gpointer user_data)
{
    ((Fixture *) user_data)->n_down++;
}

static void
on_system(KwKrakenStream *stream, gint system, gpointer user_data)
{
    ((Fixture *) user_data)->system = system;
}

static void
on_ticker(KwKrakenStream *stream,
          const gchar *symbol,
          const KwKrakenTicker *ticker,
          gpointer user_data)
{
    Fixture *f = user_data;

    g_assert_cmpstr(symbol, ==, "BTC/EUR");
    f->ticker = *ticker;
    f->n_tickers++;
}

static void
on_bar(KwKrakenStream *stream, const KwKrakenBar *bar, gboolean is_snapshot, gpointer user_data)
{
    Fixture *f = user_data;

    f->bar = *bar;
    f->n_bars++;
}

static void
on_book(KwKrakenStream *stream,
        const gchar *symbol,
        const KwKrakenBook *book,
        gpointer user_data)
{
    g_assert_true(kw_kraken_book_is_whole(book));
    ((Fixture *) user_data)->n_books++;
}

static void
on_instruments(KwKrakenStream *stream, guint n_changed, gpointer user_data)
{
    ((Fixture *) user_data)->n_instruments++;
}

static void
on_report(KwKrakenStream *stream,
          const KwKrakenReport *report,
          gboolean is_snapshot,
          gpointer user_data)
{
    Fixture *f = user_data;

    g_assert_cmpuint(f->n_reports, <, G_N_ELEMENTS(f->reports));
    f->reports[f->n_reports++] = *report;
}

static void
on_balance(KwKrakenStream *stream,
           const gchar *asset,
           const KwDecimal *balance,
           gpointer user_data)
{
    ((Fixture *) user_data)->n_balances++;
}

static void
on_gap(KwKrakenStream *stream, const gchar *channel, const gchar *symbol, gpointer user_data)
{
    ((Fixture *) user_data)->n_gaps++;
}

static void
on_refused(KwKrakenStream *stream, const gchar *what, gpointer user_data)
{
    g_test_message("refused: %s", what);
    ((Fixture *) user_data)->n_refused++;
}

static void
on_token(KwKrakenStream *stream, gpointer user_data)
{
    ((Fixture *) user_data)->n_tokens++;
}

/* -- the fixture -- */

static void
open_stream(Fixture *f, const gchar *url, const gchar *ca_file)
{
    const KwKrakenStreamOptions options = {
        .url = url,
        .user_agent = "kurswart-test",
        .ca_file = ca_file,
        .pairs = f->pairs,
        .book_depth = 10,
        .seed = 1,
    };
    g_autoptr(GError) error = NULL;

    g_clear_object(&f->stream);
    f->stream = kw_kraken_stream_new(KW_CLOCK(f->clock), &options, &error);
    g_assert_no_error(error);
    g_signal_connect(f->stream, "up", G_CALLBACK(on_up), f);
    g_signal_connect(f->stream, "down", G_CALLBACK(on_down), f);
    g_signal_connect(f->stream, "system", G_CALLBACK(on_system), f);
    g_signal_connect(f->stream, "ticker", G_CALLBACK(on_ticker), f);
    g_signal_connect(f->stream, "bar", G_CALLBACK(on_bar), f);
    g_signal_connect(f->stream, "book", G_CALLBACK(on_book), f);
    g_signal_connect(f->stream, "instruments", G_CALLBACK(on_instruments), f);
    g_signal_connect(f->stream, "report", G_CALLBACK(on_report), f);
    g_signal_connect(f->stream, "balance", G_CALLBACK(on_balance), f);
    g_signal_connect(f->stream, "gap", G_CALLBACK(on_gap), f);
    g_signal_connect(f->stream, "refused", G_CALLBACK(on_refused), f);
    g_signal_connect(f->stream, "token", G_CALLBACK(on_token), f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->fake = kw_fake_kraken_new(KW_TEST_T0_US);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->pairs = kw_fake_kraken_make_pairs();
    f->system = -1;
    kw_fake_kraken_tell(
        f->fake, "walk",
        "{\"pair\":\"XBTEUR\",\"price\":58000,\"per_minute\":60,\"history_s\":600}");
    open_stream(f, kw_fake_kraken_get_ws(f->fake), kw_fake_kraken_get_ca_file(f->fake));
    kw_kraken_stream_want(f->stream, "book", "BTC/EUR", 0);
    kw_kraken_stream_want(f->stream, "ticker", "BTC/EUR", 0);
    kw_kraken_stream_want(f->stream, "ohlc", "BTC/EUR", 1);
    kw_kraken_stream_want(f->stream, "instrument", NULL, 0);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->stream);
    g_clear_pointer(&f->pairs, kw_kraken_pairs_unref);
    g_clear_object(&f->clock);
    kw_fake_kraken_free(f->fake);
}

static gboolean
is_counted(gpointer user_data)
{
    Fixture *f = user_data;

    return *f->counter >= f->wanted;
}

static void
wait_for(Fixture *f, guint *counter, guint wanted, const gchar *what)
{
    f->counter = counter;
    f->wanted = wanted;
    kw_fake_kraken_wait(is_counted, f, what);
}

static gboolean
is_live(gpointer user_data)
{
    return kw_kraken_stream_is_live(((Fixture *) user_data)->stream);
}

static void
go_live(Fixture *f)
{
    kw_kraken_stream_start(f->stream);
    kw_fake_kraken_wait(is_live, f, "all subscriptions deliver");
}

/* -- the tests -- */

static void
test_live(Fixture *f, gconstpointer data)
{
    KwDecimal bid, ask;
    guint n_books;

    go_live(f);
    g_assert_cmpint(f->system, ==, KW_KRAKEN_SYSTEM_ONLINE);
    g_assert_cmpuint(f->n_instruments, ==, 1);
    n_books = f->n_books;
    kw_fake_kraken_advance(f->fake, f->clock, 60);
    wait_for(f, &f->n_books, n_books + 20, "books go on");
    g_assert_cmpuint(kw_kraken_stream_get_counts(f->stream).n_mismatches, ==, 0);
    g_assert_cmpuint(kw_kraken_stream_get_counts(f->stream).n_bad, ==, 0);
    g_assert_cmpint(f->bar.interval_us, ==, 60 * G_USEC_PER_SEC);
    g_assert_cmpint(f->bar.candle.open_us, >, KW_TEST_T0_US - 60 * G_USEC_PER_SEC);
    g_assert_true(kw_kraken_book_get_best(kw_kraken_stream_get_book(f->stream, "BTC/EUR"),
                                          KW_SIDE_BUY, &bid));
    g_assert_true(kw_kraken_book_get_best(kw_kraken_stream_get_book(f->stream, "BTC/EUR"),
                                          KW_SIDE_SELL, &ask));
    g_assert_cmpint(kw_decimal_cmp(bid, ask), <, 0);
    g_assert_cmpint(kw_decimal_cmp(f->ticker.bid, f->ticker.ask), <, 0);
    g_assert_cmpint(kw_kraken_stream_get_age_us(f->stream, "ticker", "BTC/EUR"), <,
                    30 * G_USEC_PER_SEC);
    g_assert_cmpint(kw_kraken_stream_get_age_us(f->stream, "ticker", "ETH/EUR"), ==,
                    G_MAXINT64);
}

/* F28: the checksum differs once: the book is fetched anew, the others go on. */
static void
test_checksum(Fixture *f, gconstpointer data)
{
    go_live(f);
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"corrupt\"}");
    for (guint i = 0; i < 60 && f->n_gaps == 0; i++)
        kw_fake_kraken_advance(f->fake, f->clock, 1);
    wait_for(f, &f->n_gaps, 1, "the difference is seen");
    g_assert_cmpuint(kw_kraken_stream_get_counts(f->stream).n_mismatches, ==, 1);
    g_assert_null(kw_kraken_stream_get_book(f->stream, "BTC/EUR"));
    kw_fake_kraken_await(f->fake, f->clock, 120, is_live, f, "the book is back");
    g_assert_nonnull(kw_kraken_stream_get_book(f->stream, "BTC/EUR"));
    g_assert_cmpuint(f->n_down, ==, 0);
}

/* F28: what is no JSON, and what is not known, stops nothing. */
static void
test_strange_frames(Fixture *f, gconstpointer data)
{
    static const gchar *const texts[] = {
        "CloudFlare WebSocket proxy restarting",
        "{\\\"channel\\\":\\\"new\\\",\\\"data\\\":[{}]}",
        "{\\\"channel\\\":\\\"ticker\\\",\\\"data\\\":[{\\\"symbol\\\":\\\"BTC/EUR\\\"}]}",
        "{\\\"Error\\\":\\\"Exceeded msg rate\\\"}",
        "[]",
    };
    guint n_books;

    go_live(f);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"text\",\"text\":\"%s\"}", texts[i]);
    n_books = f->n_books;
    kw_fake_kraken_advance(f->fake, f->clock, 5);
    wait_for(f, &f->n_books, n_books + 2, "books go on");
    g_assert_cmpuint(kw_kraken_stream_get_counts(f->stream).n_bad, ==, 3);
    g_assert_cmpuint(f->n_down, ==, 0);
}

/* F29: the socket stays open and says nothing. */
static void
test_silence(Fixture *f, gconstpointer data)
{
    go_live(f);
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"silence\"}");
    kw_fake_kraken_advance(f->fake, f->clock, 16);
    wait_for(f, &f->n_down, 1, "the silence is noticed");
    kw_fake_kraken_await(f->fake, f->clock, 120, is_live, f, "a new connection delivers");
    g_assert_cmpuint(f->n_up, ==, 2);
}

/* F29: heartbeats flow and one subscription, acknowledged, never delivers. */
static void
test_stall(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"stall\",\"times\":1}");
    kw_kraken_stream_start(f->stream);
    wait_for(f, &f->n_tickers, 1, "the others deliver");
    g_assert_false(kw_kraken_stream_is_live(f->stream));
    kw_fake_kraken_await(f->fake, f->clock, 120, is_live, f, "asked for again");
    g_assert_cmpuint(kw_kraken_stream_get_counts(f->stream).n_stalls, ==, 1);
    g_assert_cmpuint(f->n_down, ==, 0);
}

/* Again and again in vain: a new connection */
static void
test_stall_for_ever(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"stall\",\"times\":1000}");
    kw_kraken_stream_start(f->stream);
    wait_for(f, &f->n_up, 1, "connected");
    kw_fake_kraken_advance(f->fake, f->clock, 45);
    wait_for(f, &f->n_down, 1, "given up");
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"stall\",\"times\":0}");
    /* how long depends on where the way back was when the stall ended */
    kw_fake_kraken_await(f->fake, f->clock, 120, is_live, f, "delivers on another connection");
}

static void
test_reconnect(Fixture *f, gconstpointer data)
{
    go_live(f);
    kw_fake_kraken_tell(f->fake, "restart", "{\"sessions\":false}");
    wait_for(f, &f->n_down, 1, "closed");
    kw_fake_kraken_await(f->fake, f->clock, 120, is_live, f, "resubscribed with snapshots");
    g_assert_nonnull(kw_kraken_stream_get_book(f->stream, "BTC/EUR"));
}

/* F33, F34: states of the exchange and of a pair arrive. */
static void
test_states(Fixture *f, gconstpointer data)
{
    const KwKrakenPair *pair = kw_kraken_pairs_find(f->pairs, "BTC/EUR");

    go_live(f);
    kw_fake_kraken_tell(f->fake, "system", "{\"status\":\"cancel_only\"}");
    kw_fake_kraken_tell(
        f->fake, "pair",
        "{\"pair\":\"XBTEUR\",\"status\":\"reduce_only\",\"ordermin\":\"0.5\"}");
    wait_for(f, &f->n_instruments, 2, "the pair's news");
    g_assert_cmpint(f->system, ==, KW_KRAKEN_SYSTEM_CANCEL_ONLY);
    g_assert_cmpint(pair->state, ==, KW_KRAKEN_PAIR_REDUCE_ONLY);
    g_assert_cmpint(kw_decimal_cmp(pair->market.min_amount, (KwDecimal){5, 1}), ==, 0);
    kw_fake_kraken_tell(f->fake, "system", "{\"status\":\"online\"}");
}

static void
test_refused(Fixture *f, gconstpointer data)
{
    kw_kraken_stream_want(f->stream, "ticker", "XBT/EUR", 0); /* the old name */
    kw_kraken_stream_start(f->stream);
    wait_for(f, &f->n_refused, 1, "refused");
    wait_for(f, &f->n_books, 1, "the others deliver");
}

/* F20: a certificate that nobody trusts is refused; there is no plain way round. */
static void
test_certificate(Fixture *f, gconstpointer data)
{
    open_stream(f, kw_fake_kraken_get_ws(f->fake), NULL);
    kw_kraken_stream_want(f->stream, "ticker", "BTC/EUR", 0);
    kw_kraken_stream_start(f->stream);
    for (guint i = 0; i < 40; i++) {
        kw_fake_clock_advance(f->clock, G_USEC_PER_SEC);
        kw_fake_kraken_tell(f->fake, "advance", "{\"s\":1}");
    }
    g_assert_cmpuint(f->n_up, ==, 0);
    g_assert_cmpuint(f->n_tickers, ==, 0);
}

/* -- private -- */

static void
add_order(Fixture *f, const gchar *args)
{
    kw_fake_kraken_tell(f->fake, "order", "{\"args\":%s}", args);
}

static void
open_private(Fixture *f)
{
    open_stream(f, kw_fake_kraken_get_ws_auth(f->fake), kw_fake_kraken_get_ca_file(f->fake));
    kw_kraken_stream_want(f->stream, "executions", NULL, 0);
    kw_kraken_stream_want(f->stream, "balances", NULL, 0);
    kw_kraken_stream_start(f->stream);
    wait_for(f, &f->n_tokens, 1, "a token is asked for");
    kw_kraken_stream_set_token(f->stream, "wrong");
    wait_for(f, &f->n_tokens, 2, "another token is asked for");
    kw_fake_kraken_tell(f->fake, "token", "{\"token\":\"good\"}");
    kw_kraken_stream_set_token(f->stream, "good");
    kw_fake_kraken_wait(is_live, f, "the private channels deliver");
}

static void
test_executions(Fixture *f, gconstpointer data)
{
    gchar text[KW_DECIMAL_TEXT_SIZE];
    const KwKrakenReport *fill = NULL;

    open_private(f);
    g_assert_cmpuint(f->n_balances, ==, 3);
    add_order(f, "{\"pair\":\"XBTEUR\",\"type\":\"buy\",\"ordertype\":\"market\","
                 "\"volume\":\"0.00100000\",\"cl_ord_id\":\"kw-1\"}");
    wait_for(f, &f->n_reports, 4, "pending_new, new, trade, filled");
    g_assert_cmpstr(f->reports[0].symbol, ==, "BTC/EUR");
    g_assert_cmpstr(f->reports[1].symbol, ==, ""); /* told once */
    g_assert_cmpstr(f->reports[1].client_id, ==, "kw-1");
    fill = &f->reports[2];
    g_assert_cmpstr(fill->exec_id, !=, "");
    g_assert_cmpstr(kw_decimal_to_text(fill->amount, text), ==, "0.001");
    g_assert_cmpint(kw_decimal_sign(fill->fee), >, 0);
    g_assert_cmpstr(fill->fee_asset, ==, "EUR");
    g_assert_cmpint(f->reports[3].state, ==, KW_ORDER_STATE_FILLED);
}

/* F28: a report is lost: its number is missing, the owner is told, the snapshot comes again. */
static void
test_sequence(Fixture *f, gconstpointer data)
{
    open_private(f);
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"drop_report\",\"times\":1}");
    add_order(f, "{\"pair\":\"XBTEUR\",\"type\":\"buy\",\"ordertype\":\"limit\","
                 "\"price\":\"40000\",\"volume\":\"0.00100000\",\"cl_ord_id\":\"kw-2\"}");
    wait_for(f, &f->n_gaps, 1, "the gap is seen");
    kw_fake_kraken_await(f->fake, f->clock, 120, is_live, f, "subscribed again");
    g_assert_cmpstr(f->reports[f->n_reports - 1].client_id, ==, "kw-2");
    g_assert_cmpstr(f->reports[f->n_reports - 1].symbol, ==, "BTC/EUR");
}

int
main(int argc, char **argv)
{
#define ADD(name, func)                                                                        \
    g_test_add("/exchange/kraken-stream/" name, Fixture, NULL, set_up, func, tear_down)
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    ADD("live", test_live);
    ADD("checksum", test_checksum);
    ADD("strange-frames", test_strange_frames);
    ADD("silence", test_silence);
    ADD("stall", test_stall);
    ADD("stall-for-ever", test_stall_for_ever);
    ADD("reconnect", test_reconnect);
    ADD("states", test_states);
    ADD("refused", test_refused);
    ADD("certificate", test_certificate);
    ADD("executions", test_executions);
    ADD("sequence", test_sequence);
    return g_test_run();
}
