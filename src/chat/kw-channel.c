#include "kw-channel.h"

enum { SIGNAL_MESSAGE, SIGNAL_ONLINE, SIGNAL_OUTCOME, SIGNAL_TROUBLE, SIGNAL_MARK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE(KwChannel, kw_channel, G_TYPE_OBJECT)

const gchar *
kw_channel_trouble_to_string(KwChannelTrouble trouble)
{
    switch (trouble) {
    case KW_CHANNEL_TROUBLE_ACCESS:
        return "access";
    case KW_CHANNEL_TROUBLE_CONFLICT:
        return "conflict";
    case KW_CHANNEL_TROUBLE_BLOCKED:
        return "blocked";
    case KW_CHANNEL_TROUBLE_IDENTITY:
        return "identity";
    case KW_CHANNEL_TROUBLE_LIMIT:
        return "limit";
    case KW_CHANNEL_TROUBLE_SILENCE:
        return "silence";
    }
    g_return_val_if_reached("");
}

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
kw_channel_reply(KwChannel *self,
                 const gchar *chat,
                 gint64 request,
                 const KwChannelContent *content)
{
    g_return_val_if_fail(KW_IS_CHANNEL(self), FALSE);
    g_return_val_if_fail(chat != NULL && content != NULL && content->text != NULL, FALSE);
    g_return_val_if_fail(content->n_choices <= KW_CHANNEL_MAX_CHOICES, FALSE);

    return KW_CHANNEL_GET_IFACE(self)->reply(self, chat, request, content);
}

gboolean
kw_channel_reply_text(KwChannel *self, const gchar *chat, gint64 request, const gchar *text)
{
    return kw_channel_reply(self, chat, request, &(KwChannelContent){.text = text});
}

void
kw_channel_acknowledge(KwChannel *self, gint64 request)
{
    g_return_if_fail(KW_IS_CHANNEL(self));

    if (KW_CHANNEL_GET_IFACE(self)->acknowledge != NULL)
        KW_CHANNEL_GET_IFACE(self)->acknowledge(self, request);
}

void
kw_channel_settle(KwChannel *self, gint64 request)
{
    g_return_if_fail(KW_IS_CHANNEL(self));

    if (KW_CHANNEL_GET_IFACE(self)->settle != NULL)
        KW_CHANNEL_GET_IFACE(self)->settle(self, request);
}

KwChannelTaken
kw_channel_broadcast(KwChannel *self, const gchar *key, const KwChannelContent *content)
{
    g_return_val_if_fail(KW_IS_CHANNEL(self), KW_CHANNEL_REFUSED);
    g_return_val_if_fail(key != NULL && content != NULL, KW_CHANNEL_REFUSED);
    g_return_val_if_fail(content->text != NULL, KW_CHANNEL_REFUSED);
    g_return_val_if_fail(content->n_choices <= KW_CHANNEL_MAX_CHOICES, KW_CHANNEL_REFUSED);

    return KW_CHANNEL_GET_IFACE(self)->broadcast(self, key, content);
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

void
kw_channel_emit_outcome(KwChannel *self, const gchar *key, KwChannelTaken taken)
{
    g_return_if_fail(KW_IS_CHANNEL(self));
    g_return_if_fail(key != NULL);

    g_signal_emit(self, signals[SIGNAL_OUTCOME], 0, key, (guint) taken);
}

void
kw_channel_emit_trouble(KwChannel *self, KwChannelTrouble trouble)
{
    g_return_if_fail(KW_IS_CHANNEL(self));

    g_signal_emit(self, signals[SIGNAL_TROUBLE], 0, (guint) trouble);
}

void
kw_channel_emit_mark(KwChannel *self, const gchar *mark)
{
    g_return_if_fail(KW_IS_CHANNEL(self));
    g_return_if_fail(mark != NULL);

    g_signal_emit(self, signals[SIGNAL_MARK], 0, mark);
}

static void
kw_channel_default_init(KwChannelInterface *iface)
{
    signals[SIGNAL_MESSAGE] = g_signal_new("message", KW_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_ONLINE] = g_signal_new("online", KW_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_OUTCOME] =
        g_signal_new("outcome", KW_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
    signals[SIGNAL_TROUBLE] = g_signal_new("trouble", KW_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
    signals[SIGNAL_MARK] = g_signal_new("mark", KW_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}
