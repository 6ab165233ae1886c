/* test-result-json.c: the result files of the reference engine, member for member
 *
 * The golden runs are made again, and what comes out is held against the recorded files: every
 * member that stands there must be here, with the same text or a number within 1e-9. */
#include "kw-lab-golden.h"
#include "kw-result-json.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

static const gchar *const all_pairs[] = {"BTC/EUR", "ETH/EUR", "ADA/EUR", NULL};
static const gchar *const one_pair[] = {"BTC/EUR", NULL};

static void compare_nodes(const gchar *path, JsonNode *have, JsonNode *want);

static gboolean
is_number(JsonNode *node)
{
    return JSON_NODE_HOLDS_VALUE(node) && (json_node_get_value_type(node) == G_TYPE_INT64 ||
                                           json_node_get_value_type(node) == G_TYPE_DOUBLE);
}

static void
compare_values(const gchar *path, JsonNode *have, JsonNode *want)
{
    if (is_number(want)) {
        gdouble value = json_node_get_double(have), expected = json_node_get_double(want);

        if (!is_number(have) || !(fabs(value - expected) <= 1e-9 * MAX(1.0, fabs(expected))))
            g_error("%s is %.12g, expected %.12g", path, value, expected);
        return;
    }
    g_test_message("%s", path);
    g_assert_cmpint(json_node_get_value_type(have), ==, json_node_get_value_type(want));
    if (json_node_get_value_type(want) == G_TYPE_BOOLEAN)
        g_assert_cmpint(json_node_get_boolean(have), ==, json_node_get_boolean(want));
    else
        g_assert_cmpstr(json_node_get_string(have), ==, json_node_get_string(want));
}

static void
compare_arrays(const gchar *path, JsonArray *have, JsonArray *want)
{
    guint n = json_array_get_length(want);

    if (json_array_get_length(have) != n)
        g_error("%s has %u elements, expected %u", path, json_array_get_length(have), n);
    for (guint i = 0; i < n; i++) {
        g_autofree gchar *below = g_strdup_printf("%s[%u]", path, i);

        compare_nodes(below, json_array_get_element(have, i), json_array_get_element(want, i));
    }
}

static void
compare_objects(const gchar *path, JsonObject *have, JsonObject *want)
{
    g_autoptr(GList) names = json_object_get_members(want);

    for (GList *name = names; name != NULL; name = name->next) {
        g_autofree gchar *below = g_strconcat(path, ".", name->data, NULL);
        JsonNode *node = json_object_get_member(have, name->data);

        /* times of the wall clock, and the short form of locks in the recorded files */
        if (strstr(below, "backtest_run_") != NULL || strstr(below, "locks_compact") != NULL)
            continue;
        if (node == NULL)
            g_error("%s is missing", below);
        compare_nodes(below, node, json_object_get_member(want, name->data));
    }
}

static void
compare_nodes(const gchar *path, JsonNode *have, JsonNode *want)
{
    if (json_node_get_node_type(have) != json_node_get_node_type(want))
        g_error("%s is of another type", path);
    switch (json_node_get_node_type(want)) {
    case JSON_NODE_OBJECT:
        compare_objects(path, json_node_get_object(have), json_node_get_object(want));
        break;
    case JSON_NODE_ARRAY:
        compare_arrays(path, json_node_get_array(have), json_node_get_array(want));
        break;
    case JSON_NODE_VALUE:
        compare_values(path, have, want);
        break;
    case JSON_NODE_NULL:
        break;
    }
}

/* The pairs' candles as the reference read them, those of the startup included */
static gdouble
get_market_change(const KwLabRig *rig)
{
    gdouble sum = 0.0;

    for (guint i = 0; i < rig->n_pairs; i++) {
        const GArray *rows = rig->pairs[i].rows;
        gdouble first = g_array_index(rows, KwLabRow, 0).candle.close;

        sum += (g_array_index(rows, KwLabRow, rows->len - 1).candle.close - first) / first;
    }
    return sum / rig->n_pairs;
}

