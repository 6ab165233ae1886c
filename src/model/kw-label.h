/* kw-label.h: what a model should have said: what the price did after a candle */
#pragma once

#include "kw-series.h"

G_BEGIN_DECLS

typedef enum {
    KW_LABEL_RETURN,    /* close after the horizon over close now, minus 1 */
    KW_LABEL_DIRECTION, /* 1 when that is above 0, else 0 */
    KW_LABEL_TREND,     /* strength of what several pairs do together, -1 to 1 */
} KwLabelKind;

/**
 * kw_label_compute:
 * @kind: but for %KW_LABEL_TREND
 * @horizon_us: a multiple of the timeframe of @series, > 0
 * @out: (array): a label per row; NaN where the candle a horizon later is not there (gaps, and
 *   the end of the series)
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_VALUE when the horizon is no multiple, or not shorter
 *   than the series
 */
gboolean kw_label_compute(
    const KwSeries *series, KwLabelKind kind, gint64 horizon_us, gdouble *out, GError **error);

/**
 * kw_label_trend:
 * @series: gives the rows
 * @pairs: (array length=n_pairs): the pairs that count, @series among them or not; at least two
 * @horizon_us, @out: as for kw_label_compute()
 *
 * Sum of the changes of all pairs over the sum of their sizes: 1 when every pair rises, -1 when
 * every one falls, near 0 when they pull apart. NaN where not two pairs have both candles, or
 * nothing moved.
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_VALUE as above, or for fewer than two pairs
 */
gboolean kw_label_trend(const KwSeries *series,
                        const KwSeries *const *pairs,
                        guint n_pairs,
                        gint64 horizon_us,
                        gdouble *out,
                        GError **error);

/* "return", "direction", "trend" */
const gchar *kw_label_kind_to_string(KwLabelKind kind);

/* Returns: %FALSE (and no change) for a word that is none */
gboolean kw_label_kind_parse(const gchar *text, KwLabelKind *out);

G_END_DECLS
