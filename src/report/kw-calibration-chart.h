/* kw-calibration-chart.h: how often came true what a model had thought likely */
#pragma once

#include "kw-axis.h"

G_BEGIN_DECLS

/* Signals with a prediction around @predicted (0..1), of which @n_hits of @n came true */
typedef struct {
    gdouble predicted;
    guint n_hits, n;
} KwCalibrationBin;

/* @across_text, @up_text: names of the axes ("vorhergesagt", "eingetroffen") */
typedef struct {
    KwChartFrame frame;
    const KwCalibrationBin *bins;
    gsize n_bins;
    const gchar *across_text;
    const gchar *up_text;
} KwCalibrationChart;

/* Bins without a signal are left out; each other has its 95 % interval (Wilson).
 * Returns: (transfer full): PNG, or %NULL with an error */
GBytes *
kw_calibration_chart_draw(const KwCalibrationChart *chart, KwChartMarks *out, GError **error);

G_END_DECLS
