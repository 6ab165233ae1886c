/* kw-list-feed.h: a feed that gives the batches of a list, whatever is in them */
#pragma once

#include "kw-clock.h"
#include "kw-feed.h"

G_BEGIN_DECLS

#define KW_TYPE_LIST_FEED (kw_list_feed_get_type())
G_DECLARE_FINAL_TYPE(KwListFeed, kw_list_feed, KW, LIST_FEED, GObject)

/* Hourly, of the pairs in @names (NULL-terminated) */
KwListFeed *kw_list_feed_new(KwClock *clock, const gchar *const *names);

/* The next batch is given out when the clock comes to @due_us, with its own idea of time. */
void kw_list_feed_add(KwListFeed *self, gint64 due_us, const KwFeedBatch *batch);

/* The call that is due then fails once. */
void kw_list_feed_add_failure(KwListFeed *self, gint64 due_us);

G_END_DECLS
