/* test-signal-container.c: calls in the container's words, and its answers in signal-cli's */
#include "kw-signal-container.h"

#include "kw-error.h"
#include "kw-json.h"

#include <string.h>

static void
test_requests(void)
{
    static const struct {
        const gchar *method, *params, *request; /* "VERB path body" */
    } rows[] = {
        {"send", "\"recipient\":[\"u\"],\"message\":\"Hallo\",\"attachment\":[\"data:x\"]",
         "POST /v2/send {\"number\":\"+43660\",\"message\":\"Hallo\",\"recipients\":[\"u\"],"
         "\"base64_attachments\":[\"data:x\"]}"},
        {"sendTyping", "\"recipient\":[\"u\"]",
         "PUT /v1/typing-indicator/%2B43660 {\"recipient\":\"u\"}"},
        {"sendReceipt", "\"recipient\":\"u\",\"targetTimestamp\":17,\"type\":\"read\"",
         "POST /v1/receipts/%2B43660 {\"recipient\":\"u\",\"timestamp\":17,\"receipt_type\":"
         "\"read\"}"},
        {"sendReaction",
         "\"recipient\":[\"u\"],\"emoji\":\"x\",\"targetAuthor\":\"u\",\"targetTimestamp\":17",
         "POST /v1/reactions/%2B43660 {\"recipient\":\"u\",\"reaction\":\"x\","
         "\"target_author\":\"u\",\"timestamp\":17}"},
        {"listIdentities", "\"more\":1", "GET /v1/identities/%2B43660 -"},
        {"trust", "\"recipient\":\"../x\",\"trustAllKnownKeys\":true",
         "PUT /v1/identities/%2B43660/trust/..%2Fx {\"trust_all_known_keys\":true}"},
        {"version", "\"more\":1", "GET /v1/about -"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *rpc = g_strdup_printf(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":{%s,\"account\":"
            "\"+43660\"}}",
            rows[i].method, rows[i].params);
        g_autoptr(GError) error = NULL;
        g_autoptr(KwSignalContainerCall) call = kw_signal_container_call_new(rpc, &error);
        g_autofree gchar *request = NULL;

        g_assert_no_error(error);
        request = g_strdup_printf("%s %s %s", call->verb, call->path,
                                  call->body != NULL ? call->body : "-");
        g_assert_cmpstr(request, ==, rows[i].request);
        g_assert_cmpint(call->id, ==, 7);
    }
}

static void
test_no_requests(void)
{
    static const gchar *const rows[] = {
        "",
        "[]",
        "{\"id\":1,\"method\":\"register\",\"params\":{\"account\":\"+43660\"}}",
        "{\"id\":1,\"method\":\"send\",\"params\":{}}",
        "{\"id\":\"1\",\"method\":\"send\",\"params\":{\"account\":\"+43660\"}}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(kw_signal_container_call_new(rows[i], &error));
        g_assert_true(error != NULL && error->domain == KW_PARSE_ERROR);
    }
}

static void
test_answers(void)
{
    static const struct {
        guint status;
        const gchar *body, *answer;
    } rows[] = {
        {201, "{\"timestamp\":\"1795\"}", "\"result\":{\"timestamp\":\"1795\"}}"},
        {204, "", "\"result\":{}}"},
        {200, "<html>", "\"result\":{}}"},
        {200, "[{\"uuid\":\"u\"}]", "\"result\":[{\"uuid\":\"u\"}]}"},
        {400, "{\"error\":\"nein\"}", "\"error\":{\"code\":-1,\"message\":\"nein\"}}"},
        {429, "{\"error\":\"x\",\"challenge_tokens\":[]}",
         "\"error\":{\"code\":-5,\"message\":\"x\"}}"},
        {400, "{\"error\":\"... due to untrusted recipient keys\"}",
         "\"error\":{\"code\":-4,\"message\":\"... due to untrusted recipient keys\"}}"},
        {502, "<html>", "\"error\":{\"code\":-32603,\"message\":\"HTTP 502\"}}"},
    };
    static const gchar rpc[] = "{\"id\":3,\"method\":\"send\",\"params\":{\"account\":\"+1\"}}";
    g_autoptr(KwSignalContainerCall) call = kw_signal_container_call_new(rpc, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) body = g_bytes_new(rows[i].body, strlen(rows[i].body));
        g_autofree gchar *answer = kw_signal_container_call_read(call, rows[i].status, body);
        g_autofree gchar *wanted =
            g_strconcat("{\"jsonrpc\":\"2.0\",\"id\":3,", rows[i].answer, NULL);

        g_assert_cmpstr(answer, ==, wanted);
    }
}

static void
test_about(void)
{
    static const struct {
        guint status;
        const gchar *body, *error; /* NULL: good */
    } rows[] = {
        {200, "{\"versions\":[\"v1\"],\"mode\":\"json-rpc\"}", NULL},
        {200, "{\"versions\":[\"v1\"]}", NULL},
        {200, "{\"versions\":[\"v1\"],\"mode\":\"native\"}", "MODE=json-rpc"},
        {200, "{}", "no signal-cli-rest-api"},
        {404, "{\"versions\":[\"v1\"]}", "no signal-cli-rest-api"},
        {200, "<html>", "no signal-cli-rest-api"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) body = g_bytes_new(rows[i].body, strlen(rows[i].body));
        g_autoptr(GError) error = NULL;
        gboolean is_good = kw_signal_container_check(rows[i].status, body, &error);

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(is_good, ==, rows[i].error == NULL);
        if (!is_good)
            g_assert_nonnull(strstr(error->message, rows[i].error));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chat/signal-container/requests", test_requests);
    g_test_add_func("/chat/signal-container/no-requests", test_no_requests);
    g_test_add_func("/chat/signal-container/answers", test_answers);
    g_test_add_func("/chat/signal-container/about", test_about);
    return g_test_run();
}
