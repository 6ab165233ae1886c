/* kw-venue.c: the gate before the exchange, and what its signs mean for trading
 *
 * Here the signs become one of two things: a halt, when something has happened that must never
 * happen (an order stopped at the gate), or doubt, when it is not known what the exchange
 * holds. Doubt stops entries until it is over; a halt ends with a start by the owner, and after
 * a breach only in a new process, since this one is not to be trusted. Neither sells anything:
 * stops at the exchange stay what they are. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-venue.h"

#include "kw-log.h"
#include "kw-notice.h"

struct _KwVenue {
    KwJournal *journal; /* owned; of the store */
    KwLastGate *gate;   /* owned */
    KwBook *book;       /* borrowed; NULL before the join */
    KwHerald *herald;   /* borrowed; likewise */
    gulong on_breach;   /* signal of the gate */
};

static void
on_halt_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) user_data;
    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("a halt is in force but not stored", "KW_ERROR", error->message);
}

static void
write_halt(KwVenue *self, const gchar *code, const KwOrder *order)
{
    KwBook *book = self->book;
    g_autoptr(KwBatch) batch = kw_batch_new();
    g_autofree gchar *detail = g_strdup_printf("%s %s", code, order->client_id);

    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, kw_clock_now_us(book->clock), book->settings->mode, "gate",
                       "halt", detail);
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_halt_written,
                            NULL);
}

static void
tell_halt(KwVenue *self, const gchar *code, gboolean was_running)
{
    KwBook *book = self->book;
    KwEvent event = kw_notice_new_pair(book, KW_EVENT_HALT, code, kw_clock_now_us(book->clock));

    event.trade.pair[0] = '\0';
    g_strlcpy(event.text, code, sizeof event.text);
    event.count = !was_running;
    kw_herald_pass(self->herald, &event);
}

/* What is stopped at the gate was meant by nobody. Whatever made it may do so again, so no
 * entry is made any more in this process, even if somebody says "start". */
static void
on_breach(KwLastGate *gate, const gchar *code, const KwOrder *order, gpointer user_data)
{
    KwVenue *self = user_data;
    KwBook *book = self->book;
    gboolean was_running = book->state == KW_RUN_STATE_RUNNING;

    (void) gate;
    book->is_venue_doubtful = TRUE;
    if (was_running)
        kw_book_set_state(book, KW_RUN_STATE_HALTED, "gate", code);
    write_halt(self, code, order);
    tell_halt(self, code, was_running);
}

KwVenue *
kw_venue_new(KwClock *clock, KwJournal *journal, KwBroker *broker, const KwVenueRules *rules)
{
    KwVenue *self = g_new0(KwVenue, 1);

    self->journal = g_object_ref(journal);
    self->gate = kw_last_gate_new(clock, journal, broker, &rules->gate);
    return self;
}

void
kw_venue_free(KwVenue *self)
{
    if (self == NULL)
        return;
    g_clear_signal_handler(&self->on_breach, self->gate);
    g_clear_object(&self->gate);
    g_clear_object(&self->journal);
    g_free(self);
}

KwLastGate *
kw_venue_get_gate(KwVenue *self)
{
    return self->gate;
}

void
kw_venue_join(KwVenue *self, KwBook *book, KwHerald *herald)
{
    g_return_if_fail(self != NULL && self->book == NULL);

    self->book = book;
    self->herald = herald;
    self->on_breach = g_signal_connect(self->gate, "breach", G_CALLBACK(on_breach), self);
}
