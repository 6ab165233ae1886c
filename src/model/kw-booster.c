/* kw-booster.c: the training loop over XGBoost's C API
 *
 * What the library does not do, or does silently wrong, is done here:
 * - Early stopping is no part of the C API: the error on the validation rows is read from the
 *   evaluation text, the best round kept, and the model cut there in the end.
 * - A wrong parameter is accepted and noticed late or never: parameters are typed and checked.
 * - Labels that are not finite are stored before they are refused, infinite values are
 *   refused late: rows are looked at first.
 * - The intercept is written down: later versions would estimate one.
 * - The only point to stop at is between two rounds.
 *
 * Training rows go into a quantile matrix (a quarter less memory, the same trees), validation
 * rows into a dense one, as evaluating a quantile matrix takes ten times as long. A checkpoint
 * is the model so far in the library's binary JSON; best round and error are attributes of it,
 * so that there is one file and never two that disagree. Rows and columns are
 * drawn from generators that live in the booster and are in no file, so a resumed training
 * would draw others than a straight one. Therefore each training goes on from its own
 * checkpoints as if it had been interrupted there: with the same checkpoint interval the bytes
 * are the same, interrupted or not. */
#include "kw-booster.h"

#include "kw-error.h"
#include "kw-json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ATTR_BEST "best_iteration" /* the name that Python's binding knows */
#define ATTR_SCORE "best_score"
#define TYPE_FLOAT 1 /* of XGDMatrixSetDenseInfo() */

/* A training under way. Handles are owned. */
typedef struct {
    const KwXgb *xgb;
    const KwBoosterJob *job;
    DMatrixHandle train, valid;
    BoosterHandle booster;
    gchar *train_json; /* owned; array interface of the training rows */
    DMatrixHandle proxy;
    gboolean is_delivered; /* the one batch of the quantile matrix */
    KwBoosterRound now;
    gdouble best_valid;
} Training;

static void
training_clear(Training *self)
{
    if (self->booster != NULL)
        (void) self->xgb->booster_free(self->booster);
    if (self->train != NULL)
        (void) self->xgb->matrix_free(self->train);
    if (self->valid != NULL)
        (void) self->xgb->matrix_free(self->valid);
    if (self->proxy != NULL)
        (void) self->xgb->matrix_free(self->proxy);
    g_free(self->train_json);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Training, training_clear)

/* -- parameters -- */

const gchar *
kw_objective_to_string(KwObjective objective)
{
    switch (objective) {
    case KW_OBJECTIVE_REGRESSION:
        return "regression";
    case KW_OBJECTIVE_CLASSIFIER:
        return "classifier";
    }
    g_return_val_if_reached("regression");
}

/* The whole numbers and the ratios among the parameters, by name */
static const struct {
    const gchar *name;
    glong offset;
    guint min, max;
} counts[] = {
    {"n_rounds", G_STRUCT_OFFSET(KwBoosterParams, n_rounds), 1, KW_BOOSTER_MAX_ROUNDS},
    {"patience", G_STRUCT_OFFSET(KwBoosterParams, patience), 0, 100000},
    {"max_depth", G_STRUCT_OFFSET(KwBoosterParams, max_depth), 1, KW_BOOSTER_MAX_DEPTH},
    {"max_bin", G_STRUCT_OFFSET(KwBoosterParams, max_bin), 2, 65536},
    {"seed", G_STRUCT_OFFSET(KwBoosterParams, seed), 0, G_MAXINT32},
    {"n_threads", G_STRUCT_OFFSET(KwBoosterParams, n_threads), 1, KW_BOOSTER_MAX_THREADS},
};

