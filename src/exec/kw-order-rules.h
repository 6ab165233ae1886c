/* kw-order-rules.h: which orders and changes may leave, whatever the risk checks said */
#pragma once

#include "kw-order-table.h"
#include "kw-portfolio.h"

G_BEGIN_DECLS

/* Returns: %FALSE with %KW_RISK_ERROR_TICKET while an order of the pair is not settled */
gboolean
kw_order_rules_check_buy(const KwOrderTable *orders, const KwOrder *buy, GError **error);

/* Returns: %FALSE with %KW_RISK_ERROR_TICKET when the entry of its trade still works, or more
 *   is offered than is held and not yet offered */
gboolean kw_order_rules_check_sell(const KwOrderTable *orders,
                                   KwPortfolio *portfolio,
                                   const KwOrder *sell,
                                   GError **error);

/**
 * kw_order_rules_check_change:
 * @order: as it is
 * @price, @amount: as it shall be
 *
 * A change needs no ticket, so it may not do what needs one: buy differently or sell more.
 *
 * Returns: %FALSE with %KW_EXCHANGE_ERROR_REFUSED for a buy, a market order, an order that does
 *   not work, a larger amount, or one that is not above what is filled
 */
gboolean kw_order_rules_check_change(const KwOrder *order,
                                     KwDecimal price,
                                     KwDecimal amount,
                                     GError **error);

G_END_DECLS
