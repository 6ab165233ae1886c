/* kw-adaptive.h: means that follow the market's own rhythm: KAMA, Hilbert trend line */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The kernels follow the rules of kw-window.h: they read in[from - look-back..to). */

typedef struct {
    gsize period;
    gsize seen; /* inputs since the last NaN, counted up to period */
    gdouble value;
} KwKama;

/* Kaufman's mean: fast where the price goes straight, slow where it swings */
void kw_kama_init(KwKama *self, gsize period);
void kw_kama_run(KwKama *self, const gdouble *in, gdouble *out, gsize from, gsize to);

#define KW_TRENDLINE_WARMUP 63    /* rows until it is defined */
#define KW_TRENDLINE_MAX_CYCLE 51 /* rows before a new one that it reads, at most */
#define KW_TRENDLINE_TAPS 7       /* of the Hilbert filter */

/* The last inputs of one Hilbert filter, newest first */
typedef struct {
    gdouble taps[KW_TRENDLINE_TAPS];
} KwHilbert;

/**
 * KwTrendline:
 * @in_phase: the smoothed price without its trend, newest first
 * @period, @smooth_period: length of the dominant cycle in rows
 * @trends: the last three means over one cycle, newest first
 */
typedef struct {
    gsize seen; /* inputs since the last NaN, counted up to KW_TRENDLINE_WARMUP + 1 */
    KwHilbert price, detrended, i, q;
    gdouble in_phase[4];
    gdouble i2, q2, re, im;
    gdouble period, smooth_period;
    gdouble trends[3];
} KwTrendline;

/* Ehlers' instantaneous trend line */
void kw_trendline_init(KwTrendline *self);
void kw_trendline_run(KwTrendline *self, const gdouble *in, gdouble *out, gsize from, gsize to);

G_END_DECLS
