/* kw-ledger-reader.c: what a start needs, from one snapshot
 *
 * Column numbers follow the lists in the statements. `SELECT *` stands where the hash of the
 * whole row is checked: migrations add columns of such tables only together with new hashes. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-ledger-reader.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

#define EQUITY_DAYS 400
#define LOCK_DAYS 7 /* those that ended tell that they were there */
#define REFUSAL_DAYS 3
#define MARK_DAYS 40
#define TOLD_DAYS 8
#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)
#define DAY_US (24 * HOUR_US)

/* -- rows -- */

static gboolean
read_mode(sqlite3_stmt *stmt, gint index, KwMode *out, GError **error)
{
    return kw_mode_from_string(kw_sql_column_text(stmt, index), out, error);
}

static gboolean
read_trade_money(sqlite3_stmt *stmt, KwTrade *trade, GError **error)
{
    KwDecimal *const left[] = {&trade->entry_amount, &trade->amount,   &trade->open_rate,
                               &trade->close_rate,   &trade->stake,    &trade->cost,
                               &trade->proceeds,     &trade->fee_open, &trade->fee_close};

    for (guint i = 0; i < G_N_ELEMENTS(left); i++) {
        if (!kw_sql_column_decimal(stmt, 6 + (gint) i, left[i], error))
            return FALSE;
    }
    trade->fee_open_ratio = kw_sql_column_real(stmt, 15);
    trade->fee_close_ratio = kw_sql_column_real(stmt, 16);
    trade->stop_ratio = kw_sql_column_real(stmt, 19);
    trade->is_trailing = sqlite3_column_int(stmt, 20) != 0;
    trade->max_rate = kw_sql_column_real(stmt, 21);
    trade->min_rate = kw_sql_column_real(stmt, 22);
    trade->profit_ratio = kw_sql_column_real(stmt, 24);
    trade->confidence = kw_sql_column_real(stmt, 25);
    return kw_sql_column_decimal(stmt, 17, &trade->stop, error) &&
           kw_sql_column_decimal(stmt, 18, &trade->initial_stop, error) &&
           kw_sql_column_decimal(stmt, 23, &trade->profit_abs, error);
}

static gboolean
read_trade(sqlite3_stmt *stmt, KwRow *row, KwTrade *out, GError **error)
{
    KwTrade trade = {.id = sqlite3_column_int64(stmt, 0)};

    if (!kw_row_check_single(row, stmt)) {
        g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                    "table trade, row %" G_GINT64_FORMAT ": hash is wrong", trade.id);
        return FALSE;
    }
    if (!kw_trade_state_from_string(kw_sql_column_text(stmt, 1), &trade.state, error) ||
        !read_mode(stmt, 2, &trade.mode, error) || !read_trade_money(stmt, &trade, error))
        return FALSE;
    kw_sql_copy_text(stmt, 3, trade.pair, sizeof trade.pair);
    trade.open_us = sqlite3_column_int64(stmt, 4);
    trade.close_us = sqlite3_column_int64(stmt, 5);
    kw_sql_copy_text(stmt, 26, trade.enter_tag, sizeof trade.enter_tag);
    kw_sql_copy_text(stmt, 27, trade.exit_reason, sizeof trade.exit_reason);
    kw_sql_copy_text(stmt, 28, trade.regime, sizeof trade.regime);
    kw_sql_copy_text(stmt, 29, trade.strategy, sizeof trade.strategy);
    kw_sql_copy_text(stmt, 30, trade.strategy_hash, sizeof trade.strategy_hash);
    kw_sql_copy_text(stmt, 31, trade.model, sizeof trade.model);
    *out = trade;
    return TRUE;
}

/* @sql selects whole rows; @mode is bound as ?1 when it is not NULL */
static gboolean
each_trade(sqlite3 *db,
           const gchar *sql,
           const gchar *mode,
           KwTradeFunc func,
           gpointer user_data,
           GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(KwRow) row = kw_row_new();
    gboolean has_row = FALSE;
    KwTrade trade;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    if (mode != NULL)
        (void) sqlite3_bind_text(stmt, 1, mode, -1, SQLITE_STATIC);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return TRUE;
        if (!read_trade(stmt, row, &trade, error) || !func(&trade, user_data, error))
            return FALSE;
    }
    return FALSE;
}

