/* kw-equity-chart.h: the account's value over time, and how far it was below its highest */
#pragma once

#include "kw-axis.h"

G_BEGIN_DECLS

/**
 * KwEquityChart:
 * @points: (array length=n_points): ascending by time, values > 0
 * @limit_ratio: drawdown limit, 0.2 = 20 %; 0 = none
 * @limit_text: name of its line
 * @drawdown_text: name of the lower panel
 */
typedef struct {
    KwChartFrame frame;
    const KwChartPoint *points;
    gsize n_points;
    gdouble limit_ratio;
    const gchar *limit_text;
    const gchar *drawdown_text;
} KwEquityChart;

/* Equity above, drawdown below. Returns: (transfer full): PNG, or %NULL with an error */
GBytes *kw_equity_chart_draw(const KwEquityChart *chart, KwChartMarks *out, GError **error);

/* The drawdown alone, larger, its deepest point dated */
GBytes *
kw_equity_chart_draw_drawdown(const KwEquityChart *chart, KwChartMarks *out, GError **error);

G_END_DECLS
