/* kw-signal.c: the channel: envelopes in, "send" out, each result looked at
 *
 * signal-cli has no acknowledgement: what it has handed to us is gone, and after a crash of its
 * own it may hand it over again. So messages are known by sender, device and time, also after a
 * restart. Every message is read at once, since a client that stops reading stops all others.
 *
 * A send is a success only where its results say so for the recipient: an error may hide behind
 * the success for another, and a changed key behind both. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-signal.h"

#include "kw-json.h"
#include "kw-log.h"
#include "kw-post.h"
#include "kw-signal-envelope.h"
#include "kw-signal-link.h"
#include "kw-signal-people.h"

#include <string.h>

#define MAX_BYTES 1900 /* of a text; above 2,000 it would become an attachment */
#define TYPING_US (700 * G_TIME_SPAN_MILLISECOND)
#define TYPING_AGAIN_US (12 * G_TIME_SPAN_SECOND) /* it is shown for 15 */
#define LIMIT_US (3600 * (gint64) G_USEC_PER_SEC) /* when no time is given */
#define LONG_WAIT_US (600 * (gint64) G_USEC_PER_SEC)
#define MAX_WAIT_S (7 * 86400)
#define SILENCE_US G_TIME_SPAN_DAY
#define ACKNOWLEDGED "👍"

struct _KwSignal {
    GObject parent_instance;

    KwClock *clock;         /* owned */
    KwSignalLink *link;     /* owned */
    KwSignalPeople *people; /* owned */
    KwPost *post;           /* owned */
    gchar *account;         /* owned */
    GHashTable *open;       /* owned: gint64 -> Open, owned: messages that are not settled */
    GHashTable *tellings;   /* owned: key -> Telling, owned */
    gint64 last_request;
    guint typing_timer;  /* 0: none */
    guint silence_timer; /* 0: nothing was sent since something came */
    gboolean is_refused; /* the account counts no more */
};

typedef struct {
    gint64 request;
    KwSignalPerson *person; /* borrowed; NULL: a stranger */
    gint64 timestamp;       /* of the message */
    gboolean is_answered;
} Open;

/* A broadcast, which may go to several people */
typedef struct {
    guint n_under_way;
    gboolean is_delivered;
} Telling;

static void kw_signal_channel_init(KwChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwSignal,
                              kw_signal,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_CHANNEL, kw_signal_channel_init))

static void
emit_mark(KwSignal *self)
{
    g_autofree gchar *mark = kw_signal_people_to_mark(self->people);

    kw_channel_emit_mark(KW_CHANNEL(self), mark);
}

static void
hold(KwSignal *self, KwSignalPerson *person)
{
    if (person->is_held)
        return;
    person->is_held = TRUE;
    kw_log_critical("the signal key of a person has changed; read-only until released");
    emit_mark(self);
    kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_IDENTITY);
}

static void
refuse(KwSignal *self, const gchar *why)
{
    if (self->is_refused)
        return;
    self->is_refused = TRUE;
    kw_log_critical("signal refuses the account; link or register it anew", "KW_ERROR", why);
    kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_ACCESS);
}

/* -- out: what a send has brought -- */

typedef struct {
    gboolean is_done; /* at least one success */
    gboolean is_held;
    gboolean is_limited;
    gboolean is_gone; /* not on Signal any more */
    gint64 wait_s;
} Results;

static void
read_result(JsonObject *entry, Results *out)
{
    const gchar *type = "";

    (void) kw_json_get_string(entry, "type", &type, NULL);
    if (strcmp(type, "SUCCESS") == 0)
        out->is_done = TRUE;
    else if (strcmp(type, "IDENTITY_FAILURE") == 0)
        out->is_held = TRUE;
    else if (strcmp(type, "UNREGISTERED_FAILURE") == 0)
        out->is_gone = TRUE;
    /* old versions call a limit a fault of the network, but give the token of the captcha */
    if (strcmp(type, "RATE_LIMIT_FAILURE") == 0 || kw_json_has(entry, "token")) {
        out->is_limited = TRUE;
        (void) kw_json_get_int(entry, "retryAfterSeconds", &out->wait_s, NULL);
    }
}

