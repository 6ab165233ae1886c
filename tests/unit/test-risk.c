/* test-risk.c: every check passes and refuses; tickets are good for one order */
#include "kw-error.h"
#include "kw-risk.h"
#include "kw-test.h"

#include <math.h>

#define HOUR_US G_GINT64_CONSTANT(3600000000)
#define SECOND_US G_GINT64_CONSTANT(1000000)

typedef struct {
    KwFakeClock *clock;
    KwKillSwitch *kill;
    KwPortfolio *portfolio;
    KwPair pair;
    KwLimits limits;
    KwRiskInput input;
    KwRisk *risk; /* made by the first check */
} Fixture;

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static void
set_up(Fixture *f, gconstpointer user_data)
{
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->kill = kw_kill_switch_new(KW_CLOCK(f->clock));
    f->portfolio = kw_portfolio_new(dec("1000"));
    f->pair =
        (KwPair){.name = "BTC/USDT", .price_tick = dec("0.01"), .amount_tick = dec("0.000001")};
    f->limits = (KwLimits){.max_open_trades = 3,
                           .max_exposure_pair = dec("200"),
                           .max_exposure_total = dec("300"),
                           .min_stake = dec("10"),
                           .max_stake = dec("150"),
                           .max_orders_per_hour = 10,
                           .max_orders_per_minute = 4,
                           .max_losses_in_row = 3,
                           .max_daily_loss_abs = dec("40"),
                           .max_daily_loss_ratio = 0.05,
                           .max_drawdown_ratio = 0.2,
                           .max_data_age_candles = 2.0,
                           .max_price_jump_ratio = 0.5,
                           .max_spread_ratio = 0.01};
    f->input = (KwRiskInput){.now_us = KW_TEST_T0_US,
                             .timeframe_us = HOUR_US,
                             .entries_allowed = TRUE,
                             .data_us = KW_TEST_T0_US,
                             .price = 50000.0,
                             .prev_close = 50010.0,
                             .bid = 49999.0,
                             .ask = 50001.0,
                             .pair = &f->pair,
                             .is_known_pair = TRUE,
                             .portfolio = f->portfolio,
                             .stake = dec("100"),
                             .amount = dec("0.002"),
                             .fee_ratio = 0.004,
                             .max_open_trades = 3,
                             .confidence = NAN,
                             .threshold = 0.6,
                             .has_equity = TRUE,
                             .equity = dec("1000"),
                             .day_start_equity = dec("1000"),
                             .peak_equity = dec("1000")};
}

static void
tear_down(Fixture *f, gconstpointer user_data)
{
    g_clear_object(&f->risk);
    g_clear_object(&f->kill);
    g_clear_object(&f->clock);
    kw_portfolio_unref(f->portfolio);
}

static KwRisk *
get_risk(Fixture *f)
{
    if (f->risk == NULL)
        f->risk = kw_risk_new(&f->limits, f->kill);
    return f->risk;
}

static void
assert_passes(Fixture *f)
{
    KwRiskVerdict verdict;
    g_autoptr(KwTicket) ticket = kw_risk_check_entry(get_risk(f), &f->input, &verdict);

    g_assert_cmpstr(kw_risk_reason_to_string(verdict.reason), ==, "ok");
    g_assert_nonnull(ticket);
    g_assert_cmpstr(verdict.limit_name, ==, "");
}

static KwRiskVerdict
assert_refuses(Fixture *f, KwRiskReason reason, const gchar *limit_name)
{
    KwRiskVerdict verdict;

    g_assert_null(kw_risk_check_entry(get_risk(f), &f->input, &verdict));
    g_assert_cmpstr(kw_risk_reason_to_string(verdict.reason), ==,
                    kw_risk_reason_to_string(reason));
    g_assert_cmpstr(verdict.limit_name, ==, limit_name);
    return verdict;
}

