/* test-llm-stream.c: recorded streams, cut anywhere; what is broken never becomes a call */
#include "kw-error.h"
#include "kw-json.h"
#include "kw-llm-stream.h"
#include "kw-test.h"

#include <string.h>

static KwLlmMessage *
read_stream(const gchar *stream, gsize step, GError **error)
{
    g_autoptr(KwLlmStream) self = kw_llm_stream_new();
    gsize length = strlen(stream);

    for (gsize at = 0; at < length; at += step)
        if (!kw_llm_stream_feed(self, stream + at, MIN(step, length - at)))
            break;
    return kw_llm_stream_finish(self, error);
}

/* Recorded files end without the blank line that ends the last event. */
static gchar *
load(const gchar *name)
{
    g_autofree gchar *relative = g_build_filename("claude", name, NULL);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autofree gchar *content = NULL;

    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    return g_strconcat(content, "\n\n", NULL);
}

static void
test_tool_use(void)
{
    g_autofree gchar *stream = load("sdk_tool_use_response.sse");

    for (gsize step = 1; step < 400; step += 7) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KwLlmMessage) message = read_stream(stream, step, &error);
        const KwLlmCall *call;

        g_assert_no_error(error);
        g_assert_cmpint(message->stop, ==, KW_LLM_STOP_TOOLS);
        g_assert_cmpuint(message->calls->len, ==, 1);
        call = &g_array_index(message->calls, KwLlmCall, 0);
        g_assert_cmpstr(call->name, ==, "get_weather");
        g_assert_cmpstr(json_object_get_string_member(call->input, "location"), ==, "Paris");
    }
}

/* A call that the tokens ran out in is left out, the text before it is not. */
static void
test_cut_call(void)
{
    g_autofree gchar *stream = load("sdk_incomplete_partial_json_response.sse");
    g_autoptr(KwLlmMessage) message = read_stream(stream, 50, NULL);

    g_assert_cmpint(message->stop, ==, KW_LLM_STOP_CUT);
    g_assert_cmpuint(message->calls->len, ==, 0);
    g_assert_cmpuint(json_array_get_length(message->content), ==, 1);
    g_assert_true(g_str_has_suffix(message->text, "do that for you now."));
    g_assert_cmpint(message->usage.input, ==, 450);
    g_assert_cmpint(message->usage.output, ==, 124);
}

static void
test_refusal(void)
{
    g_autofree gchar *stream = load("sdk_refusal_response.sse");
    g_autoptr(KwLlmMessage) message = read_stream(stream, 50, NULL);

    g_assert_cmpint(message->stop, ==, KW_LLM_STOP_REFUSAL);
    g_assert_cmpstr(message->text, ==, "");
}

static void
test_unknown_events(void)
{
    g_autofree gchar *stream = load("stream_unknown_event_crlf.sse");
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLlmMessage) message = read_stream(stream, 3, &error);

    g_assert_no_error(error);
    g_assert_cmpint(message->stop, ==, KW_LLM_STOP_END);
    g_assert_cmpuint(strlen(message->text), >, 0);
}

#define START                                                                                  \
    "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25}}}\n\n"
#define CALL                                                                                   \
    "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"         \
    "\"tool_use\",\"id\":\"t\",\"name\":\"x\",\"input\":{}}}\n\n"
#define PIECE                                                                                  \
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"                 \
    "\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}}\n\n"
#define CLOSE "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
#define WANTS "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}\n\n"
#define STOP "data: {\"type\":\"message_stop\"}\n\n"

static void
test_broken(void)
{
    static const struct {
        const gchar *stream;
        KwLlmError code;
    } rows[] = {
        {"", KW_LLM_ERROR_UNAVAILABLE},
        {STOP, KW_LLM_ERROR_NONSENSE},
        {START CALL CLOSE WANTS, KW_LLM_ERROR_UNAVAILABLE},
        {START START STOP, KW_LLM_ERROR_NONSENSE},
        {CALL, KW_LLM_ERROR_NONSENSE},
        {START CALL CALL STOP, KW_LLM_ERROR_NONSENSE},
        {START PIECE STOP, KW_LLM_ERROR_NONSENSE},
        {START CALL CLOSE PIECE WANTS STOP, KW_LLM_ERROR_NONSENSE},
        {START STOP CALL, KW_LLM_ERROR_NONSENSE},
        {START "data: {\"type\":\n\n", KW_LLM_ERROR_NONSENSE},
        {START "data: []\n\n", KW_LLM_ERROR_NONSENSE},
        {START "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n" STOP,
         KW_LLM_ERROR_UNAVAILABLE},
        {START "data: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"}}\n\n",
         KW_LLM_ERROR_LIMIT},
        {START "data: {\"type\":\"error\"}\n\n", KW_LLM_ERROR_UNAVAILABLE},
        {START STOP, KW_LLM_ERROR_NONSENSE}, /* no stop reason */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_null(read_stream(rows[i].stream, 10, &error));
        g_assert_error(error, KW_LLM_ERROR, (gint) rows[i].code);
    }
}

/* A closed call with half an input has none; the schema refuses it then. */
static void
test_half_input(void)
{
    g_autoptr(KwLlmMessage) half = read_stream(START CALL PIECE CLOSE WANTS STOP, 1000, NULL);
    g_autoptr(KwLlmMessage) none = read_stream(START CALL CLOSE WANTS STOP, 1000, NULL);

    g_assert_null(g_array_index(half->calls, KwLlmCall, 0).input);
    g_assert_nonnull(g_array_index(none->calls, KwLlmCall, 0).input);
}

static void
test_midway_usage(void)
{
    g_autofree gchar *stream = load("stream_error_midway.sse");
    g_autoptr(KwLlmStream) self = kw_llm_stream_new();
    g_autoptr(GError) error = NULL;
    KwLlmUsage usage;

    g_assert_false(kw_llm_stream_feed(self, stream, strlen(stream)));
    g_assert_null(kw_llm_stream_finish(self, &error));
    g_assert_error(error, KW_LLM_ERROR, KW_LLM_ERROR_UNAVAILABLE);
    kw_llm_stream_get_usage(self, &usage);
    g_assert_cmpint(usage.input, ==, 25);
}

static void
test_too_long(void)
{
    g_autoptr(KwLlmStream) self = kw_llm_stream_new();
    g_autofree gchar *x = g_strnfill(300 * 1024, 'x');
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_llm_stream_feed(self, x, strlen(x)));
    g_assert_null(kw_llm_stream_finish(self, &error));
    g_assert_error(error, KW_LLM_ERROR, KW_LLM_ERROR_NONSENSE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/llm/stream/tool-use", test_tool_use);
    g_test_add_func("/llm/stream/cut-call", test_cut_call);
    g_test_add_func("/llm/stream/refusal", test_refusal);
    g_test_add_func("/llm/stream/unknown-events", test_unknown_events);
    g_test_add_func("/llm/stream/broken", test_broken);
    g_test_add_func("/llm/stream/half-input", test_half_input);
    g_test_add_func("/llm/stream/midway-usage", test_midway_usage);
    g_test_add_func("/llm/stream/too-long", test_too_long);
    return g_test_run();
}
