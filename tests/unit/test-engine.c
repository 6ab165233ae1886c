#include "kw-build-data.h"
#include "kw-engine-rig.h"
#include "kw-lab-rig.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#define HOUR KW_ENGINE_RIG_HOUR_US
#define T0 (KW_TEST_T0_US - KW_TEST_T0_US % HOUR)
#define N_ROWS 20
#define MAX_TRADES 64

static const gdouble flat[N_ROWS] = {
    100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
    100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
};

static void
fixture_init(KwEngineRig *rig)
{
    kw_engine_rig_init(rig);
    kw_engine_rig_set_volume_strategy(rig, "");
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "BTC/USDT"), T0, flat, N_ROWS);
}

static KwRunState
get_state(KwEngineRig *rig)
{
    return kw_book_get_state(kw_engine_rig_get_book(rig));
}

/* The desk tells where the account stands by the firm's rules, and nothing where there are
 * none. */
static void
test_prop_rules(void)
{
    KwEngineRig rig;
    KwRiskView risk;

    fixture_init(&rig);
    kw_engine_rig_start(&rig, T0 + HOUR);
    kw_query_get_risk(kw_engine_get_query(rig.engine), &risk);
    g_assert_false(risk.prop.is_set);
    rig.settings.prop =
        (KwPropRules){.initial = {20000, 0}, .daily_ratio = 0.05, .min_days = 4};
    rig.settings.prop_zone = g_strdup("Europe/Prague");
    kw_query_get_risk(kw_engine_get_query(rig.engine), &risk);
    g_assert_true(risk.prop.is_set);
    g_assert_cmpfloat(kw_decimal_to_double(risk.prop.daily_floor), ==, 19000);
    g_assert_cmpint(kw_decimal_sign(risk.prop.total_floor), ==, 0); /* there is no such rule */
    g_assert_cmpint(kw_decimal_sign(risk.prop.target), ==, 0);
    g_assert_cmpuint(risk.prop.min_days, ==, 4);
    kw_engine_rig_clear(&rig);
    g_free(rig.settings.prop_zone);
}

/* -- strategy -- */

static void
test_broken_strategy_leaves_the_chat_up(void)
{
    KwEngineRig rig;
    KwStatusView status;

    fixture_init(&rig);
    kw_engine_rig_set_strategy(&rig, "return { name = 'x', entry = 7 }");
    kw_engine_rig_start(&rig, T0 + HOUR);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
    g_assert_cmpint(get_state(&rig), ==, KW_RUN_STATE_NO_STRATEGY);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_STRATEGY), ==, 1);
    g_assert_cmpuint(kw_engine_rig_last_event(&rig, KW_EVENT_STRATEGY)->count, ==, 0);

    kw_engine_rig_run_to(&rig, T0 + 5 * HOUR);
    g_assert_cmpuint(kw_engine_get_n_candles(rig.engine), ==, 4);
    kw_query_get_status(kw_engine_get_query(rig.engine), &status);
    g_assert_cmpint(status.state, ==, KW_RUN_STATE_NO_STRATEGY);
    g_assert_cmpint(status.data_us, ==, T0 + 5 * HOUR);
    kw_engine_rig_clear(&rig);
}

static void
test_last_good_strategy_takes_over(void)
{
    KwEngineRig rig;
    g_autofree gchar *identity = NULL;

    fixture_init(&rig);
    kw_engine_rig_start(&rig, T0 + HOUR);
    identity = g_strdup(kw_strategy_get_identity(kw_engine_rig_get_book(&rig)->strategy));
    kw_engine_rig_stop(&rig);

    kw_engine_rig_set_strategy(&rig, "return {");
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
    g_assert_cmpint(get_state(&rig), ==, KW_RUN_STATE_RUNNING);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_OLD_STRATEGY), ==, 1);
    g_assert_cmpstr(kw_strategy_get_identity(kw_engine_rig_get_book(&rig)->strategy), ==,
                    identity);
    kw_engine_rig_clear(&rig);
}

static void
test_missing_strategy_file(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    kw_engine_rig_set_strategy(&rig, NULL);
    kw_engine_rig_start(&rig, T0 + HOUR);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
    g_assert_cmpint(get_state(&rig), ==, KW_RUN_STATE_NO_STRATEGY);
    kw_engine_rig_clear(&rig);
}

static void
test_timeframe_must_be_the_feeds(void)
{
    KwEngineRig rig;
    const KwEvent *event;

    fixture_init(&rig);
    kw_engine_rig_set_strategy(&rig,
                               "return { name = 'slow', timeframe = '4h', stoploss = -0.1,"
                               " startup_candles = 0,"
                               " entry = function(c) return above(c.close, 1) end }");
    kw_engine_rig_start(&rig, T0 + HOUR);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
    event = kw_engine_rig_last_event(&rig, KW_EVENT_STRATEGY);
    g_assert_nonnull(strstr(event->text, "4h"));
    g_assert_nonnull(strstr(event->text, "1h"));
    g_assert_cmpint(get_state(&rig), ==, KW_RUN_STATE_NO_STRATEGY);
    kw_engine_rig_clear(&rig);
}

