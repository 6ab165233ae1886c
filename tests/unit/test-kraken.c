/* test-kraken.c: calls against the fake Kraken over TLS, and every way an answer may go wrong
 *
 * F16, F17, F18, F19, F20, F21, F24, F26, F27. */
#include "kw-error.h"
#include "kw-fake-kraken.h"
#include "kw-kraken-error.h"
#include "kw-kraken-market.h"
#include "kw-kraken.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSecret *secret;
    KwKraken *kraken;
    KwKrakenAnswer answer;
    GError *error;
    guint n_done, n_wanted;
    gint64 begin_us; /* before the fake began, monotonic */
    gint trouble;    /* class of the last signal, -1 without */
    GString *order;  /* names of calls in the order of their answers */
} Fixture;

static void
on_trouble(KwKraken *kraken, gint kind, const gchar *text, gpointer user_data)
{
    ((Fixture *) user_data)->trouble = kind;
}

static void
open_kraken(Fixture *f, const gchar *url, const gchar *ca_file)
{
    const KwKrakenOptions options = {
        .url = url,
        .user_agent = "kurswart-test",
        .ca_file = ca_file,
        .key = KW_FAKE_KRAKEN_KEY,
        .secret = f->secret,
        .tier = KW_KRAKEN_TIER_INTERMEDIATE,
        .seed = 1,
    };
    g_autoptr(GError) error = NULL;

    g_clear_object(&f->kraken);
    f->kraken = kw_kraken_new(KW_CLOCK(f->clock), &options, &error);
    g_assert_no_error(error);
    g_signal_connect(f->kraken, "trouble", G_CALLBACK(on_trouble), f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->begin_us = g_get_monotonic_time();
    f->fake = kw_fake_kraken_new(KW_TEST_T0_US);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->secret = kw_fake_kraken_make_secret();
    f->order = g_string_new(NULL);
    f->trouble = -1;
    open_kraken(f, kw_fake_kraken_get_rest(f->fake), kw_fake_kraken_get_ca_file(f->fake));
    kw_fake_kraken_tell(f->fake, "walk",
                        "{\"pair\":\"XBTEUR\",\"price\":58000,\"history_s\":600}");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->kraken);
    g_clear_object(&f->clock);
    g_clear_pointer(&f->secret, kw_secret_free);
    kw_kraken_answer_clear(&f->answer);
    g_clear_error(&f->error);
    g_string_free(f->order, TRUE);
    kw_fake_kraken_free(f->fake);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    kw_kraken_answer_clear(&f->answer);
    g_clear_error(&f->error);
    (void) kw_kraken_finish(KW_KRAKEN(source), result, &f->answer, &f->error);
    f->n_done++;
}

static gboolean
is_done(gpointer user_data)
{
    Fixture *f = user_data;

    return f->n_done >= f->n_wanted;
}

/* Lets virtual time pass, a second at a time, until all is answered. */
static void
settle(Fixture *f, guint max_seconds)
{
    for (guint i = 0; i < max_seconds && !is_done(f); i++) {
        gint64 until_us = kw_stopwatch_us() + 30000;

        while (!is_done(f) && kw_stopwatch_us() < until_us)
            (void) g_main_context_iteration(NULL, FALSE);
        if (!is_done(f))
            kw_fake_kraken_advance(f->fake, f->clock, 1);
    }
    kw_fake_kraken_wait(is_done, f, "the answer");
}

static void
get(Fixture *f, const gchar *name, const gchar *query)
{
    f->n_wanted = f->n_done + 1;
    kw_kraken_get_async(f->kraken, name, query, NULL, on_answer, f);
    settle(f, 120);
}

static void
call(Fixture *f, const gchar *name, const gchar *const *fields)
{
    f->n_wanted = f->n_done + 1;
    kw_kraken_call_async(f->kraken, name, fields, NULL, on_answer, f);
    settle(f, 120);
}

static void
change(Fixture *f, const gchar *name, const gchar *const *fields)
{
    f->n_wanted = f->n_done + 1;
    kw_kraken_change_async(f->kraken, name, fields, G_MAXINT64, on_answer, f);
    settle(f, 120);
}

static const gchar *const order_fields[] = {
    "pair",  "XBTEUR",  "type",   "buy",        "ordertype", "limit",
    "price", "50000.0", "volume", "0.00100000", "cl_ord_id", "kw+1 ä", /* escaped */
    NULL};
