/* kw-llm-verdict.h: what an answer that is no success means, and whether to ask again */
#pragma once

#include "kw-error.h"
#include "kw-http.h"

G_BEGIN_DECLS

#define KW_LLM_NO_WAIT (-1)

/**
 * KwLlmVerdict:
 * @code: for the error
 * @may_retry: the same request may work in a moment
 * @wait_us: how long the vendor wants us to wait first, or %KW_LLM_NO_WAIT: it does not say
 * @is_spent: the limit of a month is reached; nothing works before the next one
 */
typedef struct {
    KwLlmError code;
    gboolean may_retry;
    gint64 wait_us;
    gboolean is_spent;
} KwLlmVerdict;

/* @response: of a status that is no success; its body may be anything */
void kw_llm_verdict_of(const KwHttpResponse *response, KwLlmVerdict *out);

G_END_DECLS
