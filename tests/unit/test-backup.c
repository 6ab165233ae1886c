/* test-backup.c: a snapshot is sound before it counts, and data is touched last */
#include "kw-backup.h"

#include "kw-check.h"
#include "kw-error.h"
#include "kw-fault-vfs.h"
#include "kw-lock-file.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#include <string.h>

#define T0 KW_TEST_T0_US
#define DAY_US (86400 * (gint64) G_USEC_PER_SEC)

typedef struct {
    gchar *root, *target;
    KwFakeClock *clock;
    KwDecimal cash;
    KwStore *store;
} Fixture;

static void
open_store(Fixture *f)
{
    g_autoptr(GError) error = NULL;

    f->store = kw_store_open(f->root, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
}

static void
append_trade(Fixture *f, gint64 id)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_test_append(f->store, kw_test_trade_batch(id, T0, &f->cash), &error));
    g_assert_no_error(error);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
    f->root = kw_test_tmp_dir_new();
    f->target = g_build_filename(f->root, KW_BACKUP_FOLDER, NULL);
    f->clock = kw_fake_clock_new(T0);
    f->cash = kw_test_decimal("1000");
    open_store(f);
    g_assert_true(kw_test_append(f->store, kw_test_start_batch(T0), NULL));
    append_trade(f, 1);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    g_clear_object(&f->store);
    g_clear_object(&f->clock);
    g_free(f->target);
    kw_test_tmp_dir_free(f->root);
}

static void
close_store(Fixture *f)
{
    kw_store_close(f->store);
    g_clear_object(&f->store);
}

static guint
count_trades(Fixture *f)
{
    g_auto(KwStoreState) state = {0};
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_store_load(f->store, KW_MODE_DRYRUN, &state, &error));
    g_assert_no_error(error);
    return state.trades->len;
}

static gchar *
make(Fixture *f, gint64 now_us, guint keep)
{
    g_autoptr(GError) error = NULL;
    gchar *path = NULL;

    g_assert_true(kw_backup_make(f->root, f->target, now_us, keep, &path, &error));
    g_assert_no_error(error);
    return path;
}

