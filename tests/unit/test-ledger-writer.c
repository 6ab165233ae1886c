/* test-ledger-writer.c: disks that fail, files that were touched, versions that differ */
#include "kw-ledger-writer.h"

#include "kw-error.h"
#include "kw-fault-vfs.h"
#include "kw-migrations.h"
#include "kw-reserve.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#include <string.h>

#include <unistd.h>

#define T0 KW_TEST_T0_US

typedef struct {
    gchar *root, *ledger;
    KwFakeClock *clock;
    KwDecimal cash;
    KwStore *store;
} Fixture;

static KwStore *
open_store(Fixture *f, GError **error)
{
    return kw_store_open(f->root, KW_CLOCK(f->clock), error);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    f->root = kw_test_tmp_dir_new();
    f->ledger = g_build_filename(f->root, KW_STORE_LEDGER_FILE, NULL);
    f->clock = kw_fake_clock_new(T0);
    f->cash = kw_test_decimal("1000");
    f->store = open_store(f, &error);
    g_assert_no_error(error);
    g_assert_true(kw_test_append(f->store, kw_test_start_batch(T0), &error));
    for (gint64 id = 1; id <= 20; id++)
        g_assert_true(kw_test_append(f->store, kw_test_trade_batch(id, T0, &f->cash), &error));
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    g_clear_object(&f->store);
    g_clear_object(&f->clock);
    g_free(f->ledger);
    kw_test_tmp_dir_free(f->root);
}

static void
close_store(Fixture *f)
{
    kw_store_close(f->store);
    g_clear_object(&f->store);
}

