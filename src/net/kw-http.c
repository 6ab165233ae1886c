/* kw-http.c: libcurl's multi interface as sources of the main loop
 *
 * libcurl names the sockets it waits for and the time it wants to be woken; both become
 * sources of the context, so requests run side by side without a thread (name look-ups run in
 * libcurl's own). libsoup was the alternative: it sends a request again by itself when a kept
 * connection has died, and cannot be told not to.
 *
 * A transfer is removed from the multi handle in one place, complete(), and never from inside a
 * callback of libcurl, which forbids that: a cancellation therefore comes as a source of its
 * own. The task of a transfer holds the client, so nothing is in flight when it is finalized.
 */
#define G_LOG_DOMAIN "kw-net"

#include "kw-http.h"

#include "kw-address.h"
#include "kw-error.h"

#include <curl/curl.h>
#include <glib-unix.h>
#include <string.h>

#define CONNECT_MS 10000

struct _KwHttp {
    GObject parent_instance;

    GMainContext *context; /* owned */
    CURLM *multi;          /* owned */
    CURLSH *share;         /* owned; TLS sessions: a new connection resumes the one before */
    GSource *timer;        /* owned; libcurl wants to be woken */
    gchar *user_agent;     /* owned */
    gchar *ca_file;        /* owned; NULL: the system's */
};

G_DEFINE_FINAL_TYPE(KwHttp, kw_http, G_TYPE_OBJECT)

/* A request under way; data of its task */
typedef struct {
    CURL *easy;                 /* owned */
    struct curl_slist *headers; /* owned */
    curl_mime *mime;            /* owned; NULL without parts */
    GBytes *body;               /* owned; NULL without one */
    GByteArray *in;             /* owned: body of the answer so far */
    GHashTable *in_headers;     /* owned */
    gsize n_header_bytes;
    gsize n_body_bytes;
    gsize max_bytes;
    KwHttpDataFunc on_data;
    gpointer user_data;
    GSource *cancel; /* owned; NULL without a cancellable */
    gboolean is_over_limit;
    gboolean is_unwanted; /* on_data has said so */
} Transfer;

static void
drop_source(GSource **source)
{
    if (*source != NULL)
        g_source_destroy(*source);
    g_clear_pointer(source, g_source_unref);
}

static void
transfer_free(gpointer data)
{
    Transfer *self = data;

    drop_source(&self->cancel);
    g_clear_pointer(&self->easy, curl_easy_cleanup);
    g_clear_pointer(&self->mime, curl_mime_free);
    g_clear_pointer(&self->headers, curl_slist_free_all);
    g_clear_pointer(&self->body, g_bytes_unref);
    g_clear_pointer(&self->in, g_byte_array_unref);
    g_clear_pointer(&self->in_headers, g_hash_table_unref);
    g_free(self);
}

void
kw_http_response_free(KwHttpResponse *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->headers, g_hash_table_unref);
    g_clear_pointer(&self->body, g_bytes_unref);
    g_free(self);
}

const gchar *
kw_http_response_get_header(const KwHttpResponse *self, const gchar *name)
{
    g_return_val_if_fail(self != NULL && name != NULL, NULL);

    return g_hash_table_lookup(self->headers, name);
}

/* -- the end of a transfer -- */

static KwHttpResponse *
response_new(Transfer *transfer)
{
    static const guint8 zero = 0;
    KwHttpResponse *response = g_new0(KwHttpResponse, 1);
    gsize length = transfer->in->len;
    g_autoptr(GBytes) all = NULL;
    curl_off_t first_byte = 0, total = 0;
    glong status = 0;

    g_byte_array_append(transfer->in, &zero, 1);
    all = g_byte_array_free_to_bytes(g_steal_pointer(&transfer->in));
    response->body = g_bytes_new_from_bytes(all, 0, length);
    response->headers = g_steal_pointer(&transfer->in_headers);
    (void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    (void) curl_easy_getinfo(transfer->easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
    (void) curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &total);
    response->status = (guint) status;
    response->first_byte_us = first_byte;
    response->total_us = total;
    return response;
}

/* Whether a byte of the request may have left */
static gboolean
has_left(const Transfer *transfer)
{
    glong n_bytes = 0;

    (void) curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &n_bytes);
    return n_bytes > 0;
}

