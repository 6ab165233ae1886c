/* kw-feed-wait.h: the call for the next batch while there is none yet */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwFeedWait: part of a feed; all zero: nobody waits
 * @task: owned; the call, which keeps the feed alive
 * @guard: owned; looks at its cancellable
 * @over: (nullable): called with the feed when a cancel has ended a wait
 */
typedef struct {
    GTask *task;
    GSource *guard;
    void (*over)(gpointer feed);
} KwFeedWait;

/**
 * kw_feed_wait_task_new:
 * @feed: a #GObject
 * @tag: of the task
 *
 * The call of kw_feed_next_async(). It returns a boolean, and a batch that has left a series
 * reaches the caller whenever a cancel came.
 *
 * Returns: (transfer full) (nullable): %NULL: it was cancelled before and is answered
 */
GTask *kw_feed_wait_task_new(gpointer feed,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data,
                             gpointer tag);

/* @task waits from now on; a cancel answers it and ends the wait. Nobody waits before. */
void kw_feed_wait_begin(KwFeedWait *self, GTask *task);

gboolean kw_feed_wait_is_on(const KwFeedWait *self);

/* There is a batch: the call that waits is answered and waits no longer. Somebody waits. */
void kw_feed_wait_end(KwFeedWait *self);

G_END_DECLS
