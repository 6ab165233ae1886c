/* kw-backtest-stats.c: figures over the trades of a backtest
 *
 * These are the formulas of the reference engine with all their habits, because the figures
 * are compared with those of other runs: Sharpe over trades and not over days, Sortino around
 * the mean of the losses, a drawdown that begins at the first trade, -100 for what cannot be
 * told. Whoever judges by them (the gate) has to know these cases; kw-trade-stats.h is for
 * what the owner reads, where such a case is no number. */
#include "kw-backtest-stats.h"

#include "kw-date.h"

#include <math.h>
#include <string.h>

#define MINUTE_US G_GINT64_CONSTANT(60000000)
#define DAYS_PER_YEAR 365

static gdouble
safe_ratio(gdouble value, gdouble by, gdouble fallback)
{
    return by > 0.0 ? value / by : fallback;
}

/* Whole minutes, half to even */
static gint64
mean_minutes(gint64 sum, guint n)
{
    return n > 0 ? (gint64) nearbyint((gdouble) sum / n) : 0;
}

static gint64
minutes_of(const KwStatsTrade *trade)
{
    return (trade->close_us - trade->open_us) / MINUTE_US;
}

static gdouble
round_to(gdouble value, gdouble steps)
{
    return nearbyint(value * steps) / steps;
}

/* -- drawdown -- */

static void
compute_drawdown(const KwStatsInput *input, KwDrawdown *out)
{
    gdouble sum = 0.0, peak = -G_MAXDOUBLE, peak_high = 0.0;
    gdouble min = G_MAXDOUBLE, max = -G_MAXDOUBLE;
    gint64 peak_us = 0;

    *out = (KwDrawdown){0};
    for (gsize i = 0; i < input->n_trades; i++) {
        gdouble below;

        sum += input->trades[i].profit_abs;
        min = MIN(min, sum);
        max = MAX(max, sum);
        if (sum > peak) {
            peak = sum;
            peak_high = sum;
            peak_us = input->trades[i].close_us;
        }
        below = peak - sum;
        out->relative = MAX(out->relative, below / (input->capital + peak));
        if (!(below > out->abs))
            continue;
        out->abs = below;
        out->account = below / (input->capital + peak);
        out->high = peak_high;
        out->low = sum;
        out->start_us = peak_us;
        out->end_us = input->trades[i].close_us;
    }
    if (!(out->abs > 0.0)) {
        *out = (KwDrawdown){0};
        return;
    }
    out->csum_min = input->capital + min;
    out->csum_max = input->capital + max;
}

/* -- ratios -- */

typedef struct {
    gdouble mean, std, std_sample;
    guint n;
} Moments;

/* Of profit / capital, over all trades or over the losing ones */
static Moments
get_moments(const KwStatsInput *input, gboolean only_losses)
{
    Moments out = {0};
    gdouble squares = 0.0;

    for (gsize i = 0; i < input->n_trades; i++)
        if (!only_losses || input->trades[i].profit_abs < 0.0) {
            out.mean += input->trades[i].profit_abs / input->capital;
            out.n++;
        }
    if (out.n == 0)
        return out;
    out.mean /= out.n;
    for (gsize i = 0; i < input->n_trades; i++) {
        gdouble off = input->trades[i].profit_abs / input->capital - out.mean;

        if (!only_losses || input->trades[i].profit_abs < 0.0)
            squares += off * off;
    }
    out.std = sqrt(squares / out.n);
    out.std_sample = out.n > 1 ? sqrt(squares / (out.n - 1)) : 0.0;
    return out;
}

static void
compute_ratios(const KwStatsInput *input, KwBacktestStats *out)
{
    gint64 span_us = input->end_us - input->start_us;
    gdouble days = (gdouble) MAX(1, span_us / KW_US_PER_DAY);
    gdouble final = input->capital + out->profit_abs;
    gdouble per_day = out->profit_total / days * sqrt(DAYS_PER_YEAR);
    Moments all = get_moments(input, FALSE);
    Moments losing = get_moments(input, TRUE);

    out->cagr = final < 0.0 ? 0.0 : pow(final / input->capital, DAYS_PER_YEAR / days) - 1.0;
    if (out->n == 0 || span_us == 0)
        return;
    out->sharpe = safe_ratio(per_day, all.std, KW_STATS_DEGENERATE);
    out->sortino = safe_ratio(per_day, losing.std, KW_STATS_DEGENERATE);
    out->calmar = safe_ratio(per_day * 100.0, out->drawdown.account, KW_STATS_DEGENERATE);
    out->sqn =
        round_to(safe_ratio(sqrt(out->n) * all.mean, all.std_sample, KW_STATS_DEGENERATE), 1e4);
}

/* -- wins and losses -- */

