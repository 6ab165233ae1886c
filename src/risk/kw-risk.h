/* kw-risk.h: may this order leave? The checks, in a fixed order, and the ticket */
#pragma once

#include "kw-kill-switch.h"
#include "kw-limits.h"
#include "kw-lock.h"
#include "kw-portfolio.h"
#include "kw-ticket.h"

G_BEGIN_DECLS

/* In the order of the checks. The strings are stable: stored, logged, translated by i18n. */
typedef enum {
    KW_RISK_OK,
    KW_RISK_KILL_SWITCH,     /* "kill_switch" */
    KW_RISK_KILL_UNREADABLE, /* "kill_unreadable" */
    KW_RISK_ENGINE_STATE,    /* "engine_state": paused, stopped or halted */
    KW_RISK_VENUE,           /* "venue": what the exchange holds is not explained */
    KW_RISK_DATA_AGE,        /* "data_age" */
    KW_RISK_PRICE_ZERO,      /* "price_zero": zero, negative, not finite */
    KW_RISK_PRICE_JUMP,      /* "price_jump" */
    KW_RISK_SPREAD,          /* "spread" */
    KW_RISK_DEPTH,           /* "depth": the order book offers too little near its best price */
    KW_RISK_PAIR_UNKNOWN,    /* "pair_unknown" */
    KW_RISK_PAIR_LOCKED,     /* "pair_locked" */
    KW_RISK_PAIR_BUSY,       /* "pair_busy": open trade or unsettled order in the pair */
    KW_RISK_MAX_OPEN,        /* "max_open_trades" */
    KW_RISK_EXPOSURE_PAIR,   /* "max_exposure_pair" */
    KW_RISK_EXPOSURE_TOTAL,  /* "max_exposure_total" */
    KW_RISK_STAKE_MIN,       /* "min_stake" */
    KW_RISK_STAKE_MAX,       /* "max_stake" */
    KW_RISK_CASH,            /* "cash" */
    KW_RISK_ORDERS_MINUTE,   /* "max_orders_per_minute" */
    KW_RISK_ORDERS_HOUR,     /* "max_orders_per_hour" */
    KW_RISK_LOSSES_ROW,      /* "max_losses_in_row" */
    KW_RISK_DAILY_LOSS_ABS,  /* "max_daily_loss_abs" */
    KW_RISK_DAILY_LOSS_RATIO, /* "max_daily_loss_ratio" */
    KW_RISK_DRAWDOWN,         /* "max_drawdown_ratio" */
    KW_RISK_EQUITY_UNKNOWN,   /* "equity_unknown": a price is missing, counts as stop */
    KW_RISK_CONFIDENCE,       /* "confidence": below the threshold */
    KW_RISK_HELD,             /* "held": an exit of more than what is held, or of nothing */
} KwRiskReason;

const gchar *kw_risk_reason_to_string(KwRiskReason reason);
gboolean kw_risk_reason_from_string(const gchar *text, KwRiskReason *out, GError **error);

/* TRUE for the limits that halt the bot when they are hit (losses in a row, daily, drawdown) */
gboolean kw_risk_reason_is_breach(KwRiskReason reason);

/**
 * KwRiskInput: what the checks look at, gathered by the caller at one instant
 * @entries_allowed: engine state is "running"
 * @is_venue_doubtful: books and exchange differ, or the gate before it has stopped an order
 * @foreign_value: what orders of other hands would still buy, quote currency; counts in the sum
 *   of stakes, not as money that is missing
 * @data_us: close time of the newest candle of the pair
 * @prev_close: close before @price; NaN when none
 * @bid, @ask: NaN when not known (no spread check)
 * @is_shallow: the order book does not offer the smallest order near its best price
 * @is_known_pair: on the list of traded pairs
 * @locked_until_us: 0 when not locked
 * @is_busy: an order of this pair is not settled
 * @equity: as of now, or the last known one when not @has_equity
 * @day_start_equity: reference of the daily limits. With the balance (closed results, see
 *   kw_portfolio_get_balance()) of the last reset an open loss carried over midnight counts
 *   for the new day as well
 * @peak_equity: reference of the total limit
 * @worst_open_loss: loss from present prices to the stops of all open trades, >= 0; taken off
 *   the last known equity when the equity cannot be computed
 */
