/* kw-llm-tool.h: the tools that a model is shown, and what a call of one means */
#pragma once

#include "kw-intent.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
    KW_LLM_TOOL_READ,    /* answers a question */
    KW_LLM_TOOL_SAFE,    /* asks for less risk: the dialog does it at once */
    KW_LLM_TOOL_PROPOSE, /* asks for more: the dialog makes a code that the owner must type */
} KwLlmToolKind;

/* A call that passed the schema */
typedef struct {
    KwLlmToolKind kind;
    KwIntentId intent;
    KwSlots slots;
} KwLlmWish;

/**
 * kw_llm_tools_new:
 *
 * One tool for each question of the command table that is flagged for a model, "request_safe"
 * and "propose" for its flagged actions. The same array, byte for byte, in every run.
 *
 * Returns: (transfer full)
 */
JsonArray *kw_llm_tools_new(void);

/**
 * kw_llm_tool_read:
 * @name: of the tool
 * @input: (nullable): arguments; all of them have to be known, of the right type and in range
 * @zone, @now_us: what "diese_woche" means
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_MEMBER or _RANGE: nothing is done then; the message is
 *   for the model
 */
gboolean kw_llm_tool_read(const gchar *name,
                          JsonObject *input,
                          KwZone *zone,
                          gint64 now_us,
                          KwLlmWish *out,
                          GError **error);

G_END_DECLS
