/* test-mt5-answer.c: rows of a bridge, result codes, lots, client ids */
#include "kw-client-id.h"
#include "kw-error.h"
#include "kw-mt5-answer.h"

#include <string.h>

static JsonObject *
parse(const gchar *text, JsonNode **out_root)
{
    *out_root = kw_json_parse_text(text, -1, NULL);
    g_assert_nonnull(*out_root);
    return json_node_get_object(*out_root);
}

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static void
test_codes(void)
{
    static const struct {
        gint code;
        KwMt5Outcome kind;
    } rows[] = {
        {0, KW_MT5_DONE},        {10009, KW_MT5_DONE},    {10025, KW_MT5_DONE},
        {10006, KW_MT5_REFUSED}, {10014, KW_MT5_REFUSED}, {10019, KW_MT5_REFUSED},
        {-8, KW_MT5_REFUSED},    {10004, KW_MT5_AGAIN},   {10024, KW_MT5_AGAIN},
        {-10, KW_MT5_AGAIN},     {-11, KW_MT5_UNKNOWN},   {10012, KW_MT5_UNKNOWN},
        {-7, KW_MT5_UNKNOWN},    {4753, KW_MT5_GONE},     {4754, KW_MT5_GONE},
        {12345, KW_MT5_UNKNOWN}, /* not in any table */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("code %d", rows[i].code);
        g_assert_cmpint(kw_mt5_classify(rows[i].code), ==, rows[i].kind);
    }
}

/* Exact both ways, or refused: the ledger has the amount. */
static void
test_lots(void)
{
    const KwMt5Symbol ether = {.name = "ETHUSD",
                               .contract = {10, 0},
                               .tick = {1, 2},
                               .volume_min = {2, 2},
                               .volume_max = {5, 0},
                               .volume_step = {1, 2}};
    static const gchar *const bad[] = {"0.05", "0.1", "0.333333333333", "50.1", "0"};
    KwDecimal lots, amount;
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, "ETH/USD", NULL));
    g_assert_true(kw_mt5_symbol_apply(&ether, &pair, NULL));
    g_assert_cmpint(kw_decimal_cmp(pair.amount_tick, dec("0.1")), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(pair.min_amount, dec("0.2")), ==, 0);
    for (guint i = 2; i <= 500; i++) {
        KwDecimal wanted = {i, 1};

        g_assert_true(kw_mt5_symbol_to_lots(&ether, wanted, &lots, NULL));
        g_assert_cmpint(kw_decimal_cmp(lots, (KwDecimal){i, 2}), ==, 0);
        g_assert_true(kw_mt5_symbol_from_lots(&ether, lots, &amount, NULL));
        g_assert_cmpint(kw_decimal_cmp(amount, wanted), ==, 0);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(kw_mt5_symbol_to_lots(&ether, dec(bad[i]), &lots, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    }
}

static void
test_client_ids(void)
{
    static const gchar *const foreign[] = {"",
                                           "a_b_c",
                                           "kw_12345678_1234567",
                                           "kw",
                                           "x_y",
                                           "kw_12345678_12345678_1",
                                           "kx_12345678_12345678",
                                           "kw_1234567G_12345678"};
    gchar id[KW_ID_SIZE], text[KW_ID_SIZE], back[KW_ID_SIZE];

    for (guint i = 0; i < 200; i++) {
        g_autofree gchar *key = g_strdup_printf("key %u", i);

        kw_client_id_make(key, id);
        g_assert_true(kw_mt5_client_id_format(id, text));
        g_assert_cmpuint(strlen(text), <=, 26);
        kw_mt5_client_id_parse(text, back);
        g_assert_cmpstr(back, ==, id);
    }
    g_assert_false(kw_mt5_client_id_format("manual-1", text));
    for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++) {
        kw_mt5_client_id_parse(foreign[i], back);
        g_assert_cmpstr(back, ==, "");
    }
}

