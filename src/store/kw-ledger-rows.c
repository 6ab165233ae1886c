/* kw-ledger-rows.c: one function a kind of record
 *
 * Chained rows get the next number of their table here and not from SQLite, because the number
 * is part of what is hashed and must have no gaps.
 *
 * Statements are kept: a trade is a dozen rows, and compiling their statements anew took five
 * times as long as running them. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-ledger-rows.h"

#include "kw-error.h"

#include <string.h>

static void
finalize_statement(gpointer stmt)
{
    (void) sqlite3_finalize(stmt);
}

void
kw_ledger_rows_init(KwLedgerRows *self, sqlite3 *db)
{
    *self = (KwLedgerRows){.db = db, .row = kw_row_new()};
    self->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize_statement);
}

void
kw_ledger_rows_clear(KwLedgerRows *self)
{
    g_clear_pointer(&self->statements, g_hash_table_unref);
    g_clear_pointer(&self->row, kw_row_free);
}

/* @sql: static. Returns: (transfer none) (nullable): reset */
static sqlite3_stmt *
get_statement(KwLedgerRows *self, const gchar *sql, GError **error)
{
    sqlite3_stmt *stmt = g_hash_table_lookup(self->statements, sql);

    if (stmt == NULL && kw_sql_prepare(self->db, sql, &stmt, error))
        (void) g_hash_table_insert(self->statements, (gpointer) sql, stmt);
    return stmt;
}

/* -- chained tables -- */

static gboolean
begin_chained(KwLedgerRows *self, KwChain chain, const gchar *sql, GError **error)
{
    sqlite3_stmt *stmt = get_statement(self, sql, error);

    if (stmt == NULL)
        return FALSE;
    kw_row_begin(self->row, stmt);
    kw_row_add_int(self->row, self->heads.heads[chain].n_rows + 1);
    return TRUE;
}

static gboolean
end_chained(KwLedgerRows *self, KwChain chain, GError **error)
{
    KwChainHead *head = &self->heads.heads[chain];

    if (!kw_row_end(self->row, head->hash, head->hash, error))
        return FALSE;
    head->n_rows++;
    return TRUE;
}

static gboolean
put_order_event(KwLedgerRows *self, const KwOrder *order, GError **error)
{
    static const gchar sql[] =
        "INSERT INTO order_event (id, time_us, client_id, venue_id, trade_id, pair, mode, side,"
        " type, state, price, amount, filled, candle_us, reason, hash) VALUES (?1, ?2, ?3, ?4,"
        " ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
    KwRow *row = self->row;

    if (!begin_chained(self, KW_CHAIN_ORDER_EVENT, sql, error))
        return FALSE;
    kw_row_add_int(row, order->updated_us);
    kw_row_add_text(row, order->client_id);
    kw_row_add_text(row, order->venue_id);
    kw_row_add_int(row, order->trade_id);
    kw_row_add_text(row, order->pair);
    kw_row_add_text(row, kw_mode_to_string(order->mode));
    kw_row_add_text(row, kw_side_to_string(order->side));
    kw_row_add_text(row, kw_order_type_to_string(order->type));
    kw_row_add_text(row, kw_order_state_to_string(order->state));
    kw_row_add_decimal(row, order->price);
    kw_row_add_decimal(row, order->amount);
    kw_row_add_decimal(row, order->filled);
    kw_row_add_int(row, order->candle_us);
    kw_row_add_text(row, order->reason);
    return end_chained(self, KW_CHAIN_ORDER_EVENT, error);
}

/* The present state is the newest event, copied; so both can never disagree. */
static gboolean
put_order(KwLedgerRows *self, const KwOrder *order, GError **error)
{
    static const gchar sql[] =
        "INSERT INTO orders (client_id, venue_id, trade_id, pair, mode, side, type, state,"
        " price, amount, filled, candle_us, created_us, updated_us, reason)"
        " SELECT client_id, venue_id, trade_id, pair, mode, side, type, state, price, amount,"
        " filled, candle_us, time_us, time_us, reason FROM order_event WHERE id = ?1"
        " ON CONFLICT (client_id) DO UPDATE SET venue_id = excluded.venue_id,"
        " trade_id = excluded.trade_id, state = excluded.state, price = excluded.price,"
        " amount = excluded.amount, filled = excluded.filled, updated_us = excluded.updated_us,"
        " reason = excluded.reason";
    sqlite3_stmt *stmt;

    if (!put_order_event(self, order, error))
        return FALSE;
    stmt = get_statement(self, sql, error);
    if (stmt == NULL)
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, self->heads.heads[KW_CHAIN_ORDER_EVENT].n_rows);
    return kw_sql_step_done(stmt, error);
}

