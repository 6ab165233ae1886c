/* test-maker-price.c: near the best price, and never one that takes */
#include "kw-maker-price.h"
#include "kw-test.h"

static void
test_rows(void)
{
    static const struct {
        KwSide side;
        const gchar *bid, *ask;
        guint n_ahead;
        const gchar *price; /* NULL: none */
    } rows[] = {
        {KW_SIDE_BUY, "100.0", "100.5", 0, "100.0"},
        {KW_SIDE_BUY, "100.0", "100.5", 2, "100.2"},
        {KW_SIDE_BUY, "100.0", "100.5", 9, "100.4"},
        {KW_SIDE_BUY, "100.0", "100.1", 1, "100.0"},
        {KW_SIDE_BUY, "100.07", "100.12", 0, "100.0"}, /* off the tick: away from the ask */
        {KW_SIDE_SELL, "100.0", "100.5", 0, "100.5"},
        {KW_SIDE_SELL, "100.0", "100.5", 2, "100.3"},
        {KW_SIDE_SELL, "100.0", "100.5", 9, "100.1"},
        {KW_SIDE_SELL, "100.0", "100.1", 1, "100.1"},
        {KW_SIDE_BUY, "100.1", "100.1", 0, NULL},
        {KW_SIDE_BUY, "100.2", "100.1", 0, NULL},
        {KW_SIDE_BUY, "0", "100.1", 0, NULL},
        {KW_SIDE_SELL, "100", "0", 0, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwMakerQuote quote = {kw_test_decimal(rows[i].bid), kw_test_decimal(rows[i].ask),
                              kw_test_decimal("0.1"), rows[i].n_ahead};
        KwOrder order = {.side = rows[i].side, .price = kw_test_decimal("7")};
        gboolean is_ok = kw_maker_price_apply(&quote, &order);

        g_test_message("row %u", i);
        g_assert_cmpint(is_ok, ==, rows[i].price != NULL);
        g_assert_cmpint(order.type, ==, is_ok ? KW_ORDER_TYPE_POST_ONLY : KW_ORDER_TYPE_MARKET);
        g_assert_cmpint(
            kw_decimal_cmp(order.price, kw_test_decimal(is_ok ? rows[i].price : "7")), ==, 0);
    }
}

/* In any market: on the tick, not across the spread, and not behind the best of its side by a
 * tick or more. */
static void
test_random(void)
{
    for (guint round = 0; round < 5000; round++) {
        gint32 bid = g_test_rand_int_range(10, 100000);
        gint32 ask = bid + g_test_rand_int_range(1, 60);
        gint32 tick = g_test_rand_int_range(1, 10);
        KwMakerQuote quote = {.bid = {bid, 2},
                              .ask = {ask, 2},
                              .tick = {tick, 2},
                              .n_ahead = (guint) g_test_rand_int_range(0, 8)};
        KwOrder order = {.side = g_test_rand_bit() ? KW_SIDE_BUY : KW_SIDE_SELL};

        g_assert_true(kw_maker_price_apply(&quote, &order));
        g_assert_cmpint(order.price.scale, ==, 2);
        g_assert_cmpint(order.price.mant % tick, ==, 0);
        if (order.side == KW_SIDE_BUY) {
            g_assert_cmpint(order.price.mant, <, ask);
            g_assert_cmpint(order.price.mant, >, bid - tick);
        } else {
            g_assert_cmpint(order.price.mant, >, bid);
            g_assert_cmpint(order.price.mant, <, ask + tick);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/maker-price/rows", test_rows);
    g_test_add_func("/exec/maker-price/random", test_random);

    return g_test_run();
}
