/* kw-limiter.h: how often something may happen, and how long to wait after a failure */
#pragma once

#include "kw-clock.h"

G_BEGIN_DECLS

/* A token bucket on the clock's monotonic time */
typedef struct _KwLimiter KwLimiter;

/**
 * kw_limiter_new:
 * @capacity: tokens that may be used at once, > 0; the bucket starts full
 * @per_second: tokens that come back each second, > 0
 *
 * Returns: (transfer full)
 */
KwLimiter *kw_limiter_new(KwClock *clock, gdouble capacity, gdouble per_second);
void kw_limiter_free(KwLimiter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLimiter, kw_limiter_free)

/* Takes @cost tokens and returns %TRUE, or takes none. */
gboolean kw_limiter_take(KwLimiter *self, gdouble cost);

/* Microseconds until @cost tokens are there; 0 now, G_MAXINT64 when @cost is over the capacity
 */
gint64 kw_limiter_get_wait_us(KwLimiter *self, gdouble cost);

/**
 * KwBackoff:
 *
 * Delays that double from @min_us to @max_us; each is drawn from its upper half, so that many
 * who failed together do not come back together. The same seed gives the same delays.
 * Plain value type.
 */
typedef struct {
    gint64 min_us;
    gint64 max_us;
    guint n_failures;
    guint64 state;
} KwBackoff;

/* 0 < @min_us <= @max_us */
void kw_backoff_init(KwBackoff *self, gint64 min_us, gint64 max_us, guint64 seed);

/* Counts a failure. Returns: the delay before the next try, in microseconds */
gint64 kw_backoff_next_us(KwBackoff *self);

/* After a success: the next delay is short again. */
void kw_backoff_reset(KwBackoff *self);

G_END_DECLS
