/* test-vault.c: the order of the places, and a keyring of our own on a private bus */
#include "kw-error.h"
#include "kw-test.h"
#include "kw-vault.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

typedef struct {
    gchar *home; /* owned */
    gchar *credentials;
    gchar *files;
} Fixture;

static void
put(const gchar *folder, const gchar *name, const gchar *content, gint mode)
{
    g_autofree gchar *path = g_build_filename(folder, name, NULL);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void
set_up(Fixture *fixture, gconstpointer unused)
{
    fixture->home = kw_test_tmp_dir_new();
    fixture->credentials = g_build_filename(fixture->home, "credentials", NULL);
    fixture->files = g_build_filename(fixture->home, "secrets", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
    g_free(fixture->credentials);
    g_free(fixture->files);
    kw_test_tmp_dir_free(fixture->home);
}

static void
assert_secret(KwVault *vault, const gchar *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwSecret) secret = kw_vault_load(vault, KW_VAULT_CLAUDE_KEY, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(kw_secret_get_bytes(secret, NULL), ==, expected);
}

static void
test_order(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwVault) vault =
        kw_vault_new(fixture->credentials, KW_VAULT_KEYRING_OFF, fixture->files);
    g_autoptr(KwVault) bare = kw_vault_new(NULL, KW_VAULT_KEYRING_OFF, fixture->files);

    put(fixture->files, KW_VAULT_CLAUDE_KEY, "from-file\r\n", 0600);
    assert_secret(vault, "from-file");
    put(fixture->credentials, KW_VAULT_CLAUDE_KEY, "from-systemd\n", 0440);
    assert_secret(vault, "from-systemd");
    assert_secret(bare, "from-file");
}

/* Read again when it has changed, and not before */
static void
test_newer(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwVault) vault =
        kw_vault_new(fixture->credentials, KW_VAULT_KEYRING_OFF, fixture->files);
    g_autoptr(KwSecret) first = NULL;
    g_autoptr(KwSecret) third = NULL;
    gint64 changed_us = 0;

    g_assert_null(kw_vault_load_newer(vault, KW_VAULT_VERTEX_TOKEN, &changed_us));
    put(fixture->files, KW_VAULT_VERTEX_TOKEN, "one", 0600);
    first = kw_vault_load_newer(vault, KW_VAULT_VERTEX_TOKEN, &changed_us);
    g_assert_cmpstr(kw_secret_get_bytes(first, NULL), ==, "one");
    g_assert_null(kw_vault_load_newer(vault, KW_VAULT_VERTEX_TOKEN, &changed_us));
    put(fixture->files, KW_VAULT_VERTEX_TOKEN, "two", 0644); /* others may read it */
    g_assert_null(kw_vault_load_newer(vault, KW_VAULT_VERTEX_TOKEN, &changed_us));
    put(fixture->files, KW_VAULT_VERTEX_TOKEN, "two", 0600);
    third = kw_vault_load_newer(vault, KW_VAULT_VERTEX_TOKEN, &changed_us);
    g_assert_cmpstr(kw_secret_get_bytes(third, NULL), ==, "two");
}

static void
test_absent(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwVault) vault =
        kw_vault_new(fixture->credentials, KW_VAULT_KEYRING_OFF, fixture->files);
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_vault_load(vault, KW_VAULT_KRAKEN_SECRET, &error));
    g_assert_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT);
    g_assert_nonnull(strstr(error->message, "kraken-secret"));
    g_assert_nonnull(strstr(error->message, fixture->credentials));
    g_assert_nonnull(strstr(error->message, fixture->files));
}

/* A file that all may read is no reason to look further, nor an empty credential. */
static void
test_unreadable(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwVault) vault =
        kw_vault_new(fixture->credentials, KW_VAULT_KEYRING_OFF, fixture->files);
    g_autoptr(GError) open = NULL;
    g_autoptr(GError) empty = NULL;

    put(fixture->files, KW_VAULT_CLAUDE_KEY, "hunter2", 0644);
    g_assert_null(kw_vault_load(vault, KW_VAULT_CLAUDE_KEY, &open));
    g_assert_error(open, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE);
    g_assert_null(strstr(open->message, "hunter2"));
    g_assert_nonnull(strstr(open->message, "chmod 600"));
    put(fixture->files, KW_VAULT_CLAUDE_KEY, "hunter2", 0600);
    put(fixture->credentials, KW_VAULT_CLAUDE_KEY, "\n", 0400);
    g_assert_null(kw_vault_load(vault, KW_VAULT_CLAUDE_KEY, &empty));
    g_assert_error(empty, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE);
}

