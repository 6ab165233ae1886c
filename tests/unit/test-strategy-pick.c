/* test-strategy-pick.c: what is traded with when the file is broken in one way or another */
#include "kw-engine-rig.h"
#include "kw-test.h"

#include <string.h>

#define FIRST_US (G_GINT64_CONSTANT(1709528400) * G_USEC_PER_SEC)
#define N_ROWS 30

static const gchar good[] =
    "return { name = 'good', timeframe = '1h', startup_candles = 0, stoploss = -0.10,"
    " entry = function(c) return eq(c.volume, 1) end,"
    " exit = function(c) return eq(c.volume, 2) end }";

static void
set_up(KwEngineRig *rig, const gchar *text)
{
    gdouble closes[N_ROWS];

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100;
    kw_engine_rig_init(rig);
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "BTC/USDT"), FIRST_US, closes, N_ROWS);
    kw_engine_rig_set_strategy(rig, text);
}

static const gchar *const broken[] = {
    NULL, /* no file */
    "return {",
    "return { name = 'b', timeframe = '5m', startup_candles = 0, stoploss = -0.1,"
    " entry = function(c) return eq(c.volume, 1) end }",
    "return { name = 'b', timeframe = '1h', startup_candles = 0, stoploss = -0.1,"
    " entry = function(c) return eq(c.nothing, 1) end }",
    "return { name = 'b', timeframe = '1h', startup_candles = 0, stoploss = -0.1,"
    " entry = function(c) while true do end end }",
    "return { name = 'b', timeframe = '1h', startup_candles = 0, stoploss = -0.1,"
    " entry = function(c) return 7 end }",
};

/* Without a version of before: none, and entries are off. */
static void
test_none(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        const KwEvent *event;
        KwEngineRig rig;

        g_test_message("%s", broken[i]);
        set_up(&rig, broken[i]);
        kw_engine_rig_start(&rig, FIRST_US);
        g_assert_null(kw_engine_rig_get_book(&rig)->strategy);
        event = kw_engine_rig_last_event(&rig, KW_EVENT_STRATEGY);
        g_assert_nonnull(event);
        kw_engine_rig_clear(&rig);
    }
}

/* The version that worked before goes on, and is still the one after another start. */
static void
test_last_good(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        KwEngineRig rig;

        g_test_message("%s", broken[i]);
        set_up(&rig, good);
        kw_engine_rig_start(&rig, FIRST_US);
        g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_STRATEGY), ==, 0);
        kw_engine_rig_run_to(&rig, FIRST_US + 3 * KW_ENGINE_RIG_HOUR_US);
        for (guint start = 1; start <= 2; start++) {
            kw_engine_rig_stop(&rig);
            kw_engine_rig_set_strategy(&rig, broken[i]);
            kw_engine_rig_start(&rig, 0);
            g_assert_nonnull(kw_engine_rig_get_book(&rig)->strategy);
            g_assert_cmpstr(kw_strategy_get_name(kw_engine_rig_get_book(&rig)->strategy), ==,
                            "good");
            g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_OLD_STRATEGY), ==,
                             start);
            g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_STRATEGY), ==, 0);
        }
        kw_engine_rig_clear(&rig);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/engine/strategy-pick/none", test_none);
    g_test_add_func("/engine/strategy-pick/last-good", test_last_good);
    return g_test_run();
}
