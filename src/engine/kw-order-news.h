/* kw-order-news.h: which change of an order the owner hears of, and as what */
#pragma once

#include "kw-herald.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwOrderNews KwOrderNews;

/**
 * kw_order_news_new:
 * @oms: a reference is kept; its orders and alerts are listened to
 * @herald: borrowed; tells
 *
 * Tells once that an order of an entry or exit is at the venue, and that a trade was opened or
 * closed by one that is filled. Stops and targets that wait there are no news.
 */
KwOrderNews *kw_order_news_new(KwOms *oms, KwHerald *herald);
void kw_order_news_free(KwOrderNews *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwOrderNews, kw_order_news_free)

G_END_DECLS
