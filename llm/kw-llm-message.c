/* kw-llm-message.c: blocks of an answer
 *
 * Blocks are picked by their type, never by their place: thinking may come first, text may be
 * empty or missing. What is not known stays in the content, because the vendor wants an answer
 * repeated as it was, and is otherwise passed over.
 *
 * Calls are taken from an answer that ended by asking for them and from no other.
 *
 * A model may say a secret that it was never told, because the owner typed it or a stranger
 * made it up. What it said goes into the next request, the audit trail and the reply, so it is
 * masked once, as it comes. Strings are masked decoded: escapes of JSON hide nothing. */
#include "kw-llm-message.h"

#include "kw-error.h"
#include "kw-json.h"

#include <string.h>

static KwLlmStop
stop_from_string(const gchar *text)
{
    if (strcmp(text, "end_turn") == 0 || strcmp(text, "stop_sequence") == 0)
        return KW_LLM_STOP_END;
    if (strcmp(text, "tool_use") == 0)
        return KW_LLM_STOP_TOOLS;
    if (strcmp(text, "max_tokens") == 0 || strcmp(text, "model_context_window_exceeded") == 0)
        return KW_LLM_STOP_CUT;
    return strcmp(text, "refusal") == 0 ? KW_LLM_STOP_REFUSAL : KW_LLM_STOP_OTHER;
}

/* A count that is missing, null or absurd is none. */
static gint64
read_count(JsonObject *usage, const gchar *name)
{
    gint64 value = 0;

    if (!kw_json_get_int(usage, name, &value, NULL) || value < 0 || value > G_MAXINT32)
        return 0;
    return value;
}

void
kw_llm_message_read_usage(JsonObject *root, KwLlmUsage *out)
{
    JsonObject *usage, *writes;

    if (!kw_json_get_object(root, "usage", &usage, NULL))
        return;
    out->input = read_count(usage, "input_tokens");
    out->output = read_count(usage, "output_tokens");
    out->read = read_count(usage, "cache_read_input_tokens");
    out->write_5m = read_count(usage, "cache_creation_input_tokens");
    if (kw_json_get_object(usage, "cache_creation", &writes, NULL)) {
        out->write_5m = read_count(writes, "ephemeral_5m_input_tokens");
        out->write_1h = read_count(writes, "ephemeral_1h_input_tokens");
    }
}

static gboolean
read_call(KwLlmMessage *self, JsonObject *block, GError **error)
{
    KwLlmCall call = {0};
    const gchar *id, *name;

    if (!kw_json_get_string(block, "id", &id, NULL) ||
        !kw_json_get_string(block, "name", &name, NULL) || strlen(id) >= sizeof call.id) {
        g_set_error_literal(error, KW_LLM_ERROR, KW_LLM_ERROR_NONSENSE,
                            "a tool call without a usable id or name");
        return FALSE;
    }
    g_strlcpy(call.id, id, sizeof call.id);
    g_strlcpy(call.name, name, sizeof call.name);
    (void) kw_json_get_object(block, "input", &call.input, NULL);
    g_array_append_val(self->calls, call);
    return TRUE;
}

static gboolean
read_blocks(KwLlmMessage *self, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < json_array_get_length(self->content); i++) {
        JsonObject *block;
        const gchar *type = "", *piece;

        if (!kw_json_at_object(self->content, i, &block, error))
            return FALSE;
        (void) kw_json_get_string(block, "type", &type, NULL);
        if (strcmp(type, "text") == 0 && kw_json_get_string(block, "text", &piece, NULL) &&
            text->len + strlen(piece) <= KW_LLM_MAX_TEXT)
            g_string_append(text, piece);
        if (strcmp(type, "tool_use") == 0 && self->stop == KW_LLM_STOP_TOOLS &&
            !read_call(self, block, error))
            return FALSE;
    }
    self->text = g_string_free(g_steal_pointer(&text), FALSE);
    return TRUE;
}

