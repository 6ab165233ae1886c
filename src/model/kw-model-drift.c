/* kw-model-drift.c: two-sample tests per feature
 *
 * With thousands of rows the chance alone always cries, so a drift also needs a distance of
 * KW_KS_MIN_D; with many features some chance is always small, so the bound is divided by
 * their number. Minutes that follow one another say the same thing twice: rows are thinned. */
#include "kw-model-drift.h"

#include "kw-error.h"

#include <math.h>

static gboolean
is_known(const gfloat *row, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (!isfinite(row[i]))
            return FALSE;
    }
    return TRUE;
}

/* (transfer full) (element-type gsize): rows that count */
static GArray *
choose_rows(const gfloat *rows, const gint64 *times_us, gsize n_rows, guint n)
{
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
    gint64 last_us = G_MININT64;

    for (gsize i = 0; i < n_rows; i++) {
        if ((chosen->len > 0 && times_us[i] - last_us < KW_MODEL_DRIFT_GAP_US) ||
            !is_known(rows + i * n, n))
            continue;
        last_us = times_us[i];
        g_array_append_val(chosen, i);
    }
    return chosen;
}

static gboolean
compare(const KwSample *reference, const KwSample *actual, KwModelDrift *out, GError **error)
{
    g_auto(KwPsi) psi = {0};

    if (!kw_ks_compare(reference, actual, &out->ks, error) ||
        !kw_psi_compare(reference, actual, KW_PSI_BINS, &psi, error))
        return FALSE;
    out->psi = psi.psi;
    out->level = psi.level;
    return TRUE;
}

GArray *
kw_model_drift_compute(const KwModel *model,
                       const gfloat *rows,
                       const gint64 *times_us,
                       gsize n_rows,
                       GError **error)
{
    const KwMatrix *reference = kw_model_get_reference(model);
    guint n = (guint) reference->n_cols;
    g_autoptr(GArray) chosen = choose_rows(rows, times_us, n_rows, n);
    g_autoptr(GArray) drifts = g_array_new(FALSE, FALSE, sizeof(KwModelDrift));
    g_autofree gdouble *then = g_new(gdouble, reference->n_rows);
    g_autofree gdouble *now = g_new(gdouble, MAX(chosen->len, 1));

    if (chosen->len < KW_MODEL_DRIFT_MIN_ROWS) {
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                    "%u rows are too few to tell drift", chosen->len);
        return NULL;
    }
    for (guint col = 0; col < n; col++) {
        KwSample before = {then, reference->n_rows}, after = {now, chosen->len};
        KwModelDrift drift = {.feature = col};

        for (gsize i = 0; i < reference->n_rows; i++)
            then[i] = reference->values[i * n + col];
        for (guint i = 0; i < chosen->len; i++)
            now[i] = rows[g_array_index(chosen, gsize, i) * n + col];
        if (!compare(&before, &after, &drift, error))
            return NULL;
        drift.has_drifted = drift.ks.p < KW_MODEL_DRIFT_ALPHA / n && drift.ks.d >= KW_KS_MIN_D;
        g_array_append_val(drifts, drift);
    }
    return g_steal_pointer(&drifts);
}

guint
kw_model_drift_count(const GArray *drifts)
{
    guint n = 0;

    for (guint i = 0; i < drifts->len; i++)
        n += g_array_index(drifts, KwModelDrift, i).has_drifted;
    return n;
}
