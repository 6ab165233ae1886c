/* kw-training.c: the rows, and what is made of them
 *
 * The span before the test is cut in three: trees are grown on the first part, the second says
 * when to stop, and the third maps predictions to chances. Stopping and calibrating on the same
 * rows was the alternative; the rounds would then be chosen for the very rows that the map is
 * fitted to, and the map would promise too much. Between all parts stands the horizon. */
#include "kw-training.h"

#include "kw-config-problem.h"
#include "kw-error.h"
#include "kw-feature-matrix.h"

#include <math.h>
#include <string.h>

/* Rows of one pair, before they are put in order */
typedef struct {
    KwMatrix *rows; /* owned */
    gsize next;     /* first one that is not yet merged */
} Batch;

struct _KwTraining {
    KwTrainingOptions options;
    GBytes *text;
    KwFeatureList *list;
    gint64 timeframe_us;
    GArray *batches;        /* of Batch */
    KwFeatureMatrix *spent; /* owned; its memory is for the next pair's */
    KwMatrix *own_rows;     /* NULL in a window of another training */
    const KwMatrix *rows;   /* all, in the order of time, as the features gave them */
    KwFold fold;            /* its valid span is cut in two below */
    KwFoldSpan stop, map;   /* that says when to stop, that is mapped on */
    KwMatrix *train;        /* not scaled; reference of the model */
    KwMatrix *scaled, *scaled_stop;
    KwScaler *scaler;
    GBytes *model;
    KwCalibration *calibration;
    gdouble *chances; /* of a rise, on the test */
    guint8 *rises;    /* whether there was one */
    KwTrainingFigures figures;
};

static void
batch_clear(gpointer data)
{
    kw_matrix_free(((Batch *) data)->rows);
}

KwTraining *
kw_training_new(GBytes *features, const KwTrainingOptions *options, GError **error)
{
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwFeatureList *list = kw_feature_list_load_bytes("features.ini", features, problems);
    KwTraining *self;

    if (list == NULL) {
        (void) kw_config_problems_to_error(problems, error);
        return NULL;
    }
    self = g_new0(KwTraining, 1);
    self->options = *options;
    self->text = g_bytes_ref(features);
    self->list = list;
    self->batches = g_array_new(FALSE, TRUE, sizeof(Batch));
    g_array_set_clear_func(self->batches, batch_clear);
    return self;
}

void
kw_training_free(KwTraining *self)
{
    if (self == NULL)
        return;
    g_bytes_unref(self->text);
    kw_feature_list_unref(self->list);
    g_array_unref(self->batches);
    kw_feature_matrix_free(self->spent);
    kw_matrix_free(self->own_rows);
    kw_matrix_free(self->train);
    kw_matrix_free(self->scaled);
    kw_matrix_free(self->scaled_stop);
    kw_scaler_free(self->scaler);
    g_clear_pointer(&self->model, g_bytes_unref);
    kw_calibration_free(self->calibration);
    g_free(self->chances);
    g_free(self->rises);
    g_free(self);
}

/* -- rows -- */

static gboolean
is_known(const gfloat *row, gsize n, gdouble label)
{
    for (gsize i = 0; i < n; i++) {
        if (!isfinite(row[i]))
            return FALSE;
    }
    return isfinite(label);
}

/* (transfer full): the rows in which everything is known */
static KwMatrix *
keep_known(const KwFeatureMatrix *features, const gdouble *labels)
{
    gsize n_rows = kw_feature_matrix_get_n_rows(features), n_kept = 0;
    gsize n = kw_feature_matrix_get_n_features(features);
    const gfloat *values = kw_feature_matrix_get_values(features);
    KwMatrix *rows = kw_matrix_new(n_rows, n);

    for (gsize i = 0; i < n_rows; i++) {
        if (!is_known(values + i * n, n, labels[i]))
            continue;
        memcpy(rows->values + n_kept * n, values + i * n, n * sizeof(gfloat));
        rows->labels[n_kept] = (gfloat) labels[i];
        rows->times_us[n_kept] = kw_feature_matrix_get_times(features)[i];
        n_kept++;
    }
    rows->n_rows = n_kept;
    return rows;
}

static gboolean
label_rows(const KwTrainingOptions *options,
           const KwSeries *series,
           gdouble *labels,
           GError **error)
{
    if (options->label == KW_LABEL_TREND)
        return kw_label_trend(series, options->peers, options->n_peers, options->horizon_us,
                              labels, error);
    return kw_label_compute(series, options->label, options->horizon_us, labels, error);
}

