/* kw-sham-broker.c: calls that travel, arrive, are carried out and answered, or are not
 *
 * Each call is a struct with a timer: on its way there, at the venue, on its way back. A fault
 * of calls is taken when the call begins and decides which of the three goes wrong; those that
 * last (a black hole) are asked at each stage. What the venue tells by itself travels in the
 * same way, one timer for each piece of news.
 *
 * A process that has to die is cut off here and killed by whoever runs it, once its loop and
 * its disk have come to rest: what it had decided by then is durable, what it was told after
 * is not known, and the same seed gives the same state on disk. */
#define G_LOG_DOMAIN "kw-lab"

#include "kw-sham-broker.h"

#include "kw-error.h"

#include <string.h>

#define MS ((gint64) 1000)
#define TIMEOUT_US (10 * (gint64) G_USEC_PER_SEC)
#define SETTLE_US (20 * (gint64) G_USEC_PER_SEC)
#define HIDDEN_US (5 * (gint64) G_USEC_PER_SEC)
#define N_REPLAYED 10 /* news that come again with a new connection */

enum { FAULT_WAITS, FAULT_LASTS, FAULT_OVER };

struct _KwShamBroker {
    GObject parent_instance;

    KwClock *clock;          /* owned */
    KwShamVenue *venue;      /* borrowed */
    KwShamMemory *memory;    /* borrowed from the venue */
    const KwFaultPlan *plan; /* borrowed */
    guint64 seed;
    guint n_told;   /* news that are on their way or were told */
    GArray *missed; /* owned: guint, orders whose news came to nobody */
    guint pulse;    /* timer */
    gboolean is_dying, is_healed;
    gboolean is_new; /* the time before was that of nobody */
};

typedef struct {
    KwShamBroker *self; /* owned */
    GTask *task;        /* owned; NULL: nobody waits any more */
    KwVenueCall kind;
    KwOrder order; /* what is asked for; of look-ups the client id alone */
    gint64 asked_us;
    gboolean has_fault;
    KwFaultKind fault;
    /* the answer */
    KwBrokerReport report;
    KwVenueState *state; /* owned */
    GError *error;       /* owned */
} Call;

typedef struct {
    KwShamBroker *self; /* owned */
    KwShamNews news;
    gboolean is_looked_up; /* then it tells all */
} Letter;

enum { SIGNAL_STRUCK, N_SIGNALS };
static guint signals[N_SIGNALS];

static void iface_init(KwBrokerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwShamBroker,
                              kw_sham_broker,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_BROKER, iface_init))

static void pulse(KwShamBroker *self);

/* -- chance -- */

/* splitmix64: a number needs no state but its place in the row, which outlives processes */
static gint64
draw(KwShamBroker *self, gint64 low, gint64 high)
{
    guint64 x = self->seed + ++self->memory->n_drawn * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    x ^= x >> 31;
    return low + (gint64) (x % (guint64) (high - low + 1));
}

static gint64
draw_delay_us(KwShamBroker *self)
{
    return kw_sham_broker_has(self, KW_FAULT_SLOW) ? draw(self, 1000, 4000) * MS
                                                   : draw(self, 20, 200) * MS;
}

static void
call_later(KwShamBroker *self, gint64 delay_us, KwTimerFunc func, gpointer data)
{
    (void) kw_clock_call_at(self->clock, kw_clock_now_us(self->clock) + delay_us, func, data);
}

/* -- faults -- */

static void
strike(KwShamBroker *self, guint index, guint8 state)
{
    const KwFault *fault = &self->plan->faults[index];
    gint64 now_us = kw_clock_now_us(self->clock);

    self->memory->fault_states[index] = state;
    self->memory->fault_us[index] = now_us;
    self->memory->n_happened[fault->kind]++;
    g_signal_emit(self, signals[SIGNAL_STRUCK], 0, (gint) fault->kind, now_us);
}

static gboolean
is_present(KwShamBroker *self, guint index)
{
    gint64 now_us = kw_clock_now_us(self->clock);
    const KwFault *fault = &self->plan->faults[index];

    return !self->is_healed && fault->from_us <= now_us && now_us < fault->until_us;
}

