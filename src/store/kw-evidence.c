/* kw-evidence.c: rows that verbs write, also beside a running daemon
 *
 * The writer of the ledger keeps the heads of its chains in memory, so no other process may add
 * to them. These rows have a chain of their own: its head is read in the transaction that
 * writes the next row, and all of it is verified at every reading, as there are few. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-evidence.h"

#include "kw-error.h"
#include "kw-migrations.h"
#include "kw-row.h"
#include "kw-store.h"

#include <string.h>

#define FIRST_VERSION 5 /* of the ledger that has the table */

static const gchar *const kind_names[KW_N_EVIDENCE_KINDS] = {
    [KW_EVIDENCE_GATE] = "gate",
    [KW_EVIDENCE_DRILL] = "drill",
    [KW_EVIDENCE_ORDER_BEGUN] = "order_begun",
    [KW_EVIDENCE_ORDER_DONE] = "order_done",
    [KW_EVIDENCE_LIVE] = "live",
};

const gchar *
kw_evidence_kind_to_string(KwEvidenceKind kind)
{
    g_return_val_if_fail((guint) kind < KW_N_EVIDENCE_KINDS, "");

    return kind_names[kind];
}

static gboolean
kind_from_text(const gchar *text, KwEvidenceKind *out)
{
    for (guint i = 0; i < KW_N_EVIDENCE_KINDS; i++) {
        if (g_strcmp0(kind_names[i], text) == 0) {
            *out = (KwEvidenceKind) i;
            return TRUE;
        }
    }
    return FALSE;
}

/* NULL without an error: there is none, or none that has the table */
static sqlite3 *
open_ledger(const gchar *root, KwDbKind kind, GError **error)
{
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = NULL;
    guint version = 0;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    db = kw_db_open(path, kind, error);
    if (db == NULL || !kw_migrations_check(db, KW_SCHEMA_LEDGER, &version, error) ||
        version < FIRST_VERSION)
        return NULL;
    return g_steal_pointer(&db);
}

/* -- reading -- */

static gboolean
read_row(sqlite3_stmt *stmt, GArray *rows, GError **error)
{
    KwEvidence row = {
        .time_us = sqlite3_column_int64(stmt, 1),
        .is_good = sqlite3_column_int64(stmt, 4) != 0,
    };

    if (!kind_from_text(kw_sql_column_text(stmt, 2), &row.kind)) {
        g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                    "table evidence, row %u: unknown kind", rows->len + 1);
        return FALSE;
    }
    kw_sql_copy_text(stmt, 3, row.subject, sizeof row.subject);
    kw_sql_copy_text(stmt, 5, row.detail, sizeof row.detail);
    g_array_append_val(rows, row);
    return TRUE;
}

/* All rows and the hash of the last one, zeros when there is none */
static GArray *
read_all(sqlite3 *db, KwRow *hasher, guint8 *out_hash, GError **error)
{
    static const gchar sql[] = "SELECT id, time_us, kind, subject, is_good, detail, hash"
                               " FROM evidence ORDER BY id";
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(KwEvidence));
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    memset(out_hash, 0, KW_HASH_BYTES);
    if (!kw_sql_prepare(db, sql, &stmt, error))
        return NULL;
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return g_steal_pointer(&rows);
        if (sqlite3_column_int64(stmt, 0) != (gint64) rows->len + 1 ||
            !kw_row_check(hasher, stmt, out_hash)) {
            g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                        "table evidence, row %u: hash is wrong", rows->len + 1);
            return NULL;
        }
        if (!read_row(stmt, rows, error))
            return NULL;
    }
    return NULL;
}

GArray *
kw_evidence_load(const gchar *root, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(sqlite3) db = open_ledger(root, KW_DB_READONLY, &inner);
    g_autoptr(KwRow) hasher = kw_row_new();
    guint8 hash[KW_HASH_BYTES];

    if (db != NULL)
        return read_all(db, hasher, hash, error);
    if (inner == NULL)
        return g_array_new(FALSE, FALSE, sizeof(KwEvidence));
    g_propagate_error(error, g_steal_pointer(&inner));
    return NULL;
}

