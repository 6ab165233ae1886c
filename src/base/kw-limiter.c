#include "kw-limiter.h"

#include <math.h>

struct _KwLimiter {
    KwClock *clock; /* owned */
    gdouble capacity;
    gdouble per_second;
    gdouble n_tokens; /* at seen_us */
    gint64 seen_us;   /* monotonic */
};

KwLimiter *
kw_limiter_new(KwClock *clock, gdouble capacity, gdouble per_second)
{
    KwLimiter *self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);
    g_return_val_if_fail(capacity > 0 && per_second > 0, NULL);

    self = g_new0(KwLimiter, 1);
    self->clock = g_object_ref(clock);
    self->capacity = capacity;
    self->per_second = per_second;
    self->n_tokens = capacity;
    self->seen_us = kw_clock_monotonic_us(clock);
    return self;
}

void
kw_limiter_free(KwLimiter *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->clock);
    g_free(self);
}

static void
refill(KwLimiter *self)
{
    gint64 now_us = kw_clock_monotonic_us(self->clock);
    gdouble n_new = (gdouble) (now_us - self->seen_us) * self->per_second / G_USEC_PER_SEC;

    self->n_tokens = MIN(self->capacity, self->n_tokens + n_new);
    self->seen_us = now_us;
}

gboolean
kw_limiter_take(KwLimiter *self, gdouble cost)
{
    g_return_val_if_fail(self != NULL && cost >= 0, FALSE);

    if (kw_limiter_get_wait_us(self, cost) > 0)
        return FALSE;
    self->n_tokens = MAX(0.0, self->n_tokens - cost);
    return TRUE;
}

gint64
kw_limiter_get_wait_us(KwLimiter *self, gdouble cost)
{
    gdouble wait_us;

    g_return_val_if_fail(self != NULL && cost >= 0, G_MAXINT64);

    if (cost > self->capacity)
        return G_MAXINT64;
    refill(self);
    /* less than a microsecond is rounding, not waiting */
    wait_us = (cost - self->n_tokens) / self->per_second * G_USEC_PER_SEC;
    return wait_us < 1e-3 ? 0 : (gint64) ceil(wait_us - 1e-3);
}

/* -- backoff -- */

void
kw_backoff_init(KwBackoff *self, gint64 min_us, gint64 max_us, guint64 seed)
{
    g_return_if_fail(self != NULL && min_us > 0 && min_us <= max_us);

    *self = (KwBackoff){.min_us = min_us, .max_us = max_us, .state = seed};
}

/* splitmix64: one addition and a mix, good enough to spread retries */
static guint64
next_random(guint64 *state)
{
    guint64 z = *state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

gint64
kw_backoff_next_us(KwBackoff *self)
{
    gint64 delay_us, half_us;

    g_return_val_if_fail(self != NULL && self->min_us > 0, 0);

    delay_us = self->min_us;
    for (guint i = 0; i < self->n_failures && delay_us < self->max_us; i++)
        delay_us = delay_us > self->max_us / 2 ? self->max_us : delay_us * 2;
    if (delay_us < self->max_us)
        self->n_failures++;
    half_us = delay_us / 2;
    return half_us + (gint64) (next_random(&self->state) % (guint64) (delay_us - half_us + 1));
}

void
kw_backoff_reset(KwBackoff *self)
{
    g_return_if_fail(self != NULL);

    self->n_failures = 0;
}
