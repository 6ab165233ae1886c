/* kw-kraken-order-channel.c: a change leaves once, and its answer is read strictly
 *
 * What the broker asks for and what becomes of it is its own matter; here is how it is said and
 * what the answer proves. An answer that cannot be read proves nothing: the order may be there.
 *
 * Over REST an order has a connection of its own, with a handshake, so that nothing re-sends
 * it. Over the stream it is one frame on a connection that is open, which saves milliseconds;
 * that is written once, and nothing below repeats a frame. A frame that was not taken by the
 * socket was not written: only then the same change goes over REST.
 *
 * An answer says by its number whose it is. An error may come without one: it is of the only
 * change that it can be of by what it names, or of none. In doubt it proves nothing, and is
 * told: it may say why an order has no answer. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-kraken-order-channel.h"

#include "kw-error.h"
#include "kw-kraken-error.h"
#include "kw-kraken-form.h"
#include "kw-kraken-request.h"
#include "kw-log.h"

#include <string.h>

#define ANSWER_US (5 * G_USEC_PER_SEC)  /* until then a frame is answered, or in doubt */
#define STALE_US (5 * G_USEC_PER_SEC)   /* heartbeats come every second */
#define NEAREST_US (G_USEC_PER_SEC / 2) /* the exchange takes no deadline nearer than that */
#define DOUBT_US (60 * G_USEC_PER_SEC)  /* so long the stream is left alone after one */

struct _KwKrakenOrderChannel {
    GObject parent_instance;

    KwClock *clock;                        /* owned */
    KwKraken *kraken;                      /* owned */
    KwKrakenStream *stream;                /* owned; NULL: REST alone */
    GPtrArray *waiting;                    /* owned: tasks whose frames have no answer yet */
    gint64 trusted_us;                     /* monotonic: not over the stream before it */
    guint n_left[KW_N_KRAKEN_ORDER_PATHS]; /* changes, by the way they took */
    gchar *last_received; /* owned: of the last answer without a number that was of a change */
};

G_DEFINE_FINAL_TYPE(KwKrakenOrderChannel, kw_kraken_order_channel, G_TYPE_OBJECT)

/* A change; data of its task */
typedef struct {
    KwKrakenAct act;
    gchar client_id[KW_ID_SIZE];
    gint64 due_us;  /* monotonic: it does not leave any more */
    gint64 request; /* of its frame */
    guint timer;    /* until that is in doubt */
    gchar *hint;    /* owned; NULL without: an error that may have been the answer */
} Change;

static const gchar *const methods[] = {
    [KW_KRAKEN_ACT_ADD] = "add_order",
    [KW_KRAKEN_ACT_AMEND] = "amend_order",
    [KW_KRAKEN_ACT_CANCEL] = "cancel_order",
};
static const gchar *const calls[] = {
    [KW_KRAKEN_ACT_ADD] = "AddOrder",
    [KW_KRAKEN_ACT_AMEND] = "AmendOrder",
    [KW_KRAKEN_ACT_CANCEL] = "CancelOrder",
};

static void
change_free(gpointer data)
{
    Change *change = data;

    g_free(change->hint);
    g_free(change);
}

static GTask *
change_new(KwKrakenOrderChannel *self,
           KwKrakenAct act,
           const gchar *client_id,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
    GTask *task = g_task_new(self, NULL, callback, user_data);
    Change *change = g_new0(Change, 1);

    g_task_set_source_tag(task, change_new);
    change->act = act;
    change->due_us = G_MAXINT64;
    (void) g_strlcpy(change->client_id, client_id, sizeof change->client_id);
    g_task_set_task_data(task, change, change_free);
    return task;
}

/* (transfer full): copy of a name that fits into an order, or %NULL */
static gchar *
take_name(const gchar *name, GError **error)
{
    if (*name != '\0' && strlen(name) < KW_ID_SIZE)
        return g_strdup(name);
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                        "name of the order: empty or too long");
    return NULL;
}

/* -- REST -- */

