/* kw-search.c: batch after batch, then a look at rows that the search has not seen
 *
 * All trials of a batch are proposed before one of them is run, so the result is the same for
 * any number of workers; kw-sampler.h tells why. The walk forward does not search again in
 * each window: it chooses among the best candidates of the search, which costs a few runs
 * instead of thousands, and the candidates come from rows before the first window only. */
#include "kw-search.h"

#include "kw-deflated.h"

#include <math.h>

static gboolean
keep(const KwSearch *self, GArray *trials, const KwTrial *trial, GError **error)
{
    g_array_append_val(trials, *trial);
    return self->log == NULL || kw_trial_log_add(self->log, trial, error);
}

/* What the log has of trials that are wanted */
static GArray *
recall(const KwSearch *self)
{
    GArray *trials = g_array_new(FALSE, FALSE, sizeof(KwTrial));
    const GArray *known = self->log != NULL ? kw_trial_log_get_trials(self->log) : NULL;

    if (known != NULL)
        g_array_append_vals(trials, known->data, MIN(known->len, self->n_trials));
    return trials;
}

static gboolean
run_batch(const KwSearch *self, KwCrew *crew, GArray *trials, GError **error)
{
    KwTrial batch[KW_SAMPLER_BATCH];
    guint first = trials->len;
    guint end = MIN(self->n_trials, (first / KW_SAMPLER_BATCH + 1) * KW_SAMPLER_BATCH);

    for (guint i = first; i < end; i++)
        batch[i - first] = kw_sampler_propose(
            self->sampler, i, (const KwTrial *) (gconstpointer) trials->data, trials->len);
    if (crew != NULL ? !kw_crew_run(crew, batch, end - first, error)
                     : !self->run_batch(batch, end - first, self->run_data, error))
        return FALSE;
    for (guint i = first; i < end; i++)
        if (!keep(self, trials, &batch[i - first], error))
            return FALSE;
    return TRUE;
}

GArray *
kw_search_run(const KwSearch *self, GError **error)
{
    g_autoptr(GArray) trials = NULL;
    g_autoptr(KwCrew) crew = NULL;

    g_return_val_if_fail(self != NULL && self->sampler != NULL, NULL);

    trials = recall(self);
    if (self->run_batch == NULL && trials->len < self->n_trials) {
        crew = kw_crew_new(self->n_workers, self->study, self->strategy, self->plan, error);
        if (crew == NULL)
            return NULL;
    }
    while (trials->len < self->n_trials) {
        if (!run_batch(self, crew, trials, error))
            return NULL;
        if (self->on_batch != NULL)
            self->on_batch(trials, self->user_data);
    }
    return g_steal_pointer(&trials);
}

static gint
compare_losses(gconstpointer a, gconstpointer b)
{
    const KwTrial *x = *(const KwTrial *const *) a, *y = *(const KwTrial *const *) b;

    if (x->loss < y->loss || y->loss < x->loss)
        return x->loss < y->loss ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

GPtrArray *
kw_search_rank(const GArray *trials)
{
    GPtrArray *ranked = g_ptr_array_new();

    for (guint i = 0; i < trials->len; i++)
        g_ptr_array_add(ranked, &g_array_index(trials, KwTrial, i));
    g_ptr_array_sort(ranked, compare_losses);
    return ranked;
}

/* -- after the search -- */

/* The candidate with the least loss between the start of the search and @to_us */
static KwTrial
choose_before(const KwSearch *self, const GPtrArray *ranked, gint64 to_us)
{
    KwTrialPlan plan = *self->plan;
    KwTrial best = *(const KwTrial *) ranked->pdata[0];
    gdouble best_loss = G_MAXDOUBLE;

    plan.to_us = to_us;
    for (guint i = 0; i < MIN(ranked->len, KW_SEARCH_N_CANDIDATES); i++) {
        KwTrial trial = *(const KwTrial *) ranked->pdata[i];

        kw_trial_run(&trial, self->study, self->strategy, &plan);
        if (trial.loss < best_loss) {
            best_loss = trial.loss;
            best = trial;
        }
    }
    return best;
}

void
kw_search_walk_forward(const KwSearch *self,
                       const GArray *trials,
                       gint64 from_us,
                       gint64 to_us,
                       KwWalkWindow *windows,
                       guint n_windows)
{
    g_autoptr(GPtrArray) ranked = kw_search_rank(trials);
    gint64 length_us = (to_us - from_us) / MAX(n_windows, 1) + 1;

    g_return_if_fail(ranked->len > 0);

    for (guint i = 0; i < n_windows; i++) {
        KwTrialPlan plan = *self->plan;

        windows[i].from_us = from_us + i * length_us;
        windows[i].to_us = MIN(to_us, windows[i].from_us + length_us - 1);
        windows[i].chosen = choose_before(self, ranked, windows[i].from_us - 1);
        plan.from_us = windows[i].from_us;
        plan.to_us = windows[i].to_us;
        plan.min_trades = 1;
        kw_trial_run(&windows[i].chosen, self->study, self->strategy, &plan);
    }
}

/* Of the Sharpe ratios of the trials that traded at all */
static gdouble
get_variance(const GArray *trials, guint *out_n)
{
    gdouble mean = 0.0, sum = 0.0;
    guint n = 0;

    for (guint i = 0; i < trials->len; i++)
        if (g_array_index(trials, KwTrial, i).n_trades > 1) {
            mean += g_array_index(trials, KwTrial, i).sharpe;
            n++;
        }
    *out_n = n;
    if (n < 2)
        return 0.0;
    mean /= n;
    for (guint i = 0; i < trials->len; i++) {
        const KwTrial *trial = &g_array_index(trials, KwTrial, i);

        if (trial->n_trades > 1)
            sum += (trial->sharpe - mean) * (trial->sharpe - mean);
    }
    return sum / (n - 1);
}

/* (transfer full) (element-type gdouble): profits of the trades that were run last */
static GArray *
list_profits(const KwBacktest *backtest)
{
    GArray *profits = g_array_new(FALSE, FALSE, sizeof(gdouble));
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(backtest);

    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++) {
        gdouble profit =
            kw_decimal_to_double(kw_portfolio_get_closed(portfolio, i)->profit_abs);

        g_array_append_val(profits, profit);
    }
    return profits;
}

gdouble
kw_search_deflate(const KwSearch *self, const GArray *trials)
{
    g_autoptr(GPtrArray) ranked = kw_search_rank(trials);
    g_autoptr(KwBacktest) backtest = NULL;
    g_autoptr(GArray) profits = NULL;
    guint n_trials = 0;
    gdouble variance = get_variance(trials, &n_trials);
    KwTrial best;

    if (ranked->len == 0)
        return (gdouble) NAN;
    best = *(const KwTrial *) ranked->pdata[0];
    kw_trial_run(&best, self->study, self->strategy, self->plan);
    backtest = kw_study_run(self->study, &self->plan->options, NULL);
    if (best.n_trades == 0 || backtest == NULL)
        return (gdouble) NAN;
    profits = list_profits(backtest);
    return kw_stats_deflated_sharpe((const gdouble *) (gconstpointer) profits->data,
                                    profits->len,
                                    kw_stats_expected_best_sharpe(n_trials, variance));
}
