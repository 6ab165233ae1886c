/* test-kraken-broker.c: orders at the fake Kraken: placed, found, changed, lost and found again
 *
 * F02 to F06, F09 to F11, F13, F16, F17, F22, F23, F27, F28, F33, F35 as far as the exchange's
 * side goes. */
#include "kw-error.h"
#include "kw-fake-kraken.h"
#include "kw-kraken-broker.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSecret *secret;
    KwKraken *kraken;
    KwKrakenPairs *pairs;
    KwKrakenStream *stream;
    KwKrakenBroker *broker;
    KwKrakenOrderPath path; /* of the case */
    KwBrokerReport report;  /* the last answer */
    KwVenueState *state;    /* the same */
    KwKrakenAnswer answer;
    GError *error;
    guint n_done, n_wanted;
    KwBrokerReport news[64]; /* by the signal */
    guint n_news;
    GHashTable *fills; /* exec_id to how often it was reported by the signal */
} Fixture;

static void
on_news(KwBroker *broker, const KwBrokerReport *report, gpointer user_data)
{
    Fixture *f = user_data;

    g_assert_cmpuint(f->n_news, <, G_N_ELEMENTS(f->news));
    f->news[f->n_news++] = *report;
    for (guint i = 0; i < report->n_fills; i++) {
        gchar *id = g_strdup(report->fills[i].exec_id);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(f->fills, id));

        (void) g_hash_table_replace(f->fills, id, GUINT_TO_POINTER(n + 1));
    }
}

static void
open_broker(Fixture *f)
{
    const KwKrakenOptions options = {
        .url = kw_fake_kraken_get_rest(f->fake),
        .user_agent = "kurswart-test",
        .ca_file = kw_fake_kraken_get_ca_file(f->fake),
        .key = KW_FAKE_KRAKEN_KEY,
        .secret = f->secret,
        .tier = KW_KRAKEN_TIER_STARTER,
        .timeout_ms = 1500,
        .seed = 1,
    };
    const KwKrakenStreamOptions stream = {
        .url = kw_fake_kraken_get_ws_auth(f->fake),
        .user_agent = "kurswart-test",
        .ca_file = kw_fake_kraken_get_ca_file(f->fake),
        .seed = 1,
    };
    g_autoptr(GError) error = NULL;

    f->kraken = kw_kraken_new(KW_CLOCK(f->clock), &options, &error);
    g_assert_no_error(error);
    f->stream = kw_kraken_stream_new(KW_CLOCK(f->clock), &stream, &error);
    g_assert_no_error(error);
    f->broker =
        kw_kraken_broker_new(KW_CLOCK(f->clock), f->kraken, f->pairs, f->stream, f->path);
    g_signal_connect(f->broker, "report", G_CALLBACK(on_news), f);
}

static gboolean
is_live(gpointer user_data)
{
    return kw_kraken_stream_is_live(((Fixture *) user_data)->stream);
}

static gboolean
is_down(gpointer user_data)
{
    return !is_live(user_data);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->path = (KwKrakenOrderPath) GPOINTER_TO_INT(data);
    f->fake = kw_fake_kraken_new(KW_TEST_T0_US);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->secret = kw_fake_kraken_make_secret();
    f->pairs = kw_fake_kraken_make_pairs();
    f->fills = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    kw_fake_kraken_tell(f->fake, "trades",
                        "{\"pair\":\"XBTEUR\",\"rows\":[[1,\"58000.0\",\"0.1\",\"b\"]]}");
    open_broker(f);
    kw_fake_kraken_wait(is_live, f, "the private stream");
}

static void
close_broker(Fixture *f)
{
    g_clear_object(&f->broker);
    g_clear_object(&f->stream);
    g_clear_object(&f->kraken);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    close_broker(f);
    g_clear_pointer(&f->pairs, kw_kraken_pairs_unref);
    g_clear_object(&f->clock);
    g_clear_pointer(&f->secret, kw_secret_free);
    g_clear_pointer(&f->state, kw_venue_state_free);
    g_clear_pointer(&f->fills, g_hash_table_unref);
    kw_kraken_answer_clear(&f->answer);
    g_clear_error(&f->error);
    kw_fake_kraken_free(f->fake);
}

/* -- waiting -- */

static gboolean
is_done(gpointer user_data)
{
    Fixture *f = user_data;

    return f->n_done >= f->n_wanted;
}