static void
write_meta(KwEngineRig *rig, const gchar *key, const gchar *value)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(rig->from_us);
    g_autoptr(KwStore) store = kw_store_open(rig->root, KW_CLOCK(clock), NULL);
    KwBatch *batch = kw_batch_new();

    kw_batch_add_meta(batch, key, value, 1);
    g_assert_true(kw_test_append(store, batch, NULL));
    kw_store_close(store);
}

/* A strategy that is gone leaves its trades their stop. */
static void
test_stop_holds_without_a_strategy(void)
{
    KwEngineRig rig;
    const KwPortfolio *portfolio;

    fixture_init(&rig);
    g_array_index(rig.candles[0], KwCandle, 3).volume = 1;
    g_array_index(rig.candles[0], KwCandle, 8).low = 80;
    kw_engine_rig_start(&rig, T0 + HOUR);
    kw_engine_rig_run_to(&rig, T0 + 6 * HOUR);
    kw_engine_rig_stop(&rig);

    /* neither the file nor the last good one can be used */
    kw_engine_rig_set_strategy(&rig, "return {");
    write_meta(&rig, "strategy_last_good", "return {");
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
    kw_engine_rig_run_to(&rig, T0 + 10 * HOUR);
    portfolio = kw_engine_rig_get_book(&rig)->portfolio;
    g_assert_cmpint(get_state(&rig), ==, KW_RUN_STATE_NO_STRATEGY);
    g_assert_cmpuint(kw_portfolio_get_n_closed(portfolio), ==, 1);
    g_assert_cmpstr(kw_portfolio_get_closed(portfolio, 0)->exit_reason, ==, "stop_loss");
    kw_engine_rig_clear(&rig);
}

/* -- start and end -- */

static void
test_tells_a_crash_from_an_orderly_end(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    kw_engine_rig_start(&rig, T0 + HOUR);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_STARTED)->text, ==, "");
    kw_engine_rig_run_to(&rig, T0 + 3 * HOUR);
    kw_engine_rig_crash(&rig);
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_STARTED)->text, ==, "crash");
    g_assert_cmpuint(kw_engine_rig_get_book(&rig)->n_crashes, ==, 1);
    kw_engine_rig_stop(&rig);
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_STARTED)->text, ==, "");
    g_assert_cmpuint(kw_engine_rig_get_book(&rig)->n_crashes, ==, 1); /* over all runs */
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_STARTED), ==, 3);
    kw_engine_rig_clear(&rig);
}

static void
test_end_of_data_is_told_once(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    kw_engine_rig_start(&rig, T0 + HOUR);
    kw_engine_rig_run_to(&rig, T0 + (N_ROWS + 5) * HOUR);
    g_assert_true(rig.is_ended);
    g_assert_cmpuint(kw_engine_get_n_candles(rig.engine), ==, N_ROWS - 1);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_END_OF_DATA), ==, 1);
    kw_engine_rig_clear(&rig);
}

static void
test_recorded_capital_wins(void)
{
    KwEngineRig rig;
    KwDecimal capital;

    fixture_init(&rig);
    kw_engine_rig_start(&rig, T0 + HOUR);
    kw_engine_rig_stop(&rig);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_CAPITAL), ==, 0);

    rig.settings.starting_capital = kw_test_decimal("5000");
    kw_engine_rig_start(&rig, 0);
    capital = kw_portfolio_get_starting_capital(kw_engine_rig_get_book(&rig)->portfolio);
    g_assert_cmpint(kw_decimal_cmp(capital, kw_test_decimal("1000")), ==, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_CAPITAL), ==, 1);
    kw_engine_rig_clear(&rig);
}

/* -- the same trades as a backtest -- */

static void
assert_same_trade(const KwTrade *have, const KwTrade *want)
{
    g_assert_cmpstr(have->pair, ==, want->pair);
    g_assert_cmpint(have->open_us, ==, want->open_us);
    g_assert_cmpint(have->close_us, ==, want->close_us);
    g_assert_cmpstr(have->exit_reason, ==, want->exit_reason);
    g_assert_cmpint(kw_decimal_cmp(have->entry_amount, want->entry_amount), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(have->profit_abs, want->profit_abs), ==, 0);
}

