/* kw-train-recipe.c: from typed options to rows, windows and models
 *
 * "kurswart train" and "kurswart backtest --walk-forward" make models in the same way; what
 * they share is here, so that a walk-forward tells of the models that a training makes. */
#include "kw-train-recipe.h"

#include "kw-cli.h"
#include "kw-error.h"
#include "kw-fault-text.h"
#include "kw-i18n.h"
#include "kw-model-shelf.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define FEATURES_RESOURCE "/kurswart/features/standard.ini"
#define VALID_SHARE 0.25  /* of the span before the test: stopping and calibrating */
#define PROGRESS_EVERY 10 /* rounds */
#define START_ROWS 1000   /* until the features of the longest lists are known */
#define MEGABYTE (1024 * 1024)
#define MAX_ROWS_AHEAD 1000000

void
kw_train_recipe_init(KwTrainRecipe *self)
{
    const KwBoosterParams usual = KW_BOOSTER_PARAMS_USUAL;

    *self = (KwTrainRecipe){.horizon = 12,
                            .rounds = (gint) usual.n_rounds,
                            .depth = (gint) usual.max_depth,
                            .eta = usual.eta,
                            .train_days = KW_FOLD_MIN_TRAIN_US / G_TIME_SPAN_DAY,
                            .step_days = KW_FOLD_STEP_US / G_TIME_SPAN_DAY};
}

void
kw_train_recipe_clear(KwTrainRecipe *self)
{
    g_clear_pointer(&self->features, g_free);
    g_clear_pointer(&self->label, g_free);
    g_clear_pointer(&self->text, g_bytes_unref);
}

void
kw_train_recipe_add_entries(KwTrainRecipe *self, GArray *entries)
{
    const GOptionEntry mine[] = {
        {"features", 0, 0, G_OPTION_ARG_FILENAME, &self->features,
         N_("feature list (the bundled one)"), "FILE"},
        {"label", 0, 0, G_OPTION_ARG_STRING, &self->label,
         N_("what is learned: return, direction or trend (return)"), "WORD"},
        {"horizon", 0, 0, G_OPTION_ARG_INT, &self->horizon,
         N_("candles that it looks ahead (12)"), "N"},
        {"train-days", 0, 0, G_OPTION_ARG_INT, &self->train_days,
         N_("walk-forward: days that each window trains on (90)"), "N"},
        {"step-days", 0, 0, G_OPTION_ARG_INT, &self->step_days,
         N_("walk-forward: days until the model is trained anew (7)"), "N"},
        {"embargo", 0, 0, G_OPTION_ARG_INT, &self->embargo,
         N_("walk-forward: candles between training and test (as the horizon)"), "N"},
        {"rounds", 0, 0, G_OPTION_ARG_INT, &self->rounds, N_("trees at most (300)"), "N"},
        {"depth", 0, 0, G_OPTION_ARG_INT, &self->depth, N_("depth of a tree (6)"), "N"},
        {"eta", 0, 0, G_OPTION_ARG_DOUBLE, &self->eta, N_("weight of a tree (0.05)"), "X"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &self->threads,
         N_("threads (one less than processors)"), "N"},
        {"memory", 0, 0, G_OPTION_ARG_INT, &self->memory,
         N_("memory of the training in MB at most (no limit)"), "N"},
    };

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
}

/* -- checking -- */

static gboolean
read_label(KwTrainRecipe *self)
{
    self->kind = KW_LABEL_RETURN;
    return self->label == NULL || kw_label_kind_parse(self->label, &self->kind);
}