static const struct {
    const gchar *name, *library_name;
    glong offset;
    gdouble min, max;
} ratios[] = {
    {"eta", "eta", G_STRUCT_OFFSET(KwBoosterParams, eta), 1e-6, 1},
    {"min_child_weight", "min_child_weight", G_STRUCT_OFFSET(KwBoosterParams, min_child_weight),
     0, 1e9},
    {"subsample", "subsample", G_STRUCT_OFFSET(KwBoosterParams, subsample), 0.01, 1},
    {"colsample", "colsample_bytree", G_STRUCT_OFFSET(KwBoosterParams, colsample), 0.01, 1},
    {"lambda", "lambda", G_STRUCT_OFFSET(KwBoosterParams, lambda), 0, 1e9},
    {"alpha", "alpha", G_STRUCT_OFFSET(KwBoosterParams, alpha), 0, 1e9},
    {"gamma", "gamma", G_STRUCT_OFFSET(KwBoosterParams, gamma), 0, 1e9},
};

static gboolean
fail_value(GError **error, const gchar *name, const gchar *what)
{
    g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE, "%s: %s", name, what);
    return FALSE;
}

gboolean
kw_booster_params_check(const KwBoosterParams *params, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        guint value = G_STRUCT_MEMBER(guint, params, counts[i].offset);

        if (value < counts[i].min || value > counts[i].max)
            return fail_value(error, counts[i].name, "out of range");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ratios); i++) {
        gdouble value = G_STRUCT_MEMBER(gdouble, params, ratios[i].offset);

        if (!(value >= ratios[i].min && value <= ratios[i].max))
            return fail_value(error, ratios[i].name, "out of range");
    }
    return TRUE;
}

void
kw_booster_params_add_to(const KwBoosterParams *params, JsonBuilder *builder)
{
    kw_json_add_string(builder, "objective", kw_objective_to_string(params->objective));
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
        kw_json_add_int(builder, counts[i].name,
                        G_STRUCT_MEMBER(guint, params, counts[i].offset));
    for (gsize i = 0; i < G_N_ELEMENTS(ratios); i++)
        kw_json_add_double(builder, ratios[i].name,
                           G_STRUCT_MEMBER(gdouble, params, ratios[i].offset));
}

gboolean
kw_booster_params_read(JsonObject *object, KwBoosterParams *out, GError **error)
{
    KwBoosterParams params = {0};
    const gchar *objective = NULL;

    if (!kw_json_get_string(object, "objective", &objective, error))
        return FALSE;
    if (g_str_equal(objective, "classifier"))
        params.objective = KW_OBJECTIVE_CLASSIFIER;
    else if (!g_str_equal(objective, "regression"))
        return fail_value(error, "objective", "is neither regression nor classifier");
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        gint64 value = 0;

        if (!kw_json_get_int(object, counts[i].name, &value, error))
            return FALSE;
        if (value < 0 || value > G_MAXINT32)
            return fail_value(error, counts[i].name, "out of range");
        G_STRUCT_MEMBER(guint, &params, counts[i].offset) = (guint) value;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ratios); i++) {
        if (!kw_json_get_double(object, ratios[i].name,
                                &G_STRUCT_MEMBER(gdouble, &params, ratios[i].offset), error))
            return FALSE;
    }
    if (!kw_booster_params_check(&params, error))
        return FALSE;
    *out = params;
    return TRUE;
}

/* Mean of the labels for a regression, one half for a classifier */
static gdouble
intercept_of(const KwBoosterJob *job)
{
    gdouble sum = 0;

    if (job->params->objective == KW_OBJECTIVE_CLASSIFIER)
        return 0.5;
    for (gsize i = 0; i < job->train->n_rows; i++)
        sum += job->train->labels[i];
    return sum / (gdouble) job->train->n_rows;
}