static void
compute_expectancy(const KwStatsInput *input, KwBacktestStats *out)
{
    gdouble gain = 0.0, loss = 0.0, win_rate, mean_win, mean_loss;
    guint n_win = 0, n_loss = 0;

    out->expectancy_ratio = 100.0;
    for (gsize i = 0; i < input->n_trades; i++) {
        gdouble profit = input->trades[i].profit_abs;

        gain += MAX(profit, 0.0);
        loss += MAX(-profit, 0.0);
        n_win += profit > 0.0;
        n_loss += profit < 0.0;
    }
    if (out->n == 0)
        return;
    win_rate = (gdouble) n_win / out->n;
    mean_win = safe_ratio(gain, n_win, 0.0);
    mean_loss = safe_ratio(loss, n_loss, 0.0);
    out->profit_factor = safe_ratio(gain, loss, 0.0);
    out->expectancy = win_rate * mean_win - (gdouble) n_loss / out->n * mean_loss;
    if (mean_loss > 0.0)
        out->expectancy_ratio = (1.0 + mean_win / mean_loss) * win_rate - 1.0;
}

static void
compute_holding(const KwStatsInput *input, KwBacktestStats *out)
{
    gint64 all = 0, winner = 0, loser = 0;
    guint wins_row = 0, losses_row = 0;

    for (gsize i = 0; i < input->n_trades; i++) {
        const KwStatsTrade *trade = &input->trades[i];
        gint64 minutes = minutes_of(trade);
        gboolean is_win = trade->profit_ratio > 0.0;

        all += minutes;
        winner += is_win ? minutes : 0;
        loser += trade->profit_ratio < 0.0 ? minutes : 0;
        wins_row = is_win ? wins_row + 1 : 0;
        losses_row = is_win ? 0 : losses_row + 1;
        out->max_wins_row = MAX(out->max_wins_row, wins_row);
        out->max_losses_row = MAX(out->max_losses_row, losses_row);
    }
    out->holding_minutes = mean_minutes(all, out->n);
    out->winner_minutes = mean_minutes(winner, out->wins);
    out->loser_minutes = mean_minutes(loser, out->losses);
}

static void
compute_days(const KwStatsInput *input, KwBacktestStats *out)
{
    g_autoptr(GArray) days = kw_stats_periods(input, KW_STATS_DAY);

    for (guint i = 0; i < days->len; i++) {
        const KwStatsPeriod *day = &g_array_index(days, KwStatsPeriod, i);

        out->best_day = i == 0 ? day->profit_ratio : MAX(out->best_day, day->profit_ratio);
        out->worst_day = i == 0 ? day->profit_ratio : MIN(out->worst_day, day->profit_ratio);
        out->best_day_abs = i == 0 ? day->profit_abs : MAX(out->best_day_abs, day->profit_abs);
        out->worst_day_abs =
            i == 0 ? day->profit_abs : MIN(out->worst_day_abs, day->profit_abs);
        out->winning_days += day->profit_abs > 0.0;
        out->losing_days += day->profit_abs < 0.0;
    }
    out->draw_days = days->len - out->winning_days - out->losing_days;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

    return (x > y) - (x < y);
}

static gdouble
get_median_ratio(const KwStatsInput *input)
{
    gsize n = input->n_trades;
    g_autofree gdouble *ratios = g_new(gdouble, n + 1);

    if (n == 0)
        return 0.0;
    for (gsize i = 0; i < n; i++)
        ratios[i] = input->trades[i].profit_ratio;
    qsort(ratios, n, sizeof *ratios, compare_doubles);
    return n % 2 == 1 ? ratios[n / 2] : (ratios[n / 2 - 1] + ratios[n / 2]) / 2.0;
}

void
kw_backtest_stats_compute(const KwStatsInput *input, KwBacktestStats *out)
{
    KwStatsLine total;

    g_return_if_fail(input != NULL && out != NULL && input->capital > 0.0);

    kw_stats_total(input, "", &total);
    *out = (KwBacktestStats){
        .n = total.n,
        .wins = total.wins,
        .draws = total.draws,
        .losses = total.losses,
        .days = (guint) MAX(1, (input->end_us - input->start_us) / KW_US_PER_DAY),
        .profit_mean = total.profit_mean,
        .profit_median = get_median_ratio(input),
        .profit_total = total.profit_total,
        .profit_abs = total.profit_abs,
        .winrate = total.winrate,
    };
    for (gsize i = 0; i < input->n_trades; i++)
        out->total_volume += input->trades[i].stake;
    out->avg_stake = safe_ratio(out->total_volume, out->n, 0.0);
    out->trades_per_day = round_to((gdouble) out->n / out->days, 100.0);
    compute_drawdown(input, &out->drawdown);
    compute_expectancy(input, out);
    compute_holding(input, out);
    compute_days(input, out);
    compute_ratios(input, out);
}

/* -- tables -- */

static void
add_to_line(KwStatsLine *line, const KwStatsTrade *trade)
{
    line->n++;
    line->wins += trade->profit_ratio > 0.0;
    line->losses += trade->profit_ratio < 0.0;
    line->profit_sum += trade->profit_ratio;
    line->profit_abs += trade->profit_abs;
    line->minutes += minutes_of(trade);
}

