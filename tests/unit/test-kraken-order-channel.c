/* test-kraken-order-channel.c: one way for each change, and what an answer that is none means
 *
 * F03, F04, F05, F27 for orders over the stream: whatever becomes of a frame, the exchange gets
 * the order once at most. */
#include "kw-error.h"
#include "kw-fake-kraken.h"
#include "kw-kraken-error.h"
#include "kw-kraken-order-channel.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSecret *secret;
    KwKraken *kraken;
    KwKrakenPairs *pairs;
    KwKrakenStream *stream;
    KwKrakenOrderChannel *channel;
    gchar venue_id[KW_ID_SIZE];
    GError *error;
    guint n_done, n_asked, n_trouble, n_stray;
} Fixture;

static void
on_token(KwKrakenStream *stream, gpointer user_data)
{
    kw_kraken_stream_set_token(stream, "good");
}

static void
on_trouble(KwKraken *kraken, gint kind, const gchar *text, Fixture *f)
{
    f->n_trouble++;
}

static void
on_stray(KwKraken *kraken, const gchar *text, Fixture *f)
{
    f->n_stray++;
}

static gboolean
is_live(gpointer user_data)
{
    return kw_kraken_stream_is_live(((Fixture *) user_data)->stream);
}

/* The doubt is over and the stream is back. How long that takes on the clock depends on when
 * the end of the old connection is seen, so the clock goes on meanwhile. */
static void
pass_doubt(Fixture *f)
{
    kw_fake_kraken_advance(f->fake, f->clock, 61);
    kw_fake_kraken_await(f->fake, f->clock, 300, is_live, f, "the stream is back");
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->fake = kw_fake_kraken_new(KW_TEST_T0_US);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->secret = kw_fake_kraken_make_secret();
    f->pairs = kw_fake_kraken_make_pairs();
    kw_fake_kraken_tell(f->fake, "trades",
                        "{\"pair\":\"XBTEUR\",\"rows\":[[1,\"58000.0\",\"0.1\",\"b\"]]}");
    kw_fake_kraken_tell(f->fake, "token", "{\"token\":\"good\"}");
    {
        const KwKrakenOptions options = {
            .url = kw_fake_kraken_get_rest(f->fake),
            .user_agent = "kurswart-test",
            .ca_file = kw_fake_kraken_get_ca_file(f->fake),
            .key = KW_FAKE_KRAKEN_KEY,
            .secret = f->secret,
            .timeout_ms = 1500,
            .seed = 1,
        };
        const KwKrakenStreamOptions stream = {
            .url = kw_fake_kraken_get_ws_auth(f->fake),
            .user_agent = "kurswart-test",
            .ca_file = kw_fake_kraken_get_ca_file(f->fake),
            .seed = 1,
        };

        f->kraken = kw_kraken_new(KW_CLOCK(f->clock), &options, &error);
        g_assert_no_error(error);
        f->stream = kw_kraken_stream_new(KW_CLOCK(f->clock), &stream, &error);
        g_assert_no_error(error);
    }
    g_signal_connect(f->kraken, "trouble", G_CALLBACK(on_trouble), f);
    g_signal_connect(f->kraken, "stray", G_CALLBACK(on_stray), f);
    g_signal_connect(f->stream, "token", G_CALLBACK(on_token), NULL);
    kw_kraken_stream_want(f->stream, "executions", NULL, 0);
    f->channel = kw_kraken_order_channel_new(KW_CLOCK(f->clock), f->kraken, f->stream);
    if (data != NULL)
        return;
    kw_kraken_stream_start(f->stream);
    kw_fake_kraken_wait(is_live, f, "the private stream");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_kraken_stream_stop(f->stream);
    g_clear_object(&f->channel);
    g_clear_object(&f->stream);
    g_clear_object(&f->kraken);
    g_clear_pointer(&f->pairs, kw_kraken_pairs_unref);
    g_clear_pointer(&f->secret, kw_secret_free);
    g_clear_object(&f->clock);
    g_clear_error(&f->error);
    kw_fake_kraken_free(f->fake);
}

/* -- one change -- */

static void
on_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    g_clear_error(&f->error);
    (void) kw_kraken_order_channel_finish(KW_KRAKEN_ORDER_CHANNEL(source), result, f->venue_id,
                                          &f->error);
    f->n_done++;
}

static gboolean
is_done(gpointer user_data)
{
    const Fixture *f = user_data;

    return f->n_done == f->n_asked;
}

