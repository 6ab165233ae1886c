/* kw-websocket.h: a WebSocket that comes back by itself and notices when it is dead */
#pragma once

#include "kw-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwWebsocketEnd: why a connection is over
 * @KW_WEBSOCKET_END_UNREACHED: no connection came about
 * @KW_WEBSOCKET_END_CERTIFICATE: the server cannot prove who it is
 * @KW_WEBSOCKET_END_REFUSED: it answered, and not with a WebSocket
 * @KW_WEBSOCKET_END_PEER: the server has closed it
 * @KW_WEBSOCKET_END_LOST: it broke
 * @KW_WEBSOCKET_END_SILENT: nothing was heard for too long
 * @KW_WEBSOCKET_END_LIMIT: a message over the limit
 * @KW_WEBSOCKET_END_DROPPED: we did not want it any more
 */
typedef enum {
    KW_WEBSOCKET_END_UNREACHED,
    KW_WEBSOCKET_END_CERTIFICATE,
    KW_WEBSOCKET_END_REFUSED,
    KW_WEBSOCKET_END_PEER,
    KW_WEBSOCKET_END_LOST,
    KW_WEBSOCKET_END_SILENT,
    KW_WEBSOCKET_END_LIMIT,
    KW_WEBSOCKET_END_DROPPED,
} KwWebsocketEnd;

const gchar *kw_websocket_end_to_string(KwWebsocketEnd end); /* "silent", ...; static */

/**
 * KwWebsocketOptions: all is copied
 * @url: ws or wss
 * @ca_file: (nullable): certificates to trust instead of the system's
 * @headers: (nullable) (array zero-terminated=1): "Name: value", for the handshake
 * @max_bytes: of one message; > 0
 * @quiet_us: without a message until the signal "quiet"; > 0
 * @dead_us: without a message after "quiet" until the connection is given up; > 0
 * @max_wait_us: longest pause between two tries; 0 = 30 s
 * @seed: of the pauses
 */
typedef struct {
    const gchar *url;
    const gchar *user_agent;
    const gchar *ca_file;
    const gchar *const *headers;
    gsize max_bytes;
    gint64 quiet_us, dead_us;
    gint64 max_wait_us;
    guint64 seed;
} KwWebsocketOptions;

/* Signals:
 *   "opened" ()
 *   "message" (GBytes *text): UTF-8; one zero byte stands behind its last byte
 *   "quiet" (): send something that the other side answers; what it is, is the protocol's
 * matter "closed" (KwWebsocketEnd end, const gchar *detail): at its end, and after each vain
 * try; the next try is under way unless kw_websocket_stop() is called */
#define KW_TYPE_WEBSOCKET (kw_websocket_get_type())
G_DECLARE_FINAL_TYPE(KwWebsocket, kw_websocket, KW, WEBSOCKET, GObject)

/* Returns: (transfer full): %NULL with %KW_NET_ERROR_IO when @ca_file cannot be used or
 * the URL is none */
KwWebsocket *
kw_websocket_new(KwClock *clock, const KwWebsocketOptions *options, GError **error);

/* Connects, and connects again whenever the connection ends: at once after a good one, then
 * after pauses that grow; never more than 100 times in ten minutes. */
void kw_websocket_start(KwWebsocket *self);

/* Closes and stays closed. No signal comes from inside. */
void kw_websocket_stop(KwWebsocket *self);

gboolean kw_websocket_is_open(KwWebsocket *self);

/* Tries since kw_websocket_start() */
guint kw_websocket_get_n_tries(KwWebsocket *self);

/* %FALSE when it is not open: nothing is kept for later */
gboolean kw_websocket_send(KwWebsocket *self, const gchar *text);

/* Gives this connection up and takes a new one. */
void kw_websocket_drop(KwWebsocket *self, const gchar *why);

G_END_DECLS
