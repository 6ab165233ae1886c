/* kw-binomial.h: how sure a share of successes is: exact interval and test against a rate */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_binomial_exact:
 * @k: successes, of @n > 0
 *
 * Interval at 95 % of Clopper and Pearson: it covers the true rate at least that often. The
 * shorter interval of Wilson is kw_stats_wilson().
 */
void kw_binomial_exact(guint k, guint n, gdouble *out_low, gdouble *out_high);

/* Chance of @k or more successes in @n trials of rate @p: small when the true rate is higher */
gdouble kw_binomial_tail(guint k, guint n, gdouble p);

G_END_DECLS
