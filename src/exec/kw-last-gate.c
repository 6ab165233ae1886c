/* kw-last-gate.c: each durable intent leaves once, and not too many in a minute
 *
 * The order manager already refuses all this. The gate knows nothing of it: it sees what the
 * journal has taken and what is handed to the venue, and compares. A mistake above has to be
 * made twice, in two ways, to reach the exchange.
 *
 * An intent is remembered from the moment it is durable until it leaves, so a second attempt
 * looks like one without an intent; "sent at most as often as meant" needs no counting. Orders
 * of an earlier process are never sent by this one and need not be known. Rates are kept on
 * monotonic time: a stepped clock must not open the gate. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-last-gate.h"

#include "kw-error.h"
#include "kw-log.h"

#define WINDOW_US (60 * G_USEC_PER_SEC)

struct _KwLastGate {
    GObject parent_instance;

    KwClock *clock;     /* owned */
    KwJournal *journal; /* owned */
    KwBroker *broker;   /* owned */
    KwLastGateLimits limits;
    GHashTable *intents; /* owned: client ids that are durable and have not left */
    GArray *left_us[2];  /* owned; by side: monotonic times of the last minute's orders */
    gulong on_report;    /* signal of the broker */
    const gchar *breach; /* static; NULL: none so far */
};

enum { SIGNAL_BREACH, N_SIGNALS };
static guint signals[N_SIGNALS];

static void broker_init(KwBrokerInterface *iface);
static void journal_init(KwJournalInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwLastGate,
                              kw_last_gate,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_BROKER, broker_init)
                                  G_IMPLEMENT_INTERFACE(KW_TYPE_JOURNAL, journal_init))

/* -- journal: what is meant -- */

static GPtrArray *
list_intents(const KwBatch *batch)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < kw_batch_get_length(batch); i++) {
        const KwRecord *record = kw_batch_get(batch, i);

        if (record->kind == KW_RECORD_ORDER && record->u.order.state == KW_ORDER_STATE_INTENT)
            g_ptr_array_add(ids, g_strdup(record->u.order.client_id));
    }
    return ids;
}

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    KwLastGate *self = g_task_get_source_object(task);
    GPtrArray *ids = g_task_get_task_data(task);
    GError *error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error)) {
        g_task_return_error(task, error);
        return;
    }
    for (guint i = 0; i < ids->len; i++)
        (void) g_hash_table_add(self->intents, g_strdup(ids->pdata[i]));
    g_task_return_boolean(task, TRUE);
}

static void
append_async(KwJournal *journal,
             KwBatch *batch,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwLastGate *self = KW_LAST_GATE(journal);
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);

    g_task_set_source_tag(task, append_async);
    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, list_intents(batch), (GDestroyNotify) g_ptr_array_unref);
    kw_journal_append_async(self->journal, batch, cancellable, on_appended,
                            g_steal_pointer(&task));
}

static gboolean
append_finish(KwJournal *journal, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, journal), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

/* -- broker: what leaves -- */

static void
forget_old(GArray *times_us, gint64 now_us)
{
    guint n_old = 0;

    while (n_old < times_us->len &&
           g_array_index(times_us, gint64, n_old) <= now_us - WINDOW_US)
        n_old++;
    if (n_old > 0)
        g_array_remove_range(times_us, 0, n_old);
}

static gboolean
is_too_many(KwLastGate *self, KwSide side)
{
    guint cap = self->limits.max_buys_per_minute * (side == KW_SIDE_SELL ? 2 : 1);

    forget_old(self->left_us[side], kw_clock_monotonic_us(self->clock));
    return cap > 0 && self->left_us[side]->len >= cap;
}

/* A value that cannot be computed is too large. */
static gboolean
is_too_much(KwLastGate *self, const KwOrder *order)
{
    KwDecimal value;

    if (order->side == KW_SIDE_SELL || kw_decimal_sign(self->limits.max_buy_value) == 0)
        return FALSE;
    return !kw_decimal_mul(order->price, order->amount, 8, KW_ROUND_UP, &value, NULL) ||
           kw_decimal_cmp(value, self->limits.max_buy_value) > 0;
}