static KwOrder
make_order(const gchar *client_id, const gchar *amount)
{
    KwOrder order = {.side = KW_SIDE_BUY, .type = KW_ORDER_TYPE_LIMIT};

    order.price = kw_test_decimal("50000.0");
    order.amount = kw_test_decimal(amount);
    (void) g_strlcpy(order.client_id, client_id, sizeof order.client_id);
    (void) g_strlcpy(order.pair, "BTC/EUR", sizeof order.pair);
    return order;
}

static void
ask_add(Fixture *f, const gchar *client_id, const gchar *amount)
{
    KwOrder order = make_order(client_id, amount);

    f->n_asked++;
    f->venue_id[0] = '\0';
    kw_kraken_order_channel_add_async(f->channel, kw_kraken_pairs_find(f->pairs, "BTC/EUR"),
                                      &order, on_done, f);
}

static void
add(Fixture *f, const gchar *client_id)
{
    ask_add(f, client_id, "0.00100000");
    kw_fake_kraken_wait(is_done, f, "the answer");
}

static void
fault(Fixture *f, const gchar *what)
{
    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"*\",%s}", what);
}

static guint
count_orders(Fixture *f)
{
    g_autoptr(JsonNode) root = kw_fake_kraken_steer(f->fake, "truth", NULL);

    return json_array_get_length(
        json_object_get_array_member(json_node_get_object(root), "orders"));
}

/* Orders so far, by way */
static void
assert_ways(Fixture *f, guint n_stream, guint n_rest)
{
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "/socket/AddOrder"), ==, n_stream);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "/private/AddOrder"), ==, n_rest);
}

/* -- the tests -- */

static void
test_stream(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw01", "0.00200000");

    add(f, "kw01");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->venue_id[0], ==, 'O');
    f->n_asked++;
    kw_kraken_order_channel_amend_async(f->channel, &order, on_done, f);
    kw_fake_kraken_wait(is_done, f, "the amend");
    g_assert_no_error(f->error);
    f->n_asked++;
    kw_kraken_order_channel_cancel_async(f->channel, "kw01", on_done, f);
    kw_fake_kraken_wait(is_done, f, "the cancel");
    g_assert_no_error(f->error);
    f->n_asked++;
    kw_kraken_order_channel_cancel_async(f->channel, "kw01", on_done, f);
    kw_fake_kraken_wait(is_done, f, "the second cancel");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_UNKNOWN_ORDER);
    assert_ways(f, 1, 0);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "/socket/AmendOrder"), ==, 1);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "/socket/CancelOrder"), ==, 2);
    add(f, "kw02"); /* that refusal left no doubt about the way */
    assert_ways(f, 2, 0);
}

/* A token that comes late, for a connection before this one, replaces none. A session that the
 * exchange does not know any more gets a new connection, and with it another. */
static void
test_session(Fixture *f, gconstpointer data)
{
    kw_kraken_stream_set_token(f->stream, "late");
    add(f, "kw01");
    g_assert_no_error(f->error);
    assert_ways(f, 1, 0);
    fault(f, "\"do\":\"error_before\",\"text\":\"ESession:Invalid session\"");
    add(f, "kw02");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_UNKNOWN);
    g_assert_false(kw_kraken_stream_is_live(f->stream));
    g_assert_cmpuint(count_orders(f), ==, 1);
}

/* A refusal of the table proves, and counts as over REST does. */
static void
test_refused(Fixture *f, gconstpointer data)
{
    ask_add(f, "kw01", "1.00000000");
    kw_fake_kraken_wait(is_done, f, "the refusal");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_FUNDS);
    g_assert_true(kw_kraken_is_proof(f->error));
    g_assert_cmpuint(f->n_trouble, ==, 0);
    kw_fake_kraken_tell(f->fake, "key", "{\"key\":\"%s\",\"permissions\":[\"query-funds\"]}",
                        KW_FAKE_KRAKEN_KEY);
    add(f, "kw02");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_PERMISSION);
    g_assert_true(kw_kraken_is_proof(f->error));
    g_assert_cmpuint(f->n_trouble, ==, 1);
    assert_ways(f, 2, 0);
}

