/* test-synth.c: the same seed, the same bytes; valid rows; the shape of a market */
#include "kw-candle-file.h"
#include "kw-cleaner.h"
#include "kw-synth.h"
#include "kw-timeframe.h"

#include <math.h>

#define HOUR KW_TIMEFRAME_1H_US
#define FROM (G_GINT64_CONSTANT(1704067200) * G_USEC_PER_SEC)

static KwSeries *
generate(const gchar *name, guint64 seed, gsize n_rows)
{
    KwSynthOptions options = {
        .seed = seed, .timeframe_us = HOUR, .from_us = FROM, .n_rows = n_rows};
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, name, NULL));
    return kw_synth_generate(&pair, &options);
}

static gchar *
digest(const KwSeries *series)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (gsize i = 0; i < kw_series_get_length(series); i++) {
        KwCandle c = kw_series_get(series, i);
        gchar values[5][G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append_printf(text, "%" G_GINT64_FORMAT " %s %s %s %s %s\n", c.open_us,
                               g_ascii_dtostr(values[0], sizeof values[0], c.open),
                               g_ascii_dtostr(values[1], sizeof values[1], c.high),
                               g_ascii_dtostr(values[2], sizeof values[2], c.low),
                               g_ascii_dtostr(values[3], sizeof values[3], c.close),
                               g_ascii_dtostr(values[4], sizeof values[4], c.volume));
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
}

/* The digest is fixed: another compiler or machine must come to it, too. */
static void
test_synth_bytes(void)
{
    g_autoptr(KwSeries) series = generate("BTC/USDT", 1, 2000);
    g_autofree gchar *sum = digest(series);

    g_assert_cmpstr(sum, ==,
                    "160c3b6c2017907813977d52bf36f9c755eaeb723a886d69cca87c45ba6b9b3f");
}

static void
test_synth_seeds_and_pairs_differ(void)
{
    g_autoptr(KwSeries) one = generate("BTC/USDT", 1, 50);
    g_autoptr(KwSeries) other_seed = generate("BTC/USDT", 2, 50);
    g_autoptr(KwSeries) other_pair = generate("ETH/USDT", 1, 50);
    g_autofree gchar *a = digest(one);
    g_autofree gchar *b = digest(other_seed);
    g_autofree gchar *c = digest(other_pair);

    g_assert_cmpstr(a, !=, b);
    g_assert_cmpstr(a, !=, c);
    g_assert_cmpfloat(kw_series_get_opens(one)[0], ==, 42000);
    g_assert_cmpfloat(kw_series_get_opens(other_pair)[0], ==, 2300);
}

static void
test_synth_rows_are_valid(void)
{
    static const gchar *const pairs[] = {"BTC/USDT", "ADA/EUR", "NEWCOIN/USDT"};

    for (gsize p = 0; p < G_N_ELEMENTS(pairs); p++) {
        g_autoptr(KwSeries) series = generate(pairs[p], 7, 3000);

        g_assert_cmpuint(kw_series_get_length(series), ==, 3000);
        for (gsize i = 0; i < 3000; i++) {
            KwCandle candle = kw_series_get(series, i);

            g_assert_cmpint(kw_cleaner_check_candle(&candle, NULL), ==, KW_ROW_FINE);
            g_assert_cmpint(candle.open_us, ==, FROM + (gint64) i * HOUR);
            g_assert_cmpfloat(candle.volume, >, 0);
        }
    }
}

/* Volatility as asked for, and New York's afternoon busier than the small hours */
static void
test_synth_shape(void)
{
    g_autoptr(KwSeries) series = generate("BTC/USDT", 3, 24 * 365);
    const gdouble *closes = kw_series_get_closes(series);
    const gdouble *volumes = kw_series_get_volumes(series);
    gdouble sum = 0, sum_squares = 0, busy = 0, quiet = 0, volatility;
    gsize n = kw_series_get_length(series);

    for (gsize i = 1; i < n; i++) {
        gdouble move = log(closes[i] / closes[i - 1]);

        sum += move;
        sum_squares += move * move;
        busy += i % 24 == 15 ? volumes[i] : 0;
        quiet += i % 24 == 5 ? volumes[i] : 0;
    }
    volatility = sqrt((sum_squares - sum * sum / (gdouble) n) / (gdouble) n * 24 * 365);
    g_assert_cmpfloat(volatility, >, 0.4);
    g_assert_cmpfloat(volatility, <, 0.9);
    g_assert_cmpfloat(busy, >, 1.4 * quiet);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/synth/bytes", test_synth_bytes);
    g_test_add_func("/market/synth/seeds-and-pairs-differ", test_synth_seeds_and_pairs_differ);
    g_test_add_func("/market/synth/rows-are-valid", test_synth_rows_are_valid);
    g_test_add_func("/market/synth/shape", test_synth_shape);
    return g_test_run();
}
