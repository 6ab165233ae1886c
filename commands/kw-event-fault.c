#include "kw-event-writers.h"

#include "kw-difference-text.h"
#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-words.h"

#include <string.h>

void
kw_event_write_strategy(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("🚨 Strategy cannot be used"));
    kw_event_draft_add_fault(draft);
    kw_digest_text_line(draft->out, _("No new entries without a strategy. Open trades keep "
                                      "their stops."));
}

void
kw_event_write_old_strategy(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("⚠️ Strategy cannot be used"));
    kw_event_draft_add_fault(draft);
    kw_digest_text_line(draft->out, _("The last good version is in use."));
}

static void
append_difference(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    KwDifferenceView view = {.ours = event->amount, .theirs = event->trade.stake};
    g_autofree gchar *text = NULL;

    g_strlcpy(view.code, event->text, sizeof view.code);
    g_strlcpy(view.subject, event->trade.pair, sizeof view.subject);
    text = kw_difference_text(draft->format, &view);
    if (text != NULL)
        kw_digest_text_line(draft->out, "%s", text);
}

void
kw_event_write_venue(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;

    if (strcmp(event->text, "unreachable") == 0) {
        kw_event_draft_open(draft, _("🚨 The exchange does not say what it holds"));
        kw_digest_text_line(draft->out, _("No entries until it does. Stops at the exchange "
                                          "stay."));
        return;
    }
    kw_event_draft_open(draft, _("🚨 Books and exchange do not agree"));
    append_difference(draft);
    kw_digest_text_line(draft->out, _("No entries until that is explained. Nothing is sold "
                                      "because of it. All of it: /abgleich"));
}

void
kw_event_write_store(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("🚨 The store cannot be written"));
    kw_event_draft_add_fault(draft);
    kw_digest_text_line(draft->out, _("Nothing is traded without a record. Next attempt in "
                                      "30 s; stop and kill switch work."));
}

void
kw_event_write_backup(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("⚠️ The nightly backup has failed"));
    kw_event_draft_add_fault(draft);
    kw_digest_text_line(
        draft->out, "%s",
        _("Trading goes on, the last good backup stays. At the server: kurswart "
          "backup, and kurswart doctor names the cause."));
}

void
kw_event_write_lost_rows(KwEventDraft *draft)
{
    kw_event_draft_open(draft, _("🚨 Rows are missing at the end of the ledger: %s"),
                        kw_format_number(draft->format, draft->event->value, 0));
    kw_digest_text_line(draft->out, "%s",
                        _("Something has changed the data while the bot was off. Look with "
                          "kurswart doctor; a backup comes back with kurswart restore."));
}

void
kw_event_write_data(KwEventDraft *draft)
{
    if (kw_event_draft_has_status(draft) && draft->status->data_us > 0)
        kw_event_draft_open(draft, _("🚨 No new prices since %s"),
                            kw_format_time(draft->format, draft->status->data_us));
    else
        kw_event_draft_open(draft, _("🚨 No new prices"));
    kw_digest_text_line(draft->out, _("No entries with old prices. I will tell you when it "
                                      "works again."));
}

static const struct {
    const gchar *what; /* is over */
    const gchar *text; /* message id */
} ends[] = {
    {"data", N_("Prices are coming in again, all goes on as set")},
    {"store", N_("The store can be written again, all goes on as set")},
    {"venue", N_("Books and exchange agree again, all goes on as set")},
    {"journal", N_("Executions can be written down again")},
};

void
kw_event_write_back(KwEventDraft *draft)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (strcmp(ends[i].what, draft->event->text) == 0)
            kw_event_draft_open(draft, "%s", _(ends[i].text));
    }
}

