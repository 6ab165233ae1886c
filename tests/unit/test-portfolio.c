/* test-portfolio.c: the money adds up, after anything */
#include "kw-error.h"
#include "kw-portfolio.h"

#include <math.h>

#define PAIR "BTC/USDT"

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static void
assert_dec(KwDecimal value, const gchar *expected)
{
    g_autofree gchar *text = kw_decimal_to_string(kw_decimal_trim(value));

    g_assert_cmpstr(text, ==, expected);
}

static void
assert_adds_up(const KwPortfolio *portfolio)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_portfolio_check(portfolio, &error));
    g_assert_no_error(error);
}

static KwTrade *
open_trade(KwPortfolio *portfolio, gint64 id, const gchar *pair)
{
    KwTrade trade = {.id = id,
                     .state = KW_TRADE_STATE_OPENING,
                     .open_us = id * 1000,
                     .stake = dec("100"),
                     .fee_open_ratio = 0.004,
                     .fee_close_ratio = 0.004,
                     .confidence = NAN};

    g_strlcpy(trade.pair, pair, sizeof trade.pair);
    return kw_portfolio_open_trade(portfolio, &trade);
}

static KwFill
make_fill(KwSide side, KwDecimal price, KwDecimal amount, KwDecimal fee)
{
    KwFill fill = {.pair = PAIR,
                   .side = side,
                   .price = price,
                   .amount = amount,
                   .fee = fee,
                   .time_us = 5000};

    return fill;
}

static KwTrade
apply(KwPortfolio *portfolio, gint64 id, KwFill fill)
{
    g_autoptr(GError) error = NULL;
    KwTrade trade = {0};

    g_assert_true(kw_portfolio_apply_fill(portfolio, id, &fill, &trade, &error));
    g_assert_no_error(error);
    assert_adds_up(portfolio);
    return trade;
}

static void
test_single_trade(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    KwTrade trade;

    open_trade(portfolio, 1, PAIR);
    assert_dec(kw_portfolio_get_tied(portfolio), "100");
    assert_dec(kw_portfolio_get_cash(portfolio), "1000");

    trade = apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec("200"), dec("0.5"), dec("0.4")));
    g_assert_cmpint(trade.state, ==, KW_TRADE_STATE_OPEN);
    assert_dec(kw_portfolio_get_cash(portfolio), "899.6");
    assert_dec(trade.cost, "100.4");
    assert_dec(trade.stake, "100");
    assert_dec(kw_portfolio_get_realised(portfolio), "0");

    trade = apply(portfolio, 1, make_fill(KW_SIDE_SELL, dec("220"), dec("0.5"), dec("0.44")));
    g_assert_cmpint(trade.state, ==, KW_TRADE_STATE_CLOSED);
    g_assert_cmpint(trade.close_us, ==, 5000);
    assert_dec(trade.profit_abs, "9.16");
    assert_dec(trade.proceeds, "109.56");
    assert_dec(trade.amount, "0");
    assert_dec(trade.entry_amount, "0.5");
    assert_dec(trade.close_rate, "220");
    g_assert_cmpfloat_with_epsilon(trade.profit_ratio, 9.16 / 100.4, 1e-15);
    assert_dec(kw_portfolio_get_cash(portfolio), "1009.16");
    assert_dec(kw_portfolio_get_realised(portfolio), "9.16");
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio), ==, 0);
    g_assert_cmpuint(kw_portfolio_get_n_closed(portfolio), ==, 1);
    g_assert_null(kw_portfolio_find_open(portfolio, PAIR));
    g_assert_nonnull(kw_portfolio_find_trade(portfolio, 1));
}

/* Partial fills: means, the part that is realised, and the rest. */
static void
test_partial_fills(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    KwTrade trade;

    open_trade(portfolio, 1, PAIR);
    apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec("100"), dec("1"), dec("1")));
    trade = apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec("106"), dec("2"), dec("2")));
    assert_dec(trade.open_rate, "104");
    assert_dec(trade.cost, "315");

    trade = apply(portfolio, 1, make_fill(KW_SIDE_SELL, dec("120"), dec("1"), dec("0")));
    g_assert_cmpint(trade.state, ==, KW_TRADE_STATE_OPEN);
    assert_dec(trade.amount, "2");
    assert_dec(kw_portfolio_get_realised(portfolio), "15");
    assert_dec(kw_portfolio_get_cash(portfolio), "805");
    assert_dec(kw_portfolio_get_tied(portfolio), "208");

    trade = apply(portfolio, 1, make_fill(KW_SIDE_SELL, dec("90"), dec("2"), dec("0")));
    assert_dec(trade.close_rate, "100");
    assert_dec(trade.profit_abs, "-15");
    assert_dec(kw_portfolio_get_realised(portfolio), "-15");
    assert_dec(kw_portfolio_get_cash(portfolio), "985");
}

