/* test-mt5-broker.c: orders at a fake bridge: placed, closed, lost and found again; F89 as F03
 */
#include "kw-client-id.h"
#include "kw-error.h"
#include "kw-fake-mt5.h"
#include "kw-mt5-broker.h"
#include "kw-test.h"

#include <string.h>

static const gchar *const markets[] = {"BTC/USD=BTCUSD", "ETH/USD", NULL};

#define HEDGING GINT_TO_POINTER(1)

typedef struct {
    KwFakeMt5 *fake;
    KwFakeClock *clock;
    KwMt5 *mt5;
    KwMt5Directory *directory; /* until the broker has it */
    KwMt5Broker *broker;
    KwBrokerReport report, news;
    KwVenueState *state;
    GError *error;
    gboolean is_done;
    guint n_news;
} Fixture;

static void
wait_for(Fixture *f)
{
    gint64 until_us = kw_stopwatch_us() + 10 * G_USEC_PER_SEC;

    while (!f->is_done && kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_true(f->is_done);
}

static void
forget(Fixture *f)
{
    g_clear_error(&f->error);
    f->is_done = FALSE;
}

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->directory = kw_mt5_directory_finish(KW_MT5(source), result, &f->error);
    f->is_done = TRUE;
}

static void
on_news(KwBroker *broker, const KwBrokerReport *report, gpointer user_data)
{
    Fixture *f = user_data;

    f->news = *report;
    f->n_news++;
}

static void
read_directory(Fixture *f, const gchar *const *names)
{
    forget(f);
    kw_mt5_directory_async(f->mt5, names, NULL, on_directory, f);
    wait_for(f);
}

/* Anew, with this patience */
static void
connect_bridge(Fixture *f, guint timeout_ms)
{
    KwMt5Options options = {.user_agent = "kurswart-test", .timeout_ms = timeout_ms};
    g_autoptr(KwSecret) token = kw_secret_new(KW_FAKE_MT5_TOKEN, strlen(KW_FAKE_MT5_TOKEN));
    g_autoptr(GError) error = NULL;

    g_clear_object(&f->broker);
    g_clear_object(&f->mt5);
    options.url = kw_fake_mt5_get_url(f->fake);
    options.token = token; /* the connection has its own: this one goes at once */
    f->mt5 = kw_mt5_new(&options, &error);
    g_assert_no_error(error);
    read_directory(f, markets);
    g_assert_no_error(f->error);
    f->broker = kw_mt5_broker_new(KW_CLOCK(f->clock), f->mt5, g_steal_pointer(&f->directory));
    g_signal_connect(f->broker, "report", G_CALLBACK(on_news), f);
}

static void
set_up(Fixture *f, gconstpointer is_hedging)
{
    f->fake = kw_fake_mt5_new(is_hedging == HEDGING, KW_TEST_T0_US);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    connect_bridge(f, 5000);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->broker);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_clear_object(&f->mt5);
    g_clear_pointer(&f->directory, kw_mt5_directory_free);
    g_clear_pointer(&f->state, kw_venue_state_free);
    g_clear_object(&f->clock);
    g_clear_error(&f->error);
    kw_fake_mt5_free(f->fake);
}

/* -- calls -- */

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_submit_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->is_done = TRUE;
}

static void
on_queried(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_query_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->is_done = TRUE;
}

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_cancel_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->is_done = TRUE;
}

static void
on_amended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_broker_amend_finish(KW_BROKER(source), result, &f->report, &f->error);
    f->is_done = TRUE;
}

static void
on_inspected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    g_clear_pointer(&f->state, kw_venue_state_free);
    f->state = kw_broker_inspect_finish(KW_BROKER(source), result, &f->error);
    f->is_done = TRUE;
}

static KwOrder
make_order(const gchar *key, KwSide side, KwOrderType type, const gchar *amount)
{
    KwOrder order = {.pair = "BTC/USD", .mode = KW_MODE_LIVE, .side = side, .type = type};

    kw_client_id_make(key, order.client_id);
    g_assert_true(kw_decimal_parse(amount, &order.amount, NULL));
    g_assert_true(kw_decimal_parse("60000", &order.price, NULL));
    return order;
}

static void
submit(Fixture *f, const KwOrder *order)
{
    forget(f);
    kw_broker_submit_async(KW_BROKER(f->broker), order, NULL, on_submitted, f);
    wait_for(f);
}