static const gchar *const plain_order[] = {"pair",      "XBTEUR",     "type",  "buy",
                                           "ordertype", "limit",      "price", "50000.0",
                                           "volume",    "0.00100000", NULL};

static void
fault(Fixture *f, const gchar *name, const gchar *what)
{
    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"%s\",%s}", name, what);
}

/* -- the good way -- */

static void
test_public(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) candles = NULL;
    gint64 begun_us = g_get_monotonic_time(), last_us = 0;
    guint n = 0;

    get(f, "OHLC", "pair=XBTEUR&interval=1");
    g_assert_no_error(f->error);
    candles =
        kw_kraken_parse_ohlc(kw_kraken_answer_get_object(&f->answer, NULL), &last_us, NULL);
    g_assert_nonnull(candles);
    g_assert_cmpuint(candles->len, >=, 9);
    /* the same pair at once: a second later, as the exchange wants it, if it is not past yet */
    f->n_wanted = f->n_done + 1;
    kw_kraken_get_async(f->kraken, "OHLC", "pair=XBTEUR&interval=5", NULL, on_answer, f);
    n = kw_fake_kraken_count(f->fake, "OHLC");
    if (g_get_monotonic_time() - begun_us < G_USEC_PER_SEC)
        g_assert_cmpuint(n, ==, 1);
    settle(f, 3);
    g_assert_no_error(f->error);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "OHLC"), ==, 2);
}

static void
test_private(Fixture *f, gconstpointer data)
{
    call(f, "Balance", NULL);
    g_assert_no_error(f->error);
    g_assert_cmpstr(kw_kraken_get_text(kw_kraken_answer_get_object(&f->answer, NULL), "ZEUR"),
                    ==, "1000.0000");
    change(f, "AddOrder", plain_order);
    g_assert_no_error(f->error);
    change(f, "AddOrder", order_fields); /* no ASCII: refused, and signed right */
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_BAD_REQUEST);
    g_assert_true(kw_kraken_is_proof(f->error));
}

/* A change does not wait behind reads. */
static void
test_queue(Fixture *f, gconstpointer data)
{
    static const gchar *const none[] = {"txid", "OAAAAA-BBBBB-CCCCCC", NULL};
    g_autoptr(JsonNode) root = NULL;
    JsonArray *requests;

    f->n_wanted = 4;
    for (guint i = 0; i < 3; i++)
        kw_kraken_call_async(f->kraken, "OpenOrders", NULL, NULL, on_answer, f);
    kw_kraken_change_async(f->kraken, "CancelOrder", none, G_MAXINT64, on_answer, f);
    g_assert_cmpuint(kw_kraken_get_n_waiting(f->kraken), ==, 4);
    settle(f, 5);
    root = kw_fake_kraken_steer(f->fake, "log", NULL);
    requests = json_object_get_array_member(json_node_get_object(root), "requests");
    g_assert_cmpstr(json_array_get_string_element(json_array_get_array_element(requests, 0), 0),
                    ==, "/0/private/OpenOrders");
    g_assert_cmpstr(json_array_get_string_element(json_array_get_array_element(requests, 1), 0),
                    ==, "/0/private/CancelOrder");
}

/* -- faults of reads -- */

/* F16, F17: what passes by itself is tried again, with pauses. */
static void
test_passing(Fixture *f, gconstpointer data)
{
    static const gchar *const faults[] = {
        "\"do\":\"html_before\",\"code\":502",
        "\"do\":\"html_before\",\"code\":520",
        "\"do\":\"error_before\",\"text\":\"EService:Unavailable\"",
        "\"do\":\"error_before\",\"text\":\"EGeneral:Internal error:42\"",
        "\"do\":\"drop_before\"",
        "\"do\":\"cut\"",
        "\"do\":\"body\",\"text\":\"\"",
        "\"do\":\"body\",\"text\":\"ok\",\"type\":\"text/html\"",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_test_message("%s", faults[i]);
        fault(f, "OpenOrders", faults[i]);
        call(f, "OpenOrders", NULL);
        g_assert_no_error(f->error);
    }
}

