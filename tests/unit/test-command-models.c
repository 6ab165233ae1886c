/* test-command-models.c: replies about models, and about how the owner is told things
 */
#include "kw-command-rig.h"
#include "kw-test.h"

#include <string.h>

#define HOUR G_TIME_SPAN_HOUR

static void
test_models(KwCommandRig *fixture, gconstpointer data)
{
    KwRunState state = fixture->desk->status.state;

    (void) data;
    fixture->desk->status.state = KW_RUN_STATE_NO_STRATEGY;
    kw_command_rig_check(fixture, KW_INTENT_MODEL_INFO, "model-info-no-strategy");
    fixture->desk->status.state = state;
    kw_fake_desk_add_models(fixture->desk);
    kw_command_rig_check(fixture, KW_INTENT_MODEL_INFO, "model-info");
    g_assert_cmpint(fixture->ctx.chart.kind, ==, KW_CHART_CALIBRATION);
    kw_command_rig_check(fixture, KW_INTENT_MODEL_HISTORY, "model-history");
    kw_command_rig_check(fixture, KW_INTENT_BACKTEST, "backtest-failed");
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->model_tag, "v1.2.0", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_BACKTEST, "backtest-passed");
    kw_command_rig_check(fixture, KW_INTENT_MODEL_INFO, "model-info-candidate");
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->model_tag, "v9.9.9", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_MODEL_INFO, "model-info-unknown");
    kw_command_rig_fresh_slots(fixture);
    kw_command_rig_check(fixture, KW_INTENT_TRAINING_STATUS, "training-status");
    fixture->desk->training.is_running = TRUE;
    fixture->desk->training.started_us = KW_TEST_T0_US - HOUR;
    fixture->desk->training.progress_ratio = 0.4;
    fixture->desk->training.eta_from_us = KW_TEST_T0_US + HOUR;
    fixture->desk->training.eta_to_us = KW_TEST_T0_US + 2 * HOUR;
    g_strlcpy(fixture->desk->training.step, "Walk-Forward 4/10", KW_VIEW_TEXT_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_TRAINING_STATUS, "training-running");
}

/* Without a code none of it is done, and what the gate refused is not even asked for. */
static void
test_model_changes(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    kw_fake_desk_add_models(fixture->desk);
    kw_command_rig_check(fixture, KW_INTENT_DEPLOY, "deploy-asks");
    g_assert_true(fixture->ctx.wants_code);
    g_assert_cmpstr(fixture->ctx.slots.model_tag, ==, "v1.2.0");
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->model_tag, "v1.2.1", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_DEPLOY, "deploy-gate");
    g_assert_false(fixture->ctx.wants_code);
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->model_tag, "v1.1.0", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_DEPLOY, "deploy-same");
    kw_command_rig_fresh_slots(fixture);
    kw_command_rig_check(fixture, KW_INTENT_ROLLBACK, "rollback-asks");
    g_assert_cmpstr(fixture->ctx.slots.model_tag, ==, "v1.0.0");
    kw_command_rig_check(fixture, KW_INTENT_RETRAIN, "retrain-asks");
    g_assert_true(fixture->ctx.wants_code);
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);

    fixture->is_confirmed = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_RETRAIN, "retrain-done");
    g_assert_cmpstr(fixture->desk->last_action, ==, "retrain");
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->model_tag, "v1.2.0", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_DEPLOY, "deploy-done");
    g_assert_cmpstr(fixture->desk->last_action, ==, "deploy v1.2.0");
    g_strlcpy(fixture->desk->refusal, "running", KW_VIEW_TEXT_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_RETRAIN, "retrain-running");
}

static void
test_preferences(KwCommandRig *fixture, gconstpointer data)
{
    GHashTable *preferences = fixture->desk->preferences;
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    slots->action = KW_SLOT_ACTION_MUTE;
    slots->until = (KwUntil){.is_set = TRUE, .date = {2026, 3, 13}};
    kw_command_rig_check(fixture, KW_INTENT_NOTIFICATIONS, "mute-until");
    g_assert_cmpstr(g_hash_table_lookup(preferences, "mute"), ==, "all");
    g_assert_nonnull(g_hash_table_lookup(preferences, "mute_until"));
    slots = kw_command_rig_fresh_slots(fixture);
    slots->action = KW_SLOT_ACTION_MUTE;
    g_strlcpy(slots->kind, "trades", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_NOTIFICATIONS, "mute-trades");
    g_assert_cmpstr(g_hash_table_lookup(preferences, "mute"), ==, "trades");
    g_assert_null(g_hash_table_lookup(preferences, "mute_until"));
    kw_command_rig_fresh_slots(fixture)->action = KW_SLOT_ACTION_UNMUTE;
    kw_command_rig_check(fixture, KW_INTENT_NOTIFICATIONS, "unmute");
    g_assert_null(g_hash_table_lookup(preferences, "mute"));
    kw_command_rig_fresh_slots(fixture)->action = KW_SLOT_ACTION_TIME;
    kw_command_rig_check(fixture, KW_INTENT_NOTIFICATIONS, "digest-time");
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->language, "en", 4);
    kw_command_rig_check(fixture, KW_INTENT_SET_LANGUAGE, "language-en");
    g_assert_cmpstr(g_hash_table_lookup(preferences, "language"), ==, "en");
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->language, "de", 4);
    kw_command_rig_check(fixture, KW_INTENT_SET_LANGUAGE, "language-de");
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
}

#define ADD(name, func)                                                                        \
    g_test_add("/commands/command-models/" name, KwCommandRig, NULL, kw_command_rig_set_up,    \
               func, kw_command_rig_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("models", test_models);
    ADD("model-changes", test_model_changes);
    ADD("preferences", test_preferences);
    return g_test_run();
}
