/* test-live-real.c: the whole bot with an account at the fake Kraken: real orders, as far as it
 * can tell
 *
 * The truth of the exchange is compared with the books. */
#include "kw-live-bot.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define T0_US KW_LIVE_BOT_T0_US

typedef KwLiveBot Fixture;

/* Nothing is bought before the owner has said so; then once, and the books have what the
 * exchange has. */
static void
test_entry(Fixture *f, gconstpointer data)
{
    const KwTrade *trade;

    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpint(kw_live_bot_book_of(f)->state, ==, KW_RUN_STATE_PAUSED);
    g_assert_false(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, 0);
    trade = kw_live_bot_buy_one(f);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_ENTRY), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "closed", "market"), ==, 1);
    g_assert_cmpint(trade->mode, ==, KW_MODE_LIVE);
    g_assert_cmpint(trade->state, ==, KW_TRADE_STATE_OPEN);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_VENUE), ==, 0);
}

/* The market falls through the stop: the exchange sells, the books follow, nothing is left. */
static void
test_stop_sells(Fixture *f, gconstpointer data)
{
    (void) kw_live_bot_buy_one(f);
    kw_control_stop(kw_engine_get_control(kw_bot_get_engine(f->rig->bot)), "test", 0,
                    &(KwControlResult){0});
    kw_live_bot_sell_down_to(f, 52000);
    kw_live_bot_pass_seconds(f, 30);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_STOP_HIT), ==, 1);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 0);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", NULL), ==, 0);
    g_assert_true(kw_portfolio_check(kw_live_bot_book_of(f)->portfolio, NULL));
}

/* L8: ended and started again in the middle: nothing is bought or placed twice, and the bot is
 * ready when both agree. */
static void
test_restart(Fixture *f, gconstpointer data)
{
    gint64 trade_id = kw_live_bot_buy_one(f)->id;
    guint n_orders = kw_live_bot_count_orders(f, NULL, NULL);

    kw_live_bot_end_bot(f);
    kw_live_bot_pass_seconds(f, 20);
    kw_live_bot_open_bot(f);
    g_assert_true(kw_live_bot_is_doubtful(f));
    kw_live_bot_pass_seconds(f, 15);
    g_assert_false(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 1);
    g_assert_cmpint(kw_portfolio_get_open(kw_live_bot_book_of(f)->portfolio, 0)->id, ==,
                    trade_id);
    g_assert_cmpint(kw_live_bot_book_of(f)->state, ==, KW_RUN_STATE_RUNNING);
    kw_live_bot_pass_seconds(f, 120);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, n_orders);
}

/* F03: done and never answered: looked up, adopted, not sent again. */
static void
test_lost_answer(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"AddOrder\",\"do\":\"drop_after\"}");
    kw_live_bot_say_start(f);
    kw_live_bot_pass_until_orders(f, "stop-loss", 1);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "market"), ==, 1);
}

/* F05: while an order waits for its answer the exchange reports an error that names nothing:
 * the owner has its words, the order is looked up and sent no second time. */
static void
test_stray_error(Fixture *f, gconstpointer data)
{
    guint n_told = 0;

    kw_fake_kraken_tell(f->fake, "fault", "{\"call\":\"AddOrder\",\"do\":\"hole_after\"}");
    kw_live_bot_say_start(f);
    for (guint i = 0; i < 180 && kw_live_bot_count_orders(f, NULL, "market") == 0; i++)
        kw_live_bot_pass_seconds(f, 1);
    kw_fake_kraken_tell(
        f->fake, "socket",
        "{\"do\":\"text\",\"text\":\"{\\\"Error\\\":\\\"Exceeded msg rate\\\"}\"}");
    kw_live_bot_pass_until_orders(f, "stop-loss", 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "market"), ==, 1);
    for (guint i = 0; i < f->events->len; i++) {
        const KwEvent *event = f->events->pdata[i];

        if (event->kind == KW_EVENT_NOTICE)
            n_told += strcmp(event->text, "answer_stray: Exceeded msg rate") == 0;
    }
    g_assert_cmpuint(n_told, ==, 1);
}

