/* kw-fake-signal-web.c: signal-cli behind HTTP, and the container around it
 *
 * signal-cli itself takes JSON-RPC in a POST and sends what it receives as server-sent events.
 * The container has a path for each thing that can be done, its own names for the parameters,
 * and a WebSocket; it translates into JSON-RPC and back, and loses on the way what the tests of
 * the client have to cope with: the single results of a send. */
#include "kw-fake-signal-web.h"

#include "kw-json.h"

#include <libsoup/soup.h>
#include <string.h>

struct _KwFakeSignalWeb {
    KwFakeSignalDoor door;
    SoupServer *server;
    KwFakeSignalCallFunc func;
    gpointer user_data;
    GPtrArray *streams;  /* SoupServerMessage: of events */
    GPtrArray *sockets;  /* SoupWebsocketConnection */
    GHashTable *waiting; /* gint64 -> SoupServerMessage: calls that are answered later */
    gint64 last_id;      /* of calls of the container */
};

static void
respond(SoupServerMessage *message, guint status, const gchar *body)
{
    soup_server_message_set_status(message, status, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, body,
                                     strlen(body));
}

/* -- the container: answers -- */

static const gchar *
error_text(JsonObject *error)
{
    return json_object_get_int_member(error, "code") == -4
               ? "Unable to complete request due to untrusted recipient keys"
               : json_object_get_string_member(error, "message");
}

static void
respond_error(SoupServerMessage *message, JsonObject *error)
{
    gboolean is_limit = json_object_get_int_member(error, "code") == -5;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *body = NULL;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "error", error_text(error));
    if (is_limit)
        kw_json_add_string(builder, "account", KW_FAKE_SIGNAL_ACCOUNT);
    json_builder_end_object(builder);
    body = kw_json_builder_to_text(builder);
    respond(message, is_limit ? 429 : 400, body);
}

/* As the container words what JSON-RPC says */
static void
respond_as_container(SoupServerMessage *message, const gchar *answer)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(answer, -1, NULL);
    JsonObject *object = json_node_get_object(root);
    const gchar *path = g_uri_get_path(soup_server_message_get_uri(message));
    g_autofree gchar *body = NULL;

    if (json_object_has_member(object, "error")) {
        respond_error(message, json_object_get_object_member(object, "error"));
    } else if (g_str_has_prefix(path, "/v1/identities")) {
        body = json_to_string(json_object_get_member(object, "result"), FALSE);
        respond(message, strstr(path, "/trust/") != NULL ? 204 : 200, body);
    } else if (g_str_has_prefix(path, "/v2/send")) {
        respond(message, 201, "{\"timestamp\":\"1795219200123\"}");
    } else {
        respond(message, 204, "");
    }
}

/* -- the container: requests -- */

static void
copy(JsonObject *from, const gchar *name, JsonObject *to, const gchar *as)
{
    if (json_object_has_member(from, name))
        json_object_set_member(to, as, json_node_copy(json_object_get_member(from, name)));
}

static const struct {
    const gchar *verb, *path, *method;
    const gchar *names[4][2]; /* the container's, signal-cli's */
} routes[] = {
    {"POST",
     "/v2/send",
     "send",
     {{"message", "message"},
      {"recipients", "recipient"},
      {"base64_attachments", "attachment"}}},
    {"PUT", "/v1/typing-indicator/", "sendTyping", {{"recipient", "recipient"}}},
    {"POST",
     "/v1/receipts/",
     "sendReceipt",
     {{"recipient", "recipient"}, {"timestamp", "targetTimestamp"}, {"receipt_type", "type"}}},
    {"POST",
     "/v1/reactions/",
     "sendReaction",
     {{"recipient", "recipient"},
      {"reaction", "emoji"},
      {"target_author", "targetAuthor"},
      {"timestamp", "targetTimestamp"}}},
    {"PUT", "/v1/identities/", "trust", {{"trust_all_known_keys", "trustAllKnownKeys"}}},
    {"GET", "/v1/identities/", "listIdentities", {{NULL}}},
    {"GET", "/v1/about", "version", {{NULL}}},
};

