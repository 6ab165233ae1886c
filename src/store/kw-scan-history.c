#include "kw-scan-history.h"

#include "kw-db.h"
#include "kw-store.h"

#include <math.h>
#include <string.h>

static void
read_scan(sqlite3_stmt *stmt, KwScanRecord *out)
{
    gsize n_bytes = (gsize) sqlite3_column_bytes(stmt, 8);
    const guint8 *bytes = sqlite3_column_blob(stmt, 8);

    *out = (KwScanRecord){
        .time_us = sqlite3_column_int64(stmt, 0),
        .price = kw_sql_column_real(stmt, 2),
        .confidence = kw_sql_column_real(stmt, 3),
        .has_signal = sqlite3_column_int(stmt, 4) != 0,
        .names = g_intern_string(kw_sql_column_text(stmt, 9)),
        .spread = NAN,
        .depth_bid = NAN,
        .depth_ask = NAN,
        .n_values = (guint) MIN(n_bytes / sizeof(gdouble), KW_SCAN_MAX_COLUMNS),
    };
    g_strlcpy(out->pair, kw_sql_column_text(stmt, 1), sizeof out->pair);
    g_strlcpy(out->regime, kw_sql_column_text(stmt, 5), sizeof out->regime);
    g_strlcpy(out->action, kw_sql_column_text(stmt, 6), sizeof out->action);
    g_strlcpy(out->reason, kw_sql_column_text(stmt, 7), sizeof out->reason);
    for (guint i = 0; i < out->n_values; i++) {
        guint64 bits;

        memcpy(&bits, bytes + i * sizeof bits, sizeof bits);
        bits = GUINT64_FROM_LE(bits);
        memcpy(&out->values[i], &bits, sizeof bits);
    }
}

GArray *
kw_scan_history_load(const gchar *root, KwMode mode, guint max, GError **error)
{
    static const gchar sql[] =
        "SELECT time_us, pair, price, confidence, has_signal, regime, action, reason,"
        " column_values, names FROM scan JOIN column_set ON column_set.id = column_set"
        " WHERE mode = ?1 ORDER BY time_us DESC LIMIT ?2";
    g_autoptr(GArray) scans = g_array_new(FALSE, FALSE, sizeof(KwScanRecord));
    g_autofree gchar *path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, error);
    gboolean has_row = FALSE;

    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, error))
        return NULL;
    (void) sqlite3_bind_text(stmt, 1, kw_mode_to_string(mode), -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, max);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        KwScanRecord scan;

        if (!has_row)
            return g_steal_pointer(&scans);
        read_scan(stmt, &scan);
        g_array_append_val(scans, scan);
    }
    return NULL;
}
