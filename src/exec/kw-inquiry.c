/* kw-inquiry.c: deadlines and look-ups of one order
 *
 * An order without an answer may exist or not. It is looked up by its client id, with growing
 * pauses, until the venue shows it or its absence is proven.
 *
 * A look-up that does not find an order proves its absence only if the venue never acknowledged
 * it, nothing of it is filled, and the venue has had time to show it: see is_proof(). */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-inquiry.h"

#include "kw-error.h"

#define ANSWER_DEADLINE_US (15 * G_USEC_PER_SEC)
#define MAX_BACKOFF_US (60 * G_USEC_PER_SEC)
#define MAX_BARE_BACKOFF_US (10 * G_USEC_PER_SEC) /* while a position may have no stop */
#define N_LOOK_UPS_ALERT 5
#define N_FRUITLESS 4

struct _KwInquiry {
    KwClock *clock;       /* owned */
    KwBroker *broker;     /* owned */
    const KwOrder *order; /* borrowed */
    const KwInquiryEvents *events;
    gpointer entry; /* borrowed */
    GObject *owner; /* borrowed */
    gint64 sent_mono_us;
    guint timer; /* deadline of the answer, or the next look-up */
    guint n_look_ups, n_absent;
    gint64 absent_mono_us; /* of the first of them */
    gboolean is_asking;
    gboolean has_failed;         /* the newest look-up brought no answer */
    gboolean is_held, is_wanted; /* wanted: once it is not held any more */
    guint hold_timer, last_hold;
    gboolean was_refused;
};

static gint64
backoff_us(guint n_tries)
{
    return MIN(G_USEC_PER_SEC << MIN(n_tries, 6), MAX_BACKOFF_US);
}

/* A stop that was never acknowledged may not exist, and is not placed again before that is
 * known. One that was is likely to be there still. */
static gint64
pause_us(const KwInquiry *self, guint n_tries)
{
    gboolean may_be_bare =
        kw_order_type_is_trigger(self->order->type) && self->order->venue_id[0] == '\0';

    return MIN(backoff_us(n_tries), may_be_bare ? MAX_BARE_BACKOFF_US : MAX_BACKOFF_US);
}

static void
set_timer(KwInquiry *self, gint64 delay_us, KwTimerFunc func)
{
    kw_clock_cancel(self->clock, self->timer);
    self->timer = kw_clock_call_in(self->clock, delay_us, func, self);
}

static void
on_due(gpointer user_data)
{
    KwInquiry *self = user_data;

    self->timer = 0;
    kw_inquiry_ask(self);
}

/* ABSENT is proof once the venue cannot be late any more, and for a real venue not from one
 * answer. Never for an order that it once had. A refusal says the same already: then absence
 * only confirms it, and a stop need not wait a minute for its second attempt. */
static gboolean
is_proof(const KwInquiry *self)
{
    gint64 settle_us = MIN(kw_broker_get_settle_us(self->broker),
                           self->was_refused ? KW_BROKER_SETTLE_US : G_MAXINT64);
    gint64 age_us = kw_clock_monotonic_us(self->clock) - self->sent_mono_us;

    return self->order->venue_id[0] == '\0' && kw_decimal_sign(self->order->filled) == 0 &&
           age_us >= settle_us && self->n_absent >= (settle_us > 0 ? 2 : 1);
}

static void
on_not_found(KwInquiry *self, const GError *error)
{
    gboolean is_absent = g_error_matches(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);

    if (is_absent && self->n_absent++ == 0)
        self->absent_mono_us = kw_clock_monotonic_us(self->clock);
    self->has_failed = !is_absent;
    if (is_absent && is_proof(self)) {
        self->events->verdict(self->entry, self->was_refused ? KW_ORDER_STATE_REJECTED
                                                             : KW_ORDER_STATE_LAPSED);
        return;
    }
    /* whoever answers at all is asked again soon: long pauses are for those who are silent */
    set_timer(self, pause_us(self, (is_absent ? self->n_absent : self->n_look_ups) - 1),
              on_due);
    if (is_absent && self->order->venue_id[0] != '\0' && self->n_absent == 1)
        self->events->alert(self->entry, "order_lost");
    if (self->n_look_ups == N_LOOK_UPS_ALERT)
        self->events->alert(self->entry, "order_unknown");
    if (self->order->state != KW_ORDER_STATE_UNKNOWN)
        self->events->verdict(self->entry, KW_ORDER_STATE_UNKNOWN);
}