static void
test_store_in_file(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwVault) vault = kw_vault_new(NULL, KW_VAULT_KEYRING_OFF, fixture->files);
    g_autoptr(KwSecret) first = kw_secret_new("first", 5);
    g_autoptr(KwSecret) second = kw_secret_new("second", 6);
    g_autofree gchar *path = g_build_filename(fixture->files, KW_VAULT_CLAUDE_KEY, NULL);
    GStatBuf info;

    g_assert_true(kw_vault_store(vault, KW_VAULT_CLAUDE_KEY, first, NULL, NULL));
    assert_secret(vault, "first");
    g_assert_true(kw_vault_store(vault, KW_VAULT_CLAUDE_KEY, second, NULL, NULL));
    assert_secret(vault, "second");
    g_assert_cmpint(g_stat(path, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0600);
}

/* -- a keyring -- */

static gboolean
has_programs(void)
{
    g_autofree gchar *bus = g_find_program_in_path("dbus-daemon");
    g_autofree gchar *keyring = g_find_program_in_path("gnome-keyring-daemon");

    return bus != NULL && keyring != NULL;
}

static void
on_name_appeared(GDBusConnection *bus,
                 const gchar *name,
                 const gchar *owner,
                 gpointer user_data)
{
    g_main_loop_quit(user_data);
}

/* Ready when its name is on the bus: it takes the password before that. */
static GSubprocess *
start_keyring(const Fixture *fixture)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    GSubprocess *keyring;
    GOutputStream *input;
    guint watch;

    g_subprocess_launcher_setenv(launcher, "HOME", fixture->home, TRUE);
    g_subprocess_launcher_setenv(launcher, "XDG_DATA_HOME", fixture->home, TRUE);
    g_subprocess_launcher_setenv(launcher, "XDG_RUNTIME_DIR", fixture->home, TRUE);
    keyring = g_subprocess_launcher_spawn(launcher, NULL, "gnome-keyring-daemon", "--unlock",
                                          "--components=secrets", "--foreground", NULL);
    g_assert_nonnull(keyring);
    input = g_subprocess_get_stdin_pipe(keyring);
    g_assert_true(g_output_stream_write_all(input, "password", 8, NULL, NULL, NULL));
    g_assert_true(g_output_stream_close(input, NULL, NULL));
    watch = g_bus_watch_name(G_BUS_TYPE_SESSION, "org.freedesktop.secrets",
                             G_BUS_NAME_WATCHER_FLAGS_NONE, on_name_appeared, NULL, loop, NULL);
    g_main_loop_run(loop);
    g_bus_unwatch_name(watch);
    return keyring;
}

static void
check_keyring(const Fixture *fixture)
{
    g_autoptr(KwVault) vault = kw_vault_new(NULL, KW_VAULT_KEYRING_ON, fixture->files);
    g_autoptr(KwVault) service =
        kw_vault_new(fixture->credentials, KW_VAULT_KEYRING_ON, fixture->files);
    g_autoptr(KwSecret) secret = kw_secret_new("from-keyring", 12);
    g_autofree gchar *path = g_build_filename(fixture->files, KW_VAULT_CLAUDE_KEY, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_vault_load(vault, KW_VAULT_CLAUDE_KEY, &error));
    g_assert_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT);
    g_assert_true(kw_vault_store(vault, KW_VAULT_CLAUDE_KEY, secret, NULL, NULL));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    put(fixture->files, KW_VAULT_CLAUDE_KEY, "from-file", 0600);
    assert_secret(vault, "from-keyring");
    put(fixture->credentials, KW_VAULT_CLAUDE_KEY, "from-systemd", 0400);
    assert_secret(service, "from-systemd");
}

static void
test_keyring(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GTestDBus) bus = NULL;
    g_autoptr(GSubprocess) keyring = NULL;

    if (!has_programs()) {
        g_test_skip("no dbus-daemon or gnome-keyring-daemon here");
        return;
    }
    bus = g_test_dbus_new(G_TEST_DBUS_NONE);
    g_test_dbus_up(bus);
    keyring = start_keyring(fixture);
    check_keyring(fixture);
    secret_service_disconnect();
    g_subprocess_force_exit(keyring);
    g_assert_true(g_subprocess_wait(keyring, NULL, NULL));
    g_test_dbus_down(bus); /* fails when somebody still holds the connection */
}

/* A bus without a keyring is like none. */
static void
test_no_keyring(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwVault) vault = kw_vault_new(NULL, KW_VAULT_KEYRING_ON, fixture->files);

    g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus", TRUE);
    put(fixture->files, KW_VAULT_CLAUDE_KEY, "from-file", 0600);
    assert_secret(vault, "from-file");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/base/vault/order", test_order);
    ADD("/base/vault/newer", test_newer);
    ADD("/base/vault/absent", test_absent);
    ADD("/base/vault/unreadable", test_unreadable);
    ADD("/base/vault/store-in-file", test_store_in_file);
    ADD("/base/vault/no-keyring", test_no_keyring);
    ADD("/base/vault/keyring", test_keyring);
    return g_test_run();
}
