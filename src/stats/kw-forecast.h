/* kw-forecast.h: probabilities and what came true, and the scores that judge them */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwForecasts:
 * @p: (array length=n): probabilities, 0..1
 * @hit: (array length=n): 1 when it came true, else 0
 *
 * Borrowed views; a value type.
 */
typedef struct {
    const gdouble *p;
    const guint8 *hit;
    gsize n;
} KwForecasts;

/**
 * KwForecastScores:
 * @brier: mean squared error; equals @reliability - @resolution + @uncertainty
 * @brier_skill: 1 - @brier / @uncertainty; NaN when only one outcome occurred
 * @log_loss: with probabilities held off 0 and 1 by 1e-15
 * @auc: NaN when only one outcome occurred
 * @accuracy: share of forecasts on the right side of one half; exactly one half counts as "yes"
 */
typedef struct {
    gdouble brier, brier_skill;
    gdouble reliability, resolution, uncertainty;
    gdouble log_loss, auc, accuracy;
    gsize n, n_hits;
} KwForecastScores;

typedef enum {
    KW_BINNING_UNIFORM,  /* equal widths over 0..1 */
    KW_BINNING_QUANTILE, /* equal counts, as far as ties allow */
} KwBinning;

/**
 * KwReliabilityBin:
 * @bin: number of the bin, from 0
 * @low, @high: it holds @low < p <= @high; the first one also holds @low
 * @mean_p: mean forecast
 * @share: share that came true
 */
typedef struct {
    guint bin;
    gdouble low, high;
    gsize n;
    gdouble mean_p, share;
} KwReliabilityBin;

/**
 * kw_forecasts_check:
 *
 * Returns: %FALSE with %KW_STATS_ERROR_INPUT when there is none, or a probability is not
 *   finite or outside 0..1
 */
gboolean kw_forecasts_check(const KwForecasts *forecasts, GError **error);

/* @forecasts must pass kw_forecasts_check() */
void kw_forecasts_score(const KwForecasts *forecasts, KwForecastScores *out);

/**
 * kw_forecasts_bin:
 * @n_bins: > 0
 *
 * Returns: (transfer full) (element-type KwReliabilityBin): bins that hold anything
 */
GArray *kw_forecasts_bin(const KwForecasts *forecasts, guint n_bins, KwBinning binning);

/* Expected calibration error of @bins: mean distance of @share and @mean_p, weighted by count.
 * @out_max: (out) (optional): the largest distance */
gdouble kw_reliability_error(const GArray *bins, gdouble *out_max);

G_END_DECLS
