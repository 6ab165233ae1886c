/* test-llm-client.c: F76, requests over loopback: body, headers, second tries, deadlines */
#include "kw-error.h"
#include "kw-fake-claude.h"
#include "kw-json.h"
#include "kw-llm-client.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    GMainLoop *loop;
    KwFakeClaude *vendor;
    KwHttp *http;
    KwClock *clock;
    KwSecret *key;
    KwLlmEndpoint endpoint;
    KwLlmClient *client;
    KwLlmMessage *message; /* of the last question */
    KwLlmUsage usage;
    GError *error;
} Fixture;

static void
remake_client(Fixture *f)
{
    g_clear_object(&f->client);
    f->client = kw_llm_client_new(f->http, f->clock, &f->endpoint);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
    f->loop = g_main_loop_new(NULL, FALSE);
    f->vendor = kw_fake_claude_new();
    f->http = kw_http_new("kurswart-test", NULL);
    f->clock = KW_CLOCK(kw_system_clock_new());
    f->key = kw_secret_new("sk-ant-test", 11);
    f->endpoint = (KwLlmEndpoint){
        .base_url = kw_fake_claude_get_url(f->vendor),
        .key = f->key,
        .model = "claude-haiku-4-5-20251001",
        .max_tokens = 1024,
        .first_ms = 2000,
        .idle_ms = 2000,
    };
    remake_client(f);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    g_clear_object(&f->client);
    g_clear_pointer(&f->vendor, kw_fake_claude_free);
    g_clear_object(&f->http);
    g_clear_object(&f->clock);
    g_clear_pointer(&f->key, kw_secret_free);
    g_clear_pointer(&f->message, kw_llm_message_free);
    g_clear_error(&f->error);
    g_main_loop_unref(f->loop);
}

static void
on_asked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->message = kw_llm_client_ask_finish(KW_LLM_CLIENT(source), result, &f->usage, &f->error);
    g_main_loop_quit(f->loop);
}

static JsonArray *
messages_new(const gchar *text)
{
    JsonArray *messages = json_array_new();
    JsonObject *message = json_object_new();

    json_object_set_string_member(message, "role", "user");
    json_object_set_string_member(message, "content", text);
    json_array_add_object_element(messages, message);
    return messages;
}

static void
ask(Fixture *f)
{
    g_autoptr(JsonArray) messages = messages_new("Wie ist die Performance diese Woche?");
    KwLlmRequest request = {
        .system = "Du bist Analyst.",
        .messages = messages,
        .until_us = kw_clock_monotonic_us(f->clock) + 3 * G_USEC_PER_SEC,
    };

    g_clear_pointer(&f->message, kw_llm_message_free);
    g_clear_error(&f->error);
    kw_llm_client_ask_async(f->client, &request, on_asked, f);
    g_main_loop_run(f->loop);
    g_assert_true((f->message == NULL) != (f->error == NULL));
}

static void
test_answer(Fixture *f, gconstpointer unused)
{
    g_autoptr(JsonNode) root = NULL;
    JsonObject *body;

    kw_fake_claude_push_file(f->vendor, "response_tool_use.json");
    ask(f);
    g_assert_no_error(f->error);
    g_assert_cmpint(f->message->stop, ==, KW_LLM_STOP_TOOLS);
    g_assert_cmpint(f->usage.input, ==, 812);
    g_assert_cmpstr(kw_llm_client_get_request_id(f->client), ==, "req_fake");
    g_assert_cmpstr(kw_fake_claude_get_path(f->vendor), ==, "/v1/messages");
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "x-api-key"), ==, "sk-ant-test");
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "anthropic-version"), ==,
                    "2023-06-01");
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "content-type"), ==,
                    "application/json");
    root = kw_json_parse_text(kw_fake_claude_get_body(f->vendor, 0), -1, NULL);
    body = json_node_get_object(root);
    g_assert_cmpstr(json_object_get_string_member(body, "model"), ==,
                    "claude-haiku-4-5-20251001");
    g_assert_false(json_object_has_member(body, "temperature"));
    g_assert_false(json_object_has_member(body, "tools"));
    g_assert_true(json_object_get_boolean_member(body, "stream"));
}

