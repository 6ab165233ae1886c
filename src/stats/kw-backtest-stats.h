/* kw-backtest-stats.h: all figures of a backtest, as users of trading bots know them */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_STATS_DEGENERATE (-100.0) /* a ratio whose denominator does not exist */

/**
 * KwStatsTrade:
 * @pair, @enter_tag, @exit_reason: borrowed
 * @profit_abs, @stake: quote currency
 *
 * A closed trade. Plain value.
 */
typedef struct {
    const gchar *pair, *enter_tag, *exit_reason;
    gdouble profit_abs, profit_ratio, stake;
    gint64 open_us, close_us;
} KwStatsTrade;

/**
 * KwStatsInput:
 * @trades: in the order of closing
 * @capital: at the start, quote currency, > 0
 * @start_us, @end_us: first and last row of the backtest
 */
typedef struct {
    const KwStatsTrade *trades;
    gsize n_trades;
    gdouble capital;
    gint64 start_us, end_us;
} KwStatsInput;

/**
 * KwDrawdown:
 * @account: part of the account that was lost from the peak to the worst point
 * @relative: the largest part that was ever lost from a peak
 * @high, @low: sums of profit at the peak and at the worst point
 * @start_us, @end_us: close of the trades of these two; 0 without a drawdown
 * @csum_min, @csum_max: account at its lowest and highest
 */
typedef struct {
    gdouble abs, account, relative;
    gdouble high, low;
    gint64 start_us, end_us;
    gdouble csum_min, csum_max;
} KwDrawdown;

/**
 * KwBacktestStats:
 *
 * Formulas of the reference engine. Sharpe, Sortino and Calmar are %KW_STATS_DEGENERATE where
 * their denominator is zero, and 0 without trades. Holding times are whole minutes.
 * @best_day, @worst_day: sums of profit ratios
 */
typedef struct {
    guint n, wins, draws, losses, days;
    gdouble total_volume, avg_stake;
    gdouble profit_mean, profit_median, profit_total, profit_abs;
    gdouble winrate, trades_per_day;
    gdouble cagr, expectancy, expectancy_ratio, profit_factor;
    gdouble sharpe, sortino, calmar, sqn;
    gint64 holding_minutes, winner_minutes, loser_minutes;
    gdouble best_day, worst_day, best_day_abs, worst_day_abs;
    guint winning_days, draw_days, losing_days;
    guint max_wins_row, max_losses_row;
    KwDrawdown drawdown;
} KwBacktestStats;

void kw_backtest_stats_compute(const KwStatsInput *input, KwBacktestStats *out);

/* -- tables -- */

typedef enum {
    KW_STATS_BY_PAIR,
    KW_STATS_BY_ENTER_TAG,
    KW_STATS_BY_EXIT_REASON,
    KW_STATS_BY_TAG_AND_REASON,
} KwStatsKey;

/**
 * KwStatsLine:
 * @key: borrowed from the trades; @key2 only where trades are told apart by two
 * @minutes: mean holding time
 */
typedef struct {
    const gchar *key, *key2;
    guint n, wins, draws, losses;
    gdouble profit_mean, profit_sum; /* ratios */
    gdouble profit_abs, profit_total;
    gdouble winrate;
    gint64 minutes;
} KwStatsLine;

/* All trades in one line. The key is @key, borrowed. */
void kw_stats_total(const KwStatsInput *input, const gchar *key, KwStatsLine *out);

/* (transfer full) (element-type KwStatsLine): best first */
GArray *kw_stats_group(const KwStatsInput *input, KwStatsKey by);

typedef enum { KW_STATS_DAY, KW_STATS_WEEK, KW_STATS_MONTH } KwStatsPeriodKind;

/**
 * KwStatsPeriod:
 * @label_us: midnight UTC: of the day; of the Monday that ends the week and belongs to it; of
 *   the last day of the month
 */
typedef struct {
    gint64 label_us;
    gdouble profit_abs, profit_ratio;
    guint wins, draws, losses;
} KwStatsPeriod;

/* (transfer full) (element-type KwStatsPeriod): from the first close to the last, periods
 * without trades included */
GArray *kw_stats_periods(const KwStatsInput *input, KwStatsPeriodKind kind);

G_END_DECLS
