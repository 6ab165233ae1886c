/* kw-result-view.h: the views of what trading has brought: trades, sums, ratios
 *
 * The rules of kw-view.h hold here too; include that one. */
#pragma once

#include "kw-decimal.h"

#include <glib.h>

G_BEGIN_DECLS

#define KW_VIEW_PAIR_SIZE 24
#define KW_VIEW_MARK_SIZE 17 /* sixteen digits and terminator */
#define KW_VIEW_TEXT_SIZE 64
#define KW_VIEW_LONG_SIZE 256
#define KW_VIEW_MAX_OPEN 16 /* open trades inside the status view */

/* @from_us inclusive, @to_us exclusive; {G_MININT64, G_MAXINT64} is everything */
typedef struct {
    gint64 from_us, to_us;
} KwPeriod;
#define KW_PERIOD_ALL ((KwPeriod){G_MININT64, G_MAXINT64})

/* One trade; while open, close_us is 0 and profit is what closing now would give after fees. */
typedef struct {
    gint64 id;
    gchar pair[KW_VIEW_PAIR_SIZE];
    gboolean is_open;
    gint64 open_us, close_us;
    KwDecimal amount, stake;
    KwDecimal open_rate;
    KwDecimal last_rate; /* close rate of a closed trade, newest price of an open one */
    gboolean has_last;   /* FALSE: no price known, profit is not valid */
    KwDecimal profit_abs;
    gdouble profit_ratio;
    KwDecimal fees; /* paid so far */
    KwDecimal stop, initial_stop;
    gdouble stop_distance_ratio; /* (last - stop) / last; >= 0 while above */
    gboolean is_trailing;
    gdouble confidence; /* NaN: none */
    gchar tag[KW_VIEW_TEXT_SIZE];
    gchar exit_reason[KW_VIEW_TEXT_SIZE]; /* "roi", "stop_loss", "trailing_stop_loss", ... */
    gchar regime[KW_VIEW_TEXT_SIZE];
    gchar strategy[KW_VIEW_TEXT_SIZE];
    gchar model[KW_VIEW_TEXT_SIZE];
} KwTradeView;

typedef struct {
    KwPeriod period;
    KwDecimal realised, unrealised; /* unrealised: change of the open result in the period */
    gdouble ratio;                  /* (realised + unrealised) / equity at its start */
    guint n_trades, wins, losses;
    guint n_opened;
    KwDecimal fees;
    gboolean has_trade;
    KwTradeView best, worst; /* valid if has_trade */
} KwProfitView;

typedef struct {
    gchar pair[KW_VIEW_PAIR_SIZE];
    KwDecimal profit;
    gdouble ratio; /* of the stakes */
    guint n_trades, wins;
} KwPairResultView;

typedef struct {
    gchar currency[KW_VIEW_PAIR_SIZE];
    KwDecimal amount, value;
    gboolean has_value;
} KwHoldingView;

typedef struct {
    gint64 data_us;
    gboolean has_equity;
    KwDecimal equity, free, tied; /* tied: value of the positions */
    KwDecimal starting_capital, deposits, realised;
    guint n_holdings;
    KwHoldingView holdings[KW_VIEW_MAX_OPEN];
} KwBalanceView;

typedef struct {
    gdouble current_ratio; /* below the highest equity, >= 0 */
    KwDecimal current_abs;
    gdouble max_ratio;
    KwDecimal max_abs;
    gint64 peak_us, trough_us; /* of the maximum */
    gdouble limit_ratio;       /* 0 = none */
    gboolean is_at_high;
} KwDrawdownView;

/* Ratios are NaN when they cannot be told. */
typedef struct {
    guint n, wins, losses;
    gdouble win_ratio, win_low, win_high; /* Wilson 95 % */
    gdouble mean_win, mean_loss;          /* ratios */
    KwDecimal mean_win_abs, mean_loss_abs;
    gdouble profit_factor, expectancy;
    gint64 mean_duration_us;
    gdouble sortino, sharpe; /* NaN below 20 trades or 14 days */
    guint days;
    struct {
        gchar reason[KW_VIEW_TEXT_SIZE];
        guint n;
        KwDecimal profit;
    } exits[8];
    guint n_exits;
} KwStatsView;

G_END_DECLS
