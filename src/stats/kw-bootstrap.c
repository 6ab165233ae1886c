#include "kw-bootstrap.h"

#include "kw-quantile.h"

#include <math.h>

gboolean
kw_bootstrap_sum(
    const gdouble *values, gsize n, guint64 seed, gdouble *out_low, gdouble *out_high)
{
    const guint32 seeds[] = {(guint32) seed, (guint32) (seed >> 32)};
    g_autoptr(GRand) rand = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
    g_autofree gdouble *sums = g_new0(gdouble, KW_BOOTSTRAP_ROUNDS);
    g_autofree gdouble *sorted = NULL;
    gsize length = MAX(1, (gsize) round(cbrt((gdouble) n)));

    if (n < 2 || n > G_MAXINT32)
        return FALSE;
    for (guint i = 0; i < KW_BOOTSTRAP_ROUNDS; i++)
        for (gsize done = 0; done < n;) {
            gsize start = (gsize) g_rand_int_range(rand, 0, (gint32) n);

            for (gsize k = 0; k < length && done < n; k++, done++)
                sums[i] += values[(start + k) % n];
        }
    sorted = kw_quantile_sort(sums, KW_BOOTSTRAP_ROUNDS);
    *out_low = kw_quantile_sorted(sorted, KW_BOOTSTRAP_ROUNDS, 0.025);
    *out_high = kw_quantile_sorted(sorted, KW_BOOTSTRAP_ROUNDS, 0.975);
    return TRUE;
}
