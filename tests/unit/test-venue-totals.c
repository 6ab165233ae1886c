/* test-venue-totals.c: totals come back as they were */
#include "kw-test.h"
#include "kw-venue-totals.h"

static void
test_text(void)
{
    g_autoptr(KwVenueTotals) totals = kw_venue_totals_new();
    g_autoptr(KwVenueTotals) again = kw_venue_totals_new();
    g_autofree gchar *nothing = kw_venue_totals_to_text(totals);
    g_autofree gchar *text = NULL, *second = NULL;

    g_assert_cmpstr(nothing, ==, "");
    kw_venue_totals_set(totals, "EUR", kw_test_decimal("12.50"));
    kw_venue_totals_set(totals, "BTC", kw_test_decimal("0.0008613000"));
    kw_venue_totals_set(totals, "EUR", kw_test_decimal("7"));
    text = kw_venue_totals_to_text(totals);
    g_assert_cmpstr(text, ==, "BTC 0.0008613000\nEUR 7\n");
    kw_venue_totals_restore(again, text);
    second = kw_venue_totals_to_text(again);
    g_assert_cmpstr(second, ==, text);
    g_assert_cmpint(
        kw_decimal_cmp(*kw_venue_totals_find(again, "BTC"), kw_test_decimal("0.0008613")), ==,
        0);
    g_assert_null(kw_venue_totals_find(again, "ETH"));
}

static void
test_illegible(void)
{
    g_autoptr(KwVenueTotals) totals = kw_venue_totals_new();
    g_autofree gchar *text = NULL;

    kw_venue_totals_restore(totals, "BTC\nEUR 1e5\n 4\n\nETH 3\nSOL  2\n");
    text = kw_venue_totals_to_text(totals);
    g_assert_cmpstr(text, ==, "ETH 3\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exec/venue-totals/text", test_text);
    g_test_add_func("/exec/venue-totals/illegible", test_illegible);
    return g_test_run();
}
