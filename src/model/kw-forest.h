/* kw-forest.h: predicts with a model of XGBoost, without the library */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_FOREST_MAX_BYTES (64u * 1024 * 1024)

typedef struct _KwForest KwForest;

/**
 * kw_forest_parse:
 * @json: a model as XGBoost 1.x and 2.x save it, under a name that ends in .json
 *
 * Boosted trees for one number or one probability. Refused is what would be predicted wrongly:
 * categorical splits, dart weights, random forests, several classes, other objectives, and an
 * intercept in the list form of version 3.1, which older versions read as 0.5 in silence.
 *
 * Returns: (transfer full): %NULL with %KW_MODEL_ERROR_FORMAT (no such model, or damaged) or
 *   %KW_MODEL_ERROR_REFUSED. Any thread.
 */
KwForest *kw_forest_parse(GBytes *json, GError **error);
void kw_forest_free(KwForest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwForest, kw_forest_free)

guint kw_forest_get_n_features(const KwForest *self);
guint kw_forest_get_n_trees(const KwForest *self);

/* %TRUE when it gives probabilities */
gboolean kw_forest_is_classifier(const KwForest *self);

/**
 * kw_forest_predict:
 * @rows: @n_rows rows of kw_forest_get_n_features() values; NaN is "not known"
 * @out: (array length=n_rows): the same bits as the library gives. Any thread.
 */
void kw_forest_predict(const KwForest *self, const gfloat *rows, gsize n_rows, gfloat *out);

G_END_DECLS
