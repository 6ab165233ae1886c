/* test-live-precision.c: F34: the exchange wants other decimals and minima while the bot trades
 *
 * The fake refuses what does not fit its rules of now; orders of before keep their digits. */
#include "kw-live-bot.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

typedef KwLiveBot Fixture;

/* As the bot's usual one, but the stop follows the price. */
static const gchar follower[] =
    "return { name = 'follower', timeframe = '1m', startup_candles = 10, stoploss = -0.05,\n"
    "  trailing_stop = true, minimal_roi = { [0] = 10.0 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 2) } end,\n"
    "  entry = function(c, i) return above(i.fast, 0) end,\n"
    "  exit = function(c, i) return below(i.fast, 0) end }\n";

static void
change_pair(Fixture *f, const gchar *rules)
{
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",%s}", rules);
    kw_live_bot_pass_seconds(f, 10);
}

static guint
count_told(Fixture *f, const gchar *code)
{
    guint n = 0;

    for (guint i = 0; i < f->events->len; i++)
        n += strcmp(((const KwEvent *) f->events->pdata[i])->text, code) == 0;
    return n;
}

/* (transfer full): a member of the newest order of this kind at the exchange */
static gchar *
find_text(Fixture *f, const gchar *status, const gchar *type, const gchar *name)
{
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(f->fake, "truth", NULL);
    JsonArray *orders = json_object_get_array_member(json_node_get_object(truth), "orders");
    const gchar *found = NULL;
    gdouble newest = -1;

    for (guint i = 0; i < json_array_get_length(orders); i++) {
        JsonObject *order = json_array_get_object_element(orders, i);
        JsonObject *terms = json_object_get_object_member(order, "descr");
        gdouble opened = json_object_get_double_member(order, "opentm");

        if (!kw_live_bot_is_of(order, status, type) || opened < newest)
            continue;
        newest = opened;
        found = json_object_get_string_member(
            json_object_has_member(terms, name) ? terms : order, name);
    }
    g_assert_nonnull(found);
    return g_strdup(found);
}

/* Whether the number has no more than @decimals */
static gboolean
fits(const gchar *text, gdouble decimals)
{
    gdouble scaled = g_ascii_strtod(text, NULL) * pow(10, decimals);

    return fabs(scaled - round(scaled)) < 1e-6;
}

static void
cancel_stop(Fixture *f)
{
    g_autofree gchar *txid = find_text(f, "open", "stop-loss", "txid");

    kw_fake_kraken_tell(f->fake, "cancel", "{\"txid\":\"%s\"}", txid);
}

static const KwTrade *
get_trade(Fixture *f)
{
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 1);
    return kw_portfolio_get_open(kw_live_bot_book_of(f)->portfolio, 0);
}

static void
stop_entries(Fixture *f)
{
    kw_control_stop(kw_engine_get_control(kw_bot_get_engine(f->rig->bot)), "test", 0,
                    &(KwControlResult){0});
}

/* New orders have the new decimals, and the books what was bought. */
static void
test_entry(Fixture *f, gconstpointer data)
{
    g_autofree gchar *bought = NULL, *stop = NULL;

    change_pair(f, "\"lot_decimals\":4,\"tick_size\":\"10\"");
    g_assert_cmpuint(count_told(f, "pair_changed"), ==, 1);
    (void) kw_live_bot_buy_one(f);
    bought = find_text(f, "closed", "market", "vol");
    g_assert_true(fits(bought, 4));
    g_assert_cmpfloat(kw_decimal_to_double(get_trade(f)->amount), ==,
                      g_ascii_strtod(bought, NULL));
    stop = find_text(f, "open", "stop-loss", "price");
    g_assert_true(fits(stop, -1));
    g_assert_false(kw_live_bot_is_doubtful(f));
}

/* A stop of before stays as it is; the one that takes its place has the new decimals, and sells
 * what they allow. The rest is dust, which is told and left alone. */