static void
add_trade(Fixture *f, gint64 id, const gchar *pair, const gchar *stake)
{
    KwTrade trade = {.id = id, .state = KW_TRADE_STATE_OPENING, .stake = dec(stake)};

    g_strlcpy(trade.pair, pair, sizeof trade.pair);
    g_assert_nonnull(kw_portfolio_open_trade(f->portfolio, &trade));
}

/* -- names -- */

static void
test_names(Fixture *f, gconstpointer user_data)
{
    KwRiskReason reason = KW_RISK_OK;

    for (KwRiskReason i = KW_RISK_OK; i <= KW_RISK_HELD; i++) {
        g_assert_true(kw_risk_reason_from_string(kw_risk_reason_to_string(i), &reason, NULL));
        g_assert_cmpint(reason, ==, i);
        g_assert_cmpint(kw_risk_reason_is_breach(i), ==,
                        i >= KW_RISK_LOSSES_ROW && i <= KW_RISK_DRAWDOWN);
    }
    g_assert_false(kw_risk_reason_from_string("nonsense", &reason, NULL));
    g_assert_cmpint(reason, ==, KW_RISK_HELD);
}

/* -- the checks, in their order -- */

static void
test_kill_switch(Fixture *f, gconstpointer user_data)
{
    assert_passes(f);
    kw_kill_switch_trip(f->kill, "user");
    assert_refuses(f, KW_RISK_KILL_SWITCH, "kill_switch");
    kw_kill_switch_restore(f->kill, KW_KILL_UNREADABLE, NULL, 0);
    assert_refuses(f, KW_RISK_KILL_UNREADABLE, "kill_unreadable");
    kw_kill_switch_release(f->kill);
    assert_passes(f);
}

static void
test_engine_state(Fixture *f, gconstpointer user_data)
{
    f->input.entries_allowed = FALSE;
    assert_refuses(f, KW_RISK_ENGINE_STATE, "engine_state");
}

static void
test_data_age(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    f->input.data_us = f->input.now_us - 2 * HOUR_US;
    assert_passes(f);
    f->input.data_us = f->input.now_us - 3 * HOUR_US;
    verdict = assert_refuses(f, KW_RISK_DATA_AGE, "limits.max_data_age_candles");
    g_assert_cmpfloat_with_epsilon(verdict.value, 3.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(verdict.limit, 2.0, 1e-9);
    f->input.data_us = 0;
    assert_refuses(f, KW_RISK_DATA_AGE, "limits.max_data_age_candles");
    f->input.data_us = f->input.now_us + 2 * HOUR_US;
    assert_refuses(f, KW_RISK_DATA_AGE, "limits.max_data_age_candles");
}

static void
test_price(Fixture *f, gconstpointer user_data)
{
    static const gdouble rows[] = {0.0, -1.0, NAN, INFINITY};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        f->input.price = rows[i];
        assert_refuses(f, KW_RISK_PRICE_ZERO, "price_zero");
    }
}

static void
test_price_jump(Fixture *f, gconstpointer user_data)
{
    f->input.prev_close = 50000.0 / 1.5;
    f->input.price = 49999.0;
    f->input.bid = NAN;
    assert_passes(f);
    f->input.prev_close = 33000.0;
    assert_refuses(f, KW_RISK_PRICE_JUMP, "limits.max_price_jump_ratio");
    f->input.prev_close = 0.0;
    assert_refuses(f, KW_RISK_PRICE_JUMP, "limits.max_price_jump_ratio");
    f->input.prev_close = NAN;
    assert_passes(f);
}

static void
test_spread(Fixture *f, gconstpointer user_data)
{
    f->input.bid = 49800.0;
    f->input.ask = 50200.0;
    assert_passes(f);
    f->input.bid = 49700.0;
    f->input.ask = 50300.0;
    assert_refuses(f, KW_RISK_SPREAD, "limits.max_spread_ratio");
    f->input.bid = 50001.0;
    f->input.ask = 50000.0;
    assert_refuses(f, KW_RISK_SPREAD, "limits.max_spread_ratio");
    f->input.ask = NAN;
    assert_passes(f);
}

