/* kw-trade-stats.h: figures over a list of closed trades; pure numbers */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_TRADE_STATS_MIN_TRADES 20 /* below: Sortino and Sharpe say nothing */
#define KW_TRADE_STATS_MIN_DAYS 14

/**
 * KwTradeSample:
 * @profit_abs: quote currency, after fees
 * @profit_ratio: of the entry value; its sign decides win, loss or draw
 */
typedef struct {
    gdouble profit_abs, profit_ratio;
    gint64 open_us, close_us;
} KwTradeSample;

/**
 * KwTradeStats:
 *
 * Formulas of the backtest rules, section 10. Ratios that cannot be told are NaN.
 * @win_low, @win_high: Wilson interval, 95 %
 */
typedef struct {
    guint n, wins, losses;
    gdouble win_ratio, win_low, win_high;
    gdouble mean_win, mean_loss;         /* ratios */
    gdouble mean_win_abs, mean_loss_abs; /* quote currency */
    gdouble profit_factor, expectancy;
    gint64 mean_duration_us;
    gdouble sortino, sharpe;
    guint days; /* whole days from first opening to last close */
} KwTradeStats;

/**
 * kw_trade_stats_compute:
 * @samples: in the order of closing
 * @capital: starting capital, > 0
 */
void kw_trade_stats_compute(const KwTradeSample *samples,
                            gsize n_samples,
                            gdouble capital,
                            KwTradeStats *out);

/* Wilson score interval at 95 % for @k successes of @n > 0 (Wilson 1927) */
void kw_stats_wilson(guint k, guint n, gdouble *out_low, gdouble *out_high);

G_END_DECLS
