/* test-llm-message.c: recorded answers in one piece */
#include "kw-error.h"
#include "kw-json.h"
#include "kw-llm-message.h"
#include "kw-test.h"

#include <string.h>

static KwLlmMessage *
parse(const gchar *json, GError **error)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(json, -1, NULL);

    g_assert_nonnull(root);
    return kw_llm_message_parse(json_node_get_object(root), error);
}

static KwLlmMessage *
load(const gchar *name)
{
    g_autofree gchar *relative = g_build_filename("claude", name, NULL);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autofree gchar *json = NULL;
    KwLlmMessage *message;

    g_assert_true(g_file_get_contents(path, &json, NULL, NULL));
    message = parse(json, NULL);
    g_assert_nonnull(message);
    return message;
}

static void
test_recorded(void)
{
    static const struct {
        const gchar *name;
        KwLlmStop stop;
        guint n_blocks, n_calls;
        const gchar *text;
    } rows[] = {
        {"response_end_turn.json", KW_LLM_STOP_END, 1, 0, NULL},
        {"response_end_turn_empty_content.json", KW_LLM_STOP_END, 0, 0, ""},
        {"response_max_tokens.json", KW_LLM_STOP_CUT, 1, 0, NULL},
        {"response_parallel_tool_use_cached.json", KW_LLM_STOP_TOOLS, 2, 2, ""},
        {"response_refusal_empty_content.json", KW_LLM_STOP_REFUSAL, 0, 0, ""},
        {"response_thinking_before_tool_use.json", KW_LLM_STOP_TOOLS, 3, 1, "Ich sehe nach."},
        {"response_tool_use.json", KW_LLM_STOP_TOOLS, 2, 1, "Ich sehe nach."},
        {"response_unknown_block_and_fields.json", KW_LLM_STOP_END, 2, 0, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwLlmMessage) message = load(rows[i].name);

        g_test_message("%s", rows[i].name);
        g_assert_cmpint(message->stop, ==, rows[i].stop);
        g_assert_cmpuint(json_array_get_length(message->content), ==, rows[i].n_blocks);
        g_assert_cmpuint(message->calls->len, ==, rows[i].n_calls);
        if (rows[i].text != NULL)
            g_assert_cmpstr(message->text, ==, rows[i].text);
        else
            g_assert_cmpuint(strlen(message->text), >, 10);
    }
}

static void
test_usage(void)
{
    g_autoptr(KwLlmMessage) message = load("response_parallel_tool_use_cached.json");

    g_assert_cmpint(message->usage.input, ==, 37);
    g_assert_cmpint(message->usage.read, ==, 4410);
    g_assert_cmpint(message->usage.output, ==, 58);
    g_assert_cmpstr(message->id, ==, "msg_01Kurswart0000000000000001");
}

/* Only an answer that ended by asking for calls has any. */
static void
test_no_calls_unless_asked(void)
{
    static const gchar *const reasons[] = {
        "max_tokens",   "refusal", "end_turn", "pause_turn", "model_context_window_exceeded",
        "something_new"};

    for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
        g_autofree gchar *json =
            g_strdup_printf("{\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
                            "\"request_safe\",\"input\":{}}],\"stop_reason\":\"%s\"}",
                            reasons[i]);
        g_autoptr(KwLlmMessage) message = parse(json, NULL);

        g_assert_nonnull(message);
        g_assert_cmpuint(message->calls->len, ==, 0);
    }
}

static void
test_nonsense(void)
{
    static const gchar *const rows[] = {
        "{}",
        "{\"content\":[],\"stop_reason\":null}",
        "{\"content\":{},\"stop_reason\":\"end_turn\"}",
        "{\"content\":[1],\"stop_reason\":\"end_turn\"}",
        "{\"content\":[{\"type\":\"tool_use\",\"name\":\"x\"}],\"stop_reason\":\"tool_use\"}",
        "{\"content\":[{\"type\":\"tool_use\",\"id\":7}],\"stop_reason\":\"tool_use\"}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", rows[i]);
        g_assert_null(parse(rows[i], &error));
        g_assert_error(error, KW_LLM_ERROR, KW_LLM_ERROR_NONSENSE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/llm/message/recorded", test_recorded);
    g_test_add_func("/llm/message/usage", test_usage);
    g_test_add_func("/llm/message/no-calls-unless-asked", test_no_calls_unless_asked);
    g_test_add_func("/llm/message/nonsense", test_nonsense);
    return g_test_run();
}
