/* kw-label.h: what a model should have said: what the price did after a candle */
#pragma once

#include "kw-series.h"

G_BEGIN_DECLS

typedef enum {
    KW_LABEL_RETURN,    /* close after the horizon over close now, minus 1 */
    KW_LABEL_DIRECTION, /* 1 when that is above 0, else 0 */
} KwLabelKind;

/**
 * kw_label_compute:
 * @horizon_us: a multiple of the timeframe of @series, > 0
 * @out: (array): a label per row; NaN where the candle a horizon later is not there (gaps, and
 *   the end of the series)
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_VALUE when the horizon is no multiple, or not shorter
 *   than the series
 */
gboolean kw_label_compute(
    const KwSeries *series, KwLabelKind kind, gint64 horizon_us, gdouble *out, GError **error);

/* "return", "direction" */
const gchar *kw_label_kind_to_string(KwLabelKind kind);

G_END_DECLS