/* No part of it may change without a look at what the vendor then makes of it. */
static void
test_body(Fixture *f, gconstpointer unused)
{
    g_autoptr(JsonArray) messages = messages_new("Hallo");
    g_autoptr(JsonArray) tools = json_array_new();
    KwLlmRequest request = {
        .system = "Kurz.",
        .tools = tools,
        .messages = messages,
        .takes_sampling = TRUE,
    };
    g_autofree gchar *body = kw_llm_client_build_body(f->client, &request);

    g_assert_cmpstr(
        body, ==,
        "{\"model\":\"claude-haiku-4-5-20251001\",\"max_tokens\":1024,\"stream\":true,"
        "\"temperature\":0,\"tools\":[],\"tool_choice\":{\"type\":\"none\"},"
        "\"system\":[{\"type\":\"text\",\"text\":\"Kurz.\","
        "\"cache_control\":{\"type\":\"ephemeral\"}}],"
        "\"messages\":[{\"role\":\"user\",\"content\":\"Hallo\"}]}");
}

static void
test_vertex(Fixture *f, gconstpointer unused)
{
    g_autoptr(JsonNode) root = NULL;
    JsonObject *body;

    f->endpoint.provider = KW_LLM_PROVIDER_VERTEX;
    f->endpoint.project = "kurs";
    f->endpoint.region = "eu";
    f->endpoint.model = "claude-haiku-4-5@20251001";
    remake_client(f);
    kw_fake_claude_push_file(f->vendor, "response_end_turn.json");
    ask(f);
    g_assert_no_error(f->error);
    g_assert_cmpstr(kw_fake_claude_get_path(f->vendor), ==,
                    "/v1/projects/kurs/locations/eu/publishers/anthropic/models/"
                    "claude-haiku-4-5@20251001:streamRawPredict");
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "authorization"), ==,
                    "Bearer sk-ant-test");
    g_assert_null(kw_fake_claude_get_header(f->vendor, "x-api-key"));
    root = kw_json_parse_text(kw_fake_claude_get_body(f->vendor, 0), -1, NULL);
    body = json_node_get_object(root);
    g_assert_cmpstr(json_object_get_string_member(body, "anthropic_version"), ==,
                    "vertex-2023-10-16");
    g_assert_false(json_object_has_member(body, "model"));
}

static void
test_second_try(Fixture *f, gconstpointer unused)
{
    static const struct {
        guint status;
        const gchar *header;
    } rows[] = {
        {529, "retry-after-ms: 5"},
        {500, "retry-after-ms: 5"},
        {429, "retry-after: 0"},
        {529, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        kw_fake_claude_push_status(f->vendor, rows[i].status, "{}", rows[i].header);
        kw_fake_claude_push_file(f->vendor, "response_end_turn.json");
        ask(f);
        g_assert_no_error(f->error);
        g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 2 * (i + 1));
    }
}

/* A stream that breaks off is asked for again; what it has cost counts. */
static void
test_broken_stream(Fixture *f, gconstpointer unused)
{
    kw_fake_claude_push_file(f->vendor, "stream_error_midway.sse");
    kw_fake_claude_push_file(f->vendor, "response_end_turn.json");
    ask(f);
    g_assert_no_error(f->error);
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 2);
    g_assert_cmpint(f->usage.input, ==, 25 + f->message->usage.input);
    kw_fake_claude_push_file(f->vendor, "stream_truncated.sse");
    kw_fake_claude_push_file(f->vendor, "stream_truncated.sse");
    ask(f);
    g_assert_error(f->error, KW_LLM_ERROR, KW_LLM_ERROR_UNAVAILABLE);
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 4);
}

