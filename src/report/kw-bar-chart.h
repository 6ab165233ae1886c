/* kw-bar-chart.h: a bar for each day, week or pair */
#pragma once

#include "kw-axis.h"

G_BEGIN_DECLS

#define KW_BAR_CHART_MAX 120

/* @label is short ("11.03.", "BTC"); it is left out where there is no room. */
typedef struct {
    const gchar *label;
    gdouble value;
} KwChartBar;

/* @digits: of the numbers at the bars; these stand there while there are few of them */
typedef struct {
    KwChartFrame frame;
    const KwChartBar *bars;
    gsize n_bars;
    guint digits;
} KwBarChart;

/* The last %KW_BAR_CHART_MAX bars. Returns: (transfer full): PNG, or %NULL with an error */
GBytes *kw_bar_chart_draw(const KwBarChart *chart, KwChartMarks *out, GError **error);

G_END_DECLS