static gboolean
set_params(Training *self, GError **error)
{
    const KwBoosterParams *params = self->job->params;
    const gboolean is_classifier = params->objective == KW_OBJECTIVE_CLASSIFIER;
    g_autofree gchar *intercept = g_strdup_printf("%.9g", intercept_of(self->job));
    g_autofree gchar *max_depth = g_strdup_printf("%u", params->max_depth);
    g_autofree gchar *max_bin = g_strdup_printf("%u", params->max_bin);
    g_autofree gchar *seed = g_strdup_printf("%u", params->seed);
    g_autofree gchar *n_threads = g_strdup_printf("%u", params->n_threads);
    const gchar *const fixed[][2] = {
        {"verbosity", "0"},
        {"booster", "gbtree"},
        {"tree_method", "hist"},
        {"objective", is_classifier ? "binary:logistic" : "reg:squarederror"},
        {"eval_metric", is_classifier ? "logloss" : "rmse"},
        {"base_score", intercept},
        {"max_depth", max_depth},
        {"max_bin", max_bin},
        {"seed", seed},
        {"seed_per_iteration", "true"}, /* and not by what ran before in the process */
        {"nthread", n_threads},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++) {
        if (self->xgb->set_param(self->booster, fixed[i][0], fixed[i][1]) != 0)
            return kw_xgb_fail(self->xgb, fixed[i][0], error);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ratios); i++) {
        gchar text[G_ASCII_DTOSTR_BUF_SIZE];

        g_ascii_dtostr(text, sizeof text, G_STRUCT_MEMBER(gdouble, params, ratios[i].offset));
        if (self->xgb->set_param(self->booster, ratios[i].library_name, text) != 0)
            return kw_xgb_fail(self->xgb, ratios[i].name, error);
    }
    return TRUE;
}

/* -- matrices -- */

/* (transfer full): numpy's array interface, version 3 */
static gchar *
array_interface(const gfloat *values, gsize n_rows, gsize n_cols)
{
    return g_strdup_printf("{\"data\":[%" G_GUINTPTR_FORMAT ",true],"
                           "\"shape\":[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT "],"
                           "\"typestr\":\"<f4\",\"version\":3}",
                           (guintptr) values, n_rows, n_cols);
}

static int
on_next_batch(DataIterHandle handle)
{
    Training *self = handle;
    const KwMatrix *train = self->job->train;

    if (self->is_delivered)
        return 0;
    self->is_delivered = TRUE;
    if (self->xgb->proxy_set_dense(self->proxy, self->train_json) != 0 ||
        self->xgb->set_info(self->proxy, "label", train->labels, train->n_rows, TYPE_FLOAT) !=
            0)
        return 0;
    return 1;
}

static void
on_rewind(DataIterHandle handle)
{
    ((Training *) handle)->is_delivered = FALSE;
}

static gboolean
make_matrices(Training *self, GError **error)
{
    const KwMatrix *train = self->job->train, *valid = self->job->valid;
    g_autofree gchar *valid_json = array_interface(valid->values, valid->n_rows, valid->n_cols);
    g_autofree gchar *dense = NULL;
    g_autofree gchar *quantile = NULL;

    /* NaN stands bare: it is the library's own dialect of JSON */
    dense = g_strdup_printf("{\"missing\":NaN,\"nthread\":%u}", self->job->params->n_threads);
    quantile = g_strdup_printf("{\"missing\":NaN,\"nthread\":%u,\"max_bin\":%u}",
                               self->job->params->n_threads, self->job->params->max_bin);
    self->train_json = array_interface(train->values, train->n_rows, train->n_cols);
    if (self->xgb->proxy_new(&self->proxy) != 0 ||
        self->xgb->quantile_new(self, self->proxy, NULL, on_rewind, on_next_batch, quantile,
                                &self->train) != 0)
        return kw_xgb_fail(self->xgb, "training rows", error);
    if (self->xgb->dense_new(valid_json, dense, &self->valid) != 0 ||
        self->xgb->set_info(self->valid, "label", valid->labels, valid->n_rows, TYPE_FLOAT) !=
            0)
        return kw_xgb_fail(self->xgb, "validation rows", error);
    return TRUE;
}