const KwEvidence *
kw_evidence_find_last(const GArray *rows, KwEvidenceKind kind, const gchar *subject)
{
    for (guint i = rows->len; i > 0; i--) {
        const KwEvidence *row = &g_array_index(rows, KwEvidence, i - 1);

        if (row->kind == kind && (subject == NULL || strcmp(row->subject, subject) == 0))
            return row;
    }
    return NULL;
}

const KwEvidence *
kw_evidence_find_first(const GArray *rows, KwEvidenceKind kind)
{
    for (guint i = 0; i < rows->len; i++) {
        const KwEvidence *row = &g_array_index(rows, KwEvidence, i);

        if (row->kind == kind)
            return row;
    }
    return NULL;
}

/* -- writing -- */

static gboolean
insert(sqlite3 *db, const KwEvidence *evidence, GError **error)
{
    static const gchar sql[] = "INSERT INTO evidence (id, time_us, kind, subject, is_good,"
                               " detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    g_autoptr(KwRow) hasher = kw_row_new();
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(GArray) rows = NULL;
    guint8 hash[KW_HASH_BYTES];

    rows = read_all(db, hasher, hash, error);
    if (rows == NULL || !kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    kw_row_begin(hasher, stmt);
    kw_row_add_int(hasher, rows->len + 1);
    kw_row_add_int(hasher, evidence->time_us);
    kw_row_add_text(hasher, kind_names[evidence->kind]);
    kw_row_add_text(hasher, evidence->subject);
    kw_row_add_int(hasher, evidence->is_good != 0);
    kw_row_add_text(hasher, evidence->detail);
    return kw_row_end(hasher, hash, hash, error);
}

gboolean
kw_evidence_add(const gchar *root, const KwEvidence *row, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(sqlite3) db = NULL;
    g_autoptr(KwTxn) txn = NULL;

    g_return_val_if_fail(root != NULL && row != NULL, FALSE);

    db = open_ledger(root, KW_DB_LEDGER, &inner);
    if (db == NULL) {
        if (inner != NULL)
            g_propagate_error(error, g_steal_pointer(&inner));
        else
            g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN,
                        "%s: no ledger of this version", root);
        return FALSE;
    }
    txn = kw_txn_begin(db, error);
    return txn != NULL && insert(db, row, error) && kw_txn_commit(&txn, error);
}

/* -- what trading shows by itself -- */

guint
kw_evidence_count_paper_days(const gchar *root, gint64 since_us)
{
    static const gchar sql[] =
        "SELECT count(DISTINCT day) FROM ("
        "SELECT time_us / 86400000000 AS day FROM scan WHERE mode = 'dryrun'"
        " AND spread IS NOT NULL AND time_us >= ?1 UNION "
        "SELECT hour_us / 86400000000 FROM scan_hour WHERE mode = 'dryrun'"
        " AND spread_mean IS NOT NULL AND hour_us >= ?1)";
    g_autofree gchar *path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL))
        return 0;
    (void) sqlite3_bind_int64(stmt, 1, since_us);
    if (!kw_sql_step_row(stmt, &has_row, NULL) || !has_row)
        return 0;
    return (guint) sqlite3_column_int64(stmt, 0);
}

guint
kw_evidence_count_buys(const gchar *root)
{
    static const gchar sql[] = "SELECT count(*) FROM orders WHERE side = 'buy'";
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    gint64 n = 0;

    if (db != NULL)
        (void) kw_sql_get_int(db, sql, 0, &n, NULL);
    return (guint) n;
}

gboolean
kw_evidence_has_audit(const gchar *root, const gchar *action, gint64 since_us)
{
    static const gchar sql[] =
        "SELECT 1 FROM audit WHERE action = ?1 AND time_us >= ?2 LIMIT 1";
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL))
        return FALSE;
    (void) sqlite3_bind_text(stmt, 1, action, -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, since_us);
    return kw_sql_step_row(stmt, &has_row, NULL) && has_row;
}

gchar *
kw_evidence_dup_meta(const gchar *root, const gchar *key)
{
    static const gchar sql[] = "SELECT value FROM meta WHERE key = ?1";
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL))
        return NULL;
    (void) sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
    if (!kw_sql_step_row(stmt, &has_row, NULL) || !has_row)
        return NULL;
    return g_strdup((const gchar *) sqlite3_column_text(stmt, 0));
}
