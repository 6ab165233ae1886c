#include "kw-fake-kraken.h"

#include "kw-http.h"
#include "kw-json.h"
#include "kw-test.h"

#include <string.h>

/* as in fake-kraken.py */
#define TEST_SECRET "a3Vyc3dhcnQgdGVzdCBzZWNyZXQsIGJlbG9uZ3MgdG8gbm9ib2R5IGF0IGFsbCEhISE="
#define MAX_ANSWER (64 * 1024 * 1024)
/* real time in which the two programs may talk to each other, for a second of the clock */
#define SECOND_LASTS_US 20000
#define N_QUESTIONS 4 /* a connection, the call, its answer, a second call */
#define PATIENCE_US (G_GINT64_CONSTANT(20) * G_USEC_PER_SEC)

struct _KwFakeKraken {
    GSubprocess *child;         /* owned */
    KwHttp *http;               /* owned */
    gchar *folder;              /* owned: certificate and key */
    gchar *ca_file;             /* owned */
    gchar *rest, *ws, *ws_auth; /* owned */
};

/* What an answer is waited for with */
typedef struct {
    KwHttpResponse *response;
    GError *error;
    GMainLoop *loop;
} Wait;

static void
make_certificate(KwFakeKraken *self, const gchar *key_file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) openssl = g_subprocess_new(
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-keyout", key_file, "-out", self->ca_file, "-subj",
        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", NULL);

    g_assert_no_error(error);
    g_assert_true(g_subprocess_wait_check(openssl, NULL, &error));
    g_assert_no_error(error);
}

static void
read_places(KwFakeKraken *self)
{
    g_autoptr(GDataInputStream) out =
        g_data_input_stream_new(g_subprocess_get_stdout_pipe(self->child));
    g_autoptr(GError) error = NULL;
    g_autofree gchar *line = g_data_input_stream_read_line(out, NULL, NULL, &error);
    g_autoptr(JsonNode) root = NULL;
    JsonObject *places;

    g_assert_no_error(error);
    g_assert_nonnull(line);
    root = kw_json_parse_text(line, -1, &error);
    g_assert_no_error(error);
    places = json_node_get_object(root);
    self->rest = g_strdup(json_object_get_string_member(places, "rest"));
    self->ws = g_strdup(json_object_get_string_member(places, "ws"));
    self->ws_auth = g_strdup(json_object_get_string_member(places, "ws_auth"));
}

KwFakeKraken *
kw_fake_kraken_new(gint64 now_us)
{
    KwFakeKraken *self = g_new0(KwFakeKraken, 1);
    g_autofree gchar *script = kw_test_fixture_path("../kraken/fake-kraken.py");
    g_autofree gchar *now =
        g_strdup_printf("--now=%" G_GINT64_FORMAT ".%06d", now_us / G_USEC_PER_SEC,
                        (gint) (now_us % G_USEC_PER_SEC));
    g_autofree gchar *key_file = NULL;
    g_autoptr(GError) error = NULL;

    self->folder = kw_test_tmp_dir_new();
    self->ca_file = g_build_filename(self->folder, "cert.pem", NULL);
    key_file = g_build_filename(self->folder, "key.pem", NULL);
    make_certificate(self, key_file);
    self->child = g_subprocess_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "python3",
        script, "--cert", self->ca_file, "--key", key_file, now_us != 0 ? now : NULL, NULL);
    g_assert_no_error(error);
    read_places(self);
    self->http = kw_http_new("kurswart-test", self->ca_file);
    return self;
}

KwFakeKraken *
kw_fake_kraken_attach(const gchar *rest, const gchar *ca_file)
{
    KwFakeKraken *self = g_new0(KwFakeKraken, 1);

    self->rest = g_strdup(rest);
    self->ca_file = g_strdup(ca_file);
    self->http = kw_http_new("kurswart-test", self->ca_file);
    return self;
}

static void
end_child(KwFakeKraken *self)
{
    if (self->child == NULL)
        return;
    (void) g_output_stream_close(g_subprocess_get_stdin_pipe(self->child), NULL, NULL);
    (void) g_subprocess_wait(self->child, NULL, NULL);
}

void
kw_fake_kraken_free(KwFakeKraken *self)
{
    if (self == NULL)
        return;
    end_child(self);
    g_clear_object(&self->child);
    g_clear_object(&self->http);
    kw_test_tmp_dir_free(self->folder);
    g_free(self->ca_file);
    g_free(self->rest);
    g_free(self->ws);
    g_free(self->ws_auth);
    g_free(self);
}

const gchar *
kw_fake_kraken_get_rest(const KwFakeKraken *self)
{
    return self->rest;
}

const gchar *
kw_fake_kraken_get_ws(const KwFakeKraken *self)
{
    return self->ws;
}