/* round8(close - open) of the unrounded values, where round8(close) - round8(open) differs:
 * open value 1.000000014, close value 1.000000026: difference 1.2e-8 -> 0.00000001, while
 * the rounded ones are 1.00000001 and 1.00000003. */
static void
test_profit_is_rounded_once(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("10"));
    KwTrade trade;

    open_trade(portfolio, 1, PAIR);
    apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec("1.000000014"), dec("1"), dec("0")));
    trade =
        apply(portfolio, 1, make_fill(KW_SIDE_SELL, dec("1.000000026"), dec("1"), dec("0")));
    assert_dec(trade.profit_abs, "0.00000001");
    assert_dec(kw_portfolio_get_cash(portfolio), "10.00000001");
}

/* Half a unit of the eighth digit goes away from zero, for both signs. */
static void
test_profit_of_half_a_unit(void)
{
    static const gchar *const rows[][3] = {{"1", "1.000000005", "0.00000001"},
                                           {"1.000000005", "1", "-0.00000001"},
                                           {"1", "1.0000000049", "0"}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("10"));

        open_trade(portfolio, 1, PAIR);
        apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec(rows[i][0]), dec("1"), dec("0")));
        apply(portfolio, 1, make_fill(KW_SIDE_SELL, dec(rows[i][1]), dec("1"), dec("0")));
        assert_dec(kw_portfolio_get_realised(portfolio), rows[i][2]);
    }
}

static void
assert_refused(KwPortfolio *portfolio, gint64 id, KwFill fill)
{
    g_autoptr(GError) error = NULL;
    KwTrade out = {.id = 77};
    KwDecimal cash = kw_portfolio_get_cash(portfolio);
    KwTrade before = {0};

    if (kw_portfolio_find_trade(portfolio, id) != NULL)
        before = *kw_portfolio_find_trade(portfolio, id);
    g_assert_false(kw_portfolio_apply_fill(portfolio, id, &fill, &out, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    g_assert_cmpint(out.id, ==, 77);
    g_assert_cmpint(kw_decimal_cmp(cash, kw_portfolio_get_cash(portfolio)), ==, 0);
    if (before.id != 0)
        g_assert_cmpmem(&before, sizeof before, kw_portfolio_find_trade(portfolio, id),
                        sizeof before);
}

static void
test_refuses(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    KwFill other = make_fill(KW_SIDE_BUY, dec("1"), dec("1"), dec("0"));

    open_trade(portfolio, 1, PAIR);
    assert_refused(portfolio, 2, make_fill(KW_SIDE_BUY, dec("1"), dec("1"), dec("0")));
    assert_refused(portfolio, 1, make_fill(KW_SIDE_SELL, dec("1"), dec("1"), dec("0")));
    assert_refused(portfolio, 1, make_fill(KW_SIDE_BUY, dec("1"), dec("0"), dec("0")));
    assert_refused(portfolio, 1, make_fill(KW_SIDE_BUY, dec("1"), dec("-1"), dec("0")));
    assert_refused(portfolio, 1, make_fill(KW_SIDE_BUY, dec("0"), dec("1"), dec("0")));
    assert_refused(portfolio, 1, make_fill(KW_SIDE_BUY, dec("1"), dec("1"), dec("-0.1")));
    assert_refused(portfolio, 1,
                   make_fill(KW_SIDE_BUY, dec("999999999"), dec("999999999"), dec("0")));
    g_strlcpy(other.pair, "ETH/USDT", sizeof other.pair);
    assert_refused(portfolio, 1, other);
    other = make_fill(KW_SIDE_BUY, dec("1"), dec("1"), dec("0"));
    other.mode = KW_MODE_LIVE;
    assert_refused(portfolio, 1, other);

    apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec("1"), dec("1"), dec("0")));
    assert_refused(portfolio, 1,
                   make_fill(KW_SIDE_SELL, dec("1"), dec("1.00000001"), dec("0")));
}

