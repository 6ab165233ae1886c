/* kw-mt5.c: requests to a bridge, and what their failure proves
 *
 * A bridge stands between us and a terminal that stands between it and the server, so most
 * failures prove nothing. Two do: no connection came about, and the bridge said no before it
 * asked anybody (a status from 400 to 499: a faulty request, a token, too many requests).
 * Whatever else goes wrong may have happened after the order was carried out.
 *
 * Nothing is tried again here: what may be repeated is decided above. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-mt5.h"

#include "kw-address.h"
#include "kw-error.h"
#include "kw-http.h"

#include <string.h>

#define TIMEOUT_MS 20000
#define CONNECT_MS 5000
#define MAX_BYTES (4 * 1024 * 1024)

struct _KwMt5 {
    GObject parent_instance;

    KwHttp *http;    /* owned */
    gchar *url;      /* owned */
    KwSecret *token; /* owned; may be NULL */
    guint timeout_ms;
};

enum { SIGNAL_TROUBLE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwMt5, kw_mt5, G_TYPE_OBJECT)

/* -- answers -- */

static gboolean
is_proof(const GError *error)
{
    return g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED) ||
           g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_CERTIFICATE);
}

/* What only the bridge itself says of a request that it did not take. A 408 or 499 may come
 * from something before it, when the request has long passed. */
static gboolean
is_refusal(guint status)
{
    return status == 400 || status == 401 || status == 403 || status == 404 || status == 422 ||
           status == 429;
}

/* NULL with the error of the port */
static JsonNode *
read_response(const KwHttpResponse *response, GError **error)
{
    g_autoptr(GError) inner = NULL;
    JsonNode *root;

    if (is_refusal(response->status)) {
        g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                    "the bridge refuses with status %u%s", response->status,
                    response->status == 429 ? " (too many requests)" : "");
        return NULL;
    }
    if (response->status < 200 || response->status > 299) {
        g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                    "the bridge answers with status %u", response->status);
        return NULL;
    }
    root = kw_json_parse(response->body, &inner);
    if (root == NULL)
        g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                    "the bridge's answer is not readable: %s", inner->message);
    return root;
}

static void
on_response(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) inner = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &inner);
    GError *error = NULL;
    JsonNode *root;

    if (response == NULL) {
        g_task_return_new_error(task, KW_EXCHANGE_ERROR,
                                is_proof(inner) ? KW_EXCHANGE_ERROR_REFUSED
                                                : KW_EXCHANGE_ERROR_UNKNOWN,
                                "the bridge: %s", inner->message);
        return;
    }
    root = read_response(response, &error);
    if (response->status == 401 || response->status == 403)
        g_signal_emit(g_task_get_source_object(task), signals[SIGNAL_TROUBLE], 0,
                      error->message);
    if (root != NULL)
        g_task_return_pointer(task, root, (GDestroyNotify) json_node_unref);
    else
        g_task_return_error(task, error);
}

/* -- requests -- */

gchar *
kw_mt5_make_path(const gchar *head, const gchar *symbol, const gchar *tail)
{
    g_autofree gchar *escaped = NULL;

    g_return_val_if_fail(head != NULL && symbol != NULL && tail != NULL, NULL);

    escaped = g_uri_escape_string(symbol, NULL, FALSE);
    return g_strjoin("/", head, escaped, tail, NULL);
}

/* Takes the task. */
static void
send_request(KwMt5 *self, GTask *task, const gchar *path, const gchar *body)
{
    g_autofree gchar *url = g_strconcat(self->url, "/", path, NULL);
    g_autofree gchar *token =
        self->token != NULL
            ? g_strconcat("auth-token: ", kw_secret_get_bytes(self->token, NULL), NULL)
            : NULL;
    const gchar *const headers[] = {"Accept: application/json",
                                    body != NULL ? "Content-Type: application/json" : token,
                                    body != NULL ? token : NULL, NULL};
    g_autoptr(GBytes) bytes = body != NULL ? g_bytes_new(body, strlen(body)) : NULL;
    const KwHttpRequest request = {
        .method = body != NULL ? "POST" : "GET",
        .url = url,
        .headers = headers,
        .body = bytes,
        .max_bytes = MAX_BYTES,
        .connect_ms = CONNECT_MS,
        .timeout_ms = self->timeout_ms,
        .reuse = body != NULL ? KW_HTTP_FRESH : KW_HTTP_REUSE,
    };

    kw_http_send_async(self->http, &request, g_task_get_cancellable(task), on_response, task);
    if (token != NULL)
        explicit_bzero(token, strlen(token));
}

void
kw_mt5_get_async(KwMt5 *self,
                 const gchar *path,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
    GTask *task;

    g_return_if_fail(KW_IS_MT5(self) && path != NULL);

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_mt5_get_async);
    send_request(self, task, path, NULL);
}

void
kw_mt5_trade_async(KwMt5 *self,
                   const gchar *body,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
    GTask *task;

    g_return_if_fail(KW_IS_MT5(self) && body != NULL);

    /* a cancellation could not call the request back: it is tracked to its end */
    task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(task, kw_mt5_trade_async);
    send_request(self, task, "trade", body);
}

JsonNode *
kw_mt5_finish(KwMt5 *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}

/* -- class -- */

KwMt5 *
kw_mt5_new(const KwMt5Options *options, GError **error)
{
    KwMt5 *self;

    g_return_val_if_fail(options != NULL && options->url != NULL, NULL);

    if (!kw_address_is_private(options->url)) {
        g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_IO,
                            "the bridge needs https, or an address of this machine");
        return NULL;
    }
    self = g_object_new(KW_TYPE_MT5, NULL);
    self->http = kw_http_new(options->user_agent, options->ca_file);
    self->url = g_strdup(options->url);
    self->token = options->token != NULL ? kw_secret_copy(options->token) : NULL;
    self->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS;
    return self;
}

static void
kw_mt5_dispose(GObject *object)
{
    KwMt5 *self = KW_MT5(object);

    g_clear_object(&self->http);
    g_clear_pointer(&self->url, g_free);

    G_OBJECT_CLASS(kw_mt5_parent_class)->dispose(object);
}

/* Only here: until then a request can be asked for. */
static void
kw_mt5_finalize(GObject *object)
{
    g_clear_pointer(&KW_MT5(object)->token, kw_secret_free);

    G_OBJECT_CLASS(kw_mt5_parent_class)->finalize(object);
}

static void
kw_mt5_class_init(KwMt5Class *klass)
{
    G_OBJECT_CLASS(klass)->dispose = kw_mt5_dispose;
    G_OBJECT_CLASS(klass)->finalize = kw_mt5_finalize;
    signals[SIGNAL_TROUBLE] =
        g_signal_new("trouble", KW_TYPE_MT5, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kw_mt5_init(KwMt5 *self)
{
}
