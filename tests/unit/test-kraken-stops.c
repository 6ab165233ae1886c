/* test-kraken-stops.c: the stop of a trade at the fake Kraken, from its entry to its end
 *
 * Order manager, stop keeper and reconciler over the real broker and stream. F08, F12 to F15.
 */
#include "kw-fake-kraken.h"
#include "kw-kraken-broker.h"
#include "kw-oms-rig.h"
#include "kw-reconciler.h"
#include "kw-test.h"

#include <string.h>

#define BTC "BTC/EUR"

/* 0.01 BTC bought at about 58000, stop at 57000; the account has 1 BTC of its own besides */
typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock; /* of the broker; goes with that of the rig */
    KwSecret *secret;
    KwKrakenPairs *pairs;
    KwKraken *kraken;
    KwKrakenStream *stream;
    KwOmsRig *rig;
    KwStopKeeper *keeper;
    KwReconciler *reconciler;
    GString *news;
} Fixture;

/* -- waiting -- */

/* Virtual time passes until it is so, on both clocks. */
static void
wait_for(Fixture *f, gboolean (*is_done)(gpointer user_data), const gchar *what)
{
    for (guint i = 0; i < 120 && !is_done(f); i++) {
        gint64 until_us = kw_stopwatch_us() + 40000;

        while (!is_done(f) && kw_stopwatch_us() < until_us)
            (void) g_main_context_iteration(NULL, FALSE);
        if (is_done(f))
            break;
        kw_fake_kraken_advance(f->fake, f->clock, 1);
        kw_fake_clock_advance(f->rig->clock, G_USEC_PER_SEC);
    }
    kw_fake_kraken_wait(is_done, f, what);
}

static gboolean
is_live(gpointer user_data)
{
    return kw_kraken_stream_is_live(((Fixture *) user_data)->stream);
}

static KwTrade *
get_trade(Fixture *f)
{
    return kw_portfolio_find_open(f->rig->portfolio, BTC);
}

static gboolean
is_open(gpointer user_data)
{
    const KwTrade *trade = get_trade(user_data);

    return trade != NULL && trade->state == KW_TRADE_STATE_OPEN &&
           !kw_oms_is_busy(((Fixture *) user_data)->rig->oms, BTC);
}

static gboolean
is_covered(gpointer user_data)
{
    return kw_stop_keeper_is_covered(((Fixture *) user_data)->keeper, 1);
}

static gboolean
is_flat(gpointer user_data)
{
    return get_trade(user_data) == NULL;
}

static gboolean
is_unblocked(gpointer user_data)
{
    return !kw_reconciler_blocks_entries(((Fixture *) user_data)->reconciler);
}

static gboolean
is_blocked(gpointer user_data)
{
    return !is_unblocked(user_data);
}

/* -- what the fake says -- */

/* "type price volume " of each stop that works there */
static gchar *
list_stops(Fixture *f, gchar **out_txid)
{
    g_autoptr(JsonNode) root = kw_fake_kraken_steer(f->fake, "truth", NULL);
    JsonArray *orders = json_object_get_array_member(json_node_get_object(root), "orders");
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < json_array_get_length(orders); i++) {
        JsonObject *order = json_array_get_object_element(orders, i);
        JsonObject *terms = json_object_get_object_member(order, "descr");

        if (strcmp(json_object_get_string_member(order, "status"), "open") != 0)
            continue;
        g_string_append_printf(text, "%s %s %s ",
                               json_object_get_string_member(terms, "ordertype"),
                               json_object_get_string_member(terms, "price"),
                               json_object_get_string_member(order, "vol"));
        if (out_txid != NULL)
            *out_txid = g_strdup(json_object_get_string_member(order, "txid"));
    }
    return g_string_free(text, FALSE);
}

static void
assert_stops(Fixture *f, const gchar *expected)
{
    g_autofree gchar *stops = list_stops(f, NULL);

    g_assert_cmpstr(stops, ==, expected);
}

/* -- life -- */

static void
on_alert(GObject *source, const gchar *code, const gchar *pair, Fixture *f)
{
    g_string_append_printf(f->news, "%s ", code);
}

static void
on_appeared(KwReconciler *reconciler, const KwVenueFinding *finding, Fixture *f)
{
    g_string_append_printf(f->news, "+%s ", kw_finding_kind_to_string(finding->kind));
}

static KwBroker *
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
    return KW_BROKER(kw_kraken_broker_new(KW_CLOCK(f->clock), f->kraken, f->pairs, f->stream,
                                          KW_KRAKEN_ORDER_PATH_SOCKET));
}

static void
buy(Fixture *f)
{
    KwRigOrder what = {
        .pair = BTC, .side = KW_SIDE_BUY, .candle = 1, .price = "59000", .amount = "0.01"};

    (void) kw_oms_rig_submit(f->rig, &what);
    wait_for(f, is_open, "the entry");
    get_trade(f)->stop = kw_oms_rig_decimal("57000");
    kw_stop_keeper_review(f->keeper);
    wait_for(f, is_covered, "the stop");
}