gboolean
kw_sham_broker_has(KwShamBroker *self, KwFaultKind kind)
{
    for (guint i = 0; i < self->plan->n_faults; i++)
        if (self->plan->faults[i].kind == kind && is_present(self, i))
            return TRUE;
    return FALSE;
}

static gboolean
is_cut(KwShamBroker *self)
{
    return kw_sham_broker_has(self, KW_FAULT_BLACK_HOLE) ||
           kw_sham_broker_has(self, KW_FAULT_RESTART_KEPT) ||
           kw_sham_broker_has(self, KW_FAULT_RESTART_LOST);
}

/* Nobody can place a stop at such times. */
static KwShamWatch
choose_watch(KwShamBroker *self)
{
    gboolean is_excused = self->is_new || self->is_dying || is_cut(self) ||
                          kw_sham_broker_has(self, KW_FAULT_MAINTENANCE) ||
                          kw_sham_broker_has(self, KW_FAULT_SLOW) ||
                          kw_sham_broker_has(self, KW_FAULT_HAND_BALANCE);

    return is_excused ? KW_SHAM_WATCH_NOTHING : KW_SHAM_WATCH_STOPS;
}

/* The fault that waits for a call like this, if there is one; it is used up. */
static void
take_fault(Call *call)
{
    KwShamBroker *self = call->self;

    for (guint i = 0; i < self->plan->n_faults && !call->has_fault; i++) {
        KwFaultKind kind = self->plan->faults[i].kind;

        if (self->memory->fault_states[i] != FAULT_WAITS || kw_fault_kind_lasts(kind) ||
            !kw_fault_kind_hits(kind, call->kind) || !is_present(self, i))
            continue;
        strike(self, i, FAULT_OVER);
        call->has_fault = TRUE;
        call->fault = kind;
    }
}

static gboolean
suffers(const Call *call, KwFaultKind kind)
{
    return call->has_fault && call->fault == kind;
}

/* -- the way back -- */

static void
call_free(Call *call)
{
    g_clear_pointer(&call->state, kw_venue_state_free);
    g_clear_error(&call->error);
    g_clear_object(&call->task);
    g_object_unref(call->self);
    g_free(call);
}

static void
fail(Call *call, KwExchangeError code, const gchar *why)
{
    if (call->error == NULL)
        g_set_error_literal(&call->error, KW_EXCHANGE_ERROR, (gint) code, why);
}

static void
on_answer_due(gpointer data)
{
    Call *call = data;

    if (call->self->is_dying) /* nobody is left to tell */
        return;
    if (is_cut(call->self)) {
        g_clear_error(&call->error);
        fail(call, KW_EXCHANGE_ERROR_UNKNOWN, "connection lost");
    }
    if (call->task == NULL)
        ;
    else if (call->error != NULL)
        g_task_return_error(call->task, g_steal_pointer(&call->error));
    else if (call->kind == KW_VENUE_CALL_INSPECT)
        g_task_return_pointer(call->task, g_steal_pointer(&call->state),
                              (GDestroyNotify) kw_venue_state_free);
    else
        g_task_return_pointer(call->task, g_memdup2(&call->report, sizeof call->report),
                              g_free);
    call_free(call);
}

static void
answer(Call *call)
{
    call_later(call->self, draw_delay_us(call->self), on_answer_due, call);
}

static void
time_out(Call *call)
{
    gint64 due_us = call->asked_us + TIMEOUT_US;

    g_clear_error(&call->error);
    fail(call, KW_EXCHANGE_ERROR_UNKNOWN, "no answer");
    (void) kw_clock_call_at(call->self->clock, due_us, on_answer_due, call);
}

/* -- at the venue -- */

static KwShamOrder *
place(Call *call)
{
    KwShamMatching matching = suffers(call, KW_FAULT_PARTS)       ? KW_SHAM_MATCHING_PARTS
                              : suffers(call, KW_FAULT_PART_ONLY) ? KW_SHAM_MATCHING_PART_ONLY
                                                                  : KW_SHAM_MATCHING_WHOLE;
    KwShamOrder *order =
        kw_sham_venue_place(call->self->venue, &call->order, matching, &call->error);

    if (order != NULL)
        kw_sham_venue_report(call->self->venue, order, -1, &call->report);
    return order;
}

