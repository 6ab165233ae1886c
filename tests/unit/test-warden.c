/* test-warden.c: protections lock pairs in the whole engine, over restarts */
#include "kw-control.h"
#include "kw-db.h"
#include "kw-engine-rig.h"
#include "kw-test.h"

#include <string.h>

#define HOUR_US KW_ENGINE_RIG_HOUR_US
#define FIRST_US (G_GINT64_CONSTANT(1709528400) * G_USEC_PER_SEC)
#define N_ROWS 40
#define EXIT_ROW 6 /* of the first trade */

static gint64
at_row(guint row)
{
    return FIRST_US + row * HOUR_US;
}

/* Two pairs; both are bought in row 4 and sold in row 6, by 5 % lower, and both have a signal
 * to enter in every row from then on. */
static void
set_up(KwEngineRig *rig, const KwProtection *protection)
{
    static const gchar *const names[] = {"BTC/USDT", "ETH/USDT"};

    kw_engine_rig_init(rig);
    for (gsize p = 0; p < G_N_ELEMENTS(names); p++) {
        GArray *candles = kw_engine_rig_add_pair(rig, names[p]);
        gdouble closes[N_ROWS];

        for (guint i = 0; i < N_ROWS; i++)
            closes[i] = i < 5 ? 100 : 95;
        kw_engine_rig_add_rows(candles, FIRST_US, closes, N_ROWS);
        for (guint i = 3; i < N_ROWS; i++)
            g_array_index(candles, KwCandle, i).volume =
                i < EXIT_ROW - 1 ? (i == 3 ? 1 : 5) : 1;
        g_array_index(candles, KwCandle, EXIT_ROW - 1).volume = 2;
    }
    kw_engine_rig_set_volume_strategy(rig, "");
    rig->settings.protections[0] = *protection;
    rig->settings.n_protections = 1;
}

static const KwTrade *
get_second_trade(KwEngineRig *rig, const gchar *pair)
{
    return kw_portfolio_find_open(kw_engine_rig_get_book(rig)->portfolio, pair);
}

static KwProtection
cooldown(guint n_candles)
{
    KwProtection self = kw_protection_default(KW_PROTECTION_COOLDOWN);

    self.stop_duration_us = n_candles * HOUR_US;
    return self;
}

/* As the reference: two candles of rest after an exit in row T allow row T + 4. */
static void
check_next_entry(KwEngineRig *rig)
{
    kw_engine_rig_run_to(rig, at_row(EXIT_ROW + 4));
    g_assert_null(get_second_trade(rig, "BTC/USDT"));
    kw_engine_rig_run_to(rig, at_row(EXIT_ROW + 5));
    g_assert_nonnull(get_second_trade(rig, "BTC/USDT"));
    g_assert_cmpint(get_second_trade(rig, "BTC/USDT")->open_us, ==, at_row(EXIT_ROW + 4));
}

static void
test_cooldown(gconstpointer data)
{
    KwProtection protection = cooldown(2);
    KwEngineRig rig;

    set_up(&rig, &protection);
    rig.durability = (KwDurability) GPOINTER_TO_INT(data);
    kw_engine_rig_start(&rig, FIRST_US);
    check_next_entry(&rig);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_LOCK), ==, 0);
    kw_engine_rig_clear(&rig);
}

static void
test_survives_crash(gconstpointer data)
{
    KwProtection protection = cooldown(2);
    KwEngineRig rig;

    set_up(&rig, &protection);
    rig.durability = (KwDurability) GPOINTER_TO_INT(data);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_row(EXIT_ROW + 2));
    kw_engine_rig_crash(&rig);
    kw_engine_rig_start(&rig, 0);
    check_next_entry(&rig);
    kw_engine_rig_clear(&rig);
}

/* The process died between the exit and its lock. */
static void
test_lock_is_made_up(void)
{
    KwProtection protection = cooldown(2);
    g_autoptr(sqlite3) db = NULL;
    g_autofree gchar *path = NULL;
    KwEngineRig rig;

    set_up(&rig, &protection);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_row(EXIT_ROW + 1));
    kw_engine_rig_crash(&rig);
    path = g_build_filename(rig.root, KW_STORE_LEDGER_FILE, NULL);
    db = kw_db_open(path, KW_DB_LEDGER, NULL);
    g_assert_true(db != NULL && kw_sql_run(db, "DELETE FROM pair_lock", NULL));
    g_assert_cmpint(sqlite3_changes(db), ==, 2);
    g_clear_pointer(&db, sqlite3_close_v2);
    kw_engine_rig_start(&rig, 0);
    check_next_entry(&rig);
    kw_engine_rig_clear(&rig);
}

/* What the owner has ended does not come back, neither with the rows nor with the trades. */
static void
test_unlocked_stays_unlocked(void)
{
    KwProtection protection = cooldown(20);
    KwControlResult result;
    KwEngineRig rig;

    set_up(&rig, &protection);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_row(EXIT_ROW + 1));
    kw_control_unlock_pair(kw_engine_get_control(rig.engine), "test", "BTC/USDT", &result);
    g_assert_true(result.is_changed);
    kw_engine_rig_settle(&rig);
    kw_engine_rig_stop(&rig);
    kw_engine_rig_start(&rig, 0);
    kw_engine_rig_run_to(&rig, at_row(EXIT_ROW + 4));
    g_assert_nonnull(get_second_trade(&rig, "BTC/USDT"));
    g_assert_null(get_second_trade(&rig, "ETH/USDT"));
    kw_engine_rig_clear(&rig);
}

static void
test_drawdown_locks_all(void)
{
    KwProtection protection = kw_protection_default(KW_PROTECTION_MAX_DRAWDOWN);
    const KwEvent *event;
    KwEngineRig rig;

    protection.trade_limit = 2;
    protection.max_drawdown = 0.01;
    protection.lookback_us = 24 * HOUR_US;
    protection.stop_duration_us = 5 * HOUR_US;
    set_up(&rig, &protection);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_row(EXIT_ROW + 7));
    g_assert_null(get_second_trade(&rig, "BTC/USDT"));
    g_assert_null(get_second_trade(&rig, "ETH/USDT"));
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_LOCK), ==, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_LOCK_ALL), ==, 1);
    event = kw_engine_rig_last_event(&rig, KW_EVENT_LOCK_ALL);
    g_assert_cmpstr(event->trade.pair, ==, "*");
    g_assert_cmpstr(event->text, ==, "MaxDrawdown");
    g_assert_cmpint(event->until_us, ==, at_row(EXIT_ROW + 6));
    kw_engine_rig_run_to(&rig, at_row(EXIT_ROW + 9));
    g_assert_nonnull(get_second_trade(&rig, "ETH/USDT"));
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_data_func("/engine/warden/cooldown", GINT_TO_POINTER(KW_DURABILITY_STEP),
                         test_cooldown);
    g_test_add_data_func("/engine/warden/cooldown-in-groups",
                         GINT_TO_POINTER(KW_DURABILITY_GROUP), test_cooldown);
    g_test_add_data_func("/engine/warden/crash", GINT_TO_POINTER(KW_DURABILITY_STEP),
                         test_survives_crash);
    g_test_add_data_func("/engine/warden/crash-in-groups", GINT_TO_POINTER(KW_DURABILITY_GROUP),
                         test_survives_crash);
    g_test_add_func("/engine/warden/made-up", test_lock_is_made_up);
    g_test_add_func("/engine/warden/unlocked", test_unlocked_stays_unlocked);
    g_test_add_func("/engine/warden/drawdown", test_drawdown_locks_all);
    return g_test_run();
}
