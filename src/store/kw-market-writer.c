/* kw-market-writer.c: candles and scans, fast
 *
 * Two statements are kept for the life of the connection, as a replay writes tens of thousands
 * of rows a second. Names (series, origins, column sets) are stored once and cached by their
 * text; a rolled back transaction empties the cache, as it may hold ids that are gone. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-market-writer.h"

#include "kw-error.h"
#include "kw-feed.h"
#include "kw-migrations.h"
#include "kw-store.h"

#include <string.h>

struct _KwMarketWriter {
    sqlite3 *db;               /* owned */
    sqlite3_stmt *candle_stmt; /* owned */
    sqlite3_stmt *scan_stmt;   /* owned */
    GHashTable *ids;           /* owned; kind and text -> id */
};

/* -- opening -- */

static gboolean
open_all(KwMarketWriter *self, const gchar *root, GError **error)
{
    /* a row that is only passed on, as it was, stays of whom it was */
    static const gchar candle_sql[] =
        "INSERT INTO candle (series, open_us, open, high, low, close, volume, origin)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (series, open_us) DO UPDATE SET"
        " origin = CASE WHEN ?9 AND (open, high, low, close, volume) = (?3, ?4, ?5, ?6, ?7)"
        " THEN origin ELSE ?8 END,"
        " open = ?3, high = ?4, low = ?5, close = ?6, volume = ?7";
    static const gchar scan_sql[] = "INSERT OR REPLACE INTO scan (pair, mode, regime, action, "
                                    "reason, time_us, price, spread,"
                                    " confidence, has_signal, column_set, column_values,"
                                    " depth_bid, depth_ask) "
                                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
                                    " ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    g_autofree gchar *path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);

    self->db = kw_db_open(path, KW_DB_MARKET, error);
    return self->db != NULL &&
           kw_migrations_run(self->db, KW_SCHEMA_MARKET, G_MAXUINT, error) &&
           kw_sql_prepare(self->db, candle_sql, &self->candle_stmt, error) &&
           kw_sql_prepare(self->db, scan_sql, &self->scan_stmt, error);
}

KwMarketWriter *
kw_market_writer_open(const gchar *root, GError **error)
{
    g_autoptr(KwMarketWriter) self = g_new0(KwMarketWriter, 1);

    self->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (open_all(self, root, error))
        return g_steal_pointer(&self);
    if (error != NULL && g_error_matches(*error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT))
        g_prefix_error(error, "candle store is damaged (left as it is; move the file away and "
                              "import anew, or 'kurswart restore'): ");
    return NULL;
}

void
kw_market_writer_free(KwMarketWriter *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->candle_stmt, sqlite3_finalize);
    g_clear_pointer(&self->scan_stmt, sqlite3_finalize);
    g_clear_pointer(&self->ids, g_hash_table_unref);
    g_clear_pointer(&self->db, sqlite3_close_v2);
    g_free(self);
}

/* -- names -- */

/* Inserts (@text, @number) with @insert_sql unless it is there; the id comes from @find_sql. */
static gboolean
find_or_add(KwMarketWriter *self,
            const gchar *const sql[2],
            const gchar *text,
            gint64 number,
            gint64 *out,
            GError **error)
{
    gboolean has_row = FALSE;

    for (guint i = 0; i < 2; i++) {
        g_autoptr(sqlite3_stmt) stmt = NULL;

        if (!kw_sql_prepare(self->db, sql[i], &stmt, error))
            return FALSE;
        (void) sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
        (void) sqlite3_bind_int64(stmt, 2, number);
        if (!kw_sql_step_row(stmt, &has_row, error))
            return FALSE;
        if (has_row)
            *out = sqlite3_column_int64(stmt, 0);
    }
    return TRUE;
}

typedef enum { NAME_SERIES, NAME_ORIGIN, NAME_COLUMNS } NameKind;

/* A column set is found by the hash of its strategy and its names: "HASH names". */
static gboolean
get_id(KwMarketWriter *self,
       NameKind kind,
       const gchar *text,
       gint64 number,
       gint64 *out,
       GError **error)
{
    static const gchar *const sql[][2] = {
        {"INSERT OR IGNORE INTO series (pair, timeframe_us) VALUES (?1, ?2)",
         "SELECT id FROM series WHERE pair = ?1 AND timeframe_us = ?2"},
        {"INSERT OR IGNORE INTO origin (source, is_synthetic) VALUES (?1, ?2)",
         "SELECT id FROM origin WHERE source = ?1 AND is_synthetic = ?2"},
        {"INSERT OR IGNORE INTO column_set (strategy_hash, names) VALUES"
         " (substr(?1, 1, ?2), substr(?1, ?2 + 2))",
         "SELECT id FROM column_set WHERE strategy_hash = substr(?1, 1, ?2) AND"
         " names = substr(?1, ?2 + 2)"},
    };
    gchar key[32 + KW_NAME_SIZE + 512];
    gint64 *known;

    (void) g_snprintf(key, sizeof key, "%d %" G_GINT64_FORMAT " %s", (gint) kind, number, text);
    known = g_hash_table_lookup(self->ids, key);
    if (known == NULL) {
        if (!find_or_add(self, sql[kind], text, number, out, error))
            return FALSE;
        known = g_memdup2(out, sizeof *out);
        g_hash_table_insert(self->ids, g_strdup(key), known);
    }
    *out = *known;
    return TRUE;
}