/* Each leaves a doubt, at most one order, and REST as the way for a minute. */
static void
test_doubt(Fixture *f, gconstpointer data)
{
    const struct {
        const gchar *fault;
        GQuark domain;
        gint code;
        guint n_orders;
    } rows[] = {
        {"\"do\":\"drop_before\"", KW_NET_ERROR, KW_NET_ERROR_CLOSED, 0},
        {"\"do\":\"drop_after\"", KW_NET_ERROR, KW_NET_ERROR_CLOSED, 1},
        {"\"do\":\"hole_before\"", KW_NET_ERROR, KW_NET_ERROR_TIMEOUT, 0},
        {"\"do\":\"hole_after\"", KW_NET_ERROR, KW_NET_ERROR_TIMEOUT, 1},
        {"\"do\":\"html\",\"text\":\"<html>\"", KW_NET_ERROR, KW_NET_ERROR_TIMEOUT, 1},
        {"\"do\":\"half\"", KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER, 1},
        {"\"do\":\"error_after\",\"text\":\"Something new\"", KW_KRAKEN_ERROR,
         KW_KRAKEN_UNKNOWN, 1},
    };
    guint n_orders = 0;

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *id = g_strdup_printf("kw1%u", i);
        g_autofree gchar *next = g_strdup_printf("kw2%u", i);

        g_test_message("%s", rows[i].fault);
        fault(f, rows[i].fault);
        ask_add(f, id, "0.00100000");
        for (guint s = 0; s < 6 && !is_done(f); s++) {
            kw_fake_kraken_advance(f->fake, f->clock, 1);
            for (guint n = 0; n < 20 && !is_done(f); n++)
                kw_fake_kraken_tell(f->fake, "set", "{}");
        }
        kw_fake_kraken_wait(is_done, f, "the doubt");
        g_assert_error(f->error, rows[i].domain, rows[i].code);
        g_assert_false(kw_kraken_is_proof(f->error));
        n_orders += rows[i].n_orders;
        g_assert_cmpuint(count_orders(f), ==, n_orders);
        assert_ways(f, i + 1, i);
        add(f, next);
        g_assert_no_error(f->error);
        assert_ways(f, i + 1, i + 1);
        n_orders++;
        pass_doubt(f);
    }
    add(f, "kw30");
    assert_ways(f, G_N_ELEMENTS(rows) + 1, G_N_ELEMENTS(rows));
}

/* Answers that the exchange would not give, to the first request behind the subscription */
static void
test_answers(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *text;
        gboolean is_done, is_proof;
    } rows[] = {
        {"{\"method\":\"add_order\",\"req_id\":999,\"success\":true,\"result\":{"
         "\"order_id\":\"OAAAAA\"}}",
         FALSE, FALSE}, /* to nobody */
        {"{\"method\":\"add_order\",\"req_id\":2,\"success\":true,\"result\":{"
         "\"order_id\":\"OAAAAA\",\"cl_ord_id\":\"kw99\"}}",
         TRUE, FALSE}, /* of another order */
        {"{\"method\":\"cancel_order\",\"req_id\":2,\"success\":false,"
         "\"error\":\"EOrder:Insufficient funds\"}",
         TRUE, FALSE}, /* of another kind */
        {"{\"method\":\"add_order\",\"req_id\":2,\"success\":true,"
         "\"error\":\"EOrder:Insufficient funds\",\"result\":{\"order_id\":\"OAAAAA\"}}",
         TRUE, FALSE}, /* yes and no */
        {"{\"method\":\"add_order\",\"req_id\":2,\"success\":true,\"result\":{"
         "\"order_id\":\"0123456789012345678901234567890123456789012345678901234567890123\"}}",
         TRUE, FALSE}, /* no name of an order */
        {"{\"method\":\"add_order\",\"req_id\":2,\"success\":false,"
         "\"error\":\"EOrder:Insufficient funds\"}",
         TRUE, TRUE},
    };
    const guint row = GPOINTER_TO_UINT(data) - 1;
    g_autofree gchar *quoted = g_strescape(rows[row].text, NULL);

    kw_kraken_stream_start(f->stream);
    kw_fake_kraken_wait(is_live, f, "the private stream");
    fault(f, "\"do\":\"hole_before\"");
    ask_add(f, "kw01", "0.00100000");
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"text\",\"text\":\"%s\"}", quoted);
    kw_fake_kraken_tell(f->fake, "set", "{}");
    g_assert_cmpuint(f->n_done, ==, rows[row].is_done);
    if (!rows[row].is_done)
        kw_fake_kraken_advance(f->fake, f->clock, 6);
    kw_fake_kraken_wait(is_done, f, "the end");
    g_assert_nonnull(f->error);
    g_assert_cmpint(kw_kraken_is_proof(f->error), ==, rows[row].is_proof);
    assert_ways(f, 1, 0);
}

