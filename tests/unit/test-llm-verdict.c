/* test-llm-verdict.c: statuses, headers and bodies of failed requests */
#include "kw-llm-verdict.h"
#include "kw-test.h"

#include <string.h>

/* @header: "name: value" in lower case, or NULL */
static void
judge(guint status, const gchar *header, const gchar *body, KwLlmVerdict *out)
{
    KwHttpResponse response = {.status = status};
    g_autoptr(GHashTable) headers =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GBytes) bytes = g_bytes_new_static(body, strlen(body));

    if (header != NULL) {
        g_auto(GStrv) sides = g_strsplit(header, ": ", 2);

        g_hash_table_insert(headers, g_strdup(sides[0]), g_strdup(sides[1]));
    }
    response.headers = headers;
    response.body = bytes;
    kw_llm_verdict_of(&response, out);
}

static void
test_table(void)
{
    static const struct {
        guint status;
        const gchar *header;
        KwLlmError code;
        gboolean may_retry;
        gint64 wait_us;
    } rows[] = {
        {400, NULL, KW_LLM_ERROR_REQUEST, FALSE, KW_LLM_NO_WAIT},
        {401, NULL, KW_LLM_ERROR_KEY, FALSE, KW_LLM_NO_WAIT},
        {402, NULL, KW_LLM_ERROR_KEY, FALSE, KW_LLM_NO_WAIT},
        {403, NULL, KW_LLM_ERROR_KEY, FALSE, KW_LLM_NO_WAIT},
        {404, NULL, KW_LLM_ERROR_MODEL, FALSE, KW_LLM_NO_WAIT},
        {408, NULL, KW_LLM_ERROR_UNAVAILABLE, TRUE, KW_LLM_NO_WAIT},
        {409, NULL, KW_LLM_ERROR_UNAVAILABLE, TRUE, KW_LLM_NO_WAIT},
        {413, NULL, KW_LLM_ERROR_REQUEST, FALSE, KW_LLM_NO_WAIT},
        {429, "retry-after: 17", KW_LLM_ERROR_LIMIT, TRUE, 17000000},
        {429, "retry-after-ms: 250", KW_LLM_ERROR_LIMIT, TRUE, 250000},
        {429, "retry-after: Wed, 21 Oct 2026 07:28:00 GMT", KW_LLM_ERROR_LIMIT, TRUE,
         KW_LLM_NO_WAIT},
        {429, "retry-after: -5", KW_LLM_ERROR_LIMIT, TRUE, KW_LLM_NO_WAIT},
        {429, "x-should-retry: false", KW_LLM_ERROR_LIMIT, FALSE, KW_LLM_NO_WAIT},
        {400, "x-should-retry: true", KW_LLM_ERROR_REQUEST, TRUE, KW_LLM_NO_WAIT},
        {500, NULL, KW_LLM_ERROR_UNAVAILABLE, TRUE, KW_LLM_NO_WAIT},
        {502, "x-should-retry: maybe", KW_LLM_ERROR_UNAVAILABLE, TRUE, KW_LLM_NO_WAIT},
        {504, NULL, KW_LLM_ERROR_UNAVAILABLE, TRUE, KW_LLM_NO_WAIT},
        {529, NULL, KW_LLM_ERROR_UNAVAILABLE, TRUE, KW_LLM_NO_WAIT},
        {302, NULL, KW_LLM_ERROR_REQUEST, FALSE, KW_LLM_NO_WAIT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwLlmVerdict verdict;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        judge(rows[i].status, rows[i].header, "{}", &verdict);
        g_assert_cmpint(verdict.code, ==, rows[i].code);
        g_assert_cmpint(verdict.may_retry, ==, rows[i].may_retry);
        g_assert_cmpint(verdict.wait_us, ==, rows[i].wait_us);
        g_assert_false(verdict.is_spent);
    }
}

/* A moment counts from the vendor's "date"; without one, or with one of another form, there is
 * no wait to read. */
static void
test_moment(void)
{
    static const struct {
        const gchar *until, *date;
        gint64 wait_us;
    } rows[] = {
        {"Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:27:43 GMT", 17000000},
        {"Thu, 01 Jan 2026 00:00:01 GMT", "Wed, 31 Dec 2025 23:59:59 GMT", 2000000},
        {"Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:29:00 GMT", KW_LLM_NO_WAIT},
        {"Wed, 21 Oct 2026 07:28:00 GMT", "heute", KW_LLM_NO_WAIT},
        {"Wed, 21 Okt 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", KW_LLM_NO_WAIT},
        {"Wed, 31 Feb 2026 07:28:00 GMT", "Wed, 21 Jan 2026 07:28:00 GMT", KW_LLM_NO_WAIT},
        {"Wed, 21 anF 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", KW_LLM_NO_WAIT},
        {"Wed, 21 Oct 2026 07:28:00 CET", "Wed, 21 Oct 2026 07:28:00 GMT", KW_LLM_NO_WAIT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GBytes) body = g_bytes_new_static("{}", 2);
        KwHttpResponse response = {.status = 429, .headers = headers, .body = body};
        KwLlmVerdict verdict;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        (void) g_hash_table_insert(headers, (gpointer) "retry-after", (gpointer) rows[i].until);
        (void) g_hash_table_insert(headers, (gpointer) "date", (gpointer) rows[i].date);
        kw_llm_verdict_of(&response, &verdict);
        g_assert_cmpint(verdict.wait_us, ==, rows[i].wait_us);
    }
}

/* A monthly limit looks like a rate limit; bodies of other shapes are none. */
static void
test_spent(void)
{
    static const gchar *const others[] = {
        "", "<html>502</html>",
        "[{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\"}}]", "{\"error\":\"x\"}",
        "{\"error\":{\"details\":{\"error_code\":\"x\"}}}"};
    g_autofree gchar *path = kw_test_fixture_path("claude/error_429_spend_limit.json");
    g_autofree gchar *body = NULL;
    KwLlmVerdict verdict;

    g_assert_true(g_file_get_contents(path, &body, NULL, NULL));
    judge(429, NULL, body, &verdict);
    g_assert_true(verdict.is_spent);
    g_assert_false(verdict.may_retry);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        judge(429, NULL, others[i], &verdict);
        g_assert_false(verdict.is_spent);
        g_assert_true(verdict.may_retry);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/llm/verdict/table", test_table);
    g_test_add_func("/llm/verdict/moment", test_moment);
    g_test_add_func("/llm/verdict/spent", test_spent);
    return g_test_run();
}
