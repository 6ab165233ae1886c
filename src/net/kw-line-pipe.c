/* kw-line-pipe.c: lines over a non-blocking socket
 *
 * Reading takes one chunk a turn of the main loop and hands out a bounded number of lines; the
 * rest of the chunk waits for the next turn, so that a peer who sends thousands of short lines
 * takes turns with everybody else. An overlong line is reported once and skipped without being
 * kept, so that the connection survives it. Writing goes to the socket at once and queues only
 * what does not fit.
 *
 * After the end of input the other side may still read (it has shut down its half only), so
 * the pipe lives on until a hang-up.
 *
 * The socket is used directly: a GIOStream would need a buffer, a cancellable and a pending
 * operation for each direction, and its close would have to be awaited. GSocket sends without
 * SIGPIPE. The reference count keeps the pipe while its own callbacks free it. */
#define G_LOG_DOMAIN "kw-net"

#include "kw-line-pipe.h"

#include "kw-error.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/un.h>

#define CHUNK_BYTES (16 * 1024)
#define LINES_PER_TURN 32

struct _KwLinePipe {
    gatomicrefcount n_refs;
    GSocket *socket; /* owned; NULL once closed */
    KwLinePipeFuncs funcs;
    gpointer user_data;

    GByteArray *in;  /* owned: bytes of the unfinished line, and lines that wait */
    gsize n_skipped; /* of an overlong line; 0: none is being skipped */
    GByteArray *out; /* owned: bytes that wait for the socket */

    GSource *reader;  /* owned: data has come */
    GSource *turn;    /* owned: lines of the last chunk wait */
    GSource *writer;  /* owned: room to write */
    GSource *hang_up; /* owned: after the end of input */
    GSource *ender;   /* owned: calls @end */
    KwLineEnd reason;
    gboolean is_finishing;
};

static KwLinePipe *
ref(KwLinePipe *self)
{
    g_atomic_ref_count_inc(&self->n_refs);
    return self;
}

static void
unref(gpointer data)
{
    KwLinePipe *self = data;

    if (!g_atomic_ref_count_dec(&self->n_refs))
        return;
    g_clear_object(&self->socket);
    g_byte_array_unref(self->in);
    g_byte_array_unref(self->out);
    g_free(self);
}

static void
drop_source(GSource **source)
{
    if (*source == NULL)
        return;
    g_source_destroy(*source);
    g_clear_pointer(source, g_source_unref);
}

/* Attaches @source with a reference to the pipe */
static void
set_source(KwLinePipe *self, GSource **place, GSource *source, GSourceFunc func)
{
    drop_source(place);
    g_source_set_callback(source, func, ref(self), unref);
    (void) g_source_attach(source, g_main_context_get_thread_default());
    *place = source;
}

static gboolean
is_open(const KwLinePipe *self)
{
    return self->socket != NULL && !self->is_finishing;
}

static void
close_socket(KwLinePipe *self)
{
    drop_source(&self->reader);
    drop_source(&self->turn);
    drop_source(&self->writer);
    drop_source(&self->hang_up);
    if (self->socket != NULL)
        (void) g_socket_close(self->socket, NULL);
    g_clear_object(&self->socket);
}

/* -- the end -- */

static gboolean
on_end(gpointer user_data)
{
    KwLinePipe *self = user_data;

    drop_source(&self->ender);
    self->funcs.end(self->reason, self->user_data);
    return G_SOURCE_REMOVE;
}

static void
end(KwLinePipe *self, KwLineEnd reason)
{
    if (self->socket == NULL)
        return;
    close_socket(self);
    self->reason = reason;
    set_source(self, &self->ender, g_idle_source_new(), on_end);
    g_source_set_priority(self->ender, G_PRIORITY_DEFAULT);
}

static gboolean
on_hang_up(GSocket *socket, GIOCondition condition, gpointer user_data)
{
    end(user_data, KW_LINE_END_CLOSED);
    return G_SOURCE_REMOVE;
}

/* -- writing -- */

/* Sends what the socket takes. Returns: %FALSE when it is broken */
static gboolean
flush(KwLinePipe *self)
{
    while (self->out->len > 0) {
        g_autoptr(GError) error = NULL;
        gssize n = g_socket_send(self->socket, (const gchar *) self->out->data, self->out->len,
                                 NULL, &error);

        if (n < 0)
            return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        g_byte_array_remove_range(self->out, 0, (guint) n);
    }
    return TRUE;
}