static void
test_rows(void)
{
    g_autoptr(JsonNode) a = NULL, b = NULL, c = NULL;
    KwMt5Order order;
    KwMt5Deal deal;

    g_assert_true(kw_mt5_read_order(
        parse("{\"id\":46871284,\"type\":\"ORDER_TYPE_SELL_STOP\",\"state\":"
              "\"ORDER_STATE_PLACED\",\"symbol\":\"BTCUSD\",\"time\":"
              "\"2026-03-01T10:00:00.521Z\",\"openPrice\":59000.5,\"volume\":0.15,"
              "\"currentVolume\":0.1,\"clientId\":\"kw_00112233_44556677\"}",
              &a),
        &order, NULL));
    g_assert_cmpstr(order.id, ==, "46871284");
    g_assert_cmpstr(order.client_id, ==, "kw0011223344556677");
    g_assert_cmpint(order.side, ==, KW_SIDE_SELL);
    g_assert_cmpint(order.type, ==, KW_ORDER_TYPE_STOP_LOSS);
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_PARTIAL);
    g_assert_cmpint(kw_decimal_cmp(order.price, dec("59000.5")), ==, 0);
    /* costs are what the balance loses; a gain by swap is none */
    g_assert_true(kw_mt5_read_deal(
        parse("{\"id\":\"7\",\"orderId\":\"6\",\"type\":\"DEAL_TYPE_BUY\",\"price\":60000.1,"
              "\"volume\":0.15,\"commission\":-2.93,\"swap\":-0.07,\"time\":"
              "\"2026-03-01T10:00:00Z\"}",
              &b),
        &deal, NULL));
    g_assert_true(deal.is_trade);
    g_assert_cmpint(kw_decimal_cmp(deal.cost, dec("3")), ==, 0);
    g_assert_true(kw_mt5_read_deal(parse("{\"type\":\"DEAL_TYPE_BALANCE\"}", &c), &deal, NULL));
    g_assert_false(deal.is_trade);
}

static void
test_refusals(void)
{
    static const gchar *const orders[] = {
        "{}", "{\"id\":\"1\"}",
        /* an id that would not be one inside a request */
        ("{\"id\":\"1\\\",\\\"x\\\":\\\"\",\"symbol\":\"BTCUSD\",\"volume\":1,"
         "\"time\":\"2026-03-01T10:00:00Z\"}"),
        "{\"id\":\"1\",\"symbol\":\"BTCUSD\",\"volume\":0,\"time\":\"2026-03-01T10:00:00Z\"}",
        "{\"id\":\"1\",\"symbol\":\"BTCUSD\",\"volume\":1,\"time\":\"yesterday\"}"};
    g_autoptr(JsonNode) root = NULL;
    KwMt5Account account;

    for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autoptr(JsonNode) row = NULL;
        g_autoptr(GError) error = NULL;
        KwMt5Order order;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_false(kw_mt5_read_order(parse(orders[i], &row), &order, &error));
        g_assert_nonnull(error);
    }
    /* whether a sale closes or opens must be known */
    g_assert_false(kw_mt5_read_account(
        parse("{\"currency\":\"USD\",\"balance\":1,\"equity\":1,\"freeMargin\":1,"
              "\"tradeAllowed\":true,\"marginMode\":\"SOMETHING\"}",
              &root),
        &account, NULL));
}

/* A demonstration is what the server calls so, and nothing else. */
static void
test_account(void)
{
    static const gchar text[] =
        "{\"login\":5012,\"type\":\"%s\",\"currency\":\"USD\",\"balance\":1,\"equity\":1,"
        "\"freeMargin\":1,\"tradeAllowed\":true,"
        "\"marginMode\":\"ACCOUNT_MARGIN_MODE_RETAIL_HEDGING\"}";
    static const struct {
        const gchar *type;
        gboolean is_demo;
    } rows[] = {{"ACCOUNT_TRADE_MODE_DEMO", TRUE},
                {"ACCOUNT_TRADE_MODE_REAL", FALSE},
                {"ACCOUNT_TRADE_MODE_CONTEST", FALSE},
                {"", FALSE}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) parts = g_strsplit(text, "%s", 2);
        g_autofree gchar *whole = g_strconcat(parts[0], rows[i].type, parts[1], NULL);
        g_autoptr(JsonNode) root = NULL;
        KwMt5Account account;

        g_assert_true(kw_mt5_read_account(parse(whole, &root), &account, NULL));
        g_assert_cmpint(account.is_demo, ==, rows[i].is_demo);
        g_assert_cmpstr(account.login, ==, "5012");
        g_assert_true(account.is_hedging);
    }
}

