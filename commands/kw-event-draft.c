#include "kw-event-draft.h"

#include "kw-digest-text.h"
#include "kw-fault-text.h"
#include "kw-i18n.h"
#include "kw-words.h"

#include <math.h>

const gchar *
kw_event_draft_get_quote(const KwEventDraft *draft)
{
    if (draft->status->quote[0] != '\0')
        return draft->status->quote;
    return kw_words_quote(draft->event->trade.pair);
}

gboolean
kw_event_draft_has_status(const KwEventDraft *draft)
{
    return draft->status->now_us != 0;
}

void
kw_event_draft_open(KwEventDraft *draft, const gchar *format, ...)
{
    va_list args;

    g_string_append_printf(draft->out, "%s ", kw_words_mode_tag(draft->event->mode));
    va_start(args, format);
    g_string_append_vprintf(draft->out, format, args);
    va_end(args);
}

void
kw_event_draft_add_money(const KwEventDraft *draft, gdouble value)
{
    const gchar *quote = kw_event_draft_get_quote(draft);

    g_string_append(draft->out, kw_format_number(draft->format, value, 2));
    if (*quote != '\0')
        g_string_append_printf(draft->out, "\302\240%s", quote);
}

void
kw_event_draft_add_measure(const KwEventDraft *draft, KwRiskUnit unit)
{
    gdouble value = draft->event->value, limit = draft->event->limit;

    if (unit == KW_RISK_UNIT_NONE || !isfinite(value) || !isfinite(limit))
        return;
    g_string_append(draft->out, " (");
    if (unit == KW_RISK_UNIT_RATIO) {
        g_string_append_printf(draft->out, _("%s, limit %s"),
                               kw_format_percent(draft->format, value),
                               kw_format_percent_short(draft->format, limit));
    } else if (unit == KW_RISK_UNIT_COUNT) {
        g_string_append_printf(draft->out, _("%s, limit %s"),
                               kw_format_number(draft->format, value, 0),
                               kw_format_number(draft->format, limit, 0));
    } else {
        kw_event_draft_add_money(draft, value);
        g_string_append(draft->out, _(", limit "));
        kw_event_draft_add_money(draft, limit);
    }
    g_string_append_c(draft->out, ')');
}

void
kw_event_draft_add_confidence(const KwEventDraft *draft)
{
    gdouble confidence = draft->event->trade.confidence;

    if (isfinite(confidence) && confidence > 0)
        g_string_append_printf(draft->out, _(" · confidence %s"),
                               kw_format_percent_short(draft->format, confidence));
}

void
kw_event_draft_add_open_trades(const KwEventDraft *draft)
{
    const KwStatusView *status = draft->status;

    if (!kw_event_draft_has_status(draft))
        kw_digest_text_line(draft->out, _("Open trades keep their stops."));
    if (!kw_event_draft_has_status(draft) || status->n_open == 0)
        return;
    kw_digest_text_line(
        draft->out,
        kw_i18n_plural("%u position stays open, its stop is %s:",
                       "%u positions stay open, their stops are %s:", status->n_open),
        status->n_open, kw_words_stop_place(draft->event->mode, &status->venue));
    kw_digest_text_open_list(draft->out, draft->format, status);
}

void
kw_event_draft_add_fault(KwEventDraft *draft)
{
    g_autofree gchar *text = kw_fault_text(draft->event->text);

    kw_digest_text_line(draft->out, _("Cause: %s"), text);
}