const gchar *
kw_fake_kraken_get_ws_auth(const KwFakeKraken *self)
{
    return self->ws_auth;
}

const gchar *
kw_fake_kraken_get_ca_file(const KwFakeKraken *self)
{
    return self->ca_file;
}

KwSecret *
kw_fake_kraken_make_secret(void)
{
    return kw_secret_new(TEST_SECRET, strlen(TEST_SECRET));
}

KwKrakenPairs *
kw_fake_kraken_make_pairs(void)
{
    g_autofree gchar *path = kw_test_fixture_path("../kraken/reference.json");
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *all;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    root = kw_json_parse_text(text, -1, NULL);
    all = json_node_get_object(root);
    return kw_kraken_pairs_new(json_object_get_object_member(all, "assets"),
                               json_object_get_object_member(all, "pairs"), NULL);
}

/* -- steering -- */

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Wait *wait = user_data;

    wait->response = kw_http_send_finish(KW_HTTP(source), result, &wait->error);
    g_main_loop_quit(wait->loop);
}

void
kw_fake_kraken_wait(gboolean (*is_done)(gpointer), gpointer user_data, const gchar *what)
{
    gint64 limit_us = kw_stopwatch_us() + PATIENCE_US;

    while (!is_done(user_data)) {
        if (kw_stopwatch_us() > limit_us)
            g_error("waited in vain: %s", what);
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    }
}

JsonNode *
kw_fake_kraken_steer(KwFakeKraken *self, const gchar *name, const gchar *args)
{
    g_autofree gchar *url = g_strconcat(self->rest, "/fake/", name, NULL);
    const gchar *text = args != NULL ? args : "{}";
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    KwHttpRequest request = {
        .method = "POST",
        .url = url,
        .body = body,
        .max_bytes = MAX_ANSWER,
        .timeout_ms = 60000,
    };
    Wait wait = {.loop = g_main_loop_new(NULL, FALSE)};
    JsonNode *root;

    kw_http_send_async(self->http, &request, NULL, on_answer, &wait);
    g_main_loop_run(wait.loop);
    g_main_loop_unref(wait.loop);
    g_assert_no_error(wait.error);
    root = kw_json_parse(wait.response->body, &wait.error);
    g_assert_no_error(wait.error);
    if (!json_object_get_boolean_member(json_node_get_object(root), "ok"))
        g_error("%s: %s", name,
                json_object_get_string_member(json_node_get_object(root), "error"));
    kw_http_response_free(wait.response);
    return root;
}

void
kw_fake_kraken_tell(KwFakeKraken *self, const gchar *name, const gchar *format, ...)
{
    g_autofree gchar *args = NULL;
    va_list list;

    va_start(list, format);
    args = g_strdup_vprintf(format, list);
    va_end(list);
    json_node_unref(kw_fake_kraken_steer(self, name, args));
}

void
kw_fake_kraken_advance(KwFakeKraken *self, KwFakeClock *clock, guint seconds)
{
    for (guint i = 0; i < seconds; i++) {
        kw_fake_kraken_tell(self, "advance", "{\"s\":1}");
        kw_fake_clock_advance(clock, G_USEC_PER_SEC);
        while (g_main_context_iteration(NULL, FALSE))
            ;
    }
}

void
kw_fake_kraken_pass_second(KwFakeKraken *self, KwFakeClock *clock, gint64 least_us)
{
    gint64 until_us = kw_stopwatch_us() + least_us;

    kw_fake_kraken_advance(self, clock, 1);
    for (guint i = 0; i < N_QUESTIONS; i++)
        kw_fake_kraken_tell(self, "set", "{}");
    while (kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
}

void
kw_fake_kraken_await(KwFakeKraken *self,
                     KwFakeClock *clock,
                     guint seconds,
                     gboolean (*is_done)(gpointer user_data),
                     gpointer user_data,
                     const gchar *what)
{
    for (guint i = 0; i < seconds && !is_done(user_data); i++) {
        gint64 until_us = kw_stopwatch_us() + SECOND_LASTS_US;

        kw_fake_kraken_advance(self, clock, 1);
        while (!is_done(user_data) && kw_stopwatch_us() < until_us) {
            if (!g_main_context_iteration(NULL, FALSE))
                g_usleep(200);
        }
    }
    kw_fake_kraken_wait(is_done, user_data, what);
}

guint
kw_fake_kraken_count(KwFakeKraken *self, const gchar *name)
{
    g_autoptr(JsonNode) root = kw_fake_kraken_steer(self, "log", NULL);
    JsonArray *requests = json_object_get_array_member(json_node_get_object(root), "requests");
    guint n = 0;

    for (guint i = 0; i < json_array_get_length(requests); i++) {
        JsonArray *request = json_array_get_array_element(requests, i);

        n += g_str_has_suffix(json_array_get_string_element(request, 0), name);
    }
    return n;
}
