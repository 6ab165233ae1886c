/* kw-drift.c: two-sample Kolmogorov-Smirnov and the population stability index
 *
 * The distance is kept as an integer (difference of the empirical distributions times the
 * least common multiple of the sample sizes), as the exact chance asks whether a lattice path
 * touches it, and a rounded distance may be one step off. The chance is the recurrence on the
 * share of paths that stayed inside: it needs one row of doubles and cannot overflow, unlike
 * counting paths. scipy above 10,000 values takes the one-sample distribution at a rounded
 * effective size; the plain limit used here is 2 % off that at p = 1.5e-4, far from where a
 * decision changes, as drift also asks for a distance of 0.1. */
#include "kw-drift.h"

#include "kw-error.h"
#include "kw-quantile.h"

#include <math.h>

static gboolean
check_sample(const KwSample *sample, GError **error)
{
    if (sample->n == 0) {
        g_set_error_literal(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT, "empty sample");
        return FALSE;
    }
    for (gsize i = 0; i < sample->n; i++) {
        if (isnan(sample->values[i])) {
            g_set_error(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT,
                        "value %" G_GSIZE_FORMAT " is not a number", i);
            return FALSE;
        }
    }
    return TRUE;
}

/* -- Kolmogorov-Smirnov -- */

/* Sizes of both samples over their greatest common divisor */
typedef struct {
    gint64 n1, n2;       /* sizes */
    gint64 step1, step2; /* what one value of a sample moves the difference by */
} Lattice;

static Lattice
lattice_of(gsize n1, gsize n2)
{
    gsize a = n1, b = n2;

    while (b != 0) {
        gsize rest = a % b;

        a = b;
        b = rest;
    }
    return (Lattice){(gint64) n1, (gint64) n2, (gint64) (n2 / a), (gint64) (n1 / a)};
}

/* Walks both sorted samples; returns the largest difference as lattice steps */
static gint64
find_distance(const gdouble *x, const gdouble *y, const Lattice *lattice, KwKs *out)
{
    gint64 above = 0, below = 0, i = 0, j = 0;
    gdouble above_at = x[0], below_at = y[0];

    while (i < lattice->n1 || j < lattice->n2) {
        gdouble at;
        gint64 difference;

        if (j == lattice->n2 || (i < lattice->n1 && x[i] <= y[j]))
            at = x[i];
        else
            at = y[j];
        while (i < lattice->n1 && x[i] <= at)
            i++;
        while (j < lattice->n2 && y[j] <= at)
            j++;
        difference = i * lattice->step1 - j * lattice->step2;
        if (difference > above) {
            above = difference;
            above_at = at;
        }
        if (-difference > below) {
            below = -difference;
            below_at = at;
        }
    }
    out->sign = below > above ? -1 : 1;
    out->location = below > above ? below_at : above_at;
    return MAX(above, below);
}

/* Share of the lattice paths from (0,0) to (n1,n2) that touch a distance of @h */
static gdouble
exact_chance(const Lattice *lattice, gint64 h)
{
    const gsize width = (gsize) lattice->n2 + 1;
    g_autofree gdouble *inside = g_new0(gdouble, width);

    if (h == 0)
        return 1;
    for (gint64 i = 0; i <= lattice->n1; i++) {
        for (gint64 j = 0; j <= lattice->n2; j++) {
            gdouble from_left = j > 0 ? inside[j - 1] : 0;

            if (ABS(i * lattice->step1 - j * lattice->step2) >= h)
                inside[j] = 0;
            else if (i == 0 && j == 0)
                inside[0] = 1;
            else
                inside[j] =
                    ((gdouble) i * inside[j] + (gdouble) j * from_left) / (gdouble) (i + j);
        }
    }
    return CLAMP(1 - inside[lattice->n2], 0, 1);
}

gdouble
kw_ks_limit(gdouble x)
{
    gdouble sum = 0;

    if (x < 0.2) /* the series converges slowly there, and is 1 to twelve digits */
        return 1;
    for (guint j = 1; j <= 100; j++) {
        gdouble term = exp(-2.0 * j * j * x * x);

        sum += j % 2 == 1 ? term : -term;
        if (term < 1e-18)
            break;
    }
    return CLAMP(2 * sum, 0, 1);
}

