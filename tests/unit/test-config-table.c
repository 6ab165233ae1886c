/* test-config-table.c: every key is documented, its default and example are legal, and the
 * sample files that are shipped are what the tables say */
#include "kw-config-table.h"

#include <string.h>
#include <unistd.h>

static const KwConfigTable *
table_at(guint index)
{
    return index == 0 ? kw_config_table_get_bot() : kw_config_table_get_limits();
}

static void
check_row(const KwConfigRow *row)
{
    KwConfigValue value = {0};
    g_autofree gchar *expected = kw_config_row_dup_expected(row);

    g_test_message("[%s] %s", row->section, row->key);
    g_assert_cmpuint(strlen(row->german), >, 8);
    g_assert_cmpuint(strlen(row->english), >, 8);
    g_assert_cmpstr(row->german, !=, row->english);
    g_assert_null(strchr(row->german, '\n'));
    g_assert_cmpuint(strlen(expected), >, 0);
    g_assert_true(row->type != KW_CONFIG_ENUM || row->words != NULL);
    g_assert_cmpint(kw_config_row_parse(row, row->preset, &value), ==, KW_CONFIG_OK);
    kw_config_value_clear(&value);
    g_assert_cmpint(kw_config_row_parse(row, row->example, &value), ==, KW_CONFIG_OK);
    kw_config_value_clear(&value);
    for (const gchar *p = row->key; *p != '\0'; p++)
        g_assert_true(g_ascii_islower(*p) || g_ascii_isdigit(*p) || *p == '_');
    if (row->min != NULL) {
        g_assert_cmpint(kw_config_row_parse(row, row->min, &value), ==, KW_CONFIG_OK);
        kw_config_value_clear(&value);
    }
    if (g_str_has_suffix(row->key, "_ratio"))
        g_assert_cmpstr(row->max, ==, "1"); /* shares, so that a percentage is refused */
}

static void
test_rows(void)
{
    for (guint t = 0; t < 2; t++) {
        const KwConfigTable *table = table_at(t);
        g_autoptr(GHashTable) names =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GHashTable) sections = g_hash_table_new(g_str_hash, g_str_equal);

        for (gsize i = 0; i < table->n_rows; i++) {
            const KwConfigRow *row = &table->rows[i];

            check_row(row);
            g_assert_true(
                g_hash_table_add(names, g_strdup_printf("%s_%s", row->section, row->key)));
            if (i == 0 || strcmp(table->rows[i - 1].section, row->section) != 0)
                g_assert_true(g_hash_table_add(sections, (gpointer) row->section));
        }
    }
}

/* With the comment marks off, a sample is the default configuration. */
static void
test_sample_loads(void)
{
    for (guint t = 0; t < 2; t++) {
        g_autoptr(KwConfig) config = kw_config_new(table_at(t));
        g_autoptr(GPtrArray) problems = kw_config_problems_new();
        g_autofree gchar *sample = kw_config_table_to_sample(table_at(t), KW_CONFIG_GERMAN);
        g_autofree gchar *before = kw_config_dup_hash(config);
        g_autofree gchar *after = NULL;
        g_autofree gchar *path = NULL;
        g_auto(GStrv) lines = g_strsplit(sample, "\n", -1);
        g_autofree gchar *bare = NULL;
        gint fd = g_file_open_tmp("kurswart-sample-XXXXXX", &path, NULL);

        for (guint i = 0; lines[i] != NULL; i++)
            if (lines[i][0] == '#' && g_ascii_islower(lines[i][1]))
                lines[i][0] = ' ';
        bare = g_strjoinv("\n", lines);
        g_assert_true(g_file_set_contents(path, bare, -1, NULL));
        g_assert_true(kw_config_load(config, path, NULL, problems));
        g_assert_cmpint(kw_config_get_source(config, table_at(t)->rows[0].section,
                                             table_at(t)->rows[0].key),
                        ==, KW_CONFIG_SOURCE_FILE);
        after = kw_config_dup_hash(config);
        g_assert_cmpstr(before, ==, after);
        (void) close(fd);
        (void) unlink(path);
    }
}

/* Golden: KW_UPDATE_GOLDEN=1 writes the samples anew. */
static void
test_shipped_samples(void)
{
    for (guint t = 0; t < 2; t++) {
        g_autofree gchar *path = g_build_filename(g_getenv("KW_SOURCE_ROOT"), "packaging",
                                                  table_at(t)->file_name, NULL);
        g_autofree gchar *sample = kw_config_table_to_sample(table_at(t), KW_CONFIG_GERMAN);
        g_autofree gchar *shipped = NULL;

        if (g_getenv("KW_UPDATE_GOLDEN") != NULL)
            g_assert_true(g_file_set_contents(path, sample, -1, NULL));
        g_assert_true(g_file_get_contents(path, &shipped, NULL, NULL));
        g_assert_cmpstr(shipped, ==, sample);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/config-table/rows", test_rows);
    g_test_add_func("/base/config-table/sample-loads", test_sample_loads);
    g_test_add_func("/base/config-table/shipped-samples", test_shipped_samples);
    return g_test_run();
}
