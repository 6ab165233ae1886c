/* kw-line-pipe.h: lines of text over a connected socket, both ways, bounded */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_LINE_PIPE_MAX_LINE (64 * 1024)        /* bytes, without the line end */
#define KW_LINE_PIPE_MAX_SKIP (8 * 1024 * 1024)  /* bytes of an overlong line, then it ends */
#define KW_LINE_PIPE_MAX_QUEUE (1 * 1024 * 1024) /* bytes that wait for a slow reader */

/**
 * KwLineEnd: why a pipe has come to its end
 * @KW_LINE_END_CLOSED: the other side has gone, orderly or not
 * @KW_LINE_END_SLOW: the other side does not read; what waited is lost
 * @KW_LINE_END_FLOODED: a line without end
 * @KW_LINE_END_FINISHED: kw_line_pipe_finish() is done
 */
typedef enum {
    KW_LINE_END_CLOSED,
    KW_LINE_END_SLOW,
    KW_LINE_END_FLOODED,
    KW_LINE_END_FINISHED,
} KwLineEnd;

typedef struct _KwLinePipe KwLinePipe;

/**
 * KwLinePipeFuncs:
 * @line: a line without its end (LF or CR LF), not empty; any bytes, with a zero byte after
 *   the last. What stands before the end of input counts as a line
 * @overlong: a line is over the limit; the rest of it is skipped
 * @end: once, the last call; never from inside a function of the pipe
 *
 * Called on the main context that was the thread's default at construction. Each may free the
 * pipe.
 */
typedef struct {
    void (*line)(const gchar *line, gsize length, gpointer user_data);
    void (*overlong)(gpointer user_data);
    void (*end)(KwLineEnd reason, gpointer user_data);
} KwLinePipeFuncs;

/**
 * kw_line_pipe_new:
 * @socket: connected; a reference is kept, and it is made non-blocking
 * @funcs: copied; all three are set
 *
 * Returns: (transfer full)
 */
KwLinePipe *kw_line_pipe_new(GSocket *socket, const KwLinePipeFuncs *funcs, gpointer user_data);

/**
 * kw_line_pipe_connect:
 * @path: of a UNIX socket
 *
 * Never waits: a local socket connects at once or not at all.
 *
 * Returns: (transfer full): %NULL with %KW_NET_ERROR_CLOSED (no socket, or nobody listens),
 *   %KW_NET_ERROR_DENIED (permissions), %KW_NET_ERROR_BUSY (too many wait) or
 *   %KW_NET_ERROR_IO
 */
KwLinePipe *kw_line_pipe_connect(const gchar *path,
                                 const KwLinePipeFuncs *funcs,
                                 gpointer user_data,
                                 GError **error);

/* Closes at once; what waits is lost. No function is called any more. */
void kw_line_pipe_free(KwLinePipe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLinePipe, kw_line_pipe_free)

/**
 * kw_line_pipe_send:
 * @line: without line feeds; one is added
 *
 * Returns: %FALSE with %KW_NET_ERROR_CLOSED after the end, or %KW_NET_ERROR_LIMIT when the
 *   other side does not read; then @end follows from the main loop
 */
gboolean kw_line_pipe_send(KwLinePipe *self, const gchar *line, GError **error);

/* Reads no more, sends what waits, then ends */
void kw_line_pipe_finish(KwLinePipe *self);

/* Bytes that wait for the other side */
gsize kw_line_pipe_get_n_waiting(const KwLinePipe *self);

/**
 * kw_line_pipe_address:
 *
 * Returns: (transfer full): %NULL with %KW_NET_ERROR_IO when @path is too long for a socket
 */
GSocketAddress *kw_line_pipe_address(const gchar *path, GError **error);

G_END_DECLS