static gboolean
check_labels(const KwMatrix *matrix, KwObjective objective, GError **error)
{
    if (objective == KW_OBJECTIVE_REGRESSION)
        return TRUE;
    for (gsize i = 0; i < matrix->n_rows; i++) {
        if (!(matrix->labels[i] >= 0 && matrix->labels[i] <= 1))
            return fail_value(error, "labels", "a classifier wants 0 and 1");
    }
    return TRUE;
}

static gboolean
check_job(const KwBoosterJob *job, GError **error)
{
    const KwObjective objective = job->params->objective;

    if (!kw_booster_params_check(job->params, error) || !kw_matrix_check(job->train, error) ||
        !kw_matrix_check(job->valid, error))
        return FALSE;
    if (job->train->n_cols != job->valid->n_cols)
        return fail_value(error, "validation rows", "have another number of columns");
    return check_labels(job->train, objective, error) &&
           check_labels(job->valid, objective, error);
}

/* -- rounds -- */

/* "[99]\ttrain-rmse:0.148\tvalid-rmse:0.151" */
static gboolean
read_scores(const gchar *text, KwBoosterRound *out)
{
    const gchar *train = strstr(text, "train-"), *valid = strstr(text, "valid-");
    gchar *end = NULL;

    if (train == NULL || valid == NULL)
        return FALSE;
    train = strchr(train, ':');
    valid = strchr(valid, ':');
    if (train == NULL || valid == NULL)
        return FALSE;
    out->train = g_ascii_strtod(train + 1, &end);
    if (*end != '\t')
        return FALSE;
    out->valid = g_ascii_strtod(valid + 1, &end);
    return *end == '\0' && isfinite(out->train) && isfinite(out->valid);
}

static gboolean
remember_best(Training *self, GError **error)
{
    gchar score[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree gchar *best = NULL;

    if (self->now.valid < self->best_valid) {
        self->best_valid = self->now.valid;
        self->now.best = self->now.round;
    }
    best = g_strdup_printf("%u", self->now.best);
    g_ascii_dtostr(score, sizeof score, self->best_valid);
    if (self->xgb->set_attr(self->booster, ATTR_BEST, best) != 0 ||
        self->xgb->set_attr(self->booster, ATTR_SCORE, score) != 0)
        return kw_xgb_fail(self->xgb, "attributes", error);
    return TRUE;
}

/* One more tree, and what it is worth */
static gboolean
run_round(Training *self, GError **error)
{
    DMatrixHandle matrices[] = {self->train, self->valid};
    const char *names[] = {"train", "valid"};
    const char *text = NULL;
    int round = (int) self->now.round;

    if (self->xgb->update(self->booster, round, self->train) != 0)
        return kw_xgb_fail(self->xgb, "training", error);
    if (self->xgb->eval(self->booster, round, matrices, names, 2, &text) != 0)
        return kw_xgb_fail(self->xgb, "evaluation", error);
    if (!read_scores(text, &self->now)) {
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_TRAINING,
                            "evaluation: not a number");
        return FALSE;
    }
    return remember_best(self, error);
}

/* (transfer full): a copy, as the buffer dies with the next call. @config names the format */
static GBytes *
save(const KwXgb *xgb, BoosterHandle booster, const gchar *config, GError **error)
{
    const char *buffer = NULL;
    bst_ulong length = 0;

    if (xgb->save(booster, config, &length, &buffer) != 0) {
        (void) kw_xgb_fail(xgb, "saving", error);
        return NULL;
    }
    return g_bytes_new(buffer, length);
}