static KwResultFacts
make_facts(const KwLabRig *rig)
{
    return (KwResultFacts){
        .strategy = "Golden",
        .identity = "0",
        .pairs = rig->n_pairs == 1 ? one_pair : all_pairs,
        .stake_currency = "EUR",
        .timeframe = "1h",
        .timeframe_detail = "",
        .timerange = "",
        .market_change = get_market_change(rig),
        .run_start_us = KW_TEST_T0_US,
        .run_end_us = KW_TEST_T0_US + G_USEC_PER_SEC,
    };
}

static void
compare_locks(const GArray *locks, JsonArray *want)
{
    g_assert_cmpuint(locks->len, ==, json_array_get_length(want));
    for (guint i = 0; i < locks->len; i++) {
        const KwLock *lock = &g_array_index(locks, KwLock, i);
        JsonArray *row = json_array_get_array_element(want, i);

        g_test_message("lock %u", i);
        g_assert_cmpstr(lock->pair, ==, json_array_get_string_element(row, 0));
        g_assert_cmpint(lock->from_us / 1000, ==, json_array_get_int_element(row, 1));
        g_assert_cmpint(lock->until_us / 1000, ==, json_array_get_int_element(row, 2));
    }
}

static void
test_golden(gconstpointer data)
{
    const gchar *name = data;
    gboolean is_full = name[1] == '1' || name[1] == '4' || name[1] == '5';
    g_autofree gchar *file =
        g_strconcat("golden/", name, is_full ? ".json" : ".stats.json", NULL);
    g_autoptr(JsonNode) want = kw_lab_golden_load(file);
    g_autoptr(JsonNode) have = NULL;
    g_autoptr(KwResult) result = NULL;
    JsonObject *block;
    KwProtection protections[4];
    KwResultFacts facts;
    KwLabRig rig;

    kw_lab_golden_set_up(&rig, name, protections);
    kw_lab_rig_run(&rig);
    facts = make_facts(&rig);
    result = kw_result_new(rig.backtest, &facts);
    have = kw_result_to_json(result);
    compare_nodes(name, have, want);

    block = json_object_get_object_member(
        json_object_get_object_member(json_node_get_object(want), "strategy"), "Golden");
    if (json_object_has_member(block, "locks_compact"))
        compare_locks(kw_backtest_get_locks(rig.backtest),
                      json_object_get_array_member(block, "locks_compact"));
    g_clear_pointer(&result, kw_result_free);
    kw_lab_rig_clear(&rig);
}

/* What an older gate asks for */
static void
test_max_drawdown_is_added(void)
{
    g_autoptr(KwResult) result = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *block;
    KwProtection protections[4];
    KwResultFacts facts;
    KwLabRig rig;

    kw_lab_golden_set_up(&rig, "g1_fixed_roi", protections);
    kw_lab_rig_run(&rig);
    facts = make_facts(&rig);
    result = kw_result_new(rig.backtest, &facts);
    root = kw_result_to_json(result);
    block = json_object_get_object_member(
        json_object_get_object_member(json_node_get_object(root), "strategy"), "Golden");
    g_assert_cmpfloat(json_object_get_double_member(block, "max_drawdown"), ==,
                      json_object_get_double_member(block, "max_drawdown_account"));
    g_assert_cmpfloat(json_object_get_double_member(block, "max_drawdown"), >, 0.05);
    g_clear_pointer(&result, kw_result_free);
    kw_lab_rig_clear(&rig);
}

static void
test_durations(void)
{
    static const struct {
        gint64 minutes;
        const gchar *text;
    } rows[] = {{0, "0:00:00"},
                {65, "1:05:00"},
                {1439, "23:59:00"},
                {1797, "1 day, 5:57:00"},
                {2880, "2 days, 0:00:00"}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = kw_result_duration_to_text(rows[i].minutes);

        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

int
main(int argc, char **argv)
{
    static const gchar *const runs[] = {"g1_fixed_roi", "g2_unlimited_trailing_protections",
                                        "g3_limit_timeout_amend", "g4_no_trades",
                                        "g5_one_winner"};

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(runs); i++) {
        g_autofree gchar *path = g_strconcat("/lab/result-json/", runs[i], NULL);

        g_test_add_data_func(path, runs[i], test_golden);
    }
    g_test_add_func("/lab/result-json/max-drawdown", test_max_drawdown_is_added);
    g_test_add_func("/lab/result-json/durations", test_durations);
    return g_test_run();
}
