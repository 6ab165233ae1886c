/* kw-model-drift.h: whether the features are still what a model was trained on */
#pragma once

#include "kw-drift.h"
#include "kw-model.h"

G_BEGIN_DECLS

#define KW_MODEL_DRIFT_MIN_ROWS 50
#define KW_MODEL_DRIFT_ALPHA 0.01                       /* over all features together */
#define KW_MODEL_DRIFT_GAP_US (15 * G_TIME_SPAN_MINUTE) /* rows nearer than this count once */

/**
 * KwModelDrift:
 * @feature: index into the feature list
 * @has_drifted: the distance is surely no chance, and large enough to matter
 */
typedef struct {
    guint feature;
    KwKs ks;
    gdouble psi;
    KwDriftLevel level;
    gboolean has_drifted;
} KwModelDrift;

/**
 * kw_model_drift_compute:
 * @rows: @n_rows rows of features as the list gives them, oldest first; those in which one is
 *   not known are left out
 * @times_us: of the rows
 *
 * Compares each feature with the model's training rows.
 *
 * Returns: (transfer full) (element-type KwModelDrift): one a feature; %NULL with
 *   %KW_MODEL_ERROR_VALUE when fewer than %KW_MODEL_DRIFT_MIN_ROWS rows are left
 */
GArray *kw_model_drift_compute(const KwModel *model,
                               const gfloat *rows,
                               const gint64 *times_us,
                               gsize n_rows,
                               GError **error);

/* Features of @drifts that have drifted */
guint kw_model_drift_count(const GArray *drifts);

G_END_DECLS
