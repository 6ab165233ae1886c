#include "kw-fake-signal.h"

#include "kw-fake-signal-web.h"
#include "kw-json.h"
#include "kw-line-client.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    gchar *method;
    gchar *members;
} Planned;

struct _KwFakeSignal {
    KwFakeSignalDoor door;
    gchar *path;
    gchar *address;          /* as the configuration has it */
    guint port;              /* 0 for a UNIX socket */
    GSocketService *service; /* NULL: dead, or HTTP */
    KwFakeSignalWeb *web;    /* NULL: dead, or lines */
    GPtrArray *peers;        /* GSocketConnection */
    GPtrArray *calls;        /* KwFakeSignalCall */
    GQueue planned;          /* Planned */
    gchar *fingerprint;
    GString *to_write;
    gboolean is_writing;
};

typedef struct {
    GSocketConnection *peer;
    GDataInputStream *in;
} Reader;

static void
planned_free(gpointer data)
{
    g_free(((Planned *) data)->method);
    g_free(((Planned *) data)->members);
    g_free(data);
}

static void
call_free(gpointer data)
{
    KwFakeSignalCall *call = data;

    g_free(call->method);
    json_object_unref(call->params);
    g_free(call);
}

static Planned *
take_planned(KwFakeSignal *self, const gchar *method)
{
    for (GList *l = self->planned.head; l != NULL; l = l->next) {
        Planned *planned = l->data;

        if (g_str_equal(planned->method, method)) {
            g_queue_delete_link(&self->planned, l);
            return planned;
        }
    }
    return NULL;
}

static void
tell_web(KwFakeSignal *self, const gchar *line, gsize length)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(line, (gssize) length, NULL);
    JsonObject *params = json_object_get_object_member(json_node_get_object(root), "params");
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), params);
    g_autofree gchar *text = NULL;

    if (json_object_has_member(params, "result")) /* of a subscription */
        text = json_to_string(json_object_get_member(params, "result"), FALSE);
    else
        text = json_to_string(node, FALSE);
    kw_fake_signal_web_tell(self->web, text);
}

static void
write_web(KwFakeSignal *self, const gchar *bytes, gsize length)
{
    const gchar *end = bytes + length, *stop;

    for (const gchar *at = bytes; at < end; at = stop + 1) {
        stop = memchr(at, '\n', (gsize) (end - at));
        g_assert_nonnull(stop);
        tell_web(self, at, (gsize) (stop - at));
    }
}

static void
write_lines(KwFakeSignal *self, const gchar *bytes, gsize length)
{
    for (guint i = 0; i < self->peers->len; i++) {
        GSocket *socket = g_socket_connection_get_socket(self->peers->pdata[i]);

        for (gsize at = 0; at < length;) {
            gssize n =
                g_socket_send_with_blocking(socket, bytes + at, length - at, FALSE, NULL, NULL);

            if (n > 0)
                at += (gsize) n;
            else if (!g_socket_is_connected(socket) ||
                     (g_socket_condition_check(socket, G_IO_HUP | G_IO_ERR) != 0))
                break;
            else
                (void) g_main_context_iteration(NULL, FALSE);
        }
    }
}

/* The main loop runs while much is written: what is to be written meanwhile waits. */
void
kw_fake_signal_write(KwFakeSignal *self, const gchar *bytes, gsize length)
{
    if (self->web != NULL) {
        write_web(self, bytes, length);
        return;
    }
    g_string_append_len(self->to_write, bytes, (gssize) length);
    while (!self->is_writing && self->to_write->len > 0) {
        g_autoptr(GString) now = g_steal_pointer(&self->to_write);

        self->to_write = g_string_new(NULL);
        self->is_writing = TRUE;
        write_lines(self, now->str, now->len);
        self->is_writing = FALSE;
    }
}

void
kw_fake_signal_answer(KwFakeSignal *self, gint64 id, const gchar *members)
{
    g_autofree gchar *line =
        g_strdup_printf("{\"jsonrpc\":\"2.0\",%s,\"id\":%" G_GINT64_FORMAT "}\n", members, id);

    if (self->web != NULL)
        kw_fake_signal_web_answer(self->web, id, line);
    else
        kw_fake_signal_write(self, line, strlen(line));
}

