/* kw-mt5-feed.h: KwFeed of the candles and prices of a MetaTrader 5 account, over its bridge */
#pragma once

#include "kw-feed.h"
#include "kw-mt5-directory.h"

G_BEGIN_DECLS

#define KW_TYPE_MT5_FEED (kw_mt5_feed_get_type())
G_DECLARE_FINAL_TYPE(KwMt5Feed, kw_mt5_feed, KW, MT5_FEED, GObject)

/**
 * KwMt5FeedOptions:
 * @pairs: (array zero-terminated=1): "BTC/USD"; each has to be in @directory
 * @timeframe_us: an hour at most: longer candles of the server begin at its own midnight
 * @mt5: for prices; a reference is kept
 * @history: for candles, which a hosted bridge tells under another address; may be @mt5
 * @directory: read here alone
 */
typedef struct {
    const gchar *const *pairs;
    gint64 timeframe_us;
    KwMt5 *mt5, *history;
    const KwMt5Directory *directory;
} KwMt5FeedOptions;

/**
 * kw_mt5_feed_new:
 *
 * An interval in which nothing was quoted has no candle at this kind of venue; it stays a gap.
 *
 * Returns: (transfer full): %NULL with %KW_EXCHANGE_ERROR_REFUSED: a pair or the length of the
 *   candles is not to be had there
 */
KwMt5Feed *kw_mt5_feed_new(KwClock *clock, const KwMt5FeedOptions *options, GError **error);

/* @series: stored candles of pair @index, older than what the bridge tells; before the opening
 */
void kw_mt5_feed_add_history(KwMt5Feed *self, guint index, const KwSeries *series);

/* Reads the last candles of each pair, then goes on by itself. */
void kw_mt5_feed_open_async(KwMt5Feed *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* %FALSE with an error of kw_mt5_finish() or a #KwParseError */
gboolean kw_mt5_feed_open_finish(KwMt5Feed *self, GAsyncResult *result, GError **error);

/* Ends all calls that are under way, an opening too (%G_IO_ERROR_CANCELLED). */
void kw_mt5_feed_close(KwMt5Feed *self);

G_END_DECLS