static gchar *
read_txid(const KwKrakenAnswer *answer, GError **error)
{
    JsonObject *object = kw_kraken_answer_get_object(answer, error);
    JsonArray *txids = NULL;
    const gchar *txid = NULL;

    if (object == NULL || !kw_json_get_array(object, "txid", &txids, error) ||
        !kw_json_at_string(txids, 0, &txid, error))
        return NULL;
    return take_name(txid, error);
}

static void
on_rest(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    const Change *change = g_task_get_task_data(task);
    g_auto(KwKrakenAnswer) answer = {0};
    g_autofree gchar *name = NULL;
    GError *error = NULL;

    if (kw_kraken_finish(KW_KRAKEN(source), result, &answer, &error))
        name = change->act == KW_KRAKEN_ACT_ADD ? read_txid(&answer, &error) : g_strdup("");
    if (name == NULL)
        g_task_return_error(task, error);
    else
        g_task_return_pointer(task, g_steal_pointer(&name), g_free);
}

/* Takes @task. */
static void
send_rest(KwKrakenOrderChannel *self, GTask *task, const gchar *const *fields)
{
    const Change *change = g_task_get_task_data(task);

    self->n_left[KW_KRAKEN_ORDER_PATH_REST]++;
    /* a cancellation could not call it back */
    kw_kraken_change_async(self->kraken, calls[change->act], fields, change->due_us, on_rest,
                           task);
}

/* -- the stream -- */

/* The way in which an error leaves a doubt about the way, not about the order alone */
static gboolean
is_doubt(const GError *error)
{
    return error->domain != KW_KRAKEN_ERROR || error->code == KW_KRAKEN_UNKNOWN;
}

/* (transfer full): one of those that wait; from here on nothing else can answer it */
static GTask *
take_waiting(KwKrakenOrderChannel *self, guint index)
{
    GTask *task = g_ptr_array_steal_index(self->waiting, index);
    Change *change = g_task_get_task_data(task);

    kw_clock_cancel(self->clock, change->timer);
    change->timer = 0;
    return task;
}

/* Takes @owned; @name, @error: one of them, taken. */
static void
settle(KwKrakenOrderChannel *self, GTask *owned, gchar *name, GError *error)
{
    g_autoptr(GTask) task = owned;
    const Change *change = g_task_get_task_data(task);

    if (error != NULL && is_doubt(error)) {
        self->trusted_us = kw_clock_monotonic_us(self->clock) + DOUBT_US;
        kw_log_info("an order over the stream is in doubt, the next ones go over REST",
                    "KW_ORDER", change->client_id, "KW_ERROR", error->message);
    }
    if (error != NULL)
        g_task_return_error(task, error);
    else
        g_task_return_pointer(task, name, g_free);
}

/* %FALSE for an answer that says it is of something else */
static gboolean
is_ours(const Change *change, const KwKrakenFrame *frame)
{
    return strcmp(frame->method, methods[change->act]) == 0 &&
           (*frame->client_id == '\0' || strcmp(frame->client_id, change->client_id) == 0);
}

/* (transfer full): name of the order, "" for a change of one; %NULL with @error */
static gchar *
read_answer(KwKrakenOrderChannel *self,
            const Change *change,
            const KwKrakenFrame *frame,
            GError **error)
{
    gboolean is_refusal = !frame->is_success && *frame->failure != '\0';
    gboolean is_yes = frame->is_success && *frame->failure == '\0' && frame->object != NULL;

    if (!is_ours(change, frame) || (!is_refusal && !is_yes)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER,
                            "the answer says neither yes nor no");
        return NULL;
    }
    if (is_refusal) {
        g_propagate_error(error, kw_kraken_note_failure(self->kraken, frame->failure));
        return NULL;
    }
    if (change->act != KW_KRAKEN_ACT_ADD)
        return g_strdup("");
    return take_name(kw_kraken_get_text(frame->object, "order_id"), error);
}

