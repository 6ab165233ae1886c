/* kw-kraken-request.h: what we say over Kraken's WebSocket v2, as text */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

/**
 * KwKrakenSubscription: all is borrowed
 * @symbols: (nullable) (array zero-terminated=1): "BTC/EUR"
 * @interval: minutes, of "ohlc"; 0 without
 * @depth: of "book"; 0 without
 */
typedef struct {
    const gchar *channel;
    const gchar *const *symbols;
    guint interval, depth;
} KwKrakenSubscription;

/* -- the members of "params", each (transfer full) -- */

gchar *kw_kraken_request_subscription(const KwKrakenSubscription *what);

/* @order: fits its pair (kw_kraken_form_fit()); @symbol: "BTC/EUR"; @deadline: an instant.
 * Amounts and prices are numbers with the very digits of the decimal, and a fraction always,
 * as the exchange refuses whole numbers there. */
gchar *kw_kraken_request_add(const KwOrder *order, const gchar *symbol, const gchar *deadline);

/* @order: a working one, by its client id, as it shall be */
gchar *kw_kraken_request_amend(const KwOrder *order, const gchar *deadline);

gchar *kw_kraken_request_cancel(const gchar *client_id);

/**
 * kw_kraken_request_whole:
 * @method: "add_order"
 * @params: of a function above
 * @token: (nullable): what the private ones need
 * @request: number that the answer has as well
 *
 * Returns: (transfer full): one frame
 */
gchar *kw_kraken_request_whole(const gchar *method,
                               const gchar *params,
                               const gchar *token,
                               gint64 request);

G_END_DECLS
