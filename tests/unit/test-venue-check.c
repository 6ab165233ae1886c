/* test-venue-check.c: each difference is found, and nothing else is called one */
#include "kw-test.h"
#include "kw-venue-check.h"

#include <string.h>

typedef struct {
    KwPortfolio *portfolio;
    KwVenueState *state;
    KwOrder orders[4];
    const KwOrder *list[4];
    KwVenueBooks books;
    GArray *findings;
} Fixture;

static void
open_trade(Fixture *f, gint64 id, const gchar *pair, const gchar *amount)
{
    KwTrade trade = {.id = id, .state = KW_TRADE_STATE_OPENING};
    KwFill fill = {
        .side = KW_SIDE_BUY, .price = kw_test_decimal("10"), .amount = kw_test_decimal(amount)};
    KwTrade after;

    g_strlcpy(trade.pair, pair, sizeof trade.pair);
    g_strlcpy(fill.pair, pair, sizeof fill.pair);
    (void) kw_portfolio_open_trade(f->portfolio, &trade);
    g_assert_true(kw_portfolio_apply_fill(f->portfolio, id, &fill, &after, NULL));
}

static KwOrder *
add_order(Fixture *f, const gchar *id, const gchar *pair, KwOrderType type, KwOrderState state)
{
    KwOrder *order = &f->orders[f->books.n_orders];

    *order = (KwOrder){.trade_id = 1, .type = type, .state = state, .side = KW_SIDE_SELL};
    order->amount = kw_test_decimal("2");
    g_strlcpy(order->client_id, id, sizeof order->client_id);
    g_strlcpy(order->pair, pair, sizeof order->pair);
    f->list[f->books.n_orders++] = order;
    return order;
}

static void
add_at_venue(Fixture *f, const gchar *id, const gchar *amount, const gchar *filled)
{
    KwVenueOrder order = {.amount = kw_test_decimal(amount), .filled = kw_test_decimal(filled)};

    g_strlcpy(order.client_id, id, sizeof order.client_id);
    g_strlcpy(order.venue_id, "OXYZ", sizeof order.venue_id);
    g_strlcpy(order.pair, "BTC/USDT", sizeof order.pair);
    g_array_append_val(f->state->orders, order);
}

static void
set_balance(Fixture *f, const gchar *asset, const gchar *total)
{
    KwVenueBalance balance = {.total = kw_test_decimal(total)};

    g_strlcpy(balance.asset, asset, sizeof balance.asset);
    g_array_append_val(f->state->balances, balance);
}

/* 1,000 USDT, of which 20 went into 2 BTC, with a stop for all of it at the venue */
static void
set_up(Fixture *f, gconstpointer data)
{
    f->portfolio = kw_portfolio_new(kw_test_decimal("1000"));
    f->state = kw_venue_state_new(0);
    f->books = (KwVenueBooks){
        .portfolio = f->portfolio, .orders = f->list, .quote = "USDT", .needs_stops = TRUE};
    open_trade(f, 1, "BTC/USDT", "2");
    (void) add_order(f, "stop", "BTC/USDT", KW_ORDER_TYPE_STOP_LOSS, KW_ORDER_STATE_OPEN);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_pointer(&f->findings, g_array_unref);
    g_clear_pointer(&f->state, kw_venue_state_free);
    g_clear_pointer(&f->portfolio, kw_portfolio_unref);
}

/* Kinds, subjects and ids of what is found, in order */
static gchar *
check(Fixture *f)
{
    GString *text = g_string_new(NULL);

    g_clear_pointer(&f->findings, g_array_unref);
    f->findings = kw_venue_check(&f->books, f->state);
    for (guint i = 0; i < f->findings->len; i++) {
        const KwVenueFinding *finding = &g_array_index(f->findings, KwVenueFinding, i);

        g_string_append_printf(text, "%s %s %s;", kw_finding_kind_to_string(finding->kind),
                               finding->subject, finding->id);
    }
    return g_string_free(text, FALSE);
}

static void
assert_found(Fixture *f, const gchar *expected)
{
    g_autofree gchar *found = check(f);

    g_assert_cmpstr(found, ==, expected);
}

static void
test_agrees(Fixture *f, gconstpointer data)
{
    add_at_venue(f, "stop", "2", "0");
    set_balance(f, "BTC", "2");
    set_balance(f, "USDT", "980");
    assert_found(f, "");

    /* what the account has beyond is nobody's business */
    set_balance(f, "DOGE", "100000");
    g_array_index(f->state->balances, KwVenueBalance, 0).total = kw_test_decimal("7");
    assert_found(f, "");
}

