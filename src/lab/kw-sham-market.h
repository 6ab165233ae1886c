/* kw-sham-market.h: prices of a market that is made up: same seed, same prices at any instant
 */
#pragma once

#include "kw-pair.h"
#include "kw-series.h"

G_BEGIN_DECLS

#define KW_SHAM_MARKET_N_PAIRS 2
#define KW_SHAM_MARKET_QUOTE "EUR"
#define KW_SHAM_MARKET_STEP_US (5 * (gint64) G_USEC_PER_SEC)
#define KW_SHAM_MARKET_CANDLE_US (60 * (gint64) G_USEC_PER_SEC)

/* Main thread; opaque; never changes. */
typedef struct _KwShamMarket KwShamMarket;

/**
 * kw_sham_market_new:
 * @from_us, @until_us: on whole minutes; outside of them the nearest price counts
 *
 * A price comes every five seconds, falls and rises for some minutes and never goes far: a
 * strategy that follows short averages trades often, and its stops are reached now and then.
 */
KwShamMarket *kw_sham_market_new(guint64 seed, gint64 from_us, gint64 until_us);
void kw_sham_market_free(KwShamMarket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwShamMarket, kw_sham_market_free)

const KwPair *kw_sham_market_get_pair(const KwShamMarket *self, guint index);

/* Returns: %FALSE when there is no such pair */
gboolean kw_sham_market_find_pair(const KwShamMarket *self, const gchar *name, guint *out);

/* The last price at @time_us, on the pair's tick */
KwDecimal kw_sham_market_get_price(const KwShamMarket *self, guint index, gint64 time_us);

/* Best prices at @time_us: two ticks apart at least */
void kw_sham_market_get_quote(const KwShamMarket *self,
                              guint index,
                              gint64 time_us,
                              KwDecimal *out_bid,
                              KwDecimal *out_ask);

/* Returns: (transfer full): all candles of a minute */
KwSeries *kw_sham_market_make_candles(const KwShamMarket *self, guint index);

G_END_DECLS
