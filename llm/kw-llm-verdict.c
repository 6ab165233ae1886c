/* kw-llm-verdict.c: statuses and headers, as the vendor's own library reads them
 *
 * The status decides; "x-should-retry" overrides it, "retry-after-ms" and "retry-after" say how
 * long to wait. The body is read for one thing only, a monthly limit, which looks like a rate
 * limit and is none. Google's gateway answers in another shape, sometimes inside an array, and
 * an edge may answer in HTML; then the status alone counts. */
#include "kw-llm-verdict.h"

#include "kw-json.h"

#include <stdio.h>
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

static gint64
read_number(const gchar *text, gint64 unit_us)
{
    guint64 value;

    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &value, NULL))
        return KW_LLM_NO_WAIT;
    return (gint64) value * unit_us;
}

/* "Wed, 21 Oct 2026 07:28:00 GMT", the one form that HTTP still allows to be sent.
 * Returns: seconds since 1970, or -1 */
static gint64
read_date(const gchar *text)
{
    static const gchar months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    gchar month[4] = "";
    gint day, year, hour, minute, second, end = 0;
    const gchar *found;
    g_autoptr(GDateTime) time = NULL;

    if (text == NULL || strlen(text) != 29 ||
        sscanf(text + 3, ", %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day, month, &year, &hour,
               &minute, &second, &end) != 6 ||
        end != 26)
        return -1;
    found = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (found == NULL || (found - months) % 3 != 0)
        return -1;
    time =
        g_date_time_new_utc(year, (gint) (found - months) / 3 + 1, day, hour, minute, second);
    return time != NULL ? g_date_time_to_unix(time) : -1;
}

/* From the vendor's own clock to a moment of it: ours may be wrong. */
static gint64
read_moment(const KwHttpResponse *response)
{
    gint64 then = read_date(kw_http_response_get_header(response, "retry-after"));
    gint64 now = read_date(kw_http_response_get_header(response, "date"));

    return then < 0 || now < 0 || then < now ? KW_LLM_NO_WAIT : (then - now) * G_USEC_PER_SEC;
}

static gint64
read_wait(const KwHttpResponse *response)
{
    gint64 wait_us = read_number(kw_http_response_get_header(response, "retry-after-ms"), 1000);

    if (wait_us == KW_LLM_NO_WAIT)
        wait_us =
            read_number(kw_http_response_get_header(response, "retry-after"), G_USEC_PER_SEC);
    return wait_us != KW_LLM_NO_WAIT ? wait_us : read_moment(response);
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
    out->wait_us = read_wait(response);
}