static KwVenueView
see_venue(Fixture *f)
{
    KwStatusView status;

    kw_query_get_status(kw_engine_get_query(kw_bot_get_engine(f->rig->bot)), &status);
    return status.venue;
}

/* (transfer full): of the first order that kw_live_bot_is_of() */
static gchar *
find_txid(Fixture *f, const gchar *status, const gchar *type)
{
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(f->fake, "truth", NULL);
    JsonArray *orders = json_object_get_array_member(json_node_get_object(truth), "orders");

    for (guint i = 0; i < json_array_get_length(orders); i++) {
        JsonObject *order = json_array_get_object_element(orders, i);

        if (kw_live_bot_is_of(order, status, type))
            return g_strdup(json_object_get_string_member(order, "txid"));
    }
    g_assert_not_reached();
}

static gboolean
was_told(Fixture *f, const gchar *text)
{
    for (guint i = 0; i < f->events->len; i++)
        if (strcmp(((const KwEvent *) f->events->pdata[i])->text, text) == 0)
            return TRUE;
    return FALSE;
}

/* F07: the exchange forgets the stop: looked for, proven lost, placed again; and when the old
 * one is there after all it is taken back. */
static void
test_stop_lost(Fixture *f, gconstpointer data)
{
    g_autofree gchar *txid = NULL;

    (void) kw_live_bot_buy_one(f);
    txid = find_txid(f, "open", "stop-loss");
    kw_fake_kraken_tell(f->fake, "lose", "{\"txid\":\"%s\"}", txid);
    kw_live_bot_pass_seconds(f, 100);
    kw_live_bot_end_bot(f); /* what it was judged by outlives the process */
    kw_live_bot_open_bot(f);
    kw_live_bot_pass_seconds(f, 80);
    g_assert_true(was_told(f, "order_lost"));
    g_assert_cmpuint(see_venue(f).n_unknown, ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "stop-loss"), ==, 0);
    g_assert_true(kw_oms_is_busy(kw_live_bot_book_of(f)->oms, "BTC/EUR"));
    kw_live_bot_pass_seconds(f, 200);
    g_assert_true(was_told(f, "stop_lost"));
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_assert_false(kw_oms_is_busy(kw_live_bot_book_of(f)->oms, "BTC/EUR"));

    kw_fake_kraken_tell(f->fake, "lose", "{\"txid\":\"%s\",\"back\":true}", txid);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 2);
    kw_live_bot_pass_seconds(f, 150);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "canceled", "stop-loss"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_VENUE), ==, 0);
}

/* F15: cancelled by hand: placed again, once, and told. */
static void
test_stop_cancelled_by_hand(Fixture *f, gconstpointer data)
{
    g_autoptr(JsonNode) truth = NULL;
    JsonArray *orders;

    (void) kw_live_bot_buy_one(f);
    truth = kw_fake_kraken_steer(f->fake, "truth", NULL);
    orders = json_object_get_array_member(json_node_get_object(truth), "orders");
    for (guint i = 0; i < json_array_get_length(orders); i++) {
        JsonObject *order = json_array_get_object_element(orders, i);

        if (kw_live_bot_is_of(order, "open", "stop-loss"))
            kw_fake_kraken_tell(f->fake, "cancel", "{\"txid\":\"%s\"}",
                                json_object_get_string_member(order, "txid"));
    }
    kw_live_bot_pass_seconds(f, 30);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "canceled", "stop-loss"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 1);
}

