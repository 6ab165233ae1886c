/* kw-candle-chart.h: candles of a pair with entries, exits, stop and target */
#pragma once

#include "kw-axis.h"
#include "kw-candle.h"

G_BEGIN_DECLS

#define KW_CANDLE_CHART_MAX 500 /* more are merged, neighbours into one */

typedef enum { KW_CHART_MARK_ENTRY, KW_CHART_MARK_EXIT } KwChartMarkKind;

/* An entry is a triangle below its price, an exit one above it. */
typedef struct {
    KwChartMarkKind kind;
    gint64 time_us;
    gdouble price;
} KwChartMark;

/* A dashed line at a price from one time to another: @text "Stop", "Ziel" stands at it */
typedef struct {
    gint64 from_us, to_us;
    gdouble price;
    KwInk ink;
    const gchar *text;
} KwChartLevel;

/**
 * KwCandleChart:
 * @candles: (array length=n_candles): ascending by time
 * @timeframe_us: length of each
 * @price_digits: of the pair's tick, for the numbers at marks and levels
 */
typedef struct {
    KwChartFrame frame;
    const KwCandle *candles;
    gsize n_candles;
    gint64 timeframe_us;
    guint price_digits;
    const KwChartMark *marks;
    gsize n_marks;
    const KwChartLevel *levels;
    gsize n_levels;
} KwCandleChart;

/* Marks outside the candles are left out. Returns: (transfer full): PNG, %NULL with an error */
GBytes *kw_candle_chart_draw(const KwCandleChart *chart, KwChartMarks *out, GError **error);

G_END_DECLS
