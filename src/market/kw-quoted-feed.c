/* kw-quoted-feed.c: everything but the quotes is the other feed's */
#define G_LOG_DOMAIN "kw-market"

#include "kw-quoted-feed.h"

#include <math.h>

struct _KwQuotedFeed {
    GObject parent_instance;

    KwFeed *candles; /* owned */
    KwQuoteFunc quote;
    gpointer user_data;
};

static void iface_init(KwFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwQuotedFeed,
                              kw_quoted_feed,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_FEED, iface_init))

static guint
get_n_pairs(KwFeed *feed)
{
    return kw_feed_get_n_pairs(KW_QUOTED_FEED(feed)->candles);
}

static const KwPair *
get_pair(KwFeed *feed, guint index)
{
    return kw_feed_get_pair(KW_QUOTED_FEED(feed)->candles, index);
}

static gint64
get_timeframe_us(KwFeed *feed)
{
    return kw_feed_get_timeframe_us(KW_QUOTED_FEED(feed)->candles);
}

static gboolean
get_synthetic(KwFeed *feed)
{
    return kw_feed_get_synthetic(KW_QUOTED_FEED(feed)->candles);
}

static const gchar *
get_dataset_hash(KwFeed *feed)
{
    return kw_feed_get_dataset_hash(KW_QUOTED_FEED(feed)->candles);
}

static void
load_history(KwFeed *feed, guint index, gint64 until_us, gsize max_rows, KwSeries *out)
{
    kw_feed_load_history(KW_QUOTED_FEED(feed)->candles, index, until_us, max_rows, out);
}

static void
seek(KwFeed *feed, gint64 after_us)
{
    kw_feed_seek(KW_QUOTED_FEED(feed)->candles, after_us);
}

static void
on_next(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    const KwFeedBatch *batch = kw_feed_next_finish(KW_FEED(source), result, &error);

    if (error != NULL)
        g_task_return_error(task, error);
    else
        g_task_return_pointer(task, (gpointer) batch, NULL);
}

static void
next_async(KwFeed *feed,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
    kw_feed_next_async(KW_QUOTED_FEED(feed)->candles, cancellable, on_next,
                       g_task_new(feed, cancellable, callback, user_data));
}

static const KwFeedBatch *
next_finish(KwFeed *feed, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, feed), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}

static void
get_quote(KwFeed *feed, guint index, KwFeedQuote *out)
{
    KwQuotedFeed *self = KW_QUOTED_FEED(feed);

    self->quote(index, out, self->user_data);
}

KwQuotedFeed *
kw_quoted_feed_new(KwFeed *candles, KwQuoteFunc quote, gpointer user_data)
{
    KwQuotedFeed *self;

    g_return_val_if_fail(KW_IS_FEED(candles) && quote != NULL, NULL);

    self = g_object_new(KW_TYPE_QUOTED_FEED, NULL);
    self->candles = g_object_ref(candles);
    self->quote = quote;
    self->user_data = user_data;
    return self;
}

static void
kw_quoted_feed_finalize(GObject *object)
{
    g_clear_object(&KW_QUOTED_FEED(object)->candles);

    G_OBJECT_CLASS(kw_quoted_feed_parent_class)->finalize(object);
}

static void
kw_quoted_feed_class_init(KwQuotedFeedClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_quoted_feed_finalize;
}

static void
kw_quoted_feed_init(KwQuotedFeed *self)
{
    (void) self;
}

static void
iface_init(KwFeedInterface *iface)
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
    iface->get_quote = get_quote;
}
