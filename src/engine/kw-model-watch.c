/* kw-model-watch.c: looks at the registry before each step
 *
 * Whoever promotes a model (kurswart train, kurswart model) is another process. The engine asks
 * the link "promoted" of each model in use, one lstat() each, before every closed batch, so the
 * scan after a promotion is the new model's. A notification by the kernel was considered: it
 * saves that one call and needs a second way for the folders that it cannot watch.
 *
 * Loading verifies every file and takes longer than the main loop may, so a thread does it, and
 * the step waits for it. A model that is refused there changes nothing
 * and is told once; the registry has to switch again before it is tried again. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-model-watch.h"

#include "kw-desk-models.h"
#include "kw-log.h"
#include "kw-model-feed.h"
#include "kw-notice.h"

struct _KwModelWatch {
    KwBook *book; /* borrowed */
    KwModelWatchEvents events;
    GObject *owner; /* borrowed */
};

/* What a thread needs to load a model */
typedef struct {
    KwModelNews news;
    gint64 timeframe_us;
    KwModelView view; /* by the thread, when it has loaded it */
} Load;

static void
load_free(gpointer data)
{
    Load *load = data;

    kw_model_news_clear(&load->news);
    g_free(load);
}

static void
run_load(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Load *load = task_data;
    GError *error = NULL;
    g_autoptr(KwModel) model = kw_model_load(load->news.path, &error);

    (void) source;
    (void) cancellable;
    if (model == NULL || !kw_model_feed_check(model, load->timeframe_us, &error)) {
        g_task_return_error(task, error);
    } else {
        kw_desk_models_fill_view(model, load->news.path, &load->view);
        g_task_return_pointer(task, g_steal_pointer(&model), (GDestroyNotify) kw_model_unref);
    }
}

/* Known by model and version: two models may be promoted in one second. */
static void
tell(KwModelWatch *self, const Load *load, const GError *error)
{
    const KwModelNews *news = &load->news;
    gboolean has_before = news->before.major > 0; /* the first is 1.0.0 */
    gboolean is_back = error == NULL && kw_model_version_cmp(news->version, news->before) < 0;
    KwEvent event = kw_notice_new(self->book, is_back ? KW_EVENT_MODEL_BACK : KW_EVENT_MODEL,
                                  error != NULL ? error->message : "");
    gchar version[KW_MODEL_VERSION_TEXT_SIZE], before[KW_MODEL_VERSION_TEXT_SIZE];

    (void) g_snprintf(event.trade.model, sizeof event.trade.model, "%s %s", news->name,
                      kw_model_version_to_text(news->version, version));
    (void) g_snprintf(event.key, sizeof event.key, "%s:%s:%" G_GINT64_FORMAT,
                      kw_event_kind_to_string(event.kind), event.trade.model,
                      event.time_us / G_USEC_PER_SEC);
    event.count = error == NULL ? 0 : has_before ? 1 : 2;
    if (error == NULL) {
        event.model = load->view;
        g_strlcpy(event.model.tag, kw_model_version_to_text(news->version, version),
                  sizeof event.model.tag);
        kw_desk_models_fill_gate(&event.gate);
    }
    if (error == NULL && has_before)
        g_strlcpy(event.text, kw_model_version_to_text(news->before, before),
                  sizeof event.text);
    if (error != NULL)
        kw_log_warning(has_before ? "promoted model refused; the one before stays"
                                  : "promoted model refused",
                       "KW_MODEL", event.trade.model, "KW_ERROR", error->message);
    else
        kw_log_message("promoted model in use", "KW_MODEL", event.trade.model);
    self->events.event(self->owner, &event);
}

static void
on_loaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwModelWatch *self = user_data;
    /* the reference that kw_model_watch_look() took */
    G_GNUC_UNUSED g_autoptr(GObject) owner = self->owner;
    const Load *load = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    g_autoptr(KwModel) model = g_task_propagate_pointer(G_TASK(result), &error);

    (void) source;
    if (model != NULL)
        kw_model_shelf_swap(self->book->settings->models, &load->news, model);
    tell(self, load, error);
    if (!kw_model_watch_look(self)) /* another model may be new as well */
        self->events.done(self->owner);
}

gboolean
kw_model_watch_look(KwModelWatch *self)
{
    KwModelShelf *shelf;
    g_autoptr(GTask) task = NULL;
    g_auto(KwModelNews) news = {0};
    Load *load;

    g_return_val_if_fail(self != NULL, FALSE);

    shelf = self->book->settings->models;
    if (shelf == NULL || !kw_model_shelf_find_news(shelf, &news))
        return FALSE;
    load = g_new0(Load, 1);
    load->news = news;
    load->timeframe_us = kw_feed_get_timeframe_us(self->book->feed);
    news.path = NULL; /* it is the load's now */
    g_object_ref(self->owner);
    task = g_task_new(NULL, NULL, on_loaded, self);
    g_task_set_source_tag(task, kw_model_watch_look);
    g_task_set_task_data(task, load, load_free);
    g_task_run_in_thread(task, run_load);
    return TRUE;
}

KwModelWatch *
kw_model_watch_new(KwBook *book, const KwModelWatchEvents *events, GObject *owner)
{
    KwModelWatch *self = g_new0(KwModelWatch, 1);

    self->book = book;
    self->events = *events;
    self->owner = owner;
    return self;
}

void
kw_model_watch_free(KwModelWatch *self)
{
    g_free(self);
}