static void
test_depth(Fixture *f, gconstpointer data)
{
    f->input.is_shallow = TRUE;
    assert_refuses(f, KW_RISK_DEPTH, "depth");
}

static void
test_pair(Fixture *f, gconstpointer user_data)
{
    f->input.is_known_pair = FALSE;
    assert_refuses(f, KW_RISK_PAIR_UNKNOWN, "pair_unknown");
    f->input.is_known_pair = TRUE;
    f->input.pair = NULL;
    assert_refuses(f, KW_RISK_PAIR_UNKNOWN, "pair_unknown");
    f->input.pair = &f->pair;

    f->input.locked_until_us = f->input.now_us;
    assert_refuses(f, KW_RISK_PAIR_LOCKED, "pair_locked");
    f->input.locked_until_us = f->input.now_us - 1;
    assert_passes(f);

    f->input.is_busy = TRUE;
    assert_refuses(f, KW_RISK_PAIR_BUSY, "pair_busy");
    f->input.is_busy = FALSE;
    add_trade(f, 1, "ETH/USDT", "50");
    assert_passes(f);
    add_trade(f, 2, "BTC/USDT", "50");
    assert_refuses(f, KW_RISK_PAIR_BUSY, "pair_busy");
}

static void
test_max_open(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    add_trade(f, 1, "ETH/USDT", "10");
    add_trade(f, 2, "ADA/USDT", "10");
    assert_passes(f);
    f->input.max_open_trades = 2; /* tighter than the hard limit */
    verdict = assert_refuses(f, KW_RISK_MAX_OPEN, "kurswart.max_open_trades");
    g_assert_cmpfloat_with_epsilon(verdict.value, 2.0, 0.1);
    f->input.max_open_trades = 0; /* unlimited: the hard limit holds */
    assert_passes(f);
    add_trade(f, 3, "XRP/USDT", "10");
    assert_refuses(f, KW_RISK_MAX_OPEN, "limits.max_open_trades");
    f->input.max_open_trades = 7;
    assert_refuses(f, KW_RISK_MAX_OPEN, "limits.max_open_trades");
}

static void
test_exposure(Fixture *f, gconstpointer user_data)
{
    f->limits.max_exposure_pair = dec("100");
    add_trade(f, 1, "ETH/USDT", "200");
    assert_passes(f); /* both exactly at their limit */
    f->input.stake = dec("100.01");
    assert_refuses(f, KW_RISK_EXPOSURE_PAIR, "limits.max_exposure_pair");

    g_clear_object(&f->risk);
    f->limits.max_exposure_pair = KW_DECIMAL_ZERO;
    assert_refuses(f, KW_RISK_EXPOSURE_TOTAL, "limits.max_exposure_total");
}

/* F14: an order placed by hand uses the limit up like a trade, and no other one. */
static void
test_foreign_exposure(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    add_trade(f, 1, "ETH/USDT", "100");
    f->input.stake = dec("100");
    f->input.foreign_value = dec("100");
    assert_passes(f); /* exactly at the limit */
    f->input.foreign_value = dec("100.01");
    verdict = assert_refuses(f, KW_RISK_EXPOSURE_TOTAL, "limits.max_exposure_total");
    g_assert_cmpfloat_with_epsilon(verdict.value, 300.01, 1e-9);
    f->input.foreign_value = dec("999999999999999999");
    assert_refuses(f, KW_RISK_EXPOSURE_TOTAL, "limits.max_exposure_total");

    g_clear_object(&f->risk);
    f->limits.max_exposure_total = KW_DECIMAL_ZERO;
    assert_passes(f);
}

static void
test_stake(Fixture *f, gconstpointer user_data)
{
    f->input.stake = dec("150");
    f->input.amount = dec("0.003");
    assert_passes(f);
    f->input.stake = dec("150.00000001");
    assert_refuses(f, KW_RISK_STAKE_MAX, "limits.max_stake");
    f->input.stake = dec("10");
    f->input.amount = dec("0.0002");
    assert_passes(f);
    f->input.stake = dec("9.99");
    f->input.amount = dec("0.0001998");
    assert_refuses(f, KW_RISK_STAKE_MIN, "limits.min_stake");
}

