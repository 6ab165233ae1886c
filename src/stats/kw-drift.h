/* kw-drift.h: whether two samples come from one distribution */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_KS_MAX_EXACT 10000 /* samples; above, the limiting distribution */
#define KW_KS_MIN_D 0.1       /* smaller distances are no drift, however sure they are */
#define KW_PSI_BINS 10
#define KW_PSI_FLOOR 1e-4 /* smallest share of a bin */
#define KW_PSI_MODERATE 0.1
#define KW_PSI_SHIFTED 0.25

/**
 * KwKs:
 * @d: largest distance of the two empirical distributions, 0..1
 * @p: chance of such a distance when both samples have one distribution
 * @sign: 1 when the first distribution is above the second there, else -1
 * @location: value at which the distance occurs
 */
typedef struct {
    gdouble d, p;
    gint sign;
    gdouble location;
} KwKs;

typedef enum {
    KW_DRIFT_STABLE,
    KW_DRIFT_MODERATE,
    KW_DRIFT_SHIFTED,
} KwDriftLevel;

/**
 * KwPsi:
 * @edges: (element-type gdouble) (owned): inner edges of the bins
 */
typedef struct {
    gdouble psi;
    KwDriftLevel level;
    GArray *edges;
} KwPsi;

void kw_psi_clear(KwPsi *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwPsi, kw_psi_clear)

/* A sample: @n values, borrowed */
typedef struct {
    const gdouble *values;
    gsize n;
} KwSample;

/**
 * kw_ks_compare:
 *
 * Two-sample test of Kolmogorov and Smirnov. Exact up to %KW_KS_MAX_EXACT values (quadratic:
 * 0.2 s at the limit), else by the limiting distribution. Any thread.
 *
 * Returns: %FALSE with %KW_STATS_ERROR_INPUT for an empty sample or NaN
 */
gboolean kw_ks_compare(const KwSample *a, const KwSample *b, KwKs *out, GError **error);

/* Survival function of the limiting distribution at @x >= 0 */
gdouble kw_ks_limit(gdouble x);

/**
 * kw_psi_compare:
 * @reference: its quantiles make the bins
 * @n_bins: > 1; fewer are made when quantiles coincide
 *
 * Population stability index, sum of (a - e) ln(a / e) over the bins.
 *
 * Returns: %FALSE with %KW_STATS_ERROR_INPUT for an empty sample or NaN; else clear @out
 */
gboolean kw_psi_compare(const KwSample *reference,
                        const KwSample *actual,
                        guint n_bins,
                        KwPsi *out,
                        GError **error);

/* "stable", "moderate", "shifted" */
const gchar *kw_drift_level_to_string(KwDriftLevel level);

G_END_DECLS
