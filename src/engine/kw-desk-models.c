/* kw-desk-models.c: the models of the registry, for the desk
 *
 * To know a version it has to be loaded and verified, which takes too long for the main loop:
 * a thread looks through the folder, and answers come from what it has found. Reading only the
 * manifests was dropped: a version that the bot would refuse must not look like a good one. */
#include "kw-desk-models.h"

#include "kw-gate.h"
#include "kw-json.h"
#include "kw-model-shelf.h"
#include "kw-registry.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define USUAL_NAME "boost"
#define FILE_METRICS "metrics.json"
#define FILE_RESULT "backtest-result.json"

struct _KwDeskModels {
    gchar *root;               /* owned */
    GArray *views;             /* owned, KwModelView, newest first */
    GCancellable *cancellable; /* owned; of the scan that runs; NULL = none */
};

/* -- looking -- */

/* The first figure that fails, in the words of KwModelView */
static void
name_failure(const KwGateInput *input, KwModelView *view)
{
    const KwGateLimits limits = KW_GATE_LIMITS_USUAL;
    KwGateLine lines[KW_GATE_N_CRITERIA];
    guint n_lines = 0;

    (void) kw_gate_judge(input, &limits, lines, &n_lines);
    for (guint i = 0; i < n_lines; i++) {
        if (lines[i].verdict == KW_GATE_PASS)
            continue;
        g_strlcpy(view->failed,
                  lines[i].criterion == KW_GATE_DRAWDOWN
                      ? "max_drawdown"
                      : kw_gate_criterion_to_string(lines[i].criterion),
                  sizeof view->failed);
        return;
    }
}

static void
read_backtest(const gchar *folder, KwModelView *view)
{
    g_autofree gchar *path = g_build_filename(folder, FILE_RESULT, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    g_autoptr(GBytes) bytes = file != NULL ? g_mapped_file_get_bytes(file) : NULL;
    g_auto(KwGateInput) input = {0};

    if (bytes == NULL || !kw_gate_input_parse(bytes, NULL, &input, NULL))
        return;
    view->has_backtest = TRUE;
    view->n_trades = input.n_trades;
    view->sortino = input.sortino;
    view->max_drawdown_ratio = input.drawdown;
    view->win_ratio = input.n_trades > 0 ? (gdouble) input.wins / input.n_trades : NAN;
    view->profit_ratio = input.profit;
    if (!view->is_passed)
        name_failure(&input, view);
}

/* One bin of the calibration; %FALSE when it cannot be read */
static gboolean
read_bin(JsonArray *bins, guint index, KwCalibrationView *out)
{
    JsonObject *bin = NULL;
    gint64 n_hits, n;

    if (!kw_json_at_object(bins, index, &bin, NULL) ||
        !kw_json_get_double(bin, "predicted", &out->predicted, NULL) ||
        !kw_json_get_int(bin, "came_true", &n_hits, NULL) ||
        !kw_json_get_int(bin, "n", &n, NULL) || n_hits < 0 || n < n_hits || n > G_MAXINT)
        return FALSE;
    out->n_hits = (guint) n_hits;
    out->n = (guint) n;
    return out->predicted >= 0 && out->predicted <= 1;
}

/* What the training found on rows that the model had not seen; versions of before it was kept
 * have no bins. */
static void
read_calibration(const gchar *folder, KwModelView *view)
{
    g_autofree gchar *path = g_build_filename(folder, FILE_METRICS, NULL);
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *object;
    JsonArray *bins = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    root = kw_json_parse_text(text, -1, NULL);
    object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    if (object == NULL ||
        !kw_json_get_double(object, "calibration_error", &view->calibration_error, NULL) ||
        !kw_json_get_array(object, "calibration", &bins, NULL))
        return;
    for (guint i = 0; i < json_array_get_length(bins) && view->n_bins < KW_VIEW_MAX_BINS; i++)
        view->n_bins += (guint) read_bin(bins, i, &view->bins[view->n_bins]);
}

static void
fill_view(const KwRegistry *registry, KwModelVersion version, KwModelView *view)
{
    g_autofree gchar *folder = kw_registry_dup_path(registry, version);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwModel) model = kw_model_load(folder, &error);
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    *view = (KwModelView){.calibration_error = NAN};
    if (model != NULL)
        kw_desk_models_fill_view(model, folder, view);
    else
        g_strlcpy(view->reason, error->message, sizeof view->reason);
    g_strlcpy(view->tag, kw_model_version_to_text(version, text), sizeof view->tag);
    view->deployed_us = kw_registry_get_promoted_us(registry, version);
}

