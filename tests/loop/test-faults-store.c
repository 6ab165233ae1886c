/* test-faults-store.c: the whole engine over a store that fails (F36 to F41) */
#include "kw-control.h"
#include "kw-db.h"
#include "kw-error.h"
#include "kw-fault-vfs.h"
#include "kw-tape.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_ENTRIES "SELECT count(*) FROM orders WHERE side = 'buy' AND state = 'filled'"

/* How often the store was told to write again */
static guint
count_back(const KwTape *tape)
{
    guint n = 0;

    for (guint i = 0; i < tape->rig->events->len; i++) {
        const KwEvent *event = &g_array_index(tape->rig->events, KwEvent, i);

        n += event->kind == KW_EVENT_BACK && strcmp(event->text, "store") == 0;
    }
    return n;
}

static void
test_f36_disk_full(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 20, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 12);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    kw_tape_run(tape, 14);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    g_assert_true(kw_store_is_full(tape->rig->store));
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_STORE), ==, 1);
    g_assert_cmpuint(count_back(tape), ==, 0);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    g_assert_cmpint(kw_tape_count(tape, N_ENTRIES), ==, 0); /* reads work */

    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    kw_tape_run(tape, 20);
    g_assert_cmpuint(count_back(tape), ==, 1);
    g_assert_false(kw_store_is_full(tape->rig->store));
    kw_tape_run(tape, 21);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    g_assert_cmpint(kw_tape_count(tape, "SELECT max(candle_us) FROM orders"), ==,
                    tape->rows[0][21].open_us);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, N_ENTRIES), ==, 1);
}

/* Where syncs are shared, memory is ahead of the disk: it waits there until the disk has room,
 * and nothing is decided twice. */
static void
test_f36_disk_full_in_groups(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 15, KW_TAPE_EXIT);
    kw_tape_flag(tape, 0, 20, KW_TAPE_ENTER);
    tape->rig->durability = KW_DURABILITY_GROUP;
    kw_tape_begin(tape);
    kw_tape_run(tape, 12);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    kw_tape_run(tape, 14);
    kw_replay_rig_sync(tape->rig);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_STORE), ==, 1);
    g_assert_true(kw_engine_is_ahead(tape->rig->engine));
    g_assert_cmpint(kw_tape_count(tape, N_ENTRIES), ==, 0);

    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    kw_tape_run(tape, 30);
    g_assert_null(tape->rig->fatal);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_STORE), ==, 1);
    g_assert_cmpuint(count_back(tape), ==, 1);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, N_ENTRIES), ==, 2);
    g_assert_cmpint(kw_tape_count(tape, "SELECT min(candle_us) FROM orders"), ==,
                    tape->rows[0][13].open_us);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM trade WHERE state = 'closed'"),
                    ==, 1);
}

/* The owner ends the bot while the disk is full: it ends, and the next start decides anew. */
static void
test_f36_stop_in_groups(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 13, KW_TAPE_EXIT);
    tape->rig->durability = KW_DURABILITY_GROUP;
    kw_tape_begin(tape);
    kw_tape_run(tape, 12);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    kw_tape_run(tape, 15);
    kw_replay_rig_sync(tape->rig);
    kw_tape_end(tape);
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    g_assert_cmpint(kw_tape_count(tape, N_ENTRIES), ==, 0);
    kw_tape_begin(tape);
    kw_tape_run(tape, 20);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM trade WHERE state = 'closed'"),
                    ==, 1);
}

/* A refusal of the first pair cannot be stored. When the row is decided again, the second pair
 * must not act on the signal of that very row. */
static void
test_f36_retry_looks_not_ahead(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 2);
    KwControlResult result;

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 1, 13, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_control_lock_pair(kw_engine_get_control(tape->rig->engine), "test", "P00/USDT",
                         G_MAXINT64, &result);
    kw_tape_run(tape, 12);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    kw_fake_clock_advance(tape->rig->clock, G_TIME_SPAN_HOUR);
    kw_replay_rig_settle(tape->rig);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_STORE), ==, 1);
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    kw_replay_rig_run(tape->rig,
                      kw_clock_now_us(KW_CLOCK(tape->rig->clock)) + G_TIME_SPAN_MINUTE);
    g_assert_cmpuint(count_back(tape), ==, 1);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    kw_tape_run(tape, 14);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    g_assert_cmpint(kw_tape_count(tape, "SELECT candle_us FROM orders"), ==,
                    tape->rows[1][14].open_us);
    kw_tape_end(tape);
}

