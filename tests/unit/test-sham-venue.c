/* test-sham-venue.c: the made-up exchange matches, refuses, counts, and outlives its client */
#include "kw-error.h"
#include "kw-sham-venue.h"
#include "kw-test.h"

#include <string.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define T0 (KW_TEST_T0_US / KW_SHAM_MARKET_CANDLE_US * KW_SHAM_MARKET_CANDLE_US)
#define HOUR G_TIME_SPAN_HOUR

typedef struct {
    gchar *folder, *path;
    KwShamMarket *market;
    KwShamVenue *venue;
} Fixture;

static void
reopen(Fixture *f)
{
    g_clear_pointer(&f->venue, kw_sham_venue_free);
    f->venue = kw_sham_venue_open(f->path, f->market, T0, kw_decimal_from_int(1000), NULL);
    g_assert_nonnull(f->venue);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->folder, "exchange", NULL);
    f->market = kw_sham_market_new(5, T0 - HOUR, T0 + 24 * HOUR);
    reopen(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_sham_venue_free(f->venue);
    kw_sham_market_free(f->market);
    kw_test_tmp_dir_free(f->folder);
    g_free(f->path);
}

static KwOrder
make_order(const gchar *id, KwSide side, KwOrderType type, KwDecimal amount)
{
    KwOrder order = {.side = side, .type = type, .amount = amount, .pair = "ETH/EUR"};

    g_strlcpy(order.client_id, id, sizeof order.client_id);
    return order;
}

static KwShamOrder *
place(Fixture *f, const gchar *id, KwSide side, KwShamMatching matching)
{
    KwOrder order =
        make_order(id, side, KW_ORDER_TYPE_MARKET, (KwDecimal){.mant = 6, .scale = 2});

    return kw_sham_venue_place(f->venue, &order, matching, NULL);
}

static void
assert_decimal(KwDecimal have, const gchar *want)
{
    KwDecimal value = KW_DECIMAL_ZERO;
    gchar text[KW_DECIMAL_TEXT_SIZE];

    g_assert_true(kw_decimal_parse(want, &value, NULL));
    g_test_message("%s, wanted %s", kw_decimal_to_text(have, text), want);
    g_assert_cmpint(kw_decimal_cmp(have, value), ==, 0);
}

