/* kw-nightly.c: keeps the files small and the copies fresh
 *
 * A tier is thinned in whole buckets of the next one and in slices of a month, each slice one
 * transaction: the longer candles are written and the shorter ones removed together, so a kill
 * leaves either. A longer candle that the exchange itself delivered is kept as it is. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-nightly.h"

#include "kw-aggregate.h"
#include "kw-backup.h"
#include "kw-db.h"
#include "kw-error.h"
#include "kw-execution.h"

#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)
#define DAY_US (24 * HOUR_US)
#define SLICE_US (30 * DAY_US)

const KwNightlyPlan kw_nightly_plan_default = {
    .tiers = {{HOUR_US / 60, 7}, {HOUR_US / 12, 30}, {HOUR_US, 365}, {DAY_US, 7 * 365}},
    .scan_days = 7,
    .execution_days = 30,
    .archive_days = 90,
    .backup_keep = KW_BACKUP_KEEP,
};

typedef struct {
    sqlite3 *db; /* borrowed */
    gint64 now_us;
    const KwNightlyPlan *plan;
    KwNightlyCount count;
} Run;

/* -- candles -- */

/* One slice of one series: what is between two opening times */
typedef struct {
    gint64 series;
    gint64 timeframe_us, next_us; /* next_us 0: the rows go without a successor */
    gint64 from_us, until_us;
    gint64 origin;
} Slice;

static void
bind_slice(sqlite3_stmt *stmt, const Slice *slice)
{
    (void) sqlite3_bind_int64(stmt, 1, slice->series);
    (void) sqlite3_bind_int64(stmt, 2, slice->from_us);
    (void) sqlite3_bind_int64(stmt, 3, slice->until_us);
}

/* Rows of the slice; the origin is a synthetic one if any row is synthetic. */
static KwSeries *
read_slice(sqlite3 *db, Slice *slice, GError **error)
{
    static const gchar sql[] =
        "SELECT open_us, open, high, low, close, volume, origin, is_synthetic FROM candle JOIN"
        " origin ON origin.id = origin WHERE series = ?1 AND open_us >= ?2 AND open_us < ?3"
        " ORDER BY open_us";
    g_autoptr(KwSeries) series = kw_series_new(slice->timeframe_us);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;
    gboolean is_synthetic = FALSE;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return NULL;
    bind_slice(stmt, slice);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        KwCandle candle;

        if (!has_row)
            return g_steal_pointer(&series);
        candle = (KwCandle){.open_us = sqlite3_column_int64(stmt, 0),
                            .open = sqlite3_column_double(stmt, 1),
                            .high = sqlite3_column_double(stmt, 2),
                            .low = sqlite3_column_double(stmt, 3),
                            .close = sqlite3_column_double(stmt, 4),
                            .volume = sqlite3_column_double(stmt, 5)};
        (void) kw_series_append(series, &candle);
        if (!is_synthetic)
            slice->origin = sqlite3_column_int64(stmt, 6);
        is_synthetic |= sqlite3_column_int(stmt, 7) != 0;
    }
    return NULL;
}

static gboolean
get_series_id(sqlite3 *db, gint64 like, gint64 timeframe_us, gint64 *out, GError **error)
{
    static const gchar *const sql[] = {
        "INSERT OR IGNORE INTO series (pair, timeframe_us) SELECT pair, ?2 FROM series WHERE"
        " id = ?1",
        "SELECT id FROM series WHERE pair = (SELECT pair FROM series WHERE id = ?1) AND"
        " timeframe_us = ?2"};
    gboolean has_row = FALSE;

    for (guint i = 0; i < G_N_ELEMENTS(sql); i++) {
        g_autoptr(sqlite3_stmt) stmt = NULL;

        if (!kw_sql_prepare(db, sql[i], &stmt, error))
            return FALSE;
        (void) sqlite3_bind_int64(stmt, 1, like);
        (void) sqlite3_bind_int64(stmt, 2, timeframe_us);
        if (!kw_sql_step_row(stmt, &has_row, error))
            return FALSE;
        if (has_row)
            *out = sqlite3_column_int64(stmt, 0);
    }
    return TRUE;
}

