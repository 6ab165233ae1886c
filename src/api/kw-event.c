#include "kw-event.h"

#include "kw-error.h"

#include <string.h>

static const struct {
    const gchar *name;
    gboolean is_alarm;
} kinds[KW_N_EVENT_KINDS] = {
    [KW_EVENT_STARTED] = {"started", FALSE},
    [KW_EVENT_STOPPING] = {"stopping", FALSE},
    [KW_EVENT_ENTRY_ORDER] = {"entry_order", FALSE},
    [KW_EVENT_ENTRY] = {"entry", FALSE},
    [KW_EVENT_EXIT_ORDER] = {"exit_order", FALSE},
    [KW_EVENT_EXIT] = {"exit", FALSE},
    [KW_EVENT_STOP_HIT] = {"stop_hit", FALSE},
    [KW_EVENT_STATE] = {"state", FALSE},
    [KW_EVENT_REMINDER] = {"reminder", FALSE},
    [KW_EVENT_KILL_ON] = {"kill_on", TRUE},
    [KW_EVENT_KILL_OFF] = {"kill_off", FALSE},
    [KW_EVENT_KILLED_SIGNAL] = {"killed_signal", TRUE},
    [KW_EVENT_HALT] = {"halt", TRUE},
    [KW_EVENT_HALT_OVER] = {"halt_over", FALSE},
    [KW_EVENT_REJECTED] = {"rejected", FALSE},
    [KW_EVENT_STRATEGY] = {"strategy", TRUE},
    [KW_EVENT_OLD_STRATEGY] = {"old_strategy", FALSE},
    [KW_EVENT_STORE] = {"store", TRUE},
    [KW_EVENT_BACKUP] = {"backup", FALSE},
    [KW_EVENT_LOST_ROWS] = {"lost_rows", FALSE},
    [KW_EVENT_DATA] = {"data", TRUE},
    [KW_EVENT_BACK] = {"back", FALSE},
    [KW_EVENT_ORDER] = {"order", TRUE},
    [KW_EVENT_NOTICE] = {"notice", FALSE},
    [KW_EVENT_CAPITAL] = {"capital", FALSE},
    [KW_EVENT_DIGEST] = {"digest", FALSE},
    [KW_EVENT_WEEKLY] = {"weekly", FALSE},
    [KW_EVENT_END_OF_DATA] = {"end_of_data", FALSE},
    [KW_EVENT_LOCK] = {"lock", FALSE},
    [KW_EVENT_LOCK_ALL] = {"lock_all", TRUE},
    [KW_EVENT_MODEL] = {"model", FALSE},
    [KW_EVENT_MODEL_BACK] = {"model_back", FALSE},
    [KW_EVENT_VENUE] = {"venue", TRUE},
    [KW_EVENT_VERSION] = {"version", FALSE},
    [KW_EVENT_RETRAIN] = {"retrain", FALSE},
    [KW_EVENT_RETRAINED] = {"retrained", FALSE},
    [KW_EVENT_SIGNAL] = {"signal", FALSE},
};

const gchar *
kw_event_kind_to_string(KwEventKind kind)
{
    g_return_val_if_fail((guint) kind < G_N_ELEMENTS(kinds), "");

    return kinds[kind].name;
}

gboolean
kw_event_kind_from_string(const gchar *text, KwEventKind *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].name, text) == 0) {
            *out = (KwEventKind) i;
            return TRUE;
        }
    }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no kind of event");
    return FALSE;
}

gboolean
kw_event_kind_is_alarm(KwEventKind kind)
{
    g_return_val_if_fail((guint) kind < G_N_ELEMENTS(kinds), TRUE);

    return kinds[kind].is_alarm;
}

gboolean
kw_event_kind_is_trade(KwEventKind kind)
{
    return kind == KW_EVENT_ENTRY_ORDER || kind == KW_EVENT_ENTRY ||
           kind == KW_EVENT_EXIT_ORDER || kind == KW_EVENT_EXIT || kind == KW_EVENT_STOP_HIT ||
           kind == KW_EVENT_REJECTED || kind == KW_EVENT_SIGNAL;
}