/* -- rows -- */

static void
bind_candle(sqlite3_stmt *stmt,
            gint64 series,
            const KwCandle *candle,
            gint64 origin,
            const gchar *source)
{
    (void) sqlite3_bind_int64(stmt, 1, series);
    (void) sqlite3_bind_int64(stmt, 2, candle->open_us);
    (void) sqlite3_bind_double(stmt, 3, candle->open);
    (void) sqlite3_bind_double(stmt, 4, candle->high);
    (void) sqlite3_bind_double(stmt, 5, candle->low);
    (void) sqlite3_bind_double(stmt, 6, candle->close);
    (void) sqlite3_bind_double(stmt, 7, candle->volume);
    (void) sqlite3_bind_int64(stmt, 8, origin);
    (void) sqlite3_bind_int(stmt, 9, strcmp(source, KW_FEED_SOURCE_UNKNOWN) == 0);
}

static gboolean
put_candle(KwMarketWriter *self, const KwCandleRow *row, GError **error)
{
    gint64 series, origin;

    if (!get_id(self, NAME_SERIES, row->pair, row->timeframe_us, &series, error) ||
        !get_id(self, NAME_ORIGIN, row->origin.source, row->origin.is_synthetic ? 1 : 0,
                &origin, error))
        return FALSE;
    bind_candle(self->candle_stmt, series, &row->candle, origin, row->origin.source);
    return kw_sql_step_done(self->candle_stmt, error);
}

/* Little-endian doubles, NaN included */
static void
bind_values(sqlite3_stmt *stmt, gint index, const KwScanRecord *scan)
{
    guint64 bits[KW_SCAN_MAX_COLUMNS];

    memcpy(bits, scan->values, scan->n_values * sizeof *bits);
    for (guint i = 0; i < scan->n_values; i++)
        bits[i] = GUINT64_TO_LE(bits[i]);
    (void) sqlite3_bind_blob(stmt, index, bits, (gint) (scan->n_values * sizeof *bits),
                             SQLITE_TRANSIENT);
}

static gboolean
get_column_set(KwMarketWriter *self, const KwScanRecord *scan, gint64 *out, GError **error)
{
    g_autofree gchar *text = g_strconcat(scan->strategy_hash, " ", scan->names, NULL);

    return get_id(self, NAME_COLUMNS, text, (gint64) strlen(scan->strategy_hash), out, error);
}

