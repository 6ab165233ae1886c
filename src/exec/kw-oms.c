/* kw-oms.c: order manager
 *
 * An order goes through four hands, and each step is done before the next begins:
 *   ticket -> intent in the journal -> venue -> news in the journal -> portfolio.
 * What the venue says (answers, look-ups, reports nobody asked for) and what this manager
 * concludes itself (UNKNOWN, LAPSED) are all reports, and all go through kw-booker.c. Deadlines
 * and look-ups are in kw-inquiry.c, cancels and amends in kw-order-change.c; here is what leads
 * to them.
 *
 * SENT is never journaled by itself: after a restart INTENT means "may have been sent", which
 * costs one look-up instead of one more transaction for every order. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-oms.h"

#include "kw-booker.h"
#include "kw-cancel-notes.h"
#include "kw-error.h"
#include "kw-log.h"
#include "kw-order-entry.h"
#include "kw-order-rules.h"
#include "kw-order-table.h"
#include "kw-withdrawal.h"

#include <string.h>

struct _KwOms {
    GObject parent_instance;

    KwClock *clock;         /* owned */
    KwJournal *journal;     /* owned */
    KwBroker *broker;       /* owned */
    KwPortfolio *portfolio; /* a reference */
    KwOrderTable *orders;   /* owned; each order is the head of an KwOrderEntry */
    KwBooker *booker;       /* owned */
    KwCancelNotes *notes;   /* owned */
    GHashTable *leaving;    /* owned: set of trade ids whose stops are being taken back */
    GTask *reconcile;       /* owned; under way */
    gulong on_report;       /* signal of the broker */
    gint64 next_trade_id;
    gint64 last_order_id;
};

enum { SIGNAL_SETTLED, SIGNAL_ALERT, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwOms, kw_oms, G_TYPE_OBJECT)

static const KwInquiryEvents inquiry_events;

/* -- entries -- */

static KwOms *
oms_of(const KwOrderEntry *entry)
{
    return KW_OMS(entry->owner);
}

static KwOrderEntry *
add_entry(KwOms *self, const KwOrder *order)
{
    KwOrderEntry *entry = kw_order_entry_new(order, self->clock, self->broker, self->booker,
                                             &inquiry_events, G_OBJECT(self));

    entry->change.notes = self->notes;
    kw_order_table_add(self->orders, &entry->order);
    return entry;
}

/* (nullable): the table knows orders alone, and each is the first member of its entry */
static KwOrderEntry *
find_entry(KwOms *self, const gchar *client_id)
{
    return (KwOrderEntry *) kw_order_table_find(self->orders, client_id);
}

static KwOrderEntry *
get_live(KwOms *self, guint index)
{
    return (KwOrderEntry *) kw_order_table_get_live(self->orders, index);
}

/* It is not durable and was not sent: it never was, and its numbers are free again. */
static void
forget_intent(KwOms *self, KwOrderEntry *entry)
{
    if (entry->order.id == self->last_order_id)
        self->last_order_id--;
    if (entry->trade != NULL && entry->trade->id == self->next_trade_id - 1)
        self->next_trade_id--;
    kw_order_table_remove(self->orders, &entry->order);
}

static void
alert(KwOms *self, const gchar *code, const KwOrderEntry *entry)
{
    g_signal_emit(self, signals[SIGNAL_ALERT], 0, code, entry->order.pair);
}

/* Answers @task (transfer full, nullable) with the order as it stands. */
static void
return_outcome(GTask *task, const KwOrderEntry *entry, KwOrderAnswer answer)
{
    kw_order_entry_answer(entry, task, oms_of(entry)->portfolio, answer);
}

/* -- news -- */

/* A state that follows from what was not said; @task: (transfer full) (nullable) */
static void
add_verdict(KwOrderEntry *entry, KwOrderState state, GTask *task)
{
    KwBrokerReport report = {.state = state};

    kw_booker_add(oms_of(entry)->booker, &entry->order, &report, task);
}

