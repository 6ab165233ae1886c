/* kw-kraken.h: Kraken's REST interface: public calls side by side, private ones in a row */
#pragma once

#include "kw-clock.h"
#include "kw-kraken-json.h"
#include "kw-kraken-rate.h"
#include "kw-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_KRAKEN_URL "https://api.kraken.com"
#define KW_KRAKEN_WS_URL "wss://ws.kraken.com/v2"
#define KW_KRAKEN_WS_AUTH_URL "wss://ws-auth.kraken.com/v2"

/* Domain of what Kraken itself refuses; the code is a #KwKrakenKind, the message Kraken's
 * text. kw_kraken_classify() of the message says whether an order may exist. */
#define KW_KRAKEN_ERROR (kw_kraken_error_quark())
GQuark kw_kraken_error_quark(void);

/**
 * KwKrakenOptions: all is copied
 * @url: (nullable): instead of %KW_KRAKEN_URL, for tests
 * @ca_file: (nullable): certificates to trust instead of the system's
 * @key: (nullable): public part of the key; without one there are public calls alone
 * @secret: (nullable)
 * @nonce_path: (nullable): see kw_nonce_new()
 * @timeout_ms: of one request; 0: 12 s for a change, 20 s for a read
 */
typedef struct {
    const gchar *url;
    const gchar *user_agent;
    const gchar *ca_file;
    const gchar *key;
    const KwSecret *secret;
    const gchar *nonce_path;
    KwKrakenTier tier;
    guint timeout_ms;
    guint64 seed;
} KwKrakenOptions;

/* Signal "trouble" (gint KwKrakenKind, const gchar *text): private calls stop by it, or the
 * key seems to be used twice; a person must look. Signal "stray" (const gchar *text): an error
 * that says of no order that it is of that one, while one waits. Signal "certificate" (gboolean
 * is_bad): that of the exchange is not trusted (expired, of another host), or is again: nothing
 * is sent meanwhile.
 */
#define KW_TYPE_KRAKEN (kw_kraken_get_type())
G_DECLARE_FINAL_TYPE(KwKraken, kw_kraken, KW, KRAKEN, GObject)

/* Returns: (transfer full): %NULL with %KW_NET_ERROR_IO (the nonce's file) */
KwKraken *kw_kraken_new(KwClock *clock, const KwKrakenOptions *options, GError **error);

/* -- public -- */

/**
 * kw_kraken_get_async:
 * @name: "OHLC"
 * @query: "pair=XBTEUR&interval=1", escaped; "" for none
 *
 * At most one call a second of the same name and pair, as Kraken wants it. What may pass by
 * itself (a busy exchange, a proxy's page, a limit) is tried again, four times in all.
 */
void kw_kraken_get_async(KwKraken *self,
                         const gchar *name,
                         const gchar *query,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);

/* -- private -- */

/**
 * kw_kraken_call_async: a call that changes nothing
 * @name: "OpenOrders"
 * @fields: (nullable) (array zero-terminated=1): name, value, name, value ... unescaped
 *
 * Waits for the calls before it, and for the rate counters. What may pass by itself is tried
 * again.
 */
void kw_kraken_call_async(KwKraken *self,
                          const gchar *name,
                          const gchar *const *fields,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/**
 * kw_kraken_change_async: a call that changes something
 * @fields: as above
 * @due_us: monotonic; from then on it does not leave any more; %G_MAXINT64: always
 *
 * Leaves once at most, on a connection of its own, and before the reads that wait. One that
 * still waits at @due_us ends with %KW_NET_ERROR_UNREACHED: a proof, as it never left. Nothing
 * calls it back.
 */
void kw_kraken_change_async(KwKraken *self,
                            const gchar *name,
                            const gchar *const *fields,
                            gint64 due_us,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * kw_kraken_finish: for all kinds
 *
 * Returns: %FALSE with %KW_KRAKEN_ERROR (the exchange refuses), a #KwNetError (no answer, see
 *   kw_http_send_finish()), %KW_NET_ERROR_CLOSED for an answer that is none (HTML, cut), or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean
kw_kraken_finish(KwKraken *self, GAsyncResult *result, KwKrakenAnswer *out, GError **error);

/* TRUE when @error proves that a change was not carried out */
gboolean kw_kraken_is_proof(const GError *error);

/* -- around -- */

/* FALSE: there are public calls alone */
gboolean kw_kraken_has_key(KwKraken *self);

/* (transfer none) */
KwKrakenRate *kw_kraken_get_rate(KwKraken *self);

/* Reads Time and keeps the difference to our clock. Finish with kw_kraken_finish(). */
void kw_kraken_sync_async(KwKraken *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/* The exchange's time as far as it is known; in whole seconds it is told */
gint64 kw_kraken_get_server_us(KwKraken *self);

/* (transfer full): %KW_KRAKEN_ERROR for a refusal that came another way than over REST. It
 * counts as one of a private call: for the counters, and for the signal "trouble". */
GError *kw_kraken_note_failure(KwKraken *self, const gchar *text);

/* The same for an error of which it is not known what it answers; signal "stray" as well,
 * unless it is "trouble" already */
void kw_kraken_note_stray(KwKraken *self, const gchar *text);

/* The nonce that the exchange has seen last ("GetApiKeyInfo") */
void kw_kraken_note_nonce(KwKraken *self, guint64 seen);

/* Private calls that wait or are under way */
guint kw_kraken_get_n_waiting(KwKraken *self);

G_END_DECLS