/* Lets virtual time pass until the answer is there. */
static void
settle(Fixture *f)
{
    for (guint i = 0; i < 90 && !is_done(f); i++) {
        gint64 until_us = kw_stopwatch_us() + 60000;

        while (!is_done(f) && kw_stopwatch_us() < until_us)
            (void) g_main_context_iteration(NULL, FALSE);
        if (!is_done(f))
            kw_fake_kraken_advance(f->fake, f->clock, 1);
    }
    kw_fake_kraken_wait(is_done, f, "the answer");
}

static void
forget(Fixture *f)
{
    g_clear_error(&f->error);
    f->n_wanted = f->n_done + 1;
}

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_submit_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->n_done++;
}

static void
on_queried(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_query_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->n_done++;
}

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_cancel_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->n_done++;
}

static void
on_amended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_amend_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->n_done++;
}

static void
on_inspected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    g_clear_pointer(&f->state, kw_venue_state_free);
    f->state = kw_broker_inspect_finish(KW_BROKER(source), result, &f->error);
    f->n_done++;
}

/* -- orders -- */

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static KwOrder
make_order(const gchar *client_id, KwOrderType type, const gchar *price, const gchar *amount)
{
    KwOrder order = {
        .mode = KW_MODE_LIVE,
        .side = KW_SIDE_BUY,
        .type = type,
        .price = dec(price),
        .amount = dec(amount),
    };

    (void) g_strlcpy(order.client_id, client_id, sizeof order.client_id);
    (void) g_strlcpy(order.pair, "BTC/EUR", sizeof order.pair);
    return order;
}

static void
submit(Fixture *f, const KwOrder *order)
{
    forget(f);
    kw_broker_submit_async(KW_BROKER(f->broker), order, NULL, on_submitted, f);
    settle(f);
}

static void
query(Fixture *f, const gchar *client_id)
{
    forget(f);
    kw_broker_query_async(KW_BROKER(f->broker), client_id, NULL, on_queried, f);
    settle(f);
}

static void
cancel(Fixture *f, const gchar *client_id)
{
    forget(f);
    kw_broker_cancel_async(KW_BROKER(f->broker), client_id, NULL, on_cancelled, f);
    settle(f);
}

static void
inspect(Fixture *f)
{
    forget(f);
    kw_broker_inspect_async(KW_BROKER(f->broker), NULL, on_inspected, f);
    settle(f);
}

static void
fault(Fixture *f, const gchar *name, const gchar *what)
{
    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"%s\",%s}", name, what);
}

static gboolean
has_two_news(gpointer user_data)
{
    return ((Fixture *) user_data)->n_news >= 4;
}

static gboolean
has_fill(gpointer user_data)
{
    return g_hash_table_size(((Fixture *) user_data)->fills) == 1;
}

/* Orders that the fake has, of any state */
static guint
count_orders(Fixture *f)
{
    g_autoptr(JsonNode) root = kw_fake_kraken_steer(f->fake, "truth", NULL);

    return json_array_get_length(
        json_object_get_array_member(json_node_get_object(root), "orders"));
}

/* -- the tests -- */

static void
test_market(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw01", KW_ORDER_TYPE_MARKET, "58000", "0.001");
    gchar text[KW_DECIMAL_TEXT_SIZE];
    const KwFill *fill = &f->report.fills[0];

    submit(f, &order);
    g_assert_no_error(f->error);
    g_assert_cmpstr(f->report.venue_id, !=, "");
    g_assert_cmpint(kw_kraken_rate_get_tier(kw_kraken_get_rate(f->kraken)), ==,
                    KW_KRAKEN_TIER_INTERMEDIATE); /* as the stream told */
    query(f, "kw01");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(f->report.n_fills, ==, 1);
    g_assert_cmpstr(fill->pair, ==, "BTC/EUR");
    g_assert_cmpint(fill->side, ==, KW_SIDE_BUY);
    g_assert_cmpstr(kw_decimal_to_text(fill->amount, text), ==, "0.00100000");
    g_assert_cmpstr(kw_decimal_to_text(fill->fee, text), ==, "0.23200"); /* 0.40 % of 58.0001 */
    /* the stream told the same execution, once */
    kw_fake_kraken_wait(has_two_news, f, "news over the stream");
    g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(f->fills, fill->exec_id)), <=, 1);
}

