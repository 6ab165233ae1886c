/* kw-model-health.c: the model asked again about recorded candles
 *
 * Keeping each prediction in a table of its own was considered. The candles are recorded, the
 * model is a verified file, and one at a time or all at once it says the same to the bit: so
 * what was predicted follows from them, also for the time before anybody thought of asking. */
#include "kw-model-health.h"

#include "kw-confidence.h"
#include "kw-feature-matrix.h"
#include "kw-model-drift.h"

#include <math.h>

#define DAY_US G_TIME_SPAN_DAY
#define N_BINS 10

/* What was right on one day */
typedef struct {
    gint64 day;
    guint n, n_right;
} Day;

struct _KwModelHealth {
    KwModel *model; /* owned */
    gint64 since_us;
    GPtrArray *others; /* of KwSeries, owned */
    GArray *days;      /* of Day, in order */
    GArray *facts;     /* of KwTriggerDay, made of them */
    GArray *chances;   /* of gdouble */
    GArray *rises;     /* of guint8 */
    guint n_drifted;
};

KwModelHealth *
kw_model_health_new(KwModel *model, gint64 since_us)
{
    KwModelHealth *self = g_new0(KwModelHealth, 1);

    self->model = kw_model_ref(model);
    self->since_us = since_us;
    self->others = g_ptr_array_new_with_free_func((GDestroyNotify) kw_series_free);
    self->days = g_array_new(FALSE, FALSE, sizeof(Day));
    self->facts = g_array_new(FALSE, FALSE, sizeof(KwTriggerDay));
    self->chances = g_array_new(FALSE, FALSE, sizeof(gdouble));
    self->rises = g_array_new(FALSE, FALSE, sizeof(guint8));
    return self;
}

void
kw_model_health_free(KwModelHealth *self)
{
    if (self == NULL)
        return;
    kw_model_unref(self->model);
    g_ptr_array_unref(self->others);
    g_array_unref(self->days);
    g_array_unref(self->facts);
    g_array_unref(self->chances);
    g_array_unref(self->rises);
    g_free(self);
}

void
kw_model_health_take_other(KwModelHealth *self, KwSeries *series)
{
    g_ptr_array_add(self->others, series);
}

/* The entry of @day, made where it belongs when it is not there */
static Day *
get_day(KwModelHealth *self, gint64 day)
{
    const Day fresh = {.day = day};
    guint at = self->days->len;

    while (at > 0 && g_array_index(self->days, Day, at - 1).day > day)
        at--;
    if (at > 0 && g_array_index(self->days, Day, at - 1).day == day)
        return &g_array_index(self->days, Day, at - 1);
    g_array_insert_val(self->days, at, fresh);
    return &g_array_index(self->days, Day, at);
}

/* One forecast and what became of it */
static void
count(
    KwModelHealth *self, gint64 time_us, gdouble chance, gboolean rose, KwModelPairHealth *out)
{
    Day *day = get_day(self, time_us / DAY_US);
    guint8 rise = rose != FALSE;
    gboolean is_right = (chance >= 0.5) == (rise != 0);

    day->n++;
    day->n_right += is_right;
    out->n_forecasts++;
    out->n_right += is_right;
    g_array_append_val(self->chances, chance);
    g_array_append_val(self->rises, rise);
}

/* -- drift -- */

static gboolean
stands_still(const gfloat *values, gsize n_rows, gsize n_cols, gsize col)
{
    for (gsize i = 1; i < n_rows; i++) {
        if (values[i * n_cols + col] > values[col] || values[i * n_cols + col] < values[col])
            return FALSE;
    }
    return n_rows > 1;
}