/* Returns: (nullable): why @order must not leave; static */
static const gchar *
find_breach(KwLastGate *self, const KwOrder *order)
{
    if (!g_hash_table_contains(self->intents, order->client_id))
        return "order_without_intent";
    if (is_too_many(self, order->side))
        return "order_rate";
    if (is_too_much(self, order))
        return "order_value";
    return NULL;
}

/* What was meant and never left may leave no more; what left before may exist. */
static void
stop_order(KwLastGate *self, const KwOrder *order, const gchar *code, GTask *task)
{
    gboolean is_told = self->breach != NULL && order->side == KW_SIDE_BUY;
    gboolean has_intent = g_hash_table_remove(self->intents, order->client_id);

    if (self->breach == NULL)
        self->breach = code;
    kw_log_critical("an order was stopped at the last gate", "KW_ORDER", order->client_id,
                    "KW_REASON", code);
    g_task_return_new_error(task, KW_EXCHANGE_ERROR,
                            has_intent ? KW_EXCHANGE_ERROR_REFUSED : KW_EXCHANGE_ERROR_UNKNOWN,
                            "stopped at the last gate: %s", code);
    if (!is_told)
        g_signal_emit(self, signals[SIGNAL_BREACH], 0, code, order);
}

static void
return_report(GTask *task, gboolean is_ok, const KwBrokerReport *report, GError *error)
{
    if (is_ok)
        g_task_return_pointer(task, g_memdup2(report, sizeof *report), g_free);
    else
        g_task_return_error(task, error);
    g_object_unref(task);
}

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GError *error = NULL;
    KwBrokerReport report;
    gboolean is_ok = kw_broker_submit_finish(KW_BROKER(source), result, &report, &error);

    return_report(user_data, is_ok, &report, error);
}

static void
submit_async(KwBroker *broker,
             const KwOrder *order,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwLastGate *self = KW_LAST_GATE(broker);
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
    const gchar *code = find_breach(self, order);
    gint64 now_us = kw_clock_monotonic_us(self->clock);

    g_task_set_source_tag(task, submit_async);
    if (code == NULL && self->breach != NULL && order->side == KW_SIDE_BUY)
        code = self->breach;
    if (code != NULL) {
        stop_order(self, order, code, task);
        return;
    }
    (void) g_hash_table_remove(self->intents, order->client_id);
    g_array_append_val(self->left_us[order->side], now_us);
    kw_broker_submit_async(self->broker, order, cancellable, on_submitted,
                           g_steal_pointer(&task));
}

static void
on_queried(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GError *error = NULL;
    KwBrokerReport report;
    gboolean is_ok = kw_broker_query_finish(KW_BROKER(source), result, &report, &error);

    return_report(user_data, is_ok, &report, error);
}

static void
query_async(KwBroker *broker,
            const gchar *client_id,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    kw_broker_query_async(KW_LAST_GATE(broker)->broker, client_id, cancellable, on_queried,
                          g_task_new(broker, cancellable, callback, user_data));
}

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GError *error = NULL;
    KwBrokerReport report;
    gboolean is_ok = kw_broker_cancel_finish(KW_BROKER(source), result, &report, &error);

    return_report(user_data, is_ok, &report, error);
}

static void
cancel_async(KwBroker *broker,
             const gchar *client_id,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    kw_broker_cancel_async(KW_LAST_GATE(broker)->broker, client_id, cancellable, on_cancelled,
                           g_task_new(broker, cancellable, callback, user_data));
}

static void
on_amended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GError *error = NULL;
    KwBrokerReport report;
    gboolean is_ok = kw_broker_amend_finish(KW_BROKER(source), result, &report, &error);

    return_report(user_data, is_ok, &report, error);
}