/* The candles and settings of the engine, the strategy over the whole history at once */
static void
run_backtest(KwLabRig *lab, const KwEngineRig *rig)
{
    g_autoptr(GError) error = NULL;

    kw_lab_rig_init(lab);
    kw_strategy_free(lab->strategy);
    lab->strategy = kw_strategy_load_file(rig->settings.strategy_path, NULL, &error);
    g_assert_no_error(error);
    lab->options.wallet = rig->settings.starting_capital;
    lab->options.terms = *kw_strategy_get_terms(lab->strategy);
    lab->options.stake = rig->settings.stake;
    lab->options.fee_ratio = rig->settings.fee_ratio;
    for (guint i = 0; i < rig->n_pairs; i++) {
        KwLabPair *pair =
            kw_lab_rig_add_pair(lab, rig->pairs[i].name, rig->pairs[i].price_tick);

        pair->pair = rig->pairs[i];
        for (guint row = 0; row < rig->candles[i]->len; row++) {
            KwLabRow candle = {.candle = g_array_index(rig->candles[i], KwCandle, row)};

            kw_lab_pair_add_row(pair, &candle);
        }
    }
    kw_lab_rig_run(lab);
}

static void
compare_with_backtest(const gchar *strategy, guint n_least)
{
    KwEngineRig rig;
    KwLabRig lab;
    const KwPortfolio *portfolio;
    gint64 start_us;
    guint n;

    kw_engine_rig_init(&rig);
    if (strategy != NULL)
        kw_engine_rig_set_strategy(&rig, strategy);
    kw_engine_rig_add_demo_pairs(&rig);
    for (guint i = 0; i < rig.n_pairs; i++)
        g_array_set_size(rig.candles[i], 2500);
    rig.durability = KW_DURABILITY_GROUP;
    run_backtest(&lab, &rig);
    start_us =
        g_array_index(rig.candles[0], KwCandle, lab.options.terms.startup_candles).open_us;
    kw_engine_rig_start(&rig, start_us + HOUR);
    kw_engine_rig_run_to(&rig, kw_replay_feed_get_last_us(rig.feed) + HOUR);

    portfolio = kw_engine_rig_get_book(&rig)->portfolio;
    n = kw_portfolio_get_n_closed(portfolio);
    g_assert_cmpuint(n, >, n_least);
    /* the backtest closes at the end what the engine leaves open */
    g_assert_cmpuint(n + kw_portfolio_get_n_open(portfolio), ==, kw_lab_rig_get_n_trades(&lab));
    for (guint i = 0; i < n; i++)
        assert_same_trade(kw_portfolio_get_closed(portfolio, i), kw_lab_rig_get_trade(&lab, i));
    kw_lab_rig_clear(&lab);
    kw_engine_rig_clear(&rig);
}

static void
test_same_trades_as_a_backtest(void)
{
    compare_with_backtest(NULL, 40);
}

/* What another pair and longer candles say reaches both in the same row */
static void
test_same_trades_with_other_candles(void)
{
    compare_with_backtest(
        "return { name = 'looks', timeframe = '1h', startup_candles = 150, stoploss = -0.1,\n"
        "  indicators = function(c)\n"
        "    local day, btc = informative('12h'), informative('1h', 'BTC/USDT')\n"
        "    local slow = informative('4h', 'ETH/USDT')\n"
        "    return { trend = ema(day.close, 5), btc = ema(btc.close, 9), eth = "
        "rsi(slow.close, 9),\n"
        "             ahead = above(btc.close, ema(btc.close, 21)) } end,\n"
        "  entry = function(c, i) return crossed_above(c.close, i.trend) & i.ahead end,\n"
        "  exit = function(c, i) return above(i.eth, 60) | below(c.close, i.trend) end }\n",
        20);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_nonnull(kw_data_get_resource());
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_func("/engine/engine/prop-rules", test_prop_rules);
    g_test_add_func("/engine/engine/broken-strategy", test_broken_strategy_leaves_the_chat_up);
    g_test_add_func("/engine/engine/last-good", test_last_good_strategy_takes_over);
    g_test_add_func("/engine/engine/missing-strategy", test_missing_strategy_file);
    g_test_add_func("/engine/engine/timeframe", test_timeframe_must_be_the_feeds);
    g_test_add_func("/engine/engine/stop-without-strategy", test_stop_holds_without_a_strategy);
    g_test_add_func("/engine/engine/crash", test_tells_a_crash_from_an_orderly_end);
    g_test_add_func("/engine/engine/end-of-data", test_end_of_data_is_told_once);
    g_test_add_func("/engine/engine/capital", test_recorded_capital_wins);
    g_test_add_func("/engine/engine/backtest", test_same_trades_as_a_backtest);
    g_test_add_func("/engine/engine/backtest-others", test_same_trades_with_other_candles);
    return g_test_run();
}
