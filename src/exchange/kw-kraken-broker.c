/* kw-kraken-broker.c: each call of the port is a talk of one or more requests
 *
 *   submit   the order; a market order is then looked up
 *   query    OpenOrders, ClosedOrders, QueryTrades ...: the order with its executions
 *   cancel   the cancel, then as query
 *   amend    the amend, then as query
 *   inspect  OpenOrders, BalanceEx
 *
 * The way that order, cancel and amend take is kw-kraken-order-channel.c.
 *
 * A talk's state is the data of its task, and each step ends in the next request or in the
 * answer. What an order's news mean is decided by the order manager; here they are only made
 * complete (kw-kraken-memory.h).
 *
 * The exchange keeps our client id ("kw" and sixteen hex digits fit): nothing is translated. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-kraken-broker.h"

#include "kw-error.h"
#include "kw-kraken-error.h"
#include "kw-kraken-form.h"
#include "kw-kraken-memory.h"
#include "kw-log.h"

#include <string.h>

#define SETTLE_US (KW_KRAKEN_DEADLINE_US + 60 * G_USEC_PER_SEC)
#define TRADES_A_CALL 20

struct _KwKrakenBroker {
    GObject parent_instance;

    KwClock *clock;                /* owned */
    KwKraken *kraken;              /* owned */
    KwKrakenPairs *pairs;          /* owned */
    KwKrakenStream *stream;        /* owned; may be NULL */
    KwKrakenOrderChannel *channel; /* owned */
    KwKrakenMemory *memory;        /* owned */
    GCancellable *cancel;          /* owned; of what nobody waits for */
};

/* A talk; data of its task */
typedef struct {
    KwOrder order; /* of submit and amend; of others the client id alone */
    KwBrokerReport report;
    KwKrakenOrder found; /* owned members */
    KwVenueState *state; /* owned; of inspect */
    guint n_read;        /* executions asked for */
} Talk;

static void iface_init(KwBrokerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwKrakenBroker,
                              kw_kraken_broker,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_BROKER, iface_init))

static void
talk_free(gpointer data)
{
    Talk *talk = data;

    kw_kraken_order_clear(&talk->found);
    kw_venue_state_free(talk->state);
    g_free(talk);
}

static GTask *
talk_new(KwKrakenBroker *self,
         const gchar *client_id,
         GCancellable *cancellable,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
    GTask *task = g_task_new(self, cancellable, callback, user_data);
    Talk *talk = g_new0(Talk, 1);

    (void) g_strlcpy(talk->order.client_id, client_id, sizeof talk->order.client_id);
    (void) g_strlcpy(talk->report.client_id, client_id, sizeof talk->report.client_id);
    g_task_set_task_data(task, talk, talk_free);
    return task;
}

static const gchar *
pair_name_of(const KwKrakenBroker *self, const gchar *alt)
{
    const KwKrakenPair *pair = kw_kraken_pairs_find(self->pairs, alt);

    return pair != NULL ? pair->market.name : "";
}

/* -- answers -- */

/* Takes the task. */
static void
return_report(GTask *owned)
{
    g_autoptr(GTask) task = owned;
    const Talk *talk = g_task_get_task_data(task);

    g_task_return_pointer(task, g_memdup2(&talk->report, sizeof talk->report), g_free);
}

/* Takes the task and @error. */
static void
return_failure(GTask *owned, KwExchangeError code, GError *error)
{
    g_autoptr(GTask) task = owned;

    g_task_return_new_error(task, KW_EXCHANGE_ERROR, (gint) code, "%s",
                            error != NULL ? error->message : "the venue does not know it");
    g_clear_error(&error);
}

/* Takes the task and @error: of a change */
static void
return_failed_change(GTask *owned, GError *error)
{
    return_failure(owned,
                   kw_kraken_is_proof(error) ? KW_EXCHANGE_ERROR_REFUSED
                                             : KW_EXCHANGE_ERROR_UNKNOWN,
                   error);
}

/* %TRUE when the answer of what only asks is there; else the talk is over. */
static gboolean
take_object(GObject *source,
            GAsyncResult *result,
            GTask *task,
            KwKrakenAnswer *out,
            JsonObject **out_object)
{
    GError *error = NULL;

    if (kw_kraken_finish(KW_KRAKEN(source), result, out, &error))
        *out_object = kw_kraken_answer_get_object(out, &error);
    if (error == NULL)
        return TRUE;
    return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
    return FALSE;
}

