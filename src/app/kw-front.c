/* kw-front.c: channels, guards, outbox around the bot
 *
 * Each channel has a line of its own: a guard with the list of who may talk there, and nothing
 * that the other lines could wait for.
 *
 * Guard and outbox work on real time also where the bot runs on market time: twenty messages a
 * minute are twenty messages of a person. Whether a message asks for less is told by the
 * parser, so that a flood of questions never keeps a "Stopp" out. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-front.h"

#include "kw-admin.h"
#include "kw-event-text.h"
#include "kw-guard.h"
#include "kw-i18n.h"
#include "kw-intent.h"
#include "kw-messenger.h"
#include "kw-outbox.h"
#include "kw-signal.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_MERGED_LINES 10
#define MAX_DRAWINGS 8
#define NOTE_ALARMS "alarms" /* that nobody has acknowledged */

struct _KwFront {
    KwBot *bot;                 /* owned */
    const KwSettings *settings; /* borrowed */
    KwClock *market_clock;      /* owned */
    KwClock *clock;             /* owned; real time */
    KwLog *log;                 /* borrowed; may be NULL */
    GPtrArray *lines;           /* owned: Line, owned; the admin socket first */
    KwOutbox *outbox;           /* owned */
    guint *n_drawings;          /* owned, shared with the pictures under way: how many */
    gulong bot_handler, delivered_handler, alarms_handler;
};

/* A channel and who may talk there */
typedef struct {
    KwFront *front;     /* borrowed: owns the line */
    KwChannel *channel; /* owned */
    KwGuard *guard;     /* owned */
    gulong message_handler, trouble_handler, mark_handler;
} Line;

/* -- in -- */

typedef struct {
    KwChannel *channel; /* owned */
    gchar *chat;        /* owned */
    gint64 request;
    KwAnswer *answer; /* owned; while its picture is drawn */
} Reply;

