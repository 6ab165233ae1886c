/* kw-lost-order.h: whether an order that a venue no longer shows has provably moved nothing */
#pragma once

#include "kw-venue-check.h"

G_BEGIN_DECLS

/**
 * kw_lost_order_is_proven:
 * @order: a live one of @books that the venue had acknowledged
 * @before: (nullable): what the venue had of the asset of kw_lost_order_get_asset() when it
 *   last showed the order
 *
 * Returns: %TRUE when the venue shows no such order, what it holds has not become less, no
 *   money has come in for it, nothing is tied up that the shown orders do not explain, and no
 *   other order of the asset is on its way
 */
gboolean kw_lost_order_is_proven(const KwVenueBooks *books,
                                 const KwOrder *order,
                                 const KwVenueState *state,
                                 const KwDecimal *before);

/* (transfer full): the asset that the order gives away: coins of a sell, money of a buy */
gchar *kw_lost_order_get_asset(const KwOrder *order);

G_END_DECLS
