/* kw-mt5.h: a MetaTrader 5 account behind a bridge that speaks REST */
#pragma once

#include "kw-clock.h"
#include "kw-json.h"
#include "kw-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwMt5Options: all is copied
 * @url: of the account, without a slash at the end:
 *   "https://HOST/users/current/accounts/ID"; http for a loopback address alone
 * @ca_file: (nullable): certificates to trust instead of the system's
 * @token: (nullable): sent as the header "auth-token"
 * @timeout_ms: of one request; 0: 20 s
 */
typedef struct {
    const gchar *url;
    const gchar *user_agent;
    const gchar *ca_file;
    const KwSecret *token;
    guint timeout_ms;
} KwMt5Options;

#define KW_TYPE_MT5 (kw_mt5_get_type())
G_DECLARE_FINAL_TYPE(KwMt5, kw_mt5, KW, MT5, GObject)

/* Signal "trouble" (const gchar *text): the bridge does not take the token (any more) */

/* Returns: (transfer full): %NULL with %KW_NET_ERROR_IO for an address that would send the
 * token in the clear */
KwMt5 *kw_mt5_new(const KwMt5Options *options, GError **error);

/* (transfer full): "HEAD/SYMBOL/TAIL", whatever is in a name of the server ("BTCUSD#", "US 30")
 */
gchar *kw_mt5_make_path(const gchar *head, const gchar *symbol, const gchar *tail);

/* Asks; @path: "positions". Any GET may be asked again. */
void kw_mt5_get_async(KwMt5 *self,
                      const gchar *path,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);

/* Sends a trade request, JSON: it leaves once at most, on a connection of its own. */
void kw_mt5_trade_async(KwMt5 *self,
                        const gchar *body,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/**
 * kw_mt5_finish: for both kinds
 *
 * Returns: (transfer full): the answer; %NULL with %KW_EXCHANGE_ERROR_REFUSED when the bridge
 * has certainly done nothing (never reached, or refused with a status below 500), else
 *   %KW_EXCHANGE_ERROR_UNKNOWN
 */
JsonNode *kw_mt5_finish(KwMt5 *self, GAsyncResult *result, GError **error);

G_END_DECLS
