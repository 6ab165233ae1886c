/* test-lock.c: pairs that may not be entered for a while */
#include "kw-lock.h"

static KwLock
make_lock(const gchar *pair, const gchar *by, gint64 from_us, gint64 until_us)
{
    KwLock lock = {.from_us = from_us, .until_us = until_us};

    g_strlcpy(lock.pair, pair, sizeof lock.pair);
    g_strlcpy(lock.by, by, sizeof lock.by);
    return lock;
}

static void
add(KwLockList *list, const gchar *pair, const gchar *by, gint64 from_us, gint64 until_us)
{
    KwLock lock = make_lock(pair, by, from_us, until_us);

    g_assert_nonnull(kw_lock_list_add(list, &lock));
}

static void
test_inclusive(void)
{
    g_autoptr(KwLockList) list = kw_lock_list_new();

    add(list, "BTC/USDT", "user", 100, 200);
    g_assert_false(kw_lock_list_is_locked(list, "BTC/USDT", 99));
    g_assert_true(kw_lock_list_is_locked(list, "BTC/USDT", 100));
    g_assert_true(kw_lock_list_is_locked(list, "BTC/USDT", 200));
    g_assert_false(kw_lock_list_is_locked(list, "BTC/USDT", 201));
    g_assert_false(kw_lock_list_is_locked(list, "ETH/USDT", 150));
}

static void
test_all_pairs(void)
{
    g_autoptr(KwLockList) list = kw_lock_list_new();

    add(list, "*", "MaxDrawdown", 100, 300);
    add(list, "BTC/USDT", "user", 100, 200);
    g_assert_cmpint(kw_lock_list_get_until_us(list, "BTC/USDT", 150), ==, 300);
    g_assert_cmpint(kw_lock_list_get_until_us(list, "ETH/USDT", 150), ==, 300);
    g_assert_cmpint(kw_lock_list_get_until_us(list, "ETH/USDT", 301), ==, 0);
    g_assert_cmpstr(kw_lock_list_find(list, "BTC/USDT", 150)->by, ==, "MaxDrawdown");
    g_assert_null(kw_lock_list_find(list, "BTC/USDT", 301));
    g_assert_cmpuint(kw_lock_list_count(list, 150), ==, 2);
    g_assert_cmpuint(kw_lock_list_count(list, 250), ==, 1);
}

static void
test_same_author_replaces(void)
{
    g_autoptr(KwLockList) list = kw_lock_list_new();

    add(list, "BTC/USDT", "user", 100, 200);
    add(list, "BTC/USDT", "user", 150, KW_LOCK_FOREVER);
    add(list, "BTC/USDT", "StoplossGuard", 150, 160);
    g_assert_cmpuint(kw_lock_list_get_length(list), ==, 2);
    g_assert_cmpint(kw_lock_list_get(list, 0)->until_us, ==, KW_LOCK_FOREVER);
    g_assert_true(kw_lock_list_is_locked(list, "BTC/USDT", KW_LOCK_FOREVER - 1));
}

static void
test_unlock(void)
{
    g_autoptr(KwLockList) list = kw_lock_list_new();

    add(list, "BTC/USDT", "user", 100, KW_LOCK_FOREVER);
    add(list, "BTC/USDT", "StoplossGuard", 100, 500);
    add(list, "*", "user", 100, 250);
    g_assert_cmpuint(kw_lock_list_unlock(list, "ETH/USDT", 200), ==, 0);
    g_assert_cmpuint(kw_lock_list_unlock(list, "BTC/USDT", 200), ==, 2);
    g_assert_cmpuint(kw_lock_list_unlock(list, "BTC/USDT", 200), ==, 0);
    g_assert_cmpint(kw_lock_list_get_until_us(list, "BTC/USDT", 200), ==, 250);
    g_assert_cmpuint(kw_lock_list_unlock(list, "*", 200), ==, 1);
    g_assert_false(kw_lock_list_is_locked(list, "BTC/USDT", 200));

    /* still there with their new end, until they are dropped */
    g_assert_cmpint(kw_lock_list_get(list, 0)->until_us, ==, 199);
    g_assert_cmpuint(kw_lock_list_drop_ended(list, 199), ==, 0);
    g_assert_cmpuint(kw_lock_list_drop_ended(list, 200), ==, 3);
    g_assert_cmpuint(kw_lock_list_get_length(list), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/lock/inclusive", test_inclusive);
    g_test_add_func("/ledger/lock/all-pairs", test_all_pairs);
    g_test_add_func("/ledger/lock/same-author-replaces", test_same_author_replaces);
    g_test_add_func("/ledger/lock/unlock", test_unlock);
    return g_test_run();
}