static gboolean
write_longer(Run *run, const Slice *slice, const KwSeries *rows, GError **error)
{
    static const gchar sql[] =
        "INSERT OR IGNORE INTO candle (series, open_us, open, high, low, close, volume, origin)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    g_autoptr(KwSeries) longer = kw_aggregate_series(rows, slice->next_us, error);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gint64 id = 0;

    if (longer == NULL || !get_series_id(run->db, slice->series, slice->next_us, &id, error) ||
        !kw_sql_prepare(run->db, sql, &stmt, error))
        return FALSE;
    for (gsize i = 0; i < kw_series_get_length(longer); i++) {
        KwCandle candle = kw_series_get(longer, i);
        const gdouble values[] = {candle.open, candle.high, candle.low, candle.close,
                                  candle.volume};

        (void) sqlite3_bind_int64(stmt, 1, id);
        (void) sqlite3_bind_int64(stmt, 2, candle.open_us);
        for (guint v = 0; v < G_N_ELEMENTS(values); v++)
            (void) sqlite3_bind_double(stmt, (gint) v + 3, values[v]);
        (void) sqlite3_bind_int64(stmt, 8, slice->origin);
        if (!kw_sql_step_done(stmt, error))
            return FALSE;
        run->count.n_candles_made += (guint64) sqlite3_changes(run->db);
    }
    return TRUE;
}

static gboolean
thin_slice(Run *run, Slice *slice, GError **error)
{
    static const gchar sql[] =
        "DELETE FROM candle WHERE series = ?1 AND open_us >= ?2 AND open_us < ?3";
    g_autoptr(KwTxn) txn = kw_txn_begin(run->db, error);
    g_autoptr(KwSeries) rows = NULL;
    g_autoptr(sqlite3_stmt) stmt = NULL;

    if (txn == NULL)
        return FALSE;
    rows = read_slice(run->db, slice, error);
    if (rows == NULL ||
        (slice->next_us > 0 && kw_series_get_length(rows) > 0 &&
         !write_longer(run, slice, rows, error)) ||
        !kw_sql_prepare(run->db, sql, &stmt, error))
        return FALSE;
    bind_slice(stmt, slice);
    if (!kw_sql_step_done(stmt, error))
        return FALSE;
    run->count.n_candles_removed += (guint64) sqlite3_changes(run->db);
    return kw_txn_commit(&txn, error);
}

/* @cut_us: end of the last whole bucket that is old enough */
static gboolean
thin_series(Run *run, Slice slice, gint64 cut_us, GError **error)
{
    while (slice.from_us < cut_us) {
        slice.until_us = MIN(cut_us, slice.from_us - slice.from_us % DAY_US + SLICE_US);
        if (!thin_slice(run, &slice, error))
            return FALSE;
        slice.from_us = slice.until_us;
    }
    return TRUE;
}

/* Series and first opening of all that have rows before the cut */
static GArray *
find_old(Run *run, gint64 timeframe_us, gint64 cut_us, GError **error)
{
    static const gchar sql[] =
        "SELECT id, (SELECT min(open_us) FROM candle WHERE series = id) AS first FROM series"
        " WHERE timeframe_us = ?1 AND first < ?2 ORDER BY id";
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Slice));
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(run->db, sql, &stmt, error))
        return NULL;
    (void) sqlite3_bind_int64(stmt, 1, timeframe_us);
    (void) sqlite3_bind_int64(stmt, 2, cut_us);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        Slice slice = {.timeframe_us = timeframe_us};

        if (!has_row)
            return g_steal_pointer(&found);
        slice.series = sqlite3_column_int64(stmt, 0);
        slice.from_us = sqlite3_column_int64(stmt, 1);
        g_array_append_val(found, slice);
    }
    return NULL;
}