static void
test_f37_sync_error(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 20, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 12);
    kw_fault_vfs_set(KW_VFS_FAULT_SYNC, "ledger.db");
    kw_tape_run(tape, 20);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    g_assert_nonnull(tape->rig->fatal);
    g_assert_true(kw_store_is_broken(tape->rig->store));
    kw_replay_rig_close(tape->rig);

    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    g_clear_pointer(&tape->rig->fatal, g_free);
    kw_tape_begin(tape); /* a new process */
    kw_tape_run(tape, 30);
    g_assert_null(tape->rig->fatal);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, N_ENTRIES), ==, 1);
}

/* The disk breaks in a quiet hour: the process ends without waiting for a decision. */
static void
test_f37_quiet_hour(gconstpointer data)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);

    tape->rig->durability = (KwDurability) GPOINTER_TO_INT(data);
    kw_tape_begin(tape);
    kw_tape_run(tape, 12);
    kw_engine_probe(tape->rig->engine);
    kw_replay_rig_sync(tape->rig);
    g_assert_null(tape->rig->fatal);
    kw_fault_vfs_set(KW_VFS_FAULT_SYNC, "ledger.db");
    kw_engine_probe(tape->rig->engine);
    kw_replay_rig_sync(tape->rig);
    kw_replay_rig_settle(tape->rig);
    g_assert_nonnull(tape->rig->fatal);
    kw_replay_rig_close(tape->rig);
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
}

/* Another process holds the write lock: the decision waits, is told, and is taken later. */
static void
test_f38_locked(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);
    g_autofree gchar *path = g_build_filename(tape->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) other = NULL;

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 12);
    other = kw_db_open(path, KW_DB_LEDGER, NULL);
    g_assert_true(other != NULL && kw_sql_run(other, "BEGIN IMMEDIATE", NULL));
    kw_fake_clock_advance(tape->rig->clock, G_TIME_SPAN_HOUR);
    kw_replay_rig_settle(tape->rig);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_STORE), ==, 1);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    g_assert_null(tape->rig->fatal);
    g_assert_true(kw_sql_run(other, "ROLLBACK", NULL));
    kw_tape_run(tape, 14);
    g_assert_cmpuint(count_back(tape), ==, 1);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, N_ENTRIES), ==, 1);
}

static void
test_f40_changed_row(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);
    g_autofree gchar *path = g_build_filename(tape->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) other = NULL;
    g_autoptr(GError) error = NULL;

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 20);
    kw_tape_end(tape);
    other = kw_db_open(path, KW_DB_LEDGER, NULL);
    g_assert_true(
        kw_sql_run(other, "DROP TRIGGER fill_no_update; UPDATE fill SET price = '99'", NULL));
    g_assert_cmpint(sqlite3_changes(other), ==, 1);
    g_clear_pointer(&other, sqlite3_close_v2);
    g_assert_false(kw_tape_open(tape, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, "fill"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_fault_vfs_register();
    /* the log names each failure as it should; the test looks at what follows from it */
    g_log_set_always_fatal(G_LOG_FATAL_MASK);

    g_test_add_func("/loop/faults-store/f36-disk-full", test_f36_disk_full);
    g_test_add_func("/loop/faults-store/f36-in-groups", test_f36_disk_full_in_groups);
    g_test_add_func("/loop/faults-store/f36-stop-in-groups", test_f36_stop_in_groups);
    g_test_add_func("/loop/faults-store/f36-retry", test_f36_retry_looks_not_ahead);
    g_test_add_func("/loop/faults-store/f37-sync-error", test_f37_sync_error);
    g_test_add_data_func("/loop/faults-store/f37-quiet-hour",
                         GINT_TO_POINTER(KW_DURABILITY_STEP), test_f37_quiet_hour);
    g_test_add_data_func("/loop/faults-store/f37-quiet-hour-in-groups",
                         GINT_TO_POINTER(KW_DURABILITY_GROUP), test_f37_quiet_hour);
    g_test_add_func("/loop/faults-store/f38-locked", test_f38_locked);
    g_test_add_func("/loop/faults-store/f40-changed-row", test_f40_changed_row);
    return g_test_run();
}
