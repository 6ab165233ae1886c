/* What the owner and the limits said has to hold: over midnight, restarts and full disks. */
#include "kw-engine-rig.h"
#include "kw-fault-vfs.h"
#include "kw-kill-file.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#define HOUR_US KW_ENGINE_RIG_HOUR_US
#define N_ROWS 60

/* 2024-03-04 06:00 in Vienna */
#define FIRST_US (G_GINT64_CONSTANT(1709528400) * G_USEC_PER_SEC)

static gint64
at_hour(guint hours)
{
    return FIRST_US + hours * HOUR_US;
}

/* Buys at hour 4 for 100; from hour 6 on the price is 8 % lower. */
static void
set_up_fall(KwEngineRig *rig)
{
    GArray *candles;
    gdouble closes[N_ROWS];

    kw_engine_rig_init(rig);
    candles = kw_engine_rig_add_pair(rig, "BTC/USDT");
    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = i < 6 ? 100 : 92;
    kw_engine_rig_add_rows(candles, FIRST_US, closes, N_ROWS);
    g_array_index(candles, KwCandle, 3).volume = 1;
    kw_engine_rig_set_volume_strategy(rig, "");
    rig->limits.max_daily_loss_abs = kw_test_decimal("5");
    rig->settings.stake.stake_amount = kw_test_decimal("100");
}

/* -- what was refused -- */

/* The signal of hour 3 is refused while the owner has stopped the bot; then the process dies,
 * is started, and the owner starts trading before the row is decided again. */
static void
test_refused_stays_refused(gconstpointer data)
{
    KwControlResult result;
    KwEngineRig rig;
    KwBook *book;

    set_up_fall(&rig);
    rig.durability = (KwDurability) GPOINTER_TO_INT(data);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_control_stop(kw_engine_get_control(rig.engine), "test", 0, &result);
    kw_engine_rig_run_to(&rig, at_hour(4));
    kw_fake_clock_advance(rig.clock, HOUR_US);
    while (kw_engine_rig_count_events(&rig, KW_EVENT_REJECTED) == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    for (guint i = 0; i < 3 && rig.durability == KW_DURABILITY_GROUP; i++)
        (void) g_main_context_iteration(NULL, TRUE); /* the end of the step */
    kw_engine_rig_crash(&rig);

    kw_engine_rig_start(&rig, 0);
    book = kw_engine_rig_get_book(&rig);
    g_assert_cmpint(book->slots[0].refused_us, ==, at_hour(3));
    kw_control_start(kw_engine_get_control(rig.engine), "test", &result);
    g_assert_false(result.is_refused);
    kw_engine_rig_run_to(&rig, at_hour(5));
    g_assert_cmpint(book->row_us, ==, at_hour(5));
    g_assert_cmpuint(kw_portfolio_get_n_open(book->portfolio), ==, 0);
    kw_engine_rig_clear(&rig);
}

/* -- stop, pause and the limit of the day -- */

/* A limit that is hit while entries are off anyway changes nothing, and is told once. */
static void
test_breach_while_paused(void)
{
    KwControlResult result;
    KwEngineRig rig;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(5) + HOUR_US / 2);
    kw_control_pause(kw_engine_get_control(rig.engine), "test", 0, &result);
    kw_engine_rig_run_to(&rig, at_hour(12));
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_PAUSED);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_HALT), ==, 1);
    g_assert_cmpuint(kw_engine_rig_last_event(&rig, KW_EVENT_HALT)->count, ==, 1);
    kw_engine_rig_clear(&rig);
}

static void
test_halt_of_the_day(void)
{
    KwEngineRig rig;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(10));
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_HALTED);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_HALT), ==, 1);
    kw_engine_rig_clear(&rig);
}

typedef void (*SayFunc)(KwControl *, const gchar *, gint64, KwControlResult *);

/* @say before the limit is hit at hour 7, and midnight at hour 18 */
static void
check_word_holds(SayFunc say, KwRunState state)
{
    KwControlResult result;
    KwEngineRig rig;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(5) + HOUR_US / 2);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_engine_rig_get_book(&rig)->portfolio), ==, 1);
    say(kw_engine_get_control(rig.engine), "test", 0, &result);
    for (guint hour = 6; hour < 40; hour++) {
        kw_engine_rig_run_to(&rig, at_hour(hour));
        g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, state);
    }
    kw_control_start(kw_engine_get_control(rig.engine), "test", &result);
    g_assert_true(result.is_refused); /* the loss is still open */
    kw_engine_rig_clear(&rig);
}

static void
test_stop_over_midnight(void)
{
    check_word_holds(kw_control_stop, KW_RUN_STATE_STOPPED);
}

static void
test_pause_over_midnight(void)
{
    check_word_holds(kw_control_pause, KW_RUN_STATE_PAUSED);
}

