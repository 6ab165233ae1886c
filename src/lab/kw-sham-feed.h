/* kw-sham-feed.h: candles and quotes of a market that is made up, as a live feed has them */
#pragma once

#include "kw-clock.h"
#include "kw-feed.h"
#include "kw-sham-market.h"

G_BEGIN_DECLS

typedef struct _KwShamFeed KwShamFeed;

/* @market: borrowed, outlives the feed */
KwShamFeed *kw_sham_feed_new(KwClock *clock, const KwShamMarket *market);
void kw_sham_feed_free(KwShamFeed *self);

/* Returns: (transfer none): lives as long as @self does; no reference of it may outlive @self
 */
KwFeed *kw_sham_feed_get_feed(KwShamFeed *self);

/**
 * KwShamSight: what is seen of the market
 * @KW_SHAM_SIGHT_CLOSED: quotes, but it takes no orders
 * @KW_SHAM_SIGHT_NONE: no quotes
 */
typedef enum { KW_SHAM_SIGHT_OPEN, KW_SHAM_SIGHT_CLOSED, KW_SHAM_SIGHT_NONE } KwShamSight;

/* From now on */
void kw_sham_feed_set_sight(KwShamFeed *self, KwShamSight sight);

G_END_DECLS
