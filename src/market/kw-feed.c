#include "kw-feed.h"

#include <math.h>

G_DEFINE_INTERFACE(KwFeed, kw_feed, G_TYPE_OBJECT)

static void
kw_feed_default_init(KwFeedInterface *iface)
{
}

guint
kw_feed_get_n_pairs(KwFeed *self)
{
    g_return_val_if_fail(KW_IS_FEED(self), 0);

    return KW_FEED_GET_IFACE(self)->get_n_pairs(self);
}

const KwPair *
kw_feed_get_pair(KwFeed *self, guint index)
{
    g_return_val_if_fail(KW_IS_FEED(self), NULL);

    return KW_FEED_GET_IFACE(self)->get_pair(self, index);
}

gint64
kw_feed_get_timeframe_us(KwFeed *self)
{
    g_return_val_if_fail(KW_IS_FEED(self), 0);

    return KW_FEED_GET_IFACE(self)->get_timeframe_us(self);
}

gboolean
kw_feed_get_synthetic(KwFeed *self)
{
    g_return_val_if_fail(KW_IS_FEED(self), TRUE);

    return KW_FEED_GET_IFACE(self)->get_synthetic(self);
}

const gchar *
kw_feed_get_dataset_hash(KwFeed *self)
{
    g_return_val_if_fail(KW_IS_FEED(self), "");

    return KW_FEED_GET_IFACE(self)->get_dataset_hash(self);
}

void
kw_feed_load_history(KwFeed *self, guint index, gint64 until_us, gsize max_rows, KwSeries *out)
{
    g_return_if_fail(KW_IS_FEED(self));
    g_return_if_fail(out != NULL);

    KW_FEED_GET_IFACE(self)->load_history(self, index, until_us, max_rows, out);
}

void
kw_feed_seek(KwFeed *self, gint64 after_us)
{
    g_return_if_fail(KW_IS_FEED(self));

    KW_FEED_GET_IFACE(self)->seek(self, after_us);
}

void
kw_feed_next_async(KwFeed *self,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
    g_return_if_fail(KW_IS_FEED(self));

    KW_FEED_GET_IFACE(self)->next_async(self, cancellable, callback, user_data);
}

const KwFeedBatch *
kw_feed_next_finish(KwFeed *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(KW_IS_FEED(self), NULL);

    return KW_FEED_GET_IFACE(self)->next_finish(self, result, error);
}

gboolean
kw_feed_is_live(KwFeed *self)
{
    g_return_val_if_fail(KW_IS_FEED(self), FALSE);

    return KW_FEED_GET_IFACE(self)->get_quote != NULL;
}

void
kw_feed_get_quote(KwFeed *self, guint index, KwFeedQuote *out)
{
    g_return_if_fail(KW_IS_FEED(self) && out != NULL);

    *out = (KwFeedQuote){
        .bid = NAN, .ask = NAN, .bid_depth = NAN, .ask_depth = NAN, .is_open = TRUE};
    if (KW_FEED_GET_IFACE(self)->get_quote != NULL)
        KW_FEED_GET_IFACE(self)->get_quote(self, index, out);
}

const gchar *
kw_feed_get_source(KwFeed *self)
{
    g_return_val_if_fail(KW_IS_FEED(self), KW_FEED_SOURCE_UNKNOWN);

    return KW_FEED_GET_IFACE(self)->get_source != NULL
               ? KW_FEED_GET_IFACE(self)->get_source(self)
               : KW_FEED_SOURCE_UNKNOWN;
}
