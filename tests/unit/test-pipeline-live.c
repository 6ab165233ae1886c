/* test-pipeline-live.c: while the market goes on, signals act at once and exits do not wait */
#include "kw-engine-rig.h"
#include "kw-store-rows.h"
#include "kw-test.h"
#include "kw-ticker.h"

#include <math.h>

#define HOUR KW_ENGINE_RIG_HOUR_US
#define MINUTE (60 * (gint64) G_USEC_PER_SEC)
#define T0 (KW_TEST_T0_US - KW_TEST_T0_US % HOUR - 2 * HOUR)
#define N_ROWS 30
#define BUY 1.0 /* volumes, see kw_engine_rig_set_volume_strategy() */
#define SELL 2.0

/* A buy signal in row 5; bid 99, ask 101 all the time. */
static void
set_up(KwEngineRig *rig, const gchar *extra, gdouble max_spread_ratio)
{
    gdouble flat[N_ROWS];
    GArray *candles;

    for (guint i = 0; i < N_ROWS; i++)
        flat[i] = 100;
    kw_engine_rig_init(rig);
    rig->is_live = TRUE;
    rig->limits.max_spread_ratio = max_spread_ratio;
    kw_engine_rig_set_volume_strategy(rig, extra);
    candles = kw_engine_rig_add_pair(rig, "BTC/USDT");
    kw_engine_rig_add_rows(candles, T0, flat, N_ROWS);
    g_array_index(candles, KwCandle, 5).volume = BUY;
    g_array_index(candles, KwCandle, 9).volume = SELL;
    kw_engine_rig_start(rig, T0 + HOUR);
}

/* To @until_us, at one quote */
static void
run_to(KwEngineRig *rig, gint64 until_us, gdouble bid, gdouble ask)
{
    rig->quote.bid = bid;
    rig->quote.ask = ask;
    kw_engine_rig_run_to(rig, until_us);
}

static guint
count_open(KwEngineRig *rig)
{
    return kw_portfolio_get_n_open(kw_engine_rig_get_book(rig)->portfolio);
}

static const KwTrade *
get_closed(KwEngineRig *rig)
{
    const KwPortfolio *portfolio = kw_engine_rig_get_book(rig)->portfolio;

    g_assert_cmpuint(kw_portfolio_get_n_closed(portfolio), ==, 1);
    return kw_portfolio_get_closed(portfolio, 0);
}

static void
assert_decimal(KwDecimal have, const gchar *want)
{
    gchar text[KW_DECIMAL_TEXT_SIZE];

    g_test_message("%s, wanted %s", kw_decimal_to_text(have, text), want);
    g_assert_cmpint(kw_decimal_cmp(have, kw_test_decimal(want)), ==, 0);
}

/* In at the ask when the row of the signal closes, out at the bid when the next one does. */
static void
test_acts_at_once(void)
{
    KwEngineRig rig;

    set_up(&rig, "", 0.1);
    run_to(&rig, T0 + 6 * HOUR - MINUTE, 99, 101);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    run_to(&rig, T0 + 6 * HOUR, 99, 101);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    run_to(&rig, T0 + 10 * HOUR, 99, 101);

    g_assert_cmpstr(get_closed(&rig)->exit_reason, ==, "exit_signal");
    g_assert_cmpint(get_closed(&rig)->open_us, ==, T0 + 6 * HOUR);
    g_assert_cmpint(get_closed(&rig)->close_us, ==, T0 + 10 * HOUR);
    assert_decimal(get_closed(&rig)->open_rate, "101");
    assert_decimal(get_closed(&rig)->close_rate, "99");
    kw_engine_rig_clear(&rig);
}

static void
test_stop_between_candles(void)
{
    KwEngineRig rig;

    set_up(&rig, "", 0.1);
    run_to(&rig, T0 + 6 * HOUR + 10 * MINUTE, 99, 101);
    rig.quote.bid = 90; /* the stop is at 90.90 */
    rig.quote.ask = 92;
    kw_engine_rig_run_to(&rig, T0 + 6 * HOUR + 10 * MINUTE + KW_TICKER_INTERVAL_US);

    g_assert_cmpstr(get_closed(&rig)->exit_reason, ==, "stop_loss");
    g_assert_cmpint(get_closed(&rig)->close_us, ==, T0 + 6 * HOUR + 10 * MINUTE);
    assert_decimal(get_closed(&rig)->close_rate,
                   "90"); /* what the market gives, not the stop */
    run_to(&rig, T0 + 9 * HOUR, 99, 101);
    g_assert_cmpuint(count_open(&rig), ==, 0); /* the signal has been acted on */
    kw_engine_rig_clear(&rig);
}

