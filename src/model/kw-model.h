/* kw-model.h: a trained model, verified and ready to predict */
#pragma once

#include "kw-calibration.h"
#include "kw-feature-list.h"
#include "kw-forest.h"
#include "kw-label.h"
#include "kw-matrix.h"
#include "kw-model-folder.h"
#include "kw-scaler.h"

G_BEGIN_DECLS

#define KW_MODEL_N_PROBES 32
#define KW_MODEL_N_REFERENCE 2000 /* training rows kept for telling drift, at most */

/**
 * KwModelFacts:
 * @name: a-z, 0-9 and _, as in model("name")
 * @pairs: separated by commas
 * @source: "exchange", or "synthetic"
 * @data_hash: of the rows that it was made from
 * @timeframe_us, @horizon_us: of the candles, and how far it looks
 * @created_us: UTC
 * @passed_gate: the result of its backtest did
 *
 * Texts are owned.
 */
typedef struct {
    gchar *name, *pairs, *source, *data_hash;
    KwLabelKind label;
    gint64 timeframe_us, horizon_us;
    gint64 data_begin_us, data_end_us, created_us;
    guint n_rows;
    gboolean passed_gate;
} KwModelFacts;

void kw_model_facts_clear(KwModelFacts *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwModelFacts, kw_model_facts_clear)

/**
 * KwModelParts:
 * @model: XGBoost's JSON
 * @features: text of the feature list
 * @reference: rows as the features gave them, not scaled
 * @metrics, @log, @result: (nullable): texts to keep beside it; @result is that of a backtest
 *
 * What a model version is made of; all borrowed.
 */
typedef struct {
    const KwModelFacts *facts;
    GBytes *model, *features;
    const KwScaler *scaler;
    const KwCalibration *calibration;
    const KwMatrix *reference;
    const gchar *metrics, *log, *result;
} KwModelParts;

/**
 * kw_model_write:
 * @folder: must not be there
 *
 * Adds probe rows with what the model predicts for them now.
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL (a model that cannot be read or gives NaN is not
 *   written) or %KW_MODEL_REFUSAL_IO
 */
gboolean kw_model_write(const KwModelParts *parts, const gchar *folder, GError **error);

/**
 * KwModel:
 *
 * Never changes; predicting is allowed on any thread.
 */
typedef struct _KwModel KwModel;

/**
 * kw_model_load:
 *
 * Verifies every file against the manifest, that the parts fit each other, and that the probe
 * rows give the recorded bits.
 *
 * Returns: (transfer full): %NULL with %KW_MODEL_REFUSAL
 */
KwModel *kw_model_load(const gchar *folder, GError **error);
KwModel *kw_model_ref(KwModel *self);
void kw_model_unref(KwModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwModel, kw_model_unref)

const KwModelFacts *kw_model_get_facts(const KwModel *self);

/* SHA-256 of the manifest, as hex */
const gchar *kw_model_get_hash(const KwModel *self);

/* SHA-256 of the trees alone: the same for the same rows, parameters and seed, whenever and
 * however often interrupted they were grown */
const gchar *kw_model_get_trees_hash(const KwModel *self);
KwFeatureList *kw_model_get_features(const KwModel *self);

/* Rows for telling drift: features as they were in training */
const KwMatrix *kw_model_get_reference(const KwModel *self);

/**
 * kw_model_predict:
 * @rows: @n_rows rows of features as the list gives them
 * @out_prediction: a return, or a probability
 * @out_chance: of a rise, calibrated
 *
 * Both are NaN for a row in which a feature is not known.
 */
void kw_model_predict(const KwModel *self,
                      const gfloat *rows,
                      gsize n_rows,
                      gdouble *out_prediction,
                      gdouble *out_chance);

G_END_DECLS
