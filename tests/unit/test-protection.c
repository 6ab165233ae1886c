/* test-protection.c: locks that follow from closed trades */
#include "kw-error.h"
#include "kw-protection.h"

#define HOUR_US G_GINT64_CONSTANT(3600000000)
#define NOW_US (G_GINT64_CONSTANT(482136) * HOUR_US)

typedef struct {
    KwPortfolio *portfolio;
    gint64 next_id;
} Fixture;

static void
set_up(Fixture *f, gconstpointer user_data)
{
    f->portfolio = kw_portfolio_new(kw_decimal_from_int(1000));
}

static void
tear_down(Fixture *f, gconstpointer user_data)
{
    kw_portfolio_unref(f->portfolio);
}

static void
add_closed(Fixture *f, const gchar *pair, gint64 close_us, gdouble ratio, const gchar *reason)
{
    KwTrade trade = {.id = ++f->next_id,
                     .state = KW_TRADE_STATE_CLOSED,
                     .close_us = close_us,
                     .entry_amount = kw_decimal_from_int(1),
                     .profit_ratio = ratio};

    g_strlcpy(trade.pair, pair, sizeof trade.pair);
    g_strlcpy(trade.exit_reason, reason, sizeof trade.exit_reason);
    g_assert_true(kw_portfolio_restore_trade(f->portfolio, &trade, NULL));
}

static gint64
get_end(Fixture *f, const KwProtection *protection, const gchar *pair)
{
    KwLock lock = {0};

    if (!kw_protection_check(protection, f->portfolio, pair, NOW_US, HOUR_US, &lock))
        return 0;
    g_assert_cmpstr(lock.pair, ==, pair);
    g_assert_cmpstr(lock.by, ==, kw_protection_kind_to_string(protection->kind));
    g_assert_cmpint(lock.from_us, ==, NOW_US);
    return lock.until_us;
}

