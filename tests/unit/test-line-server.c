/* test-line-server.c: lines come as they were sent, and nobody can make the server suffer */
#include "kw-error.h"
#include "kw-line-client.h"
#include "kw-line-server.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    gchar *folder, *path;
    KwLineServer *server;
    GPtrArray *lines; /* what the server heard */
    GArray *peers;    /* and from whom */
    guint n_closed;
    gboolean is_echo;
} Fixture;

static void
on_line(KwLineServer *server,
        guint peer,
        const gchar *line,
        gsize length,
        guint uid,
        gpointer user_data)
{
    Fixture *f = user_data;

    g_assert_cmpuint(uid, ==, getuid());
    g_assert_cmpint(line[length], ==, '\0');
    g_ptr_array_add(f->lines, g_strndup(line, length));
    g_array_append_val(f->peers, peer);
    if (f->is_echo)
        (void) kw_line_server_send(server, peer, line);
}

static void
on_closed(KwLineServer *server, guint peer, gpointer user_data)
{
    ((Fixture *) user_data)->n_closed++;
}

static void
listen_as(Fixture *f, guint owner)
{
    static const KwLineServerTexts texts = {"denied", "full", "overlong"};
    g_autoptr(GError) error = NULL;

    f->server = kw_line_server_new(f->path, owner, &texts);
    g_signal_connect(f->server, "line", G_CALLBACK(on_line), f);
    g_signal_connect(f->server, "closed", G_CALLBACK(on_closed), f);
    g_assert_true(kw_line_server_start(f->server, &error));
    g_assert_no_error(error);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->folder, "run", "admin.sock", NULL);
    f->lines = g_ptr_array_new_with_free_func(g_free);
    f->peers = g_array_new(FALSE, FALSE, sizeof(guint));
    listen_as(f, getuid());
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->server);
    g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
    g_ptr_array_unref(f->lines);
    g_array_unref(f->peers);
    g_free(f->path);
    kw_test_tmp_dir_free(f->folder);
}

static gboolean
has_closed(gpointer user_data)
{
    return ((Fixture *) user_data)->n_closed > 0;
}

static gboolean
has_line(gpointer user_data)
{
    return ((Fixture *) user_data)->lines->len > 0;
}

static gboolean
is_empty(gpointer user_data)
{
    return kw_line_server_get_n_peers(((Fixture *) user_data)->server) == 0;
}

