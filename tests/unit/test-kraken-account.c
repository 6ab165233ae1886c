/* test-kraken-account.c: the recorded answers about orders, fills, balances, fees and the key
 */
#include "kw-error.h"
#include "kw-kraken-account.h"
#include "kw-test.h"

#include <string.h>

static JsonNode *
load(const gchar *name)
{
    g_autofree gchar *path = kw_test_fixture_path(name);
    g_autofree gchar *text = NULL;
    JsonNode *root;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    root = kw_json_parse_text(text, -1, NULL);
    g_assert_nonnull(root);
    return root;
}

static JsonNode *
load_answers(void)
{
    return load("kraken/rest/doc_style_responses.json");
}

static JsonObject *
result_of(JsonNode *answers, const gchar *name)
{
    JsonObject *entry = json_object_get_object_member(json_node_get_object(answers), name);

    g_assert_nonnull(entry);
    entry = json_object_get_object_member(entry, "response");
    return json_object_get_object_member(entry, "result");
}

static KwKrakenPairs *
make_pairs(JsonNode *answers)
{
    KwKrakenPairs *pairs =
        kw_kraken_pairs_new(result_of(answers, "ExchangeData/GetAssets"),
                            result_of(answers, "ExchangeData/GetSymbols"), NULL);

    g_assert_nonnull(pairs);
    return pairs;
}

static void
assert_equal(KwDecimal value, const gchar *text)
{
    KwDecimal wanted;

    g_assert_true(kw_decimal_parse(text, &wanted, NULL));
    g_assert_cmpint(kw_decimal_cmp(value, wanted), ==, 0);
}

/* -- orders -- */

static void
test_order(void)
{
    g_autoptr(JsonNode) answers = load_answers();
    JsonObject *open =
        json_object_get_object_member(result_of(answers, "Trading/GetOpenOrders"), "open");
    g_auto(KwKrakenOrder) order = {0};
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kraken_read_order(
        "OQCLML-BW3P3-BUCMWZ", json_object_get_object_member(open, "OQCLML-BW3P3-BUCMWZ"),
        &order, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(order.alt, ==, "XBTUSD");
    g_assert_cmpstr(order.client_id, ==, "");
    g_assert_cmpint(order.side, ==, KW_SIDE_BUY);
    g_assert_cmpint(order.type, ==, KW_ORDER_TYPE_LIMIT);
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_PARTIAL);
    assert_equal(order.price, "30010");
    assert_equal(order.amount, "1.25");
    assert_equal(order.filled, "0.375");
    g_assert_cmpint(order.opened_us, ==, G_GINT64_CONSTANT(1688666559897400));
    g_assert_cmpstr(order.trades[0], ==, "TCCCTY-WE2O6-P3NB37");
    g_assert_null(order.trades[1]);
}