static void
on_looked_up(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwInquiry *self = user_data;
    /* the reference that kw_inquiry_ask() took */
    G_GNUC_UNUSED g_autoptr(GObject) owner = self->owner;
    g_autoptr(GError) error = NULL;
    KwBrokerReport report;

    self->is_asking = FALSE;
    if (kw_broker_query_finish(KW_BROKER(source), result, &report, &error)) {
        if (self->was_refused)
            self->events->alert(self->entry, "order_adopted");
        self->was_refused = FALSE;
        self->n_absent = 0;
        self->events->report(self->entry, &report);
    } else if (!kw_order_state_is_final(self->order->state)) {
        on_not_found(self, error);
    }
    self->events->answered(self->entry);
}

void
kw_inquiry_ask(KwInquiry *self)
{
    g_return_if_fail(self != NULL);

    kw_inquiry_rest(self);
    if (self->is_held)
        self->is_wanted = TRUE;
    if (self->is_asking || self->is_held)
        return;
    self->is_asking = TRUE;
    self->n_look_ups++;
    g_object_ref(self->owner);
    kw_broker_query_async(self->broker, self->order->client_id, NULL, on_looked_up, self);
}

static void
on_hold_due(gpointer user_data)
{
    KwInquiry *self = user_data;

    self->hold_timer = 0;
    self->is_held = self->is_wanted = FALSE;
    kw_inquiry_ask(self);
}

guint
kw_inquiry_hold(KwInquiry *self)
{
    g_return_val_if_fail(self != NULL && !self->is_asking && !self->is_held, 0);

    self->is_held = TRUE;
    self->hold_timer = kw_clock_call_in(self->clock, ANSWER_DEADLINE_US, on_hold_due, self);
    return ++self->last_hold;
}

gboolean
kw_inquiry_release(KwInquiry *self, guint number)
{
    g_return_val_if_fail(self != NULL, FALSE);

    if (!self->is_held || number != self->last_hold)
        return FALSE;
    kw_clock_cancel(self->clock, self->hold_timer);
    self->hold_timer = 0;
    self->is_held = FALSE;
    if (self->is_wanted)
        kw_inquiry_ask(self);
    self->is_wanted = FALSE;
    return TRUE;
}

gboolean
kw_inquiry_is_held(const KwInquiry *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->is_held;
}

void
kw_inquiry_ask_later(KwInquiry *self)
{
    g_return_if_fail(self != NULL);

    set_timer(self, backoff_us(self->n_look_ups), on_due);
}

static void
on_deadline(gpointer user_data)
{
    KwInquiry *self = user_data;

    self->timer = 0;
    self->events->late(self->entry);
}

void
kw_inquiry_await_answer(KwInquiry *self)
{
    g_return_if_fail(self != NULL);

    self->sent_mono_us = kw_clock_monotonic_us(self->clock);
    set_timer(self, ANSWER_DEADLINE_US, on_deadline);
}

void
kw_inquiry_rest(KwInquiry *self)
{
    g_return_if_fail(self != NULL);

    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
}

void
kw_inquiry_start_over(KwInquiry *self)
{
    g_return_if_fail(self != NULL);

    self->n_look_ups = self->n_absent = 0;
}

void
kw_inquiry_note_refused(KwInquiry *self)
{
    g_return_if_fail(self != NULL);

    self->was_refused = TRUE;
}

gboolean
kw_inquiry_is_fruitless(const KwInquiry *self, gint64 patience_us)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return !self->is_asking && !self->has_failed && self->n_absent >= N_FRUITLESS &&
           kw_clock_monotonic_us(self->clock) - self->absent_mono_us >= patience_us;
}

gboolean
kw_inquiry_is_asking(const KwInquiry *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->is_asking || self->is_wanted;
}

KwInquiry *
kw_inquiry_new(KwClock *clock,
               KwBroker *broker,
               const KwOrder *order,
               const KwInquiryEvents *events,
               gpointer entry,
               GObject *owner)
{
    KwInquiry *self = g_new0(KwInquiry, 1);

    self->clock = g_object_ref(clock);
    self->broker = g_object_ref(broker);
    self->order = order;
    self->events = events;
    self->entry = entry;
    self->owner = owner;
    self->sent_mono_us = kw_clock_monotonic_us(clock);
    return self;
}

void
kw_inquiry_free(KwInquiry *self)
{
    if (self == NULL)
        return;
    kw_clock_cancel(self->clock, self->timer);
    kw_clock_cancel(self->clock, self->hold_timer);
    g_object_unref(self->broker);
    g_object_unref(self->clock);
    g_free(self);
}