static void
on_booked(gpointer owner, KwOrder *order, const KwSettlement *settlement)
{
    KwOms *self = owner;
    KwOrderEntry *entry = (KwOrderEntry *) order;
    KwOmsOutcome outcome;

    if (kw_order_state_is_final(order->state))
        kw_order_table_retire(self->orders, order);
    if (order->state != KW_ORDER_STATE_UNKNOWN) {
        kw_inquiry_rest(entry->inquiry);
        if (!settlement->is_short)
            kw_inquiry_start_over(entry->inquiry);
    }

    kw_order_entry_fill_outcome(entry, self->portfolio, &outcome);
    g_signal_emit(self, signals[SIGNAL_SETTLED], 0, &outcome);
    /* a fill can be here before the answer to its order: the caller need not wait for that */
    if (order->state != KW_ORDER_STATE_SENT)
        return_outcome(g_steal_pointer(&entry->submit), entry, KW_ORDER_ANSWER_NEWS);
}

static void
on_report_done(gpointer owner, KwOrder *order, GTask *task, gboolean is_short)
{
    KwOrderEntry *entry = (KwOrderEntry *) order;

    if (is_short && !kw_order_state_is_final(order->state))
        kw_inquiry_ask_later(entry->inquiry);
    return_outcome(task, entry, KW_ORDER_ANSWER_NEWS);
}

static void
on_booker_alert(gpointer owner, const gchar *code, const KwOrder *order)
{
    g_signal_emit(owner, signals[SIGNAL_ALERT], 0, code, order->pair);
}

/* Answers a reconciliation once every look-up has an answer and that is booked. */
static void
on_idle(gpointer owner)
{
    KwOms *self = owner;
    g_autoptr(GTask) task = NULL;

    if (self->reconcile == NULL || kw_booker_is_working(self->booker))
        return;
    for (guint i = 0; i < kw_order_table_get_n_live(self->orders); i++)
        if (kw_inquiry_is_asking(get_live(self, i)->inquiry))
            return;

    task = g_steal_pointer(&self->reconcile);
    if (kw_booker_is_stuck(self->booker))
        g_task_return_new_error(task, KW_STORE_ERROR, KW_STORE_ERROR_IO,
                                "what the venue said is not durable yet");
    else
        g_task_return_boolean(task, TRUE);
}

static const KwBookerEvents booker_events = {
    .booked = on_booked,
    .done = on_report_done,
    .alert = on_booker_alert,
    .idle = on_idle,
};

/* -- look-ups -- */

static void
on_inquiry_report(gpointer data, const KwBrokerReport *report)
{
    KwOrderEntry *entry = data;

    kw_booker_add(oms_of(entry)->booker, &entry->order, report, NULL);
}

static void
on_inquiry_verdict(gpointer entry, KwOrderState state)
{
    add_verdict(entry, state, NULL);
}

static void
on_inquiry_alert(gpointer data, const gchar *code)
{
    KwOrderEntry *entry = data;

    alert(oms_of(entry), code, entry);
}

static void
on_inquiry_answered(gpointer entry)
{
    on_idle(oms_of(entry));
}

/* From now on the order may exist or not. */
static void
start_looking_up(KwOrderEntry *entry, GTask *task)
{
    add_verdict(entry, KW_ORDER_STATE_UNKNOWN, task);
    kw_inquiry_ask(entry->inquiry);
}

/* -- submit: intent, then venue -- */

static void
on_inquiry_late(gpointer data)
{
    KwOrderEntry *entry = data;

    start_looking_up(entry, g_steal_pointer(&entry->submit));
}

static const KwInquiryEvents inquiry_events = {
    .late = on_inquiry_late,
    .report = on_inquiry_report,
    .verdict = on_inquiry_verdict,
    .alert = on_inquiry_alert,
    .answered = on_inquiry_answered,
};

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwOrderEntry *entry = user_data;
    g_autoptr(KwOms) self = oms_of(entry); /* the reference that send_order() took */
    g_autoptr(GError) error = NULL;
    KwBrokerReport report;

    if (kw_broker_submit_finish(KW_BROKER(source), result, &report, &error)) {
        kw_inquiry_rest(entry->inquiry);
        kw_booker_add(self->booker, &entry->order, &report, g_steal_pointer(&entry->submit));
        return;
    }
    kw_log_debug("order has no answer", "KW_ORDER", entry->order.client_id, "KW_ERROR",
                 error->message);
    if (g_error_matches(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED))
        kw_inquiry_note_refused(entry->inquiry);
    if (kw_order_state_is_final(entry->order.state))
        return_outcome(g_steal_pointer(&entry->submit), entry, KW_ORDER_ANSWER_NEWS);
    else
        start_looking_up(entry, g_steal_pointer(&entry->submit));
}