static const struct {
    const gchar *code;
    const gchar *text; /* message id */
} order_codes[] = {
    {"order_unknown", N_("The exchange has not confirmed an order; it is looked up, never sent "
                         "again blindly.")},
    {"order_lost",
     N_("The exchange had acknowledged an order and does not find it now. It is looked for; "
        "no entries of the pair meanwhile.")},
    {"order_stuck",
     N_("An order is not to be found at the exchange, and no balance proves that it has moved "
        "nothing. Its pair stands still. Look at the exchange; if it is not there, /annehmen "
        "(with a code) gives it up.")},
    {"answer_stray",
     N_("The exchange has reported an error without saying which order it is of. What has no "
        "answer is looked up, never sent again blindly.")},
    {"entry_late",
     N_("A purchase was not sent: it took the store so long to write it down that "
        "its decision was out of date. Its money is free again.")},
    {"order_adopted", N_("An order that was thought to be refused exists after all. It is "
                         "counted now.")},
    {"order_foreign",
     N_("An order is not from this bot. It is left alone, but a purchase counts as exposure.")},
    {"pair_unlisted", N_("The pair is no longer configured. Its open trade is watched until it "
                         "ends; there are no new entries.")},
    {"pair_unwatched",
     N_("There are no prices for the pair of an open trade: it is not watched. "
        "No entries until the pair is configured again.")},
    {"exit_refused", N_("An exit could not be ordered; it is tried again with the next candle. "
                        "Please look at the log.")},
    {"live_left",
     N_("A trade with real money is open, and the bot runs on paper: nobody trails "
        "or closes it. Its stop at the exchange stays.")},
    {"pair_changed", N_("The exchange has changed its steps or minima; they are in use.")},
    {"pair_closed",
     N_("The market is not open at the exchange: no entries. Stops there stay.")},
    {"pair_open", N_("The market is open again.")},
    {"pair_gone", N_("The exchange does not list it any more: no entries. An open trade has to "
                     "be looked at by hand.")},
    {"key_twice", N_("The exchange refuses the numbers of the key: is it used twice? No orders "
                     "until the next start; stops at the exchange stay.")},
    {"key_refused", N_("The exchange refuses the key: no orders until that is mended and the "
                       "bot started again; stops at the exchange stay.")},
    {"certificate_bad",
     N_("The certificate of the exchange is not valid (expired, or of somebody else): nothing "
        "is sent there, no entries. It goes on by itself; if it lasts, check clock and "
        "network. "
        "Stops at the exchange stay.")},
    {"certificate_good", N_("The certificate of the exchange is valid again.")},
    {"token_refused", N_("The bridge refuses the token: no orders until that is mended and the "
                         "bot started again; stops at the server stay.")},
    {"symbol_changed", N_("The server counts a symbol otherwise than at the start (size of a "
                          "lot, steps): no entries until the bot is started again.")},
    {"fee_changed", N_("The exchange charges another fee now; it is in use.")},
    {"probation_over",
     N_("The first two weeks with real money are over. From now on the limits "
        "and the stake of the configuration count.")},
    {"journal_failed", N_("An execution could not be written down yet; it is tried again.")},
    {"fill_conflict", N_("An execution does not fit the books. Please look at the log.")},
    {"stop_refused", N_("The exchange has refused the stop twice: the position has none there. "
                        "It is tried again now and then; the bot watches the price.")},
    {"stop_emergency", N_("The exchange has refused the stop twice. The position is sold at "
                          "the market now, as configured.")},
    {"stop_replaced", N_("Somebody has cancelled the stop at the exchange. It is placed again, "
                         "once.")},
    {"stop_cancelled", N_("Somebody has cancelled the stop at the exchange. It is not placed "
                          "again: the position has none there.")},
    {"stop_lost", N_("The exchange had the stop and does not know it any more; it has sold "
                     "nothing. It is placed again.")},
    {"stop_missing", N_("No stop for the position has been confirmed at the exchange for a "
                        "minute. It is looked for, and placed once it is certain that there is "
                        "none. Please look at the exchange.")},
    {"stop_too_small",
     N_("Dust: what is held is below the minimum of the exchange. No stop can "
        "be placed there, nor can it be sold there as it is; the bot watches "
        "the price itself, and entries go on.")},
};

void
kw_event_write_order(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    const gchar *words = strchr(event->text, ':'), *text = NULL;
    gsize length = strcspn(event->text, ":");

    for (gsize i = 0; i < G_N_ELEMENTS(order_codes); i++) {
        if (strlen(order_codes[i].code) == length &&
            strncmp(order_codes[i].code, event->text, length) == 0)
            text = _(order_codes[i].text);
    }
    kw_event_draft_open(draft, event->kind == KW_EVENT_NOTICE
                                   ? _("ℹ️ News from the exchange")
                                   : _("🚨 Please check an order"));
    if (event->trade.pair[0] != '\0')
        g_string_append_printf(draft->out, ": %s", event->trade.pair);
    kw_digest_text_line(draft->out, "%s · %s",
                        kw_format_clock_seconds(draft->format, event->time_us),
                        text != NULL ? text : event->text);
    if (text != NULL && words != NULL)
        kw_digest_text_line(draft->out, _("The exchange says: %s"), words + 2);
}

void
kw_event_write_lock(KwEventDraft *draft)
{
    const KwEvent *event = draft->event;
    const gchar *until = kw_format_time(draft->format, event->until_us);
    gboolean is_all = strcmp(event->trade.pair, "*") == 0;

    if (is_all)
        kw_event_draft_open(draft, _("🔒 No entries until %s"), until);
    else
        kw_event_draft_open(draft, _("🔒 %1$s rests until %2$s"), event->trade.pair, until);
    kw_digest_text_line(draft->out, _("Reason: %s. Open trades go on as before."),
                        kw_words_who(event->text));
}
