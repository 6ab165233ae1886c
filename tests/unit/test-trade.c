/* test-trade.c: what an open trade is worth */
#include "kw-error.h"
#include "kw-trade.h"

#include <math.h>

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static KwTrade
make_trade(void)
{
    return (KwTrade){.id = 1,
                     .state = KW_TRADE_STATE_OPEN,
                     .entry_amount = dec("2"),
                     .amount = dec("2"),
                     .open_rate = dec("100"),
                     .cost = dec("200.80000000"),
                     .fee_open_ratio = 0.004,
                     .fee_close_ratio = 0.004};
}

static void
test_names(void)
{
    g_autoptr(GError) error = NULL;
    KwTradeState state = KW_TRADE_STATE_OPENING;

    for (KwTradeState i = KW_TRADE_STATE_OPENING; i <= KW_TRADE_STATE_VOID; i++) {
        g_assert_true(kw_trade_state_from_string(kw_trade_state_to_string(i), &state, NULL));
        g_assert_cmpint(state, ==, i);
    }
    g_assert_false(kw_trade_state_from_string("CLOSED", &state, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
    g_assert_cmpint(state, ==, KW_TRADE_STATE_VOID);
}

static void
test_ratio(void)
{
    KwTrade trade = make_trade();

    /* 110 * 0.996 / (100 * 1.004) - 1 = 0.09123505976..., rounded to 8 digits */
    g_assert_cmpfloat_with_epsilon(kw_trade_get_ratio_at(&trade, 110.0), 0.09123506, 1e-15);
    trade.fee_open_ratio = trade.fee_close_ratio = 0.0;
    g_assert_cmpfloat_with_epsilon(kw_trade_get_ratio_at(&trade, 90.0), -0.1, 1e-15);
    trade.amount = KW_DECIMAL_ZERO;
    g_assert_true(isnan(kw_trade_get_ratio_at(&trade, 90.0)));
}

static void
test_held_cost(void)
{
    KwTrade trade = make_trade();
    KwDecimal cost;

    g_assert_true(kw_trade_get_held_cost(&trade, &cost, NULL));
    g_assert_cmpint(kw_decimal_cmp(cost, dec("200.8")), ==, 0);
    trade.amount = dec("0.5");
    g_assert_true(kw_trade_get_held_cost(&trade, &cost, NULL));
    g_assert_cmpint(kw_decimal_cmp(cost, dec("50.2")), ==, 0);
    trade.amount = KW_DECIMAL_ZERO;
    g_assert_true(kw_trade_get_held_cost(&trade, &cost, NULL));
    g_assert_cmpint(kw_decimal_sign(cost), ==, 0);
}

static void
test_open_profit(void)
{
    KwTrade trade = make_trade();

    /* 2 * 110 * 0.996 - 200.80 */
    g_assert_cmpint(kw_decimal_cmp(kw_trade_get_open_profit(&trade, dec("110")), dec("18.32")),
                    ==, 0);
    trade.amount = dec("1");
    g_assert_cmpint(kw_decimal_cmp(kw_trade_get_open_profit(&trade, dec("110")), dec("9.16")),
                    ==, 0);
    trade.amount = KW_DECIMAL_ZERO;
    g_assert_cmpint(kw_decimal_sign(kw_trade_get_open_profit(&trade, dec("110"))), ==, 0);
}

/* What a fill would do, computed on a copy: the row that must be durable first */
static void
test_fill_on_a_copy(void)
{
    KwTrade trade = {.id = 1,
                     .state = KW_TRADE_STATE_OPENING,
                     .pair = "BTC/USDT",
                     .entry_amount = dec("3"), /* planned, not held */
                     .cost = dec("300")};
    KwFill fill = {.pair = "BTC/USDT",
                   .side = KW_SIDE_BUY,
                   .price = dec("100"),
                   .amount = dec("2"),
                   .fee = dec("0.8"),
                   .time_us = 5};
    g_autoptr(GError) error = NULL;
    KwDecimal cash = dec("7");

    g_assert_true(kw_trade_apply_fill(&trade, &fill, &cash, NULL));
    g_assert_cmpint(kw_decimal_cmp(cash, dec("-200.8")), ==, 0);
    g_assert_cmpint(trade.state, ==, KW_TRADE_STATE_OPEN);
    g_assert_cmpint(kw_decimal_cmp(trade.entry_amount, dec("2")), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(trade.cost, dec("200.8")), ==, 0);

    /* after a restart the exact sums are gone; the mean rate brings them back */
    trade.bought = trade.sold = 0;
    fill.side = KW_SIDE_SELL;
    fill.price = dec("110");
    fill.amount = dec("0.5");
    g_assert_true(kw_trade_apply_fill(&trade, &fill, &cash, NULL));
    g_assert_cmpint(kw_decimal_cmp(cash, dec("54.2")), ==, 0);
    trade.bought = trade.sold = 0;
    fill.amount = dec("1.5");
    g_assert_true(kw_trade_apply_fill(&trade, &fill, &cash, NULL));
    g_assert_cmpint(kw_decimal_cmp(cash, dec("164.2")), ==, 0);
    g_assert_cmpint(trade.state, ==, KW_TRADE_STATE_CLOSED);
    g_assert_cmpint(kw_decimal_cmp(trade.profit_abs, dec("17.6")), ==, 0);

    g_assert_false(kw_trade_apply_fill(&trade, &fill, &cash, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    g_assert_cmpint(kw_decimal_cmp(cash, dec("164.2")), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/trade/names", test_names);
    g_test_add_func("/ledger/trade/ratio", test_ratio);
    g_test_add_func("/ledger/trade/held-cost", test_held_cost);
    g_test_add_func("/ledger/trade/open-profit", test_open_profit);
    g_test_add_func("/ledger/trade/fill-on-a-copy", test_fill_on_a_copy);
    return g_test_run();
}
