/* kw-live-start.h: from live candles to real money, or the reason why not */
#pragma once

#include "kw-go-live.h"
#include "kw-live-source.h"
#include "kw-probation.h"

G_BEGIN_DECLS

/**
 * KwLiveStart: what a start with real money leaves behind
 * @go_live: owned: what was judged
 * @probation: the first two weeks, while they last
 */
typedef struct {
    KwGoLive *go_live;
    KwProbation probation;
} KwLiveStart;

/**
 * kw_live_start_run:
 * @live: open, in live mode
 * @settings: fee and, in the first two weeks, limits and stake are changed
 * @names: (array zero-terminated=1): pairs
 * @out: (out): on success only
 *
 * Asks what the key may, judges the conditions, and only then makes the broker. Prints what is
 * not met. Runs the main loop.
 *
 * Returns: 0, or the exit status of the verb: nothing was sent but questions
 */
int kw_live_start_run(KwLiveSource *live,
                      KwSettings *settings,
                      const gchar *const *names,
                      KwClock *clock,
                      KwLiveStart *out);

G_END_DECLS