static void
test_limit_cancel(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw02", KW_ORDER_TYPE_LIMIT, "50000.04", "0.001");

    submit(f, &order);
    g_assert_no_error(f->error);
    query(f, "kw02");
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN);
    inspect(f);
    g_assert_cmpuint(f->state->orders->len, ==, 1);
    g_assert_cmpint(
        kw_decimal_cmp(g_array_index(f->state->orders, KwVenueOrder, 0).price, dec("50000.0")),
        ==, 0); /* on the step, towards the passive side */
    cancel(f, "kw02");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpstr(f->report.message, ==, "User requested");
    cancel(f, "kw02"); /* again: it tells how it ended */
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_CANCELLED);
}

/* F09: part of it is filled, the rest cancelled */
static void
test_partial(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw03", KW_ORDER_TYPE_LIMIT, "57900", "0.01");

    submit(f, &order);
    kw_fake_kraken_tell(
        f->fake, "trade",
        "{\"pair\":\"XBTEUR\",\"price\":\"57900.0\",\"amount\":\"0.004\",\"side\":\"s\"}");
    cancel(f, "kw03");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpuint(f->report.n_fills, ==, 1);
    g_assert_cmpint(kw_decimal_cmp(f->report.fills[0].amount, dec("0.004")), ==, 0);
}

static void
test_stops(Fixture *f, gconstpointer data)
{
    KwOrder stop = make_order("kw04", KW_ORDER_TYPE_STOP_LOSS, "57000", "0.3");
    KwOrder target = make_order("kw05", KW_ORDER_TYPE_TAKE_PROFIT, "59000", "0.3");

    stop.side = target.side = KW_SIDE_SELL;
    submit(f, &stop);
    g_assert_no_error(f->error);
    submit(f, &target);
    g_assert_no_error(f->error);
    inspect(f);
    g_assert_cmpuint(f->state->orders->len, ==, 2);
    g_assert_cmpint(g_array_index(f->state->orders, KwVenueOrder, 0).type, ==,
                    KW_ORDER_TYPE_STOP_LOSS);
    stop.price = dec("57500");
    stop.amount = dec("0.2");
    for (guint i = 0; i < 2; i++) { /* asked again, it changes nothing */
        forget(f);
        kw_broker_amend_async(KW_BROKER(f->broker), &stop, NULL, on_amended, f);
        settle(f);
        g_assert_no_error(f->error);
        g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN);
        g_assert_cmpint(kw_decimal_cmp(f->report.price, stop.price), ==, 0);
        g_assert_cmpint(kw_decimal_cmp(f->report.amount, stop.amount), ==, 0);
    }
    kw_fake_kraken_tell(
        f->fake, "trade",
        "{\"pair\":\"XBTEUR\",\"price\":\"57499.0\",\"amount\":\"0.004\",\"side\":\"s\"}");
    query(f, "kw04");
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(kw_decimal_cmp(f->report.amount, stop.amount), ==, 0);
    forget(f);
    kw_broker_amend_async(KW_BROKER(f->broker), &stop, NULL, on_amended, f);
    settle(f);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);
}

static void
test_post_only(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw06", KW_ORDER_TYPE_POST_ONLY, "59000", "0.001");

    submit(f, &order);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_nonnull(strstr(f->error->message, "Post only"));
    order.price = dec("57000");
    submit(f, &order);
    g_assert_no_error(f->error);
}

/* F33, and refusals that are proofs */
static void
test_refused(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw07", KW_ORDER_TYPE_LIMIT, "50000", "1");

    submit(f, &order); /* 50,000 of 1,000 EUR */
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    order.amount = dec("0.00001"); /* known to us already: nothing is sent */
    submit(f, &order);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, 1);
    order.amount = dec("0.001");
    kw_fake_kraken_tell(f->fake, "system", "{\"status\":\"cancel_only\"}");
    submit(f, &order);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    kw_fake_kraken_tell(f->fake, "system", "{\"status\":\"online\"}");
    (void) g_strlcpy(order.pair, "NIX/EUR", sizeof order.pair);
    submit(f, &order);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_cmpuint(count_orders(f), ==, 0);
}

