/* kw-line-server.c: who may speak to us over a UNIX socket, and how much
 *
 * Three fences, each enough by itself: the folder is 0700, the socket is 0600, and the kernel's
 * word about the peer (SO_PEERCRED) is checked for every connection. The mode is set before
 * bind(), so that there is no moment with a wider one.
 *
 * A socket file outlives a killed process. Whether it is stale is asked of the kernel by
 * connecting: only a refused connection means that nobody listens. Who starts must already hold
 * the lock of the data root; two that start at the same moment are not told apart here.
 *
 * When the process has no descriptor left, accept() would fail for ever and the main loop would
 * spin. One descriptor is kept in reserve; it is given up to take the connection and close it.
 */
#define G_LOG_DOMAIN "kw-net"

#include "kw-line-server.h"

#include "kw-error.h"
#include "kw-line-pipe.h"
#include "kw-log.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 32

struct _KwLineServer {
    GObject parent_instance;

    gchar *path; /* owned */
    guint owner;
    gchar *denied, *full, *overlong; /* owned, nullable */

    GSocket *socket;   /* owned; NULL while stopped */
    GSource *acceptor; /* owned */
    gint reserve_fd;   /* -1 while stopped */
    dev_t device;      /* of the socket file that we made */
    ino_t inode;

    GHashTable *peers; /* guint -> Peer, owned */
    guint last_id;
    KwLineServerCounts counts;
};

typedef struct {
    KwLineServer *server; /* borrowed: the server owns the peer */
    KwLinePipe *pipe;     /* owned */
    guint id;
    guint uid;
} Peer;

enum { SIGNAL_LINE, SIGNAL_CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwLineServer, kw_line_server, G_TYPE_OBJECT)

gboolean
kw_line_server_is_allowed(guint owner, guint uid)
{
    return uid == owner || uid == 0;
}

static void
free_peer(gpointer data)
{
    Peer *peer = data;

    kw_line_pipe_free(peer->pipe);
    g_free(peer);
}

static Peer *
find_peer(KwLineServer *self, guint id)
{
    return g_hash_table_lookup(self->peers, GUINT_TO_POINTER(id));
}

/* -- a connection -- */

static void
on_line(const gchar *line, gsize length, gpointer user_data)
{
    Peer *peer = user_data;
    g_autoptr(KwLineServer) self = g_object_ref(peer->server);

    g_signal_emit(self, signals[SIGNAL_LINE], 0, peer->id, line, length, peer->uid);
}

static void
on_overlong(gpointer user_data)
{
    Peer *peer = user_data;
    KwLineServer *self = peer->server;

    self->counts.n_overlong++;
    if (self->overlong != NULL)
        (void) kw_line_pipe_send(peer->pipe, self->overlong, NULL);
}

static void
on_end(KwLineEnd reason, gpointer user_data)
{
    Peer *peer = user_data;
    g_autoptr(KwLineServer) self = g_object_ref(peer->server);
    guint id = peer->id;

    self->counts.n_slow += reason == KW_LINE_END_SLOW;
    self->counts.n_flooded += reason == KW_LINE_END_FLOODED;
    g_hash_table_remove(self->peers, GUINT_TO_POINTER(id));
    g_signal_emit(self, signals[SIGNAL_CLOSED], 0, id);
}

static void
add_peer(KwLineServer *self, GSocket *socket, guint uid)
{
    static const KwLinePipeFuncs funcs = {on_line, on_overlong, on_end};
    Peer *peer = g_new0(Peer, 1);

    peer->server = self;
    peer->id = ++self->last_id;
    peer->uid = uid;
    peer->pipe = kw_line_pipe_new(socket, &funcs, peer);
    g_hash_table_insert(self->peers, GUINT_TO_POINTER(peer->id), peer);
}

/* A last word to one who may not stay: a fresh socket takes a line, or it goes without. */
static void
turn_away(GSocket *socket, const gchar *text)
{
    if (text != NULL) {
        g_autofree gchar *line = g_strconcat(text, "\n", NULL);

        g_socket_set_blocking(socket, FALSE);
        (void) g_socket_send(socket, line, strlen(line), NULL, NULL);
    }
    (void) g_socket_close(socket, NULL);
}

static gboolean
get_uid(GSocket *socket, guint *out)
{
    g_autoptr(GCredentials) peer = g_socket_get_credentials(socket, NULL);
    uid_t uid = peer != NULL ? g_credentials_get_unix_user(peer, NULL) : (uid_t) -1;

    if (uid == (uid_t) -1)
        return FALSE;
    *out = uid;
    return TRUE;
}