static void
test_stop_after_halt(void)
{
    KwControlResult result;
    KwEngineRig rig;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(10));
    kw_control_stop(kw_engine_get_control(rig.engine), "test", 0, &result);
    kw_engine_rig_run_to(&rig, at_hour(40));
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_STOPPED);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_HALT), ==, 1);
    kw_engine_rig_clear(&rig);
}

static void
test_shorter_lock(void)
{
    KwControlResult result;
    KwEngineRig rig;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_control_lock_pair(kw_engine_get_control(rig.engine), "test", "BTC/USDT", at_hour(30),
                         &result);
    g_assert_true(result.is_changed);
    kw_control_lock_pair(kw_engine_get_control(rig.engine), "test", "BTC/USDT", at_hour(2),
                         &result);
    g_assert_false(result.is_changed);
    kw_engine_rig_run_to(&rig, at_hour(8));
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_engine_rig_get_book(&rig)->portfolio), ==, 0);
    kw_control_lock_pair(kw_engine_get_control(rig.engine), "test", "BTC/USDT", at_hour(40),
                         &result);
    g_assert_true(result.is_changed);
    kw_engine_rig_clear(&rig);
}

/* -- what cannot be read -- */

static void
test_unreadable(gconstpointer data)
{
    const gchar *const *row = data;
    KwEngineRig rig;
    KwBatch *batch = kw_batch_new();
    g_autoptr(GError) error = NULL;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(1));
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_RUNNING);
    kw_batch_add_meta(batch, row[0], row[1], at_hour(1));
    g_assert_true(kw_test_append(rig.store, batch, &error));
    g_assert_no_error(error);
    kw_engine_rig_crash(&rig);

    kw_engine_rig_start(&rig, FIRST_US);
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_STOPPED);
    kw_engine_rig_clear(&rig);
}

/* -- a row of losses -- */

static void
test_losses_after_start(void)
{
    KwControlResult result;
    KwEngineRig rig;

    set_up_fall(&rig);
    rig.limits.max_daily_loss_abs = KW_DECIMAL_ZERO;
    rig.limits.max_losses_in_row = 1;
    g_array_index(rig.candles[0], KwCandle, 7).volume = 2;
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(12));
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_HALTED);
    kw_engine_rig_crash(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_HALTED);

    kw_control_start(kw_engine_get_control(rig.engine), "test", &result);
    g_assert_false(result.is_refused);
    kw_engine_rig_run_to(&rig, at_hour(13));
    kw_engine_rig_crash(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(15));
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_RUNNING);
    kw_engine_rig_clear(&rig);
}

/* -- equity over a restart -- */

/* Two trades; the highest equity is inside the second day, above what its midnights know. */
static void
set_up_path(KwEngineRig *rig)
{
    gdouble closes[N_ROWS];
    GArray *candles;

    kw_engine_rig_init(rig);
    candles = kw_engine_rig_add_pair(rig, "BTC/USDT");
    for (guint i = 0; i < N_ROWS; i++) {
        gint from_top = (gint) (i % 20) - 8;

        closes[i] = 120 - 2 * ABS(from_top) - i / 20;
    }
    kw_engine_rig_add_rows(candles, FIRST_US, closes, N_ROWS);
    g_array_index(candles, KwCandle, 4).volume = 1;
    g_array_index(candles, KwCandle, 11).volume = 2;
    g_array_index(candles, KwCandle, 14).volume = 1;
    g_array_index(candles, KwCandle, 29).volume = 2;
    kw_engine_rig_set_volume_strategy(rig, "");
    rig->limits.max_price_jump_ratio = 0.9;
}

static KwTracker
run_path(guint hours, guint crash_at)
{
    KwEngineRig rig;
    KwTracker tracker;

    set_up_path(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    if (crash_at > 0) {
        kw_engine_rig_run_to(&rig, at_hour(crash_at));
        kw_engine_rig_stop(&rig);
        kw_engine_rig_start(&rig, FIRST_US);
    }
    kw_engine_rig_run_to(&rig, at_hour(hours));
    tracker = kw_engine_rig_get_book(&rig)->tracker;
    kw_engine_rig_clear(&rig);
    return tracker;
}

static void
test_peak_over_restart(void)
{
    const guint hours = 56;
    KwTracker straight = run_path(hours, 0);

    g_assert_cmpint(kw_decimal_cmp(straight.peak, kw_test_decimal("1000")), >, 0);
    for (guint crash_at = 3; crash_at < hours; crash_at += 4) {
        KwTracker restarted = run_path(hours, crash_at);
        gchar have[KW_DECIMAL_TEXT_SIZE], want[KW_DECIMAL_TEXT_SIZE];

        g_assert_cmpstr(kw_decimal_to_text(restarted.peak, have), ==,
                        kw_decimal_to_text(straight.peak, want));
        g_assert_cmpstr(kw_decimal_to_text(restarted.equity, have), ==,
                        kw_decimal_to_text(straight.equity, want));
    }
}

/* -- end -- */

/* What the start wrote is on disk. */
static void
wait_for_ledger(KwEngineRig *rig)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_test_append(rig->store, kw_batch_new(), &error));
    g_assert_no_error(error);
}

