/* kw-quantile.h: quantiles with linear interpolation, as numpy gives them by default */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): the values in ascending order; they must not contain NaN */
gdouble *kw_quantile_sort(const gdouble *values, gsize n);

/* Quantile @q (0..1) of @n > 0 sorted values: linear between ranks, q * (n - 1) */
gdouble kw_quantile_sorted(const gdouble *sorted, gsize n, gdouble q);

G_END_DECLS
