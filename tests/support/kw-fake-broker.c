/* kw-fake-broker.c: a scripted venue
 *
 * Like the real ones it does not care whether a client id was used before: an order that is
 * sent twice is executed twice, and a test that counts sees it. */
#include "kw-fake-broker.h"

#include "kw-error.h"

#include <string.h>

#define FEE_RATIO 0.004

typedef struct {
    KwOrder order;
    guint n_fills;
    KwFill fills[KW_BROKER_MAX_FILLS];
} VenueOrder;

struct _KwFakeBroker {
    GObject parent_instance;

    GPtrArray *orders; /* owned VenueOrder, in the order of acceptance */
    GQueue held;       /* owned GTask */
    KwFakeMatching matching;
    KwFakeAnswer answer;
    guint n_hide, n_fail, n_submits, n_queries, n_refuse, n_lose, n_amends, last_exec;
    guint n_hang, n_refuse_orders, n_hang_inspections, n_fail_inspections, n_inspections;
    KwFakeAnswer refusal; /* of orders */
    gint64 settle_us;
    GArray *foreign;  /* owned; KwVenueOrder */
    GArray *balances; /* owned; KwVenueBalance */
    gboolean is_cut, is_rigid;
};

static void iface_init(KwBrokerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwFakeBroker,
                              kw_fake_broker,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_BROKER, iface_init))

static VenueOrder *
find_order(KwFakeBroker *self, const gchar *client_id)
{
    for (guint i = 0; i < self->orders->len; i++) {
        VenueOrder *venue = self->orders->pdata[i];

        if (strcmp(venue->order.client_id, client_id) == 0)
            return venue;
    }
    return NULL;
}

static KwBrokerReport *
make_report(const VenueOrder *venue)
{
    KwBrokerReport *report = g_new0(KwBrokerReport, 1);

    memcpy(report->client_id, venue->order.client_id, sizeof report->client_id);
    memcpy(report->venue_id, venue->order.venue_id, sizeof report->venue_id);
    report->state = venue->order.state;
    report->price = venue->order.price;
    report->amount = venue->order.amount;
    report->n_fills = venue->n_fills;
    memcpy(report->fills, venue->fills, sizeof report->fills);
    return report;
}

static void
return_report(GTask *task, const VenueOrder *venue)
{
    g_task_return_pointer(task, make_report(venue), g_free);
}

static void
return_error(GTask *task, KwExchangeError code)
{
    g_task_return_new_error(task, KW_EXCHANGE_ERROR, (gint) code, "scripted");
}

/* -- at the venue -- */

static void
execute(KwFakeBroker *self, VenueOrder *venue, KwDecimal amount)
{
    KwOrder *order = &venue->order;
    KwFill *fill = &venue->fills[venue->n_fills];
    KwDecimal left;

    if (!kw_decimal_sub(order->amount, order->filled, &left, NULL))
        g_assert_not_reached();
    if (kw_decimal_cmp(amount, left) > 0)
        amount = left;
    if (kw_order_state_is_final(order->state) || kw_decimal_sign(amount) <= 0 ||
        venue->n_fills == KW_BROKER_MAX_FILLS)
        return;

    (void) g_snprintf(fill->exec_id, sizeof fill->exec_id, "x%u", ++self->last_exec);
    memcpy(fill->client_id, order->client_id, sizeof fill->client_id);
    memcpy(fill->pair, order->pair, sizeof fill->pair);
    fill->mode = order->mode;
    fill->side = order->side;
    fill->price = order->price;
    fill->amount = amount;
    fill->time_us = order->candle_us;
    if (!kw_fill_compute_fee(fill->price, amount, FEE_RATIO, &fill->fee, NULL))
        g_assert_not_reached();
    venue->n_fills++;
    (void) kw_order_apply_fill(order, amount, 0);
}