static void
send_order(KwOms *self, KwOrderEntry *entry)
{
    (void) kw_order_apply_state(&entry->order, KW_ORDER_STATE_SENT,
                                kw_clock_now_us(self->clock));
    kw_inquiry_await_answer(entry->inquiry);
    g_object_ref(self);
    kw_broker_submit_async(self->broker, &entry->order, NULL, on_submitted, entry);
}

static void
on_intent_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwOrderEntry *entry = user_data;
    g_autoptr(KwOms) self = oms_of(entry); /* the reference that write_intent() took */
    gboolean is_late = kw_clock_monotonic_us(self->clock) > entry->due_mono_us;
    GError *error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error)) {
        g_autoptr(GTask) task = g_steal_pointer(&entry->submit);

        forget_intent(self, entry);
        g_task_return_error(task, error);
        return;
    }
    if (entry->trade != NULL)
        (void) kw_portfolio_open_trade(self->portfolio, entry->trade);
    g_clear_pointer(&entry->trade, g_free);

    /* prices and limits were others when a late one was decided */
    if (is_late)
        alert(self, "entry_late", entry);
    if (is_late || g_cancellable_is_cancelled(g_task_get_cancellable(entry->submit)))
        add_verdict(entry, KW_ORDER_STATE_LAPSED, g_steal_pointer(&entry->submit));
    else
        send_order(self, entry);
}

static void
write_intent(KwOms *self, KwOrderEntry *entry, KwBatch *extra)
{
    KwBatch *batch = kw_batch_new();

    if (entry->trade != NULL)
        kw_batch_add_trade(batch, entry->trade);
    kw_batch_add_order(batch, &entry->order);
    if (extra != NULL) {
        kw_batch_set_signal_trade(extra, entry->order.trade_id);
        kw_batch_take_all(batch, extra);
    }
    g_object_ref(self);
    kw_journal_append_async(self->journal, batch, NULL, on_intent_durable, entry);
}

/* The last gate behind the risk checks */
static gboolean
may_leave(KwOms *self, const KwOrder *order, GError **error)
{
    if (order->side == KW_SIDE_SELL)
        return kw_order_rules_check_sell(self->orders, self->portfolio, order, error);
    if (kw_booker_is_stuck(self->booker)) {
        g_set_error_literal(error, KW_STORE_ERROR, KW_STORE_ERROR_IO,
                            "news of the venue wait for the journal");
        return FALSE;
    }
    return kw_order_rules_check_buy(self->orders, order, error);
}

static KwOrderEntry *
add_intent(KwOms *self, const KwOrder *order, const KwTrade *trade)
{
    KwOrderEntry *entry;
    KwOrder intent = *order;

    intent.id = ++self->last_order_id;
    intent.state = KW_ORDER_STATE_INTENT;
    intent.filled = KW_DECIMAL_ZERO;
    intent.venue_id[0] = '\0';
    intent.updated_us = kw_clock_now_us(self->clock);
    if (trade != NULL && trade->id == 0)
        intent.trade_id = self->next_trade_id++;
    entry = add_entry(self, &intent);
    if (trade != NULL) {
        entry->trade = g_memdup2(trade, sizeof *trade);
        entry->trade->id = intent.trade_id;
        entry->trade->state = KW_TRADE_STATE_OPENING;
    }
    return entry;
}

/* @left_us: what a buy has of its ticket; takes @extra (nullable) and @task. */
static void
place(KwOms *self,
      const KwOrder *order,
      const KwTrade *trade,
      gint64 left_us,
      KwBatch *extra,
      GTask *task)
{
    g_autoptr(KwBatch) records = extra;
    KwOrderEntry *entry = find_entry(self, order->client_id);
    GError *error = NULL;

    if (entry != NULL) {
        return_outcome(task, entry, KW_ORDER_ANSWER_ALREADY_DONE);
        return;
    }
    if (!may_leave(self, order, &error)) {
        g_task_return_error(task, error);
        g_object_unref(task);
        return;
    }
    entry = add_intent(self, order, trade);
    entry->submit = task;
    if (order->side == KW_SIDE_BUY) /* a sell leaves however late the journal is */
        entry->due_mono_us = kw_clock_monotonic_us(self->clock) + left_us;
    write_intent(self, entry, records);
}

/* -- an exit takes back the stop that waits -- */

