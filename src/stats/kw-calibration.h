/* kw-calibration.h: from a model's score to a probability that keeps its word */
#pragma once

#include "kw-forecast.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_CALIBRATION_MAX_ERROR 0.05   /* above it scores are mapped */
#define KW_CALIBRATION_MIN_ISOTONIC 200 /* samples that the isotonic map needs */
#define KW_CALIBRATION_MIN_CLASS 30     /* of either outcome, likewise */
#define KW_CALIBRATION_MAX_KNOTS 100000

typedef enum {
    KW_CALIBRATION_NONE,
    KW_CALIBRATION_PLATT,    /* 1 / (1 + exp(a f + b)) */
    KW_CALIBRATION_ISOTONIC, /* linear between rising knots */
} KwCalibrationKind;

typedef struct _KwCalibration KwCalibration;

/* (transfer full): leaves scores as they are */
KwCalibration *kw_calibration_new(void);

/**
 * kw_calibration_fit_platt:
 * @scores: any finite numbers in place of probabilities
 *
 * Logistic curve through smoothed targets (Platt 1999), found by Newton's method.
 *
 * Returns: (transfer full): %NULL with %KW_STATS_ERROR_INPUT when there is no sample, a score
 * is not finite, or only one outcome occurs. Any thread.
 */
KwCalibration *kw_calibration_fit_platt(const KwForecasts *scores, GError **error);

/**
 * kw_calibration_fit_isotonic:
 * @x: scores
 * @y: outcomes or shares
 * @weights: (nullable): one each if %NULL
 *
 * The rising step function with the least squared error (pool adjacent violators), linear
 * between its knots, constant outside.
 *
 * Returns: (transfer full): %NULL with %KW_STATS_ERROR_INPUT for no sample or one not finite
 */
KwCalibration *kw_calibration_fit_isotonic(
    const gdouble *x, const gdouble *y, const gdouble *weights, gsize n, GError **error);

/**
 * kw_calibration_choose:
 * @fold: in the order of time, used for nothing else
 *
 * None when the expected calibration error is at most %KW_CALIBRATION_MAX_ERROR. Else Platt or
 * isotonic, whichever has the lower Brier score on later thirds of the fold than it was fitted
 * on; isotonic only with enough samples.
 *
 * Returns: (transfer full): %NULL with %KW_STATS_ERROR_INPUT. Any thread.
 */
KwCalibration *kw_calibration_choose(const KwForecasts *fold, GError **error);
void kw_calibration_free(KwCalibration *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwCalibration, kw_calibration_free)

/* NaN stays NaN */
gdouble kw_calibration_apply(const KwCalibration *self, gdouble score);

KwCalibrationKind kw_calibration_get_kind(const KwCalibration *self);

/* Of a Platt curve; 0 otherwise */
gdouble kw_calibration_get_a(const KwCalibration *self);
gdouble kw_calibration_get_b(const KwCalibration *self);

/* Knots of an isotonic map. Returns: their number */
gsize kw_calibration_get_knots(const KwCalibration *self,
                               const gdouble **out_x,
                               const gdouble **out_y);

/* (transfer full): one JSON object; reads back as the same numbers */
gchar *kw_calibration_to_json(const KwCalibration *self);

/* (transfer full): %NULL with %KW_PARSE_ERROR_MEMBER or _RANGE (knots that do not rise) */
KwCalibration *kw_calibration_from_json(JsonObject *object, GError **error);

/* "none", "platt", "isotonic" */
const gchar *kw_calibration_kind_to_string(KwCalibrationKind kind);

G_END_DECLS