/* An id becomes a part of an address: one that would be more than a part is refused. */
static void
test_odd_ids(void)
{
    static const struct {
        const gchar *id;
        gboolean is_good;
    } rows[] = {
        {"4711", TRUE},     {"a-B_1.2", TRUE}, {"1/../2", FALSE}, {"1?login=2", FALSE},
        {"1#2", FALSE},     {"1 2", FALSE},    {"1%2f2", FALSE},  {"1\\u00222", FALSE},
        {"\\u00f6", FALSE}, {"", FALSE},       {".", FALSE},      {"..", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = g_strdup_printf(
            "{\"id\":\"%s\",\"type\":\"POSITION_TYPE_BUY\",\"volume\":1,\"symbol\":\"A\"}",
            rows[i].id);
        g_autoptr(JsonNode) root = NULL;
        KwMt5Position position;

        g_test_message("%s", text);
        g_assert_cmpint(kw_mt5_read_position(parse(text, &root), &position, NULL), ==,
                        rows[i].is_good);
    }
}

/* A foreign position whose symbol nobody could write hides none of ours; a market of such a
 * name is refused. */
static void
test_odd_symbols(void)
{
    static const gchar row[] = "{\"id\":\"1\",\"type\":\"POSITION_TYPE_BUY\",\"volume\":1,"
                               "\"symbol\":\"%s\",\"contractSize\":1,\"tickSize\":1,"
                               "\"minVolume\":1,\"maxVolume\":1,\"volumeStep\":1}";
    static const struct {
        const gchar *name, *read;
    } rows[] = {
        {"US 30.cash#+/&?%", "US 30.cash#+/&?%"},
        {"Öl", ""},
        {"A\\\"B", ""},
        {"A\\u000aB", ""},
        {"a-name-that-is-longer-than-thirty-one", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) text = g_string_new(row);
        g_autoptr(JsonNode) root = NULL;
        JsonObject *object;
        KwMt5Position position;
        KwMt5Symbol symbol;

        (void) g_string_replace(text, "%s", rows[i].name, 1);
        g_test_message("%s", text->str);
        object = parse(text->str, &root);
        g_assert_true(kw_mt5_read_position(object, &position, NULL));
        g_assert_cmpstr(position.symbol, ==, rows[i].read);
        g_assert_cmpint(kw_mt5_read_symbol(object, &symbol, NULL), ==, *rows[i].read != '\0');
    }
}

static void
test_prices(void)
{
    static const gchar *const bad_candles[] = {
        "{}",
        "{\"time\":\"2026-01-01T00:00:00Z\",\"open\":1,\"high\":2,\"low\":0,\"close\":1}",
        "{\"time\":\"2026-01-01T00:00:00Z\",\"open\":3,\"high\":2,\"low\":1,\"close\":1}",
        "{\"time\":\"gestern\",\"open\":1,\"high\":2,\"low\":1,\"close\":1}",
    };
    g_autoptr(JsonNode) root = NULL, crossed = NULL;
    KwMt5Price price;
    KwCandle candle;

    g_assert_true(kw_mt5_read_candle(
        parse("{\"time\":\"2026-01-01T00:01:00.000Z\",\"open\":1,\"high\":2,\"low\":0.5,"
              "\"close\":1.5,\"tickVolume\":7,\"volume\":0}",
              &root),
        &candle, NULL));
    g_assert_cmpfloat(candle.volume, ==, 7);
    g_assert_cmpint(candle.open_us, ==, G_GINT64_CONSTANT(1767225660000000));
    for (gsize i = 0; i < G_N_ELEMENTS(bad_candles); i++) {
        g_autoptr(JsonNode) bad = NULL;

        g_assert_false(kw_mt5_read_candle(parse(bad_candles[i], &bad), &candle, NULL));
    }
    g_assert_false(kw_mt5_read_price(
        parse("{\"bid\":2,\"ask\":1,\"time\":\"2026-01-01T00:01:00.000Z\"}", &crossed), &price,
        NULL));
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/mt5-answer/codes", test_codes);
    g_test_add_func("/exchange/mt5-answer/lots", test_lots);
    g_test_add_func("/exchange/mt5-answer/client-ids", test_client_ids);
    g_test_add_func("/exchange/mt5-answer/rows", test_rows);
    g_test_add_func("/exchange/mt5-answer/refusals", test_refusals);
    g_test_add_func("/exchange/mt5-answer/account", test_account);
    g_test_add_func("/exchange/mt5-answer/odd-ids", test_odd_ids);
    g_test_add_func("/exchange/mt5-answer/odd-symbols", test_odd_symbols);
    g_test_add_func("/exchange/mt5-answer/prices", test_prices);

    return g_test_run();
}
