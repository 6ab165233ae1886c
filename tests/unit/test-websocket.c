/* test-websocket.c: messages, the watch, the way back, limits; against a server over loopback
 *
 * Bytes move in real time, waiting is the fake clock's. */
#include "kw-error.h"
#include "kw-test.h"
#include "kw-websocket.h"

#include <libsoup/soup.h>
#include <string.h>

#define SEC G_GINT64_CONSTANT(1000000)

typedef struct {
    SoupServer *server;
    guint port;
    KwFakeClock *clock;
    KwWebsocket *socket;
    SoupWebsocketConnection *peer; /* the server's side of the newest connection */
    guint n_peers;
    GString *events; /* "opened;message:x;closed:peer;" */
    gboolean echoes;
} Fixture;

static void
on_peer_message(SoupWebsocketConnection *peer, gint type, GBytes *bytes, gpointer user_data)
{
    Fixture *f = user_data;

    g_string_append_printf(f->events, "heard:%s;",
                           (const gchar *) g_bytes_get_data(bytes, NULL));
    if (f->echoes)
        soup_websocket_connection_send_text(peer, "pong");
}

static void
on_peer(SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        SoupWebsocketConnection *peer,
        gpointer user_data)
{
    Fixture *f = user_data;

    f->n_peers++;
    g_set_object(&f->peer, peer);
    g_signal_connect(peer, "message", G_CALLBACK(on_peer_message), f);
}

static void
on_plain(SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
    soup_server_message_set_status(message, 502, NULL);
}

static void
on_opened(KwWebsocket *socket, gpointer user_data)
{
    g_string_append(((Fixture *) user_data)->events, "opened;");
}

static void
on_message(KwWebsocket *socket, GBytes *text, gpointer user_data)
{
    const gchar *data = g_bytes_get_data(text, NULL);

    g_assert_cmpuint(strlen(data), ==, g_bytes_get_size(text));
    g_string_append_printf(((Fixture *) user_data)->events, "message:%s;", data);
}

static void
on_quiet(KwWebsocket *socket, gpointer user_data)
{
    g_string_append(((Fixture *) user_data)->events, "quiet;");
    (void) kw_websocket_send(socket, "ping");
}

static void
on_closed(KwWebsocket *socket, gint end, const gchar *detail, gpointer user_data)
{
    g_assert_nonnull(detail);
    g_string_append_printf(((Fixture *) user_data)->events, "closed:%s;",
                           kw_websocket_end_to_string((KwWebsocketEnd) end));
}

