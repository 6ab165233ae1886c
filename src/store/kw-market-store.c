/* kw-market-store.c: the writer thread of market.db, and reading
 *
 * Appends are lossy by design when the disk refuses them: everything here can be had again, so
 * a failed transaction is counted and trading goes on. Readers open their own connections; in
 * WAL mode they neither wait for the writer nor hold it up. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-market-store.h"

#include "kw-error.h"
#include "kw-market-writer.h"
#include "kw-store.h"
#include "kw-writer.h"

#include <glib/gstdio.h>

#define GROUP_ROWS 2000
#define LINGER_US 50000
#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

struct _KwMarketStore {
    GObject parent_instance;

    gchar *root;            /* owned */
    KwMarketWriter *market; /* owned; used by the thread alone while it runs */
    KwWriter *writer;       /* owned; NULL when closed */
    gint n_failed;          /* atomic; rows */
    gint is_broken;         /* atomic */
};

G_DEFINE_FINAL_TYPE(KwMarketStore, kw_market_store, G_TYPE_OBJECT)

/* -- on the writer thread -- */

static void
fail_jobs(KwMarketStore *self, KwJob *const *jobs, guint n_jobs, const GError *error)
{
    for (guint i = 0; i < n_jobs; i++) {
        if (jobs[i]->payload == NULL)
            continue;
        jobs[i]->error = g_error_copy(error);
        (void) g_atomic_int_add(&self->n_failed, (gint) jobs[i]->weight);
    }
    if (g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_IO) ||
        g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT))
        g_atomic_int_set(&self->is_broken, TRUE);
}

static void
write_jobs(KwJob *const *jobs, guint n_jobs, gpointer user_data)
{
    g_autofree const KwMarketBatch **batches = g_new0(const KwMarketBatch *, n_jobs);
    g_autoptr(GError) error = NULL;
    KwMarketStore *self = user_data;
    guint n = 0;

    for (guint i = 0; i < n_jobs; i++) {
        if (jobs[i]->payload != NULL)
            batches[n++] = jobs[i]->payload;
    }
    if (n == 0)
        return;
    if (g_atomic_int_get(&self->is_broken))
        g_set_error_literal(&error, KW_STORE_ERROR, KW_STORE_ERROR_IO,
                            "the candle store failed before and must be opened anew");
    else
        (void) kw_market_writer_write(self->market, batches, n, &error);
    if (error != NULL)
        fail_jobs(self, jobs, n_jobs, error);
}

/* -- opening and closing -- */

static void
free_batch(gpointer batch)
{
    kw_market_batch_free(batch);
}

KwMarketStore *
kw_market_store_open(const gchar *root, GError **error)
{
    g_autoptr(KwMarketStore) self = NULL;

    g_return_val_if_fail(root != NULL, NULL);

    self = g_object_new(KW_TYPE_MARKET_STORE, NULL);
    self->root = g_strdup(root);
    (void) g_mkdir_with_parents(root, 0700);
    self->market = kw_market_writer_open(root, error);
    if (self->market == NULL)
        return NULL;
    self->writer = kw_writer_new(&(KwWriterSetup){.name = "kw-market",
                                                  .run = write_jobs,
                                                  .free_payload = free_batch,
                                                  .user_data = self,
                                                  .max_weight = GROUP_ROWS,
                                                  .linger_us = LINGER_US});
    return g_steal_pointer(&self);
}

void
kw_market_store_close(KwMarketStore *self)
{
    g_return_if_fail(KW_IS_MARKET_STORE(self));

    g_clear_pointer(&self->writer, kw_writer_free);
    g_clear_pointer(&self->market, kw_market_writer_free);
}

static void
kw_market_store_dispose(GObject *object)
{
    kw_market_store_close(KW_MARKET_STORE(object));

    G_OBJECT_CLASS(kw_market_store_parent_class)->dispose(object);
}

static void
kw_market_store_finalize(GObject *object)
{
    g_free(KW_MARKET_STORE(object)->root);

    G_OBJECT_CLASS(kw_market_store_parent_class)->finalize(object);
}

static void
kw_market_store_class_init(KwMarketStoreClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_market_store_dispose;
    object_class->finalize = kw_market_store_finalize;
}

static void
kw_market_store_init(KwMarketStore *self)
{
}

