/* kw-signal-wire.c: UNIX socket, TCP, HTTP with server-sent events, the container
 *
 * Lines are the best of them: answers and news over one stream, and the end of the daemon is
 * seen at once. HTTP is here because a daemon may be set up that way already: each request is a
 * POST, and a stream of events that never ends brings what was received. The container
 * (signal-cli-rest-api) has requests of its own, translated in kw-signal-container.c, and a
 * WebSocket; what it receives while nobody listens there is lost, so we listen before anything
 * else. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-signal-wire.h"

#include "kw-error.h"
#include "kw-http.h"
#include "kw-line-pipe.h"
#include "kw-signal-container.h"
#include "kw-sse.h"
#include "kw-version.h"
#include "kw-websocket.h"

#include <string.h>

#define MAX_BODY (8 * 1024 * 1024)
#define MAX_EVENT (256 * 1024)
#define CALL_MS 60000
#define IDLE_MS 60000                                 /* a sign of life comes every 15 s */
#define QUIET_US (6 * 3600 * (gint64) G_USEC_PER_SEC) /* nobody has to write more often */

typedef enum {
    WIRE_UNIX,
    WIRE_TCP,
    WIRE_HTTP,
    WIRE_CONTAINER,
} WireKind;

struct _KwSignalWire {
    KwClock *clock; /* owned */
    WireKind kind;
    gchar *address; /* owned; path, HOST:PORT or URL */
    gchar *account; /* owned; NULL: any */
    KwSignalWireFuncs funcs;
    gpointer user_data;
    KwLinePipe *pipe;          /* owned; lines only; NULL: closed */
    KwHttp *http;              /* owned; HTTP and container */
    KwSse *sse;                /* owned; HTTP only */
    GPtrArray *events;         /* owned: data of events that are not told yet, owned */
    GSource *teller;           /* owned; tells them */
    KwWebsocket *socket;       /* owned; container only; NULL: closed */
    GCancellable *cancellable; /* owned; NULL: closed */
    GSource *failure;          /* owned; tells of a connection that did not come about */
    gchar *why;                /* owned; of the failure */
    gboolean is_open;
};

static void
drop_source(GSource **source)
{
    if (*source != NULL)
        g_source_destroy(*source);
    g_clear_pointer(source, g_source_unref);
}

void
kw_signal_wire_close(KwSignalWire *self)
{
    g_return_if_fail(self != NULL);

    self->is_open = FALSE;
    drop_source(&self->failure);
    if (self->cancellable != NULL)
        g_cancellable_cancel(self->cancellable);
    g_clear_object(&self->cancellable);
    g_clear_pointer(&self->pipe, kw_line_pipe_free);
    g_clear_pointer(&self->sse, kw_sse_free);
    g_ptr_array_set_size(self->events, 0);
    drop_source(&self->teller);
    if (self->socket != NULL) {
        g_signal_handlers_disconnect_by_data(self->socket, self);
        kw_websocket_stop(self->socket);
    }
    g_clear_object(&self->socket);
}

static void
fail(KwSignalWire *self, const gchar *why)
{
    kw_signal_wire_close(self);
    self->funcs.closed(why, self->user_data);
}

static gboolean
on_failure(gpointer user_data)
{
    KwSignalWire *self = user_data;
    g_autofree gchar *why = g_steal_pointer(&self->why);

    fail(self, why);
    return G_SOURCE_REMOVE;
}

/* From the main loop, so that nobody is called back from inside his own call */
static void
fail_later(KwSignalWire *self, const gchar *why)
{
    drop_source(&self->failure);
    g_free(self->why);
    self->why = g_strdup(why);
    self->failure = g_idle_source_new();
    g_source_set_callback(self->failure, on_failure, self, NULL);
    (void) g_source_attach(self->failure, g_main_context_get_thread_default());
}

/* -- lines -- */

static void
on_line(const gchar *line, gsize length, gpointer user_data)
{
    KwSignalWire *self = user_data;

    self->funcs.text(line, length, self->user_data);
}

/* Nothing that long can be a command; the pipe skips it. */
static void
on_overlong(gpointer user_data)
{
    (void) user_data;
}

static void
on_end(KwLineEnd reason, gpointer user_data)
{
    fail(user_data, reason == KW_LINE_END_FLOODED ? "a line without end"
                    : reason == KW_LINE_END_SLOW  ? "the daemon does not read"
                                                  : "the daemon has closed the connection");
}

static const KwLinePipeFuncs pipe_funcs = {
    .line = on_line, .overlong = on_overlong, .end = on_end};

