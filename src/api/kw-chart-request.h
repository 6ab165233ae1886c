/* kw-chart-request.h: a picture that belongs to an answer or a message */
#pragma once

#include "kw-view.h"

G_BEGIN_DECLS

typedef enum {
    KW_CHART_NONE,
    KW_CHART_EQUITY,      /* account value and drawdown */
    KW_CHART_DRAWDOWN,    /* the drawdown alone */
    KW_CHART_CANDLES,     /* of @pair or of trade @trade_id, with entries, exits, stop */
    KW_CHART_DAYS,        /* a bar for each day */
    KW_CHART_PAIRS,       /* a bar for each pair */
    KW_CHART_CALIBRATION, /* of the model in service */
} KwChartKind;
#define KW_N_CHART_KINDS 7

/* "equity", "candles", ...; static */
const gchar *kw_chart_kind_to_string(KwChartKind kind);

/**
 * KwChartRequest:
 * @pair: of candles; "" = all pairs
 * @trade_id: of candles round one trade; 0 = none
 *
 * Plain value. The text says the same in figures: it is sent also when drawing fails.
 */
typedef struct {
    KwChartKind kind;
    KwPeriod period;
    gchar pair[KW_VIEW_PAIR_SIZE];
    gint64 trade_id;
} KwChartRequest;

G_END_DECLS