static gboolean
put_fill(KwLedgerRows *self, const KwFill *fill, GError **error)
{
    static const gchar sql[] = "INSERT INTO fill (id, time_us, exec_id, client_id, pair, mode, "
                               "side, price, amount, fee,"
                               " hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    KwRow *row = self->row;

    if (!begin_chained(self, KW_CHAIN_FILL, sql, error))
        return FALSE;
    kw_row_add_int(row, fill->time_us);
    kw_row_add_text(row, fill->exec_id);
    kw_row_add_text(row, fill->client_id);
    kw_row_add_text(row, fill->pair);
    kw_row_add_text(row, kw_mode_to_string(fill->mode));
    kw_row_add_text(row, kw_side_to_string(fill->side));
    kw_row_add_decimal(row, fill->price);
    kw_row_add_decimal(row, fill->amount);
    kw_row_add_decimal(row, fill->fee);
    return end_chained(self, KW_CHAIN_FILL, error);
}

static gboolean
put_capital(KwLedgerRows *self, const KwCapitalRecord *capital, GError **error)
{
    static const gchar sql[] =
        "INSERT INTO capital (id, time_us, mode, kind, amount, cash_after,"
        " trade_id, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    KwRow *row = self->row;

    if (!begin_chained(self, KW_CHAIN_CAPITAL, sql, error))
        return FALSE;
    kw_row_add_int(row, capital->time_us);
    kw_row_add_text(row, kw_mode_to_string(capital->mode));
    kw_row_add_text(row, capital->kind);
    kw_row_add_decimal(row, capital->amount);
    kw_row_add_decimal(row, capital->cash_after);
    kw_row_add_int(row, capital->trade_id);
    return end_chained(self, KW_CHAIN_CAPITAL, error);
}

static gboolean
put_audit(KwLedgerRows *self, const KwAuditRecord *audit, GError **error)
{
    static const gchar sql[] = "INSERT INTO audit (id, time_us, mode, actor, action, detail,"
                               " hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    KwRow *row = self->row;

    if (!begin_chained(self, KW_CHAIN_AUDIT, sql, error))
        return FALSE;
    kw_row_add_int(row, audit->time_us);
    kw_row_add_text(row, kw_mode_to_string(audit->mode));
    kw_row_add_text(row, audit->actor);
    kw_row_add_text(row, audit->action);
    kw_row_add_text(row, audit->detail == NULL ? "" : audit->detail);
    return end_chained(self, KW_CHAIN_AUDIT, error);
}

/* -- trades -- */

static void
add_trade_money(KwRow *row, const KwTrade *trade)
{
    kw_row_add_decimal(row, trade->entry_amount);
    kw_row_add_decimal(row, trade->amount);
    kw_row_add_decimal(row, trade->open_rate);
    kw_row_add_decimal(row, trade->close_rate);
    kw_row_add_decimal(row, trade->stake);
    kw_row_add_decimal(row, trade->cost);
    kw_row_add_decimal(row, trade->proceeds);
    kw_row_add_decimal(row, trade->fee_open);
    kw_row_add_decimal(row, trade->fee_close);
    kw_row_add_real(row, trade->fee_open_ratio);
    kw_row_add_real(row, trade->fee_close_ratio);
    kw_row_add_decimal(row, trade->stop);
    kw_row_add_decimal(row, trade->initial_stop);
    kw_row_add_real(row, trade->stop_ratio);
    kw_row_add_int(row, trade->is_trailing ? 1 : 0);
    kw_row_add_real(row, trade->max_rate);
    kw_row_add_real(row, trade->min_rate);
    kw_row_add_decimal(row, trade->profit_abs);
    kw_row_add_real(row, trade->profit_ratio);
    kw_row_add_real(row, trade->confidence);
}

