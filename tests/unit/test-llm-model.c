/* test-llm-model.c: what an answer costs, and which row a model id takes */
#include "kw-error.h"
#include "kw-llm-model.h"
#include "kw-test.h"

#include <string.h>

#define ROW "input = 1\noutput = 5\nwrite_5m = 1.25\nwrite_1h = 2\nread = 0.10\n"

static void
test_cost(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLlmModelTable) table = kw_llm_model_table_parse(
        "[table]\ndate = 2026-10-15\n[claude-haiku-4-5]\n" ROW "sampling = true\n", &error);
    const KwLlmModel *model;
    KwLlmUsage usage = {.input = 2500, .output = 300};

    g_assert_no_error(error);
    g_assert_cmpstr(kw_llm_model_table_get_date(table), ==, "2026-10-15");
    model = kw_llm_model_table_find(table, "claude-haiku-4-5-20251001");
    g_assert_nonnull(model);
    g_assert_true(model->takes_sampling);
    /* 2,500 in and 300 out are 0.40 cent */
    g_assert_cmpint(kw_llm_model_cost(model, &usage), ==, 4000000);
    kw_llm_usage_add(&usage, &(KwLlmUsage){.write_5m = 1000, .write_1h = 1000, .read = 1000});
    g_assert_cmpint(kw_llm_model_cost(model, &usage), ==, 4000000 + 1250000 + 2000000 + 100000);
    g_assert_cmpint(kw_llm_usage_sum(&usage), ==, 5800);
}

static void
test_longest_row(void)
{
    g_autoptr(KwLlmModelTable) table = kw_llm_model_table_parse(
        "[table]\ndate = d\n[a]\n" ROW "sampling = true\n[a-5]\n" ROW "sampling = false\n",
        NULL);

    g_assert_false(kw_llm_model_table_find(table, "a-5-5")->takes_sampling);
    g_assert_true(kw_llm_model_table_find(table, "a-4")->takes_sampling);
    g_assert_null(kw_llm_model_table_find(table, "b"));
}

static void
test_faults(void)
{
    static const struct {
        const gchar *text, *names;
    } rows[] = {
        {"", "date"},
        {"no key file", "date"},
        {"[m]\n" ROW "sampling = true\n", "date"},
        {"[table]\ndate = d\n[m]\noutput = 1\n", "[m] input"},
        {"[table]\ndate = d\n[m]\ninput = 1,5\n", "[m] input"},
        {"[table]\ndate = d\n[m]\ninput = -1\n", "[m] input"},
        {"[table]\ndate = d\n[m]\ninput = 0.0001\n", "[m] input"},
        {"[table]\ndate = d\n[m]\ninput = 99999999\n", "[m] input"},
        {"[table]\ndate = d\n[m]\n" ROW, "[m] sampling"},
        {"[table]\ndate = d\n[m]\n" ROW "sampling = maybe\n", "[m] sampling"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_null(kw_llm_model_table_parse(rows[i].text, &error));
        g_assert_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, rows[i].names));
    }
}

/* The table that comes along is whole and knows the models of the default configuration. */
static void
test_bundled(void)
{
    g_autofree gchar *path =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "claude-models.conf", NULL);
    g_autofree gchar *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLlmModelTable) table = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    table = kw_llm_model_table_parse(text, &error);
    g_assert_no_error(error);
    g_assert_true(kw_llm_model_table_find(table, "claude-haiku-4-5-20251001")->takes_sampling);
    g_assert_false(kw_llm_model_table_find(table, "claude-haiku-5-5")->takes_sampling);
    g_assert_cmpint(kw_llm_model_table_find(table, "claude-haiku-5-5")->input, ==, 100);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/llm/model/cost", test_cost);
    g_test_add_func("/llm/model/longest-row", test_longest_row);
    g_test_add_func("/llm/model/faults", test_faults);
    g_test_add_func("/llm/model/bundled", test_bundled);
    return g_test_run();
}