gboolean
kw_ledger_reader_each_trade(sqlite3 *db, KwTradeFunc func, gpointer user_data, GError **error)
{
    static const gchar sql[] =
        "SELECT * FROM (SELECT * FROM trade UNION ALL SELECT * FROM trade_archive) ORDER BY id";

    return each_trade(db, sql, NULL, func, user_data, error);
}

static gboolean
append_trade(const KwTrade *trade, gpointer user_data, GError **error)
{
    g_array_append_vals(user_data, trade, 1);
    return TRUE;
}

static gboolean
load_trades(sqlite3 *db, const gchar *mode, KwStoreState *out, GError **error)
{
    static const gchar trade_sql[] =
        "SELECT * FROM trade WHERE mode = ?1 AND state <> 'void' ORDER BY"
        " state <> 'closed', CASE state WHEN 'closed' THEN close_us ELSE open_us END, id";
    static const gchar archive_sql[] = "SELECT * FROM trade_archive WHERE mode = ?1 AND"
                                       " state <> 'void' ORDER BY close_us, id";

    return each_trade(db, trade_sql, mode, append_trade, out->trades, error) &&
           each_trade(db, archive_sql, mode, append_trade, out->archived, error);
}

static gboolean
read_order(sqlite3_stmt *stmt, KwOrder *out, GError **error)
{
    KwOrder order = {.id = sqlite3_column_int64(stmt, 0),
                     .trade_id = sqlite3_column_int64(stmt, 3)};

    if (!read_mode(stmt, 5, &order.mode, error) ||
        !kw_side_from_string(kw_sql_column_text(stmt, 6), &order.side, error) ||
        !kw_order_type_from_string(kw_sql_column_text(stmt, 7), &order.type, error) ||
        !kw_order_state_from_string(kw_sql_column_text(stmt, 8), &order.state, error) ||
        !kw_sql_column_decimal(stmt, 9, &order.price, error) ||
        !kw_sql_column_decimal(stmt, 10, &order.amount, error) ||
        !kw_sql_column_decimal(stmt, 11, &order.filled, error))
        return FALSE;
    kw_sql_copy_text(stmt, 1, order.client_id, sizeof order.client_id);
    kw_sql_copy_text(stmt, 2, order.venue_id, sizeof order.venue_id);
    kw_sql_copy_text(stmt, 4, order.pair, sizeof order.pair);
    order.candle_us = sqlite3_column_int64(stmt, 12);
    order.updated_us = sqlite3_column_int64(stmt, 13);
    kw_sql_copy_text(stmt, 14, order.reason, sizeof order.reason);
    *out = order;
    return TRUE;
}

/* -- one list after the other; @time_us and @mode are ?1 and ?2 -- */

typedef gboolean (*RowFunc)(sqlite3_stmt *stmt, KwStoreState *out, GError **error);

typedef struct {
    const gchar *sql;
    gint64 age_us; /* ?1 is so long ago */
    RowFunc func;
} List;

static gboolean
each_row(sqlite3 *db,
         const List *list,
         gint64 now_us,
         const gchar *mode,
         KwStoreState *out,
         GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(db, list->sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, now_us - list->age_us);
    if (sqlite3_bind_parameter_count(stmt) >= 2)
        (void) sqlite3_bind_text(stmt, 2, mode, -1, SQLITE_STATIC);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return TRUE;
        if (!list->func(stmt, out, error))
            return FALSE;
    }
    return FALSE;
}

static gboolean
add_order(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    KwOrder order;

    if (!read_order(stmt, &order, error))
        return FALSE;
    g_array_append_val(out->orders, order);
    return TRUE;
}

static gboolean
add_part(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    KwPartRecord part = {
        .trade_id = sqlite3_column_int64(stmt, 0),
        .fill = {.side = KW_SIDE_SELL, .time_us = sqlite3_column_int64(stmt, 1)}};

    if (!kw_sql_column_decimal(stmt, 2, &part.fill.price, error) ||
        !kw_sql_column_decimal(stmt, 3, &part.fill.amount, error) ||
        !kw_sql_column_decimal(stmt, 4, &part.fill.fee, error))
        return FALSE;
    g_array_append_val(out->parts, part);
    return TRUE;
}

