/* test-feature-list.c: order, names and hash of a list; every fault named at once */
#include "kw-config-problem.h"
#include "kw-error.h"
#include "kw-feature-list.h"

#include <string.h>

static KwFeatureList *
load(const gchar *text, GPtrArray *problems)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return kw_feature_list_load_bytes("test.ini", bytes, problems);
}

static KwFeatureList *
load_good(const gchar *text)
{
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(GError) error = NULL;
    KwFeatureList *list = load(text, problems);

    (void) kw_config_problems_to_error(problems, &error);
    g_assert_no_error(error);
    return list;
}

static void
test_standard(void)
{
    g_autofree gchar *path =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "features", "standard.ini", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwFeatureList) list = kw_feature_list_load(path, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(kw_feature_list_get_n_features(list), ==, 7 * 4 * 3 + 3 + 1);
    g_assert_cmpstr(kw_feature_list_get_feature(list, 0)->name, ==, "rsi_7");
    g_assert_cmpstr(kw_feature_list_get_feature(list, 2)->name, ==, "rsi_7_shift2");
    g_assert_cmpstr(kw_feature_list_get_feature(list, 87)->name, ==, "regime_20_500");
    g_assert_cmpuint(strlen(kw_feature_list_get_hash(list)), ==, 64);
}

static void
test_order(void)
{
    static const gchar *const names[] = {
        "ema_9",
        "ema_9_shift3",
        "ema_21",
        "ema_21_shift3",
        "ema_9@4h",
        "ema_9_shift3@4h",
        "ema_21@4h",
        "ema_21_shift3@4h",
        "ema_9@ETH/USDT",
        "ema_9_shift3@ETH/USDT",
        "ema_21@ETH/USDT",
        "ema_21_shift3@ETH/USDT",
        "ema_9@ETH/USDT@4h",
        "ema_9_shift3@ETH/USDT@4h",
        "ema_21@ETH/USDT@4h",
        "ema_21_shift3@ETH/USDT@4h",
        "day_of_week",
    };
    g_autoptr(KwFeatureList) list =
        load_good("# a list\n[features]\nnames=ema\nperiods = 9,21\nshifts = 0, 3\n"
                  "singles = day_of_week\npairs = eth/usdt\ntimeframes = 4h\n");

    g_assert_cmpuint(kw_feature_list_get_n_features(list), ==, G_N_ELEMENTS(names));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpstr(kw_feature_list_get_feature(list, i)->name, ==, names[i]);
    g_assert_cmpuint(kw_feature_list_get_n_sources(list), ==, 4);
    g_assert_cmpuint(kw_feature_list_get_source(list, 3)->pair, ==, 1);
    g_assert_cmpstr(kw_feature_list_get_pair(list, 0), ==, "ETH/USDT");
}

#define BASE "[features]\nnames = ema, rsi\nperiods = 9\nsingles = session_tokyo\n"

static void
test_hash(void)
{
    static const struct {
        const gchar *text;
        gboolean is_equal;
    } rows[] = {
        {"; other words\n[features]\n\nsingles=session_tokyo\n periods =9\nnames = ema,rsi",
         TRUE},
        {BASE "[sessions]\ntokyo = 00:00-09:00\n", TRUE},
        {BASE "[sessions]\nlondon = 07:00-16:00\n", TRUE}, /* not used */
        {BASE "[sessions]\ntokyo = 00:00-08:00\n", FALSE},
        {BASE "shifts = 0, 1\n", FALSE},
        {BASE "timeframes = 4h\n", FALSE},
        {"[features]\nnames = rsi, ema\nperiods = 9\nsingles = session_tokyo\n", FALSE},
        {"[features]\nnames = ema, rsi\nperiods = 10\nsingles = session_tokyo\n", FALSE},
    };
    g_autoptr(KwFeatureList) base = load_good(BASE);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwFeatureList) list = load_good(rows[i].text);

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(
            g_str_equal(kw_feature_list_get_hash(list), kw_feature_list_get_hash(base)), ==,
            rows[i].is_equal);
    }
}

