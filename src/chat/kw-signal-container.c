/* kw-signal-container.c: JSON-RPC to paths and back
 *
 * signal-cli-rest-api puts a web server before signal-cli: a path for each thing, other names
 * for the parameters, and answers that say less. Link and channel speak JSON-RPC; so this
 * translates at the wire, and what the container keeps for itself is simply not there: the
 * result for each recipient, the code of an error. The code is found again in what the
 * container says in words, as far as the channel acts on it.
 *
 * Everything here is a function of bytes; the requests are made by the wire. */
#include "kw-signal-container.h"

#include "kw-error.h"
#include "kw-json.h"

#include <string.h>

#define MAX_NAMES 4

typedef struct {
    const gchar *rpc;
    const gchar *container;
    gboolean is_list; /* "recipients": ["..."] stays a list; else the one element of it */
} Name;

typedef struct {
    const gchar *method;
    const gchar *verb;
    const gchar *path; /* the number of the bot follows where it ends with a slash */
    Name names[MAX_NAMES];
} Kind;

static const Kind kinds[] = {
    {"send",
     "POST",
     "/v2/send",
     {{"message", "message", FALSE},
      {"recipient", "recipients", TRUE},
      {"attachment", "base64_attachments", TRUE}}},
    {"sendTyping", "PUT", "/v1/typing-indicator/", {{"recipient", "recipient", FALSE}}},
    {"sendReceipt",
     "POST",
     "/v1/receipts/",
     {{"recipient", "recipient", FALSE},
      {"targetTimestamp", "timestamp", FALSE},
      {"type", "receipt_type", FALSE}}},
    {"sendReaction",
     "POST",
     "/v1/reactions/",
     {{"recipient", "recipient", FALSE},
      {"emoji", "reaction", FALSE},
      {"targetAuthor", "target_author", FALSE},
      {"targetTimestamp", "timestamp", FALSE}}},
    {"listIdentities", "GET", "/v1/identities/", {{NULL, NULL, FALSE}}},
    {"trust", "PUT", "/v1/identities/", {{"trustAllKnownKeys", "trust_all_known_keys", FALSE}}},
    {"version", "GET", "/v1/about", {{NULL, NULL, FALSE}}},
};

void
kw_signal_container_call_free(KwSignalContainerCall *self)
{
    if (self == NULL)
        return;
    g_free(self->path);
    g_free(self->body);
    g_free(self);
}

/* -- requests -- */

/* The one string of a list, or what is no list as it is */
static JsonNode *
unwrap(JsonNode *node)
{
    JsonArray *list = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

    if (list != NULL && json_array_get_length(list) == 1)
        return json_array_get_element(list, 0);
    return node;
}

static gchar *
make_body(const Kind *kind, JsonObject *params, const gchar *account)
{
    g_autoptr(JsonNode) node = json_node_alloc();
    JsonObject *body = json_object_new();

    json_node_init_object(node, body);
    json_object_unref(body);
    if (g_str_equal(kind->method, "send"))
        json_object_set_string_member(body, "number", account);
    for (gsize i = 0; i < MAX_NAMES && kind->names[i].rpc != NULL; i++) {
        const Name *name = &kind->names[i];
        JsonNode *value = json_object_get_member(params, name->rpc);

        if (value != NULL)
            json_object_set_member(body, name->container,
                                   json_node_copy(name->is_list ? value : unwrap(value)));
    }
    return kw_json_to_text(node);
}

static gchar *
make_path(const Kind *kind, JsonObject *params, const gchar *account)
{
    g_autofree gchar *number = g_uri_escape_string(account, NULL, FALSE);
    const gchar *other = NULL;
    g_autofree gchar *escaped = NULL;

    if (!g_str_has_suffix(kind->path, "/"))
        return g_strdup(kind->path);
    if (!g_str_equal(kind->method, "trust") ||
        !kw_json_get_string(params, "recipient", &other, NULL))
        return g_strconcat(kind->path, number, NULL);
    escaped = g_uri_escape_string(other, NULL, FALSE);
    return g_strconcat(kind->path, number, "/trust/", escaped, NULL);
}

