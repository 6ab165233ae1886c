#include "kw-event-writers.h"

#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-words.h"

#include <math.h>

static void
write_stop(KwEventDraft *draft)
{
    const KwTradeView *trade = &draft->event->trade;
    gdouble stop = kw_decimal_to_double(trade->stop);
    gdouble rate = kw_decimal_to_double(trade->open_rate);

    if (stop <= 0 || rate <= 0)
        return;
    kw_digest_text_line(draft->out, _("Stop %s (%s), %s"),
                        kw_format_rate(draft->format, trade->stop),
                        kw_format_percent_signed(draft->format, stop / rate - 1),
                        kw_words_stop_place(draft->event->mode, &draft->status->venue));
}

/* "Konfidenz 81 % (Schwelle 75 %) · Modell v1.1.0", or what is known of it */
static void
write_origin(KwEventDraft *draft)
{
    const KwTradeView *trade = &draft->event->trade;
    GString *out = draft->out;

    g_string_append_c(out, '\n');
    if (isfinite(trade->confidence) && trade->confidence > 0) {
        g_string_append_printf(out, _("Confidence %s"),
                               kw_format_percent_short(draft->format, trade->confidence));
        if (draft->status->threshold > 0)
            g_string_append_printf(
                out, _(" (threshold %s)"),
                kw_format_percent_short(draft->format, draft->status->threshold));
        g_string_append(out, " · ");
    }
    if (trade->model[0] != '\0')
        g_string_append_printf(out, _("Model %s"), trade->model);
    else
        g_string_append_printf(out, _("Strategy %s"), trade->strategy);
}

/* What is reached for, when the strategy says so: "Ziel 2.250 (+10,2 %) · Risiko zu Ertrag 1 :
 * 1,1" */
static void
write_target(KwEventDraft *draft)
{
    const KwTradeView *trade = &draft->event->trade;
    gdouble rate = kw_decimal_to_double(trade->open_rate);
    gdouble stop = kw_decimal_to_double(trade->stop);
    gdouble target = kw_decimal_to_double(draft->event->amount);

    if (rate <= 0 || target <= rate)
        return;
    kw_digest_text_line(draft->out, _("Target %s (%s)"),
                        kw_format_rate(draft->format, draft->event->amount),
                        kw_format_percent_signed(draft->format, target / rate - 1));
    if (stop > 0 && stop < rate)
        g_string_append_printf(
            draft->out, _(" · risk to reward 1 : %s"),
            kw_format_number(draft->format, (target - rate) / (rate - stop), 1));
}

void
kw_event_write_placed(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    const KwTradeView *trade = &event->trade;
    gboolean is_entry = event->kind == KW_EVENT_ENTRY_ORDER;

    kw_event_draft_open(
        draft, is_entry ? _("Buy order %s #%d placed: %s") : _("Sell order %s #%d placed: %s"),
        trade->pair, (gint) trade->id, kw_format_amount(draft->format, trade->amount));
    if (event->count > 0)
        kw_digest_text_line(draft->out, _("%s · waits in the order book at %s"),
                            kw_format_clock_seconds(draft->format, event->time_us),
                            kw_format_rate(draft->format, event->amount));
    else
        kw_digest_text_line(draft->out, _("%s · at the market, last price %s"),
                            kw_format_clock_seconds(draft->format, event->time_us),
                            kw_format_rate(draft->format, event->amount));
    if (is_entry)
        write_origin(draft);
    else
        kw_digest_text_line(draft->out, _("Reason: %s"), kw_words_exit_reason(event->text));
    kw_digest_text_line(draft->out, _("I tell you when it is filled."));
}

