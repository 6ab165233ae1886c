/* kw-admin.c: the channel over the line server
 *
 * All connections are one conversation: "kurswart tell Start" and "kurswart tell 1234" come
 * over two connections and belong together. So the number that names a message is the channel's
 * own, and a table leads from it to the connection and to the number that the client gave.
 *
 * There is no key against duplicates: a stream delivers once, and a client that numbers every
 * message 1 must still be able to say "Stopp" twice. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-admin.h"

#include "kw-json.h"
#include "kw-line-server.h"

#include <string.h>

#define PART_BYTES (30 * 1024) /* of a picture; in base64 well below the longest line */
#define YEAR_10000_US G_GINT64_CONSTANT(253402300800000000)

struct _KwAdmin {
    GObject parent_instance;

    KwLineServer *server;  /* owned */
    GHashTable *pending;   /* owned: gint64 -> Pending, owned */
    GHashTable *listeners; /* owned: set of peers */
    gint64 last_request;
    gchar *bad_json, *bad_message, *zero_byte, *too_many; /* owned */
};

/* A message that waits for its reply */
typedef struct {
    gint64 request; /* key of the table */
    guint peer;
    gint64 id; /* as the client gave it */
    gboolean has_id;
    gboolean wants_picture;
} Pending;

static void kw_admin_channel_init(KwChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwAdmin,
                              kw_admin,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_CHANNEL, kw_admin_channel_init))

/* -- answers -- */

/* {"id":ID,"NAME":"TEXT"} */
static gchar *
format_answer(const gint64 *id, const gchar *name, const gchar *text)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    if (id != NULL)
        kw_json_add_int(builder, "id", *id);
    kw_json_add_string(builder, name, text);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

static void
send_error(KwAdmin *self, guint peer, const gint64 *id, const gchar *text)
{
    g_autofree gchar *line = format_answer(id, "error", text);

    (void) kw_line_server_send(self->server, peer, line);
}

/* -- messages -- */

static guint
count_pending(KwAdmin *self, guint peer)
{
    GHashTableIter iter;
    Pending *pending = NULL;
    guint n = 0;

    g_hash_table_iter_init(&iter, self->pending);
    while (g_hash_table_iter_next(&iter, NULL, (gpointer *) &pending))
        n += pending->peer == peer;
    return n;
}

static gint64
add_pending(KwAdmin *self, guint peer, const gint64 *id, gboolean wants_picture)
{
    Pending *pending = g_new0(Pending, 1);

    pending->request = ++self->last_request;
    pending->peer = peer;
    pending->has_id = id != NULL;
    pending->id = id != NULL ? *id : 0;
    pending->wants_picture = wants_picture;
    g_hash_table_insert(self->pending, &pending->request, pending);
    return pending->request;
}

/* A member that may be missing. Returns: %FALSE when it is there and no whole number */
static gboolean
read_number(JsonObject *object, const gchar *name, gint64 *out)
{
    return !json_object_has_member(object, name) || kw_json_get_int(object, name, out, NULL);
}

static gboolean
read_wish(JsonObject *object, const gchar *name, gboolean *out)
{
    return !json_object_has_member(object, name) || kw_json_get_bool(object, name, out, NULL);
}

/* So that whoever subtracts times needs not fear an overflow */
static gboolean
is_time(gint64 time_us)
{
    return time_us >= 0 && time_us < YEAR_10000_US;
}

static void
receive_text(KwAdmin *self, guint peer, guint uid, JsonObject *object, const gint64 *id)
{
    g_autofree gchar *sender = g_strdup_printf("%u", uid);
    KwChannelMessage message = {.chat = KW_ADMIN_CHAT, .sender = sender};
    gboolean wants_picture = FALSE;

    if (!kw_json_get_string(object, "text", &message.text, NULL) ||
        !g_utf8_validate(message.text, -1, NULL) ||
        !read_number(object, "sent_us", &message.sent_us) || !is_time(message.sent_us) ||
        !read_wish(object, "picture", &wants_picture)) {
        send_error(self, peer, id, self->bad_message);
    } else if (count_pending(self, peer) >= KW_ADMIN_MAX_PENDING) {
        send_error(self, peer, id, self->too_many);
    } else {
        message.length = strlen(message.text);
        message.request = add_pending(self, peer, id, wants_picture);
        kw_channel_emit_message(KW_CHANNEL(self), &message);
    }
}

