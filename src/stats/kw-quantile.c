#include "kw-quantile.h"

#include <math.h>
#include <stdlib.h>

static int
compare_doubles(const void *a, const void *b)
{
    gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

    return (x > y) - (x < y);
}

gdouble *
kw_quantile_sort(const gdouble *values, gsize n)
{
    gdouble *sorted = g_new(gdouble, MAX(n, 1));

    for (gsize i = 0; i < n; i++)
        sorted[i] = values[i];
    qsort(sorted, n, sizeof *sorted, compare_doubles);
    return sorted;
}

gdouble
kw_quantile_sorted(const gdouble *sorted, gsize n, gdouble q)
{
    gdouble rank, share, low, high;
    gsize below;

    g_return_val_if_fail(n > 0 && q >= 0 && q <= 1, NAN);

    rank = q * (gdouble) (n - 1);
    below = (gsize) floor(rank);
    if (below + 1 >= n)
        return sorted[n - 1];
    share = rank - (gdouble) below;
    low = sorted[below];
    high = sorted[below + 1];
    /* from the nearer side, so that both ends are exact */
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