static VenueOrder *
accept_order(KwFakeBroker *self, const KwOrder *order, KwOrderState state)
{
    VenueOrder *venue = g_new0(VenueOrder, 1);

    venue->order = *order;
    venue->order.filled = KW_DECIMAL_ZERO;
    venue->order.state = state;
    (void) g_snprintf(venue->order.venue_id, sizeof venue->order.venue_id, "V%u",
                      self->orders->len + 1);
    g_ptr_array_add(self->orders, venue);
    if (self->matching == KW_FAKE_MATCHING_AT_ONCE && !kw_order_type_is_trigger(order->type))
        execute(self, venue, order->amount);
    return venue;
}

void
kw_fake_broker_fill(KwFakeBroker *self, const gchar *client_id, KwDecimal amount)
{
    VenueOrder *venue = find_order(self, client_id);

    if (venue == NULL)
        g_assert_not_reached();
    execute(self, venue, amount);
}

void
kw_fake_broker_cancel_by_venue(KwFakeBroker *self, const gchar *client_id)
{
    VenueOrder *venue = find_order(self, client_id);

    if (venue == NULL)
        g_assert_not_reached();
    (void) kw_order_apply_state(&venue->order, KW_ORDER_STATE_CANCELLED, 0);
}

void
kw_fake_broker_amend_by_venue(KwFakeBroker *self,
                              const gchar *client_id,
                              KwDecimal price,
                              KwDecimal amount)
{
    VenueOrder *venue = find_order(self, client_id);

    if (venue == NULL)
        g_assert_not_reached();
    venue->order.price = price;
    venue->order.amount = amount;
}

void
kw_fake_broker_forget(KwFakeBroker *self, const gchar *client_id)
{
    (void) g_ptr_array_remove(self->orders, find_order(self, client_id));
}

/* -- port -- */

static void
submit_async(KwBroker *broker,
             const KwOrder *order,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwFakeBroker *self = KW_FAKE_BROKER(broker);
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
    KwFakeAnswer answer = self->n_refuse_orders > 0 ? self->refusal : self->answer;

    if (self->is_cut)
        answer = KW_FAKE_ANSWER_NOT_REACHED;
    self->n_refuse_orders -= self->n_refuse_orders > 0 ? 1 : 0;
    self->answer = KW_FAKE_ANSWER_ACK;
    self->n_submits++;
    switch (answer) {
    case KW_FAKE_ANSWER_ACK:
        return_report(task, accept_order(self, order, KW_ORDER_STATE_OPEN));
        break;
    case KW_FAKE_ANSWER_LOST:
        (void) accept_order(self, order, KW_ORDER_STATE_OPEN);
        return_error(task, KW_EXCHANGE_ERROR_UNKNOWN);
        break;
    case KW_FAKE_ANSWER_NOT_REACHED:
        return_error(task, KW_EXCHANGE_ERROR_UNKNOWN);
        break;
    case KW_FAKE_ANSWER_REFUSED:
        return_error(task, KW_EXCHANGE_ERROR_REFUSED);
        break;
    case KW_FAKE_ANSWER_REFUSED_WRONGLY:
        (void) accept_order(self, order, KW_ORDER_STATE_OPEN);
        return_error(task, KW_EXCHANGE_ERROR_REFUSED);
        break;
    case KW_FAKE_ANSWER_REJECTED:
        return_report(task, accept_order(self, order, KW_ORDER_STATE_REJECTED));
        break;
    case KW_FAKE_ANSWER_HELD:
        g_task_set_task_data(task, accept_order(self, order, KW_ORDER_STATE_OPEN), NULL);
        g_queue_push_tail(&self->held, g_steal_pointer(&task));
        break;
    }
}

