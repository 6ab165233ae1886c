/* kw-forecast.c: Brier score with its decomposition, log loss, AUC, reliability bins
 *
 * The formulas are those of scikit-learn, whose numbers are the vectors of the tests. The
 * decomposition of the Brier score groups by distinct forecast values, not by bins: only then
 * reliability - resolution + uncertainty is the score itself, and a test can ask for it. */
#include "kw-forecast.h"

#include "kw-error.h"
#include "kw-quantile.h"

#include <math.h>

#define LOG_LOSS_EDGE 1e-15

gboolean
kw_forecasts_check(const KwForecasts *forecasts, GError **error)
{
    if (forecasts->n == 0) {
        g_set_error_literal(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT, "no samples");
        return FALSE;
    }
    for (gsize i = 0; i < forecasts->n; i++) {
        gdouble p = forecasts->p[i];

        if (!isfinite(p) || p < 0 || p > 1) {
            g_set_error(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT,
                        "sample %" G_GSIZE_FORMAT " is no probability", i);
            return FALSE;
        }
    }
    return TRUE;
}

/* One forecast with its outcome, to be sorted by the forecast */
typedef struct {
    gdouble p;
    guint8 hit;
} Sample;

static gint
compare_samples(gconstpointer a, gconstpointer b)
{
    gdouble x = ((const Sample *) a)->p, y = ((const Sample *) b)->p;

    return (x > y) - (x < y);
}

static Sample *
sorted_samples(const KwForecasts *forecasts)
{
    Sample *samples = g_new(Sample, forecasts->n);

    for (gsize i = 0; i < forecasts->n; i++)
        samples[i] = (Sample){forecasts->p[i], forecasts->hit[i] != 0};
    qsort(samples, forecasts->n, sizeof *samples, compare_samples);
    return samples;
}

/* What depends on groups of equal forecasts: decomposition and AUC (rank sum, ties half) */
static void
score_groups(const Sample *samples, gsize n, KwForecastScores *out)
{
    const gdouble base = (gdouble) out->n_hits / (gdouble) n;
    gdouble rank_sum = 0, n_hits = (gdouble) out->n_hits;

    for (gsize begin = 0, end; begin < n; begin = end) {
        gdouble hits = 0, count, rate;

        for (end = begin; end < n && samples[end].p <= samples[begin].p; end++)
            hits += samples[end].hit;
        count = (gdouble) (end - begin);
        rate = hits / count;
        out->reliability += count / (gdouble) n * pow(samples[begin].p - rate, 2);
        out->resolution += count / (gdouble) n * pow(rate - base, 2);
        rank_sum += hits * ((gdouble) begin + (count + 1) / 2);
    }
    out->uncertainty = base * (1 - base);
    out->auc = NAN;
    if (out->n_hits > 0 && out->n_hits < n)
        out->auc = (rank_sum - n_hits * (n_hits + 1) / 2) / (n_hits * ((gdouble) n - n_hits));
}

void
kw_forecasts_score(const KwForecasts *forecasts, KwForecastScores *out)
{
    g_autofree Sample *samples = sorted_samples(forecasts);
    gdouble n = (gdouble) forecasts->n;
    gsize n_right = 0;

    *out = (KwForecastScores){.n = forecasts->n};
    for (gsize i = 0; i < forecasts->n; i++) {
        gdouble p = forecasts->p[i];
        gdouble edged = CLAMP(p, LOG_LOSS_EDGE, 1 - LOG_LOSS_EDGE);
        gboolean hit = forecasts->hit[i] != 0;

        out->n_hits += hit;
        n_right += (p >= 0.5) == hit;
        out->brier += (p - hit) * (p - hit) / n;
        out->log_loss -= (hit ? log(edged) : log(1 - edged)) / n;
    }
    out->accuracy = (gdouble) n_right / n;
    score_groups(samples, forecasts->n, out);
    out->brier_skill = out->uncertainty > 0 ? 1 - out->brier / out->uncertainty : NAN;
}

/* -- bins -- */

/* (transfer full): n_bins + 1 edges */
static gdouble *
make_edges(const KwForecasts *forecasts, guint n_bins, KwBinning binning)
{
    gdouble *edges = g_new(gdouble, n_bins + 1);
    gdouble step = 1.0 / n_bins;

    switch (binning) {
    case KW_BINNING_UNIFORM:
        for (guint i = 0; i <= n_bins; i++)
            edges[i] = i * step;
        break;
    case KW_BINNING_QUANTILE: {
        g_autofree gdouble *sorted = kw_quantile_sort(forecasts->p, forecasts->n);

        for (guint i = 0; i <= n_bins; i++)
            edges[i] = kw_quantile_sorted(sorted, forecasts->n, i * step);
        break;
    }
    }
    return edges;
}

/* Number of inner edges below @p */
static guint
find_bin(const gdouble *edges, guint n_bins, gdouble p)
{
    guint bin = 0;

    while (bin + 1 < n_bins && edges[bin + 1] < p)
        bin++;
    return bin;
}

GArray *
kw_forecasts_bin(const KwForecasts *forecasts, guint n_bins, KwBinning binning)
{
    g_autofree gdouble *edges = NULL;
    g_autofree KwReliabilityBin *all = g_new0(KwReliabilityBin, n_bins);
    GArray *bins = g_array_new(FALSE, FALSE, sizeof(KwReliabilityBin));

    g_return_val_if_fail(n_bins > 0, bins);

    edges = make_edges(forecasts, n_bins, binning);
    for (gsize i = 0; i < forecasts->n; i++) {
        KwReliabilityBin *bin = &all[find_bin(edges, n_bins, forecasts->p[i])];

        bin->n++;
        bin->mean_p += forecasts->p[i];
        bin->share += forecasts->hit[i] != 0;
    }
    for (guint i = 0; i < n_bins; i++) {
        KwReliabilityBin bin = all[i];

        if (bin.n == 0)
            continue;
        bin.bin = i;
        bin.low = edges[i];
        bin.high = edges[i + 1];
        bin.mean_p /= (gdouble) bin.n;
        bin.share /= (gdouble) bin.n;
        g_array_append_val(bins, bin);
    }
    return bins;
}

gdouble
kw_reliability_error(const GArray *bins, gdouble *out_max)
{
    gdouble sum = 0, n = 0, max = 0;

    for (guint i = 0; i < bins->len; i++) {
        const KwReliabilityBin *bin = &g_array_index(bins, KwReliabilityBin, i);
        gdouble distance = fabs(bin->share - bin->mean_p);

        sum += (gdouble) bin->n * distance;
        n += (gdouble) bin->n;
        max = MAX(max, distance);
    }
    if (out_max != NULL)
        *out_max = max;
    return n > 0 ? sum / n : 0;
}