static void
query(Fixture *f, const KwOrder *order)
{
    forget(f);
    kw_broker_query_async(KW_BROKER(f->broker), order->client_id, NULL, on_queried, f);
    wait_for(f);
}

static void
pass_ms(guint ms)
{
    gint64 until_us = kw_stopwatch_us() + ms * G_TIME_SPAN_MILLISECOND;

    while (kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
}

/* Until the fake has seen so many */
static void
pass_until_asked(Fixture *f, guint n, guint (*count)(KwFakeMt5 *))
{
    gint64 until_us = kw_stopwatch_us() + 10 * G_USEC_PER_SEC;

    while (count(f->fake) < n && kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(count(f->fake), >=, n);
}

static void
assert_refused(Fixture *f)
{
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
}

static void
assert_unknown(Fixture *f)
{
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
}

/* -- tests -- */

static void
test_round_trip(Fixture *f, gconstpointer is_hedging)
{
    KwOrder buy = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.15");
    KwOrder part = make_order("b", KW_SIDE_SELL, KW_ORDER_TYPE_MARKET, "0.05");
    KwOrder rest = make_order("c", KW_SIDE_SELL, KW_ORDER_TYPE_MARKET, "0.1");

    submit(f, &buy);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN);
    g_assert_cmpstr(f->report.venue_id, !=, "");
    query(f, &buy);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(f->report.n_fills, ==, 1);
    g_assert_cmpfloat(kw_decimal_to_double(f->report.fills[0].amount), ==, 0.15);
    g_assert_cmpfloat(kw_decimal_to_double(f->report.fills[0].price), ==, 60000);
    /* 0.15 * 60000 * 0.0325 %, to the cent */
    g_assert_cmpfloat(kw_decimal_to_double(f->report.fills[0].fee), ==, 2.93);
    g_assert_cmpstr(f->report.fills[0].pair, ==, "BTC/USD");
    submit(f, &part);
    g_assert_no_error(f->error);
    g_assert_cmpfloat(kw_fake_mt5_get_volume(f->fake, "BTCUSD"), ==, 0.1);
    g_assert_cmpuint(kw_fake_mt5_count_positions(f->fake), ==, 1);
    submit(f, &rest);
    g_assert_no_error(f->error);
    g_assert_cmpuint(kw_fake_mt5_count_positions(f->fake), ==, 0);
    query(f, &rest);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(f->report.fills[0].side, ==, KW_SIDE_SELL);
    g_assert_cmpint(kw_broker_keeps_stops(KW_BROKER(f->broker)), ==, is_hedging == NULL);
}

/* Of a contract of ten the amount is ten times the lots. */
static void
test_contract(Fixture *f, gconstpointer data)
{
    KwOrder buy = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "2.5");

    (void) g_strlcpy(buy.pair, "ETH/USD", sizeof buy.pair);
    submit(f, &buy);
    g_assert_no_error(f->error);
    g_assert_cmpfloat(kw_fake_mt5_get_volume(f->fake, "ETHUSD"), ==, 0.25);
    query(f, &buy);
    g_assert_cmpfloat(kw_decimal_to_double(f->report.fills[0].amount), ==, 2.5);
}

/* Some servers' names have in them what has a meaning in an address. */
static void
test_odd_name(Fixture *f, gconstpointer data)
{
    static const gchar *const odd[] = {"BTC/USD=BTC/US #1+?%", NULL};
    KwOrder buy = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.1");

    kw_fake_mt5_rename(f->fake, "BTCUSD", "BTC/US #1+?%");
    read_directory(f, odd);
    g_assert_no_error(f->error);
    g_clear_object(&f->broker);
    f->broker = kw_mt5_broker_new(KW_CLOCK(f->clock), f->mt5, g_steal_pointer(&f->directory));
    submit(f, &buy);
    g_assert_no_error(f->error);
    query(f, &buy);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpfloat(kw_fake_mt5_get_volume(f->fake, "BTC/US #1+?%"), ==, 0.1);
}