/* -- looking an order up: its executions -- */

static void ask_trades(GTask *task);

static void
tell_rest(KwKrakenBroker *self, Talk *talk)
{
    if (talk->report.n_fills < KW_BROKER_MAX_FILLS)
        return;
    g_signal_emit_by_name(self, "report", &talk->report);
    talk->report.n_fills = 0;
}

static void
add_fill(KwKrakenBroker *self, Talk *talk, const KwFill *fill)
{
    tell_rest(self, talk);
    (void) kw_kraken_memory_note_exec(self->memory, fill->exec_id);
    talk->report.fills[talk->report.n_fills++] = *fill;
}

static gboolean
take_trades(KwKrakenBroker *self, Talk *talk, JsonObject *result, GError **error)
{
    JsonObjectIter iter;
    const gchar *id;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, result);
    while (json_object_iter_next_ordered(&iter, &id, &node)) {
        JsonObject *row = kw_json_root_object(node, error);
        KwFill fill;

        if (row == NULL || !kw_kraken_read_trade(id, row, &fill, error))
            return FALSE;
        (void) g_strlcpy(fill.client_id, talk->order.client_id, sizeof fill.client_id);
        (void) g_strlcpy(fill.pair, pair_name_of(self, talk->found.alt), sizeof fill.pair);
        kw_kraken_memory_keep_fill(self->memory, &fill);
        add_fill(self, talk, &fill);
    }
    return TRUE;
}

static void
on_trades(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwKrakenBroker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object = NULL;
    GError *error = NULL;

    if (!take_object(source, result, task, &answer, &object))
        return;
    if (!take_trades(self, talk, object, &error)) {
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
        return;
    }
    ask_trades(task);
}

/* The next twenty of those that are not kept, or the end */
static void
ask_trades(GTask *task)
{
    KwKrakenBroker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    g_autoptr(GString) ids = g_string_new(NULL);
    GStrv all = talk->found.trades;

    for (guint n = 0; all != NULL && all[talk->n_read] != NULL && n < TRADES_A_CALL;) {
        const gchar *id = all[talk->n_read++];
        const KwFill *kept = kw_kraken_memory_find_fill(self->memory, id);

        if (kept != NULL) {
            add_fill(self, talk, kept);
            continue;
        }
        g_string_append_printf(ids, "%s%s", ids->len > 0 ? "," : "", id);
        n++;
    }
    if (ids->len == 0) {
        return_report(task);
        return;
    }
    {
        const gchar *const fields[] = {"txid", ids->str, NULL};

        kw_kraken_call_async(self->kraken, "QueryTrades", fields, g_task_get_cancellable(task),
                             on_trades, task);
    }
}

/* -- looking an order up: where it is -- */

/* The order of our client id among @list: the newest, as at most one is open */
static gboolean
find_order(Talk *talk, JsonObject *list, GError **error)
{
    JsonObjectIter iter;
    const gchar *txid;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, list);
    while (json_object_iter_next_ordered(&iter, &txid, &node)) {
        g_auto(KwKrakenOrder) order = {0};
        JsonObject *row = kw_json_root_object(node, error);

        if (row == NULL || !kw_kraken_read_order(txid, row, &order, error))
            return FALSE;
        if (strcmp(order.client_id, talk->order.client_id) != 0 ||
            order.opened_us < talk->found.opened_us)
            continue;
        kw_kraken_order_clear(&talk->found);
        talk->found = order;
        order = (KwKrakenOrder){0};
    }
    return TRUE;
}

static void
take_found(GTask *task)
{
    KwKrakenBroker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    KwKrakenKnown *known = kw_kraken_memory_know(self->memory, talk->found.txid);

    (void) g_strlcpy(known->client_id, talk->order.client_id, sizeof known->client_id);
    (void) g_strlcpy(known->pair, pair_name_of(self, talk->found.alt), sizeof known->pair);
    known->side = talk->found.side;
    memcpy(talk->report.venue_id, talk->found.txid, sizeof talk->report.venue_id);
    (void) g_strlcpy(talk->report.message, talk->found.reason, sizeof talk->report.message);
    talk->report.state = known->state = talk->found.state;
    talk->report.price = talk->found.price;
    talk->report.amount =
        talk->found.state == KW_ORDER_STATE_FILLED ? talk->found.filled : talk->found.amount;
    talk->report.n_fills = talk->n_read = 0;
    ask_trades(task);
}

