/* kw-front.c: channels, guard, outbox around the bot
 *
 * Guard and outbox work on real time also where the bot runs on market time: twenty messages a
 * minute are twenty messages of a person. Whether a message asks for less is told by the
 * parser, so that a flood of questions never keeps a "Stopp" out. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-front.h"

#include "kw-admin.h"
#include "kw-guard.h"
#include "kw-i18n.h"
#include "kw-intent.h"
#include "kw-outbox.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_MERGED_LINES 10

struct _KwFront {
    KwBot *bot;                 /* owned */
    const KwSettings *settings; /* borrowed */
    KwClock *market_clock;      /* owned */
    KwClock *clock;             /* owned; real time */
    KwAdmin *admin;             /* owned */
    KwGuard *guard;             /* owned */
    KwOutbox *outbox;           /* owned */
    gulong message_handler, bot_handler, delivered_handler;
};

/* -- in -- */

typedef struct {
    KwChannel *channel; /* owned */
    gchar *chat;        /* owned */
    gint64 request;
} Reply;

static void
reply_free(Reply *reply)
{
    g_object_unref(reply->channel);
    g_free(reply->chat);
    g_free(reply);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Reply) reply = user_data;
    g_autofree gchar *text = kw_bot_answer_finish(KW_BOT(source), result);

    if (text != NULL)
        (void) kw_channel_reply(reply->channel, reply->chat, reply->request, text);
}

static KwGuardClass
classify(KwFront *self, const KwChannelMessage *message)
{
    KwIntentInput input = {
        .text = message->text,
        .len = message->length,
        .now_us = kw_clock_now_us(self->market_clock),
        .zone = self->settings->zone,
        .quote = kw_config_get_string(self->settings->bot, "trading", "stake_currency"),
        .is_forwarded = message->is_forward,
    };
    KwIntent intent;

    kw_intent_parse(&input, &intent);
    return kw_intent_id_get_direction(intent.id) == KW_DIRECTION_SAFE ? KW_GUARD_HALT
                                                                      : KW_GUARD_NORMAL;
}

/* What a refused message is answered with; NULL = nothing */
static const gchar *
refusal_text(KwGuardVerdict verdict)
{
    switch (verdict) {
    case KW_GUARD_BROKEN:
        return _("That was no readable text. Nothing was changed.");
    case KW_GUARD_TOO_LONG:
        return _("That is too long for me (at most 4,000 characters). Nothing was changed.");
    case KW_GUARD_TOO_MANY:
        return _("Too many messages in a minute; I read on in a moment. Stop and kill switch "
                 "always work.");
    case KW_GUARD_PASS:
    case KW_GUARD_DENIED:
    case KW_GUARD_DUPLICATE:
        return NULL;
    }
    return NULL;
}

static void
on_channel_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    KwFront *self = user_data;
    KwGuardVerdict verdict = kw_guard_check(self->guard, message, classify(self, message));
    KwInbound inbound = {
        .chat = message->chat,
        .sender = message->sender,
        .text = message->text,
        .length = message->length,
        .sent_us = message->sent_us,
        .is_forward = message->is_forward,
    };
    const gchar *refusal = refusal_text(verdict);
    Reply *reply;

    if (refusal != NULL)
        (void) kw_channel_reply(channel, message->chat, message->request, refusal);
    if (verdict != KW_GUARD_PASS)
        return;
    /* the sender's clock and the market's are two things while candles are replayed */
    inbound.sent_us = kw_clock_now_us(self->market_clock);
    if (message->sent_us > 0)
        inbound.sent_us -= kw_clock_now_us(self->clock) - message->sent_us;
    reply = g_new0(Reply, 1);
    reply->channel = g_object_ref(channel);
    reply->chat = g_strdup(message->chat);
    reply->request = message->request;
    kw_bot_answer_async(self->bot, &inbound, on_answered, reply);
}

/* -- out -- */

static KwOutboxRank
rank_of(KwEventKind kind)
{
    if (kw_event_kind_is_alarm(kind))
        return KW_OUTBOX_ALARM;
    if (kind == KW_EVENT_ENTRY || kind == KW_EVENT_EXIT || kind == KW_EVENT_REJECTED)
        return KW_OUTBOX_TRADE;
    if (kind == KW_EVENT_DIGEST || kind == KW_EVENT_WEEKLY)
        return KW_OUTBOX_REPORT;
    return KW_OUTBOX_OTHER;
}