static void
receive_subscription(KwAdmin *self, guint peer, JsonObject *object)
{
    gboolean is_wanted = FALSE;

    if (!kw_json_get_bool(object, "subscribe", &is_wanted, NULL)) {
        send_error(self, peer, NULL, self->bad_message);
        return;
    }
    if (is_wanted)
        (void) g_hash_table_add(self->listeners, GUINT_TO_POINTER(peer));
    else
        (void) g_hash_table_remove(self->listeners, GUINT_TO_POINTER(peer));
    if (!kw_line_server_send(self->server, peer,
                             is_wanted ? "{\"subscribed\":true}" : "{\"subscribed\":false}"))
        return;
    if (is_wanted)
        kw_channel_emit_online(KW_CHANNEL(self));
}

static void
on_line(KwLineServer *server,
        guint peer,
        const gchar *line,
        gsize length,
        guint uid,
        gpointer user_data)
{
    KwAdmin *self = user_data;
    g_autoptr(JsonNode) root = kw_json_parse_text(line, (gssize) length, NULL);
    JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    gint64 id = 0;
    gboolean has_id;

    if (object == NULL) {
        send_error(self, peer, NULL,
                   memchr(line, '\0', length) != NULL ? self->zero_byte : self->bad_json);
        return;
    }
    has_id = json_object_has_member(object, "id");
    if (!read_number(object, "id", &id))
        send_error(self, peer, NULL, self->bad_message);
    else if (kw_json_has_zero_escape(line, length))
        send_error(self, peer, has_id ? &id : NULL, self->zero_byte);
    else if (json_object_has_member(object, "subscribe"))
        receive_subscription(self, peer, object);
    else
        receive_text(self, peer, uid, object, has_id ? &id : NULL);
}

static gboolean
is_of_peer(gpointer key, gpointer value, gpointer user_data)
{
    return ((const Pending *) value)->peer == GPOINTER_TO_UINT(user_data);
}

static void
on_closed(KwLineServer *server, guint peer, gpointer user_data)
{
    KwAdmin *self = user_data;

    (void) g_hash_table_remove(self->listeners, GUINT_TO_POINTER(peer));
    (void) g_hash_table_foreach_remove(self->pending, is_of_peer, GUINT_TO_POINTER(peer));
}

/* -- the port -- */

static const gchar *
kw_admin_get_name(KwChannel *channel)
{
    return "admin";
}

static gboolean
kw_admin_start(KwChannel *channel, GError **error)
{
    return kw_line_server_start(KW_ADMIN(channel)->server, error);
}

static void
kw_admin_stop(KwChannel *channel)
{
    KwAdmin *self = KW_ADMIN(channel);

    kw_line_server_stop(self->server);
    g_hash_table_remove_all(self->listeners);
    g_hash_table_remove_all(self->pending);
}

static gboolean
kw_admin_is_online(KwChannel *channel)
{
    return g_hash_table_size(KW_ADMIN(channel)->listeners) > 0;
}

static void
send_picture(KwAdmin *self, guint peer, const gint64 *id, GBytes *picture)
{
    gsize size = 0;
    const guchar *bytes = g_bytes_get_data(picture, &size);

    if (size > KW_ADMIN_MAX_PICTURE)
        return;
    for (gsize at = 0; at < size; at += PART_BYTES) {
        g_autofree gchar *part = g_base64_encode(bytes + at, MIN(size - at, PART_BYTES));
        g_autofree gchar *line = format_answer(id, "picture", part);

        if (!kw_line_server_send(self->server, peer, line))
            return;
    }
}

