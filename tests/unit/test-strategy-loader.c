/* test-strategy-loader.c: the file, else the last good text, else nothing */
#include "kw-strategy-loader.h"
#include "kw-test.h"

#include <string.h>

#define GOOD(level)                                                                            \
    "return { name = 'x', timeframe = '1h', stoploss = -0.1,\n"                                \
    "  entry = function(c) return above(c.close, " level ") end }"
#define BROKEN "return { name = 'x' "

typedef struct {
    const gchar *file; /* NULL: there is none */
    const gchar *last_good;
    KwStrategySource source;
    gboolean has_file_error, has_last_good_error;
} Row;

static void
check_row(const gchar *path, const Row *row)
{
    g_autoptr(GBytes) last_good = NULL;
    g_auto(KwStrategyLoad) load = {0};

    if (row->file != NULL)
        g_assert_true(g_file_set_contents(path, row->file, -1, NULL));
    if (row->last_good != NULL)
        last_good = g_bytes_new_static(row->last_good, strlen(row->last_good));
    kw_strategy_loader_load(path, last_good, NULL, &load);
    g_assert_cmpstr(kw_strategy_source_to_string(load.source), ==,
                    kw_strategy_source_to_string(row->source));
    g_assert_cmpint(load.file_error != NULL, ==, row->has_file_error);
    g_assert_cmpint(load.last_good_error != NULL, ==, row->has_last_good_error);
    g_assert_cmpint(load.strategy != NULL, ==, row->source != KW_STRATEGY_SOURCE_NONE);
    if (load.source == KW_STRATEGY_SOURCE_LAST_GOOD)
        g_assert_true(g_bytes_equal(kw_strategy_get_source(load.strategy), last_good));
    if (load.source == KW_STRATEGY_SOURCE_FILE) {
        g_autoptr(GBytes) written = g_bytes_new_static(row->file, strlen(row->file));

        g_assert_true(g_bytes_equal(kw_strategy_get_source(load.strategy), written));
    }
    if (row->has_last_good_error)
        g_assert_true(g_str_has_prefix(load.last_good_error, "my.lua (last good):"));
}

static void
test_loader_order(void)
{
    static const Row rows[] = {
        {NULL, NULL, KW_STRATEGY_SOURCE_NONE, TRUE, FALSE},
        {NULL, GOOD("2"), KW_STRATEGY_SOURCE_LAST_GOOD, TRUE, FALSE},
        {BROKEN, GOOD("2"), KW_STRATEGY_SOURCE_LAST_GOOD, TRUE, FALSE},
        {BROKEN, BROKEN, KW_STRATEGY_SOURCE_NONE, TRUE, TRUE},
        {BROKEN, NULL, KW_STRATEGY_SOURCE_NONE, TRUE, FALSE},
        {GOOD("1"), GOOD("2"), KW_STRATEGY_SOURCE_FILE, FALSE, FALSE},
        {GOOD("1"), BROKEN, KW_STRATEGY_SOURCE_FILE, FALSE, FALSE},
    };
    gchar *dir = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(dir, "my.lua", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %" G_GSIZE_FORMAT, i);
        check_row(path, &rows[i]);
    }
    kw_test_tmp_dir_free(dir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/strategy/loader/order", test_loader_order);
    return g_test_run();
}
