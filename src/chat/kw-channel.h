/* kw-channel.h: a way to talk with the owner: admin socket, Signal, Telegram */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * KwChannelMessage:
 * @chat: the conversation; what a dialog is bound to, and where kw_channel_reply() goes
 * @sender: who wrote, as the channel identifies him; not yet judged
 * @request: names this message in kw_channel_reply(); unique within the channel
 * @text: (array length=length): what was written, UTF-8
 * @length: bytes of @text
 * @sent_us: UTC, by the sender's clock; 0 when he did not say
 * @key: (nullable): the same when the message is delivered again; %NULL where that cannot be
 * @is_forward: passed on from somebody else
 *
 * Plain value; all pointers are borrowed for the time of the signal.
 */
typedef struct {
    const gchar *chat;
    const gchar *sender;
    gint64 request;
    const gchar *text;
    gsize length;
    gint64 sent_us;
    const gchar *key;
    gboolean is_forward;
} KwChannelMessage;

/**
 * KwChannel:
 *
 * The port to the owner. Everything happens on the main context.
 *
 * Signal "message" (const KwChannelMessage *): somebody wrote.
 *
 * Signal "online": whoever waits to tell something may try now; is emitted again with each
 * listener who joins.
 */
#define KW_TYPE_CHANNEL (kw_channel_get_type())
G_DECLARE_INTERFACE(KwChannel, kw_channel, KW, CHANNEL, GObject)

struct _KwChannelInterface {
    GTypeInterface parent_iface;

    const gchar *(*get_name)(KwChannel *self);
    gboolean (*start)(KwChannel *self, GError **error);
    void (*stop)(KwChannel *self);
    gboolean (*is_online)(KwChannel *self);
    gboolean (*reply)(KwChannel *self, const gchar *chat, gint64 request, const gchar *text);
    gboolean (*broadcast)(KwChannel *self, const gchar *key, const gchar *text);
};

/* "admin", "signal", ...; static */
const gchar *kw_channel_get_name(KwChannel *self);

/* %FALSE with the error of the transport; a channel that is only offline for now starts */
gboolean kw_channel_start(KwChannel *self, GError **error);
void kw_channel_stop(KwChannel *self);

/* Somebody would get a broadcast now */
gboolean kw_channel_is_online(KwChannel *self);

/**
 * kw_channel_reply:
 * @chat: of the message that is answered
 * @request: of the message that is answered
 * @text: UTF-8
 *
 * Returns: %FALSE when it cannot be delivered any more, or was answered before
 */
gboolean
kw_channel_reply(KwChannel *self, const gchar *chat, gint64 request, const gchar *text);

/**
 * kw_channel_broadcast:
 * @key: of the event, so that a listener who gets it twice can tell
 * @text: UTF-8
 *
 * Returns: %TRUE when at least one listener was told
 */
gboolean kw_channel_broadcast(KwChannel *self, const gchar *key, const gchar *text);

/* For implementations: emit the signals */
void kw_channel_emit_message(KwChannel *self, const KwChannelMessage *message);
void kw_channel_emit_online(KwChannel *self);

G_END_DECLS