static void
test_given_up(Fixture *f, gconstpointer data)
{
    fault(f, "Time", "\"do\":\"html_before\",\"code\":503,\"times\":100");
    get(f, "Time", "");
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_CLOSED);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "Time"), ==, 4);
}

/* F17: what does not pass is not tried again. */
static void
test_refusals(Fixture *f, gconstpointer data)
{
    get(f, "OHLC", "pair=NIXEUR");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_BAD_PAIR);
    g_assert_cmpstr(f->error->message, ==, "EQuery:Unknown asset pair");
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "OHLC"), ==, 1);
    fault(f, "OpenOrders", "\"do\":\"error_before\",\"text\":\"EGeneral:Permission denied\"");
    call(f, "OpenOrders", NULL);
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_PERMISSION);
    g_assert_cmpint(f->trouble, ==, KW_KRAKEN_PERMISSION);
}

/* F18: a full counter empties; nothing is sent meanwhile. */
static void
test_rate(Fixture *f, gconstpointer data)
{
    fault(f, "OpenOrders", "\"do\":\"error_before\",\"text\":\"EAPI:Rate limit exceeded\"");
    f->n_wanted = 1;
    kw_kraken_call_async(f->kraken, "OpenOrders", NULL, NULL, on_answer, f);
    settle(f, 60);
    g_assert_no_error(f->error);
    g_assert_cmpint(kw_clock_now_us(KW_CLOCK(f->clock)) - KW_TEST_T0_US, >=,
                    20 * G_USEC_PER_SEC); /* half of 20 points at 0.5 a second */
}

/* Forty reads in a row stay within the exchange's own counter. */
static void
test_own_counter(Fixture *f, gconstpointer data)
{
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *text = NULL;

    f->n_wanted = 40;
    for (guint i = 0; i < 40; i++)
        kw_kraken_call_async(f->kraken, "Balance", NULL, NULL, on_answer, f);
    settle(f, 200);
    root = kw_fake_kraken_steer(f->fake, "log", NULL);
    text = kw_json_to_text(root);
    g_assert_null(strstr(text, "Rate limit"));
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "Balance"), ==, 40);
}

/* What is left of a silence of fifteen minutes; the clock went on while the answer that ordered
 * it was on its way. */
static gint64
get_silence_us(Fixture *f)
{
    KwKrakenRate *rate = kw_kraken_get_rate(f->kraken);
    gint64 wait_us = kw_kraken_rate_get_wait_us(rate, 0, KW_KRAKEN_USE_VITAL);

    g_assert_cmpint(wait_us, <=, 900 * G_USEC_PER_SEC);
    g_assert_cmpint(wait_us, >, 890 * G_USEC_PER_SEC);
    return wait_us;
}

static void
test_lockout(Fixture *f, gconstpointer data)
{
    fault(f, "OpenOrders", "\"do\":\"error_before\",\"text\":\"EGeneral:Temporary lockout\"");
    call(f, "OpenOrders", NULL);
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_LOCKOUT);
    g_assert_cmpint(f->trouble, ==, KW_KRAKEN_LOCKOUT);
    (void) get_silence_us(f);
}

/* F47: stepped back an hour within the silence, private calls go on when it is over. */
static void
test_lockout_steps(Fixture *f, gconstpointer data)
{
    gint64 wait_us;

    fault(f, "OpenOrders",
          "\"do\":\"error_before\",\"text\":\"EService:Throttled:2100000000\"");
    change(f, "OpenOrders", NULL); /* as a change it is not tried again */
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_THROTTLED);
    kw_fake_clock_step(f->clock, -G_TIME_SPAN_HOUR);
    wait_us = get_silence_us(f); /* not longer, whatever the exchange names */
    f->n_wanted = f->n_done + 1;
    kw_kraken_call_async(f->kraken, "Balance", NULL, NULL, on_answer, f);
    kw_fake_clock_advance(f->clock, wait_us - G_USEC_PER_SEC);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "Balance"), ==, 0);
    settle(f, 2);
    g_assert_no_error(f->error);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "Balance"), ==, 1);
}

