/* kw-view.h: what chat and web may see: plain values, made by the engine, read by anyone
 *
 * No view holds a pointer, so copying one is an assignment. Money is quote currency. Ratios are
 * 1.0 = 100 %. Times are UTC microseconds; 0 = not there. Rates are KwDecimal on the pair's
 * tick. */
#pragma once

#include "kw-decimal.h"
#include "kw-mode.h"

#include <glib.h>

G_BEGIN_DECLS

#define KW_VIEW_PAIR_SIZE 24
#define KW_VIEW_TEXT_SIZE 64
#define KW_VIEW_LONG_SIZE 256
#define KW_VIEW_MAX_OPEN 16 /* open trades inside the status view */

/**
 * KwRunState:
 * @KW_RUN_STATE_RUNNING: enters and exits
 * @KW_RUN_STATE_PAUSED: no new entries (by the user)
 * @KW_RUN_STATE_STOPPED: no new entries, the user stopped trading
 * @KW_RUN_STATE_HALTED: a hard limit was hit; lifted at the reset of the day or by /start
 * @KW_RUN_STATE_NO_STRATEGY: no usable strategy; chat and exits by stop go on
 * Open trades keep their stops in every state.
 */
typedef enum {
    KW_RUN_STATE_RUNNING,
    KW_RUN_STATE_PAUSED,
    KW_RUN_STATE_STOPPED,
    KW_RUN_STATE_HALTED,
    KW_RUN_STATE_NO_STRATEGY,
} KwRunState;

/* "running", "paused", "stopped", "halted", "no_strategy"; static; stored */
const gchar *kw_run_state_to_string(KwRunState state);
gboolean kw_run_state_from_string(const gchar *text, KwRunState *out, GError **error);

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

/* A limit and how much of it is used. */
typedef struct {
    gboolean is_set;
    KwDecimal used, limit; /* money */
    gdouble used_ratio, limit_ratio;
} KwLimitView;

typedef struct {
    KwMode mode;
    KwRunState state;
    gint64 since_us;
    gchar by[KW_VIEW_TEXT_SIZE];     /* "admin", "engine", "risk" ...; who brought the state */
    gchar reason[KW_VIEW_TEXT_SIZE]; /* risk reason of a halt; error of a missing strategy */
    gint64 reminder_us;              /* of stop/pause "until" */
    gboolean is_killed;
    gint64 killed_us;
    gchar kill_reason[KW_VIEW_TEXT_SIZE];
    gint64 now_us;
    gint64 data_us; /* close time of the newest candle */
    gint64 next_us; /* next scan */
    gint64 timeframe_us;
    gboolean has_equity;
    KwDecimal equity; /* last known if !has_equity */
    KwDecimal today, today_realised, today_unrealised;
    gdouble today_ratio;
    guint today_closed, today_wins, today_losses, today_opened;
    guint n_open, max_open; /* max_open 0 = unlimited */
    guint n_listed;
    KwTradeView open[KW_VIEW_MAX_OPEN];
    KwDecimal open_profit;
    KwLimitView daily_loss, drawdown;
    gdouble threshold;
    gchar strategy[KW_VIEW_TEXT_SIZE];
    gchar model[KW_VIEW_TEXT_SIZE]; /* "" = none */
    gchar quote[KW_VIEW_PAIR_SIZE];
    gboolean is_synthetic; /* the data come from a generator */
    KwDecimal stake_amount;
    gboolean is_stake_unlimited;
    gchar started_text[KW_VIEW_TEXT_SIZE];
} KwStatusView;

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

typedef struct {
    gboolean is_killed, is_kill_unreadable;
    gint64 killed_us;
    gchar kill_reason[KW_VIEW_TEXT_SIZE];
    KwLimitView daily_abs, daily_ratio, drawdown, exposure, exposure_pair;
    guint n_open, max_open;
    guint orders_hour, max_orders_hour;
    guint losses_row, max_losses_row;
    guint n_locks;
    gint64 day_start_us, day_end_us;
    gchar halt_reason[KW_VIEW_TEXT_SIZE]; /* "" = not halted */
} KwRiskView;

typedef enum { KW_SEVERITY_WARNING, KW_SEVERITY_ERROR } KwSeverity;

typedef struct {
    gint64 time_us;
    KwSeverity severity;
    gchar text[KW_VIEW_LONG_SIZE]; /* redacted, one line */
} KwErrorView;

typedef struct {
    gchar
        component[KW_VIEW_TEXT_SIZE]; /* "feed", "store", "strategy", "disk", "chat", "loop" */
    gboolean is_ok;
    gint64 since_us;
    gchar detail[KW_VIEW_LONG_SIZE];
} KwHealthView;

typedef struct {
    gchar pair[KW_VIEW_PAIR_SIZE];
    gboolean is_traded;
    gboolean has_price;
    KwDecimal price;
    gint64 time_us;
    gdouble change_24h_ratio; /* NaN: not known */
} KwPriceView;

typedef struct {
    KwDecimal sum;
    KwDecimal gross; /* result before fees */
    guint n_orders, n_trades;
    gdouble rate_ratio; /* fee a side */
} KwFeesView;

typedef struct {
    gchar key[KW_VIEW_TEXT_SIZE]; /* "trading.stake_amount" */
    gchar value[KW_VIEW_LONG_SIZE];
    gchar source[KW_VIEW_TEXT_SIZE]; /* "default", "file", "env", "chat" */
} KwConfigView;

typedef struct {
    gchar pair[KW_VIEW_PAIR_SIZE];
    gboolean is_locked;
    gint64 until_us; /* G_MAXINT64 = until released */
    gchar reason[KW_VIEW_TEXT_SIZE];
    gchar by[KW_VIEW_TEXT_SIZE];
    gboolean has_open;
} KwPairView;

/* Digest of a day or a week. */
typedef struct {
    KwStatusView status;
    KwProfitView period; /* the day or week */
    KwProfitView month;  /* month so far */
    guint n_errors, n_warnings;
    gboolean is_late, is_weekly;
    gchar best_signal_pair[KW_VIEW_PAIR_SIZE];
    gdouble best_signal_confidence; /* NaN: none */
    guint n_signals, n_rejected;
} KwDigestView;

G_END_DECLS
