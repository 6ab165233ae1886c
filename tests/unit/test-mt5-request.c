/* test-mt5-request.c: what is sent for an order, member by member, and what is not */
#include "kw-json.h"
#include "kw-mt5-request.h"

#include <string.h>

static const KwMt5Market market = {.pair = "BTC/USD", .symbol = {.name = "BTC#/USD"}};
static const KwMt5Account netting, hedging = {.is_hedging = TRUE};

static KwOrder
make_order(KwSide side, KwOrderType type)
{
    return (KwOrder){.client_id = "kw0011223344556677",
                     .pair = "BTC/USD",
                     .side = side,
                     .type = type,
                     .price = {590005, 1}};
}

/* Takes @body: JSON that can be read, and this text */
static void
assert_body(gchar *body, const gchar *expected)
{
    g_autoptr(GBytes) bytes = g_bytes_new_take(body, strlen(body));
    g_autoptr(JsonNode) root = kw_json_parse(bytes, NULL);

    g_assert_nonnull(root);
    g_assert_cmpstr(body, ==, expected);
}

static void
test_bodies(void)
{
    const KwOrder buy = make_order(KW_SIDE_BUY, KW_ORDER_TYPE_MARKET);
    const KwOrder stop = make_order(KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS);
    const KwOrder target = make_order(KW_SIDE_SELL, KW_ORDER_TYPE_TAKE_PROFIT);
    const KwOrder sale = make_order(KW_SIDE_SELL, KW_ORDER_TYPE_MARKET);
    const KwMt5Position position = {.id = "77"};
    const KwDecimal lots = {15, 2};

    assert_body(kw_mt5_request_place(&buy, &market, lots),
                "{\"actionType\":\"ORDER_TYPE_BUY\",\"symbol\":\"BTC#/USD\",\"volume\":0.15,"
                "\"clientId\":\"kw_00112233_44556677\"}");
    assert_body(kw_mt5_request_place(&stop, &market, lots),
                "{\"actionType\":\"ORDER_TYPE_SELL_STOP\",\"symbol\":\"BTC#/USD\",\"volume\":"
                "0.15,\"openPrice\":59000.5,\"clientId\":\"kw_00112233_44556677\"}");
    assert_body(kw_mt5_request_place(&target, &market, lots),
                "{\"actionType\":\"ORDER_TYPE_SELL_LIMIT\",\"symbol\":\"BTC#/USD\",\"volume\":"
                "0.15,\"openPrice\":59000.5,\"clientId\":\"kw_00112233_44556677\"}");
    assert_body(kw_mt5_request_close(&sale, &position, lots),
                "{\"actionType\":\"POSITION_PARTIAL\",\"positionId\":\"77\",\"volume\":0.15,"
                "\"clientId\":\"kw_00112233_44556677\"}");
    assert_body(kw_mt5_request_cancel("8"),
                "{\"actionType\":\"ORDER_CANCEL\",\"orderId\":\"8\"}");
    assert_body(kw_mt5_request_move("8", stop.price),
                "{\"actionType\":\"ORDER_MODIFY\",\"orderId\":\"8\",\"openPrice\":59000.5}");
}

static void
test_obstacles(void)
{
    static const struct {
        KwSide side;
        KwOrderType type;
        gboolean nets, hedges; /* it can be written for such an account */
    } rows[] = {
        {KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, TRUE, TRUE},
        {KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, TRUE, TRUE},
        {KW_SIDE_BUY, KW_ORDER_TYPE_POST_ONLY, FALSE, FALSE},
        {KW_SIDE_SELL, KW_ORDER_TYPE_MARKET, TRUE, TRUE},
        {KW_SIDE_SELL, KW_ORDER_TYPE_LIMIT, TRUE, FALSE},
        {KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS, TRUE, FALSE},
        {KW_SIDE_SELL, KW_ORDER_TYPE_TAKE_PROFIT, TRUE, FALSE},
    };
    KwOrder strange = make_order(KW_SIDE_BUY, KW_ORDER_TYPE_MARKET);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const KwOrder order = make_order(rows[i].side, rows[i].type);

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(kw_mt5_request_find_obstacle(&order, &market, &netting) == NULL, ==,
                        rows[i].nets);
        g_assert_cmpint(kw_mt5_request_find_obstacle(&order, &market, &hedging) == NULL, ==,
                        rows[i].hedges);
    }
    g_assert_nonnull(kw_mt5_request_find_obstacle(&strange, NULL, &netting));
    (void) g_strlcpy(strange.client_id, "by hand", sizeof strange.client_id);
    g_assert_nonnull(kw_mt5_request_find_obstacle(&strange, &market, &netting));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/mt5-request/bodies", test_bodies);
    g_test_add_func("/exchange/mt5-request/obstacles", test_obstacles);
    return g_test_run();
}
