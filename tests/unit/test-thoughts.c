/* test-thoughts.c: replies about cycles */
#include "kw-command-rig.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

static void
add_step(KwCommandRig *fixture, guint cycle, const gchar *pair, const gchar *action)
{
    KwStepView step = {.cycle = cycle,
                       .time_us = KW_TEST_T0_US - (4812 - (gint64) cycle) * G_TIME_SPAN_HOUR,
                       .price = 2041.6,
                       .has_signal = strcmp(action, "none") != 0,
                       .confidence = strcmp(action, "exit") == 0 ? NAN : 0.81,
                       .threshold = 0.75,
                       .names = "ema_9,ema_21,rsi_14,adx",
                       .n_values = 3,
                       .values = {2040.25, NAN, 0.61305}};

    g_strlcpy(step.pair, pair, sizeof step.pair);
    g_strlcpy(step.action, action, sizeof step.action);
    g_strlcpy(step.regime, "aufwärts", sizeof step.regime);
    if (strcmp(action, "rejected") == 0)
        g_strlcpy(step.reason, "max_open_trades", sizeof step.reason);
    if (strcmp(action, "exit") == 0)
        g_strlcpy(step.reason, "roi", sizeof step.reason);
    g_array_append_val(fixture->desk->steps, step);
}

static void
add_day(KwCommandRig *fixture)
{
    add_step(fixture, 4812, "BTC/USDT", "none");
    add_step(fixture, 4812, "ETH/USDT", "rejected");
    add_step(fixture, 4811, "BTC/USDT", "exit");
    add_step(fixture, 4811, "ETH/USDT", "enter");
    for (guint cycle = 4810; cycle > 4795; cycle--)
        add_step(fixture, cycle, "BTC/USDT", "none");
}

static void
ask(KwCommandRig *fixture, const gchar *cycle, gint64 step, const gchar *name)
{
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    g_strlcpy(slots->cycle, cycle, sizeof slots->cycle);
    slots->step = step;
    kw_command_rig_check(fixture, KW_INTENT_THOUGHTS, name);
}

static void
test_replies(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    add_day(fixture);
    ask(fixture, "", 0, "thoughts");
    ask(fixture, "4812", 0, "thoughts-cycle");
    ask(fixture, "4812", 2, "thoughts-step");
    ask(fixture, "4811", 1, "thoughts-step-exit");
    ask(fixture, "4812", 1, "thoughts-step-none");
    ask(fixture, "4812", 3, "thoughts-no-step");
    ask(fixture, "17", 0, "thoughts-unknown");
    kw_command_rig_set_days(kw_command_rig_fresh_slots(fixture), (KwDate){2026, 3, 1},
                            (KwDate){2026, 3, 2});
    kw_command_rig_check(fixture, KW_INTENT_THOUGHTS, "thoughts-none");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/commands/thoughts/replies", KwCommandRig, NULL, kw_command_rig_set_up,
               test_replies, kw_command_rig_tear_down);
    return g_test_run();
}
