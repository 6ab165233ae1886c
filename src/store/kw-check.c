/* kw-check.c: everything that can be proven about a data root
 *
 * Three things are independent of each other: SQLite's pages (integrity_check), the rows (hash
 * chains, row hashes) and their meaning (the money adds up). A backup is good only when all of
 * them hold. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-check.h"

#include "kw-anchor.h"
#include "kw-error.h"
#include "kw-ledger-reader.h"

/* -- money -- */

typedef struct {
    KwDecimal entry, exit; /* of one trade: sums of its capital rows */
} TradeMoney;

typedef struct {
    GHashTable *by_trade; /* owned; trade id -> TradeMoney */
    KwDecimal cash[2];    /* by mode */
    guint64 n_trades;
} Money;

static gboolean
fail_money(GError **error, const gchar *table, gint64 id, const gchar *what)
{
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                "table %s, row %" G_GINT64_FORMAT ": %s", table, id, what);
    return FALSE;
}

static TradeMoney *
money_of(Money *money, gint64 trade_id)
{
    TradeMoney *found = g_hash_table_lookup(money->by_trade, &trade_id);

    if (found == NULL) {
        found = g_new0(TradeMoney, 1);
        g_hash_table_insert(money->by_trade, g_memdup2(&trade_id, sizeof trade_id), found);
    }
    return found;
}

static gboolean
add_capital_row(sqlite3_stmt *stmt, Money *money, GError **error)
{
    TradeMoney *trade = money_of(money, sqlite3_column_int64(stmt, 5));
    const gchar *kind = kw_sql_column_text(stmt, 2);
    KwDecimal amount, after;
    KwDecimal *cash;
    KwMode mode;

    if (!kw_mode_from_string(kw_sql_column_text(stmt, 1), &mode, error) ||
        !kw_sql_column_decimal(stmt, 3, &amount, error) ||
        !kw_sql_column_decimal(stmt, 4, &after, error))
        return FALSE;
    cash = &money->cash[mode];
    if (!kw_decimal_add(*cash, amount, cash, error))
        return FALSE;
    if (kw_decimal_cmp(*cash, after) != 0)
        return fail_money(error, "capital", sqlite3_column_int64(stmt, 0),
                          "the cash is not the sum of all rows");
    if (g_str_equal(kind, "entry"))
        return kw_decimal_add(trade->entry, amount, &trade->entry, error);
    if (g_str_equal(kind, "exit"))
        return kw_decimal_add(trade->exit, amount, &trade->exit, error);
    return TRUE;
}

static gboolean
add_capital_rows(sqlite3 *db, Money *money, GError **error)
{
    static const gchar sql[] =
        "SELECT id, mode, kind, amount, cash_after, trade_id FROM capital ORDER BY id";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return TRUE;
        if (!add_capital_row(stmt, money, error))
            return FALSE;
    }
    return FALSE;
}

static gboolean
check_trade(const KwTrade *trade, gpointer user_data, GError **error)
{
    Money *money = user_data;
    const TradeMoney *sums = money_of(money, trade->id);

    money->n_trades++;
    if (kw_decimal_cmp(kw_decimal_neg(sums->entry), trade->cost) != 0)
        return fail_money(error, "trade", trade->id,
                          "cost is not what was taken from the cash");
    if (kw_decimal_cmp(sums->exit, trade->proceeds) != 0)
        return fail_money(error, "trade", trade->id, "proceeds are not what came to the cash");
    return TRUE;
}

/* The projection `orders` against the newest chained event of each */
static gboolean
check_orders(sqlite3 *db, GError **error)
{
    static const gchar sql[] =
        "SELECT orders.id FROM orders LEFT JOIN (SELECT client_id, max(id) AS newest FROM"
        " order_event GROUP BY client_id) USING (client_id) LEFT JOIN order_event e ON"
        " e.id = newest WHERE (e.state, e.filled, e.amount, e.price, e.venue_id, e.trade_id)"
        " IS NOT (orders.state, orders.filled, orders.amount, orders.price, orders.venue_id,"
        " orders.trade_id) LIMIT 1";
    gint64 id;

    if (!kw_sql_get_int(db, sql, 0, &id, error))
        return FALSE;
    return id == 0 || fail_money(error, "orders", id, "is not its newest event");
}