/* A sale never opens a short position, on neither kind of account. */
static void
test_no_short(Fixture *f, gconstpointer data)
{
    KwOrder buy = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.1");
    KwOrder sale = make_order("b", KW_SIDE_SELL, KW_ORDER_TYPE_MARKET, "0.2");

    submit(f, &sale);
    assert_refused(f);
    submit(f, &buy);
    submit(f, &sale);
    assert_refused(f);
    kw_fake_mt5_set_list_status(f->fake, 502); /* nobody knows what is held */
    submit(f, &sale);
    assert_refused(f);
    kw_fake_mt5_set_list_status(f->fake, 0);
    g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, 1);
    g_assert_cmpfloat(kw_fake_mt5_get_volume(f->fake, "BTCUSD"), ==, 0.1);
}

/* On a hedging account somebody else's position is not ours to close. */
static void
test_foreign_position(Fixture *f, gconstpointer data)
{
    KwOrder sale = make_order("b", KW_SIDE_SELL, KW_ORDER_TYPE_MARKET, "0.3");

    kw_fake_mt5_add_foreign(f->fake);
    submit(f, &sale);
    assert_refused(f);
    g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, 0);
}

/* Volume steps, kinds and pairs that the server does not have: nothing leaves. */
static void
test_refused_here(Fixture *f, gconstpointer data)
{
    KwOrder orders[] = {
        make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.155"),
        make_order("b", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.001"),
        make_order("c", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "6"),
        make_order("d", KW_SIDE_BUY, KW_ORDER_TYPE_POST_ONLY, "0.1"),
        make_order("e", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.1"),
        make_order("f", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.1"),
    };

    (void) g_strlcpy(orders[4].pair, "XRP/USD", sizeof orders[4].pair);
    (void) g_strlcpy(orders[5].client_id, "by hand", sizeof orders[5].client_id);
    for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_test_message("order %" G_GSIZE_FORMAT, i);
        submit(f, &orders[i]);
        assert_refused(f);
    }
    g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, 0);
}

/* F89, F03: whatever the answer, each request leaves once, and the look-up tells the truth. */
static void
test_faults(Fixture *f, gconstpointer data)
{
    static const struct {
        KwFakeMt5Fault fault;
        gint number;
        gint code; /* of the error */
        gboolean exists;
    } rows[] = {
        {KW_FAKE_MT5_CODE_AFTER, -11, KW_EXCHANGE_ERROR_UNKNOWN, TRUE},
        {KW_FAKE_MT5_CODE_BEFORE, -11, KW_EXCHANGE_ERROR_UNKNOWN, FALSE},
        {KW_FAKE_MT5_CODE_AFTER, 10012, KW_EXCHANGE_ERROR_UNKNOWN, TRUE},
        {KW_FAKE_MT5_CODE_BEFORE, 777, KW_EXCHANGE_ERROR_UNKNOWN, FALSE},
        {KW_FAKE_MT5_CODE_BEFORE, -10, KW_EXCHANGE_ERROR_REFUSED, FALSE},
        {KW_FAKE_MT5_CODE_BEFORE, 10004, KW_EXCHANGE_ERROR_REFUSED, FALSE},
        {KW_FAKE_MT5_CODE_BEFORE, 10019, KW_EXCHANGE_ERROR_REFUSED, FALSE},
        {KW_FAKE_MT5_DROP_AFTER, 0, KW_EXCHANGE_ERROR_UNKNOWN, TRUE},
        {KW_FAKE_MT5_DROP_BEFORE, 0, KW_EXCHANGE_ERROR_UNKNOWN, FALSE},
        {KW_FAKE_MT5_STATUS_AFTER, 502, KW_EXCHANGE_ERROR_UNKNOWN, TRUE},
        {KW_FAKE_MT5_STATUS_AFTER, 408, KW_EXCHANGE_ERROR_UNKNOWN, TRUE},
        {KW_FAKE_MT5_STATUS, 499, KW_EXCHANGE_ERROR_UNKNOWN, FALSE},
        {KW_FAKE_MT5_STATUS, 429, KW_EXCHANGE_ERROR_REFUSED, FALSE},
        {KW_FAKE_MT5_STATUS, 401, KW_EXCHANGE_ERROR_REFUSED, FALSE},
    };
    guint n_orders = 0;

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *key = g_strdup_printf("row %u", i);
        KwOrder order = make_order(key, KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.01");

        g_test_message("%s", key);
        kw_fake_mt5_fail(f->fake, rows[i].fault, rows[i].number);
        submit(f, &order);
        g_assert_error(f->error, KW_EXCHANGE_ERROR, rows[i].code);
        g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, i + 1);
        query(f, &order);
        if (rows[i].exists) {
            g_assert_no_error(f->error);
            g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
            g_assert_cmpuint(f->report.n_fills, ==, 1);
        } else
            g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);
        n_orders += rows[i].exists;
        g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, n_orders);
    }
}