static void
test_exit(Fixture *f, gconstpointer data)
{
    g_autofree gchar *before = NULL, *still = NULL, *after = NULL;
    guint n_sent;

    (void) kw_live_bot_buy_one(f);
    stop_entries(f);
    before = find_text(f, "open", "stop-loss", "vol");
    g_assert_false(fits(before, 4));
    change_pair(f, "\"lot_decimals\":4");
    kw_live_bot_pass_seconds(f, 60);
    still = find_text(f, "open", "stop-loss", "vol");
    g_assert_cmpstr(still, ==, before);
    g_assert_false(kw_live_bot_is_doubtful(f));

    cancel_stop(f);
    kw_live_bot_pass_seconds(f, 30);
    after = find_text(f, "open", "stop-loss", "vol");
    g_assert_true(fits(after, 4));
    g_assert_cmpfloat(g_ascii_strtod(after, NULL), <, g_ascii_strtod(before, NULL));

    kw_live_bot_sell_down_to(f, 52000);
    kw_live_bot_pass_seconds(f, 30);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", NULL), ==, 0);
    g_assert_cmpfloat(kw_decimal_to_double(get_trade(f)->amount), <, 0.0001);
    g_assert_cmpuint(count_told(f, "stop_too_small"), ==, 1);
    n_sent = kw_fake_kraken_count(f->fake, "AddOrder");
    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AddOrder"), ==, n_sent);
    g_assert_cmpuint(count_told(f, "stop_too_small"), ==, 1);
    g_assert_cmpuint(count_told(f, "exit_refused"), ==, 0);
    g_assert_false(kw_live_bot_is_doubtful(f));
    g_assert_true(kw_portfolio_check(kw_live_bot_book_of(f)->portfolio, NULL));
}

static void
open_follower(Fixture *f)
{
    g_autofree gchar *path = g_build_filename(f->folder, "holder.lua", NULL);

    kw_live_bot_end_bot(f);
    g_assert_true(g_file_set_contents(path, follower, -1, NULL));
    kw_live_bot_open_bot(f);
}

/* Others pay so much for a while; the stop that follows stays below it. */
static void
rise_to(Fixture *f, const gchar *price)
{
    for (guint i = 0; i < 20; i++) {
        kw_fake_kraken_tell(f->fake, "trade",
                            "{\"pair\":\"XBTEUR\",\"price\":\"%s\",\"amount\":\"1\","
                            "\"side\":\"b\"}",
                            price);
        kw_live_bot_pass_seconds(f, 1);
    }
    kw_live_bot_pass_seconds(f, 70);
}

/* A working stop is moved with the new steps of price and amount. */
static void
test_amend(Fixture *f, gconstpointer data)
{
    g_autofree gchar *before = NULL, *after = NULL, *amount = NULL;
    guint n_orders;

    open_follower(f);
    (void) kw_live_bot_buy_one(f);
    stop_entries(f);
    before = find_text(f, "open", "stop-loss", "price");
    n_orders = kw_live_bot_count_orders(f, NULL, NULL);
    change_pair(f, "\"lot_decimals\":4,\"tick_size\":\"50\"");
    rise_to(f, "60000");
    after = find_text(f, "open", "stop-loss", "price");
    amount = find_text(f, "open", "stop-loss", "vol");
    g_test_message("stop %s to %s, %s", before, after, amount);
    g_assert_cmpfloat(g_ascii_strtod(after, NULL), >, g_ascii_strtod(before, NULL) + 1000);
    g_assert_cmpfloat(fmod(g_ascii_strtod(after, NULL), 50), ==, 0);
    g_assert_true(fits(amount, 4));
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, n_orders); /* the same one */
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "AmendOrder"), >, 0);
    g_assert_cmpuint(count_told(f, "stop_refused"), ==, 0);
    g_assert_false(kw_live_bot_is_doubtful(f));
}

/* What is held falls below the new minimum while its stop works: told once the stop is gone. */
static void
test_dust(Fixture *f, gconstpointer data)
{
    (void) kw_live_bot_buy_one(f);
    stop_entries(f);
    change_pair(f, "\"ordermin\":\"0.01\"");
    kw_live_bot_pass_seconds(f, 60);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
    cancel_stop(f);
    kw_live_bot_pass_seconds(f, 30);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 0);
    g_assert_cmpuint(count_told(f, "stop_too_small"), ==, 1);
    change_pair(f, "\"ordermin\":\"0.0001\"");
    kw_live_bot_pass_seconds(f, 130);
    g_assert_cmpuint(kw_live_bot_count_orders(f, "open", "stop-loss"), ==, 1);
}

