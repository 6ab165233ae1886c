#include "kw-trade-stats.h"

#include <math.h>

#define Z_95 1.959963984540054

void
kw_stats_wilson(guint k, guint n, gdouble *out_low, gdouble *out_high)
{
    gdouble p, z2 = Z_95 * Z_95, centre, half;

    g_return_if_fail(n > 0 && k <= n);

    p = (gdouble) k / n;
    centre = (p + z2 / (2.0 * n)) / (1 + z2 / n);
    half = Z_95 * sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
    *out_low = MAX(0, centre - half);
    *out_high = MIN(1, centre + half);
}

/* Population standard deviation of profit/capital, over all samples or over the losing ones */
static gdouble
deviation(const KwTradeSample *samples, gsize n_samples, gdouble capital, gboolean only_losses)
{
    gdouble sum = 0, sum_sq = 0;
    gsize n = 0;

    for (gsize i = 0; i < n_samples; i++) {
        if (only_losses && samples[i].profit_abs >= 0)
            continue;
        sum += samples[i].profit_abs / capital;
        n++;
    }
    if (n == 0)
        return 0;
    for (gsize i = 0; i < n_samples; i++) {
        gdouble d = samples[i].profit_abs / capital - sum / (gdouble) n;

        if (!only_losses || samples[i].profit_abs < 0)
            sum_sq += d * d;
    }
    return sqrt(sum_sq / (gdouble) n);
}

static void
add_sample(KwTradeStats *out, const KwTradeSample *sample, gdouble *duration)
{
    if (sample->profit_ratio > 0) {
        out->wins++;
        out->mean_win += sample->profit_ratio;
        out->mean_win_abs += sample->profit_abs;
    } else if (sample->profit_ratio < 0) {
        out->losses++;
        out->mean_loss += sample->profit_ratio;
        out->mean_loss_abs += sample->profit_abs;
    }
    *duration += (gdouble) (sample->close_us - sample->open_us);
}

/* Means and what follows from them, once the sums stand in @out */
static void
finish_means(KwTradeStats *out)
{
    gdouble gain = out->mean_win_abs, loss = -out->mean_loss_abs;

    out->profit_factor = loss > 0 ? gain / loss : NAN;
    out->expectancy = (gain - loss) / out->n;
    out->win_ratio = (gdouble) out->wins / out->n;
    kw_stats_wilson(out->wins, out->n, &out->win_low, &out->win_high);
    out->mean_win = out->wins > 0 ? out->mean_win / out->wins : NAN;
    out->mean_win_abs = out->wins > 0 ? gain / out->wins : 0;
    out->mean_loss = out->losses > 0 ? out->mean_loss / out->losses : NAN;
    out->mean_loss_abs = out->losses > 0 ? -loss / out->losses : 0;
}

void
kw_trade_stats_compute(const KwTradeSample *samples,
                       gsize n_samples,
                       gdouble capital,
                       KwTradeStats *out)
{
    gdouble duration = 0, sum = 0, per_day, all, losing;
    gint64 first_us = G_MAXINT64, last_us = G_MININT64;

    *out = (KwTradeStats){.n = (guint) n_samples, .sortino = NAN, .sharpe = NAN};
    out->win_ratio = out->win_low = out->win_high = NAN;
    out->profit_factor = out->expectancy = NAN;
    if (n_samples == 0) {
        out->mean_win = out->mean_loss = NAN;
        return;
    }
    for (gsize i = 0; i < n_samples; i++) {
        add_sample(out, &samples[i], &duration);
        sum += samples[i].profit_abs;
        first_us = MIN(first_us, samples[i].open_us);
        last_us = MAX(last_us, samples[i].close_us);
    }
    out->mean_duration_us = (gint64) (duration / (gdouble) n_samples);
    out->days = (guint) ((last_us - first_us) / (G_TIME_SPAN_DAY));
    finish_means(out);
    if (out->n < KW_TRADE_STATS_MIN_TRADES || out->days < KW_TRADE_STATS_MIN_DAYS)
        return;
    per_day = sum / capital / out->days * sqrt(365);
    all = deviation(samples, n_samples, capital, FALSE);
    losing = deviation(samples, n_samples, capital, TRUE);
    out->sharpe = all > 0 ? per_day / all : NAN;
    out->sortino = losing > 0 ? per_day / losing : NAN;
}
