#include "kw-trigger.h"

#include <math.h>

#define SUNDAY 19995 /* 2024-09-29 */

/* Facts that ask for nothing: trained on a Sunday, looked at on the Saturday after */
static KwTriggerFacts
calm(void)
{
    return (KwTriggerFacts){
        .calibration_error = NAN, .trained_day = SUNDAY, .today = SUNDAY + 6};
}

static void
expect(const KwTriggerFacts *facts, KwTrigger trigger)
{
    g_assert_cmpstr(kw_trigger_to_string(kw_trigger_find(facts)), ==,
                    kw_trigger_to_string(trigger));
}

static void
test_weekly(void)
{
    KwTriggerFacts facts = calm();

    expect(&facts, KW_TRIGGER_NONE);
    facts.today = SUNDAY + 7;
    expect(&facts, KW_TRIGGER_WEEKLY);
    facts.today = SUNDAY + 9;
    expect(&facts, KW_TRIGGER_WEEKLY); /* the Sunday was missed */
    facts.trained_day = SUNDAY + 8;
    expect(&facts, KW_TRIGGER_NONE);
}

static void
test_accuracy(void)
{
    KwTriggerDay days[] = {{1, 0.7}, {2, 0.64}, {3, NAN}, {4, 0.6}, {5, 0.5}};
    KwTriggerFacts facts = calm();

    facts.days = days;
    facts.n_days = 4;
    expect(&facts, KW_TRIGGER_NONE); /* two bad days, one without forecasts */
    facts.n_days = 5;
    expect(&facts, KW_TRIGGER_ACCURACY);
    days[4].accuracy = 0.65;
    expect(&facts, KW_TRIGGER_NONE);
}

static void
test_win_rate(void)
{
    KwTriggerFacts facts = calm();

    facts.n_trades = 29;
    expect(&facts, KW_TRIGGER_NONE);
    facts.n_trades = 40;
    facts.n_wins = 26;
    expect(&facts, KW_TRIGGER_NONE);
    facts.n_wins = 25;
    expect(&facts, KW_TRIGGER_WIN_RATE);
}

static void
test_calibration_and_drift(void)
{
    KwTriggerFacts facts = calm();

    facts.calibration_error = 0.07;
    expect(&facts, KW_TRIGGER_NONE);
    facts.calibration_error = 0.071;
    expect(&facts, KW_TRIGGER_CALIBRATION);
    facts.n_drifted = 1;
    expect(&facts, KW_TRIGGER_DRIFT);
    facts.is_requested = TRUE;
    expect(&facts, KW_TRIGGER_MANUAL);
}

static void
test_measure(void)
{
    const KwTriggerDay days[] = {{1, 0.7}, {2, 0.6}, {3, NAN}};
    const KwTriggerFacts facts = {.days = days,
                                  .n_days = G_N_ELEMENTS(days),
                                  .n_trades = 40,
                                  .n_wins = 10,
                                  .calibration_error = 0.08,
                                  .n_drifted = 2,
                                  .trained_day = 100,
                                  .today = 111};
    static const struct {
        KwTrigger trigger;
        gdouble value, limit;
    } rows[] = {
        {KW_TRIGGER_DRIFT, 2, 0},
        {KW_TRIGGER_CALIBRATION, 0.08, 0.07},
        {KW_TRIGGER_ACCURACY, 0.6, 0.65},
        {KW_TRIGGER_WIN_RATE, 0.25, 0.65},
        {KW_TRIGGER_WEEKLY, 11, (gdouble) NAN},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gdouble value = -1, limit = -1;

        g_test_message("%s", kw_trigger_to_string(rows[i].trigger));
        kw_trigger_measure(&facts, rows[i].trigger, &value, &limit);
        g_assert_cmpfloat(value, ==, rows[i].value);
        if (isnan(rows[i].limit))
            g_assert_true(isnan(limit));
        else
            g_assert_cmpfloat(limit, ==, rows[i].limit);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/trigger/weekly", test_weekly);
    g_test_add_func("/model/trigger/accuracy", test_accuracy);
    g_test_add_func("/model/trigger/win-rate", test_win_rate);
    g_test_add_func("/model/trigger/calibration-and-drift", test_calibration_and_drift);
    g_test_add_func("/model/trigger/measure", test_measure);
    return g_test_run();
}