static gint
to_net_error(const Transfer *transfer, CURLcode code)
{
    switch ((gint) code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
        return KW_NET_ERROR_UNREACHED;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE: /* no certificates to judge by */
    case CURLE_SSL_INVALIDCERTSTATUS:
        return KW_NET_ERROR_CERTIFICATE;
    case CURLE_OPERATION_TIMEDOUT:
        return has_left(transfer) ? KW_NET_ERROR_TIMEOUT : KW_NET_ERROR_UNREACHED;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return has_left(transfer) ? KW_NET_ERROR_CLOSED : KW_NET_ERROR_UNREACHED;
    case CURLE_FILESIZE_EXCEEDED:
        return KW_NET_ERROR_LIMIT;
    default:
        return KW_NET_ERROR_IO;
    }
}

static GError *
error_new(const Transfer *transfer, CURLcode code)
{
    if (transfer->is_unwanted)
        return g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "not wanted any more");
    if (transfer->is_over_limit)
        return g_error_new_literal(KW_NET_ERROR, KW_NET_ERROR_LIMIT,
                                   "the answer is over its limit");
    return g_error_new_literal(KW_NET_ERROR, to_net_error(transfer, code),
                               curl_easy_strerror(code));
}

/* Takes the reference of the transfer to its task. */
static void
complete(KwHttp *self, GTask *owned, CURLcode code)
{
    g_autoptr(GTask) task = owned;
    Transfer *transfer = g_task_get_task_data(task);

    (void) curl_multi_remove_handle(self->multi, transfer->easy);
    drop_source(&transfer->cancel);
    if (g_task_return_error_if_cancelled(task))
        return;
    if (code == CURLE_OK && !transfer->is_over_limit)
        g_task_return_pointer(task, response_new(transfer),
                              (GDestroyNotify) kw_http_response_free);
    else
        g_task_return_error(task, error_new(transfer, code));
}

static void
collect(KwHttp *self)
{
    CURLMsg *message;
    gint n_left;

    while ((message = curl_multi_info_read(self->multi, &n_left)) != NULL) {
        CURLcode code = message->data.result;
        GTask *task = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void) curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &task);
        complete(self, task, code);
    }
}

static gboolean
on_cancelled(GCancellable *cancellable, gpointer user_data)
{
    GTask *task = user_data;

    complete(g_task_get_source_object(task), task, CURLE_ABORTED_BY_CALLBACK);
    return G_SOURCE_REMOVE;
}

/* -- libcurl's sockets and timer -- */

static void
act(KwHttp *self, curl_socket_t socket, gint events)
{
    g_autoptr(KwHttp) guard = g_object_ref(self); /* a callback may drop the last one */
    gint n_running;

    (void) curl_multi_socket_action(guard->multi, socket, events, &n_running);
    collect(guard);
}

static gboolean
on_socket_ready(gint fd, GIOCondition condition, gpointer user_data)
{
    gint events = 0;

    if ((condition & (G_IO_IN | G_IO_HUP)) != 0)
        events |= CURL_CSELECT_IN;
    if ((condition & G_IO_OUT) != 0)
        events |= CURL_CSELECT_OUT;
    if ((condition & G_IO_ERR) != 0)
        events |= CURL_CSELECT_ERR;
    act(user_data, fd, events);
    return G_SOURCE_CONTINUE; /* unless libcurl has destroyed the source meanwhile */
}

static int
on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *user_data, void *socket_data)
{
    KwHttp *self = user_data;
    GSource *source = socket_data;
    GIOCondition condition = G_IO_ERR | G_IO_HUP;

    drop_source(&source);
    if (what != CURL_POLL_REMOVE) {
        if (what != CURL_POLL_OUT)
            condition |= G_IO_IN;
        if (what != CURL_POLL_IN)
            condition |= G_IO_OUT;
        source = g_unix_fd_source_new(fd, condition);
        g_source_set_callback(source, G_SOURCE_FUNC(on_socket_ready), self, NULL);
        (void) g_source_attach(source, self->context);
    }
    (void) curl_multi_assign(self->multi, fd, source);
    return 0;
}

static gboolean
on_timer(gpointer user_data)
{
    KwHttp *self = user_data;

    drop_source(&self->timer);
    act(self, CURL_SOCKET_TIMEOUT, 0);
    return G_SOURCE_REMOVE;
}

