/* test-prop.c: midnights of Prague, floors that follow them, days and target */
#include "kw-prop.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwPortfolio *portfolio;
    KwZone *zone;
    KwPropRules rules;
    KwPropState state;
    gint64 last_id;
} Fixture;

static gint64
at(const gchar *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->portfolio = kw_portfolio_new(kw_test_decimal("10000"));
    f->zone = kw_zone_new("Europe/Prague", NULL);
    g_assert_nonnull(f->zone);
    f->rules = (KwPropRules){.initial = {10000, 0},
                             .daily_ratio = 0.05,
                             .total_ratio = 0.1,
                             .target_ratio = 0.1,
                             .model = KW_PROP_STATIC,
                             .min_days = 4,
                             .zone = f->zone};
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_portfolio_unref(f->portfolio);
    kw_zone_unref(f->zone);
}

/* @close NULL: still open */
static void
add_trade(Fixture *f, const gchar *open, const gchar *close, const gchar *profit)
{
    KwTrade trade = {.id = ++f->last_id,
                     .state = close != NULL ? KW_TRADE_STATE_CLOSED : KW_TRADE_STATE_OPEN,
                     .open_us = at(open),
                     .close_us = close != NULL ? at(close) : 0,
                     .entry_amount = {1, 0},
                     .amount = {close != NULL ? 0 : 1, 0},
                     .fee_open = {15, 1}};
    g_autoptr(GError) error = NULL;

    (void) g_strlcpy(trade.pair, "BTC/USD", sizeof trade.pair);
    trade.cost = kw_test_decimal("100");
    trade.profit_abs = kw_test_decimal(profit);
    if (close != NULL)
        g_assert_true(kw_decimal_add(trade.cost, trade.profit_abs, &trade.proceeds, NULL));
    g_assert_true(kw_portfolio_restore_trade(f->portfolio, &trade, &error));
    g_assert_no_error(error);
}

static void
judge(Fixture *f, const gchar *now, const gchar *open_profit)
{
    g_assert_true(kw_prop_judge(&f->rules, f->portfolio, kw_test_decimal(open_profit), at(now),
                                &f->state, NULL));
}

static void
assert_state(Fixture *f, gdouble midnight, gdouble daily, gdouble total)
{
    g_assert_cmpfloat(kw_decimal_to_double(f->state.midnight), ==, midnight);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.daily_floor), ==, daily);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.total_floor), ==, total);
}

static void
test_empty(Fixture *f, gconstpointer data)
{
    judge(f, "2026-03-02T12:00:00Z", "-12.5");
    assert_state(f, 10000, 9500, 9000);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.equity), ==, 9987.5);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.target), ==, 1000);
    g_assert_cmpuint(f->state.n_days, ==, 0);
    g_assert_cmpint(f->state.reset_us, ==, at("2026-03-02T23:00:00Z"));
}

/* The balance of midnight counts, in winter at 23:00 and in summer at 22:00 UTC; what closes
 * within the day widens its room and leaves the floor. */
static void
test_midnight(Fixture *f, gconstpointer data)
{
    add_trade(f, "2026-03-02T10:00:00Z", "2026-03-02T22:59:59Z", "400");
    judge(f, "2026-03-02T22:59:59Z", "0");
    assert_state(f, 10000, 9500, 9000);
    judge(f, "2026-03-02T23:00:00Z", "-900"); /* in breach without a step of the price */
    assert_state(f, 10400, 9900, 9000);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.equity), ==, 9500);
    add_trade(f, "2026-07-01T10:00:00Z", "2026-07-01T22:00:00Z", "100");
    judge(f, "2026-07-01T22:00:00Z", "0"); /* closed in the new day, its fee in the old one */
    assert_state(f, 10398.5, 9898.5, 9000);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.profit), ==, 500);
    judge(f, "2026-07-02T22:00:00Z", "0");
    assert_state(f, 10500, 10000, 9000);
    g_assert_cmpuint(f->state.n_days, ==, 2);
}

/* Midnights of 104,000 and 103,000 of 100,000: the published example */
static void
test_trailing(Fixture *f, gconstpointer data)
{
    f->rules.initial = kw_test_decimal("100000");
    f->rules.model = KW_PROP_TRAILING;
    add_trade(f, "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", "4000");
    judge(f, "2026-03-02T13:00:00Z", "0"); /* not before its midnight */
    g_assert_cmpfloat(kw_decimal_to_double(f->state.total_floor), ==, 90000);
    add_trade(f, "2026-03-03T10:00:00Z", "2026-03-03T12:00:00Z", "3000");
    add_trade(f, "2026-03-03T13:00:00Z", "2026-03-03T14:00:00Z", "-4000");
    judge(f, "2026-03-03T15:00:00Z", "0");
    g_assert_cmpfloat(kw_decimal_to_double(f->state.total_floor), ==, 94000);
    judge(f, "2026-03-04T15:00:00Z", "0");
    assert_state(f, 103000, 98000, 94000);
    judge(f, "2026-03-09T15:00:00Z", "0");
    assert_state(f, 103000, 98000, 94000);
}