static void
on_late_order(gpointer data)
{
    Call *call = data;

    if (!call->self->is_dying)
        pulse(call->self);
    (void) place(call);
    pulse(call->self);
    call_free(call);
}

static void
send_late(Call *call)
{
    KwShamBroker *self = call->self;
    Call *late = g_new0(Call, 1);

    late->self = g_object_ref(self);
    late->kind = call->kind;
    late->order = call->order;
    call_later(self, TIMEOUT_US + draw(self, 0, 4000) * MS, on_late_order, late);
}

static void
refuse_stop(Call *call)
{
    if (draw(call->self, 0, 1) == 0) {
        fail(call, KW_EXCHANGE_ERROR_REFUSED, "stop refused");
        return;
    }
    memcpy(call->report.client_id, call->order.client_id, sizeof call->report.client_id);
    call->report.state = KW_ORDER_STATE_REJECTED;
    g_strlcpy(call->report.message, "stop refused", sizeof call->report.message);
}

/* Returns: whether there is an answer to come */
static gboolean
carry_out_submit(Call *call)
{
    KwShamBroker *self = call->self;
    KwShamOrder *order;

    if (kw_sham_broker_has(self, KW_FAULT_MAINTENANCE) || suffers(call, KW_FAULT_REFUSED)) {
        fail(call, KW_EXCHANGE_ERROR_REFUSED, "refused");
        return TRUE;
    }
    if (suffers(call, KW_FAULT_STOP_REFUSED)) {
        refuse_stop(call);
        return TRUE;
    }
    if (suffers(call, KW_FAULT_NOT_REACHED) || suffers(call, KW_FAULT_LATE)) {
        if (suffers(call, KW_FAULT_LATE))
            send_late(call);
        return FALSE;
    }
    order = place(call);
    if (suffers(call, KW_FAULT_HIDDEN) && order != NULL)
        order->seen_us = kw_clock_now_us(self->clock) + HIDDEN_US;
    if (suffers(call, KW_FAULT_RESET) || suffers(call, KW_FAULT_HIDDEN))
        fail(call, KW_EXCHANGE_ERROR_UNKNOWN, "connection reset");
    if (suffers(call, KW_FAULT_REFUSED_WRONGLY))
        fail(call, KW_EXCHANGE_ERROR_REFUSED, "refused, and yet it is there");
    self->is_dying = self->is_dying || suffers(call, KW_FAULT_KILL_AFTER);
    return !suffers(call, KW_FAULT_LOST);
}

static void
carry_out_query(Call *call, const KwShamOrder *order)
{
    gint64 now_us = kw_clock_now_us(call->self->clock);

    if (suffers(call, KW_FAULT_QUERY_FAILS))
        fail(call, KW_EXCHANGE_ERROR_UNKNOWN, "look-up failed");
    else if (order == NULL || now_us < order->seen_us)
        fail(call, KW_EXCHANGE_ERROR_ABSENT, "no such order");
    else
        kw_sham_venue_report(call->self->venue, order, -1, &call->report);
}

static gboolean
carry_out_change(Call *call, KwShamOrder *order)
{
    gboolean works = order != NULL && !kw_order_state_is_final(order->order.state);

    if (call->kind == KW_VENUE_CALL_CANCEL && works)
        kw_sham_venue_cancel(call->self->venue, order);
    if (call->kind == KW_VENUE_CALL_AMEND &&
        (!works || !kw_sham_venue_amend(call->self->venue, order, &call->order)))
        fail(call, KW_EXCHANGE_ERROR_ABSENT, "it does not work any more");
    else
        carry_out_query(call, order);
    return !suffers(call, KW_FAULT_CANCEL_LOST) && !suffers(call, KW_FAULT_AMEND_LOST);
}

/* Returns: whether there is an answer to come */
static gboolean
carry_out(Call *call)
{
    KwShamVenue *venue = call->self->venue;
    KwShamOrder *order = kw_sham_venue_find(venue, call->order.client_id);

    switch (call->kind) {
    case KW_VENUE_CALL_SUBMIT:
    case KW_VENUE_CALL_SUBMIT_STOP:
        return carry_out_submit(call);
    case KW_VENUE_CALL_CANCEL:
    case KW_VENUE_CALL_AMEND:
        return carry_out_change(call, order);
    case KW_VENUE_CALL_QUERY:
        carry_out_query(call, order);
        return TRUE;
    case KW_VENUE_CALL_INSPECT:
        if (suffers(call, KW_FAULT_QUERY_FAILS))
            fail(call, KW_EXCHANGE_ERROR_UNKNOWN, "look-up failed");
        else
            call->state = kw_sham_venue_inspect(venue);
        return TRUE;
    }
    return TRUE;
}

