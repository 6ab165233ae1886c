#include "kw-view.h"

#include "kw-model-view.h"

#include "kw-error.h"

#include <string.h>

static const gchar *const run_states[] = {
    [KW_RUN_STATE_RUNNING] = "running",         [KW_RUN_STATE_PAUSED] = "paused",
    [KW_RUN_STATE_STOPPED] = "stopped",         [KW_RUN_STATE_HALTED] = "halted",
    [KW_RUN_STATE_NO_STRATEGY] = "no_strategy",
};

const gchar *
kw_run_state_to_string(KwRunState state)
{
    g_return_val_if_fail((guint) state < G_N_ELEMENTS(run_states), "stopped");

    return run_states[state];
}

gboolean
kw_run_state_from_string(const gchar *text, KwRunState *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (gsize i = 0; i < G_N_ELEMENTS(run_states); i++) {
        if (strcmp(text, run_states[i]) == 0) {
            *out = (KwRunState) i;
            return TRUE;
        }
    }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no run state");
    return FALSE;
}

const gchar *
kw_training_verdict_to_string(KwTrainingVerdict verdict)
{
    static const gchar *const names[] = {"promoted", "gate", "refused", "stopped", "failed"};

    g_return_val_if_fail((guint) verdict < G_N_ELEMENTS(names), "");

    return names[verdict];
}
