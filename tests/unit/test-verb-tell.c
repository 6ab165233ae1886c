/* test-verb-tell.c: what the owner types reaches the daemon, and what is wrong is said */
#include "kw-verb-tell.h"

#include "kw-admin.h"
#include "kw-line-client.h"
#include "kw-test.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const KwAdminTexts texts = {
    .bad_json = "kein JSON",
    .bad_message = "falsches Feld",
    .zero_byte = "Nullbyte",
    .too_long = "zu lang",
    .too_many = "zu viele",
    .full = "voll",
    .denied = "fremd",
};

static GString *out, *err;

typedef struct {
    gchar *root, *socket;
    KwChannel *admin;
    GString *heard;    /* "text|" */
    gboolean is_dying; /* the daemon ends instead of answering */
    GBytes *picture;   /* borrowed; of each reply, or NULL */
} Fixture;

static void
on_print(const gchar *text)
{
    g_string_append(out, text);
}

static void
on_printerr(const gchar *text)
{
    g_string_append(err, text);
}

static void
on_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    Fixture *f = user_data;
    g_autofree gchar *reply = g_strdup_printf("»%s«", message->text);

    g_string_append_printf(f->heard, "%s|", message->text);
    if (f->is_dying)
        kw_channel_stop(channel);
    else
        (void) kw_channel_reply(channel, message->chat, message->request,
                                &(KwChannelContent){.text = reply, .picture = f->picture});
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->root = kw_test_tmp_dir_new();
    f->socket = g_build_filename(f->root, "admin.sock", NULL);
    f->heard = g_string_new(NULL);
    f->admin = KW_CHANNEL(kw_admin_new(f->socket, getuid(), &texts));
    g_signal_connect(f->admin, "message", G_CALLBACK(on_message), f);
    g_assert_true(kw_channel_start(f->admin, NULL));
    out = g_string_new(NULL);
    err = g_string_new(NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_object_unref(f->admin);
    kw_line_client_settle();
    g_string_free(f->heard, TRUE);
    g_free(f->socket);
    kw_test_tmp_dir_free(f->root);
    g_string_free(out, TRUE);
    g_string_free(err, TRUE);
}

/* kurswart tell A B C D, up to the first NULL */
static int
tell(const gchar *a, const gchar *b, const gchar *c, const gchar *d)
{
    const gchar *argv[] = {"tell", a, b, c, d, NULL};
    GPrintFunc old_print = g_set_print_handler(on_print);
    GPrintFunc old_printerr = g_set_printerr_handler(on_printerr);
    int status = kw_verb_tell((int) g_strv_length((GStrv) argv), (char **) argv);

    (void) g_set_print_handler(old_print);
    (void) g_set_printerr_handler(old_printerr);
    return status;
}

/* The same with @bytes as standard input */
static int
tell_with_input(
    const gchar *bytes, gsize length, const gchar *a, const gchar *b, const gchar *c)
{
    gint fds[2], old = dup(STDIN_FILENO), status;

    g_assert_cmpint(pipe(fds), ==, 0);
    g_assert_cmpint(write(fds[1], bytes, length), ==, length);
    (void) close(fds[1]);
    g_assert_cmpint(dup2(fds[0], STDIN_FILENO), ==, STDIN_FILENO);
    (void) close(fds[0]);
    status = tell(a, b, c, NULL);
    g_assert_cmpint(dup2(old, STDIN_FILENO), ==, STDIN_FILENO);
    (void) close(old);
    return status;
}

static void
test_one_message(Fixture *f, gconstpointer data)
{
    g_autofree gchar *option = g_strdup_printf("--socket=%s", f->socket);

    g_assert_cmpint(tell(option, "Wie", "läuft's?", NULL), ==, 0);
    g_assert_cmpstr(f->heard->str, ==, "Wie läuft's?|");
    g_assert_cmpstr(out->str, ==, "»Wie läuft's?«\n");
    g_assert_cmpstr(err->str, ==, "");
    g_string_truncate(out, 0);
    g_assert_cmpint(tell(option, "--json", "--", "--weiter"), ==, 0);
    g_assert_cmpstr(out->str, ==, "{\"type\":\"reply\",\"text\":\"»--weiter«\"}\n");
}

static void
test_lines(Fixture *f, gconstpointer data)
{
    g_autofree gchar *option = g_strdup_printf("--socket=%s", f->socket);
    static const gchar bytes[] = "eins\n\nzwei\r\nd\0rei\n\xff\nvier";

    g_assert_cmpint(tell_with_input(bytes, sizeof bytes - 1, option, NULL, NULL), ==, 0);
    g_assert_cmpstr(f->heard->str, ==, "eins|zwei|d\uFFFDrei|\uFFFD|vier|");
    g_assert_true(g_str_has_prefix(out->str, "»eins«\n\n»zwei«\n\n"));
    g_assert_true(g_str_has_suffix(out->str, "»vier«\n\n"));
    g_assert_cmpint(tell_with_input("", 0, option, NULL, NULL), ==, 0);
}

