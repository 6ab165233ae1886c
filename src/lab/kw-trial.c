/* kw-trial.c: values in, loss out
 *
 * The losses are those that users of freqtrade choose from. Where a ratio does not exist the
 * figure is -100, so a strategy without a losing trade looks bad to Sortino; that is its known
 * weakness, and the other losses do not have it. */
#include "kw-trial.h"

#include "kw-error.h"
#include "kw-result.h"

#include <math.h>
#include <string.h>

#define DRAWDOWN_WEIGHT 0.075 /* of the profit that stays at a drawdown of 100 % */
#define MULTI_DRAWDOWN_WEIGHT 0.055
#define MULTI_TRADES 50 /* fewer count less */
#define MULTI_MIN_PENALTY 0.1
#define MULTI_MAX_EXPECTANCY 10.0

static const gchar *const names[] = {
    [KW_LOSS_SHARPE] = "sharpe", [KW_LOSS_SORTINO] = "sortino",
    [KW_LOSS_CALMAR] = "calmar", [KW_LOSS_PROFIT_DRAWDOWN] = "profit-drawdown",
    [KW_LOSS_MULTI] = "multi",
};

const gchar *
kw_loss_to_string(KwLoss loss)
{
    g_return_val_if_fail((guint) loss < G_N_ELEMENTS(names), "");

    return names[loss];
}

gboolean
kw_loss_from_string(const gchar *text, KwLoss *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i], text) == 0) {
            *out = (KwLoss) i;
            return TRUE;
        }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                        "no such loss; known are sharpe, sortino, calmar, profit-drawdown, "
                        "multi");
    return FALSE;
}

/* Profit, less of it the deeper the account fell on the way */
static gdouble
profit_after_drawdown(const KwBacktestStats *stats, gdouble weight)
{
    return stats->profit_abs - stats->drawdown.relative * stats->profit_abs * (1.0 - weight);
}

static gdouble
compute_multi(const KwBacktestStats *stats)
{
    gdouble factor = log(stats->profit_factor + 1.0);
    gdouble expectancy = log(MIN(MULTI_MAX_EXPECTANCY, stats->expectancy_ratio) + 2.0);
    gdouble winrate = log(1.2 + stats->winrate);
    gdouble missing = MAX(0.0, 1.0 - (gdouble) stats->n / MULTI_TRADES);
    gdouble penalty = MAX(MULTI_MIN_PENALTY, 1.0 - missing);

    return -profit_after_drawdown(stats, MULTI_DRAWDOWN_WEIGHT) * factor * expectancy *
           winrate * penalty;
}

gdouble
kw_loss_compute(KwLoss loss, const KwBacktestStats *stats)
{
    g_return_val_if_fail(stats != NULL, KW_LOSS_USELESS);

    switch (loss) {
    case KW_LOSS_SHARPE:
        return -stats->sharpe;
    case KW_LOSS_SORTINO:
        return -stats->sortino;
    case KW_LOSS_CALMAR:
        return -stats->calmar;
    case KW_LOSS_PROFIT_DRAWDOWN:
        return -profit_after_drawdown(stats, DRAWDOWN_WEIGHT);
    case KW_LOSS_MULTI:
        return compute_multi(stats);
    }
    g_return_val_if_reached(KW_LOSS_USELESS);
}

/* -- a run -- */

static gboolean
set_values(const KwTrial *trial, KwStrategy *strategy, GError **error)
{
    guint n = 0;
    const KwStrategyParam *params = kw_strategy_get_params(strategy, &n);

    for (guint i = 0; i < n; i++)
        if (!kw_strategy_set_param(strategy, params[i].name, trial->values[i], error))
            return FALSE;
    return TRUE;
}

static void
judge(KwTrial *trial, const KwBacktest *backtest, const KwTrialPlan *plan)
{
    static const KwResultFacts no_facts = {.strategy = ""};
    g_autoptr(KwResult) result = kw_result_new(backtest, &no_facts);
    const KwBacktestStats *stats = &result->stats;

    trial->n_trades = stats->n;
    trial->profit_total = stats->profit_total;
    trial->drawdown = stats->drawdown.account;
    trial->winrate = stats->winrate;
    trial->sharpe =
        stats->n > 1 && stats->sqn > KW_STATS_DEGENERATE ? stats->sqn / sqrt(stats->n) : 0.0;
    if (stats->n >= MAX(plan->min_trades, 1))
        trial->loss = kw_loss_compute(plan->loss, stats);
    if (!isfinite(trial->loss))
        trial->loss = KW_LOSS_USELESS;
}

void
kw_trial_run(KwTrial *trial, KwStudy *study, KwStrategy *strategy, const KwTrialPlan *plan)
{
    g_autoptr(KwBacktest) backtest = NULL;

    g_return_if_fail(trial != NULL && study != NULL && strategy != NULL && plan != NULL);

    trial->loss = KW_LOSS_USELESS;
    trial->n_trades = 0;
    trial->profit_total = trial->drawdown = trial->winrate = trial->sharpe = 0.0;
    if (!set_values(trial, strategy, NULL) || !kw_study_build(study, strategy, NULL))
        return;
    kw_study_set_window(study, plan->from_us, plan->to_us);
    backtest = kw_study_run(study, &plan->options, NULL);
    if (backtest != NULL)
        judge(trial, backtest, plan);
}
