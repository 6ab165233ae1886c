/* test-http.c: requests arrive as they were given, answers come back whole or as a named error
 */
#include "kw-error.h"
#include "kw-http.h"
#include "kw-test.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

/* What a server that knows no HTTP does after it has read a request */
typedef enum { RAW_CLOSE, RAW_ANSWER_THEN_CLOSE, RAW_CUT, RAW_SILENT } RawKind;

typedef struct {
    GMainLoop *loop;
    KwHttp *http;
    SoupServer *server;
    gchar *base;
    GSocketService *raw;
    RawKind raw_kind;
    guint raw_port;
    GPtrArray *raw_peers; /* connections kept open */
    guint n_raw;          /* requests that the raw server has read */
    KwHttpResponse *response;
    GError *error;
    GString *heard;  /* by the server: method, headers of interest, body */
    GString *pieces; /* by on_data */
} Fixture;

static void
on_request(SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
    Fixture *f = user_data;
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    g_autoptr(GBytes) bytes = soup_message_body_flatten(body);
    const gchar *type = soup_message_headers_get_one(headers, "Content-Type");

    g_string_append_printf(f->heard, "%s %s %s|%s|", soup_server_message_get_method(message),
                           path, type != NULL ? type : "-",
                           soup_message_headers_get_one(headers, "User-Agent"));
    g_string_append_len(f->heard, g_bytes_get_data(bytes, NULL),
                        (gssize) g_bytes_get_size(bytes));
    soup_message_headers_append(soup_server_message_get_response_headers(message), "X-Limit",
                                "12");
    if (g_str_equal(path, "/large")) {
        g_autofree gchar *large = g_strnfill(200000, 'x');

        soup_server_message_set_status(message, 200, NULL);
        soup_server_message_set_response(message, "text/plain", SOUP_MEMORY_COPY, large,
                                         200000);
    } else if (g_str_equal(path, "/redirect")) {
        soup_server_message_set_redirect(message, 302, "/");
    } else {
        soup_server_message_set_status(message, g_str_equal(path, "/bad") ? 502 : 200, NULL);
        soup_server_message_set_response(message, "text/plain", SOUP_MEMORY_STATIC, "gut", 3);
    }
}

static void
on_raw_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    static const gchar answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    static const gchar cut[] = "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nhalf";
    g_autoptr(GSocketConnection) peer = user_data;
    g_autoptr(GBytes) bytes =
        g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, NULL);
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(peer));
    Fixture *f = g_object_get_data(G_OBJECT(peer), "fixture");

    if (bytes == NULL || g_bytes_get_size(bytes) == 0)
        return;
    f->n_raw++;
    if (f->raw_kind == RAW_ANSWER_THEN_CLOSE && f->n_raw == 1) {
        (void) g_output_stream_write(out, answer, sizeof answer - 1, NULL, NULL);
        g_input_stream_read_bytes_async(G_INPUT_STREAM(source), 4096, 0, NULL, on_raw_read,
                                        g_steal_pointer(&peer));
        return;
    }
    if (f->raw_kind == RAW_CUT)
        (void) g_output_stream_write(out, cut, sizeof cut - 1, NULL, NULL);
    if (f->raw_kind == RAW_SILENT)
        g_ptr_array_add(f->raw_peers, g_object_ref(peer));
    else
        (void) g_io_stream_close(G_IO_STREAM(peer), NULL, NULL);
}

