/* kw-llm-verdict.c: statuses and headers, as the vendor's own library reads them
 *
 * The status decides; "x-should-retry" overrides it, "retry-after-ms" and "retry-after" say how
 * long to wait. The body is read for one thing only, a monthly limit, which looks like a rate
 * limit and is none. Google's gateway answers in another shape, sometimes inside an array, and
 * an edge may answer in HTML; then the status alone counts. */
#include "kw-llm-verdict.h"

#include "kw-json.h"

#include <string.h>

#define SPENT "enforced_spend_limit_reached"

static KwLlmError
code_of(guint status)
{
    switch (status) {
    case 401:
    case 402:
    case 403:
        return KW_LLM_ERROR_KEY;
    case 404:
        return KW_LLM_ERROR_MODEL;
    case 429:
        return KW_LLM_ERROR_LIMIT;
    case 408:
    case 409:
        return KW_LLM_ERROR_UNAVAILABLE;
    default:
        return status >= 500 ? KW_LLM_ERROR_UNAVAILABLE : KW_LLM_ERROR_REQUEST;
    }
}

static gboolean
is_spent(const KwHttpResponse *response)
{
    g_autoptr(JsonNode) root = kw_json_parse(response->body, NULL);
    JsonObject *object, *error, *details;
    const gchar *code = "";

    return root != NULL && (object = kw_json_root_object(root, NULL)) != NULL &&
           kw_json_get_object(object, "error", &error, NULL) &&
           kw_json_get_object(error, "details", &details, NULL) &&
           kw_json_get_string(details, "error_code", &code, NULL) && strcmp(code, SPENT) == 0;
}

/* Digits only; an HTTP date is left unread, the caller's own delay does then. */
static gint64
read_wait(const KwHttpResponse *response, const gchar *name, gint64 unit_us)
{
    const gchar *text = kw_http_response_get_header(response, name);
    guint64 value;

    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &value, NULL))
        return KW_LLM_NO_WAIT;
    return (gint64) value * unit_us;
}

void
kw_llm_verdict_of(const KwHttpResponse *response, KwLlmVerdict *out)
{
    const gchar *should = kw_http_response_get_header(response, "x-should-retry");

    g_return_if_fail(response != NULL && out != NULL);

    out->code = code_of(response->status);
    out->may_retry = out->code == KW_LLM_ERROR_UNAVAILABLE || out->code == KW_LLM_ERROR_LIMIT;
    if (should != NULL && (strcmp(should, "true") == 0 || strcmp(should, "false") == 0))
        out->may_retry = should[0] == 't';
    out->is_spent = out->code == KW_LLM_ERROR_LIMIT && is_spent(response);
    if (out->is_spent)
        out->may_retry = FALSE;
    out->wait_us = read_wait(response, "retry-after-ms", 1000);
    if (out->wait_us == KW_LLM_NO_WAIT)
        out->wait_us = read_wait(response, "retry-after", G_USEC_PER_SEC);
}