static void
answer_query(KwFakeBroker *self, const gchar *client_id, GTask *task)
{
    const VenueOrder *venue = find_order(self, client_id);

    self->n_queries++;
    if (self->is_cut || self->n_fail > 0) {
        self->n_fail -= self->n_fail > 0 ? 1 : 0;
        return_error(task, KW_EXCHANGE_ERROR_UNKNOWN);
    } else if (venue == NULL) {
        return_error(task, KW_EXCHANGE_ERROR_ABSENT);
    } else if (self->n_hide > 0) {
        self->n_hide--;
        return_error(task, KW_EXCHANGE_ERROR_ABSENT);
    } else {
        return_report(task, venue);
    }
}

static void
query_async(KwBroker *broker,
            const gchar *client_id,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(broker, cancellable, callback, user_data);

    answer_query(KW_FAKE_BROKER(broker), client_id, task);
}

static void
hang(KwFakeBroker *self, GTask *task, VenueOrder *venue)
{
    self->n_hang--;
    g_task_set_task_data(task, venue, NULL);
    g_queue_push_tail(&self->held, g_object_ref(task));
}

static void
cancel_async(KwBroker *broker,
             const gchar *client_id,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwFakeBroker *self = KW_FAKE_BROKER(broker);
    g_autoptr(GTask) task = g_task_new(broker, cancellable, callback, user_data);
    VenueOrder *venue = find_order(self, client_id);

    if (venue != NULL && !self->is_cut)
        (void) kw_order_apply_state(&venue->order, KW_ORDER_STATE_CANCELLED, 0);
    for (guint i = self->foreign->len; i > 0 && !self->is_cut; i--)
        if (strcmp(g_array_index(self->foreign, KwVenueOrder, i - 1).client_id, client_id) == 0)
            g_array_remove_index(self->foreign, i - 1);
    if (venue != NULL && self->n_hang > 0)
        hang(self, task, venue);
    else
        answer_query(self, client_id, task);
}

/* Like Kraken: what is filled stays, and a smaller amount than that cancels the rest. */
static void
amend_at_venue(KwFakeBroker *self, VenueOrder *venue, const KwOrder *wanted)
{
    self->n_amends += kw_decimal_cmp(venue->order.price, wanted->price) != 0 ||
                      kw_decimal_cmp(venue->order.amount, wanted->amount) != 0;
    venue->order.price = wanted->price;
    venue->order.amount = wanted->amount;
    if (kw_decimal_cmp(wanted->amount, venue->order.filled) <= 0)
        (void) kw_order_apply_state(&venue->order, KW_ORDER_STATE_CANCELLED, 0);
}

static void
amend_async(KwBroker *broker,
            const KwOrder *order,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    KwFakeBroker *self = KW_FAKE_BROKER(broker);
    g_autoptr(GTask) task = g_task_new(broker, cancellable, callback, user_data);
    VenueOrder *venue = find_order(self, order->client_id);

    if (self->is_cut) {
        return_error(task, KW_EXCHANGE_ERROR_UNKNOWN);
    } else if (venue == NULL || kw_order_state_is_final(venue->order.state)) {
        return_error(task, KW_EXCHANGE_ERROR_ABSENT);
    } else if (self->is_rigid && kw_decimal_cmp(venue->order.amount, order->amount) != 0) {
        return_error(task, KW_EXCHANGE_ERROR_REFUSED);
    } else if (self->n_refuse > 0) {
        self->n_refuse--;
        return_error(task, KW_EXCHANGE_ERROR_REFUSED);
    } else {
        amend_at_venue(self, venue, order);
        if (self->n_lose > 0) {
            self->n_lose--;
            return_error(task, KW_EXCHANGE_ERROR_UNKNOWN);
        } else if (self->n_hang > 0) {
            hang(self, task, venue);
        } else {
            return_report(task, venue);
        }
    }
}

static void
add_working(KwVenueState *state, const KwOrder *order)
{
    KwVenueOrder working = {
        .side = order->side,
        .type = order->type,
        .price = order->price,
        .amount = order->amount,
        .filled = order->filled,
    };

    memcpy(working.client_id, order->client_id, sizeof working.client_id);
    memcpy(working.venue_id, order->venue_id, sizeof working.venue_id);
    memcpy(working.pair, order->pair, sizeof working.pair);
    g_array_append_val(state->orders, working);
}