static gboolean
on_opened(gpointer user_data)
{
    KwSignalWire *self = user_data;

    drop_source(&self->failure);
    self->is_open = TRUE;
    self->funcs.opened(self->user_data);
    return G_SOURCE_REMOVE;
}

static void
open_later(KwSignalWire *self)
{
    self->failure = g_idle_source_new();
    g_source_set_callback(self->failure, on_opened, self, NULL);
    (void) g_source_attach(self->failure, g_main_context_get_thread_default());
}

static void
open_unix(KwSignalWire *self)
{
    g_autoptr(GError) error = NULL;

    self->pipe = kw_line_pipe_connect(self->address, &pipe_funcs, self, &error);
    if (self->pipe == NULL)
        fail_later(self, error->message);
    else
        open_later(self);
}

static void
on_connected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_finish(G_SOCKET_CLIENT(source), result, &error);
    KwSignalWire *self = user_data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the wire may be gone */
    if (connection == NULL) {
        fail(self, error->message);
        return;
    }
    self->pipe =
        kw_line_pipe_new(g_socket_connection_get_socket(connection), &pipe_funcs, self);
    self->is_open = TRUE;
    /* the pipe has the socket now; a connection that is finalized would close it */
    g_object_set_data_full(G_OBJECT(self->cancellable), "connection", g_object_ref(connection),
                           g_object_unref);
    self->funcs.opened(self->user_data);
}

static void
open_tcp(KwSignalWire *self)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();

    g_socket_client_set_enable_proxy(client, FALSE);
    g_socket_client_connect_to_host_async(client, self->address, 7583, self->cancellable,
                                          on_connected, self);
}

/* -- HTTP -- */

/* Parameters of a notification, without its frame */
static void
tell_received(KwSignalWire *self, const gchar *params)
{
    g_autofree gchar *text =
        g_strdup_printf("{\"jsonrpc\":\"2.0\",\"method\":\"receive\",\"params\":%s}", params);

    self->funcs.text(text, strlen(text), self->user_data);
}

static gboolean
on_tell(gpointer user_data)
{
    KwSignalWire *self = user_data;

    while (self->events->len > 0) {
        g_autofree gchar *params = g_ptr_array_steal_index(self->events, 0);

        tell_received(self, params); /* may close the wire, and so empty the list */
    }
    drop_source(&self->teller);
    return G_SOURCE_REMOVE;
}

/* libcurl calls us and must not be called meanwhile, as an answer would do. */
static void
on_event(const KwSseEvent *event, gpointer user_data)
{
    KwSignalWire *self = user_data;

    if (event->length == 0)
        return;
    g_ptr_array_add(self->events, g_strdup(event->data));
    if (self->teller != NULL)
        return;
    self->teller = g_idle_source_new();
    g_source_set_priority(self->teller, G_PRIORITY_DEFAULT);
    g_source_set_callback(self->teller, on_tell, self, NULL);
    (void) g_source_attach(self->teller, g_main_context_get_thread_default());
}

static gboolean
on_event_bytes(const gchar *data, gsize length, gpointer user_data)
{
    KwSignalWire *self = user_data;

    return self->sse != NULL && kw_sse_feed(self->sse, data, length, NULL);
}

static void
on_events_over(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = user_data;

    kw_http_response_free(kw_http_send_finish(KW_HTTP(source), result, &error));
    if (g_cancellable_is_cancelled(cancellable))
        return; /* the wire may be gone */
    fail(g_object_get_data(G_OBJECT(cancellable), "wire"),
         error != NULL ? error->message : "the stream of events has ended");
}

static void
listen_events(KwSignalWire *self)
{
    static const gchar *const headers[] = {"Accept: text/event-stream", NULL};
    g_autofree gchar *account =
        self->account != NULL ? g_uri_escape_string(self->account, NULL, FALSE) : NULL;
    g_autofree gchar *url =
        account != NULL ? g_strdup_printf("%s/api/v1/events?account=%s", self->address, account)
                        : g_strdup_printf("%s/api/v1/events", self->address);

    self->sse = kw_sse_new(MAX_EVENT, on_event, self);
    kw_http_send_async(self->http,
                       &(KwHttpRequest){.method = "GET",
                                        .url = url,
                                        .headers = headers,
                                        .max_bytes = G_MAXINT64,
                                        .idle_ms = IDLE_MS,
                                        .on_data = on_event_bytes,
                                        .user_data = self},
                       self->cancellable, on_events_over, g_object_ref(self->cancellable));
}

static void
on_checked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);
    KwSignalWire *self = user_data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the wire may be gone */
    if (response == NULL || response->status != 200) {
        fail(self, error != NULL ? error->message : "no signal-cli answers there");
        return;
    }
    self->is_open = TRUE;
    listen_events(self);
    self->funcs.opened(self->user_data);
}

