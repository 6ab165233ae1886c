/* A training that the bot begins: told, taken up again after a kill and a restart, one at a
 * time. The program that trains is a script here. */
#include "kw-engine-rig.h"
#include "kw-model-rig.h"
#include "kw-model-shelf.h"
#include "kw-test.h"
#include "kw-trainer.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <string.h>

#define HOUR KW_ENGINE_RIG_HOUR_US
#define DAY_US (24 * HOUR)
#define MONDAY_US G_GINT64_CONSTANT(1773014400000000) /* 2026-03-09, midnight UTC */
#define N_ROWS 120
#define WAIT_US (20 * G_USEC_PER_SEC)

#define PASSED "echo '{\"version\":\"v1.1.0\",\"promoted\":true,\"passed\":true,\"gate\":[]}'\n"
#define FAILED                                                                                 \
    "echo '  data read    0.1 s' >&2\n"                                                        \
    "echo '{\"version\":\"v1.1.0\",\"promoted\":false,\"passed\":false,\"gate\":["             \
    "{\"name\":\"sortino\",\"verdict\":\"not_rated\"},{\"name\":\"drawdown\","                 \
    "\"verdict\":\"pass\"},{\"name\":\"trades\",\"verdict\":\"fail\"}]}'\nexit 1\n"
#define FOR_EVER "echo '  trees grown    0.1 s' >&2\nexec sleep 600\n"

static const gchar strategy[] =
    "return { name = 'm', timeframe = '1h', startup_candles = 0, stoploss = -0.5,"
    " entry = function(c) return above(model('boost').prediction, 1) end,"
    " exit = function(c) return below(model('boost').prediction, -1) end }";

typedef struct {
    KwEngineRig rig;
    gchar *program, *calls; /* @calls: a line of words for each call */
} Fixture;

/* The program notes its process and its words, then does @script. */
static void
write_program(Fixture *f, const gchar *script)
{
    g_autofree gchar *text = g_strdup_printf(
        "#!/bin/sh\necho $$ \"$@\" >> %s\nn=$(wc -l < %s)\n%s", f->calls, f->calls, script);

    g_assert_true(
        g_file_set_contents_full(f->program, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

static void
set_up(Fixture *f, gconstpointer data)
{
    gdouble closes[N_ROWS];
    g_auto(KwModelRig) model = {0};
    g_autoptr(KwRegistry) registry = NULL;
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100 + i % 3;
    kw_engine_rig_init(&f->rig);
    kw_engine_rig_set_strategy(&f->rig, strategy);
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(&f->rig, "BTC/USDT"), MONDAY_US, closes,
                           N_ROWS);
    registry = kw_registry_new(f->rig.root, "boost");
    kw_model_rig_init(&model, -0.1, -0.1);
    model.facts.created_us = MONDAY_US - 9 * DAY_US;
    (void) kw_registry_promote(registry, kw_model_rig_add(&model, registry), KW_PROMOTE_GATED,
                               0, &error);
    g_assert_no_error(error);
    f->rig.settings.models = kw_model_shelf_new(f->rig.root);
    f->program = g_build_filename(f->rig.root, "program", NULL);
    f->calls = g_build_filename(f->rig.root, "calls", NULL);
    f->rig.settings.program = f->program;
    f->rig.settings.retrain = KW_RETRAIN_START;
    write_program(f, data);
    kw_engine_rig_start(&f->rig, MONDAY_US + 26 * HOUR);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    KwModelShelf *models = f->rig.settings.models;

    kw_engine_rig_clear(&f->rig);
    kw_model_shelf_unref(models);
    g_free(f->program);
    g_free(f->calls);
}

/* (transfer full): words of each call, "" after the last */
static GStrv
read_calls(const Fixture *f)
{
    g_autofree gchar *text = NULL;

    if (!g_file_get_contents(f->calls, &text, NULL, NULL))
        return g_strsplit("", "\n", -1);
    return g_strsplit(text, "\n", -1);
}

static guint
count_calls(const Fixture *f)
{
    g_auto(GStrv) calls = read_calls(f);
    guint n = g_strv_length(calls);

    return n > 0 ? n - 1 : 0;
}

/* Of real time, as the child and the look at the models go on beside market time */
static void
wait_for(const Fixture *f, guint n_ends, guint n_calls)
{
    gint64 end_us = kw_stopwatch_us() + WAIT_US;

    while ((kw_engine_rig_count_events(&f->rig, KW_EVENT_RETRAINED) < n_ends ||
            count_calls(f) < n_calls) &&
           kw_stopwatch_us() < end_us)
        (void) g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_RETRAINED), ==, n_ends);
    g_assert_cmpuint(count_calls(f), ==, n_calls);
}

