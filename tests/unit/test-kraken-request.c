/* test-kraken-request.c: requests over the WebSocket, to the byte */
#include "kw-json.h"
#include "kw-kraken-request.h"
#include "kw-test.h"

#include <string.h>

static KwOrder
make_order(KwOrderType type, const gchar *amount, const gchar *price)
{
    KwOrder order = {.side = KW_SIDE_BUY, .type = type};

    order.amount = kw_test_decimal(amount);
    order.price = kw_test_decimal(price);
    (void) g_strlcpy(order.client_id, "kw0123456789abcdef", sizeof order.client_id);
    return order;
}

static void
test_add(void)
{
    static const struct {
        KwOrderType type;
        const gchar *amount, *price, *name, *expected;
    } rows[] = {
        {KW_ORDER_TYPE_MARKET, "0.10000000", "1", "market", ""},
        {KW_ORDER_TYPE_LIMIT, "0.10000000", "58123.4", "limit", "\"limit_price\":58123.4,"},
        {KW_ORDER_TYPE_POST_ONLY, "0.10000000", "58123", "limit",
         "\"limit_price\":58123.0,\"post_only\":true,"},
        {KW_ORDER_TYPE_STOP_LOSS, "0.10000000", "0.00000123", "stop-loss",
         "\"triggers\":{\"reference\":\"last\",\"price\":0.00000123,"
         "\"price_type\":\"static\"},"},
        {KW_ORDER_TYPE_TAKE_PROFIT, "0.10000000", "60000.0", "take-profit",
         "\"triggers\":{\"reference\":\"last\",\"price\":60000.0,"
         "\"price_type\":\"static\"},"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwOrder order = make_order(rows[i].type, rows[i].amount, rows[i].price);
        g_autofree gchar *text =
            kw_kraken_request_add(&order, "BTC/EUR", "2026-01-01T00:00:05.000Z");
        g_autofree gchar *expected = g_strdup_printf(
            "\"order_type\":\"%s\",\"side\":\"buy\",\"symbol\":\"BTC/EUR\","
            "\"order_qty\":0.10000000,%s\"fee_preference\":\"quote\","
            "\"cl_ord_id\":\"kw0123456789abcdef\",\"deadline\":\"2026-01-01T00:00:05.000Z\"",
            rows[i].name, rows[i].expected);

        g_assert_cmpstr(text, ==, expected);
    }
}

static void
test_changes(void)
{
    KwOrder order = make_order(KW_ORDER_TYPE_STOP_LOSS, "3", "57500");
    g_autofree gchar *stop = kw_kraken_request_amend(&order, "D");
    g_autofree gchar *cancel = kw_kraken_request_cancel("kw07");
    g_autofree gchar *limit = NULL;

    g_assert_cmpstr(stop, ==,
                    "\"cl_ord_id\":\"kw0123456789abcdef\",\"order_qty\":3.0,"
                    "\"trigger_price\":57500.0,\"deadline\":\"D\"");
    order.type = KW_ORDER_TYPE_LIMIT;
    limit = kw_kraken_request_amend(&order, "D");
    g_assert_nonnull(strstr(limit, "\"limit_price\":57500.0"));
    g_assert_cmpstr(cancel, ==, "\"cl_ord_id\":[\"kw07\"]");
}

static void
test_subscription(void)
{
    static const gchar *const symbols[] = {"BTC/EUR", "ETH/EUR", NULL};
    const KwKrakenSubscription book = {.channel = "book", .symbols = symbols, .depth = 10};
    const KwKrakenSubscription bars = {.channel = "ohlc", .symbols = symbols, .interval = 5};
    const KwKrakenSubscription news = {.channel = "executions"};
    g_autofree gchar *first = kw_kraken_request_subscription(&book);
    g_autofree gchar *second = kw_kraken_request_subscription(&bars);
    g_autofree gchar *third = kw_kraken_request_subscription(&news);

    g_assert_cmpstr(first, ==,
                    "\"channel\":\"book\",\"symbol\":[\"BTC/EUR\",\"ETH/EUR\"],\"depth\":10");
    g_assert_cmpstr(second, ==,
                    "\"channel\":\"ohlc\",\"symbol\":[\"BTC/EUR\",\"ETH/EUR\"],\"interval\":5");
    g_assert_cmpstr(third, ==, "\"channel\":\"executions\"");
}

/* What comes from outside cannot end its text: the frame stays one object. */
static void
test_whole(void)
{
    g_autofree gchar *plain =
        kw_kraken_request_whole("unsubscribe", "\"channel\":\"ticker\"", NULL, 7);
    g_autofree gchar *odd =
        kw_kraken_request_whole("add_order", "\"side\":\"buy\"", "a\",\"b\":\"\\", 8);
    g_autoptr(JsonNode) root = NULL;
    JsonObject *params;

    g_assert_cmpstr(
        plain, ==,
        "{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"ticker\"},\"req_id\":7}");
    root = kw_json_parse_text(odd, -1, NULL);
    g_assert_nonnull(root);
    params = json_object_get_object_member(json_node_get_object(root), "params");
    g_assert_cmpuint(json_object_get_size(params), ==, 2);
    g_assert_cmpstr(json_object_get_string_member(params, "token"), ==, "a\",\"b\":\"\\");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-request/add", test_add);
    g_test_add_func("/exchange/kraken-request/changes", test_changes);
    g_test_add_func("/exchange/kraken-request/subscription", test_subscription);
    g_test_add_func("/exchange/kraken-request/whole", test_whole);
    return g_test_run();
}