/* F05: answers without a number, while an order (kw01), and in some rows its cancel or a second
 * order (kw02), wait. An answer is of the only one that it can be of by what it names. */
typedef struct {
    const gchar *text;
    const gchar *others; /* that wait: "c": a cancel, "a": a second order */
    gint code;           /* of kw01's error in the domain of Kraken; -1: in doubt; -2: waits */
    gboolean is_stray;
} StrayRow;

#define ERROR_OF(method, more)                                                                 \
    "{\"error\":\"EOrder:Insufficient funds\"," method "\"success\":false" more "}"
#define ADD_ORDER "\"method\":\"add_order\","

static const StrayRow stray_rows[] = {
    {ERROR_OF(ADD_ORDER, ""), "", KW_KRAKEN_FUNDS, FALSE},
    {ERROR_OF(ADD_ORDER, ",\"req_id\":0"), "", KW_KRAKEN_FUNDS, FALSE},
    {ERROR_OF(ADD_ORDER, ""), "c", KW_KRAKEN_FUNDS, FALSE}, /* the method tells them apart */
    {ERROR_OF(ADD_ORDER, ",\"cl_ord_id\":\"kw01\""), "a", KW_KRAKEN_FUNDS, FALSE},
    {ERROR_OF(ADD_ORDER, ""), "a", -2, TRUE},                       /* of which of the two? */
    {ERROR_OF(ADD_ORDER, ",\"cl_ord_id\":\"kw99\""), "", -2, TRUE}, /* of neither */
    {ERROR_OF("\"method\":\"amend_order\",", ""), "", -2, TRUE},    /* nothing of the kind */
    {ERROR_OF("", ""), "", -1, TRUE},                               /* no proof, no patience */
    {ERROR_OF("", ""), "c", -2, TRUE},
    {"{\"Error\":\"Exceeded msg rate\"}", "", -1, TRUE},
    {"{\"method\":\"add_order\",\"success\":true,\"result\":{\"order_id\":\"OAAAAA\"}}", "", -2,
     FALSE}, /* a yes has to name its order */
    {"{\"method\":\"ping\",\"success\":false,\"error\":\"Unsupported\"}", "", -2, TRUE},
};

static void
on_other_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    gchar venue_id[KW_ID_SIZE];

    (void) kw_kraken_order_channel_finish(KW_KRAKEN_ORDER_CHANNEL(source), result, venue_id,
                                          NULL);
}

static void
ask_others(Fixture *f, const gchar *others)
{
    KwOrder second = make_order("kw02", "0.00100000");

    if (strchr(others, 'c') != NULL)
        kw_kraken_order_channel_cancel_async(f->channel, "kw01", on_other_done, NULL);
    if (strchr(others, 'a') != NULL)
        kw_kraken_order_channel_add_async(f->channel, kw_kraken_pairs_find(f->pairs, "BTC/EUR"),
                                          &second, on_other_done, NULL);
}

static void
say(Fixture *f, const gchar *text)
{
    g_autofree gchar *quoted = g_strescape(text, NULL);

    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"text\",\"text\":\"%s\"}", quoted);
    kw_fake_kraken_tell(f->fake, "set", "{}");
}

static void
test_strays(Fixture *f, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS(stray_rows); i++) {
        const StrayRow *row = &stray_rows[i];
        guint n_strays = f->n_stray;

        g_test_message("row %u: %s %s", i, row->text, row->others);
        kw_fake_kraken_tell(f->fake, "fault",
                            "{\"call\":\"*\",\"do\":\"hole_before\",\"times\":2}");
        ask_add(f, "kw01", "0.00100000");
        ask_others(f, row->others);
        say(f, row->text);
        g_assert_cmpint(is_done(f), ==, row->code != -2);
        g_assert_cmpuint(f->n_stray - n_strays, ==, row->is_stray);
        kw_fake_kraken_advance(f->fake, f->clock, 6);
        kw_fake_kraken_wait(is_done, f, "the end");
        if (row->code >= 0)
            g_assert_error(f->error, KW_KRAKEN_ERROR, row->code);
        g_assert_cmpint(kw_kraken_is_proof(f->error), ==, row->code >= 0);
        kw_fake_kraken_tell(f->fake, "clear", "{}");
        pass_doubt(f);
    }
    g_assert_cmpuint(count_orders(f), ==, 0);
}