/* Market time waits for the child a little, so that no second night comes meanwhile. */
static void
pass_minute(Fixture *f)
{
    gint64 until_us = kw_stopwatch_us() + 20 * G_TIME_SPAN_MILLISECOND;

    kw_engine_rig_run_to(&f->rig, kw_clock_now_us(KW_CLOCK(f->rig.clock)) + HOUR / 60);
    while (kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
}

static void
run_past_the_night(Fixture *f)
{
    kw_engine_rig_run_to(&f->rig, MONDAY_US + 28 * HOUR);
}

static void
check_end(const Fixture *f, KwTrainingVerdict verdict, const gchar *model, const gchar *text)
{
    const KwEvent *event = kw_engine_rig_last_event(&f->rig, KW_EVENT_RETRAINED);

    g_assert_cmpuint(event->count, ==, verdict);
    g_assert_cmpstr(event->trade.model, ==, model);
    g_assert_cmpstr(event->text, ==, text);
}

static void
test_promoted(Fixture *f, gconstpointer data)
{
    g_auto(GStrv) calls = NULL;
    KwTrainingView view;

    run_past_the_night(f);
    wait_for(f, 1, 1);
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_RETRAIN)->count, ==, 1);
    check_end(f, KW_TRAINING_PROMOTED, "boost v1.1.0", "");
    calls = read_calls(f);
    g_assert_nonnull(strstr(calls[0], " train --json --resume --promote-if-passed --root "));
    g_assert_nonnull(strstr(calls[0], " --name boost --pairs "));
    g_assert_nonnull(strstr(calls[0], " --to 2026-03-10 --strategy "));
    kw_trainer_get_view(kw_engine_rig_get_book(&f->rig)->trainer, &view);
    g_assert_false(view.is_running);
    g_assert_cmpstr(view.last_model, ==, "boost v1.1.0");
    g_assert_cmpint(view.last_verdict, ==, KW_TRAINING_PROMOTED);
    g_assert_cmpstr(view.last_text, ==, "");
}

/* What the gate did not pass is named, and a restart does not begin it again. */
static void
test_gate(Fixture *f, gconstpointer data)
{
    KwTrainingView view;

    run_past_the_night(f);
    wait_for(f, 1, 1);
    check_end(f, KW_TRAINING_GATE, "boost v1.1.0", "sortino trades");
    kw_trainer_get_view(kw_engine_rig_get_book(&f->rig)->trainer, &view);
    g_assert_cmpint(view.last_verdict, ==, KW_TRAINING_GATE);
    g_assert_cmpstr(view.last_text, ==, "sortino trades");
    kw_engine_rig_stop(&f->rig);
    kw_engine_rig_start(&f->rig, 0);
    kw_engine_rig_run_to(&f->rig, MONDAY_US + 40 * HOUR);
    g_assert_cmpuint(count_calls(f), ==, 1);
}

/* Killed once, it goes on after a minute of market time. */
static void
test_killed(Fixture *f, gconstpointer data)
{
    run_past_the_night(f);
    wait_for(f, 0, 1);
    while (kw_engine_rig_get_book(&f->rig)->trainer != NULL && count_calls(f) < 2)
        pass_minute(f);
    wait_for(f, 1, 2);
    check_end(f, KW_TRAINING_PROMOTED, "boost v1.1.0", "");
}

static void
test_killed_for_ever(Fixture *f, gconstpointer data)
{
    run_past_the_night(f);
    while (kw_engine_rig_count_events(&f->rig, KW_EVENT_RETRAINED) == 0 && count_calls(f) < 9)
        pass_minute(f);
    wait_for(f, 1, 1 + KW_TRAINER_MAX_KILLS);
    check_end(f, KW_TRAINING_FAILED, "boost", "no memory");
}

