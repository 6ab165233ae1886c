/* test-signal-envelope.c: of all that signal-cli tells, only a text to us alone is a command */
#include "kw-signal-envelope.h"

#include "kw-json.h"
#include "kw-test.h"

#include <string.h>

static KwSignalEnvelope *
parse_line(const gchar *line)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(line, -1, NULL);
    JsonObject *params = NULL;

    g_assert_nonnull(root);
    if (!kw_json_get_object(json_node_get_object(root), "params", &params, NULL))
        return NULL;
    return kw_signal_envelope_parse(params, NULL);
}

/* The recorded notifications by name; what is not named here is nothing to answer */
static KwSignalKind
expected_kind(const gchar *name)
{
    static const struct {
        const gchar *name;
        KwSignalKind kind;
    } rows[] = {
        {"text_direct", KW_SIGNAL_MESSAGE},
        {"text_number_hidden", KW_SIGNAL_MESSAGE},
        {"text_stranger", KW_SIGNAL_MESSAGE},
        {"text_control_chars_emoji", KW_SIGNAL_MESSAGE},
        {"text_styles_mention", KW_SIGNAL_MESSAGE},
        {"quote", KW_SIGNAL_MESSAGE},
        {"link_preview", KW_SIGNAL_MESSAGE},
        {"attachment_image_with_caption_body", KW_SIGNAL_MESSAGE},
        {"text_group", KW_SIGNAL_FOREIGN},
        {"group_update", KW_SIGNAL_FOREIGN},
        {"edit", KW_SIGNAL_FOREIGN},
        {"story", KW_SIGNAL_FOREIGN},
        {"story_reply", KW_SIGNAL_FOREIGN},
        {"voice_note_no_body", KW_SIGNAL_MUTE},
        {"long_text_attachment", KW_SIGNAL_MUTE},
        {"view_once", KW_SIGNAL_MUTE},
        {"sticker", KW_SIGNAL_MUTE},
        {"untrusted_identity", KW_SIGNAL_UNTRUSTED},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].kind;
    }
    return KW_SIGNAL_OTHER;
}

static void
test_recorded(void)
{
    g_autofree gchar *path = kw_test_fixture_path("signal/receive.tsv");
    g_autofree gchar *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint n = 0, n_messages = 0;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) columns = g_strsplit(lines[i], "\t", 2);
        g_autoptr(KwSignalEnvelope) envelope = NULL;

        if (g_strv_length(columns) != 2 || columns[1][0] != '{')
            continue;
        envelope = parse_line(columns[1]);
        g_test_message("%s", columns[0]);
        n++;
        if (strcmp(columns[0], "exception_without_envelope") == 0) {
            g_assert_null(envelope);
            continue;
        }
        g_assert_nonnull(envelope);
        g_assert_cmpint(envelope->kind, ==, expected_kind(columns[0]));
        g_assert_cmpstr(envelope->account, ==, "+4366012345601");
        n_messages += envelope->kind == KW_SIGNAL_MESSAGE;
    }
    g_assert_cmpuint(n, ==, 33);
    g_assert_cmpuint(n_messages, ==, 8);
}

static void
test_wild(void)
{
    g_autofree gchar *path = kw_test_fixture_path("signal/wild.jsonl");
    g_autofree gchar *text = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(JsonNode) root = kw_json_parse_text(lines[i], -1, NULL);
        JsonObject *params = NULL;
        g_autoptr(KwSignalEnvelope) envelope = NULL;

        if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root) ||
            !kw_json_get_object(json_node_get_object(root), "params", &params, NULL))
            continue;
        envelope = kw_signal_envelope_parse(params, NULL);
        if (envelope == NULL)
            continue;
        g_assert_true(envelope->uuid != NULL || envelope->number != NULL);
        g_assert_cmpint(envelope->timestamp, >, 0);
    }
}

static void
test_who(void)
{
    g_autoptr(KwSignalEnvelope) both = parse_line(
        "{\"params\":{\"subscription\":0,\"result\":{\"envelope\":{\"sourceUuid\":"
        "\"ABCDEF00-2222-4333-8444-555555555555\",\"sourceNumber\":\"+4366012345602\","
        "\"sourceName\":\"+4366099999999\",\"sourceDevice\":2,\"timestamp\":1795219200123,"
        "\"dataMessage\":{\"message\":\"Stopp\"}},\"account\":\"+43\"}}}");
    g_autoptr(KwSignalEnvelope) nobody =
        parse_line("{\"params\":{\"envelope\":{\"sourceUuid\":\"x\",\"sourceNumber\":\"0660\","
                   "\"timestamp\":1,\"dataMessage\":{\"message\":\"Stopp\"}}}}");

    g_assert_cmpstr(both->uuid, ==, "abcdef00-2222-4333-8444-555555555555");
    g_assert_cmpstr(both->number, ==, "+4366012345602");
    g_assert_cmpint(both->device, ==, 2);
    g_assert_cmpstr(both->text, ==, "Stopp");
    g_assert_null(nobody);
    g_assert_true(kw_signal_is_number("+4366012345602"));
    g_assert_false(kw_signal_is_number("+43x"));
    g_assert_false(kw_signal_is_number("4366012345602"));
    g_assert_false(kw_signal_is_uuid("11111111-2222-4333-8444-55555555555"));
    g_assert_false(kw_signal_is_uuid("11111111-2222-4333-8444-5555555555556"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chat/signal-envelope/recorded", test_recorded);
    g_test_add_func("/chat/signal-envelope/wild", test_wild);
    g_test_add_func("/chat/signal-envelope/who", test_who);
    return g_test_run();
}