static void
test_all_faults_at_once(void)
{
    static const struct {
        guint line;
        KwConfigFault fault;
        const gchar *key;
    } rows[] = {
        {1, KW_CONFIG_SYNTAX, NULL},
        {3, KW_CONFIG_NO_CHOICE, "names"},
        {3, KW_CONFIG_TWICE, "names"},
        {4, KW_CONFIG_OUT_OF_RANGE, "periods"},
        {4, KW_CONFIG_OUT_OF_RANGE, "periods"},
        {4, KW_CONFIG_OUT_OF_RANGE, "periods"},
        {5, KW_CONFIG_OUT_OF_RANGE, "shifts"}, /* a look ahead */
        {6, KW_CONFIG_NO_CHOICE, "singles"},
        {7, KW_CONFIG_NO_CHOICE, "timeframes"},
        {8, KW_CONFIG_WRONG_TYPE, "pairs"},
        {9, KW_CONFIG_UNKNOWN_KEY, "perods"},
        {10, KW_CONFIG_TWICE, "timeframes"},
        {12, KW_CONFIG_WRONG_TYPE, "tokyo"},
        {13, KW_CONFIG_WRONG_TYPE, "london"},
        {14, KW_CONFIG_WRONG_TYPE, "new_york"},
        {15, KW_CONFIG_UNKNOWN_SECTION, NULL},
    };
    g_autoptr(GPtrArray) problems = kw_config_problems_new();

    g_assert_null(
        load("nonsense\n[features]\nnames = emma, rsi, rsi\nperiods = 0, x, 5001\n"
             "shifts = -1\nsingles = foo_3\ntimeframes = 7h\npairs = BTC\nperods = 3\n"
             "timeframes = 4h\n[sessions]\ntokyo = 9-17\nlondon = 00:00-24:01\n"
             "new_york = 13:00-22:00, 1\n[other]\nx = 3\n",
             problems));
    g_assert_cmpuint(problems->len, ==, G_N_ELEMENTS(rows));
    for (guint i = 0; i < problems->len; i++) {
        const KwConfigProblem *problem = problems->pdata[i];

        g_test_message("%u: line %u key %s", i, problem->line, problem->key);
        g_assert_cmpuint(problem->line, ==, rows[i].line);
        g_assert_cmpint(problem->fault, ==, rows[i].fault);
        g_assert_cmpstr(problem->key, ==, rows[i].key);
    }
}

static void
test_refused(void)
{
    static const struct {
        const gchar *text, *message;
    } rows[] = {
        {"", "test.ini: [features] names must not be empty; example: names = rsi, ema_ratio"},
        {"[features]\nnames = rsi\n",
         "test.ini: [features] periods must not be empty; example: periods = 7, 14, 28"},
        {"[features]\nnames = rsi\nperiods = 1\n",
         "test.ini: [features] names = \"rsi_1\" is none of the choices; allowed: rsi: period "
         "must "
         "be a whole number between 2 and 5000, but is 1"},
        {"[features]\nnames = rsy\nperiods = 14\n",
         "test.ini:2: [features] names = \"rsy\" is none of the choices; did you mean "
         "\"rsi\"?"},
        {"[features]\nnames = obv\nperiods = 14\n",
         "test.ini:2: [features] names = \"obv\" is none of the choices; example: singles = "
         "obv"},
        {"[features]\nnames = macd\nperiods = 30\n",
         "test.ini: [features] contradicts another key; allowed: macd: needs 1 <= fast < slow "
         "<= "
         "5000, but fast is 30 and slow is 26"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) problems = kw_config_problems_new();
        g_autoptr(GError) error = NULL;

        g_assert_null(load(rows[i].text, problems));
        g_assert_false(kw_config_problems_to_error(problems, &error));
        g_assert_cmpstr(error->message, ==, rows[i].message);
    }
}

static void
test_too_many(void)
{
    GString *text = g_string_new("[features]\nnames = rsi, ema, sma, wma\nperiods = 2");
    g_autoptr(GPtrArray) problems = kw_config_problems_new();

    for (guint i = 3; i < 203; i++)
        g_string_append_printf(text, ", %u", i);
    g_string_append(text, "\nshifts = 0, 1, 2\n");
    g_assert_null(load(text->str, problems));
    g_assert_cmpuint(problems->len, ==, 1);
    g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/feature-list/standard", test_standard);
    g_test_add_func("/columns/feature-list/order", test_order);
    g_test_add_func("/columns/feature-list/hash", test_hash);
    g_test_add_func("/columns/feature-list/all-faults-at-once", test_all_faults_at_once);
    g_test_add_func("/columns/feature-list/refused", test_refused);
    g_test_add_func("/columns/feature-list/too-many", test_too_many);
    return g_test_run();
}