/* F03, F04: the bridge swallows the request; whether it was carried out, only look-ups say. */
static void
test_black_hole(Fixture *f, gconstpointer is_done)
{
    KwOrder order = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.01");

    connect_bridge(f, 200);
    kw_fake_mt5_fail(f->fake, is_done != NULL ? KW_FAKE_MT5_HOLE_AFTER : KW_FAKE_MT5_HOLE, 0);
    submit(f, &order);
    assert_unknown(f);
    query(f, &order);
    if (is_done != NULL)
        g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    else
        g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);
    g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, 1);
}

/* Carried out long after nobody waits any more: until then it is not found, which must prove
 * nothing for as long as a terminal or a bridge may still have it. */
static void
test_late(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.01");

    connect_bridge(f, 200);
    kw_fake_mt5_fail(f->fake, KW_FAKE_MT5_LATE, 0);
    submit(f, &order);
    assert_unknown(f);
    query(f, &order);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);
    kw_fake_mt5_release(f->fake);
    query(f, &order);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(kw_broker_get_settle_us(KW_BROKER(f->broker)), >, 4 * G_TIME_SPAN_MINUTE);
}

/* An answer that comes after the order manager has given up waiting is an answer. */
static void
test_slow_answer(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.01");

    forget(f);
    kw_fake_mt5_fail(f->fake, KW_FAKE_MT5_LATE, 0);
    kw_broker_submit_async(KW_BROKER(f->broker), &order, NULL, on_submitted, f);
    pass_until_asked(f, 1, kw_fake_mt5_count_trades);
    kw_fake_clock_advance(f->clock, 19 * G_USEC_PER_SEC);
    kw_fake_mt5_release(f->fake);
    wait_for(f);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN);
}

/* A sale looks at the positions first. However long that takes, it leaves: it may be the stop
 * of a position, or the way out of it. */
static void
test_slow_sale(Fixture *f, gconstpointer data)
{
    static const gint64 waits_us[] = {9 * G_USEC_PER_SEC, 19 * G_USEC_PER_SEC};
    KwOrder buy = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.1");

    submit(f, &buy);
    for (guint i = 0; i < G_N_ELEMENTS(waits_us); i++) {
        g_autofree gchar *key = g_strdup_printf("sale %u", i);
        KwOrder sale = make_order(key, KW_SIDE_SELL, KW_ORDER_TYPE_MARKET, "0.05");
        guint n_asked = kw_fake_mt5_count_asked(f->fake);

        forget(f);
        kw_fake_mt5_hold_lists(f->fake);
        kw_broker_submit_async(KW_BROKER(f->broker), &sale, NULL, on_submitted, f);
        pass_until_asked(f, n_asked + 1, kw_fake_mt5_count_asked);
        kw_fake_clock_advance(f->clock, waits_us[i]);
        kw_fake_mt5_release(f->fake);
        wait_for(f);
        g_assert_no_error(f->error);
        g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, 2 + i);
    }
}

/* No proof from half an answer (F06, F07). */
static void
test_no_verdict(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.01");

    kw_fake_mt5_set_synchronizing(f->fake, TRUE);
    query(f, &order);
    assert_unknown(f);
    kw_fake_mt5_set_synchronizing(f->fake, FALSE);
    kw_fake_mt5_set_list_status(f->fake, 404);
    query(f, &order);
    assert_unknown(f);
    kw_fake_mt5_set_list_status(f->fake, 0);
    submit(f, &order);
    kw_fake_mt5_hide_deals(f->fake, TRUE); /* done, and nobody knows at what price */
    query(f, &order);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN);
    kw_fake_mt5_hide_deals(f->fake, FALSE);
    query(f, &order);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
}

