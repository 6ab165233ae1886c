/* kw-fake-claude.c: scripted answers over a SoupServer
 *
 * Messages are sent the way the vendor streams them: every block is opened, filled by one delta
 * and closed. Requests are kept, so that a test can look at what was told to the model. */
#include "kw-fake-claude.h"

#include "kw-test.h"

#include <libsoup/soup.h>
#include <string.h>

typedef struct {
    guint status; /* 0: silence */
    gchar *body, *header;
} Answer;

struct _KwFakeClaude {
    SoupServer *server;
    gchar *url;
    GQueue *answers; /* of Answer */
    GPtrArray *bodies;
    GPtrArray *silent; /* messages that are never answered */
    GHashTable *headers;
    gchar *path;
    KwFakeModelFunc func;
    gpointer user_data;
    guint delay_ms;
};

static void
answer_free(gpointer data)
{
    Answer *answer = data;

    g_free(answer->body);
    g_free(answer->header);
    g_free(answer);
}

/* -- a message as a stream -- */

static void add_event(GString *stream, const gchar *type, const gchar *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
add_event(GString *stream, const gchar *type, const gchar *format, ...)
{
    va_list args;

    g_string_append_printf(stream, "event: %s\ndata: {\"type\":\"%s\"", type, type);
    va_start(args, format);
    g_string_append_vprintf(stream, format, args);
    va_end(args);
    g_string_append(stream, "}\n\n");
}

static gchar *
to_text(JsonNode *node)
{
    return node != NULL ? json_to_string(node, FALSE) : g_strdup("null");
}

/* The text as it stands in JSON, quotes included */
static gchar *
quote(const gchar *text)
{
    g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);

    return json_to_string(node, FALSE);
}

static void
add_block(GString *stream, guint index, JsonObject *block)
{
    const gchar *type = json_object_get_string_member(block, "type");
    g_autoptr(JsonNode) empty = json_node_alloc();
    g_autofree gchar *start = NULL;

    if (strcmp(type, "text") == 0) {
        g_autofree gchar *text = quote(json_object_get_string_member(block, "text"));

        add_event(stream, "content_block_start",
                  ",\"index\":%u,\"content_block\":{\"type\":\"text\",\"text\":\"\"}", index);
        add_event(stream, "content_block_delta",
                  ",\"index\":%u,\"delta\":{\"type\":\"text_delta\",\"text\":%s}", index, text);
    } else if (strcmp(type, "tool_use") == 0) {
        g_autofree gchar *input = to_text(json_object_get_member(block, "input"));
        g_autofree gchar *piece = quote(input);

        add_event(stream, "content_block_start",
                  ",\"index\":%u,\"content_block\":{\"type\":\"tool_use\",\"id\":\"%s\","
                  "\"name\":\"%s\",\"input\":{}}",
                  index, json_object_get_string_member(block, "id"),
                  json_object_get_string_member(block, "name"));
        add_event(stream, "content_block_delta",
                  ",\"index\":%u,\"delta\":{\"type\":\"input_json_delta\","
                  "\"partial_json\":%s}",
                  index, piece);
    } else {
        json_node_init_object(empty, block);
        start = json_to_string(empty, FALSE);
        add_event(stream, "content_block_start", ",\"index\":%u,\"content_block\":%s", index,
                  start);
    }
    add_event(stream, "content_block_stop", ",\"index\":%u", index);
}