static gboolean
on_writable(GSocket *socket, GIOCondition condition, gpointer user_data)
{
    KwLinePipe *self = user_data;

    if (!flush(self))
        end(self, KW_LINE_END_CLOSED);
    else if (self->out->len == 0 && self->is_finishing)
        end(self, KW_LINE_END_FINISHED);
    else if (self->out->len == 0)
        drop_source(&self->writer);
    return self->writer != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
watch_output(KwLinePipe *self)
{
    if (self->writer == NULL)
        set_source(self, &self->writer, g_socket_create_source(self->socket, G_IO_OUT, NULL),
                   G_SOURCE_FUNC(on_writable));
}

gboolean
kw_line_pipe_send(KwLinePipe *self, const gchar *line, GError **error)
{
    gsize length;

    g_return_val_if_fail(self != NULL && line != NULL, FALSE);

    length = strlen(line);
    if (!is_open(self)) {
        g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_CLOSED, "connection is closed");
        return FALSE;
    }
    if (self->out->len + length + 1 > KW_LINE_PIPE_MAX_QUEUE) {
        g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_LIMIT, "the peer does not read");
        end(self, KW_LINE_END_SLOW);
        return FALSE;
    }
    g_byte_array_append(self->out, (const guint8 *) line, (guint) length);
    g_byte_array_append(self->out, (const guint8 *) "\n", 1);
    if (self->writer == NULL && !flush(self)) {
        g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_CLOSED, "the peer has gone");
        end(self, KW_LINE_END_CLOSED);
        return FALSE;
    }
    if (self->out->len > 0)
        watch_output(self);
    return TRUE;
}

void
kw_line_pipe_finish(KwLinePipe *self)
{
    g_return_if_fail(self != NULL);

    if (self->socket == NULL)
        return;
    drop_source(&self->reader);
    drop_source(&self->turn);
    self->is_finishing = TRUE;
    if (self->out->len == 0)
        end(self, KW_LINE_END_FINISHED);
    else
        watch_output(self);
}

/* -- reading -- */