/* F12: the coins are gone: no entry, told with the numbers, and nothing is sold. */
static void
test_balance_gone(Fixture *f, gconstpointer data)
{
    (void) kw_live_bot_buy_one(f);
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"0.0000100000\"}}");
    kw_live_bot_pass_seconds(f, 150);
    g_assert_true(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_VENUE), ==, 1);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "market"), ==, 1);
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"1.0000000000\"}}");
    kw_live_bot_pass_seconds(f, 90);
    g_assert_false(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_VENUE), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_BACK), ==, 1);
}

static gboolean
accept(Fixture *f, const gchar *mark)
{
    KwControlResult result;

    kw_control_accept(kw_engine_get_control(kw_bot_get_engine(f->rig->bot)), "test", mark,
                      &result);
    return result.is_changed;
}

/* F12, and the owner knows why: entries go on, also after a restart; what he has not seen is
 * not covered by his word. */
static void
test_accepted(Fixture *f, gconstpointer data)
{
    KwVenueView venue;

    (void) kw_live_bot_buy_one(f);
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"0.0000100000\"}}");
    kw_live_bot_pass_seconds(f, 90);
    venue = see_venue(f);
    g_assert_true(venue.is_doubtful);
    g_assert_cmpuint(venue.n_waiting, ==, 1);
    g_assert_false(accept(f, ""));
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"0.0000090000\"}}");
    kw_live_bot_pass_seconds(f, 90);
    g_assert_false(accept(f, venue.mark));
    venue = see_venue(f);
    g_assert_true(accept(f, venue.mark));
    g_assert_false(kw_live_bot_is_doubtful(f));

    kw_live_bot_end_bot(f);
    kw_live_bot_open_bot(f);
    g_assert_cmpuint(see_venue(f).n_accepted, ==, 1);
    kw_live_bot_pass_seconds(f, 90);
    g_assert_false(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(see_venue(f).n_waiting, ==, 0);
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"0.0000080000\"}}");
    kw_live_bot_pass_seconds(f, 90);
    g_assert_true(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(see_venue(f).n_waiting, ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "market"), ==, 1);
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"1.0000000000\"}}");
}

/* F14: an order by hand that uses up what limits.conf allows in all: it is told and left alone,
 * and the bot buys only after it has gone. */
static void
test_foreign_order(Fixture *f, gconstpointer data)
{
    g_autoptr(JsonNode) order = NULL;

    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"ZEUR\":\"5000\"}}");
    order = kw_fake_kraken_steer(
        f->fake, "order",
        "{\"args\":{\"pair\":\"XBTEUR\",\"type\":\"buy\",\"ordertype\":\"limit\","
        "\"price\":\"40000\",\"volume\":\"0.049\"}}");
    /* the look of the start may have come before it; the next one is a minute later */
    for (guint i = 0; i < 90 && kw_live_bot_count_events(f, KW_EVENT_NOTICE) == 0; i++)
        kw_live_bot_pass_seconds(f, 1);
    g_assert_false(kw_live_bot_is_doubtful(f));
    kw_live_bot_say_start(f);
    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "limit"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 1);
    kw_fake_kraken_tell(f->fake, "cancel", "{\"txid\":\"%s\"}",
                        json_object_get_string_member(json_node_get_object(order), "txid"));
    kw_live_bot_pass_until_orders(f, "market", 1);
}

/* F33: no entry while the market takes no orders; told once, and that it is over. */
static void
test_closed_market(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"status\":\"cancel_only\"}");
    kw_live_bot_say_start(f);
    kw_live_bot_pass_seconds(f, 150);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, 0);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 1);
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"status\":\"online\"}");
    kw_live_bot_pass_until_orders(f, "market", 1);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 2);
}

/* F22: a key that is revoked under way: told once, no entry any more, the stop stays. */
static void
test_key_revoked(Fixture *f, gconstpointer data)
{
    (void) kw_live_bot_buy_one(f);
    kw_fake_kraken_tell(f->fake, "key", "{\"key\":\"kw-test-key\",\"revoked\":true}");
    kw_live_bot_pass_seconds(f, 90);
    g_assert_true(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_ORDER), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 1);
}

