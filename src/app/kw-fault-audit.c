/* kw-fault-audit.c: the books against what really happened
 *
 * The exchange of a simulation knows everything, so nothing has to be inferred: each of its
 * orders and executions is looked for in the ledger, and each row of the ledger there. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-fault-audit.h"

#include "kw-check.h"
#include "kw-db.h"
#include "kw-store.h"

#include <sqlite3.h>
#include <string.h>

static gchar *
describe(const gchar *what, const gchar *subject, KwDecimal ours, KwDecimal theirs)
{
    gchar a[KW_DECIMAL_TEXT_SIZE], b[KW_DECIMAL_TEXT_SIZE];

    return g_strdup_printf("%s %s: ours %s, theirs %s", subject, what,
                           kw_decimal_to_text(ours, a), kw_decimal_to_text(theirs, b));
}

/* -- in the process -- */

static gchar *
audit_position(const KwShamVenue *venue, const KwShamMarket *market, KwBook *book, guint pair)
{
    const gchar *name = kw_sham_market_get_pair(market, pair)->name;
    const KwTrade *trade = kw_portfolio_find_open(book->portfolio, name);
    KwDecimal ours = trade != NULL ? trade->amount : KW_DECIMAL_ZERO;
    KwDecimal theirs = kw_sham_venue_get_position(venue, pair);

    return kw_decimal_cmp(ours, theirs) == 0 ? NULL : describe("position", name, ours, theirs);
}

gchar *
kw_fault_audit_book(const KwShamVenue *venue, const KwShamMarket *market, KwBook *book)
{
    g_autoptr(GError) error = NULL;
    gchar *note = NULL;

    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS && note == NULL; i++)
        note = audit_position(venue, market, book, i);
    if (note == NULL && !kw_portfolio_check(book->portfolio, &error))
        note = g_strdup(error->message);
    return note;
}

/* -- on disk -- */

typedef struct {
    gboolean is_there;
    KwOrderState state;
    KwDecimal filled;
    gint n_fills;
} LedgerOrder;

static gboolean
read_order(sqlite3 *db, const gchar *client_id, LedgerOrder *out, GError **error)
{
    static const gchar sql[] = "SELECT state, filled, (SELECT count(*) FROM fill AS f WHERE"
                               " f.client_id = o.client_id) FROM orders AS o"
                               " WHERE client_id = ?1";
    g_autoptr(sqlite3_stmt) stmt = NULL;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    sqlite3_bind_text(stmt, 1, client_id, -1, SQLITE_STATIC);
    if (!kw_sql_step_row(stmt, &out->is_there, error) || !out->is_there)
        return error == NULL || *error == NULL;
    out->n_fills = sqlite3_column_int(stmt, 2);
    return kw_order_state_from_string((const gchar *) sqlite3_column_text(stmt, 0), &out->state,
                                      error) &&
           kw_decimal_parse((const gchar *) sqlite3_column_text(stmt, 1), &out->filled, error);
}

static gchar *
audit_order(sqlite3 *db, const KwShamOrder *sham, GError **error)
{
    const KwOrder *order = &sham->order;
    LedgerOrder row = {0};

    if (sham->is_foreign)
        return order->state == KW_ORDER_STATE_OPEN ? NULL
                                                   : g_strdup("an order by hand was touched");
    if (!read_order(db, order->client_id, &row, error))
        return NULL;
    if (!row.is_there)
        return g_strdup_printf("%s is at the venue and has no intent", order->client_id);
    if (sham->n_reached > 1)
        return g_strdup_printf("%s was sent %u times", order->client_id, sham->n_reached);
    if (kw_decimal_cmp(row.filled, order->filled) != 0)
        return describe("filled", order->client_id, row.filled, order->filled);
    if (row.n_fills != (gint) sham->n_fills)
        return g_strdup_printf("%s has %d executions, not %u", order->client_id, row.n_fills,
                               sham->n_fills);
    if (kw_order_state_is_final(row.state) != kw_order_state_is_final(order->state))
        return g_strdup_printf("%s is %s, not %s", order->client_id,
                               kw_order_state_to_string(row.state),
                               kw_order_state_to_string(order->state));
    return NULL;
}

/* Rows of orders that are not at the exchange at all, and yet have executions or no end */
static gchar *
audit_rows(sqlite3 *db, KwShamVenue *venue, GError **error)
{
    static const gchar sql[] =
        "SELECT client_id FROM orders WHERE state NOT IN ('lapsed', 'rejected') UNION"
        " SELECT client_id FROM fill";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return NULL;
    while (kw_sql_step_row(stmt, &has_row, error) && has_row) {
        const gchar *client_id = (const gchar *) sqlite3_column_text(stmt, 0);

        if (kw_sham_venue_find(venue, client_id) == NULL)
            return g_strdup_printf("%s is not at the venue and has no end", client_id);
    }
    return NULL;
}

gchar *
kw_fault_audit_ledger(KwShamVenue *venue, const gchar *root)
{
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, &error);
    guint64 n_trades = 0;
    gchar *note = NULL;

    for (guint i = 0; i < kw_sham_venue_get_n_orders(venue) && note == NULL && error == NULL;
         i++)
        note = audit_order(db, kw_sham_venue_get_order(venue, i), &error);
    if (note == NULL && error == NULL)
        note = audit_rows(db, venue, &error);
    if (note == NULL && error == NULL)
        (void) kw_check_money(db, &n_trades, &error);
    if (note == NULL && error != NULL)
        note = g_strdup(error->message);
    if (note == NULL && kw_sham_venue_find_any_stop(venue) != NULL &&
        kw_sham_venue_get_worst_bare_us(venue) > KW_FAULT_AUDIT_BARE_US)
        note =
            g_strdup_printf("a position was without a stop for %" G_GINT64_FORMAT " s",
                            kw_sham_venue_get_worst_bare_us(venue) / (gint64) G_USEC_PER_SEC);
    return note;
}