static void
read_results(JsonNode *node, Results *out)
{
    JsonArray *results = NULL;

    if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node) ||
        !kw_json_get_array(json_node_get_object(node), "results", &results, NULL))
        return;
    for (guint i = 0; i < json_array_get_length(results); i++) {
        JsonObject *entry = NULL;

        if (kw_json_at_object(results, i, &entry, NULL))
            read_result(entry, out);
    }
}

static gboolean
has_part(const gchar *text, const gchar *part)
{
    return text != NULL && strstr(text, part) != NULL;
}

static KwPostOutcome
judge_error(KwSignal *self, const KwSignalReply *reply, Results *results)
{
    const gchar *text = reply->message;

    switch (reply->code) {
    case KW_SIGNAL_NO_ANSWER:
        return KW_POST_UNSURE;
    case -4:
        results->is_held = TRUE;
        return KW_POST_REFUSED;
    case -5:
        results->is_limited = TRUE;
        return KW_POST_WAIT;
    case -32602:
        refuse(self, text);
        return KW_POST_REFUSED;
    case -32603:
        if (has_part(text, "[401]") || has_part(text, "[403]") ||
            has_part(text, "AuthorizationFailed")) {
            refuse(self, text);
            return KW_POST_REFUSED;
        }
        results->is_limited |= has_part(text, "[429]");
        return results->is_limited ? KW_POST_WAIT : KW_POST_AGAIN;
    default:
        return results->is_gone || results->is_held ? KW_POST_REFUSED : KW_POST_AGAIN;
    }
}

static KwPostOutcome
judge(KwSignal *self, const KwSignalReply *reply, Results *results)
{
    read_results(reply->result, results);
    if (reply->code != 0)
        return results->is_limited ? KW_POST_WAIT : judge_error(self, reply, results);
    if (results->is_done)
        return KW_POST_DONE;
    if (results->is_held || results->is_gone)
        return KW_POST_REFUSED;
    return results->is_limited ? KW_POST_WAIT : KW_POST_DONE; /* a result without entries */
}

/* A message to one recipient is under way at a time, so @user_data is enough to know it. */
typedef struct {
    KwSignal *self;         /* borrowed: the link that calls us is its own */
    KwSignalPerson *person; /* borrowed */
} Sending;

static void
on_sent(const KwSignalReply *reply, gpointer user_data)
{
    g_autofree Sending *sending = user_data;
    KwSignal *self = sending->self;
    Results results = {0};
    KwPostOutcome outcome = judge(self, reply, &results);
    gint64 wait_us = LIMIT_US;

    if (results.wait_s > 0)
        wait_us = MIN(results.wait_s, MAX_WAIT_S) * G_USEC_PER_SEC;
    if (outcome != KW_POST_DONE)
        kw_log_warning("signal message not sent", "KW_ERROR", reply->message);
    if (outcome == KW_POST_WAIT && wait_us >= LONG_WAIT_US)
        kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_LIMIT);
    if (results.is_held)
        hold(self, sending->person);
    kw_post_answer(self->post, outcome, wait_us);
}

static void
set_recipient(JsonObject *params, const gchar *name, const gchar *value)
{
    JsonArray *list = json_array_new();

    json_array_add_string_element(list, value);
    json_object_set_array_member(params, name, list);
}

/* A path would have to be readable by the daemon; the picture itself always is. */
static gchar *
make_data_uri(GBytes *picture)
{
    gsize length;
    const guint8 *data = g_bytes_get_data(picture, &length);
    g_autofree gchar *base64 = g_base64_encode(data, length);

    return g_strconcat("data:image/png;filename=bild.png;base64,", base64, NULL);
}