static void
test_short(Fixture *f, gconstpointer data)
{
    add_at_venue(f, "stop", "2", "0");
    set_balance(f, "BTC", "1.99999999");
    set_balance(f, "USDT", "979.50");
    assert_found(f, "holding_short BTC ;cash_short USDT ;");
    g_assert_cmpint(kw_decimal_cmp(g_array_index(f->findings, KwVenueFinding, 0).ours,
                                   kw_test_decimal("2")),
                    ==, 0);
    g_assert_true(kw_finding_kind_blocks(KW_FINDING_HOLDING_SHORT));
}

/* What roundings leave over in a few hundred trades is no difference. */
static void
test_roundings(Fixture *f, gconstpointer data)
{
    add_at_venue(f, "stop", "2", "0");
    set_balance(f, "BTC", "2");
    set_balance(f, "USDT", "979.52");
    assert_found(f, "");
}

/* An asset that is not on the list at all is one of which nothing is held. */
static void
test_sold_by_hand(Fixture *f, gconstpointer data)
{
    set_balance(f, "USDT", "1000");
    assert_found(f, "holding_short BTC ;unprotected BTC/USDT ;order_missing BTC/USDT stop;");
}

static void
test_moving_is_not_compared(Fixture *f, gconstpointer data)
{
    KwOrder *order =
        add_order(f, "exit", "BTC/USDT", KW_ORDER_TYPE_MARKET, KW_ORDER_STATE_UNKNOWN);

    add_at_venue(f, "stop", "2", "0");
    assert_found(f, "");
    order->state = KW_ORDER_STATE_INTENT;
    assert_found(f, "");
    g_strlcpy(order->pair, "BTCX/USDT", sizeof order->pair); /* another asset, same letters */
    assert_found(f, "holding_short BTC ;");
}

static void
test_two_trades_of_an_asset(Fixture *f, gconstpointer data)
{
    f->books.needs_stops = FALSE;
    open_trade(f, 2, "BTC/EUR", "3");
    add_at_venue(f, "stop", "2", "0");
    set_balance(f, "USDT", "950");
    set_balance(f, "BTC", "4.9");
    assert_found(f, "holding_short BTC ;");
    g_assert_cmpint(kw_decimal_cmp(g_array_index(f->findings, KwVenueFinding, 0).ours,
                                   kw_test_decimal("5")),
                    ==, 0);
}

static void
test_stop_covers_less(Fixture *f, gconstpointer data)
{
    add_at_venue(f, "stop", "2", "0.5");
    set_balance(f, "BTC", "2");
    set_balance(f, "USDT", "980");
    assert_found(f, "unprotected BTC/USDT ;");
    f->books.needs_stops = FALSE;
    assert_found(f, "");
}

/* A target sells its share instead of the stop; alone it protects nothing. */
static void
test_stop_and_target(Fixture *f, gconstpointer data)
{
    KwOrder *target =
        add_order(f, "target", "BTC/USDT", KW_ORDER_TYPE_TAKE_PROFIT, KW_ORDER_STATE_OPEN);

    set_balance(f, "BTC", "2");
    set_balance(f, "USDT", "980");
    add_at_venue(f, "stop", "1.2", "0");
    add_at_venue(f, "target", "1", "0.2");
    assert_found(f, "");
    target->trade_id = 2;
    assert_found(f, "unprotected BTC/USDT ;");
    target->trade_id = 1;
    g_array_index(f->state->orders, KwVenueOrder, 0).filled = kw_test_decimal("1.2");
    assert_found(f, "unprotected BTC/USDT ;");
}

static void
test_foreign(Fixture *f, gconstpointer data)
{
    add_at_venue(f, "stop", "2", "0");
    add_at_venue(f, "", "1", "0");
    set_balance(f, "BTC", "2");
    set_balance(f, "USDT", "980");
    assert_found(f, "order_foreign BTC/USDT OXYZ;");
    g_assert_false(kw_finding_kind_blocks(KW_FINDING_ORDER_FOREIGN));
}

static void
test_same(void)
{
    KwVenueFinding a = {.kind = KW_FINDING_CASH_SHORT, .subject = "EUR", .id = ""};
    KwVenueFinding b = a;

    b.theirs = kw_test_decimal("5");
    g_assert_true(kw_venue_finding_is_same(&a, &b));
    b.subject[0] = 'X';
    g_assert_false(kw_venue_finding_is_same(&a, &b));
}

/* Below the minimum no stop can be there; that hides no other trade that has none. */
static void
test_dust(Fixture *f, gconstpointer data)
{
    KwVenueDust dust[] = {{2, kw_test_decimal("0.0011")}};

    f->books.dust = dust;
    f->books.n_dust = 1;
    open_trade(f, 2, "ETH/USDT", "0.001");
    set_balance(f, "BTC", "2");
    set_balance(f, "ETH", "0.001");
    set_balance(f, "USDT", "979.99");
    assert_found(f, "unprotected BTC/USDT ;dust ETH/USDT ;order_missing BTC/USDT stop;");
    g_assert_false(kw_finding_kind_blocks(KW_FINDING_DUST));
    add_at_venue(f, "stop", "2", "0");
    assert_found(f, "dust ETH/USDT ;");
    f->books.n_dust = 0;
    assert_found(f, "unprotected ETH/USDT ;");
}

