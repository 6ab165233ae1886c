/* kw-event-text.c: what the bot tells unasked, in words
 *
 * The words themselves stand in kw-event-trade.c, -state.c, -model.c and -fault.c, by what they
 * are about; kw-event-draft.c has the pieces that they share.
 *
 * The first line alone must be enough on a lock screen. What the owner would only be told
 * again and again (every slot is in use, the pair is locked by himself) gives no message: it
 * stands in the signals and in the digest. An event may come without a status (its time is 0
 * then); nothing is said about what is not known. */
#include "kw-event-text.h"

#include "kw-digest-text.h"
#include "kw-event-writers.h"
#include "kw-i18n.h"
#include "kw-words.h"

#include <string.h>

#define OFFLINE_US                                                                             \
    (10 * G_TIME_SPAN_MINUTE) /* books and exchange are compared every minute                  \
                               */

static void
write_digest(KwEventDraft *draft)
{
    const KwStatusView *status = &draft->event->digest.status;

    g_string_append_printf(draft->out, "%s ", kw_words_mode_tag(draft->event->mode));
    kw_digest_text_append(draft->out, draft->format, &draft->event->digest);
    if (status->data_us != 0 && status->timeframe_us > 0 &&
        draft->event->time_us - status->data_us > 2 * status->timeframe_us)
        kw_digest_text_line(draft->out, _("⚠️ Data from %s, nothing newer has come since."),
                            kw_format_time(draft->format, status->data_us));
    if (status->venue.read_us != 0 &&
        draft->event->time_us - status->venue.read_us > OFFLINE_US)
        kw_digest_text_line(draft->out,
                            _("⚠️ The exchange has not answered since %s; its stops stay."),
                            kw_format_time(draft->format, status->venue.read_us));
}

/* -- all -- */

static void (*const writers[])(KwEventDraft *draft) = {
    [KW_EVENT_STARTED] = kw_event_write_started,
    [KW_EVENT_STOPPING] = kw_event_write_stopping,
    [KW_EVENT_ENTRY_ORDER] = kw_event_write_placed,
    [KW_EVENT_ENTRY] = kw_event_write_entry,
    [KW_EVENT_EXIT_ORDER] = kw_event_write_placed,
    [KW_EVENT_EXIT] = kw_event_write_exit,
    [KW_EVENT_STOP_HIT] = kw_event_write_exit,
    [KW_EVENT_STATE] = kw_event_write_state,
    [KW_EVENT_REMINDER] = kw_event_write_reminder,
    [KW_EVENT_KILL_ON] = kw_event_write_kill_on,
    [KW_EVENT_KILL_OFF] = kw_event_write_kill_off,
    [KW_EVENT_KILLED_SIGNAL] = kw_event_write_killed_signal,
    [KW_EVENT_HALT] = kw_event_write_halt,
    [KW_EVENT_HALT_OVER] = kw_event_write_halt_over,
    [KW_EVENT_REJECTED] = kw_event_write_rejected,
    [KW_EVENT_STRATEGY] = kw_event_write_strategy,
    [KW_EVENT_OLD_STRATEGY] = kw_event_write_old_strategy,
    [KW_EVENT_STORE] = kw_event_write_store,
    [KW_EVENT_BACKUP] = kw_event_write_backup,
    [KW_EVENT_LOST_ROWS] = kw_event_write_lost_rows,
    [KW_EVENT_DATA] = kw_event_write_data,
    [KW_EVENT_BACK] = kw_event_write_back,
    [KW_EVENT_ORDER] = kw_event_write_order,
    [KW_EVENT_NOTICE] = kw_event_write_order,
    [KW_EVENT_CAPITAL] = kw_event_write_capital,
    [KW_EVENT_DIGEST] = write_digest,
    [KW_EVENT_WEEKLY] = write_digest,
    [KW_EVENT_END_OF_DATA] = kw_event_write_end_of_data,
    [KW_EVENT_LOCK] = kw_event_write_lock,
    [KW_EVENT_LOCK_ALL] = kw_event_write_lock,
    [KW_EVENT_MODEL] = kw_event_write_model,
    [KW_EVENT_MODEL_BACK] = kw_event_write_model_back,
    [KW_EVENT_VENUE] = kw_event_write_venue,
    [KW_EVENT_VERSION] = kw_event_write_version,
    [KW_EVENT_RETRAIN] = kw_event_write_retrain,
    [KW_EVENT_RETRAINED] = kw_event_write_retrained,
    [KW_EVENT_SIGNAL] = kw_event_write_signal,
};
G_STATIC_ASSERT(G_N_ELEMENTS(writers) == KW_N_EVENT_KINDS);

static gboolean
has_money(KwEventKind kind)
{
    return kind == KW_EVENT_ENTRY || kind == KW_EVENT_EXIT || kind == KW_EVENT_STOP_HIT ||
           kind == KW_EVENT_DIGEST || kind == KW_EVENT_WEEKLY;
}

gchar *
kw_event_text(const KwEvent *event, const KwDialogSettings *settings)
{
    g_autoptr(KwFormat) format = NULL;
    g_autoptr(GString) out = g_string_sized_new(512);
    KwEventDraft draft;

    g_return_val_if_fail(event != NULL && settings != NULL, NULL);
    g_return_val_if_fail((guint) event->kind < KW_N_EVENT_KINDS, NULL);

    kw_i18n_set_language(settings->language, settings->address);
    format = kw_format_new(settings->zone, event->time_us);
    draft = (KwEventDraft){event, &event->digest.status, format, out};
    writers[event->kind](&draft);
    if (out->len == 0)
        return NULL;
    if (has_money(event->kind) && (settings->is_synthetic || draft.status->is_synthetic))
        kw_digest_text_line(out, _("Generated prices, not a real market."));
    kw_digest_text_limit(out);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean
kw_event_chart(const KwEvent *event, KwChartRequest *out)
{
    g_return_val_if_fail(event != NULL && out != NULL, FALSE);

    *out = (KwChartRequest){.period = {event->time_us - 30 * G_TIME_SPAN_DAY, G_MAXINT64}};
    if (event->kind == KW_EVENT_ENTRY || event->kind == KW_EVENT_EXIT ||
        event->kind == KW_EVENT_STOP_HIT) {
        out->kind = event->trade.id != 0 ? KW_CHART_CANDLES : KW_CHART_NONE;
        out->trade_id = event->trade.id;
        g_strlcpy(out->pair, event->trade.pair, sizeof out->pair);
    } else if (event->kind == KW_EVENT_DIGEST || event->kind == KW_EVENT_WEEKLY) {
        out->kind = KW_CHART_EQUITY;
    } else if (event->kind == KW_EVENT_HALT) {
        out->kind = KW_CHART_DRAWDOWN;
    } else if (event->kind == KW_EVENT_MODEL_BACK ||
               (event->kind == KW_EVENT_MODEL && event->count == 0)) {
        out->kind = KW_CHART_CALIBRATION;
    }
    return out->kind != KW_CHART_NONE;
}
