/* fuzz-kraken-answer.c: any bytes as an answer of Kraken's REST interface, read in every way */
#include "kw-fuzz.h"
#include "kw-kraken-error.h"
#include "kw-kraken-market.h"
#include "kw-kraken-pairs.h"

static void
read_market(JsonObject *result)
{
    KwKrakenTicker ticker;
    KwKrakenSystem system;
    guint64 last;
    gint64 time_us;

    g_autoptr(GArray) candles = kw_kraken_parse_ohlc(result, &time_us, NULL);
    g_autoptr(GArray) trades = kw_kraken_parse_trades(result, &last, NULL);
    g_autoptr(GArray) bids = NULL;
    g_autoptr(GArray) asks = NULL;

    for (guint i = 0; candles != NULL && i < candles->len; i++)
        g_assert_true(kw_kraken_check_candle(&g_array_index(candles, KwCandle, i), NULL));
    for (guint i = 0; trades != NULL && i < trades->len; i++)
        g_assert_cmpint(kw_decimal_sign(g_array_index(trades, KwKrakenTrade, i).price), >, 0);
    (void) kw_kraken_parse_depth(result, &bids, &asks, NULL);
    (void) kw_kraken_parse_ticker(result, &ticker, NULL);
    (void) kw_kraken_parse_spread(result, &ticker, NULL);
    (void) kw_kraken_parse_system(result, &system, NULL);
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
}
