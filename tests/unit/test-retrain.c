/* A model in use whose training is due: told once a day, also over a restart */
#include "kw-engine-rig.h"
#include "kw-model-rig.h"
#include "kw-model-shelf.h"
#include "kw-test.h"

#define HOUR KW_ENGINE_RIG_HOUR_US
#define DAY_US (24 * HOUR)
#define MONDAY_US G_GINT64_CONSTANT(1773014400000000) /* 2026-03-09, midnight UTC */
#define N_ROWS 120
#define WAIT_US (10 * G_USEC_PER_SEC)

static const gchar strategy[] =
    "return { name = 'm', timeframe = '1h', startup_candles = 0, stoploss = -0.5,"
    " entry = function(c) return above(model('boost').prediction, 1) end,"
    " exit = function(c) return below(model('boost').prediction, -1) end }";

static void
set_up(KwEngineRig *rig, gconstpointer data)
{
    const gint64 *created_us = data;
    gdouble closes[N_ROWS];
    g_auto(KwModelRig) model = {0};
    g_autoptr(KwRegistry) registry = NULL;
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100 + i % 3;
    kw_engine_rig_init(rig);
    kw_engine_rig_set_strategy(rig, strategy);
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "BTC/USDT"), MONDAY_US, closes, N_ROWS);
    registry = kw_registry_new(rig->root, "boost");
    kw_model_rig_init(&model, -0.1, -0.1);
    model.facts.created_us = *created_us;
    (void) kw_registry_promote(registry, kw_model_rig_add(&model, registry), KW_PROMOTE_GATED,
                               0, &error);
    g_assert_no_error(error);
    rig->settings.models = kw_model_shelf_new(rig->root);
    kw_engine_rig_start(rig, MONDAY_US + 20 * HOUR);
}

static void
tear_down(KwEngineRig *rig, gconstpointer data)
{
    KwModelShelf *models = rig->settings.models;

    kw_engine_rig_clear(rig);
    kw_model_shelf_unref(models);
}

/* The look goes on in a thread: waits for what it tells, at most @wait_us. */
static guint
count_after(KwEngineRig *rig, guint wanted, gint64 wait_us)
{
    gint64 end_us = kw_stopwatch_us() + wait_us;

    while (kw_engine_rig_count_events(rig, KW_EVENT_RETRAIN) < wanted &&
           kw_stopwatch_us() < end_us)
        (void) g_main_context_iteration(NULL, FALSE);
    return kw_engine_rig_count_events(rig, KW_EVENT_RETRAIN);
}

static void
test_told_once(KwEngineRig *rig, gconstpointer data)
{
    const KwEvent *event;

    kw_engine_rig_run_to(rig, MONDAY_US + 26 * HOUR);
    g_assert_cmpuint(count_after(rig, 1, 0), ==, 0); /* before half past three */
    kw_engine_rig_run_to(rig, MONDAY_US + 28 * HOUR);
    g_assert_cmpuint(count_after(rig, 1, WAIT_US), ==, 1);
    event = kw_engine_rig_last_event(rig, KW_EVENT_RETRAIN);
    g_assert_cmpstr(event->trade.model, ==, "boost v1.0.0");
    g_assert_cmpstr(event->text, ==, "weekly");
    g_assert_cmpfloat(event->value, ==, 10);
    g_assert_cmpstr(event->key, ==, "retrain:boost v1.0.0:2026-03-10");

    /* half past three of the same day comes again: the mark in the store tells */
    kw_engine_rig_stop(rig);
    rig->now_us = MONDAY_US + 26 * HOUR;
    kw_engine_rig_start(rig, 0);
    rig->now_us = 0;
    kw_engine_rig_run_to(rig, MONDAY_US + 28 * HOUR);
    g_assert_cmpuint(count_after(rig, 2, G_USEC_PER_SEC / 2), ==, 1);
    kw_engine_rig_run_to(rig, MONDAY_US + 40 * HOUR);
    kw_engine_rig_run_to(rig, MONDAY_US + 52 * HOUR);
    g_assert_cmpuint(count_after(rig, 2, WAIT_US), ==, 2);
}

/* A version that was trained on candles up to yesterday and is not in use: a week of silence */
static void
test_tried(KwEngineRig *rig, gconstpointer data)
{
    g_autoptr(KwRegistry) registry = kw_registry_new(rig->root, "boost");
    g_auto(KwModelRig) model = {0};

    kw_model_rig_init(&model, -0.1, -0.1);
    model.facts.horizon_us = 8 * DAY_US; /* labels of the last eight days look beyond now */
    model.facts.data_end_us = MONDAY_US - 8 * DAY_US;
    (void) kw_model_rig_add(&model, registry);
    kw_engine_rig_run_to(rig, MONDAY_US + 28 * HOUR);
    g_assert_cmpuint(count_after(rig, 1, G_USEC_PER_SEC / 2), ==, 0);

    /* but one of long ago is no reason to wait */
    model.facts.data_end_us = MONDAY_US - 16 * DAY_US;
    (void) kw_model_rig_add(&model, registry);
    kw_engine_rig_run_to(rig, MONDAY_US + 52 * HOUR);
    g_assert_cmpuint(count_after(rig, 1, WAIT_US), ==, 1);
}

static void
test_calm(KwEngineRig *rig, gconstpointer data)
{
    kw_engine_rig_run_to(rig, MONDAY_US + 28 * HOUR);
    g_assert_cmpuint(count_after(rig, 1, G_USEC_PER_SEC / 2), ==, 0);
}

/* The file asks for another model by now, and its last good version trades: no training of a
 * model that the file would refuse; it is due again when the file asks for it. */
static void
test_stranger(KwEngineRig *rig, gconstpointer data)
{
    static const gchar other[] =
        "return { name = 'o', timeframe = '1h', startup_candles = 0, stoploss = -0.5,"
        " entry = function(c) return above(model('later').prediction, 1) end,"
        " exit = function(c) return below(model('later').prediction, -1) end }";

    kw_engine_rig_stop(rig);
    kw_engine_rig_set_strategy(rig, other);
    kw_engine_rig_start(rig, 0);
    kw_engine_rig_run_to(rig, MONDAY_US + 28 * HOUR);
    g_assert_cmpuint(count_after(rig, 1, G_USEC_PER_SEC / 2), ==, 0);
    kw_engine_rig_set_strategy(rig, strategy);
    kw_engine_rig_run_to(rig, MONDAY_US + 52 * HOUR);
    g_assert_cmpuint(count_after(rig, 1, WAIT_US), ==, 1);
}

int
main(int argc, char **argv)
{
    static const gint64 old_us = MONDAY_US - 9 * DAY_US, new_us = MONDAY_US;

    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    g_log_set_always_fatal(G_LOG_FATAL_MASK); /* a strategy that is refused is a warning */
    g_test_add("/engine/retrain/told-once", KwEngineRig, &old_us, set_up, test_told_once,
               tear_down);
    g_test_add("/engine/retrain/tried", KwEngineRig, &old_us, set_up, test_tried, tear_down);
    g_test_add("/engine/retrain/stranger", KwEngineRig, &old_us, set_up, test_stranger,
               tear_down);
    g_test_add("/engine/retrain/calm", KwEngineRig, &new_us, set_up, test_calm, tear_down);
    return g_test_run();
}