static gboolean
kw_admin_reply(KwChannel *channel,
               const gchar *chat,
               gint64 request,
               const KwChannelContent *content)
{
    KwAdmin *self = KW_ADMIN(channel);
    const Pending *found = g_hash_table_lookup(self->pending, &request);
    g_autofree gchar *line = NULL;
    const gint64 *id;
    Pending pending;

    if (found == NULL)
        return FALSE;
    pending = *found;
    (void) g_hash_table_remove(self->pending, &request);
    id = pending.has_id ? &pending.id : NULL;
    line = format_answer(id, "reply", content->text);
    if (pending.wants_picture && content->picture != NULL)
        send_picture(self, pending.peer, id, content->picture);
    return kw_line_server_send(self->server, pending.peer, line);
}

static KwChannelTaken
kw_admin_broadcast(KwChannel *channel, const gchar *key, const KwChannelContent *content)
{
    KwAdmin *self = KW_ADMIN(channel);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *line = NULL;
    g_autoptr(GList) peers = g_hash_table_get_keys(self->listeners);
    gboolean is_told = FALSE;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "event", key);
    kw_json_add_string(builder, "text", content->text);
    json_builder_end_object(builder);
    line = kw_json_builder_to_text(builder);
    for (GList *l = peers; l != NULL; l = l->next)
        is_told |= kw_line_server_send(self->server, GPOINTER_TO_UINT(l->data), line);
    return is_told ? KW_CHANNEL_DELIVERED : KW_CHANNEL_REFUSED;
}

static void
kw_admin_channel_init(KwChannelInterface *iface)
{
    iface->get_name = kw_admin_get_name;
    iface->start = kw_admin_start;
    iface->stop = kw_admin_stop;
    iface->is_online = kw_admin_is_online;
    iface->reply = kw_admin_reply;
    iface->broadcast = kw_admin_broadcast;
}

/* -- life -- */

KwAdmin *
kw_admin_new(const gchar *path, guint owner, const KwAdminTexts *texts)
{
    KwAdmin *self = NULL;
    g_autofree gchar *denied = NULL, *full = NULL, *overlong = NULL;

    g_return_val_if_fail(path != NULL && texts != NULL, NULL);

    denied = format_answer(NULL, "error", texts->denied);
    full = format_answer(NULL, "error", texts->full);
    overlong = format_answer(NULL, "error", texts->too_long);
    self = g_object_new(KW_TYPE_ADMIN, NULL);
    self->bad_json = g_strdup(texts->bad_json);
    self->bad_message = g_strdup(texts->bad_message);
    self->zero_byte = g_strdup(texts->zero_byte);
    self->too_many = g_strdup(texts->too_many);
    self->server = kw_line_server_new(
        path, owner,
        &(KwLineServerTexts){.denied = denied, .full = full, .overlong = overlong});
    g_signal_connect_object(self->server, "line", G_CALLBACK(on_line), self, 0);
    g_signal_connect_object(self->server, "closed", G_CALLBACK(on_closed), self, 0);
    return self;
}

static void
kw_admin_dispose(GObject *object)
{
    KwAdmin *self = KW_ADMIN(object);

    if (self->server != NULL)
        kw_admin_stop(KW_CHANNEL(self));
    g_clear_object(&self->server);

    G_OBJECT_CLASS(kw_admin_parent_class)->dispose(object);
}

static void
kw_admin_finalize(GObject *object)
{
    KwAdmin *self = KW_ADMIN(object);

    g_clear_pointer(&self->pending, g_hash_table_unref);
    g_clear_pointer(&self->listeners, g_hash_table_unref);
    g_clear_pointer(&self->bad_json, g_free);
    g_clear_pointer(&self->bad_message, g_free);
    g_clear_pointer(&self->zero_byte, g_free);
    g_clear_pointer(&self->too_many, g_free);

    G_OBJECT_CLASS(kw_admin_parent_class)->finalize(object);
}

static void
kw_admin_class_init(KwAdminClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_admin_dispose;
    object_class->finalize = kw_admin_finalize;
}

static void
kw_admin_init(KwAdmin *self)
{
    self->pending = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    self->listeners = g_hash_table_new(NULL, NULL);
}
