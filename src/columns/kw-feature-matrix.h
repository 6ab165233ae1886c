/* kw-feature-matrix.h: features of a whole series: rows of float32, as a booster reads them */
#pragma once

#include "kw-feature-list.h"

G_BEGIN_DECLS

/**
 * KwFeatureMatrix:
 *
 * One row per candle, one number per feature, row after row without gaps; NaN where a
 * feature is undefined. Never changes.
 */
typedef struct _KwFeatureMatrix KwFeatureMatrix;

/**
 * KwFeatureInput:
 * @series: candles of the predicted pair
 * @others: those of the list's pairs, in its order; same timeframe; %NULL when it has none
 * @n_threads: 1 or more; the result is the same for any number
 * @spent: (nullable) (transfer full): a matrix that nobody looks at any more; its memory
 *   is taken when it is large enough, as asking the system for fresh pages costs more than
 *   the numbers in them
 */
typedef struct {
    const KwSeries *series;
    const KwSeries *const *others;
    guint n_threads;
    KwFeatureMatrix *spent;
} KwFeatureInput;

/* Returns: (transfer full): %NULL with %KW_COLUMN_ERROR */
KwFeatureMatrix *
kw_feature_matrix_compute(KwFeatureList *list, const KwFeatureInput *input, GError **error);

void kw_feature_matrix_free(KwFeatureMatrix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFeatureMatrix, kw_feature_matrix_free)

gsize kw_feature_matrix_get_n_rows(const KwFeatureMatrix *self);
guint kw_feature_matrix_get_n_features(const KwFeatureMatrix *self);

/* n_rows * n_features numbers, borrowed */
const gfloat *kw_feature_matrix_get_values(const KwFeatureMatrix *self);

/* Openings of the candles, n_rows of them, borrowed */
const gint64 *kw_feature_matrix_get_times(const KwFeatureMatrix *self);

/* That of the feature list */
const gchar *kw_feature_matrix_get_hash(const KwFeatureMatrix *self);

G_END_DECLS