static void
on_piece(const KwPostPiece *piece, gpointer user_data)
{
    KwSignal *self = user_data;
    g_autoptr(JsonObject) params = json_object_new();
    Sending *sending = g_new0(Sending, 1);

    sending->self = self;
    sending->person = kw_signal_people_find_name(self->people, piece->recipient);
    set_recipient(params, "recipient", kw_signal_person_get_address(sending->person));
    if (piece->text != NULL)
        json_object_set_string_member(params, "message", piece->text);
    if (piece->picture != NULL) {
        g_autofree gchar *uri = make_data_uri(piece->picture);

        set_recipient(params, "attachment", uri);
    }
    kw_signal_link_call(self->link, "send", params, on_sent, sending);
}

static void
on_silence(gpointer user_data)
{
    KwSignal *self = user_data;

    self->silence_timer = 0;
    kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_SILENCE);
}

/* Whoever gets a message sends a receipt, so silence alone is no trouble, but silence after
 * words is: a daemon can lose its ears and still answer for its version. */
static void
expect_receipt(KwSignal *self)
{
    if (self->silence_timer == 0)
        self->silence_timer = kw_clock_call_at(
            self->clock, kw_clock_now_us(self->clock) + SILENCE_US, on_silence, self);
}

static void
end_silence(KwSignal *self)
{
    kw_clock_cancel(self->clock, self->silence_timer);
    self->silence_timer = 0;
}

static void
on_post_done(const gchar *key, gboolean is_delivered, gpointer user_data)
{
    KwSignal *self = user_data;
    Telling *telling = key != NULL ? g_hash_table_lookup(self->tellings, key) : NULL;

    if (is_delivered)
        expect_receipt(self);
    if (telling == NULL)
        return;
    telling->is_delivered |= is_delivered;
    if (--telling->n_under_way > 0)
        return;
    is_delivered = telling->is_delivered;
    (void) g_hash_table_remove(self->tellings, key);
    kw_channel_emit_outcome(KW_CHANNEL(self), key,
                            is_delivered ? KW_CHANNEL_DELIVERED : KW_CHANNEL_REFUSED);
}

/* -- in -- */

/* What the other side sees before an answer; that it fails changes nothing. */
static void
send_sign(KwSignal *self, const Open *open, const gchar *method)
{
    g_autoptr(JsonObject) params = json_object_new();
    const gchar *address = kw_signal_person_get_address(open->person);

    if (strcmp(method, "sendReceipt") == 0) {
        json_object_set_string_member(params, "recipient", address);
        json_object_set_int_member(params, "targetTimestamp", open->timestamp);
        json_object_set_string_member(params, "type", "read");
    } else {
        set_recipient(params, "recipient", address);
    }
    if (strcmp(method, "sendReaction") == 0) {
        json_object_set_string_member(params, "emoji", ACKNOWLEDGED);
        json_object_set_string_member(params, "targetAuthor", address);
        json_object_set_int_member(params, "targetTimestamp", open->timestamp);
    }
    kw_signal_link_call(self->link, method, params, NULL, NULL);
}

static void
on_typing(gpointer user_data)
{
    KwSignal *self = user_data;
    GHashTableIter iter;
    Open *open = NULL;
    gboolean is_awaited = FALSE;

    self->typing_timer = 0;
    g_hash_table_iter_init(&iter, self->open);
    while (g_hash_table_iter_next(&iter, NULL, (gpointer *) &open)) {
        if (open->person == NULL || open->is_answered)
            continue;
        send_sign(self, open, "sendTyping");
        is_awaited = TRUE;
    }
    if (is_awaited)
        self->typing_timer = kw_clock_call_at(
            self->clock, kw_clock_now_us(self->clock) + TYPING_AGAIN_US, on_typing, self);
}

static const Open *
remember_open(KwSignal *self, KwSignalPerson *person, gint64 timestamp)
{
    Open *open = g_new0(Open, 1);

    open->request = ++self->last_request;
    open->person = person;
    open->timestamp = timestamp;
    g_hash_table_insert(self->open, &open->request, open);
    if (person == NULL)
        return open;
    send_sign(self, open, "sendReceipt");
    if (self->typing_timer == 0)
        self->typing_timer = kw_clock_call_at(
            self->clock, kw_clock_now_us(self->clock) + TYPING_US, on_typing, self);
    return open;
}

