/* test-timeframe.c: names of candle lengths, and the length guessed from openings */
#include "kw-error.h"
#include "kw-timeframe.h"

static void
test_timeframe_round_trip(void)
{
    static const struct {
        const gchar *name;
        gint64 minutes;
    } rows[] = {{"1m", 1}, {"5m", 5}, {"15m", 15}, {"1h", 60}, {"4h", 240}, {"1d", 1440}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        gint64 length_us = 0;

        g_assert_true(kw_timeframe_parse(rows[i].name, &length_us, &error));
        g_assert_no_error(error);
        g_assert_cmpint(length_us, ==, rows[i].minutes * 60000000);
        g_assert_cmpstr(kw_timeframe_to_string(length_us), ==, rows[i].name);
    }
    g_assert_null(kw_timeframe_to_string(60000001));
}

static void
test_timeframe_rejects(void)
{
    static const gchar *const rows[] = {"",    "1",  "h",   "1H",  "1M",
                                        "60m", "0h", "-1h", "1h ", "1w"};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        gint64 length_us = 7;

        g_test_message("row '%s'", rows[i]);
        g_assert_false(kw_timeframe_parse(rows[i], &length_us, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
        g_assert_nonnull(strstr(error->message, "15m"));
        g_assert_cmpint(length_us, ==, 7);
    }
}

static void
test_timeframe_guess(void)
{
    const gint64 minute = 60000000;
    const gint64 hours_with_gaps[] = {0, 60 * minute, 120 * minute, 600 * minute, 660 * minute};
    const gint64 descending[] = {30 * minute, 25 * minute, 20 * minute, 15 * minute};
    const gint64 odd[] = {0, 7, 99};

    g_assert_cmpint(kw_timeframe_guess(hours_with_gaps, 5), ==, 60 * minute);
    g_assert_cmpint(kw_timeframe_guess(descending, 4), ==, 5 * minute);
    g_assert_cmpint(kw_timeframe_guess(odd, 3), ==, 0);
    g_assert_cmpint(kw_timeframe_guess(odd, 1), ==, 0);
    g_assert_cmpint(kw_timeframe_guess(NULL, 0), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/timeframe/round-trip", test_timeframe_round_trip);
    g_test_add_func("/market/timeframe/rejects", test_timeframe_rejects);
    g_test_add_func("/market/timeframe/guess", test_timeframe_guess);
    return g_test_run();
}
