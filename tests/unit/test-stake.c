/* test-stake.c: how much money a new trade gets */
#include "kw-stake.h"

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static const KwStakeRules default_rules = {
    .stake_amount = {.mant = 100, .scale = 0},
    .max_open_trades = 3,
    .tradable_balance_ratio = 0.99,
    .last_stake_min_ratio = 0.5,
    .amount_reserve_ratio = 0.05,
};

static KwPair
make_pair(void)
{
    return (KwPair){.name = "BTC/USDT",
                    .price_tick = {.mant = 1, .scale = 2},
                    .amount_tick = {.mant = 1, .scale = 6}};
}

static void
tie(KwPortfolio *portfolio, gint64 id, const gchar *stake)
{
    KwTrade trade = {
        .id = id, .state = KW_TRADE_STATE_OPENING, .pair = "ETH/USDT", .stake = dec(stake)};

    g_assert_nonnull(kw_portfolio_open_trade(portfolio, &trade));
}

static void
test_table(void)
{
    static const struct {
        const gchar *what, *wallet, *tied, *fixed; /* fixed NULL: unlimited */
        guint max_open;
        gboolean amend;
        const gchar *min_cost, *min_amount, *price;
        const gchar *amount, *stake; /* NULL: no trade */
    } rows[] = {
        {"fixed", "1000", "0", "100", 3, FALSE, "0", "0", "40000", "0.0025", "100"},
        {"cut to the tick", "1000", "0", "100", 3, FALSE, "0", "0", "30000", "0.003333",
         "99.99"},
        {"just enough", "1000", "890", "100", 3, FALSE, "0", "0", "50", "2", "100"},
        {"not enough", "1000", "890.01", "100", 3, FALSE, "0", "0", "50", NULL, NULL},
        {"amended", "1000", "930", "100", 3, TRUE, "0", "0", "50", "1.2", "60"},
        {"amended, under half", "1000", "940", "100", 3, TRUE, "0", "0", "50", NULL, NULL},
        {"unlimited", "1000", "0", NULL, 3, FALSE, "0", "0", "33", "10", "330"},
        {"unlimited, second", "1000", "330", NULL, 3, FALSE, "0", "0", "33", "10", "330"},
        {"unlimited, no count", "1000", "0", NULL, 0, FALSE, "0", "0", "33", NULL, NULL},
        /* 1.05 / 0.95 = 1.105263...: 90 * that = 99.47 and 95 * that = 105 */
        {"minimum cost below", "1000", "0", "100", 3, FALSE, "90", "0", "50", "2", "100"},
        {"raised to minimum", "1000", "0", "100", 3, FALSE, "95", "0", "50", "2.1", "105"},
        {"far below minimum", "1000", "0", "100", 3, FALSE, "118", "0", "50", NULL, NULL},
        {"minimum above money", "1000", "895", "95", 3, FALSE, "90", "0", "50", NULL, NULL},
        {"minimum amount", "1000", "0", "100", 3, FALSE, "0", "2", "50", "2.1", "105"},
        {"no amount left", "1000", "0", "1", 3, FALSE, "0", "0", "2000000", NULL, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec(rows[i].wallet));
        KwStakeRules rules = default_rules;
        KwPair pair = make_pair();
        KwDecimal amount = dec("7"), stake = dec("7");

        g_test_message("%s", rows[i].what);
        tie(portfolio, 1, rows[i].tied);
        rules.is_unlimited = rows[i].fixed == NULL;
        if (rows[i].fixed != NULL)
            rules.stake_amount = dec(rows[i].fixed);
        rules.max_open_trades = rows[i].max_open;
        rules.amend_last_stake = rows[i].amend;
        pair.min_cost = dec(rows[i].min_cost);
        pair.min_amount = dec(rows[i].min_amount);
        g_assert_cmpint(
            kw_stake_compute(&rules, portfolio, &pair, dec(rows[i].price), &amount, &stake), ==,
            rows[i].amount != NULL);
        g_assert_cmpfloat_with_epsilon(
            kw_decimal_to_double(amount),
            kw_decimal_to_double(dec(rows[i].amount == NULL ? "7" : rows[i].amount)), 1.5e-6);
        g_assert_cmpfloat_with_epsilon(
            kw_decimal_to_double(stake),
            kw_decimal_to_double(dec(rows[i].amount == NULL ? "7" : rows[i].stake)), 1e-4);
    }
}

/* Property: a stake is on the tick, never above what is available, never below the minimum. */
static void
test_random(void)
{
    guint n_trades = 0;

    for (guint run = 0; run < 5000; run++) {
        gdouble tied = g_test_rand_double_range(0.0, 1000.0);
        KwDecimal tied_money, price, rest, amount, stake;
        g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
        KwStakeRules rules = default_rules;
        KwPair pair = make_pair();
        gchar text[KW_DECIMAL_TEXT_SIZE];

        g_assert_true(kw_decimal_from_double(tied, 8, KW_ROUND_DOWN, &tied_money, NULL));
        g_assert_true(kw_decimal_from_double(g_test_rand_double_range(0.01, 70000.0), 2,
                                             KW_ROUND_UP, &price, NULL));
        tie(portfolio, 1, kw_decimal_to_text(tied_money, text));
        rules.is_unlimited = g_test_rand_bit();
        rules.amend_last_stake = g_test_rand_bit();
        pair.min_cost = kw_decimal_from_int(g_test_rand_int_range(0, 200));
        if (!kw_stake_compute(&rules, portfolio, &pair, price, &amount, &stake))
            continue;
        n_trades++;
        g_assert_true(kw_decimal_to_tick(amount, pair.amount_tick, KW_ROUND_DOWN, &rest, NULL));
        g_assert_cmpint(kw_decimal_cmp(amount, rest), ==, 0);
        g_assert_cmpfloat(kw_decimal_to_double(stake), <=, 990.0 - tied + 1e-6);
        /* the cut to the tick may take one tick of it */
        g_assert_cmpfloat(kw_decimal_to_double(stake), >=,
                          kw_decimal_to_double(pair.min_cost) * 1.05 / 0.95 -
                              kw_decimal_to_double(price) * 1e-6 - 1e-6);
    }
    g_assert_cmpuint(n_trades, >, 500);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/risk/stake/table", test_table);
    g_test_add_func("/risk/stake/random", test_random);
    return g_test_run();
}
