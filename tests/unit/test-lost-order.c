/* test-lost-order.c: an order is lost only if nothing in the account speaks against it */
#include "kw-lost-order.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwPortfolio *portfolio;
    KwVenueState *state;
    KwOrder order, other;
    const KwOrder *list[2];
    KwVenueBooks books;
    KwDecimal before;
} Fixture;

static void
set_balance(Fixture *f, const gchar *asset, const gchar *total, const gchar *held)
{
    KwVenueBalance balance = {.total = kw_test_decimal(total), .held = kw_test_decimal(held)};

    for (guint i = 0; i < f->state->balances->len; i++)
        if (strcmp(g_array_index(f->state->balances, KwVenueBalance, i).asset, asset) == 0)
            g_array_remove_index(f->state->balances, i--);
    g_strlcpy(balance.asset, asset, sizeof balance.asset);
    g_array_append_val(f->state->balances, balance);
}

static void
show(Fixture *f, const gchar *client_id, KwSide side, const gchar *amount)
{
    KwVenueOrder there = {
        .side = side, .price = kw_test_decimal("100"), .amount = kw_test_decimal(amount)};

    there.filled = KW_DECIMAL_ZERO;
    g_strlcpy(there.client_id, client_id, sizeof there.client_id);
    g_strlcpy(there.venue_id, "OTHER", sizeof there.venue_id);
    g_strlcpy(there.pair, "BTC/EUR", sizeof there.pair);
    g_array_append_val(f->state->orders, there);
}

/* 1,000 EUR, of which 200 went into 2 BTC; a stop at 90 for them, that nobody shows any more */
static void
set_up(Fixture *f, gconstpointer data)
{
    KwTrade trade = {.id = 1, .state = KW_TRADE_STATE_OPENING, .pair = "BTC/EUR"};
    KwFill fill = {.side = KW_SIDE_BUY, .pair = "BTC/EUR"};
    KwTrade after;

    f->portfolio = kw_portfolio_new(kw_test_decimal("1000"));
    fill.price = kw_test_decimal("100");
    fill.amount = kw_test_decimal("2");
    (void) kw_portfolio_open_trade(f->portfolio, &trade);
    g_assert_true(kw_portfolio_apply_fill(f->portfolio, 1, &fill, &after, NULL));
    f->state = kw_venue_state_new(0);
    f->order = (KwOrder){.trade_id = 1,
                         .client_id = "stop",
                         .venue_id = "OSTOP",
                         .pair = "BTC/EUR",
                         .side = KW_SIDE_SELL,
                         .type = KW_ORDER_TYPE_STOP_LOSS,
                         .state = KW_ORDER_STATE_UNKNOWN};
    f->order.price = kw_test_decimal("90");
    f->order.amount = kw_test_decimal("2");
    f->other = f->order;
    f->other.state = KW_ORDER_STATE_OPEN;
    g_strlcpy(f->other.client_id, "other", sizeof f->other.client_id);
    f->list[0] = &f->order;
    f->list[1] = &f->other;
    f->books = (KwVenueBooks){
        .portfolio = f->portfolio, .orders = f->list, .n_orders = 1, .quote = "EUR"};
    f->before = kw_test_decimal("2");
    set_balance(f, "BTC", "2", "0");
    set_balance(f, "EUR", "800", "0");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_venue_state_free(f->state);
    kw_portfolio_unref(f->portfolio);
}

static gboolean
is_proven(Fixture *f)
{
    return kw_lost_order_is_proven(&f->books, &f->order, f->state, &f->before);
}

static gboolean
is_proven_after_restart(Fixture *f)
{
    return kw_lost_order_is_proven(&f->books, &f->order, f->state, NULL);
}

static void
test_lost(Fixture *f, gconstpointer data)
{
    g_assert_true(is_proven(f));
    g_assert_true(is_proven_after_restart(f));
    f->books.n_orders = 2; /* another stop that waits explains what is tied up */
    f->other.amount = kw_test_decimal("0.5");
    show(f, "other", KW_SIDE_SELL, "0.5");
    set_balance(f, "BTC", "2", "0.5");
    g_assert_true(is_proven(f));
}

