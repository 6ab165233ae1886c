/* kw-restore.h: the book as the store remembers it */
#pragma once

#include "kw-book.h"
#include "kw-event.h"
#include "kw-paper-broker.h"
#include "kw-store.h"

G_BEGIN_DECLS

/**
 * kw_restore_capital:
 * @state: what kw_store_load() gave
 *
 * A portfolio with the recorded capital in place of the configured one, which counts on the
 * very first start only. Before the order manager is made, as that keeps the portfolio.
 */
gboolean kw_restore_capital(KwBook *book, const KwStoreState *state, GError **error);

/**
 * kw_restore_book:
 * @state: what kw_store_load() gave
 *
 * Puts trades, orders, locks, limits' counters, equity, run state and threshold back, in the
 * order of their time. A book without an order manager is one that is only read: orders are
 * left out.
 *
 * Returns: %FALSE with %KW_STORE_ERROR_CORRUPT when the rows do not add up
 */
gboolean kw_restore_book(KwBook *book, const KwStoreState *state, GError **error);

/* Kill switch from file and meta row; what cannot be read counts as on. */
void kw_restore_kill(KwBook *book, const gchar *root, const KwStoreState *state);

/* The rows of a very first start: starting capital, run state, audit. */
void kw_restore_add_first_rows(const KwBook *book, KwBatch *batch);

/**
 * kw_restore_equity:
 *
 * The equity of the days that are stored, and from the last of them on through the candles that
 * the slots hold, so that peak and drawdown are what they would be without the restart. After
 * the columns are warmed up; up to the row that the book says is the newest.
 */
void kw_restore_equity(KwBook *book, const KwStoreState *state);

/* The equity at @time_us by the closes in the slots and the trades that were open then; for
 * rows whose decisions are in the ledger already. Trades of the last row may be newer than
 * that. */
void kw_restore_equity_at(KwBook *book, gint64 time_us);

/* Highest and lowest rates of open trades, from the candles since their opening. */
void kw_restore_extremes(KwBook *book);

/* The two above, up to the present; @resume_us: newest row of the run before, @ledger_row_us:
 * newest one with a decision, which may be newer than the candles. */
void kw_restore_present(KwBook *book,
                        const KwStoreState *state,
                        gint64 resume_us,
                        gint64 ledger_row_us);

/* Its orders died with the process before: those that worked do so again. */
void kw_restore_paper(const KwStoreState *state, KwPaperBroker *paper);

/* Value of a meta row as a number; @fallback when it is missing or no number */
gint64 kw_restore_get_int(const KwStoreState *state, const gchar *key, gint64 fallback);

/**
 * kw_restore_find_rescan_us:
 *
 * Where to go on when there are decisions but no scan: the process died before the first ones
 * were stored, or market.db was taken away. What is recent is scanned again.
 *
 * Returns: close time of a row, 0 when nothing was decided
 */
gint64 kw_restore_find_rescan_us(const KwStoreState *state, KwFeed *feed);

/* The newest cycles of /thoughts; without a market.db that can be read there are none. */
void kw_restore_scans(KwBook *book, const gchar *root);

G_END_DECLS
