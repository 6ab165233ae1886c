/* kw-maker-price.h: the price of an order that waits in the book instead of taking from it */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

/**
 * KwMakerQuote: the best prices of a market, and its price step
 * @n_ahead: ticks by which a new order may go before the best one of its own side
 */
typedef struct {
    KwDecimal bid, ask, tick;
    guint n_ahead;
} KwMakerQuote;

/**
 * kw_maker_price_apply:
 * @order: gets the type %KW_ORDER_TYPE_POST_ONLY and its price; untouched on failure
 *
 * The best price of its side, or ahead of it by @n_ahead ticks, but always at least one tick
 * short of the other side: the venue would refuse what takes.
 *
 * Returns: %FALSE when there is no such price: a side is missing, or the market is crossed
 */
gboolean kw_maker_price_apply(const KwMakerQuote *quote, KwOrder *order);

G_END_DECLS
