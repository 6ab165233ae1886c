/* kw-backtest.h: a strategy over stored candles, by the rules of the reference engine */
#pragma once

#include "kw-exit.h"
#include "kw-friction.h"
#include "kw-protection.h"
#include "kw-series.h"
#include "kw-stake.h"
#include "kw-strategy-columns.h"

G_BEGIN_DECLS

/**
 * KwBacktestPricing: where entry and exit orders stand, and how long
 * @entry_factor, @exit_factor: times the open of the row; 1 trades at the open
 * @entry_price, @exit_price: used instead, unless NaN
 * @reprice: entry orders older than the row are moved there; 0 leaves them, NaN takes them back
 * @entry_timeout_us, @exit_timeout_us: an order that is older is taken back
 */
typedef struct {
    gdouble entry_factor, exit_factor;
    gdouble entry_price, exit_price, reprice;
    gint64 entry_timeout_us, exit_timeout_us;
} KwBacktestPricing;

/**
 * KwBacktestMaker: entries that wait in the book and never take
 * @patience_us: taken back after it; 0: there are none, entries are as the pricing says
 * @fee_ratio: of such an entry
 *
 * One bids the open of its row, on the price step below. It is filled at that price once a
 * candle goes lower: how many stand before it in the queue is not known. Only a candle that
 * ends within the patience counts, so with longer ones nothing is ever filled.
 */
typedef struct {
    gint64 patience_us;
    gdouble fee_ratio;
} KwBacktestMaker;

/**
 * KwBacktestOptions:
 * @wallet: starting capital, quote currency
 * @threshold: entries with a confidence below it do not happen
 * @protections: (array length=n_protections): borrowed
 * @friction: (nullable): borrowed; what orders at the market pay; limit orders then fill only
 *   when the price goes through theirs
 * @strategy, @strategy_hash: (nullable): names that trades carry; borrowed
 */
typedef struct {
    KwStrategyTerms terms;
    KwStakeRules stake;
    KwDecimal wallet;
    gdouble fee_ratio;
    gdouble threshold;
    KwBacktestPricing pricing;
    KwBacktestMaker maker;
    const KwProtection *protections;
    guint n_protections;
    const KwFriction *friction;
    const gchar *strategy, *strategy_hash;
} KwBacktestOptions;

/* What the reference takes when nothing is said; terms are those of a strategy that says
 * nothing */
void kw_backtest_options_init(KwBacktestOptions *self);

/**
 * KwBacktestCounters:
 * @n_rejected: entries for which no trade was free
 * @n_unsure: entries whose confidence was too low
 */
typedef struct {
    guint n_rejected, n_unsure;
    guint n_timed_out_entries, n_timed_out_exits;
    guint n_cancelled_trades, n_cancelled_orders, n_replaced_orders;
} KwBacktestCounters;

/**
 * KwBacktest:
 *
 * Trades of several pairs with one account. It uses the stake, exit, protection and ledger
 * code of the daemon. One thread at a time.
 */
typedef struct _KwBacktest KwBacktest;

/* @options: copied, what it points to is borrowed */
KwBacktest *kw_backtest_new(const KwBacktestOptions *options);
void kw_backtest_free(KwBacktest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwBacktest, kw_backtest_free)

/**
 * KwBacktestRange: rows of a pair that are traded in
 * @first: this row gives the first signal, the next one is the first to trade in
 * @end: rows from here on do not count
 */
typedef struct {
    gsize first, end;
} KwBacktestRange;

/**
 * kw_backtest_add_pair:
 * @series, @columns: of one frame, up to date; borrowed until the run is over
 *
 * Pairs that are added earlier come first in every row. A pair with less than two rows in its
 * range plays no part.
 */
void kw_backtest_add_pair(KwBacktest *self,
                          const KwPair *pair,
                          const KwSeries *series,
                          const KwStrategyColumns *columns,
                          KwBacktestRange range);

/**
 * kw_backtest_set_detail:
 * @detail: shorter candles; borrowed until the run is over
 *
 * Of the pair that was added last: in rows in which something can happen its orders and exits
 * go through these candles one by one, with the signals of the row; entries are placed in the
 * first of them only. All pairs go through a row together, in the order of time. Rows without
 * shorter candles are taken as they are.
 */
void kw_backtest_set_detail(KwBacktest *self, const KwSeries *detail);

/**
 * kw_backtest_run:
 *
 * Runs from the first row to the last and closes what is open then. Call it once.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when a price or an amount of money is beyond what
 *   decimals hold
 */
gboolean kw_backtest_run(KwBacktest *self, GError **error);

/* First and last row of all pairs, also of a signal alone; 0 without rows */
gint64 kw_backtest_get_start_us(const KwBacktest *self);
gint64 kw_backtest_get_end_us(const KwBacktest *self);

const KwBacktestOptions *kw_backtest_get_options(const KwBacktest *self);

/* The account; after the run all trades are closed. Borrowed */
const KwPortfolio *kw_backtest_get_portfolio(const KwBacktest *self);
const KwBacktestCounters *kw_backtest_get_counters(const KwBacktest *self);

/* (element-type KwLock): every lock that was set, in the order of setting; borrowed */
const GArray *kw_backtest_get_locks(const KwBacktest *self);

G_END_DECLS