/* F02, F03, F05, F16, F27: the answer is lost or wrong, and the order is there. */
static void
test_unknown(Fixture *f, gconstpointer data)
{
    static const gchar *const faults[] = {
        "\"do\":\"drop_after\"",
        "\"do\":\"cut\"",
        "\"do\":\"html_after\",\"code\":502",
        "\"do\":\"error_after\",\"text\":\"EService:Unavailable\"",
        "\"do\":\"error_after\",\"text\":\"EGeneral:Internal error\"",
        "\"do\":\"twice\"",
    };

    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree gchar *id = g_strdup_printf("kw1%u", i);
        KwOrder order = make_order(id, KW_ORDER_TYPE_LIMIT, "50000", "0.001");

        g_test_message("%s", faults[i]);
        fault(f, "AddOrder", faults[i]);
        submit(f, &order);
        g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
        query(f, id);
        g_assert_no_error(f->error);
        g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN);
        g_assert_cmpuint(count_orders(f), ==, i + 1); /* never a second one */
    }
}

/* F04: it never arrived, and both look-ups say so; a look-up that fails says nothing. */
static void
test_absent(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw20", KW_ORDER_TYPE_LIMIT, "50000", "0.001");

    fault(f, "AddOrder", "\"do\":\"drop_before\"");
    submit(f, &order);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
    fault(f, "ClosedOrders", "\"do\":\"html_before\",\"times\":4");
    query(f, "kw20");
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
    query(f, "kw20");
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);
    g_assert_cmpint(kw_broker_get_settle_us(KW_BROKER(f->broker)), ==, 70 * G_USEC_PER_SEC);
}

/* What arrives after its deadline is not carried out. */
static void
test_deadline(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw21", KW_ORDER_TYPE_LIMIT, "50000", "0.001");

    fault(f, "AddOrder", "\"do\":\"late\",\"s\":30");
    forget(f);
    kw_broker_submit_async(KW_BROKER(f->broker), &order, NULL, on_submitted, f);
    for (guint i = 0; i < 40; i++)
        kw_fake_kraken_advance(f->fake, f->clock, 1);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, 1);
    g_assert_cmpuint(count_orders(f), ==, 0);
    kw_fake_kraken_wait(is_done, f, "given up");
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
}

/* F10, F28: an execution comes twice, and again after a new connection. */
static void
test_repeats(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw22", KW_ORDER_TYPE_MARKET, "58000", "0.001");
    GHashTableIter iter;
    gpointer n;

    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"double_report\",\"times\":4}");
    submit(f, &order);
    kw_fake_kraken_advance(f->fake, f->clock, 2);
    kw_fake_kraken_tell(f->fake, "restart", "{\"sessions\":false}");
    kw_fake_kraken_wait(is_down, f, "the end of the session");
    kw_fake_kraken_await(f->fake, f->clock, 120, is_live, f, "a new session");
    g_assert_cmpuint(g_hash_table_size(f->fills), ==, 1);
    g_hash_table_iter_init(&iter, f->fills);
    while (g_hash_table_iter_next(&iter, NULL, &n))
        g_assert_cmpuint(GPOINTER_TO_UINT(n), ==, 1);
}

/* F28: the fill's news is lost; the gap brings a look-up. */
static void
test_lost_news(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw23", KW_ORDER_TYPE_LIMIT, "57900", "0.001");

    submit(f, &order);
    kw_fake_kraken_advance(f->fake, f->clock, 1);
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"drop_report\",\"times\":1}");
    kw_fake_kraken_tell(
        f->fake, "trade",
        "{\"pair\":\"XBTEUR\",\"price\":\"57800.0\",\"amount\":\"0.4\",\"side\":\"s\"}");
    kw_fake_kraken_await(f->fake, f->clock, 120, has_fill, f, "the execution, looked up");
}

/* Numbers where texts were, texts where numbers were, members that nobody knows: read the same
 */
static void
test_strange(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw26", KW_ORDER_TYPE_LIMIT, "50000", "0.001");
    KwOrder market = make_order("kw27", KW_ORDER_TYPE_MARKET, "58000", "0.001");

    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"*\",\"do\":\"strange\",\"times\":100}");
    submit(f, &order);
    g_assert_no_error(f->error);
    inspect(f);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->state->orders->len, ==, 1);
    g_assert_cmpuint(f->state->balances->len, >=, 2);
    cancel(f, "kw26");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_CANCELLED);
    submit(f, &market);
    query(f, "kw27");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(f->report.n_fills, ==, 1);
    g_assert_cmpint(kw_decimal_cmp(f->report.fills[0].amount, dec("0.001")), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(f->report.fills[0].fee, dec("0.232")), ==, 0);
}