static void
inspect_async(KwBroker *broker,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
    KwFakeBroker *self = KW_FAKE_BROKER(broker);
    g_autoptr(GTask) task = g_task_new(broker, cancellable, callback, user_data);
    g_autoptr(KwVenueState) state = kw_venue_state_new(0);

    self->n_inspections++;
    if (self->is_cut || self->n_fail_inspections > 0) {
        self->n_fail_inspections -= self->n_fail_inspections > 0 ? 1 : 0;
        return_error(task, KW_EXCHANGE_ERROR_UNKNOWN);
        return;
    }
    for (guint i = 0; i < self->orders->len; i++) {
        const VenueOrder *venue = self->orders->pdata[i];

        if (!kw_order_state_is_final(venue->order.state))
            add_working(state, &venue->order);
    }
    g_array_append_vals(state->orders, self->foreign->data, self->foreign->len);
    g_array_append_vals(state->balances, self->balances->data, self->balances->len);
    if (self->n_hang_inspections > 0) {
        self->n_hang_inspections--;
        g_task_set_source_tag(task, inspect_async);
        g_task_set_task_data(task, g_steal_pointer(&state),
                             (GDestroyNotify) kw_venue_state_free);
        g_queue_push_tail(&self->held, g_steal_pointer(&task));
        return;
    }
    g_task_return_pointer(task, g_steal_pointer(&state), (GDestroyNotify) kw_venue_state_free);
}

static KwVenueState *
copy_state(const KwVenueState *state)
{
    KwVenueState *copy = kw_venue_state_new(state->asked_us);

    g_array_append_vals(copy->orders, state->orders->data, state->orders->len);
    g_array_append_vals(copy->balances, state->balances->data, state->balances->len);
    return copy;
}

void
kw_fake_broker_release_answers(KwFakeBroker *self)
{
    GTask *task;

    while ((task = g_queue_pop_head(&self->held)) != NULL) {
        if (self->is_cut)
            return_error(task, KW_EXCHANGE_ERROR_UNKNOWN);
        else if (g_task_get_source_tag(task) == inspect_async)
            g_task_return_pointer(task, copy_state(g_task_get_task_data(task)),
                                  (GDestroyNotify) kw_venue_state_free);
        else
            return_report(task, g_task_get_task_data(task));
        g_object_unref(task);
    }
}

static KwVenueState *
inspect_finish(KwBroker *broker, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, broker), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}

static gboolean
finish(KwBroker *broker, GAsyncResult *result, KwBrokerReport *out, GError **error)
{
    g_autofree KwBrokerReport *report = NULL;

    g_return_val_if_fail(g_task_is_valid(result, broker), FALSE);

    report = g_task_propagate_pointer(G_TASK(result), error);
    if (report == NULL)
        return FALSE;
    *out = *report;
    return TRUE;
}

static gint64
get_settle_us(KwBroker *broker)
{
    return KW_FAKE_BROKER(broker)->settle_us;
}

static gboolean
resizes(KwBroker *broker)
{
    return !KW_FAKE_BROKER(broker)->is_rigid;
}

/* -- what the test says -- */

void
kw_fake_broker_set_settle_us(KwFakeBroker *self, gint64 settle_us)
{
    self->settle_us = settle_us;
}

void
kw_fake_broker_set_matching(KwFakeBroker *self, KwFakeMatching matching)
{
    self->matching = matching;
}

void
kw_fake_broker_set_answer(KwFakeBroker *self, KwFakeAnswer answer)
{
    self->answer = answer;
}

void
kw_fake_broker_hide(KwFakeBroker *self, guint n)
{
    self->n_hide = n;
}

void
kw_fake_broker_fail_queries(KwFakeBroker *self, guint n)
{
    self->n_fail = n;
}