static void
on_bot_message(
    KwBot *bot, const gchar *key, const gchar *text, const KwEvent *event, gpointer user_data)
{
    KwFront *self = user_data;
    KwOutboxMessage message = {
        .key = (gchar *) key,
        .kind = (gchar *) kw_event_kind_to_string(event->kind),
        .text = (gchar *) text,
        .created_us = event->time_us,
        .rank = rank_of(event->kind),
    };

    if (kw_bot_is_known_to(event, kw_channel_get_name(KW_CHANNEL(self->admin))))
        kw_bot_mark_delivered(bot, key);
    else
        (void) kw_outbox_push(self->outbox, &message);
}

static void
on_delivered(KwOutbox *outbox, const gchar *key, gpointer user_data)
{
    KwFront *self = user_data;

    (void) outbox;
    kw_bot_mark_delivered(self->bot, key);
}

/* Bytes of "[TROCKENLAUF] " at the start of a message */
static gsize
tag_length(const gchar *text)
{
    const gchar *end = text[0] == '[' ? strstr(text, "] ") : NULL;

    return end != NULL ? (gsize) (end - text) + 2 : 0;
}

/* The first line of each, at most ten */
static gchar *
merge_messages(const GPtrArray *messages, gpointer user_data)
{
    const KwOutboxMessage *newest = messages->pdata[messages->len - 1];
    GString *text = g_string_new_len(newest->text, (gssize) tag_length(newest->text));
    guint n_shown = MIN(messages->len, MAX_MERGED_LINES);

    (void) user_data;
    g_string_append_printf(text, _("While nobody was listening: %u messages"), messages->len);
    for (guint i = messages->len - n_shown; i < messages->len; i++) {
        const KwOutboxMessage *message = messages->pdata[i];
        const gchar *line = message->text + tag_length(message->text);

        g_string_append_printf(text, "\n• %.*s", (gint) strcspn(line, "\n"), line);
    }
    if (messages->len > n_shown)
        g_string_append_printf(text, "\n%s", _("Trades are in the history: /trades"));
    return g_string_free(text, FALSE);
}

/* -- object -- */

static gboolean
open_admin(KwFront *self, GError **error)
{
    const KwAdminTexts texts = {
        .bad_json = _("That line is no JSON object."),
        .bad_message = _("A member is missing, of the wrong kind or out of range."),
        .zero_byte = _("The text holds zero bytes; nothing was changed."),
        .too_long = _("The line is too long and was not read."),
        .too_many = _("Too many messages of this connection wait for an answer."),
        .full = _("Too many connections."),
        .denied = _("Only the user of the bot may connect."),
    };
    g_autofree gchar *folder = g_path_get_dirname(self->settings->socket);

    (void) g_mkdir_with_parents(folder, 0700);
    self->admin = kw_admin_new(self->settings->socket, getuid(), &texts);
    return kw_channel_start(KW_CHANNEL(self->admin), error);
}

KwFront *
kw_front_new(KwBot *bot, KwClock *market_clock, const KwSettings *settings, GError **error)
{
    g_autoptr(KwFront) self = g_new0(KwFront, 1);
    g_autofree gchar *uid = g_strdup_printf("%u", getuid());
    const gchar *allowed[] = {uid, "0", NULL};

    self->bot = g_object_ref(bot);
    self->settings = settings;
    self->market_clock = g_object_ref(market_clock);
    self->clock = KW_CLOCK(kw_system_clock_new());
    self->guard = kw_guard_new(self->clock, allowed);
    if (!open_admin(self, error))
        return NULL;
    self->outbox = kw_outbox_new(self->clock, merge_messages, NULL, 1);
    kw_outbox_add_channel(self->outbox, KW_CHANNEL(self->admin));
    self->message_handler =
        g_signal_connect(self->admin, "message", G_CALLBACK(on_channel_message), self);
    self->bot_handler = g_signal_connect(bot, "message", G_CALLBACK(on_bot_message), self);
    self->delivered_handler =
        g_signal_connect(self->outbox, "delivered", G_CALLBACK(on_delivered), self);
    return g_steal_pointer(&self);
}

void
kw_front_free(KwFront *self)
{
    if (self == NULL)
        return;
    if (self->admin != NULL) {
        g_clear_signal_handler(&self->message_handler, self->admin);
        kw_channel_stop(KW_CHANNEL(self->admin));
    }
    g_clear_signal_handler(&self->bot_handler, self->bot);
    if (self->outbox != NULL)
        g_clear_signal_handler(&self->delivered_handler, self->outbox);
    g_clear_object(&self->outbox);
    g_clear_object(&self->admin);
    g_clear_pointer(&self->guard, kw_guard_free);
    g_clear_object(&self->clock);
    g_clear_object(&self->market_clock);
    g_clear_object(&self->bot);
    g_free(self);
}
