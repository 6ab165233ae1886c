/* kw-paper-broker.c: a venue in memory that fills against the present candle
 *
 * It decides at once in the submit call and answers in the next round of the main loop, as a
 * real venue does: the order manager's code has one path. What it executed is remembered, so
 * a look-up after a lost answer works; after a restart it knows nothing, which is right: the
 * fills of a dead process that never reached the journal do not exist. The memory is a queue
 * of the last KW_PAPER_MAX_FINAL orders. Once one was forgotten, an id that is not found is
 * answered with UNKNOWN, because ABSENT would be taken as proof.
 *
 * Submitting a known client id gives the order of that id again and executes nothing. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-paper-broker.h"

#include "kw-error.h"

#include <string.h>

/* Counted (g_rc_box): the table holds one reference, each answer under way another. */
typedef struct {
    KwOrder order;
    KwFill fill;          /* valid when FILLED */
    const gchar *message; /* static */
} PaperOrder;

struct _KwPaperBroker {
    GObject parent_instance;

    gdouble fee_ratio, maker_fee_ratio;
    KwFriction *friction; /* owned; NULL: none is paid */
    GHashTable *ticks;    /* owned pair name -> owned KwDecimal */
    GHashTable *candles;  /* owned pair name -> owned KwCandle */
    GHashTable *orders;   /* client id, in the order -> owned PaperOrder */
    GPtrArray *working;   /* borrowed from orders; oldest first */
    GQueue finals;        /* borrowed from orders; oldest first */
    gboolean has_forgotten;
};

static void iface_init(KwBrokerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwPaperBroker,
                              kw_paper_broker,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_BROKER, iface_init))

static void
paper_order_release(gpointer order)
{
    g_rc_box_release(order);
}

static void
make_report(const PaperOrder *self, KwBrokerReport *out)
{
    memset(out, 0, sizeof *out);
    memcpy(out->client_id, self->order.client_id, sizeof out->client_id);
    memcpy(out->venue_id, self->order.venue_id, sizeof out->venue_id);
    out->state = self->order.state;
    if (self->order.state == KW_ORDER_STATE_FILLED)
        out->fills[out->n_fills++] = self->fill;
    (void) g_strlcpy(out->message, self->message, sizeof out->message);
}

/* -- execution -- */

static void
refuse(PaperOrder *paper, const gchar *message)
{
    paper->order.state = KW_ORDER_STATE_REJECTED;
    paper->message = message;
}

/* The price that the market makes of the one the decision was made on */
static KwDecimal
find_price(const KwPaperBroker *self, const KwOrder *order, gint64 time_us)
{
    const KwDecimal *tick = g_hash_table_lookup(self->ticks, order->pair);
    KwFrictionOrder paying = {.pair = order->pair, .side = order->side, .time_us = time_us};
    KwDecimal price = order->price;

    if (self->friction == NULL || tick == NULL || order->type != KW_ORDER_TYPE_MARKET)
        return price;
    paying.tick = *tick;
    (void) kw_friction_pay(self->friction, &paying, order->price, &price, NULL);
    return price;
}

static void
execute(const KwPaperBroker *self, PaperOrder *paper, gint64 time_us)
{
    KwOrder *order = &paper->order;
    KwFill *fill = &paper->fill;
    KwDecimal price = find_price(self, order, time_us);
    gdouble fee_ratio =
        order->type == KW_ORDER_TYPE_POST_ONLY ? self->maker_fee_ratio : self->fee_ratio;

    if (!kw_fill_compute_fee(price, order->amount, fee_ratio, &fill->fee, NULL)) {
        refuse(paper, "value has too many digits");
        return;
    }
    (void) g_snprintf(fill->exec_id, sizeof fill->exec_id, "%.60s-1", order->client_id);
    memcpy(fill->client_id, order->client_id, sizeof fill->client_id);
    memcpy(fill->pair, order->pair, sizeof fill->pair);
    fill->mode = order->mode;
    fill->side = order->side;
    fill->price = price;
    fill->amount = order->amount;
    fill->time_us = time_us;
    order->filled = order->amount;
    order->state = KW_ORDER_STATE_FILLED;
}

/* An order that never takes is refused when it would, and then waits until the market has gone
 * through its price: how many stand before it in the queue is not known. */