static void
on_withdrawn(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwOms *self = KW_OMS(source);
    g_autoptr(KwWithdrawal) exit = NULL;
    const KwTrade *trade;
    GError *error = NULL;
    gboolean is_back = kw_withdrawal_run_finish(self, result, &exit, &error);

    (void) g_hash_table_remove(self->leaving, &exit->order.trade_id);
    trade = kw_portfolio_find_trade(self->portfolio, exit->order.trade_id);
    if (trade != NULL && kw_decimal_cmp(exit->order.amount, trade->amount) > 0)
        exit->order.amount = trade->amount;
    if (!is_back)
        g_task_return_error(exit->task, error);
    else if (kw_decimal_sign(exit->order.amount) <= 0)
        return_outcome(g_steal_pointer(&exit->task),
                       (const KwOrderEntry *) kw_withdrawal_find_seller(exit, self),
                       KW_ORDER_ANSWER_ALREADY_DONE);
    else
        place(self, &exit->order, NULL, 0, g_steal_pointer(&exit->extra),
              g_steal_pointer(&exit->task));
}

/* Takes @client_ids, @extra (nullable) and @task. */
static void
withdraw_and_place(
    KwOms *self, const KwOrder *order, GStrv client_ids, KwBatch *extra, GTask *task)
{
    KwWithdrawal *exit = g_new0(KwWithdrawal, 1);

    exit->order = *order;
    exit->extra = extra;
    exit->client_ids = client_ids;
    exit->task = task;
    (void) g_hash_table_add(self->leaving, g_memdup2(&order->trade_id, sizeof(gint64)));
    kw_withdrawal_run_async(self, exit, on_withdrawn);
}

/* A stop takes nothing back: it is what an exit takes back. */
static gboolean
is_exit(const KwOrder *order)
{
    return order->side == KW_SIDE_SELL && !kw_order_type_is_trigger(order->type);
}

void
kw_oms_submit_async(KwOms *self,
                    KwTicket *ticket,
                    const KwOrder *order,
                    const KwTrade *trade,
                    KwBatch *extra,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
    g_autoptr(KwTicket) used = ticket;
    g_autoptr(KwBatch) records = extra;
    g_auto(GStrv) withdrawn = NULL;
    g_autoptr(GTask) task = NULL;
    GError *error = NULL;

    g_return_if_fail(KW_IS_OMS(self));
    g_return_if_fail(ticket != NULL && order != NULL && order->client_id[0] != '\0');
    g_return_if_fail((order->side == KW_SIDE_BUY) == (trade != NULL));

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_oms_submit_async);
    g_task_set_check_cancellable(task, FALSE);
    if (!kw_ticket_use(used, order, kw_clock_now_us(self->clock), &error)) {
        g_task_return_error(task, error);
        return;
    }
    if (order->side == KW_SIDE_SELL && kw_oms_is_leaving(self, order->trade_id)) {
        g_task_return_new_error(task, KW_RISK_ERROR, KW_RISK_ERROR_TICKET,
                                "an exit of the trade is on its way");
        return;
    }
    if (is_exit(order) && find_entry(self, order->client_id) == NULL)
        withdrawn = kw_order_table_list_triggers(self->orders, order->trade_id);
    if (withdrawn != NULL && withdrawn[0] != NULL)
        withdraw_and_place(self, order, g_steal_pointer(&withdrawn), g_steal_pointer(&records),
                           g_steal_pointer(&task));
    else
        place(self, order, trade, kw_ticket_get_left_us(used, kw_clock_now_us(self->clock)),
              g_steal_pointer(&records), g_steal_pointer(&task));
}

gboolean
kw_oms_submit_finish(KwOms *self, GAsyncResult *result, KwOmsOutcome *out, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return kw_order_entry_finish(result, out, error);
}

/* -- cancel -- */

void
kw_oms_cancel_async(KwOms *self,
                    const gchar *client_id,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
    g_autoptr(GTask) task = NULL;
    KwOrderEntry *entry;

    g_return_if_fail(KW_IS_OMS(self));
    g_return_if_fail(client_id != NULL);

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_oms_cancel_async);
    entry = find_entry(self, client_id);
    if (entry == NULL) {
        g_task_return_new_error(task, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT,
                                "no order of this client id");
    } else if (kw_order_state_is_final(entry->order.state)) {
        return_outcome(g_steal_pointer(&task), entry, KW_ORDER_ANSWER_NEWS);
    } else {
        kw_order_change_cancel(&entry->change, g_steal_pointer(&task));
    }
}