static void
open_http(KwSignalWire *self)
{
    g_autofree gchar *url = g_strconcat(self->address, "/api/v1/check", NULL);

    kw_http_send_async(
        self->http,
        &(KwHttpRequest){
            .method = "GET", .url = url, .max_bytes = MAX_BODY, .timeout_ms = 10000},
        self->cancellable, on_checked, self);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);
    KwSignalWire *self = user_data;
    gsize length;
    const gchar *text;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;             /* the wire may be gone */
    if (response == NULL) { /* whoever waits will give up at his deadline */
        return;
    }
    text = g_bytes_get_data(response->body, &length);
    if (response->status == 200)
        self->funcs.text(text, length, self->user_data);
}

static const gchar *const json_headers[] = {"Content-Type: application/json", NULL};

static void
post(KwSignalWire *self, const gchar *text)
{
    g_autofree gchar *url = g_strconcat(self->address, "/api/v1/rpc", NULL);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    kw_http_send_async(self->http,
                       &(KwHttpRequest){.method = "POST",
                                        .url = url,
                                        .headers = json_headers,
                                        .body = body,
                                        .max_bytes = MAX_BODY,
                                        .timeout_ms = CALL_MS,
                                        .reuse = KW_HTTP_FRESH},
                       self->cancellable, on_answer, self);
}

/* -- the container -- */

static void
on_socket_opened(KwWebsocket *socket, gpointer user_data)
{
    KwSignalWire *self = user_data;

    self->is_open = TRUE;
    self->funcs.opened(self->user_data);
}

static void
on_socket_message(KwWebsocket *socket, GBytes *text, gpointer user_data)
{
    tell_received(user_data, g_bytes_get_data(text, NULL));
}

static void
on_socket_quiet(KwWebsocket *socket, gpointer user_data)
{
    fail(user_data, "nothing was received for hours");
}

static void
on_socket_closed(KwWebsocket *socket, gint end, const gchar *detail, gpointer user_data)
{
    fail(user_data, detail != NULL ? detail : kw_websocket_end_to_string((KwWebsocketEnd) end));
}

static void
open_socket(KwSignalWire *self)
{
    g_autofree gchar *account = g_uri_escape_string(self->account, NULL, FALSE);
    /* "http" becomes "ws", "https" becomes "wss" */
    g_autofree gchar *url =
        g_strdup_printf("ws%s/v1/receive/%s", self->address + strlen("http"), account);
    g_autoptr(GError) error = NULL;

    self->socket = kw_websocket_new(self->clock,
                                    &(KwWebsocketOptions){.url = url,
                                                          .user_agent = "kurswart/" KW_VERSION,
                                                          .max_bytes = MAX_EVENT,
                                                          .quiet_us = QUIET_US,
                                                          .dead_us = QUIET_US},
                                    &error);
    if (self->socket == NULL) {
        fail(self, error->message);
        return;
    }
    g_signal_connect(self->socket, "opened", G_CALLBACK(on_socket_opened), self);
    g_signal_connect(self->socket, "message", G_CALLBACK(on_socket_message), self);
    g_signal_connect(self->socket, "quiet", G_CALLBACK(on_socket_quiet), self);
    g_signal_connect(self->socket, "closed", G_CALLBACK(on_socket_closed), self);
    kw_websocket_start(self->socket);
}

static void
on_about(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);
    KwSignalWire *self = user_data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the wire may be gone */
    if (response == NULL ||
        !kw_signal_container_check(response->status, response->body, &error))
        fail(self, error->message);
    else
        open_socket(self);
}

static void
open_container(KwSignalWire *self)
{
    g_autofree gchar *url = g_strconcat(self->address, "/v1/about", NULL);

    kw_http_send_async(
        self->http,
        &(KwHttpRequest){
            .method = "GET", .url = url, .max_bytes = MAX_BODY, .timeout_ms = 10000},
        self->cancellable, on_about, self);
}

typedef struct {
    KwSignalWire *wire; /* borrowed */
    KwSignalContainerCall *call;
} Exchange;

static void
on_container_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);
    g_autofree Exchange *exchange = user_data;
    g_autoptr(KwSignalContainerCall) call = exchange->call;
    g_autofree gchar *text = NULL;

    /* whoever waits will give up at his deadline; of a cancelled call the wire may be gone */
    if (response == NULL)
        return;
    text = kw_signal_container_call_read(call, response->status, response->body);
    exchange->wire->funcs.text(text, strlen(text), exchange->wire->user_data);
}