gboolean
kw_check_money(sqlite3 *db, guint64 *out_n_trades, GError **error)
{
    g_autoptr(GHashTable) by_trade =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    Money money = {.by_trade = by_trade};

    g_return_val_if_fail(db != NULL, FALSE);

    if (!add_capital_rows(db, &money, error) ||
        !kw_ledger_reader_each_trade(db, check_trade, &money, error) ||
        !check_orders(db, error))
        return FALSE;
    *out_n_trades = money.n_trades;
    return TRUE;
}

/* -- a file -- */

static gboolean
check_pages(sqlite3 *db, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row;

    if (!kw_sql_prepare(db, "PRAGMA integrity_check(1)", &stmt, error) ||
        !kw_sql_step_row(stmt, &has_row, error))
        return FALSE;
    if (has_row && g_strcmp0(kw_sql_column_text(stmt, 0), "ok") == 0)
        return TRUE;
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT, "pages: %s",
                has_row ? kw_sql_column_text(stmt, 0) : "no answer");
    return FALSE;
}

static gboolean
check_db(sqlite3 *db, KwSchema schema, KwCheckCount *count, GError **error)
{
    g_autoptr(KwRow) row = kw_row_new();

    if (!kw_migrations_check(db, schema, &count->version, error) || !check_pages(db, error))
        return FALSE;
    if (count->version == 0) {
        g_set_error_literal(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT, "is empty");
        return FALSE;
    }
    if (schema == KW_SCHEMA_MARKET)
        return TRUE;
    return kw_chain_verify(db, row, KW_CHAIN_CHECK_ALL, &count->n_chained, error) &&
           kw_check_money(db, &count->n_trades, error);
}

gboolean
kw_check_file(const gchar *path, KwSchema schema, KwCheckCount *out, GError **error)
{
    g_autofree gchar *name = NULL;
    g_autoptr(sqlite3) db = NULL;
    KwCheckCount count = {0};

    g_return_val_if_fail(path != NULL, FALSE);

    db = kw_db_open(path, KW_DB_READONLY, error);
    if (db == NULL)
        return FALSE;
    if (!check_db(db, schema, &count, error)) {
        name = g_path_get_basename(path);
        g_prefix_error(error, "%s: ", name);
        return FALSE;
    }
    if (out != NULL)
        *out = count;
    return TRUE;
}

/* -- the data root -- */

static void
free_finding(gpointer data)
{
    KwFinding *finding = data;

    g_free(finding->name);
    g_free(finding->detail);
    g_free(finding);
}

/* @detail: (transfer full) */
static KwFinding *
add_finding(GPtrArray *findings, const gchar *name, gchar *detail, const GError *error)
{
    KwFinding *finding = g_new0(KwFinding, 1);

    finding->name = g_strdup(name);
    finding->is_ok = error == NULL;
    finding->detail = error == NULL ? detail : g_strdup(error->message);
    if (error != NULL)
        g_free(detail);
    g_ptr_array_add(findings, finding);
    return finding;
}

static void
check_one(GPtrArray *findings, const gchar *root, const gchar *name, KwSchema schema)
{
    g_autofree gchar *path = g_build_filename(root, name, NULL);
    g_autoptr(GError) error = NULL;
    gchar *detail = NULL;
    KwCheckCount count = {0};

    if (kw_check_file(path, schema, &count, &error))
        detail = g_strdup_printf("version %u, %" G_GUINT64_FORMAT
                                 " chained rows and %" G_GUINT64_FORMAT " trades verified",
                                 count.version, count.n_chained, count.n_trades);
    add_finding(findings, name, detail, error)->count = count;
}

static void
check_anchor(GPtrArray *findings, const gchar *root)
{
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3) db = NULL;
    KwChainHeads anchor;
    guint64 n_lost = 0;

    if (!kw_anchor_read(root, &anchor)) {
        (void) add_finding(findings, KW_ANCHOR_FILE, g_strdup("none"), NULL);
        return;
    }
    db = kw_db_open(path, KW_DB_READONLY, &error);
    if (db != NULL && kw_anchor_compare(db, &anchor, &n_lost, &error) && n_lost > 0)
        g_set_error(&error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                    "%" G_GUINT64_FORMAT " rows that were written are gone", n_lost);
    (void) add_finding(findings, KW_ANCHOR_FILE, g_strdup("nothing is lost"), error);
}

GPtrArray *
kw_store_doctor(const gchar *root)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(free_finding);

    g_return_val_if_fail(root != NULL, findings);

    check_one(findings, root, KW_STORE_LEDGER_FILE, KW_SCHEMA_LEDGER);
    check_one(findings, root, KW_STORE_MARKET_FILE, KW_SCHEMA_MARKET);
    check_anchor(findings, root);
    return findings;
}