static gboolean
add_exec_id(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    (void) error;
    g_ptr_array_add(out->exec_ids, g_strdup(kw_sql_column_text(stmt, 0)));
    return TRUE;
}

static gboolean
add_order_time(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    gint64 time_us = sqlite3_column_int64(stmt, 0);

    g_array_append_val(out->order_times, time_us);
    return TRUE;
}

static gboolean
add_lock(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    KwLock lock = {.from_us = sqlite3_column_int64(stmt, 2),
                   .until_us = sqlite3_column_int64(stmt, 3)};

    kw_sql_copy_text(stmt, 0, lock.pair, sizeof lock.pair);
    kw_sql_copy_text(stmt, 1, lock.by, sizeof lock.by);
    kw_sql_copy_text(stmt, 4, lock.reason, sizeof lock.reason);
    g_array_append_val(out->locks, lock);
    return TRUE;
}

static gboolean
add_refusal(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    gint64 candle_us = sqlite3_column_int64(stmt, 1);

    (void) error;
    g_hash_table_insert(out->refusals, g_strdup(kw_sql_column_text(stmt, 0)),
                        g_memdup2(&candle_us, sizeof candle_us));
    return TRUE;
}

static gboolean
add_signal(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    KwSignalRecord signal = {.candle_us = sqlite3_column_int64(stmt, 1), .confidence = NAN};
    const gchar *side = kw_sql_column_text(stmt, 2);

    (void) error;
    signal.side =
        strcmp(side, kw_side_to_string(KW_SIDE_SELL)) == 0 ? KW_SIDE_SELL : KW_SIDE_BUY;
    if (sqlite3_column_type(stmt, 3) != SQLITE_NULL)
        signal.confidence = sqlite3_column_double(stmt, 3);
    g_strlcpy(signal.pair, kw_sql_column_text(stmt, 0), sizeof signal.pair);
    g_strlcpy(signal.action, kw_sql_column_text(stmt, 4), sizeof signal.action);
    g_strlcpy(signal.reason, kw_sql_column_text(stmt, 5), sizeof signal.reason);
    g_strlcpy(signal.regime, kw_sql_column_text(stmt, 6), sizeof signal.regime);
    g_strlcpy(signal.tier, kw_sql_column_text(stmt, 7), sizeof signal.tier);
    g_array_append_val(out->signals, signal);
    return TRUE;
}

static gboolean
add_equity(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    KwEquityRecord point = {.time_us = sqlite3_column_int64(stmt, 0),
                            .n_open = (guint) sqlite3_column_int(stmt, 6)};

    if (!read_mode(stmt, 1, &point.mode, error) ||
        !kw_sql_column_decimal(stmt, 2, &point.equity, error) ||
        !kw_sql_column_decimal(stmt, 3, &point.cash, error) ||
        !kw_sql_column_decimal(stmt, 4, &point.realised, error) ||
        !kw_sql_column_decimal(stmt, 5, &point.open_profit, error))
        return FALSE;
    g_array_append_val(out->equity, point);
    return TRUE;
}

static gboolean
add_mark(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    gchar *key =
        g_strdup_printf("%s %s", kw_sql_column_text(stmt, 0), kw_sql_column_text(stmt, 1));

    g_hash_table_insert(out->marks, key,
                        g_strdup(sqlite3_column_int(stmt, 2) != 0 ? "late" : ""));
    return TRUE;
}

static gboolean
add_meta(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    g_hash_table_insert(out->meta, g_strdup(kw_sql_column_text(stmt, 0)),
                        g_strdup(kw_sql_column_text(stmt, 1)));
    return TRUE;
}

static gboolean
add_outbox(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    KwOutboxItem *item = g_new0(KwOutboxItem, 1);

    item->key = g_strdup(kw_sql_column_text(stmt, 0));
    item->kind = g_strdup(kw_sql_column_text(stmt, 1));
    item->text = g_strdup(kw_sql_column_text(stmt, 2));
    item->created_us = sqlite3_column_int64(stmt, 3);
    g_ptr_array_add(out->outbox, item);
    return TRUE;
}

static gboolean
add_told(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    (void) error;
    g_hash_table_add(out->told, g_strdup(kw_sql_column_text(stmt, 0)));
    return TRUE;
}

