/* test-past.c: what the ledger tells is what the bot told */
#include "kw-engine-rig.h"
#include "kw-error.h"
#include "kw-past.h"

#define DAY_US G_TIME_SPAN_DAY

static KwPast *
open_past(KwEngineRig *rig, KwStoreState *state, GArray *config)
{
    const KwLimits limits = {0};
    g_autoptr(GError) error = NULL;
    KwPastParts parts = {.root = rig->root,
                         .settings = &rig->settings,
                         .limits = &limits,
                         .state = state,
                         .clock = KW_CLOCK(rig->clock),
                         .feed = KW_FEED(rig->feed),
                         .config = config};
    KwPast *past;

    g_assert_true(kw_store_read(rig->root, KW_MODE_DRYRUN,
                                kw_clock_now_us(KW_CLOCK(rig->clock)), state, &error));
    g_assert_no_error(error);
    past = kw_past_new(&parts, &error);
    g_assert_no_error(error);
    return past;
}

static void
compare(KwQuery *bot, KwQuery *past, KwPeriod period)
{
    KwProfitView profit[2];
    KwStatsView stats[2];
    KwFeesView fees[2];

    kw_query_get_profit(bot, period, NULL, &profit[0]);
    kw_query_get_profit(past, period, NULL, &profit[1]);
    g_assert_cmpint(kw_decimal_cmp(profit[0].realised, profit[1].realised), ==, 0);
    g_assert_cmpuint(profit[0].n_trades, ==, profit[1].n_trades);
    g_assert_cmpuint(profit[0].wins, ==, profit[1].wins);
    g_assert_cmpfloat_with_epsilon(profit[0].ratio, profit[1].ratio, 1e-12);
    kw_query_get_stats(bot, period, NULL, &stats[0]);
    kw_query_get_stats(past, period, NULL, &stats[1]);
    g_assert_cmpuint(stats[0].n, ==, stats[1].n);
    g_assert_cmpint(stats[0].mean_duration_us, ==, stats[1].mean_duration_us);
    kw_query_get_fees(bot, period, &fees[0]);
    kw_query_get_fees(past, period, &fees[1]);
    g_assert_cmpint(kw_decimal_cmp(fees[0].sum, fees[1].sum), ==, 0);
}

/* Beside the running engine, which holds the ledger open */
static void
test_past_is_what_was_told(void)
{
    g_autoptr(GArray) config = g_array_new(FALSE, TRUE, sizeof(KwConfigView));
    g_auto(KwStoreState) state = {0};
    g_autoptr(KwPast) past = NULL;
    KwEngineRig rig;
    KwDrawdownView drawdown[2];
    KwProfitView profit;
    KwQuery *bot;
    gint64 from_us;

    kw_engine_rig_init(&rig);
    kw_engine_rig_add_demo_pairs(&rig);
    from_us = G_GINT64_CONSTANT(1705878000) * G_USEC_PER_SEC; /* 2024-01-22 00:00 in Vienna */
    kw_engine_rig_start(&rig, from_us);
    kw_engine_rig_run_to(&rig, from_us + 12 * DAY_US + 5 * KW_ENGINE_RIG_HOUR_US);
    bot = kw_engine_get_query(rig.engine);
    kw_query_get_profit(bot, KW_PERIOD_ALL, NULL, &profit);
    g_assert_cmpuint(profit.n_trades, >, 5);

    past = open_past(&rig, &state, config);
    compare(bot, kw_past_get_query(past), KW_PERIOD_ALL);
    compare(bot, kw_past_get_query(past),
            (KwPeriod){from_us + 2 * DAY_US, from_us + 5 * DAY_US});
    kw_query_get_drawdown(bot, KW_PERIOD_ALL, &drawdown[0]);
    kw_query_get_drawdown(kw_past_get_query(past), KW_PERIOD_ALL, &drawdown[1]);
    g_assert_cmpfloat(drawdown[0].max_ratio, >, 0);
    g_assert_cmpfloat_with_epsilon(drawdown[0].max_ratio, drawdown[1].max_ratio, 0.01);
    g_assert_cmpint(kw_past_get_row_us(&state), >, from_us + 10 * DAY_US);
    kw_engine_rig_clear(&rig);
}

/* A ledger that does not add up is told, not shown. */
static void
test_past_refuses_a_wrong_sum(void)
{
    g_autoptr(GArray) config = g_array_new(FALSE, TRUE, sizeof(KwConfigView));
    g_auto(KwStoreState) state = {0};
    g_autoptr(GError) error = NULL;
    const KwLimits limits = {0};
    gint64 from_us = G_GINT64_CONSTANT(1705878000) * G_USEC_PER_SEC;
    KwEngineRig rig;
    KwPastParts parts;

    kw_engine_rig_init(&rig);
    kw_engine_rig_add_demo_pairs(&rig);
    kw_engine_rig_start(&rig, from_us);
    kw_engine_rig_run_to(&rig, from_us + 4 * DAY_US);
    g_assert_true(kw_store_read(rig.root, KW_MODE_DRYRUN, kw_clock_now_us(KW_CLOCK(rig.clock)),
                                &state, NULL));
    g_assert_true(kw_decimal_add(state.cash, kw_decimal_from_int(1), &state.cash, NULL));
    parts =
        (KwPastParts){rig.root,          &rig.settings, &limits, &state, KW_CLOCK(rig.clock),
                      KW_FEED(rig.feed), config};
    g_assert_null(kw_past_new(&parts, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/past/is-what-was-told", test_past_is_what_was_told);
    g_test_add_func("/past/refuses-a-wrong-sum", test_past_refuses_a_wrong_sum);
    return g_test_run();
}
