/* kw-bootstrap.h: how far a sum of results could have come out otherwise */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_BOOTSTRAP_ROUNDS 2000

/**
 * kw_bootstrap_sum:
 * @values: (array length=n): results in the order of time
 * @seed: same seed, same interval
 *
 * Draws as many values anew, in blocks of neighbours, as results that follow each other are
 * alike; a block has about the cube root of @n values.
 *
 * Returns: %FALSE when there are fewer than two values; else the interval in which 95 % of the
 *   sums lie
 */
gboolean kw_bootstrap_sum(
    const gdouble *values, gsize n, guint64 seed, gdouble *out_low, gdouble *out_high);

G_END_DECLS
