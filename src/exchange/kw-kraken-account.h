/* kw-kraken-account.h: Kraken's answers about orders, fills, balances, fees and the key */
#pragma once

#include "kw-kraken-pairs.h"
#include "kw-venue-state.h"

G_BEGIN_DECLS

#define KW_KRAKEN_MAX_TRADES 200 /* executions of one order that are looked at */

/**
 * KwKrakenOrder: an order as OpenOrders, ClosedOrders and QueryOrders tell it
 * @client_id: as it was sent (cl_ord_id); "" without
 * @alt: altname of its pair
 * @is_known_type: @type is one of ours
 * @price: limit or trigger; zero for a market order
 * @trades: (nullable) (array zero-terminated=1): owned: ids of its executions
 */
typedef struct {
    gchar txid[KW_ID_SIZE];
    gchar client_id[KW_ID_SIZE];
    gchar alt[KW_KRAKEN_NAME_SIZE];
    gchar reason[64];
    KwSide side;
    KwOrderType type;
    gboolean is_known_type;
    KwOrderState state;
    KwDecimal price, amount, filled;
    gint64 opened_us;
    GStrv trades;
} KwKrakenOrder;

void kw_kraken_order_clear(KwKrakenOrder *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwKrakenOrder, kw_kraken_order_clear)

/**
 * kw_kraken_read_order:
 *
 * The state follows from "status" and the executed volume: "closed" is done, even when a rest
 * too small to trade was dropped.
 *
 * Returns: %FALSE with a #KwParseError that names the member
 */
gboolean
kw_kraken_read_order(const gchar *txid, JsonObject *row, KwKrakenOrder *out, GError **error);

/* A row of QueryTrades or TradesHistory; @out gets exec_id, side, price, amount, fee, time */
gboolean kw_kraken_read_trade(const gchar *id, JsonObject *row, KwFill *out, GError **error);

/* Result of BalanceEx: (element-type KwVenueBalance) appended to @out, by common code, what
 * cannot be spent left out */
gboolean kw_kraken_read_balances(const KwKrakenPairs *pairs,
                                 JsonObject *result,
                                 GArray *out,
                                 GError **error);

/* The orders of OpenOrders: (element-type KwVenueOrder) appended to @out; of a pair that is not
 * traded here they have no pair */
gboolean kw_kraken_read_working(const KwKrakenPairs *pairs,
                                JsonObject *open,
                                GArray *out,
                                GError **error);

/**
 * KwKrakenFees: of one pair, as the account pays them
 * @taker_ratio, @maker_ratio: as a share
 * @volume: of thirty days, in US dollars
 */
typedef struct {
    gdouble taker_ratio, maker_ratio;
    gdouble volume;
} KwKrakenFees;

/* Result of TradeVolume; @id: of the pair */
gboolean
kw_kraken_read_fees(JsonObject *result, const gchar *id, KwKrakenFees *out, GError **error);

/**
 * KwKrakenKeyFlags: what is to be said about a key
 * @KW_KRAKEN_KEY_WITHDRAWS: it may take money out, or change where it goes: never use it
 * @KW_KRAKEN_KEY_LACKS: a right that trading needs is missing
 * @KW_KRAKEN_KEY_BLIND: it does not see all of the history, so nothing can be looked up for
 * sure
 * @KW_KRAKEN_KEY_BROAD: it may more than it needs
 * @KW_KRAKEN_KEY_EXPIRES: it has an end
 * @KW_KRAKEN_KEY_ANYWHERE: it may be used from any address
 */
typedef enum {
    KW_KRAKEN_KEY_WITHDRAWS = 1 << 0,
    KW_KRAKEN_KEY_LACKS = 1 << 1,
    KW_KRAKEN_KEY_BLIND = 1 << 2,
    KW_KRAKEN_KEY_BROAD = 1 << 3,
    KW_KRAKEN_KEY_EXPIRES = 1 << 4,
    KW_KRAKEN_KEY_ANYWHERE = 1 << 5,
} KwKrakenKeyFlags;
#define KW_KRAKEN_KEY_FATAL                                                                    \
    (KW_KRAKEN_KEY_WITHDRAWS | KW_KRAKEN_KEY_LACKS | KW_KRAKEN_KEY_BLIND)

/**
 * KwKrakenKeyInfo:
 * @nonce: the largest number the exchange has seen of this key; 0 when not told
 * @valid_until_us: 0 without an end
 * @missing: names of missing rights, joined by ", "
 */
typedef struct {
    KwKrakenKeyFlags flags;
    guint64 nonce;
    gint64 valid_until_us;
    gchar missing[128];
} KwKrakenKeyInfo;

/* Result of GetApiKeyInfo, in either spelling of its members. %FALSE when the list of rights is
 * missing: then nothing is known, and the key must not be used. */
gboolean kw_kraken_read_key_info(JsonObject *result, KwKrakenKeyInfo *out, GError **error);

G_END_DECLS
