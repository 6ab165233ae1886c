/* kw-llm-stream.c: events put together to the object that an answer in one piece would be
 *
 * Each block is built where its index says and closed by its own event; the pieces of a call's
 * input are joined and parsed only then. A block that is never closed (the vendor leaves a call
 * open when the tokens run out) is left out, but for the text it has given so far. Events and
 * deltas of unknown kinds are passed over, as the vendor asks. */
#include "kw-llm-stream.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-sse.h"

#include <string.h>

#define MAX_PIECES (1024 * 1024) /* bytes of all pieces of an answer */

typedef struct {
    JsonObject *block;  /* owned */
    GString *text;      /* owned; of "text" or "thinking" */
    GString *input;     /* owned; JSON of a call's input */
    GString *signature; /* owned */
    gboolean is_closed;
} Block;

struct _KwLlmStream {
    KwSse *sse;          /* owned */
    JsonObject *message; /* owned; NULL until it begins */
    GPtrArray *blocks;   /* owned; of Block, NULL where an index was passed over */
    gsize n_bytes;       /* of all pieces */
    gboolean is_ended;
    GError *failure; /* owned; the first */
};

static void
block_free(gpointer data)
{
    Block *block = data;

    if (block == NULL)
        return;
    json_object_unref(block->block);
    (void) g_string_free(block->text, TRUE);
    (void) g_string_free(block->input, TRUE);
    (void) g_string_free(block->signature, TRUE);
    g_free(block);
}

static void
fail(KwLlmStream *self, KwLlmError code, const gchar *why)
{
    if (self->failure == NULL)
        g_set_error(&self->failure, KW_LLM_ERROR, (gint) code, "stream of the model: %s", why);
}

/* -- blocks -- */

/* The block that the event is about, or NULL */
static Block *
find_block(KwLlmStream *self, JsonObject *event)
{
    gint64 index;
    Block *block = NULL;

    if (kw_json_get_int(event, "index", &index, NULL) && index >= 0 &&
        index < self->blocks->len)
        block = g_ptr_array_index(self->blocks, (guint) index);
    if (block == NULL || block->is_closed)
        fail(self, KW_LLM_ERROR_NONSENSE, "a piece of no open block");
    return block != NULL && !block->is_closed ? block : NULL;
}

static void
start_block(KwLlmStream *self, JsonObject *event)
{
    JsonObject *content;
    const gchar *text = "";
    gint64 index;
    Block *block;

    if (!kw_json_get_int(event, "index", &index, NULL) || index != self->blocks->len ||
        index >= KW_LLM_MAX_BLOCKS ||
        !kw_json_get_object(event, "content_block", &content, NULL)) {
        fail(self, KW_LLM_ERROR_NONSENSE, "a block out of order");
        return;
    }
    block = g_new0(Block, 1);
    block->block = json_object_ref(content);
    block->input = g_string_new(NULL);
    block->signature = g_string_new(NULL);
    (void) kw_json_get_string(content, "text", &text, NULL);
    (void) kw_json_get_string(content, "thinking", &text, NULL);
    block->text = g_string_new(text);
    g_ptr_array_add(self->blocks, block);
}

static void
append(KwLlmStream *self, GString *to, JsonObject *delta, const gchar *name)
{
    const gchar *piece;

    if (!kw_json_get_string(delta, name, &piece, NULL)) {
        fail(self, KW_LLM_ERROR_NONSENSE, "a piece without content");
        return;
    }
    self->n_bytes += strlen(piece);
    if (self->n_bytes > MAX_PIECES)
        fail(self, KW_LLM_ERROR_NONSENSE, "too long");
    else
        g_string_append(to, piece);
}

static void
add_delta(KwLlmStream *self, JsonObject *event)
{
    Block *block = find_block(self, event);
    const gchar *type = "";
    JsonObject *delta;

    if (block == NULL || !kw_json_get_object(event, "delta", &delta, NULL))
        return;
    (void) kw_json_get_string(delta, "type", &type, NULL);
    if (strcmp(type, "text_delta") == 0)
        append(self, block->text, delta, "text");
    else if (strcmp(type, "thinking_delta") == 0)
        append(self, block->text, delta, "thinking");
    else if (strcmp(type, "signature_delta") == 0)
        append(self, block->signature, delta, "signature");
    else if (strcmp(type, "input_json_delta") == 0)
        append(self, block->input, delta, "partial_json");
}

/* What was joined goes into the block. A call whose input is no JSON keeps none: it is refused
 * by the schema, in a way that the model can mend. */
static void
fill_block(Block *block)
{
    static const gchar *const texts[] = {"text", "thinking"};
    const gchar *type = "";

    (void) kw_json_get_string(block->block, "type", &type, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(type, texts[i]) == 0)
            json_object_set_string_member(block->block, type, block->text->str);
    if (block->signature->len > 0)
        json_object_set_string_member(block->block, "signature", block->signature->str);
    if (block->input->len > 0) {
        g_autoptr(JsonNode) input =
            kw_json_parse_text(block->input->str, (gssize) block->input->len, NULL);

        if (input != NULL && JSON_NODE_HOLDS_OBJECT(input))
            json_object_set_member(block->block, "input", g_steal_pointer(&input));
        else
            json_object_set_null_member(block->block, "input");
    }
}

static void
stop_block(KwLlmStream *self, JsonObject *event)
{
    Block *block = find_block(self, event);

    if (block == NULL)
        return;
    fill_block(block);
    block->is_closed = TRUE;
}

/* -- the message -- */