/* What may have been the answer is told when none has come. The same error once more is of
 * nobody, as each has its own time of receipt. */
static void
test_stray_words(Fixture *f, gconstpointer data)
{
    static const gchar no[] =
        ERROR_OF(ADD_ORDER, ",\"time_in\":\"2026-03-11T00:00:00.000001Z\"");

    kw_fake_kraken_tell(f->fake, "fault",
                        "{\"call\":\"*\",\"do\":\"hole_before\",\"times\":3}");
    ask_add(f, "kw01", "0.00100000");
    say(f, no);
    g_assert_true(is_done(f));
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_FUNDS);
    ask_add(f, "kw03", "0.00100000");
    say(f, no);
    g_assert_false(is_done(f));
    g_assert_cmpuint(f->n_stray, ==, 1);
    kw_fake_kraken_advance(f->fake, f->clock, 6);
    kw_fake_kraken_wait(is_done, f, "the end");
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_TIMEOUT);
    g_assert_nonnull(strstr(f->error->message, "EOrder:Insufficient funds"));
}

/* From the exchange itself: the answer of the engine, without its number */
static void
test_unnumbered(Fixture *f, gconstpointer data)
{
    fault(f, "\"do\":\"error_before\",\"text\":\"EOrder:Post only order\",\"unnumbered\":true");
    add(f, "kw01");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_POST_ONLY);
    kw_fake_kraken_advance(f->fake, f->clock, 1); /* another time of receipt */
    fault(f, "\"do\":\"error_after\",\"text\":\"EService:Busy\",\"unnumbered\":true");
    add(f, "kw02");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_TRANSIENT);
    g_assert_false(kw_kraken_is_proof(f->error));
    g_assert_cmpuint(count_orders(f), ==, 1);
    assert_ways(f, 2, 0);
}

/* Answers that come twice, or after all is over, answer nobody. */
static void
test_repeats(Fixture *f, gconstpointer data)
{
    fault(f, "\"do\":\"twice\"");
    add(f, "kw01");
    g_assert_no_error(f->error);
    fault(f, "\"do\":\"wait\",\"ms\":300");
    ask_add(f, "kw02", "0.00100000");
    kw_fake_kraken_advance(f->fake, f->clock, 6);
    kw_fake_kraken_wait(is_done, f, "given up");
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_TIMEOUT);
    g_usleep(400000);
    kw_fake_kraken_advance(f->fake, f->clock, 1);
    g_assert_cmpuint(f->n_done, ==, 2);
    g_assert_cmpuint(count_orders(f), ==, 2);
}

/* REST while the stream is no way: not open, silent, without executions, without a token */
static void
test_rest(Fixture *f, gconstpointer data)
{
    add(f, "kw01"); /* not started */
    g_assert_no_error(f->error);
    assert_ways(f, 0, 1);
    kw_kraken_stream_start(f->stream);
    kw_fake_kraken_wait(is_live, f, "the private stream");
    add(f, "kw02");
    assert_ways(f, 1, 1);
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"silence\"}");
    kw_fake_kraken_advance(f->fake, f->clock, 6);
    add(f, "kw03");
    g_assert_no_error(f->error);
    assert_ways(f, 1, 2);
    g_assert_cmpuint(count_orders(f), ==, 3);
    kw_fake_kraken_tell(f->fake, "restart",
                        "{\"sessions\":false}"); /* "good" is good no more */
    kw_fake_kraken_advance(f->fake, f->clock, 3);
    add(f, "kw04");
    g_assert_no_error(f->error);
    assert_ways(f, 1, 3);
}

/* F47: however the wall clock is stepped meanwhile, the doubt is there after five seconds. */
static void
test_clock_stepped(Fixture *f, gconstpointer data)
{
    const gint64 steps_us[] = {-G_TIME_SPAN_HOUR, G_TIME_SPAN_HOUR};

    for (guint i = 0; i < G_N_ELEMENTS(steps_us); i++) {
        g_autofree gchar *id = g_strdup_printf("kw0%u", i);

        fault(f, "\"do\":\"hole_before\"");
        ask_add(f, id, "0.00100000");
        kw_fake_clock_step(f->clock, steps_us[i]);
        kw_fake_kraken_advance(f->fake, f->clock, 4);
        g_assert_false(is_done(f));
        kw_fake_kraken_advance(f->fake, f->clock, 1);
        kw_fake_kraken_wait(is_done, f, "the doubt");
        g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_TIMEOUT);
        kw_fake_clock_step(f->clock, -steps_us[i]);
        pass_doubt(f);
    }
    assert_ways(f, 2, 0);
}