static void
test_names(Fixture *f, gconstpointer user_data)
{
    KwProtectionKind kind = KW_PROTECTION_COOLDOWN;
    g_autoptr(GError) error = NULL;

    for (KwProtectionKind i = KW_PROTECTION_COOLDOWN; i <= KW_PROTECTION_MAX_DRAWDOWN; i++) {
        g_assert_true(
            kw_protection_kind_from_string(kw_protection_kind_to_string(i), &kind, NULL));
        g_assert_cmpint(kind, ==, i);
        g_assert_cmpint(kw_protection_default(i).kind, ==, i);
    }
    g_assert_false(kw_protection_kind_from_string("cooldown", &kind, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
}

/* A boundary moves one candle on: closed at T with two candles, the lock holds to T + 3 and the
 * next entry is at T + 4. */
static void
test_cooldown(Fixture *f, gconstpointer user_data)
{
    KwProtection cooldown = kw_protection_default(KW_PROTECTION_COOLDOWN);

    cooldown.stop_duration_us = 2 * HOUR_US;
    g_assert_cmpint(get_end(f, &cooldown, "BTC/EUR"), ==, 0);
    add_closed(f, "BTC/EUR", NOW_US - HOUR_US, 0.1, "roi");
    g_assert_cmpint(get_end(f, &cooldown, "BTC/EUR"), ==, 0); /* exactly the lookback */
    add_closed(f, "BTC/EUR", NOW_US, 0.1, "roi");
    g_assert_cmpint(get_end(f, &cooldown, "BTC/EUR"), ==, NOW_US + 3 * HOUR_US);
    g_assert_cmpint(get_end(f, &cooldown, "ETH/EUR"), ==, 0);
    g_assert_cmpint(get_end(f, &cooldown, "*"), ==, 0);
    cooldown.stop_duration_us = 2 * HOUR_US - 1;
    g_assert_cmpint(get_end(f, &cooldown, "BTC/EUR"), ==, NOW_US + 2 * HOUR_US);
}

static void
test_low_profit(Fixture *f, gconstpointer user_data)
{
    KwProtection low = kw_protection_default(KW_PROTECTION_LOW_PROFIT);

    low.trade_limit = 2;
    low.required_profit = 0.01;
    add_closed(f, "BTC/EUR", NOW_US - 10, -0.05, "roi");
    add_closed(f, "ETH/EUR", NOW_US - 9, -0.05, "roi");
    g_assert_cmpint(get_end(f, &low, "BTC/EUR"), ==, 0); /* too few */
    add_closed(f, "BTC/EUR", NOW_US - 8, 0.055, "roi");
    g_assert_cmpint(get_end(f, &low, "BTC/EUR"), ==, NOW_US + HOUR_US);
    g_assert_cmpint(get_end(f, &low, "*"), ==, 0);
    add_closed(f, "BTC/EUR", NOW_US - 7, 0.006, "roi");
    g_assert_cmpint(get_end(f, &low, "BTC/EUR"), ==, 0);
}

static void
test_stoploss_guard(Fixture *f, gconstpointer user_data)
{
    KwProtection guard = kw_protection_default(KW_PROTECTION_STOPLOSS_GUARD);

    guard.trade_limit = 2;
    add_closed(f, "BTC/EUR", NOW_US - 10, -0.05, "stop_loss");
    add_closed(f, "BTC/EUR", NOW_US - 9, -0.05, "exit_signal");
    add_closed(f, "BTC/EUR", NOW_US - 8, 0.05, "trailing_stop_loss");
    add_closed(f, "BTC/EUR", NOW_US - 7, 0.0, "trailing_stop_loss");
    g_assert_cmpint(get_end(f, &guard, "*"), ==, 0);
    add_closed(f, "ETH/EUR", NOW_US - 6, -0.01, "trailing_stop_loss");
    g_assert_cmpint(get_end(f, &guard, "*"), ==, NOW_US + HOUR_US);
    g_assert_cmpint(get_end(f, &guard, "BTC/EUR"), ==, 0);
    guard.only_per_pair = TRUE;
    g_assert_cmpint(get_end(f, &guard, "*"), ==, 0);
    add_closed(f, "BTC/EUR", NOW_US - 5, -0.01, "stoploss_on_exchange");
    g_assert_cmpint(get_end(f, &guard, "BTC/EUR"), ==, NOW_US + HOUR_US);
}

static void
test_max_drawdown(Fixture *f, gconstpointer user_data)
{
    KwProtection drawdown = kw_protection_default(KW_PROTECTION_MAX_DRAWDOWN);

    drawdown.max_drawdown = 0.1;
    /* a loss that comes first is no fall from anything */
    add_closed(f, "BTC/EUR", NOW_US - 10, -0.5, "stop_loss");
    g_assert_cmpint(get_end(f, &drawdown, "*"), ==, 0);
    add_closed(f, "ETH/EUR", NOW_US - 9, 0.2, "roi");
    add_closed(f, "BTC/EUR", NOW_US - 8, -0.09, "stop_loss");
    g_assert_cmpint(get_end(f, &drawdown, "*"), ==, 0);
    add_closed(f, "ADA/EUR", NOW_US - 7, -0.02, "stop_loss");
    g_assert_cmpint(get_end(f, &drawdown, "*"), ==, NOW_US + HOUR_US);
    g_assert_cmpint(get_end(f, &drawdown, "ADA/EUR"), ==, 0);
    drawdown.trade_limit = 5;
    g_assert_cmpint(get_end(f, &drawdown, "*"), ==, 0);
}

static void
test_no_second_lock(Fixture *f, gconstpointer user_data)
{
    KwProtection cooldown = kw_protection_default(KW_PROTECTION_COOLDOWN);
    g_autoptr(KwLockList) locks = kw_lock_list_new();
    KwLock all = {.pair = "*", .until_us = NOW_US + HOUR_US, .by = "user"};

    add_closed(f, "BTC/EUR", NOW_US, 0.1, "roi");
    kw_lock_list_add(locks, &all);
    g_assert_null(
        kw_protection_add_lock(&cooldown, f->portfolio, "BTC/EUR", NOW_US, HOUR_US, locks));
    all.until_us = NOW_US + HOUR_US - 1;
    kw_lock_list_add(locks, &all);
    g_assert_nonnull(
        kw_protection_add_lock(&cooldown, f->portfolio, "BTC/EUR", NOW_US, HOUR_US, locks));
    g_assert_null(
        kw_protection_add_lock(&cooldown, f->portfolio, "BTC/EUR", NOW_US, HOUR_US, locks));
    g_assert_true(kw_lock_list_is_locked(locks, "BTC/EUR", NOW_US + 2 * HOUR_US));
    g_assert_false(kw_lock_list_is_locked(locks, "BTC/EUR", NOW_US + 2 * HOUR_US + 1));
}

static void
add(const gchar *path, void (*test)(Fixture *f, gconstpointer user_data))
{
    g_autofree gchar *full = g_strconcat("/ledger/protection/", path, NULL);

    g_test_add(full, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("names", test_names);
    add("cooldown", test_cooldown);
    add("low-profit", test_low_profit);
    add("stoploss-guard", test_stoploss_guard);
    add("max-drawdown", test_max_drawdown);
    add("no-second-lock", test_no_second_lock);
    return g_test_run();
}