/* A text that the daemon cannot take is an error, and the next line is still sent. */
static void
test_too_long(Fixture *f, gconstpointer data)
{
    g_autofree gchar *option = g_strdup_printf("--socket=%s", f->socket);
    g_autofree gchar *text = g_strnfill(70000, 'x');
    g_autofree gchar *lines = g_strdup_printf("%.50000s\n%s", text, "da\n");

    g_assert_cmpint(tell(option, text, NULL, NULL), ==, EX_DATAERR);
    g_assert_cmpstr(f->heard->str, ==, "");
    g_assert_nonnull(strstr(err->str, "zu lang"));
    g_assert_cmpint(tell_with_input(lines, strlen(lines), option, NULL, NULL), ==, 0);
    g_assert_true(g_str_has_suffix(out->str, "»da«\n\n"));
}

static void
test_not_running(Fixture *f, gconstpointer data)
{
    g_autofree gchar *root = g_strdup_printf("--root=%s", f->root);

    kw_channel_stop(f->admin);
    g_assert_cmpint(tell(root, "Stopp", NULL, NULL), ==, EX_UNAVAILABLE);
    g_assert_nonnull(strstr(err->str, "Der Dienst läuft nicht"));
    g_assert_nonnull(strstr(err->str, f->socket));
    g_assert_nonnull(strstr(err->str, "systemctl start kurswart"));
    g_assert_cmpstr(out->str, ==, "");
}

static void
test_daemon_dies(Fixture *f, gconstpointer data)
{
    g_autofree gchar *option = g_strdup_printf("--socket=%s", f->socket);

    f->is_dying = TRUE;
    g_assert_cmpint(tell(option, "Stopp", NULL, NULL), ==, EX_UNAVAILABLE);
    g_assert_nonnull(strstr(err->str, "Der Dienst hat die Verbindung beendet"));
    g_assert_true(kw_channel_start(f->admin, NULL));
    g_assert_cmpint(tell_with_input("a\nb\n", 4, option, NULL, NULL), ==, EX_UNAVAILABLE);
    g_assert_cmpstr(f->heard->str, ==, "Stopp|a|");
}

/* Somebody broke the configuration of a bot that runs: it can be stopped all the same. */
static void
test_broken_configuration(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = g_build_filename(f->root, "kurswart.conf", NULL);
    g_autofree gchar *config = g_strdup_printf("--config=%s", path);
    g_autofree gchar *root = g_strdup_printf("--root=%s", f->root);

    g_assert_true(g_file_set_contents(path, "[chat]\nunsinn = 1\n", -1, NULL));
    g_assert_cmpint(tell(config, root, "Stopp", NULL), ==, 0);
    g_assert_cmpstr(f->heard->str, ==, "Stopp|");
    g_assert_nonnull(strstr(err->str, "unsinn"));
}

static void
test_usage(Fixture *f, gconstpointer data)
{
    g_assert_cmpint(tell("--unsinn", NULL, NULL, NULL), ==, 2);
}

/* Under the next free number; what is no PNG is not kept. */
static void
test_pictures(Fixture *f, gconstpointer data)
{
    static const gchar bytes[50000] = "\x89PNG\r\n\x1a\n";
    g_autoptr(GBytes) picture = g_bytes_new_static(bytes, sizeof bytes);
    g_autoptr(GBytes) noise = g_bytes_new_static(bytes + 1, sizeof bytes - 1);
    g_autofree gchar *option = g_strdup_printf("--socket=%s", f->socket);
    g_autofree gchar *folder = g_build_filename(f->root, "neu", NULL);
    g_autofree gchar *pictures = g_strdup_printf("--pictures=%s", folder);
    g_autofree gchar *second = g_build_filename(folder, "02.png", NULL);
    g_autofree gchar *third = g_build_filename(folder, "03.png", NULL);
    g_autofree gchar *kept = NULL;
    gsize length = 0;

    f->picture = picture;
    g_assert_cmpint(tell(option, "Kurve", NULL, NULL), ==, 0);
    g_assert_cmpstr(out->str, ==, "»Kurve«\n");
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
    g_assert_cmpint(tell(option, pictures, "Kurve", NULL), ==, 0);
    g_assert_nonnull(strstr(out->str, "/neu/01.png\n"));
    g_assert_cmpint(tell(option, pictures, "--json", "Kurve"), ==, 0);
    g_assert_nonnull(strstr(out->str, "{\"type\":\"picture\",\"text\":\"/"));
    g_assert_true(g_file_get_contents(second, &kept, &length, NULL));
    g_assert_cmpmem(kept, (gint) length, bytes, sizeof bytes);
    f->picture = noise;
    g_assert_cmpint(tell(option, pictures, "Kurve", NULL), ==, 0);
    g_assert_false(g_file_test(third, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/app/tell/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("one-message", test_one_message);
    ADD("lines", test_lines);
    ADD("too-long", test_too_long);
    ADD("not-running", test_not_running);
    ADD("daemon-dies", test_daemon_dies);
    ADD("broken-configuration", test_broken_configuration);
    ADD("usage", test_usage);
    ADD("pictures", test_pictures);
    return g_test_run();
}
