/* test-gap.c: missing candles are listed, none invented */
#include "kw-gap.h"

static void
test_gap_list(void)
{
    static const gint64 times[] = {10, 20, 50, 60, 80};
    g_autoptr(KwSeries) series = kw_series_new(10);
    g_autoptr(GArray) gaps = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        KwCandle candle = {times[i], 1, 1, 1, 1, 0};
        g_assert_true(kw_series_append(series, &candle));
    }
    gaps = kw_gap_list(series);
    g_assert_cmpuint(gaps->len, ==, 2);
    g_assert_cmpint(g_array_index(gaps, KwGap, 0).last_us, ==, 20);
    g_assert_cmpint(g_array_index(gaps, KwGap, 0).next_us, ==, 50);
    g_assert_cmpuint(g_array_index(gaps, KwGap, 0).n_missing, ==, 2);
    g_assert_cmpuint(kw_gap_count_missing(gaps), ==, 3);
}

static void
test_gap_none(void)
{
    g_autoptr(KwSeries) series = kw_series_new(10);
    g_autoptr(GArray) gaps = kw_gap_list(series);

    g_assert_cmpuint(gaps->len, ==, 0);
    g_assert_cmpuint(kw_gap_count_missing(gaps), ==, 0);
}

static void
test_gap_meaning(void)
{
    g_assert_cmpstr(kw_gap_meaning_to_string(kw_gap_meaning_of_exchange("Bitfinex")), ==,
                    "no-trade");
    g_assert_cmpstr(kw_gap_meaning_to_string(kw_gap_meaning_of_exchange("binance")), ==,
                    "outage");
    g_assert_cmpstr(kw_gap_meaning_to_string(kw_gap_meaning_of_exchange("somewhere")), ==,
                    "outage");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/gap/list", test_gap_list);
    g_test_add_func("/market/gap/none", test_gap_none);
    g_test_add_func("/market/gap/meaning", test_gap_meaning);
    return g_test_run();
}
