#include "kw-golden.h"

#include <string.h>

static void
write_golden(const gchar *path, const gchar *text)
{
    g_autofree gchar *dir = g_path_get_dirname(path);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
}

void
kw_golden_check(const gchar *path, const gchar *text)
{
    const gchar *root = g_getenv("KW_SOURCE_ROOT");
    g_autofree gchar *file = g_build_filename(root, "tests", "golden", path, NULL);
    g_autofree gchar *line = g_strconcat(text, "\n", NULL);
    g_autofree gchar *golden = NULL;
    g_autoptr(GError) error = NULL;

    if (g_strcmp0(g_getenv("KW_UPDATE_GOLDEN"), "1") == 0) {
        write_golden(file, line);
        return;
    }
    g_file_get_contents(file, &golden, NULL, &error);
    g_assert_no_error(error);
    if (strcmp(golden, line) != 0)
        g_test_message("%s differs", path);
    g_assert_cmpstr(line, ==, golden);
}