void
kw_event_write_entry(KwEventDraft *draft)
{
    const KwTradeView *trade = &draft->event->trade;

    kw_event_draft_open(draft, _("🟢 Entry %s #%d at %s"), trade->pair, (gint) trade->id,
                        kw_format_rate(draft->format, trade->open_rate));
    kw_digest_text_line(
        draft->out, _("%s · stake %s"), kw_format_time(draft->format, trade->open_us),
        kw_format_money(draft->format, trade->stake, kw_event_draft_get_quote(draft)));
    write_stop(draft);
    write_target(draft);
    write_origin(draft);
    if (draft->status->n_open > 0) {
        kw_digest_text_line(draft->out, _("Open: "));
        kw_digest_text_slots(draft->out, draft->status->n_open, draft->status->max_open);
    }
}

void
kw_event_write_exit(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    const KwTradeView *trade = &event->trade;
    KwFormat *format = draft->format;
    const gchar *quote = kw_event_draft_get_quote(draft);

    kw_event_draft_open(draft, _("%s %s #%d closed: %s (%s)"),
                        kw_decimal_sign(trade->profit_abs) < 0 ? "🔻" : "✅", trade->pair,
                        (gint) trade->id,
                        kw_format_money_signed(format, trade->profit_abs, quote),
                        kw_format_percent_signed(format, trade->profit_ratio));
    kw_digest_text_line(draft->out, _("Entry %s → exit %s · held %s"),
                        kw_format_rate(format, trade->open_rate),
                        kw_format_rate(format, trade->last_rate),
                        kw_format_duration(format, trade->close_us - trade->open_us));
    kw_digest_text_line(draft->out, _("Reason: %s · fees %s"),
                        kw_words_exit_reason(trade->exit_reason),
                        kw_format_money(format, trade->fees, quote));
    if (event->count > 0)
        kw_digest_text_line(draft->out,
                            kw_i18n_plural("Realised today: %s from %u trade",
                                           "Realised today: %s from %u trades", event->count),
                            kw_format_money_signed(format, event->amount, quote), event->count);
}

void
kw_event_write_rejected(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    const KwRiskText *reason = kw_risk_text_find(event->text);

    if (reason != NULL && !reason->is_told)
        return;
    kw_event_draft_open(draft, _("⚠️ Entry %s blocked, nothing bought"), event->trade.pair);
    kw_digest_text_line(draft->out, "%s",
                        kw_format_clock_seconds(draft->format, event->time_us));
    kw_event_draft_add_confidence(draft);
    kw_digest_text_line(draft->out, _("Reason: %s"), kw_risk_reason_text(event->text));
    if (reason != NULL)
        kw_event_draft_add_measure(draft, reason->unit);
}

/* Only where the refusal itself is not told: both would be one message too many. */
void
kw_event_write_signal(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    const KwTradeView *trade = &event->trade;
    const KwRiskText *reason = kw_risk_text_find(event->text);
    gdouble rate = kw_decimal_to_double(trade->open_rate);
    gdouble stop = kw_decimal_to_double(trade->stop);
    gdouble target = kw_decimal_to_double(event->amount);

    if (reason == NULL || reason->is_told)
        return;
    kw_event_draft_open(draft, _("📈 Strong signal %s, not traded"), trade->pair);
    kw_digest_text_line(draft->out, "%s",
                        kw_format_clock_seconds(draft->format, event->time_us));
    kw_event_draft_add_confidence(draft);
    kw_digest_text_line(draft->out, _("Entry %s"),
                        kw_format_rate(draft->format, trade->open_rate));
    if (target > rate)
        g_string_append_printf(draft->out, _(" · target %s"),
                               kw_format_rate(draft->format, event->amount));
    g_string_append_printf(draft->out, _(" · stop %s"),
                           kw_format_rate(draft->format, trade->stop));
    if (target > rate && stop < rate)
        kw_digest_text_line(
            draft->out, _("Risk to reward 1 : %s"),
            kw_format_number(draft->format, (target - rate) / (rate - stop), 1));
    kw_digest_text_line(draft->out, _("Reason: %s"), kw_risk_reason_text(event->text));
}