/* (transfer container): candles of the list's pairs, in its order */
static const KwSeries **
find_others(const KwTraining *self, GError **error)
{
    guint n = kw_feature_list_get_n_pairs(self->list);
    g_autofree const KwSeries **others = g_new0(const KwSeries *, n + 1);

    for (guint i = 0; i < n; i++) {
        const gchar *name = kw_feature_list_get_pair(self->list, i);

        for (guint k = 0; self->options.peer_names != NULL && k < self->options.n_peers; k++) {
            if (strcmp(self->options.peer_names[k], name) == 0)
                others[i] = self->options.peers[k];
        }
        if (others[i] != NULL)
            continue;
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                    "the feature list needs candles of %s: it has to be one of --pairs", name);
        return NULL;
    }
    return g_steal_pointer(&others);
}

gboolean
kw_training_add_pair(KwTraining *self, const KwSeries *series, GError **error)
{
    g_autofree const KwSeries **others = NULL;
    KwFeatureInput input = {.series = series, .n_threads = self->options.n_threads};
    gsize n = kw_series_get_length(series);
    g_autofree gdouble *labels = g_new(gdouble, MAX(n, 1));
    g_autoptr(KwFeatureMatrix) features = NULL;
    Batch batch = {0};

    if (!label_rows(&self->options, series, labels, error))
        return FALSE;
    input.others = others = find_others(self, error);
    if (others == NULL)
        return FALSE;
    input.spent = g_steal_pointer(&self->spent);
    features = kw_feature_matrix_compute(self->list, &input, error);
    if (features == NULL)
        return FALSE;
    batch.rows = keep_known(features, labels);
    self->timeframe_us = kw_series_get_timeframe_us(series);
    self->figures.n_rows += batch.rows->n_rows;
    self->figures.n_unknown += n - batch.rows->n_rows;
    g_array_append_val(self->batches, batch);
    self->spent = g_steal_pointer(&features);
    return TRUE;
}

/* The batch whose next row is the earliest; of equal ones the first. %NULL at the end */
static Batch *
find_earliest(const KwTraining *self)
{
    Batch *best = NULL;

    for (guint i = 0; i < self->batches->len; i++) {
        Batch *batch = &g_array_index(self->batches, Batch, i);

        if (batch->next < batch->rows->n_rows &&
            (best == NULL ||
             batch->rows->times_us[batch->next] < best->rows->times_us[best->next]))
            best = batch;
    }
    return best;
}

static void
merge_batches(KwTraining *self)
{
    gsize n = kw_feature_list_get_n_features(self->list), row = 0;
    Batch *batch;

    g_clear_pointer(&self->spent, kw_feature_matrix_free);
    self->own_rows = kw_matrix_new(self->figures.n_rows, n);
    for (; (batch = find_earliest(self)) != NULL; row++) {
        memcpy(self->own_rows->values + row * n, batch->rows->values + batch->next * n,
               n * sizeof(gfloat));
        self->own_rows->labels[row] = batch->rows->labels[batch->next];
        self->own_rows->times_us[row] = batch->rows->times_us[batch->next];
        batch->next++;
    }
    self->rows = self->own_rows;
    g_array_set_size(self->batches, 0);
}

/* (transfer full): the rows of @span */
static KwMatrix *
rows_of(const KwTraining *self, KwFoldSpan span)
{
    return kw_matrix_slice(self->rows, kw_matrix_find(self->rows, span.begin_us),
                           kw_matrix_find(self->rows, span.end_us));
}

gsize
kw_training_count(const KwTraining *self, KwFoldSpan span)
{
    return kw_matrix_find(self->rows, span.end_us) - kw_matrix_find(self->rows, span.begin_us);
}

KwFoldSpan
kw_training_get_span(const KwTraining *self)
{
    gsize n = self->rows->n_rows;

    return (KwFoldSpan){self->rows->times_us[0],
                        self->rows->times_us[n - 1] + self->timeframe_us};
}

/* Looks at the rows, not at the borders that were meant to keep them apart */
static gboolean
is_leaking(const KwTraining *self, const KwMatrix *earlier, const KwMatrix *later)
{
    return earlier->times_us[earlier->n_rows - 1] + self->options.horizon_us >
           later->times_us[0];
}

static guint
count_constant(const KwMatrix *rows)
{
    guint n_constant = 0;

    for (gsize col = 0; col < rows->n_cols; col++) {
        gsize i = 1;

        while (i < rows->n_rows && !(rows->values[i * rows->n_cols + col] > rows->values[col] ||
                                     rows->values[i * rows->n_cols + col] < rows->values[col]))
            i++;
        n_constant += i == rows->n_rows;
    }
    return n_constant;
}

