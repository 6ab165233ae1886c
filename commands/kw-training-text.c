#include "kw-training-text.h"

#include "kw-digest-text.h"
#include "kw-fault-text.h"
#include "kw-i18n.h"
#include "kw-model-view.h"
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

/* "sortino trades" as "Sortino, number of trades" */
static void
append_figures(const KwEvent *event, GString *out)
{
    g_auto(GStrv) codes = g_strsplit(event->text, " ", -1);
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; codes[i] != NULL; i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(figures); k++) {
            if (strcmp(figures[k].code, codes[i]) == 0)
                g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "",
                                       _(figures[k].text));
        }
    }
    if (list->len > 0)
        kw_digest_text_line(out, _("Not good enough: %s."), list->str);
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