void
kw_desk_models_fill_view(const KwModel *model, const gchar *folder, KwModelView *out)
{
    *out = (KwModelView){
        .calibration_error = NAN,
        .trained_us = kw_model_get_facts(model)->created_us,
        .is_passed = kw_model_get_facts(model)->passed_gate,
        .n_features = kw_feature_list_get_n_features(kw_model_get_features(model)),
    };
    read_backtest(folder, out);
    read_calibration(folder, out);
}

/* (transfer full) (nullable) */
static gchar *
dup_name(const gchar *root)
{
    g_auto(GStrv) names = kw_registry_list_names(root);

    return g_strdup(g_strv_contains((const gchar *const *) names, USUAL_NAME) ? USUAL_NAME
                                                                              : names[0]);
}

KwRegistry *
kw_desk_models_open(const gchar *root)
{
    g_autofree gchar *name = dup_name(root);

    return name != NULL ? kw_registry_new(root, name) : NULL;
}

/* In use, before that, or left by a rollback */
static void
place_in_line(const GArray *line, KwModelVersion version, KwModelView *view)
{
    gboolean is_in_line = FALSE;

    view->is_active = FALSE;
    for (guint i = 0; i < line->len; i++) {
        if (kw_model_version_cmp(g_array_index(line, KwModelVersion, i), version) != 0)
            continue;
        is_in_line = TRUE;
        view->is_active = i == line->len - 1;
    }
    view->is_rolled_back = view->deployed_us != 0 && !is_in_line;
}

GArray *
kw_desk_models_scan(const gchar *root)
{
    GArray *views = g_array_new(FALSE, FALSE, sizeof(KwModelView));
    g_autoptr(KwRegistry) registry = kw_desk_models_open(root);
    g_autoptr(GArray) versions = registry != NULL ? kw_registry_list(registry) : NULL;
    g_autoptr(GArray) line = registry != NULL ? kw_registry_list_line(registry) : NULL;

    for (guint i = versions != NULL ? versions->len : 0; i > 0; i--) {
        KwModelVersion version = g_array_index(versions, KwModelVersion, i - 1);
        KwModelView view;

        fill_view(registry, version, &view);
        place_in_line(line, version, &view);
        g_array_append_val(views, view);
    }
    return views;
}

static void
scan(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    (void) source;
    (void) cancellable;
    g_task_return_pointer(task, kw_desk_models_scan(task_data), (GDestroyNotify) g_array_unref);
}

static void
on_scanned(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwDeskModels *self = user_data;
    GArray *views = g_task_propagate_pointer(G_TASK(result), NULL);

    (void) source;
    if (views == NULL)
        return; /* cancelled: the desk is gone */
    g_array_unref(self->views);
    self->views = views;
    g_clear_object(&self->cancellable);
}

void
kw_desk_models_look(KwDeskModels *self)
{
    g_autoptr(GTask) task = NULL;

    if (self->cancellable != NULL)
        return;
    self->cancellable = g_cancellable_new();
    task = g_task_new(NULL, self->cancellable, on_scanned, self);
    g_task_set_source_tag(task, kw_desk_models_look);
    g_task_set_task_data(task, g_strdup(self->root), g_free);
    g_task_run_in_thread(task, scan);
}

/* -- answers -- */