/* 5000 % of the capital, nothing, less than nothing; also hidden behind a small stake. */
static void
test_absurd_size(Fixture *f, gconstpointer user_data)
{
    f->input.stake = dec("50000");
    f->input.amount = dec("1");
    assert_refuses(f, KW_RISK_EXPOSURE_PAIR, "limits.max_exposure_pair");
    f->input.stake = dec("100");
    assert_refuses(f, KW_RISK_EXPOSURE_PAIR, "limits.max_exposure_pair");
    f->input.amount = dec("99999999999");
    assert_refuses(f, KW_RISK_STAKE_MIN, "limits.min_stake"); /* no number of money */
    f->input.amount = dec("-0.002");
    assert_refuses(f, KW_RISK_STAKE_MIN, "limits.min_stake");
    f->input.amount = dec("0.002");
    f->input.stake = dec("-100");
    assert_refuses(f, KW_RISK_STAKE_MIN, "limits.min_stake");
    f->input.stake = f->input.amount = KW_DECIMAL_ZERO;
    assert_refuses(f, KW_RISK_STAKE_MIN, "limits.min_stake");

    /* without any limit of size the cash is the last gate */
    g_clear_object(&f->risk);
    f->limits.max_exposure_pair = f->limits.max_exposure_total = KW_DECIMAL_ZERO;
    f->limits.max_stake = KW_DECIMAL_ZERO;
    f->input.stake = dec("50000");
    f->input.amount = dec("1");
    assert_refuses(f, KW_RISK_CASH, "cash");
}

static void
test_cash(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    f->limits.max_exposure_total = KW_DECIMAL_ZERO;
    add_trade(f, 1, "ETH/USDT", "899.6");
    assert_passes(f); /* 100 and a fee of 0.40: exactly */
    g_assert_true(kw_portfolio_add_capital(f->portfolio, dec("-0.01"), NULL));
    verdict = assert_refuses(f, KW_RISK_CASH, "cash");
    g_assert_cmpfloat_with_epsilon(verdict.value, 100.4, 1e-9);
    g_assert_cmpfloat_with_epsilon(verdict.limit, 100.39, 1e-9);
}

static void
test_rates(Fixture *f, gconstpointer user_data)
{
    KwRisk *risk = get_risk(f);
    KwRiskVerdict verdict;

    for (guint i = 0; i < 3; i++)
        kw_risk_note_order(risk, f->input.now_us - i * SECOND_US);
    assert_passes(f);
    kw_risk_note_order(risk, f->input.now_us);
    verdict = assert_refuses(f, KW_RISK_ORDERS_MINUTE, "limits.max_orders_per_minute");
    g_assert_cmpfloat_with_epsilon(verdict.value, 4.0, 0.1);

    f->input.now_us += 61 * SECOND_US;
    assert_passes(f);
    for (guint i = 0; i < 6; i++)
        kw_risk_note_order(risk, f->input.now_us - 61 * SECOND_US);
    g_assert_cmpuint(kw_risk_get_orders_last_hour(risk, f->input.now_us), ==, 10);
    assert_refuses(f, KW_RISK_ORDERS_HOUR, "limits.max_orders_per_hour");
    f->input.now_us += HOUR_US;
    assert_passes(f);
    g_assert_cmpuint(kw_risk_get_orders_last_hour(risk, f->input.now_us), ==, 0);
}

/* 60 signals in a minute: as many leave as the limit says, the rest is refused. */
static void
test_sixty_signals(Fixture *f, gconstpointer user_data)
{
    guint n_left = 0, n_refused = 0;

    for (guint i = 0; i < 60; i++) {
        KwRiskVerdict verdict;
        g_autoptr(KwTicket) ticket = NULL;

        f->input.now_us += SECOND_US;
        ticket = kw_risk_check_entry(get_risk(f), &f->input, &verdict);
        if (ticket == NULL) {
            g_assert_cmpint(verdict.reason, ==, KW_RISK_ORDERS_MINUTE);
            n_refused++;
        } else {
            kw_risk_note_order(get_risk(f), f->input.now_us);
            n_left++;
        }
    }
    g_assert_cmpuint(n_left, ==, 4);
    g_assert_cmpuint(n_refused, ==, 56);
}

