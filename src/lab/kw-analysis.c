/* kw-analysis.c: what a strategy does before it trades
 *
 * A mean that feeds on itself never forgets its first value, it only becomes small. Whether
 * startup_candles is enough is therefore measured: the strategy is run on the last n candles
 * alone, and its last values are compared with those of the whole history. */
#include "kw-analysis.h"

#include <math.h>
#include <string.h>

#define MAX_TRIALS 24

static void
settling_clear(gpointer data)
{
    KwSettling *settling = data;

    g_free(settling->name);
}

/* The last @n_rows candles of @pair with the strategy over them */
static KwStrategyColumns *
build_end(const KwStudyPair *pair,
          const KwStrategy *strategy,
          gsize n_rows,
          KwFrame **out_frame,
          GError **error)
{
    const KwSeries *whole = kw_frame_get_series(pair->frame);
    KwSeries *end = kw_series_new(kw_series_get_timeframe_us(whole));
    gsize length = kw_series_get_length(whole);
    KwStrategyColumns *columns;

    for (gsize row = length - n_rows; row < length; row++) {
        KwCandle candle = kw_series_get(whole, row);

        (void) kw_series_append(end, &candle);
    }
    *out_frame = kw_frame_new(end);
    if (kw_frame_get_neighbours(pair->frame) != NULL)
        kw_frame_set_neighbours(*out_frame, kw_frame_get_neighbours(pair->frame));
    columns = kw_strategy_build(strategy, *out_frame, error);
    if (columns != NULL)
        kw_frame_update(*out_frame);
    return columns;
}

static gdouble
get_last(const KwStrategyColumns *columns, guint index)
{
    return kw_column_get_last(kw_strategy_columns_get_indicator(columns, index));
}

static gdouble
get_error(gdouble value, gdouble expected)
{
    if (isnan(value) || isnan(expected))
        return isnan(value) && isnan(expected) ? 0.0 : (gdouble) INFINITY;
    return fabs(value - expected) / MAX(fabs(expected), 1e-9);
}

/* Lengths to try: the start of the strategy, and steps of about a third more; ends with 0 */
static void
list_lengths(gsize startup, gsize most, gsize *out)
{
    guint n = 0;

    for (gsize length = 20; n + 2 < MAX_TRIALS && length < most; length += length / 2) {
        if (startup > 0 && length > startup && (n == 0 || out[n - 1] < startup) &&
            startup < most)
            out[n++] = startup;
        out[n++] = length;
    }
    out[n] = 0;
}

static void
note_trial(GArray *settlings,
           const KwStudyPair *pair,
           const KwStrategyColumns *columns,
           gsize length,
           gsize startup)
{
    for (guint i = 0; i < settlings->len; i++) {
        KwSettling *settling = &g_array_index(settlings, KwSettling, i);
        gdouble error = get_error(get_last(columns, i), get_last(pair->columns, i));

        if (error > KW_ANALYSIS_TOLERANCE)
            settling->settled = 0; /* an earlier agreement was an accident */
        else if (settling->settled == 0)
            settling->settled = length;
        if (length == startup)
            settling->error = error;
    }
}

GArray *
kw_analysis_settle(const KwStudyPair *pair, const KwStrategy *strategy, GError **error)
{
    gsize startup = kw_strategy_get_terms(strategy)->startup_candles;
    g_autoptr(GArray) settlings = g_array_new(FALSE, FALSE, sizeof(KwSettling));
    gsize lengths[MAX_TRIALS];

    g_return_val_if_fail(pair != NULL && pair->columns != NULL, NULL);

    g_array_set_clear_func(settlings, settling_clear);
    for (guint i = 0; i < kw_strategy_columns_get_n_indicators(pair->columns); i++) {
        KwSettling settling = {
            .name = g_strdup(kw_strategy_columns_get_indicator_name(pair->columns, i)),
            .defined =
                kw_column_get_warmup(kw_strategy_columns_get_indicator(pair->columns, i)) + 1,
            .error = (gdouble) NAN};

        g_array_append_val(settlings, settling);
    }
    list_lengths(startup, kw_frame_get_n_rows(pair->frame), lengths);
    for (guint i = 0; lengths[i] != 0; i++) {
        g_autoptr(KwFrame) frame = NULL;
        KwStrategyColumns *columns = build_end(pair, strategy, lengths[i], &frame, error);

        if (columns == NULL)
            return NULL;
        note_trial(settlings, pair, columns, lengths[i], startup);
        kw_strategy_columns_free(columns);
    }
    return g_steal_pointer(&settlings);
}

/* -- signals -- */

void
kw_analysis_droughts(const KwStudyPair *pair, KwDrought *out)
{
    const KwSeries *series = kw_frame_get_series(pair->frame);
    const gint64 *times = kw_series_get_times(series);
    gsize end = MIN(pair->range.end, kw_series_get_length(series));
    gsize start = pair->range.first; /* of the drought under way */
    gboolean was_on = FALSE;

    *out = (KwDrought){0};
    for (gsize row = pair->range.first; row < end; row++) {
        KwSignalValues signal;

        kw_strategy_columns_get_signal(pair->columns, row, &signal);
        if (signal.enter && !was_on) {
            out->n_entries++;
            if (row - start > out->longest) {
                out->longest = row - start;
                out->longest_us = times[start];
            }
        }
        start = signal.enter ? row + 1 : start;
        was_on = signal.enter;
        out->n_rows++;
    }
    out->last = end > start ? end - start : 0;
    if (out->last > out->longest) {
        out->longest = out->last;
        out->longest_us = times[start];
    }
}

static KwRegimeCount *
find_count(GArray *counts, const gchar *label)
{
    KwRegimeCount fresh = {.label = label};

    for (guint i = 0; i < counts->len; i++)
        if (strcmp(g_array_index(counts, KwRegimeCount, i).label, label) == 0)
            return &g_array_index(counts, KwRegimeCount, i);
    g_array_append_val(counts, fresh);
    return &g_array_index(counts, KwRegimeCount, counts->len - 1);
}

GArray *
kw_analysis_regimes(const KwStudyPair *pair)
{
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(KwRegimeCount));
    gsize end = MIN(pair->range.end, kw_frame_get_n_rows(pair->frame));

    g_return_val_if_fail(pair->columns != NULL, counts);

    for (gsize row = pair->range.first; row < end; row++) {
        KwSignalValues signal;
        KwRegimeCount *count;

        kw_strategy_columns_get_signal(pair->columns, row, &signal);
        count = find_count(counts, signal.regime != NULL ? signal.regime : "");
        count->n_rows++;
        count->n_entries += signal.enter != 0;
        count->n_exits += signal.exit != 0;
    }
    return counts;
}