/* %TRUE when it is not in the list of this answer; else the talk goes on, or is over. */
static gboolean
is_elsewhere(GObject *source, GAsyncResult *result, GTask *task, const gchar *name)
{
    Talk *talk = g_task_get_task_data(task);
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object = NULL, *list = NULL;
    GError *error = NULL;

    if (!take_object(source, result, task, &answer, &object))
        return FALSE;
    if (!kw_json_get_object(object, name, &list, &error) || !find_order(talk, list, &error)) {
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
        return FALSE;
    }
    if (*talk->found.txid == '\0')
        return TRUE;
    take_found(task);
    return FALSE;
}

static void
on_closed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    if (is_elsewhere(source, result, user_data, "closed"))
        return_failure(user_data, KW_EXCHANGE_ERROR_ABSENT, NULL);
}

static void
on_open(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwKrakenBroker *self = g_task_get_source_object(task);
    const Talk *talk = g_task_get_task_data(task);
    const gchar *const fields[] = {"cl_ord_id", talk->order.client_id, "trades",
                                   "true",      "consolidate_taker",   "false",
                                   NULL};

    if (is_elsewhere(source, result, task, "open"))
        kw_kraken_call_async(self->kraken, "ClosedOrders", fields, g_task_get_cancellable(task),
                             on_closed, task);
}

/* Takes the task. */
static void
look_up(GTask *task)
{
    KwKrakenBroker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    const gchar *const fields[] = {"cl_ord_id", talk->order.client_id, "trades", "true", NULL};

    kw_kraken_order_clear(&talk->found);
    talk->found = (KwKrakenOrder){0};
    kw_kraken_call_async(self->kraken, "OpenOrders", fields, g_task_get_cancellable(task),
                         on_open, task);
}

static void
query_async(KwBroker *broker,
            const gchar *client_id,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    GTask *task =
        talk_new(KW_KRAKEN_BROKER(broker), client_id, cancellable, callback, user_data);

    g_task_set_source_tag(task, query_async);
    look_up(task);
}

/* -- submit -- */

static void
on_added(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwKrakenBroker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    GError *error = NULL;
    KwKrakenKnown *known;

    if (!kw_kraken_order_channel_finish(KW_KRAKEN_ORDER_CHANNEL(source), result,
                                        talk->report.venue_id, &error)) {
        return_failed_change(task, error);
        return;
    }
    talk->report.state = KW_ORDER_STATE_OPEN;
    known = kw_kraken_memory_know(self->memory, talk->report.venue_id);
    memcpy(known->client_id, talk->order.client_id, sizeof known->client_id);
    memcpy(known->pair, talk->order.pair, sizeof known->pair);
    known->side = talk->order.side;
    return_report(task);
}

static void
submit_async(KwBroker *broker,
             const KwOrder *order,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwKrakenBroker *self = KW_KRAKEN_BROKER(broker);
    GTask *task = talk_new(self, order->client_id, cancellable, callback, user_data);
    Talk *talk = g_task_get_task_data(task);
    const KwKrakenPair *pair;
    GError *error = NULL;

    g_task_set_source_tag(task, submit_async);
    g_task_set_check_cancellable(task, FALSE);
    talk->order = *order;
    pair = kw_kraken_form_fit(self->pairs, &talk->order, &error);
    if (pair == NULL)
        return_failure(task, KW_EXCHANGE_ERROR_REFUSED, error);
    else
        kw_kraken_order_channel_add_async(self->channel, pair, &talk->order, on_added, task);
}

/* -- cancel and amend -- */

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    GError *error = NULL;

    /* not open any more: how it ended, the look-up tells */
    if (kw_kraken_order_channel_finish(KW_KRAKEN_ORDER_CHANNEL(source), result, NULL, &error) ||
        g_error_matches(error, KW_KRAKEN_ERROR, KW_KRAKEN_UNKNOWN_ORDER) ||
        g_error_matches(error, KW_KRAKEN_ERROR, KW_KRAKEN_PENDING)) {
        g_clear_error(&error);
        look_up(task);
        return;
    }
    return_failed_change(task, error);
}

static void
cancel_async(KwBroker *broker,
             const gchar *client_id,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwKrakenBroker *self = KW_KRAKEN_BROKER(broker);
    GTask *task = talk_new(self, client_id, cancellable, callback, user_data);

    g_task_set_source_tag(task, cancel_async);
    kw_kraken_order_channel_cancel_async(self->channel, client_id, on_cancelled, task);
}