/* Until the second that is waited for, or the answer */
static void
pass(Fixture *f, guint seconds)
{
    for (guint i = 0; i < seconds && !is_done(f); i++) {
        kw_fake_kraken_advance(f->fake, f->clock, 1);
        kw_fake_kraken_tell(f->fake, "set", "{}");
    }
}

/* A throttle of private calls holds for all ways: REST waits for its end, and what is too old
 * by then never leaves. That is a proof. */
static void
test_throttle(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw00", "0.00200000");

    add(f, "kw00");
    fault(f, "\"do\":\"error_before\",\"text\":\"EAPI:Rate limit exceeded\"");
    add(f, "kw01");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_RATE_REST);
    g_assert_true(kw_kraken_is_proof(f->error));
    ask_add(f, "kw02", "0.00100000");
    pass(f, 9);
    g_assert_false(is_done(f));
    pass(f, 1);
    g_assert_true(is_done(f));
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED);
    g_assert_true(kw_kraken_is_proof(f->error));

    f->n_asked++;
    kw_kraken_order_channel_amend_async(f->channel, &order, on_done, f);
    pass(f, 10);
    g_assert_true(is_done(f));
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED);

    /* a cancel is as good later */
    f->n_asked++;
    kw_kraken_order_channel_cancel_async(f->channel, "kw00", on_done, f);
    pass(f, 60);
    kw_fake_kraken_wait(is_done, f, "the cancel");
    g_assert_no_error(f->error);
    assert_ways(f, 2, 0);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AmendOrder"), ==, 0);
    g_assert_cmpuint(count_orders(f), ==, 1);
}

static void
on_trouble_end(KwKraken *kraken, gint kind, const gchar *text, Fixture *f)
{
    kw_kraken_stream_renew(f->stream, "trouble");
}

/* Whoever hears of the trouble may end the stream at once: the answer is given once. */
static void
test_trouble_ends_stream(Fixture *f, gconstpointer data)
{
    g_signal_connect(f->kraken, "trouble", G_CALLBACK(on_trouble_end), f);
    fault(f, "\"do\":\"error_before\",\"text\":\"EGeneral:Permission denied\"");
    add(f, "kw01");
    g_assert_error(f->error, KW_KRAKEN_ERROR, KW_KRAKEN_PERMISSION);
    g_assert_true(kw_kraken_is_proof(f->error));
    kw_fake_kraken_tell(f->fake, "set", "{}");
    g_assert_cmpuint(f->n_done, ==, 1);
    g_assert_false(kw_kraken_stream_is_live(f->stream));
}

int
main(int argc, char **argv)
{
#define ADD(name, func, data)                                                                  \
    g_test_add("/exchange/kraken-order-channel/" name, Fixture, data, set_up, func, tear_down)
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    ADD("stream", test_stream, NULL);
    ADD("session", test_session, NULL);
    ADD("refused", test_refused, NULL);
    ADD("doubt", test_doubt, NULL);
    ADD("f05-strays", test_strays, NULL);
    ADD("f05-stray-words", test_stray_words, NULL);
    ADD("f05-unnumbered", test_unnumbered, NULL);
    ADD("repeats", test_repeats, NULL);
    ADD("rest", test_rest, "not started");
    ADD("throttle", test_throttle, NULL);
    ADD("trouble-ends-stream", test_trouble_ends_stream, NULL);
    ADD("f47", test_clock_stepped, NULL);
    ADD("answer-to-nobody", test_answers, GUINT_TO_POINTER(1));
    ADD("answer-of-another", test_answers, GUINT_TO_POINTER(2));
    ADD("answer-of-another-kind", test_answers, GUINT_TO_POINTER(3));
    ADD("answer-yes-and-no", test_answers, GUINT_TO_POINTER(4));
    ADD("answer-without-name", test_answers, GUINT_TO_POINTER(5));
    ADD("answer-no", test_answers, GUINT_TO_POINTER(6));
    return g_test_run();
}