static gboolean
load_lists(sqlite3 *db, const gchar *mode, gint64 now_us, KwStoreState *out, GError **error)
{
    static const List lists[] = {
        {"SELECT id, client_id, venue_id, trade_id, pair, mode, side, type, state, price,"
         " amount, filled, candle_us, updated_us, reason FROM orders WHERE ?1 IS NOT NULL AND"
         " mode = ?2 AND (state IN ('intent', 'sent', 'open', 'partial', 'unknown') OR"
         " id > (SELECT max(id) FROM orders) - 200) ORDER BY id",
         0, add_order},
        {"SELECT exec_id FROM fill JOIN orders AS o USING (client_id) WHERE ?1 IS NOT NULL AND"
         " fill.mode = ?2 AND (state IN ('intent', 'sent', 'open', 'partial', 'unknown') OR"
         " o.id > (SELECT max(id) FROM orders) - 200)",
         0, add_exec_id},
        {"SELECT trade_id, time_us, price, amount, fee FROM (SELECT o.trade_id, f.id,"
         " f.time_us, f.price, f.amount, f.fee, lead(f.id) OVER (PARTITION BY o.trade_id"
         " ORDER BY f.id) AS later FROM fill AS f JOIN orders AS o USING (client_id) WHERE"
         " ?1 IS NOT NULL AND f.mode = ?2 AND f.side = 'sell') WHERE later IS NOT NULL OR"
         " trade_id IN (SELECT id FROM trade WHERE state = 'open') ORDER BY id",
         0, add_part},
        {"SELECT created_us FROM orders WHERE created_us > ?1 AND mode = ?2 ORDER BY 1",
         HOUR_US, add_order_time},
        {"SELECT pair, by, from_us, until_us, reason FROM pair_lock WHERE until_us >= ?1",
         LOCK_DAYS * DAY_US, add_lock},
        {"SELECT pair, max(candle_us) FROM signal WHERE candle_us > ?1 AND mode = ?2 AND"
         " side = 'buy' AND action = 'rejected' GROUP BY pair",
         REFUSAL_DAYS * DAY_US, add_refusal},
        {"SELECT pair, candle_us, side, confidence, action, reason, strategy_regime,"
         " tier FROM signal"
         " WHERE candle_us > ?1 AND mode = ?2 ORDER BY candle_us DESC, id DESC LIMIT 500",
         EQUITY_DAYS * DAY_US, add_signal},
        {"SELECT time_us, mode, equity, cash, realised, open_profit, n_open FROM equity WHERE"
         " time_us > ?1 AND mode = ?2 ORDER BY time_us",
         EQUITY_DAYS * DAY_US, add_equity},
        {"SELECT name, date, is_late FROM schedule_mark WHERE time_us > ?1", MARK_DAYS * DAY_US,
         add_mark},
        {"SELECT key, value FROM meta WHERE ?1 IS NOT NULL", 0, add_meta},
        {"SELECT key, kind, text, created_us FROM outbox WHERE sent_us IS NULL AND ?1 IS NOT"
         " NULL ORDER BY id",
         0, add_outbox},
        {"SELECT key FROM outbox WHERE created_us > ?1", TOLD_DAYS * DAY_US, add_told},
    };

    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (!each_row(db, &lists[i], now_us, mode, out, error))
            return FALSE;
    }
    return TRUE;
}

/* -- capital -- */

static gboolean
add_amount(KwDecimal *sum, KwDecimal amount, GError **error)
{
    return kw_decimal_add(*sum, amount, sum, error);
}

static gboolean
add_capital_row(sqlite3_stmt *stmt, KwStoreState *out, GError **error)
{
    const gchar *kind = kw_sql_column_text(stmt, 0);
    KwDecimal amount;

    if (!kw_sql_column_decimal(stmt, 1, &amount, error) ||
        !add_amount(&out->cash, amount, error))
        return FALSE;
    if (g_str_equal(kind, "entry") || g_str_equal(kind, "exit"))
        return TRUE;
    if (g_str_equal(kind, "start")) {
        out->has_start = TRUE;
        out->starting_capital = amount;
    }
    return add_amount(&out->capital, amount, error);
}

