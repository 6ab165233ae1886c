/* kw-order-rules.c: the last questions before an order or a change leaves
 *
 * The risk checks have allowed it by then. These rules are about the other orders: what is
 * under way, and what is offered already. Pure functions of the order table and the books. */
#include "kw-order-rules.h"

#include "kw-error.h"

static gboolean
refuse(GError **error, const gchar *why)
{
    g_set_error_literal(error, KW_RISK_ERROR, KW_RISK_ERROR_TICKET, why);
    return FALSE;
}

static gboolean
refuse_change(GError **error, const gchar *why)
{
    g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED, why);
    return FALSE;
}

gboolean
kw_order_rules_check_buy(const KwOrderTable *orders, const KwOrder *buy, GError **error)
{
    g_return_val_if_fail(orders != NULL && buy != NULL, FALSE);

    if (kw_order_table_is_busy(orders, buy->pair))
        return refuse(error, "an order of the pair is not settled");
    return TRUE;
}

/* An entry that goes on filling behind the exit would leave a position that nobody watches. */
gboolean
kw_order_rules_check_sell(const KwOrderTable *orders,
                          KwPortfolio *portfolio,
                          const KwOrder *sell,
                          GError **error)
{
    const KwTrade *trade;
    KwDecimal total;

    g_return_val_if_fail(orders != NULL && portfolio != NULL && sell != NULL, FALSE);

    if (kw_order_table_is_entering(orders, sell->trade_id))
        return refuse(error, "the entry is still working: cancel it first");
    trade = kw_portfolio_find_trade(portfolio, sell->trade_id);
    total = kw_order_table_sum_offered(orders, sell->trade_id);
    if (trade == NULL || !kw_decimal_add(total, sell->amount, &total, NULL) ||
        kw_decimal_cmp(total, trade->amount) > 0)
        return refuse(error, "sell is larger than what is held and not yet offered");
    return TRUE;
}

gboolean
kw_order_rules_check_change(const KwOrder *order,
                            KwDecimal price,
                            KwDecimal amount,
                            GError **error)
{
    g_return_val_if_fail(order != NULL, FALSE);

    if (order->side != KW_SIDE_SELL || order->type == KW_ORDER_TYPE_MARKET)
        return refuse_change(error, "only a sell that waits can be changed");
    if (order->state != KW_ORDER_STATE_OPEN && order->state != KW_ORDER_STATE_PARTIAL)
        return refuse_change(error, "the order does not work");
    if (kw_decimal_sign(price) <= 0)
        return refuse_change(error, "no price");
    if (kw_decimal_cmp(amount, order->amount) > 0)
        return refuse_change(error, "a larger amount needs an order of its own");
    if (kw_decimal_cmp(amount, order->filled) <= 0)
        return refuse_change(error, "more is filled already");
    return TRUE;
}
