#include "kw-error.h"
#include "kw-test.h"
#include "kw-zip.h"

#include <string.h>

static gboolean
is_result(const gchar *name)
{
    return g_str_has_prefix(name, "backtest-result") && g_str_has_suffix(name, "-00.json");
}

static gboolean
is_script(const gchar *name)
{
    return g_str_has_suffix(name, ".py");
}

static gboolean
is_nothing(const gchar *name)
{
    return FALSE;
}

static GBytes *
load(const gchar *relative)
{
    g_autofree gchar *path = kw_test_fixture_path(relative);
    gchar *content = NULL;
    gsize length = 0;

    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    return g_bytes_new_take(content, length);
}

static void
test_reads(void)
{
    g_autoptr(GBytes) zip = load("gate/g1_fixed_roi.zip");
    g_autoptr(GBytes) plain = load("freqtrade/golden/g1_fixed_roi.json");
    g_autoptr(GBytes) content = kw_zip_read(zip, is_result, 1 << 20, NULL);
    g_autoptr(GBytes) script = kw_zip_read(zip, is_script, 1 << 20, NULL);

    g_assert_true(kw_zip_is_zip(zip));
    g_assert_false(kw_zip_is_zip(plain));
    g_assert_true(g_bytes_equal(content, plain));
    g_assert_cmpuint(g_bytes_get_size(script), ==, 5);
}

static void
test_refuses(void)
{
    g_autoptr(GBytes) zip = load("gate/g1_fixed_roi.zip");
    g_autoptr(GError) absent = NULL;
    g_autoptr(GError) large = NULL;

    g_assert_null(kw_zip_read(zip, is_nothing, 1 << 20, &absent));
    g_assert_error(absent, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT);
    g_assert_null(kw_zip_read(zip, is_result, 1000, &large));
    g_assert_error(large, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
}

/* Property: cut anywhere, or with a bit turned, it is the same content or an error */
static void
test_damage(void)
{
    g_autoptr(GBytes) zip = load("gate/g1_fixed_roi.zip");
    g_autoptr(GBytes) whole = kw_zip_read(zip, is_result, 1 << 20, NULL);
    gsize size = g_bytes_get_size(zip);

    for (guint i = 0; i < 300; i++) {
        gsize length = (gsize) g_test_rand_int_range(0, (gint32) size);
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(zip, 0, length);
        g_autofree guint8 *bent = g_memdup2(g_bytes_get_data(zip, NULL), size);
        g_autoptr(GBytes) changed = NULL;
        g_autoptr(GBytes) content = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_null(kw_zip_read(cut, is_result, 1 << 20, &error));
        g_assert_nonnull(error);
        bent[length] ^= (guint8) (1 << g_test_rand_int_range(0, 8));
        changed = g_bytes_new_static(bent, size);
        content = kw_zip_read(changed, is_result, 1 << 20, NULL);
        g_assert_true(content == NULL || g_bytes_equal(content, whole));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/zip/reads", test_reads);
    g_test_add_func("/model/zip/refuses", test_refuses);
    g_test_add_func("/model/zip/damage", test_damage);
    return g_test_run();
}
