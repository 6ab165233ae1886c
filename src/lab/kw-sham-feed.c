/* kw-sham-feed.c: candles are replayed; a quote is what the market is at now */
#define G_LOG_DOMAIN "kw-lab"

#include "kw-sham-feed.h"

#include "kw-quoted-feed.h"
#include "kw-replay-feed.h"

#include <math.h>

struct _KwShamFeed {
    KwClock *clock;             /* owned */
    const KwShamMarket *market; /* borrowed */
    KwQuotedFeed *feed;         /* owned; its pairs are in the market's order */
    KwShamSight sight;
};

static void
get_quote(guint index, KwFeedQuote *out, gpointer user_data)
{
    const KwShamFeed *self = user_data;
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
    g_return_if_fail(self != NULL);

    self->sight = sight;
}

KwFeed *
kw_sham_feed_get_feed(KwShamFeed *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return KW_FEED(self->feed);
}

KwShamFeed *
kw_sham_feed_new(KwClock *clock, const KwShamMarket *market)
{
    KwReplayPair pairs[KW_SHAM_MARKET_N_PAIRS] = {0};
    g_autoptr(KwReplayFeed) candles = NULL;
    KwShamFeed *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && market != NULL, NULL);

    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++) {
        pairs[i].pair = *kw_sham_market_get_pair(market, i);
        pairs[i].series = kw_sham_market_make_candles(market, i);
        pairs[i].synthetic = TRUE;
    }
    candles = kw_replay_feed_new(clock, pairs, KW_SHAM_MARKET_N_PAIRS, NULL);
    self = g_new0(KwShamFeed, 1);
    self->clock = g_object_ref(clock);
    self->market = market;
    self->feed = kw_quoted_feed_new(KW_FEED(candles), get_quote, self);
    return self;
}

void
kw_sham_feed_free(KwShamFeed *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->feed);
    g_clear_object(&self->clock);
    g_free(self);
}