static void
reply_free(Reply *reply)
{
    g_object_unref(reply->channel);
    g_free(reply->chat);
    g_clear_pointer(&reply->answer, kw_answer_free);
    g_free(reply);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

static void
send_answer(const Reply *reply, GBytes *picture)
{
    const KwAnswer *answer = reply->answer;
    KwChannelChoice choices[KW_DIALOG_MAX_CHOICES];
    KwChannelContent content = {.text = answer->text,
                                .picture = picture,
                                .choices = choices,
                                .n_choices = answer->n_choices};

    for (guint i = 0; i < answer->n_choices; i++)
        choices[i] = (KwChannelChoice){.label = answer->choices[i].label,
                                       .text = answer->choices[i].text};
    (void) kw_channel_reply(reply->channel, reply->chat, reply->request, &content);
    kw_channel_settle(reply->channel, reply->request);
}

/* A picture that cannot be drawn is left out. */
static void
on_reply_drawn(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Reply) reply = user_data;
    g_autoptr(GBytes) picture = kw_bot_draw_finish(KW_BOT(source), result, NULL);

    send_answer(reply, picture);
}

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Reply) reply = user_data;
    KwBot *bot = KW_BOT(source);
    KwChartRequest chart;

    reply->answer = kw_bot_answer_finish(bot, result);
    if (reply->answer == NULL)
        kw_channel_settle(reply->channel, reply->request);
    else if (kw_bot_get_chart(bot, reply->chat, &chart))
        kw_bot_draw_async(bot, &chart, on_reply_drawn, g_steal_pointer(&reply));
    else
        send_answer(reply, NULL);
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
refusal_text(const KwChannelMessage *message, KwGuardVerdict verdict)
{
    if (verdict == KW_GUARD_PASS && message->is_mute)
        return _("I only read text: no pictures, no voice messages, and nothing that is longer "
                 "than one message. Nothing was changed.");
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

static KwDialogRights
rights_of(const Line *line, const KwChannelMessage *message)
{
    if (kw_guard_get_role(line->guard, message->sender) != KW_GUARD_OWNER)
        return KW_DIALOG_RIGHTS_READER;
    return message->is_unproven ? KW_DIALOG_RIGHTS_UNPROVEN : KW_DIALOG_RIGHTS_OWNER;
}

static gchar *
mark_key(KwChannel *channel)
{
    return g_strconcat("mark_", kw_channel_get_name(channel), NULL);
}

static void
answer(Line *line, const KwChannelMessage *message, KwGuardClass seen)
{
    KwFront *self = line->front;
    KwInbound inbound = {
        .chat = message->chat,
        .sender = message->sender,
        .text = message->text,
        .length = message->length,
        .is_forward = message->is_forward,
        .rights = rights_of(line, message),
    };
    Reply *reply = g_new0(Reply, 1);

    /* the sender's clock and the market's are two things while candles are replayed */
    inbound.sent_us = kw_clock_now_us(self->market_clock);
    if (message->sent_us > 0)
        inbound.sent_us -= kw_clock_now_us(self->clock) - message->sent_us;
    reply->channel = g_object_ref(line->channel);
    reply->chat = g_strdup(message->chat);
    reply->request = message->request;
    if (message->mark != NULL) {
        g_autofree gchar *key = mark_key(line->channel);

        kw_bot_note(self->bot, key, message->mark);
    }
    kw_bot_answer_async(self->bot, &inbound, on_answered, reply);
    /* in force already, durable in a moment */
    if (seen == KW_GUARD_HALT && inbound.rights == KW_DIALOG_RIGHTS_OWNER)
        kw_channel_acknowledge(line->channel, message->request);
}

/* -- what only the machine itself may do -- */

static Line *
find_line(const KwFront *self, const gchar *name)
{
    for (guint i = 0; i < self->lines->len; i++) {
        Line *line = self->lines->pdata[i];

        if (g_str_equal(kw_channel_get_name(line->channel), name))
            return line;
    }
    return NULL;
}

static const gchar *
release_signal(const KwFront *self)
{
    const Line *line = find_line(self, "signal");

    if (line == NULL)
        return _("Signal is not set up.");
    if (kw_signal_release(KW_SIGNAL(line->channel)) == 0)
        return _("On Signal no safety number is held.");
    return _("🔓 The new safety number on Signal counts from now on, with all rights.");
}

/* Returns: %FALSE when it is for the dialog */
static gboolean
take_order_of_machine(const Line *line, const KwChannelMessage *message)
{
    g_autofree gchar *folded = g_utf8_casefold(message->text, (gssize) message->length);

    if (line != line->front->lines->pdata[0] ||
        !g_str_equal(g_strstrip(folded), "signal freigeben"))
        return FALSE;
    (void) kw_channel_reply_text(line->channel, message->chat, message->request,
                                 release_signal(line->front));
    kw_channel_settle(line->channel, message->request);
    return TRUE;
}

static void
on_channel_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    Line *line = user_data;
    KwGuardClass seen = KW_GUARD_NORMAL;
    KwGuardVerdict verdict;
    const gchar *refusal;

    if (kw_guard_get_role(line->guard, message->sender) != KW_GUARD_STRANGER)
        seen = classify(line->front, message);
    verdict = kw_guard_check(line->guard, message, seen);
    if (verdict == KW_GUARD_PASS && !message->is_mute) {
        if (kw_guard_get_role(line->guard, message->sender) == KW_GUARD_OWNER)
            kw_outbox_acknowledge(line->front->outbox); /* he holds the phone in his hand */
        if (!take_order_of_machine(line, message))
            answer(line, message, seen);
        return;
    }
    if (verdict == KW_GUARD_DENIED)
        kw_log_warning("message of a stranger ignored", "KW_CHANNEL",
                       kw_channel_get_name(channel));
    refusal = refusal_text(message, verdict);
    if (refusal != NULL)
        (void) kw_channel_reply_text(channel, message->chat, message->request, refusal);
    kw_channel_settle(channel, message->request);
}