static void
open_server(Fixture *f, guint port)
{
    g_autoptr(GError) error = NULL;
    GSList *uris;

    f->server = g_object_new(SOUP_TYPE_SERVER, NULL);
    soup_server_add_websocket_handler(f->server, "/v2", NULL, NULL, on_peer, f, NULL);
    soup_server_add_handler(f->server, "/plain", on_plain, f, NULL);
    g_assert_true(
        soup_server_listen_local(f->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
    uris = soup_server_get_uris(f->server);
    f->port = (guint) g_uri_get_port(uris->data);
    g_slist_free_full(uris, (GDestroyNotify) g_uri_unref);
}

static void
make_socket(Fixture *f, const gchar *path)
{
    g_autofree gchar *url = g_strdup_printf("ws://127.0.0.1:%u%s", f->port, path);
    const KwWebsocketOptions options = {
        .url = url,
        .user_agent = "kurswart-test",
        .max_bytes = 1000,
        .quiet_us = 10 * SEC,
        .dead_us = 5 * SEC,
        .seed = 1,
    };
    g_autoptr(GError) error = NULL;

    g_clear_object(&f->socket);
    f->socket = kw_websocket_new(KW_CLOCK(f->clock), &options, &error);
    g_assert_no_error(error);
    g_signal_connect(f->socket, "opened", G_CALLBACK(on_opened), f);
    g_signal_connect(f->socket, "message", G_CALLBACK(on_message), f);
    g_signal_connect(f->socket, "quiet", G_CALLBACK(on_quiet), f);
    g_signal_connect(f->socket, "closed", G_CALLBACK(on_closed), f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->events = g_string_new(NULL);
    open_server(f, 0);
    make_socket(f, "/v2");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->socket);
    g_clear_object(&f->peer);
    g_clear_object(&f->server);
    g_clear_object(&f->clock);
    g_string_free(f->events, TRUE);
}

/* Runs the loop until the events end with @end; ten real seconds are a failure. */
static void
wait_for(Fixture *f, const gchar *end)
{
    gint64 limit_us = kw_stopwatch_us() + 10 * SEC;

    while (!g_str_has_suffix(f->events->str, end)) {
        if (kw_stopwatch_us() > limit_us)
            g_error("waited for '%s', there was '%s'", end, f->events->str);
        (void) g_main_context_iteration(NULL, FALSE);
    }
}

static void
settle(void)
{
    for (guint i = 0; i < 50; i++)
        (void) g_main_context_iteration(NULL, FALSE);
}

static void
test_talk(Fixture *f, gconstpointer data)
{
    g_assert_false(kw_websocket_send(f->socket, "too early"));
    kw_websocket_start(f->socket);
    wait_for(f, "opened;");
    g_assert_true(kw_websocket_is_open(f->socket));
    g_assert_true(kw_websocket_send(f->socket, "hallo"));
    wait_for(f, "heard:hallo;");
    soup_websocket_connection_send_text(f->peer, "grüß dich");
    wait_for(f, "message:grüß dich;");
    kw_websocket_stop(f->socket);
    g_assert_false(kw_websocket_is_open(f->socket));
    kw_fake_clock_advance(f->clock, 3600 * SEC);
    settle();
    g_assert_cmpuint(f->n_peers, ==, 1);
}

/* F29: open and silent. The owner is asked to knock; without an answer there is a new one. */
static void
test_silent(Fixture *f, gconstpointer data)
{
    kw_websocket_start(f->socket);
    wait_for(f, "opened;");
    kw_fake_clock_advance(f->clock, 10 * SEC);
    wait_for(f, "quiet;heard:ping;");
    kw_fake_clock_advance(f->clock, 5 * SEC - 1);
    g_assert_true(kw_websocket_is_open(f->socket));
    kw_fake_clock_advance(f->clock, 1);
    wait_for(f, "closed:silent;");
    g_assert_false(kw_websocket_is_open(f->socket));
    kw_fake_clock_advance(f->clock, 2 * SEC);
    wait_for(f, "closed:silent;opened;");
    g_assert_cmpuint(f->n_peers, ==, 2);
}

static void
test_answered(Fixture *f, gconstpointer data)
{
    f->echoes = TRUE;
    kw_websocket_start(f->socket);
    wait_for(f, "opened;");
    for (guint i = 0; i < 5; i++) {
        g_string_truncate(f->events, 0);
        kw_fake_clock_advance(f->clock, 10 * SEC);
        wait_for(f, "quiet;heard:ping;message:pong;");
    }
    g_assert_null(strstr(f->events->str, "closed"));
}

/* After a good minute the next try is made at once, after a short life it waits. */
static void
test_way_back(Fixture *f, gconstpointer data)
{
    kw_websocket_start(f->socket);
    wait_for(f, "opened;");
    for (guint i = 0; i < 12; i++) {
        g_string_truncate(f->events, 0);
        kw_fake_clock_advance(f->clock, 5 * SEC);
        soup_websocket_connection_send_text(f->peer, "x");
        wait_for(f, "message:x;");
    }
    soup_websocket_connection_close(f->peer, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    wait_for(f, "closed:peer;");
    kw_fake_clock_advance(f->clock, 1);
    wait_for(f, "closed:peer;opened;");
    soup_websocket_connection_close(f->peer, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    wait_for(f, "closed:peer;");
    kw_fake_clock_advance(f->clock, SEC / 4);
    settle();
    g_assert_true(g_str_has_suffix(f->events->str, "closed:peer;"));
    kw_fake_clock_advance(f->clock, SEC);
    wait_for(f, "closed:peer;opened;");
}

static void
test_limit(Fixture *f, gconstpointer data)
{
    g_autofree gchar *large = g_strnfill(1001, 'x');

    kw_websocket_start(f->socket);
    wait_for(f, "opened;");
    soup_websocket_connection_send_text(f->peer, large);
    wait_for(f, "closed:limit;");
}

static void
test_refused(Fixture *f, gconstpointer data)
{
    make_socket(f, "/plain");
    kw_websocket_start(f->socket);
    wait_for(f, "closed:refused;");
}

/* A server that is away is asked ever more seldom, and 100 times in ten minutes at most. */
static void
test_away(Fixture *f, gconstpointer data)
{
    guint n_tries;

    g_clear_object(&f->server);
    kw_websocket_start(f->socket);
    for (guint i = 0; i < 300; i++) {
        kw_fake_clock_advance(f->clock, SEC);
        settle();
    }
    n_tries = kw_websocket_get_n_tries(f->socket);
    g_assert_cmpuint(n_tries, >=, 9);
    g_assert_cmpuint(n_tries, <=, 25);
    g_assert_nonnull(strstr(f->events->str, "closed:unreached;"));
    open_server(f, f->port);
    kw_fake_clock_advance(f->clock, 31 * SEC);
    wait_for(f, "opened;");
}

static void
test_drop(Fixture *f, gconstpointer data)
{
    kw_websocket_start(f->socket);
    wait_for(f, "opened;");
    kw_websocket_drop(f->socket, "the data is wrong");
    wait_for(f, "closed:dropped;");
    kw_fake_clock_advance(f->clock, 2 * SEC);
    wait_for(f, "closed:dropped;opened;");
}

static void
test_bad_options(Fixture *f, gconstpointer data)
{
    KwWebsocketOptions options = {.url = "wss://127.0.0.1/v2",
                                  .user_agent = "x",
                                  .ca_file = "/nonexistent.pem",
                                  .max_bytes = 1,
                                  .quiet_us = 1,
                                  .dead_us = 1};
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_websocket_new(KW_CLOCK(f->clock), &options, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_IO);
    g_clear_error(&error);
    options.ca_file = NULL;
    options.url = "kein Ort";
    g_assert_null(kw_websocket_new(KW_CLOCK(f->clock), &options, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_IO);
}

int
main(int argc, char **argv)
{
#define ADD(name, func)                                                                        \
    g_test_add("/net/websocket/" name, Fixture, NULL, set_up, func, tear_down)
    g_test_init(&argc, &argv, NULL);
    ADD("talk", test_talk);
    ADD("silent", test_silent);
    ADD("answered", test_answered);
    ADD("way-back", test_way_back);
    ADD("limit", test_limit);
    ADD("refused", test_refused);
    ADD("away", test_away);
    ADD("drop", test_drop);
    ADD("bad-options", test_bad_options);
    return g_test_run();
}
