/* kw-ledger-rows.h: writes the records of a batch as rows; on the writer thread */
#pragma once

#include "kw-chain.h"
#include "kw-journal.h"

G_BEGIN_DECLS

/**
 * KwLedgerRows:
 * @db: borrowed
 * @row: owned
 * @statements: owned; text of a statement -> the statement
 * @heads: present heads of the chains; moved on by each chained row
 *
 * No thread, no transaction: the caller has begun one, and puts @heads back when it rolls back.
 */
typedef struct {
    sqlite3 *db;
    KwRow *row;
    GHashTable *statements;
    KwChainHeads heads;
} KwLedgerRows;

void kw_ledger_rows_init(KwLedgerRows *self, sqlite3 *db);
void kw_ledger_rows_clear(KwLedgerRows *self);

/* Returns: %FALSE with %KW_STORE_ERROR_EXISTS for a fill, mark or start that is there already,
 * or another #KwStoreError */
gboolean kw_ledger_rows_put(KwLedgerRows *self, const KwRecord *record, GError **error);

/* A trade as a row of table `trade`, its own hash included */
gboolean kw_ledger_rows_put_trade(KwLedgerRows *self, const KwTrade *trade, GError **error);

G_END_DECLS
