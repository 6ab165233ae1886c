/* test-pair.c: names of pairs and the terms that come with them */
#include "kw-error.h"
#include "kw-pair.h"

static KwPair
pair_of(const gchar *name)
{
    g_autoptr(GError) error = NULL;
    KwPair pair = {0};

    g_assert_true(kw_pair_init(&pair, name, &error));
    g_assert_no_error(error);
    return pair;
}

static void
test_pair_names(void)
{
    static const gchar *const rows[][4] = {
        {"BTC/USDT", "BTC/USDT", "BTC", "USDT"},
        {"xbt/eur", "BTC/EUR", "BTC", "EUR"},
        {"XDG/USD", "DOGE/USD", "DOGE", "USD"},
        {"1inch/usdc", "1INCH/USDC", "1INCH", "USDC"},
        {"ABCDEFGHIJK/LMNOPQRSTUV", "ABCDEFGHIJK/LMNOPQRSTUV", "ABCDEFGHIJK", "LMNOPQRSTUV"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwPair pair = pair_of(rows[i][0]);
        gchar buffer[KW_PAIR_NAME_SIZE];

        g_assert_cmpstr(pair.name, ==, rows[i][1]);
        g_assert_cmpstr(kw_pair_get_base(&pair, buffer), ==, rows[i][2]);
        g_assert_cmpstr(kw_pair_get_quote(&pair, buffer), ==, rows[i][3]);
    }
}

static void
test_pair_rejects(void)
{
    static const gchar *const rows[] = {
        "",      "BTC",       "/",       "BTC/",    "/USDT",          "BTC-USDT",
        "B C/D", "BTC/US/DT", "BTC/BTC", "XBT/BTC", "ABCDEFGHIJKL/X", "B\xc3\xa4/USD",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        KwPair pair = {.name = "kept"};

        g_test_message("row '%s'", rows[i]);
        g_assert_false(kw_pair_init(&pair, rows[i], &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
        g_assert_cmpstr(pair.name, ==, "kept");
    }
}

static void
assert_decimal(KwDecimal value, const gchar *expected)
{
    gchar buffer[KW_DECIMAL_TEXT_SIZE];

    g_assert_cmpstr(kw_decimal_to_text(value, buffer), ==, expected);
}

static void
test_pair_terms(void)
{
    KwPair pair = pair_of("btc/usdt");

    assert_decimal(pair.price_tick, "0.01");
    assert_decimal(pair.amount_tick, "0.00000001");
    assert_decimal(pair.min_amount, "0.0001");
    assert_decimal(pair.min_cost, "0.5");
    g_assert_cmpint(pair.gap_meaning, ==, KW_GAP_OUTAGE);

    pair = pair_of("ETH/EUR");
    assert_decimal(pair.min_amount, "0.002");
    assert_decimal(pair.min_cost, "0.45");
}

/* What is not in the table must not forbid an order: ticks fine, minima none. */
static void
test_pair_unknown_currency(void)
{
    KwPair pair = pair_of("NEWCOIN/USDT");

    assert_decimal(pair.price_tick, "0.00000001");
    g_assert_cmpint(kw_decimal_sign(pair.min_amount), ==, 0);
    assert_decimal(pair.min_cost, "0.5");

    pair = pair_of("ETH/BTC");
    assert_decimal(pair.price_tick, "0.00000001");
    assert_decimal(pair.min_amount, "0.002");
    g_assert_cmpint(kw_decimal_sign(pair.min_cost), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/pair/names", test_pair_names);
    g_test_add_func("/market/pair/rejects", test_pair_rejects);
    g_test_add_func("/market/pair/terms", test_pair_terms);
    g_test_add_func("/market/pair/unknown-currency", test_pair_unknown_currency);
    return g_test_run();
}
