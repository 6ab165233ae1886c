#include "kw-store-rows.h"
#include "kw-tracker.h"

static void
update(KwTracker *tracker, gint64 time_us, const gchar *equity, const gchar *open_profit)
{
    kw_tracker_update(tracker, time_us, kw_test_decimal(equity), kw_test_decimal(open_profit));
}

static void
assert_decimal(KwDecimal have, const gchar *want)
{
    g_assert_cmpint(kw_decimal_cmp(have, kw_test_decimal(want)), ==, 0);
}

static void
test_peak_and_deepest_fall(void)
{
    KwTracker tracker;

    kw_tracker_init(&tracker);
    g_assert_cmpfloat(kw_tracker_get_drawdown_ratio(&tracker), ==, 0);
    update(&tracker, 1, "1000", "0");
    update(&tracker, 2, "900", "-100"); /* 10 % */
    update(&tracker, 3, "1200", "0");
    update(&tracker, 4, "1110", "-90"); /* 7.5 %: not deeper */
    assert_decimal(tracker.peak, "1200");
    g_assert_cmpint(tracker.peak_us, ==, 3);
    g_assert_cmpfloat_with_epsilon(tracker.max_drawdown_ratio, 0.1, 1e-12);
    g_assert_cmpfloat_with_epsilon(kw_tracker_get_drawdown_ratio(&tracker), 0.075, 1e-12);
    assert_decimal(tracker.max_drawdown_abs, "100");
    g_assert_cmpint(tracker.dd_peak_us, ==, 1);
    g_assert_cmpint(tracker.dd_trough_us, ==, 2);
    kw_tracker_clear(&tracker);
}

static void
test_missing_price_keeps_the_last_values(void)
{
    KwTracker tracker;

    kw_tracker_init(&tracker);
    update(&tracker, 1, "1000", "5");
    kw_tracker_miss(&tracker);
    g_assert_true(tracker.is_valid);
    g_assert_false(tracker.is_current);
    assert_decimal(tracker.equity, "1000");
    update(&tracker, 2, "1001", "6");
    g_assert_true(tracker.is_current);
    kw_tracker_clear(&tracker);
}

/* The daily limit counts from the balance: an open loss of yesterday counts today. */
static void
test_day_balance_leaves_open_results_out(void)
{
    KwTracker tracker;

    kw_tracker_init(&tracker);
    update(&tracker, 1, "950", "-50");
    kw_tracker_mark_day(&tracker, 2, kw_test_decimal("0"));
    update(&tracker, 3, "940", "-60");
    assert_decimal(kw_tracker_get_day_start(&tracker), "950");
    assert_decimal(kw_tracker_get_day_balance(&tracker), "1000");
    kw_tracker_clear(&tracker);
}

static void
test_marks_are_found_by_time(void)
{
    KwTracker tracker;
    KwEquityMark mark;

    kw_tracker_init(&tracker);
    g_assert_false(kw_tracker_find(&tracker, 5, &mark));
    for (gint64 day = 1; day <= 9; day++) {
        KwEquityMark next = {.time_us = day * 10, .equity = {.mant = day}};

        kw_tracker_restore_mark(&tracker, &next);
    }
    for (gint64 time_us = 0; time_us < 120; time_us++) {
        gint64 want = CLAMP(time_us / 10, 1, 9); /* before the first one: the first one */

        g_assert_true(kw_tracker_find(&tracker, time_us, &mark));
        g_assert_cmpint(mark.equity.mant, ==, want);
    }
    kw_tracker_clear(&tracker);
}

static void
test_mark_of_the_same_instant_replaces(void)
{
    KwTracker tracker;

    kw_tracker_init(&tracker);
    update(&tracker, 1, "1000", "0");
    kw_tracker_mark_day(&tracker, 10, kw_test_decimal("0"));
    update(&tracker, 11, "1100", "0");
    kw_tracker_mark_day(&tracker, 10, kw_test_decimal("0"));
    g_assert_cmpuint(tracker.marks->len, ==, 1);
    assert_decimal(kw_tracker_get_day_start(&tracker), "1100");
    kw_tracker_clear(&tracker);
}

/* A deposit is no profit and a withdrawal no loss. */
static void
test_money_moved_shows_nowhere(void)
{
    KwTracker tracker;

    kw_tracker_init(&tracker);
    update(&tracker, 1, "1000", "0");
    kw_tracker_mark_day(&tracker, 2, kw_test_decimal("0"));
    kw_tracker_shift(&tracker, kw_test_decimal("-400"));
    assert_decimal(tracker.equity, "600");
    assert_decimal(kw_tracker_get_day_start(&tracker), "600");
    g_assert_cmpfloat(kw_tracker_get_drawdown_ratio(&tracker), ==, 0);
    kw_tracker_clear(&tracker);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/tracker/peak", test_peak_and_deepest_fall);
    g_test_add_func("/engine/tracker/miss", test_missing_price_keeps_the_last_values);
    g_test_add_func("/engine/tracker/balance", test_day_balance_leaves_open_results_out);
    g_test_add_func("/engine/tracker/find", test_marks_are_found_by_time);
    g_test_add_func("/engine/tracker/replace", test_mark_of_the_same_instant_replaces);
    g_test_add_func("/engine/tracker/shift", test_money_moved_shows_nowhere);
    return g_test_run();
}
