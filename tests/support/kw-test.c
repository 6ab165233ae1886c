#include "kw-test.h"

#include <glib/gstdio.h>

#include <unistd.h>

gchar *
kw_test_fixture_path(const gchar *relative)
{
    const gchar *root = g_getenv("KW_SOURCE_ROOT");

    g_return_val_if_fail(root != NULL && relative != NULL, NULL);

    return g_build_filename(root, "tests", "fixtures", relative, NULL);
}

gchar *
kw_test_tmp_dir_new(void)
{
    g_autoptr(GError) error = NULL;
    gchar *dir = g_dir_make_tmp("kurswart-test-XXXXXX", &error);

    g_assert_no_error(error);
    return dir;
}

void
kw_test_prefer_memory(void)
{
    static const gchar place[] = "/dev/shm";

    if (g_access(place, W_OK) == 0)
        (void) g_setenv("TMPDIR", place, TRUE);
}

static guint n_criticals, n_warnings;

static GLogWriterOutput
swallow(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    n_criticals += (level & G_LOG_LEVEL_CRITICAL) != 0;
    n_warnings += (level & G_LOG_LEVEL_WARNING) != 0;
    return G_LOG_WRITER_HANDLED;
}

void
kw_test_quiet_log(void)
{
    n_criticals = n_warnings = 0;
    g_log_set_writer_func(swallow, NULL, NULL);
}

guint
kw_test_take_criticals(void)
{
    guint n = n_criticals;

    n_criticals = 0;
    return n;
}

guint
kw_test_take_warnings(void)
{
    guint n = n_warnings;

    n_warnings = 0;
    return n;
}

static void
remove_tree(const gchar *path)
{
    g_autoptr(GDir) dir = NULL;
    const gchar *name;

    if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        dir = g_dir_open(path, 0, NULL);
        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
            g_autofree gchar *child = g_build_filename(path, name, NULL);
            remove_tree(child);
        }
    }
    (void) g_remove(path);
}

void
kw_test_tmp_dir_free(gchar *dir)
{
    if (dir == NULL)
        return;
    remove_tree(dir);
    g_free(dir);
}

KwDecimal
kw_test_decimal(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}
