/* kw-train-run.c: the steps of "kurswart train"
 *
 * The candidate is written and loaded before its backtest, in the folder of the work under way:
 * what is judged is a model that went through the same files and checks as the one that will
 * trade. The backtest trades in the test span alone, whose rows no part of the model has seen,
 * and uses the strategy and the account of the configuration. */
#include "kw-train-run.h"

#include "kw-clock.h"
#include "kw-i18n.h"
#include "kw-model-shelf.h"
#include "kw-result-json.h"
#include "kw-timeframe.h"

#include <glib/gstdio.h>

#include <unistd.h>

#define VALID_SHARE 0.25  /* of the span before the test: stopping and calibrating */
#define PROGRESS_EVERY 10 /* rounds */

/* What the steps hand on. Members are owned but for @run and @input. */
typedef struct {
    const KwTrainRun *run;
    KwLabInput *input;
    KwSystemClock *clock;
    gint64 began_us; /* of the present step */
    gchar *work;     /* folder of the work under way */
    KwTraining *training;
    KwModelShelf *shelf;
    gchar *result; /* text of the backtest */
    KwTrainOutcome *out;
} Run;

static void
run_clear(Run *self)
{
    g_clear_object(&self->clock);
    g_free(self->work);
    kw_training_free(self->training);
    kw_model_shelf_unref(self->shelf);
    g_free(self->result);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static void
end_step(Run *self, KwTrainStep step)
{
    gint64 now_us = kw_clock_monotonic_us(KW_CLOCK(self->clock));

    self->out->step_us[step] = now_us - self->began_us;
    self->began_us = now_us;
    kw_train_page_print_step(step, self->out->step_us[step]);
}

static KwBoosterDecision
on_round(const KwBoosterRound *round, gpointer user_data)
{
    const Run *self = user_data;

    if (round->round % PROGRESS_EVERY == 0 && isatty(STDERR_FILENO))
        g_printerr(_("\r  round %u of %u at most, best %u"), round->round,
                   self->run->params.n_rounds, round->best);
    return KW_BOOSTER_GO_ON;
}

static void
remove_folder(const gchar *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *child = g_build_filename(path, name, NULL);

        if (g_file_test(child, G_FILE_TEST_IS_DIR))
            remove_folder(child);
        else
            (void) g_unlink(child);
    }
    (void) g_rmdir(path);
}

/* -- the steps -- */

/* (transfer full): the candles up to the end of the period that was asked for */
static KwSeries *
cut_series(const KwSeries *series, gint64 until_us)
{
    KwSeries *part = kw_series_new(kw_series_get_timeframe_us(series));

    for (gsize i = 0; i < kw_series_get_length(series); i++) {
        KwCandle candle = kw_series_get(series, i);

        if (candle.open_us > until_us)
            break;
        (void) kw_series_append(part, &candle);
    }
    return part;
}

static gboolean
make_features(Run *self, GError **error)
{
    KwTrainingOptions options = {.label = self->run->label,
                                 .horizon_us = self->run->horizon_us,
                                 .test_us = self->run->test_us,
                                 .valid_share = VALID_SHARE,
                                 .params = self->run->params,
                                 .folder = self->work,
                                 .program = "/proc/self/exe",
                                 .max_bytes = self->run->max_bytes,
                                 .n_threads = self->run->params.n_threads,
                                 .on_round = on_round,
                                 .user_data = self};

    self->training = kw_training_new(self->run->features, &options, error);
    if (self->training == NULL)
        return FALSE;
    for (guint i = 0; i < kw_study_get_n_pairs(self->input->study); i++) {
        KwStudyPair *pair = kw_study_get_pair(self->input->study, i);
        g_autoptr(KwSeries) series =
            cut_series(kw_frame_get_series(pair->frame), self->run->until_us);

        if (!kw_training_add_pair(self->training, series, error)) {
            g_prefix_error(error, "%s: ", pair->pair.name);
            return FALSE;
        }
    }
    if (!kw_training_prepare(self->training, error))
        return FALSE;
    self->out->fold = *kw_training_get_fold(self->training);
    return TRUE;
}