static gboolean
send_to_container(KwSignalWire *self, const gchar *text)
{
    g_autoptr(KwSignalContainerCall) call = kw_signal_container_call_new(text, NULL);
    g_autofree gchar *url = NULL;
    g_autoptr(GBytes) body = NULL;
    Exchange *exchange;

    if (call == NULL)
        return FALSE;
    url = g_strconcat(self->address, call->path, NULL);
    if (call->body != NULL)
        body = g_bytes_new(call->body, strlen(call->body));
    exchange = g_new0(Exchange, 1);
    exchange->wire = self;
    exchange->call = g_steal_pointer(&call);
    kw_http_send_async(self->http,
                       &(KwHttpRequest){.method = exchange->call->verb,
                                        .url = url,
                                        .headers = body != NULL ? json_headers : NULL,
                                        .body = body,
                                        .max_bytes = MAX_BODY,
                                        .timeout_ms = CALL_MS,
                                        .reuse = KW_HTTP_FRESH},
                       self->cancellable, on_container_answer, exchange);
    return TRUE;
}

/* -- all of them -- */

void
kw_signal_wire_open(KwSignalWire *self)
{
    g_return_if_fail(self != NULL && self->cancellable == NULL);

    self->cancellable = g_cancellable_new();
    g_object_set_data(G_OBJECT(self->cancellable), "wire", self);
    switch (self->kind) {
    case WIRE_UNIX:
        open_unix(self);
        return;
    case WIRE_TCP:
        open_tcp(self);
        return;
    case WIRE_HTTP:
        open_http(self);
        return;
    case WIRE_CONTAINER:
        open_container(self);
        return;
    }
}

gboolean
kw_signal_wire_send(KwSignalWire *self, const gchar *text)
{
    g_return_val_if_fail(self != NULL && text != NULL, FALSE);

    if (!self->is_open)
        return FALSE;
    switch (self->kind) {
    case WIRE_UNIX:
    case WIRE_TCP:
        return kw_line_pipe_send(self->pipe, text, NULL);
    case WIRE_HTTP:
        post(self, text);
        return TRUE;
    case WIRE_CONTAINER:
        return send_to_container(self, text);
    }
    g_return_val_if_reached(FALSE);
}

gboolean
kw_signal_wire_can_subscribe(const KwSignalWire *self)
{
    return self->kind == WIRE_UNIX || self->kind == WIRE_TCP;
}

/* @address: (inout): its kind is taken off. Returns: %FALSE when it is none */
static gboolean
read_kind(const gchar **address, const gchar *account, WireKind *out)
{
    static const gchar tcp[] = "tcp:", container[] = "container:";
    gboolean is_container = g_str_has_prefix(*address, container) && account != NULL;
    const gchar *rest = is_container ? *address + strlen(container) : *address;

    if (g_str_has_prefix(rest, "http://") || g_str_has_prefix(rest, "https://")) {
        *out = is_container ? WIRE_CONTAINER : WIRE_HTTP;
    } else if (g_str_has_prefix(*address, tcp) && strlen(*address) > strlen(tcp)) {
        rest = *address + strlen(tcp);
        *out = WIRE_TCP;
    } else if (**address == '/') {
        *out = WIRE_UNIX;
    } else {
        return FALSE;
    }
    *address = rest;
    return TRUE;
}

KwSignalWire *
kw_signal_wire_new(KwClock *clock,
                   const gchar *address,
                   const gchar *account,
                   const KwSignalWireFuncs *funcs,
                   gpointer user_data,
                   GError **error)
{
    KwSignalWire *self;
    WireKind kind;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && address != NULL && funcs != NULL, NULL);

    if (!read_kind(&address, account, &kind)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "neither /path nor tcp:HOST:PORT nor http://HOST:PORT nor "
                            "container:http://HOST:PORT");
        return NULL;
    }
    self = g_new0(KwSignalWire, 1);
    self->clock = g_object_ref(clock);
    self->kind = kind;
    self->address = g_strdup(address);
    self->account = g_strdup(account);
    self->funcs = *funcs;
    self->user_data = user_data;
    self->events = g_ptr_array_new_with_free_func(g_free);
    if (kind == WIRE_HTTP || kind == WIRE_CONTAINER)
        self->http = kw_http_new("kurswart/" KW_VERSION, NULL);
    return self;
}

void
kw_signal_wire_free(KwSignalWire *self)
{
    if (self == NULL)
        return;
    kw_signal_wire_close(self);
    g_clear_object(&self->http);
    g_ptr_array_unref(self->events);
    g_clear_object(&self->clock);
    g_free(self->address);
    g_free(self->account);
    g_free(self->why);
    g_free(self);
}