gboolean
kw_ks_compare(const KwSample *a, const KwSample *b, KwKs *out, GError **error)
{
    g_autofree gdouble *x = NULL;
    g_autofree gdouble *y = NULL;
    Lattice lattice;
    KwKs ks = {0};
    gint64 h;

    if (!check_sample(a, error) || !check_sample(b, error))
        return FALSE;
    x = kw_quantile_sort(a->values, a->n);
    y = kw_quantile_sort(b->values, b->n);
    lattice = lattice_of(a->n, b->n);
    h = find_distance(x, y, &lattice, &ks);
    ks.d = (gdouble) h / (gdouble) (lattice.n1 * lattice.step1);
    if (MAX(a->n, b->n) <= KW_KS_MAX_EXACT)
        ks.p = exact_chance(&lattice, h);
    else
        ks.p =
            kw_ks_limit(ks.d * sqrt((gdouble) a->n * (gdouble) b->n / (gdouble) (a->n + b->n)));
    *out = ks;
    return TRUE;
}

/* -- population stability index -- */

void
kw_psi_clear(KwPsi *self)
{
    g_clear_pointer(&self->edges, g_array_unref);
}

static GArray *
make_edges(const KwSample *reference, guint n_bins)
{
    g_autofree gdouble *sorted = kw_quantile_sort(reference->values, reference->n);
    GArray *edges = g_array_new(FALSE, FALSE, sizeof(gdouble));

    for (guint i = 1; i < n_bins; i++) {
        gdouble edge = kw_quantile_sorted(sorted, reference->n, (gdouble) i / n_bins);

        if (edges->len == 0 || edge > g_array_index(edges, gdouble, edges->len - 1))
            g_array_append_val(edges, edge);
    }
    return edges;
}

/* (transfer full): shares of the edges->len + 1 bins */
static gdouble *
make_shares(const KwSample *sample, const GArray *edges)
{
    gdouble *shares = g_new0(gdouble, edges->len + 1);

    for (gsize i = 0; i < sample->n; i++) {
        guint bin = 0;

        while (bin < edges->len && g_array_index(edges, gdouble, bin) < sample->values[i])
            bin++;
        shares[bin] += 1;
    }
    for (guint i = 0; i <= edges->len; i++)
        shares[i] /= (gdouble) sample->n;
    return shares;
}

gboolean
kw_psi_compare(
    const KwSample *reference, const KwSample *actual, guint n_bins, KwPsi *out, GError **error)
{
    g_autofree gdouble *expected = NULL;
    g_autofree gdouble *found = NULL;
    KwPsi psi = {0};

    g_return_val_if_fail(n_bins > 1, FALSE);

    if (!check_sample(reference, error) || !check_sample(actual, error))
        return FALSE;
    psi.edges = make_edges(reference, n_bins);
    expected = make_shares(reference, psi.edges);
    found = make_shares(actual, psi.edges);
    for (guint i = 0; i <= psi.edges->len; i++) {
        gdouble e = MAX(expected[i], KW_PSI_FLOOR), a = MAX(found[i], KW_PSI_FLOOR);

        psi.psi += (a - e) * log(a / e);
    }
    psi.level = psi.psi >= KW_PSI_SHIFTED    ? KW_DRIFT_SHIFTED
                : psi.psi >= KW_PSI_MODERATE ? KW_DRIFT_MODERATE
                                             : KW_DRIFT_STABLE;
    *out = psi;
    return TRUE;
}

const gchar *
kw_drift_level_to_string(KwDriftLevel level)
{
    switch (level) {
    case KW_DRIFT_STABLE:
        return "stable";
    case KW_DRIFT_MODERATE:
        return "moderate";
    case KW_DRIFT_SHIFTED:
        return "shifted";
    }
    g_return_val_if_reached("stable");
}