static gboolean
read_attribute(Training *self, const gchar *name, gdouble *out)
{
    const char *text = NULL;
    int is_there = 0;
    gchar *end = NULL;

    if (self->xgb->get_attr(self->booster, name, &text, &is_there) != 0 || !is_there)
        return FALSE;
    *out = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

/* Where a checkpoint stood */
static gboolean
read_checkpoint(Training *self, GBytes *state, GError **error)
{
    gsize length = 0;
    gconstpointer bytes = g_bytes_get_data(state, &length);
    gdouble best = 0;
    int n_rounds = 0;

    if (self->xgb->load(self->booster, bytes, length) != 0)
        return kw_xgb_fail(self->xgb, "checkpoint", error);
    if (self->xgb->n_rounds(self->booster, &n_rounds) != 0 || n_rounds < 1 ||
        !read_attribute(self, ATTR_BEST, &best) ||
        !read_attribute(self, ATTR_SCORE, &self->best_valid) || best < 0 || best >= n_rounds)
        return fail_value(error, "checkpoint", "is none");
    self->now.round = (guint) n_rounds;
    self->now.best = (guint) best;
    return TRUE;
}

/* A fresh booster, at @state if there is one */
static gboolean
open_booster(Training *self, GBytes *state, GError **error)
{
    DMatrixHandle matrices[] = {self->train, self->valid};

    if (self->booster != NULL)
        (void) self->xgb->booster_free(self->booster);
    self->booster = NULL;
    if (self->xgb->booster_new(matrices, 2, &self->booster) != 0)
        return kw_xgb_fail(self->xgb, "booster", error);
    if (state != NULL && !read_checkpoint(self, state, error))
        return FALSE;
    return set_params(self, error);
}

/* Gives the state away and goes on from it, as a resumed training would */
static gboolean
give_checkpoint(Training *self, GError **error)
{
    const KwBoosterJob *job = self->job;
    g_autoptr(GBytes) state = NULL;

    if (job->on_checkpoint == NULL || job->checkpoint_every == 0 ||
        self->now.round % job->checkpoint_every != 0)
        return TRUE;
    state = save(self->xgb, self->booster, "{\"format\":\"ubj\"}", error);
    return state != NULL && job->on_checkpoint(state, job->user_data, error) &&
           open_booster(self, state, error);
}

static gboolean
start(Training *self, GError **error)
{
    self->best_valid = INFINITY;
    return check_job(self->job, error) && make_matrices(self, error) &&
           open_booster(self, self->job->checkpoint, error);
}

static gboolean
is_over(const Training *self)
{
    const KwBoosterParams *params = self->job->params;

    if (self->now.round >= params->n_rounds)
        return TRUE;
    return params->patience > 0 && self->now.round > self->now.best + params->patience;
}

/* (transfer full): the model up to its best round */
static GBytes *
finish(Training *self, GError **error)
{
    BoosterHandle best = NULL;
    GBytes *model;

    if (self->xgb->slice(self->booster, 0, (int) self->now.best + 1, 1, &best) != 0) {
        (void) kw_xgb_fail(self->xgb, "cutting", error);
        return NULL;
    }
    model = save(self->xgb, best, "{\"format\":\"json\"}", error);
    (void) self->xgb->booster_free(best);
    return model;
}

GBytes *
kw_booster_train(const KwXgb *xgb,
                 const KwBoosterJob *job,
                 KwBoosterRound *out_best,
                 GError **error)
{
    g_auto(Training) self = {.xgb = xgb, .job = job};
    GBytes *model;

    if (!start(&self, error))
        return NULL;
    while (!is_over(&self)) {
        KwBoosterDecision decision = KW_BOOSTER_GO_ON;

        if (!run_round(&self, error))
            return NULL;
        if (job->on_round != NULL)
            decision = job->on_round(&self.now, job->user_data);
        self.now.round++;
        if (!give_checkpoint(&self, error))
            return NULL;
        if (decision == KW_BOOSTER_CANCEL) {
            g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_CANCELLED, "cancelled");
            return NULL;
        }
    }
    model = finish(&self, error);
    if (model != NULL && out_best != NULL)
        *out_best = (KwBoosterRound){.round = self.now.best,
                                     .best = self.now.best,
                                     .train = self.now.train,
                                     .valid = self.best_valid};
    return model;
}
