/* kw-chain.c: append-only tables whose rows prove each other
 *
 * Each row's hash covers the row before, so a changed, swapped or removed row breaks every
 * later hash; the heads, kept in the table `chain`, show rows that are missing at the end.
 * This finds damage and clumsy edits. It is no signature: who can write the file and knows
 * the method can compute a new chain; the anchor file (kw-anchor) makes even that visible.
 *
 * All rows are checked at start as long as they are few. Later the start trusts everything up
 * to the last mark, which was set after a whole check; the nightly job and the doctor still
 * check from the first row. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-chain.h"

#include "kw-error.h"

#include <string.h>

static const struct {
    const gchar *name;
    const gchar *rows_sql; /* rows after id ?1 */
    const gchar *hash_sql; /* hash of row ?1 */
} chains[KW_CHAIN_N] = {
    {"order_event", "SELECT * FROM order_event WHERE id > ?1 ORDER BY id",
     "SELECT hash FROM order_event WHERE id = ?1"},
    {"fill", "SELECT * FROM fill WHERE id > ?1 ORDER BY id",
     "SELECT hash FROM fill WHERE id = ?1"},
    {"capital", "SELECT * FROM capital WHERE id > ?1 ORDER BY id",
     "SELECT hash FROM capital WHERE id = ?1"},
    {"audit", "SELECT * FROM audit WHERE id > ?1 ORDER BY id",
     "SELECT hash FROM audit WHERE id = ?1"},
};

const gchar *
kw_chain_to_string(KwChain chain)
{
    return chains[chain].name;
}

static gboolean
fail_row(KwChain chain, gint64 id, const gchar *what, GError **error)
{
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                "table %s, row %" G_GINT64_FORMAT ": %s", chains[chain].name, id, what);
    return FALSE;
}

static void
copy_hash(sqlite3_stmt *stmt, gint index, guint8 *out)
{
    gint n = sqlite3_column_bytes(stmt, index);

    memset(out, 0, KW_HASH_BYTES);
    if (n == KW_HASH_BYTES)
        memcpy(out, sqlite3_column_blob(stmt, index), KW_HASH_BYTES);
}

/* -- heads and marks -- */

gboolean
kw_chain_load_heads(sqlite3 *db, KwChainHeads *out, GError **error)
{
    static const gchar sql[] = "SELECT n_rows, head FROM chain WHERE name = ?1";
    g_autoptr(sqlite3_stmt) stmt = NULL;

    memset(out, 0, sizeof *out);
    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    for (guint i = 0; i < KW_CHAIN_N; i++) {
        gboolean has_row;

        (void) sqlite3_bind_text(stmt, 1, chains[i].name, -1, SQLITE_STATIC);
        if (!kw_sql_step_row(stmt, &has_row, error))
            return FALSE;
        if (has_row) {
            out->heads[i].n_rows = sqlite3_column_int64(stmt, 0);
            copy_hash(stmt, 1, out->heads[i].hash);
        }
        (void) sqlite3_reset(stmt);
    }
    return TRUE;
}

gboolean
kw_chain_get_hash(sqlite3 *db, KwChain chain, gint64 id, guint8 *out_hash, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row;

    memset(out_hash, 0, KW_HASH_BYTES);
    if (!kw_sql_prepare(db, chains[chain].hash_sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, id);
    if (!kw_sql_step_row(stmt, &has_row, error))
        return FALSE;
    if (has_row)
        copy_hash(stmt, 0, out_hash);
    return TRUE;
}

gboolean
kw_chain_save_heads(sqlite3 *db, const KwChainHeads *heads, GError **error)
{
    static const gchar sql[] = "INSERT INTO chain (name, n_rows, head, marked_row, marked_hash,"
                               " seal) VALUES (?1, ?2, ?3, 0, x'', x'') ON CONFLICT (name)"
                               " DO UPDATE SET n_rows = ?2, head = ?3 WHERE n_rows <> ?2";
    g_autoptr(sqlite3_stmt) stmt = NULL;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    for (guint i = 0; i < KW_CHAIN_N; i++) {
        const KwChainHead *head = &heads->heads[i];

        (void) sqlite3_bind_text(stmt, 1, chains[i].name, -1, SQLITE_STATIC);
        (void) sqlite3_bind_int64(stmt, 2, head->n_rows);
        (void) sqlite3_bind_blob(stmt, 3, head->hash, KW_HASH_BYTES, SQLITE_STATIC);
        if (!kw_sql_step_done(stmt, error))
            return FALSE;
    }
    return TRUE;
}

static void
seal_mark(KwRow *row, const gchar *name, const KwChainHead *mark, guint8 *out_seal)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    gint64 big = GINT64_TO_BE(mark->n_rows);

    g_byte_array_append(bytes, (const guint8 *) name, (guint) strlen(name) + 1);
    g_byte_array_append(bytes, (const guint8 *) &big, sizeof big);
    g_byte_array_append(bytes, mark->hash, KW_HASH_BYTES);
    kw_row_hash_bytes(row, bytes->data, bytes->len, out_seal);
}