static void
test_void(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    KwTrade out;

    open_trade(portfolio, 1, PAIR);
    g_assert_true(kw_portfolio_void_trade(portfolio, 1, &out));
    g_assert_cmpint(out.state, ==, KW_TRADE_STATE_VOID);
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio), ==, 0);
    g_assert_false(kw_portfolio_void_trade(portfolio, 1, &out));

    open_trade(portfolio, 2, PAIR);
    apply(portfolio, 2, make_fill(KW_SIDE_BUY, dec("1"), dec("1"), dec("0")));
    g_assert_false(kw_portfolio_void_trade(portfolio, 2, &out));
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio), ==, 1);
}

/* What the opener planned is no money: neither amount nor cost count before the first fill. */
static void
test_plan_is_no_money(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    KwTrade plan = {.id = 1,
                    .state = KW_TRADE_STATE_OPENING,
                    .pair = PAIR,
                    .entry_amount = dec("3"),
                    .amount = dec("3"),
                    .open_rate = dec("90"),
                    .cost = dec("270"),
                    .stake = dec("270")};
    KwTrade trade;

    g_assert_nonnull(kw_portfolio_open_trade(portfolio, &plan));
    assert_adds_up(portfolio);
    assert_dec(kw_portfolio_get_tied(portfolio), "270");
    trade = apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec("100"), dec("1"), dec("0")));
    assert_dec(trade.entry_amount, "1");
    assert_dec(trade.open_rate, "100");
    assert_dec(trade.cost, "100");
    assert_dec(kw_portfolio_get_cash(portfolio), "900");
    assert_dec(kw_portfolio_get_balance(portfolio), "1000");

    plan.id = 2;
    g_assert_true(kw_portfolio_restore_trade(portfolio, &plan, NULL));
    g_assert_false(kw_portfolio_restore_trade(portfolio, &plan, NULL));
    assert_dec(kw_portfolio_get_cash(portfolio), "900");
    assert_adds_up(portfolio);
}

