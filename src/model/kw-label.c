#include "kw-label.h"

#include "kw-error.h"

#include <math.h>

static gboolean
check_horizon(const KwSeries *series, gint64 horizon_us, GError **error)
{
    gint64 step = kw_series_get_timeframe_us(series);
    gsize n = kw_series_get_length(series);

    if (horizon_us <= 0 || horizon_us % step != 0) {
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                            "the horizon is no multiple of the timeframe");
        return FALSE;
    }
    if (n == 0 ||
        kw_series_get_times(series)[n - 1] - kw_series_get_times(series)[0] < horizon_us) {
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                            "the horizon is longer than the data");
        return FALSE;
    }
    return TRUE;
}

gboolean
kw_label_compute(
    const KwSeries *series, KwLabelKind kind, gint64 horizon_us, gdouble *out, GError **error)
{
    const gint64 *times = kw_series_get_times(series);
    const gdouble *closes = kw_series_get_closes(series);
    gsize n = kw_series_get_length(series), later = 0;

    if (!check_horizon(series, horizon_us, error))
        return FALSE;
    for (gsize i = 0; i < n; i++) {
        gdouble change;

        while (later < n && times[later] < times[i] + horizon_us)
            later++;
        out[i] = NAN;
        if (later == n || times[later] != times[i] + horizon_us || !(closes[i] > 0))
            continue;
        change = closes[later] / closes[i] - 1;
        out[i] = kind == KW_LABEL_DIRECTION ? change > 0 : change;
    }
    return TRUE;
}

const gchar *
kw_label_kind_to_string(KwLabelKind kind)
{
    switch (kind) {
    case KW_LABEL_RETURN:
        return "return";
    case KW_LABEL_DIRECTION:
        return "direction";
    }
    g_return_val_if_reached("return");
}