static gchar *
to_rpc(KwFakeSignalWeb *self, gsize route, JsonObject *body, const gchar *path)
{
    g_autoptr(JsonNode) node = json_node_alloc();
    JsonObject *all = json_object_new(), *params = json_object_new();
    const gchar *trusted = strstr(path, "/trust/");

    for (gsize i = 0; i < 4 && body != NULL && routes[route].names[i][0] != NULL; i++)
        copy(body, routes[route].names[i][0], params, routes[route].names[i][1]);
    if (trusted != NULL)
        json_object_set_string_member(params, "recipient", trusted + strlen("/trust/"));
    json_object_set_string_member(params, "account", KW_FAKE_SIGNAL_ACCOUNT);
    json_object_set_string_member(all, "jsonrpc", "2.0");
    json_object_set_int_member(all, "id", ++self->last_id);
    json_object_set_string_member(all, "method", routes[route].method);
    json_object_set_object_member(all, "params", params);
    json_node_take_object(node, all);
    return json_to_string(node, FALSE);
}

/* The number of the bot stands in the path, but for "send" and "about". */
static void
check_account(const gchar *path, JsonObject *body)
{
    if (g_str_has_prefix(path, "/v2/send"))
        g_assert_cmpstr(json_object_get_string_member(body, "number"), ==,
                        KW_FAKE_SIGNAL_ACCOUNT);
    else if (!g_str_has_prefix(path, "/v1/about"))
        g_assert_nonnull(strstr(path, "/" KW_FAKE_SIGNAL_ACCOUNT));
}

static void
wait_for_answer(KwFakeSignalWeb *self, SoupServerMessage *message, gint64 id)
{
    g_hash_table_insert(self->waiting, g_memdup2(&id, sizeof id), g_object_ref(message));
    soup_server_message_pause(message);
}

static void
on_container(KwFakeSignalWeb *self, SoupServerMessage *message, const gchar *path)
{
    SoupMessageBody *request = soup_server_message_get_request_body(message);
    g_autoptr(GBytes) bytes = soup_message_body_flatten(request);
    g_autoptr(JsonNode) root = kw_json_parse(bytes, NULL);
    JsonObject *body = root != NULL ? json_node_get_object(root) : NULL;
    g_autofree gchar *rpc = NULL;
    g_autofree gchar *answer = NULL;
    gsize i = 0;

    while (i < G_N_ELEMENTS(routes) &&
           (!g_str_equal(routes[i].verb, soup_server_message_get_method(message)) ||
            !g_str_has_prefix(path, routes[i].path)))
        i++;
    g_assert_cmpuint(i, <, G_N_ELEMENTS(routes));
    check_account(path, body);
    rpc = to_rpc(self, i, body, path);
    answer = self->func(rpc, self->user_data);
    if (answer == NULL)
        wait_for_answer(self, message, self->last_id);
    else if (g_str_equal(path, "/v1/about"))
        respond(message, 200,
                "{\"versions\":[\"v1\",\"v2\"],\"mode\":\"json-rpc\","
                "\"version\":\"0.95\"}");
    else
        respond_as_container(message, answer);
}

static void
on_socket(SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          SoupWebsocketConnection *connection,
          gpointer user_data)
{
    KwFakeSignalWeb *self = user_data;

    g_assert_cmpstr(path, ==, "/v1/receive/" KW_FAKE_SIGNAL_ACCOUNT);
    g_ptr_array_add(self->sockets, g_object_ref(connection));
}

/* -- signal-cli itself -- */

static void
on_stream_over(SoupServerMessage *message, gpointer user_data)
{
    (void) g_ptr_array_remove(((KwFakeSignalWeb *) user_data)->streams, message);
}

static void
open_stream(KwFakeSignalWeb *self, SoupServerMessage *message, GHashTable *query)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);

    if (query != NULL)
        g_assert_cmpstr(g_hash_table_lookup(query, "account"), ==, KW_FAKE_SIGNAL_ACCOUNT);
    soup_server_message_set_status(message, 200, NULL);
    soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
    soup_message_headers_set_content_type(headers, "text/event-stream", NULL);
    soup_message_body_append(soup_server_message_get_response_body(message), SOUP_MEMORY_STATIC,
                             ":\n", 2);
    g_ptr_array_add(self->streams, g_object_ref(message));
    g_signal_connect(message, "finished", G_CALLBACK(on_stream_over), self);
    g_signal_connect(message, "disconnected", G_CALLBACK(on_stream_over), self);
}