static gchar *
make_answer(KwFakeSignal *self, const gchar *method)
{
    if (g_str_equal(method, "version"))
        return g_strdup("\"result\":{\"version\":\"0.13.19\"}");
    if (g_str_equal(method, "subscribeReceive"))
        return g_strdup("\"result\":0");
    if (g_str_equal(method, "listIdentities"))
        return g_strdup_printf(
            "\"result\":[{\"number\":\"%s\",\"uuid\":\"%s\",\"fingerprint\":\"%s\"}]",
            KW_FAKE_SIGNAL_NUMBER, KW_FAKE_SIGNAL_OWNER, self->fingerprint);
    if (g_str_equal(method, "getUserStatus"))
        return g_strdup("\"result\":[{\"recipient\":\"" KW_FAKE_SIGNAL_NUMBER
                        "\",\"number\":\"" KW_FAKE_SIGNAL_NUMBER
                        "\",\"uuid\":\"" KW_FAKE_SIGNAL_OWNER "\",\"isRegistered\":true}]");
    if (g_str_equal(method, "trust"))
        return g_strdup("\"result\":{}");
    return g_strdup(
        "\"result\":{\"timestamp\":1795219200123,\"results\":[{\"recipientAddress\":"
        "{\"uuid\":\"" KW_FAKE_SIGNAL_OWNER "\"},\"type\":\"SUCCESS\"}]}");
}

/* Returns: (transfer full): the answer but for its frame; NULL: there is none yet */
static gchar *
take_call(KwFakeSignal *self, const gchar *line, gsize length, gint64 *out_id)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(line, (gssize) length, NULL);
    KwFakeSignalCall *call = g_new0(KwFakeSignalCall, 1);
    JsonObject *object;
    gchar *members = NULL;
    Planned *planned;

    g_assert_nonnull(root);
    object = json_node_get_object(root);
    g_assert_cmpstr(json_object_get_string_member(object, "jsonrpc"), ==, "2.0");
    g_assert_cmpuint(json_object_get_size(object), ==, 4); /* others are refused */
    call->id = json_object_get_int_member(object, "id");
    call->method = g_strdup(json_object_get_string_member(object, "method"));
    call->params = json_object_ref(json_object_get_object_member(object, "params"));
    g_assert_cmpstr(json_object_get_string_member(call->params, "account"), ==,
                    KW_FAKE_SIGNAL_ACCOUNT);
    g_ptr_array_add(self->calls, call);
    planned = take_planned(self, call->method);
    members = planned != NULL ? g_strdup(planned->members) : make_answer(self, call->method);
    if (planned != NULL)
        planned_free(planned);
    *out_id = call->id;
    return members;
}

static void
on_call(KwFakeSignal *self, const gchar *line, gsize length)
{
    gint64 id;
    g_autofree gchar *members = take_call(self, line, length, &id);

    if (members != NULL)
        kw_fake_signal_answer(self, id, members);
}

static gchar *
on_web_call(const gchar *request, gpointer user_data)
{
    gint64 id;
    g_autofree gchar *members = take_call(user_data, request, strlen(request), &id);

    return members != NULL
               ? g_strdup_printf("{\"jsonrpc\":\"2.0\",%s,\"id\":%" G_GINT64_FORMAT "}",
                                 members, id)
               : NULL;
}

/* -- connections -- */

static void read_line(Reader *reader);

static void
reader_free(Reader *reader)
{
    g_object_unref(reader->in);
    g_object_unref(reader->peer);
    g_free(reader);
}

static void
on_line_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Reader *reader = user_data;
    gsize length = 0;
    g_autofree gchar *line = g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(source),
                                                                  result, &length, NULL);
    KwFakeSignal *self = g_object_get_data(G_OBJECT(reader->peer), "server");

    if (line == NULL || self == NULL) {
        if (self != NULL)
            (void) g_ptr_array_remove(self->peers, reader->peer);
        reader_free(reader);
        return;
    }
    on_call(self, line, length);
    read_line(reader);
}

