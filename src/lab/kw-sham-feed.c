/* kw-sham-feed.c: candles are replayed; a quote is what the market is at now */
#define G_LOG_DOMAIN "kw-lab"

#include "kw-sham-feed.h"

#include "kw-replay-feed.h"

#include <math.h>

struct _KwShamFeed {
    GObject parent_instance;

    KwClock *clock;             /* owned */
    const KwShamMarket *market; /* borrowed */
    KwFeed *candles;            /* owned; its pairs are in the market's order */
    KwShamSight sight;
};

static void iface_init(KwFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwShamFeed,
                              kw_sham_feed,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_FEED, iface_init))

static guint
get_n_pairs(KwFeed *feed)
{
    return kw_feed_get_n_pairs(KW_SHAM_FEED(feed)->candles);
}

static const KwPair *
get_pair(KwFeed *feed, guint index)
{
    return kw_feed_get_pair(KW_SHAM_FEED(feed)->candles, index);
}

static gint64
get_timeframe_us(KwFeed *feed)
{
    (void) feed;
    return KW_SHAM_MARKET_CANDLE_US;
}

static gboolean
get_synthetic(KwFeed *feed)
{
    (void) feed;
    return TRUE;
}

static const gchar *
get_dataset_hash(KwFeed *feed)
{
    (void) feed;
    return "";
}

static void
load_history(KwFeed *feed, guint index, gint64 until_us, gsize max_rows, KwSeries *out)
{
    kw_feed_load_history(KW_SHAM_FEED(feed)->candles, index, until_us, max_rows, out);
}

static void
seek(KwFeed *feed, gint64 after_us)
{
    kw_feed_seek(KW_SHAM_FEED(feed)->candles, after_us);
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
    kw_feed_next_async(KW_SHAM_FEED(feed)->candles, cancellable, on_next,
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
    KwShamFeed *self = KW_SHAM_FEED(feed);
    KwDecimal bid, ask;

    *out = (KwFeedQuote){.bid = NAN,
                         .ask = NAN,
                         .bid_depth = NAN,
                         .ask_depth = NAN,
                         .is_open = self->sight != KW_SHAM_SIGHT_CLOSED};
    if (self->sight == KW_SHAM_SIGHT_NONE)
        return;
    kw_sham_market_get_quote(self->market, index, kw_clock_now_us(self->clock), &bid, &ask);
    out->bid = kw_decimal_to_double(bid);
    out->ask = kw_decimal_to_double(ask);
}

void
kw_sham_feed_set_sight(KwShamFeed *self, KwShamSight sight)
{
    g_return_if_fail(KW_IS_SHAM_FEED(self));

    self->sight = sight;
}

KwShamFeed *
kw_sham_feed_new(KwClock *clock, const KwShamMarket *market)
{
    KwReplayPair pairs[KW_SHAM_MARKET_N_PAIRS] = {0};
    KwShamFeed *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && market != NULL, NULL);

    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++) {
        pairs[i].pair = *kw_sham_market_get_pair(market, i);
        pairs[i].series = kw_sham_market_make_candles(market, i);
        pairs[i].synthetic = TRUE;
    }
    self = g_object_new(KW_TYPE_SHAM_FEED, NULL);
    self->clock = g_object_ref(clock);
    self->market = market;
    self->candles = KW_FEED(kw_replay_feed_new(clock, pairs, KW_SHAM_MARKET_N_PAIRS, NULL));
    return self;
}

static void
kw_sham_feed_finalize(GObject *object)
{
    KwShamFeed *self = KW_SHAM_FEED(object);

    g_clear_object(&self->candles);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_sham_feed_parent_class)->finalize(object);
}

static void
kw_sham_feed_class_init(KwShamFeedClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_sham_feed_finalize;
}

static void
kw_sham_feed_init(KwShamFeed *self)
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