/* Returns: %FALSE after naming the first option whose number cannot be */
static gboolean
check_numbers(const KwTrainRecipe *self, gint64 seed)
{
    const struct {
        const gchar *option;
        gdouble value, min, max;
    } numbers[] = {
        {"--horizon", self->horizon, 1, MAX_ROWS_AHEAD},
        {"--embargo", self->embargo, 0, MAX_ROWS_AHEAD},
        {"--rounds", self->rounds, 1, KW_BOOSTER_MAX_ROUNDS},
        {"--depth", self->depth, 1, KW_BOOSTER_MAX_DEPTH},
        {"--eta", self->eta, 0.0001, 1},
        {"--threads", self->threads, 0, KW_BOOSTER_MAX_THREADS},
        {"--memory", self->memory, 0, G_MAXINT},
        {"--seed", (gdouble) seed, 0, G_MAXINT32},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree gchar *text = NULL;

        if (numbers[i].value >= numbers[i].min && numbers[i].value <= numbers[i].max)
            continue;
        text = g_strdup_printf(_("%s is a number from %.15g to %.15g"), numbers[i].option,
                               numbers[i].min, numbers[i].max);
        (void) kw_cli_fail(KW_EXIT_USAGE, text, NULL);
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_params(KwTrainRecipe *self, gint64 seed, GError **error)
{
    KwBoosterParams params = KW_BOOSTER_PARAMS_USUAL;

    params.objective =
        self->kind == KW_LABEL_DIRECTION ? KW_OBJECTIVE_CLASSIFIER : KW_OBJECTIVE_REGRESSION;
    params.n_rounds = (guint) self->rounds;
    params.max_depth = (guint) self->depth;
    params.seed = (guint) seed;
    params.eta = self->eta;
    params.n_threads = self->threads > 0 ? (guint) self->threads
                                         : (guint) MAX(1, (gint) g_get_num_processors() - 1);
    self->params = params;
    return kw_booster_params_check(&params, error);
}

static gboolean
check_windows(const KwTrainRecipe *self)
{
    const gchar *what = NULL;

    if (self->train_days < KW_FOLD_MIN_TRAIN_US / G_TIME_SPAN_DAY)
        what = _("--train-days: a window trains on 90 days at least");
    else if (self->step_days < 1)
        what = _("--step-days is at least 1");
    else if (self->embargo != 0 && self->embargo < self->horizon)
        what = _("--embargo is at least as long as --horizon, or the training would see "
                 "prices of the test");
    if (what != NULL)
        (void) kw_cli_fail(KW_EXIT_USAGE, what, NULL);
    return what == NULL;
}

static gboolean
load_features(KwTrainRecipe *self, int *out_status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwFeatureList) list = NULL;
    gchar *text = NULL;
    gsize length = 0;

    if (self->features == NULL || g_str_equal(self->features, "standard")) {
        self->text =
            g_resources_lookup_data(FEATURES_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        return TRUE;
    }
    if (!g_file_get_contents(self->features, &text, &length, &error)) {
        *out_status = kw_cli_fail_as(EX_NOINPUT, error, NULL);
        return FALSE;
    }
    self->text = g_bytes_new_take(text, length);
    list = kw_feature_list_load_bytes(self->features, self->text, problems);
    if (list == NULL)
        *out_status = kw_cli_report_problems(problems);
    return list != NULL;
}

gboolean
kw_train_recipe_read(KwTrainRecipe *self, gint64 seed, int *out_status)
{
    g_autoptr(GError) error = NULL;

    *out_status = KW_EXIT_USAGE;
    if (!read_label(self)) {
        (void) kw_cli_fail(KW_EXIT_USAGE, _("--label is return, direction or trend"), NULL);
        return FALSE;
    }
    if (!check_numbers(self, seed))
        return FALSE;
    if (!read_params(self, seed, &error)) {
        (void) kw_cli_fail_as(KW_EXIT_USAGE, error, NULL);
        return FALSE;
    }
    return check_windows(self) && load_features(self, out_status);
}

/* -- rows -- */

static gint64
get_embargo_us(const KwTrainRecipe *self, gint64 timeframe_us)
{
    return (self->embargo > 0 ? self->embargo : self->horizon) * timeframe_us;
}

void
kw_train_recipe_add_lead(const KwTrainRecipe *self, KwLabWish *wish)
{
    wish->lead_us = self->train_days * G_TIME_SPAN_DAY;
    wish->lead_rows = (guint) MAX(self->embargo, self->horizon) + START_ROWS;
}

static KwBoosterDecision
on_round(const KwBoosterRound *round, gpointer user_data)
{
    const KwTrainRecipe *self = user_data;

    if (round->round % PROGRESS_EVERY == 0 && isatty(STDERR_FILENO))
        g_printerr(_("\r  round %u of %u at most, best %u"), round->round,
                   self->params.n_rounds, round->best);
    return KW_BOOSTER_GO_ON;
}

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

/* (transfer full) (element-type KwSeries): the candles of each pair that may be learned from */
static GPtrArray *
cut_pairs(const KwLabInput *input)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify) kw_series_free);

    for (guint i = 0; i < kw_study_get_n_pairs(input->study); i++)
        g_ptr_array_add(
            all, cut_series(kw_frame_get_series(kw_study_get_pair(input->study, i)->frame),
                            input->to_us));
    return all;
}

