#include "kw-event-writers.h"

#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-version.h"
#include "kw-words.h"

#include <math.h>
#include <string.h>

/* -- running, stopped, killed -- */

void
kw_event_write_started(KwEventDraft *draft)
{
    const KwStatusView *status = draft->status;
    const gchar *clock = kw_format_clock(draft->format, draft->event->time_us);

    if (strcmp(draft->event->text, "crash") == 0) {
        kw_event_draft_open(draft, _("⚠️ Started again at %s after an unexpected end"),
                            clock);
        kw_digest_text_line(draft->out, _("State and open trades come from the journal."));
    } else {
        kw_event_draft_open(draft, _("▶️ Kurswart started at %s"), clock);
    }
    if (!kw_event_draft_has_status(draft))
        return;
    kw_digest_text_line(draft->out, _("Trading: %s"), kw_words_state(status->state));
    if (status->is_killed)
        g_string_append(draft->out, _(", kill switch ON"));
    if (status->strategy[0] != '\0')
        g_string_append_printf(draft->out, _(" · strategy %s"), status->strategy);
    g_string_append_c(draft->out, '\n');
    kw_digest_text_portfolio(draft->out, draft->format, status);
    g_string_append(draft->out, _(" · open: "));
    kw_digest_text_slots(draft->out, status->n_open, status->max_open);
}

void
kw_event_write_stopping(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("⏹ Program ended at %s"),
                        kw_format_clock(draft->format, draft->event->time_us));
    kw_digest_text_line(draft->out, _("Nothing is traded and no alarm is sent until it is "
                                      "started again on the server."));
}

void
kw_event_write_state(KwEventDraft *draft)
{
    const KwStatusView *status = draft->status;
    const gchar *who = kw_words_who(draft->event->text);
    const gchar *clock = kw_format_clock(draft->format, draft->event->time_us);

    if (!kw_event_draft_has_status(draft)) {
        kw_event_draft_open(draft, _("Trading was switched over at %s (%s)"), clock, who);
        kw_digest_text_line(draft->out, _("What holds now: /status"));
        return;
    }
    switch (status->state) {
    case KW_RUN_STATE_RUNNING:
        kw_event_draft_open(draft, _("▶️ Started at %s (%s)"), clock, who);
        break;
    case KW_RUN_STATE_PAUSED:
        kw_event_draft_open(draft, _("⏸ Entries paused at %s (%s)"), clock, who);
        break;
    case KW_RUN_STATE_STOPPED:
        kw_event_draft_open(draft, _("⏹ Stopped at %s (%s)"), clock, who);
        break;
    case KW_RUN_STATE_HALTED:
    case KW_RUN_STATE_NO_STRATEGY:
        kw_event_draft_open(draft, _("⚠️ Since %s %s (%s)"), clock,
                            kw_words_state(status->state), who);
        break;
    }
}

void
kw_event_write_reminder(KwEventDraft *draft)
{
    if (kw_event_draft_has_status(draft))
        kw_event_draft_open(draft, _("⏸ Reminder: trading is still %s"),
                            kw_words_state(draft->status->state));
    else
        kw_event_draft_open(draft, _("⏸ Reminder: trading still stands"));
    kw_digest_text_line(draft->out, _("You named this date when you stopped. Start again? "
                                      "“Start the bot” or /start."));
    kw_digest_text_line(draft->out, _("Without an answer all stays as it is."));
}

void
kw_event_write_kill_on(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("🛑 KILL SWITCH ON since %s (%s)"),
                        kw_format_clock_seconds(draft->format, draft->event->time_us),
                        kw_words_who(draft->event->text));
    kw_digest_text_line(draft->out, _("Nothing is opened any more."));
    kw_event_draft_add_open_trades(draft);
    kw_digest_text_line(draft->out, _("Released only with a code: “Kill switch off”"));
}

void
kw_event_write_kill_off(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("🛑 Kill switch off since %s (%s)"),
                        kw_format_clock_seconds(draft->format, draft->event->time_us),
                        kw_words_who(draft->event->text));
    kw_digest_text_line(draft->out, _("The bot stays stopped. Go on: “Start the bot”"));
}

void
kw_event_write_killed_signal(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;

    kw_event_draft_open(draft, _("🚨 Signal in spite of the kill switch"));
    kw_digest_text_line(draft->out, "%s · %s",
                        kw_format_clock_seconds(draft->format, event->time_us),
                        event->trade.pair);
    kw_event_draft_add_confidence(draft);
    g_string_append(draft->out, _(". Blocked, nothing traded."));
    kw_digest_text_line(draft->out, _("The kill switch stays on. Recent messages: /logs 20"));
}

/* -- limits -- */

void
kw_event_write_halt(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    KwFormat *format = draft->format;
    gboolean is_daily = g_str_has_prefix(event->text, "max_daily_loss");

    if (strcmp(event->text, "max_daily_loss_abs") == 0 && isfinite(event->value)) {
        kw_event_draft_open(draft, _("🚨 Daily limit reached: %s of "),
                            kw_format_number(format, -event->value, 2));
        kw_event_draft_add_money(draft, event->limit);
    } else if (is_daily) {
        kw_event_draft_open(draft, _("🚨 Daily limit reached: %s of %s"),
                            kw_format_percent(format, -event->value),
                            kw_format_percent_short(format, event->limit));
    } else if (strcmp(event->text, "max_drawdown_ratio") == 0) {
        kw_event_draft_open(draft, _("🚨 Total limit reached: drawdown %s of %s"),
                            kw_format_percent(format, event->value),
                            kw_format_percent_short(format, event->limit));
    } else if (strcmp(event->text, "max_losses_in_row") == 0) {
        kw_event_draft_open(draft, _("🚨 %s losses in a row (limit %s)"),
                            kw_format_number(format, event->value, 0),
                            kw_format_number(format, event->limit, 0));
    } else {
        kw_event_draft_open(draft, _("🚨 Trading halted: %s"), kw_risk_reason_text(event->text));
    }
    if (event->count > 0)
        kw_digest_text_line(draft->out, _("%s · entries were off already and stay off."),
                            kw_format_clock_seconds(format, event->time_us));
    else
        kw_digest_text_line(draft->out,
                            is_daily ? _("%s · no new entries until the next day.")
                                     : _("%s · no new entries until you start again."),
                            kw_format_clock_seconds(format, event->time_us));
    kw_event_draft_add_open_trades(draft);
    kw_digest_text_line(draft->out, _("You need not do anything. Stop altogether: “Stop” or "
                                      "“Kill”."));
}

void
kw_event_write_halt_over(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("▶️ New day, daily limit reset: entries allowed again"));
}

void
kw_event_write_version(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("ℹ️ Another version of the program: %s, before it %s"),
                        KW_VERSION, draft->event->text);
    kw_digest_text_line(draft->out, _("Open trades and orders were taken over."));
}

void
kw_event_write_capital(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;

    kw_event_draft_open(draft, _("⚠️ Starting capital: the configuration differs"));
    kw_digest_text_line(draft->out, _("Configured %s, in the ledger %s."),
                        kw_format_number(draft->format, event->value, 2),
                        kw_format_decimal(draft->format, event->amount, 2));
    kw_digest_text_line(draft->out, _("The ledger counts: history is not changed."));
}

void
kw_event_write_end_of_data(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("The replay is over: no more candles"));
    kw_digest_text_line(draft->out, _("Questions are still answered."));
}
