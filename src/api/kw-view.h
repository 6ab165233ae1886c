/* kw-view.h: what chat and web may see: plain values, made by the engine, read by anyone
 *
 * No view holds a pointer, so copying one is an assignment. Money is quote currency. Ratios are
 * 1.0 = 100 %. Times are UTC microseconds; 0 = not there. Rates are KwDecimal on the pair's
 * tick. */
#pragma once

#include "kw-mode.h"
#include "kw-result-view.h"

#include <glib.h>

G_BEGIN_DECLS

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

/* A limit and how much of it is used. */
typedef struct {
    gboolean is_set;
    KwDecimal used, limit; /* money */
    gdouble used_ratio, limit_ratio;
} KwLimitView;

/* A difference between books and exchange that was seen twice in a row, or ("order_unknown") an
 * order that is looked for, or ("order_stuck") one that only the owner can give up */
typedef struct {
    gchar code[KW_VIEW_TEXT_SIZE];    /* as of KW_EVENT_VENUE */
    gchar subject[KW_VIEW_PAIR_SIZE]; /* pair or asset */
    KwDecimal ours, theirs;
    gboolean blocks;      /* entries wait unless it is accepted */
    gboolean blocks_pair; /* entries of its pair wait, and accepting does not help */
    gboolean is_accepted; /* the owner has explained it */
} KwDifferenceView;

/* How books and exchange compare */
typedef struct {
    gboolean is_real;      /* FALSE: paper money, there is no exchange to compare with */
    gboolean is_test;      /* real orders, but at a test exchange or a demonstration account */
    gboolean is_doubtful;  /* entries wait */
    gboolean is_broken;    /* and no explanation helps before a new start */
    gboolean has_no_stops; /* none can wait there: the bot itself sells */
    gint64 read_us;        /* last comparison; 0 = none since the start */
    guint n_waiting, n_accepted, n_harmless;
    guint n_unknown;               /* orders that are looked for */
    guint n_refused, n_replaced;   /* stops of the open trades: by the exchange; by us again */
    gchar mark[KW_VIEW_MARK_SIZE]; /* of exactly what waits; "" = nothing */
} KwVenueView;

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
    guint n_mute; /* pairs without a forecast in their newest row, and the first of them: */
    gchar mute_pair[KW_VIEW_PAIR_SIZE];
    guint n_unknown, n_stuck, n_drifted; /* its features that are not what they should be */
    gchar quote[KW_VIEW_PAIR_SIZE];
    gboolean is_synthetic; /* the data come from a generator */
    KwDecimal stake_amount;
    gboolean is_stake_unlimited;
    KwVenueView venue;
    gchar started_text[KW_VIEW_TEXT_SIZE];
} KwStatusView;

/* Rules of a prop firm: floors that the equity must not be below, zero for a rule that is not
 * there; its days begin at reset_us */
typedef struct {
    gboolean is_set, is_trailing;
    KwDecimal initial, midnight, equity, daily_floor, total_floor, profit, target;
    guint n_days, min_days;
    gint64 reset_us;
} KwPropView;

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
    KwPropView prop;
    gchar halt_reason[KW_VIEW_TEXT_SIZE]; /* "" = not halted */
} KwRiskView;

typedef enum { KW_SEVERITY_WARNING, KW_SEVERITY_ERROR } KwSeverity;

typedef struct {
    gint64 time_us;
    KwSeverity severity;
    gchar text[KW_VIEW_LONG_SIZE]; /* redacted, one line */
} KwErrorView;

/* Detail of a part that says nothing any more: "feed", "exchange" */
#define KW_HEALTH_SILENT "nothing since then"

typedef struct {
    gchar
        component[KW_VIEW_TEXT_SIZE]; /* "feed", "store", "strategy", "disk", "crashes", ... */
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
    /* what the exchange last told; a time of 0: nothing yet, as on paper */
    gdouble maker_ratio, volume_usd;
    gint64 since_us, checked_us;
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
    gboolean is_exit_only; /* not entered any more */
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
