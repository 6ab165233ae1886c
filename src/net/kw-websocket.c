/* kw-websocket.c: libsoup's WebSocket with limits, a watch and a way back
 *
 * libsoup checks keepalive pongs only from 3.6 on, and a server may answer pings of the
 * protocol while its application is stuck. So the watch asks for application messages: after
 * some silence the owner is told to send what must be answered, and after some more the
 * connection is given up.
 *
 * A state enum says what goes on; whatever happens ends in close_with(), which tells the owner
 * and sets the timer of the next try. The first try after a connection that has worked for a
 * minute is made at once, since most ends are restarts of a proxy; a server that fails again
 * and again is asked ever more seldom. */
#define G_LOG_DOMAIN "kw-net"

#include "kw-websocket.h"

#include "kw-address.h"
#include "kw-error.h"
#include "kw-limiter.h"
#include "kw-log.h"

#include <libsoup/soup.h>

#define CONNECT_US (15 * G_USEC_PER_SEC)
#define MIN_WAIT_US (1 * G_USEC_PER_SEC)
#define MAX_WAIT_US (30 * G_USEC_PER_SEC)
#define GOOD_US (60 * G_USEC_PER_SEC) /* so long makes a connection a good one */
#define MAX_TRIES 100
#define TRIES_PER_SECOND (100.0 / 600.0)

typedef enum {
    STATE_STOPPED,
    STATE_WAITING, /* for the next try */
    STATE_CONNECTING,
    STATE_OPEN,
    STATE_QUIET, /* open, and the owner was told that nothing is heard */
} State;

struct _KwWebsocket {
    GObject parent_instance;

    KwClock *clock;       /* owned */
    SoupSession *session; /* owned */
    GUri *uri;            /* owned */
    GStrv headers;        /* owned */
    gsize max_bytes;
    gint64 quiet_us, dead_us;
    KwLimiter *budget; /* owned: tries */
    KwBackoff backoff;
    State state;
    guint timer;                         /* of the state; 0 without */
    GCancellable *cancel;                /* owned; while connecting */
    SoupWebsocketConnection *connection; /* owned; while open */
    gint64 opened_us;                    /* monotonic */
    gint64 heard_us;                     /* monotonic; the opening counts as well */
    gboolean was_heard;                  /* a message on this connection */
    gboolean was_over_limit;
    guint n_tries;
};

enum { SIGNAL_OPENED, SIGNAL_MESSAGE, SIGNAL_QUIET, SIGNAL_CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwWebsocket, kw_websocket, G_TYPE_OBJECT)

static void try_now(KwWebsocket *self);

static const gchar *const end_names[] = {
    [KW_WEBSOCKET_END_UNREACHED] = "unreached", [KW_WEBSOCKET_END_CERTIFICATE] = "certificate",
    [KW_WEBSOCKET_END_REFUSED] = "refused",     [KW_WEBSOCKET_END_PEER] = "peer",
    [KW_WEBSOCKET_END_LOST] = "lost",           [KW_WEBSOCKET_END_SILENT] = "silent",
    [KW_WEBSOCKET_END_LIMIT] = "limit",         [KW_WEBSOCKET_END_DROPPED] = "dropped",
};

const gchar *
kw_websocket_end_to_string(KwWebsocketEnd end)
{
    return end_names[end];
}

static void
set_timer(KwWebsocket *self, gint64 wait_us, KwTimerFunc func)
{
    kw_clock_cancel(self->clock, self->timer);
    self->timer = func != NULL ? kw_clock_call_in(self->clock, wait_us, func, self) : 0;
}

/* -- the end of a connection, and the way to the next one -- */