/* Trades that were opened since @view is in service, and are closed */
static void
count_trades(const KwBook *book, KwModelView *view)
{
    for (guint i = kw_portfolio_get_n_closed(book->portfolio); i > 0; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(book->portfolio, i - 1);

        if (trade->close_us < view->deployed_us)
            return;
        if (trade->open_us < view->deployed_us)
            continue;
        view->live_n++;
        view->live_wins += kw_decimal_sign(trade->profit_abs) > 0;
    }
}

/* What the strategy is predicted by now, which may be newer than what was found, or older than
 * what is promoted and refused. The files that are read here are a link and a few lines. */
static void
mark_active(const KwDeskModels *self, const KwBook *book, GArray *list)
{
    g_autofree gchar *name = book->settings->models != NULL ? dup_name(self->root) : NULL;
    g_autoptr(KwRegistry) registry = NULL;
    g_autoptr(GArray) line = NULL;
    KwModelVersion used;
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    if (name == NULL || !kw_model_shelf_get_version(book->settings->models, name, &used))
        return;
    registry = kw_registry_new(self->root, name);
    line = kw_registry_list_line(registry);
    (void) kw_model_version_to_text(used, text);
    for (guint i = 0; i < list->len; i++) {
        KwModelView *view = &g_array_index(list, KwModelView, i);

        KwModelVersion version;

        if (!kw_model_version_parse(view->tag, &version))
            continue;
        view->deployed_us = kw_registry_get_promoted_us(registry, version);
        place_in_line(line, version, view);
        view->is_active = strcmp(view->tag, text) == 0;
    }
}

GArray *
kw_desk_models_list(KwDeskModels *self, const KwBook *book)
{
    GArray *list = g_array_copy(self->views);

    mark_active(self, book, list);
    for (guint i = 0; i < list->len; i++) {
        KwModelView *view = &g_array_index(list, KwModelView, i);

        if (view->is_active && view->deployed_us != 0)
            count_trades(book, view);
    }
    kw_desk_models_look(self);
    return list;
}

void
kw_desk_models_fill_silence(const KwBook *book, KwStatusView *out)
{
    for (guint i = 0; book->settings->models != NULL && i < book->n_slots; i++) {
        const KwSlot *slot = &book->slots[i];
        KwModelSilence silence =
            kw_model_shelf_get_silence(book->settings->models, slot->frame);

        if (!kw_model_silence_is(&silence))
            continue;
        if (out->n_mute++ > 0)
            continue;
        g_strlcpy(out->mute_pair, slot->pair.name, sizeof out->mute_pair);
        out->n_unknown = silence.n_unknown;
        out->n_stuck = silence.n_stuck;
        out->n_drifted = silence.n_drifted;
    }
}

void
kw_desk_models_fill_gate(KwGateView *out)
{
    const KwGateLimits limits = KW_GATE_LIMITS_USUAL;

    *out = (KwGateView){.min_sortino = limits.min_sortino,
                        .max_drawdown_ratio = limits.max_drawdown,
                        .min_win_ratio = limits.min_win_rate,
                        .min_trades = limits.min_trades};
}

gboolean
kw_desk_models_get_gate(const KwDeskModels *self, KwGateView *out)
{
    kw_desk_models_fill_gate(out);
    return self->views->len > 0;
}

KwDeskModels *
kw_desk_models_new(const gchar *root)
{
    KwDeskModels *self = g_new0(KwDeskModels, 1);

    self->root = g_strdup(root);
    self->views = g_array_new(FALSE, FALSE, sizeof(KwModelView));
    kw_desk_models_look(self);
    return self;
}

void
kw_desk_models_free(KwDeskModels *self)
{
    if (self == NULL)
        return;
    if (self->cancellable != NULL)
        g_cancellable_cancel(self->cancellable);
    g_clear_object(&self->cancellable);
    g_array_unref(self->views);
    g_free(self->root);
    g_free(self);
}
