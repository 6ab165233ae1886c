/* test-binance.c: pages of Binance's candles, and what is none */
#include "kw-binance.h"
#include "kw-error.h"

#include <string.h>

#define ROW(open, end)                                                                         \
    "[" open ",\"1.0\",\"3.0\",\"0.5\",\"2.0\",\"7.5\"," end ",\"0\",9,\"0\",\"0\",\"0\"]"

static GArray *
parse(const gchar *text, gint64 now_us, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return kw_binance_parse_klines(bytes, now_us, error);
}

static void
test_page(void)
{
    const gchar *text = "[" ROW("60000", "119999") "," ROW("120000", "179999") "]";
    g_autoptr(GArray) all = parse(text, 180000000, NULL);
    g_autoptr(GArray) closed = parse(text, 179999999, NULL);
    const KwCandle *candle;

    g_assert_cmpuint(all->len, ==, 2);
    g_assert_cmpuint(closed->len, ==, 1); /* the other one is running */
    candle = &g_array_index(all, KwCandle, 1);
    g_assert_cmpint(candle->open_us, ==, 120000000);
    g_assert_cmpfloat(candle->high, ==, 3);
    g_assert_cmpfloat(candle->volume, ==, 7.5);
}

static void
test_rejects(void)
{
    static const gchar *const texts[] = {
        "<html>",
        "[7]",
        "[[1,\"1\"]]",
        "[" ROW("120000", "179999") "," ROW("60000", "119999") "]",
        "[" ROW("-1", "119999") "]",
        "[" ROW("60000", "5") "]",
        "[[60000,\"1.0\",\"0.9\",\"0.5\",\"2.0\",\"7.5\",119999]]",
        "[[60000,\"NaN\",\"3.0\",\"0.5\",\"2.0\",\"7.5\",119999]]",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", texts[i]);
        g_assert_null(parse(texts[i], G_MAXINT64, &error));
        g_assert_nonnull(error);
    }
}

static void
test_refusal(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(parse("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}", 1, &error));
    g_assert_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_cmpstr(error->message, ==, "Invalid symbol.");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/binance/page", test_page);
    g_test_add_func("/exchange/binance/rejects", test_rejects);
    g_test_add_func("/exchange/binance/refusal", test_refusal);
    return g_test_run();
}