/* How often this was told */
static guint
count_told(Fixture *f, KwEventKind kind, const gchar *code)
{
    guint n = 0;

    for (guint i = 0; i < f->events->len; i++) {
        const KwEvent *event = f->events->pdata[i];

        n += event->kind == kind && strcmp(event->text, code) == 0;
    }
    return n;
}

/* F33, F34: the smallest order grows while the bot runs: told, no entry that would be refused,
 * and one again when it is as before. */
static void
test_minimum_changed(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"ordermin\":\"0.01\"}");
    kw_live_bot_pass_seconds(f, 10);
    g_assert_cmpuint(count_told(f, KW_EVENT_NOTICE, "pair_changed"), ==, 1);
    kw_live_bot_say_start(f);
    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, 0);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_REJECTED), >, 0);
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"ordermin\":\"0.0001\"}");
    kw_live_bot_pass_until_orders(f, "stop-loss", 1);
    g_assert_cmpuint(count_told(f, KW_EVENT_NOTICE, "pair_changed"), ==, 2);
}

/* (transfer full): price of the stop that works at the exchange */
static gchar *
find_stop_price(Fixture *f)
{
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(f->fake, "truth", NULL);
    JsonArray *orders = json_object_get_array_member(json_node_get_object(truth), "orders");

    for (guint i = 0; i < json_array_get_length(orders); i++) {
        JsonObject *order = json_array_get_object_element(orders, i);
        JsonObject *terms = json_object_get_object_member(order, "descr");

        if (kw_live_bot_is_of(order, "open", "stop-loss"))
            return g_strdup(json_object_get_string_member(terms, "price"));
    }
    g_assert_not_reached();
}

/* F34: while the bot is down the exchange takes coarser prices. The stop
 * that lies there stays; one that has to be placed anew is one that the exchange takes. */
static void
test_precision_changed(Fixture *f, gconstpointer data)
{
    g_autofree gchar *txid = NULL, *before = NULL, *after = NULL;

    (void) kw_live_bot_buy_one(f);
    before = find_stop_price(f);
    kw_live_bot_end_bot(f);
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"tick_size\":\"50\"}");
    kw_live_bot_open_bot(f);
    kw_live_bot_pass_seconds(f, 90);
    g_assert_false(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    after = find_stop_price(f);
    g_assert_cmpstr(after, ==, before);

    txid = find_txid(f, "open", "stop-loss");
    kw_fake_kraken_tell(f->fake, "cancel", "{\"txid\":\"%s\"}", txid);
    kw_live_bot_pass_seconds(f, 30);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_free(after);
    after = find_stop_price(f);
    g_assert_cmpfloat(fmod(g_ascii_strtod(after, NULL), 50), ==, 0);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 1);
}

/* Takes the stop away, so that the bot has to sell itself */
static void
cancel_stop(Fixture *f)
{
    g_autofree gchar *txid = find_txid(f, "open", "stop-loss");

    kw_fake_kraken_tell(f->fake, "cancel", "{\"txid\":\"%s\"}", txid);
}

/* Dust: what the exchange does not take is not offered to it with every candle; it is sold once
 * that is possible. */
static void
test_dust_waits(Fixture *f, gconstpointer data)
{
    KwBook *book = kw_live_bot_book_of(f);
    guint n_sent;

    (void) kw_live_bot_buy_one(f);
    kw_control_stop(kw_engine_get_control(kw_bot_get_engine(f->rig->bot)), "test", 0,
                    &(KwControlResult){0});
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"ordermin\":\"0.01\"}");
    kw_live_bot_pass_seconds(f, 5);
    cancel_stop(f);
    kw_live_bot_pass_seconds(f, 20);
    n_sent = kw_fake_kraken_count(f->fake, "AddOrder");
    kw_live_bot_sell_down_to(f, 52000);
    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpuint(kw_portfolio_get_n_open(book->portfolio), ==, 1);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, n_sent);
    g_assert_false(was_told(f, "exit_refused"));
    g_assert_true(was_told(f, "stop_too_small"));
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"ordermin\":\"0.0001\"}");
    /* the price stays there: the bot looks every few seconds, and not at those of before */
    for (guint i = 0; i < 60 && kw_portfolio_get_n_open(book->portfolio) > 0; i++)
        kw_live_bot_sell_down_to(f, 52000);
    g_assert_cmpuint(kw_portfolio_get_n_open(book->portfolio), ==, 0);
}

