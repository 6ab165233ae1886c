/* test-signal-log.c: order, filters, the same signal again, the oldest one goes */
#include "kw-signal-log.h"

#include <math.h>
#include <string.h>

#define HOUR_US G_TIME_SPAN_HOUR
#define T0_US G_GINT64_CONSTANT(1773187200000000) /* 2026-03-11 00:00 UTC */

static void
add(KwSignalLog *log, const gchar *pair, guint hour, const gchar *action, const gchar *reason)
{
    KwSignalRecord record = {.candle_us = T0_US + hour * HOUR_US, .confidence = 0.6};

    record.side = strcmp(action, "exit") == 0 ? KW_SIDE_SELL : KW_SIDE_BUY;
    g_strlcpy(record.pair, pair, sizeof record.pair);
    g_strlcpy(record.action, action, sizeof record.action);
    g_strlcpy(record.reason, reason, sizeof record.reason);
    g_strlcpy(record.tier, "low", sizeof record.tier);
    kw_signal_log_add(log, &record, 0.75);
}

static const KwSignalView *
at(const GArray *list, guint index)
{
    g_assert_cmpuint(index, <, list->len);
    return &g_array_index(list, KwSignalView, index);
}

static void
test_list(void)
{
    g_autoptr(KwSignalLog) log = kw_signal_log_new(HOUR_US);
    g_autoptr(GArray) all = NULL;
    g_autoptr(GArray) btc = NULL;
    g_autoptr(GArray) last = NULL;
    g_autoptr(GArray) early = NULL;

    add(log, "BTC/USDT", 0, "rejected", "confidence");
    add(log, "ETH/USDT", 1, "enter", "");
    add(log, "ETH/USDT", 5, "exit", "roi");

    all = kw_signal_log_list(log, KW_PERIOD_ALL, NULL, 0);
    g_assert_cmpuint(all->len, ==, 3);
    g_assert_true(at(all, 0)->is_exit);
    g_assert_cmpint(at(all, 0)->time_us, ==, T0_US + 5 * HOUR_US);
    g_assert_true(at(all, 1)->is_entered);
    g_assert_cmpint(at(all, 1)->time_us, ==, T0_US + 2 * HOUR_US); /* when its candle closed */
    g_assert_cmpstr(at(all, 2)->reason, ==, "confidence");
    g_assert_false(at(all, 2)->is_entered);
    g_assert_cmpfloat(at(all, 2)->threshold, ==, 0.75);
    g_assert_cmpstr(at(all, 2)->tier, ==, "low");

    btc = kw_signal_log_list(log, KW_PERIOD_ALL, "BTC/USDT", 0);
    g_assert_cmpuint(btc->len, ==, 1);
    last = kw_signal_log_list(log, KW_PERIOD_ALL, NULL, 1);
    g_assert_cmpuint(last->len, ==, 1);
    g_assert_true(at(last, 0)->is_exit);
    early = kw_signal_log_list(log, (KwPeriod){T0_US, T0_US + 2 * HOUR_US}, NULL, 0);
    g_assert_cmpuint(early->len, ==, 1);
    g_assert_cmpstr(at(early, 0)->pair, ==, "BTC/USDT");
}

/* A row that is decided again after a crash is one signal, as it is one row of the ledger. */
static void
test_again(void)
{
    g_autoptr(KwSignalLog) log = kw_signal_log_new(HOUR_US);
    g_autoptr(GArray) all = NULL;

    add(log, "BTC/USDT", 3, "rejected", "max_open");
    add(log, "BTC/USDT", 3, "enter", "");
    add(log, "ETH/USDT", 3, "rejected", "max_open");
    add(log, "BTC/USDT", 4, "exit", "roi"); /* at the time of the entry, but no entry */

    all = kw_signal_log_list(log, KW_PERIOD_ALL, NULL, 0);
    g_assert_cmpuint(all->len, ==, 3);
    g_assert_true(at(all, 2)->is_entered);
    g_assert_cmpstr(at(all, 2)->reason, ==, "");
}

static void
test_full(void)
{
    g_autoptr(KwSignalLog) log = kw_signal_log_new(HOUR_US);
    g_autoptr(GArray) all = NULL;

    for (guint i = 0; i < KW_SIGNAL_LOG_MAX + 3; i++)
        add(log, "BTC/USDT", i, "rejected", "locked");
    all = kw_signal_log_list(log, KW_PERIOD_ALL, NULL, 0);
    g_assert_cmpuint(all->len, ==, KW_SIGNAL_LOG_MAX);
    g_assert_cmpint(at(all, 0)->time_us, ==, T0_US + (KW_SIGNAL_LOG_MAX + 3) * HOUR_US);
    g_assert_cmpint(at(all, all->len - 1)->time_us, ==, T0_US + 4 * HOUR_US);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/signal-log/list", test_list);
    g_test_add_func("/engine/signal-log/again", test_again);
    g_test_add_func("/engine/signal-log/full", test_full);
    return g_test_run();
}