static void
compare(KwModelHealth *self, const KwFeatureMatrix *features, KwModelPairHealth *out)
{
    const KwMatrix *reference = kw_model_get_reference(self->model);
    const gint64 *times = kw_feature_matrix_get_times(features);
    gsize n_rows = kw_feature_matrix_get_n_rows(features), first = n_rows;
    gsize n_cols = reference->n_cols;
    const gfloat *newest;
    g_autoptr(GArray) drifts = NULL;

    while (first > 0 && times[first - 1] >= self->since_us &&
           times[first - 1] > times[n_rows - 1] - KW_MODEL_HEALTH_DRIFT_US)
        first--;
    newest = kw_feature_matrix_get_values(features) + first * n_cols;
    for (gsize col = 0; col < n_cols && n_rows - first >= KW_MODEL_DRIFT_MIN_ROWS; col++)
        out->n_constant += stands_still(newest, n_rows - first, n_cols, col) &&
                           !stands_still(reference->values, reference->n_rows, n_cols, col);
    drifts = kw_model_drift_compute(self->model, newest, times + first, n_rows - first, NULL);
    if (drifts != NULL)
        out->n_drifted = kw_model_drift_count(drifts);
    self->n_drifted = MAX(self->n_drifted, out->n_drifted);
}

static guint
count_unknown(const gdouble *values, gsize n)
{
    guint n_unknown = 0;

    for (gsize i = 0; i < n; i++)
        n_unknown += isnan(values[i]) ? 1 : 0;
    return n_unknown;
}

gboolean
kw_model_health_add(KwModelHealth *self,
                    const KwSeries *series,
                    KwModelPairHealth *out,
                    GError **error)
{
    const gboolean has_others =
        self->others->len >= kw_feature_list_get_n_pairs(kw_model_get_features(self->model));
    const KwFeatureInput input = {
        .series = series,
        .others = has_others ? (const KwSeries *const *) self->others->pdata : NULL,
        .n_threads = 1};
    const KwModelFacts *facts = kw_model_get_facts(self->model);
    gsize n = kw_series_get_length(series), first = kw_series_find(series, self->since_us);
    g_autofree gdouble *rises = g_new(gdouble, n + 1);
    g_autofree gdouble *predictions = g_new(gdouble, n + 1);
    g_autofree gdouble *confidences = g_new(gdouble, n + 1);
    g_autoptr(KwFeatureMatrix) features = NULL;
    g_autoptr(KwModelGuard) guard = kw_model_guard_new(self->model);

    if (!kw_label_compute(series, KW_LABEL_DIRECTION, facts->horizon_us, rises, error))
        return FALSE;
    features = kw_feature_matrix_compute(kw_model_get_features(self->model), &input, error);
    if (features == NULL)
        return FALSE;
    *out = (KwModelPairHealth){.n_rows = (guint) (n - first)};
    kw_model_predict(self->model, kw_feature_matrix_get_values(features), n, predictions,
                     confidences);
    out->n_unknown = count_unknown(predictions + first, n - first);
    kw_model_guard_pass(guard, kw_feature_matrix_get_values(features), n, predictions,
                        confidences);
    out->silence = kw_model_guard_get_silence(guard);
    out->n_silent = count_unknown(predictions + first, n - first) - out->n_unknown;
    for (gsize i = first; i < n; i++) {
        if (isnan(predictions[i]))
            continue;
        if (!isnan(rises[i]))
            count(self, kw_series_get_times(series)[i],
                  kw_confidence_shift(confidences[i], -KW_CONFIDENCE_BIAS), rises[i] > 0, out);
    }
    compare(self, features, out);
    return TRUE;
}

void
kw_model_health_fill(KwModelHealth *self, KwTriggerFacts *facts)
{
    const KwForecasts forecasts = {(const gdouble *) (gconstpointer) self->chances->data,
                                   (const guint8 *) self->rises->data, self->chances->len};

    g_array_set_size(self->facts, 0);
    for (guint i = 0; i < self->days->len; i++) {
        const Day *day = &g_array_index(self->days, Day, i);
        const KwTriggerDay fact = {day->day, day->n_right / (gdouble) day->n};

        g_array_append_val(self->facts, fact);
    }
    facts->days = (const KwTriggerDay *) (gconstpointer) self->facts->data;
    facts->n_days = self->facts->len;
    facts->n_drifted = self->n_drifted;
    facts->trained_day = kw_model_get_facts(self->model)->created_us / DAY_US;
    facts->calibration_error = NAN;
    if (forecasts.n >= KW_MODEL_HEALTH_MIN_FORECASTS) {
        g_autoptr(GArray) bins = kw_forecasts_bin(&forecasts, N_BINS, KW_BINNING_UNIFORM);

        facts->calibration_error = kw_reliability_error(bins, NULL);
    }
}
