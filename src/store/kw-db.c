/* kw-db.c: one place for pragmas, error codes and the scope of a transaction
 *
 * SQLite's many result codes are mapped to the few that a caller branches on. A full disk may
 * pass by itself; an I/O error (a failed fsync above all) may not: after it nobody knows which
 * pages reached the disk, so the handle must not be used again. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-db.h"

#include "kw-error.h"

#include <errno.h>
#include <math.h>

static KwStoreError
map_code(sqlite3 *db)
{
    gint extended = sqlite3_extended_errcode(db);

    if (sqlite3_system_errno(db) == ENOSPC && (extended & 0xff) == SQLITE_IOERR)
        return KW_STORE_ERROR_FULL;
    if (extended == SQLITE_CONSTRAINT_PRIMARYKEY || extended == SQLITE_CONSTRAINT_UNIQUE ||
        extended == SQLITE_CONSTRAINT_ROWID)
        return KW_STORE_ERROR_EXISTS;
    switch (extended & 0xff) {
    case SQLITE_FULL:
        return KW_STORE_ERROR_FULL;
    case SQLITE_IOERR:
    case SQLITE_READONLY:
        return KW_STORE_ERROR_IO;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return KW_STORE_ERROR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return KW_STORE_ERROR_CORRUPT;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return KW_STORE_ERROR_OPEN;
    default:
        return KW_STORE_ERROR_QUERY;
    }
}

gboolean
kw_db_fail(sqlite3 *db, GError **error)
{
    const gchar *path = sqlite3_db_filename(db, "main");
    g_autofree gchar *name = g_path_get_basename(path == NULL ? "" : path);

    g_set_error(error, KW_STORE_ERROR, (gint) map_code(db), "%s: %s (%d)", name,
                sqlite3_errmsg(db), sqlite3_extended_errcode(db));
    return FALSE;
}

gboolean
kw_sql_run(sqlite3 *db, const gchar *sql, GError **error)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return kw_db_fail(db, error);
    return TRUE;
}

static const gchar *
pragmas_of(KwDbKind kind)
{
    switch (kind) {
    case KW_DB_LEDGER:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
               "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY";
    case KW_DB_MARKET:
        return "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;"
               "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
               "PRAGMA temp_store=MEMORY";
    case KW_DB_READONLY:
        return "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF";
    }
    return "";
}

sqlite3 *
kw_db_open(const gchar *path, KwDbKind kind, GError **error)
{
    static const gchar header_sql[] = "SELECT count(*) FROM sqlite_schema";
    gint flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    g_autoptr(sqlite3) db = NULL;
    gint64 n;

    g_return_val_if_fail(path != NULL, NULL);

    flags |= kind == KW_DB_READONLY ? SQLITE_OPEN_READONLY
                                    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
        if (db == NULL)
            g_set_error_literal(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN, "out of memory");
        else
            (void) kw_db_fail(db, error);
        return NULL;
    }
    (void) sqlite3_busy_timeout(db, KW_DB_BUSY_MS);
    if (!kw_sql_get_int(db, header_sql, 0, &n, error) ||
        !kw_sql_run(db, pragmas_of(kind), error))
        return NULL;
    return g_steal_pointer(&db);
}

/* -- transactions -- */

KwTxn *
kw_txn_begin(sqlite3 *db, GError **error)
{
    return kw_sql_run(db, "BEGIN IMMEDIATE", error) ? db : NULL;
}

gboolean
kw_txn_commit(KwTxn **txn, GError **error)
{
    if (!kw_sql_run(*txn, "COMMIT", error))
        return FALSE;
    *txn = NULL;
    return TRUE;
}

void
kw_txn_rollback(KwTxn *txn)
{
    /* SQLite rolls back by itself after a full disk or an I/O error */
    if (txn != NULL && sqlite3_get_autocommit(txn) == 0)
        (void) sqlite3_exec(txn, "ROLLBACK", NULL, NULL, NULL);
}

/* -- statements -- */

gboolean
kw_sql_prepare(sqlite3 *db, const gchar *sql, sqlite3_stmt **out, GError **error)
{
    if (sqlite3_prepare_v2(db, sql, -1, out, NULL) != SQLITE_OK)
        return kw_db_fail(db, error);
    return TRUE;
}

gboolean
kw_sql_step_row(sqlite3_stmt *stmt, gboolean *out_has_row, GError **error)
{
    gint code = sqlite3_step(stmt);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return kw_db_fail(sqlite3_db_handle(stmt), error);
    *out_has_row = code == SQLITE_ROW;
    return TRUE;
}

gboolean
kw_sql_step_done(sqlite3_stmt *stmt, GError **error)
{
    gboolean has_row = TRUE;
    gboolean is_ok = TRUE;

    while (is_ok && has_row)
        is_ok = kw_sql_step_row(stmt, &has_row, error);
    (void) sqlite3_reset(stmt);
    return is_ok;
}

gboolean
kw_sql_get_int(sqlite3 *db, const gchar *sql, gint64 fallback, gint64 *out, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row;

    if (!kw_sql_prepare(db, sql, &stmt, error) || !kw_sql_step_row(stmt, &has_row, error))
        return FALSE;
    *out = fallback;
    if (has_row && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(stmt, 0);
    return TRUE;
}

void
kw_sql_bind_real(sqlite3_stmt *stmt, gint index, gdouble value)
{
    (void) sqlite3_bind_double(stmt, index, value); /* NaN is bound as NULL */
}

gdouble
kw_sql_column_real(sqlite3_stmt *stmt, gint index)
{
    if (sqlite3_column_type(stmt, index) == SQLITE_NULL)
        return (gdouble) NAN;
    return sqlite3_column_double(stmt, index);
}

const gchar *
kw_sql_column_text(sqlite3_stmt *stmt, gint index)
{
    return (const gchar *) sqlite3_column_text(stmt, index);
}

gboolean
kw_sql_column_decimal(sqlite3_stmt *stmt, gint index, KwDecimal *out, GError **error)
{
    const gchar *text = kw_sql_column_text(stmt, index);

    if (text == NULL || !kw_decimal_parse(text, out, NULL)) {
        g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT, "column %s is no decimal",
                    sqlite3_column_name(stmt, index));
        return FALSE;
    }
    return TRUE;
}

void
kw_sql_copy_text(sqlite3_stmt *stmt, gint index, gchar *buffer, gsize size)
{
    const gchar *text = kw_sql_column_text(stmt, index);

    (void) g_strlcpy(buffer, text == NULL ? "" : text, size);
}