/* -- out -- */

static KwOutboxRank
rank_of(KwEventKind kind)
{
    if (kw_event_kind_is_alarm(kind))
        return KW_OUTBOX_ALARM;
    if (kw_event_kind_is_trade(kind))
        return KW_OUTBOX_TRADE;
    if (kind == KW_EVENT_DIGEST || kind == KW_EVENT_WEEKLY)
        return KW_OUTBOX_REPORT;
    return KW_OUTBOX_OTHER;
}

/* Whoever changed something has read it in the reply, whatever the channel. */
static gboolean
was_told_in_reply(const KwFront *self, const KwEvent *event)
{
    for (guint i = 0; i < self->lines->len; i++) {
        const Line *line = self->lines->pdata[i];

        if (kw_bot_is_known_to(event, kw_channel_get_name(line->channel)))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_quiet_time(const KwFront *self)
{
    const KwConfig *config = self->settings->bot;
    KwLocalTime now = kw_zone_split(self->settings->zone, kw_clock_now_us(self->clock));
    gint minute = now.hour * 60 + now.minute;
    gint from, until;

    if (*kw_config_get_string(config, "notify", "quiet_from") == '\0' ||
        *kw_config_get_string(config, "notify", "quiet_until") == '\0')
        return FALSE;
    from = kw_config_get_minute(config, "notify", "quiet_from");
    until = kw_config_get_minute(config, "notify", "quiet_until");
    if (from <= until)
        return minute >= from && minute < until;
    return minute >= from || minute < until; /* over midnight */
}

/* The night is no reason to keep an alarm quiet. */
static KwSound
sound_of(const KwFront *self, const KwEvent *event)
{
    KwSound sound = kw_settings_get_sound(self->settings, event->kind);
    gboolean is_alarm = kw_event_kind_is_alarm(event->kind);

    return sound == KW_SOUND_ON && !is_alarm && is_quiet_time(self) ? KW_SOUND_SILENT : sound;
}

/* A message whose picture is being drawn */
typedef struct {
    KwOutbox *outbox;  /* owned */
    guint *n_drawings; /* owned, a share */
    KwOutboxMessage message;
} Drawing;

static void
drawing_free(Drawing *drawing)
{
    (*drawing->n_drawings)--;
    g_rc_box_release(drawing->n_drawings);
    g_object_unref(drawing->outbox);
    g_free(drawing->message.key);
    g_free(drawing->message.kind);
    g_free(drawing->message.text);
    g_clear_pointer(&drawing->message.picture, g_bytes_unref);
    g_free(drawing);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drawing, drawing_free)

static void
on_message_drawn(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Drawing) drawing = user_data;

    drawing->message.picture = kw_bot_draw_finish(KW_BOT(source), result, NULL);
    (void) kw_outbox_push(drawing->outbox, &drawing->message);
}

static void
draw(KwFront *self, const KwOutboxMessage *message, const KwChartRequest *chart)
{
    Drawing *drawing = g_new0(Drawing, 1);

    drawing->n_drawings = g_rc_box_acquire(self->n_drawings);
    (*drawing->n_drawings)++;
    drawing->outbox = g_object_ref(self->outbox);
    drawing->message = *message;
    drawing->message.key = g_strdup(message->key);
    drawing->message.kind = g_strdup(message->kind);
    drawing->message.text = g_strdup(message->text);
    kw_bot_draw_async(self->bot, chart, on_message_drawn, drawing);
}

/* Pictures go by messenger alone. Where candles fly past, words that come at once are worth
 * more than pictures that come late. */
static gboolean
is_worth_drawing(const KwFront *self)
{
    return self->lines->len > 1 && *self->n_drawings < MAX_DRAWINGS;
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
    KwChartRequest chart;
    KwSound sound = sound_of(self, event);

    message.is_silent = sound == KW_SOUND_SILENT;
    if (sound == KW_SOUND_OFF || /* since an earlier run */ was_told_in_reply(self, event))
        kw_bot_mark_delivered(bot, key);
    else if (is_worth_drawing(self) && kw_event_chart(event, &chart))
        draw(self, &message, &chart);
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

static void
on_alarms(KwOutbox *outbox, gpointer user_data)
{
    KwFront *self = user_data;
    g_autofree gchar *list = kw_outbox_list_alarms(outbox);

    kw_bot_note(self->bot, NOTE_ALARMS, list);
    kw_bot_store_notes(self->bot);
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

/* -- lines -- */

static const gchar *
trouble_text(KwChannelTrouble trouble)
{
    switch (trouble) {
    case KW_CHANNEL_TROUBLE_ACCESS:
        return _("the service refuses the access (token or account); the channel is off. "
                 "What is missing: kurswart doctor");
    case KW_CHANNEL_TROUBLE_CONFLICT:
        return _("somebody else reads with the same token and takes my messages. If that is no "
                 "second bot of yours, the token is known to a stranger: get a new one");
    case KW_CHANNEL_TROUBLE_BLOCKED:
        return _("you have blocked me there; I cannot write to you any more");
    case KW_CHANNEL_TROUBLE_IDENTITY:
        return _("your safety number has changed. There I only answer questions until it is "
                 "confirmed at the machine");
    case KW_CHANNEL_TROUBLE_LIMIT:
        return _("the service wants a long pause from me");
    case KW_CHANNEL_TROUBLE_SILENCE:
        return _("for a day nothing has come back from there, not even that a message has "
                 "arrived. At the server: restart signal-cli, then kurswart doctor");
    }
    return "";
}

static void
on_mark(KwChannel *channel, const gchar *mark, gpointer user_data)
{
    Line *line = user_data;
    g_autofree gchar *key = mark_key(channel);

    kw_bot_note(line->front->bot, key, mark);
    kw_bot_store_notes(line->front->bot);
}

/* The way out is another channel: this one cannot tell it. */
static void
on_trouble(KwChannel *channel, guint trouble, gpointer user_data)
{
    Line *line = user_data;
    gint64 now_us = kw_clock_now_us(line->front->clock);
    const gchar *name = kw_channel_get_name(channel);
    g_autofree gchar *key = g_strdup_printf("channel:%s:%s:%" G_GINT64_FORMAT, name,
                                            kw_channel_trouble_to_string(trouble), now_us);
    g_autofree gchar *text = g_strdup_printf("⚠️ %s: %s.", name, trouble_text(trouble));
    KwOutboxMessage message = {
        .key = key,
        .kind = (gchar *) "channel",
        .text = text,
        .created_us = now_us,
        .rank = KW_OUTBOX_OTHER,
    };

    (void) kw_outbox_push(line->front->outbox, &message);
}

static void
line_free(gpointer data)
{
    Line *line = data;

    g_clear_signal_handler(&line->message_handler, line->channel);
    g_clear_signal_handler(&line->trouble_handler, line->channel);
    g_clear_signal_handler(&line->mark_handler, line->channel);
    kw_channel_stop(line->channel);
    g_clear_object(&line->channel);
    g_clear_pointer(&line->guard, kw_guard_free);
    g_free(line);
}

/* Takes the reference to @channel. */
static gboolean
open_line(KwFront *self,
          KwChannel *channel,
          const gchar *const *owners,
          const gchar *const *readers,
          GError **error)
{
    Line *line = g_new0(Line, 1);

    line->front = self;
    line->channel = channel;
    line->guard = kw_guard_new(self->clock, owners, readers);
    g_ptr_array_add(self->lines, line);
    line->message_handler =
        g_signal_connect(channel, "message", G_CALLBACK(on_channel_message), line);
    line->trouble_handler = g_signal_connect(channel, "trouble", G_CALLBACK(on_trouble), line);
    line->mark_handler = g_signal_connect(channel, "mark", G_CALLBACK(on_mark), line);
    if (!kw_channel_start(channel, error))
        return FALSE;
    return TRUE;
}

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
    g_autofree gchar *uid = g_strdup_printf("%u", getuid());
    const gchar *owners[] = {uid, "0", NULL};
    KwChannel *admin;

    (void) g_mkdir_with_parents(folder, 0700);
    admin = KW_CHANNEL(kw_admin_new(self->settings->socket, getuid(), &texts));
    if (!open_line(self, admin, owners, NULL, error))
        return FALSE;
    kw_outbox_add_listener(self->outbox, admin);
    return TRUE;
}

static const gchar *
get_mark(const gchar *name, gpointer user_data)
{
    g_autofree gchar *key = g_strconcat("mark_", name, NULL);

    return kw_bot_get_note(((KwFront *) user_data)->bot, key);
}

typedef KwMessenger *(*MessengerFunc)(const KwMessengerParts *parts, GError **error);

/* A messenger that cannot be opened is told of and left out: trading and the other channels do
 * not depend on it. */
static void
open_messenger(KwFront *self, MessengerFunc make)
{
    const KwMessengerParts parts = {
        .settings = self->settings,
        .clock = self->clock,
        .log = self->log,
        .get_mark = get_mark,
        .user_data = self,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(KwMessenger) messenger = make(&parts, &error);

    if (messenger != NULL && open_line(self, g_object_ref(messenger->channel),
                                       (const gchar *const *) messenger->owners,
                                       (const gchar *const *) messenger->readers, &error))
        kw_outbox_add_messenger(self->outbox, messenger->channel);
    if (error != NULL)
        kw_log_critical("a messenger is configured but cannot be used; going on without it",
                        "KW_ERROR", error->message);
}

/* -- object -- */

KwFront *
kw_front_new(const KwFrontOptions *options, GError **error)
{
    g_autoptr(KwFront) self = g_new0(KwFront, 1);
    const gchar *alarms;

    self->bot = g_object_ref(options->bot);
    self->settings = options->settings;
    self->log = options->log;
    self->market_clock = g_object_ref(options->market_clock);
    self->clock = KW_CLOCK(kw_system_clock_new());
    self->outbox = kw_outbox_new(self->clock, merge_messages, NULL, 1);
    self->n_drawings = g_rc_box_new0(guint);
    self->lines = g_ptr_array_new_with_free_func(line_free);
    if (!open_admin(self, error))
        return NULL;
    open_messenger(self, kw_messenger_new_signal);
    open_messenger(self, kw_messenger_new_telegram);
    self->bot_handler =
        g_signal_connect(self->bot, "message", G_CALLBACK(on_bot_message), self);
    self->delivered_handler =
        g_signal_connect(self->outbox, "delivered", G_CALLBACK(on_delivered), self);
    self->alarms_handler =
        g_signal_connect(self->outbox, "alarms", G_CALLBACK(on_alarms), self);
    alarms = kw_bot_get_note(self->bot, NOTE_ALARMS);
    if (alarms != NULL)
        kw_outbox_restore_alarms(self->outbox, alarms);
    return g_steal_pointer(&self);
}

guint64
kw_front_get_count(const KwFront *self, const gchar *channel, KwGuardVerdict verdict)
{
    const Line *line = find_line(self, channel);

    return line != NULL ? kw_guard_get_count(line->guard, verdict) : 0;
}

void
kw_front_free(KwFront *self)
{
    if (self == NULL)
        return;
    g_clear_signal_handler(&self->bot_handler, self->bot);
    if (self->outbox != NULL) {
        g_clear_signal_handler(&self->delivered_handler, self->outbox);
        g_clear_signal_handler(&self->alarms_handler, self->outbox);
    }
    g_clear_pointer(&self->lines, g_ptr_array_unref);
    g_clear_object(&self->outbox);
    g_clear_object(&self->clock);
    g_clear_object(&self->market_clock);
    g_clear_object(&self->bot);
    g_clear_pointer(&self->n_drawings, g_rc_box_release);
    g_free(self);
}