static const Kind *
find_kind(const gchar *method)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_equal(kinds[i].method, method))
            return &kinds[i];
    }
    return NULL;
}

KwSignalContainerCall *
kw_signal_container_call_new(const gchar *rpc, GError **error)
{
    g_autoptr(KwSignalContainerCall) self = g_new0(KwSignalContainerCall, 1);
    g_autoptr(JsonNode) root = NULL;
    JsonObject *object, *params = NULL;
    const gchar *method = NULL, *account = NULL;
    const Kind *kind;

    g_return_val_if_fail(rpc != NULL, NULL);

    root = kw_json_parse_text(rpc, -1, error);
    object = root != NULL ? kw_json_root_object(root, error) : NULL;
    if (object == NULL || !kw_json_get_int(object, "id", &self->id, error) ||
        !kw_json_get_string(object, "method", &method, error) ||
        !kw_json_get_object(object, "params", &params, error) ||
        !kw_json_get_string(params, "account", &account, error))
        return NULL;
    kind = find_kind(method);
    if (kind == NULL) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "the container does not know this call");
        return NULL;
    }
    self->verb = kind->verb;
    self->path = make_path(kind, params, account);
    if (!g_str_equal(kind->verb, "GET"))
        self->body = make_body(kind, params, account);
    return g_steal_pointer(&self);
}

/* -- answers -- */

/* The codes that signal-cli gives and the container swallows */
static gint64
find_code(guint status, const gchar *text)
{
    static const struct {
        const gchar *part;
        gint64 code;
    } signs[] = {
        {"untrusted recipient keys", -4},
        {"account does not exist", -32602},
        {"valid account", -32602},
        {"not registered", -32602},
        {"[401]", -32603},
        {"[403]", -32603},
        {"[429]", -32603},
        {"AuthorizationFailed", -32603},
    };

    if (status == 429)
        return -5;
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (strstr(text, signs[i].part) != NULL)
            return signs[i].code;
    }
    return status >= 500 ? -32603 : -1;
}

static void
add_error(JsonBuilder *builder, guint status, GBytes *body)
{
    g_autoptr(JsonNode) root = kw_json_parse(body, NULL);
    JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    g_autofree gchar *fallback = g_strdup_printf("HTTP %u", status);
    const gchar *text = fallback;

    if (object != NULL)
        (void) kw_json_get_string(object, "error", &text, NULL);
    json_builder_set_member_name(builder, "error");
    json_builder_begin_object(builder);
    kw_json_add_int(builder, "code", find_code(status, text));
    kw_json_add_string(builder, "message", text);
    json_builder_end_object(builder);
}

/* What is no JSON is an empty object: that it worked is in the status. */
static void
add_result(JsonBuilder *builder, GBytes *body)
{
    g_autoptr(JsonNode) root = kw_json_parse(body, NULL);

    json_builder_set_member_name(builder, "result");
    if (root != NULL) {
        json_builder_add_value(builder, json_node_copy(root));
        return;
    }
    json_builder_begin_object(builder);
    json_builder_end_object(builder);
}

gchar *
kw_signal_container_call_read(const KwSignalContainerCall *self, guint status, GBytes *body)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    g_return_val_if_fail(self != NULL && body != NULL, NULL);

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "jsonrpc", "2.0");
    kw_json_add_int(builder, "id", self->id);
    if (status >= 200 && status < 300)
        add_result(builder, body);
    else
        add_error(builder, status, body);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

gboolean
kw_signal_container_check(guint status, GBytes *body, GError **error)
{
    g_autoptr(JsonNode) root = NULL;
    JsonObject *object;
    const gchar *mode = "json-rpc"; /* old versions do not say */

    g_return_val_if_fail(body != NULL, FALSE);

    root = kw_json_parse(body, NULL);
    object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    if (status != 200 || object == NULL || !kw_json_has(object, "versions")) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "no signal-cli-rest-api answers there");
        return FALSE;
    }
    (void) kw_json_get_string(object, "mode", &mode, NULL);
    if (strcmp(mode, "json-rpc") == 0)
        return TRUE;
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                        "the container runs in another mode: MODE=json-rpc is needed");
    return FALSE;
}