gboolean
kw_oms_cancel_finish(KwOms *self, GAsyncResult *result, KwOmsOutcome *out, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return kw_order_entry_finish(result, out, error);
}

/* -- amend -- */

void
kw_oms_amend_async(KwOms *self,
                   const KwOrder *order,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
    g_autoptr(GTask) task = NULL;
    KwOrderEntry *entry;

    g_return_if_fail(KW_IS_OMS(self));
    g_return_if_fail(order != NULL);

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_oms_amend_async);
    g_task_set_check_cancellable(task, FALSE);
    entry = find_entry(self, order->client_id);
    if (entry == NULL)
        g_task_return_new_error(task, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT,
                                "no order of this client id");
    else
        kw_order_change_amend(&entry->change, order->price, order->amount,
                              g_steal_pointer(&task));
}

gboolean
kw_oms_amend_finish(KwOms *self, GAsyncResult *result, KwOmsOutcome *out, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return kw_order_entry_finish(result, out, error);
}

/* -- restart -- */

void
kw_oms_restore_order(KwOms *self, const KwOrder *order)
{
    g_return_if_fail(KW_IS_OMS(self));
    g_return_if_fail(order != NULL);
    g_return_if_fail(find_entry(self, order->client_id) == NULL);

    (void) add_entry(self, order);
    self->last_order_id = MAX(self->last_order_id, order->id);
}

void
kw_oms_restore_fill(KwOms *self, const gchar *exec_id)
{
    g_return_if_fail(KW_IS_OMS(self) && exec_id != NULL);

    kw_booker_restore_fill(self->booker, exec_id);
}

void
kw_oms_restore_withdrawn(KwOms *self, const gchar *text)
{
    g_return_if_fail(KW_IS_OMS(self) && text != NULL);

    kw_cancel_notes_restore(self->notes, text);
}

void
kw_oms_set_next_trade_id(KwOms *self, gint64 next_id)
{
    g_return_if_fail(KW_IS_OMS(self));
    g_return_if_fail(next_id > 0);

    self->next_trade_id = next_id;
}

void
kw_oms_reconcile_async(KwOms *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    g_autoptr(GTask) task = NULL;

    g_return_if_fail(KW_IS_OMS(self));
    g_return_if_fail(self->reconcile == NULL);

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_oms_reconcile_async);
    for (guint i = 0; i < kw_order_table_get_n_live(self->orders); i++) {
        KwOrderEntry *entry = get_live(self, i);

        /* an intent of this process that has not left yet is nobody's business */
        if (entry->submit == NULL)
            kw_inquiry_ask(entry->inquiry);
    }
    self->reconcile = g_steal_pointer(&task);
    on_idle(self);
}