static guint
count_entries(const gchar *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n = 0;

    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void
test_backup_round_trip(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *path = make(f, T0, 3); /* while the store is open */
    g_autofree gchar *aside = NULL;
    g_autofree gchar *old = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(g_str_has_suffix(path, "kurswart-20260311T133000Z"));
    append_trade(f, 2);
    close_store(f);
    g_assert_true(kw_backup_restore(f->root, path, T0 + 1, &aside, &error));
    g_assert_no_error(error);
    open_store(f);
    g_assert_cmpuint(count_trades(f), ==, 1);
    g_assert_cmpuint(kw_store_get_n_lost_rows(f->store), ==, 0);
    old = g_build_filename(aside, KW_STORE_LEDGER_FILE, NULL);
    g_assert_true(kw_check_file(old, KW_SCHEMA_LEDGER, NULL, &error)); /* nothing thrown away */
    g_assert_no_error(error);
}

static void
test_backup_keeps_newest(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *newest = NULL;

    for (guint day = 0; day < 5; day++) {
        g_autofree gchar *path = make(f, T0 + day * DAY_US, 3);

        g_assert_nonnull(path);
        g_assert_cmpuint(count_entries(f->target), ==, MIN(day + 1, 3));
    }
    newest = kw_backup_find_newest(f->target);
    g_assert_true(g_str_has_suffix(newest, "kurswart-20260315T133000Z"));
    g_assert_true(kw_backup_verify(newest, NULL));
}

/* F44: no room for the copy: the old one stays, nothing half is left */
static void
test_backup_target_full(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *path = make(f, T0, 1);
    g_autoptr(GError) error = NULL;

    kw_fault_vfs_set(KW_VFS_FAULT_FULL, ".partial");
    g_assert_false(kw_backup_make(f->root, f->target, T0 + DAY_US, 1, NULL, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_FULL);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    g_assert_cmpuint(count_entries(f->target), ==, 1);
    g_assert_true(kw_backup_verify(path, NULL));
}

/* A damaged ledger does not push out the good snapshot. */
static void
test_backup_of_damage(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *path = make(f, T0, 1);
    g_autofree gchar *ledger = g_build_filename(f->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(ledger, KW_DB_LEDGER, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_sql_run(
        db, "DROP TRIGGER fill_no_update; UPDATE fill SET fee = '0' WHERE id = 1", NULL));
    g_assert_false(kw_backup_make(f->root, f->target, T0 + DAY_US, 1, NULL, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
    g_assert_cmpuint(count_entries(f->target), ==, 1);
    g_assert_true(kw_backup_verify(path, NULL));
}

static void
damage(const gchar *folder, const gchar *name, glong at)
{
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    FILE *file = g_fopen(path, "r+b");

    g_assert_nonnull(file);
    g_assert_cmpint(fseek(file, at, SEEK_SET), ==, 0);
    g_assert_cmpint(fputc('X', file), ==, 'X');
    g_assert_cmpint(fclose(file), ==, 0);
}

/* F44: a broken snapshot is refused before anything is touched */
static void
test_backup_restore_broken(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = make(f, T0, 3);
    g_autoptr(GError) error = NULL;

    append_trade(f, 2);
    close_store(f);
    damage(path, data, 5000);
    g_assert_false(kw_backup_restore(f->root, path, T0, NULL, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
    open_store(f);
    g_assert_cmpuint(count_trades(f), ==, 2);
}

static void
test_backup_restore_while_running(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *path = make(f, T0, 3);
    g_autoptr(KwLockFile) lock = kw_lock_file_take(f->root, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(lock);
    g_assert_false(kw_backup_restore(f->root, path, T0, NULL, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_BUSY);
}

/* The way back from F39: what the refusal advises works. */
static void
test_backup_restore_after_damage(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *path = make(f, T0, 3);
    g_autofree gchar *ledger = g_build_filename(f->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(GError) error = NULL;

    close_store(f);
    g_assert_true(g_file_set_contents(ledger, "garbage", -1, NULL));
    g_assert_null(kw_store_open(f->root, KW_CLOCK(f->clock), &error));
    g_clear_error(&error);
    g_assert_true(kw_backup_restore(f->root, path, T0, NULL, &error));
    g_assert_no_error(error);
    open_store(f);
    g_assert_cmpuint(count_trades(f), ==, 1);
}

/* -- doctor -- */

static const KwFinding *
find_bad(GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        const KwFinding *finding = g_ptr_array_index(findings, i);

        if (!finding->is_ok)
            return finding;
    }
    return NULL;
}

static void
test_backup_doctor_money(Fixture *f, gconstpointer unused)
{
    g_autoptr(GPtrArray) good = kw_store_doctor(f->root);
    g_autoptr(GPtrArray) bad = NULL;
    KwTrade trade = kw_test_trade(1, KW_TRADE_STATE_CLOSED, T0);
    KwBatch *batch = kw_batch_new();
    const KwFinding *finding;

    g_assert_cmpuint(good->len, ==, 3);
    g_assert_null(find_bad(good));

    /* every hash is right, and yet a cent is missing */
    trade.proceeds = kw_test_decimal("54.79");
    kw_batch_add_trade(batch, &trade);
    g_assert_true(kw_test_append(f->store, batch, NULL));
    bad = kw_store_doctor(f->root);
    finding = find_bad(bad);
    g_assert_true(finding != NULL &&
                  strstr(finding->detail, "table trade, row 1: proceeds") != NULL);
}

static void
test_backup_doctor_cash(Fixture *f, gconstpointer unused)
{
    g_autoptr(GPtrArray) bad = NULL;
    const KwFinding *finding;
    KwDecimal wrong = kw_test_decimal("7");

    g_assert_true(kw_test_append(f->store, kw_test_trade_batch(2, T0, &wrong), NULL));
    bad = kw_store_doctor(f->root);
    finding = find_bad(bad);
    g_assert_true(finding != NULL &&
                  strstr(finding->detail, "the cash is not the sum") != NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_fault_vfs_register();
#define ADD(name, data, func)                                                                  \
    g_test_add("/store/backup/" name, Fixture, data, set_up, func, tear_down)
    ADD("round-trip", NULL, test_backup_round_trip);
    ADD("keeps-newest", NULL, test_backup_keeps_newest);
    ADD("target-full", NULL, test_backup_target_full);
    ADD("of-damage", NULL, test_backup_of_damage);
    ADD("restore-broken-ledger", KW_STORE_LEDGER_FILE, test_backup_restore_broken);
    ADD("restore-broken-market", KW_STORE_MARKET_FILE, test_backup_restore_broken);
    ADD("restore-while-running", NULL, test_backup_restore_while_running);
    ADD("restore-after-damage", NULL, test_backup_restore_after_damage);
    ADD("doctor-money", NULL, test_backup_doctor_money);
    ADD("doctor-cash", NULL, test_backup_doctor_cash);
    return g_test_run();
}