/* The part behind the training stops it and maps what it says, each on rows of its own */
static void
split_valid(KwTraining *self)
{
    gint64 horizon_us = self->options.horizon_us, middle_us;

    middle_us = (self->fold.valid.begin_us + self->fold.valid.end_us - horizon_us) / 2;
    self->stop = (KwFoldSpan){self->fold.valid.begin_us, middle_us};
    self->map = (KwFoldSpan){middle_us + horizon_us, self->fold.valid.end_us};
}

static gboolean
make_fold(KwTraining *self, GError **error)
{
    gint64 horizon_us = self->options.horizon_us;
    KwFoldRules rules = {.data = kw_training_get_span(self),
                         .horizon_us = horizon_us,
                         .embargo_us = horizon_us,
                         .train_us = KW_FOLD_MIN_TRAIN_US,
                         .step_us = KW_FOLD_STEP_US,
                         .valid_share = self->options.valid_share};

    return kw_fold_to_date(&rules, self->options.test_us, &self->fold, error);
}

/* The rows of the fold's spans, those that are trained on scaled */
static gboolean
cut(KwTraining *self, GError **error)
{
    g_autoptr(KwMatrix) stop = NULL;
    g_autoptr(KwMatrix) map = NULL;
    g_autoptr(KwMatrix) test = NULL;

    split_valid(self);
    self->train = rows_of(self, self->fold.train);
    stop = rows_of(self, self->stop);
    map = rows_of(self, self->map);
    test = rows_of(self, self->fold.test);
    if (!kw_matrix_check(self->train, error) || !kw_matrix_check(stop, error) ||
        !kw_matrix_check(map, error) || !kw_matrix_check(test, error))
        return FALSE;
    self->figures.n_train = self->train->n_rows;
    self->figures.n_valid = stop->n_rows + map->n_rows;
    self->figures.n_test = test->n_rows;
    self->figures.leaked = is_leaking(self, self->train, stop) || is_leaking(self, stop, map) ||
                           is_leaking(self, map, test);
    self->figures.n_constant = count_constant(self->train);
    self->scaler = kw_scaler_fit(self->train);
    self->scaled = kw_matrix_slice(self->train, 0, self->train->n_rows);
    kw_scaler_apply(self->scaler, self->scaled->values, self->scaled->n_rows);
    kw_scaler_apply(self->scaler, stop->values, stop->n_rows);
    self->scaled_stop = g_steal_pointer(&stop);
    return TRUE;
}

gboolean
kw_training_join(KwTraining *self, GError **error)
{
    if (self->figures.n_rows == 0) {
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                            "no row in which all features are known");
        return FALSE;
    }
    merge_batches(self);
    return TRUE;
}

gboolean
kw_training_prepare(KwTraining *self, GError **error)
{
    return kw_training_join(self, error) && make_fold(self, error) && cut(self, error);
}

KwTraining *
kw_training_new_window(const KwTraining *whole,
                       const KwFold *fold,
                       const gchar *folder,
                       GError **error)
{
    g_autoptr(KwTraining) self = g_new0(KwTraining, 1);

    self->options = whole->options;
    self->options.folder = folder;
    self->text = g_bytes_ref(whole->text);
    self->list = kw_feature_list_ref(whole->list);
    self->timeframe_us = whole->timeframe_us;
    self->batches = g_array_new(FALSE, TRUE, sizeof(Batch));
    self->rows = whole->rows;
    self->fold = *fold;
    self->figures.n_rows = whole->figures.n_rows;
    self->figures.n_unknown = whole->figures.n_unknown;
    return cut(self, error) ? g_steal_pointer(&self) : NULL;
}

/* -- the model -- */

gboolean
kw_training_fit(KwTraining *self, GError **error)
{
    KwTrainJob job = {.folder = self->options.folder,
                      .program = self->options.program,
                      .train = self->scaled,
                      .valid = self->scaled_stop,
                      .params = &self->options.params,
                      .max_bytes = self->options.max_bytes,
                      .on_round = self->options.on_round,
                      .user_data = self->options.user_data};
    KwBoosterRound best = {0};

    self->model = kw_train_job_run(&job, &best, error);
    self->figures.rounds = best.best + 1;
    self->figures.valid = best.valid;
    return self->model != NULL;
}

void
kw_training_take_model(KwTraining *self, GBytes *model)
{
    g_clear_pointer(&self->model, g_bytes_unref);
    self->model = g_bytes_ref(model);
}

/* (transfer full): what the trees say to the rows of @rows, which are scaled in place */
static gdouble *
predict(const KwTraining *self, const KwForest *forest, KwMatrix *rows)
{
    g_autofree gfloat *raw = g_new(gfloat, rows->n_rows);
    gdouble *out = g_new(gdouble, rows->n_rows);

    kw_scaler_apply(self->scaler, rows->values, rows->n_rows);
    kw_forest_predict(forest, rows->values, rows->n_rows, raw);
    for (gsize i = 0; i < rows->n_rows; i++)
        out[i] = raw[i];
    return out;
}

