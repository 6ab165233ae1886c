/* kw-feed.h: port for market data: batches of candles that closed at the same instant */
#pragma once

#include "kw-candle.h"
#include "kw-pair.h"
#include "kw-series.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_FEED_MAX_PAIRS 64
#define KW_FEED_SOURCE_UNKNOWN "feed"

/**
 * KwFeedRow:
 * @pair_index: index into the feed's pair list
 */
typedef struct {
    guint pair_index;
    KwCandle candle;
} KwFeedRow;

/**
 * KwFeedBatch:
 * @close_us: the instant at which all rows became known (open + timeframe), UTC
 * @rows: ascending by pair_index, at most one a pair
 *
 * Valid until the next kw_feed_next_async() on the same feed.
 */
typedef struct {
    gint64 close_us;
    guint n_rows;
    KwFeedRow rows[KW_FEED_MAX_PAIRS];
} KwFeedBatch;

#define KW_FEED_MAX_LEVELS 10

/* One price of an order book and what is offered at it, base currency */
typedef struct {
    KwDecimal price, amount;
} KwFeedLevel;

/**
 * KwFeedQuote: what a live market looks like beside its candles
 * @bid, @ask: NaN when not known or not fresh
 * @bid_depth, @ask_depth: base currency near the middle; NaN when not known
 * @is_open: the market takes orders of any kind
 * @age_us: since the venue last told of it; a heartbeat tells nothing. 0 for a feed that cannot
 *   be silent
 * @has_book: the feed keeps order books; without @asks this one is not known just now
 * @asks: best first
 *
 * Plain value.
 */
typedef struct {
    gdouble bid, ask;
    gdouble bid_depth, ask_depth;
    gboolean is_open;
    gint64 age_us;
    gboolean has_book;
    guint n_asks;
    KwFeedLevel asks[KW_FEED_MAX_LEVELS];
} KwFeedQuote;

#define KW_TYPE_FEED (kw_feed_get_type())
G_DECLARE_INTERFACE(KwFeed, kw_feed, KW, FEED, GObject)

struct _KwFeedInterface {
    GTypeInterface parent_iface;

    guint (*get_n_pairs)(KwFeed *self);
    const KwPair *(*get_pair)(KwFeed *self, guint index);
    gint64 (*get_timeframe_us)(KwFeed *self);
    gboolean (*get_synthetic)(KwFeed *self);
    const gchar *(*get_dataset_hash)(KwFeed *self);
    void (*load_history)(
        KwFeed *self, guint index, gint64 until_us, gsize max_rows, KwSeries *out);
    void (*seek)(KwFeed *self, gint64 after_us);
    void (*next_async)(KwFeed *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
    const KwFeedBatch *(*next_finish)(KwFeed *self, GAsyncResult *result, GError **error);
    void (*get_quote)(KwFeed *self, guint index, KwFeedQuote *out); /* NULL: of the past */
    const gchar *(*get_source)(KwFeed *self); /* NULL: %KW_FEED_SOURCE_UNKNOWN */
};

guint kw_feed_get_n_pairs(KwFeed *self);

/* (transfer none): pair @index, valid as long as the feed */
const KwPair *kw_feed_get_pair(KwFeed *self, guint index);
gint64 kw_feed_get_timeframe_us(KwFeed *self);

/* TRUE when any row of this feed was made by a generator */
gboolean kw_feed_get_synthetic(KwFeed *self);

/* (transfer none): SHA-256 hex of the data set, or "" for a stream */
const gchar *kw_feed_get_dataset_hash(KwFeed *self);

/**
 * kw_feed_load_history:
 * @until_us: only candles that close at or before this instant
 * @max_rows: newest rows that are wanted
 * @out: empty series of the feed's timeframe; rows are appended
 */
void
kw_feed_load_history(KwFeed *self, guint index, gint64 until_us, gsize max_rows, KwSeries *out);

/* The next batch will be the first one with close_us > @after_us. Call it before next_async. */
void kw_feed_seek(KwFeed *self, gint64 after_us);

/**
 * kw_feed_next_async:
 *
 * Completes when the clock has reached the next batch's close time. One call at a time.
 */
void kw_feed_next_async(KwFeed *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/* Returns: (transfer none) (nullable): %NULL without error at the end of the data */
const KwFeedBatch *kw_feed_next_finish(KwFeed *self, GAsyncResult *result, GError **error);

/* (transfer none): the venue whose candles these are first-hand ("kraken"); a replay says
 * %KW_FEED_SOURCE_UNKNOWN, as it only passes on what somebody has stored */
const gchar *kw_feed_get_source(KwFeed *self);

/* TRUE when the market goes on between two candles: then there are quotes, and what a closed
 * candle says is acted on at once and not when the next one is whole. */
gboolean kw_feed_is_live(KwFeed *self);

/* @out: prices that are not known are NaN; a feed without quotes is always open */
void kw_feed_get_quote(KwFeed *self, guint index, KwFeedQuote *out);

G_END_DECLS