static void
test_stop_on_a_full_disk(void)
{
    KwEngineRig rig;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(4));
    wait_for_ledger(&rig);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger");
    kw_fake_clock_advance_to(rig.clock, at_hour(5)); /* the entry cannot be stored */
    while (kw_engine_rig_count_events(&rig, KW_EVENT_STORE) == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    kw_engine_rig_stop(&rig); /* waits for its end */
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    kw_engine_rig_clear(&rig);
}

/* The step is under way when the stop comes, and fails after that. */
static void
test_stop_before_failure(void)
{
    KwEngineRig rig;

    set_up_fall(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, at_hour(4));
    wait_for_ledger(&rig);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger");
    kw_fake_clock_advance_to(rig.clock, at_hour(5));
    while (kw_engine_is_idle(rig.engine))
        (void) g_main_context_iteration(NULL, TRUE);
    kw_engine_rig_stop(&rig);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    kw_engine_rig_clear(&rig);
}

/* @is_kill: the kill switch, else the stop; said on a full disk and again when there is room */
static void
check_said_again(gboolean is_kill)
{
    KwControlResult result;
    KwEngineRig rig;
    g_autofree gchar *latch = NULL;

    set_up_fall(&rig);
    latch = g_build_filename(rig.root, KW_KILL_FILE, NULL);
    kw_engine_rig_start(&rig, FIRST_US);
    wait_for_ledger(&rig);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger");
    for (guint i = 0; i < 2; i++) {
        if (is_kill)
            kw_control_kill_on(kw_engine_get_control(rig.engine), "test", &result);
        else
            kw_control_stop(kw_engine_get_control(rig.engine), "test", 0, &result);
        g_assert_cmpint(result.is_changed, ==, i == 0);
        (void) kw_test_append(rig.store, kw_batch_new(), NULL);
        g_assert_cmpuint(kw_fault_vfs_get_n_hits() > 0, ==, i == 0);
        kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
        if (is_kill && i == 0)
            g_assert_cmpint(g_remove(latch), ==, 0); /* there was no room for it either */
    }
    kw_engine_rig_crash(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    if (is_kill)
        g_assert_true(kw_kill_switch_is_tripped(kw_engine_rig_get_book(&rig)->kill));
    else
        g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_STOPPED);
    kw_engine_rig_clear(&rig);
}

static void
test_stop_said_again(void)
{
    check_said_again(FALSE);
}

static void
test_kill_said_again(void)
{
    check_said_again(TRUE);
}

static void
test_first_rows_fail(void)
{
    KwEngineRig rig;
    g_autoptr(GError) error = NULL;

    set_up_fall(&rig);
    g_assert_true(kw_engine_rig_build(&rig, FIRST_US, &error));
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger");
    kw_engine_start(rig.engine);
    while (!rig.is_fatal)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    static const gchar *const state_row[] = {"run_state", "runing"};
    static const gchar *const threshold_row[] = {"threshold", "abc"};
    static const gchar *const high_row[] = {"threshold", "75"};

    g_test_init(&argc, &argv, NULL);
    kw_fault_vfs_register();
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
    g_test_add_data_func("/run-state/refused", GINT_TO_POINTER(KW_DURABILITY_STEP),
                         test_refused_stays_refused);
    g_test_add_data_func("/run-state/refused-in-groups", GINT_TO_POINTER(KW_DURABILITY_GROUP),
                         test_refused_stays_refused);
    g_test_add_func("/run-state/breach-while-paused", test_breach_while_paused);
    g_test_add_func("/run-state/halt-of-the-day", test_halt_of_the_day);
    g_test_add_func("/run-state/stop-over-midnight", test_stop_over_midnight);
    g_test_add_func("/run-state/pause-over-midnight", test_pause_over_midnight);
    g_test_add_func("/run-state/stop-after-halt", test_stop_after_halt);
    g_test_add_func("/run-state/shorter-lock", test_shorter_lock);
    g_test_add_data_func("/run-state/unreadable/state", state_row, test_unreadable);
    g_test_add_data_func("/run-state/unreadable/threshold", threshold_row, test_unreadable);
    g_test_add_data_func("/run-state/unreadable/threshold-range", high_row, test_unreadable);
    g_test_add_func("/run-state/losses-after-start", test_losses_after_start);
    g_test_add_func("/run-state/peak-over-restart", test_peak_over_restart);
    g_test_add_func("/run-state/stop-on-a-full-disk", test_stop_on_a_full_disk);
    g_test_add_func("/run-state/stop-before-failure", test_stop_before_failure);
    g_test_add_func("/run-state/stop-said-again", test_stop_said_again);
    g_test_add_func("/run-state/kill-said-again", test_kill_said_again);
    g_test_add_func("/run-state/first-rows-fail", test_first_rows_fail);
    return g_test_run();
}
