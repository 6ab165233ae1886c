/* kw-analysis.h: how a strategy's columns settle, and when it speaks at all */
#pragma once

#include "kw-study.h"

G_BEGIN_DECLS

#define KW_ANALYSIS_TOLERANCE 1e-6 /* relative; beyond it a value is another value */

/**
 * KwSettling: of one indicator
 * @name: owned
 * @defined: candles until it has a value at all
 * @settled: candles after which it is what the whole history gives; 0 when not even the
 *   longest trial was enough
 * @error: relative difference after as many candles as the strategy reads at its start;
 *   infinite when it has no value then
 */
typedef struct {
    gchar *name;
    gsize defined, settled;
    gdouble error;
} KwSettling;

/**
 * kw_analysis_settle:
 * @pair: built with @strategy
 *
 * Runs the strategy anew on ends of the history of growing length, each from scratch, and holds
 * the last value of every indicator against that of the whole history.
 *
 * Returns: (transfer full) (element-type KwSettling): %NULL with %KW_STRATEGY_ERROR
 */
GArray *kw_analysis_settle(const KwStudyPair *pair, const KwStrategy *strategy, GError **error);

/**
 * KwDrought: stretches without an entry signal
 * @n_entries: first candles of each run of signals
 * @longest, @last: candles; the last one lasts to the end of the data
 * @longest_us: where the longest begins
 */
typedef struct {
    gsize n_rows, n_entries, longest, last;
    gint64 longest_us;
} KwDrought;

void kw_analysis_droughts(const KwStudyPair *pair, KwDrought *out);

/**
 * KwRegimeCount: signals by the label that stands beside them
 * @label: borrowed of the frame; "" when the strategy names none
 */
typedef struct {
    const gchar *label;
    gsize n_rows, n_entries, n_exits;
} KwRegimeCount;

/* (transfer full) (element-type KwRegimeCount): in the order of first appearance */
GArray *kw_analysis_regimes(const KwStudyPair *pair);

G_END_DECLS
