/* kw-llm-message.h: one answer of the Messages API, taken apart */
#pragma once

#include "kw-llm-model.h"
#include "kw-redact.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_LLM_MAX_BLOCKS 64
#define KW_LLM_MAX_TEXT 65536 /* bytes of all text of an answer */
#define KW_LLM_ID_SIZE 96

typedef enum {
    KW_LLM_STOP_END,     /* done: "end_turn", "stop_sequence" */
    KW_LLM_STOP_TOOLS,   /* waits for the results of its calls */
    KW_LLM_STOP_CUT,     /* "max_tokens", "model_context_window_exceeded" */
    KW_LLM_STOP_REFUSAL, /* by the model or a filter in front of it */
    KW_LLM_STOP_OTHER,   /* anything else: not to be used */
} KwLlmStop;

/* @input: (nullable) borrowed from the message; NULL: no object at all */
typedef struct {
    gchar id[KW_LLM_ID_SIZE];
    gchar name[KW_LLM_ID_SIZE];
    JsonObject *input;
} KwLlmCall;

/**
 * KwLlmMessage:
 * @id: of the message, for the audit trail
 * @content: every block as it came, also of unknown kinds: the next request repeats them
 * @text: of all text blocks; may be empty
 * @calls: (element-type KwLlmCall): empty unless @stop is %KW_LLM_STOP_TOOLS: the calls of an
 *   answer that was cut, refused or broken off are never carried out
 */
typedef struct {
    gchar id[KW_LLM_ID_SIZE];
    KwLlmStop stop;
    JsonArray *content;
    gchar *text;
    GArray *calls;
    KwLlmUsage usage;
} KwLlmMessage;

/**
 * kw_llm_message_parse:
 * @root: an object of type "message"
 *
 * Unknown members and blocks are passed over.
 *
 * Returns: (transfer full): %NULL with %KW_LLM_ERROR_NONSENSE
 */
KwLlmMessage *kw_llm_message_parse(JsonObject *root, GError **error);

/**
 * kw_llm_message_mask:
 *
 * Takes secrets out of what the model has said, before anything is made of it: out of the text,
 * the names and inputs of calls, and the blocks that go back to the vendor. A block that cannot
 * be changed (thinking, and what we do not know) is dropped when it holds one.
 */
void kw_llm_message_mask(KwLlmMessage *self, KwRedactor *redactor);

void kw_llm_message_free(KwLlmMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLlmMessage, kw_llm_message_free)

/* The counts of @root, as far as it has any */
void kw_llm_message_read_usage(JsonObject *root, KwLlmUsage *out);

G_END_DECLS