/* F09: the cancellation comes after the fill, and another is only promised. */
static void
test_cancel_too_late(Fixture *f, gconstpointer data)
{
    KwOrder first = make_order("kw28", KW_ORDER_TYPE_LIMIT, "50000", "0.001");
    KwOrder second = make_order("kw29", KW_ORDER_TYPE_LIMIT, "50000", "0.001");

    submit(f, &first);
    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"CancelOrder\",\"do\":\"fill\"}");
    cancel(f, "kw28");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(f->report.n_fills, ==, 1);
    submit(f, &second);
    kw_fake_kraken_tell(f->fake, "fault",
                        "{\"call\":\"CancelOrder\",\"do\":\"pending\",\"s\":2}");
    cancel(f, "kw29");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN); /* not before it is so */
    kw_fake_kraken_advance(f->fake, f->clock, 3);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "CancelOrder"), ==, 1);
    query(f, "kw29");
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_CANCELLED);
}

/* F18, F28: an order of many executions is looked up often while its news are lost; asking for
 * each of them again would use up the calls that are allowed, and a stop would wait for that.
 */
static void
test_many_fills(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw25", KW_ORDER_TYPE_MARKET, "58000", "0.005");

    kw_fake_kraken_tell(f->fake, "set", "{\"level_amount\":\"0.0001\"}");
    kw_fake_kraken_tell(
        f->fake, "book",
        "{\"pair\":\"XBTEUR\",\"depth\":50,\"rows\":[[0,[[\"57999.0\",\"1\"]],["
        "[\"58001.0\",\"0.0002\"],[\"58002.0\",\"0.0002\"],[\"58003.0\",\"0.0002\"],"
        "[\"58004.0\",\"0.0002\"],[\"58005.0\",\"0.0002\"],[\"58006.0\",\"0.0002\"],"
        "[\"58007.0\",\"0.0002\"],[\"58008.0\",\"0.0002\"],[\"58009.0\",\"0.0002\"],"
        "[\"58010.0\",\"0.0002\"],[\"58011.0\",\"0.0002\"],[\"58012.0\",\"0.0002\"],"
        "[\"58013.0\",\"0.0002\"],[\"58014.0\",\"0.0002\"],[\"58015.0\",\"0.0002\"],"
        "[\"58016.0\",\"0.0002\"],[\"58017.0\",\"0.0002\"],[\"58018.0\",\"0.0002\"],"
        "[\"58019.0\",\"0.0002\"],[\"58020.0\",\"0.0002\"],[\"58021.0\",\"0.0002\"],"
        "[\"58022.0\",\"0.0002\"],[\"58023.0\",\"0.1\"]]]]}");
    kw_fake_kraken_tell(f->fake, "socket", "{\"do\":\"drop_report\",\"times\":200}");
    submit(f, &order);
    query(f, "kw25");
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(g_hash_table_size(f->fills) + f->report.n_fills, >=, 23);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "QueryTrades"), ==, 2);
    for (guint i = 0; i < 4; i++) {
        g_hash_table_remove_all(f->fills);
        query(f, "kw25");
        g_assert_no_error(f->error);
        g_assert_cmpuint(g_hash_table_size(f->fills) + f->report.n_fills, ==, 23);
    }
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "QueryTrades"), ==, 2);
}

static void
test_inspect(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("kw24", KW_ORDER_TYPE_LIMIT, "50000", "0.01");
    gboolean seen_eur = FALSE;

    submit(f, &order);
    kw_fake_kraken_tell(f->fake, "account",
                        "{\"balances\":{\"EUR.F\":\"5.5\",\"XBT.B\":\"9\"}}");
    kw_fake_kraken_tell(f->fake, "order",
                        "{\"args\":{\"pair\":\"XBTEUR\",\"type\":\"sell\",\"ordertype\":"
                        "\"trailing-stop\",\"volume\":\"0.1\",\"price\":\"+500\"}}");
    inspect(f);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->state->orders->len, ==, 2); /* one by hand */
    g_assert_cmpstr(g_array_index(f->state->orders, KwVenueOrder, 1).client_id, ==, "");
    for (guint i = 0; i < f->state->balances->len; i++) {
        const KwVenueBalance *balance = &g_array_index(f->state->balances, KwVenueBalance, i);

        if (strcmp(balance->asset, "BTC") == 0)
            g_assert_cmpint(kw_decimal_cmp(balance->total, dec("1")), ==, 0);
        if (strcmp(balance->asset, "EUR") != 0)
            continue;
        seen_eur = TRUE;
        g_assert_cmpint(kw_decimal_cmp(balance->total, dec("1005.5")), ==, 0);
        g_assert_cmpint(kw_decimal_cmp(balance->held, dec("502")), ==, 0); /* with the fee */
    }
    g_assert_true(seen_eur);
    fault(f, "BalanceEx", "\"do\":\"html_before\",\"times\":4");
    inspect(f);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    kw_kraken_answer_clear(&f->answer);
    (void) kw_kraken_finish(KW_KRAKEN(source), result, &f->answer, &f->error);
    f->n_done++;
}

