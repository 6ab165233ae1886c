/* test-scan-log.c: cycles in order, their numbers, the oldest ones go */
#include "kw-scan-log.h"

#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR_US G_TIME_SPAN_HOUR

static void
add(KwScanLog *log, const gchar *pair, guint hour, const gchar *action)
{
    KwScanRecord scan = {.time_us = KW_TEST_T0_US + hour * HOUR_US,
                         .price = hour,
                         .confidence = NAN,
                         .names = "a,b",
                         .n_values = 2,
                         .values = {1, 2}};

    g_strlcpy(scan.pair, pair, sizeof scan.pair);
    g_strlcpy(scan.action, action, sizeof scan.action);
    kw_scan_log_add(log, &scan, 0.75);
}

static const KwStepView *
at(const GArray *list, guint index)
{
    g_assert_cmpuint(index, <, list->len);
    return &g_array_index(list, KwStepView, index);
}

/* Whatever the order of arrival: newest cycle first, pairs by name, the last word counts. */
static void
test_order(void)
{
    g_autoptr(KwScanLog) log = kw_scan_log_new(HOUR_US);
    g_autoptr(GArray) all = NULL;
    g_autoptr(GArray) one = NULL;

    add(log, "ETH/USDT", 2, "none");
    add(log, "BTC/USDT", 2, "none");
    add(log, "BTC/USDT", 1, "enter"); /* late */
    add(log, "ETH/USDT", 2, "rejected");
    all = kw_scan_log_list(log, KW_PERIOD_ALL);
    g_assert_cmpuint(all->len, ==, 3);
    g_assert_cmpstr(at(all, 0)->pair, ==, "BTC/USDT");
    g_assert_cmpstr(at(all, 1)->pair, ==, "ETH/USDT");
    g_assert_cmpstr(at(all, 1)->action, ==, "rejected");
    g_assert_cmpstr(at(all, 2)->action, ==, "enter");
    g_assert_cmpuint(at(all, 0)->cycle, ==, at(all, 1)->cycle);
    g_assert_cmpuint(at(all, 0)->cycle, ==, at(all, 2)->cycle + 1);
    g_assert_cmpfloat(at(all, 0)->threshold, ==, 0.75);
    g_assert_cmpuint(at(all, 0)->n_values, ==, 2);
    one =
        kw_scan_log_list(log, (KwPeriod){KW_TEST_T0_US + HOUR_US, KW_TEST_T0_US + 2 * HOUR_US});
    g_assert_cmpuint(one->len, ==, 1);
}

/* Property: rows in any order, many times over: bounded, without doubles, sorted, the newest
 * always there. */
static void
test_random(void)
{
    static const gchar *const pairs[] = {"ADA/USDT", "BTC/USDT", "ETH/USDT", "SOL/USDT"};
    g_autoptr(KwScanLog) log = kw_scan_log_new(HOUR_US);
    guint newest = 0;

    for (guint i = 0; i < 20000; i++) {
        guint hour = i / 8 + (guint) g_test_rand_int_range(0, 6);

        add(log, pairs[g_test_rand_int_range(0, 4)], hour, "none");
        newest = MAX(newest, hour);
        if (i % 997 == 0) {
            g_autoptr(GArray) all = kw_scan_log_list(log, KW_PERIOD_ALL);

            g_assert_cmpuint(all->len, <, 2 * KW_SCAN_LOG_MIN);
            g_assert_cmpfloat(at(all, 0)->price, ==, newest);
            for (guint k = 1; k < all->len; k++) {
                const KwStepView *a = at(all, k - 1), *b = at(all, k);

                g_assert_true(a->time_us > b->time_us ||
                              (a->time_us == b->time_us && strcmp(a->pair, b->pair) < 0));
                g_assert_cmpuint(a->cycle, >=, 1);
                g_assert_cmpuint(a->cycle, <=, 9999);
            }
        }
    }
    {
        g_autoptr(GArray) all = kw_scan_log_list(log, KW_PERIOD_ALL);

        g_assert_cmpuint(all->len, >=, KW_SCAN_LOG_MIN);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/scan-log/order", test_order);
    g_test_add_func("/engine/scan-log/random", test_random);
    return g_test_run();
}
