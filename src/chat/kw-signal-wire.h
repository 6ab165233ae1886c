/* kw-signal-wire.h: JSON-RPC texts to and from signal-cli, over whatever it listens on */
#pragma once

#include "kw-clock.h"

G_BEGIN_DECLS

/**
 * KwSignalWireFuncs:
 * @opened: from now on texts can be sent
 * @text: one JSON text; any bytes, with a zero byte after the last
 * @closed: the connection is over, or did not come about; once for each open
 *
 * Called from the main loop, never from inside a function of the wire.
 */
typedef struct {
    void (*opened)(gpointer user_data);
    void (*text)(const gchar *text, gsize length, gpointer user_data);
    void (*closed)(const gchar *why, gpointer user_data);
} KwSignalWireFuncs;

typedef struct _KwSignalWire KwSignalWire;

/**
 * kw_signal_wire_new:
 * @address: "/path" of a UNIX socket, "tcp:HOST:PORT", "http://HOST:PORT", or
 *   "container:http://HOST:PORT" of a signal-cli-rest-api in the mode json-rpc
 * @account: (nullable): number of the bot, for the events of a daemon with many accounts; the
 *   container needs it
 * @user_data: must outlive the wire
 *
 * Returns: (transfer full): %NULL with %KW_PARSE_ERROR_SYNTAX
 */
KwSignalWire *kw_signal_wire_new(KwClock *clock,
                                 const gchar *address,
                                 const gchar *account,
                                 const KwSignalWireFuncs *funcs,
                                 gpointer user_data,
                                 GError **error);
void kw_signal_wire_free(KwSignalWire *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSignalWire, kw_signal_wire_free)

/* Connects; @opened or @closed follows */
void kw_signal_wire_open(KwSignalWire *self);

/* Ends the connection; @closed is not called */
void kw_signal_wire_close(KwSignalWire *self);

/* %FALSE when it cannot be sent: not open, or the other side does not read */
gboolean kw_signal_wire_send(KwSignalWire *self, const gchar *text);

/* %TRUE where "subscribeReceive" is known; over HTTP what is received comes
 * without */
gboolean kw_signal_wire_can_subscribe(const KwSignalWire *self);

G_END_DECLS
