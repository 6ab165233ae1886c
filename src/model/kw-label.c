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

/* -- several pairs -- */

/* Change of @series from @time_us over the horizon; NaN unless both candles are there */
static gdouble
get_change(const KwSeries *series, gint64 time_us, gint64 horizon_us)
{
    const gint64 *times = kw_series_get_times(series);
    const gdouble *closes = kw_series_get_closes(series);
    gsize n = kw_series_get_length(series);
    gsize from = kw_series_find(series, time_us);
    gsize to = kw_series_find(series, time_us + horizon_us);

    if (to >= n || times[from] != time_us || times[to] != time_us + horizon_us ||
        !(closes[from] > 0))
        return NAN;
    return closes[to] / closes[from] - 1;
}

static gdouble
get_trend(const KwSeries *const *pairs, guint n_pairs, gint64 time_us, gint64 horizon_us)
{
    gdouble sum = 0, sizes = 0;
    guint n_known = 0;

    for (guint p = 0; p < n_pairs; p++) {
        gdouble change = get_change(pairs[p], time_us, horizon_us);

        if (isnan(change))
            continue;
        sum += change;
        sizes += fabs(change);
        n_known++;
    }
    return n_known > 1 && sizes > 0 ? sum / sizes : (gdouble) NAN;
}

gboolean
kw_label_trend(const KwSeries *series,
               const KwSeries *const *pairs,
               guint n_pairs,
               gint64 horizon_us,
               gdouble *out,
               GError **error)
{
    const gint64 *times = kw_series_get_times(series);

    if (n_pairs < 2) {
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                            "the strength of a trend needs at least two pairs");
        return FALSE;
    }
    if (!check_horizon(series, horizon_us, error))
        return FALSE;
    for (gsize i = 0; i < kw_series_get_length(series); i++)
        out[i] = get_trend(pairs, n_pairs, times[i], horizon_us);
    return TRUE;
}

/* -- names -- */

static const gchar *const names[] = {
    [KW_LABEL_RETURN] = "return",
    [KW_LABEL_DIRECTION] = "direction",
    [KW_LABEL_TREND] = "trend",
};

const gchar *
kw_label_kind_to_string(KwLabelKind kind)
{
    g_return_val_if_fail((gsize) kind < G_N_ELEMENTS(names), "return");

    return names[kind];
}

gboolean
kw_label_kind_parse(const gchar *text, KwLabelKind *out)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_str_equal(text, names[i])) {
            *out = (KwLabelKind) i;
            return TRUE;
        }
    }
    return FALSE;
}