static void
on_amended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    GError *error = NULL;

    if (kw_kraken_order_channel_finish(KW_KRAKEN_ORDER_CHANNEL(source), result, NULL, &error))
        look_up(task);
    else if (g_error_matches(error, KW_KRAKEN_ERROR, KW_KRAKEN_UNKNOWN_ORDER))
        return_failure(task, KW_EXCHANGE_ERROR_ABSENT, error);
    else
        return_failed_change(task, error);
}

static void
amend_async(KwBroker *broker,
            const KwOrder *order,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    KwKrakenBroker *self = KW_KRAKEN_BROKER(broker);
    GTask *task = talk_new(self, order->client_id, cancellable, callback, user_data);
    Talk *talk = g_task_get_task_data(task);
    GError *error = NULL;

    g_task_set_source_tag(task, amend_async);
    talk->order = *order;
    if (kw_kraken_form_fit(self->pairs, &talk->order, &error) == NULL)
        return_failure(task, KW_EXCHANGE_ERROR_REFUSED, error);
    else
        kw_kraken_order_channel_amend_async(self->channel, &talk->order, on_amended, task);
}

static gboolean
report_finish(KwBroker *broker, GAsyncResult *result, KwBrokerReport *out, GError **error)
{
    g_autofree KwBrokerReport *report = NULL;

    g_return_val_if_fail(g_task_is_valid(result, broker), FALSE);

    report = g_task_propagate_pointer(G_TASK(result), error);
    if (report == NULL)
        return FALSE;
    *out = *report;
    return TRUE;
}

/* -- inspect -- */

static void
on_balances(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwKrakenBroker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object = NULL;
    GError *error = NULL;

    if (!take_object(source, result, task, &answer, &object))
        return;
    if (!kw_kraken_read_balances(self->pairs, object, talk->state->balances, &error)) {
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
        return;
    }
    g_task_return_pointer(task, g_steal_pointer(&talk->state),
                          (GDestroyNotify) kw_venue_state_free);
    g_object_unref(task);
}

static void
on_working(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwKrakenBroker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object = NULL, *open = NULL;
    GError *error = NULL;

    if (!take_object(source, result, task, &answer, &object))
        return;
    if (!kw_json_get_object(object, "open", &open, &error) ||
        !kw_kraken_read_working(self->pairs, open, talk->state->orders, &error)) {
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
        return;
    }
    kw_kraken_call_async(self->kraken, "BalanceEx", NULL, g_task_get_cancellable(task),
                         on_balances, task);
}

static void
inspect_async(KwBroker *broker,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
    KwKrakenBroker *self = KW_KRAKEN_BROKER(broker);
    GTask *task = talk_new(self, "", cancellable, callback, user_data);
    Talk *talk = g_task_get_task_data(task);

    g_task_set_source_tag(task, inspect_async);
    talk->state = kw_venue_state_new(kw_clock_now_us(self->clock));
    kw_kraken_call_async(self->kraken, "OpenOrders", NULL, cancellable, on_working, task);
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
    return SETTLE_US;
}

/* -- news -- */

static void
on_news(KwKrakenStream *stream,
        const KwKrakenReport *news,
        gboolean is_snapshot,
        gpointer user_data)
{
    KwKrakenBroker *self = user_data;
    KwBrokerReport report;

    if (kw_kraken_memory_complete(self->memory, news, &report))
        g_signal_emit_by_name(self, "report", &report);
}

static void
on_max_rate(KwKrakenStream *stream, gint64 count, gpointer user_data)
{
    kw_kraken_rate_learn(kw_kraken_get_rate(((KwKrakenBroker *) user_data)->kraken), count);
}

static void
on_looked_up(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwBrokerReport report;

    if (kw_broker_query_finish(KW_BROKER(source), result, &report, NULL))
        g_signal_emit_by_name(source, "report", &report);
}

static void
look_up_known(const KwKrakenKnown *known, gpointer user_data)
{
    KwKrakenBroker *self = user_data;

    query_async(KW_BROKER(self), known->client_id, self->cancel, on_looked_up, NULL);
}

/* Something was missed, or may have been */
static void
look_up_all(KwKrakenBroker *self)
{
    kw_kraken_memory_each_working(self->memory, look_up_known, self);
}