/* -- appending -- */

static GTask *
new_task(KwMarketStore *self, gpointer tag, GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(self, NULL, callback, user_data);

    g_task_set_source_tag(task, tag);
    if (self->writer != NULL)
        return task;
    g_task_return_new_error(task, KW_STORE_ERROR, KW_STORE_ERROR_OPEN, "the store is closed");
    g_object_unref(task);
    return NULL;
}

void
kw_market_store_append_async(KwMarketStore *self,
                             KwMarketBatch *batch,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
    guint n_rows = kw_market_batch_get_length(batch);
    GTask *task = NULL;

    g_return_if_fail(KW_IS_MARKET_STORE(self));

    if (callback != NULL)
        task = new_task(self, kw_market_store_append_async, callback, user_data);
    if (self->writer != NULL)
        kw_writer_push(self->writer, batch, n_rows, task);
    else
        kw_market_batch_free(batch);
}

gboolean
kw_market_store_append_finish(KwMarketStore *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

void
kw_market_store_flush_async(KwMarketStore *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
    GTask *task;

    g_return_if_fail(KW_IS_MARKET_STORE(self));

    task = new_task(self, kw_market_store_flush_async, callback, user_data);
    if (task != NULL)
        kw_writer_flush(self->writer, task);
}

gboolean
kw_market_store_flush_finish(KwMarketStore *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

guint
kw_market_store_get_backlog(KwMarketStore *self)
{
    g_return_val_if_fail(KW_IS_MARKET_STORE(self), 0);

    return self->writer == NULL ? 0 : kw_writer_get_backlog(self->writer);
}

gboolean
kw_market_store_owes_answer(KwMarketStore *self)
{
    g_return_val_if_fail(KW_IS_MARKET_STORE(self), FALSE);

    return self->writer != NULL && kw_writer_owes_answer(self->writer);
}

guint64
kw_market_store_get_n_failed(KwMarketStore *self)
{
    g_return_val_if_fail(KW_IS_MARKET_STORE(self), 0);

    return (guint64) g_atomic_int_get(&self->n_failed);
}

gboolean
kw_market_store_is_broken(KwMarketStore *self)
{
    g_return_val_if_fail(KW_IS_MARKET_STORE(self), TRUE);

    return g_atomic_int_get(&self->is_broken) != 0;
}

/* -- blocking calls -- */

static sqlite3 *
open_reader(KwMarketStore *self, GError **error)
{
    g_autofree gchar *path = g_build_filename(self->root, KW_STORE_MARKET_FILE, NULL);

    return kw_db_open(path, KW_DB_READONLY, error);
}

gboolean
kw_market_store_import(KwMarketStore *self,
                       const KwImport *import,
                       const KwSeries *series,
                       KwImportCount *out,
                       GError **error)
{
    g_autoptr(KwMarketWriter) own = NULL;

    g_return_val_if_fail(KW_IS_MARKET_STORE(self) && series != NULL && out != NULL, FALSE);

    own = kw_market_writer_open(self->root, error);
    return own != NULL && kw_market_writer_import(own, import, series, out, error);
}

static gboolean
read_candles(sqlite3_stmt *stmt, KwSeries *out, gboolean *out_is_synthetic, GError **error)
{
    gboolean has_row = FALSE;

    while (kw_sql_step_row(stmt, &has_row, error)) {
        KwCandle candle;

        if (!has_row)
            return TRUE;
        candle = (KwCandle){
            .open_us = sqlite3_column_int64(stmt, 0),
            .open = sqlite3_column_double(stmt, 1),
            .high = sqlite3_column_double(stmt, 2),
            .low = sqlite3_column_double(stmt, 3),
            .close = sqlite3_column_double(stmt, 4),
            .volume = sqlite3_column_double(stmt, 5),
        };
        (void) kw_series_append(out, &candle);
        *out_is_synthetic |= sqlite3_column_int(stmt, 6) != 0;
    }
    return FALSE;
}

gboolean
kw_market_store_load(KwMarketStore *self,
                     const gchar *pair,
                     const KwCandleRange *range,
                     KwSeries *out,
                     gboolean *out_is_synthetic,
                     GError **error)
{
    /* rows in the order of the key: nothing to sort; the cross join keeps it so */
    static const gchar sql[] =
        "SELECT open_us, open, high, low, close, volume, is_synthetic FROM candle CROSS JOIN"
        " origin ON origin.id = candle.origin WHERE series = (SELECT id FROM series WHERE"
        " pair = ?1 AND timeframe_us = ?2) AND open_us < ?4 AND open_us >= max(?3, ifnull("
        "(SELECT open_us FROM candle WHERE ?5 > 0 AND series = (SELECT id FROM series WHERE"
        " pair = ?1 AND timeframe_us = ?2) AND open_us < ?4 ORDER BY open_us DESC LIMIT 1"
        " OFFSET max(?5 - 1, 0)), ?3)) ORDER BY open_us";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = NULL;
    gboolean is_synthetic = FALSE;

    g_return_val_if_fail(KW_IS_MARKET_STORE(self) && pair != NULL && out != NULL, FALSE);

    db = open_reader(self, error);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_text(stmt, 1, pair, -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, kw_series_get_timeframe_us(out));
    (void) sqlite3_bind_int64(stmt, 3, range->from_us);
    (void) sqlite3_bind_int64(stmt, 4, range->until_us);
    (void) sqlite3_bind_int64(stmt, 5, (gint64) range->max_rows);
    if (!read_candles(stmt, out, &is_synthetic, error))
        return FALSE;
    if (out_is_synthetic != NULL)
        *out_is_synthetic = is_synthetic;
    return TRUE;
}

gint64
kw_market_store_get_last_scan_us(KwMarketStore *self, KwMode mode)
{
    static const gchar sql[] = "SELECT ifnull(max(time_us), 0) FROM scan WHERE mode = ?1";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = NULL;
    gboolean has_row = FALSE;

    g_return_val_if_fail(KW_IS_MARKET_STORE(self), 0);

    db = open_reader(self, NULL);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL))
        return 0;
    sqlite3_bind_text(stmt, 1, kw_mode_to_string(mode), -1, SQLITE_STATIC);
    return kw_sql_step_row(stmt, &has_row, NULL) && has_row ? sqlite3_column_int64(stmt, 0) : 0;
}