/* Without a number: a yes has to name its order, and what was answered before is that again. */
static gboolean
may_be_answer(const KwKrakenOrderChannel *self, const KwKrakenFrame *frame)
{
    if (frame->request > 0)
        return TRUE;
    if (*frame->received != '\0' && g_strcmp0(frame->received, self->last_received) == 0)
        return FALSE;
    return *frame->failure != '\0' || *frame->client_id != '\0';
}

/* (transfer full) (nullable): who has asked: by the number, or as the only one that can have */
static GTask *
take_asker(KwKrakenOrderChannel *self, const KwKrakenFrame *frame)
{
    guint index = 0, n_found = 0;

    if (!may_be_answer(self, frame))
        return NULL;
    for (guint i = 0; i < self->waiting->len; i++) {
        const Change *change = g_task_get_task_data(self->waiting->pdata[i]);

        if (frame->request > 0 ? change->request != frame->request : !is_ours(change, frame))
            continue;
        index = i;
        n_found++;
    }
    if (n_found != 1)
        return NULL;
    if (frame->request <= 0) {
        g_free(self->last_received);
        self->last_received = g_strdup(frame->received);
    }
    return take_waiting(self, index);
}

/* Takes @owned and @error, to which it adds what is known of the cause. */
static void
settle_doubt(KwKrakenOrderChannel *self, GTask *owned, GError *error)
{
    const Change *change = g_task_get_task_data(owned);

    if (change->hint != NULL)
        g_prefix_error(&error, "\"%s\" may be the answer: ", change->hint);
    settle(self, owned, NULL, error);
}

/* An error of which it is not known whose it is. If it does not even say what was asked for,
 * the only one that waits need not wait any longer to be looked up. */
static void
note_stray(KwKrakenOrderChannel *self, const KwKrakenFrame *frame)
{
    gboolean is_nameless = *frame->method == '\0';

    kw_log_warning("an error of the exchange names no order; what waits is looked up",
                   "KW_METHOD", frame->method, "KW_ERROR", frame->failure);
    for (guint i = 0; i < self->waiting->len; i++) {
        Change *change = g_task_get_task_data(self->waiting->pdata[i]);

        if (!is_nameless && !is_ours(change, frame))
            continue;
        g_free(change->hint);
        change->hint = g_strdup(frame->failure);
    }
    kw_kraken_note_stray(self->kraken, frame->failure);
    if (is_nameless && self->waiting->len == 1)
        settle_doubt(self, take_waiting(self, 0),
                     g_error_new_literal(KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER,
                                         "it does not say what it answers"));
}

/* One that comes too late or twice answers nobody: the look-up has taken over. */
static void
on_answer(KwKrakenStream *stream, const KwKrakenFrame *frame, gpointer user_data)
{
    KwKrakenOrderChannel *self = user_data;
    GTask *task = take_asker(self, frame);
    GError *error = NULL;
    gchar *name;

    if (task != NULL) { /* reading it may tell of a trouble, and that may end the stream */
        name = read_answer(self, g_task_get_task_data(task), frame, &error);
        settle(self, task, name, error);
    } else if (frame->request <= 0 && *frame->failure != '\0' && self->waiting->len > 0) {
        note_stray(self, frame);
    } else {
        return;
    }
    if (g_str_has_prefix(frame->failure, "ESession:"))
        kw_kraken_stream_renew(stream, "the session of an order is not known");
}

static void
on_down(KwKrakenStream *stream, const gchar *why, gpointer user_data)
{
    KwKrakenOrderChannel *self = user_data;

    while (self->waiting->len > 0)
        settle_doubt(
            self, take_waiting(self, 0),
            g_error_new(KW_NET_ERROR, KW_NET_ERROR_CLOSED, "the stream ended: %s", why));
}