void
kw_fake_broker_fix_amounts(KwFakeBroker *self)
{
    self->is_rigid = TRUE;
}

void
kw_fake_broker_refuse_amends(KwFakeBroker *self, guint n)
{
    self->n_refuse = n;
}

void
kw_fake_broker_lose_amends(KwFakeBroker *self, guint n)
{
    self->n_lose = n;
}

void
kw_fake_broker_hang_changes(KwFakeBroker *self, guint n)
{
    self->n_hang = n;
}

void
kw_fake_broker_refuse_orders(KwFakeBroker *self, guint n, KwFakeAnswer answer)
{
    self->n_refuse_orders = n;
    self->refusal = answer;
}

void
kw_fake_broker_hang_inspections(KwFakeBroker *self, guint n)
{
    self->n_hang_inspections = n;
}

void
kw_fake_broker_fail_inspections(KwFakeBroker *self, guint n)
{
    self->n_fail_inspections = n;
}

void
kw_fake_broker_set_balance(KwFakeBroker *self, const gchar *asset, KwDecimal total)
{
    KwVenueBalance balance = {.total = total, .held = KW_DECIMAL_ZERO};

    g_strlcpy(balance.asset, asset, sizeof balance.asset);
    for (guint i = 0; i < self->balances->len; i++)
        if (strcmp(g_array_index(self->balances, KwVenueBalance, i).asset, asset) == 0)
            g_array_remove_index(self->balances, i--);
    g_array_append_val(self->balances, balance);
}

void
kw_fake_broker_add_foreign(KwFakeBroker *self, const KwVenueOrder *order)
{
    g_array_append_vals(self->foreign, order, 1);
}

void
kw_fake_broker_cut(KwFakeBroker *self)
{
    self->is_cut = TRUE;
    kw_fake_broker_release_answers(self);
}

void
kw_fake_broker_mend(KwFakeBroker *self)
{
    self->is_cut = FALSE;
}

void
kw_fake_broker_tell(KwFakeBroker *self, const gchar *client_id)
{
    const VenueOrder *venue = find_order(self, client_id);
    g_autofree KwBrokerReport *report = NULL;

    if (venue == NULL)
        g_assert_not_reached();
    report = make_report(venue);
    if (!self->is_cut)
        g_signal_emit_by_name(self, "report", report);
}

void
kw_fake_broker_tell_state(KwFakeBroker *self, const gchar *client_id)
{
    const VenueOrder *venue = find_order(self, client_id);
    g_autofree KwBrokerReport *report = NULL;

    if (venue == NULL)
        g_assert_not_reached();
    report = make_report(venue);
    report->n_fills = 0;
    if (!self->is_cut)
        g_signal_emit_by_name(self, "report", report);
}

void
kw_fake_broker_tell_fill(KwFakeBroker *self, const gchar *client_id, guint index)
{
    const VenueOrder *venue = find_order(self, client_id);
    g_autofree KwBrokerReport *report = NULL;

    if (venue == NULL)
        g_assert_not_reached();
    g_assert_cmpuint(index, <, venue->n_fills);
    report = make_report(venue);
    report->state = KW_ORDER_STATE_PARTIAL;
    report->fills[0] = venue->fills[index];
    report->n_fills = 1;
    if (!self->is_cut)
        g_signal_emit_by_name(self, "report", report);
}

/* -- what really happened -- */

guint
kw_fake_broker_get_n_orders(KwFakeBroker *self)
{
    return self->orders->len;
}

guint
kw_fake_broker_get_n_working(KwFakeBroker *self)
{
    guint n = self->foreign->len;

    for (guint i = 0; i < self->orders->len; i++)
        n += !kw_order_state_is_final(
            ((const VenueOrder *) self->orders->pdata[i])->order.state);
    return n;
}