static void
read_line(Reader *reader)
{
    g_data_input_stream_read_line_async(reader->in, G_PRIORITY_DEFAULT, NULL, on_line_read,
                                        reader);
}

static gboolean
on_incoming(GSocketService *service,
            GSocketConnection *peer,
            GObject *source,
            gpointer user_data)
{
    KwFakeSignal *self = user_data;
    Reader *reader = g_new0(Reader, 1);

    reader->peer = g_object_ref(peer);
    reader->in = g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(peer)));
    g_object_set_data(G_OBJECT(peer), "server", self);
    g_ptr_array_add(self->peers, g_object_ref(peer));
    read_line(reader);
    return TRUE;
}

static guint
listen_at(KwFakeSignal *self, GSocketAddress *address)
{
    g_autoptr(GSocketAddress) bound = NULL;
    g_autoptr(GError) error = NULL;

    self->service = g_socket_service_new();
    (void) g_socket_listener_add_address(G_SOCKET_LISTENER(self->service), address,
                                         G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL,
                                         &bound, &error);
    g_assert_no_error(error);
    g_signal_connect(self->service, "incoming", G_CALLBACK(on_incoming), self);
    return G_IS_INET_SOCKET_ADDRESS(bound)
               ? g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound))
               : 0;
}

void
kw_fake_signal_revive(KwFakeSignal *self)
{
    g_autoptr(GSocketAddress) address = NULL;

    switch (self->door) {
    case KW_FAKE_SIGNAL_UNIX:
        (void) g_unlink(self->path);
        address = g_unix_socket_address_new(self->path);
        self->port = listen_at(self, address);
        return;
    case KW_FAKE_SIGNAL_TCP:
        address = g_inet_socket_address_new_from_string("127.0.0.1", self->port);
        self->port = listen_at(self, address);
        return;
    case KW_FAKE_SIGNAL_HTTP:
    case KW_FAKE_SIGNAL_CONTAINER:
        self->web = kw_fake_signal_web_new(self->door, self->port, on_web_call, self);
        self->port = kw_fake_signal_web_get_port(self->web);
        return;
    }
}

void
kw_fake_signal_die(KwFakeSignal *self)
{
    g_clear_pointer(&self->web, kw_fake_signal_web_free);
    if (self->service == NULL)
        return;
    g_socket_service_stop(self->service);
    g_socket_listener_close(G_SOCKET_LISTENER(self->service));
    g_clear_object(&self->service);
    while (self->peers->len > 0) {
        GSocketConnection *peer = self->peers->pdata[0];

        g_object_set_data(G_OBJECT(peer), "server", NULL);
        (void) g_socket_shutdown(g_socket_connection_get_socket(peer), TRUE, TRUE, NULL);
        g_ptr_array_remove_index(self->peers, 0);
    }
}

/* -- for the test -- */

void
kw_fake_signal_say(KwFakeSignal *self, const gchar *text, gint64 timestamp)
{
    kw_fake_signal_say_as(self, KW_FAKE_SIGNAL_OWNER, text, timestamp);
}

void
kw_fake_signal_say_as(KwFakeSignal *self,
                      const gchar *uuid,
                      const gchar *text,
                      gint64 timestamp)
{
    g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);
    g_autofree gchar *json = json_to_string(node, FALSE);
    g_autofree gchar *line = g_strdup_printf(
        "{\"jsonrpc\":\"2.0\",\"method\":\"receive\",\"params\":{\"envelope\":{\"source\":\"%"
        "s\""
        ",\"sourceNumber\":null,\"sourceUuid\":\"%s\",\"sourceName\":\"Sarah\","
        "\"sourceDevice\":1"
        ",\"timestamp\":%" G_GINT64_FORMAT ",\"dataMessage\":{\"timestamp\":%" G_GINT64_FORMAT
        ",\"message\":%s,\"expiresInSeconds\":0,\"viewOnce\":false}},\"account\":\"%s\"}}\n",
        uuid, uuid, timestamp, timestamp, json, KW_FAKE_SIGNAL_ACCOUNT);

    kw_fake_signal_write(self, line, strlen(line));
}