GArray *
kw_market_store_list(KwMarketStore *self, GError **error)
{
    static const gchar sql[] =
        "SELECT pair, timeframe_us, min(open_us), max(open_us), count(*),"
        " ifnull(sum(step > timeframe_us), 0), ifnull(sum(step / timeframe_us - 1), 0),"
        " sum(is_synthetic), (SELECT source FROM candle c JOIN origin o ON o.id = c.origin"
        " WHERE c.series = rows.series ORDER BY open_us DESC LIMIT 1) FROM (SELECT series, "
        "pair,"
        " timeframe_us, open_us, is_synthetic, open_us - lag(open_us) OVER (PARTITION BY series"
        " ORDER BY open_us) AS step FROM candle JOIN series ON series.id = candle.series"
        " JOIN origin ON origin.id = candle.origin) rows GROUP BY series"
        " ORDER BY pair, timeframe_us";
    g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(KwSeriesInfo));
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = NULL;
    gboolean has_row = FALSE;

    g_return_val_if_fail(KW_IS_MARKET_STORE(self), NULL);

    db = open_reader(self, error);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, error))
        return NULL;
    while (kw_sql_step_row(stmt, &has_row, error)) {
        KwSeriesInfo info;

        if (!has_row)
            return g_steal_pointer(&list);
        info = (KwSeriesInfo){
            .timeframe_us = sqlite3_column_int64(stmt, 1),
            .first_us = sqlite3_column_int64(stmt, 2),
            .last_us = sqlite3_column_int64(stmt, 3),
            .n_rows = (guint64) sqlite3_column_int64(stmt, 4),
            .n_gaps = (guint64) sqlite3_column_int64(stmt, 5),
            .n_missing = (guint64) sqlite3_column_int64(stmt, 6),
            .n_synthetic = (guint64) sqlite3_column_int64(stmt, 7),
        };
        kw_sql_copy_text(stmt, 0, info.pair, sizeof info.pair);
        kw_sql_copy_text(stmt, 8, info.source, sizeof info.source);
        g_array_append_val(list, info);
    }
    return NULL;
}

