#include "kw-baseline.h"

#include "kw-quantile.h"
#include "kw-timeframe.h"

#include <math.h>
#include <string.h>

static gsize
count_rows(const KwStudyPair *pair)
{
    return pair->range.end > pair->range.first + 1 ? pair->range.end - pair->range.first - 1
                                                   : 0;
}

/* Result of a buy at @buy and a sell at @sell, against what was paid */
static gdouble
get_ratio(gdouble buy, gdouble sell, gdouble fee_ratio)
{
    return sell * (1.0 - fee_ratio) / (buy * (1.0 + fee_ratio)) - 1.0;
}

static gdouble
compute_hold(KwStudy *study, gdouble fee_ratio)
{
    gdouble sum = 0.0;
    guint n = 0;

    for (guint i = 0; i < kw_study_get_n_pairs(study); i++) {
        const KwStudyPair *pair = kw_study_get_pair(study, i);
        const gdouble *opens = kw_series_get_opens(kw_frame_get_series(pair->frame));

        if (count_rows(pair) == 0)
            continue;
        sum += get_ratio(opens[pair->range.first + 1], opens[pair->range.end - 1], fee_ratio);
        n++;
    }
    return n > 0 ? sum / n : (gdouble) NAN;
}

/* -- always in -- */

static KwStrategy *
make_always(const KwBacktestOptions *options)
{
    g_autofree gchar *text = g_strdup_printf(
        "return { name = 'always', timeframe = '%s', startup_candles = %u, stoploss = -0.99,\n"
        "  entry = function(c) return above(c.close, 0) end }\n",
        kw_timeframe_to_string(options->terms.timeframe_us), options->terms.startup_candles);
    g_autoptr(GBytes) source = g_bytes_new(text, strlen(text));

    return kw_strategy_load_bytes("always", source, NULL, NULL);
}

static void
compute_always(KwStudy *study, const KwBacktestOptions *options, KwBaseline *out)
{
    g_autoptr(KwStrategy) strategy = make_always(options);
    g_autoptr(KwBacktest) backtest = NULL;
    KwBacktestOptions plain = *options;
    const KwPortfolio *portfolio;

    out->always = (gdouble) NAN;
    plain.protections = NULL;
    plain.n_protections = 0;
    if (strategy == NULL || !kw_study_build(study, strategy, NULL))
        return;
    backtest = kw_study_run(study, &plain, NULL);
    if (backtest == NULL)
        return;
    portfolio = kw_backtest_get_portfolio(backtest);
    out->n_always = kw_portfolio_get_n_closed(portfolio);
    out->always = kw_decimal_to_double(kw_portfolio_get_realised(portfolio)) /
                  kw_decimal_to_double(options->wallet);
}

/* -- at random times -- */

static const KwStudyPair *
find_pair(KwStudy *study, const gchar *name)
{
    for (guint i = 0; i < kw_study_get_n_pairs(study); i++)
        if (strcmp(kw_study_get_pair(study, i)->pair.name, name) == 0)
            return kw_study_get_pair(study, i);
    return NULL;
}

/* @trade moved to a random row of its pair; 0 when it is longer than the period */
static gdouble
draw_profit(KwStudy *study,
            const KwStatsTrade *trade,
            const KwBacktestOptions *options,
            GRand *rand)
{
    const KwStudyPair *pair = find_pair(study, trade->pair);
    gsize length = (gsize) ((trade->close_us - trade->open_us) / options->terms.timeframe_us);
    const gdouble *opens;
    gsize row;

    if (pair == NULL || count_rows(pair) <= length || count_rows(pair) > G_MAXINT32)
        return 0.0;
    opens = kw_series_get_opens(kw_frame_get_series(pair->frame));
    row = pair->range.first + 1 +
          (gsize) g_rand_int_range(rand, 0, (gint32) (count_rows(pair) - length));
    return trade->stake * (1.0 + options->fee_ratio) *
           get_ratio(opens[row], opens[row + length], options->fee_ratio);
}

static void
compute_random(KwStudy *study,
               const KwBacktestOptions *options,
               const KwResult *result,
               guint64 seed,
               KwBaseline *out)
{
    const guint32 seeds[] = {(guint32) seed, (guint32) (seed >> 32)};
    g_autoptr(GRand) rand = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
    g_autofree gdouble *sums = g_new0(gdouble, KW_BASELINE_ROUNDS);
    g_autofree gdouble *sorted = NULL;
    guint n_beaten = 0;

    out->random_low = out->random_median = out->random_high = out->beaten = (gdouble) NAN;
    if (result->input.n_trades == 0)
        return;
    for (guint i = 0; i < KW_BASELINE_ROUNDS; i++) {
        for (gsize t = 0; t < result->input.n_trades; t++)
            sums[i] += draw_profit(study, &result->input.trades[t], options, rand) /
                       result->input.capital;
        n_beaten += sums[i] < result->stats.profit_total;
    }
    sorted = kw_quantile_sort(sums, KW_BASELINE_ROUNDS);
    out->random_low = kw_quantile_sorted(sorted, KW_BASELINE_ROUNDS, 0.05);
    out->random_median = kw_quantile_sorted(sorted, KW_BASELINE_ROUNDS, 0.5);
    out->random_high = kw_quantile_sorted(sorted, KW_BASELINE_ROUNDS, 0.95);
    out->beaten = (gdouble) n_beaten / KW_BASELINE_ROUNDS;
}

void
kw_baseline_compute(KwStudy *study,
                    const KwBacktestOptions *options,
                    const KwResult *result,
                    guint64 seed,
                    KwBaseline *out)
{
    g_return_if_fail(study != NULL && options != NULL && result != NULL && out != NULL);

    *out = (KwBaseline){.hold = compute_hold(study, options->fee_ratio)};
    compute_random(study, options, result, seed, out);
    compute_always(study, options, out);
}
