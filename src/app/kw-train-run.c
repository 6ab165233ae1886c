/* kw-train-run.c: the steps of "kurswart train"
 *
 * What the gate judges is a walk-forward over the whole period: a model for each week, trained
 * on what lies before, and the strategy over what all of them have said about rows that they
 * had not seen. Judging the candidate's own test alone was the first form: one model in one
 * stretch of market has too few trades to tell skill from luck. Each of these models goes
 * through the same files and checks as the one that will trade. Strategy and account are those
 * of the configuration. */
#include "kw-train-run.h"

#include "kw-clock.h"
#include "kw-i18n.h"
#include "kw-lock-file.h"
#include "kw-result-json.h"
#include "kw-timeframe.h"

#include <string.h>

/* What the steps hand on. Members are owned but for @run and @input. */
typedef struct {
    const KwTrainRun *run;
    KwLabInput *input;
    KwSystemClock *clock;
    gint64 began_us;  /* of the present step */
    KwTrainStep step; /* likewise */
    gchar *work;      /* folder of the work under way */
    KwTrainRecipeWork made;
    KwTraining *training;
    gchar *result; /* text of the backtest */
    GString *log;  /* of the steps so far */
    KwTrainOutcome *out;
} Run;

static void
run_clear(Run *self)
{
    g_clear_object(&self->clock);
    g_free(self->work);
    kw_training_free(self->training);
    g_free(self->result);
    (void) g_string_free(self->log, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static void
end_step(Run *self, KwTrainStep step)
{
    gint64 now_us = kw_clock_monotonic_us(KW_CLOCK(self->clock));

    g_autofree gchar *result = NULL;

    self->step = step + 1;
    self->out->step_us[step] = now_us - self->began_us;
    self->began_us = now_us;
    kw_train_page_print_step(step, self->out->step_us[step], self->run->format);
    kw_train_page_log_step(self->out, step, kw_clock_now_us(KW_CLOCK(self->clock)), self->log);
    result = kw_train_page_dup_result(self->out, step);
    kw_run_log_end(self->run->steps, kw_train_step_to_string(step), result);
}

/* -- the steps -- */

static gboolean
make_features(Run *self, GError **error)
{
    self->training = kw_train_recipe_begin(&self->made, error);
    if (self->training == NULL || !kw_training_prepare(self->training, error))
        return FALSE;
    self->out->fold = *kw_training_get_fold(self->training);
    self->out->figures = kw_training_get_figures(self->training);
    return TRUE;
}

static void
take_result(Run *self, const KwResult *result)
{
    const KwBacktestStats *stats = &result->stats;
    const KwTrainingFigures *figures = kw_training_get_figures(self->training);
    const KwWalk *walk = self->out->walk;
    KwGateInput *input = &self->out->result;
    g_autoptr(JsonNode) json = kw_result_to_json(result);

    self->result = json_to_string(json, FALSE);
    *input = (KwGateInput){.strategy = g_strdup(result->facts->strategy),
                           .n_trades = stats->n,
                           .wins = stats->wins,
                           .losses = stats->losses,
                           .draws = stats->draws,
                           .sortino = stats->sortino,
                           .drawdown = stats->drawdown.account,
                           .profit = stats->profit_total,
                           .accuracy = walk->scores.accuracy,
                           .calibration_error = walk->calibration_error,
                           .leaked = figures->leaked || walk->leaked};
    if (self->run->recipe->kind == KW_LABEL_DIRECTION)
        input->n_forecasts = (guint) walk->scores.n;
}

static gboolean
run_backtest(Run *self, GError **error)
{
    KwLabInput *input = self->input;
    KwResultFacts facts = {
        .strategy = input->options.strategy,
        .identity = input->options.strategy_hash,
        .pairs = (const gchar *const *) input->names,
        .stake_currency = input->currency,
        .timeframe = kw_timeframe_to_string(input->options.terms.timeframe_us),
        .timeframe_detail = "",
        .timerange = "",
        .run_start_us = self->run->now_us,
        .run_end_us = self->run->now_us,
    };
    g_autoptr(KwBacktest) backtest = NULL;
    g_autoptr(KwResult) result = NULL;

    if (!kw_study_build(input->study, input->strategy, error))
        return FALSE;
    kw_study_set_window(input->study, kw_walk_get_span(self->out->walk).begin_us, input->to_us);
    facts.market_change = kw_study_get_market_change(input->study);
    backtest = kw_study_run(input->study, &input->options, error);
    if (backtest == NULL)
        return FALSE;
    result = kw_result_new(backtest, &facts);
    take_result(self, result);
    self->out->passed = kw_gate_judge(&self->out->result, &self->out->limits, self->out->lines,
                                      &self->out->n_lines);
    return TRUE;
}

static gboolean
keep(Run *self, KwRegistry *registry, GError **error)
{
    g_autofree gchar *metrics = kw_train_page_to_json(self->out);
    g_auto(KwModelFacts) facts = {0};
    KwModelParts parts = {
        .facts = &facts, .metrics = metrics, .log = self->log->str, .result = self->result};
    g_autoptr(GError) refusal = NULL;

    kw_train_recipe_fill_facts(&self->made, self->training, &facts);
    facts.passed_gate = self->out->passed;
    kw_training_get_parts(self->training, &parts);
    if (!kw_registry_add(registry, &parts, &self->out->version, error))
        return FALSE;
    if (self->run->wish == KW_TRAIN_KEEP)
        return TRUE;
    self->out->promoted = kw_registry_promote(registry, self->out->version, KW_PROMOTE_GATED,
                                              self->run->now_us, &refusal);
    if (!self->out->promoted)
        self->out->refusal = kw_train_page_refusal_text(refusal);
    return TRUE;
}

static gboolean
run_steps(Run *self, KwRegistry *registry, GError **error)
{
    if (!make_features(self, error))
        return FALSE;
    end_step(self, KW_TRAIN_STEP_FEATURES);
    if (!kw_training_fit(self->training, error))
        return FALSE;
    if (isatty(STDERR_FILENO))
        g_printerr("\r\033[K");
    end_step(self, KW_TRAIN_STEP_TRAIN);
    if (!kw_training_judge(self->training, error))
        return FALSE;
    end_step(self, KW_TRAIN_STEP_CALIBRATE);
    self->out->walk = kw_train_recipe_walk(&self->made, self->training, error);
    if (self->out->walk == NULL)
        return FALSE;
    end_step(self, KW_TRAIN_STEP_WALK);
    if (!run_backtest(self, error))
        return FALSE;
    end_step(self, KW_TRAIN_STEP_BACKTEST);
    if (!keep(self, registry, error))
        return FALSE;
    end_step(self, KW_TRAIN_STEP_REGISTRY);
    return TRUE;
}

gboolean
kw_train_run(const KwTrainRun *run,
             KwLabInput *input,
             KwTraining **out_training,
             KwTrainOutcome *out,
             GError **error)
{
    g_auto(Run) self = {.run = run, .input = input, .out = out, .log = g_string_new(NULL)};
    g_autoptr(KwRegistry) registry = kw_registry_new(input->settings->root, run->name);
    g_autofree gchar *folder =
        g_build_filename(input->settings->root, KW_REGISTRY_FOLDER, run->name, NULL);
    g_autofree gchar *index = g_build_filename(folder, "runs.csv", NULL);
    g_autoptr(KwLockFile) lock = kw_lock_file_take(folder, error);

    if (lock == NULL || /* two would write into one folder */
        !kw_train_recipe_check_strategy(input, run->name, error))
        return FALSE;

    self.work = g_build_filename(folder, ".work", NULL);
    self.made = (KwTrainRecipeWork){.recipe = run->recipe,
                                    .input = input,
                                    .name = run->name,
                                    .folder = self.work,
                                    .test_us = run->test_us,
                                    .from_us = G_MININT64,
                                    .now_us = run->now_us};
    self.clock = kw_system_clock_new();
    self.began_us = kw_clock_monotonic_us(KW_CLOCK(self.clock));
    out->step_us[KW_TRAIN_STEP_DATA] = kw_clock_now_us(KW_CLOCK(self.clock)) - run->now_us;
    out->created_us = run->now_us;
    out->recipe = run->recipe;
    out->test_us = run->test_us;
    out->objective = run->recipe->params.objective;
    kw_train_page_print_step(KW_TRAIN_STEP_DATA, out->step_us[KW_TRAIN_STEP_DATA], run->format);
    kw_train_page_log_step(out, KW_TRAIN_STEP_DATA, kw_clock_now_us(KW_CLOCK(self.clock)),
                           self.log);
    self.step = KW_TRAIN_STEP_FEATURES;
    if (!run->resumes)
        kw_model_folder_remove(self.work);
    if (!run_steps(&self, registry, error)) {
        kw_run_log_fail(run->steps, kw_train_step_to_string(self.step), (*error)->message);
        return FALSE;
    }
    if (!kw_train_page_add_to_index(out, index, error))
        return FALSE;
    kw_model_folder_remove(self.work);
    *out_training = g_steal_pointer(&self.training);
    return TRUE;
}