static void
fill_facts(const Run *self, KwModelFacts *out)
{
    KwFoldSpan span = kw_training_get_span(self->training);

    *out = (KwModelFacts){
        .name = g_strdup(self->run->name),
        .pairs = g_strjoinv(",", self->input->names),
        .source = g_strdup(self->input->is_synthetic ? "synthetic" : "exchange"),
        .data_hash = kw_training_dup_data_hash(self->training),
        .label = self->run->label,
        .timeframe_us = kw_strategy_get_terms(self->input->strategy)->timeframe_us,
        .horizon_us = self->run->horizon_us,
        .data_begin_us = span.begin_us,
        .data_end_us = span.end_us,
        .created_us = self->run->now_us,
        .n_rows = (guint) kw_training_get_figures(self->training)->n_rows,
        .passed_gate = self->out->passed,
    };
}

/* Writes the candidate, loads it, and puts it where the strategy will ask for it */
static gboolean
load_candidate(Run *self, GError **error)
{
    g_autofree gchar *folder = g_build_filename(self->work, "candidate", NULL);
    g_auto(KwModelFacts) facts = {0};
    KwModelParts parts = {.facts = &facts};
    g_autoptr(KwModel) model = NULL;

    remove_folder(folder);
    fill_facts(self, &facts);
    kw_training_get_parts(self->training, &parts);
    if (!kw_model_write(&parts, folder, error))
        return FALSE;
    model = kw_model_load(folder, error);
    if (model == NULL)
        return FALSE;
    self->shelf = kw_model_shelf_new(self->input->settings->root);
    kw_model_shelf_put(self->shelf, self->run->name, model);
    kw_strategy_set_models(self->input->strategy, self->shelf);
    return TRUE;
}

static void
take_result(Run *self, const KwResult *result)
{
    const KwBacktestStats *stats = &result->stats;
    const KwTrainingFigures *figures = kw_training_get_figures(self->training);
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
                           .accuracy = figures->scores.accuracy,
                           .calibration_error = figures->calibration_error,
                           .leaked = figures->leaked};
    if (self->run->label == KW_LABEL_DIRECTION)
        input->n_forecasts = (guint) figures->n_test;
}

static gboolean
run_backtest(Run *self, GError **error)
{
    KwLabInput *input = self->input;
    const KwFold *fold = kw_training_get_fold(self->training);
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

    if (!load_candidate(self, error) || !kw_study_build(input->study, input->strategy, error))
        return FALSE;
    kw_study_set_window(input->study, fold->test.begin_us, fold->test.end_us);
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
    KwModelParts parts = {.facts = &facts, .metrics = metrics, .result = self->result};
    g_autoptr(GError) refusal = NULL;

    fill_facts(self, &facts);
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
    self->out->figures = kw_training_get_figures(self->training);
    end_step(self, KW_TRAIN_STEP_CALIBRATE);
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
    g_auto(Run) self = {.run = run, .input = input, .out = out};
    g_autoptr(KwRegistry) registry = kw_registry_new(input->settings->root, run->name);
    g_autofree gchar *folder =
        g_build_filename(input->settings->root, KW_REGISTRY_FOLDER, run->name, NULL);
    g_autofree gchar *index = g_build_filename(folder, "runs.csv", NULL);

    self.work = g_build_filename(folder, ".work", NULL);
    self.clock = kw_system_clock_new();
    self.began_us = kw_clock_monotonic_us(KW_CLOCK(self.clock));
    out->step_us[KW_TRAIN_STEP_DATA] = kw_clock_now_us(KW_CLOCK(self.clock)) - run->now_us;
    out->created_us = run->now_us;
    out->objective = run->params.objective;
    kw_train_page_print_step(KW_TRAIN_STEP_DATA, out->step_us[KW_TRAIN_STEP_DATA]);
    if (!run->resumes)
        remove_folder(self.work);
    if (!run_steps(&self, registry, error) || !kw_train_page_add_to_index(out, index, error))
        return FALSE;
    remove_folder(self.work);
    *out_training = g_steal_pointer(&self.training);
    return TRUE;
}