/* (transfer full): 1 for rows after which the price rose */
static guint8 *
rises_of(const KwMatrix *rows)
{
    guint8 *rises = g_new(guint8, rows->n_rows);

    for (gsize i = 0; i < rows->n_rows; i++)
        rises[i] = rows->labels[i] > 0;
    return rises;
}

static gboolean
calibrate(KwTraining *self, const KwForest *forest, GError **error)
{
    g_autoptr(KwMatrix) rows = rows_of(self, self->map);
    g_autofree guint8 *rises = rises_of(rows);
    g_autofree gdouble *predictions = predict(self, forest, rows);
    KwForecasts fold = {predictions, rises, rows->n_rows};

    /* a return is no probability: it always needs the curve */
    self->calibration = self->options.label == KW_LABEL_DIRECTION
                            ? kw_calibration_choose(&fold, error)
                            : kw_calibration_fit_platt(&fold, error);
    return self->calibration != NULL;
}

/* Errors and correlation of predictions and labels */
static void
measure(KwTraining *self, const KwMatrix *test, const gdouble *predictions)
{
    gdouble n = (gdouble) test->n_rows, mean = 0, mean_p = 0, naive = 0, error = 0;
    gdouble mean_y = 0, vp = 0, vy = 0, cov = 0;

    for (gsize i = 0; i < self->train->n_rows; i++)
        mean += self->train->labels[i] / (gdouble) self->train->n_rows;
    for (gsize i = 0; i < test->n_rows; i++) {
        mean_p += predictions[i] / n;
        mean_y += test->labels[i] / n;
    }
    for (gsize i = 0; i < test->n_rows; i++) {
        gdouble y = test->labels[i], p = predictions[i];

        error += (p - y) * (p - y) / n;
        naive += (mean - y) * (mean - y) / n;
        vp += (p - mean_p) * (p - mean_p);
        vy += (y - mean_y) * (y - mean_y);
        cov += (p - mean_p) * (y - mean_y);
    }
    self->figures.test_error = sqrt(error);
    self->figures.naive_error = sqrt(naive);
    self->figures.correlation = vp > 0 && vy > 0 ? cov / sqrt(vp * vy) : NAN;
}

gboolean
kw_training_judge(KwTraining *self, GError **error)
{
    g_autoptr(KwForest) forest = kw_forest_parse(self->model, error);
    g_autoptr(KwMatrix) test = NULL;
    g_autoptr(GArray) bins = NULL;
    KwForecasts forecasts;

    if (forest == NULL || !calibrate(self, forest, error))
        return FALSE;
    test = rows_of(self, self->fold.test);
    self->chances = predict(self, forest, test);
    self->rises = rises_of(test);
    measure(self, test, self->chances);
    for (gsize i = 0; i < test->n_rows; i++)
        self->chances[i] = kw_calibration_apply(self->calibration, self->chances[i]);
    forecasts = kw_training_get_forecasts(self);
    if (!kw_forecasts_check(&forecasts, error))
        return FALSE;
    kw_forecasts_score(&forecasts, &self->figures.scores);
    self->figures.n_right =
        (guint) round(self->figures.scores.accuracy * (gdouble) test->n_rows);
    bins = kw_forecasts_bin(&forecasts, KW_TRAINING_MAX_BINS, KW_BINNING_UNIFORM);
    self->figures.calibration_error = kw_reliability_error(bins, NULL);
    self->figures.n_bins = bins->len;
    for (guint i = 0; i < bins->len; i++)
        self->figures.bins[i] = g_array_index(bins, KwReliabilityBin, i);
    kw_tier_report_compute(&forecasts, &self->figures.tiers);
    return TRUE;
}

KwForecasts
kw_training_get_forecasts(const KwTraining *self)
{
    return (KwForecasts){self->chances, self->rises, self->figures.n_test};
}

const KwTrainingOptions *
kw_training_get_options(const KwTraining *self)
{
    return &self->options;
}

const KwTrainingFigures *
kw_training_get_figures(const KwTraining *self)
{
    return &self->figures;
}

const KwFold *
kw_training_get_fold(const KwTraining *self)
{
    return &self->fold;
}

gchar *
kw_training_dup_data_hash(const KwTraining *self)
{
    return kw_matrix_dup_hash(self->rows);
}

void
kw_training_get_parts(const KwTraining *self, KwModelParts *out)
{
    out->model = self->model;
    out->features = self->text;
    out->scaler = self->scaler;
    out->calibration = self->calibration;
    out->reference = self->train;
}
