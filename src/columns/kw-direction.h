/* kw-direction.h: where a trend points: directional movement, parabolic stop */
#pragma once

#include "kw-smooth.h"

G_BEGIN_DECLS

/* The kernels follow the rules of kw-smooth.h: a row with a NaN starts them anew. */

typedef enum {
    KW_DIRECTION_PLUS,  /* share of the rises in the range, 0 to 100 */
    KW_DIRECTION_MINUS, /* the same of the falls */
    KW_DIRECTION_ADX,   /* Wilder mean of their distance, 0 to 100 */
} KwDirectionKind;

/**
 * KwDirection:
 * @rise: Wilder sum of the highs' moves upwards, @fall of the lows' downwards
 * @adx: sum of the first distances, then their mean
 */
typedef struct {
    KwDirectionKind kind;
    gsize period;
    gsize seen; /* rows since the last NaN, counted up to 2 * period */
    gdouble high, low, close;
    gdouble rise, fall, range;
    gdouble adx;
} KwDirection;

/* @period >= 2 */
void kw_direction_init(KwDirection *self, KwDirectionKind kind, gsize period);
void
kw_direction_run(KwDirection *self, const KwAtrInput *in, gdouble *out, gsize from, gsize to);

/**
 * KwSar:
 * @extreme: highest high of a rise, lowest low of a fall
 * @factor: speed now, from @step up to @max
 */
typedef struct {
    gdouble step, max;
    gsize seen;   /* rows since the last NaN, counted up to 2 */
    gdouble sign; /* 1 while it rises, -1 while it falls */
    gdouble high, low;
    gdouble stop, extreme, factor;
} KwSar;

/* Parabolic stop and reverse */
void kw_sar_init(KwSar *self, gdouble step, gdouble max);
void kw_sar_run(
    KwSar *self, const gdouble *high, const gdouble *low, gdouble *out, gsize from, gsize to);

G_END_DECLS