static gboolean
put_scan(KwMarketWriter *self, const KwScanRecord *scan, GError **error)
{
    const gchar *const texts[] = {scan->pair, kw_mode_to_string(scan->mode), scan->regime,
                                  scan->action, scan->reason};
    sqlite3_stmt *stmt = self->scan_stmt;
    gint64 column_set;

    if (!get_column_set(self, scan, &column_set, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        (void) sqlite3_bind_text(stmt, (gint) i + 1, texts[i], -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 6, scan->time_us);
    kw_sql_bind_real(stmt, 7, scan->price);
    kw_sql_bind_real(stmt, 8, scan->spread);
    kw_sql_bind_real(stmt, 9, scan->confidence);
    (void) sqlite3_bind_int64(stmt, 10, scan->has_signal ? 1 : 0);
    (void) sqlite3_bind_int64(stmt, 11, column_set);
    bind_values(stmt, 12, scan);
    kw_sql_bind_real(stmt, 13, scan->depth_bid);
    kw_sql_bind_real(stmt, 14, scan->depth_ask);
    return kw_sql_step_done(stmt, error);
}

static gboolean
put_batch(KwMarketWriter *self, const KwMarketBatch *batch, GError **error)
{
    for (guint i = 0; i < kw_market_batch_get_n_candles(batch); i++) {
        if (!put_candle(self, kw_market_batch_get_candle(batch, i), error))
            return FALSE;
    }
    for (guint i = 0; i < kw_market_batch_get_n_scans(batch); i++) {
        if (!put_scan(self, kw_market_batch_get_scan(batch, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_all(KwMarketWriter *self, const KwMarketBatch *const *batches, guint n, GError **error)
{
    g_autoptr(KwTxn) txn = kw_txn_begin(self->db, error);

    if (txn == NULL)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        if (!put_batch(self, batches[i], error))
            return FALSE;
    }
    return kw_txn_commit(&txn, error);
}

gboolean
kw_market_writer_write(KwMarketWriter *self,
                       const KwMarketBatch *const *batches,
                       guint n,
                       GError **error)
{
    g_return_val_if_fail(self != NULL && batches != NULL, FALSE);

    if (write_all(self, batches, n, error))
        return TRUE;
    g_hash_table_remove_all(self->ids);
    return FALSE;
}

/* -- import -- */

static gboolean
check_origin(KwMarketWriter *self, gint64 series, gboolean is_synthetic, GError **error)
{
    static const gchar sql[] = "SELECT 1 FROM candle WHERE series = ?1 AND origin IN"
                               " (SELECT id FROM origin WHERE is_synthetic <> ?2) LIMIT 1";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row;

    if (!kw_sql_prepare(self->db, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, series);
    (void) sqlite3_bind_int64(stmt, 2, is_synthetic ? 1 : 0);
    if (!kw_sql_step_row(stmt, &has_row, error))
        return FALSE;
    if (!has_row)
        return TRUE;
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS,
                "%s candles cannot be mixed with the %s ones that are stored",
                is_synthetic ? "synthetic" : "real", is_synthetic ? "real" : "synthetic");
    return FALSE;
}

/* Whether the stored row has the same numbers; has_row is FALSE when there is none. */
static gboolean
compare_stored(sqlite3_stmt *stmt,
               gint64 series,
               const KwCandle *candle,
               gboolean *out_has_row,
               gboolean *out_is_same,
               GError **error)
{
    gdouble stored[5];
    const gdouble wanted[] = {candle->open, candle->high, candle->low, candle->close,
                              candle->volume};

    (void) sqlite3_reset(stmt);
    (void) sqlite3_bind_int64(stmt, 1, series);
    (void) sqlite3_bind_int64(stmt, 2, candle->open_us);
    if (!kw_sql_step_row(stmt, out_has_row, error))
        return FALSE;
    for (gint i = 0; *out_has_row && i < 5; i++)
        stored[i] = sqlite3_column_double(stmt, i);
    *out_is_same = *out_has_row && memcmp(stored, wanted, sizeof stored) == 0;
    return TRUE;
}

typedef struct {
    gint64 series, origin; /* ids */
    const gchar *source;   /* borrowed */
    KwImportMode mode;
    KwImportCount count;
} ImportRun;

static gboolean
import_rows(KwMarketWriter *self, ImportRun *run, const KwSeries *series, GError **error)
{
    static const gchar sql[] = "SELECT open, high, low, close, volume FROM candle WHERE"
                               " series = ?1 AND open_us = ?2";
    g_autoptr(sqlite3_stmt) find = NULL;
    gboolean has_row, is_same;

    if (!kw_sql_prepare(self->db, sql, &find, error))
        return FALSE;
    for (gsize i = 0; i < kw_series_get_length(series); i++) {
        KwCandle candle = kw_series_get(series, i);

        if (!compare_stored(find, run->series, &candle, &has_row, &is_same, error))
            return FALSE;
        run->count.n_added += !has_row;
        run->count.n_same += has_row && is_same;
        run->count.n_changed += has_row && !is_same;
        if (has_row && (is_same || run->mode == KW_IMPORT_KEEP))
            continue;
        bind_candle(self->candle_stmt, run->series, &candle, run->origin, run->source);
        if (!kw_sql_step_done(self->candle_stmt, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kw_market_writer_import(KwMarketWriter *self,
                        const KwImport *import,
                        const KwSeries *series,
                        KwImportCount *out,
                        GError **error)
{
    g_autoptr(KwTxn) txn = kw_txn_begin(self->db, error);
    gint64 timeframe_us = kw_series_get_timeframe_us(series);
    ImportRun run = {.mode = import->mode, .source = import->origin.source};

    if (txn == NULL ||
        !get_id(self, NAME_SERIES, import->pair, timeframe_us, &run.series, error) ||
        !get_id(self, NAME_ORIGIN, import->origin.source, import->origin.is_synthetic ? 1 : 0,
                &run.origin, error) ||
        !check_origin(self, run.series, import->origin.is_synthetic, error) ||
        !import_rows(self, &run, series, error) || !kw_txn_commit(&txn, error)) {
        g_hash_table_remove_all(self->ids);
        return FALSE;
    }
    *out = run.count;
    return TRUE;
}