static gboolean
thin_tier(Run *run, guint index, GError **error)
{
    const KwTier *tier = &run->plan->tiers[index];
    gint64 next_us = index + 1 < KW_N_TIERS ? tier[1].timeframe_us : 0;
    gint64 cut_us = run->now_us - tier->keep_days * DAY_US;
    g_autoptr(GArray) found = NULL;

    cut_us -= cut_us % (next_us > 0 ? next_us : DAY_US);
    found = find_old(run, tier->timeframe_us, cut_us, error);
    for (guint i = 0; found != NULL && i < found->len; i++) {
        Slice slice = g_array_index(found, Slice, i);

        slice.next_us = next_us;
        if (!thin_series(run, slice, cut_us, error))
            return FALSE;
    }
    return found != NULL;
}

/* -- scans -- */

/* The last scan of an hour lends regime and columns; SQLite takes bare columns of a max() from
 * the row that has it. */
static gboolean
thin_scans_of_day(Run *run, gint64 from_us, gint64 until_us, GError **error)
{
    static const gchar *const sql[] = {
        "INSERT OR REPLACE INTO scan_hour (pair, mode, hour_us, n_scans, n_signals, price_low,"
        " price_high, price_last, spread_mean, confidence_max, regime, column_set,"
        " column_values) SELECT pair, mode, hour, n, signals, low, high, scan.price, gap, sure,"
        " regime, column_set, column_values FROM (SELECT pair, mode, (time_us - 1) / ?3 * ?3 AS"
        " hour, count(*) AS n, sum(has_signal) AS signals, min(price) AS low, max(price) AS"
        " high, avg(spread) AS gap, max(confidence) AS sure, max(time_us) AS last FROM scan"
        " WHERE time_us > ?1 AND time_us <= ?2 GROUP BY pair, mode, hour) JOIN scan USING"
        " (pair, mode) WHERE scan.time_us = last",
        "DELETE FROM scan WHERE time_us > ?1 AND time_us <= ?2 AND ?3 IS NOT NULL"};
    g_autoptr(KwTxn) txn = kw_txn_begin(run->db, error);
    guint64 *const counts[] = {&run->count.n_hours_made, &run->count.n_scans_removed};

    if (txn == NULL)
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(sql); i++) {
        g_autoptr(sqlite3_stmt) stmt = NULL;

        if (!kw_sql_prepare(run->db, sql[i], &stmt, error))
            return FALSE;
        (void) sqlite3_bind_int64(stmt, 1, from_us);
        (void) sqlite3_bind_int64(stmt, 2, until_us);
        (void) sqlite3_bind_int64(stmt, 3, HOUR_US);
        if (!kw_sql_step_done(stmt, error))
            return FALSE;
        *counts[i] += (guint64) sqlite3_changes(run->db);
    }
    return kw_txn_commit(&txn, error);
}