static void
test_working(void)
{
    g_autoptr(JsonNode) answers = load_answers();
    g_autoptr(KwKrakenPairs) pairs = make_pairs(answers);
    g_autoptr(GArray) orders = g_array_new(FALSE, FALSE, sizeof(KwVenueOrder));
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kraken_read_working(
        pairs,
        json_object_get_object_member(result_of(answers, "Trading/GetOpenOrders"), "open"),
        orders, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(orders->len, ==, 2);
    for (guint i = 0; i < orders->len; i++) {
        const KwVenueOrder *order = &g_array_index(orders, KwVenueOrder, i);

        g_assert_cmpstr(order->pair, ==, "BTC/USD");
        g_assert_cmpint(order->side, ==, KW_SIDE_BUY);
        g_assert_cmpint(kw_decimal_cmp(order->filled, order->amount), <, 0);
    }
}

/* Other people's recordings: times and numbers as texts, a trigger as the price */
static void
test_order_of_texts(void)
{
    g_autoptr(JsonNode) root = load("kraken/rest/ccxt_responses.json");
    JsonArray *cases = json_node_get_array(root);
    guint n_orders = 0;

    for (guint i = 0; i < json_array_get_length(cases); i++) {
        JsonObject *row = json_array_get_object_element(cases, i);
        const gchar *method = json_object_get_string_member(row, "method");
        JsonObject *result;
        g_auto(KwKrakenOrder) order = {0};
        g_autoptr(GList) ids = NULL;
        g_autoptr(GError) error = NULL;

        if (strcmp(method, "fetchOpenOrders") != 0 && strcmp(method, "fetchOrder") != 0)
            continue;
        result = json_object_get_object_member(
            json_object_get_object_member(row, "httpResponse"), "result");
        if (strcmp(method, "fetchOpenOrders") == 0)
            result = json_object_get_object_member(result, "open");
        ids = json_object_get_members(result);
        g_assert_true(kw_kraken_read_order(
            ids->data, json_object_get_object_member(result, ids->data), &order, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(order.alt, ==, "LTCUSDT");
        g_assert_cmpint(order.state, ==, KW_ORDER_STATE_OPEN);
        assert_equal(order.amount, "0.1");
        assert_equal(order.price, order.side == KW_SIDE_BUY ? "50" : "120");
        g_assert_cmpint(order.type, ==,
                        order.side == KW_SIDE_BUY ? KW_ORDER_TYPE_POST_ONLY
                                                  : KW_ORDER_TYPE_TAKE_PROFIT);
        g_assert_cmpint(order.opened_us / G_USEC_PER_SEC / 1000, ==, 1705259 + n_orders);
        n_orders++;
    }
    g_assert_cmpuint(n_orders, ==, 2);
}

static void
test_trades(void)
{
    g_autoptr(JsonNode) answers = load_answers();
    JsonObject *trades =
        json_object_get_object_member(result_of(answers, "Trading/GetUserTrades"), "trades");
    g_autoptr(GError) error = NULL;
    KwFill fill = {0};

    g_assert_true(kw_kraken_read_trade(
        "THVRQM-33VKH-UCI7BS", json_object_get_object_member(trades, "THVRQM-33VKH-UCI7BS"),
        &fill, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(fill.exec_id, ==, "THVRQM-33VKH-UCI7BS");
    g_assert_cmpint(fill.side, ==, KW_SIDE_BUY);
    assert_equal(fill.price, "30010");
    assert_equal(fill.amount, "0.02");
    assert_equal(fill.fee, "0");
    g_assert_cmpint(fill.time_us, ==, G_GINT64_CONSTANT(1688667796880200));
}

/* -- account -- */

static void
test_balances(void)
{
    g_autoptr(JsonNode) answers = load_answers();
    g_autoptr(KwKrakenPairs) pairs = make_pairs(answers);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(KwVenueBalance));
    g_autoptr(GError) error = NULL;
    guint n_seen = 0;

    g_assert_true(kw_kraken_read_balances(
        pairs, result_of(answers, "Account/GetAvailableBalances"), rows, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < rows->len; i++) {
        const KwVenueBalance *row = &g_array_index(rows, KwVenueBalance, i);

        if (strcmp(row->asset, "USD") != 0 && strcmp(row->asset, "BTC") != 0)
            continue;
        n_seen++;
        assert_equal(row->total, *row->asset == 'U' ? "25435.21" : "1.2435");
        assert_equal(row->held, *row->asset == 'U' ? "8249.76" : "0.8423");
    }
    g_assert_cmpuint(n_seen, ==, 2);
}

static void
test_fees(void)
{
    g_autoptr(JsonNode) answers = load_answers();
    g_autoptr(GError) error = NULL;
    KwKrakenFees fees;

    g_assert_true(kw_kraken_read_fees(result_of(answers, "Account/GetTradeVolume"), "XXBTZUSD",
                                      &fees, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat_with_epsilon(fees.taker_ratio, 0.001, 1e-12);
    g_assert_cmpfloat_with_epsilon(fees.maker_ratio, 0, 1e-12);
    g_assert_cmpfloat_with_epsilon(fees.volume, 200709587.4223, 1e-3);
}

/* The recorded key may take money out: it is never to be used. */
static void
test_key(void)
{
    g_autoptr(JsonNode) answers = load_answers();
    g_autoptr(GError) error = NULL;
    KwKrakenKeyInfo info;

    g_assert_true(
        kw_kraken_read_key_info(result_of(answers, "Account/GetApiKeyInfo"), &info, &error));
    g_assert_no_error(error);
    g_assert_cmpint(info.flags, ==,
                    KW_KRAKEN_KEY_WITHDRAWS | KW_KRAKEN_KEY_BROAD | KW_KRAKEN_KEY_ANYWHERE);
    g_assert_cmpuint(info.nonce, ==, 123);
    g_assert_cmpint(info.valid_until_us, ==, 0);
    g_assert_cmpstr(info.missing, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-account/order", test_order);
    g_test_add_func("/exchange/kraken-account/working", test_working);
    g_test_add_func("/exchange/kraken-account/order-of-texts", test_order_of_texts);
    g_test_add_func("/exchange/kraken-account/trades", test_trades);
    g_test_add_func("/exchange/kraken-account/balances", test_balances);
    g_test_add_func("/exchange/kraken-account/fees", test_fees);
    g_test_add_func("/exchange/kraken-account/key", test_key);
    return g_test_run();
}