static void
set_up(Fixture *f, gconstpointer data)
{
    const KwStopRules rules = {.terms = {.min_step_ratio = 0.001}};

    f->fake = kw_fake_kraken_new(KW_TEST_T0_US);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->secret = kw_fake_kraken_make_secret();
    f->pairs = kw_fake_kraken_make_pairs();
    f->news = g_string_new(NULL);
    kw_fake_kraken_tell(f->fake, "account",
                        "{\"balances\":{\"ZEUR\":\"200000\",\"XXBT\":\"0\"}}");
    kw_fake_kraken_tell(f->fake, "trades",
                        "{\"pair\":\"XBTEUR\",\"rows\":[[1,\"58000.0\",\"0.1\",\"b\"]]}");
    f->rig = kw_oms_rig_new(open_broker(f));
    f->keeper = kw_stop_keeper_new(KW_CLOCK(f->rig->clock), f->rig->oms, f->rig->broker,
                                   f->rig->portfolio, f->rig->risk, &rules);
    f->reconciler = kw_reconciler_new(KW_CLOCK(f->rig->clock), f->rig->oms, f->rig->broker,
                                      f->rig->portfolio, "EUR", f->keeper);
    g_signal_connect(f->keeper, "alert", G_CALLBACK(on_alert), f);
    g_signal_connect(f->reconciler, "alert", G_CALLBACK(on_alert), f);
    g_signal_connect(f->reconciler, "appeared", G_CALLBACK(on_appeared), f);
    wait_for(f, is_live, "the private stream");
    kw_reconciler_start(f->reconciler);
    wait_for(f, is_unblocked, "the first comparison");
    buy(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_reconciler_stop(f->reconciler);
    g_clear_object(&f->reconciler);
    g_clear_object(&f->keeper);
    /* nothing may be on its way when the order manager goes */
    for (gint64 until_us = kw_stopwatch_us() + 200000; kw_stopwatch_us() < until_us;)
        (void) g_main_context_iteration(NULL, FALSE);
    kw_oms_rig_free(f->rig);
    g_clear_object(&f->stream);
    g_clear_object(&f->kraken);
    g_clear_pointer(&f->pairs, kw_kraken_pairs_unref);
    g_clear_object(&f->clock);
    g_clear_pointer(&f->secret, kw_secret_free);
    g_string_free(f->news, TRUE);
    kw_fake_kraken_free(f->fake);
}

/* -- the tests -- */

static gboolean
is_trailed(gpointer user_data)
{
    g_autofree gchar *stops = list_stops(user_data, NULL);

    return strstr(stops, "57500") != NULL;
}

/* Placed, trailed, reached: sold by the exchange, booked here, and both agree. */
static void
test_life(Fixture *f, gconstpointer data)
{
    assert_stops(f, "stop-loss 57000.0 0.01000000 ");
    get_trade(f)->stop = kw_oms_rig_decimal("57500");
    kw_stop_keeper_review(f->keeper);
    wait_for(f, is_trailed, "the amended stop");
    kw_fake_kraken_tell(
        f->fake, "trade",
        "{\"pair\":\"XBTEUR\",\"price\":\"57400.0\",\"amount\":\"1\",\"side\":\"s\"}");
    wait_for(f, is_flat, "the sale");
    g_assert_cmpstr(kw_fake_journal_find_trade(f->rig->journal, 1)->exit_reason, ==,
                    "stoploss_on_exchange");
    kw_reconciler_check_now(f->reconciler);
    wait_for(f, is_unblocked, "agreement");
    assert_stops(f, "");
    g_assert_cmpstr(f->news->str, ==, "");
    kw_oms_rig_assert_sound(f->rig);
}

static gboolean
is_replaced(gpointer user_data)
{
    Fixture *f = user_data;

    return strstr(f->news->str, "stop_replaced") != NULL && is_covered(f);
}

/* F15: cancelled by hand */
static void
test_by_hand(Fixture *f, gconstpointer data)
{
    g_autofree gchar *txid = NULL;
    G_GNUC_UNUSED g_autofree gchar *stops = list_stops(f, &txid);

    kw_fake_kraken_tell(f->fake, "cancel", "{\"txid\":\"%s\"}", txid);
    wait_for(f, is_replaced, "the second stop");
    assert_stops(f, "stop-loss 57000.0 0.01000000 ");
}

/* F12: the coins are gone; entries stop, and nothing is sold for it. */
static void
test_coins_gone(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "account",
                        "{\"balances\":{\"ZEUR\":\"200000\",\"XXBT\":\"0.002\"}}");
    kw_reconciler_check_now(f->reconciler);
    wait_for(f, is_blocked, "a difference");
    g_assert_cmpstr(f->news->str, ==, "+holding_short ");
    g_assert_nonnull(get_trade(f));
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, 2);
}

/* The bot's exit takes the stop back before it sells: the exchange ties the coins up once. */
static void
test_exit(Fixture *f, gconstpointer data)
{
    KwRigOrder what = {
        .pair = BTC, .side = KW_SIDE_SELL, .candle = 3, .price = "57000", .amount = "0.01"};

    (void) kw_oms_rig_submit(f->rig, &what);
    wait_for(f, is_flat, "the exit");
    assert_stops(f, "");
    g_assert_cmpstr(f->news->str, ==, "");
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "CancelAllOrdersAfter"), ==, 0);
}

static void
add(const gchar *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    add("/exchange/kraken-stops/life", test_life);
    add("/exchange/kraken-stops/f15-by-hand", test_by_hand);
    add("/exchange/kraken-stops/f12-coins-gone", test_coins_gone);
    add("/exchange/kraken-stops/exit", test_exit);

    return g_test_run();
}