gboolean
kw_chain_mark(sqlite3 *db, KwRow *row, GError **error)
{
    static const gchar sql[] = "UPDATE chain SET marked_row = n_rows, marked_hash = head,"
                               " seal = ?2 WHERE name = ?1";
    g_autoptr(KwTxn) txn = kw_txn_begin(db, error);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    KwChainHeads heads;

    if (txn == NULL || !kw_chain_load_heads(db, &heads, error) ||
        !kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    for (guint i = 0; i < KW_CHAIN_N; i++) {
        guint8 seal[KW_HASH_BYTES];

        seal_mark(row, chains[i].name, &heads.heads[i], seal);
        (void) sqlite3_bind_text(stmt, 1, chains[i].name, -1, SQLITE_STATIC);
        (void) sqlite3_bind_blob(stmt, 2, seal, KW_HASH_BYTES, SQLITE_STATIC);
        if (!kw_sql_step_done(stmt, error))
            return FALSE;
    }
    return kw_txn_commit(&txn, error);
}

/* A mark that is not sealed, or whose row differs, is no mark: then all rows are checked. */
static gboolean
load_mark(sqlite3 *db, KwRow *row, KwChain chain, KwChainHead *out, GError **error)
{
    static const gchar sql[] =
        "SELECT marked_row, marked_hash, seal FROM chain WHERE name = ?1";
    guint8 seal[KW_HASH_BYTES], stored[KW_HASH_BYTES], hash[KW_HASH_BYTES];
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row;

    memset(out, 0, sizeof *out);
    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_text(stmt, 1, chains[chain].name, -1, SQLITE_STATIC);
    if (!kw_sql_step_row(stmt, &has_row, error))
        return FALSE;
    if (!has_row)
        return TRUE;
    out->n_rows = sqlite3_column_int64(stmt, 0);
    copy_hash(stmt, 1, out->hash);
    copy_hash(stmt, 2, stored);
    seal_mark(row, chains[chain].name, out, seal);
    if (!kw_chain_get_hash(db, chain, out->n_rows, hash, error))
        return FALSE;
    if (memcmp(seal, stored, KW_HASH_BYTES) != 0 || memcmp(hash, out->hash, KW_HASH_BYTES) != 0)
        memset(out, 0, sizeof *out);
    return TRUE;
}

/* -- verification -- */

static gboolean
verify_rows(sqlite3 *db, KwRow *row, KwChain chain, KwChainHead *inout, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(db, chains[chain].rows_sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, inout->n_rows);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        gint64 id;

        if (!has_row)
            return TRUE;
        id = sqlite3_column_int64(stmt, 0);
        if (id != inout->n_rows + 1)
            return fail_row(chain, inout->n_rows + 1, "is missing", error);
        if (!kw_row_check(row, stmt, inout->hash))
            return fail_row(chain, id, "hash is wrong", error);
        inout->n_rows = id;
    }
    return FALSE;
}

static gboolean
verify_chain(sqlite3 *db,
             KwRow *row,
             KwChain chain,
             const KwChainHead *head,
             KwChainHead *inout,
             GError **error)
{
    if (!verify_rows(db, row, chain, inout, error))
        return FALSE;
    if (inout->n_rows < head->n_rows)
        return fail_row(chain, inout->n_rows + 1, "is missing", error);
    if (inout->n_rows > head->n_rows)
        return fail_row(chain, head->n_rows + 1, "does not belong here", error);
    if (memcmp(inout->hash, head->hash, KW_HASH_BYTES) != 0)
        return fail_row(chain, head->n_rows, "is not the last one that was written", error);
    return TRUE;
}

gboolean
kw_chain_verify(
    sqlite3 *db, KwRow *row, KwChainCheck check, guint64 *out_n_rows, GError **error)
{
    KwChainHeads heads;
    guint64 n_rows = 0;
    gint64 n_all = 0;

    g_return_val_if_fail(db != NULL && row != NULL, FALSE);

    if (!kw_chain_load_heads(db, &heads, error))
        return FALSE;
    for (guint i = 0; i < KW_CHAIN_N; i++)
        n_all += heads.heads[i].n_rows;
    for (guint i = 0; i < KW_CHAIN_N; i++) {
        KwChainHead at = {0};
        gint64 first;

        if (check == KW_CHAIN_CHECK_TAIL && n_all > KW_CHAIN_MANY_ROWS &&
            !load_mark(db, row, (KwChain) i, &at, error))
            return FALSE;
        first = at.n_rows;
        if (!verify_chain(db, row, (KwChain) i, &heads.heads[i], &at, error))
            return FALSE;
        n_rows += (guint64) (at.n_rows - first);
    }
    if (out_n_rows != NULL)
        *out_n_rows = n_rows;
    return TRUE;
}