KwTraining *
kw_train_recipe_begin(const KwTrainRecipeWork *work, GError **error)
{
    const KwTrainRecipe *recipe = work->recipe;
    gint64 timeframe_us = kw_strategy_get_terms(work->input->strategy)->timeframe_us;
    g_autoptr(GPtrArray) all = cut_pairs(work->input);
    KwTrainingOptions options = {.label = recipe->kind,
                                 .peers = (const KwSeries *const *) all->pdata,
                                 .peer_names = (const gchar *const *) work->input->names,
                                 .n_peers = all->len,
                                 .horizon_us = recipe->horizon * timeframe_us,
                                 .test_us = work->test_us,
                                 .valid_share = VALID_SHARE,
                                 .params = recipe->params,
                                 .folder = work->folder,
                                 .program = "/proc/self/exe",
                                 .max_bytes = (guint64) recipe->memory * MEGABYTE,
                                 .n_threads = recipe->params.n_threads,
                                 .on_round = on_round,
                                 .user_data = (gpointer) recipe};
    g_autoptr(KwTraining) training = kw_training_new(recipe->text, &options, error);

    if (training == NULL)
        return NULL;
    for (guint i = 0; i < all->len; i++) {
        if (!kw_training_add_pair(training, all->pdata[i], error)) {
            g_prefix_error(error, "%s: ", kw_study_get_pair(work->input->study, i)->pair.name);
            return NULL;
        }
    }
    return g_steal_pointer(&training);
}

void
kw_train_recipe_fill_facts(const KwTrainRecipeWork *work,
                           const KwTraining *training,
                           KwModelFacts *out)
{
    KwFoldSpan span = kw_training_get_span(training);

    *out = (KwModelFacts){
        .name = g_strdup(work->name),
        .pairs = g_strjoinv(",", work->input->names),
        .source = g_strdup(work->input->is_synthetic ? "synthetic" : "exchange"),
        .data_hash = kw_training_dup_data_hash(training),
        .label = work->recipe->kind,
        .timeframe_us = kw_strategy_get_terms(work->input->strategy)->timeframe_us,
        .horizon_us = kw_training_get_options(training)->horizon_us,
        .data_begin_us = span.begin_us,
        .data_end_us = span.end_us,
        .created_us = work->now_us,
        .n_rows = (guint) kw_training_get_figures(training)->n_rows,
    };
}

/* -- the strategy -- */

static void
set_foreign(const KwLabInput *input, const gchar *name, GError **error)
{
    g_autofree gchar *text =
        g_strdup_printf(_("the strategy %s does not ask for the model %s, so its trades would "
                          "say nothing about it"),
                        kw_strategy_get_name(input->strategy), name);

    g_set_error_literal(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE, text);
}