static void
match_waiting(const KwPaperBroker *self, PaperOrder *paper, const KwCandle *candle)
{
    KwOrder *order = &paper->order;
    gdouble price = kw_decimal_to_double(order->price);
    gboolean is_buy = order->side == KW_SIDE_BUY;

    if (candle == NULL)
        refuse(paper, "no candle yet");
    else if (order->state == KW_ORDER_STATE_OPEN) {
        if (is_buy ? candle->low < price : candle->high > price)
            execute(self, paper, candle->open_us);
    } else if (is_buy ? candle->low <= price : candle->high >= price)
        refuse(paper, "it would take");
    else
        order->state = KW_ORDER_STATE_OPEN;
}

/* Moves a new or working order as far as @candle lets it. */
static void
match(const KwPaperBroker *self, PaperOrder *paper, const KwCandle *candle)
{
    gdouble price = kw_decimal_to_double(paper->order.price);

    if (paper->order.type == KW_ORDER_TYPE_POST_ONLY)
        match_waiting(self, paper, candle);
    else if (candle != NULL && candle->low <= price && price <= candle->high)
        execute(self, paper, candle->open_us);
    else if (paper->order.type == KW_ORDER_TYPE_LIMIT)
        paper->order.state = KW_ORDER_STATE_OPEN;
    else
        refuse(paper, candle != NULL ? "price is outside the candle" : "no candle yet");
}

/* -- memory -- */

static void
forget_oldest(KwPaperBroker *self)
{
    PaperOrder *oldest;

    if (g_queue_get_length(&self->finals) <= KW_PAPER_MAX_FINAL)
        return;
    oldest = g_queue_pop_head(&self->finals);
    self->has_forgotten = TRUE;
    (void) g_hash_table_remove(self->orders, oldest->order.client_id);
}

static void
remember_final(KwPaperBroker *self, PaperOrder *paper)
{
    g_queue_push_tail(&self->finals, paper);
    forget_oldest(self);
}

static PaperOrder *
remember(KwPaperBroker *self, const KwOrder *order)
{
    PaperOrder *paper = g_rc_box_new0(PaperOrder);

    paper->order = *order;
    paper->message = "";
    (void) g_snprintf(paper->order.venue_id, sizeof paper->order.venue_id, "paper-%.56s",
                      order->client_id);
    (void) g_hash_table_insert(self->orders, paper->order.client_id, paper);
    return paper;
}

static PaperOrder *
accept_order(KwPaperBroker *self, const KwOrder *order)
{
    PaperOrder *paper = remember(self, order);

    match(self, paper, g_hash_table_lookup(self->candles, order->pair));
    if (paper->order.state == KW_ORDER_STATE_OPEN)
        g_ptr_array_add(self->working, paper);
    else
        remember_final(self, paper);
    return paper;
}

/* -- port -- */

static void
return_order(GTask *task, PaperOrder *paper)
{
    g_task_return_pointer(task, g_rc_box_acquire(paper), paper_order_release);
}

static void
return_not_found(const KwPaperBroker *self, GTask *task)
{
    if (self->has_forgotten)
        g_task_return_new_error(task, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                                "not among the last %d orders", KW_PAPER_MAX_FINAL);
    else
        g_task_return_new_error(task, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT,
                                "no order of this client id");
}

static void
submit_async(KwBroker *broker,
             const KwOrder *order,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwPaperBroker *self = KW_PAPER_BROKER(broker);
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
    PaperOrder *paper = g_hash_table_lookup(self->orders, order->client_id);

    g_task_set_source_tag(task, submit_async);
    return_order(task, paper != NULL ? paper : accept_order(self, order));
}

static void
query_async(KwBroker *broker,
            const gchar *client_id,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    KwPaperBroker *self = KW_PAPER_BROKER(broker);
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
    PaperOrder *paper = g_hash_table_lookup(self->orders, client_id);

    g_task_set_source_tag(task, query_async);
    if (paper != NULL)
        return_order(task, paper);
    else
        return_not_found(self, task);
}

static void
cancel_async(KwBroker *broker,
             const gchar *client_id,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwPaperBroker *self = KW_PAPER_BROKER(broker);
    PaperOrder *paper = g_hash_table_lookup(self->orders, client_id);

    if (paper != NULL && g_ptr_array_remove(self->working, paper)) {
        paper->order.state = KW_ORDER_STATE_CANCELLED;
        remember_final(self, paper);
    }
    query_async(broker, client_id, cancellable, callback, user_data);
}

/* All three answers are an order. */
static gboolean
finish(KwBroker *broker, GAsyncResult *result, KwBrokerReport *out, GError **error)
{
    PaperOrder *paper;

    g_return_val_if_fail(g_task_is_valid(result, broker), FALSE);

    paper = g_task_propagate_pointer(G_TASK(result), error);
    if (paper == NULL)
        return FALSE;
    make_report(paper, out);
    paper_order_release(paper);
    return TRUE;
}