gboolean
kw_ledger_rows_put_trade(KwLedgerRows *self, const KwTrade *trade, GError **error)
{
    static const gchar sql[] =
        "INSERT OR REPLACE INTO trade (id, state, mode, pair, open_us, close_us, entry_amount,"
        " amount, open_rate, close_rate, stake, cost, proceeds, fee_open, fee_close,"
        " fee_open_ratio, fee_close_ratio, stop, initial_stop, stop_ratio, is_trailing,"
        " max_rate, min_rate, profit_abs, profit_ratio, confidence, enter_tag, exit_reason,"
        " strategy_regime, strategy, strategy_hash, model, hash) VALUES (?1, ?2, ?3, ?4, ?5, "
        "?6,"
        " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "
        "?24,"
        " ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)";
    sqlite3_stmt *stmt = get_statement(self, sql, error);
    guint8 hash[KW_HASH_BYTES];
    KwRow *row = self->row;

    if (stmt == NULL)
        return FALSE;
    kw_row_begin(row, stmt);
    kw_row_add_int(row, trade->id);
    kw_row_add_text(row, kw_trade_state_to_string(trade->state));
    kw_row_add_text(row, kw_mode_to_string(trade->mode));
    kw_row_add_text(row, trade->pair);
    kw_row_add_int(row, trade->open_us);
    kw_row_add_int(row, trade->close_us);
    add_trade_money(row, trade);
    kw_row_add_text(row, trade->enter_tag);
    kw_row_add_text(row, trade->exit_reason);
    kw_row_add_text(row, trade->regime);
    kw_row_add_text(row, trade->strategy);
    kw_row_add_text(row, trade->strategy_hash);
    kw_row_add_text(row, trade->model);
    return kw_row_end(row, NULL, hash, error);
}

/* -- tables without hashes -- */

static gboolean
bind_texts(sqlite3_stmt *stmt, gint first, const gchar *const *texts)
{
    for (; *texts != NULL; texts++) {
        if (sqlite3_bind_text(stmt, first++, *texts, -1, SQLITE_TRANSIENT) != SQLITE_OK)
            return FALSE;
    }
    return TRUE;
}

static gboolean
put_signal(KwLedgerRows *self, const KwSignalRecord *signal, GError **error)
{
    static const gchar sql[] =
        "INSERT INTO signal (pair, mode, side, action, reason, tag, strategy_regime, strategy,"
        " strategy_hash, model, tier, candle_us, price, confidence, trade_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
        " ON CONFLICT (mode, pair, candle_us, side) DO UPDATE SET action = excluded.action,"
        " reason = excluded.reason, trade_id = excluded.trade_id";
    const gchar *const texts[] = {signal->pair,
                                  kw_mode_to_string(signal->mode),
                                  kw_side_to_string(signal->side),
                                  signal->action,
                                  signal->reason,
                                  signal->tag,
                                  signal->regime,
                                  signal->strategy,
                                  signal->strategy_hash,
                                  signal->model,
                                  signal->tier,
                                  NULL};
    sqlite3_stmt *stmt = get_statement(self, sql, error);

    if (stmt == NULL)
        return FALSE;
    (void) bind_texts(stmt, 1, texts);
    (void) sqlite3_bind_int64(stmt, 12, signal->candle_us);
    kw_sql_bind_real(stmt, 13, signal->price);
    kw_sql_bind_real(stmt, 14, signal->confidence);
    (void) sqlite3_bind_int64(stmt, 15, signal->trade_id);
    return kw_sql_step_done(stmt, error);
}

static gboolean
put_lock(KwLedgerRows *self, const KwLock *lock, GError **error)
{
    static const gchar sql[] =
        "INSERT INTO pair_lock (pair, by, reason, from_us, until_us) VALUES (?1, ?2, ?3, ?4, "
        "?5)"
        " ON CONFLICT (pair, by) DO UPDATE SET reason = ?3, from_us = ?4, until_us = ?5";
    const gchar *const texts[] = {lock->pair, lock->by, lock->reason, NULL};
    sqlite3_stmt *stmt = get_statement(self, sql, error);

    if (stmt == NULL)
        return FALSE;
    (void) bind_texts(stmt, 1, texts);
    (void) sqlite3_bind_int64(stmt, 4, lock->from_us);
    (void) sqlite3_bind_int64(stmt, 5, lock->until_us);
    return kw_sql_step_done(stmt, error);
}

