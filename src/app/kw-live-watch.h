/* kw-live-watch.h: what happens around a live exchange: troubles of the key, changes of a day
 */
#pragma once

#include "kw-engine.h"
#include "kw-live-source.h"
#include "kw-probation.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwLiveWatch KwLiveWatch;

/**
 * KwLiveWatchOptions: what is borrowed outlives the watch
 * @live: borrowed; open
 * @names: (array zero-terminated=1): traded pairs and those of open trades; copied
 * @settings: borrowed; of the engine. The fee is written when it changes, limits and stake when
 *   the first two weeks are over
 * @engine: borrowed
 * @probation: copied
 */
typedef struct {
    KwLiveSource *live;
    const gchar *const *names;
    KwSettings *settings;
    KwClock *clock;
    KwEngine *engine;
    const KwProbation *probation;
} KwLiveWatchOptions;

/**
 * kw_live_watch_new:
 *
 * A key that the exchange refuses, or that seems to be used twice, stops entries for good (F21,
 * F22). A certificate that is not trusted is told, and when it is again (F20). Once a day the
 * pairs and the fees are read again (F34, F35). The limits of the first two weeks end by date,
 * and the owner is told. With a bridge its token and its symbols are watched, see
 * kw_mt5_watch_new().
 */
KwLiveWatch *kw_live_watch_new(const KwLiveWatchOptions *options);
void kw_live_watch_free(KwLiveWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLiveWatch, kw_live_watch_free)

/* Reads pairs and fees now. */
void kw_live_watch_look(KwLiveWatch *self);

G_END_DECLS