static void
start_message(KwLlmStream *self, JsonObject *event)
{
    JsonObject *message;

    if (self->message != NULL || !kw_json_get_object(event, "message", &message, NULL)) {
        fail(self, KW_LLM_ERROR_NONSENSE, "begins twice or without a message");
        return;
    }
    self->message = json_object_ref(message);
}

/* The counts of the last event are the whole ones; what it leaves out stays. */
static void
update_usage(KwLlmStream *self, JsonObject *event)
{
    g_autoptr(GList) names = NULL;
    JsonObject *usage, *known;

    if (!kw_json_get_object(event, "usage", &usage, NULL))
        return;
    if (!kw_json_get_object(self->message, "usage", &known, NULL)) {
        json_object_set_object_member(self->message, "usage", json_object_ref(usage));
        return;
    }
    names = json_object_get_members(usage);
    for (GList *l = names; l != NULL; l = l->next)
        if (kw_json_has(usage, l->data))
            json_object_set_member(known, l->data, json_object_dup_member(usage, l->data));
}

static void
update_message(KwLlmStream *self, JsonObject *event)
{
    JsonObject *delta;

    if (kw_json_get_object(event, "delta", &delta, NULL) && kw_json_has(delta, "stop_reason"))
        json_object_set_member(self->message, "stop_reason",
                               json_object_dup_member(delta, "stop_reason"));
    update_usage(self, event);
}

static void
read_error(KwLlmStream *self, JsonObject *event)
{
    JsonObject *error;
    const gchar *type = "";

    if (kw_json_get_object(event, "error", &error, NULL))
        (void) kw_json_get_string(error, "type", &type, NULL);
    if (strcmp(type, "rate_limit_error") == 0)
        fail(self, KW_LLM_ERROR_LIMIT, "rate limit");
    else
        fail(self, KW_LLM_ERROR_UNAVAILABLE, "an error of the vendor");
}

static void
read_event(KwLlmStream *self, const gchar *type, JsonObject *event)
{
    static const struct {
        const gchar *type;
        void (*read)(KwLlmStream *self, JsonObject *event);
    } rows[] = {
        {"content_block_start", start_block},
        {"content_block_delta", add_delta},
        {"content_block_stop", stop_block},
        {"message_delta", update_message},
    };

    if (strcmp(type, "error") == 0) {
        read_error(self, event);
        return;
    }
    if (strcmp(type, "message_start") == 0) {
        start_message(self, event);
        return;
    }
    self->is_ended = self->is_ended || strcmp(type, "message_stop") == 0;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(type, rows[i].type) != 0)
            continue;
        if (self->message == NULL || self->is_ended)
            fail(self, KW_LLM_ERROR_NONSENSE, "a piece outside the message");
        else
            rows[i].read(self, event);
    }
}

static void
on_event(const KwSseEvent *sse, gpointer user_data)
{
    KwLlmStream *self = user_data;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *event = NULL;
    const gchar *type = "";

    if (self->failure != NULL)
        return;
    root = kw_json_parse_text(sse->data, (gssize) sse->length, NULL);
    if (root != NULL)
        event = kw_json_root_object(root, NULL);
    if (event == NULL || !kw_json_get_string(event, "type", &type, NULL)) {
        fail(self, KW_LLM_ERROR_NONSENSE, "an event that is no JSON object with a type");
        return;
    }
    read_event(self, type, event);
}

gboolean
kw_llm_stream_feed(KwLlmStream *self, const gchar *bytes, gsize length)
{
    g_return_val_if_fail(self != NULL, FALSE);

    if (!kw_sse_feed(self->sse, bytes, length, NULL))
        fail(self, KW_LLM_ERROR_NONSENSE, "an event too long");
    return self->failure == NULL;
}

/* Text that was begun counts, anything else that is open does not. */
static JsonArray *
collect_blocks(KwLlmStream *self)
{
    JsonArray *content = json_array_new();

    for (guint i = 0; i < self->blocks->len; i++) {
        Block *block = g_ptr_array_index(self->blocks, i);
        const gchar *type = "";

        (void) kw_json_get_string(block->block, "type", &type, NULL);
        if (!block->is_closed && strcmp(type, "text") != 0)
            continue;
        if (!block->is_closed)
            fill_block(block);
        json_array_add_object_element(content, json_object_ref(block->block));
    }
    return content;
}

KwLlmMessage *
kw_llm_stream_finish(KwLlmStream *self, GError **error)
{
    g_return_val_if_fail(self != NULL, NULL);

    if (!self->is_ended)
        fail(self, KW_LLM_ERROR_UNAVAILABLE, "ends in the middle");
    if (self->message == NULL)
        fail(self, KW_LLM_ERROR_NONSENSE, "has no message");
    if (self->failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&self->failure));
        return NULL;
    }
    json_object_set_array_member(self->message, "content", collect_blocks(self));
    return kw_llm_message_parse(self->message, error);
}

void
kw_llm_stream_get_usage(const KwLlmStream *self, KwLlmUsage *out)
{
    *out = (KwLlmUsage){0};
    if (self->message != NULL)
        kw_llm_message_read_usage(self->message, out);
}

KwLlmStream *
kw_llm_stream_new(void)
{
    KwLlmStream *self = g_new0(KwLlmStream, 1);

    self->sse = kw_sse_new(KW_LLM_STREAM_MAX_EVENT, on_event, self);
    self->blocks = g_ptr_array_new_with_free_func(block_free);
    return self;
}

void
kw_llm_stream_free(KwLlmStream *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->sse, kw_sse_free);
    g_clear_pointer(&self->blocks, g_ptr_array_unref);
    g_clear_pointer(&self->message, json_object_unref);
    g_clear_error(&self->failure);
    g_free(self);
}