static gboolean
load_capital(sqlite3 *db, const gchar *mode, KwStoreState *out, GError **error)
{
    static const List list = {
        "SELECT kind, amount FROM capital WHERE ?1 IS NOT NULL AND mode = ?2 ORDER BY id", 0,
        add_capital_row};

    return each_row(db, &list, 0, mode, out, error);
}

gboolean
kw_ledger_reader_sum_capital(
    sqlite3 *db, KwMode mode, KwDecimal *out_cash, KwDecimal *out_capital, GError **error)
{
    KwStoreState sums = {0};

    if (!load_capital(db, kw_mode_to_string(mode), &sums, error))
        return FALSE;
    *out_cash = sums.cash;
    *out_capital = sums.capital;
    return TRUE;
}

/* -- all -- */

static void
free_outbox_item(gpointer data)
{
    KwOutboxItem *item = data;

    g_free(item->key);
    g_free(item->kind);
    g_free(item->text);
    g_free(item);
}

static void
state_init(KwStoreState *state)
{
    *state = (KwStoreState){
        .trades = g_array_new(FALSE, FALSE, sizeof(KwTrade)),
        .archived = g_array_new(FALSE, FALSE, sizeof(KwTrade)),
        .parts = g_array_new(FALSE, FALSE, sizeof(KwPartRecord)),
        .orders = g_array_new(FALSE, FALSE, sizeof(KwOrder)),
        .refusals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .signals = g_array_new(FALSE, FALSE, sizeof(KwSignalRecord)),
        .order_times = g_array_new(FALSE, FALSE, sizeof(gint64)),
        .locks = g_array_new(FALSE, FALSE, sizeof(KwLock)),
        .equity = g_array_new(FALSE, FALSE, sizeof(KwEquityRecord)),
        .marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .meta = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .outbox = g_ptr_array_new_with_free_func(free_outbox_item),
        .exec_ids = g_ptr_array_new_with_free_func(g_free),
        .told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .next_trade_id = 1,
    };
}

void
kw_store_state_clear(KwStoreState *state)
{
    g_clear_pointer(&state->trades, g_array_unref);
    g_clear_pointer(&state->archived, g_array_unref);
    g_clear_pointer(&state->parts, g_array_unref);
    g_clear_pointer(&state->orders, g_array_unref);
    g_clear_pointer(&state->refusals, g_hash_table_unref);
    g_clear_pointer(&state->signals, g_array_unref);
    g_clear_pointer(&state->order_times, g_array_unref);
    g_clear_pointer(&state->locks, g_array_unref);
    g_clear_pointer(&state->equity, g_array_unref);
    g_clear_pointer(&state->marks, g_hash_table_unref);
    g_clear_pointer(&state->meta, g_hash_table_unref);
    g_clear_pointer(&state->outbox, g_ptr_array_unref);
    g_clear_pointer(&state->exec_ids, g_ptr_array_unref);
    g_clear_pointer(&state->told, g_hash_table_unref);
}

static gboolean
load_next_trade_id(sqlite3 *db, KwStoreState *out, GError **error)
{
    static const gchar sql[] = "SELECT 1 + max((SELECT ifnull(max(id), 0) FROM trade),"
                               " (SELECT ifnull(max(id), 0) FROM trade_archive),"
                               " (SELECT ifnull(max(trade_id), 0) FROM orders))";

    return kw_sql_get_int(db, sql, 1, &out->next_trade_id, error);
}

gboolean
kw_ledger_reader_load(
    sqlite3 *db, KwMode mode, gint64 now_us, KwStoreState *out, GError **error)
{
    const gchar *mode_text = kw_mode_to_string(mode);
    gboolean is_ok;

    g_return_val_if_fail(db != NULL && out != NULL, FALSE);

    state_init(out);
    is_ok = kw_sql_run(db, "BEGIN", error) && load_trades(db, mode_text, out, error) &&
            load_lists(db, mode_text, now_us, out, error) &&
            load_capital(db, mode_text, out, error) && load_next_trade_id(db, out, error) &&
            kw_sql_run(db, "COMMIT", error);
    if (!is_ok) {
        kw_txn_rollback(db);
        kw_store_state_clear(out);
    }
    return is_ok;
}