static void
on_arrived(gpointer data)
{
    Call *call = data;
    KwShamBroker *self = call->self;
    gboolean is_answered = FALSE;

    if (self->is_dying)
        return;
    pulse(self);
    if (!is_cut(self))
        is_answered = carry_out(call);
    pulse(self);
    if (is_answered)
        answer(call);
    else
        time_out(call);
}

/* -- port: the way there -- */

static void
start_call(KwBroker *broker, KwVenueCall kind, const KwOrder *order, GTask *task)
{
    KwShamBroker *self = KW_SHAM_BROKER(broker);
    Call *call = g_new0(Call, 1);

    call->self = g_object_ref(self);
    call->task = task;
    call->kind = kind;
    call->order = *order;
    call->asked_us = kw_clock_now_us(self->clock);
    if (!is_cut(self) && !self->is_dying)
        take_fault(call);
    self->is_dying = self->is_dying || suffers(call, KW_FAULT_KILL_BEFORE);
    if (kw_sham_broker_has(self, KW_FAULT_RESTART_KEPT) ||
        kw_sham_broker_has(self, KW_FAULT_RESTART_LOST)) {
        fail(call, KW_EXCHANGE_ERROR_UNKNOWN, "connection refused");
        answer(call);
    } else {
        call_later(self, draw_delay_us(self), on_arrived, call);
    }
}

static KwOrder
name_order(const gchar *client_id)
{
    KwOrder order = {0};

    g_strlcpy(order.client_id, client_id, sizeof order.client_id);
    return order;
}

static void
submit_async(KwBroker *broker,
             const KwOrder *order,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    start_call(broker,
               order->type == KW_ORDER_TYPE_MARKET ? KW_VENUE_CALL_SUBMIT
                                                   : KW_VENUE_CALL_SUBMIT_STOP,
               order, g_task_new(broker, cancellable, callback, user_data));
}

static void
query_async(KwBroker *broker,
            const gchar *client_id,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    KwOrder order = name_order(client_id);

    start_call(broker, KW_VENUE_CALL_QUERY, &order,
               g_task_new(broker, cancellable, callback, user_data));
}

static void
cancel_async(KwBroker *broker,
             const gchar *client_id,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwOrder order = name_order(client_id);

    start_call(broker, KW_VENUE_CALL_CANCEL, &order,
               g_task_new(broker, cancellable, callback, user_data));
}

static void
amend_async(KwBroker *broker,
            const KwOrder *order,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    start_call(broker, KW_VENUE_CALL_AMEND, order,
               g_task_new(broker, cancellable, callback, user_data));
}

static gboolean
finish_report(KwBroker *broker, GAsyncResult *result, KwBrokerReport *out, GError **error)
{
    g_autofree KwBrokerReport *report = NULL;

    g_return_val_if_fail(g_task_is_valid(result, broker), FALSE);

    report = g_task_propagate_pointer(G_TASK(result), error);
    if (report == NULL)
        return FALSE;
    *out = *report;
    return TRUE;
}

static void
inspect_async(KwBroker *broker,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
    KwOrder order = {0};

    start_call(broker, KW_VENUE_CALL_INSPECT, &order,
               g_task_new(broker, cancellable, callback, user_data));
}

static KwVenueState *
inspect_finish(KwBroker *broker, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, broker), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}

static gint64
get_settle_us(KwBroker *broker)
{
    (void) broker;
    return SETTLE_US;
}

/* -- news -- */

static void
tell(KwShamBroker *self, const Letter *letter)
{
    const KwShamNews *news = &letter->news;
    const KwShamOrder *order = kw_sham_venue_get_order(self->venue, news->order);
    KwBrokerReport report;

    if (order->is_foreign)
        return;
    kw_sham_venue_report(self->venue, order, news->fill, &report);
    if (news->fill < 0 && !letter->is_looked_up && draw(self, 0, 1) == 0)
        report.n_fills = 0;
    g_signal_emit_by_name(self, "report", &report);
}