/* Means, once the sums stand in @line */
static void
finish_line(KwStatsLine *line, gdouble capital)
{
    line->draws = line->n - line->wins - line->losses;
    line->profit_mean = safe_ratio(line->profit_sum, line->n, 0.0);
    line->profit_total = line->profit_abs / capital;
    line->winrate = safe_ratio(line->wins, line->n, 0.0);
    line->minutes = mean_minutes(line->minutes, line->n);
}

void
kw_stats_total(const KwStatsInput *input, const gchar *key, KwStatsLine *out)
{
    g_return_if_fail(input != NULL && out != NULL);

    *out = (KwStatsLine){.key = key};
    for (gsize i = 0; i < input->n_trades; i++)
        add_to_line(out, &input->trades[i]);
    finish_line(out, input->capital);
}

static KwStatsLine
line_for(const KwStatsTrade *trade, KwStatsKey by)
{
    switch (by) {
    case KW_STATS_BY_PAIR:
        return (KwStatsLine){.key = trade->pair};
    case KW_STATS_BY_ENTER_TAG:
        return (KwStatsLine){.key = trade->enter_tag};
    case KW_STATS_BY_EXIT_REASON:
        return (KwStatsLine){.key = trade->exit_reason};
    case KW_STATS_BY_TAG_AND_REASON:
        return (KwStatsLine){.key = trade->enter_tag, .key2 = trade->exit_reason};
    }
    g_return_val_if_reached((KwStatsLine){0});
}

static KwStatsLine *
find_line(GArray *lines, const KwStatsLine *wanted)
{
    for (guint i = 0; i < lines->len; i++) {
        KwStatsLine *line = &g_array_index(lines, KwStatsLine, i);

        if (strcmp(line->key, wanted->key) == 0 && g_strcmp0(line->key2, wanted->key2) == 0)
            return line;
    }
    g_array_append_val(lines, *wanted);
    return &g_array_index(lines, KwStatsLine, lines->len - 1);
}

/* Best first; a few lines, and equal ones stay as they are */
static void
sort_lines(GArray *lines)
{
    for (guint i = 1; i < lines->len; i++) {
        KwStatsLine line = g_array_index(lines, KwStatsLine, i);
        guint at = i;

        for (; at > 0 && g_array_index(lines, KwStatsLine, at - 1).profit_abs < line.profit_abs;
             at--)
            g_array_index(lines, KwStatsLine, at) = g_array_index(lines, KwStatsLine, at - 1);
        g_array_index(lines, KwStatsLine, at) = line;
    }
}

GArray *
kw_stats_group(const KwStatsInput *input, KwStatsKey by)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(KwStatsLine));

    g_return_val_if_fail(input != NULL, lines);

    for (gsize i = 0; i < input->n_trades; i++) {
        KwStatsLine wanted = line_for(&input->trades[i], by);

        add_to_line(find_line(lines, &wanted), &input->trades[i]);
    }
    for (guint i = 0; i < lines->len; i++)
        finish_line(&g_array_index(lines, KwStatsLine, i), input->capital);
    sort_lines(lines);
    return lines;
}

/* -- periods -- */

/* Day since 1970 that labels the period of @day */
static gint64
label_of_day(gint64 day, KwStatsPeriodKind kind)
{
    KwDate date = kw_date_from_days(day);
    guint weekday = kw_date_get_weekday(date);

    switch (kind) {
    case KW_STATS_DAY:
        return day;
    case KW_STATS_WEEK:
        return day + (8 - (gint64) weekday) % 7;
    case KW_STATS_MONTH:
        return day + kw_date_days_in_month(date.year, date.month) - date.day;
    }
    g_return_val_if_reached(day);
}

static void
add_to_period(KwStatsPeriod *period, const KwStatsTrade *trade)
{
    period->profit_abs += trade->profit_abs;
    period->profit_ratio += trade->profit_ratio;
    period->wins += trade->profit_abs > 0.0;
    period->losses += trade->profit_abs < 0.0;
    period->draws += !(trade->profit_abs > 0.0) && !(trade->profit_abs < 0.0);
}

GArray *
kw_stats_periods(const KwStatsInput *input, KwStatsPeriodKind kind)
{
    GArray *periods = g_array_new(FALSE, FALSE, sizeof(KwStatsPeriod));
    gsize i = 0;

    g_return_val_if_fail(input != NULL, periods);

    while (i < input->n_trades) {
        gint64 day = input->trades[i].close_us / KW_US_PER_DAY;
        gint64 label = label_of_day(day, kind);
        KwStatsPeriod period = {0};

        if (periods->len > 0) { /* the one after the last, with trades or without */
            const KwStatsPeriod *last =
                &g_array_index(periods, KwStatsPeriod, periods->len - 1);

            label = label_of_day(last->label_us / KW_US_PER_DAY + 1, kind);
        }
        period.label_us = label * KW_US_PER_DAY;
        for (; i < input->n_trades &&
               label_of_day(input->trades[i].close_us / KW_US_PER_DAY, kind) <= label;
             i++)
            add_to_period(&period, &input->trades[i]);
        period.profit_abs = round_to(period.profit_abs, 1e10);
        g_array_append_val(periods, period);
    }
    return periods;
}
