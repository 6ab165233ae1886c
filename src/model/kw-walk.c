/* kw-walk.c: one window after the other
 *
 * Each window is a training of its own over the same rows, with its own stopping, scale and
 * map, and its model goes through files, manifest and probes like one that will trade. The
 * trees of a window are kept under its number until the walk is done; all else follows from
 * them and is cheap. What the windows have said on their tests is judged as one row of
 * forecasts: figures of single weeks are too small to say anything. */
#include "kw-walk.h"

#include "kw-error.h"
#include "kw-json.h"

#include <glib/gstdio.h>

#include <math.h>
#include <string.h>

#define FILE_WALK "walk.json"
#define N_BINS 10

/* A walk under way */
typedef struct {
    const KwWalkJob *job;
    KwWalk *out;
    GArray *chances;        /* of gdouble: joined */
    GArray *rises;          /* of guint8 */
    gchar *fit, *candidate; /* folders of the window */
} Course;

static void
course_clear(Course *self)
{
    g_clear_pointer(&self->chances, g_array_unref);
    g_clear_pointer(&self->rises, g_array_unref);
    g_free(self->fit);
    g_free(self->candidate);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Course, course_clear)

void
kw_walk_free(KwWalk *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->windows, g_array_unref);
    kw_model_relay_unref(self->relay);
    g_free(self);
}

KwFoldSpan
kw_walk_get_span(const KwWalk *self)
{
    const GArray *windows = self->windows;

    return (KwFoldSpan){g_array_index(windows, KwFold, 0).test.begin_us,
                        g_array_index(windows, KwFold, windows->len - 1).test.end_us};
}

/* -- windows -- */

/* (transfer full): those in which there are rows to test on */
static GArray *
list_windows(const KwWalkJob *job, GError **error)
{
    const KwTrainingOptions *options = kw_training_get_options(job->training);
    KwFoldRules rules = {.data = kw_training_get_span(job->training),
                         .horizon_us = options->horizon_us,
                         .embargo_us = job->rules.embargo_us,
                         .train_us = job->rules.train_us,
                         .step_us = job->rules.step_us,
                         .valid_share = options->valid_share};
    g_autoptr(GArray) windows = NULL;

    if (job->rules.from_us != G_MININT64) {
        gint64 begin_us = job->rules.from_us - rules.embargo_us - rules.train_us;

        if (begin_us < rules.data.begin_us) {
            g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT,
                        "%.0f days of rows before the first test are too few",
                        (gdouble) MAX(job->rules.from_us - rules.data.begin_us, 0) /
                            G_TIME_SPAN_DAY);
            return NULL;
        }
        rules.data.begin_us = begin_us;
    }
    windows = kw_fold_rolling(&rules, error);
    for (guint i = windows != NULL ? windows->len : 0; i-- > 0;) {
        if (kw_training_count(job->training, g_array_index(windows, KwFold, i).test) == 0)
            g_array_remove_index(windows, i);
    }
    if (windows != NULL && windows->len == 0) {
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT,
                            "no rows to test on behind the training");
        return NULL;
    }
    return g_steal_pointer(&windows);
}

/* (transfer full): same text, same trees in every window */
static gchar *
describe(const KwWalkJob *job)
{
    const KwTrainingOptions *options = kw_training_get_options(job->training);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *hash = kw_training_dup_data_hash(job->training);

    json_builder_begin_object(builder);
    kw_booster_params_add_to(&options->params, builder);
    kw_json_add_string(builder, "data_hash", hash);
    kw_json_add_int(builder, "horizon_us", options->horizon_us);
    kw_json_add_double(builder, "valid_share", options->valid_share);
    kw_json_add_int(builder, "train_us", job->rules.train_us);
    kw_json_add_int(builder, "step_us", job->rules.step_us);
    kw_json_add_int(builder, "embargo_us", job->rules.embargo_us);
    kw_json_add_int(builder, "from_us", job->rules.from_us);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

static gchar *
path_of(const KwWalkJob *job, guint index)
{
    g_autofree gchar *name = g_strdup_printf("window-%04u.json", index);

    return g_build_filename(job->folder, name, NULL);
}

static gboolean
write_text(const gchar *path, const gchar *text, gsize length, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (g_file_set_contents(path, text, (gssize) length, &cause))
        return TRUE;
    g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_IO, cause->message);
    return FALSE;
}

/* Removes the trees of another walk, and says which walk this is */
static gboolean
open_folder(const KwWalkJob *job, guint n_windows, GError **error)
{
    g_autofree gchar *text = describe(job);
    g_autofree gchar *path = g_build_filename(job->folder, FILE_WALK, NULL);
    g_autofree gchar *before = NULL;

    if (g_mkdir_with_parents(job->folder, 0700) != 0) {
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_IO, "%s cannot be made", job->folder);
        return FALSE;
    }
    if (g_file_get_contents(path, &before, NULL, NULL) && g_str_equal(before, text))
        return TRUE;
    for (guint i = 0; i < n_windows; i++) {
        g_autofree gchar *old = path_of(job, i);

        (void) g_unlink(old);
    }
    return write_text(path, text, strlen(text), error);
}