static void
on_letter_due(gpointer data)
{
    Letter *letter = data;
    KwShamBroker *self = letter->self;

    if (kw_sham_broker_has(self, KW_FAULT_RESTART_KEPT)) {
        call_later(self, G_USEC_PER_SEC, on_letter_due, letter);
        return;
    }
    if (is_cut(self))
        g_array_append_val(self->missed, letter->news.order);
    else if (!self->is_dying)
        tell(self, letter);
    g_object_unref(self);
    g_free(letter);
}

/* Returns: (transfer none): valid until the main loop runs again */
static Letter *
send_news(KwShamBroker *self, const KwShamNews *news)
{
    Letter *letter = g_new0(Letter, 1);
    gint64 longest_ms = kw_sham_broker_has(self, KW_FAULT_REORDERED) ? 5000 : 50;

    letter->self = g_object_ref(self);
    letter->news = *news;
    call_later(self, draw(self, 50, 50 + longest_ms) * MS, on_letter_due, letter);
    return letter;
}

static void
post_news(KwShamBroker *self)
{
    while (self->n_told < kw_sham_venue_get_n_news(self->venue)) {
        KwShamNews news = kw_sham_venue_get_news(self->venue, self->n_told++);

        (void) send_news(self, &news);
        if (kw_sham_broker_has(self, KW_FAULT_REPEATED))
            (void) send_news(self, &news);
    }
}

/* Connected again: each order that was missed is told as it is now, once. */
static void
tell_missed(KwShamBroker *self)
{
    while (self->missed->len > 0 && !is_cut(self)) {
        KwShamNews news = {.order = g_array_index(self->missed, guint, 0), .fill = -1};

        for (guint i = self->missed->len; i > 0; i--)
            if (g_array_index(self->missed, guint, i - 1) == news.order)
                g_array_remove_index(self->missed, i - 1);
        send_news(self, &news)->is_looked_up = TRUE;
    }
}

/* -- a hand at the venue -- */

static KwDecimal
take_away(KwShamBroker *self)
{
    KwDecimal total = kw_sham_venue_get_total(self->venue, KW_SHAM_MARKET_QUOTE);
    KwDecimal part = KW_DECIMAL_ZERO;

    (void) kw_decimal_mul(total, (KwDecimal){.mant = -6, .scale = 1}, 2, KW_ROUND_DOWN, &part,
                          NULL);
    return kw_decimal_neg(kw_sham_venue_shift(self->venue, KW_SHAM_MARKET_QUOTE, part));
}

static void
bring_back(KwShamBroker *self)
{
    if (kw_sham_broker_has(self, KW_FAULT_HAND_BALANCE))
        return;
    (void) kw_sham_venue_shift(self->venue, KW_SHAM_MARKET_QUOTE, self->memory->taken);
    self->memory->taken = KW_DECIMAL_ZERO;
}

/* Far below the market: it waits for ever. */
static gboolean
place_by_hand(KwShamBroker *self)
{
    KwOrder order = {.side = KW_SIDE_BUY,
                     .type = KW_ORDER_TYPE_LIMIT,
                     .price = {.mant = 1000, .scale = 0},
                     .amount = {.mant = 5, .scale = 2},
                     .pair = "ETH/EUR"};
    KwShamOrder *placed =
        kw_sham_venue_place(self->venue, &order, KW_SHAM_MATCHING_WHOLE, NULL);

    if (placed != NULL)
        placed->is_foreign = TRUE;
    return placed != NULL;
}

/* Returns: whether it could be done */
static gboolean
act_by_hand(KwShamBroker *self, KwFaultKind kind)
{
    return kind == KW_FAULT_HAND_ORDER ? place_by_hand(self)
                                       : kw_sham_venue_cancel_by_hand(self->venue);
}