/* F21: a number that was used before: raised once, then somebody is told. */
static void
test_nonce(Fixture *f, gconstpointer data)
{
    fault(f, "OpenOrders", "\"do\":\"error_before\",\"text\":\"EAPI:Invalid nonce\"");
    call(f, "OpenOrders", NULL);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->trouble, ==, -1);
    kw_fake_kraken_tell(f->fake, "key", "{\"key\":\"%s\",\"last_nonce\":9000000000000000000}",
                        KW_FAKE_KRAKEN_KEY); /* a second client with another unit */
    call(f, "OpenOrders", NULL);
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_NONCE);
    g_assert_cmpint(f->trouble, ==, KW_KRAKEN_NONCE);
}

/* F21: another program has the same key, and its clock is a day ahead. */
static void
test_second_client(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFakeClock) ahead = kw_fake_clock_new(KW_TEST_T0_US + G_TIME_SPAN_DAY);
    KwKraken *ours = g_steal_pointer(&f->kraken);
    KwFakeClock *clock = f->clock;

    f->clock = ahead;
    open_kraken(f, kw_fake_kraken_get_rest(f->fake), kw_fake_kraken_get_ca_file(f->fake));
    call(f, "OpenOrders", NULL);
    g_assert_no_error(f->error);
    g_object_unref(f->kraken);
    f->kraken = ours;
    f->clock = clock;
    g_assert_cmpint(f->trouble, ==, -1);
    change(f, "AddOrder", plain_order);
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_NONCE);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, 1); /* never again */
    call(f, "OpenOrders", NULL);
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_NONCE);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "OpenOrders"), ==, 3); /* raised once */
    g_assert_cmpint(f->trouble, ==, KW_KRAKEN_NONCE);
}

/* F19: an answer without an end is cut. */
static void
test_huge(Fixture *f, gconstpointer data)
{
    fault(f, "Assets", "\"do\":\"huge\",\"bytes\":100000000,\"times\":4");
    get(f, "Assets", "");
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_LIMIT);
}

/* F26: one byte after another */
static void
test_slices(Fixture *f, gconstpointer data)
{
    fault(f, "Time", "\"do\":\"slow\",\"bytes\":1,\"ms\":5");
    get(f, "Time", "");
    g_assert_no_error(f->error);
}

/* F20, F24 */
static void
test_no_way(Fixture *f, gconstpointer data)
{
    static const gchar *const urls[] = {"https://name.invalid", "https://127.0.0.1:1"};

    for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
        open_kraken(f, urls[i], kw_fake_kraken_get_ca_file(f->fake));
        change(f, "AddOrder", plain_order);
        g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED);
        g_assert_true(kw_kraken_is_proof(f->error));
    }
    /* a certificate that nobody vouches for, and one of another host */
    for (gsize i = 0; i < 2; i++) {
        const gchar *url = kw_fake_kraken_get_rest(f->fake);
        g_autofree gchar *other = g_strconcat("https://localhost", strrchr(url, ':'), NULL);

        open_kraken(f, i == 0 ? url : other,
                    i == 0 ? NULL : kw_fake_kraken_get_ca_file(f->fake));
        change(f, "AddOrder", plain_order);
        g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_CERTIFICATE);
        g_assert_true(kw_kraken_is_proof(f->error));
    }
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, 0);
}

/* -- faults of changes -- */

/* F27 and the rows that say "maybe": one request leaves, and nothing is known. */
static void
test_change_once(Fixture *f, gconstpointer data)
{
    static const gchar *const faults[] = {
        "\"do\":\"drop_after\"",
        "\"do\":\"drop_before\"",
        "\"do\":\"cut\"",
        "\"do\":\"html_after\",\"code\":502",
        "\"do\":\"html_before\",\"code\":520",
        "\"do\":\"error_after\",\"text\":\"EService:Busy\"",
        "\"do\":\"error_before\",\"text\":\"EService:Deadline elapsed\"",
        "\"do\":\"error_after\",\"text\":\"EFuture:Something new\"",
        "\"do\":\"twice\"", /* the answer is that of the copy: Invalid nonce */
    };

    call(f, "Balance", NULL); /* a kept connection is there */
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        guint n_before = kw_fake_kraken_count(f->fake, "AddOrder");
        guint n_logged = strstr(faults[i], "twice") != NULL ? 2 : 1;

        g_test_message("%s", faults[i]);
        fault(f, "AddOrder", faults[i]);
        change(f, "AddOrder", plain_order);
        g_assert_nonnull(f->error);
        g_assert_false(kw_kraken_is_proof(f->error));
        g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, n_before + n_logged);
    }
}