static gint64
get_settle_us(KwBroker *broker)
{
    return 0;
}

/* -- candles -- */

void
kw_paper_broker_set_candle(KwPaperBroker *self, const gchar *pair, const KwCandle *candle)
{
    g_autoptr(GPtrArray) done = NULL;
    KwCandle *present;
    guint i = 0;

    g_return_if_fail(KW_IS_PAPER_BROKER(self));
    g_return_if_fail(pair != NULL && candle != NULL);

    present = g_hash_table_lookup(self->candles, pair);
    if (present != NULL)
        *present = *candle;
    else
        (void) g_hash_table_insert(self->candles, g_strdup(pair),
                                   g_memdup2(candle, sizeof *candle));

    while (i < self->working->len) {
        PaperOrder *paper = g_ptr_array_index(self->working, i);

        if (strcmp(paper->order.pair, pair) == 0)
            match(self, paper, candle);
        if (paper->order.state == KW_ORDER_STATE_OPEN) {
            i++;
            continue;
        }
        if (done == NULL)
            done = g_ptr_array_new_with_free_func(paper_order_release);
        g_ptr_array_add(done, g_rc_box_acquire(paper));
        (void) g_ptr_array_remove_index(self->working, i);
        remember_final(self, paper);
    }

    /* a listener may place or cancel orders, so the lists are settled before it is told */
    for (i = 0; done != NULL && i < done->len; i++) {
        KwBrokerReport report;

        make_report(g_ptr_array_index(done, i), &report);
        g_signal_emit_by_name(self, "report", &report);
    }
}

void
kw_paper_broker_set_maker_fee(KwPaperBroker *self, gdouble fee_ratio)
{
    g_return_if_fail(KW_IS_PAPER_BROKER(self));
    g_return_if_fail(fee_ratio >= 0.0 && fee_ratio < 1.0);

    self->maker_fee_ratio = fee_ratio;
}

void
kw_paper_broker_set_friction(KwPaperBroker *self, KwFriction *friction)
{
    g_return_if_fail(KW_IS_PAPER_BROKER(self));

    g_clear_pointer(&self->friction, kw_friction_free);
    self->friction = friction;
}

void
kw_paper_broker_set_tick(KwPaperBroker *self, const gchar *pair, KwDecimal tick)
{
    g_return_if_fail(KW_IS_PAPER_BROKER(self));
    g_return_if_fail(pair != NULL && kw_decimal_sign(tick) > 0);

    (void) g_hash_table_replace(self->ticks, g_strdup(pair), g_memdup2(&tick, sizeof tick));
}

void
kw_paper_broker_restore_order(KwPaperBroker *self, const KwOrder *order)
{
    g_return_if_fail(KW_IS_PAPER_BROKER(self));
    g_return_if_fail(order != NULL && order->state == KW_ORDER_STATE_OPEN);
    g_return_if_fail(g_hash_table_lookup(self->orders, order->client_id) == NULL);

    g_ptr_array_add(self->working, remember(self, order));
}

/* -- class -- */

KwPaperBroker *
kw_paper_broker_new(gdouble fee_ratio)
{
    KwPaperBroker *self;

    g_return_val_if_fail(fee_ratio >= 0.0 && fee_ratio < 1.0, NULL);

    self = g_object_new(KW_TYPE_PAPER_BROKER, NULL);
    self->fee_ratio = self->maker_fee_ratio = fee_ratio;
    return self;
}

static void
kw_paper_broker_finalize(GObject *object)
{
    KwPaperBroker *self = KW_PAPER_BROKER(object);

    g_queue_clear(&self->finals);
    g_clear_pointer(&self->working, g_ptr_array_unref);
    g_clear_pointer(&self->orders, g_hash_table_unref);
    g_clear_pointer(&self->candles, g_hash_table_unref);
    g_clear_pointer(&self->ticks, g_hash_table_unref);
    g_clear_pointer(&self->friction, kw_friction_free);

    G_OBJECT_CLASS(kw_paper_broker_parent_class)->finalize(object);
}

static void
kw_paper_broker_class_init(KwPaperBrokerClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_paper_broker_finalize;
}

static void
kw_paper_broker_init(KwPaperBroker *self)
{
    self->ticks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->candles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->orders = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, paper_order_release);
    self->working = g_ptr_array_new();
    g_queue_init(&self->finals);
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
    iface->get_settle_us = get_settle_us;
}
