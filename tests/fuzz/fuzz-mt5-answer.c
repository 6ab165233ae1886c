/* fuzz-mt5-answer.c: any bytes as an answer of a MetaTrader bridge, read in every way */
#include "kw-fuzz.h"
#include "kw-mt5-answer.h"

#include <string.h>

/* What goes into the text of a request as it is */
static void
assert_plain(const gchar *text)
{
    g_assert_null(strpbrk(text, "\"\\\n\r\t"));
}

/* What goes into its address as well */
static void
assert_id(const gchar *text)
{
    g_assert_null(strpbrk(text, "\"\\/{}[]:, %?#\n"));
}

static void
read_rows(JsonObject *row)
{
    KwMt5Position position;
    KwMt5Account account;
    KwMt5Symbol symbol;
    KwMt5Result result;
    KwMt5Order order;
    KwMt5Deal deal;
    KwDecimal amount;
    KwCandle candle;
    KwMt5Price price;

    if (kw_mt5_read_order(row, &order, NULL)) {
        assert_id(order.id);
        assert_plain(order.symbol);
        g_assert_cmpint(kw_decimal_sign(order.volume), >, 0);
    }
    if (kw_mt5_read_deal(row, &deal, NULL) && deal.is_trade) {
        assert_id(deal.id);
        g_assert_cmpint(kw_decimal_sign(deal.cost), >=, 0);
    }
    if (kw_mt5_read_position(row, &position, NULL))
        assert_id(position.id);
    if (kw_mt5_read_symbol(row, &symbol, NULL) &&
        kw_mt5_symbol_from_lots(&symbol, symbol.volume_min, &amount, NULL))
        (void) kw_mt5_symbol_to_lots(&symbol, amount, &amount, NULL);
    if (kw_mt5_read_account(row, &account, NULL))
        assert_id(account.login);
    if (kw_mt5_read_candle(row, &candle, NULL))
        g_assert_cmpfloat(candle.low, >, 0);
    if (kw_mt5_read_price(row, &price, NULL))
        g_assert_cmpfloat(price.bid, <=, price.ask);
    if (kw_mt5_read_result(row, &result, NULL))
        assert_id(result.order_id);
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(GBytes) body = g_bytes_new(bytes, length);
    g_autoptr(JsonNode) root = kw_json_parse(body, NULL);
    static const gchar *const lists[] = {"deals", "historyOrders", "candles"};

    if (root == NULL)
        return;
    if (JSON_NODE_HOLDS_OBJECT(root))
        read_rows(json_node_get_object(root));
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        JsonArray *rows = kw_mt5_find_rows(root, lists[i], NULL);

        for (guint k = 0; rows != NULL && k < json_array_get_length(rows); k++) {
            JsonObject *row = NULL;

            if (kw_json_at_object(rows, k, &row, NULL))
                read_rows(row);
        }
    }
}