static void
forget_connection(KwWebsocket *self)
{
    if (self->cancel != NULL)
        g_cancellable_cancel(self->cancel);
    g_clear_object(&self->cancel);
    if (self->connection == NULL)
        return;
    (void) g_signal_handlers_disconnect_by_data(self->connection, self);
    if (soup_websocket_connection_get_state(self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close(self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                        NULL);
    g_clear_object(&self->connection);
}

static void
on_next_try(gpointer user_data)
{
    KwWebsocket *self = user_data;

    self->timer = 0;
    try_now(self);
}

static gint64
choose_wait(KwWebsocket *self)
{
    gint64 now_us = kw_clock_monotonic_us(self->clock), wait_us = 0;

    if (self->was_heard && now_us - self->opened_us >= GOOD_US)
        kw_backoff_reset(&self->backoff);
    else
        wait_us = kw_backoff_next_us(&self->backoff);
    return MAX(wait_us, kw_limiter_get_wait_us(self->budget, 1));
}

static void
close_with(KwWebsocket *self, KwWebsocketEnd end, const gchar *detail)
{
    g_autoptr(KwWebsocket) guard = g_object_ref(self);
    gint64 wait_us = choose_wait(self);

    forget_connection(self);
    self->state = STATE_WAITING;
    self->was_heard = FALSE;
    set_timer(self, wait_us, on_next_try);
    kw_log_debug("websocket closed", "KW_REASON", end_names[end], "KW_ERROR", detail);
    g_signal_emit(guard, signals[SIGNAL_CLOSED], 0, (gint) end, detail);
}

/* -- an open connection -- */

static gboolean
is_heard_since(KwWebsocket *self, gint64 span_us)
{
    return kw_clock_monotonic_us(self->clock) - self->heard_us < span_us;
}

static void
on_watch(gpointer user_data)
{
    KwWebsocket *self = user_data;
    gint64 now_us = kw_clock_monotonic_us(self->clock);

    self->timer = 0;
    if (self->state == STATE_QUIET && !is_heard_since(self, self->quiet_us + self->dead_us)) {
        close_with(self, KW_WEBSOCKET_END_SILENT, "nothing was heard");
        return;
    }
    if (is_heard_since(self, self->quiet_us)) {
        self->state = STATE_OPEN;
        set_timer(self, self->heard_us + self->quiet_us - now_us, on_watch);
        return;
    }
    set_timer(self, MAX(self->heard_us + self->quiet_us + self->dead_us - now_us, 1), on_watch);
    if (self->state == STATE_QUIET)
        return;
    self->state = STATE_QUIET;
    g_signal_emit(self, signals[SIGNAL_QUIET], 0);
}

static void
on_message(SoupWebsocketConnection *connection,
           SoupWebsocketDataType type,
           GBytes *bytes,
           gpointer user_data)
{
    KwWebsocket *self = user_data;

    self->heard_us = kw_clock_monotonic_us(self->clock);
    self->was_heard = TRUE;
    if (type == SOUP_WEBSOCKET_DATA_TEXT)
        g_signal_emit(self, signals[SIGNAL_MESSAGE], 0, bytes);
}

static void
on_error(SoupWebsocketConnection *connection, GError *error, gpointer user_data)
{
    KwWebsocket *self = user_data;

    if (g_error_matches(error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_TOO_BIG))
        self->was_over_limit = TRUE;
}

static void
on_closed(SoupWebsocketConnection *connection, gpointer user_data)
{
    KwWebsocket *self = user_data;
    gushort code = soup_websocket_connection_get_close_code(connection);
    g_autofree gchar *detail = g_strdup_printf("code %u", code);

    if (self->was_over_limit)
        close_with(self, KW_WEBSOCKET_END_LIMIT, "message over its limit");
    else
        close_with(self,
                   code == 0 || code == SOUP_WEBSOCKET_CLOSE_ABNORMAL ? KW_WEBSOCKET_END_LOST
                                                                      : KW_WEBSOCKET_END_PEER,
                   detail);
}

/* -- connecting -- */

static KwWebsocketEnd
end_of_error(const GError *error)
{
    if (error->domain == G_TLS_ERROR && error->code == G_TLS_ERROR_BAD_CERTIFICATE)
        return KW_WEBSOCKET_END_CERTIFICATE;
    if (error->domain == SOUP_WEBSOCKET_ERROR)
        return KW_WEBSOCKET_END_REFUSED;
    return KW_WEBSOCKET_END_UNREACHED;
}

static void
take_connection(KwWebsocket *self, SoupWebsocketConnection *connection)
{
    g_clear_object(&self->cancel);
    self->connection = connection;
    self->was_over_limit = FALSE;
    self->opened_us = self->heard_us = kw_clock_monotonic_us(self->clock);
    self->was_heard = FALSE;
    self->state = STATE_OPEN;
    soup_websocket_connection_set_max_incoming_payload_size(connection, self->max_bytes);
    g_signal_connect(connection, "message", G_CALLBACK(on_message), self);
    g_signal_connect(connection, "error", G_CALLBACK(on_error), self);
    g_signal_connect(connection, "closed", G_CALLBACK(on_closed), self);
    set_timer(self, self->quiet_us, on_watch);
    g_signal_emit(self, signals[SIGNAL_OPENED], 0);
}

static void
on_connected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwWebsocket) self = user_data; /* the call's reference */
    g_autoptr(GError) error = NULL;
    SoupWebsocketConnection *connection =
        soup_session_websocket_connect_finish(SOUP_SESSION(source), result, &error);

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (self->state != STATE_CONNECTING) { /* stopped in the same turn of the loop */
        g_clear_object(&connection);
        return;
    }
    if (connection == NULL)
        close_with(self, end_of_error(error), error->message);
    else
        take_connection(self, connection);
}