KwLlmMessage *
kw_llm_message_parse(JsonObject *root, GError **error)
{
    g_autoptr(KwLlmMessage) self = g_new0(KwLlmMessage, 1);
    g_autoptr(GError) failure = NULL;
    const gchar *stop = "", *id = "";
    JsonArray *content;

    self->calls = g_array_new(FALSE, TRUE, sizeof(KwLlmCall));
    if (kw_json_get_array(root, "content", &content, &failure) &&
        kw_json_get_string(root, "stop_reason", &stop, &failure)) {
        self->content = json_array_ref(content);
        self->stop = stop_from_string(stop);
        (void) kw_json_get_string(root, "id", &id, NULL);
        g_strlcpy(self->id, id, sizeof self->id);
        kw_llm_message_read_usage(root, &self->usage);
        if (json_array_get_length(content) > KW_LLM_MAX_BLOCKS)
            g_set_error_literal(&failure, KW_LLM_ERROR, KW_LLM_ERROR_NONSENSE,
                                "too many blocks");
        else
            (void) read_blocks(self, &failure);
    }
    if (failure == NULL)
        return g_steal_pointer(&self);
    g_set_error(error, KW_LLM_ERROR, KW_LLM_ERROR_NONSENSE, "answer of the model: %s",
                failure->message);
    return NULL;
}

/* -- secrets -- */

static void mask_node(JsonNode *node, KwRedactor *redactor);

static void
mask_object(JsonObject *object, KwRedactor *redactor)
{
    g_autoptr(GList) names = json_object_get_members(object);

    for (GList *l = names; l != NULL; l = l->next) {
        g_autofree gchar *name = kw_redactor_apply(redactor, l->data);
        JsonNode *value = json_object_get_member(object, l->data);

        mask_node(value, redactor);
        if (strcmp(name, l->data) != 0) {
            json_object_set_member(object, name, json_node_copy(value));
            json_object_remove_member(object, l->data);
        }
    }
}

/* Depth is what the parser of JSON has let through. */
static void
mask_node(JsonNode *node, KwRedactor *redactor)
{
    if (JSON_NODE_HOLDS_OBJECT(node)) {
        mask_object(json_node_get_object(node), redactor);
    } else if (JSON_NODE_HOLDS_ARRAY(node)) {
        JsonArray *array = json_node_get_array(node);

        for (guint i = 0; i < json_array_get_length(array); i++)
            mask_node(json_array_get_element(array, i), redactor);
    } else if (json_node_get_value_type(node) == G_TYPE_STRING) {
        g_autofree gchar *masked = kw_redactor_apply(redactor, json_node_get_string(node));

        json_node_set_string(node, masked);
    }
}

/* %FALSE: it would have to be changed, and may not be */
static gboolean
is_clean(JsonObject *block, const gchar *type, KwRedactor *redactor)
{
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), block);
    g_autofree gchar *all = kw_json_to_text(root);
    g_autofree gchar *masked = NULL;
    const gchar *thinking;

    if (kw_redactor_knows(redactor, all)) /* whatever it is, also a signature */
        return FALSE;
    if (strcmp(type, "thinking") != 0 ||
        !kw_json_get_string(block, "thinking", &thinking, NULL))
        return TRUE;
    masked = kw_redactor_apply(redactor, thinking);
    return strcmp(masked, thinking) == 0;
}

/* Returns: FALSE when the block has to go */
static gboolean
mask_block(JsonObject *block, KwRedactor *redactor)
{
    const gchar *type = "";

    (void) kw_json_get_string(block, "type", &type, NULL);
    if (strcmp(type, "text") == 0 && json_object_has_member(block, "text"))
        mask_node(json_object_get_member(block, "text"), redactor);
    if (strcmp(type, "tool_use") == 0) {
        if (json_object_has_member(block, "input"))
            mask_node(json_object_get_member(block, "input"), redactor);
        if (json_object_has_member(block, "name"))
            mask_node(json_object_get_member(block, "name"), redactor);
    }
    return is_clean(block, type, redactor);
}

void
kw_llm_message_mask(KwLlmMessage *self, KwRedactor *redactor)
{
    g_autofree gchar *text = NULL;

    g_return_if_fail(self != NULL && redactor != NULL);

    text = g_steal_pointer(&self->text);
    self->text = kw_redactor_apply(redactor, text);
    for (guint i = 0; i < self->calls->len; i++) {
        KwLlmCall *call = &g_array_index(self->calls, KwLlmCall, i);
        g_autofree gchar *name = kw_redactor_apply(redactor, call->name);

        g_strlcpy(call->name, name, sizeof call->name);
    }
    for (guint i = json_array_get_length(self->content); i > 0; i--)
        if (!mask_block(json_array_get_object_element(self->content, i - 1), redactor))
            json_array_remove_element(self->content, i - 1);
}

void
kw_llm_message_free(KwLlmMessage *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->content, json_array_unref);
    g_clear_pointer(&self->calls, g_array_unref);
    g_free(self->text);
    g_free(self);
}
