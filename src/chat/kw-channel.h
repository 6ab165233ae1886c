/* kw-channel.h: a way to talk with the owner: admin socket, Signal, Telegram */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define KW_CHANNEL_MAX_CHOICES 3

/**
 * KwChannelChoice: an answer that is one tap away, where the channel has buttons
 * @label: on the button
 * @text: what the tap says in the owner's name: a code, a question
 */
typedef struct {
    const gchar *label;
    const gchar *text;
} KwChannelChoice;

/**
 * KwChannelContent: what is told
 * @text: UTF-8
 * @picture: (nullable): a PNG, for channels that show pictures
 * @choices: (array length=n_choices): at most %KW_CHANNEL_MAX_CHOICES; good for one answer
 * @is_urgent: goes before what waits in the channel
 * @is_silent: makes no sound at the owner's
 *
 * Plain value; all pointers are borrowed for the time of the call.
 */
typedef struct {
    const gchar *text;
    GBytes *picture;
    const KwChannelChoice *choices;
    guint n_choices;
    gboolean is_urgent;
    gboolean is_silent;
} KwChannelContent;

/**
 * KwChannelTaken: what became of a broadcast
 * @KW_CHANNEL_REFUSED: nobody is told
 * @KW_CHANNEL_UNDER_WAY: the signal "outcome" will say
 * @KW_CHANNEL_DELIVERED: at least one listener was told
 */
typedef enum {
    KW_CHANNEL_REFUSED,
    KW_CHANNEL_UNDER_WAY,
    KW_CHANNEL_DELIVERED,
} KwChannelTaken;

/**
 * KwChannelTrouble: what the owner has to know, and mend
 * @KW_CHANNEL_TROUBLE_ACCESS: the service refuses our token or account; the channel is off
 * @KW_CHANNEL_TROUBLE_CONFLICT: somebody else uses the same token and takes our messages
 * @KW_CHANNEL_TROUBLE_BLOCKED: the owner has blocked the bot there
 * @KW_CHANNEL_TROUBLE_IDENTITY: the safety number of the owner has changed: read-only
 * @KW_CHANNEL_TROUBLE_LIMIT: the service wants a pause of hours
 * @KW_CHANNEL_TROUBLE_SILENCE: what is sent is taken, and nothing comes back for a day
 */
typedef enum {
    KW_CHANNEL_TROUBLE_ACCESS,
    KW_CHANNEL_TROUBLE_CONFLICT,
    KW_CHANNEL_TROUBLE_BLOCKED,
    KW_CHANNEL_TROUBLE_IDENTITY,
    KW_CHANNEL_TROUBLE_LIMIT,
    KW_CHANNEL_TROUBLE_SILENCE,
} KwChannelTrouble;

/* "access", "conflict", ...; static */
const gchar *kw_channel_trouble_to_string(KwChannelTrouble trouble);

/**
 * KwChannelMessage:
 * @chat: the conversation; what a dialog is bound to, and where kw_channel_reply() goes
 * @sender: who wrote, as the channel identifies him; not yet judged
 * @request: names this message in kw_channel_reply(); unique within the channel
 * @text: (array length=length): what was written, UTF-8
 * @length: bytes of @text
 * @sent_us: UTC, by the sender's clock; 0 when he did not say
 * @key: (nullable): the same when the message is delivered again; %NULL where that cannot be
 * @mark: (nullable): how far the channel has read; to be stored in one transaction with what
 * the message does, and given to the channel at the next start
 * @is_forward: passed on from somebody else
 * @is_foreign: no private message of a person (a group, another bot, an edit): never answered
 * @is_mute: there is no text, or only the beginning of one: a picture, a voice message
 * @is_unproven: of an allowed sender whose key has changed: may ask, but change nothing
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
    const gchar *mark;
    gboolean is_forward;
    gboolean is_foreign;
    gboolean is_mute;
    gboolean is_unproven;
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
 *
 * Signal "outcome" (const gchar *key, guint KwChannelTaken): of a broadcast that was under way:
 * delivered or refused; never from inside kw_channel_broadcast().
 *
 * Signal "trouble" (guint KwChannelTrouble): begins, once until it has passed.
 *
 * Signal "mark" (const gchar *mark): to be stored although no message brings it.
 */
#define KW_TYPE_CHANNEL (kw_channel_get_type())
G_DECLARE_INTERFACE(KwChannel, kw_channel, KW, CHANNEL, GObject)

struct _KwChannelInterface {
    GTypeInterface parent_iface;

    const gchar *(*get_name)(KwChannel *self);
    gboolean (*start)(KwChannel *self, GError **error);
    void (*stop)(KwChannel *self);
    gboolean (*is_online)(KwChannel *self);
    gboolean (*reply)(KwChannel *self,
                      const gchar *chat,
                      gint64 request,
                      const KwChannelContent *content);
    void (*acknowledge)(KwChannel *self, gint64 request); /* may be NULL */
    void (*settle)(KwChannel *self, gint64 request);      /* may be NULL */
    KwChannelTaken (*broadcast)(KwChannel *self,
                                const gchar *key,
                                const KwChannelContent *content);
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
 *
 * Returns: %FALSE when it cannot be delivered any more, or was answered before
 */
gboolean kw_channel_reply(KwChannel *self,
                          const gchar *chat,
                          gint64 request,
                          const KwChannelContent *content);

/* The same for a text alone */
gboolean
kw_channel_reply_text(KwChannel *self, const gchar *chat, gint64 request, const gchar *text);

/**
 * kw_channel_acknowledge:
 * @request: of a message that asked for less, and got it
 *
 * A sign at the message itself, where the channel has such, ahead of the reply.
 */
void kw_channel_acknowledge(KwChannel *self, gint64 request);

/**
 * kw_channel_settle:
 * @request: of a message; each is settled once, whether it was answered or not
 *
 * What the message did is durable: a channel that would get it again until it confirms it may
 * confirm it now.
 */
void kw_channel_settle(KwChannel *self, gint64 request);

/**
 * kw_channel_broadcast:
 * @key: of the event, so that a listener who gets it twice can tell
 */
KwChannelTaken
kw_channel_broadcast(KwChannel *self, const gchar *key, const KwChannelContent *content);

/* For implementations: emit the signals */
void kw_channel_emit_message(KwChannel *self, const KwChannelMessage *message);
void kw_channel_emit_online(KwChannel *self);
void kw_channel_emit_outcome(KwChannel *self, const gchar *key, KwChannelTaken taken);
void kw_channel_emit_trouble(KwChannel *self, KwChannelTrouble trouble);
void kw_channel_emit_mark(KwChannel *self, const gchar *mark);

G_END_DECLS