static void
test_capital(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_portfolio_add_capital(portfolio, dec("250.5"), NULL));
    g_assert_true(kw_portfolio_add_capital(portfolio, dec("-1250"), NULL));
    assert_dec(kw_portfolio_get_cash(portfolio), "0.5");
    assert_dec(kw_portfolio_get_capital(portfolio), "0.5");
    assert_dec(kw_portfolio_get_starting_capital(portfolio), "1000");
    g_assert_false(kw_portfolio_add_capital(portfolio, dec("-0.51"), &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    assert_dec(kw_portfolio_get_cash(portfolio), "0.5");
    assert_adds_up(portfolio);
}

static gdouble
rate_of(const gchar *pair, gpointer user_data)
{
    return *(const gdouble *) user_data;
}

static void
test_equity(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    KwDecimal equity = dec("1");
    gdouble rate = NAN;

    open_trade(portfolio, 1, PAIR);
    g_assert_true(kw_portfolio_get_equity(portfolio, rate_of, &rate, &equity));
    assert_dec(equity, "1000");

    apply(portfolio, 1, make_fill(KW_SIDE_BUY, dec("100"), dec("1"), dec("0.4")));
    g_assert_false(kw_portfolio_get_equity(portfolio, rate_of, &rate, &equity));
    rate = 0.0;
    g_assert_false(kw_portfolio_get_equity(portfolio, rate_of, &rate, &equity));
    assert_dec(equity, "1000");
    rate = 110.0;
    g_assert_true(kw_portfolio_get_equity(portfolio, rate_of, &rate, &equity));
    assert_dec(equity, "1009.16"); /* 899.6 + 110 * 0.996 */
}

static void
test_restore_refuses(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000"));
    KwTrade trade = {.id = 1,
                     .state = KW_TRADE_STATE_CLOSED,
                     .pair = PAIR,
                     .entry_amount = dec("1"),
                     .open_rate = dec("100"),
                     .close_rate = dec("110"),
                     .cost = dec("100"),
                     .profit_abs = dec("10"),
                     .proceeds = dec("109")};

    g_assert_false(kw_portfolio_restore_trade(portfolio, &trade, NULL));
    trade.proceeds = dec("110");
    trade.amount = dec("0.5");
    g_assert_false(kw_portfolio_restore_trade(portfolio, &trade, NULL));
    trade.amount = dec("0");
    g_assert_true(kw_portfolio_restore_trade(portfolio, &trade, NULL));
    g_assert_false(kw_portfolio_restore_trade(portfolio, &trade, NULL));
    assert_dec(kw_portfolio_get_cash(portfolio), "1010");
    assert_adds_up(portfolio);
}

/* -- properties -- */

#define MODEL_TRADES 6

/* Money of the account in units of 10^-16, from the fills alone */
typedef struct {
    __int128 paid[MODEL_TRADES], got[MODEL_TRADES];
    guint n_fills;
} Model;

static KwDecimal
random_decimal(gint64 max, guint8 scale)
{
    gint64 mant = 1 + (gint64) g_test_rand_double_range(0.0, (gdouble) max);

    return (KwDecimal){.mant = mant, .scale = scale};
}

static void
assert_same_money(const KwPortfolio *a, const KwPortfolio *b)
{
    g_assert_cmpint(kw_decimal_cmp(kw_portfolio_get_cash(a), kw_portfolio_get_cash(b)), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(kw_portfolio_get_realised(a), kw_portfolio_get_realised(b)),
                    ==, 0);
    g_assert_cmpint(kw_decimal_cmp(kw_portfolio_get_tied(a), kw_portfolio_get_tied(b)), ==, 0);
}

/* A portfolio made of what the store would have kept */
static KwPortfolio *
restart(const KwPortfolio *portfolio)
{
    g_autoptr(KwPortfolio) copy =
        kw_portfolio_new(kw_portfolio_get_starting_capital(portfolio));
    KwDecimal deposits;

    g_assert_true(kw_decimal_sub(kw_portfolio_get_capital(portfolio),
                                 kw_portfolio_get_starting_capital(portfolio), &deposits,
                                 NULL));
    g_assert_true(kw_portfolio_add_capital(copy, deposits, NULL));
    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++)
        g_assert_true(
            kw_portfolio_restore_trade(copy, kw_portfolio_get_closed(portfolio, i), NULL));
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++)
        g_assert_true(
            kw_portfolio_restore_trade(copy, kw_portfolio_get_open(portfolio, i), NULL));
    assert_adds_up(copy);
    assert_same_money(copy, portfolio);
    return g_steal_pointer(&copy);
}

static void
random_fill(KwPortfolio *portfolio, Model *model, gint64 id)
{
    const KwTrade *trade = kw_portfolio_find_trade(portfolio, id);
    KwSide side = g_test_rand_bit() ? KW_SIDE_SELL : KW_SIDE_BUY;
    KwDecimal price = random_decimal(50 * 1000 * 1000, 2); /* up to 500,000.00 */
    KwDecimal amount = random_decimal(100 * 1000, 6);      /* up to 0.1 */
    KwDecimal fee = random_decimal(1000 * 1000, 8);
    KwFill fill;
    KwTrade out;
    gboolean is_possible;

    if (side == KW_SIDE_SELL && g_test_rand_bit() && kw_decimal_sign(trade->amount) > 0)
        amount = trade->amount;
    is_possible = trade->state != KW_TRADE_STATE_CLOSED &&
                  (side == KW_SIDE_BUY || kw_decimal_cmp(amount, trade->amount) <= 0);
    fill = make_fill(side, price, amount, fee);
    g_assert_cmpint(kw_portfolio_apply_fill(portfolio, id, &fill, &out, NULL), ==, is_possible);
    if (!is_possible)
        return;
    g_assert_cmpint(amount.scale, ==, 6);
    if (side == KW_SIDE_BUY)
        model->paid[id] += (__int128) price.mant * amount.mant + fee.mant;
    else
        model->got[id] += (__int128) price.mant * amount.mant - fee.mant;
    model->n_fills++;
}

/* Property: price has 2 digits, amount 6, fee 8, so nothing is ever rounded, and cash and
 * realised profit of closed trades follow from the fills alone; the equation holds always. */