static void
test_no_second_try(Fixture *f, gconstpointer unused)
{
    static const struct {
        guint status;
        const gchar *header;
        KwLlmError code;
    } rows[] = {
        {401, NULL, KW_LLM_ERROR_KEY},
        {400, NULL, KW_LLM_ERROR_REQUEST},
        {429, "retry-after: 17", KW_LLM_ERROR_LIMIT}, /* nobody waits so long */
        {529, "x-should-retry: false", KW_LLM_ERROR_UNAVAILABLE},
        {404, NULL, KW_LLM_ERROR_MODEL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        kw_fake_claude_push_status(f->vendor, rows[i].status, "{\"error\":\"sk-ant-test\"}",
                                   rows[i].header);
        ask(f);
        g_assert_error(f->error, KW_LLM_ERROR, (gint) rows[i].code);
        g_assert_null(strstr(f->error->message, "sk-ant"));
        g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, i + 1);
    }
}

static void
test_spent(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *path = kw_test_fixture_path("claude/error_429_spend_limit.json");
    g_autofree gchar *body = NULL;
    gint64 now_us = kw_clock_now_us(f->clock);

    g_assert_true(g_file_get_contents(path, &body, NULL, NULL));
    g_assert_cmpint(kw_llm_client_get_spent_until_us(f->client), ==, 0);
    kw_fake_claude_push_status(f->vendor, 429, body, NULL);
    ask(f);
    g_assert_error(f->error, KW_LLM_ERROR, KW_LLM_ERROR_LIMIT);
    g_assert_cmpint(kw_llm_client_get_spent_until_us(f->client), >, now_us);
    g_assert_cmpint(kw_llm_client_get_spent_until_us(f->client), <=,
                    now_us + 31 * G_TIME_SPAN_DAY);
}

static void
test_fallback_model(Fixture *f, gconstpointer unused)
{
    kw_test_quiet_log();
    f->endpoint.fallback = "claude-haiku-5-5";
    remake_client(f);
    kw_fake_claude_push_status(f->vendor, 404, "{}", NULL);
    kw_fake_claude_push_file(f->vendor, "response_end_turn.json");
    ask(f);
    g_assert_no_error(f->error);
    g_assert_cmpstr(kw_llm_client_get_model(f->client), ==, "claude-haiku-5-5");
    g_assert_nonnull(strstr(kw_fake_claude_get_body(f->vendor, 1), "claude-haiku-5-5"));
    kw_fake_claude_push_status(f->vendor, 404, "{}", NULL);
    ask(f);
    g_assert_error(f->error, KW_LLM_ERROR, KW_LLM_ERROR_MODEL);
}

static void
test_silence(Fixture *f, gconstpointer unused)
{
    gint64 start_us = kw_stopwatch_us();

    f->endpoint.first_ms = 100;
    remake_client(f);
    kw_fake_claude_push_silence(f->vendor);
    ask(f);
    g_assert_error(f->error, KW_LLM_ERROR, KW_LLM_ERROR_UNAVAILABLE);
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 1);
    g_assert_cmpint(kw_stopwatch_us() - start_us, <, 2 * G_USEC_PER_SEC);
}

static void
test_nobody_there(Fixture *f, gconstpointer unused)
{
    g_clear_pointer(&f->vendor, kw_fake_claude_free);
    ask(f);
    g_assert_error(f->error, KW_LLM_ERROR, KW_LLM_ERROR_UNAVAILABLE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/llm/client/answer", test_answer);
    ADD("/llm/client/body", test_body);
    ADD("/llm/client/vertex", test_vertex);
    ADD("/llm/client/second-try", test_second_try);
    ADD("/llm/client/broken-stream", test_broken_stream);
    ADD("/llm/client/no-second-try", test_no_second_try);
    ADD("/llm/client/spent", test_spent);
    ADD("/llm/client/fallback-model", test_fallback_model);
    ADD("/llm/client/silence", test_silence);
    ADD("/llm/client/nobody-there", test_nobody_there);
    return g_test_run();
}