void
kw_fake_signal_next(KwFakeSignal *self, const gchar *method, const gchar *members)
{
    Planned *planned = g_new0(Planned, 1);

    planned->method = g_strdup(method);
    planned->members = g_strdup(members);
    g_queue_push_tail(&self->planned, planned);
}

void
kw_fake_signal_set_key(KwFakeSignal *self, const gchar *fingerprint)
{
    g_free(self->fingerprint);
    self->fingerprint = g_strdup(fingerprint);
}

void
kw_fake_signal_forget(KwFakeSignal *self)
{
    g_ptr_array_set_size(self->calls, 0);
}

const GPtrArray *
kw_fake_signal_get_calls(KwFakeSignal *self)
{
    return self->calls;
}

static const KwFakeSignalCall *
find_call(KwFakeSignal *self, const gchar *method, guint n)
{
    for (guint i = 0; i < self->calls->len; i++) {
        const KwFakeSignalCall *call = self->calls->pdata[i];

        if (g_str_equal(call->method, method) && --n == 0)
            return call;
    }
    return NULL;
}

guint
kw_fake_signal_count(KwFakeSignal *self, const gchar *method)
{
    guint n = 0;

    while (find_call(self, method, n + 1) != NULL)
        n++;
    return n;
}

typedef struct {
    KwFakeSignal *server;
    const gchar *method;
    guint n;
} Wanted;

static gboolean
has_call(gpointer user_data)
{
    const Wanted *wanted = user_data;

    return find_call(wanted->server, wanted->method, wanted->n) != NULL;
}

const KwFakeSignalCall *
kw_fake_signal_wait(KwFakeSignal *self, const gchar *method, guint n)
{
    kw_line_client_wait_until(has_call, &(Wanted){self, method, n});
    return find_call(self, method, n);
}

static gchar *
make_address(const KwFakeSignal *self)
{
    switch (self->door) {
    case KW_FAKE_SIGNAL_UNIX:
        return g_strdup(self->path);
    case KW_FAKE_SIGNAL_TCP:
        return g_strdup_printf("tcp:127.0.0.1:%u", self->port);
    case KW_FAKE_SIGNAL_HTTP:
        return g_strdup_printf("http://127.0.0.1:%u", self->port);
    case KW_FAKE_SIGNAL_CONTAINER:
        return g_strdup_printf("container:http://127.0.0.1:%u", self->port);
    }
    g_return_val_if_reached(NULL);
}

const gchar *
kw_fake_signal_get_address(KwFakeSignal *self)
{
    return self->address;
}

KwFakeSignal *
kw_fake_signal_new_at(KwFakeSignalDoor door, const gchar *path)
{
    KwFakeSignal *self = g_new0(KwFakeSignal, 1);

    self->door = door;
    self->path = g_strdup(path);
    self->peers = g_ptr_array_new_with_free_func(g_object_unref);
    self->calls = g_ptr_array_new_with_free_func(call_free);
    self->fingerprint = g_strdup("05aabb");
    self->to_write = g_string_new(NULL);
    g_queue_init(&self->planned);
    kw_fake_signal_revive(self);
    self->address = make_address(self);
    return self;
}

KwFakeSignal *
kw_fake_signal_new(const gchar *path)
{
    return kw_fake_signal_new_at(KW_FAKE_SIGNAL_UNIX, path);
}

void
kw_fake_signal_free(KwFakeSignal *self)
{
    if (self == NULL)
        return;
    kw_fake_signal_die(self);
    kw_line_client_settle(); /* readers see the end of their connections */
    g_ptr_array_unref(self->peers);
    g_ptr_array_unref(self->calls);
    g_queue_clear_full(&self->planned, planned_free);
    g_free(self->fingerprint);
    g_string_free(self->to_write, TRUE);
    g_free(self->address);
    g_free(self->path);
    g_free(self);
}