static void
test_losses_in_row(Fixture *f, gconstpointer user_data)
{
    KwRisk *risk = get_risk(f);

    kw_risk_note_closed(risk, dec("-1"));
    kw_risk_note_closed(risk, dec("0"));
    assert_passes(f);
    kw_risk_note_closed(risk, dec("-0.00000001"));
    g_assert_cmpuint(kw_risk_get_losses_in_row(risk), ==, 3);
    assert_refuses(f, KW_RISK_LOSSES_ROW, "limits.max_losses_in_row");
    kw_risk_reset_losses(risk);
    assert_passes(f);
    kw_risk_note_closed(risk, dec("-1"));
    kw_risk_note_closed(risk, dec("0.01"));
    g_assert_cmpuint(kw_risk_get_losses_in_row(risk), ==, 0);
}

/* One cent before the limit, exactly at it, one cent beyond. */
static void
test_daily_loss_at_the_cent(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    f->input.equity = dec("960.01");
    assert_passes(f);
    f->input.equity = dec("960.00");
    verdict = assert_refuses(f, KW_RISK_DAILY_LOSS_ABS, "limits.max_daily_loss_abs");
    g_assert_cmpfloat_with_epsilon(verdict.value, 40.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(verdict.limit, 40.0, 1e-9);
    f->input.equity = dec("959.99");
    assert_refuses(f, KW_RISK_DAILY_LOSS_ABS, "limits.max_daily_loss_abs");
}

/* The tighter of the two daily limits is the one that is named. */
static void
test_daily_loss_tightest(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    f->limits.max_daily_loss_abs = dec("60");
    f->input.equity = dec("950.01");
    assert_passes(f);
    f->input.equity = dec("950");
    verdict = assert_refuses(f, KW_RISK_DAILY_LOSS_RATIO, "limits.max_daily_loss_ratio");
    g_assert_cmpfloat_with_epsilon(verdict.value, 0.05, 1e-12);
    f->input.equity = dec("900"); /* both are hit */
    assert_refuses(f, KW_RISK_DAILY_LOSS_RATIO, "limits.max_daily_loss_ratio");

    g_clear_object(&f->risk);
    f->limits.max_daily_loss_ratio = 0.0;
    assert_refuses(f, KW_RISK_DAILY_LOSS_ABS, "limits.max_daily_loss_abs");
    g_clear_object(&f->risk);
    f->limits.max_daily_loss_abs = KW_DECIMAL_ZERO;
    assert_passes(f);
}

static void
test_daily_loss_without_reference(Fixture *f, gconstpointer user_data)
{
    f->input.day_start_equity = KW_DECIMAL_ZERO;
    g_assert_cmpint(assert_refuses(f, KW_RISK_DAILY_LOSS_RATIO, "max_daily_loss_ratio").reason,
                    ==, KW_RISK_DAILY_LOSS_RATIO);
}

static void
test_drawdown(Fixture *f, gconstpointer user_data)
{
    f->limits.max_daily_loss_abs = KW_DECIMAL_ZERO;
    f->limits.max_daily_loss_ratio = 0.0;
    f->input.peak_equity = dec("1100");
    f->input.equity = dec("880.01");
    assert_passes(f);
    f->input.equity = dec("880");
    assert_refuses(f, KW_RISK_DRAWDOWN, "limits.max_drawdown_ratio");
}

/* A price is missing: no entry; the day is judged on the last known equity minus what the stops
 * allow to be lost. */
static void
test_equity_unknown(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    f->input.has_equity = FALSE;
    f->input.equity = dec("990");
    f->input.worst_open_loss = dec("29.99");
    assert_refuses(f, KW_RISK_EQUITY_UNKNOWN, "equity_unknown");
    g_assert_cmpint(kw_risk_judge(get_risk(f), &f->input, &verdict), ==, KW_RISK_OK);
    f->input.worst_open_loss = dec("30");
    assert_refuses(f, KW_RISK_DAILY_LOSS_ABS, "limits.max_daily_loss_abs");
    g_assert_cmpint(kw_risk_judge(get_risk(f), &f->input, &verdict), ==,
                    KW_RISK_DAILY_LOSS_ABS);
}

/* Published example, scaled: closed +40 and floating -130 on 2,000 with a daily limit of 100.
 * Before midnight the loss is 90; at midnight the reference rises to the balance of 2,040. */
static void
test_loss_over_midnight(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    f->limits.max_daily_loss_abs = dec("100");
    f->limits.max_daily_loss_ratio = 0.0;
    f->input.day_start_equity = dec("2000");
    f->input.peak_equity = dec("2040");
    f->input.equity = dec("1910");
    g_assert_cmpint(kw_risk_judge(get_risk(f), &f->input, &verdict), ==, KW_RISK_OK);
    f->input.day_start_equity = dec("2040");
    g_assert_cmpint(kw_risk_judge(get_risk(f), &f->input, &verdict), ==,
                    KW_RISK_DAILY_LOSS_ABS);
    g_assert_cmpfloat_with_epsilon(verdict.value, 130.0, 1e-9);
}

/* A start with limits that were tightened below the present drawdown. */
static void
test_judge_ignores_the_order(Fixture *f, gconstpointer user_data)
{
    KwRiskVerdict verdict;

    f->input.pair = NULL;
    f->input.price = NAN;
    f->input.stake = f->input.amount = KW_DECIMAL_ZERO;
    g_assert_cmpint(kw_risk_judge(get_risk(f), &f->input, &verdict), ==, KW_RISK_OK);
    f->input.peak_equity = dec("1300");
    g_assert_cmpint(kw_risk_judge(get_risk(f), &f->input, &verdict), ==, KW_RISK_DRAWDOWN);
    g_assert_cmpstr(verdict.limit_name, ==, "limits.max_drawdown_ratio");
}

static void
test_confidence(Fixture *f, gconstpointer user_data)
{
    f->input.confidence = 0.6;
    assert_passes(f);
    f->input.confidence = 0.59;
    assert_refuses(f, KW_RISK_CONFIDENCE, "kurswart.threshold");
    f->input.confidence = 1.01;
    assert_refuses(f, KW_RISK_CONFIDENCE, "kurswart.threshold");
}

/* Everything is wrong at once; mended one by one, the answers come in the order of the enum. */
static void
test_order_of_checks(Fixture *f, gconstpointer user_data)
{
    KwRiskInput good = f->input;

    f->limits.min_stake = KW_DECIMAL_ZERO;
    kw_kill_switch_trip(f->kill, "user");
    f->input.entries_allowed = FALSE;
    f->input.data_us = 0;
    f->input.price = 0.0;
    f->input.is_known_pair = FALSE;
    f->input.locked_until_us = KW_LOCK_FOREVER;
    f->input.is_busy = TRUE;
    f->input.stake = dec("160");
    f->input.equity = dec("100");
    f->input.confidence = 0.0;
    assert_refuses(f, KW_RISK_KILL_SWITCH, "kill_switch");
    kw_kill_switch_release(f->kill);
    assert_refuses(f, KW_RISK_ENGINE_STATE, "engine_state");
    f->input.entries_allowed = TRUE;
    assert_refuses(f, KW_RISK_DATA_AGE, "limits.max_data_age_candles");
    f->input.data_us = good.data_us;
    assert_refuses(f, KW_RISK_PRICE_ZERO, "price_zero");
    f->input.price = good.price;
    assert_refuses(f, KW_RISK_PAIR_UNKNOWN, "pair_unknown");
    f->input.is_known_pair = TRUE;
    assert_refuses(f, KW_RISK_PAIR_LOCKED, "pair_locked");
    f->input.locked_until_us = 0;
    assert_refuses(f, KW_RISK_PAIR_BUSY, "pair_busy");
    f->input.is_busy = FALSE;
    assert_refuses(f, KW_RISK_STAKE_MAX, "limits.max_stake");
    f->input.stake = good.stake;
    assert_refuses(f, KW_RISK_DAILY_LOSS_ABS, "limits.max_daily_loss_abs");
    f->input.equity = good.equity;
    assert_refuses(f, KW_RISK_CONFIDENCE, "kurswart.threshold");
    f->input.confidence = NAN;
    assert_passes(f);
}

/* -- exits -- */

static KwTicket *
check_exit(Fixture *f, const gchar *held, KwRiskReason expected)
{
    KwRiskVerdict verdict;
    KwTicket *ticket = kw_risk_check_exit(get_risk(f), &f->input, dec(held), &verdict);

    g_assert_cmpstr(kw_risk_reason_to_string(verdict.reason), ==,
                    kw_risk_reason_to_string(expected));
    g_assert_cmpint(ticket != NULL, ==, expected == KW_RISK_OK);
    return ticket;
}

/* Nothing that stops an entry stops an exit. */
static void
test_exit_always(Fixture *f, gconstpointer user_data)
{
    g_autoptr(KwTicket) ticket = NULL;

    kw_kill_switch_trip(f->kill, "user");
    f->input.entries_allowed = FALSE;
    f->input.is_busy = TRUE;
    f->input.is_known_pair = FALSE;
    f->input.locked_until_us = KW_LOCK_FOREVER;
    f->input.has_equity = FALSE;
    f->input.equity = KW_DECIMAL_ZERO;
    f->input.data_us = 0;
    f->input.portfolio = NULL;
    ticket = check_exit(f, "0.002", KW_RISK_OK);
}

static void
test_exit_refuses(Fixture *f, gconstpointer user_data)
{
    check_exit(f, "0.001999", KW_RISK_HELD);
    f->input.amount = KW_DECIMAL_ZERO;
    check_exit(f, "0.002", KW_RISK_HELD);
    f->input.amount = dec("0.002");
    f->input.price = 0.0;
    check_exit(f, "0.002", KW_RISK_PRICE_ZERO);
}

/* Entries cannot use up the rate that exits need. */
static void
test_exit_rate(Fixture *f, gconstpointer user_data)
{
    KwTicket *ticket;

    for (guint i = 0; i < 4; i++)
        kw_risk_note_order(get_risk(f), f->input.now_us);
    assert_refuses(f, KW_RISK_ORDERS_MINUTE, "limits.max_orders_per_minute");
    for (guint i = 0; i < 4; i++) {
        ticket = check_exit(f, "1", KW_RISK_OK);
        kw_ticket_free(ticket);
        kw_risk_note_order(get_risk(f), f->input.now_us);
    }
    check_exit(f, "1", KW_RISK_ORDERS_MINUTE);
}

/* -- tickets -- */

static KwOrder
make_order(KwSide side)
{
    return (KwOrder){.pair = "BTC/USDT",
                     .side = side,
                     .price = dec("50000.00"),
                     .amount = dec("0.002"),
                     .state = KW_ORDER_STATE_INTENT};
}

static KwTicket *
get_ticket(Fixture *f)
{
    KwRiskVerdict verdict;
    KwTicket *ticket = kw_risk_check_entry(get_risk(f), &f->input, &verdict);

    g_assert_nonnull(ticket);
    return ticket;
}

static void
assert_useless(KwTicket *ticket, const KwOrder *order, gint64 now_us)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_ticket_use(ticket, order, now_us, &error));
    g_assert_error(error, KW_RISK_ERROR, KW_RISK_ERROR_TICKET);
}

