#include "kw-training-text.h"

#include "kw-digest-text.h"
#include "kw-fault-text.h"
#include "kw-i18n.h"
#include "kw-words.h"

#include <string.h>

static const struct {
    const gchar *code; /* of the figure */
    const gchar *text; /* message id */
} figures[] = {
    {"sortino", N_("Sortino")},
    {"drawdown", N_("drawdown")},
    {"trades", N_("number of trades")},
    {"win_rate", N_("win rate")},
    {"accuracy", N_("accuracy")},
    {"calibration", N_("calibration")},
    {"leakage", N_("leak into the test")},
};

/* (transfer full): "sortino trades" as "Sortino, number of trades" */
static gchar *
name_figures(const gchar *words)
{
    g_auto(GStrv) codes = g_strsplit(words, " ", -1);
    GString *list = g_string_new(NULL);

    for (guint i = 0; codes[i] != NULL; i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(figures); k++) {
            if (strcmp(figures[k].code, codes[i]) == 0)
                g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "",
                                       _(figures[k].text));
        }
    }
    return g_string_free(list, FALSE);
}

static void
append_figures(const KwEvent *event, GString *out)
{
    g_autofree gchar *list = name_figures(event->text);

    if (*list != '\0')
        kw_digest_text_line(out, _("Not good enough: %s."), list);
}

static void
append_head(const KwEvent *event, GString *out)
{
    const gchar *model = event->trade.model;

    g_string_append_printf(out, "%s ", kw_words_mode_tag(event->mode));
    switch ((KwTrainingVerdict) event->count) {
    case KW_TRAINING_PROMOTED:
        g_string_append_printf(
            out, _("🧠 Training over: %s has passed and is being put to use"), model);
        break;
    case KW_TRAINING_GATE:
        g_string_append_printf(out, _("🧠 Training over: %s has not passed"), model);
        break;
    case KW_TRAINING_REFUSED:
        g_string_append_printf(out, _("⚠️ Training over: %s has passed and cannot be used"),
                               model);
        break;
    case KW_TRAINING_STOPPED:
        g_string_append_printf(out, _("🧠 Training of %s was stopped"), model);
        break;
    case KW_TRAINING_FAILED:
        g_string_append_printf(out, _("⚠️ Training of %s failed"), model);
        break;
    }
}

void
kw_training_text_append(const KwEvent *event, GString *out)
{
    g_return_if_fail(event != NULL && out != NULL);

    append_head(event, out);
    if (event->count == KW_TRAINING_GATE) {
        append_figures(event, out);
    } else if (*event->text != '\0') {
        g_autofree gchar *cause = kw_fault_text(event->text);

        kw_digest_text_line(out, _("Cause: %s"), cause);
    }
    if (event->count != KW_TRAINING_PROMOTED)
        kw_digest_text_line(out, "%s", _("The model of before stays in use."));
}

static const gchar *
name_verdict(KwTrainingVerdict verdict)
{
    switch (verdict) {
    case KW_TRAINING_PROMOTED:
        return _("passed and put to use");
    case KW_TRAINING_GATE:
        return _("not passed");
    case KW_TRAINING_REFUSED:
        return _("passed, but cannot be used");
    case KW_TRAINING_STOPPED:
        return _("stopped");
    case KW_TRAINING_FAILED:
        return _("failed");
    }
    g_return_val_if_reached("");
}

gchar *
kw_training_text_result(const KwTrainingView *view)
{
    g_autofree gchar *why = NULL;

    g_return_val_if_fail(view != NULL, NULL);

    if (view->last_verdict == KW_TRAINING_GATE)
        why = name_figures(view->last_text);
    else if (*view->last_text != '\0')
        why = kw_fault_text(view->last_text);
    return g_strdup_printf("%s: %s%s%s%s", view->last_model, name_verdict(view->last_verdict),
                           why != NULL && *why != '\0' ? " (" : "", why != NULL ? why : "",
                           why != NULL && *why != '\0' ? ")" : "");
}