/* Somebody ends it: it is not begun again */
static void
test_stopped(Fixture *f, gconstpointer data)
{
    g_auto(GStrv) calls = NULL;

    run_past_the_night(f);
    wait_for(f, 0, 1);
    calls = read_calls(f);
    g_assert_cmpint(kill((pid_t) g_ascii_strtoll(calls[0], NULL, 10), SIGTERM), ==, 0);
    wait_for(f, 1, 1);
    check_end(f, KW_TRAINING_STOPPED, "boost", "");
}

/* It ends with the bot, and the next start calls the same command. */
static void
test_restart(Fixture *f, gconstpointer data)
{
    g_auto(GStrv) calls = NULL;
    pid_t child;

    run_past_the_night(f);
    wait_for(f, 0, 1);
    kw_engine_rig_stop(&f->rig);
    write_program(f, PASSED);
    kw_engine_rig_start(&f->rig, 0);
    wait_for(f, 1, 2);
    calls = read_calls(f);
    child = (pid_t) g_ascii_strtoll(calls[0], NULL, 10);
    g_assert_cmpstr(strchr(calls[0], ' '), ==, strchr(calls[1], ' '));
    while (kill(child, 0) == 0) /* it was asked to end */
        (void) g_main_context_iteration(NULL, FALSE);
}

static void
test_by_hand(Fixture *f, gconstpointer data)
{
    KwControl *control = kw_engine_get_control(f->rig.engine);
    KwControlResult result;
    KwTrainingView view;

    kw_control_retrain(control, "test", &result);
    g_assert_false(result.is_refused);
    kw_control_retrain(control, "test", &result);
    g_assert_cmpstr(result.refusal, ==, "running");
    wait_for(f, 0, 1);
    run_past_the_night(f); /* due as well, and one runs: nothing more begins */
    while (kw_engine_rig_count_events(&f->rig, KW_EVENT_RETRAIN) == 0)
        (void) g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_RETRAIN)->count, ==, 0);
    g_assert_cmpuint(count_calls(f), ==, 1);
    kw_query_get_training(kw_engine_get_query(f->rig.engine), &view);
    g_assert_true(view.is_running);
}

static void
test_suggested(Fixture *f, gconstpointer data)
{
    f->rig.settings.retrain = KW_RETRAIN_SUGGEST;
    run_past_the_night(f);
    while (kw_engine_rig_count_events(&f->rig, KW_EVENT_RETRAIN) == 0)
        (void) g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_RETRAIN)->count, ==, 0);
    g_assert_cmpuint(count_calls(f), ==, 0);
}

static void
test_off(Fixture *f, gconstpointer data)
{
    KwControlResult result;
    gint64 end_us = kw_stopwatch_us() + G_USEC_PER_SEC / 2;

    f->rig.settings.retrain = KW_RETRAIN_OFF;
    run_past_the_night(f);
    while (kw_stopwatch_us() < end_us)
        (void) g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_RETRAIN), ==, 0);
    kw_control_retrain(kw_engine_get_control(f->rig.engine), "test", &result);
    g_assert_cmpstr(result.refusal, ==, "not_set_up");
}

static void
test_no_program(Fixture *f, gconstpointer data)
{
    g_assert_cmpint(g_unlink(f->program), ==, 0);
    run_past_the_night(f);
    wait_for(f, 1, 0);
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_RETRAINED)->count, ==,
                     KW_TRAINING_FAILED);
}

int
main(int argc, char **argv)
{
    static const struct {
        const gchar *path, *script;
        void (*run)(Fixture *f, gconstpointer data);
    } cases[] = {
        {"/engine/trainer/promoted", PASSED, test_promoted},
        {"/engine/trainer/gate", FAILED, test_gate},
        {"/engine/trainer/killed", "[ $n = 1 ] && kill -9 $$\n" PASSED, test_killed},
        {"/engine/trainer/killed-for-ever", "echo 'kurswart: no memory' >&2\nkill -9 $$\n",
         test_killed_for_ever},
        {"/engine/trainer/stopped", FOR_EVER, test_stopped},
        {"/engine/trainer/restart", FOR_EVER, test_restart},
        {"/engine/trainer/by-hand", FOR_EVER, test_by_hand},
        {"/engine/trainer/suggested", PASSED, test_suggested},
        {"/engine/trainer/off", PASSED, test_off},
        {"/engine/trainer/no-program", PASSED, test_no_program},
    };

    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_test_add(cases[i].path, Fixture, cases[i].script, set_up, cases[i].run, tear_down);
    return g_test_run();
}