/* F15: cancelled by hand twice, so it is not placed again; the owner's word tries it anew. */
static void
test_stop_tried_anew(Fixture *f, gconstpointer data)
{
    (void) kw_live_bot_buy_one(f);
    for (guint i = 0; i < 2; i++) {
        cancel_stop(f);
        kw_live_bot_pass_seconds(f, 30);
    }
    g_assert_true(was_told(f, "stop_cancelled"));
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 0);
    kw_live_bot_pass_seconds(f, 130);
    g_assert_true(kw_live_bot_is_doubtful(f));
    g_assert_true(accept(f, see_venue(f).mark));
    kw_live_bot_pass_seconds(f, 100);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_assert_false(kw_live_bot_is_doubtful(f));
}

/* F07: an order that nobody finds, and balances that prove nothing: the owner is told what to
 * do, and his word, with what he was shown, gives it up. */
static void
test_order_stuck(Fixture *f, gconstpointer data)
{
    g_autofree gchar *txid = NULL;

    (void) kw_live_bot_buy_one(f);
    txid = find_txid(f, "open", "stop-loss");
    kw_fake_kraken_tell(f->fake, "lose", "{\"txid\":\"%s\"}", txid);
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"0.0001000000\"}}");
    kw_live_bot_pass_seconds(f, 330);
    g_assert_false(was_told(f, "stop_lost"));
    g_assert_true(kw_oms_is_busy(kw_live_bot_book_of(f)->oms, "BTC/EUR"));
    g_assert_false(was_told(f, "order_stuck")); /* a proof may come yet */
    kw_live_bot_pass_seconds(f, 200);
    g_assert_true(was_told(f, "order_stuck"));
    g_assert_true(accept(f, see_venue(f).mark));
    kw_fake_kraken_tell(f->fake, "account", "{\"balances\":{\"XXBT\":\"1.0000000000\"}}");
    kw_live_bot_pass_seconds(f, 150); /* its stop is placed anew */
    g_assert_cmpuint(see_venue(f).n_unknown, ==, 0);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    g_assert_false(kw_oms_is_busy(kw_live_bot_book_of(f)->oms, "BTC/EUR"));
}

/* F21: another program uses the key with numbers that run ahead, again and again: told once, no
 * entry any more, and the stop stays. */