static gchar *
message_to_stream(const gchar *json)
{
    g_autoptr(JsonNode) root = json_from_string(json, NULL);
    GString *stream = g_string_new(NULL);
    JsonObject *message;
    JsonArray *content;
    g_autofree gchar *usage = NULL;
    g_autofree gchar *reason = NULL;

    g_assert_nonnull(root);
    message = json_node_get_object(root);
    content = json_object_get_array_member(message, "content");
    usage = to_text(json_object_get_member(message, "usage"));
    reason = to_text(json_object_get_member(message, "stop_reason"));
    add_event(stream, "message_start",
              ",\"message\":{\"id\":\"%s\",\"type\":\"message\",\"role\":\"assistant\","
              "\"content\":[],\"stop_reason\":null,\"usage\":%s}",
              json_object_get_string_member_with_default(message, "id", "msg_0"), usage);
    for (guint i = 0; i < json_array_get_length(content); i++)
        add_block(stream, i, json_array_get_object_element(content, i));
    add_event(stream, "message_delta", ",\"delta\":{\"stop_reason\":%s},\"usage\":%s", reason,
              usage);
    add_event(stream, "message_stop", "%s", "");
    return g_string_free(stream, FALSE);
}

/* -- the server -- */

static void
send_answer(SoupServerMessage *message, const Answer *answer)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    const gchar *type = answer->status == 200 ? "text/event-stream" : "application/json";

    soup_message_headers_append(headers, "request-id", "req_fake");
    if (answer->header != NULL) {
        g_auto(GStrv) sides = g_strsplit(answer->header, ": ", 2);

        soup_message_headers_append(headers, sides[0], sides[1]);
    }
    soup_server_message_set_status(message, answer->status, NULL);
    soup_server_message_set_response(message, type, SOUP_MEMORY_COPY, answer->body,
                                     strlen(answer->body));
}

static Answer *
next_answer(KwFakeClaude *self, const gchar *body)
{
    Answer *answer = g_queue_pop_head(self->answers);
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *json = NULL;

    if (answer != NULL)
        return answer;
    g_assert_nonnull(self->func);
    root = json_from_string(body, NULL);
    g_assert_nonnull(root);
    json = self->func(json_node_get_object(root), self->user_data);
    answer = g_new0(Answer, 1);
    answer->status = 200;
    answer->body = message_to_stream(json);
    return answer;
}

static gboolean
on_delay_over(gpointer user_data)
{
    SoupServerMessage *message = user_data;

    soup_server_message_unpause(message);
    return G_SOURCE_REMOVE;
}

static void
on_header(const char *name, const char *value, gpointer user_data)
{
    KwFakeClaude *self = user_data;

    g_hash_table_replace(self->headers, g_ascii_strdown(name, -1), g_strdup(value));
}

static void
on_request(SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
    KwFakeClaude *self = user_data;
    g_autoptr(GBytes) bytes =
        soup_message_body_flatten(soup_server_message_get_request_body(message));
    gchar *body = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    Answer *answer;

    g_ptr_array_add(self->bodies, body);
    g_free(self->path);
    self->path = g_strdup(path);
    g_hash_table_remove_all(self->headers);
    soup_message_headers_foreach(soup_server_message_get_request_headers(message), on_header,
                                 self);
    answer = next_answer(self, body);
    if (answer->status == 0) {
        soup_server_message_pause(message);
        g_ptr_array_add(self->silent, g_object_ref(message));
    } else {
        send_answer(message, answer);
        if (self->delay_ms > 0) {
            soup_server_message_pause(message);
            (void) g_timeout_add_full(G_PRIORITY_DEFAULT, self->delay_ms, on_delay_over,
                                      g_object_ref(message), g_object_unref);
        }
    }
    answer_free(answer);
}

