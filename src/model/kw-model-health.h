/* kw-model-health.h: what the candles since then say about a model in use */
#pragma once

#include "kw-model-guard.h"
#include "kw-trigger.h"

G_BEGIN_DECLS

#define KW_MODEL_HEALTH_DRIFT_US                                                               \
    (7 * G_TIME_SPAN_DAY)                 /* newest candles, held against training */
#define KW_MODEL_HEALTH_MIN_FORECASTS 200 /* for a calibration error */

/**
 * KwModelPairHealth:
 * @n_rows: candles since the model is in use; @n_unknown: in which a feature is not known, so
 *   that there is no prediction
 * @n_silent: in which the model had to be silent, see kw-model-guard.h
 * @silence: of the newest candle
 * @n_constant: features that stood still over the newest candles and did not in training
 * @n_drifted: features that are not what they were in training; of too few candles none
 */
typedef struct {
    guint n_rows, n_unknown, n_silent, n_forecasts, n_right, n_constant, n_drifted;
    KwModelSilence silence;
} KwModelPairHealth;

/**
 * KwModelHealth:
 *
 * Predictions of a model over candles that came after it, with what became of them. Adding
 * pairs blocks; any one thread.
 */
typedef struct _KwModelHealth KwModelHealth;

/* @since_us: rows that open then or later count */
KwModelHealth *kw_model_health_new(KwModel *model, gint64 since_us);
void kw_model_health_free(KwModelHealth *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwModelHealth, kw_model_health_free)

/* The next of the pairs that the model's features look at, in the order of their list; takes
 * @series over. All are to be there before kw_model_health_add(). */
void kw_model_health_take_other(KwModelHealth *self, KwSeries *series);

/**
 * kw_model_health_add:
 * @series: candles of one pair; those before @since_us start the features
 * @out: (out caller-allocates)
 *
 * The model is asked about each row as it was when the row had closed: the same bits as in the
 * daemon.
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_VALUE (no candle a horizon later yet) or
 *   %KW_COLUMN_ERROR (candles of other pairs are missing)
 */
gboolean kw_model_health_add(KwModelHealth *self,
                             const KwSeries *series,
                             KwModelPairHealth *out,
                             GError **error);

/**
 * kw_model_health_fill:
 *
 * Fills days, calibration error, drifted features and the day of the training in; trades and
 * today are the caller's. Days are borrowed of @self.
 */
void kw_model_health_fill(KwModelHealth *self, KwTriggerFacts *facts);

G_END_DECLS
