/* kw-trial.h: one set of parameter values, and how it did */
#pragma once

#include "kw-backtest-stats.h"
#include "kw-study.h"

G_BEGIN_DECLS

#define KW_TRIAL_MAX_PARAMS 32

/**
 * KwLoss: what an optimisation makes small; names as users of freqtrade know them
 */
typedef enum {
    KW_LOSS_SHARPE,          /* "sharpe" */
    KW_LOSS_SORTINO,         /* "sortino" */
    KW_LOSS_CALMAR,          /* "calmar" */
    KW_LOSS_PROFIT_DRAWDOWN, /* "profit-drawdown" */
    KW_LOSS_MULTI,           /* "multi": profit, drawdown, expectancy, win rate, number */
} KwLoss;

const gchar *kw_loss_to_string(KwLoss loss);
gboolean kw_loss_from_string(const gchar *text, KwLoss *out, GError **error);

#define KW_LOSS_USELESS 100000.0 /* too few trades, or a run that failed */

/* @stats of a backtest with this capital. Smaller is better. */
gdouble kw_loss_compute(KwLoss loss, const KwBacktestStats *stats);

/**
 * KwTrial:
 * @values: in the order of the strategy's parameters
 * @sharpe: mean by deviation of the trades' profits, 0 when it cannot be told
 *
 * Plain value.
 */
typedef struct {
    guint index;
    gdouble values[KW_TRIAL_MAX_PARAMS];
    gdouble loss;
    guint n_trades;
    gdouble profit_total, drawdown, winrate, sharpe;
} KwTrial;

/**
 * KwTrialPlan: what is the same for all trials
 * @from_us, @to_us: rows to trade in, both included
 * @min_trades: fewer make a trial useless
 */
typedef struct {
    KwBacktestOptions options;
    KwLoss loss;
    guint min_trades;
    gint64 from_us, to_us;
} KwTrialPlan;

/**
 * kw_trial_run:
 * @trial: its values are read, the rest is written
 * @strategy: its parameters are changed
 *
 * A run that cannot be made has the loss %KW_LOSS_USELESS; the search goes on.
 */
void
kw_trial_run(KwTrial *trial, KwStudy *study, KwStrategy *strategy, const KwTrialPlan *plan);

G_END_DECLS