KwFakeClaude *
kw_fake_claude_new(void)
{
    KwFakeClaude *self = g_new0(KwFakeClaude, 1);
    g_autoptr(GError) error = NULL;
    GSList *uris;

    self->answers = g_queue_new();
    self->bodies = g_ptr_array_new_with_free_func(g_free);
    self->silent = g_ptr_array_new_with_free_func(g_object_unref);
    self->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->server = g_object_new(SOUP_TYPE_SERVER, NULL);
    soup_server_add_handler(self->server, NULL, on_request, self, NULL);
    g_assert_true(
        soup_server_listen_local(self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
    uris = soup_server_get_uris(self->server);
    self->url = g_strdup_printf("http://127.0.0.1:%d", g_uri_get_port(uris->data));
    g_slist_free_full(uris, (GDestroyNotify) g_uri_unref);
    return self;
}

void
kw_fake_claude_free(KwFakeClaude *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->silent);
    soup_server_disconnect(self->server);
    g_object_unref(self->server);
    g_queue_free_full(self->answers, answer_free);
    g_ptr_array_unref(self->bodies);
    g_hash_table_unref(self->headers);
    g_free(self->path);
    g_free(self->url);
    g_free(self);
}

const gchar *
kw_fake_claude_get_url(const KwFakeClaude *self)
{
    return self->url;
}

/* -- answers -- */

void
kw_fake_claude_set_model(KwFakeClaude *self, KwFakeModelFunc func, gpointer user_data)
{
    self->func = func;
    self->user_data = user_data;
}

static void
push(KwFakeClaude *self, guint status, gchar *body, const gchar *header)
{
    Answer *answer = g_new0(Answer, 1);

    answer->status = status;
    answer->body = body;
    answer->header = g_strdup(header);
    g_queue_push_tail(self->answers, answer);
}

void
kw_fake_claude_push_message(KwFakeClaude *self, const gchar *json)
{
    push(self, 200, message_to_stream(json), NULL);
}

void
kw_fake_claude_push_stream(KwFakeClaude *self, const gchar *stream)
{
    push(self, 200, g_strdup(stream), NULL);
}

void
kw_fake_claude_push_status(KwFakeClaude *self,
                           guint status,
                           const gchar *body,
                           const gchar *header)
{
    push(self, status, g_strdup(body), header);
}

void
kw_fake_claude_push_silence(KwFakeClaude *self)
{
    push(self, 0, NULL, NULL);
}

void
kw_fake_claude_push_file(KwFakeClaude *self, const gchar *name)
{
    g_autofree gchar *relative = g_build_filename("claude", name, NULL);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autofree gchar *content = NULL;

    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    if (g_str_has_suffix(name, ".json"))
        kw_fake_claude_push_message(self, content);
    else /* the recorded ones end without the blank line that ends an event */
        push(self, 200,
             g_strconcat(content, g_str_has_prefix(name, "sdk_") ? "\n\n" : "", NULL), NULL);
}

void
kw_fake_claude_clear(KwFakeClaude *self)
{
    g_queue_clear_full(self->answers, answer_free);
}

void
kw_fake_claude_set_delay_ms(KwFakeClaude *self, guint delay_ms)
{
    self->delay_ms = delay_ms;
}

/* -- what was asked -- */

guint
kw_fake_claude_get_n_requests(const KwFakeClaude *self)
{
    return self->bodies->len;
}

const gchar *
kw_fake_claude_get_body(const KwFakeClaude *self, guint index)
{
    g_assert_cmpuint(index, <, self->bodies->len);
    return g_ptr_array_index(self->bodies, index);
}

const gchar *
kw_fake_claude_get_header(const KwFakeClaude *self, const gchar *name)
{
    return g_hash_table_lookup(self->headers, name);
}

const gchar *
kw_fake_claude_get_path(const KwFakeClaude *self)
{
    return self->path;
}

/* -- messages -- */

gchar *
kw_fake_claude_say(const gchar *text)
{
    g_autofree gchar *quoted = quote(text);

    return g_strdup_printf("{\"id\":\"msg_1\",\"content\":[{\"type\":\"text\",\"text\":%s}],"
                           "\"stop_reason\":\"end_turn\","
                           "\"usage\":{\"input_tokens\":800,\"output_tokens\":60}}",
                           quoted);
}

gchar *
kw_fake_claude_call(const gchar *name, const gchar *input)
{
    return g_strdup_printf("{\"id\":\"msg_1\",\"content\":[{\"type\":\"tool_use\",\"id\":"
                           "\"toolu_1\",\"name\":\"%s\",\"input\":%s}],"
                           "\"stop_reason\":\"tool_use\","
                           "\"usage\":{\"input_tokens\":700,\"output_tokens\":40}}",
                           name, input);
}
