/* kw-sweep.h: rolling windows that are read whole for every row */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The kernels follow the rules of kw-window.h; the output is defined once @period inputs
 * since the last NaN are there. */

typedef enum {
    KW_SWEEP_WEIGHTED_MEAN,  /* weights 1 to period, the newest counts most */
    KW_SWEEP_MEAN_DEVIATION, /* mean distance to the mean */
    KW_SWEEP_SLOPE,          /* of the straight line of least squares, per row */
    KW_SWEEP_RANK,           /* share of the window below its newest value, 0 to below 1 */
} KwSweepKind;

typedef struct {
    KwSweepKind kind;
    gsize period;
    gsize seen; /* inputs since the last NaN, counted up to period */
} KwSweep;

void kw_sweep_init(KwSweep *self, KwSweepKind kind, gsize period);
void kw_sweep_run(KwSweep *self, const gdouble *in, gdouble *out, gsize from, gsize to);

/* How many of @n values are below @level */
gsize kw_sweep_count_below(const gdouble *values, gsize n, gdouble level);

/* Pearson's correlation of two inputs; 0 when one of them does not move */
typedef struct {
    gsize period;
    gsize seen;
} KwCorrelation;

void kw_correlation_init(KwCorrelation *self, gsize period);
void kw_correlation_run(KwCorrelation *self,
                        const gdouble *a,
                        const gdouble *b,
                        gdouble *out,
                        gsize from,
                        gsize to);

/**
 * KwQuantile:
 * @sorted: (owned): the window in ascending order
 */
typedef struct {
    gsize period;
    gdouble share; /* 0 for the smallest, 0.5 for the median, 1 for the largest */
    gsize seen;
    gdouble *sorted;
} KwQuantile;

/* Between two values in proportion, as pandas does */
void kw_quantile_init(KwQuantile *self, gsize period, gdouble share);
void kw_quantile_clear(KwQuantile *self);
void kw_quantile_run(KwQuantile *self, const gdouble *in, gdouble *out, gsize from, gsize to);

G_END_DECLS