static void
on_connect_late(gpointer user_data)
{
    KwWebsocket *self = user_data;

    self->timer = 0;
    close_with(self, KW_WEBSOCKET_END_UNREACHED, "no answer in time");
}

static void
try_now(KwWebsocket *self)
{
    g_autoptr(SoupMessage) message = soup_message_new_from_uri("GET", self->uri);
    SoupMessageHeaders *headers = soup_message_get_request_headers(message);

    (void) kw_limiter_take(self->budget, 1);
    self->n_tries++;
    self->state = STATE_CONNECTING;
    self->cancel = g_cancellable_new();
    for (gsize i = 0; self->headers != NULL && self->headers[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(self->headers[i], ":", 2);

        if (g_strv_length(parts) == 2)
            soup_message_headers_append(headers, parts[0], g_strstrip(parts[1]));
    }
    set_timer(self, CONNECT_US, on_connect_late);
    soup_session_websocket_connect_async(self->session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                         self->cancel, on_connected, g_object_ref(self));
}

/* -- public -- */

static gboolean
build_session(KwWebsocket *self, const KwWebsocketOptions *options, GError **error)
{
    g_autoptr(GTlsDatabase) trusted = NULL;

    self->session = soup_session_new();
    soup_session_set_user_agent(self->session, options->user_agent);
    if (kw_address_is_local(
            options->url)) /* the proxies of the environment are for what is outside */
        soup_session_set_proxy_resolver(self->session, NULL);
    if (options->ca_file == NULL)
        return TRUE;
    trusted = g_tls_file_database_new(options->ca_file, error);
    if (trusted == NULL)
        return FALSE;
    soup_session_set_tls_database(self->session, trusted);
    return TRUE;
}

KwWebsocket *
kw_websocket_new(KwClock *clock, const KwWebsocketOptions *options, GError **error)
{
    g_autoptr(KwWebsocket) self = NULL;
    g_autoptr(GError) inner = NULL;
    gint64 max_wait_us;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && options != NULL, NULL);
    g_return_val_if_fail(options->url != NULL && options->user_agent != NULL, NULL);
    g_return_val_if_fail(options->max_bytes > 0, NULL);
    g_return_val_if_fail(options->quiet_us > 0 && options->dead_us > 0, NULL);

    self = g_object_new(KW_TYPE_WEBSOCKET, NULL);
    self->clock = g_object_ref(clock);
    self->uri = g_uri_parse(options->url, SOUP_HTTP_URI_FLAGS, &inner);
    if (self->uri == NULL || !build_session(self, options, &inner)) {
        g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_IO, "websocket: %s", inner->message);
        return NULL;
    }
    self->headers = g_strdupv((gchar **) options->headers);
    self->max_bytes = options->max_bytes;
    self->quiet_us = options->quiet_us;
    self->dead_us = options->dead_us;
    self->budget = kw_limiter_new(clock, MAX_TRIES, TRIES_PER_SECOND);
    max_wait_us = options->max_wait_us > 0 ? options->max_wait_us : MAX_WAIT_US;
    kw_backoff_init(&self->backoff, MIN(MIN_WAIT_US, max_wait_us), max_wait_us, options->seed);
    return g_steal_pointer(&self);
}

