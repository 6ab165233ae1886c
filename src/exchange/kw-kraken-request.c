/* kw-kraken-request.c: requests written by hand, since numbers must keep their digits
 *
 * json-glib writes a number as a double: 0.1 becomes 0.10000000000000001, which the exchange
 * refuses as too precise. So a decimal's own text goes in as it is; texts are escaped by
 * json-glib. */
#include "kw-kraken-request.h"

#include "kw-json.h"
#include "kw-kraken-form.h"

#include <string.h>

static void
add_name(GString *out, const gchar *name)
{
    g_string_append_printf(out, "%s\"%s\":", out->len > 0 ? "," : "", name);
}

static void
add_value(GString *out, const gchar *value)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_VALUE);
    g_autofree gchar *text = NULL;

    json_node_set_string(node, value);
    text = kw_json_to_text(node);
    (void) g_string_append(out, text);
}

static void
add_text(GString *out, const gchar *name, const gchar *value)
{
    add_name(out, name);
    add_value(out, value);
}

static void
add_texts(GString *out, const gchar *name, const gchar *const *values)
{
    add_name(out, name);
    for (gsize i = 0; values[i] != NULL; i++) {
        (void) g_string_append_c(out, i == 0 ? '[' : ',');
        add_value(out, values[i]);
    }
    (void) g_string_append_c(out, ']');
}

static void
add_decimal(GString *out, const gchar *name, KwDecimal value)
{
    gchar text[KW_DECIMAL_TEXT_SIZE];

    add_name(out, name);
    (void) g_string_append(out, kw_decimal_to_text(value, text));
    if (strchr(text, '.') == NULL)
        (void) g_string_append(out, ".0");
}

gchar *
kw_kraken_request_subscription(const KwKrakenSubscription *what)
{
    GString *out = g_string_new(NULL);

    add_text(out, "channel", what->channel);
    if (what->symbols != NULL && what->symbols[0] != NULL)
        add_texts(out, "symbol", what->symbols);
    if (what->interval > 0)
        g_string_append_printf(out, ",\"interval\":%u", what->interval);
    if (what->depth > 0)
        g_string_append_printf(out, ",\"depth\":%u", what->depth);
    return g_string_free(out, FALSE);
}

gchar *
kw_kraken_request_add(const KwOrder *order, const gchar *symbol, const gchar *deadline)
{
    GString *out = g_string_new(NULL);

    add_text(out, "order_type", kw_kraken_form_type(order->type));
    add_text(out, "side", kw_side_to_string(order->side));
    add_text(out, "symbol", symbol);
    add_decimal(out, "order_qty", order->amount);
    if (kw_order_type_is_trigger(order->type)) {
        g_autoptr(GString) trigger = g_string_new(NULL);

        add_text(trigger, "reference", "last");
        add_decimal(trigger, "price", order->price);
        add_text(trigger, "price_type", "static");
        g_string_append_printf(out, ",\"triggers\":{%s}", trigger->str);
    } else if (order->type != KW_ORDER_TYPE_MARKET) {
        add_decimal(out, "limit_price", order->price);
    }
    if (order->type == KW_ORDER_TYPE_POST_ONLY)
        (void) g_string_append(out, ",\"post_only\":true");
    add_text(out, "fee_preference", "quote");
    add_text(out, "cl_ord_id", order->client_id);
    add_text(out, "deadline", deadline);
    return g_string_free(out, FALSE);
}

gchar *
kw_kraken_request_amend(const KwOrder *order, const gchar *deadline)
{
    GString *out = g_string_new(NULL);

    add_text(out, "cl_ord_id", order->client_id);
    add_decimal(out, "order_qty", order->amount);
    add_decimal(out, kw_order_type_is_trigger(order->type) ? "trigger_price" : "limit_price",
                order->price);
    add_text(out, "deadline", deadline);
    return g_string_free(out, FALSE);
}

gchar *
kw_kraken_request_cancel(const gchar *client_id)
{
    const gchar *const ids[] = {client_id, NULL};
    GString *out = g_string_new(NULL);

    add_texts(out, "cl_ord_id", ids);
    return g_string_free(out, FALSE);
}

gchar *
kw_kraken_request_whole(const gchar *method,
                        const gchar *params,
                        const gchar *token,
                        gint64 request)
{
    g_autoptr(GString) members = g_string_new(params);

    if (token != NULL)
        add_text(members, "token", token);
    return g_strdup_printf("{\"method\":\"%s\",\"params\":{%s},\"req_id\":%" G_GINT64_FORMAT
                           "}",
                           method, members->str, request);
}