static void
test_second_client(Fixture *f, gconstpointer data)
{
    g_auto(KwKrakenAccess) other = {0};
    g_autoptr(KwFakeClock) clock = NULL;
    g_autoptr(GError) error = NULL;
    KwSettings settings = *f->settings;

    (void) kw_live_bot_buy_one(f);
    settings.root = f->folder; /* numbers of its own */
    clock = kw_fake_clock_new(kw_clock_now_us(KW_CLOCK(f->clock)));
    g_assert_true(kw_kraken_access_open(&other, &settings, KW_KRAKEN_ACCESS_TRADES,
                                        KW_CLOCK(clock), &error));
    for (guint i = 0; i < 20 && !kw_live_bot_is_doubtful(f); i++) {
        g_auto(KwKrakenAnswer) answer = {0};

        kw_fake_clock_advance(clock, G_TIME_SPAN_DAY);
        g_assert_true(kw_kraken_access_ask(&other, "Balance", NULL, &answer, &error));
        kw_live_bot_pass_seconds(f, 15);
    }
    g_assert_true(kw_live_bot_is_doubtful(f));
    kw_live_bot_pass_seconds(f, 60);
    g_assert_cmpuint(count_told(f, KW_EVENT_ORDER, "key_twice"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "market"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
}

/* F35: another tier is used from the next look on, and told; the view of fees shows it with its
 * date, and the next order is reckoned with it. */
static void
test_fee_changed(Fixture *f, gconstpointer data)
{
    KwFeesView fees;
    gint64 since_us;
    gdouble maker_ratio;

    kw_live_bot_pass_seconds(f, 5);
    f->settings->book.fee_ratio = 0.004;
    kw_live_watch_look(f->watch);
    kw_live_bot_pass_seconds(f, 20);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 0);
    kw_fake_kraken_tell(f->fake, "account", "{\"taker\":\"0.26\"}");
    kw_live_watch_look(f->watch);
    kw_live_bot_pass_seconds(f, 20);
    g_assert_cmpfloat_with_epsilon(f->settings->book.fee_ratio, 0.0026, 1e-12);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 1);
    kw_query_get_fees(kw_engine_get_query(kw_bot_get_engine(f->rig->bot)),
                      (KwPeriod){0, G_MAXINT64}, &fees);
    g_assert_cmpfloat_with_epsilon(fees.rate_ratio, 0.0026, 1e-12);
    g_assert_cmpint(fees.checked_us, >, T0_US);
    g_assert_cmpint(fees.since_us, <=, fees.checked_us);
    since_us = fees.since_us;
    maker_ratio = f->settings->book.maker_fee_ratio;
    kw_live_bot_end_bot(f);
    kw_live_bot_pass_seconds(f, 20);
    f->settings->book.fee_ratio = 0.0024;     /* just read, by the start */
    f->settings->book.maker_fee_ratio = 0.09; /* of the file */
    kw_live_bot_open_bot(f);
    g_assert_cmpfloat_with_epsilon(f->settings->book.fee_ratio, 0.0024, 1e-12);
    g_assert_cmpfloat_with_epsilon(f->settings->book.maker_fee_ratio, maker_ratio, 1e-12);
    for (guint i = 0; i < 2; i++) { /* from the store, and after the next look as well */
        kw_query_get_fees(kw_engine_get_query(kw_bot_get_engine(f->rig->bot)),
                          (KwPeriod){0, G_MAXINT64}, &fees);
        g_assert_cmpint(fees.since_us, ==, since_us);
        kw_live_watch_look(f->watch);
        kw_live_bot_pass_seconds(f, 20);
    }
    g_assert_cmpfloat_with_epsilon(kw_live_bot_buy_one(f)->fee_open_ratio, 0.0026, 1e-12);
}

/* A thin book: no more is bought than it offers near its best price. */
static void
test_depth_caps(Fixture *f, gconstpointer data)
{
    const KwTrade *trade;

    kw_fake_kraken_tell(f->fake, "set", "{\"level_amount\":\"0.00004\"}");
    kw_live_bot_pass_seconds(f, 70);
    trade = kw_live_bot_buy_one(f);
    g_assert_cmpfloat(kw_decimal_to_double(trade->stake), <, 49);
    g_assert_cmpfloat(kw_decimal_to_double(trade->stake), >, 10);
}

/* Next to nothing in it: no entry, told why; and one as soon as there is enough. */
static void
test_depth_refuses(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "set", "{\"level_amount\":\"0.000001\"}");
    kw_live_bot_pass_seconds(f, 70);
    kw_live_bot_say_start(f);
    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, 0);
    g_assert_cmpuint(count_told(f, KW_EVENT_REJECTED, "depth"), >, 0);
    kw_fake_kraken_tell(f->fake, "set", "{\"level_amount\":\"1.5\"}");
    kw_live_bot_pass_until_orders(f, "stop-loss", 1);
    g_assert_cmpfloat(kw_decimal_to_double(
                          kw_portfolio_get_open(kw_live_bot_book_of(f)->portfolio, 0)->stake),
                      >, 49);
}

