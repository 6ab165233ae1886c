/* kw-store.c: the ledger's writer thread behind the journal port
 *
 * The main context only queues; the thread groups what is queued into one synced transaction.
 * A batch is answered when its transaction is on disk. The flags "full" and "broken" are set
 * by the thread and read anywhere. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-store.h"

#include "kw-error.h"
#include "kw-ledger-reader.h"
#include "kw-ledger-writer.h"
#include "kw-reserve.h"
#include "kw-writer.h"

#include <glib/gstdio.h>

#define GROUP_RECORDS 2000

struct _KwStore {
    GObject parent_instance;

    gchar *root;            /* owned */
    KwClock *clock;         /* owned */
    KwMarketStore *market;  /* owned */
    KwLedgerWriter *ledger; /* owned; used by the thread alone while it runs */
    KwWriter *writer;       /* owned; NULL when closed */
    guint64 n_lost;
    gint is_full;   /* atomic */
    gint is_broken; /* atomic */
};

static void journal_iface_init(KwJournalInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwStore,
                              kw_store,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_JOURNAL, journal_iface_init))

/* -- on the writer thread -- */

static void
note_failure(KwStore *self, const GError *error)
{
    if (g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_FULL)) {
        g_atomic_int_set(&self->is_full, TRUE);
        kw_reserve_release(self->root);
    }
    if (g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_IO) ||
        g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT))
        g_atomic_int_set(&self->is_broken, TRUE);
}

static void
after_commit(KwStore *self)
{
    g_autoptr(GError) error = NULL;

    if (!kw_ledger_writer_checkpoint(self->ledger, &error))
        note_failure(self, error);
    if (g_atomic_int_get(&self->is_full) && kw_reserve_take(self->root))
        g_atomic_int_set(&self->is_full, FALSE);
}

static void
refuse_jobs(KwJob *const *jobs, guint n_jobs)
{
    for (guint i = 0; i < n_jobs; i++)
        jobs[i]->error =
            g_error_new_literal(KW_STORE_ERROR, KW_STORE_ERROR_IO,
                                "the ledger failed before and must be opened by a new process");
}

static void
write_jobs(KwJob *const *jobs, guint n_jobs, gpointer user_data)
{
    g_autofree const KwBatch **batches = g_new0(const KwBatch *, n_jobs);
    g_autofree GError **errors = g_new0(GError *, n_jobs);
    KwStore *self = user_data;
    gboolean is_ok;

    if (g_atomic_int_get(&self->is_broken)) {
        refuse_jobs(jobs, n_jobs);
        return;
    }
    for (guint i = 0; i < n_jobs; i++)
        batches[i] = jobs[i]->payload;
    is_ok = kw_ledger_writer_write(self->ledger, batches, n_jobs, errors);
    if (!is_ok)
        note_failure(self, errors[0]);
    for (guint i = 0; i < n_jobs; i++)
        jobs[i]->error = errors[i];
    if (is_ok)
        after_commit(self);
}

/* -- journal -- */

static void
store_append_async(KwJournal *journal,
                   KwBatch *batch,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
    KwStore *self = KW_STORE(journal);
    GTask *task = g_task_new(self, cancellable, callback, user_data);

    g_task_set_source_tag(task, store_append_async);
    g_task_set_check_cancellable(task, FALSE); /* what is committed is not cancelled */
    if (self->writer == NULL) {
        g_task_return_new_error(task, KW_STORE_ERROR, KW_STORE_ERROR_OPEN,
                                "the store is closed");
        g_object_unref(task);
        kw_batch_free(batch);
        return;
    }
    kw_writer_push(self->writer, batch, kw_batch_get_length(batch), task);
}

static gboolean
store_append_finish(KwJournal *journal, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, journal), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

static void
store_hold(KwJournal *journal)
{
    if (KW_STORE(journal)->writer != NULL)
        kw_writer_hold(KW_STORE(journal)->writer);
}

static void
store_release(KwJournal *journal)
{
    if (KW_STORE(journal)->writer != NULL)
        kw_writer_release(KW_STORE(journal)->writer);
}

static void
journal_iface_init(KwJournalInterface *iface)
{
    iface->hold = store_hold;
    iface->release = store_release;
    iface->append_async = store_append_async;
    iface->append_finish = store_append_finish;
}

/* -- opening and closing -- */

static void
free_batch(gpointer batch)
{
    kw_batch_free(batch);
}

static gboolean
open_files(KwStore *self, GError **error)
{
    if (g_mkdir_with_parents(self->root, 0700) != 0) {
        g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN, "%s cannot be created",
                    self->root);
        return FALSE;
    }
    self->ledger = kw_ledger_writer_open(self->root, error);
    if (self->ledger == NULL)
        return FALSE;
    self->n_lost = kw_ledger_writer_get_n_lost(self->ledger);
    self->market = kw_market_store_open(self->root, error);
    return self->market != NULL;
}

