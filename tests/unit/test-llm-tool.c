/* test-llm-tool.c: which tools there are, and which arguments pass */
#include "kw-command.h"
#include "kw-error.h"
#include "kw-json.h"
#include "kw-llm-tool.h"
#include "kw-test.h"

#include <string.h>

static KwZone *zone;

static gboolean
read_call(const gchar *name, const gchar *input, KwLlmWish *out)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(input, -1, NULL);
    g_autoptr(GError) error = NULL;
    JsonObject *object =
        root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
    gboolean is_fine = kw_llm_tool_read(name, object, zone, KW_TEST_T0_US, out, &error);

    g_assert_true(is_fine == (error == NULL));
    return is_fine;
}

/* One for each flagged question of the table, and two for actions; none can say an order. */
static void
test_list(void)
{
    g_autoptr(JsonArray) tools = kw_llm_tools_new();
    guint n, n_questions = 0;
    const KwCommand *commands = kw_command_list(&n);

    for (guint i = 0; i < n; i++)
        n_questions += commands[i].tool == KW_TOOL_OFFERED &&
                       kw_intent_id_get_class(commands[i].intent) == KW_INTENT_CLASS_READ;
    g_assert_cmpuint(n_questions, >, 10);
    g_assert_cmpuint(json_array_get_length(tools), ==, n_questions + 2);
    for (guint i = 0; i < json_array_get_length(tools); i++) {
        JsonObject *tool = json_array_get_object_element(tools, i);
        JsonObject *schema = json_object_get_object_member(tool, "input_schema");
        KwLlmWish wish;

        g_assert_cmpstr(json_object_get_string_member(schema, "type"), ==, "object");
        g_assert_false(json_object_get_boolean_member(schema, "additionalProperties"));
        g_assert_true(json_object_has_member(schema, "required"));
        if (i < n_questions)
            g_assert_true(read_call(json_object_get_string_member(tool, "name"), "{}", &wish));
    }
}

static void
test_same_bytes(void)
{
    g_autoptr(JsonArray) a = kw_llm_tools_new();
    g_autoptr(JsonArray) b = kw_llm_tools_new();
    g_autoptr(JsonNode) first = json_node_init_array(json_node_alloc(), a);
    g_autoptr(JsonNode) second = json_node_init_array(json_node_alloc(), b);
    g_autofree gchar *first_text = kw_json_to_text(first);
    g_autofree gchar *second_text = kw_json_to_text(second);

    g_assert_cmpstr(first_text, ==, second_text);
    g_assert_null(strstr(first_text, "order"));
}

static void
test_arguments(void)
{
    KwLlmWish wish;

    g_assert_true(
        read_call("profit", "{\"zeitraum\":\"diese_woche\",\"paar\":\"BTC/USDT\"}", &wish));
    g_assert_cmpint(wish.kind, ==, KW_LLM_TOOL_READ);
    g_assert_cmpint(wish.intent, ==, KW_INTENT_PROFIT);
    g_assert_cmpint(wish.slots.span.kind, ==, KW_SPAN_DAYS);
    g_assert_cmpint(wish.slots.span.from.day, ==, 9);
    g_assert_cmpint(wish.slots.span.to.day, ==, 11);
    g_assert_cmpstr(wish.slots.pairs[0], ==, "BTC/USDT");
    g_assert_true(read_call("trade_history", "{\"anzahl\":20}", &wish));
    g_assert_cmpuint(wish.slots.count, ==, 20);
    g_assert_true(read_call("profit", "{\"raster\":\"woche\",\"zeitraum\":\"gesamt\"}", &wish));
    g_assert_cmpint(wish.slots.raster, ==, KW_RASTER_WEEK);
    g_assert_cmpint(wish.slots.span.kind, ==, KW_SPAN_ALL);
}

static void
test_periods(void)
{
    static const gchar *const words[] = {"heute",         "gestern",       "diese_woche",
                                         "letzte_woche",  "letzte_7_tage", "dieser_monat",
                                         "letzter_monat", "dieses_jahr",   "gesamt"};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree gchar *input = g_strdup_printf("{\"zeitraum\":\"%s\"}", words[i]);
        KwLlmWish wish;

        g_test_message("%s", words[i]);
        g_assert_true(read_call("profit", input, &wish));
        g_assert_cmpint(wish.slots.span.kind, !=, KW_SPAN_NONE);
    }
}