static void
test_modes(Fixture *f, gconstpointer data)
{
    g_autofree gchar *folder = g_path_get_dirname(f->path);
    GStatBuf info;

    g_assert_cmpint(g_stat(f->path, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0600);
    g_assert_cmpint(g_stat(folder, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0700);
}

static void
test_both_ways(Fixture *f, gconstpointer data)
{
    g_autoptr(KwLineClient) one = kw_line_client_new(f->path);
    g_autoptr(KwLineClient) two = kw_line_client_new(f->path);

    f->is_echo = TRUE;
    kw_line_client_send(one, "eins");
    kw_line_client_send(two, "zwei");
    kw_line_client_send(one, "drei");
    g_assert_cmpstr(kw_line_client_wait_line(one, 0), ==, "eins");
    g_assert_cmpstr(kw_line_client_wait_line(one, 1), ==, "drei");
    g_assert_cmpstr(kw_line_client_wait_line(two, 0), ==, "zwei");
    g_assert_cmpuint(kw_line_server_get_n_peers(f->server), ==, 2);
    g_clear_pointer(&one, kw_line_client_free);
    kw_line_client_wait_until(has_closed, f);
    g_assert_cmpuint(kw_line_server_get_n_peers(f->server), ==, 1);
    kw_line_client_send(two, "vier");
    g_assert_cmpstr(kw_line_client_wait_line(two, 1), ==, "vier");
}

/* Property: however the bytes are cut, the same lines arrive. */
static void
test_cut_anywhere(Fixture *f, gconstpointer data)
{
    for (guint round = 0; round < 30; round++) {
        gint fd = kw_line_client_open_raw(f->path);
        g_autoptr(GString) bytes = g_string_new(NULL);
        g_autoptr(GString) expected = g_string_new(NULL);
        g_autoptr(GString) got = g_string_new(NULL);

        for (guint i = 0; i < 100; i++) {
            guint length = (guint) g_test_rand_int_range(0, i % 10 == 0 ? 5000 : 20);
            g_autofree gchar *text = g_strnfill(length, (gchar) ('a' + i % 26));

            g_string_append_printf(bytes, "%s%s", text, i % 3 == 0 ? "\r\n" : "\n");
            if (length > 0)
                g_string_append_printf(expected, "%s|", text);
        }
        for (gsize at = 0; at < bytes->len;) {
            gsize n = (gsize) g_test_rand_int_range(1, 3000);

            n = MIN(n, bytes->len - at);
            g_assert_true(kw_line_client_write_raw(fd, bytes->str + at, n));
            kw_line_client_settle();
            at += n;
        }
        (void) close(fd);
        kw_line_client_wait_until(is_empty, f);
        for (guint i = 0; i < f->lines->len; i++)
            g_string_append_printf(got, "%s|", (gchar *) f->lines->pdata[i]);
        g_assert_cmpstr(got->str, ==, expected->str);
        g_ptr_array_set_size(f->lines, 0);
    }
}

/* A half line is none until its end, or until the sender shuts down; then he can still read. */
static void
test_half_line(Fixture *f, gconstpointer data)
{
    gint fd = kw_line_client_open_raw(f->path);
    gchar buffer[16] = "";

    f->is_echo = TRUE;
    g_assert_true(kw_line_client_write_raw(fd, "Sto", 3));
    kw_line_client_settle();
    g_assert_cmpuint(f->lines->len, ==, 0);
    g_assert_true(kw_line_client_write_raw(fd, "pp", 2));
    g_assert_cmpint(shutdown(fd, SHUT_WR), ==, 0);
    kw_line_client_wait_until(has_line, f);
    g_assert_cmpstr(f->lines->pdata[0], ==, "Stopp");
    g_assert_cmpint(read(fd, buffer, sizeof buffer - 1), ==, 6);
    g_assert_cmpstr(buffer, ==, "Stopp\n");
    kw_line_client_settle();
    g_assert_cmpuint(f->n_closed, ==, 0);
    (void) close(fd);
    kw_line_client_wait_until(has_closed, f);
}

static void
test_zero_bytes(Fixture *f, gconstpointer data)
{
    gint fd = kw_line_client_open_raw(f->path);

    g_assert_true(kw_line_client_write_raw(fd, "a\0b\n", 4));
    kw_line_client_wait_until(has_line, f);
    g_assert_cmpstr(f->lines->pdata[0], ==, "a");
    (void) close(fd);
}

/* The longest line passes, one byte more is answered and skipped, and the next one passes. */
static void
test_overlong(Fixture *f, gconstpointer data)
{
    g_autofree gchar *longest = g_strnfill(KW_LINE_PIPE_MAX_LINE, 'x');
    g_autofree gchar *longer = g_strnfill(KW_LINE_PIPE_MAX_LINE + 1, 'y');
    g_autofree gchar *longer_still = g_strnfill(1024 * 1024, 'z');
    g_autoptr(KwLineClient) client = kw_line_client_new(f->path);

    kw_line_client_send(client, longest);
    kw_line_client_send(client, longer);
    g_assert_cmpstr(kw_line_client_wait_line(client, 0), ==, "overlong");
    g_assert_cmpuint(f->lines->len, ==, 1);
    g_assert_cmpstr(f->lines->pdata[0], ==, longest);
    kw_line_client_wait_until(has_line, f);
    {
        gint fd = kw_line_client_open_raw(f->path);
        gchar buffer[16] = "";

        g_assert_true(kw_line_client_write_raw(fd, longer_still, 1024 * 1024));
        g_assert_true(kw_line_client_write_raw(fd, "\nda\n", 4));
        kw_line_client_settle();
        g_assert_cmpint(read(fd, buffer, sizeof buffer - 1), ==, 9);
        g_assert_cmpstr(buffer, ==, "overlong\n");
        (void) close(fd);
    }
    g_assert_cmpuint(f->lines->len, ==, 2);
    g_assert_cmpstr(f->lines->pdata[1], ==, "da");
    g_assert_cmpuint(kw_line_server_get_counts(f->server)->n_overlong, ==, 2);
}

static void
test_endless_line(Fixture *f, gconstpointer data)
{
    g_autofree gchar *megabyte = g_strnfill(1024 * 1024, 'x');
    gint fd = kw_line_client_open_raw(f->path);
    guint n = 0;

    while (n < 100 && kw_line_client_write_raw(fd, megabyte, 1024 * 1024))
        n++;
    g_assert_cmpuint(n, <, 12);
    g_assert_cmpuint(n, >=, 8);
    kw_line_client_wait_until(has_closed, f);
    g_assert_cmpuint(kw_line_server_get_counts(f->server)->n_flooded, ==, 1);
    (void) close(fd);
}

static void
test_many_peers(Fixture *f, gconstpointer data)
{
    KwLineClient *clients[KW_LINE_SERVER_MAX_PEERS];
    g_autoptr(KwLineClient) refused = NULL;
    g_autoptr(KwLineClient) late = NULL;

    f->is_echo = TRUE;
    for (guint i = 0; i < KW_LINE_SERVER_MAX_PEERS; i++)
        clients[i] = kw_line_client_new(f->path);
    refused = kw_line_client_new(f->path);
    g_assert_cmpstr(kw_line_client_wait_line(refused, 0), ==, "full");
    kw_line_client_wait_end(refused);
    g_assert_cmpuint(kw_line_server_get_counts(f->server)->n_full, ==, 1);
    for (guint i = 0; i < KW_LINE_SERVER_MAX_PEERS; i++) {
        kw_line_client_send(clients[i], "da");
        g_assert_cmpstr(kw_line_client_wait_line(clients[i], 0), ==, "da");
    }
    kw_line_client_free(clients[0]);
    kw_line_client_wait_until(has_closed, f);
    late = kw_line_client_new(f->path);
    kw_line_client_send(late, "jetzt");
    g_assert_cmpstr(kw_line_client_wait_line(late, 0), ==, "jetzt");
    for (guint i = 1; i < KW_LINE_SERVER_MAX_PEERS; i++)
        kw_line_client_free(clients[i]);
}

/* Who does not read is dropped, and nobody else notices. */
static void
test_slow_reader(Fixture *f, gconstpointer data)
{
    g_autofree gchar *text = g_strnfill(10000, 'x');
    g_autoptr(KwLineClient) good = kw_line_client_new(f->path);
    gint slow = kw_line_client_open_raw(f->path);
    guint peer, n = 0;

    g_assert_true(kw_line_client_write_raw(slow, "hallo\n", 6));
    kw_line_client_wait_until(has_line, f);
    peer = g_array_index(f->peers, guint, 0);
    while (kw_line_server_send(f->server, peer, text))
        g_assert_cmpuint(n++, <, 1000);
    g_assert_cmpuint(n, >=, KW_LINE_PIPE_MAX_QUEUE / 10001);
    g_assert_cmpuint(f->n_closed, ==, 0); /* never from inside the call */
    kw_line_client_wait_until(has_closed, f);
    g_assert_cmpuint(kw_line_server_get_counts(f->server)->n_slow, ==, 1);
    g_assert_false(kw_line_server_send(f->server, peer, text));

    f->is_echo = TRUE;
    kw_line_client_send(good, "noch da");
    g_assert_cmpstr(kw_line_client_wait_line(good, 0), ==, "noch da");
    (void) close(slow);
}

/* What waits in the queue arrives whole once the reader reads. */
static void
test_queue(Fixture *f, gconstpointer data)
{
    g_autofree gchar *text = g_strnfill(10000, 'x');
    g_autoptr(KwLineClient) client = kw_line_client_new(f->path);
    guint peer;

    kw_line_client_send(client, "hallo");
    kw_line_client_wait_until(has_line, f);
    peer = g_array_index(f->peers, guint, 0);
    for (guint i = 0; i < 100; i++)
        g_assert_true(kw_line_server_send(f->server, peer, text));
    kw_line_server_close(f->server, peer);
    g_assert_false(kw_line_server_send(f->server, peer, "zu spät"));
    kw_line_client_wait_end(client);
    g_assert_cmpuint(client->lines->len, ==, 100);
    for (guint i = 0; i < 100; i++)
        g_assert_cmpstr(client->lines->pdata[i], ==, text);
}

/* F83: writing to a peer who has gone ends nothing but the connection. */
static void
test_peer_gone(Fixture *f, gconstpointer data)
{
    gint fd = kw_line_client_open_raw(f->path);
    guint peer;

    g_assert_true(kw_line_client_write_raw(fd, "hallo\n", 6));
    kw_line_client_wait_until(has_line, f);
    peer = g_array_index(f->peers, guint, 0);
    (void) close(fd);
    g_assert_false(kw_line_server_send(f->server, peer, "wohin?"));
    kw_line_client_wait_until(has_closed, f);
    g_assert_cmpuint(f->n_closed, ==, 1);
}

static void
test_live_socket_stays(Fixture *f, gconstpointer data)
{
    g_autoptr(KwLineServer) second = kw_line_server_new(f->path, getuid(), NULL);
    g_autoptr(KwLineClient) client = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_line_server_start(second, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_BUSY);
    g_clear_object(&second);
    f->is_echo = TRUE;
    client = kw_line_client_new(f->path);
    kw_line_client_send(client, "da");
    g_assert_cmpstr(kw_line_client_wait_line(client, 0), ==, "da");
}

/* A killed process leaves its socket: a child binds and dies. */
static void
test_stale_socket(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(folder, "admin.sock", NULL);
    g_autoptr(KwLineServer) server = kw_line_server_new(path, getuid(), NULL);
    g_autoptr(GError) error = NULL;
    pid_t child = fork();

    if (child == 0) {
        KwLineServer *killed = kw_line_server_new(path, getuid(), NULL);

        _exit(kw_line_server_start(killed, NULL) ? 0 : 1);
    }
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(kw_line_server_start(server, &error));
    g_assert_no_error(error);
    kw_line_client_free(kw_line_client_new(path));
    kw_line_server_stop(server);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

/* Nothing but a dead socket is ever removed. */
static void
test_file_in_the_way(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(folder, "admin.sock", NULL);
    g_autofree gchar *open_path = g_build_filename(folder, "open", "admin.sock", NULL);
    g_autofree gchar *open_folder = g_path_get_dirname(open_path);
    g_autofree gchar *long_path = NULL, *filler = g_strnfill(200, 'n');
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLineServer) server = kw_line_server_new(path, getuid(), NULL);

    g_assert_true(g_file_set_contents(path, "wichtig", -1, NULL));
    g_assert_false(kw_line_server_start(server, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_IO);
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
    g_clear_error(&error);
    g_clear_object(&server);

    g_assert_cmpint(g_mkdir(open_folder, 0700), ==, 0);
    g_assert_cmpint(g_chmod(open_folder, 0777), ==, 0);
    server = kw_line_server_new(open_path, getuid(), NULL);
    g_assert_false(kw_line_server_start(server, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_DENIED);
    g_clear_error(&error);
    g_clear_object(&server);

    long_path = g_build_filename(folder, filler, NULL);
    server = kw_line_server_new(long_path, getuid(), NULL);
    g_assert_false(kw_line_server_start(server, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_IO);
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

static void
test_allowed(void)
{
    g_assert_true(kw_line_server_is_allowed(1000, 1000));
    g_assert_true(kw_line_server_is_allowed(1000, 0));
    g_assert_true(kw_line_server_is_allowed(0, 0));
    g_assert_false(kw_line_server_is_allowed(1000, 1001));
    g_assert_false(kw_line_server_is_allowed(0, 1000));
    g_assert_false(kw_line_server_is_allowed(1000, G_MAXUINT));
}

/* F81 over a real connection: as root a child changes its user, else we are the stranger. */
static void
test_stranger(void)
{
    Fixture f = {.folder = kw_test_tmp_dir_new()};
    pid_t child = 0;

    f.path = g_build_filename(f.folder, "admin.sock", NULL);
    f.lines = g_ptr_array_new();
    if (getuid() == 0) {
        listen_as(&f, 0);
        g_assert_cmpint(g_chmod(f.folder, 0755), ==, 0);
        g_assert_cmpint(g_chmod(f.path, 0666), ==, 0);
        child = fork();
        if (child == 0) {
            gint fd =
                setresuid(65534, 65534, 65534) == 0 ? kw_line_client_open_raw(f.path) : -1;

            _exit(fd >= 0 && send(fd, "Stopp\n", 6, MSG_NOSIGNAL) == 6 ? 0 : 1);
        }
        g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
        kw_line_client_settle();
    } else {
        g_autoptr(KwLineClient) client = NULL;

        listen_as(&f, getuid() + 1);
        client = kw_line_client_new(f.path);
        kw_line_client_send(client, "Stopp");
        g_assert_cmpstr(kw_line_client_wait_line(client, 0), ==, "denied");
        kw_line_client_wait_end(client);
    }
    g_assert_cmpuint(kw_line_server_get_counts(f.server)->n_denied, ==, 1);
    g_assert_cmpuint(f.lines->len, ==, 0);
    g_object_unref(f.server);
    g_ptr_array_unref(f.lines);
    g_free(f.path);
    kw_test_tmp_dir_free(f.folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/net/line-server/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("modes", test_modes);
    ADD("both-ways", test_both_ways);
    ADD("cut-anywhere", test_cut_anywhere);
    ADD("half-line", test_half_line);
    ADD("zero-bytes", test_zero_bytes);
    ADD("overlong", test_overlong);
    ADD("endless-line", test_endless_line);
    ADD("many-peers", test_many_peers);
    ADD("slow-reader", test_slow_reader);
    ADD("queue", test_queue);
    ADD("peer-gone", test_peer_gone);
    ADD("live-socket-stays", test_live_socket_stays);
    g_test_add_func("/net/line-server/stale-socket", test_stale_socket);
    g_test_add_func("/net/line-server/file-in-the-way", test_file_in_the_way);
    g_test_add_func("/net/line-server/allowed", test_allowed);
    g_test_add_func("/net/line-server/stranger", test_stranger);
    return g_test_run();
}