static void
on_token_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwKrakenBroker) self = user_data; /* the call's reference */
    g_auto(KwKrakenAnswer) answer = {0};
    g_autoptr(GError) error = NULL;
    JsonObject *object = NULL;
    const gchar *token = NULL;

    if (kw_kraken_finish(KW_KRAKEN(source), result, &answer, &error))
        object = kw_kraken_answer_get_object(&answer, &error);
    if (object != NULL && kw_json_get_string(object, "token", &token, &error))
        kw_kraken_stream_set_token(self->stream, token);
    else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        kw_log_warning("no token for the private stream; orders are looked up instead",
                       "KW_ERROR", error->message);
}

static void
on_token(KwKrakenStream *stream, gpointer user_data)
{
    KwKrakenBroker *self = user_data;

    kw_kraken_call_async(self->kraken, "GetWebSocketsToken", NULL, self->cancel, on_token_read,
                         g_object_ref(self));
}

/* -- object -- */

KwKrakenBroker *
kw_kraken_broker_new(KwClock *clock,
                     KwKraken *kraken,
                     KwKrakenPairs *pairs,
                     KwKrakenStream *stream,
                     KwKrakenOrderPath path)
{
    KwKrakenBroker *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_KRAKEN(kraken) && pairs != NULL, NULL);

    self = g_object_new(KW_TYPE_KRAKEN_BROKER, NULL);
    self->clock = g_object_ref(clock);
    self->kraken = g_object_ref(kraken);
    self->channel = kw_kraken_order_channel_new(
        clock, kraken, path == KW_KRAKEN_ORDER_PATH_SOCKET ? stream : NULL);
    self->pairs = kw_kraken_pairs_ref(pairs);
    if (stream == NULL)
        return self;
    self->stream = g_object_ref(stream);
    g_signal_connect(stream, "report", G_CALLBACK(on_news), self);
    g_signal_connect_swapped(stream, "gap", G_CALLBACK(look_up_all), self);
    g_signal_connect_swapped(stream, "up", G_CALLBACK(look_up_all), self);
    g_signal_connect(stream, "max-rate", G_CALLBACK(on_max_rate), self);
    g_signal_connect(stream, "token", G_CALLBACK(on_token), self);
    kw_kraken_stream_want(stream, "executions", NULL, 0);
    kw_kraken_stream_start(stream);
    return self;
}

KwKrakenOrderChannel *
kw_kraken_broker_get_channel(KwKrakenBroker *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_BROKER(self), NULL);

    return self->channel;
}

static void
kw_kraken_broker_dispose(GObject *object)
{
    KwKrakenBroker *self = KW_KRAKEN_BROKER(object);

    g_cancellable_cancel(self->cancel);
    if (self->stream != NULL) {
        kw_kraken_stream_stop(self->stream);
        (void) g_signal_handlers_disconnect_by_data(self->stream, self);
    }
    g_clear_object(&self->channel);
    g_clear_object(&self->stream);
    g_clear_object(&self->kraken);

    G_OBJECT_CLASS(kw_kraken_broker_parent_class)->dispose(object);
}

static void
kw_kraken_broker_finalize(GObject *object)
{
    KwKrakenBroker *self = KW_KRAKEN_BROKER(object);

    g_clear_pointer(&self->memory, kw_kraken_memory_free);
    g_clear_pointer(&self->pairs, kw_kraken_pairs_unref);
    g_clear_object(&self->cancel);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_kraken_broker_parent_class)->finalize(object);
}

static void
kw_kraken_broker_class_init(KwKrakenBrokerClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_kraken_broker_dispose;
    object_class->finalize = kw_kraken_broker_finalize;
}

static void
kw_kraken_broker_init(KwKrakenBroker *self)
{
    self->memory = kw_kraken_memory_new();
    self->cancel = g_cancellable_new();
}

static void
iface_init(KwBrokerInterface *iface)
{
    iface->submit_async = submit_async;
    iface->submit_finish = report_finish;
    iface->query_async = query_async;
    iface->query_finish = report_finish;
    iface->cancel_async = cancel_async;
    iface->cancel_finish = report_finish;
    iface->amend_async = amend_async;
    iface->amend_finish = report_finish;
    iface->inspect_async = inspect_async;
    iface->inspect_finish = inspect_finish;
    iface->get_settle_us = get_settle_us;
}