/* A stop waits, is moved, is taken back, or fills and is told by itself. */
static void
test_stop(Fixture *f, gconstpointer data)
{
    KwOrder buy = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.1");
    KwOrder stop = make_order("b", KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS, "0.1");
    KwOrder smaller;

    submit(f, &buy);
    g_assert_true(kw_decimal_parse("59000", &stop.price, NULL));
    submit(f, &stop);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_OPEN);
    g_assert_true(kw_decimal_parse("59500", &stop.price, NULL));
    forget(f);
    kw_broker_amend_async(KW_BROKER(f->broker), &stop, NULL, on_amended, f);
    wait_for(f);
    g_assert_no_error(f->error);
    g_assert_cmpfloat(kw_decimal_to_double(f->report.price), ==, 59500);
    smaller = stop;
    g_assert_true(kw_decimal_parse("0.05", &smaller.amount, NULL));
    g_assert_false(kw_broker_resizes(KW_BROKER(f->broker)));
    forget(f);
    kw_broker_amend_async(KW_BROKER(f->broker), &smaller, NULL, on_amended, f);
    wait_for(f);
    assert_refused(f);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 59600);
    g_assert_cmpfloat(kw_fake_mt5_get_volume(f->fake, "BTCUSD"), ==, 0.1);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 59400);
    f->n_news = 0;
    kw_fake_clock_advance(f->clock, 6 * G_USEC_PER_SEC);
    while (f->n_news == 0 || strcmp(f->news.client_id, stop.client_id) != 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(f->news.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpfloat(kw_decimal_to_double(f->news.fills[0].price), ==, 59400);
    forget(f);
    kw_broker_amend_async(KW_BROKER(f->broker), &stop, NULL, on_amended, f);
    wait_for(f);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);
}

/* A bridge that is slower than the pace of the look-ups is not asked by the next round too. */
static void
test_slow_polls(Fixture *f, gconstpointer data)
{
    KwOrder limit = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "0.1");
    guint n_asked;

    g_assert_true(kw_decimal_parse("50000", &limit.price, NULL));
    submit(f, &limit);
    kw_fake_mt5_hold_lists(f->fake);
    n_asked = kw_fake_mt5_count_asked(f->fake);
    for (guint i = 0; i < 12; i++) {
        kw_fake_clock_advance(f->clock, 5 * G_USEC_PER_SEC);
        pass_ms(10);
    }
    g_assert_cmpuint(kw_fake_mt5_count_asked(f->fake), ==, n_asked + 1);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 49000);
    kw_fake_mt5_release(f->fake);
    f->n_news = 0;
    kw_fake_clock_advance(f->clock, 6 * G_USEC_PER_SEC);
    while (f->n_news == 0 || f->news.state != KW_ORDER_STATE_FILLED) {
        (void) g_main_context_iteration(NULL, FALSE);
        kw_fake_clock_advance(f->clock, G_USEC_PER_SEC);
    }
    g_assert_cmpstr(f->news.client_id, ==, limit.client_id);
}

/* F47: what works is looked up at its pace, however the wall clock is stepped. */
static void
test_clock_stepped(Fixture *f, gconstpointer data)
{
    KwOrder limit = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "0.1");

    g_assert_true(kw_decimal_parse("50000", &limit.price, NULL));
    submit(f, &limit);
    kw_fake_clock_step(f->clock, -G_TIME_SPAN_HOUR);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 49000);
    f->n_news = 0;
    for (guint s = 0; s < 60 && (f->n_news == 0 || f->news.state != KW_ORDER_STATE_FILLED);
         s++) {
        kw_fake_clock_advance(f->clock, G_USEC_PER_SEC);
        pass_ms(10);
    }
    g_assert_cmpint(f->news.state, ==, KW_ORDER_STATE_FILLED);
}

static void
cancel(Fixture *f, const KwOrder *order)
{
    forget(f);
    kw_broker_cancel_async(KW_BROKER(f->broker), order->client_id, NULL, on_cancelled, f);
    wait_for(f);
}

static void
test_cancel(Fixture *f, gconstpointer data)
{
    KwOrder limit = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "0.1");
    KwOrder late = make_order("b", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "0.1");

    g_assert_true(kw_decimal_parse("50000", &limit.price, NULL));
    late.price = limit.price;
    submit(f, &limit);
    cancel(f, &limit);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_CANCELLED);
    cancel(f, &limit); /* again changes nothing */
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_CANCELLED);
    submit(f, &late);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 49000); /* it was faster */
    cancel(f, &late);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(f->report.n_fills, ==, 1);
}

