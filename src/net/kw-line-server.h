/* kw-line-server.h: lines of text with local processes of the same user, over a UNIX socket */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_LINE_SERVER_MAX_PEERS 16

/**
 * KwLineServer:
 *
 * Signals, all on the main context that was the thread's default at kw_line_server_start():
 *
 * "line" (guint peer, const gchar *line, gsize length, guint uid): a line without its end, not
 * empty, any bytes, at most %KW_LINE_PIPE_MAX_LINE of them; @uid is who sent it, as the kernel
 * says.
 *
 * "closed" (guint peer): the peer has gone or was dropped; its number is never used again.
 */
#define KW_TYPE_LINE_SERVER (kw_line_server_get_type())
G_DECLARE_FINAL_TYPE(KwLineServer, kw_line_server, KW, LINE_SERVER, GObject)

/**
 * KwLineServerTexts: lines for those who get no further; each may be %NULL for none
 * @denied: to a peer of another user, before the connection is closed
 * @full: to a peer who is one too many, before the connection is closed
 * @overlong: to a peer whose line was skipped; the connection stays
 */
typedef struct {
    const gchar *denied;
    const gchar *full;
    const gchar *overlong;
} KwLineServerTexts;

/**
 * KwLineServerCounts: what was turned away since the start
 * @n_slow: peers dropped because they did not read
 * @n_flooded: peers dropped because their line had no end
 */
typedef struct {
    guint64 n_denied;
    guint64 n_full;
    guint64 n_overlong;
    guint64 n_slow;
    guint64 n_flooded;
} KwLineServerCounts;

/**
 * kw_line_server_new:
 * @path: of the socket; the folder is made 0700 if it is missing
 * @owner: the user whose processes may connect; root always may
 * @texts: (nullable): copied
 *
 * Returns: (transfer full)
 */
KwLineServer *
kw_line_server_new(const gchar *path, guint owner, const KwLineServerTexts *texts);

/**
 * kw_line_server_start:
 *
 * Makes the socket (mode 0600) and listens. A socket that nobody answers at is removed, one
 * that is alive is not, and neither is anything else that stands at the path.
 *
 * Returns: %FALSE with %KW_NET_ERROR_BUSY (somebody serves there), %KW_NET_ERROR_DENIED (others
 *   may write to the folder) or %KW_NET_ERROR_IO
 */
gboolean kw_line_server_start(KwLineServer *self, GError **error);

/* Closes all connections without a signal and removes the socket, if it is still ours */
void kw_line_server_stop(KwLineServer *self);

/**
 * kw_line_server_send:
 * @peer: from "line"
 * @line: without line feeds
 *
 * Returns: %FALSE when the peer has gone or does not read; then "closed" follows or came
 */
gboolean kw_line_server_send(KwLineServer *self, guint peer, const gchar *line);

/* Ends a connection once what was sent is through; "closed" follows. */
void kw_line_server_close(KwLineServer *self, guint peer);

/* Connections that are open */
guint kw_line_server_get_n_peers(KwLineServer *self);

const KwLineServerCounts *kw_line_server_get_counts(KwLineServer *self);

/* Whether a process of user @uid may talk to the server of user @owner */
gboolean kw_line_server_is_allowed(guint owner, guint uid);

G_END_DECLS