/* Starts anew with entries that wait, and lets one come. Returns: its price */
static gdouble
wait_for_maker(Fixture *f, gint64 patience_s)
{
    g_autoptr(GPtrArray) live = NULL;

    kw_live_bot_end_bot(f);
    f->settings->book.is_maker = TRUE;
    f->settings->book.maker_patience_us = patience_s * G_USEC_PER_SEC;
    kw_live_bot_open_bot(f);
    kw_live_bot_say_start(f);
    kw_live_bot_pass_until_orders(f, "limit", 1);
    live = kw_oms_list_live(kw_live_bot_book_of(f)->oms);
    g_assert_cmpuint(live->len, ==, 1);
    return kw_decimal_to_double(((const KwOrder *) live->pdata[0])->price);
}

static void
set_status(Fixture *f, const gchar *status)
{
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"status\":\"%s\"}", status);
}

/* It waits at the best bid, is filled there, and has its stop. */
static void
test_maker(Fixture *f, gconstpointer data)
{
    gdouble price = wait_for_maker(f, 3600);

    kw_live_bot_trade_at(f, price - 1, "1");
    kw_live_bot_pass_until_orders(f, "stop-loss", 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "closed", "limit"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "market"), ==, 0);
    g_assert_cmpfloat(
        kw_decimal_to_double(
            kw_portfolio_get_open(kw_live_bot_book_of(f)->portfolio, 0)->open_rate),
        ==, price);
}

/* Nobody fills it, or @part of it alone: taken back once; the part is kept with a stop, and
 * without one no trade is left. */
static void
test_maker_waits(Fixture *f, gconstpointer part)
{
    gdouble price = wait_for_maker(f, 20);
    KwPortfolio *portfolio = kw_live_bot_book_of(f)->portfolio;

    kw_control_stop(kw_engine_get_control(kw_bot_get_engine(f->rig->bot)), "test", 0,
                    &(KwControlResult){0});
    if (part != NULL)
        kw_live_bot_trade_at(f, price, part);
    set_status(f, "cancel_only"); /* nobody trades */
    for (guint i = 0; i < 100 && kw_live_bot_count_orders(f, "canceled", "limit") == 0; i++)
        kw_live_bot_pass_seconds(f, 1);
    set_status(f, "online");
    kw_live_bot_pass_seconds(f, 45);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "canceled", "limit"), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, part != NULL);
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio), ==, part != NULL);
    if (part != NULL)
        g_assert_cmpfloat(kw_decimal_to_double(kw_portfolio_get_open(portfolio, 0)->amount), ==,
                          g_ascii_strtod(part, NULL));
    g_assert_false(kw_live_bot_is_doubtful(f));
}

/* The first two weeks end while the bot runs: told once, and the next entry is as large as the
 * configuration says. */
static void
test_probation_ends(Fixture *f, gconstpointer data)
{
    KwBookSettings *book = &f->settings->book;
    gint64 since_us = T0_US + 60 * G_USEC_PER_SEC - 14 * G_TIME_SPAN_DAY;
    KwDecimal before = f->settings->hard.max_stake;

    kw_live_bot_end_bot(f);
    book->stake.stake_amount = kw_decimal_from_int(120);
    g_assert_true(kw_probation_begin(&f->probation, since_us,
                                     kw_clock_now_us(KW_CLOCK(f->clock)), &f->settings->hard,
                                     &book->stake));
    kw_live_bot_open_bot(f);
    kw_live_bot_pass_seconds(f, 20);
    g_assert_cmpint(kw_decimal_cmp(kw_risk_get_limits(kw_live_bot_book_of(f)->risk)->max_stake,
                                   kw_decimal_from_int(KW_PROBATION_MAX_STAKE)),
                    ==, 0);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 0);
    kw_live_bot_pass_seconds(f, 50);
    g_assert_cmpint(
        kw_decimal_cmp(kw_risk_get_limits(kw_live_bot_book_of(f)->risk)->max_stake, before), ==,
        0);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 1);
    g_assert_cmpfloat(kw_decimal_to_double(kw_live_bot_buy_one(f)->stake), >, 100);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_NOTICE), ==, 1);
}