/* -- one window -- */

/* Trees of an earlier run, or new ones */
static gboolean
grow(Course *self, KwTraining *window, guint index, GError **error)
{
    g_autofree gchar *path = path_of(self->job, index);
    KwModelParts parts = {0};
    gchar *text = NULL;
    gsize length = 0;

    if (g_file_get_contents(path, &text, &length, NULL)) {
        g_autoptr(GBytes) model = g_bytes_new_take(text, length);

        kw_training_take_model(window, model);
        self->out->n_resumed++;
        return TRUE;
    }
    if (!kw_training_fit(window, error))
        return FALSE;
    kw_training_get_parts(window, &parts);
    text = (gchar *) g_bytes_get_data(parts.model, &length);
    return write_text(path, text, length, error);
}

/* Through files and checks, as any model that trades */
static gboolean
pass_on(Course *self, const KwTraining *window, const KwFold *fold, GError **error)
{
    KwModelFacts facts = *self->job->facts; /* texts are borrowed */
    KwModelParts parts = {.facts = &facts};
    g_autoptr(KwModel) model = NULL;

    kw_model_folder_remove(self->candidate);
    facts.data_begin_us = fold->train.begin_us;
    facts.data_end_us = fold->valid.end_us;
    facts.n_rows = (guint) kw_training_get_figures(window)->n_train;
    kw_training_get_parts(window, &parts);
    if (!kw_model_write(&parts, self->candidate, error))
        return FALSE;
    model = kw_model_load(self->candidate, error);
    kw_model_folder_remove(self->candidate);
    return model != NULL &&
           kw_model_relay_add(self->out->relay, fold->test.begin_us, model, error);
}

static gboolean
run_window(Course *self, guint index, GError **error)
{
    const KwFold *fold = &g_array_index(self->out->windows, KwFold, index);
    g_autoptr(KwTraining) window =
        kw_training_new_window(self->job->training, fold, self->fit, error);
    const KwTrainingFigures *figures;
    KwForecasts forecasts;

    if (window == NULL || !grow(self, window, index, error) ||
        !kw_training_judge(window, error) || !pass_on(self, window, fold, error))
        return FALSE;
    figures = kw_training_get_figures(window);
    forecasts = kw_training_get_forecasts(window);
    g_array_append_vals(self->chances, forecasts.p, (guint) forecasts.n);
    g_array_append_vals(self->rises, forecasts.hit, (guint) forecasts.n);
    self->out->leaked |= figures->leaked;
    self->out->n_right += figures->n_right;
    return TRUE;
}

/* -- all of them -- */

/* Leaves in the list those that a model came of. */
static gboolean
run_windows(Course *self, GError **error)
{
    const KwWalkJob *job = self->job;
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(KwFold));
    guint n = self->out->windows->len;

    for (guint i = 0; i < n; i++) {
        const KwFold *fold = &g_array_index(self->out->windows, KwFold, i);
        g_autoptr(GError) cause = NULL;

        if (job->on_window != NULL)
            job->on_window(i, n, fold, job->user_data);
        if (run_window(self, i, &cause)) {
            g_array_append_vals(kept, fold, 1);
            continue;
        }
        if (cause->domain != KW_STATS_ERROR || (i + 1 == n && kept->len == 0)) {
            g_propagate_prefixed_error(error, g_steal_pointer(&cause),
                                       "window %u of %u: ", i + 1, n);
            return FALSE;
        }
        self->out->n_failed++;
    }
    g_array_unref(self->out->windows);
    self->out->windows = g_steal_pointer(&kept);
    return TRUE;
}

static gboolean
judge(Course *self, GError **error)
{
    KwWalk *out = self->out;
    const KwForecasts joined = {(const gdouble *) (gconstpointer) self->chances->data,
                                (const guint8 *) self->rises->data, self->chances->len};
    g_autoptr(GArray) bins = NULL;

    if (!kw_forecasts_check(&joined, error))
        return FALSE;
    kw_forecasts_score(&joined, &out->scores);
    bins = kw_forecasts_bin(&joined, N_BINS, KW_BINNING_UNIFORM);
    out->calibration_error = kw_reliability_error(bins, NULL);
    kw_tier_report_compute(&joined, &out->tiers);
    return TRUE;
}

KwWalk *
kw_walk_run(const KwWalkJob *job, GError **error)
{
    g_autoptr(KwWalk) out = g_new0(KwWalk, 1);
    g_auto(Course) course = {.job = job, .out = out};

    out->windows = list_windows(job, error);
    if (out->windows == NULL || !open_folder(job, out->windows->len, error))
        return NULL;
    out->relay = kw_model_relay_new();
    course.chances = g_array_new(FALSE, FALSE, sizeof(gdouble));
    course.rises = g_array_new(FALSE, FALSE, sizeof(guint8));
    course.fit = g_build_filename(job->folder, "fit", NULL);
    course.candidate = g_build_filename(job->folder, "candidate", NULL);
    return run_windows(&course, error) && judge(&course, error) ? g_steal_pointer(&out) : NULL;
}
