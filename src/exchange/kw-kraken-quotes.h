/* kw-kraken-quotes.h: bid, ask, depth and state of some pairs, as the public stream tells them
 */
#pragma once

#include "kw-feed.h"
#include "kw-kraken-stream.h"

G_BEGIN_DECLS

#define KW_TYPE_KRAKEN_QUOTES (kw_kraken_quotes_get_type())
G_DECLARE_FINAL_TYPE(KwKrakenQuotes, kw_kraken_quotes, KW, KRAKEN_QUOTES, GObject)

/**
 * KwKrakenQuotesOptions: all is copied but the pairs of @stream
 * @stream: how to reach it; its pairs are needed
 * @symbols: (array zero-terminated=1): "BTC/EUR"
 * @interval: minutes of the candles
 */
typedef struct {
    KwKrakenStreamOptions stream;
    const gchar *const *symbols;
    guint interval;
} KwKrakenQuotesOptions;

/* Signals:
 *   "bar" (guint index, const KwCandle *): a candle under way
 *   "state" (const gchar *what): of the exchange, of a pair, or of the stream */

/* Returns: (transfer full): connects at once; %NULL with %KW_NET_ERROR_IO */
KwKrakenQuotes *
kw_kraken_quotes_new(KwClock *clock, const KwKrakenQuotesOptions *options, GError **error);

/* @out: set as far as it is known and fresh */
void kw_kraken_quotes_get(KwKrakenQuotes *self, guint index, KwFeedQuote *out);

/* TRUE when candles were heard without a break for the last @span_us */
gboolean kw_kraken_quotes_is_whole(KwKrakenQuotes *self, gint64 span_us);

KwKrakenSystem kw_kraken_quotes_get_system(KwKrakenQuotes *self);
KwKrakenStream *kw_kraken_quotes_get_stream(KwKrakenQuotes *self); /* (transfer none) */

G_END_DECLS
