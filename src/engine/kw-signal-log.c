/* kw-signal-log.c: the newest signals and what became of them
 *
 * "Why did you not buy?" has to be answered at once and from memory, like every other question;
 * the ledger has all signals, and a start reads the newest ones of them back. */
#include "kw-signal-log.h"

#include <string.h>

struct _KwSignalLog {
    gint64 timeframe_us;
    GArray *views; /* owned, KwSignalView, oldest first */
};

KwSignalLog *
kw_signal_log_new(gint64 timeframe_us)
{
    KwSignalLog *self = g_new0(KwSignalLog, 1);

    self->timeframe_us = timeframe_us;
    self->views = g_array_new(FALSE, FALSE, sizeof(KwSignalView));
    return self;
}

void
kw_signal_log_free(KwSignalLog *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->views);
    g_free(self);
}

/* (nullable): the entry that is the same signal as @view */
static KwSignalView *
find_same(const KwSignalLog *self, const KwSignalView *view)
{
    for (guint i = self->views->len; i > 0; i--) {
        KwSignalView *other = &g_array_index(self->views, KwSignalView, i - 1);

        if (other->time_us == view->time_us && other->is_exit == view->is_exit &&
            strcmp(other->pair, view->pair) == 0)
            return other;
    }
    return NULL;
}

void
kw_signal_log_add(KwSignalLog *self, const KwSignalRecord *record, gdouble threshold)
{
    KwSignalView view = {.confidence = record->confidence, .threshold = threshold};
    KwSignalView *same;

    g_return_if_fail(self != NULL && record != NULL);

    view.is_exit = record->side == KW_SIDE_SELL;
    view.is_entered = strcmp(record->action, "enter") == 0;
    view.time_us = record->candle_us + (view.is_exit ? 0 : self->timeframe_us);
    g_strlcpy(view.pair, record->pair, sizeof view.pair);
    g_strlcpy(view.reason, record->reason, sizeof view.reason);
    g_strlcpy(view.tier, record->tier, sizeof view.tier);
    g_strlcpy(view.regime, record->regime, sizeof view.regime);

    same = find_same(self, &view);
    if (same != NULL) {
        *same = view;
        return;
    }
    if (self->views->len == KW_SIGNAL_LOG_MAX)
        g_array_remove_index(self->views, 0);
    g_array_append_val(self->views, view);
}

GArray *
kw_signal_log_list(const KwSignalLog *self, KwPeriod period, const gchar *pair, guint max)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwSignalView));

    g_return_val_if_fail(self != NULL, list);

    for (guint i = self->views->len; i > 0 && (max == 0 || list->len < max); i--) {
        const KwSignalView *view = &g_array_index(self->views, KwSignalView, i - 1);

        if (view->time_us >= period.from_us && view->time_us < period.to_us &&
            (pair == NULL || strcmp(view->pair, pair) == 0))
            g_array_append_val(list, *view);
    }
    return list;
}
