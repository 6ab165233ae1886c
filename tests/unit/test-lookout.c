/* test-lookout.c: candles that stay away are told, once, and so is their return */
#include "kw-engine-rig.h"
#include "kw-test.h"

#define HOUR_US KW_ENGINE_RIG_HOUR_US
#define FIRST_US (G_GINT64_CONSTANT(1709528400) * G_USEC_PER_SEC)
#define N_ROWS 40

/* Rows 10 to @end are missing. */
static void
set_up(KwEngineRig *rig, guint end)
{
    gdouble closes[N_ROWS];
    GArray *candles;

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100;
    kw_engine_rig_init(rig);
    kw_engine_rig_set_volume_strategy(rig, "");
    candles = kw_engine_rig_add_pair(rig, "BTC/USDT");
    kw_engine_rig_add_rows(candles, FIRST_US, closes, N_ROWS);
    g_array_remove_range(candles, 10, end - 10);
    kw_engine_rig_start(rig, FIRST_US);
}

static void
test_short_gap_is_no_news(void)
{
    KwEngineRig rig;

    set_up(&rig, 12); /* two rows; three are allowed */
    kw_engine_rig_run_to(&rig, FIRST_US + 30 * HOUR_US);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DATA), ==, 0);
    kw_engine_rig_clear(&rig);
}

static void
test_away_and_back(void)
{
    const KwEvent *event;
    KwEngineRig rig;

    set_up(&rig, 20);
    kw_engine_rig_run_to(&rig, FIRST_US + 13 * HOUR_US);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DATA), ==, 0);
    kw_engine_rig_run_to(&rig, FIRST_US + 20 * HOUR_US);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DATA), ==, 1);
    event = kw_engine_rig_last_event(&rig, KW_EVENT_DATA);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_BACK), ==, 0);
    g_assert_cmpint(event->time_us, ==, FIRST_US + 13 * HOUR_US + 1);
    kw_engine_rig_run_to(&rig, FIRST_US + 30 * HOUR_US);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DATA), ==, 1);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_BACK), ==, 1);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_BACK)->text, ==, "data");
    kw_engine_rig_clear(&rig);
}

static void
test_end_is_no_alarm(void)
{
    KwEngineRig rig;

    set_up(&rig, 11);
    kw_engine_rig_run_to(&rig, FIRST_US + 60 * HOUR_US);
    g_assert_true(rig.is_ended);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DATA), ==, 0);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_func("/engine/lookout/short-gap", test_short_gap_is_no_news);
    g_test_add_func("/engine/lookout/away-and-back", test_away_and_back);
    g_test_add_func("/engine/lookout/end", test_end_is_no_alarm);
    return g_test_run();
}
