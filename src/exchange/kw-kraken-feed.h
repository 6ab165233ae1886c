/* kw-kraken-feed.h: KwFeed of Kraken's live candles: from the stream, confirmed over REST */
#pragma once

#include "kw-feed.h"
#include "kw-kraken-quotes.h"
#include "kw-kraken.h"

G_BEGIN_DECLS

#define KW_TYPE_KRAKEN_FEED (kw_kraken_feed_get_type())
G_DECLARE_FINAL_TYPE(KwKrakenFeed, kw_kraken_feed, KW, KRAKEN_FEED, GObject)

/**
 * KwKrakenFeedOptions:
 * @pairs: (array zero-terminated=1): "BTC/EUR"
 * @timeframe_us: one of Kraken's
 * @kraken: for public calls; a reference is kept
 * @ws_url: (nullable): instead of %KW_KRAKEN_WS_URL
 * @ca_file: (nullable): as in #KwKrakenOptions
 */
typedef struct {
    const gchar *const *pairs;
    gint64 timeframe_us;
    KwKraken *kraken;
    const gchar *ws_url;
    const gchar *user_agent;
    const gchar *ca_file;
} KwKrakenFeedOptions;

/* Signals:
 *   "state" (const gchar *what): the exchange's or a pair's state, or the stream, has changed
 *   "revised" (guint pair_index, gint64 open_us): a finished candle is told with other numbers
 */

/* (transfer full): call kw_kraken_feed_open_async() before anything else */
KwKrakenFeed *kw_kraken_feed_new(KwClock *clock, const KwKrakenFeedOptions *options);

/* (transfer none): known after the opening */
KwKrakenPairs *kw_kraken_feed_get_pairs(KwKrakenFeed *self);

/* @series: stored candles of pair @index, older than what Kraken tells; before the opening */
void kw_kraken_feed_add_history(KwKrakenFeed *self, guint index, const KwSeries *series);

/**
 * kw_kraken_feed_open_async:
 *
 * Reads the exchange's time, its pairs, and the last 720 candles of each; then starts the
 * stream.
 */
void kw_kraken_feed_open_async(KwKrakenFeed *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/* %FALSE with an error of kw_kraken_finish(), or %KW_EXCHANGE_ERROR_REFUSED: a pair is not
 * traded there; the message names it */
gboolean kw_kraken_feed_open_finish(KwKrakenFeed *self, GAsyncResult *result, GError **error);

/* Ends all calls that are under way, an opening too (%G_IO_ERROR_CANCELLED). */
void kw_kraken_feed_close(KwKrakenFeed *self);

/**
 * KwKrakenFeedCounts: since the opening
 * @n_confirmed: candles that REST has told
 * @n_streamed: candles taken from the stream, because REST had none in time
 * @n_flat: intervals without a trade, filled with the last close
 * @n_late: candles that came after their batch had gone without them
 */
typedef struct {
    guint64 n_confirmed, n_streamed, n_flat, n_late, n_revised;
} KwKrakenFeedCounts;

KwKrakenFeedCounts kw_kraken_feed_get_counts(KwKrakenFeed *self);
KwKrakenQuotes *kw_kraken_feed_get_quotes(KwKrakenFeed *self); /* (transfer none) (nullable) */

G_END_DECLS
