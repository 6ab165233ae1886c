/* fuzz-kraken-answer.c: any bytes as an answer of Kraken's REST interface, read in every way */
#include "kw-fuzz.h"
#include "kw-kraken-account.h"
#include "kw-kraken-error.h"
#include "kw-kraken-market.h"
#include "kw-kraken-pairs.h"

static void
read_market(JsonObject *result)
{
    KwKrakenTicker ticker;
    guint64 last;
    gint64 time_us;

    g_autoptr(GArray) candles = kw_kraken_parse_ohlc(result, &time_us, NULL);
    g_autoptr(GArray) trades = kw_kraken_parse_trades(result, &last, NULL);

    for (guint i = 0; candles != NULL && i < candles->len; i++)
        g_assert_true(kw_kraken_check_candle(&g_array_index(candles, KwCandle, i), NULL));
    for (guint i = 0; trades != NULL && i < trades->len; i++)
        g_assert_cmpint(kw_decimal_sign(g_array_index(trades, KwKrakenTrade, i).price), >, 0);
    (void) kw_kraken_parse_ticker(result, &ticker, NULL);
    (void) kw_kraken_parse_time(result, &time_us, NULL);
}

static void
read_pairs(JsonObject *result)
{
    g_autoptr(KwKrakenPairs) pairs = kw_kraken_pairs_new(result, result, NULL);

    if (pairs != NULL) {
        g_assert_cmpuint(kw_kraken_pairs_get_length(pairs), >, 0);
        (void) kw_kraken_pairs_update(pairs, result);
    }
}

/* Each member as a row of orders, of executions, and what the whole may be beside */
static void
read_account(JsonObject *result)
{
    g_autoptr(GArray) balances = g_array_new(FALSE, FALSE, sizeof(KwVenueBalance));
    g_autoptr(GArray) orders = g_array_new(FALSE, FALSE, sizeof(KwVenueOrder));
    g_autoptr(KwKrakenPairs) pairs = kw_kraken_pairs_new(result, result, NULL);
    KwKrakenKeyInfo info;
    KwKrakenFees fees;
    JsonObjectIter iter;
    const gchar *name;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, result);
    while (json_object_iter_next_ordered(&iter, &name, &node)) {
        g_auto(KwKrakenOrder) order = {0};
        JsonObject *row = kw_json_root_object(node, NULL);
        KwFill fill;

        if (kw_kraken_read_fees(result, name, &fees, NULL))
            g_assert_true(fees.taker_ratio >= 0 && fees.maker_ratio >= 0);
        if (row == NULL)
            continue;
        (void) kw_kraken_read_order(name, row, &order, NULL);
        if (kw_kraken_read_trade(name, row, &fill, NULL))
            g_assert_cmpint(kw_decimal_sign(fill.amount), >, 0);
        read_account(row);
    }
    if (pairs != NULL) {
        (void) kw_kraken_read_balances(pairs, result, balances, NULL);
        (void) kw_kraken_read_working(pairs, result, orders, NULL);
    }
    (void) kw_kraken_read_key_info(result, &info, NULL);
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(GBytes) body = g_bytes_new(bytes, length);
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *result;

    if (!kw_kraken_answer_parse(body, &answer, NULL))
        return;
    if (answer.failure != NULL) {
        g_assert_true(g_utf8_validate(answer.failure, -1, NULL));
        (void) kw_kraken_classify(answer.failure);
    }
    result = kw_kraken_answer_get_object(&answer, NULL);
    if (result == NULL)
        return;
    read_market(result);
    read_pairs(result);
    read_account(result);
}