static void
on_rpc(KwFakeSignalWeb *self, SoupServerMessage *message)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    SoupMessageBody *request = soup_server_message_get_request_body(message);
    g_autoptr(GBytes) bytes = soup_message_body_flatten(request);
    g_autoptr(JsonNode) root = kw_json_parse(bytes, NULL);
    g_autofree gchar *answer = NULL;

    if (!g_str_has_prefix(soup_message_headers_get_one(headers, "Content-Type"),
                          "application/json")) {
        respond(message, 415, "");
        return;
    }
    answer = self->func(g_bytes_get_data(bytes, NULL), self->user_data);
    if (answer != NULL)
        respond(message, 200, answer);
    else
        wait_for_answer(self, message,
                        json_object_get_int_member(json_node_get_object(root), "id"));
}

static void
on_request(SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
    KwFakeSignalWeb *self = user_data;

    if (self->door == KW_FAKE_SIGNAL_CONTAINER)
        on_container(self, message, path);
    else if (g_str_equal(path, "/api/v1/check"))
        respond(message, 200, "");
    else if (g_str_equal(path, "/api/v1/events"))
        open_stream(self, message, query);
    else if (g_str_equal(path, "/api/v1/rpc"))
        on_rpc(self, message);
    else
        respond(message, 404, "");
}

/* -- for the fake -- */

void
kw_fake_signal_web_tell(KwFakeSignalWeb *self, const gchar *params)
{
    g_autofree gchar *event = g_strdup_printf("event:receive\ndata:%s\n\n", params);

    for (guint i = 0; i < self->streams->len; i++) {
        soup_message_body_append(soup_server_message_get_response_body(self->streams->pdata[i]),
                                 SOUP_MEMORY_COPY, event, strlen(event));
        soup_server_message_unpause(self->streams->pdata[i]);
    }
    for (guint i = 0; i < self->sockets->len; i++) {
        if (soup_websocket_connection_get_state(self->sockets->pdata[i]) ==
            SOUP_WEBSOCKET_STATE_OPEN)
            soup_websocket_connection_send_text(self->sockets->pdata[i], params);
    }
}

void
kw_fake_signal_web_answer(KwFakeSignalWeb *self, gint64 id, const gchar *answer)
{
    SoupServerMessage *message = g_hash_table_lookup(self->waiting, &id);

    g_assert_nonnull(message);
    if (self->door == KW_FAKE_SIGNAL_CONTAINER)
        respond_as_container(message, answer);
    else
        respond(message, 200, answer);
    soup_server_message_unpause(message);
    (void) g_hash_table_remove(self->waiting, &id);
}

guint
kw_fake_signal_web_get_port(KwFakeSignalWeb *self)
{
    GSList *uris = soup_server_get_uris(self->server);
    guint port = (guint) g_uri_get_port(uris->data);

    g_slist_free_full(uris, (GDestroyNotify) g_uri_unref);
    return port;
}

KwFakeSignalWeb *
kw_fake_signal_web_new(KwFakeSignalDoor door,
                       guint port,
                       KwFakeSignalCallFunc func,
                       gpointer user_data)
{
    KwFakeSignalWeb *self = g_new0(KwFakeSignalWeb, 1);
    g_autoptr(GError) error = NULL;

    self->door = door;
    self->func = func;
    self->user_data = user_data;
    self->streams = g_ptr_array_new_with_free_func(g_object_unref);
    self->sockets = g_ptr_array_new_with_free_func(g_object_unref);
    self->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_object_unref);
    self->server = g_object_new(SOUP_TYPE_SERVER, NULL);
    soup_server_add_handler(self->server, NULL, on_request, self, NULL);
    if (door == KW_FAKE_SIGNAL_CONTAINER)
        soup_server_add_websocket_handler(self->server, "/v1/receive", NULL, NULL, on_socket,
                                          self, NULL);
    (void) soup_server_listen_local(self->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
    g_assert_no_error(error);
    return self;
}

void
kw_fake_signal_web_free(KwFakeSignalWeb *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->streams->len; i++)
        (void) g_signal_handlers_disconnect_by_data(self->streams->pdata[i], self);
    soup_server_disconnect(self->server);
    g_ptr_array_unref(self->streams);
    g_ptr_array_unref(self->sockets);
    g_hash_table_unref(self->waiting);
    g_object_unref(self->server);
    g_free(self);
}
