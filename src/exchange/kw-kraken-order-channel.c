/* kw-kraken-order-channel.c: a change leaves once, and its answer is read strictly
 *
 * What the broker asks for and what becomes of it is its own matter; here is how it is said and
 * what the answer proves. An answer that cannot be read proves nothing: the order may be there.
 */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-kraken-order-channel.h"

#include "kw-error.h"
#include "kw-kraken-form.h"

#include <string.h>

struct _KwKrakenOrderChannel {
    GObject parent_instance;

    KwKraken *kraken; /* owned */
};

G_DEFINE_FINAL_TYPE(KwKrakenOrderChannel, kw_kraken_order_channel, G_TYPE_OBJECT)

/* A change; data of its task */
typedef struct {
    KwKrakenAct act;
} Change;

static GTask *
change_new(KwKrakenOrderChannel *self,
           KwKrakenAct act,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
    GTask *task = g_task_new(self, NULL, callback, user_data);
    Change *change = g_new0(Change, 1);

    g_task_set_source_tag(task, change_new);
    change->act = act;
    g_task_set_task_data(task, change, g_free);
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
send_rest(KwKrakenOrderChannel *self,
          GTask *task,
          const gchar *name,
          const gchar *const *fields)
{
    /* a cancellation could not call it back */
    kw_kraken_call_async(self->kraken, name, fields, KW_KRAKEN_CHANGES, NULL, on_rest, task);
}

/* (transfer full) */
static gchar *
make_deadline(KwKrakenOrderChannel *self)
{
    return kw_kraken_form_instant(kw_kraken_get_server_us(self->kraken) +
                                  KW_KRAKEN_DEADLINE_US);
}

/* -- the three changes -- */

void
kw_kraken_order_channel_add_async(KwKrakenOrderChannel *self,
                                  const KwKrakenPair *pair,
                                  const KwOrder *order,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
    gchar amount[KW_DECIMAL_TEXT_SIZE], price[KW_DECIMAL_TEXT_SIZE];
    g_autofree gchar *deadline = NULL;

    g_return_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self) && pair != NULL && order != NULL);

    deadline = make_deadline(self);
    {
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

        kw_kraken_rate_count_engine(kw_kraken_get_rate(self->kraken), pair->market.name,
                                    KW_KRAKEN_ACT_ADD, 0);
        send_rest(self, change_new(self, KW_KRAKEN_ACT_ADD, callback, user_data), "AddOrder",
                  fields);
    }
}

void
kw_kraken_order_channel_cancel_async(KwKrakenOrderChannel *self,
                                     const gchar *client_id,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
    const gchar *const fields[] = {"cl_ord_id", client_id, NULL};

    g_return_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self) && client_id != NULL);

    send_rest(self, change_new(self, KW_KRAKEN_ACT_CANCEL, callback, user_data), "CancelOrder",
              fields);
}

void
kw_kraken_order_channel_amend_async(KwKrakenOrderChannel *self,
                                    const KwOrder *order,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
    gchar amount[KW_DECIMAL_TEXT_SIZE], price[KW_DECIMAL_TEXT_SIZE];

    g_return_if_fail(KW_IS_KRAKEN_ORDER_CHANNEL(self) && order != NULL);

    {
        const gchar *const fields[] = {"cl_ord_id",
                                       order->client_id,
                                       "order_qty",
                                       kw_decimal_to_text(order->amount, amount),
                                       kw_order_type_is_trigger(order->type) ? "trigger_price"
                                                                             : "limit_price",
                                       kw_decimal_to_text(order->price, price),
                                       NULL};

        send_rest(self, change_new(self, KW_KRAKEN_ACT_AMEND, callback, user_data),
                  "AmendOrder", fields);
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

/* -- object -- */

KwKrakenOrderChannel *
kw_kraken_order_channel_new(KwKraken *kraken)
{
    KwKrakenOrderChannel *self;

    g_return_val_if_fail(KW_IS_KRAKEN(kraken), NULL);

    self = g_object_new(KW_TYPE_KRAKEN_ORDER_CHANNEL, NULL);
    self->kraken = g_object_ref(kraken);
    return self;
}

static void
kw_kraken_order_channel_finalize(GObject *object)
{
    KwKrakenOrderChannel *self = KW_KRAKEN_ORDER_CHANNEL(object);

    g_clear_object(&self->kraken);

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
}