static void
test_ticket_once(Fixture *f, gconstpointer user_data)
{
    g_autoptr(KwTicket) ticket = get_ticket(f);
    KwOrder order = make_order(KW_SIDE_BUY);

    g_assert_true(kw_ticket_use(ticket, &order, f->input.now_us, NULL));
    assert_useless(ticket, &order, f->input.now_us);
}

static void
test_ticket_for_its_order(Fixture *f, gconstpointer user_data)
{
    enum { PAIR, SIDE, AMOUNT, NEGATIVE, PRICE, LATE, KILLED, N_CASES };

    for (guint i = 0; i < N_CASES; i++) {
        g_autoptr(KwTicket) ticket = get_ticket(f);
        KwOrder order = make_order(i == SIDE ? KW_SIDE_SELL : KW_SIDE_BUY);
        gint64 now_us = f->input.now_us;

        g_test_message("case %u", i);
        if (i == PAIR)
            g_strlcpy(order.pair, "ETH/USDT", sizeof order.pair);
        if (i == AMOUNT)
            order.amount = dec("0.002001");
        if (i == NEGATIVE)
            order.amount = dec("-0.001");
        if (i == PRICE)
            order.price = dec("50000.01");
        if (i == LATE)
            now_us += 6 * SECOND_US;
        if (i == KILLED)
            kw_kill_switch_trip(f->kill, "user");
        assert_useless(ticket, &order, now_us);
        kw_kill_switch_release(f->kill);
        /* the attempt used it up */
        order = make_order(KW_SIDE_BUY);
        assert_useless(ticket, &order, f->input.now_us);
    }
}