void
kw_websocket_start(KwWebsocket *self)
{
    g_return_if_fail(KW_IS_WEBSOCKET(self));

    if (self->state == STATE_STOPPED)
        try_now(self);
}

void
kw_websocket_stop(KwWebsocket *self)
{
    g_return_if_fail(KW_IS_WEBSOCKET(self));

    self->state = STATE_STOPPED;
    set_timer(self, 0, NULL);
    forget_connection(self);
}

gboolean
kw_websocket_is_open(KwWebsocket *self)
{
    g_return_val_if_fail(KW_IS_WEBSOCKET(self), FALSE);

    return self->state == STATE_OPEN || self->state == STATE_QUIET;
}

guint
kw_websocket_get_n_tries(KwWebsocket *self)
{
    g_return_val_if_fail(KW_IS_WEBSOCKET(self), 0);

    return self->n_tries;
}

gboolean
kw_websocket_send(KwWebsocket *self, const gchar *text)
{
    g_return_val_if_fail(KW_IS_WEBSOCKET(self) && text != NULL, FALSE);

    if (self->connection == NULL ||
        soup_websocket_connection_get_state(self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
        return FALSE;
    soup_websocket_connection_send_text(self->connection, text);
    return TRUE;
}

void
kw_websocket_drop(KwWebsocket *self, const gchar *why)
{
    g_return_if_fail(KW_IS_WEBSOCKET(self));

    if (kw_websocket_is_open(self))
        close_with(self, KW_WEBSOCKET_END_DROPPED, why);
}

static void
kw_websocket_dispose(GObject *object)
{
    KwWebsocket *self = KW_WEBSOCKET(object);

    if (self->clock != NULL)
        kw_websocket_stop(self);

    G_OBJECT_CLASS(kw_websocket_parent_class)->dispose(object);
}

static void
kw_websocket_finalize(GObject *object)
{
    KwWebsocket *self = KW_WEBSOCKET(object);

    g_clear_object(&self->session);
    g_clear_pointer(&self->uri, g_uri_unref);
    g_clear_pointer(&self->headers, g_strfreev);
    g_clear_pointer(&self->budget, kw_limiter_free);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_websocket_parent_class)->finalize(object);
}

static void
kw_websocket_class_init(KwWebsocketClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_websocket_dispose;
    object_class->finalize = kw_websocket_finalize;
    signals[SIGNAL_OPENED] = g_signal_new("opened", KW_TYPE_WEBSOCKET, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_MESSAGE] =
        g_signal_new("message", KW_TYPE_WEBSOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 1, G_TYPE_BYTES | G_SIGNAL_TYPE_STATIC_SCOPE);
    signals[SIGNAL_QUIET] = g_signal_new("quiet", KW_TYPE_WEBSOCKET, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_CLOSED] =
        g_signal_new("closed", KW_TYPE_WEBSOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kw_websocket_init(KwWebsocket *self)
{
}
