/* kw-binomial.c: binomial tails and the interval that they bound
 *
 * The limits of Clopper and Pearson are the rates at which the tail beyond @k is 2.5 %. They
 * are found by bisection on the tail itself instead of quantiles of the beta distribution: the
 * counts here are trades and scans, thousands at most, so a plain sum of terms is quick, and
 * there is no incomplete beta function to get wrong. Terms come from their logarithm, which
 * neither under- nor overflows. */
#include "kw-binomial.h"

#include <math.h>

#define HALF_ALPHA 0.025
#define N_BISECTIONS 100 /* halves the unit interval down to the last bit */

gdouble
kw_binomial_tail(guint k, guint n, gdouble p)
{
    gdouble sum = 0, log_n;

    if (k == 0)
        return 1;
    if (p <= 0)
        return 0;
    if (p >= 1)
        return 1;
    log_n = lgamma(n + 1.0);
    for (guint i = n;; i--) { /* small terms first */
        sum += exp(log_n - lgamma(i + 1.0) - lgamma(n - i + 1.0) + i * log(p) +
                   (n - i) * log1p(-p));
        if (i == k)
            break;
    }
    return MIN(sum, 1);
}

/* The rate at which the chance of @k or more is @chance; the tail rises with the rate */
static gdouble
rate_of_tail(guint k, guint n, gdouble chance)
{
    gdouble low = 0, high = 1;

    for (guint i = 0; i < N_BISECTIONS; i++) {
        gdouble middle = (low + high) / 2;

        if (kw_binomial_tail(k, n, middle) < chance)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

void
kw_binomial_exact(guint k, guint n, gdouble *out_low, gdouble *out_high)
{
    g_return_if_fail(n > 0 && k <= n);

    *out_low = k == 0 ? 0 : rate_of_tail(k, n, HALF_ALPHA);
    *out_high = k == n ? 1 : rate_of_tail(k + 1, n, 1 - HALF_ALPHA);
}
