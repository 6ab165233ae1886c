/* kw-running.h: sums without an end: cumulative sum, on-balance volume, Wilder's mean */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The kernels follow the rules of kw-smooth.h; where they differ it is said. */

/* Sum since the start of the data; an input that is NaN is left out of it */
typedef struct {
    gdouble sum;
} KwCumsum;

void kw_cumsum_run(KwCumsum *self, const gdouble *in, gdouble *out, gsize from, gsize to);

/* Volume added where the price rises, taken off where it falls; goes on after a NaN */
typedef struct {
    gdouble previous, sum;
    gboolean has_previous;
} KwObv;

void kw_obv_run(KwObv *self,
                const gdouble *price,
                const gdouble *volume,
                gdouble *out,
                gsize from,
                gsize to);

/* Exponential mean with factor 1 / period, seeded with the mean of the first @period */
typedef struct {
    gsize period;
    gsize seen; /* inputs since the last NaN, counted up to period */
    gdouble value;
} KwWilder;

void kw_wilder_init(KwWilder *self, gsize period);
void kw_wilder_run(KwWilder *self, const gdouble *in, gdouble *out, gsize from, gsize to);

G_END_DECLS