static void
test_shown(Fixture *f, gconstpointer data)
{
    show(f, "stop", KW_SIDE_SELL, "2");
    g_assert_false(is_proven(f));
    g_array_index(f->state->orders, KwVenueOrder, 0).client_id[0] = '\0';
    set_balance(f, "BTC", "2", "2");
    g_assert_true(is_proven(f));
    g_strlcpy(g_array_index(f->state->orders, KwVenueOrder, 0).venue_id, "OSTOP", KW_ID_SIZE);
    g_assert_false(is_proven(f));
}

/* It works unseen: the coins are tied up. */
static void
test_tied_up(Fixture *f, gconstpointer data)
{
    set_balance(f, "BTC", "2", "2");
    g_assert_false(is_proven(f));
    g_assert_false(is_proven_after_restart(f));
    set_balance(f, "BTC", "2", "0.001");
    g_assert_false(is_proven(f));
}

static void
test_sold(Fixture *f, gconstpointer data)
{
    set_balance(f, "BTC", "0", "0");
    set_balance(f, "EUR", "979", "0");
    g_assert_false(is_proven(f));
    g_assert_false(is_proven_after_restart(f));
    set_balance(f, "BTC", "1.5", "0"); /* a part of it */
    g_assert_false(is_proven(f));
}

/* Coins of the owner beside cover the sale up: the total was more, or the money is there. */
static void
test_sold_from_more(Fixture *f, gconstpointer data)
{
    f->before = kw_test_decimal("7");
    set_balance(f, "BTC", "5", "0");
    set_balance(f, "EUR", "979", "0");
    g_assert_false(is_proven(f));
    g_assert_false(is_proven_after_restart(f));
    set_balance(f, "EUR", "800", "0"); /* and he took the money away: the total still tells */
    g_assert_false(is_proven(f));
    set_balance(f, "BTC", "7", "0");
    g_assert_true(is_proven(f));
}

static void
test_moving(Fixture *f, gconstpointer data)
{
    f->books.n_orders = 2;
    f->other.state = KW_ORDER_STATE_SENT;
    f->other.type = KW_ORDER_TYPE_MARKET;
    g_assert_false(is_proven(f));
    f->books.n_orders = 1;
    f->order.venue_id[0] = '\0'; /* never acknowledged: absence has its own proof */
    g_assert_false(is_proven(f));
}

/* A buy that was executed has cost money; without a total from before nothing is known. */
static void
test_buy(Fixture *f, gconstpointer data)
{
    f->order.side = KW_SIDE_BUY;
    f->order.type = KW_ORDER_TYPE_LIMIT;
    f->before = kw_test_decimal("800");
    g_assert_true(is_proven(f));
    g_assert_false(is_proven_after_restart(f));
    set_balance(f, "EUR", "620", "0");
    g_assert_false(is_proven(f));
    set_balance(f, "EUR", "800", "181");
    g_assert_false(is_proven(f));
    show(f, "hand", KW_SIDE_BUY, "1.8");
    g_assert_true(is_proven(f));
}

/* However much is there beside: whatever was sold of the order, no proof. */
static void
test_never_when_sold(Fixture *f, gconstpointer data)
{
    for (guint i = 0; i < 3000; i++) {
        gint64 beside = g_test_rand_int_range(0, 500), sold = g_test_rand_int_range(1, 201);
        gint64 cash = g_test_rand_int_range(0, 100000);
        KwVenueBalance btc = {.asset = "BTC"}, eur = {.asset = "EUR"};

        f->before = (KwDecimal){.mant = 200 + beside, .scale = 2};
        btc.total = (KwDecimal){.mant = 200 + beside - sold, .scale = 2};
        eur.total = kw_decimal_from_int(800 + cash);
        g_array_set_size(f->state->balances, 0);
        g_array_append_val(f->state->balances, btc);
        g_array_append_val(f->state->balances, eur);
        g_assert_false(is_proven(f));
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const gchar *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/exec/lost-order/lost", test_lost},
        {"/exec/lost-order/shown", test_shown},
        {"/exec/lost-order/tied-up", test_tied_up},
        {"/exec/lost-order/sold", test_sold},
        {"/exec/lost-order/sold-from-more", test_sold_from_more},
        {"/exec/lost-order/moving", test_moving},
        {"/exec/lost-order/buy", test_buy},
        {"/exec/lost-order/never-when-sold", test_never_when_sold},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