static void
emit_envelope(KwSignal *self, const KwSignalEnvelope *envelope, KwSignalPerson *person)
{
    const gchar *id = envelope->uuid != NULL ? envelope->uuid : envelope->number;
    g_autofree gchar *sender =
        g_strconcat(KW_SIGNAL_PREFIX, person != NULL ? person->name : id, NULL);
    g_autofree gchar *key = g_strdup_printf("%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, id,
                                            envelope->device, envelope->timestamp);
    g_autofree gchar *mark = NULL;
    KwChannelMessage message = {
        .chat = sender,
        .sender = sender,
        .text = envelope->text,
        .length = strlen(envelope->text),
        .sent_us = envelope->timestamp * 1000,
        .key = key,
        .is_foreign = envelope->kind == KW_SIGNAL_FOREIGN,
        .is_mute = envelope->kind == KW_SIGNAL_MUTE,
        .is_unproven = person != NULL && person->is_held,
    };

    if (person != NULL && !kw_signal_people_remember(self->people, key))
        return;
    mark = kw_signal_people_to_mark(self->people);
    message.mark = mark;
    message.request =
        remember_open(self, message.is_foreign ? NULL : person, envelope->timestamp)->request;
    kw_channel_emit_message(KW_CHANNEL(self), &message);
}

static void
on_received(JsonObject *params, gpointer user_data)
{
    KwSignal *self = user_data;
    g_autoptr(KwSignalEnvelope) envelope = kw_signal_envelope_parse(params, NULL);
    KwSignalPerson *person;

    end_silence(self);
    if (envelope == NULL || envelope->kind == KW_SIGNAL_OTHER ||
        (envelope->account != NULL && strcmp(envelope->account, self->account) != 0))
        return;
    person = kw_signal_people_recognise(self->people, envelope);
    if (person != NULL &&
        (envelope->kind == KW_SIGNAL_UNTRUSTED || kw_signal_person_is_other(person, envelope)))
        hold(self, person);
    if (envelope->kind != KW_SIGNAL_UNTRUSTED)
        emit_envelope(self, envelope, person);
}

/* -- the link -- */

static void
on_identities(const KwSignalReply *reply, gpointer user_data)
{
    KwSignal *self = user_data;
    JsonArray *list;

    if (reply->code != 0 || reply->result == NULL || !JSON_NODE_HOLDS_ARRAY(reply->result))
        return;
    list = json_node_get_array(reply->result);
    for (guint i = 0; i < json_array_get_length(list); i++) {
        JsonObject *entry = NULL;
        const gchar *uuid = NULL, *fingerprint = NULL;
        KwSignalPerson *person;

        if (!kw_json_at_object(list, i, &entry, NULL) ||
            !kw_json_get_string(entry, "uuid", &uuid, NULL) ||
            !kw_json_get_string(entry, "fingerprint", &fingerprint, NULL))
            continue;
        person = kw_signal_people_check_key(self->people, uuid, fingerprint);
        if (person != NULL)
            hold(self, person);
    }
    emit_mark(self);
}

static void
bind_number(KwSignal *self, JsonObject *entry)
{
    const gchar *number = NULL, *uuid = NULL;
    KwSignalPerson *person;

    if (!kw_json_get_string(entry, "recipient", &number, NULL) ||
        !kw_json_get_string(entry, "uuid", &uuid, NULL) || !kw_signal_is_uuid(uuid))
        return;
    person = kw_signal_people_find_name(self->people, number);
    if (person != NULL && person->uuid == NULL)
        person->uuid = g_ascii_strdown(uuid, -1);
}

static void
on_numbers_known(const KwSignalReply *reply, gpointer user_data)
{
    KwSignal *self = user_data;
    gboolean is_list =
        reply->code == 0 && reply->result != NULL && JSON_NODE_HOLDS_ARRAY(reply->result);
    JsonArray *list = is_list ? json_node_get_array(reply->result) : NULL;

    for (guint i = 0; is_list && i < json_array_get_length(list); i++) {
        JsonObject *entry = NULL;

        if (kw_json_at_object(list, i, &entry, NULL))
            bind_number(self, entry);
    }
    kw_signal_link_call(self->link, "listIdentities", NULL, on_identities, self);
}