static void
test_inspect(Fixture *f, gconstpointer data)
{
    KwOrder buy = make_order("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "0.1");
    KwOrder limit = make_order("b", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "0.2");
    const KwVenueBalance *coins, *money;
    const KwVenueOrder *own, *foreign;

    g_assert_true(kw_decimal_parse("50000", &limit.price, NULL));
    submit(f, &buy);
    submit(f, &limit);
    kw_fake_mt5_add_foreign(f->fake);
    forget(f);
    kw_broker_inspect_async(KW_BROKER(f->broker), NULL, on_inspected, f);
    wait_for(f);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->state->orders->len, ==, 2);
    own = &g_array_index(f->state->orders, KwVenueOrder, 0);
    foreign = &g_array_index(f->state->orders, KwVenueOrder, 1);
    g_assert_cmpstr(own->client_id, ==, limit.client_id);
    g_assert_cmpfloat(kw_decimal_to_double(own->amount), ==, 0.2);
    g_assert_cmpstr(foreign->client_id, ==, "");
    g_assert_cmpstr(foreign->pair, ==, "ETH/USD");
    g_assert_cmpfloat(kw_decimal_to_double(foreign->amount), ==, 5);
    g_assert_cmpuint(f->state->balances->len, ==, 2);
    coins = &g_array_index(f->state->balances, KwVenueBalance, 0);
    money = &g_array_index(f->state->balances, KwVenueBalance, 1);
    g_assert_cmpstr(coins->asset, ==, "BTC");
    g_assert_cmpfloat(kw_decimal_to_double(coins->total), ==,
                      0.4); /* ours and the foreign one */
    g_assert_cmpstr(money->asset, ==, "USD");
    g_assert_cmpfloat(kw_decimal_to_double(money->total), ==, 10000 - 1.95);
    kw_fake_mt5_set_list_status(f->fake, 500);
    forget(f);
    kw_broker_inspect_async(KW_BROKER(f->broker), NULL, on_inspected, f);
    wait_for(f);
    assert_unknown(f);
}

static void
test_opening(Fixture *f, gconstpointer data)
{
    const KwMt5Options clear = {.url = "http://bridge.example/a", .user_agent = "t"};
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_mt5_new(&clear, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_IO);
    kw_fake_mt5_set_may_trade(f->fake, FALSE);
    read_directory(f, markets); /* prices can be had all the same */
    g_assert_no_error(f->error);
    g_assert_false(f->directory->account.may_trade);
    g_clear_pointer(&f->directory, kw_mt5_directory_free);
    kw_fake_mt5_set_may_trade(f->fake, TRUE);
    kw_fake_mt5_set_list_status(f->fake, 503);
    read_directory(f, markets);
    assert_unknown(f);
}

#define DONE GINT_TO_POINTER(2)
#define ADD(name, data, test)                                                                  \
    g_test_add("/exchange/mt5-broker/" name, Fixture, data, set_up, test, tear_down)

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    ADD("netting/round-trip", NULL, test_round_trip);
    ADD("hedging/round-trip", HEDGING, test_round_trip);
    ADD("contract", NULL, test_contract);
    ADD("odd-name", NULL, test_odd_name);
    ADD("netting/no-short", NULL, test_no_short);
    ADD("hedging/no-short", HEDGING, test_no_short);
    ADD("hedging/foreign-position", HEDGING, test_foreign_position);
    ADD("refused-here", NULL, test_refused_here);
    ADD("faults", NULL, test_faults);
    ADD("black-hole", NULL, test_black_hole);
    ADD("black-hole-after", DONE, test_black_hole);
    ADD("late", NULL, test_late);
    ADD("slow-answer", NULL, test_slow_answer);
    ADD("slow-sale", NULL, test_slow_sale);
    ADD("no-verdict", NULL, test_no_verdict);
    ADD("stop", NULL, test_stop);
    ADD("slow-polls", NULL, test_slow_polls);
    ADD("f47", NULL, test_clock_stepped);
    ADD("cancel", NULL, test_cancel);
    ADD("inspect", NULL, test_inspect);
    ADD("opening", NULL, test_opening);
    return g_test_run();
}
