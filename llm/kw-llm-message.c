/* kw-llm-message.c: blocks of an answer
 *
 * Blocks are picked by their type, never by their place: thinking may come first, text may be
 * empty or missing. What is not known stays in the content, because the vendor wants an answer
 * repeated as it was, and is otherwise passed over.
 *
 * Calls are taken from an answer that ended by asking for them and from no other. */
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
