/* kw-result.h: a finished backtest as numbers: trades, figures, what it was made of */
#pragma once

#include "kw-backtest-stats.h"
#include "kw-backtest.h"

G_BEGIN_DECLS

/**
 * KwResultFacts: what is known about a backtest besides its trades
 * @pairs: (array zero-terminated=1): all that were listed, in order
 * @model: what the strategy's models were; "" without
 * @market_change: mean change of the pairs over the candles that were read
 * @timeframe_detail, @timerange: "" without
 * @run_start_us, @run_end_us: of the clock on the wall
 *
 * Texts are borrowed.
 */
typedef struct {
    const gchar *strategy;
    const gchar *identity;
    const gchar *model;
    const gchar *const *pairs;
    const gchar *stake_currency;
    const gchar *timeframe, *timeframe_detail, *timerange;
    gdouble market_change;
    gint64 run_start_us, run_end_us;
} KwResultFacts;

/**
 * KwResult:
 *
 * Trades of a backtest as numbers, their figures, and the tables.
 */
typedef struct {
    const KwBacktest *backtest; /* borrowed */
    const KwResultFacts *facts; /* borrowed */
    GArray *trades;             /* of KwStatsTrade, owned; texts are borrowed of the backtest */
    KwStatsInput input;
    KwBacktestStats stats;
} KwResult;

/* @backtest: has run; both are borrowed */
KwResult *kw_result_new(const KwBacktest *backtest, const KwResultFacts *facts);
void kw_result_free(KwResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwResult, kw_result_free)

G_END_DECLS
