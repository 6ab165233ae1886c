/* kw-quoted-feed.h: candles of another feed with quotes between them, as a live feed has them
 */
#pragma once

#include "kw-feed.h"

G_BEGIN_DECLS

#define KW_TYPE_QUOTED_FEED (kw_quoted_feed_get_type())
G_DECLARE_FINAL_TYPE(KwQuotedFeed, kw_quoted_feed, KW, QUOTED_FEED, GObject)

/**
 * KwQuoteFunc: fills all of @out with what pair @index is at now
 *
 * Thread: that of the feed's reader.
 */
typedef void (*KwQuoteFunc)(guint index, KwFeedQuote *out, gpointer user_data);

/**
 * kw_quoted_feed_new:
 * @candles: a reference is kept
 * @user_data: handed to @quote; outlives the feed
 *
 * Returns: (transfer full): a feed of one reader, as @candles is
 */
KwQuotedFeed *kw_quoted_feed_new(KwFeed *candles, KwQuoteFunc quote, gpointer user_data);

G_END_DECLS
