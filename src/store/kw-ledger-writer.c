/* kw-ledger-writer.c: batches in, synced transactions out
 *
 * The heads of the chains are kept in memory and put back when a batch or the transaction is
 * rolled back. After each commit the anchor gets the new heads. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-ledger-writer.h"

#include "kw-error.h"
#include "kw-ledger-rows.h"
#include "kw-migrations.h"
#include "kw-store.h"

#include <glib/gstdio.h>

#define WAL_PAGES 1000 /* then a checkpoint */
#define MARK_ROWS 1000 /* unmarked rows that are worth a new mark at start */

struct _KwLedgerWriter {
    sqlite3 *db; /* owned */
    KwLedgerRows rows;
    KwAnchor *anchor; /* owned */
    gint wal_pages;
    gboolean is_broken; /* after an I/O error nothing is written any more */
    guint64 n_lost;
};

/* -- opening -- */

/* SQLite takes an empty file for a new database. With an anchor beside it, it is a lost one. */
static gboolean
refuse_vanished(const gchar *path, const gchar *root, GError **error)
{
    KwChainHeads anchor;
    GStatBuf info;

    if ((g_stat(path, &info) == 0 && info.st_size > 0) || !kw_anchor_read(root, &anchor))
        return TRUE;
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                "%s is missing or empty, but there was one", path);
    return FALSE;
}

static int
on_wal_commit(void *user_data, sqlite3 *db, const char *name, int n_pages)
{
    KwLedgerWriter *self = user_data;

    self->wal_pages = n_pages;
    return SQLITE_OK;
}

static gboolean
compare_anchor(KwLedgerWriter *self, const gchar *root, GError **error)
{
    KwChainHeads anchor;

    if (!kw_anchor_read(root, &anchor))
        return TRUE;
    return kw_anchor_compare(self->db, &anchor, &self->n_lost, error);
}

static gboolean
verify(KwLedgerWriter *self, const gchar *root, GError **error)
{
    guint64 n_rows;

    if (!kw_chain_verify(self->db, self->rows.row, KW_CHAIN_CHECK_TAIL, &n_rows, error) ||
        !compare_anchor(self, root, error))
        return FALSE;
    if (n_rows >= MARK_ROWS && !kw_chain_mark(self->db, self->rows.row, error))
        return FALSE;
    return kw_chain_load_heads(self->db, &self->rows.heads, error);
}

/* What is said to somebody whose ledger does not open */
static void
add_advice(GError **error)
{
    if (error == NULL || *error == NULL)
        return;
    if (g_error_matches(*error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT))
        g_prefix_error(error, "ledger is damaged (left as it is; 'kurswart restore' puts back "
                              "the last backup): ");
}

static gboolean
open_all(KwLedgerWriter *self, const gchar *root, GError **error)
{
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);

    if (!refuse_vanished(path, root, error))
        return FALSE;
    self->db = kw_db_open(path, KW_DB_LEDGER, error);
    if (self->db == NULL)
        return FALSE;
    (void) sqlite3_wal_hook(self->db, on_wal_commit, self);
    kw_ledger_rows_init(&self->rows, self->db);
    if (!kw_migrations_run(self->db, KW_SCHEMA_LEDGER, G_MAXUINT, error) ||
        !verify(self, root, error))
        return FALSE;
    self->anchor = kw_anchor_open(root, error);
    if (self->anchor == NULL)
        return FALSE;
    kw_anchor_write(self->anchor, &self->rows.heads);
    return TRUE;
}

static void
release(KwLedgerWriter *self)
{
    g_clear_pointer(&self->anchor, kw_anchor_free);
    kw_ledger_rows_clear(&self->rows);
    g_clear_pointer(&self->db, sqlite3_close_v2);
    g_free(self);
}

KwLedgerWriter *
kw_ledger_writer_open(const gchar *root, GError **error)
{
    KwLedgerWriter *self;

    g_return_val_if_fail(root != NULL, NULL);

    self = g_new0(KwLedgerWriter, 1);
    if (open_all(self, root, error))
        return self;
    add_advice(error);
    release(self);
    return NULL;
}

void
kw_ledger_writer_free(KwLedgerWriter *self)
{
    if (self == NULL)
        return;
    if (!self->is_broken)
        (void) kw_chain_mark(self->db, self->rows.row, NULL);
    release(self);
}

guint64
kw_ledger_writer_get_n_lost(const KwLedgerWriter *self)
{
    return self->n_lost;
}

/* -- writing -- */

static gboolean
put_batch(KwLedgerWriter *self, const KwBatch *batch, GError **error)
{
    for (guint i = 0; i < kw_batch_get_length(batch); i++) {
        if (!kw_ledger_rows_put(&self->rows, kw_batch_get(batch, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_refusal(const GError *error)
{
    return g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS) ||
           g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_QUERY);
}

/* Returns: %FALSE when the whole transaction must end */
static gboolean
put_in_savepoint(KwLedgerWriter *self,
                 const KwBatch *batch,
                 GError **out_refusal,
                 GError **error)
{
    KwChainHeads before = self->rows.heads;
    g_autoptr(GError) local = NULL;

    if (!kw_sql_run(self->db, "SAVEPOINT batch", error))
        return FALSE;
    if (put_batch(self, batch, &local))
        return kw_sql_run(self->db, "RELEASE batch", error);
    if (!is_refusal(local)) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    self->rows.heads = before;
    *out_refusal = g_steal_pointer(&local);
    return kw_sql_run(self->db, "ROLLBACK TO batch; RELEASE batch", error);
}

static gboolean
write_group(KwLedgerWriter *self,
            const KwBatch *const *batches,
            guint n,
            GError **errors,
            GError **error)
{
    g_autoptr(KwTxn) txn = kw_txn_begin(self->db, error);

    if (txn == NULL)
        return FALSE;
    if (n == 1 && !put_batch(self, batches[0], error))
        return FALSE;
    for (guint i = 0; n > 1 && i < n; i++) {
        if (!put_in_savepoint(self, batches[i], &errors[i], error))
            return FALSE;
    }
    return kw_chain_save_heads(self->db, &self->rows.heads, error) &&
           kw_txn_commit(&txn, error);
}

gboolean
kw_ledger_writer_write(KwLedgerWriter *self,
                       const KwBatch *const *batches,
                       guint n,
                       GError **errors)
{
    KwChainHeads before = self->rows.heads;
    g_autoptr(GError) error = NULL;

    g_return_val_if_fail(self != NULL && batches != NULL && errors != NULL, FALSE);

    if (write_group(self, batches, n, errors, &error)) {
        kw_anchor_write(self->anchor, &self->rows.heads);
        return TRUE;
    }
    self->rows.heads = before;
    self->is_broken |= g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_IO);
    for (guint i = 0; i < n; i++) {
        g_clear_error(&errors[i]);
        errors[i] = g_error_copy(error);
    }
    return FALSE;
}

gboolean
kw_ledger_writer_checkpoint(KwLedgerWriter *self, GError **error)
{
    gint code;

    if (self->wal_pages < WAL_PAGES)
        return TRUE;
    self->wal_pages = 0;
    code = sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        return kw_db_fail(self->db, error);
    return TRUE;
}