gboolean
kw_oms_reconcile_finish(KwOms *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

/* -- questions -- */

const KwOrder *
kw_oms_find_order(KwOms *self, const gchar *client_id)
{
    g_return_val_if_fail(KW_IS_OMS(self), NULL);

    return kw_order_table_find(self->orders, client_id);
}

gboolean
kw_oms_look_up(KwOms *self, const gchar *client_id)
{
    KwOrderEntry *entry;

    g_return_val_if_fail(KW_IS_OMS(self) && client_id != NULL, FALSE);

    entry = find_entry(self, client_id);
    /* an intent of this process that has not left yet, or has no answer, has its own deadline
     */
    if (entry == NULL || entry->submit != NULL || kw_order_state_is_final(entry->order.state))
        return FALSE;
    kw_inquiry_ask(entry->inquiry);
    return TRUE;
}

gboolean
kw_oms_may_be_lost(KwOms *self, const gchar *client_id, gint64 patience_us)
{
    const KwOrderEntry *entry;

    g_return_val_if_fail(KW_IS_OMS(self) && client_id != NULL, FALSE);

    entry = find_entry(self, client_id);
    return entry != NULL && kw_order_entry_may_be_lost(entry, patience_us);
}

gboolean
kw_oms_declare_lost(KwOms *self, const gchar *client_id, gint64 patience_us)
{
    KwOrderEntry *entry;

    if (!kw_oms_may_be_lost(self, client_id, patience_us))
        return FALSE;
    entry = find_entry(self, client_id);
    entry->was_lost = TRUE;
    add_verdict(entry, KW_ORDER_STATE_CANCELLED, NULL);
    return TRUE;
}

GPtrArray *
kw_oms_list_live(KwOms *self)
{
    g_return_val_if_fail(KW_IS_OMS(self), NULL);

    return kw_order_table_list_live(self->orders);
}

gboolean
kw_oms_is_leaving(KwOms *self, gint64 trade_id)
{
    g_return_val_if_fail(KW_IS_OMS(self), FALSE);

    return g_hash_table_contains(self->leaving, &trade_id);
}

gboolean
kw_oms_is_busy(KwOms *self, const gchar *pair)
{
    g_return_val_if_fail(KW_IS_OMS(self), TRUE);

    return kw_order_table_is_busy(self->orders, pair);
}

gboolean
kw_oms_is_unknown(KwOms *self, const gchar *pair)
{
    g_return_val_if_fail(KW_IS_OMS(self), TRUE);

    return kw_order_table_has_state(self->orders, pair, KW_ORDER_STATE_UNKNOWN);
}

gboolean
kw_oms_is_stuck(KwOms *self)
{
    g_return_val_if_fail(KW_IS_OMS(self), TRUE);

    return kw_booker_is_stuck(self->booker);
}

void
kw_oms_make_client_id(
    KwOms *self, const gchar *pair, gint64 candle_us, KwSide side, gchar *buffer)
{
    g_return_if_fail(KW_IS_OMS(self));

    kw_order_table_make_client_id(self->orders, pair, candle_us, side, buffer);
}

/* -- object -- */

/* A message that an order is over, or its terms, can overtake the fills before it; the answer
 * to a look-up is the whole picture. So such a message only leads to a look-up. */
static void
on_report(KwBroker *broker, const KwBrokerReport *report, KwOms *self)
{
    KwOrderEntry *entry = find_entry(self, report->client_id);
    KwBrokerReport news = *report;
    gboolean is_end =
        report->state == KW_ORDER_STATE_CANCELLED || report->state == KW_ORDER_STATE_REJECTED;

    if (entry == NULL) {
        g_signal_emit(self, signals[SIGNAL_ALERT], 0, "order_foreign",
                      report->n_fills > 0 ? report->fills[0].pair : "");
        return;
    }
    if (is_end)
        news.state = entry->order.state;
    news.price = news.amount = KW_DECIMAL_ZERO;
    kw_booker_add(self->booker, &entry->order, &news, NULL);
    if (is_end && !kw_order_state_is_final(entry->order.state))
        kw_inquiry_ask(entry->inquiry);
}

KwOms *
kw_oms_new(KwClock *clock, KwJournal *journal, KwBroker *broker, KwPortfolio *portfolio)
{
    KwOms *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_JOURNAL(journal), NULL);
    g_return_val_if_fail(KW_IS_BROKER(broker) && portfolio != NULL, NULL);

    self = g_object_new(KW_TYPE_OMS, NULL);
    self->clock = g_object_ref(clock);
    self->journal = g_object_ref(journal);
    self->broker = g_object_ref(broker);
    self->portfolio = kw_portfolio_ref(portfolio);
    self->booker = kw_booker_new(clock, journal, portfolio, &booker_events, G_OBJECT(self));
    self->notes = kw_cancel_notes_new(clock, journal, G_OBJECT(self));
    self->on_report = g_signal_connect(broker, "report", G_CALLBACK(on_report), self);
    return self;
}

/* Calls under way hold a reference, so none of them can come after this. */
static void
kw_oms_finalize(GObject *object)
{
    KwOms *self = KW_OMS(object);

    g_clear_signal_handler(&self->on_report, self->broker);
    g_clear_pointer(&self->booker, kw_booker_free);
    g_clear_pointer(&self->notes, kw_cancel_notes_free);
    g_clear_pointer(&self->orders, kw_order_table_free);
    g_clear_pointer(&self->leaving, g_hash_table_unref);
    g_clear_pointer(&self->portfolio, kw_portfolio_unref);
    g_clear_object(&self->broker);
    g_clear_object(&self->journal);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_oms_parent_class)->finalize(object);
}

static void
kw_oms_class_init(KwOmsClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_oms_finalize;

    signals[SIGNAL_SETTLED] = g_signal_new("settled", KW_TYPE_OMS, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_ALERT] = g_signal_new("alert", KW_TYPE_OMS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
kw_oms_init(KwOms *self)
{
    self->orders = kw_order_table_new(kw_order_entry_free);
    self->leaving = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    self->next_trade_id = 1;
}