static void
receive_peer(KwLineServer *self, GSocket *socket)
{
    guint uid = 0;

    if (!get_uid(socket, &uid) || !kw_line_server_is_allowed(self->owner, uid)) {
        g_autofree gchar *who = g_strdup_printf("%u", uid);

        self->counts.n_denied++;
        kw_log_debug("peer of another user refused", "KW_UID", who);
        turn_away(socket, self->denied);
    } else if (g_hash_table_size(self->peers) >= KW_LINE_SERVER_MAX_PEERS) {
        self->counts.n_full++;
        kw_log_debug("one peer too many refused");
        turn_away(socket, self->full);
    } else {
        add_peer(self, socket, uid);
    }
}

static gint
open_reserve(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static gboolean
on_connection(GSocket *listener, GIOCondition condition, gpointer user_data)
{
    KwLineServer *self = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) socket = g_socket_accept(listener, NULL, &error);

    if (socket != NULL) {
        receive_peer(self, socket);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        kw_log_debug("connection not taken", "KW_ERROR", error->message);
        (void) g_close(self->reserve_fd, NULL);
        socket = g_socket_accept(listener, NULL, NULL);
        g_clear_object(&socket);
        self->reserve_fd = open_reserve();
    }
    return G_SOURCE_CONTINUE;
}

/* -- start -- */

static gboolean
fail_io(const gchar *what, GError **error)
{
    g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_IO, "%s: %s", what, g_strerror(errno));
    return FALSE;
}

/* Whoever may write to the folder could put a socket of his own in the place of ours. */
static gboolean
prepare_folder(const gchar *path, GError **error)
{
    g_autofree gchar *folder = g_path_get_dirname(path);
    GStatBuf info;

    if (g_mkdir_with_parents(folder, 0700) != 0 || g_stat(folder, &info) != 0)
        return fail_io("folder of the socket", error);
    if ((info.st_uid != 0 && info.st_uid != geteuid()) ||
        ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (info.st_mode & S_ISVTX) == 0)) {
        g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_DENIED,
                            "others may write to the folder of the socket");
        return FALSE;
    }
    return TRUE;
}

static void
ignore_line(const gchar *line, gsize length, gpointer user_data)
{
}

static void
ignore_overlong(gpointer user_data)
{
}

static void
ignore_end(KwLineEnd reason, gpointer user_data)
{
}

/* Nobody answers: the process that made it was killed. */
static gboolean
remove_stale(const gchar *path, GError **error)
{
    static const KwLinePipeFuncs funcs = {ignore_line, ignore_overlong, ignore_end};
    g_autoptr(KwLinePipe) probe = NULL;
    g_autoptr(GError) failure = NULL;
    GStatBuf info;

    if (g_lstat(path, &info) != 0)
        return errno == ENOENT || fail_io("socket", error);
    if (!S_ISSOCK(info.st_mode)) {
        g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_IO,
                            "something that is no socket stands at the socket's path");
        return FALSE;
    }
    probe = kw_line_pipe_connect(path, &funcs, NULL, &failure);
    if (probe != NULL || g_error_matches(failure, KW_NET_ERROR, KW_NET_ERROR_BUSY)) {
        g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_BUSY,
                            "another process serves at the socket");
        return FALSE;
    }
    if (!g_error_matches(failure, KW_NET_ERROR, KW_NET_ERROR_CLOSED)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return g_unlink(path) == 0 || fail_io("stale socket", error);
}

static GSocket *
listen_at(const gchar *path, GError **error)
{
    g_autoptr(GSocketAddress) address = kw_line_pipe_address(path, error);
    g_autoptr(GSocket) socket = NULL;

    if (address == NULL)
        return NULL;
    socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                          error);
    if (socket == NULL)
        return NULL;
    if (fchmod(g_socket_get_fd(socket), 0600) != 0) {
        (void) fail_io("mode of the socket", error);
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);
    g_socket_set_listen_backlog(socket, BACKLOG);
    if (!g_socket_bind(socket, address, FALSE, error) || !g_socket_listen(socket, error))
        return NULL;
    return g_steal_pointer(&socket);
}

/* What we made, so that stopping removes nothing else */
static gboolean
remember_file(KwLineServer *self, GError **error)
{
    GStatBuf info;

    if (g_chmod(self->path, 0600) != 0 || g_lstat(self->path, &info) != 0)
        return fail_io("socket", error);
    self->device = info.st_dev;
    self->inode = info.st_ino;
    return TRUE;
}