static void
on_late(gpointer user_data)
{
    GTask *task = user_data;
    g_autoptr(KwKrakenOrderChannel) self = g_object_ref(g_task_get_source_object(task));
    guint index;

    if (!g_ptr_array_find(self->waiting, task, &index))
        return;
    settle_doubt(self, take_waiting(self, index),
                 g_error_new_literal(KW_NET_ERROR, KW_NET_ERROR_TIMEOUT,
                                     "no answer over the stream in time"));
    kw_kraken_stream_renew(self->stream, "an order has no answer");
}

/* A lockout or throttle of private calls holds here as well: REST waits for its end. */
static gboolean
may_stream(KwKrakenOrderChannel *self)
{
    return self->stream != NULL && kw_clock_monotonic_us(self->clock) >= self->trusted_us &&
           kw_kraken_stream_is_fit(self->stream, STALE_US) &&
           kw_kraken_rate_get_wait_us(kw_kraken_get_rate(self->kraken), 0,
                                      KW_KRAKEN_USE_VITAL) == 0;
}

/* Takes @params. %FALSE: nothing was written, and @task is the caller's still. */
static gboolean
send_frame(KwKrakenOrderChannel *self, GTask *task, gchar *params)
{
    g_autofree gchar *text = params;
    Change *change = g_task_get_task_data(task);

    change->request = kw_kraken_stream_send(self->stream, methods[change->act], text);
    if (change->request == 0)
        return FALSE;
    self->n_left[KW_KRAKEN_ORDER_PATH_SOCKET]++;
    change->timer = kw_clock_call_in(self->clock, ANSWER_US, on_late, task);
    g_ptr_array_add(self->waiting, task);
    return TRUE;
}

/* (transfer full): until when the exchange may take @task; what waits so long stays here */
static gchar *
make_deadline(KwKrakenOrderChannel *self, GTask *task)
{
    Change *change = g_task_get_task_data(task);

    change->due_us = kw_clock_monotonic_us(self->clock) + KW_KRAKEN_DEADLINE_US - NEAREST_US;
    return kw_kraken_form_instant(kw_kraken_get_server_us(self->kraken) +
                                  KW_KRAKEN_DEADLINE_US);
}

/* -- the three changes -- */

static void
add_over_rest(KwKrakenOrderChannel *self,
              GTask *task,
              const KwKrakenPair *pair,
              const KwOrder *order,
              const gchar *deadline)
{
    gchar amount[KW_DECIMAL_TEXT_SIZE], price[KW_DECIMAL_TEXT_SIZE];
    const gchar *const fields[] = {"pair",
                                   pair->alt,
                                   "type",
                                   kw_side_to_string(order->side),
                                   "ordertype",
                                   kw_kraken_form_type(order->type),
                                   "volume",
                                   kw_decimal_to_text(order->amount, amount),
                                   "oflags",
                                   order->type == KW_ORDER_TYPE_POST_ONLY ? "fciq,post"
                                                                          : "fciq",
                                   "cl_ord_id",
                                   order->client_id,
                                   "deadline",
                                   deadline,
                                   order->type != KW_ORDER_TYPE_MARKET ? "price" : NULL,
                                   kw_decimal_to_text(order->price, price),
                                   NULL};

    send_rest(self, task, fields);
}

void
kw_kraken_order_channel_add_async(KwKrakenOrderChannel *self,
                                  const KwKrakenPair *pair,
                                  const KwOrder *order,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
    g_autofree gchar *deadline = NULL;
    GTask *task;

    g_return_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self) && pair != NULL && order != NULL);

    task = change_new(self, KW_KRAKEN_ACT_ADD, order->client_id, callback, user_data);
    deadline = make_deadline(self, task);
    kw_kraken_rate_count_engine(kw_kraken_get_rate(self->kraken), pair->market.name,
                                KW_KRAKEN_ACT_ADD, 0);
    if (!may_stream(self) ||
        !send_frame(self, task, kw_kraken_request_add(order, pair->market.name, deadline)))
        add_over_rest(self, task, pair, order, deadline);
}

