/* test-evidence.c: rows are kept in order, beside an open store, and cannot change unseen */
#include "kw-db.h"
#include "kw-error.h"
#include "kw-evidence.h"
#include "kw-store.h"
#include "kw-test.h"

#include <string.h>

#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

typedef struct {
    gchar *root;
    KwFakeClock *clock;
    KwStore *store;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->root = kw_test_tmp_dir_new();
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->store = kw_store_open(f->root, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_store_close(f->store);
    g_clear_object(&f->store);
    g_clear_object(&f->clock);
    kw_test_tmp_dir_free(f->root);
}

static void
add(Fixture *f, KwEvidenceKind kind, const gchar *subject, gint64 time_us)
{
    KwEvidence row = {.time_us = time_us, .kind = kind, .is_good = TRUE};
    g_autoptr(GError) error = NULL;

    g_strlcpy(row.subject, subject, sizeof row.subject);
    g_strlcpy(row.detail, "Einzelheit", sizeof row.detail);
    g_assert_true(kw_evidence_add(f->root, &row, &error));
    g_assert_no_error(error);
}

static GArray *
load(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    GArray *rows = kw_evidence_load(f->root, &error);

    g_assert_no_error(error);
    return rows;
}

static void
run_sql(Fixture *f, const gchar *file, const gchar *sql)
{
    g_autofree gchar *path = g_build_filename(f->root, file, NULL);
    g_autoptr(sqlite3) db = NULL;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
test_order(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) none = load(f);
    g_autoptr(GArray) rows = NULL;
    const KwEvidence *row;

    g_assert_cmpuint(none->len, ==, 0);
    add(f, KW_EVIDENCE_LIVE, "first", 1);
    add(f, KW_EVIDENCE_GATE, "ema", 2);
    add(f, KW_EVIDENCE_GATE, "rsi", 3);
    add(f, KW_EVIDENCE_LIVE, "second", 4);
    rows = load(f);
    g_assert_cmpuint(rows->len, ==, 4);
    row = kw_evidence_find_last(rows, KW_EVIDENCE_GATE, NULL);
    g_assert_cmpstr(row->subject, ==, "rsi");
    g_assert_cmpstr(row->detail, ==, "Einzelheit");
    g_assert_true(row->is_good);
    row = kw_evidence_find_last(rows, KW_EVIDENCE_GATE, "ema");
    g_assert_cmpint(row->time_us, ==, 2);
    g_assert_cmpstr(kw_evidence_find_first(rows, KW_EVIDENCE_LIVE)->subject, ==, "first");
    g_assert_null(kw_evidence_find_last(rows, KW_EVIDENCE_DRILL, NULL));
    g_assert_null(kw_evidence_find_last(rows, KW_EVIDENCE_GATE, "other"));
}

/* A verdict that is turned round afterwards is found, and nothing is added to it. */
static void
test_changed_row(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    KwEvidence more = {.time_us = 9, .kind = KW_EVIDENCE_DRILL};

    add(f, KW_EVIDENCE_GATE, "ema", 1);
    add(f, KW_EVIDENCE_DRILL, "admin", 2);
    run_sql(f, "ledger.db",
            "DROP TRIGGER evidence_no_update; UPDATE evidence SET is_good = 0 WHERE id = 1");
    g_assert_null(kw_evidence_load(f->root, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, "row 1"));
    g_clear_error(&error);
    g_assert_false(kw_evidence_add(f->root, &more, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
}

static void
test_removed_row(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    add(f, KW_EVIDENCE_GATE, "ema", 1);
    add(f, KW_EVIDENCE_DRILL, "admin", 2);
    run_sql(f, "ledger.db",
            "DROP TRIGGER evidence_no_delete; DELETE FROM evidence WHERE id = 1");
    g_assert_null(kw_evidence_load(f->root, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT);
}

static void
test_no_ledger(Fixture *f, gconstpointer data)
{
    g_autofree gchar *nowhere = g_build_filename(f->root, "nowhere", NULL);
    g_autoptr(GError) error = NULL;
    KwEvidence row = {.kind = KW_EVIDENCE_DRILL};
    g_autoptr(GArray) rows = kw_evidence_load(nowhere, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(rows->len, ==, 0);
    g_assert_false(kw_evidence_add(nowhere, &row, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN);
}

/* Replayed candles have no spread: they are no dry run. */
static void
test_paper_days(Fixture *f, gconstpointer data)
{
    static const gchar scans[] =
        "INSERT INTO column_set (id, strategy_hash, names) VALUES (1, 'x', '');"
        "INSERT INTO scan (pair, time_us, mode, price, spread, regime, column_set,"
        " column_values, has_signal, action, reason) VALUES"
        " ('A/B', 86400000000, 'dryrun', 1, 0.001, '', 1, x'', 0, '', ''),"
        " ('A/B', 86400000001, 'dryrun', 1, 0.001, '', 1, x'', 0, '', ''),"
        " ('A/B', 172800000000, 'dryrun', 1, NULL, '', 1, x'', 0, '', ''),"
        " ('A/B', 259200000000, 'live', 1, 0.001, '', 1, x'', 0, '', ''),"
        " ('A/B', 345600000000, 'dryrun', 1, 0.001, '', 1, x'', 0, '', '')";

    g_assert_cmpuint(kw_evidence_count_paper_days(f->root, 0), ==, 0);
    run_sql(f, "market.db", scans);
    g_assert_cmpuint(kw_evidence_count_paper_days(f->root, 0), ==, 2);
    g_assert_cmpuint(kw_evidence_count_paper_days(f->root, 3 * DAY_US), ==, 1);
}

static void
test_audit(Fixture *f, gconstpointer data)
{
    run_sql(f, "ledger.db",
            "INSERT INTO audit (id, time_us, mode, actor, action, detail, hash)"
            " VALUES (1, 50, 'dryrun', 'admin:1', 'status', '', x'')");
    g_assert_true(kw_evidence_has_audit(f->root, "status", 50));
    g_assert_false(kw_evidence_has_audit(f->root, "status", 51));
    g_assert_false(kw_evidence_has_audit(f->root, "stop", 0));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/store/evidence/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("order", test_order);
    ADD("changed-row", test_changed_row);
    ADD("removed-row", test_removed_row);
    ADD("no-ledger", test_no_ledger);
    ADD("paper-days", test_paper_days);
    ADD("audit", test_audit);
    return g_test_run();
}
