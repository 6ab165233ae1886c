/* test-search.c: the same trials for any number of workers, resumed or in one go */
#include "kw-error.h"
#include "kw-search.h"
#include "kw-test.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#define HOUR G_TIME_SPAN_HOUR
#define N_TRIALS 70

static const gchar text[] =
    "return { name = 'x', timeframe = '1h', startup_candles = 60, stoploss = -0.2,\n"
    "  params = { fast = { default = 5, min = 2, max = 20 },\n"
    "             slow = { default = 30, min = 21, max = 60 },\n"
    "             far = { default = 1.5, min = 1.001, max = 2.5 } },\n"
    "  entry = function(c, i, p)\n"
    "    return crossed_above(sma(c.close, p.fast), sma(c.close, p.slow) / p.far * 1.5) end,\n"
    "  exit = function(c, i, p)\n"
    "    return crossed_below(sma(c.close, p.fast), sma(c.close, p.slow)) end }\n";

typedef struct {
    KwStudy *study;
    KwStrategy *strategy;
    KwTrialPlan plan;
    gchar *folder, *path;
} Fixture;

static KwStudy *
make_study(void)
{
    KwStudy *study = kw_study_new(G_MININT64, G_MAXINT64);
    KwSeries *series = kw_series_new(HOUR);
    gdouble before = 100.0;
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, "BTC/USDT", NULL));
    for (guint i = 0; i < 1500; i++) {
        gdouble close = 100.0 + 12.0 * sin(i / 40.0) + 3.0 * sin(i / 7.0) + 0.5 * sin(i * 1.3);
        KwCandle candle = {.open_us = i * HOUR,
                           .open = before,
                           .high = MAX(before, close) + 0.2,
                           .low = MIN(before, close) - 0.2,
                           .close = close,
                           .volume = 1.0};

        before = close;
        g_assert_true(kw_series_append(series, &candle));
    }
    (void) kw_study_add_pair(study, &pair, series, NULL);
    return study;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) source = g_bytes_new_static(text, strlen(text));

    (void) data;
    f->study = make_study();
    f->strategy = kw_strategy_load_bytes("x.lua", source, NULL, NULL);
    g_assert_true(kw_study_build(f->study, f->strategy, NULL));
    kw_backtest_options_init(&f->plan.options);
    f->plan.options.terms = *kw_strategy_get_terms(f->strategy);
    f->plan.loss = KW_LOSS_PROFIT_DRAWDOWN;
    f->plan.min_trades = 2;
    f->plan.from_us = 0;
    f->plan.to_us = 1000 * HOUR;
    f->folder = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->folder, "t.jsonl", NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    (void) data;
    kw_study_free(f->study);
    kw_strategy_free(f->strategy);
    kw_test_tmp_dir_free(f->folder);
    g_free(f->path);
}

static GArray *
run(Fixture *f, KwSamplerKind kind, guint n_trials, guint n_workers, KwTrialLog *log)
{
    g_autoptr(KwSampler) sampler = NULL;
    g_autoptr(GError) error = NULL;
    KwSearch search = {.study = f->study,
                       .strategy = f->strategy,
                       .plan = &f->plan,
                       .log = log,
                       .n_trials = n_trials,
                       .n_workers = n_workers};
    GArray *trials;

    /* the sampler reads where the strategy stands; trials move it */
    g_assert_true(kw_strategy_set_param(f->strategy, "fast", 5, NULL));
    g_assert_true(kw_strategy_set_param(f->strategy, "slow", 30, NULL));
    g_assert_true(kw_strategy_set_param(f->strategy, "far", 1.5, NULL));
    sampler = kw_sampler_new(kind, 42, f->strategy);
    search.sampler = sampler;
    trials = kw_search_run(&search, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(trials->len, ==, n_trials);
    return trials;
}

static void
assert_same(const GArray *have, const GArray *want)
{
    g_assert_cmpuint(have->len, ==, want->len);
    for (guint i = 0; i < have->len; i++) {
        const KwTrial *x = &g_array_index(have, KwTrial, i);
        const KwTrial *y = &g_array_index(want, KwTrial, i);

        g_assert_cmpuint(x->index, ==, i);
        for (guint p = 0; p < 3; p++)
            g_assert_cmpfloat(x->values[p], ==, y->values[p]);
        g_assert_cmpfloat(x->loss, ==, y->loss);
        g_assert_cmpuint(x->n_trades, ==, y->n_trades);
    }
}

static void
test_any_number_of_workers(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) alone = run(f, KW_SAMPLER_TPE, N_TRIALS, 1, NULL);
    g_autoptr(GArray) two = run(f, KW_SAMPLER_TPE, N_TRIALS, 2, NULL);
    g_autoptr(GArray) five = run(f, KW_SAMPLER_TPE, N_TRIALS, 5, NULL);

    (void) data;
    assert_same(two, alone);
    assert_same(five, alone);
}

/* Cut in the middle of a batch */
static void
test_resumed(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) whole = run(f, KW_SAMPLER_TPE, N_TRIALS, 1, NULL);
    g_autoptr(GArray) rest = NULL;

    (void) data;
    {
        g_autoptr(KwTrialLog) log = kw_trial_log_open(f->path, "{}", 3, NULL);
        g_autoptr(GArray) first = run(f, KW_SAMPLER_TPE, 37, 1, log);

        g_assert_cmpuint(first->len, ==, 37);
    }
    {
        g_autoptr(KwTrialLog) log = kw_trial_log_open(f->path, "{}", 3, NULL);

        g_assert_cmpuint(kw_trial_log_get_trials(log)->len, ==, 37);
        rest = run(f, KW_SAMPLER_TPE, N_TRIALS, 2, log);
    }
    assert_same(rest, whole);
}

