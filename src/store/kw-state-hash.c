#include "kw-state-hash.h"

#include "kw-db.h"
#include "kw-store.h"

static const gchar *const ledger_sql[] = {
    "SELECT client_id, trade_id, pair, mode, side, type, state, price, amount, filled, "
    "candle_us,"
    " reason FROM orders ORDER BY client_id",
    "SELECT exec_id, client_id, pair, mode, side, price, amount, fee, time_us FROM fill"
    " ORDER BY exec_id",
    "SELECT id, state, mode, pair, open_us, close_us, entry_amount, amount, open_rate, "
    "close_rate,"
    " stake, cost, proceeds, stop, initial_stop, is_trailing, max_rate, min_rate, profit_abs,"
    " enter_tag, exit_reason, strategy_regime, strategy_hash FROM trade ORDER BY id",
    "SELECT mode, pair, candle_us, side, price, confidence, action, reason, tag,"
    " strategy_regime, strategy_hash, trade_id FROM signal ORDER BY mode, pair, candle_us, "
    "side",
    "SELECT mode, kind, amount, cash_after, trade_id FROM capital ORDER BY id",
    "SELECT pair, by, from_us, until_us FROM pair_lock ORDER BY pair, by",
    "SELECT mode, time_us, equity, cash, realised, open_profit, n_open FROM equity"
    " ORDER BY mode, time_us",
    "SELECT key, kind, text FROM outbox WHERE kind NOT IN ('started', 'stopping') ORDER BY key",
    "SELECT name, date FROM schedule_mark ORDER BY name, date",
};

static const gchar *const market_sql[] = {
    "SELECT pair, timeframe_us, open_us, open, high, low, close, volume FROM candle JOIN series"
    " ON series.id = candle.series ORDER BY pair, timeframe_us, open_us",
    "SELECT pair, time_us, mode, price, regime, column_values, has_signal, confidence FROM scan"
    " ORDER BY time_us, pair, mode",
};

static void
add_cell(GChecksum *sum, sqlite3_stmt *stmt, gint column)
{
    const guint8 *bytes = sqlite3_column_blob(stmt, column);
    gint n = sqlite3_column_bytes(stmt, column);
    guint8 type = (guint8) sqlite3_column_type(stmt, column);

    g_checksum_update(sum, &type, 1);
    g_checksum_update(sum, (const guchar *) &n, sizeof n);
    if (n > 0)
        g_checksum_update(sum, bytes, n);
}

static gboolean
add_rows(GChecksum *sum, sqlite3 *db, const gchar *sql, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return TRUE;
        for (gint i = 0; i < sqlite3_column_count(stmt); i++)
            add_cell(sum, stmt, i);
    }
    return FALSE;
}

static gboolean
add_file(GChecksum *sum,
         const gchar *root,
         const gchar *name,
         const gchar *const *sql,
         gsize n_sql,
         GError **error)
{
    g_autofree gchar *path = g_build_filename(root, name, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, error);

    if (db == NULL)
        return FALSE;
    for (gsize i = 0; i < n_sql; i++) {
        if (!add_rows(sum, db, sql[i], error))
            return FALSE;
    }
    return TRUE;
}

gchar *
kw_state_hash_compute(const gchar *root, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    g_return_val_if_fail(root != NULL, NULL);

    if (!add_file(sum, root, KW_STORE_LEDGER_FILE, ledger_sql, G_N_ELEMENTS(ledger_sql),
                  error) ||
        !add_file(sum, root, KW_STORE_MARKET_FILE, market_sql, G_N_ELEMENTS(market_sql), error))
        return NULL;
    return g_strdup(g_checksum_get_string(sum));
}

gint64
kw_state_hash_count_messages(const gchar *root)
{
    static const gchar sql[] =
        "SELECT count(*) FROM outbox WHERE kind NOT IN ('started', 'stopping')";
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    gint64 count = 0;

    if (db != NULL)
        (void) kw_sql_get_int(db, sql, 0, &count, NULL);
    return count;
}