static void
test_market_order(Fixture *f, gconstpointer data)
{
    KwBrokerReport report;
    KwDecimal bid, ask;
    const KwShamOrder *order = place(f, "a", KW_SIDE_BUY, KW_SHAM_MATCHING_WHOLE);

    kw_sham_market_get_quote(f->market, 1, T0, &bid, &ask);
    kw_sham_venue_report(f->venue, order, -1, &report);
    g_assert_cmpint(report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(report.n_fills, ==, 1);
    g_assert_cmpint(kw_decimal_cmp(report.fills[0].price, ask), ==, 0);
    assert_decimal(kw_sham_venue_get_position(f->venue, 1), "0.06");
    assert_decimal(kw_sham_venue_get_position(f->venue, 0), "0");
}

/* More than is there, or than other orders leave of it */
static void
test_funds(Fixture *f, gconstpointer data)
{
    KwOrder stop = make_order("s", KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS,
                              (KwDecimal){.mant = 5, .scale = 2});
    KwOrder large =
        make_order("l", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, kw_decimal_from_int(100));
    g_autoptr(GError) error = NULL;

    g_assert_null(place(f, "none", KW_SIDE_SELL, KW_SHAM_MATCHING_WHOLE));
    g_assert_null(kw_sham_venue_place(f->venue, &large, KW_SHAM_MATCHING_WHOLE, &error));
    g_assert_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_nonnull(place(f, "b", KW_SIDE_BUY, KW_SHAM_MATCHING_WHOLE));
    stop.price = kw_decimal_from_int(1);
    g_assert_nonnull(kw_sham_venue_place(f->venue, &stop, KW_SHAM_MATCHING_WHOLE, NULL));
    g_assert_null(place(f, "s2", KW_SIDE_SELL, KW_SHAM_MATCHING_WHOLE));
    kw_sham_venue_cancel(f->venue, kw_sham_venue_find(f->venue, "s"));
    g_assert_nonnull(place(f, "s2", KW_SIDE_SELL, KW_SHAM_MATCHING_WHOLE));
    assert_decimal(kw_sham_venue_get_position(f->venue, 1), "0");
}

static void
test_parts(Fixture *f, gconstpointer data)
{
    const KwShamOrder *order = place(f, "p", KW_SIDE_BUY, KW_SHAM_MATCHING_PARTS);
    const KwShamOrder *cut;

    g_assert_cmpint(order->order.state, ==, KW_ORDER_STATE_PARTIAL);
    assert_decimal(order->order.filled, "0.02");
    kw_sham_venue_advance(f->venue, kw_sham_venue_get_next_us(f->venue), KW_SHAM_WATCH_STOPS);
    assert_decimal(order->order.filled, "0.04");
    reopen(f); /* the parts go on without their client */
    kw_sham_venue_advance(f->venue, T0 + 9 * SECOND, KW_SHAM_WATCH_STOPS);
    order = kw_sham_venue_find(f->venue, "p");
    g_assert_cmpint(order->order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(order->n_fills, ==, 3);

    cut = place(f, "c", KW_SIDE_BUY, KW_SHAM_MATCHING_PART_ONLY);
    kw_sham_venue_advance(f->venue, T0 + 20 * SECOND, KW_SHAM_WATCH_STOPS);
    g_assert_cmpint(cut->order.state, ==, KW_ORDER_STATE_CANCELLED);
    assert_decimal(cut->order.filled, "0.02");
}

/* A stop is reached when the market says so, and not before. */
static void
test_stop(Fixture *f, gconstpointer data)
{
    KwOrder stop = make_order("s", KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS,
                              (KwDecimal){.mant = 6, .scale = 2});
    gint64 low_us = T0;
    const KwShamOrder *order;

    g_assert_nonnull(place(f, "b", KW_SIDE_BUY, KW_SHAM_MATCHING_WHOLE));
    stop.price = kw_sham_market_get_price(f->market, 1, T0);
    for (gint64 t = T0; t < T0 + 5 * HOUR; t += KW_SHAM_MARKET_STEP_US) {
        KwDecimal price = kw_sham_market_get_price(f->market, 1, t);

        if (kw_decimal_cmp(price, stop.price) >= 0)
            continue;
        stop.price = price;
        low_us = t;
    }
    g_assert_cmpint(low_us, >, T0);
    order = kw_sham_venue_place(f->venue, &stop, KW_SHAM_MATCHING_WHOLE, NULL);
    kw_sham_venue_advance(f->venue, low_us - 1, KW_SHAM_WATCH_STOPS);
    g_assert_cmpint(order->order.state, ==, KW_ORDER_STATE_OPEN);
    kw_sham_venue_advance(f->venue, low_us, KW_SHAM_WATCH_STOPS);
    g_assert_cmpint(order->order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(kw_sham_venue_get_worst_bare_us(f->venue), ==, 0);
}

static void
test_counts_what_is_bare(Fixture *f, gconstpointer data)
{
    g_assert_nonnull(place(f, "b", KW_SIDE_BUY, KW_SHAM_MATCHING_WHOLE));
    kw_sham_venue_advance(f->venue, T0 + 60 * SECOND, KW_SHAM_WATCH_STOPS);
    g_assert_cmpint(kw_sham_venue_get_worst_bare_us(f->venue), ==, 60 * SECOND);
    kw_sham_venue_advance(f->venue, T0 + 600 * SECOND, KW_SHAM_WATCH_NOTHING);
    kw_sham_venue_advance(f->venue, T0 + 630 * SECOND, KW_SHAM_WATCH_STOPS);
    g_assert_cmpint(kw_sham_venue_get_worst_bare_us(f->venue), ==, 60 * SECOND);
}

/* Sent twice is executed twice, and it is seen. */
static void
test_twice(Fixture *f, gconstpointer data)
{
    g_assert_cmpuint(place(f, "t", KW_SIDE_BUY, KW_SHAM_MATCHING_WHOLE)->n_reached, ==, 1);
    reopen(f);
    g_assert_cmpuint(place(f, "t", KW_SIDE_BUY, KW_SHAM_MATCHING_WHOLE)->n_reached, ==, 2);
    assert_decimal(kw_sham_venue_get_position(f->venue, 1), "0.12");
    g_assert_cmpuint(kw_sham_venue_get_n_orders(f->venue), ==, 2);
}

static void
test_inspect(Fixture *f, gconstpointer data)
{
    KwOrder stop = make_order("s", KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS,
                              (KwDecimal){.mant = 6, .scale = 2});
    g_autoptr(KwVenueState) state = NULL;
    const KwVenueBalance *balance;

    g_assert_nonnull(place(f, "b", KW_SIDE_BUY, KW_SHAM_MATCHING_WHOLE));
    stop.price = kw_decimal_from_int(1);
    (void) kw_sham_venue_place(f->venue, &stop, KW_SHAM_MATCHING_WHOLE, NULL);
    state = kw_sham_venue_inspect(f->venue);
    g_assert_cmpuint(state->orders->len, ==, 1);
    g_assert_cmpstr(g_array_index(state->orders, KwVenueOrder, 0).client_id, ==, "s");
    g_assert_cmpuint(state->balances->len, ==, 2);
    balance = &g_array_index(state->balances, KwVenueBalance, 0);
    g_assert_cmpstr(balance->asset, ==, "ETH");
    assert_decimal(balance->total, "0.06");
    assert_decimal(balance->held, "0.06");
}

/* A hand takes what is free and no more. */
static void
test_shift(Fixture *f, gconstpointer data)
{
    assert_decimal(kw_sham_venue_shift(f->venue, "EUR", kw_decimal_from_int(-2000)), "-1000");
    assert_decimal(kw_sham_venue_get_total(f->venue, "EUR"), "0");
    assert_decimal(kw_sham_venue_shift(f->venue, "EUR", kw_decimal_from_int(7)), "7");
}

int
main(int argc, char **argv)
{
    static const struct {
        const gchar *path;
        void (*func)(Fixture *f, gconstpointer data);
    } cases[] = {
        {"/lab/sham-venue/market-order", test_market_order},
        {"/lab/sham-venue/funds", test_funds},
        {"/lab/sham-venue/parts", test_parts},
        {"/lab/sham-venue/stop", test_stop},
        {"/lab/sham-venue/counts-what-is-bare", test_counts_what_is_bare},
        {"/lab/sham-venue/twice", test_twice},
        {"/lab/sham-venue/inspect", test_inspect},
        {"/lab/sham-venue/shift", test_shift},
    };

    kw_test_prefer_memory();
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_test_add(cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);
    return g_test_run();
}