/* Faults that begin by themselves */
static void
begin_fault(KwShamBroker *self, guint index)
{
    KwFaultKind kind = self->plan->faults[index].kind;

    if (self->memory->fault_states[index] != FAULT_WAITS || !is_present(self, index))
        return;
    if (kw_fault_kind_lasts(kind)) {
        strike(self, index, FAULT_LASTS);
        if (kind == KW_FAULT_HAND_BALANCE)
            (void) kw_decimal_add(self->memory->taken, take_away(self), &self->memory->taken,
                                  NULL);
    } else if (kind == KW_FAULT_KILL) {
        strike(self, index, FAULT_OVER);
        self->is_dying = TRUE;
    } else if (kind == KW_FAULT_HAND_CANCEL || kind == KW_FAULT_HAND_ORDER) {
        if (act_by_hand(self, kind))
            strike(self, index, FAULT_OVER);
    }
}

/* -- the wheel -- */

static void
on_pulse(gpointer data)
{
    KwShamBroker *self = data;

    self->pulse = 0;
    pulse(self);
}

static void
set_pulse(KwShamBroker *self)
{
    gint64 now_us = kw_clock_now_us(self->clock);
    gint64 next_us = kw_sham_venue_get_next_us(self->venue);

    for (guint i = 0; i < self->plan->n_faults; i++)
        if (self->plan->faults[i].from_us > now_us)
            next_us = MIN(next_us, self->plan->faults[i].from_us);
    kw_clock_cancel(self->clock, self->pulse);
    self->pulse = kw_clock_call_at(self->clock, MAX(next_us, now_us + 1), on_pulse, self);
}

/* Brings the venue to now. */
static void
pulse(KwShamBroker *self)
{
    kw_sham_venue_advance(self->venue, kw_clock_now_us(self->clock), choose_watch(self));
    self->is_new = FALSE;
    self->memory->now_us = kw_clock_now_us(self->clock);
    if (self->is_dying)
        return;
    for (guint i = 0; i < self->plan->n_faults; i++)
        begin_fault(self, i);
    bring_back(self);
    tell_missed(self);
    post_news(self);
    set_pulse(self);
}

gboolean
kw_sham_broker_is_dying(KwShamBroker *self)
{
    g_return_val_if_fail(KW_IS_SHAM_BROKER(self), TRUE);

    return self->is_dying;
}

void
kw_sham_broker_heal(KwShamBroker *self)
{
    g_return_if_fail(KW_IS_SHAM_BROKER(self));

    self->is_healed = TRUE;
    pulse(self);
}

KwShamBroker *
kw_sham_broker_new(KwClock *clock, KwShamVenue *venue, const KwFaultPlan *plan, guint64 seed)
{
    KwShamBroker *self;
    guint n_news;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && venue != NULL && plan != NULL, NULL);

    self = g_object_new(KW_TYPE_SHAM_BROKER, NULL);
    self->clock = g_object_ref(clock);
    self->venue = venue;
    self->memory = kw_sham_venue_get_memory(venue);
    self->plan = plan;
    self->seed = seed;
    self->is_new = TRUE;
    n_news = kw_sham_venue_get_n_news(venue);
    self->n_told = n_news > N_REPLAYED ? n_news - N_REPLAYED : 0;
    pulse(self);
    return self;
}

static void
kw_sham_broker_finalize(GObject *object)
{
    KwShamBroker *self = KW_SHAM_BROKER(object);

    kw_clock_cancel(self->clock, self->pulse);
    g_clear_object(&self->clock);
    g_clear_pointer(&self->missed, g_array_unref);

    G_OBJECT_CLASS(kw_sham_broker_parent_class)->finalize(object);
}

static void
kw_sham_broker_class_init(KwShamBrokerClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_sham_broker_finalize;

    signals[SIGNAL_STRUCK] =
        g_signal_new("struck", KW_TYPE_SHAM_BROKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT64);
}

static void
kw_sham_broker_init(KwShamBroker *self)
{
    self->missed = g_array_new(FALSE, FALSE, sizeof(guint));
}

static void
iface_init(KwBrokerInterface *iface)
{
    iface->submit_async = submit_async;
    iface->submit_finish = finish_report;
    iface->query_async = query_async;
    iface->query_finish = finish_report;
    iface->cancel_async = cancel_async;
    iface->cancel_finish = finish_report;
    iface->get_settle_us = get_settle_us;
    iface->amend_async = amend_async;
    iface->amend_finish = finish_report;
    iface->inspect_async = inspect_async;
    iface->inspect_finish = inspect_finish;
}
