#include "kw-channel.h"

enum { SIGNAL_MESSAGE, SIGNAL_ONLINE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE(KwChannel, kw_channel, G_TYPE_OBJECT)

const gchar *
kw_channel_get_name(KwChannel *self)
{
    g_return_val_if_fail(KW_IS_CHANNEL(self), NULL);

    return KW_CHANNEL_GET_IFACE(self)->get_name(self);
}

gboolean
kw_channel_start(KwChannel *self, GError **error)
{
    g_return_val_if_fail(KW_IS_CHANNEL(self), FALSE);
    g_return_val_if_fail(error == NULL || *error == NULL, FALSE);

    return KW_CHANNEL_GET_IFACE(self)->start(self, error);
}

void
kw_channel_stop(KwChannel *self)
{
    g_return_if_fail(KW_IS_CHANNEL(self));

    KW_CHANNEL_GET_IFACE(self)->stop(self);
}

gboolean
kw_channel_is_online(KwChannel *self)
{
    g_return_val_if_fail(KW_IS_CHANNEL(self), FALSE);

    return KW_CHANNEL_GET_IFACE(self)->is_online(self);
}

gboolean
kw_channel_reply(KwChannel *self, const gchar *chat, gint64 request, const gchar *text)
{
    g_return_val_if_fail(KW_IS_CHANNEL(self), FALSE);
    g_return_val_if_fail(chat != NULL && text != NULL, FALSE);

    return KW_CHANNEL_GET_IFACE(self)->reply(self, chat, request, text);
}

gboolean
kw_channel_broadcast(KwChannel *self, const gchar *key, const gchar *text)
{
    g_return_val_if_fail(KW_IS_CHANNEL(self), FALSE);
    g_return_val_if_fail(key != NULL && text != NULL, FALSE);

    return KW_CHANNEL_GET_IFACE(self)->broadcast(self, key, text);
}

void
kw_channel_emit_message(KwChannel *self, const KwChannelMessage *message)
{
    g_return_if_fail(KW_IS_CHANNEL(self));
    g_return_if_fail(message != NULL);

    g_signal_emit(self, signals[SIGNAL_MESSAGE], 0, message);
}

void
kw_channel_emit_online(KwChannel *self)
{
    g_return_if_fail(KW_IS_CHANNEL(self));

    g_signal_emit(self, signals[SIGNAL_ONLINE], 0);
}

static void
kw_channel_default_init(KwChannelInterface *iface)
{
    signals[SIGNAL_MESSAGE] = g_signal_new("message", KW_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_ONLINE] = g_signal_new("online", KW_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}