static void
assert_refused(Fixture *f, KwStoreError code, const gchar *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(open_store(f, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, KW_STORE_ERROR, (gint) code);
    g_assert_nonnull(strstr(error->message, part));
}

static void
assert_opens(Fixture *f, guint n_trades, guint64 n_lost)
{
    g_auto(KwStoreState) state = {0};
    g_autoptr(GError) error = NULL;

    f->store = open_store(f, &error);
    g_assert_no_error(error);
    g_assert_true(kw_store_load(f->store, KW_MODE_DRYRUN, &state, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(state.trades->len, ==, n_trades);
    g_assert_cmpuint(kw_store_get_n_lost_rows(f->store), ==, n_lost);
}

/* -- F36: disk full -- */

static void
test_writer_disk_full(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *reserve = g_build_filename(f->root, KW_RESERVE_FILE, NULL);
    g_autoptr(GError) error = NULL;
    KwDecimal cash = f->cash;
    g_auto(KwStoreState) state = {0};

    g_assert_true(g_file_test(reserve, G_FILE_TEST_EXISTS));
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    g_assert_false(kw_test_append(f->store, kw_test_trade_batch(21, T0, &cash), &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_FULL);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    g_clear_error(&error);
    g_assert_true(kw_store_is_full(f->store));
    g_assert_false(kw_store_is_broken(f->store));
    g_assert_false(g_file_test(reserve, G_FILE_TEST_EXISTS)); /* room for the alert */
    g_assert_true(kw_store_load(f->store, KW_MODE_DRYRUN, &state, &error)); /* reads work */
    g_assert_cmpuint(state.trades->len, ==, 20);

    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    g_assert_true(kw_test_append(f->store, kw_test_trade_batch(21, T0, &f->cash), &error));
    g_assert_no_error(error);
    g_assert_false(kw_store_is_full(f->store));
    g_assert_true(g_file_test(reserve, G_FILE_TEST_EXISTS));
    close_store(f);
    assert_opens(f, 21, 0);
}

/* -- F37: a sync that fails -- */

static void
test_writer_sync_error(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    KwDecimal cash = f->cash;

    kw_fault_vfs_set(KW_VFS_FAULT_SYNC, "ledger.db");
    g_assert_false(kw_test_append(f->store, kw_test_trade_batch(21, T0, &cash), &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_IO);
    g_assert_cmpuint(kw_fault_vfs_get_n_hits(), >, 0);
    g_clear_error(&error);
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");

    /* the disk is well again, the handle is not */
    g_assert_true(kw_store_is_broken(f->store));
    g_assert_false(kw_test_append(f->store, kw_test_trade_batch(22, T0, &cash), &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_IO);
    close_store(f);
    assert_opens(f, 20, 0);
}

/* -- F38: held by another process -- */

static void
test_writer_busy(Fixture *f, gconstpointer unused)
{
    g_autoptr(sqlite3) other = kw_db_open(f->ledger, KW_DB_LEDGER, NULL);
    g_autoptr(GError) error = NULL;
    KwDecimal cash = f->cash;
    gint64 start_us = g_get_monotonic_time();

    g_assert_true(kw_sql_run(other, "BEGIN IMMEDIATE", NULL));
    g_assert_false(kw_test_append(f->store, kw_test_trade_batch(21, T0, &cash), &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_BUSY);
    g_assert_cmpint(g_get_monotonic_time() - start_us, >=, KW_DB_BUSY_MS * 900);
    g_clear_error(&error);
    g_assert_true(kw_sql_run(other, "ROLLBACK", NULL));
    g_assert_true(kw_test_append(f->store, kw_test_trade_batch(21, T0, &f->cash), &error));
}

/* -- F39: broken files -- */

static void
overwrite(const gchar *path, goffset at, const gchar *bytes, gsize n)
{
    FILE *file = g_fopen(path, "r+b");

    g_assert_nonnull(file);
    g_assert_cmpint(fseek(file, (long) at, SEEK_SET), ==, 0);
    g_assert_cmpuint(fwrite(bytes, 1, n, file), ==, n);
    g_assert_cmpint(fclose(file), ==, 0);
}

static void
test_writer_broken_header(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *before = NULL;
    g_autofree gchar *after = NULL;
    gsize n_before, n_after;

    close_store(f);
    overwrite(f->ledger, 0, "no database at all", 18);
    g_assert_true(g_file_get_contents(f->ledger, &before, &n_before, NULL));
    assert_refused(f, KW_STORE_ERROR_CORRUPT, "kurswart restore");
    g_assert_true(g_file_get_contents(f->ledger, &after, &n_after, NULL));
    g_assert_cmpuint(n_before, ==, n_after);
    g_assert_cmpint(memcmp(before, after, n_after), ==, 0); /* kept as it is */
}

static void
test_writer_truncated(Fixture *f, gconstpointer unused)
{
    close_store(f);
    g_assert_cmpint(truncate(f->ledger, 20000), ==, 0);
    assert_refused(f, KW_STORE_ERROR_CORRUPT, "kurswart restore");
}

static void
test_writer_empty_or_gone(Fixture *f, gconstpointer unused)
{
    close_store(f);
    g_assert_cmpint(truncate(f->ledger, 0), ==, 0);
    assert_refused(f, KW_STORE_ERROR_CORRUPT, "missing or empty");
    g_assert_cmpint(g_unlink(f->ledger), ==, 0);
    assert_refused(f, KW_STORE_ERROR_CORRUPT, "missing or empty");
    g_assert_false(g_file_test(f->ledger, G_FILE_TEST_EXISTS));
}

/* -- F40: changed rows -- */

static void
tamper(Fixture *f, const gchar *sql)
{
    g_autoptr(sqlite3) db = kw_db_open(f->ledger, KW_DB_LEDGER, NULL);
    g_autoptr(GError) error = NULL;

    (void) kw_sql_run(db,
                      "DROP TRIGGER fill_no_update; DROP TRIGGER fill_no_delete;"
                      "DROP TRIGGER capital_no_update; DROP TRIGGER audit_no_delete;"
                      "DROP TRIGGER order_event_no_update; DROP TRIGGER order_event_no_delete",
                      NULL);
    g_assert_true(kw_sql_run(db, sql, &error));
    g_assert_no_error(error);
}

static void
test_writer_changed_rows(Fixture *f, gconstpointer data)
{
    const gchar *const *row = data;

    close_store(f);
    tamper(f, row[0]);
    assert_refused(f, KW_STORE_ERROR_CORRUPT, row[1]);
}

static const gchar *const changed_price[] = {"UPDATE fill SET price = '100.01' WHERE id = 7",
                                             "table fill, row 7: hash is wrong"};
static const gchar *const changed_hash[] = {
    "UPDATE capital SET hash = (SELECT hash FROM capital WHERE id = 2) WHERE id = 5",
    "table capital, row 5: hash is wrong"};
static const gchar *const removed_row[] = {"DELETE FROM order_event WHERE id = 30",
                                           "table order_event, row 30: is missing"};
static const gchar *const removed_last[] = {"DELETE FROM fill WHERE id = 40",
                                            "table fill, row 40: is missing"};
static const gchar *const swapped_rows[] = {
    "UPDATE fill SET id = 99 WHERE id = 3; UPDATE fill SET id = 3 WHERE id = 4;"
    "UPDATE fill SET id = 4 WHERE id = 99",
    "table fill, row 3: hash is wrong"};
static const gchar *const foreign_row[] = {
    "INSERT INTO fill SELECT 41, time_us, 'x', client_id, pair, mode, side, price, amount, fee,"
    " hash FROM fill WHERE id = 40",
    "table fill, row 41: hash is wrong"};

/* A bit flipped in the file itself */
static void
test_writer_flipped_byte(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *bytes = NULL;
    gchar *found;
    gsize n;

    close_store(f);
    g_assert_true(g_file_get_contents(f->ledger, &bytes, &n, NULL));
    found = memmem(bytes, n, "es-13b", 5); /* part of a fill's id */
    g_assert_nonnull(found);
    overwrite(f->ledger, found - bytes, "fs", 2);
    assert_refused(f, KW_STORE_ERROR_CORRUPT, "hash is wrong");
}

/* Trades are not chained; each has its own hash, read when they are loaded. */
static void
test_writer_changed_trade(Fixture *f, gconstpointer unused)
{
    g_auto(KwStoreState) state = {0};
    g_autoptr(GError) error = NULL;

    close_store(f);
    tamper(f, "UPDATE trade SET profit_abs = '9999' WHERE id = 12");
    f->store = open_store(f, &error);
    g_assert_no_error(error);
    g_assert_false(kw_store_load(f->store, KW_MODE_DRYRUN, &state, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, "table trade, row 12"));
    g_assert_null(state.trades);
}

/* -- F41: files beside the database -- */

static void
test_writer_lost_wal(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *wal = g_strconcat(f->ledger, "-wal", NULL);
    g_autofree gchar *bytes = NULL;
    gsize n;

    close_store(f); /* all in the database file now */
    assert_opens(f, 20, 0);
    g_assert_true(kw_test_append(f->store, kw_test_trade_batch(21, T0, &f->cash), NULL));
    g_assert_true(g_file_get_contents(f->ledger, &bytes, &n, NULL)); /* without the WAL */
    g_assert_true(g_file_test(wal, G_FILE_TEST_EXISTS));
    close_store(f);
    g_assert_true(g_file_set_contents(f->ledger, bytes, (gssize) n, NULL));
    (void) g_unlink(wal);
    assert_opens(f, 20, 8); /* 4 order events, 2 fills, 2 capital rows */
}

/* An older copy put in place, to which other rows were added since */
static void
test_writer_other_history(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *anchor = g_build_filename(f->root, "ledger.anchor", NULL);
    g_autofree gchar *old_db = NULL;
    g_autofree gchar *known = NULL;
    KwDecimal cash = f->cash;
    gsize n_db, n_known;

    close_store(f);
    g_assert_true(g_file_get_contents(f->ledger, &old_db, &n_db, NULL));
    assert_opens(f, 20, 0);
    g_assert_true(kw_test_append(f->store, kw_test_trade_batch(21, T0, &cash), NULL));
    close_store(f);
    g_assert_true(g_file_get_contents(anchor, &known, &n_known, NULL));

    g_assert_true(g_file_set_contents(f->ledger, old_db, (gssize) n_db, NULL));
    (void) g_unlink(anchor);
    assert_opens(f, 20, 0);
    g_assert_true(kw_test_append(f->store, kw_test_trade_batch(77, T0, &f->cash), NULL));
    close_store(f);
    g_assert_true(g_file_set_contents(anchor, known, (gssize) n_known, NULL));
    assert_refused(f, KW_STORE_ERROR_CORRUPT, "not the row that was written");
}

/* -- F42: newer -- */

static void
test_writer_newer(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *before = NULL;
    g_autofree gchar *after = NULL;
    gsize n_before, n_after;

    close_store(f);
    tamper(f, "PRAGMA user_version = 9999");
    g_assert_true(g_file_get_contents(f->ledger, &before, &n_before, NULL));
    assert_refused(f, KW_STORE_ERROR_NEWER, "9999");
    g_assert_true(g_file_get_contents(f->ledger, &after, &n_after, NULL));
    g_assert_cmpuint(n_before, ==, n_after);
    g_assert_cmpint(memcmp(before, after, n_after), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_fault_vfs_register();
#define ADD(name, data, func)                                                                  \
    g_test_add("/store/ledger-writer/" name, Fixture, data, set_up, func, tear_down)
    ADD("disk-full", NULL, test_writer_disk_full);
    ADD("sync-error", NULL, test_writer_sync_error);
    ADD("busy", NULL, test_writer_busy);
    ADD("broken-header", NULL, test_writer_broken_header);
    ADD("truncated", NULL, test_writer_truncated);
    ADD("empty-or-gone", NULL, test_writer_empty_or_gone);
    ADD("changed-price", changed_price, test_writer_changed_rows);
    ADD("changed-hash", changed_hash, test_writer_changed_rows);
    ADD("removed-row", removed_row, test_writer_changed_rows);
    ADD("removed-last", removed_last, test_writer_changed_rows);
    ADD("swapped-rows", swapped_rows, test_writer_changed_rows);
    ADD("foreign-row", foreign_row, test_writer_changed_rows);
    ADD("flipped-byte", NULL, test_writer_flipped_byte);
    ADD("changed-trade", NULL, test_writer_changed_trade);
    ADD("lost-wal", NULL, test_writer_lost_wal);
    ADD("other-history", NULL, test_writer_other_history);
    ADD("newer", NULL, test_writer_newer);
    return g_test_run();
}
