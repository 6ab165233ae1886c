/* kw-ledger-reader.h: rows of ledger.db as values; on a connection of its own */
#pragma once

#include "kw-row.h"
#include "kw-store.h"

G_BEGIN_DECLS

/**
 * kw_ledger_reader_load:
 * @now_us: end of the last hour, of the last days
 * @out: cleared by the caller
 *
 * Reads everything in one snapshot. A trade whose row hash is wrong is
 * %KW_STORE_ERROR_CORRUPT naming the row.
 */
gboolean kw_ledger_reader_load(
    sqlite3 *db, KwMode mode, gint64 now_us, KwStoreState *out, GError **error);

/* Called for each row; FALSE ends with the error it set. */
typedef gboolean (*KwTradeFunc)(const KwTrade *trade, gpointer user_data, GError **error);

/* All trades of both modes, archived ones too, by id; hashes are checked. */
gboolean
kw_ledger_reader_each_trade(sqlite3 *db, KwTradeFunc func, gpointer user_data, GError **error);

/* Sums of the capital rows of @mode: all, and start + deposits - withdrawals */
gboolean kw_ledger_reader_sum_capital(
    sqlite3 *db, KwMode mode, KwDecimal *out_cash, KwDecimal *out_capital, GError **error);

G_END_DECLS
