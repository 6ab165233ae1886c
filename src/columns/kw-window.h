/* kw-window.h: rolling windows over arrays: mean, standard deviation, extremes */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each kernel computes out[from..to) from its state and in[from - period..to), and leaves
 * the state so that the next call may go on at @to. A NaN makes the output NaN until it has
 * left the window. No state refers to a row number, so rows may be dropped at the front as
 * long as the last @period ones stay. */

typedef struct {
    gsize period;
    gsize count; /* inputs since the last NaN */
    gdouble sum;
} KwMean;

void kw_mean_init(KwMean *self, gsize period);
void kw_mean_run(KwMean *self, const gdouble *in, gdouble *out, gsize from, gsize to);

typedef struct {
    gsize period;
    gsize count;   /* inputs since the last NaN */
    gdouble shift; /* subtracted from every input before summing */
    gdouble sum, squares;
} KwStddev;

/* Population form: divided by period */
void kw_stddev_init(KwStddev *self, gsize period);
void kw_stddev_run(KwStddev *self, const gdouble *in, gdouble *out, gsize from, gsize to);

/**
 * KwExtreme:
 * @sign: 1 for the maximum, -1 for the minimum
 *
 * The candidates that may still become the extreme, best first, in a ring of @period.
 */
typedef struct {
    gsize period;
    gdouble sign;
    gsize count;      /* inputs since the last NaN */
    gsize head, size; /* of the ring */
    gdouble *values;  /* owned; times sign */
    gsize *counts;    /* owned; count at which the value came */
} KwExtreme;

void kw_extreme_init(KwExtreme *self, gsize period, gdouble sign);
void kw_extreme_clear(KwExtreme *self);
void kw_extreme_run(KwExtreme *self, const gdouble *in, gdouble *out, gsize from, gsize to);

/* Rows since the extreme instead of its value; of equal ones the newest counts */
void
kw_extreme_run_since(KwExtreme *self, const gdouble *in, gdouble *out, gsize from, gsize to);

G_END_DECLS
