/* kw-live-watch.h: what happens around a live exchange: troubles of the key, changes of a day
 */
#pragma once

#include "kw-live-source.h"
#include "kw-venue.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwLiveWatch KwLiveWatch;

/**
 * kw_live_watch_new:
 * @live: open; borrowed, outlives it
 * @names: (array zero-terminated=1): traded pairs and those of open trades; copied
 * @fee_ratio: what the account pays for taking; written when it changes; outlives it
 * @venue: borrowed, outlives it; is told
 *
 * A key that the exchange refuses, or that seems to be used twice, stops entries for good (F21,
 * F22). Once a day the pairs and the fees are read again (F34, F35).
 */
KwLiveWatch *kw_live_watch_new(KwLiveSource *live,
                               const gchar *const *names,
                               gdouble *fee_ratio,
                               KwClock *clock,
                               KwVenue *venue);
void kw_live_watch_free(KwLiveWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLiveWatch, kw_live_watch_free)

/* Reads pairs and fees now. */
void kw_live_watch_look(KwLiveWatch *self);

G_END_DECLS
