/* kw-mt5-request.c: names and ids were read as plain text, so JSON is written by hand here
 *
 * No request has a deadline in it: the bridge knows none for an order at the market, and its
 * "slippage" is counted from the price at which the terminal has it at last, so it says nothing
 * of the time before. What bounds the wait is in kw-mt5-broker.c. */
#include "kw-mt5-request.h"

static const gchar *
action_of(const KwOrder *order)
{
    static const gchar *const actions[][2] = {
        [KW_ORDER_TYPE_MARKET] = {"ORDER_TYPE_BUY", "ORDER_TYPE_SELL"},
        [KW_ORDER_TYPE_LIMIT] = {"ORDER_TYPE_BUY_LIMIT", "ORDER_TYPE_SELL_LIMIT"},
        [KW_ORDER_TYPE_POST_ONLY] = {NULL, NULL},
        [KW_ORDER_TYPE_STOP_LOSS] = {"ORDER_TYPE_BUY_STOP", "ORDER_TYPE_SELL_STOP"},
        [KW_ORDER_TYPE_TAKE_PROFIT] = {"ORDER_TYPE_BUY_LIMIT", "ORDER_TYPE_SELL_LIMIT"},
    };

    return actions[order->type][order->side];
}

const gchar *
kw_mt5_request_find_obstacle(const KwOrder *order,
                             const KwMt5Market *market,
                             const KwMt5Account *account)
{
    gchar id[KW_ID_SIZE];

    g_return_val_if_fail(order != NULL && account != NULL, NULL);

    if (market == NULL)
        return "the pair is not traded at this account";
    if (action_of(order) == NULL)
        return "the server knows no order that only makes";
    if (!kw_mt5_client_id_format(order->client_id, id))
        return "the client id does not fit";
    if (order->side == KW_SIDE_SELL && account->is_hedging &&
        order->type != KW_ORDER_TYPE_MARKET)
        return "a hedging account closes at the market alone";
    return NULL;
}

/* Ends the request with what every order has. */
static gchar *
finish(GString *body, const KwOrder *order, KwDecimal lots)
{
    gchar text[KW_DECIMAL_TEXT_SIZE], id[KW_ID_SIZE] = "";

    (void) kw_mt5_client_id_format(order->client_id, id);
    g_string_append_printf(body, ",\"volume\":%s", kw_decimal_to_text(lots, text));
    if (order->type != KW_ORDER_TYPE_MARKET)
        g_string_append_printf(body, ",\"openPrice\":%s",
                               kw_decimal_to_text(order->price, text));
    g_string_append_printf(body, ",\"clientId\":\"%s\"}", id);
    return g_string_free(body, FALSE);
}

gchar *
kw_mt5_request_place(const KwOrder *order, const KwMt5Market *market, KwDecimal lots)
{
    GString *body = g_string_new(NULL);

    g_return_val_if_fail(order != NULL && market != NULL, NULL);

    g_string_append_printf(body, "{\"actionType\":\"%s\",\"symbol\":\"%s\"", action_of(order),
                           market->symbol.name);
    return finish(body, order, lots);
}

gchar *
kw_mt5_request_close(const KwOrder *order, const KwMt5Position *position, KwDecimal lots)
{
    GString *body = g_string_new(NULL);

    g_return_val_if_fail(order != NULL && position != NULL, NULL);

    g_string_append_printf(body, "{\"actionType\":\"POSITION_PARTIAL\",\"positionId\":\"%s\"",
                           position->id);
    return finish(body, order, lots);
}

gchar *
kw_mt5_request_cancel(const gchar *id)
{
    g_return_val_if_fail(id != NULL, NULL);

    return g_strdup_printf("{\"actionType\":\"ORDER_CANCEL\",\"orderId\":\"%s\"}", id);
}

gchar *
kw_mt5_request_move(const gchar *id, KwDecimal price)
{
    gchar text[KW_DECIMAL_TEXT_SIZE];

    g_return_val_if_fail(id != NULL, NULL);

    return g_strdup_printf(
        "{\"actionType\":\"ORDER_MODIFY\",\"orderId\":\"%s\",\"openPrice\":%s}", id,
        kw_decimal_to_text(price, text));
}
