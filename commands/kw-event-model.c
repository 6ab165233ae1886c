#include "kw-event-writers.h"

#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-model-text.h"
#include "kw-training-text.h"

#include <math.h>
#include <string.h>

/* What the gate found; a version that was promoted past it is not made to look like a good one.
 */
static void
add_gate(KwEventDraft *draft)
{
    const KwModelView *model = &draft->event->model;

    kw_model_text_figures(draft->out, draft->format, model, &draft->event->gate);
    if (model->has_backtest && model->n_trades > 0) {
        kw_digest_text_line(draft->out, _("Backtest: "));
        kw_digest_text_win_rate(draft->out, draft->format,
                                (guint) lround(model->win_ratio * model->n_trades),
                                model->n_trades);
    }
    if (model->is_passed)
        kw_digest_text_line(draft->out, _("All limits are kept. Rating: %s"),
                            kw_model_text_rating(model));
    else
        kw_digest_text_line(
            draft->out, "%s",
            _("⚠️ It has not passed the gate: put to use all the same, at the "
              "server."));
}

void
kw_event_write_model(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;

    if (event->count == 0) {
        kw_event_draft_open(draft, _("🧠 New model in service: %s"), event->trade.model);
        if (event->text[0] != '\0')
            g_string_append_printf(draft->out, _(" (before it %s)"), event->text);
        if (event->model.tag[0] != '\0')
            add_gate(draft);
        kw_digest_text_line(draft->out, _("It counts from the next candle on."));
        if (event->text[0] != '\0')
            kw_digest_text_line(draft->out, _("Back to the one before: /rollback %s"),
                                event->text);
        return;
    }
    kw_event_draft_open(draft,
                        event->count == 1
                            ? _("⚠️ Model %s cannot be used, the one before stays")
                            : _("⚠️ Model %s cannot be used, there is no other"),
                        event->trade.model);
    kw_event_draft_add_fault(draft);
    kw_digest_text_line(draft->out, "%s",
                        _("At the server: kurswart model verify names the damage, kurswart "
                          "model rollback goes back."));
}

void
kw_event_write_model_back(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;

    kw_event_draft_open(draft, _("🧠 Model back in service: %s"), event->trade.model);
    if (event->text[0] != '\0')
        g_string_append_printf(draft->out, _(" (in place of %s)"), event->text);
    kw_digest_text_line(draft->out,
                        _("It counts from the next candle on; the version it replaces "
                          "stays in the registry."));
}

static const struct {
    const gchar *code; /* of the trigger */
    const gchar *text; /* message id */
    KwRiskUnit unit;
} triggers[] = {
    {"drift", N_("features are not what they were in training"), KW_RISK_UNIT_COUNT},
    {"calibration", N_("its confidence is off"), KW_RISK_UNIT_RATIO},
    {"accuracy", N_("it has been wrong too often for three days"), KW_RISK_UNIT_RATIO},
    {"win_rate", N_("too few of its trades are won"), KW_RISK_UNIT_RATIO},
    {"weekly", N_("the weekly training is due"), KW_RISK_UNIT_NONE},
};

void
kw_event_write_retrain(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    gint n_name = (gint) strcspn(event->trade.model, " ");

    kw_event_draft_open(draft,
                        event->count > 0 ? _("🧠 Model %s is being trained anew")
                                         : _("🧠 Time to train model %s anew"),
                        event->trade.model);
    for (gsize i = 0; i < G_N_ELEMENTS(triggers); i++) {
        if (strcmp(triggers[i].code, event->text) == 0) {
            kw_digest_text_line(draft->out, _("Reason: %s"), _(triggers[i].text));
            kw_event_draft_add_measure(draft, triggers[i].unit);
        }
    }
    if (event->count > 0)
        kw_digest_text_line(draft->out, "%s",
                            _("The model stays in use until a better one has passed; I tell "
                              "you how it ends."));
    else
        kw_digest_text_line(draft->out,
                            _("At the server: kurswart model check --name %.*s shows every "
                              "reason and the command. The model stays in use."),
                            n_name, event->trade.model);
}

void
kw_event_write_retrained(KwEventDraft *draft)
{
    kw_training_text_append(draft->event, draft->out);
}