static void
test_cancelled(Fixture *f, gconstpointer data)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();

    fault(f, "OpenOrders", "\"do\":\"hole_before\"");
    f->n_wanted = 2;
    kw_kraken_call_async(f->kraken, "OpenOrders", NULL, cancellable, on_answer, f);
    kw_kraken_call_async(f->kraken, "Balance", NULL, NULL, on_answer, f);
    for (guint i = 0; i < 100; i++)
        (void) g_main_context_iteration(NULL, FALSE);
    g_cancellable_cancel(cancellable);
    settle(f, 5);
    g_assert_no_error(f->error); /* the one behind it went on */
}

/* The fake's clock goes on from T0 by itself; on a busy machine it is seconds further. */
static void
test_clock(Fixture *f, gconstpointer data)
{
    gint64 ahead_us;

    kw_fake_kraken_tell(f->fake, "skew", "{\"s\":37}");
    f->n_wanted = 1;
    kw_kraken_sync_async(f->kraken, NULL, on_answer, f);
    settle(f, 5);
    g_assert_no_error(f->error);
    ahead_us = kw_kraken_get_server_us(f->kraken) - KW_TEST_T0_US;
    g_assert_cmpint(ahead_us, >=, 37 * G_USEC_PER_SEC);
    g_assert_cmpint(ahead_us, <=, 38 * G_USEC_PER_SEC + g_get_monotonic_time() - f->begin_us);
}

/* What waits too long behind the counters or another call never leaves; what comes after does.
 */
static void
test_too_late(Fixture *f, gconstpointer data)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    const gint64 due_us = 9 * G_USEC_PER_SEC;

    kw_kraken_rate_hold(kw_kraken_get_rate(f->kraken), 20 * G_USEC_PER_SEC);
    f->n_wanted = 2;
    kw_kraken_change_async(f->kraken, "AddOrder", plain_order, due_us, on_answer, f);
    kw_kraken_change_async(f->kraken, "AddOrder", plain_order, due_us + 1, on_answer, f);
    kw_fake_kraken_advance(f->fake, f->clock, 8);
    g_assert_cmpuint(f->n_done, ==, 0);
    settle(f, 2);
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED);
    g_assert_true(kw_kraken_is_proof(f->error));
    g_assert_cmpuint(kw_kraken_get_n_waiting(f->kraken), ==, 0);

    f->n_wanted = 3;
    kw_kraken_change_async(f->kraken, "AddOrder", plain_order, G_MAXINT64, on_answer, f);
    settle(f, 15);
    g_assert_no_error(f->error);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, 1);

    fault(f, "Balance", "\"do\":\"hole_before\"");
    f->n_wanted = 4;
    kw_kraken_call_async(f->kraken, "Balance", NULL, cancellable, on_answer, f);
    kw_kraken_change_async(f->kraken, "AddOrder", plain_order,
                           kw_clock_monotonic_us(KW_CLOCK(f->clock)) + 1, on_answer, f);
    settle(f, 1);
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED);
    g_assert_cmpuint(kw_kraken_get_n_waiting(f->kraken), ==, 1); /* the read */
    g_cancellable_cancel(cancellable);
    f->n_wanted = 5;
    settle(f, 1);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, 1);
}

int
main(int argc, char **argv)
{
#define ADD(name, func)                                                                        \
    g_test_add("/exchange/kraken/" name, Fixture, NULL, set_up, func, tear_down)
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    ADD("public", test_public);
    ADD("private", test_private);
    ADD("queue", test_queue);
    ADD("too-late", test_too_late);
    ADD("passing", test_passing);
    ADD("given-up", test_given_up);
    ADD("refusals", test_refusals);
    ADD("rate", test_rate);
    ADD("own-counter", test_own_counter);
    ADD("lockout", test_lockout);
    ADD("f47/lockout", test_lockout_steps);
    ADD("nonce", test_nonce);
    ADD("second-client", test_second_client);
    ADD("huge", test_huge);
    ADD("slices", test_slices);
    ADD("no-way", test_no_way);
    ADD("change-once", test_change_once);
    ADD("cancelled", test_cancelled);
    ADD("clock", test_clock);
    return g_test_run();
}