typedef struct {
    gint64 now_us;
    gint64 timeframe_us;
    gboolean entries_allowed;
    gboolean is_venue_doubtful;
    KwDecimal foreign_value;
    gint64 data_us;
    gdouble price, prev_close, bid, ask;
    const KwPair *pair; /* borrowed */
    gboolean is_shallow;
    gboolean is_known_pair;
    gint64 locked_until_us;
    gboolean is_busy;
    const KwPortfolio *portfolio; /* borrowed */
    KwDecimal stake;              /* wanted, quote currency, without fee */
    KwDecimal amount;             /* base currency */
    gdouble fee_ratio;
    guint max_open_trades; /* of the bot's configuration; 0 = unlimited */
    gdouble confidence;    /* NaN: none */
    gdouble threshold;     /* 0..1; not used without a confidence */
    gboolean has_equity;
    KwDecimal equity;
    KwDecimal day_start_equity;
    KwDecimal peak_equity;
    KwDecimal worst_open_loss;
} KwRiskInput;

/**
 * KwRiskVerdict:
 * @limit_name: the tightest limit that refused: "limits." and its key in limits.conf,
 *   "kurswart." and its key in kurswart.conf, or the name of the reason; "" if OK
 * @value, @limit: the measured value and the limit, in the unit of the key; NaN if not numeric
 */
typedef struct {
    KwRiskReason reason;
    const gchar *limit_name; /* static */
    gdouble value;
    gdouble limit;
} KwRiskVerdict;

#define KW_TYPE_RISK (kw_risk_get_type())
G_DECLARE_FINAL_TYPE(KwRisk, kw_risk, KW, RISK, GObject)

/* @kill_switch: a reference is kept */
KwRisk *kw_risk_new(const KwLimits *limits, KwKillSwitch *kill_switch);

const KwLimits *kw_risk_get_limits(KwRisk *self);

/* Others count from the next check on. */
void kw_risk_set_limits(KwRisk *self, const KwLimits *limits);

/**
 * kw_risk_check_entry:
 * @out_verdict: (out caller-allocates): why, with numbers
 *
 * Runs the checks in the order of #KwRiskReason and stops at the first that refuses.
 *
 * Returns: (transfer full) (nullable): a ticket for one buy of @input->amount, or %NULL
 */
KwTicket *
kw_risk_check_entry(KwRisk *self, const KwRiskInput *input, KwRiskVerdict *out_verdict);

/**
 * kw_risk_check_exit:
 * @held: base currency held; @amount must not be larger
 *
 * Exits make the bot do less: no limit stops them, also not the kill switch. Only an amount
 * above what is held, a price that is no price, or an order rate above the minute cap is
 * refused. The minute cap of exits is twice that of entries, so that entries can never use up
 * what exits need.
 */
KwTicket *kw_risk_check_exit(KwRisk *self,
                             const KwRiskInput *input,
                             KwDecimal held,
                             KwRiskVerdict *out_verdict);

/**
 * kw_risk_judge:
 *
 * The limits that halt the bot (daily loss, drawdown, losses in a row), for the start, the
 * reset of the day and every new equity. Order rates and stakes play no part.
 *
 * Returns: %KW_RISK_OK or the breach
 */
KwRiskReason kw_risk_judge(KwRisk *self, const KwRiskInput *input, KwRiskVerdict *out_verdict);

/* Counts an order that left, for the rates; call it again at start for those of the last hour.
 */
void kw_risk_note_order(KwRisk *self, gint64 time_us);

/* Tells the result of a closed trade, oldest first; also at start. reset forgets the row. */
void kw_risk_note_closed(KwRisk *self, KwDecimal profit_abs);
void kw_risk_reset_losses(KwRisk *self);
guint kw_risk_get_losses_in_row(KwRisk *self);
guint kw_risk_get_orders_last_hour(KwRisk *self, gint64 now_us);

G_END_DECLS
