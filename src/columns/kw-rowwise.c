/* kw-rowwise.c: one plain loop per operation
 *
 * The switch stands outside the loops, so that each loop is a stream of loads, one
 * operation and a store. */
#include "kw-rowwise.h"

#include <float.h>
#include <math.h>

static gdouble
finite_or_nan(gdouble x)
{
    return fabs(x) <= DBL_MAX ? x : (gdouble) NAN;
}

/* NaN if either is NaN, unlike fmin() */
static gdouble
smaller(gdouble a, gdouble b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    return a < b ? a : b;
}

void
kw_arith_run(KwArith op, const gdouble *a, const gdouble *b, gdouble *out, gsize n)
{
    switch (op) {
    case KW_ARITH_ADD:
        for (gsize i = 0; i < n; i++)
            out[i] = finite_or_nan(a[i] + b[i]);
        break;
    case KW_ARITH_SUB:
        for (gsize i = 0; i < n; i++)
            out[i] = finite_or_nan(a[i] - b[i]);
        break;
    case KW_ARITH_MUL:
        for (gsize i = 0; i < n; i++)
            out[i] = finite_or_nan(a[i] * b[i]);
        break;
    case KW_ARITH_DIV:
        for (gsize i = 0; i < n; i++)
            out[i] = finite_or_nan(a[i] / b[i]);
        break;
    case KW_ARITH_MIN:
        for (gsize i = 0; i < n; i++)
            out[i] = smaller(a[i], b[i]);
        break;
    case KW_ARITH_MAX:
        for (gsize i = 0; i < n; i++)
            out[i] = -smaller(-a[i], -b[i]);
        break;
    case KW_ARITH_WHERE:
        for (gsize i = 0; i < n; i++)
            out[i] = isnan(b[i]) ? (gdouble) NAN : a[i];
        break;
    }
}

void
kw_neg_run(const gdouble *in, gdouble *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = -in[i];
}

void
kw_abs_run(const gdouble *in, gdouble *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = fabs(in[i]);
}

void
kw_sign_run(const gdouble *in, gdouble *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = isnan(in[i]) ? (gdouble) NAN : (gdouble) ((in[i] > 0.0) - (in[i] < 0.0));
}

void
kw_compare_run(KwCompare op, const gdouble *a, const gdouble *b, guint8 *out, gsize n)
{
    switch (op) {
    case KW_COMPARE_ABOVE:
        for (gsize i = 0; i < n; i++)
            out[i] = a[i] > b[i];
        break;
    case KW_COMPARE_BELOW:
        for (gsize i = 0; i < n; i++)
            out[i] = a[i] < b[i];
        break;
    case KW_COMPARE_GE:
        for (gsize i = 0; i < n; i++)
            out[i] = a[i] >= b[i];
        break;
    case KW_COMPARE_LE:
        for (gsize i = 0; i < n; i++)
            out[i] = a[i] <= b[i];
        break;
    case KW_COMPARE_EQ:
        for (gsize i = 0; i < n; i++)
            out[i] = a[i] >= b[i] && a[i] <= b[i];
        break;
    }
}

void
kw_cross_run(KwCross *self, const gdouble *a, const gdouble *b, guint8 *out, gsize n)
{
    guint8 was_not_above = self->was_not_above;

    for (gsize i = 0; i < n; i++) {
        out[i] = (guint8) (a[i] > b[i]) & was_not_above;
        was_not_above = a[i] <= b[i];
    }
    self->was_not_above = was_not_above;
}

void
kw_not_run(const guint8 *in, guint8 *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = in[i] ^ 1;
}

void
kw_and_run(const guint8 *a, const guint8 *b, guint8 *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = a[i] & b[i];
}

void
kw_or_run(const guint8 *a, const guint8 *b, guint8 *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = a[i] | b[i];
}

void
kw_shift_run(gsize lag, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        out[i] = i >= lag ? in[i - lag] : (gdouble) NAN;
}

void
kw_pct_change_run(gsize lag, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        out[i] = i >= lag ? finite_or_nan(in[i] / in[i - lag] - 1.0) : (gdouble) NAN;
}