/* Days without any row are added, so that an outage of days shows. */
static void
append_day(GArray *days, KwDayCount day)
{
    if (days->len > 0) {
        KwDayCount gap = g_array_index(days, KwDayCount, days->len - 1);

        gap.n_rows = 0;
        for (gap.day_us += DAY_US; gap.day_us < day.day_us; gap.day_us += DAY_US)
            g_array_append_val(days, gap);
    }
    g_array_append_val(days, day);
}

GArray *
kw_market_store_count_days(KwMarketStore *self,
                           const gchar *pair,
                           gint64 timeframe_us,
                           GError **error)
{
    static const gchar sql[] =
        "SELECT open_us / ?3 * ?3, count(*) FROM candle WHERE series = (SELECT id FROM series"
        " WHERE pair = ?1 AND timeframe_us = ?2) GROUP BY 1 ORDER BY 1";
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(KwDayCount));
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = NULL;
    gboolean has_row = FALSE;

    g_return_val_if_fail(KW_IS_MARKET_STORE(self) && timeframe_us > 0, NULL);

    db = open_reader(self, error);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, error))
        return NULL;
    (void) sqlite3_bind_text(stmt, 1, pair, -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, timeframe_us);
    (void) sqlite3_bind_int64(stmt, 3, DAY_US);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return g_steal_pointer(&days);
        append_day(days, (KwDayCount){.day_us = sqlite3_column_int64(stmt, 0),
                                      .n_rows = (guint) sqlite3_column_int64(stmt, 1),
                                      .n_expected = (guint) MAX(1, DAY_US / timeframe_us)});
    }
    return NULL;
}

GArray *
kw_market_store_list_origins(
    KwMarketStore *self, const gchar *pair, gint64 from_us, gint64 until_us, GError **error)
{
    static const gchar sql[] =
        "SELECT o.source, o.is_synthetic, MIN(c.open_us), MAX(c.open_us)"
        " FROM candle AS c JOIN origin AS o ON o.id = c.origin WHERE c.series IN"
        " (SELECT id FROM series WHERE pair = ?1) AND c.open_us >= ?2 AND c.open_us < ?3"
        " GROUP BY o.id ORDER BY o.id";
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(KwOriginSpan));
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = NULL;
    gboolean has_row = FALSE;

    g_return_val_if_fail(KW_IS_MARKET_STORE(self) && pair != NULL, NULL);

    db = open_reader(self, error);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, error))
        return NULL;
    (void) sqlite3_bind_text(stmt, 1, pair, -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, from_us);
    (void) sqlite3_bind_int64(stmt, 3, until_us);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        KwOriginSpan span = {.first_us = 0};

        if (!has_row)
            return g_steal_pointer(&list);
        g_strlcpy(span.origin.source, kw_sql_column_text(stmt, 0), sizeof span.origin.source);
        span.origin.is_synthetic = sqlite3_column_int(stmt, 1) != 0;
        span.first_us = sqlite3_column_int64(stmt, 2);
        span.last_us = sqlite3_column_int64(stmt, 3);
        g_array_append_val(list, span);
    }
    return NULL;
}

gchar *
kw_market_store_find_other_source(KwMarketStore *self,
                                  const gchar *pair,
                                  gint64 timeframe_us,
                                  const gchar *source)
{
    static const gchar sql[] =
        "SELECT source FROM origin AS o WHERE source NOT IN ('', 'feed', 'file', ?3) AND"
        " is_synthetic = 0 AND ?3 NOT IN ('', 'feed', 'file') AND EXISTS (SELECT 1 FROM candle"
        " WHERE origin = o.id AND series = (SELECT id FROM series WHERE pair = ?1 AND"
        " timeframe_us = ?2)) LIMIT 1";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = NULL;
    gboolean has_row = FALSE;

    g_return_val_if_fail(KW_IS_MARKET_STORE(self) && pair != NULL && source != NULL, NULL);

    db = open_reader(self, NULL);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL))
        return NULL;
    (void) sqlite3_bind_text(stmt, 1, pair, -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, timeframe_us);
    (void) sqlite3_bind_text(stmt, 3, source, -1, SQLITE_STATIC);
    if (!kw_sql_step_row(stmt, &has_row, NULL) || !has_row)
        return NULL;
    return g_strdup(kw_sql_column_text(stmt, 0));
}