static void
test_ticket_smaller_order(Fixture *f, gconstpointer user_data)
{
    g_autoptr(KwTicket) ticket = get_ticket(f);
    KwOrder order = make_order(KW_SIDE_BUY);

    order.amount = dec("0.001");
    order.price = dec("49000");
    g_assert_true(kw_ticket_use(ticket, &order, f->input.now_us + 5 * SECOND_US, NULL));
}

static void
test_exit_ticket_outlives_kill(Fixture *f, gconstpointer user_data)
{
    g_autoptr(KwTicket) ticket = check_exit(f, "0.002", KW_RISK_OK);
    KwOrder order = make_order(KW_SIDE_SELL);

    kw_kill_switch_trip(f->kill, "user");
    order.price = dec("99999");
    g_assert_true(kw_ticket_use(ticket, &order, f->input.now_us, NULL));
}

static void
add(const gchar *path, void (*test)(Fixture *f, gconstpointer user_data))
{
    g_autofree gchar *full = g_strconcat("/risk/risk/", path, NULL);

    g_test_add(full, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("names", test_names);
    add("kill-switch", test_kill_switch);
    add("engine-state", test_engine_state);
    add("data-age", test_data_age);
    add("price", test_price);
    add("price-jump", test_price_jump);
    add("spread", test_spread);
    add("depth", test_depth);
    add("pair", test_pair);
    add("max-open", test_max_open);
    add("exposure", test_exposure);
    add("f14-foreign-exposure", test_foreign_exposure);
    add("stake", test_stake);
    add("absurd-size", test_absurd_size);
    add("cash", test_cash);
    add("rates", test_rates);
    add("sixty-signals", test_sixty_signals);
    add("losses-in-row", test_losses_in_row);
    add("daily-loss-at-the-cent", test_daily_loss_at_the_cent);
    add("daily-loss-tightest", test_daily_loss_tightest);
    add("daily-loss-without-reference", test_daily_loss_without_reference);
    add("drawdown", test_drawdown);
    add("equity-unknown", test_equity_unknown);
    add("loss-over-midnight", test_loss_over_midnight);
    add("judge-ignores-the-order", test_judge_ignores_the_order);
    add("confidence", test_confidence);
    add("order-of-checks", test_order_of_checks);
    add("exit-always", test_exit_always);
    add("exit-refuses", test_exit_refuses);
    add("exit-rate", test_exit_rate);
    add("ticket-once", test_ticket_once);
    add("ticket-for-its-order", test_ticket_for_its_order);
    add("ticket-smaller-order", test_ticket_smaller_order);
    add("exit-ticket-outlives-kill", test_exit_ticket_outlives_kill);
    return g_test_run();
}