/* Most people hide their number: whoever is configured by it is asked for once, and known by
 * his identity from then on. */
static void
learn_numbers(KwSignal *self)
{
    const GPtrArray *people = kw_signal_people_list(self->people);
    g_autoptr(JsonObject) params = json_object_new();
    JsonArray *numbers = json_array_new();

    for (guint i = 0; i < people->len; i++) {
        const KwSignalPerson *person = people->pdata[i];

        if (person->uuid == NULL)
            json_array_add_string_element(numbers, person->name);
    }
    json_object_set_array_member(params, "recipient", numbers);
    if (json_array_get_length(numbers) > 0)
        kw_signal_link_call(self->link, "getUserStatus", params, on_numbers_known, self);
    else
        kw_signal_link_call(self->link, "listIdentities", NULL, on_identities, self);
}

static void
on_up(gpointer user_data)
{
    KwSignal *self = user_data;

    self->is_refused = FALSE;
    learn_numbers(self);
    kw_channel_emit_online(KW_CHANNEL(self));
}

static void
on_down(const gchar *why, gpointer user_data)
{
    (void) user_data;
    kw_log_warning("signal-cli is gone, trying again", "KW_ERROR", why);
}

guint
kw_signal_release(KwSignal *self)
{
    const GPtrArray *people;
    guint n = 0;

    g_return_val_if_fail(KW_IS_SIGNAL(self), 0);

    people = kw_signal_people_list(self->people);
    for (guint i = 0; i < people->len; i++) {
        KwSignalPerson *person = people->pdata[i];
        g_autoptr(JsonObject) params = json_object_new();

        if (!person->is_held)
            continue;
        n++;
        person->is_held = FALSE;
        g_clear_pointer(&person->fingerprint, g_free); /* the next list brings the new one */
        if (!kw_signal_is_uuid(person->name))
            g_clear_pointer(&person->uuid, g_free);
        json_object_set_string_member(params, "recipient",
                                      kw_signal_person_get_address(person));
        json_object_set_boolean_member(params, "trustAllKnownKeys", TRUE);
        kw_signal_link_call(self->link, "trust", params, NULL, NULL);
    }
    if (n > 0) {
        learn_numbers(self);
        emit_mark(self);
    }
    return n;
}

/* -- the port -- */

static const gchar *
kw_signal_get_name(KwChannel *channel)
{
    return "signal";
}

static gboolean
kw_signal_start(KwChannel *channel, GError **error)
{
    kw_signal_link_start(KW_SIGNAL(channel)->link);
    return TRUE;
}

static void
kw_signal_stop(KwChannel *channel)
{
    KwSignal *self = KW_SIGNAL(channel);

    kw_clock_cancel(self->clock, self->typing_timer);
    self->typing_timer = 0;
    end_silence(self);
    kw_post_clear(self->post);
    kw_signal_link_stop(self->link);
}

/* Somebody whom a broadcast would reach */
static gboolean
is_listener(const KwSignalPerson *person)
{
    return person->is_owner && !person->is_held;
}