gboolean
kw_line_server_start(KwLineServer *self, GError **error)
{
    g_autoptr(GError) failure = NULL;

    g_return_val_if_fail(KW_IS_LINE_SERVER(self), FALSE);
    g_return_val_if_fail(self->socket == NULL, FALSE);

    if (!prepare_folder(self->path, error) || !remove_stale(self->path, error))
        return FALSE;
    self->socket = listen_at(self->path, &failure);
    if (self->socket == NULL) {
        g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_IO, "listen: %s", failure->message);
        return FALSE;
    }
    if (!remember_file(self, error)) {
        g_clear_object(&self->socket);
        return FALSE;
    }
    self->reserve_fd = open_reserve();
    self->acceptor = g_socket_create_source(self->socket, G_IO_IN, NULL);
    g_source_set_callback(self->acceptor, G_SOURCE_FUNC(on_connection), self, NULL);
    (void) g_source_attach(self->acceptor, g_main_context_get_thread_default());
    return TRUE;
}

void
kw_line_server_stop(KwLineServer *self)
{
    GStatBuf info;

    g_return_if_fail(KW_IS_LINE_SERVER(self));

    if (self->socket == NULL)
        return;
    g_source_destroy(self->acceptor);
    g_clear_pointer(&self->acceptor, g_source_unref);
    (void) g_socket_close(self->socket, NULL);
    g_clear_object(&self->socket);
    g_hash_table_remove_all(self->peers);
    (void) g_close(self->reserve_fd, NULL);
    self->reserve_fd = -1;
    if (g_lstat(self->path, &info) == 0 && info.st_dev == self->device &&
        info.st_ino == self->inode)
        (void) g_unlink(self->path);
}

/* -- talking -- */

gboolean
kw_line_server_send(KwLineServer *self, guint peer, const gchar *line)
{
    Peer *found = NULL;

    g_return_val_if_fail(KW_IS_LINE_SERVER(self), FALSE);
    g_return_val_if_fail(line != NULL, FALSE);

    found = find_peer(self, peer);
    return found != NULL && kw_line_pipe_send(found->pipe, line, NULL);
}

void
kw_line_server_close(KwLineServer *self, guint peer)
{
    Peer *found = NULL;

    g_return_if_fail(KW_IS_LINE_SERVER(self));

    found = find_peer(self, peer);
    if (found != NULL)
        kw_line_pipe_finish(found->pipe);
}

guint
kw_line_server_get_n_peers(KwLineServer *self)
{
    g_return_val_if_fail(KW_IS_LINE_SERVER(self), 0);

    return g_hash_table_size(self->peers);
}

const KwLineServerCounts *
kw_line_server_get_counts(KwLineServer *self)
{
    g_return_val_if_fail(KW_IS_LINE_SERVER(self), NULL);

    return &self->counts;
}

/* -- life -- */

KwLineServer *
kw_line_server_new(const gchar *path, guint owner, const KwLineServerTexts *texts)
{
    KwLineServer *self = NULL;

    g_return_val_if_fail(path != NULL, NULL);

    self = g_object_new(KW_TYPE_LINE_SERVER, NULL);
    self->path = g_strdup(path);
    self->owner = owner;
    if (texts != NULL) {
        self->denied = g_strdup(texts->denied);
        self->full = g_strdup(texts->full);
        self->overlong = g_strdup(texts->overlong);
    }
    return self;
}

static void
kw_line_server_dispose(GObject *object)
{
    kw_line_server_stop(KW_LINE_SERVER(object));

    G_OBJECT_CLASS(kw_line_server_parent_class)->dispose(object);
}

static void
kw_line_server_finalize(GObject *object)
{
    KwLineServer *self = KW_LINE_SERVER(object);

    g_clear_pointer(&self->peers, g_hash_table_unref);
    g_clear_pointer(&self->path, g_free);
    g_clear_pointer(&self->denied, g_free);
    g_clear_pointer(&self->full, g_free);
    g_clear_pointer(&self->overlong, g_free);

    G_OBJECT_CLASS(kw_line_server_parent_class)->finalize(object);
}

static void
kw_line_server_class_init(KwLineServerClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_line_server_dispose;
    object_class->finalize = kw_line_server_finalize;

    signals[SIGNAL_LINE] =
        g_signal_new("line", KW_TYPE_LINE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 4, G_TYPE_UINT, G_TYPE_POINTER, G_TYPE_ULONG, G_TYPE_UINT);
    signals[SIGNAL_CLOSED] = g_signal_new("closed", KW_TYPE_LINE_SERVER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
kw_line_server_init(KwLineServer *self)
{
    self->reserve_fd = -1;
    self->peers = g_hash_table_new_full(NULL, NULL, NULL, free_peer);
}
