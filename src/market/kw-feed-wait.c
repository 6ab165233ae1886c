/* kw-feed-wait.c: one call at a time, and a cancel that comes from the main loop
 *
 * A handler of the cancellable's own signal was dropped: it runs inside g_cancellable_cancel(),
 * in whatever the caller is doing, and cannot be disconnected there. */
#include "kw-feed-wait.h"

GTask *
kw_feed_wait_task_new(gpointer feed,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data,
                      gpointer tag)
{
    g_autoptr(GTask) task = g_task_new(feed, cancellable, callback, user_data);

    g_task_set_source_tag(task, tag);
    g_task_set_check_cancellable(task, FALSE);
    return g_task_return_error_if_cancelled(task) ? NULL : g_steal_pointer(&task);
}

/* (transfer full): the call that waits, which waits no longer */
static GTask *
stop_waiting(KwFeedWait *self)
{
    if (self->guard != NULL)
        g_source_destroy(self->guard);
    g_clear_pointer(&self->guard, g_source_unref);
    return g_steal_pointer(&self->task);
}

static gboolean
on_cancelled(GCancellable *cancellable, gpointer user_data)
{
    KwFeedWait *self = g_task_get_task_data(G_TASK(user_data));
    g_autoptr(GTask) task = stop_waiting(self);

    if (self->over != NULL)
        self->over(g_task_get_source_object(task));
    (void) g_task_return_error_if_cancelled(task);
    return G_SOURCE_REMOVE;
}

void
kw_feed_wait_begin(KwFeedWait *self, GTask *task)
{
    GCancellable *cancellable;

    g_return_if_fail(self != NULL && self->task == NULL && G_IS_TASK(task));

    cancellable = g_task_get_cancellable(task);
    g_task_set_task_data(task, self, NULL);
    self->task = g_object_ref(task);
    if (cancellable == NULL)
        return;
    self->guard = g_cancellable_source_new(cancellable);
    g_task_attach_source(task, self->guard, G_SOURCE_FUNC(on_cancelled));
}

gboolean
kw_feed_wait_is_on(const KwFeedWait *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->task != NULL;
}

void
kw_feed_wait_end(KwFeedWait *self)
{
    g_autoptr(GTask) task = NULL;

    g_return_if_fail(self != NULL && self->task != NULL);

    task = stop_waiting(self);
    g_task_return_boolean(task, TRUE);
}