void
kw_kraken_order_channel_cancel_async(KwKrakenOrderChannel *self,
                                     const gchar *client_id,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
    const gchar *const fields[] = {"cl_ord_id", client_id, NULL};
    GTask *task;

    g_return_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self) && client_id != NULL);

    task = change_new(self, KW_KRAKEN_ACT_CANCEL, client_id, callback, user_data);
    if (!may_stream(self) || !send_frame(self, task, kw_kraken_request_cancel(client_id)))
        send_rest(self, task, fields);
}

void
kw_kraken_order_channel_amend_async(KwKrakenOrderChannel *self,
                                    const KwOrder *order,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
    gchar amount[KW_DECIMAL_TEXT_SIZE], price[KW_DECIMAL_TEXT_SIZE];
    g_autofree gchar *deadline = NULL;
    GTask *task;

    g_return_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self) && order != NULL);

    task = change_new(self, KW_KRAKEN_ACT_AMEND, order->client_id, callback, user_data);
    deadline = make_deadline(self, task);
    if (!may_stream(self) ||
        !send_frame(self, task, kw_kraken_request_amend(order, deadline))) {
        const gchar *const fields[] = {"cl_ord_id",
                                       order->client_id,
                                       "order_qty",
                                       kw_decimal_to_text(order->amount, amount),
                                       kw_order_type_is_trigger(order->type) ? "trigger_price"
                                                                             : "limit_price",
                                       kw_decimal_to_text(order->price, price),
                                       "deadline",
                                       deadline,
                                       NULL};

        send_rest(self, task, fields);
    }
}

gboolean
kw_kraken_order_channel_finish(KwKrakenOrderChannel *self,
                               GAsyncResult *result,
                               gchar *out_venue_id,
                               GError **error)
{
    g_autofree gchar *name = NULL;

    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    name = g_task_propagate_pointer(G_TASK(result), error);
    if (name == NULL)
        return FALSE;
    if (out_venue_id != NULL)
        (void) g_strlcpy(out_venue_id, name, KW_ID_SIZE);
    return TRUE;
}

KwKrakenOrderPath
kw_kraken_order_channel_find_path(KwKrakenOrderChannel *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self), KW_KRAKEN_ORDER_PATH_REST);

    return may_stream(self) ? KW_KRAKEN_ORDER_PATH_SOCKET : KW_KRAKEN_ORDER_PATH_REST;
}

guint
kw_kraken_order_channel_get_n_left(KwKrakenOrderChannel *self, KwKrakenOrderPath path)
{
    g_return_val_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self), 0);

    return self->n_left[path];
}

/* -- object -- */

KwKrakenOrderChannel *
kw_kraken_order_channel_new(KwClock *clock, KwKraken *kraken, KwKrakenStream *stream)
{
    KwKrakenOrderChannel *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_KRAKEN(kraken), NULL);

    self = g_object_new(KW_TYPE_KRAKEN_ORDER_CHANNEL, NULL);
    self->clock = g_object_ref(clock);
    self->kraken = g_object_ref(kraken);
    if (stream == NULL)
        return self;
    self->stream = g_object_ref(stream);
    (void) g_signal_connect_object(stream, "answer", G_CALLBACK(on_answer), self, 0);
    (void) g_signal_connect_object(stream, "down", G_CALLBACK(on_down), self, 0);
    return self;
}

static void
kw_kraken_order_channel_finalize(GObject *object)
{
    KwKrakenOrderChannel *self = KW_KRAKEN_ORDER_CHANNEL(object);

    g_clear_pointer(&self->waiting, g_ptr_array_unref); /* empty: each holds this object */
    g_clear_object(&self->stream);
    g_clear_object(&self->kraken);
    g_clear_object(&self->clock);
    g_free(self->last_received);

    G_OBJECT_CLASS(kw_kraken_order_channel_parent_class)->finalize(object);
}

static void
kw_kraken_order_channel_class_init(KwKrakenOrderChannelClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_kraken_order_channel_finalize;
}

static void
kw_kraken_order_channel_init(KwKrakenOrderChannel *self)
{
    self->waiting = g_ptr_array_new_with_free_func(g_object_unref);
}