static void
test_values_are_allowed(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) trials = run(f, KW_SAMPLER_RANDOM, N_TRIALS, 1, NULL);
    gboolean seen_low = FALSE, seen_high = FALSE;

    (void) data;
    for (guint i = 0; i < trials->len; i++) {
        const KwTrial *trial = &g_array_index(trials, KwTrial, i);
        guint n = 0;
        const KwStrategyParam *params = kw_strategy_get_params(f->strategy, &n);

        for (guint p = 0; p < n; p++) {
            g_assert_cmpfloat(trial->values[p], >=, params[p].min);
            g_assert_cmpfloat(trial->values[p], <=, params[p].max);
            if (params[p].is_integer)
                g_assert_cmpfloat(trial->values[p], ==, round(trial->values[p]));
        }
        seen_low |= trial->values[1] <= 4.0; /* "fast", behind "far" */
        seen_high |= trial->values[1] >= 18.0;
    }
    g_assert_true(seen_low && seen_high);
}

static gdouble
best_loss(const GArray *trials)
{
    g_autoptr(GPtrArray) ranked = kw_search_rank(trials);

    return ((const KwTrial *) ranked->pdata[0])->loss;
}

/* On a smooth hill the search that learns comes at least as near to the top. */
static void
test_learns(Fixture *f, gconstpointer data)
{
    gdouble sum_tpe = 0.0, sum_random = 0.0;

    (void) f;
    (void) data;
    for (guint64 seed = 0; seed < 8; seed++) {
        for (guint kind = 0; kind < 2; kind++) {
            g_autoptr(KwSampler) sampler =
                kw_sampler_new((KwSamplerKind) kind, seed, f->strategy);
            g_autoptr(GArray) trials = g_array_new(FALSE, FALSE, sizeof(KwTrial));

            for (guint i = 0; i < 160; i++) {
                KwTrial trial = kw_sampler_propose(
                    sampler, i, (const KwTrial *) (gconstpointer) trials->data, trials->len);

                trial.loss = pow(trial.values[0] - 2.2, 2.0) +
                             pow((trial.values[1] - 7.0) / 10.0, 2.0) +
                             pow((trial.values[2] - 50.0) / 20.0, 2.0);
                g_array_append_val(trials, trial);
            }
            *(kind == KW_SAMPLER_TPE ? &sum_tpe : &sum_random) += best_loss(trials);
        }
    }
    g_assert_cmpfloat(sum_tpe, <, sum_random / 2.0);
}

static void
test_walk_forward(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) trials = run(f, KW_SAMPLER_TPE, N_TRIALS, 1, NULL);
    KwSearch search = {.study = f->study, .strategy = f->strategy, .plan = &f->plan};
    KwWalkWindow windows[3];
    gdouble deflated = kw_search_deflate(&search, trials);

    (void) data;
    g_assert_cmpfloat(deflated, >=, 0.0);
    g_assert_cmpfloat(deflated, <=, 1.0);
    kw_search_walk_forward(&search, trials, f->plan.to_us + 1, 1499 * HOUR, windows, 3);
    g_assert_cmpint(windows[0].from_us, ==, f->plan.to_us + 1);
    g_assert_cmpint(windows[2].to_us, ==, 1499 * HOUR);
    g_assert_cmpint(windows[1].from_us, ==, windows[0].to_us + 1);
    g_assert_cmpuint(windows[0].chosen.n_trades + windows[1].chosen.n_trades +
                         windows[2].chosen.n_trades,
                     >, 0);
}

static void
test_loss_names(void)
{
    g_autoptr(GError) error = NULL;
    KwLoss loss = KW_LOSS_MULTI;

    for (guint i = 0; i <= KW_LOSS_MULTI; i++) {
        g_assert_true(kw_loss_from_string(kw_loss_to_string((KwLoss) i), &loss, NULL));
        g_assert_cmpuint(loss, ==, i);
    }
    g_assert_false(kw_loss_from_string("luck", &loss, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
}

/* More profit is better, a deeper fall is worse, by every loss. */
static void
test_losses_point_down(void)
{
    const KwBacktestStats good = {.n = 60,
                                  .profit_abs = 200,
                                  .profit_factor = 2.0,
                                  .expectancy_ratio = 0.6,
                                  .winrate = 0.6,
                                  .sharpe = 3,
                                  .sortino = 5,
                                  .calmar = 9,
                                  .drawdown = {.relative = 0.05, .account = 0.05}};
    KwBacktestStats poor = good;

    poor.profit_abs = 100;
    poor.sharpe = 1;
    poor.sortino = 2;
    poor.calmar = 3;
    poor.drawdown.relative = 0.3;
    for (guint i = 0; i <= KW_LOSS_MULTI; i++)
        g_assert_cmpfloat(kw_loss_compute((KwLoss) i, &good), <,
                          kw_loss_compute((KwLoss) i, &poor));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/lab/search/workers", Fixture, NULL, set_up, test_any_number_of_workers,
               tear_down);
    g_test_add("/lab/search/resumed", Fixture, NULL, set_up, test_resumed, tear_down);
    g_test_add("/lab/search/allowed", Fixture, NULL, set_up, test_values_are_allowed,
               tear_down);
    g_test_add("/lab/search/learns", Fixture, NULL, set_up, test_learns, tear_down);
    g_test_add("/lab/search/walk-forward", Fixture, NULL, set_up, test_walk_forward, tear_down);
    g_test_add_func("/lab/search/loss-names", test_loss_names);
    g_test_add_func("/lab/search/losses", test_losses_point_down);
    return g_test_run();
}