static KwKrakenKeyFlags
probe_key(Fixture *f)
{
    KwKrakenKeyInfo info = {0};

    forget(f);
    kw_kraken_call_async(f->kraken, "GetApiKeyInfo", NULL, NULL, on_answer, f);
    settle(f);
    g_assert_no_error(f->error);
    g_assert_true(
        kw_kraken_read_key_info(kw_kraken_answer_get_object(&f->answer, NULL), &info, NULL));
    g_assert_cmpuint(info.nonce, >, 0);
    return info.flags;
}

/* F22, F23 */
static void
test_key(Fixture *f, gconstpointer data)
{
    g_assert_cmpint(probe_key(f), ==, 0);
    kw_fake_kraken_tell(f->fake, "key",
                        "{\"key\":\"%s\",\"permissions\":[\"query-funds\",\"withdraw-funds\"],"
                        "\"ip_allowlist\":[\"\"],\"valid_until\":1900000000}",
                        KW_FAKE_KRAKEN_KEY);
    g_assert_cmpint(probe_key(f), ==,
                    KW_KRAKEN_KEY_WITHDRAWS | KW_KRAKEN_KEY_LACKS | KW_KRAKEN_KEY_EXPIRES |
                        KW_KRAKEN_KEY_ANYWHERE);
}

/* F35 */
static void
test_fees(Fixture *f, gconstpointer data)
{
    static const gchar *const fields[] = {"pair", "XBTEUR", NULL};
    KwKrakenFees fees = {0};

    for (guint i = 0; i < 2; i++) {
        forget(f);
        kw_kraken_call_async(f->kraken, "TradeVolume", fields, NULL, on_answer, f);
        settle(f);
        g_assert_true(kw_kraken_read_fees(kw_kraken_answer_get_object(&f->answer, NULL),
                                          "XXBTZEUR", &fees, NULL));
        g_assert_cmpfloat_with_epsilon(fees.taker_ratio, i == 0 ? 0.004 : 0.0035, 1e-12);
        g_assert_cmpfloat_with_epsilon(fees.maker_ratio, i == 0 ? 0.0025 : 0.002, 1e-12);
        kw_fake_kraken_tell(f->fake, "account", "{\"taker\":\"0.35\",\"maker\":\"0.20\"}");
    }
}

int
main(int argc, char **argv)
{
#define ADD(name, func)                                                                        \
    g_test_add("/exchange/kraken-broker/" name, Fixture, NULL, set_up, func, tear_down)
#define ADD_BOTH(name, func)                                                                   \
    ADD(name, func);                                                                           \
    g_test_add("/exchange/kraken-broker/socket/" name, Fixture,                                \
               GINT_TO_POINTER(KW_KRAKEN_ORDER_PATH_SOCKET), set_up, func, tear_down)
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    ADD_BOTH("market", test_market);
    ADD_BOTH("limit-cancel", test_limit_cancel);
    ADD_BOTH("partial", test_partial);
    ADD_BOTH("stops", test_stops);
    ADD_BOTH("post-only", test_post_only);
    ADD_BOTH("refused", test_refused);
    ADD("unknown", test_unknown);
    ADD_BOTH("absent", test_absent);
    ADD_BOTH("deadline", test_deadline);
    ADD_BOTH("repeats", test_repeats);
    ADD_BOTH("lost-news", test_lost_news);
    ADD_BOTH("strange", test_strange);
    ADD_BOTH("cancel-too-late", test_cancel_too_late);
    ADD("many-fills", test_many_fills);
    ADD("inspect", test_inspect);
    ADD("key", test_key);
    ADD("fees", test_fees);
    return g_test_run();
}
