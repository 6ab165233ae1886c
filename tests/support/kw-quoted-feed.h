/* kw-quoted-feed.h: a replay feed with quotes between its candles, as a live feed has them */
#pragma once

#include "kw-replay-feed.h"

G_BEGIN_DECLS

#define KW_TYPE_QUOTED_FEED (kw_quoted_feed_get_type())
G_DECLARE_FINAL_TYPE(KwQuotedFeed, kw_quoted_feed, KW, QUOTED_FEED, GObject)

/* @candles: a reference is kept */
KwQuotedFeed *kw_quoted_feed_new(KwFeed *candles);

/* The quote of pair @index from now on; NaN: none is known, as before the first */
void kw_quoted_feed_set(KwQuotedFeed *self, guint index, gdouble bid, gdouble ask);

G_END_DECLS