/* More decimals than at the start, for prices and amounts */
static void
make_finer(Fixture *f)
{
    change_pair(f, "\"pair_decimals\":3,\"tick_size\":\"0.005\",\"lot_decimals\":10");
    g_assert_cmpuint(count_told(f, "pair_changed"), ==, 1);
}

static void
assert_book(Fixture *f)
{
    KwFeedQuote quote;

    kw_feed_get_quote(kw_live_source_get_feed(&f->live), 0, &quote);
    g_assert_cmpuint(quote.n_asks, ==, KW_FEED_MAX_LEVELS);
}

/* An entry takes all of the digits, and its stop as well; the book is read with them. */
static void
test_finer_entry(Fixture *f, gconstpointer data)
{
    g_autofree gchar *bought = NULL, *sold = NULL, *stop = NULL;

    make_finer(f);
    (void) kw_live_bot_buy_one(f);
    bought = find_text(f, "closed", "market", "vol");
    g_assert_true(fits(bought, 10));
    g_assert_cmpfloat(kw_decimal_to_double(get_trade(f)->amount), ==,
                      g_ascii_strtod(bought, NULL));
    stop = find_text(f, "open", "stop-loss", "price");
    sold = find_text(f, "open", "stop-loss", "vol");
    g_test_message("%s bought, stop at %s for %s", bought, stop, sold);
    g_assert_true(fits(stop, 3));
    g_assert_false(fits(bought, 8) && fits(stop, 1));
    g_assert_cmpstr(sold, ==, bought);
    assert_book(f);
    g_assert_false(kw_live_bot_is_doubtful(f));
}

/* What was bought with fewer digits is sold whole, and a stop of before is as good as any. */
static void
test_finer_exit(Fixture *f, gconstpointer data)
{
    g_autofree gchar *before = NULL, *after = NULL;

    (void) kw_live_bot_buy_one(f);
    stop_entries(f);
    before = find_text(f, "open", "stop-loss", "vol");
    make_finer(f);
    kw_live_bot_pass_seconds(f, 60);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, "stop-loss"), ==, 1);
    g_assert_false(kw_live_bot_is_doubtful(f));

    cancel_stop(f);
    kw_live_bot_pass_seconds(f, 30);
    after = find_text(f, "open", "stop-loss", "vol");
    g_assert_cmpfloat(g_ascii_strtod(after, NULL), ==, g_ascii_strtod(before, NULL));
    kw_live_bot_sell_down_to(f, 52000);
    kw_live_bot_pass_seconds(f, 30);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 0);
    g_assert_cmpuint(count_told(f, "stop_too_small"), ==, 0);
    assert_book(f);
    g_assert_false(kw_live_bot_is_doubtful(f));
    g_assert_true(kw_portfolio_check(kw_live_bot_book_of(f)->portfolio, NULL));
}

/* A stop that follows the price goes to the finer steps. */
static void
test_finer_amend(Fixture *f, gconstpointer data)
{
    g_autofree gchar *after = NULL;
    guint n_orders;

    open_follower(f);
    (void) kw_live_bot_buy_one(f);
    stop_entries(f);
    n_orders = kw_live_bot_count_orders(f, NULL, NULL);
    make_finer(f);
    rise_to(f, "60000.015");
    after = find_text(f, "open", "stop-loss", "price");
    g_test_message("stop to %s", after);
    g_assert_true(fits(after, 3));
    g_assert_false(fits(after, 1));
    g_assert_cmpfloat(fabs(remainder(g_ascii_strtod(after, NULL), 0.005)), <, 1e-6);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, NULL), ==, n_orders); /* the same one */
    g_assert_cmpuint(count_told(f, "stop_refused"), ==, 0);
    g_assert_false(kw_live_bot_is_doubtful(f));
}

int
main(int argc, char **argv)
{
#define ADD(name, func)                                                                        \
    g_test_add("/loop/live-precision/" name, Fixture, NULL, kw_live_bot_set_up, func,          \
               kw_live_bot_tear_down)
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    ADD("f34-entry", test_entry);
    ADD("f34-exit", test_exit);
    ADD("f34-amend", test_amend);
    ADD("f34-dust", test_dust);
    ADD("f34-finer-entry", test_finer_entry);
    ADD("f34-finer-exit", test_finer_exit);
    ADD("f34-finer-amend", test_finer_amend);
    return g_test_run();
}