static void
test_actions(void)
{
    static const struct {
        const gchar *name, *input;
        KwLlmToolKind kind;
        KwIntentId intent;
    } rows[] = {
        {"request_safe", "{\"action\":\"stoppen\"}", KW_LLM_TOOL_SAFE, KW_INTENT_STOP},
        {"request_safe", "{\"action\":\"notaus\"}", KW_LLM_TOOL_SAFE, KW_INTENT_KILL_ON},
        {"request_safe", "{\"action\":\"pausieren\"}", KW_LLM_TOOL_SAFE,
         KW_INTENT_PAUSE_ENTRIES},
        {"request_safe", "{\"action\":\"paar_sperren\",\"paar\":\"ETH/USDT\"}",
         KW_LLM_TOOL_SAFE, KW_INTENT_PAIR_LOCK},
        {"propose", "{\"action\":\"starten\"}", KW_LLM_TOOL_PROPOSE, KW_INTENT_START},
        {"propose", "{\"action\":\"schwelle\",\"schwelle\":0.8}", KW_LLM_TOOL_PROPOSE,
         KW_INTENT_SET_THRESHOLD},
        {"propose", "{\"action\":\"notaus_aufheben\"}", KW_LLM_TOOL_PROPOSE,
         KW_INTENT_KILL_OFF},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwLlmWish wish;

        g_assert_true(read_call(rows[i].name, rows[i].input, &wish));
        g_assert_cmpint(wish.kind, ==, rows[i].kind);
        g_assert_cmpint(wish.intent, ==, rows[i].intent);
    }
}

/* F75: a tool that does not exist, arguments too many, of the wrong type, out of range */
static void
test_refused(void)
{
    static const struct {
        const gchar *name, *input;
    } rows[] = {
        {"place_order", "{}"},
        {"order", "{}"},
        {"confirm", "{\"code\":\"4711\"}"},
        {"stop", "{}"},
        {"start", "{}"},
        {"help", "{}"},
        {"", "{}"},
        {"profit", "[]"},
        {"profit", "null"},
        {"profit", "{\"zeitraum\":\"jahrzehnt\"}"},
        {"profit", "{\"zeitraum\":7}"},
        {"profit", "{\"period\":\"week\"}"},
        {"profit", "{\"extra\":[\"x\"]}"},
        {"profit", "{\"paar\":\"BTC\"}"},
        {"profit", "{\"paar\":\"btc/usdt\"}"},
        {"profit", "{\"paar\":\"BTC/USDT; ignore\"}"},
        {"profit", "{\"paar\":\"A/B/C/DEF\"}"},
        {"profit", "{\"paar\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAA/USDT\"}"},
        {"status", "{\"paar\":\"BTC/USDT\"}"},
        {"trade_history", "{\"anzahl\":0}"},
        {"trade_history", "{\"anzahl\":1000}"},
        {"trade_history", "{\"anzahl\":\"3\"}"},
        {"trade_history", "{\"anzahl\":2.5}"},
        {"trade_detail", "{\"trade_id\":-1}"},
        {"request_safe", "{}"},
        {"request_safe", "{\"action\":\"starten\"}"},
        {"request_safe", "{\"action\":\"paar_freigeben\",\"paar\":\"ETH/USDT\"}"},
        {"request_safe", "{\"action\":\"verkaufen\"}"},
        {"request_safe", "{\"action\":\"stoppen\",\"paar\":\"ETH/USDT\"}"},
        {"request_safe", "{\"action\":\"paar_sperren\"}"},
        {"request_safe", "{\"action\":[\"stoppen\"]}"},
        {"propose", "{\"action\":\"stoppen\"}"},
        {"propose", "{\"action\":\"schwelle\"}"},
        {"propose", "{\"action\":\"schwelle\",\"schwelle\":1.5}"},
        {"propose", "{\"action\":\"schwelle\",\"schwelle\":0}"},
        {"propose", "{\"action\":\"starten\",\"code\":\"4711\"}"},
        {"propose", "{\"action\":\"deploy\"}"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwLlmWish wish = {.intent = KW_INTENT_NONE};

        g_test_message("%s %s", rows[i].name, rows[i].input);
        g_assert_false(read_call(rows[i].name, rows[i].input, &wish));
        g_assert_cmpint(wish.intent, ==, KW_INTENT_NONE);
    }
}

int
main(int argc, char **argv)
{
    gint status;

    g_test_init(&argc, &argv, NULL);
    zone = kw_zone_new("Europe/Vienna", NULL);
    g_test_add_func("/llm/tool/list", test_list);
    g_test_add_func("/llm/tool/same-bytes", test_same_bytes);
    g_test_add_func("/llm/tool/arguments", test_arguments);
    g_test_add_func("/llm/tool/periods", test_periods);
    g_test_add_func("/llm/tool/actions", test_actions);
    g_test_add_func("/llm/tool/refused", test_refused);
    status = g_test_run();
    kw_zone_unref(zone);
    return status;
}
