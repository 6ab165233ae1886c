/* kw-rowwise.h: arithmetic, comparisons and logic, row by row over arrays */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All kernels compute @n rows from the pointers they get. Arithmetic that has no finite
 * result gives NaN; a comparison with NaN gives 0. */

typedef enum {
    KW_ARITH_ADD,
    KW_ARITH_SUB,
    KW_ARITH_MUL,
    KW_ARITH_DIV,
    KW_ARITH_MIN,
    KW_ARITH_MAX,
    KW_ARITH_WHERE, /* a where b is defined */
} KwArith;

void kw_arith_run(KwArith op, const gdouble *a, const gdouble *b, gdouble *out, gsize n);

void kw_neg_run(const gdouble *in, gdouble *out, gsize n);
void kw_abs_run(const gdouble *in, gdouble *out, gsize n);
void kw_sign_run(const gdouble *in, gdouble *out, gsize n);

typedef enum {
    KW_COMPARE_ABOVE,
    KW_COMPARE_BELOW,
    KW_COMPARE_GE,
    KW_COMPARE_LE,
    KW_COMPARE_EQ,
} KwCompare;

void kw_compare_run(KwCompare op, const gdouble *a, const gdouble *b, guint8 *out, gsize n);

/**
 * KwCross:
 * @was_not_above: a <= b held one row before
 */
typedef struct {
    guint8 was_not_above;
} KwCross;

/* 1 where a > b and a <= b one row before; carries over from call to call */
void kw_cross_run(KwCross *self, const gdouble *a, const gdouble *b, guint8 *out, gsize n);

void kw_not_run(const guint8 *in, guint8 *out, gsize n);
void kw_and_run(const guint8 *a, const guint8 *b, guint8 *out, gsize n);
void kw_or_run(const guint8 *a, const guint8 *b, guint8 *out, gsize n);

/* These two read in[from - lag..to): rows before the first one count as undefined. */
void kw_shift_run(gsize lag, const gdouble *in, gdouble *out, gsize from, gsize to);
void kw_pct_change_run(gsize lag, const gdouble *in, gdouble *out, gsize from, gsize to);

G_END_DECLS
