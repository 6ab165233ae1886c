/* kw-scan-log.c: cycles of the bot, for "/thoughts"
 *
 * market.db has every scan, but a question is answered from memory, at once. So the newest ones
 * are kept here as well, and a start reads them back. Rows are ordered by time and name of the
 * pair, not by arrival: a step of a cycle keeps its number after a restart, and a row that
 * comes late falls into its place.
 *
 * The oldest half goes at once when there are twice as many as promised: a replay at full speed
 * adds thousands a second, and to move all rows for each would be what it spends its time on.
 */
#include "kw-scan-log.h"

#include <string.h>

#define N_CYCLES 9999

struct _KwScanLog {
    gint64 timeframe_us;
    GArray *views; /* owned, KwStepView, oldest first */
};

KwScanLog *
kw_scan_log_new(gint64 timeframe_us)
{
    KwScanLog *self = NULL;

    g_return_val_if_fail(timeframe_us > 0, NULL);

    self = g_new0(KwScanLog, 1);
    self->timeframe_us = timeframe_us;
    self->views = g_array_new(FALSE, FALSE, sizeof(KwStepView));
    return self;
}

void
kw_scan_log_free(KwScanLog *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->views);
    g_free(self);
}

static void
fill(const KwScanLog *self, const KwScanRecord *scan, gdouble threshold, KwStepView *out)
{
    *out = (KwStepView){
        .cycle = (guint) (scan->time_us / self->timeframe_us % N_CYCLES) + 1,
        .time_us = scan->time_us,
        .price = scan->price,
        .has_signal = scan->has_signal,
        .confidence = scan->confidence,
        .threshold = threshold,
        .names = scan->names,
        .n_values = MIN(scan->n_values, KW_VIEW_MAX_COLUMNS),
    };
    g_strlcpy(out->pair, scan->pair, sizeof out->pair);
    g_strlcpy(out->regime, scan->regime, sizeof out->regime);
    g_strlcpy(out->action, scan->action, sizeof out->action);
    g_strlcpy(out->reason, scan->reason, sizeof out->reason);
    memcpy(out->values, scan->values, out->n_values * sizeof out->values[0]);
}

static gint
compare(const KwStepView *a, const KwStepView *b)
{
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us ? -1 : 1;
    return strcmp(a->pair, b->pair);
}

void
kw_scan_log_add(KwScanLog *self, const KwScanRecord *scan, gdouble threshold)
{
    KwStepView view;
    guint at;

    g_return_if_fail(self != NULL && scan != NULL);

    fill(self, scan, threshold, &view);
    at = self->views->len;
    while (at > 0 && compare(&g_array_index(self->views, KwStepView, at - 1), &view) > 0)
        at--;
    if (at > 0 && compare(&g_array_index(self->views, KwStepView, at - 1), &view) == 0) {
        g_array_index(self->views, KwStepView, at - 1) = view;
        return;
    }
    if (at == 0 && self->views->len >= KW_SCAN_LOG_MIN)
        return;
    g_array_insert_val(self->views, at, view);
    if (self->views->len == 2 * KW_SCAN_LOG_MIN)
        g_array_remove_range(self->views, 0, KW_SCAN_LOG_MIN);
}

/* Of the cycle that @end ends, its first row */
static guint
find_begin(const KwScanLog *self, guint end)
{
    guint begin = end - 1;
    gint64 time_us = g_array_index(self->views, KwStepView, begin).time_us;

    while (begin > 0 && g_array_index(self->views, KwStepView, begin - 1).time_us == time_us)
        begin--;
    return begin;
}

GArray *
kw_scan_log_list(const KwScanLog *self, KwPeriod period)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwStepView));
    guint begin;

    g_return_val_if_fail(self != NULL, list);

    for (guint end = self->views->len; end > 0; end = begin) {
        const KwStepView *view;

        begin = find_begin(self, end);
        view = &g_array_index(self->views, KwStepView, begin);
        if (view->time_us >= period.from_us && view->time_us < period.to_us)
            g_array_append_vals(list, view, end - begin);
    }
    return list;
}
