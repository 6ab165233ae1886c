/* test-secret.c: F82, files with secrets */
#include "kw-error.h"
#include "kw-secret.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    gchar *dir; /* owned */
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused)
{
    fixture->dir = kw_test_tmp_dir_new();
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
    g_clear_pointer(&fixture->dir, kw_test_tmp_dir_free);
}

static void
put(const Fixture *fixture, const gchar *name, const gchar *content, gint mode)
{
    g_autofree gchar *path = g_build_filename(fixture->dir, name, NULL);

    g_assert_true(g_file_set_contents(path, content, -1, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void
test_copy(Fixture *fixture, gconstpointer unused)
{
    KwSecret *original = kw_secret_new("a\0b", 3);
    g_autoptr(KwSecret) copy = kw_secret_copy(original);
    gsize len = 0;

    g_assert_true(kw_secret_get_bytes(copy, NULL) != kw_secret_get_bytes(original, NULL));
    kw_secret_free(original);
    g_assert_cmpmem(kw_secret_get_bytes(copy, &len), 4, "a\0b\0", 4);
    g_assert_cmpuint(len, ==, 3);
}

static void
test_trims_line_end(Fixture *fixture, gconstpointer unused)
{
    static const gchar *const contents[] = {"s3cret key", "s3cret key\n", "s3cret key\r\n\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_autoptr(KwSecret) secret = NULL;
        gsize len = 0;

        put(fixture, "key", contents[i], 0600);
        secret = kw_secret_load("key", NULL, fixture->dir, NULL);
        g_assert_nonnull(secret);
        g_assert_cmpstr(kw_secret_get_bytes(secret, &len), ==, "s3cret key");
        g_assert_cmpuint(len, ==, 10);
    }
}

static void
test_readable_by_others(Fixture *fixture, gconstpointer unused)
{
    static const gint modes[] = {0644, 0640, 0604, 0660};

    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autoptr(GError) error = NULL;

        put(fixture, "key", "s3cret key\n", modes[i]);
        g_assert_null(kw_secret_load("key", NULL, fixture->dir, &error));
        g_assert_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE);
        g_assert_nonnull(strstr(error->message, "/key"));
        g_assert_nonnull(strstr(error->message, "chmod 600"));
        g_assert_null(strstr(error->message, "s3cret"));
    }
}

static void
test_missing_and_empty(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) empty = NULL;
    g_autoptr(GError) folder = NULL;
    g_autofree gchar *path = g_build_filename(fixture->dir, "folder", NULL);

    g_assert_null(kw_secret_load("absent", "/nowhere", fixture->dir, &missing));
    g_assert_error(missing, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT);
    g_assert_nonnull(strstr(missing->message, "absent"));
    put(fixture, "key", "\n", 0600);
    g_assert_null(kw_secret_load("key", NULL, fixture->dir, &empty));
    g_assert_error(empty, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    g_assert_null(kw_secret_load("folder", NULL, fixture->dir, &folder));
    g_assert_error(folder, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE);
}

/* Credentials come first, and their mode is systemd's business. */
static void
test_credentials_first(Fixture *fixture, gconstpointer unused)
{
    gchar *credentials = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(credentials, "key", NULL);
    g_autoptr(KwSecret) secret = NULL;

    put(fixture, "key", "from file", 0600);
    g_assert_true(g_file_set_contents(path, "from systemd", -1, NULL));
    g_assert_cmpint(g_chmod(path, 0440), ==, 0);
    secret = kw_secret_load("key", credentials, fixture->dir, NULL);
    g_assert_cmpstr(kw_secret_get_bytes(secret, NULL), ==, "from systemd");
    kw_test_tmp_dir_free(credentials);
}

/* A link could lead to a file of somebody else. */
static void
test_link_refused(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *path = g_build_filename(fixture->dir, "link", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(symlink("/etc/hostname", path), ==, 0);
    g_assert_null(kw_secret_load("link", NULL, fixture->dir, &error));
    g_assert_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE);
}

static void
test_equal(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwSecret) secret = kw_secret_new("a\0b", 3);

    g_assert_true(kw_secret_equal(secret, "a\0b", 3));
    g_assert_false(kw_secret_equal(secret, "a\0c", 3));
    g_assert_false(kw_secret_equal(secret, "a", 1));
    g_assert_false(kw_secret_equal(secret, NULL, 0));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/base/secret/trims-line-end", test_trims_line_end);
    ADD("/base/secret/readable-by-others", test_readable_by_others);
    ADD("/base/secret/missing-and-empty", test_missing_and_empty);
    ADD("/base/secret/credentials-first", test_credentials_first);
    ADD("/base/secret/link-refused", test_link_refused);
    ADD("/base/secret/copy", test_copy);
    ADD("/base/secret/equal", test_equal);
    return g_test_run();
}