const gchar *
kw_fake_broker_get_client_id(KwFakeBroker *self, guint index)
{
    return ((const VenueOrder *) g_ptr_array_index(self->orders, index))->order.client_id;
}

guint
kw_fake_broker_count(KwFakeBroker *self, const gchar *client_id)
{
    guint n = 0;

    for (guint i = 0; i < self->orders->len; i++)
        n += strcmp(kw_fake_broker_get_client_id(self, i), client_id) == 0 ? 1 : 0;
    return n;
}

guint
kw_fake_broker_get_n_submits(KwFakeBroker *self)
{
    return self->n_submits;
}

guint
kw_fake_broker_get_n_queries(KwFakeBroker *self)
{
    return self->n_queries;
}

guint
kw_fake_broker_get_n_inspections(KwFakeBroker *self)
{
    return self->n_inspections;
}

guint
kw_fake_broker_get_n_amends(KwFakeBroker *self)
{
    return self->n_amends;
}

const KwOrder *
kw_fake_broker_get_order(KwFakeBroker *self, const gchar *client_id)
{
    const VenueOrder *venue = find_order(self, client_id);

    return venue != NULL ? &venue->order : NULL;
}

KwDecimal
kw_fake_broker_get_filled(KwFakeBroker *self, const gchar *client_id)
{
    const VenueOrder *venue = find_order(self, client_id);

    return venue != NULL ? venue->order.filled : KW_DECIMAL_ZERO;
}

guint
kw_fake_broker_get_n_fills(KwFakeBroker *self, const gchar *client_id)
{
    const VenueOrder *venue = find_order(self, client_id);

    return venue != NULL ? venue->n_fills : 0;
}

KwDecimal
kw_fake_broker_get_position(KwFakeBroker *self, const gchar *pair)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    for (guint i = 0; i < self->orders->len; i++) {
        const KwOrder *order = &((const VenueOrder *) self->orders->pdata[i])->order;
        KwDecimal filled = order->filled;

        if (strcmp(order->pair, pair) != 0)
            continue;
        if (order->side == KW_SIDE_SELL)
            filled = kw_decimal_neg(filled);
        if (!kw_decimal_add(sum, filled, &sum, NULL))
            g_assert_not_reached();
    }
    return sum;
}

/* -- class -- */

KwFakeBroker *
kw_fake_broker_new(void)
{
    return g_object_new(KW_TYPE_FAKE_BROKER, NULL);
}

static void
kw_fake_broker_finalize(GObject *object)
{
    KwFakeBroker *self = KW_FAKE_BROKER(object);

    g_queue_clear_full(&self->held, g_object_unref);
    g_clear_pointer(&self->orders, g_ptr_array_unref);
    g_clear_pointer(&self->foreign, g_array_unref);
    g_clear_pointer(&self->balances, g_array_unref);

    G_OBJECT_CLASS(kw_fake_broker_parent_class)->finalize(object);
}

static void
kw_fake_broker_class_init(KwFakeBrokerClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_fake_broker_finalize;
}

static void
kw_fake_broker_init(KwFakeBroker *self)
{
    self->orders = g_ptr_array_new_with_free_func(g_free);
    self->foreign = g_array_new(FALSE, TRUE, sizeof(KwVenueOrder));
    self->balances = g_array_new(FALSE, TRUE, sizeof(KwVenueBalance));
    g_queue_init(&self->held);
    self->settle_us = KW_BROKER_SETTLE_US;
}

static void
iface_init(KwBrokerInterface *iface)
{
    iface->submit_async = submit_async;
    iface->submit_finish = finish;
    iface->query_async = query_async;
    iface->query_finish = finish;
    iface->cancel_async = cancel_async;
    iface->cancel_finish = finish;
    iface->amend_async = amend_async;
    iface->amend_finish = finish;
    iface->inspect_async = inspect_async;
    iface->inspect_finish = inspect_finish;
    iface->get_settle_us = get_settle_us;
    iface->resizes = resizes;
}