/* F34: with a coarser step a rest stays beside the stop; more than that must not. */
static void
test_rest(Fixture *f, gconstpointer data)
{
    KwVenueDust dust[] = {{1, kw_test_decimal("0.1")}};

    f->books.dust = dust;
    f->books.n_dust = 1;
    set_balance(f, "BTC", "2");
    set_balance(f, "USDT", "980");
    add_at_venue(f, "stop", "1.95", "0");
    assert_found(f, "dust BTC/USDT ;");
    g_array_set_size(f->state->orders, 0);
    add_at_venue(f, "stop", "1.9", "0");
    assert_found(f, "unprotected BTC/USDT ;");
}

/* Whatever a difference is, its line says the same again. */
static void
test_text(void)
{
    for (guint i = 0; i < 2000; i++) {
        KwVenueFinding finding = {.kind = (KwFindingKind) g_test_rand_int_range(0, 6)};
        KwVenueFinding again;
        g_autofree gchar *text = NULL;
        g_autoptr(GError) error = NULL;

        g_strlcpy(finding.subject, i % 2 == 0 ? "BTC/EUR" : "ZEUR", sizeof finding.subject);
        if (i % 3 != 0)
            g_snprintf(finding.id, sizeof finding.id, "kw%08x", i);
        finding.ours.mant = (gint64) g_test_rand_double_range(-1e17, 1e17);
        finding.ours.scale = (guint8) g_test_rand_int_range(0, 19);
        finding.theirs.mant = (gint64) g_test_rand_double_range(-1e17, 1e17);
        text = kw_venue_finding_to_text(&finding);
        g_assert_true(kw_venue_finding_parse(text, &again, &error));
        g_assert_no_error(error);
        g_assert_true(kw_venue_finding_is_same(&finding, &again));
        g_assert_cmpint(kw_decimal_cmp(finding.ours, again.ours), ==, 0);
        g_assert_cmpint(kw_decimal_cmp(finding.theirs, again.theirs), ==, 0);
    }
}

static void
test_text_rejects(void)
{
    static const gchar *const texts[] = {
        "",
        "cash_short",
        "cash_short|EUR||5",
        "cash_short|EUR||5|4|3",
        "cash_long|EUR||5|4",
        "cash_short|EUR||5|4e1",
        "cash_short|EUR||99999999999999999999|4",
        "cash_short|a name that no market has ever had|| 5|4",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        KwVenueFinding finding = {.kind = KW_FINDING_ORDER_FOREIGN};

        g_test_message("%s", texts[i]);
        g_assert_false(kw_venue_finding_parse(texts[i], &finding, &error));
        g_assert_nonnull(error);
        g_assert_cmpint(finding.kind, ==, KW_FINDING_ORDER_FOREIGN);
    }
}

/* Amounts that cannot be set against each other differ by more than any others. */
static void
test_gap(void)
{
    KwVenueFinding finding = {.kind = KW_FINDING_CASH_SHORT, .ours = KW_DECIMAL_MAX};
    KwDecimal more = kw_test_decimal("1.5");

    finding.theirs = kw_decimal_neg(KW_DECIMAL_MAX);
    g_assert_cmpint(kw_decimal_cmp(kw_venue_finding_get_gap(&finding), more), >, 0);
    finding.ours = more;
    finding.theirs = kw_test_decimal("0.25");
    g_assert_cmpint(kw_decimal_cmp(kw_venue_finding_get_gap(&finding), kw_test_decimal("1.25")),
                    ==, 0);
}

int
main(int argc, char **argv)
{
    static const struct {
        const gchar *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/exec/venue-check/agrees", test_agrees},
        {"/exec/venue-check/short", test_short},
        {"/exec/venue-check/roundings", test_roundings},
        {"/exec/venue-check/sold-by-hand", test_sold_by_hand},
        {"/exec/venue-check/moving-is-not-compared", test_moving_is_not_compared},
        {"/exec/venue-check/two-trades-of-an-asset", test_two_trades_of_an_asset},
        {"/exec/venue-check/stop-covers-less", test_stop_covers_less},
        {"/exec/venue-check/stop-and-target", test_stop_and_target},
        {"/exec/venue-check/foreign", test_foreign},
        {"/exec/venue-check/dust", test_dust},
        {"/exec/venue-check/f34-rest", test_rest},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    g_test_add_func("/exec/venue-check/same", test_same);
    g_test_add_func("/exec/venue-check/text", test_text);
    g_test_add_func("/exec/venue-check/text-rejects", test_text_rejects);
    g_test_add_func("/exec/venue-check/gap", test_gap);
    return g_test_run();
}