static gboolean
on_raw_peer(GSocketService *service,
            GSocketConnection *peer,
            GObject *source,
            gpointer user_data)
{
    g_object_set_data(G_OBJECT(peer), "fixture", user_data);
    g_input_stream_read_bytes_async(g_io_stream_get_input_stream(G_IO_STREAM(peer)), 4096, 0,
                                    NULL, on_raw_read, g_object_ref(peer));
    return TRUE;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    GSList *uris;

    f->loop = g_main_loop_new(NULL, FALSE);
    f->http = kw_http_new("kurswart-test", NULL);
    f->heard = g_string_new(NULL);
    f->pieces = g_string_new(NULL);
    f->raw_peers = g_ptr_array_new_with_free_func(g_object_unref);
    f->server = g_object_new(SOUP_TYPE_SERVER, NULL);
    soup_server_add_handler(f->server, NULL, on_request, f, NULL);
    g_assert_true(soup_server_listen_local(f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
    uris = soup_server_get_uris(f->server);
    f->base = g_strdup_printf("http://127.0.0.1:%d", g_uri_get_port(uris->data));
    g_slist_free_full(uris, (GDestroyNotify) g_uri_unref);
    f->raw = g_socket_service_new();
    f->raw_port = g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(f->raw), NULL, &error);
    g_assert_no_error(error);
    g_signal_connect(f->raw, "incoming", G_CALLBACK(on_raw_peer), f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_socket_service_stop(f->raw);
    g_socket_listener_close(G_SOCKET_LISTENER(f->raw));
    g_clear_object(&f->raw);
    g_clear_pointer(&f->raw_peers, g_ptr_array_unref);
    g_clear_object(&f->server);
    g_clear_object(&f->http);
    g_clear_pointer(&f->response, kw_http_response_free);
    g_clear_error(&f->error);
    g_free(f->base);
    g_string_free(f->heard, TRUE);
    g_string_free(f->pieces, TRUE);
    g_main_loop_unref(f->loop);
}

static void
on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->response = kw_http_send_finish(KW_HTTP(source), result, &f->error);
    g_main_loop_quit(f->loop);
}

/* Sends and waits; what comes of it is in the fixture */
static void
send(Fixture *f, const KwHttpRequest *request, GCancellable *cancellable)
{
    KwHttpRequest copy = *request;

    g_clear_pointer(&f->response, kw_http_response_free);
    g_clear_error(&f->error);
    if (copy.max_bytes == 0)
        copy.max_bytes = 100000;
    if (copy.timeout_ms == 0)
        copy.timeout_ms = 10000;
    kw_http_send_async(f->http, &copy, cancellable, on_sent, f);
    g_main_loop_run(f->loop);
}

static void
send_to(Fixture *f, const gchar *method, const gchar *path, const KwHttpRequest *more)
{
    g_autofree gchar *url = g_strconcat(f->base, path, NULL);
    KwHttpRequest request = more != NULL ? *more : (KwHttpRequest){0};

    request.method = method;
    request.url = url;
    send(f, &request, NULL);
}

static void
send_raw(Fixture *f, RawKind kind, KwHttpReuse reuse)
{
    g_autofree gchar *url = g_strdup_printf("http://127.0.0.1:%u/order", f->raw_port);
    g_autoptr(GBytes) body = g_bytes_new_static("nonce=1", 7);
    KwHttpRequest request = {
        .method = "POST", .url = url, .body = body, .reuse = reuse, .timeout_ms = 600};

    f->raw_kind = kind;
    send(f, &request, NULL);
}

static void
test_get(Fixture *f, gconstpointer data)
{
    send_to(f, "GET", "/", NULL);

    g_assert_no_error(f->error);
    g_assert_cmpuint(f->response->status, ==, 200);
    g_assert_cmpstr(g_bytes_get_data(f->response->body, NULL), ==, "gut"); /* zero behind it */
    g_assert_cmpuint(g_bytes_get_size(f->response->body), ==, 3);
    g_assert_cmpstr(kw_http_response_get_header(f->response, "x-limit"), ==, "12");
    g_assert_cmpstr(f->heard->str, ==, "GET / -|kurswart-test|");
}

static void
test_post_bytes(Fixture *f, gconstpointer data)
{
    static const gchar *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
                                           NULL};
    g_autoptr(GBytes) body = g_bytes_new_static("a=%2B1&b=x y\r\n", 14);

    send_to(f, "POST", "/", &(KwHttpRequest){.headers = headers, .body = body});

    g_assert_no_error(f->error);
    g_assert_cmpstr(f->heard->str, ==,
                    "POST / application/x-www-form-urlencoded|kurswart-test|a=%2B1&b=x y\r\n");
}

static void
test_multipart(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) id = g_bytes_new_static("42", 2);
    g_autoptr(GBytes) picture = g_bytes_new_static("PNG\0bytes", 9);
    const KwHttpPart parts[] = {
        {.name = "chat_id", .data = id},
        {.name = "photo", .file_name = "p.png", .type = "image/png", .data = picture}};

    send_to(f, "POST", "/", &(KwHttpRequest){.parts = parts, .n_parts = 2});

    g_assert_no_error(f->error);
    g_assert_nonnull(strstr(f->heard->str, "multipart/form-data; boundary="));
    g_assert_nonnull(strstr(f->heard->str, "name=\"photo\"; filename=\"p.png\""));
    g_assert_nonnull(g_strstr_len(f->heard->str, (gssize) f->heard->len, "PNG"));
}