/* An entry's fee has lowered the balance of each midnight it was open at, and of no other; days
 * count by purchases. */
static void
test_open(Fixture *f, gconstpointer data)
{
    add_trade(f, "2026-03-02T10:00:00Z", "2026-03-03T12:00:00Z", "50");
    add_trade(f, "2026-03-03T13:00:00Z", NULL, "0");
    judge(f, "2026-03-03T15:00:00Z", "7");
    assert_state(f, 9998.5, 9498.5, 9000);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.equity), ==, 10057);
    g_assert_cmpuint(f->state.n_days, ==, 2);
    judge(f, "2026-03-05T15:00:00Z", "7");
    assert_state(f, 10048.5, 9548.5, 9000);
    g_assert_cmpuint(f->state.n_days, ==, 2); /* holding is no day */
}

/* @amount of the trade at BTC/USD, at @price and without a fee */
static void
fill(Fixture *f, KwSide side, const gchar *time, const gchar *amount, const gchar *price)
{
    KwFill fill = {.side = side,
                   .amount = kw_test_decimal(amount),
                   .price = kw_test_decimal(price),
                   .fee = side == KW_SIDE_BUY ? kw_test_decimal("4") : KW_DECIMAL_ZERO,
                   .time_us = at(time)};
    KwTrade after;
    g_autoptr(GError) error = NULL;

    (void) g_strlcpy(fill.pair, "BTC/USD", sizeof fill.pair);
    g_assert_true(kw_portfolio_apply_fill(f->portfolio, f->last_id, &fill, &after, &error));
    g_assert_no_error(error);
}

static void
buy(Fixture *f, const gchar *time, const gchar *amount, const gchar *price)
{
    KwTrade trade = {.id = ++f->last_id, .open_us = at(time)};

    (void) g_strlcpy(trade.pair, "BTC/USD", sizeof trade.pair);
    g_assert_nonnull(kw_portfolio_open_trade(f->portfolio, &trade));
    fill(f, KW_SIDE_BUY, time, amount, price);
}

/* What a part of a trade has brought is the account's from its sale on, whatever becomes of the
 * rest: 1 of 4 for 400 more, the fee of 4 was paid at the entry. */
static void
test_part(Fixture *f, gconstpointer data)
{
    buy(f, "2026-03-02T10:00:00Z", "4", "1000");
    fill(f, KW_SIDE_SELL, "2026-03-02T22:30:00Z", "1", "1400");
    judge(f, "2026-03-02T22:45:00Z", "-3"); /* the rest at its price: its part of the fee */
    assert_state(f, 10000, 9500, 9000);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.equity), ==, 10396);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.profit), ==, 399);

    judge(f, "2026-03-02T23:00:00Z", "-3");
    assert_state(f, 10396, 9896, 9000);
    fill(f, KW_SIDE_SELL, "2026-03-03T10:00:00Z", "1", "900");
    judge(f, "2026-03-03T11:00:00Z", "-2");
    assert_state(f, 10396, 9896, 9000);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.equity), ==, 10296);

    fill(f, KW_SIDE_SELL, "2026-03-03T12:00:00Z", "2", "1100");
    judge(f, "2026-03-03T13:00:00Z", "0");
    assert_state(f, 10396, 9896, 9000);
    g_assert_cmpfloat(kw_decimal_to_double(f->state.equity), ==, 10496);
    judge(f, "2026-03-04T13:00:00Z", "0");
    assert_state(f, 10496, 9996, 9000);
}

/* The highest midnight is that of a part whose rest has lost it again. */
static void
test_part_trailing(Fixture *f, gconstpointer data)
{
    f->rules.model = KW_PROP_TRAILING;
    buy(f, "2026-03-02T10:00:00Z", "4", "1000");
    fill(f, KW_SIDE_SELL, "2026-03-02T12:00:00Z", "2", "1251");
    fill(f, KW_SIDE_SELL, "2026-03-03T12:00:00Z", "2", "751");
    judge(f, "2026-03-04T12:00:00Z", "0");
    assert_state(f, 10000, 9500, 9500);
}

/* Days of 23 and 25 hours */
static void
test_clock_change(Fixture *f, gconstpointer data)
{
    judge(f, "2026-03-29T00:30:00Z", "0");
    g_assert_cmpint(f->state.reset_us, ==, at("2026-03-29T22:00:00Z"));
    judge(f, "2026-10-25T12:00:00Z", "0");
    g_assert_cmpint(f->state.reset_us, ==, at("2026-10-25T23:00:00Z"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/risk/prop/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("empty", test_empty);
    ADD("midnight", test_midnight);
    ADD("trailing", test_trailing);
    ADD("open", test_open);
    ADD("part", test_part);
    ADD("part-trailing", test_part_trailing);
    ADD("clock-change", test_clock_change);
#undef ADD
    return g_test_run();
}
