/* kw-promoter.c: promotion and its way back, for the helm
 *
 * To verify a version takes longer than the main loop may wait, so a thread does it, with a
 * registry of its own. It switches the link and nothing else: that the engine takes the model
 * over between two rows is the business of kw-model-watch.c, whoever has switched it. */
#include "kw-promoter.h"

#include "kw-desk-models.h"
#include "kw-registry.h"

#include <gio/gio.h>

struct _KwPromoter {
    gchar *root; /* owned */
    KwPromoterFunc func;
    gpointer user_data;
    GCancellable *cancellable; /* owned; of the change under way; NULL = none */
};

typedef struct {
    gchar *root; /* owned */
    KwPromoterWay way;
    KwModelVersion version;
    gint64 now_us;
} Change;

static void
change_free(gpointer data)
{
    Change *change = data;

    g_free(change->root);
    g_free(change);
}

KwPromoter *
kw_promoter_new(const gchar *root, KwPromoterFunc func, gpointer user_data)
{
    KwPromoter *self = g_new0(KwPromoter, 1);

    self->root = g_strdup(root);
    self->func = func;
    self->user_data = user_data;
    return self;
}

void
kw_promoter_free(KwPromoter *self)
{
    if (self == NULL)
        return;
    if (self->cancellable != NULL)
        g_cancellable_cancel(self->cancellable);
    g_clear_object(&self->cancellable);
    g_free(self->root);
    g_free(self);
}

static void
run_change(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const Change *change = task_data;
    g_autoptr(KwRegistry) registry = kw_desk_models_open(change->root);
    GError *error = NULL;
    gboolean is_done;

    (void) source;
    (void) cancellable;
    if (change->way == KW_PROMOTER_DEPLOY)
        is_done = kw_registry_promote(registry, change->version, KW_PROMOTE_GATED,
                                      change->now_us, &error);
    else
        is_done = kw_registry_rollback(registry, change->version, change->now_us, &error);
    if (is_done)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void
on_changed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwPromoter *self = user_data;
    const Change *change = g_task_get_task_data(G_TASK(result));
    gchar tag[KW_MODEL_VERSION_TEXT_SIZE];
    g_autoptr(GError) error = NULL;

    (void) source;
    (void) g_task_propagate_boolean(G_TASK(result), &error);
    if (g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result))))
        return; /* the promoter is gone */
    g_clear_object(&self->cancellable);
    self->func(kw_model_version_to_text(change->version, tag), error, self->user_data);
}

static gboolean
is_there(const KwRegistry *registry, KwModelVersion version)
{
    g_autoptr(GArray) versions = kw_registry_list(registry);

    for (guint i = 0; i < versions->len; i++) {
        if (kw_model_version_cmp(g_array_index(versions, KwModelVersion, i), version) == 0)
            return TRUE;
    }
    return FALSE;
}

const gchar *
kw_promoter_begin(KwPromoter *self, KwPromoterWay way, const gchar *tag, gint64 now_us)
{
    g_autoptr(KwRegistry) registry = NULL;
    g_autoptr(GTask) task = NULL;
    KwModelVersion version, promoted;
    Change *change;

    g_return_val_if_fail(self != NULL && tag != NULL, "");

    if (self->cancellable != NULL)
        return "busy";
    registry = kw_desk_models_open(self->root);
    if (registry == NULL)
        return "not_set_up";
    if (!kw_model_version_parse(tag, &version) || !is_there(registry, version))
        return "unknown_model";
    if (kw_registry_get_promoted(registry, &promoted) &&
        kw_model_version_cmp(promoted, version) == 0)
        return "same";
    change = g_new0(Change, 1);
    *change = (Change){g_strdup(self->root), way, version, now_us};
    self->cancellable = g_cancellable_new();
    task = g_task_new(NULL, self->cancellable, on_changed, self);
    g_task_set_source_tag(task, kw_promoter_begin);
    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, change, change_free);
    g_task_run_in_thread(task, run_change);
    return "";
}
