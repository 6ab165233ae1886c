/* kw-replay-feed.h: candles from memory, given out as the clock passes their closing times */
#pragma once

#include "kw-clock.h"
#include "kw-feed.h"

G_BEGIN_DECLS

/**
 * KwReplayPair:
 * @series: candles of the pair, ascending, on the grid, valid (the loader has checked them)
 * @synthetic: made by a generator
 */
typedef struct {
    KwPair pair;
    KwSeries *series;
    gboolean synthetic;
} KwReplayPair;

#define KW_TYPE_REPLAY_FEED (kw_replay_feed_get_type())
G_DECLARE_FINAL_TYPE(KwReplayFeed, kw_replay_feed, KW, REPLAY_FEED, GObject)

/**
 * kw_replay_feed_new:
 * @clock: the feed keeps a reference
 * @pairs: 1..%KW_FEED_MAX_PAIRS elements, all of one timeframe; the series become the feed's
 *   (set to %NULL on success)
 *
 * Pairs are sorted by name, so the order of loading plays no part.
 *
 * A batch completes in a main loop iteration after the clock has reached it. Who moves a fake
 * clock must let the loop run dry between two steps, else the clock runs ahead of the batch.
 *
 * Returns: (transfer full): the feed, or %NULL with %KW_MARKET_ERROR_FORMAT when timeframes
 *   differ or a pair is there twice
 */
KwReplayFeed *
kw_replay_feed_new(KwClock *clock, KwReplayPair *pairs, guint n_pairs, GError **error);

/**
 * kw_replay_feed_set_range:
 * @from_us: no batch that opens before; earlier rows are history only
 * @to_us: no batch that opens at or after it; %G_MAXINT64 for all
 *
 * Goes back to the first batch of the range.
 */
void kw_replay_feed_set_range(KwReplayFeed *self, gint64 from_us, gint64 to_us);

/* Opening of the first and of the last row of all pairs; 0 without rows */
gint64 kw_replay_feed_get_first_us(KwReplayFeed *self);
gint64 kw_replay_feed_get_last_us(KwReplayFeed *self);

/* Closing time of the batch that comes next; %G_MAXINT64 at the end of the data */
gint64 kw_replay_feed_get_next_close_us(KwReplayFeed *self);

G_END_DECLS