/* F47: stepped back, the wall clock does not keep the exits waiting. */
static void
test_stop_clock_stepped(void)
{
    const gint64 back_us = 2 * MINUTE;
    KwEngineRig rig;

    set_up(&rig, "", 0.1);
    run_to(&rig, T0 + 6 * HOUR + 10 * MINUTE, 99, 101);
    rig.quote.bid = 90;
    rig.quote.ask = 92;
    kw_fake_clock_step(rig.clock, -back_us);
    kw_engine_rig_run_to(&rig, T0 + 6 * HOUR + 10 * MINUTE + KW_TICKER_INTERVAL_US - back_us);
    g_assert_cmpstr(get_closed(&rig)->exit_reason, ==, "stop_loss");
    kw_engine_rig_clear(&rig);
}

static void
test_roi_between_candles(void)
{
    KwEngineRig rig;

    set_up(&rig, "minimal_roi = { [0] = 0.5, [20] = 0.02 },", 0.1);
    run_to(&rig, T0 + 6 * HOUR + 19 * MINUTE, 110, 112);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    run_to(&rig, T0 + 6 * HOUR + 21 * MINUTE, 120, 122);
    g_assert_cmpstr(get_closed(&rig)->exit_reason, ==, "roi");
    assert_decimal(get_closed(&rig)->close_rate, "120");
    kw_engine_rig_clear(&rig);
}

/* Nobody knows what the price is: no entry, and no exit between candles. */
static void
test_no_quote(void)
{
    KwEngineRig rig;

    set_up(&rig, "", 0.1);
    kw_engine_rig_run_to(&rig, T0 + 7 * HOUR);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_ENTRY), ==, 0);
    kw_engine_rig_clear(&rig);

    set_up(&rig, "", 0.1);
    run_to(&rig, T0 + 6 * HOUR, 99, 101);
    rig.quote.bid = rig.quote.ask = NAN;
    kw_engine_rig_run_to(&rig, T0 + 6 * HOUR + 2 * MINUTE);
    g_assert_cmpuint(count_open(&rig), ==, 1);

    /* the exit signal of a closed row does not wait for one */
    kw_engine_rig_run_to(&rig, T0 + 10 * HOUR);
    g_assert_cmpstr(get_closed(&rig)->exit_reason, ==, "exit_signal");
    assert_decimal(get_closed(&rig)->close_rate, "100");
    kw_engine_rig_clear(&rig);
}

static void
test_spread_refuses(void)
{
    KwEngineRig rig;

    set_up(&rig, "", 0.01);
    run_to(&rig, T0 + 7 * HOUR, 99, 101);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_REJECTED)->text, ==, "spread");
    kw_engine_rig_clear(&rig);
}

/* What closed while nothing came through is history. */
static void
test_gap_is_not_traded(void)
{
    KwEngineRig rig;

    set_up(&rig, "", 0.1);
    run_to(&rig, T0 + 5 * HOUR + MINUTE, 99, 101);
    kw_fake_clock_advance_to(rig.clock, T0 + 8 * HOUR + MINUTE); /* nothing is delivered yet */
    run_to(&rig, T0 + 9 * HOUR, 99, 101);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/pipeline-live/acts-at-once", test_acts_at_once);
    g_test_add_func("/engine/pipeline-live/stop-between-candles", test_stop_between_candles);
    g_test_add_func("/engine/pipeline-live/f47/stop", test_stop_clock_stepped);
    g_test_add_func("/engine/pipeline-live/roi-between-candles", test_roi_between_candles);
    g_test_add_func("/engine/pipeline-live/no-quote", test_no_quote);
    g_test_add_func("/engine/pipeline-live/gap-is-not-traded", test_gap_is_not_traded);
    g_test_add_func("/engine/pipeline-live/spread-refuses", test_spread_refuses);
    return g_test_run();
}
