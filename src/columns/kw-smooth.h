/* kw-smooth.h: smoothed recurrences over arrays: EMA, RSI, ATR */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each kernel computes out[from..to) from in[from..to) and its state, and leaves the state
 * so that the next call may go on at @to. An input that is NaN makes the output NaN and
 * starts the recurrence anew. Seeding and look-back are those of TA-Lib. */

/**
 * KwEma:
 * @skip: inputs left out before the seeding starts
 */
typedef struct {
    gsize period, skip;
    gsize seen; /* inputs since the last NaN, counted up to skip + period */
    gdouble value;
} KwEma;

/* Exponential mean, factor 2 / (period + 1), seeded with the mean of @period values */
void kw_ema_init(KwEma *self, gsize period, gsize skip);
void kw_ema_run(KwEma *self, const gdouble *in, gdouble *out, gsize from, gsize to);

/* In this order: of neighbouring doubles the compiler makes pairs, in the loop as well, and
 * packing them costs more than the arithmetic. */
typedef struct {
    gdouble gain; /* Wilder mean of the rises */
    gsize period;
    gdouble move; /* Wilder mean of all moves, up or down */
    gsize seen;   /* inputs since the last NaN, counted up to period + 1 */
    gdouble previous;
} KwRsi;

/* Relative strength, 0 to 100; 0 when nothing moved */
void kw_rsi_init(KwRsi *self, gsize period);
void kw_rsi_run(KwRsi *self, const gdouble *in, gdouble *out, gsize from, gsize to);

/* In this order for the same reason */
typedef struct {
    gdouble value;
    gsize period;
    gdouble previous_close;
    gsize seen; /* rows since the last NaN, counted up to period + 1 */
} KwAtr;

/* The three inputs of an ATR */
typedef struct {
    const gdouble *high, *low, *close;
} KwAtrInput;

/* Mean true range, Wilder */
void kw_atr_init(KwAtr *self, gsize period);
void kw_atr_run(KwAtr *self, const KwAtrInput *in, gdouble *out, gsize from, gsize to);

G_END_DECLS