gboolean
kw_train_recipe_check_strategy(KwLabInput *input, const gchar *name, GError **error)
{
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(input->options.terms.timeframe_us));
    g_autofree gchar *own = g_strdup_printf("model '%s':", name);
    KwModelShelf *shelf = input->settings->book.models;
    g_autoptr(GError) cause = NULL;
    g_autoptr(KwStrategyColumns) columns = kw_strategy_build(input->strategy, frame, &cause);

    if (columns != NULL) {
        if (kw_model_shelf_peek(shelf, name) != NULL)
            return TRUE;
        set_foreign(input, name, error);
        return FALSE;
    }
    if (strstr(cause->message, own) != NULL || strstr(cause->message, "model '") == NULL)
        return TRUE;
    g_set_error(
        error, cause->domain, cause->code,
        _("the strategy asks for another model than the one that is trained (--name %s): "
          "%s"),
        name, cause->message);
    return FALSE;
}

/* -- walking -- */

static void
on_window(guint index, guint n, const KwFold *fold, gpointer user_data)
{
    (void) fold;
    (void) user_data;
    if (!isatty(STDERR_FILENO))
        return;
    g_printerr("\r\033[K");
    g_printerr(_("  window %u of %u"), index + 1, n);
}

KwWalk *
kw_train_recipe_walk(const KwTrainRecipeWork *work, const KwTraining *training, GError **error)
{
    g_autofree gchar *folder = g_build_filename(work->folder, "walk", NULL);
    g_autoptr(KwModelShelf) shelf = kw_model_shelf_new(work->input->settings->root);
    g_auto(KwModelFacts) facts = {0};
    KwWalkJob job = {
        .training = training, .facts = &facts, .folder = folder, .on_window = on_window};
    gint64 timeframe_us;
    KwWalk *walk;

    kw_train_recipe_fill_facts(work, training, &facts);
    timeframe_us = facts.timeframe_us;
    job.rules = (KwWalkRules){.train_us = work->recipe->train_days * G_TIME_SPAN_DAY,
                              .step_us = work->recipe->step_days * G_TIME_SPAN_DAY,
                              .embargo_us = get_embargo_us(work->recipe, timeframe_us),
                              .from_us = work->from_us};
    walk = kw_walk_run(&job, error);
    if (isatty(STDERR_FILENO))
        g_printerr("\r\033[K");
    if (walk == NULL)
        return NULL;
    kw_model_shelf_put_relay(shelf, work->name, walk->relay);
    kw_strategy_set_models(work->input->strategy, shelf);
    return walk;
}

static gchar *
file_error_text(const GError *error)
{
    g_autofree gchar *text = kw_fault_text(error->message);

    if (strcmp(text, error->message) != 0)
        return g_steal_pointer(&text);
    return g_strdup_printf("%s (%s)", _("a file of the training cannot be written or read"),
                           error->message);
}

gchar *
kw_train_recipe_error_text(const GError *error)
{
    const gchar *what = NULL;

    if (strstr(error->message, "bad_alloc") != NULL)
        what = _("its memory does not suffice");
    else if (strstr(error->message, "No space left") != NULL)
        what = _("the disk is full");
    else if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT))
        what = _("too few candles: 90 days of training and more are needed before the test "
                 "begins");
    else if (strstr(error->message, "horizon is longer") != NULL)
        what = _("--horizon looks further ahead than there are candles");
    else if (strstr(error->message, "all features are known") != NULL)
        what = _("the features are known in no row: too few candles, or prices that stand "
                 "still");
    else if (strstr(error->message, "at least two pairs") != NULL)
        return g_strdup(_("the strength of a trend (--label trend) takes two pairs or more"));
    else if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE))
        what = _("nothing can be learned from these candles or settings");
    else if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_IO))
        return file_error_text(error);
    else if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_TRAINING))
        what = _("the training process failed");
    else if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_CANCELLED))
        what = _("the training was stopped");
    else if (error->domain == KW_STATS_ERROR)
        what = _("the forecasts say too little to be judged");
    return what != NULL ? g_strdup_printf("%s (%s)", what, error->message)
                        : kw_fault_text(error->message);
}