static gboolean
has_listener(KwSignal *self)
{
    const GPtrArray *people = kw_signal_people_list(self->people);

    for (guint i = 0; i < people->len; i++) {
        if (is_listener(people->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
kw_signal_is_online(KwChannel *channel)
{
    KwSignal *self = KW_SIGNAL(channel);

    return kw_signal_link_is_up(self->link) && !self->is_refused &&
           !kw_post_is_paused(self->post) && has_listener(self);
}

static gboolean
kw_signal_reply(KwChannel *channel,
                const gchar *chat,
                gint64 request,
                const KwChannelContent *content)
{
    KwSignal *self = KW_SIGNAL(channel);
    Open *open = g_hash_table_lookup(self->open, &request);

    if (open == NULL || open->person == NULL || open->is_answered)
        return FALSE;
    open->is_answered = TRUE;
    return kw_post_add(self->post, open->person->name, NULL, content, NULL);
}

static void
kw_signal_acknowledge(KwChannel *channel, gint64 request)
{
    KwSignal *self = KW_SIGNAL(channel);
    const Open *open = g_hash_table_lookup(self->open, &request);

    if (open != NULL && open->person != NULL)
        send_sign(self, open, "sendReaction");
}

static void
kw_signal_settle(KwChannel *channel, gint64 request)
{
    (void) g_hash_table_remove(KW_SIGNAL(channel)->open, &request);
}

static KwChannelTaken
kw_signal_broadcast(KwChannel *channel, const gchar *key, const KwChannelContent *content)
{
    KwSignal *self = KW_SIGNAL(channel);
    const GPtrArray *people = kw_signal_people_list(self->people);
    Telling *telling;

    if (!kw_signal_is_online(channel) || g_hash_table_contains(self->tellings, key))
        return KW_CHANNEL_REFUSED;
    telling = g_new0(Telling, 1);
    g_hash_table_insert(self->tellings, g_strdup(key), telling);
    for (guint i = 0; i < people->len; i++) {
        const KwSignalPerson *person = people->pdata[i];

        if (is_listener(person))
            telling->n_under_way += kw_post_add(self->post, person->name, key, content, NULL);
    }
    if (telling->n_under_way > 0)
        return KW_CHANNEL_UNDER_WAY;
    (void) g_hash_table_remove(self->tellings, key);
    return KW_CHANNEL_REFUSED;
}

static void
kw_signal_channel_init(KwChannelInterface *iface)
{
    iface->get_name = kw_signal_get_name;
    iface->start = kw_signal_start;
    iface->stop = kw_signal_stop;
    iface->is_online = kw_signal_is_online;
    iface->reply = kw_signal_reply;
    iface->acknowledge = kw_signal_acknowledge;
    iface->settle = kw_signal_settle;
    iface->broadcast = kw_signal_broadcast;
}

/* -- life -- */

KwSignal *
kw_signal_new(const KwSignalOptions *options, GError **error)
{
    const KwSignalLinkEvents events = {.up = on_up, .down = on_down, .received = on_received};
    const KwPostRules rules = {
        .max_units = MAX_BYTES,
        .max_caption = MAX_BYTES,
        .unit = KW_SPLIT_BYTES,
        .send = on_piece,
        .done = on_post_done,
    };
    g_autoptr(KwSignal) self = NULL;

    g_return_val_if_fail(options != NULL && KW_IS_CLOCK(options->clock), NULL);
    g_return_val_if_fail(options->address != NULL && options->account != NULL, NULL);

    self = g_object_new(KW_TYPE_SIGNAL, NULL);
    self->clock = g_object_ref(options->clock);
    self->account = g_strdup(options->account);
    self->people = kw_signal_people_new(options->owners, options->readers, options->mark);
    self->post = kw_post_new(self->clock, &rules, self, options->seed);
    self->link = kw_signal_link_new(self->clock, options->address, options->account, &events,
                                    self, error);
    return self->link != NULL ? g_steal_pointer(&self) : NULL;
}

static void
kw_signal_dispose(GObject *object)
{
    KwSignal *self = KW_SIGNAL(object);

    if (self->link != NULL)
        kw_signal_stop(KW_CHANNEL(self));
    g_clear_pointer(&self->link, kw_signal_link_free);
    g_clear_pointer(&self->post, kw_post_free);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_signal_parent_class)->dispose(object);
}

static void
kw_signal_finalize(GObject *object)
{
    KwSignal *self = KW_SIGNAL(object);

    g_clear_pointer(&self->people, kw_signal_people_free);
    g_clear_pointer(&self->account, g_free);
    g_clear_pointer(&self->open, g_hash_table_unref);
    g_clear_pointer(&self->tellings, g_hash_table_unref);

    G_OBJECT_CLASS(kw_signal_parent_class)->finalize(object);
}

static void
kw_signal_class_init(KwSignalClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_signal_dispose;
    object_class->finalize = kw_signal_finalize;
}

static void
kw_signal_init(KwSignal *self)
{
    self->open = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    self->tellings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}
