/* kw-db.h: SQLite connections, transactions and statements; used on any one thread at a time */
#pragma once

#include "kw-decimal.h"

#include <sqlite3.h>

G_BEGIN_DECLS

#define KW_DB_BUSY_MS 2000 /* wait for another process before KW_STORE_ERROR_BUSY */

typedef enum {
    KW_DB_LEDGER,   /* created when missing, WAL, synchronous FULL */
    KW_DB_MARKET,   /* created when missing, WAL, synchronous NORMAL */
    KW_DB_READONLY, /* must exist; nothing is written */
} KwDbKind;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, sqlite3_close_v2)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/**
 * kw_db_open:
 *
 * Opens, sets the pragmas once and reads the header.
 *
 * Returns: (transfer full): %NULL with a #KwStoreError naming the file
 */
sqlite3 *kw_db_open(const gchar *path, KwDbKind kind, GError **error);

/**
 * kw_db_fail:
 *
 * Sets @error from the last failure of @db: %KW_STORE_ERROR_FULL, _IO, _BUSY, _CORRUPT,
 * _EXISTS, _OPEN or _QUERY.
 *
 * Returns: %FALSE always
 */
gboolean kw_db_fail(sqlite3 *db, GError **error);

/* An open transaction. Leaving the scope without kw_txn_commit() rolls it back. */
typedef sqlite3 KwTxn;

/* Returns: (transfer full): %NULL with an error */
KwTxn *kw_txn_begin(sqlite3 *db, GError **error);

/* Commits and clears *@txn; on failure the transaction stays open until its scope is left. */
gboolean kw_txn_commit(KwTxn **txn, GError **error);
void kw_txn_rollback(KwTxn *txn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTxn, kw_txn_rollback)

gboolean kw_sql_prepare(sqlite3 *db, const gchar *sql, sqlite3_stmt **out, GError **error);

/* Runs constant statements without results. */
gboolean kw_sql_run(sqlite3 *db, const gchar *sql, GError **error);

/* Runs @stmt to its end and resets it; rows are dropped. */
gboolean kw_sql_step_done(sqlite3_stmt *stmt, GError **error);

/**
 * kw_sql_step_row:
 * @out_has_row: %FALSE at the end
 */
gboolean kw_sql_step_row(sqlite3_stmt *stmt, gboolean *out_has_row, GError **error);

/* First column of the first row; @fallback when there is none or it is NULL */
gboolean
kw_sql_get_int(sqlite3 *db, const gchar *sql, gint64 fallback, gint64 *out, GError **error);

/* NaN becomes NULL, and back. */
void kw_sql_bind_real(sqlite3_stmt *stmt, gint index, gdouble value);
gdouble kw_sql_column_real(sqlite3_stmt *stmt, gint index);

/* TEXT, exact */
gboolean kw_sql_column_decimal(sqlite3_stmt *stmt, gint index, KwDecimal *out, GError **error);

/* Copies TEXT into a fixed buffer, cut at its size; NULL gives "". */
void kw_sql_copy_text(sqlite3_stmt *stmt, gint index, gchar *buffer, gsize size);

/* (nullable): borrowed until the next step */
const gchar *kw_sql_column_text(sqlite3_stmt *stmt, gint index);

G_END_DECLS