static void
amend_async(KwBroker *broker,
            const KwOrder *order,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    kw_broker_amend_async(KW_LAST_GATE(broker)->broker, order, cancellable, on_amended,
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
on_inspected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    KwVenueState *state = kw_broker_inspect_finish(KW_BROKER(source), result, &error);

    if (state != NULL)
        g_task_return_pointer(task, state, (GDestroyNotify) kw_venue_state_free);
    else
        g_task_return_error(task, error);
}

static void
inspect_async(KwBroker *broker,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
    kw_broker_inspect_async(KW_LAST_GATE(broker)->broker, cancellable, on_inspected,
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
    return kw_broker_get_settle_us(KW_LAST_GATE(broker)->broker);
}

static gboolean
keeps_stops(KwBroker *broker)
{
    return kw_broker_keeps_stops(KW_LAST_GATE(broker)->broker);
}

static gboolean
is_real(KwBroker *broker)
{
    return kw_broker_is_real(KW_LAST_GATE(broker)->broker);
}

static gboolean
resizes(KwBroker *broker)
{
    return kw_broker_resizes(KW_LAST_GATE(broker)->broker);
}

static void
on_report(KwBroker *broker, const KwBrokerReport *report, KwLastGate *self)
{
    g_signal_emit_by_name(self, "report", report);
}

/* -- object -- */

const gchar *
kw_last_gate_get_breach(KwLastGate *self)
{
    g_return_val_if_fail(KW_IS_LAST_GATE(self), "order_without_intent");

    return self->breach;
}

KwLastGate *
kw_last_gate_new(KwClock *clock,
                 KwJournal *journal,
                 KwBroker *broker,
                 const KwLastGateLimits *limits)
{
    KwLastGate *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_JOURNAL(journal), NULL);
    g_return_val_if_fail(KW_IS_BROKER(broker) && limits != NULL, NULL);

    self = g_object_new(KW_TYPE_LAST_GATE, NULL);
    self->clock = g_object_ref(clock);
    self->journal = g_object_ref(journal);
    self->broker = g_object_ref(broker);
    self->limits = *limits;
    self->on_report = g_signal_connect(broker, "report", G_CALLBACK(on_report), self);
    return self;
}

static void
kw_last_gate_finalize(GObject *object)
{
    KwLastGate *self = KW_LAST_GATE(object);

    g_clear_signal_handler(&self->on_report, self->broker);
    g_clear_pointer(&self->intents, g_hash_table_unref);
    g_clear_pointer(&self->left_us[KW_SIDE_BUY], g_array_unref);
    g_clear_pointer(&self->left_us[KW_SIDE_SELL], g_array_unref);
    g_clear_object(&self->broker);
    g_clear_object(&self->journal);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_last_gate_parent_class)->finalize(object);
}

static void
kw_last_gate_class_init(KwLastGateClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_last_gate_finalize;

    signals[SIGNAL_BREACH] =
        g_signal_new("breach", KW_TYPE_LAST_GATE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
}

static void
kw_last_gate_init(KwLastGate *self)
{
    self->intents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->left_us[KW_SIDE_BUY] = g_array_new(FALSE, FALSE, sizeof(gint64));
    self->left_us[KW_SIDE_SELL] = g_array_new(FALSE, FALSE, sizeof(gint64));
}

static void
journal_init(KwJournalInterface *iface)
{
    iface->append_async = append_async;
    iface->append_finish = append_finish;
}

static void
broker_init(KwBrokerInterface *iface)
{
    iface->submit_async = submit_async;
    iface->submit_finish = finish_report;
    iface->query_async = query_async;
    iface->query_finish = finish_report;
    iface->cancel_async = cancel_async;
    iface->cancel_finish = finish_report;
    iface->get_settle_us = get_settle_us;
    iface->keeps_stops = keeps_stops;
    iface->is_real = is_real;
    iface->resizes = resizes;
    iface->amend_async = amend_async;
    iface->amend_finish = finish_report;
    iface->inspect_async = inspect_async;
    iface->inspect_finish = inspect_finish;
}
