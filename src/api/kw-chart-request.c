/* kw-chart-request.c: names of the pictures */
#include "kw-chart-request.h"

static const gchar *const names[KW_N_CHART_KINDS] = {
    [KW_CHART_NONE] = "none",
    [KW_CHART_EQUITY] = "equity",
    [KW_CHART_DRAWDOWN] = "drawdown",
    [KW_CHART_CANDLES] = "candles",
    [KW_CHART_DAYS] = "days",
    [KW_CHART_PAIRS] = "pairs",
    [KW_CHART_CALIBRATION] = "calibration",
};

const gchar *
kw_chart_kind_to_string(KwChartKind kind)
{
    return names[kind];
}
