/* test-depth-cap.c: what the book offers near its best price, and not more */
#include "kw-depth-cap.h"
#include "kw-test.h"

#include <math.h>

static KwPair
make_pair(void)
{
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, "BTC/EUR", NULL));
    pair.amount_tick = kw_test_decimal("0.001");
    pair.min_amount = kw_test_decimal("0.01");
    pair.min_cost = kw_test_decimal("5");
    return pair;
}

/* Asks of 100.00, 100.10 (10 bps above) and 100.11 */
static void
test_rows(void)
{
    static const struct {
        gdouble max_bps;
        const gchar *wanted, *amount;
    } rows[] = {
        {0, "5", "1"},       {0, "0.5", "0.5"},  {9.9, "5", "1"},
        {10, "5", "3.5"},    {10, "3.5", "3.5"}, {10.9, "5", "3.5"},
        {11, "5", "5"},      {11, "100", "7.5"}, {10, "0.0509", "0.05"}, /* on the tick */
        {10, "0.049", "0"}, /* below the minimum cost */
        {10, "0.0099", "0"}, {10, "0", "0"},     {10, "-1", "0"},
        {-1, "1", "0"},      {NAN, "1", "0"},    {INFINITY, "1", "0"},
    };
    KwFeedLevel asks[] = {{kw_test_decimal("100.00"), kw_test_decimal("1")},
                          {kw_test_decimal("100.10"), kw_test_decimal("2.5")},
                          {kw_test_decimal("100.11"), kw_test_decimal("4")}};
    KwPair pair = make_pair();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwDecimal amount = kw_depth_cap_amount(&pair, asks, G_N_ELEMENTS(asks), rows[i].max_bps,
                                               kw_test_decimal(rows[i].wanted));

        g_test_message("%g bps, %s wanted", rows[i].max_bps, rows[i].wanted);
        g_assert_cmpint(kw_decimal_cmp(amount, kw_test_decimal(rows[i].amount)), ==, 0);
    }
}

static void
test_no_book(void)
{
    KwFeedLevel unordered[] = {{kw_test_decimal("100"), kw_test_decimal("1")},
                               {kw_test_decimal("99"), kw_test_decimal("1")}};
    KwFeedLevel empty[] = {{kw_test_decimal("100"), kw_test_decimal("0")}};
    KwFeedLevel free[] = {{kw_test_decimal("0"), kw_test_decimal("1")}};
    KwPair pair = make_pair();
    KwDecimal wanted = kw_test_decimal("2");

    g_assert_cmpint(kw_decimal_sign(kw_depth_cap_amount(&pair, NULL, 0, 10, wanted)), ==, 0);
    g_assert_cmpint(kw_decimal_sign(kw_depth_cap_amount(&pair, unordered, 2, 10, wanted)), ==,
                    0);
    g_assert_cmpint(kw_decimal_sign(kw_depth_cap_amount(&pair, empty, 1, 10, wanted)), ==, 0);
    g_assert_cmpint(kw_decimal_sign(kw_depth_cap_amount(&pair, free, 1, 10, wanted)), ==, 0);
}

/* Never above what is wanted or offered; more depth and a wider limit never give less. */
static void
test_random(void)
{
    KwPair pair = make_pair();

    for (guint round = 0; round < 2000; round++) {
        KwFeedLevel asks[20];
        guint n = (guint) g_test_rand_int_range(1, G_N_ELEMENTS(asks));
        gdouble bps = g_test_rand_double_range(0, 60);
        KwDecimal wanted = {.mant = g_test_rand_int_range(1, 60000), .scale = 3};
        KwDecimal offered = KW_DECIMAL_ZERO, amount, more;
        gint64 price = g_test_rand_int_range(9000, 11000);

        for (guint i = 0; i < n; i++) {
            asks[i].price = (KwDecimal){.mant = price, .scale = 2};
            asks[i].amount = (KwDecimal){.mant = g_test_rand_int_range(1, 5000), .scale = 3};
            if ((gdouble) price <= (gdouble) asks[0].price.mant * (1 + bps / 10000) + 1e-6)
                g_assert_true(kw_decimal_add(offered, asks[i].amount, &offered, NULL));
            price += g_test_rand_int_range(1, 20);
        }
        amount = kw_depth_cap_amount(&pair, asks, n, bps, wanted);
        g_assert_cmpint(kw_decimal_cmp(amount, wanted), <=, 0);
        g_assert_cmpint(kw_decimal_cmp(amount, offered), <=, 0);
        more =
            kw_depth_cap_amount(&pair, asks, n, bps + g_test_rand_double_range(0, 20), wanted);
        g_assert_cmpint(kw_decimal_cmp(more, amount), >=, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/depth-cap/rows", test_rows);
    g_test_add_func("/exec/depth-cap/no-book", test_no_book);
    g_test_add_func("/exec/depth-cap/random", test_random);

    return g_test_run();
}
