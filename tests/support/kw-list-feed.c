#include "kw-list-feed.h"

#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)

typedef struct {
    gint64 due_us;
    gboolean is_failure;
    KwFeedBatch batch;
} Item;

struct _KwListFeed {
    GObject parent_instance;

    KwClock *clock; /* owned */
    guint n_pairs;
    KwPair pairs[KW_FEED_MAX_PAIRS];
    GQueue items; /* owned Item */
    Item *given;  /* owned */
    GTask *task;  /* owned; waits for the clock */
    guint timer;
};

static void feed_init(KwFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwListFeed,
                              kw_list_feed,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_FEED, feed_init))

static guint
get_n_pairs(KwFeed *feed)
{
    return KW_LIST_FEED(feed)->n_pairs;
}

static const KwPair *
get_pair(KwFeed *feed, guint index)
{
    return &KW_LIST_FEED(feed)->pairs[index];
}

static gint64
get_timeframe_us(KwFeed *feed)
{
    return HOUR_US;
}

static gboolean
get_synthetic(KwFeed *feed)
{
    return FALSE;
}

static const gchar *
get_dataset_hash(KwFeed *feed)
{
    return "";
}

static void
load_history(KwFeed *feed, guint index, gint64 until_us, gsize max_rows, KwSeries *out)
{
}

static void
seek(KwFeed *feed, gint64 after_us)
{
}

static void
on_due(gpointer user_data)
{
    KwListFeed *self = user_data;
    g_autoptr(GTask) task = g_steal_pointer(&self->task);

    self->timer = 0;
    g_free(self->given);
    self->given = g_queue_pop_head(&self->items);
    if (self->given->is_failure)
        g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "made to fail");
    else
        g_task_return_boolean(task, TRUE);
}

static void
next_async(KwFeed *feed,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
    KwListFeed *self = KW_LIST_FEED(feed);
    const Item *next = g_queue_peek_head(&self->items);

    self->task = g_task_new(self, cancellable, callback, user_data);
    if (next != NULL)
        self->timer = kw_clock_call_at(
            self->clock, MAX(next->due_us, kw_clock_now_us(self->clock)), on_due, self);
}

static const KwFeedBatch *
next_finish(KwFeed *feed, GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error) ? &KW_LIST_FEED(feed)->given->batch
                                                           : NULL;
}

KwListFeed *
kw_list_feed_new(KwClock *clock, const gchar *const *names)
{
    KwListFeed *self = g_object_new(KW_TYPE_LIST_FEED, NULL);

    self->clock = g_object_ref(clock);
    for (; names[self->n_pairs] != NULL; self->n_pairs++)
        g_assert_true(kw_pair_init(&self->pairs[self->n_pairs], names[self->n_pairs], NULL));
    return self;
}

void
kw_list_feed_add(KwListFeed *self, gint64 due_us, const KwFeedBatch *batch)
{
    Item *item = g_new0(Item, 1);

    item->due_us = due_us;
    item->batch = *batch;
    g_queue_push_tail(&self->items, item);
}

void
kw_list_feed_add_failure(KwListFeed *self, gint64 due_us)
{
    Item *item = g_new0(Item, 1);

    item->due_us = due_us;
    item->is_failure = TRUE;
    g_queue_push_tail(&self->items, item);
}

static void
kw_list_feed_dispose(GObject *object)
{
    KwListFeed *self = KW_LIST_FEED(object);

    if (self->clock != NULL)
        kw_clock_cancel(self->clock, self->timer);
    g_clear_object(&self->task);
    g_clear_object(&self->clock);
    g_queue_clear_full(&self->items, g_free);
    g_clear_pointer(&self->given, g_free);

    G_OBJECT_CLASS(kw_list_feed_parent_class)->dispose(object);
}

static void
kw_list_feed_class_init(KwListFeedClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = kw_list_feed_dispose;
}

static void
kw_list_feed_init(KwListFeed *self)
{
    g_queue_init(&self->items);
}

static void
feed_init(KwFeedInterface *iface)
{
    iface->get_n_pairs = get_n_pairs;
    iface->get_pair = get_pair;
    iface->get_timeframe_us = get_timeframe_us;
    iface->get_synthetic = get_synthetic;
    iface->get_dataset_hash = get_dataset_hash;
    iface->load_history = load_history;
    iface->seek = seek;
    iface->next_async = next_async;
    iface->next_finish = next_finish;
}