/* L3: back on paper with real money in the market: told at every start, and left alone. */
static void
test_paper_after_live(Fixture *f, gconstpointer data)
{
    const KwEvent *event;
    guint n_orders;

    (void) kw_live_bot_buy_one(f);
    n_orders = kw_live_bot_count_orders(f, NULL, NULL);
    kw_live_bot_end_bot(f);
    f->settings->book.mode = KW_MODE_DRYRUN;
    g_ptr_array_set_size(f->events, 0);
    kw_live_bot_open_bot(f);
    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_ORDER), ==, 1);
    for (guint i = 0; i < f->events->len; i++) {
        event = f->events->pdata[i];
        if (event->kind == KW_EVENT_ORDER)
            g_assert_cmpstr(event->text, ==, "live_left");
    }
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, n_orders);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
}

/* The gate stops what is larger than allowed: a halt, told, and no buy any more. */
static void
test_breach(Fixture *f, gconstpointer data)
{
    f->settings->venue.gate.max_buy_value = kw_decimal_from_int(20);
    kw_live_bot_end_bot(f);
    kw_live_bot_open_bot(f);
    kw_live_bot_say_start(f);
    kw_live_bot_pass_seconds(f, 150);
    g_assert_cmpint(kw_live_bot_book_of(f)->state, ==, KW_RUN_STATE_HALTED);
    g_assert_true(kw_live_bot_is_doubtful(f));
    g_assert_cmpuint(kw_live_bot_count_events(f, KW_EVENT_HALT), ==, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, 0);
    kw_live_bot_say_start(f);
    kw_live_bot_pass_seconds(f, 90);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
#define ADD(name, func)                                                                        \
    g_test_add("/loop/live-real/" name, Fixture, NULL, kw_live_bot_set_up, func,               \
               kw_live_bot_tear_down)
    ADD("entry", test_entry);
    ADD("stop-sells", test_stop_sells);
    ADD("restart", test_restart);
    ADD("f03-lost-answer", test_lost_answer);
    ADD("f07-stop-lost", test_stop_lost);
    ADD("f15-stop-cancelled", test_stop_cancelled_by_hand);
    ADD("f12-balance-gone", test_balance_gone);
    ADD("f12-accepted", test_accepted);
    ADD("f14-foreign", test_foreign_order);
    ADD("f33-closed-market", test_closed_market);
    ADD("paper-after-live", test_paper_after_live);
    ADD("f22-key-revoked", test_key_revoked);
    ADD("f05-stray-error", test_stray_error);
    ADD("f34-minimum-changed", test_minimum_changed);
    ADD("f34-precision-changed", test_precision_changed);
    ADD("dust-waits", test_dust_waits);
    ADD("f15-tried-anew", test_stop_tried_anew);
    ADD("f07-order-stuck", test_order_stuck);
    ADD("f21-second-client", test_second_client);
    ADD("f35-fee-changed", test_fee_changed);
    ADD("depth-caps", test_depth_caps);
    ADD("depth-refuses", test_depth_refuses);
    ADD("maker", test_maker);
    ADD("maker-expires", test_maker_waits);
    g_test_add("/loop/live-real/maker-part", Fixture, "0.0004", kw_live_bot_set_up,
               test_maker_waits, kw_live_bot_tear_down);
    ADD("probation-ends", test_probation_ends);
    ADD("breach", test_breach);
    return g_test_run();
}