static int
on_curl_timer(CURLM *multi, glong timeout_ms, void *user_data)
{
    KwHttp *self = user_data;

    drop_source(&self->timer);
    if (timeout_ms < 0)
        return 0;
    self->timer = g_timeout_source_new((guint) MIN(timeout_ms, G_MAXINT));
    g_source_set_callback(self->timer, on_timer, self, NULL);
    (void) g_source_attach(self->timer, self->context);
    return 0;
}

/* -- bytes that come in -- */

static gsize
on_curl_header(gchar *line, gsize size, gsize n_items, void *user_data)
{
    Transfer *transfer = user_data;
    gsize length = size * n_items;
    const gchar *colon = memchr(line, ':', length);

    transfer->n_header_bytes += length;
    if (transfer->n_header_bytes > KW_HTTP_MAX_HEADERS) {
        transfer->is_over_limit = TRUE;
        return 0;
    }
    if (length > 5 && memcmp(line, "HTTP/", 5) == 0) /* after "100 Continue" comes another */
        g_hash_table_remove_all(transfer->in_headers);
    else if (colon != NULL)
        g_hash_table_replace(
            transfer->in_headers, g_ascii_strdown(line, colon - line),
            g_strstrip(g_strndup(colon + 1, length - (gsize) (colon + 1 - line))));
    return length;
}

static gboolean
is_success(const Transfer *transfer)
{
    glong status = 0;

    (void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status <= 299;
}

static gsize
on_curl_body(gchar *data, gsize size, gsize n_items, void *user_data)
{
    Transfer *transfer = user_data;
    gsize length = size * n_items;

    if (length > transfer->max_bytes - transfer->n_body_bytes) {
        transfer->is_over_limit = TRUE;
        return 0;
    }
    transfer->n_body_bytes += length;
    if (transfer->on_data == NULL || !is_success(transfer)) {
        g_byte_array_append(transfer->in, (const guint8 *) data, (guint) length);
        return length;
    }
    transfer->is_unwanted = !transfer->on_data(data, length, transfer->user_data);
    return transfer->is_unwanted ? 0 : length;
}

/* -- sending -- */

/* The proxies of the environment are for what is outside. */
static gboolean
is_local(const KwHttpRequest *request)
{
    return request->unix_path != NULL || kw_address_is_local(request->url);
}

static void
set_route(KwHttp *self, CURL *easy, const KwHttpRequest *request)
{
    (void) curl_easy_setopt(easy, CURLOPT_URL, request->url);
    (void) curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void) curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void) curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    if (request->unix_path != NULL)
        (void) curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, request->unix_path);
    if (is_local(request))
        (void) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (self->ca_file != NULL)
        (void) curl_easy_setopt(easy, CURLOPT_CAINFO, self->ca_file);
    /* libcurl keeps what it has read of a bundle, but not where there is a folder too; to read
     * the system's 140 certificates anew takes 20 ms, and every order has its own connection */
    (void) curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    (void) curl_easy_setopt(easy, CURLOPT_SHARE, self->share);
    if (request->reuse == KW_HTTP_FRESH) {
        (void) curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
        (void) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        (void) curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    }
}

static void
set_limits(CURL *easy, const KwHttpRequest *request)
{
    guint connect_ms = request->connect_ms > 0 ? request->connect_ms : CONNECT_MS;
    guint idle_s = (request->idle_ms + 999) / 1000;

    (void) curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long) connect_ms);
    (void) curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long) request->timeout_ms);
    (void) curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, idle_s > 0 ? 1L : 0L);
    (void) curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long) idle_s);
    (void) curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) request->max_bytes);
}

static void
set_parts(Transfer *transfer, const KwHttpRequest *request)
{
    transfer->mime = curl_mime_init(transfer->easy);
    for (guint i = 0; i < request->n_parts; i++) {
        const KwHttpPart *part = &request->parts[i];
        curl_mimepart *mime = curl_mime_addpart(transfer->mime);
        gsize length;
        const gchar *data = g_bytes_get_data(part->data, &length);

        (void) curl_mime_name(mime, part->name);
        (void) curl_mime_data(mime, data, length);
        if (part->file_name != NULL)
            (void) curl_mime_filename(mime, part->file_name);
        if (part->type != NULL)
            (void) curl_mime_type(mime, part->type);
    }
    (void) curl_easy_setopt(transfer->easy, CURLOPT_MIMEPOST, transfer->mime);
}