static void
test_random_events(void)
{
    for (guint run = 0; run < 300; run++) {
        g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(dec("1000000"));
        Model model = {0};
        __int128 cash = (__int128) 1000000 * 100000000;

        for (gint64 id = 0; id < MODEL_TRADES; id++)
            open_trade(portfolio, id, PAIR);
        for (guint i = 0; i < 60; i++) {
            gint64 id = g_test_rand_int_range(0, MODEL_TRADES);

            if (g_test_rand_int_range(0, 20) == 0) {
                g_assert_true(kw_portfolio_add_capital(portfolio, dec("12.34567891"), NULL));
                cash += 1234567891;
            }
            random_fill(portfolio, &model, id);
            assert_adds_up(portfolio);
            if (g_test_rand_int_range(0, 30) == 0) {
                KwPortfolio *copy = restart(portfolio);

                kw_portfolio_unref(portfolio);
                portfolio = copy;
            }
        }
        for (gint64 id = 0; id < MODEL_TRADES; id++) {
            const KwTrade *trade = kw_portfolio_find_trade(portfolio, id);

            cash += model.got[id] - model.paid[id];
            g_assert_cmpint(kw_decimal_sign(trade->amount), >=, 0);
            if (trade->state == KW_TRADE_STATE_CLOSED)
                g_assert_true(trade->profit_abs.mant == model.got[id] - model.paid[id]);
        }
        g_assert_cmpint(kw_portfolio_get_cash(portfolio).scale, ==, 8);
        g_assert_true(kw_portfolio_get_cash(portfolio).mant == cash);
        g_assert_cmpuint(model.n_fills, >, 0);
    }
}

/* Property: the same fills in any order of buys and of sells give the same money, also with
 * prices and fees that must be rounded. */
static void
test_order_of_fills(void)
{
    for (guint run = 0; run < 500; run++) {
        g_autoptr(KwPortfolio) forward = kw_portfolio_new(dec("100000"));
        g_autoptr(KwPortfolio) backward = kw_portfolio_new(dec("100000"));
        KwFill fills[8];
        KwDecimal held = KW_DECIMAL_ZERO;
        const KwTrade *one, *other;

        for (guint i = 0; i < 8; i++) {
            KwDecimal amount = random_decimal(1000 * 1000, 8);

            if (i < 4)
                g_assert_true(kw_decimal_add(held, amount, &held, NULL));
            else if (i < 7)
                amount = (KwDecimal){.mant = held.mant / 5, .scale = held.scale};
            else
                amount.mant = held.mant - 3 * (held.mant / 5);
            fills[i] = make_fill(i < 4 ? KW_SIDE_BUY : KW_SIDE_SELL,
                                 random_decimal(G_GINT64_CONSTANT(500000000000), 9), amount,
                                 random_decimal(G_GINT64_CONSTANT(10000000000), 12));
        }
        open_trade(forward, 1, PAIR);
        open_trade(backward, 1, PAIR);
        for (guint i = 0; i < 8; i++) {
            apply(forward, 1, fills[i]);
            apply(backward, 1, fills[i < 4 ? 3 - i : 11 - i]);
        }
        assert_same_money(forward, backward);
        one = kw_portfolio_get_closed(forward, 0);
        other = kw_portfolio_get_closed(backward, 0);
        g_assert_cmpint(kw_decimal_cmp(one->open_rate, other->open_rate), ==, 0);
        g_assert_cmpint(kw_decimal_cmp(one->profit_abs, other->profit_abs), ==, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/portfolio/single-trade", test_single_trade);
    g_test_add_func("/ledger/portfolio/partial-fills", test_partial_fills);
    g_test_add_func("/ledger/portfolio/profit-rounded-once", test_profit_is_rounded_once);
    g_test_add_func("/ledger/portfolio/profit-of-half-a-unit", test_profit_of_half_a_unit);
    g_test_add_func("/ledger/portfolio/refuses", test_refuses);
    g_test_add_func("/ledger/portfolio/void", test_void);
    g_test_add_func("/ledger/portfolio/plan-is-no-money", test_plan_is_no_money);
    g_test_add_func("/ledger/portfolio/capital", test_capital);
    g_test_add_func("/ledger/portfolio/equity", test_equity);
    g_test_add_func("/ledger/portfolio/restore-refuses", test_restore_refuses);
    g_test_add_func("/ledger/portfolio/random-events", test_random_events);
    g_test_add_func("/ledger/portfolio/order-of-fills", test_order_of_fills);
    return g_test_run();
}