/* Hands out @length bytes at @start as a line; the byte behind them may be overwritten. */
static void
give_line(KwLinePipe *self, gsize start, gsize length)
{
    gchar *line = (gchar *) self->in->data + start;

    if (length > 0 && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    if (length > KW_LINE_PIPE_MAX_LINE)
        self->funcs.overlong(self->user_data);
    else if (length > 0)
        self->funcs.line(line, length, self->user_data);
}

/* Lines in the buffer, at most as many as a turn allows. Returns: %TRUE when more wait */
static gboolean
give_lines(KwLinePipe *self)
{
    gsize start = 0;
    const guint8 *feed = NULL;

    for (guint n = 0; n <= LINES_PER_TURN; n++) {
        gsize length;

        feed = self->in->len > start
                   ? memchr(self->in->data + start, '\n', self->in->len - start)
                   : NULL;
        if (feed == NULL || n == LINES_PER_TURN)
            break;
        length = (gsize) (feed - self->in->data) - start;
        if (self->n_skipped > 0)
            self->n_skipped = 0;
        else
            give_line(self, start, length);
        start += length + 1;
        if (!is_open(self))
            return FALSE;
    }
    g_byte_array_remove_range(self->in, 0, (guint) start);
    return feed != NULL;
}

/* An unfinished line that is already too long is not kept. Returns: %FALSE at a flood */
static gboolean
skip_overlong(KwLinePipe *self)
{
    gboolean is_first = self->n_skipped == 0;

    if (is_first && self->in->len <= KW_LINE_PIPE_MAX_LINE)
        return TRUE;
    self->n_skipped += self->in->len;
    g_byte_array_set_size(self->in, 0);
    if (is_first)
        self->funcs.overlong(self->user_data);
    return self->n_skipped <= KW_LINE_PIPE_MAX_SKIP;
}

static void go_on(KwLinePipe *self);
static gboolean on_readable(GSocket *socket, GIOCondition condition, gpointer user_data);

static gboolean
on_turn(gpointer user_data)
{
    go_on(user_data);
    return G_SOURCE_CONTINUE;
}

/* Gives what the buffer has and sees to the next turn */
static void
go_on(KwLinePipe *self)
{
    gboolean is_more = give_lines(self);

    if (is_open(self) && !is_more && !skip_overlong(self))
        end(self, KW_LINE_END_FLOODED);
    if (!is_open(self))
        return;
    if (is_more && self->turn == NULL) {
        drop_source(&self->reader);
        set_source(self, &self->turn, g_idle_source_new(), on_turn);
        g_source_set_priority(self->turn, G_PRIORITY_DEFAULT);
    } else if (!is_more && self->reader == NULL) {
        drop_source(&self->turn);
        set_source(self, &self->reader, g_socket_create_source(self->socket, G_IO_IN, NULL),
                   G_SOURCE_FUNC(on_readable));
    }
}

/* The other side sends no more: what stands there is the last line. Over a UNIX socket it may
 * still read, and hangs up when it goes; over TCP nothing would tell of that. */
static void
finish_input(KwLinePipe *self)
{
    gsize length = self->in->len;
    gboolean is_local = g_socket_get_family(self->socket) == G_SOCKET_FAMILY_UNIX;

    drop_source(&self->reader);
    if (is_local)
        set_source(self, &self->hang_up, g_socket_create_source(self->socket, G_IO_HUP, NULL),
                   G_SOURCE_FUNC(on_hang_up));
    if (length > 0 && self->n_skipped == 0) {
        g_byte_array_append(self->in, (const guint8 *) "", 1);
        give_line(self, 0, length);
    }
    if (!is_local)
        end(self, KW_LINE_END_CLOSED);
}

static gboolean
on_readable(GSocket *socket, GIOCondition condition, gpointer user_data)
{
    KwLinePipe *self = user_data;
    g_autoptr(GError) error = NULL;
    gsize length = self->in->len;
    gssize n;

    g_byte_array_set_size(self->in, (guint) length + CHUNK_BYTES);
    n = g_socket_receive(self->socket, (gchar *) self->in->data + length, CHUNK_BYTES, NULL,
                         &error);
    g_byte_array_set_size(self->in, (guint) (length + (gsize) MAX(n, 0)));
    if (n > 0)
        go_on(self);
    else if (n == 0)
        finish_input(self);
    else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        end(self, KW_LINE_END_CLOSED);
    return G_SOURCE_CONTINUE;
}

/* -- life -- */

KwLinePipe *
kw_line_pipe_new(GSocket *socket, const KwLinePipeFuncs *funcs, gpointer user_data)
{
    KwLinePipe *self = NULL;

    g_return_val_if_fail(G_IS_SOCKET(socket), NULL);
    g_return_val_if_fail(funcs != NULL && funcs->line != NULL, NULL);
    g_return_val_if_fail(funcs->overlong != NULL && funcs->end != NULL, NULL);

    self = g_new0(KwLinePipe, 1);
    g_atomic_ref_count_init(&self->n_refs);
    self->socket = g_object_ref(socket);
    self->funcs = *funcs;
    self->user_data = user_data;
    self->in = g_byte_array_new();
    self->out = g_byte_array_new();
    g_socket_set_blocking(socket, FALSE);
    go_on(self);
    return self;
}

GSocketAddress *
kw_line_pipe_address(const gchar *path, GError **error)
{
    struct sockaddr_un limits;

    g_return_val_if_fail(path != NULL, NULL);

    if (strlen(path) >= sizeof limits.sun_path) {
        g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_IO,
                    "a socket path may have %" G_GSIZE_FORMAT
                    " bytes, this has %" G_GSIZE_FORMAT,
                    sizeof limits.sun_path - 1, strlen(path));
        return NULL;
    }
    return g_unix_socket_address_new(path);
}

static KwNetError
classify(const GError *failure)
{
    if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
        g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        return KW_NET_ERROR_CLOSED;
    if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        return KW_NET_ERROR_DENIED;
    if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ||
        g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_PENDING))
        return KW_NET_ERROR_BUSY;
    return KW_NET_ERROR_IO;
}

KwLinePipe *
kw_line_pipe_connect(const gchar *path,
                     const KwLinePipeFuncs *funcs,
                     gpointer user_data,
                     GError **error)
{
    g_autoptr(GSocketAddress) address = kw_line_pipe_address(path, error);
    g_autoptr(GSocket) socket = NULL;
    g_autoptr(GError) failure = NULL;

    if (address == NULL)
        return NULL;
    socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                          &failure);
    if (socket != NULL) {
        g_socket_set_blocking(socket, FALSE);
        if (g_socket_connect(socket, address, NULL, &failure))
            return kw_line_pipe_new(socket, funcs, user_data);
    }
    g_set_error(error, KW_NET_ERROR, (gint) classify(failure), "connect: %s", failure->message);
    return NULL;
}

void
kw_line_pipe_free(KwLinePipe *self)
{
    if (self == NULL)
        return;
    close_socket(self);
    drop_source(&self->ender);
    unref(self);
}

gsize
kw_line_pipe_get_n_waiting(const KwLinePipe *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->out->len;
}