static gboolean
thin_scans(Run *run, GError **error)
{
    gint64 cut_us = run->now_us - run->plan->scan_days * DAY_US;
    gint64 from_us;

    cut_us -= cut_us % DAY_US;
    if (!kw_sql_get_int(run->db, "SELECT min(time_us) FROM scan", cut_us, &from_us, error))
        return FALSE;
    from_us = (from_us - 1) - (from_us - 1) % DAY_US;
    for (; from_us < cut_us; from_us += DAY_US) {
        if (!thin_scans_of_day(run, from_us, from_us + DAY_US, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
thin_market(const gchar *root, Run *run, GError **error)
{
    g_autofree gchar *path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_MARKET, error);

    run->db = db;
    if (db == NULL)
        return FALSE;
    for (guint i = 0; i < KW_N_TIERS; i++) {
        if (!thin_tier(run, i, error))
            return FALSE;
    }
    return thin_scans(run, error) && kw_sql_run(db, "PRAGMA incremental_vacuum", error);
}

/* -- archive -- */

static gboolean
archive_trades(const gchar *root, Run *run, GError **error)
{
    static const gchar *const sql[] = {
        "INSERT INTO trade_archive SELECT * FROM trade WHERE mode = 'dryrun' AND state IN"
        " ('closed', 'void') AND max(close_us, open_us) < ?1",
        "DELETE FROM trade WHERE id IN (SELECT id FROM trade_archive) AND ?1 IS NOT NULL"};
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_LEDGER, error);
    g_autoptr(KwTxn) txn = db == NULL ? NULL : kw_txn_begin(db, error);

    if (txn == NULL)
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(sql); i++) {
        g_autoptr(sqlite3_stmt) stmt = NULL;

        if (!kw_sql_prepare(db, sql[i], &stmt, error))
            return FALSE;
        (void) sqlite3_bind_int64(stmt, 1, run->now_us - run->plan->archive_days * DAY_US);
        if (!kw_sql_step_done(stmt, error))
            return FALSE;
    }
    run->count.n_trades_archived = (guint64) sqlite3_changes(db);
    return kw_txn_commit(&txn, error);
}

/* -- all -- */

static gboolean
make_backup(const gchar *root, Run *run, GError **error)
{
    g_autofree gchar *folder = NULL;

    if (run->plan->backup_keep == 0)
        return TRUE;
    folder = run->plan->backup_folder != NULL ? g_strdup(run->plan->backup_folder)
                                              : g_build_filename(root, KW_BACKUP_FOLDER, NULL);
    return kw_backup_make(root, folder, run->now_us, run->plan->backup_keep, NULL, error);
}

/* Before the scans become fewer */
static gboolean
measure_execution(const gchar *root, Run *run, GError **error)
{
    return run->plan->execution_days == 0 ||
           kw_execution_measure(root, run->now_us, run->plan->execution_days, NULL, error);
}

gboolean
kw_nightly_run(const gchar *root,
               const KwNightlyPlan *plan,
               gint64 now_us,
               KwNightlyCount *out,
               GError **error)
{
    static const struct {
        const gchar *name;
        gboolean (*func)(const gchar *root, Run *run, GError **error);
    } parts[] = {{"backup", make_backup},
                 {"execution", measure_execution},
                 {"market", thin_market},
                 {"archive", archive_trades}};
    Run run = {.plan = plan, .now_us = now_us};
    g_autoptr(GError) first = NULL;

    g_return_val_if_fail(root != NULL && plan != NULL, FALSE);

    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GError) local = NULL;

        if (parts[i].func(root, &run, &local) || first != NULL)
            continue;
        g_prefix_error(&local, "%s: ", parts[i].name);
        first = g_steal_pointer(&local);
    }
    if (out != NULL)
        *out = run.count;
    if (first == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&first));
    return FALSE;
}

typedef struct {
    gchar *root; /* owned */
    KwNightlyPlan plan;
    gint64 now_us;
} Order;

static void
free_order(gpointer data)
{
    g_free(((Order *) data)->root);
    g_free(data);
}

static void
run_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    g_autofree KwNightlyCount *count = g_new0(KwNightlyCount, 1);
    const Order *order = data;
    GError *error = NULL;

    if (kw_nightly_run(order->root, &order->plan, order->now_us, count, &error))
        g_task_return_pointer(task, g_steal_pointer(&count), g_free);
    else
        g_task_return_error(task, error);
}

void
kw_nightly_async(KwStore *store,
                 const KwNightlyPlan *plan,
                 gint64 now_us,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(store, cancellable, callback, user_data);
    Order *order = g_new0(Order, 1);

    g_return_if_fail(KW_IS_STORE(store) && plan != NULL);

    *order =
        (Order){.root = g_strdup(kw_store_get_root(store)), .plan = *plan, .now_us = now_us};
    g_task_set_source_tag(task, kw_nightly_async);
    g_task_set_task_data(task, order, free_order);
    g_task_run_in_thread(task, run_in_thread);
}

gboolean
kw_nightly_finish(KwStore *store, GAsyncResult *result, KwNightlyCount *out, GError **error)
{
    g_autofree KwNightlyCount *count = NULL;

    g_return_val_if_fail(g_task_is_valid(result, store), FALSE);

    count = g_task_propagate_pointer(G_TASK(result), error);
    if (count != NULL && out != NULL)
        *out = *count;
    return count != NULL;
}