KwStore *
kw_store_open(const gchar *root, KwClock *clock, GError **error)
{
    g_autoptr(KwStore) self = NULL;

    g_return_val_if_fail(root != NULL && KW_IS_CLOCK(clock), NULL);

    self = g_object_new(KW_TYPE_STORE, NULL);
    self->root = g_strdup(root);
    self->clock = g_object_ref(clock);
    if (!open_files(self, error))
        return NULL;
    self->is_full = !kw_reserve_take(root);
    self->writer = kw_writer_new(&(KwWriterSetup){.name = "kw-ledger",
                                                  .run = write_jobs,
                                                  .free_payload = free_batch,
                                                  .user_data = self,
                                                  .max_weight = GROUP_RECORDS});
    return g_steal_pointer(&self);
}

void
kw_store_close(KwStore *self)
{
    g_return_if_fail(KW_IS_STORE(self));

    g_clear_pointer(&self->writer, kw_writer_free);
    g_clear_pointer(&self->ledger, kw_ledger_writer_free);
    if (self->market != NULL)
        kw_market_store_close(self->market);
}

static void
kw_store_dispose(GObject *object)
{
    KwStore *self = KW_STORE(object);

    kw_store_close(self);
    g_clear_object(&self->market);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_store_parent_class)->dispose(object);
}

GStrv
kw_store_find_open_pairs(const gchar *root, KwMode mode)
{
    static const gchar sql[] = "SELECT DISTINCT pair FROM trade WHERE mode = ?1 AND state IN"
                               " ('opening', 'open') ORDER BY pair";
    g_autoptr(GStrvBuilder) pairs = g_strv_builder_new();
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = NULL;
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        db = kw_db_open(path, KW_DB_READONLY, NULL);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL))
        return g_strv_builder_end(pairs);
    (void) sqlite3_bind_text(stmt, 1, kw_mode_to_string(mode), -1, SQLITE_STATIC);
    while (kw_sql_step_row(stmt, &has_row, NULL) && has_row)
        g_strv_builder_add(pairs, (const gchar *) sqlite3_column_text(stmt, 0));
    return g_strv_builder_end(pairs);
}

guint
kw_store_count_trades(const gchar *root, KwMode mode, gint64 since_us, guint *out_wins)
{
    static const gchar sql[] =
        "SELECT count(*), ifnull(sum(CAST(profit_abs AS REAL) > 0), 0) FROM trade"
        " WHERE mode = ?1 AND state = 'closed' AND open_us >= ?2";
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = NULL;
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    *out_wins = 0;
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        db = kw_db_open(path, KW_DB_READONLY, NULL);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL))
        return 0;
    (void) sqlite3_bind_text(stmt, 1, kw_mode_to_string(mode), -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, since_us);
    if (!kw_sql_step_row(stmt, &has_row, NULL) || !has_row)
        return 0;
    *out_wins = (guint) sqlite3_column_int64(stmt, 1);
    return (guint) sqlite3_column_int64(stmt, 0);
}

static void
kw_store_finalize(GObject *object)
{
    g_free(KW_STORE(object)->root);

    G_OBJECT_CLASS(kw_store_parent_class)->finalize(object);
}

static void
kw_store_class_init(KwStoreClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_store_dispose;
    object_class->finalize = kw_store_finalize;
}

static void
kw_store_init(KwStore *self)
{
}

/* -- the rest -- */

KwMarketStore *
kw_store_get_market(KwStore *self)
{
    g_return_val_if_fail(KW_IS_STORE(self), NULL);

    return self->market;
}

const gchar *
kw_store_get_root(KwStore *self)
{
    g_return_val_if_fail(KW_IS_STORE(self), NULL);

    return self->root;
}

guint64
kw_store_get_n_lost_rows(KwStore *self)
{
    g_return_val_if_fail(KW_IS_STORE(self), 0);

    return self->n_lost;
}

gboolean
kw_store_is_full(KwStore *self)
{
    g_return_val_if_fail(KW_IS_STORE(self), TRUE);

    return g_atomic_int_get(&self->is_full) != 0;
}

gboolean
kw_store_is_broken(KwStore *self)
{
    g_return_val_if_fail(KW_IS_STORE(self), TRUE);

    return g_atomic_int_get(&self->is_broken) != 0;
}

gboolean
kw_store_owes_answer(KwStore *self)
{
    g_return_val_if_fail(KW_IS_STORE(self), FALSE);

    return kw_market_store_owes_answer(self->market) ||
           (self->writer != NULL && kw_writer_owes_answer(self->writer));
}

gboolean
kw_store_read(const gchar *root, KwMode mode, gint64 now_us, KwStoreState *out, GError **error)
{
    g_autofree gchar *path = NULL;
    g_autoptr(sqlite3) db = NULL;

    g_return_val_if_fail(root != NULL && out != NULL, FALSE);

    path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    db = kw_db_open(path, KW_DB_READONLY, error);
    return db != NULL && kw_ledger_reader_load(db, mode, now_us, out, error);
}

gboolean
kw_store_load(KwStore *self, KwMode mode, KwStoreState *out, GError **error)
{
    g_return_val_if_fail(KW_IS_STORE(self) && out != NULL, FALSE);

    return kw_store_read(self->root, mode, kw_clock_now_us(self->clock), out, error);
}
