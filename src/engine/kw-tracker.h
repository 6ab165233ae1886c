/* kw-tracker.h: equity over time: today, the month, the highest point and the fall from it */
#pragma once

#include "kw-decimal.h"

#include <glib.h>

G_BEGIN_DECLS

/* The start of a local day. The open result tells how much of a later change was realised;
 * equity without it is the balance, which the daily limit counts from: so a loss that floats
 * over midnight counts against the new day as well. */
typedef struct {
    gint64 time_us; /* UTC */
    KwDecimal equity, open_profit;
    KwDecimal realised; /* of all trades that were booked by then */
} KwEquityMark;

/**
 * KwTracker:
 * @equity, @open_profit: last known; valid if @is_valid
 * @is_current: the last update could be computed (no price was missing)
 * @peak, @peak_us: highest equity so far
 * @later_peak, @later_us: one that a run before has reached at that time; it counts from then
 * @max_drawdown_ratio, @max_drawdown_abs, @dd_peak_us, @dd_trough_us: the deepest fall
 * @marks: (element-type KwEquityMark): one for each day, ascending
 */
typedef struct {
    gboolean is_valid, is_current;
    KwDecimal equity, open_profit;
    KwDecimal peak;
    gint64 peak_us;
    KwDecimal later_peak;
    gint64 later_us; /* 0 = none */
    gdouble max_drawdown_ratio;
    KwDecimal max_drawdown_abs;
    gint64 dd_peak_us, dd_trough_us;
    GArray *marks; /* owned */
} KwTracker;

void kw_tracker_init(KwTracker *self);
void kw_tracker_clear(KwTracker *self);

/* A new equity at @time_us, ascending times */
void
kw_tracker_update(KwTracker *self, gint64 time_us, KwDecimal equity, KwDecimal open_profit);

/* A price is missing: the last values stay, marked as old. */
void kw_tracker_miss(KwTracker *self);

/* Begins a day with the last known values. A mark of the same instant replaces. */
void kw_tracker_mark_day(KwTracker *self, gint64 day_start_us, KwDecimal realised);

/* Puts a stored mark back (restart), ascending. */
void kw_tracker_restore_mark(KwTracker *self, const KwEquityMark *mark);

/* An earlier run had reached @peak by @time_us (restart). Rows of before that may come again.
 */
void kw_tracker_restore_peak(KwTracker *self, gint64 time_us, KwDecimal peak);

/* Money moved in or out: peak and today's reference move along, so no profit or fall shows. */
void kw_tracker_shift(KwTracker *self, KwDecimal amount);

/* Equity at the start of the current day; the first known when there is no mark */
KwDecimal kw_tracker_get_day_start(const KwTracker *self);

/* Equity at the start of the current day without its open result */
KwDecimal kw_tracker_get_day_balance(const KwTracker *self);

/* The mark at or before @time_us, else the first one. Returns: %FALSE when there is none */
gboolean kw_tracker_find(const KwTracker *self, gint64 time_us, KwEquityMark *out);

/* Below the peak, >= 0 */
gdouble kw_tracker_get_drawdown_ratio(const KwTracker *self);

G_END_DECLS
