/* kw-venue-state.h: what a venue says is there: working orders and balances */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

#define KW_ASSET_SIZE 16

/**
 * KwVenueOrder: an order that works at the venue, ours or somebody else's
 * @client_id: "" when it was placed without one
 * @pair: "" when it is of a market that we do not know
 * @opened_us: when the venue took it in
 */
typedef struct {
    gchar client_id[KW_ID_SIZE];
    gchar venue_id[KW_ID_SIZE];
    gchar pair[KW_PAIR_NAME_SIZE];
    KwSide side;
    KwOrderType type;
    KwDecimal price, amount, filled;
    gint64 opened_us;
} KwVenueOrder;

/**
 * KwVenueBalance:
 * @asset: common code ("BTC", "USDT")
 * @total: what is owned, tied up or not
 * @held: of it, what working orders tie up
 */
typedef struct {
    gchar asset[KW_ASSET_SIZE];
    KwDecimal total, held;
} KwVenueBalance;

/**
 * KwVenueState: what the venue says is there; both lists from calls that lie close together
 * @orders: (element-type KwVenueOrder): every working order of the account
 * @balances: (element-type KwVenueBalance): every asset that is not zero
 * @asked_us: before the first of the calls was made
 */
typedef struct {
    GArray *orders;
    GArray *balances;
    gint64 asked_us;
} KwVenueState;

KwVenueState *kw_venue_state_new(gint64 asked_us); /* (transfer full): both lists empty */
void kw_venue_state_free(KwVenueState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwVenueState, kw_venue_state_free)

G_END_DECLS
