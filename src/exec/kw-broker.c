/* kw-broker.c: port to a venue */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-broker.h"

G_DEFINE_INTERFACE(KwBroker, kw_broker, G_TYPE_OBJECT)

static void
kw_broker_default_init(KwBrokerInterface *iface)
{
    (void) g_signal_new("report", KW_TYPE_BROKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                        G_TYPE_NONE, 1, G_TYPE_POINTER);
}

void
kw_broker_submit_async(KwBroker *self,
                       const KwOrder *order,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    g_return_if_fail(KW_IS_BROKER(self));
    g_return_if_fail(order != NULL);

    KW_BROKER_GET_IFACE(self)->submit_async(self, order, cancellable, callback, user_data);
}

gboolean
kw_broker_submit_finish(KwBroker *self,
                        GAsyncResult *result,
                        KwBrokerReport *out,
                        GError **error)
{
    g_return_val_if_fail(KW_IS_BROKER(self) && out != NULL, FALSE);

    return KW_BROKER_GET_IFACE(self)->submit_finish(self, result, out, error);
}

void
kw_broker_query_async(KwBroker *self,
                      const gchar *client_id,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
    g_return_if_fail(KW_IS_BROKER(self));
    g_return_if_fail(client_id != NULL);

    KW_BROKER_GET_IFACE(self)->query_async(self, client_id, cancellable, callback, user_data);
}

gboolean
kw_broker_query_finish(KwBroker *self,
                       GAsyncResult *result,
                       KwBrokerReport *out,
                       GError **error)
{
    g_return_val_if_fail(KW_IS_BROKER(self) && out != NULL, FALSE);

    return KW_BROKER_GET_IFACE(self)->query_finish(self, result, out, error);
}

void
kw_broker_cancel_async(KwBroker *self,
                       const gchar *client_id,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    g_return_if_fail(KW_IS_BROKER(self));
    g_return_if_fail(client_id != NULL);

    KW_BROKER_GET_IFACE(self)->cancel_async(self, client_id, cancellable, callback, user_data);
}

gboolean
kw_broker_cancel_finish(KwBroker *self,
                        GAsyncResult *result,
                        KwBrokerReport *out,
                        GError **error)
{
    g_return_val_if_fail(KW_IS_BROKER(self) && out != NULL, FALSE);

    return KW_BROKER_GET_IFACE(self)->cancel_finish(self, result, out, error);
}

gint64
kw_broker_get_settle_us(KwBroker *self)
{
    KwBrokerInterface *iface;

    g_return_val_if_fail(KW_IS_BROKER(self), KW_BROKER_SETTLE_US);

    iface = KW_BROKER_GET_IFACE(self);
    return iface->get_settle_us != NULL ? iface->get_settle_us(self) : KW_BROKER_SETTLE_US;
}

gboolean
kw_broker_keeps_stops(KwBroker *self)
{
    KwBrokerInterface *iface;

    g_return_val_if_fail(KW_IS_BROKER(self), FALSE);

    iface = KW_BROKER_GET_IFACE(self);
    return iface->keeps_stops != NULL ? iface->keeps_stops(self) : iface->amend_async != NULL;
}

gboolean
kw_broker_is_real(KwBroker *self)
{
    KwBrokerInterface *iface;

    g_return_val_if_fail(KW_IS_BROKER(self), FALSE);

    iface = KW_BROKER_GET_IFACE(self);
    return iface->is_real != NULL ? iface->is_real(self) : iface->inspect_async != NULL;
}

gboolean
kw_broker_resizes(KwBroker *self)
{
    KwBrokerInterface *iface;

    g_return_val_if_fail(KW_IS_BROKER(self), FALSE);

    iface = KW_BROKER_GET_IFACE(self);
    return iface->resizes != NULL ? iface->resizes(self) : iface->amend_async != NULL;
}

void
kw_broker_amend_async(KwBroker *self,
                      const KwOrder *order,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
    g_return_if_fail(kw_broker_is_real(self));
    g_return_if_fail(order != NULL);

    KW_BROKER_GET_IFACE(self)->amend_async(self, order, cancellable, callback, user_data);
}

gboolean
kw_broker_amend_finish(KwBroker *self,
                       GAsyncResult *result,
                       KwBrokerReport *out,
                       GError **error)
{
    g_return_val_if_fail(kw_broker_is_real(self) && out != NULL, FALSE);

    return KW_BROKER_GET_IFACE(self)->amend_finish(self, result, out, error);
}

void
kw_broker_inspect_async(KwBroker *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
    g_return_if_fail(kw_broker_is_real(self));

    KW_BROKER_GET_IFACE(self)->inspect_async(self, cancellable, callback, user_data);
}

KwVenueState *
kw_broker_inspect_finish(KwBroker *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(kw_broker_is_real(self), NULL);

    return KW_BROKER_GET_IFACE(self)->inspect_finish(self, result, error);
}