static void
set_content(KwHttp *self, Transfer *transfer, const KwHttpRequest *request)
{
    CURL *easy = transfer->easy;
    gsize length;

    if (request->n_parts > 0) {
        set_parts(transfer, request);
    } else if (request->body != NULL) {
        transfer->body = g_bytes_ref(request->body);
        (void) curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                                g_bytes_get_data(transfer->body, &length));
        (void) curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) length);
    } else if (strcmp(request->method, "GET") != 0) {
        (void) curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
    }
    (void) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    transfer->headers = curl_slist_append(NULL, "Expect:"); /* no waiting for "100 Continue" */
    for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        transfer->headers = curl_slist_append(transfer->headers, request->headers[i]);
    (void) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    (void) curl_easy_setopt(easy, CURLOPT_USERAGENT, self->user_agent);
}

static Transfer *
transfer_new(KwHttp *self, const KwHttpRequest *request)
{
    Transfer *transfer = g_new0(Transfer, 1);

    transfer->easy = curl_easy_init();
    transfer->in = g_byte_array_new();
    transfer->in_headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    transfer->max_bytes = request->max_bytes;
    transfer->on_data = request->on_data;
    transfer->user_data = request->user_data;
    set_route(self, transfer->easy, request);
    set_limits(transfer->easy, request);
    set_content(self, transfer, request);
    (void) curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, on_curl_body);
    (void) curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    (void) curl_easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, on_curl_header);
    (void) curl_easy_setopt(transfer->easy, CURLOPT_HEADERDATA, transfer);
    return transfer;
}

void
kw_http_send_async(KwHttp *self,
                   const KwHttpRequest *request,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
    Transfer *transfer;

    g_return_if_fail(KW_IS_HTTP(self) && request != NULL);
    g_return_if_fail(request->method != NULL && request->url != NULL);
    g_return_if_fail(request->max_bytes > 0);
    g_return_if_fail(request->timeout_ms > 0 || request->idle_ms > 0);

    g_task_set_source_tag(task, kw_http_send_async);
    if (g_task_return_error_if_cancelled(task))
        return;
    transfer = transfer_new(self, request);
    g_task_set_task_data(task, transfer, transfer_free);
    (void) curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, task);
    if (cancellable != NULL) {
        transfer->cancel = g_cancellable_source_new(cancellable);
        g_source_set_callback(transfer->cancel, G_SOURCE_FUNC(on_cancelled), task, NULL);
        (void) g_source_attach(transfer->cancel, self->context);
    }
    (void) curl_multi_add_handle(self->multi, transfer->easy);
    (void) g_steal_pointer(&task); /* complete() takes it back */
}

KwHttpResponse *
kw_http_send_finish(KwHttp *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}

static gpointer
init_curl(gpointer data)
{
    (void) curl_global_init(CURL_GLOBAL_DEFAULT);
    return data;
}

KwHttp *
kw_http_new(const gchar *user_agent, const gchar *ca_file)
{
    static GOnce once = G_ONCE_INIT;
    KwHttp *self;

    g_return_val_if_fail(user_agent != NULL, NULL);

    (void) g_once(&once, init_curl, NULL);
    self = g_object_new(KW_TYPE_HTTP, NULL);
    self->context = g_main_context_ref_thread_default();
    self->user_agent = g_strdup(user_agent);
    self->ca_file = g_strdup(ca_file);
    self->share = curl_share_init();
    (void) curl_share_setopt(self->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    self->multi = curl_multi_init();
    (void) curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
    (void) curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    (void) curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    (void) curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
    return self;
}

static void
kw_http_finalize(GObject *object)
{
    KwHttp *self = KW_HTTP(object);

    g_clear_pointer(&self->multi, curl_multi_cleanup);
    g_clear_pointer(&self->share, curl_share_cleanup);
    drop_source(&self->timer);
    g_clear_pointer(&self->context, g_main_context_unref);
    g_clear_pointer(&self->user_agent, g_free);
    g_clear_pointer(&self->ca_file, g_free);

    G_OBJECT_CLASS(kw_http_parent_class)->finalize(object);
}

static void
kw_http_class_init(KwHttpClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_http_finalize;
}

static void
kw_http_init(KwHttp *self)
{
}
