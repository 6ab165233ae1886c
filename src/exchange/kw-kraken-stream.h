/* kw-kraken-stream.h: one connection to Kraken's WebSocket v2, and what it is subscribed to */
#pragma once

#include "kw-kraken-book.h"
#include "kw-kraken-frame.h"
#include "kw-kraken-pairs.h"

#include "kw-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwKrakenStreamOptions: all is copied; of @pairs a reference is kept
 * @url: "wss://ws.kraken.com/v2", or the private one
 * @pairs: (nullable): gives books their precision and takes what
 *   the channel "instrument" tells
 * @book_depth: 10, 25, 100, 500 or 1000
 */
typedef struct {
    const gchar *url;
    const gchar *user_agent;
    const gchar *ca_file;
    KwKrakenPairs *pairs;
    guint book_depth;
    guint64 seed;
} KwKrakenStreamOptions;

/* Signals:
 *   "up" (): connected; what was wanted is being subscribed
 *   "down" (const gchar *why)
 *   "system" (gint KwKrakenSystem)
 *   "ticker" (const gchar *symbol, const KwKrakenTicker *)
 *   "bar" (const KwKrakenBar *, gboolean is_snapshot)
 *   "book" (const gchar *symbol, const KwKrakenBook *): after each whole change
 *   "instruments" (guint n_changed)
 *   "report" (const KwKrakenReport *, gboolean is_snapshot)
 *   "balance" (const gchar *asset, const KwDecimal *)
 *   "gap" (const gchar *channel, const gchar *symbol): something was missed and is fetched anew
 *   "refused" (const gchar *what): a subscription that the exchange does not give
 *   "max-rate" (gint64 count): of the matching engine, for the account's tier
 *   "answer" (const KwKrakenFrame *): to a request of kw_kraken_stream_send()
 *   "token" (): the private channels need one: kw_kraken_stream_set_token() */
#define KW_TYPE_KRAKEN_STREAM (kw_kraken_stream_get_type())
G_DECLARE_FINAL_TYPE(KwKrakenStream, kw_kraken_stream, KW, KRAKEN_STREAM, GObject)

/* Returns: (transfer full): %NULL with %KW_NET_ERROR_IO */
KwKrakenStream *
kw_kraken_stream_new(KwClock *clock, const KwKrakenStreamOptions *options, GError **error);

/* @symbol: %NULL for "instrument", "executions", "balances"; @interval: minutes, for "ohlc".
 * Wanted from now on, over every connection; before or after the start. */
void kw_kraken_stream_want(KwKrakenStream *self,
                           const gchar *channel,
                           const gchar *symbol,
                           guint interval);

void kw_kraken_stream_start(KwKrakenStream *self);
void kw_kraken_stream_stop(KwKrakenStream *self);

/* For the private channels of this connection; it is not kept */
void kw_kraken_stream_set_token(KwKrakenStream *self, const gchar *token);

/* Orders may go over this connection: its executions are delivered, it has a token, and the
 * last frame, a heartbeat included, is not older than @max_age_us. */
gboolean kw_kraken_stream_is_fit(KwKrakenStream *self, gint64 max_age_us);

/**
 * kw_kraken_stream_send:
 * @method: "add_order"
 * @params: see kw-kraken-request.h; the token of this connection is added
 *
 * It is written once. Its answer comes by "answer", or never: then "down" comes, or nothing.
 *
 * Returns: the number of the request; 0: nothing was and nothing will be written
 */
gint64 kw_kraken_stream_send(KwKrakenStream *self, const gchar *method, const gchar *params);

/* Gives the connection up and takes a new one, with a new token. */
void kw_kraken_stream_renew(KwKrakenStream *self, const gchar *why);

/* Monotonic age of the last news of the subscription; G_MAXINT64 when it has none on this
 * connection. A heartbeat is no news. */
gint64
kw_kraken_stream_get_age_us(KwKrakenStream *self, const gchar *channel, const gchar *symbol);

/* Everything wanted has delivered on this connection */
gboolean kw_kraken_stream_is_live(KwKrakenStream *self);

/* (transfer none) (nullable): whole book of @symbol */
const KwKrakenBook *kw_kraken_stream_get_book(KwKrakenStream *self, const gchar *symbol);

/**
 * KwKrakenStreamCounts: since the beginning
 * @n_frames: of any kind
 * @n_bad: that could not be read
 * @n_mismatches: checksums of books that differed
 * @n_stalls: subscriptions that were given and did not deliver
 */
typedef struct {
    guint64 n_frames, n_bad, n_mismatches, n_stalls, n_gaps;
} KwKrakenStreamCounts;

KwKrakenStreamCounts kw_kraken_stream_get_counts(KwKrakenStream *self);

G_END_DECLS