static void
test_any_status_is_an_answer(Fixture *f, gconstpointer data)
{
    send_to(f, "GET", "/bad", NULL);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->response->status, ==, 502);
    send_to(f, "GET", "/redirect", NULL);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->response->status, ==, 302);
}

static void
test_limit(Fixture *f, gconstpointer data)
{
    send_to(f, "GET", "/large", &(KwHttpRequest){.max_bytes = 199999});
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_LIMIT);
    send_to(f, "GET", "/large", &(KwHttpRequest){.max_bytes = 200000});
    g_assert_no_error(f->error);
}

static gboolean
on_data(const gchar *data, gsize length, gpointer user_data)
{
    Fixture *f = user_data;

    g_string_append_len(f->pieces, data, (gssize) length);
    return f->pieces->len < 100000;
}

static void
test_pieces(Fixture *f, gconstpointer data)
{
    send_to(f, "GET", "/", &(KwHttpRequest){.on_data = on_data, .user_data = f});
    g_assert_no_error(f->error);
    g_assert_cmpstr(f->pieces->str, ==, "gut");
    g_assert_cmpuint(g_bytes_get_size(f->response->body), ==, 0);

    /* the body of a failure is no stream */
    g_string_truncate(f->pieces, 0);
    send_to(f, "GET", "/bad", &(KwHttpRequest){.on_data = on_data, .user_data = f});
    g_assert_cmpstr(f->pieces->str, ==, "");
    g_assert_cmpstr(g_bytes_get_data(f->response->body, NULL), ==, "gut");

    /* and whoever has heard enough says so */
    send_to(f, "GET", "/large",
            &(KwHttpRequest){.max_bytes = 300000, .on_data = on_data, .user_data = f});
    g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* libcurl would send the request again over a new connection; an order must not. */
static void
test_fresh_leaves_once(Fixture *f, gconstpointer data)
{
    send_raw(f, RAW_ANSWER_THEN_CLOSE, KW_HTTP_REUSE);
    g_assert_no_error(f->error);
    send_raw(f, RAW_ANSWER_THEN_CLOSE, KW_HTTP_REUSE);
    g_assert_cmpuint(f->n_raw, >=,
                     3); /* one request, read twice: what the next lines prevent */

    f->n_raw = 0;
    send_raw(f, RAW_ANSWER_THEN_CLOSE, KW_HTTP_FRESH);
    g_assert_no_error(f->error);
    send_raw(f, RAW_ANSWER_THEN_CLOSE, KW_HTTP_FRESH);
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_CLOSED);
    g_assert_cmpuint(f->n_raw, ==, 2);
}

static void
test_no_whole_answer(Fixture *f, gconstpointer data)
{
    send_raw(f, RAW_CLOSE, KW_HTTP_FRESH);
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_CLOSED);
    send_raw(f, RAW_CUT, KW_HTTP_FRESH);
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_CLOSED);
    send_raw(f, RAW_SILENT, KW_HTTP_FRESH);
    g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_TIMEOUT);
}

static void
test_unreached(Fixture *f, gconstpointer data)
{
    static const gchar *const urls[] = {"http://127.0.0.1:1/bot123:geheim",
                                        "http://geheim.invalid/"};

    for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
        send(f, &(KwHttpRequest){.method = "GET", .url = urls[i]}, NULL);
        g_assert_error(f->error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED);
        g_assert_null(strstr(f->error->message, "geheim"));
    }
}

static gboolean
on_cancel(gpointer user_data)
{
    g_cancellable_cancel(user_data);
    return G_SOURCE_REMOVE;
}

static void
test_cancel(Fixture *f, gconstpointer data)
{
    g_autofree gchar *url = g_strdup_printf("http://127.0.0.1:%u/", f->raw_port);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();

    f->raw_kind = RAW_SILENT;
    (void) g_idle_add(on_cancel, cancellable);
    send(f, &(KwHttpRequest){.method = "GET", .url = url}, cancellable);
    g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    send(f, &(KwHttpRequest){.method = "GET", .url = url}, cancellable);
    g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
    static const struct {
        const gchar *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/net/http/get", test_get},
        {"/net/http/post-bytes", test_post_bytes},
        {"/net/http/multipart", test_multipart},
        {"/net/http/any-status-is-an-answer", test_any_status_is_an_answer},
        {"/net/http/limit", test_limit},
        {"/net/http/pieces", test_pieces},
        {"/net/http/fresh-leaves-once", test_fresh_leaves_once},
        {"/net/http/no-whole-answer", test_no_whole_answer},
        {"/net/http/unreached", test_unreached},
        {"/net/http/cancel", test_cancel},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