static gboolean
put_equity(KwLedgerRows *self, const KwEquityRecord *equity, GError **error)
{
    static const gchar sql[] =
        "INSERT OR REPLACE INTO equity (mode, equity, cash, realised, open_profit, time_us,"
        " n_open) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    gchar money[4][KW_DECIMAL_TEXT_SIZE];
    const gchar *const texts[] = {kw_mode_to_string(equity->mode),
                                  kw_decimal_to_text(equity->equity, money[0]),
                                  kw_decimal_to_text(equity->cash, money[1]),
                                  kw_decimal_to_text(equity->realised, money[2]),
                                  kw_decimal_to_text(equity->open_profit, money[3]),
                                  NULL};
    sqlite3_stmt *stmt = get_statement(self, sql, error);

    if (stmt == NULL)
        return FALSE;
    (void) bind_texts(stmt, 1, texts);
    (void) sqlite3_bind_int64(stmt, 6, equity->time_us);
    (void) sqlite3_bind_int64(stmt, 7, equity->n_open);
    return kw_sql_step_done(stmt, error);
}

static gboolean
put_texts(KwLedgerRows *self,
          const gchar *sql,
          const gchar *const *texts,
          gint64 time_us,
          GError **error)
{
    sqlite3_stmt *stmt = get_statement(self, sql, error);

    if (stmt == NULL)
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, time_us);
    (void) bind_texts(stmt, 2, texts);
    return kw_sql_step_done(stmt, error);
}

static gboolean
put_meta(KwLedgerRows *self, const KwRecord *record, GError **error)
{
    static const gchar sql[] =
        "INSERT OR REPLACE INTO meta (time_us, key, value) VALUES (?1, ?2, ?3)";
    const gchar *const texts[] = {record->u.pair.key, record->u.pair.value, NULL};

    return put_texts(self, sql, texts, record->u.pair.time_us, error);
}

static gboolean
put_mark(KwLedgerRows *self, const KwRecord *record, GError **error)
{
    static const gchar sql[] = "INSERT INTO schedule_mark (time_us, name, date, is_late) VALUES"
                               " (?1, ?2, ?3, ?4 = 'late')";
    gboolean is_late = record->u.pair.extra != NULL;
    const gchar *const texts[] = {record->u.pair.key, record->u.pair.value,
                                  is_late ? "late" : "", NULL};

    return put_texts(self, sql, texts, record->u.pair.time_us, error);
}

static gboolean
put_outbox(KwLedgerRows *self, const KwRecord *record, GError **error)
{
    static const gchar add_sql[] = "INSERT OR IGNORE INTO outbox (created_us, key, kind, text)"
                                   " VALUES (?1, ?2, ?3, ?4)";
    static const gchar sent_sql[] = "UPDATE outbox SET sent_us = ?1 WHERE key = ?2";
    const gchar *kind = record->u.pair.extra == NULL ? "" : record->u.pair.extra;
    const gchar *const texts[] = {record->u.pair.key, kind, record->u.pair.value, NULL};
    const gchar *const key[] = {record->u.pair.key, NULL};

    if (record->u.pair.value == NULL)
        return put_texts(self, sent_sql, key, record->u.pair.time_us, error);
    return put_texts(self, add_sql, texts, record->u.pair.time_us, error);
}

gboolean
kw_ledger_rows_put(KwLedgerRows *self, const KwRecord *record, GError **error)
{
    switch (record->kind) {
    case KW_RECORD_ORDER:
        return put_order(self, &record->u.order, error);
    case KW_RECORD_FILL:
        return put_fill(self, &record->u.fill, error);
    case KW_RECORD_TRADE:
        return kw_ledger_rows_put_trade(self, &record->u.trade, error);
    case KW_RECORD_SIGNAL:
        return put_signal(self, &record->u.signal, error);
    case KW_RECORD_CAPITAL:
        return put_capital(self, &record->u.capital, error);
    case KW_RECORD_LOCK:
        return put_lock(self, &record->u.lock, error);
    case KW_RECORD_EQUITY:
        return put_equity(self, &record->u.equity, error);
    case KW_RECORD_AUDIT:
        return put_audit(self, &record->u.audit, error);
    case KW_RECORD_META:
        return put_meta(self, record, error);
    case KW_RECORD_MARK:
        return put_mark(self, record, error);
    case KW_RECORD_OUTBOX:
        return put_outbox(self, record, error);
    }
    return FALSE;
}
