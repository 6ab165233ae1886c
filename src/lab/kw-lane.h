/* kw-lane.h: one pair of a backtest: its rows, and where the next one is that matters */
#pragma once

#include "kw-exit.h"
#include "kw-pair.h"
#include "kw-series.h"
#include "kw-strategy-columns.h"

G_BEGIN_DECLS

#define KW_LANE_NO_ROW G_MAXSIZE

/**
 * KwLaneOrder: a limit order that waits
 */
typedef struct {
    gboolean is_open;
    gboolean is_limit; /* fills at its price or not at all */
    gboolean is_maker; /* fills when the market goes through its price */
    KwSide side;
    KwDecimal price, amount;
    gint64 placed_us; /* row in which it was placed */
    gchar reason[KW_REASON_SIZE];
} KwLaneOrder;

/**
 * KwLane:
 * @end: rows from here on are not looked at
 * @next: first row that was not looked at
 * @due: first row from @next on in which something can happen; %KW_LANE_NO_ROW for none
 * @due_us: its opening, %G_MAXINT64 for none
 * @trade_id: of the pair's open or opening trade; 0 without one
 * @first_us: opening of the first row to trade in
 */
typedef struct {
    KwPair pair;
    const KwStrategyColumns *columns; /* borrowed */
    const gint64 *times;              /* these are borrowed of the series */
    const gdouble *opens, *highs, *lows, *closes;
    const guint8 *enters, *exits; /* borrowed; @exits may be NULL */
    const KwSeries *detail;       /* borrowed; shorter candles of the same rows, or NULL */
    gsize end, next, due;
    gint64 due_us;
    gsize next_exit; /* a row with an exit signal; none between the last search and it */
    gint64 trade_id, first_us;
    KwLaneOrder order;
    /* within a row that is being looked at */
    gsize first_part, part, end_part; /* of @detail; none: the row as it is */
    gint64 part_us;                   /* when @part begins; %G_MAXINT64: the row is done */
    gint64 candle_end_us;
} KwLane;

/**
 * kw_lane_init:
 * @series, @columns: borrowed as long as @self is used
 * @first: row that gives the first signal; the next one is the first to trade in
 * @end: rows from here on do not count
 */
void kw_lane_init(KwLane *self,
                  const KwPair *pair,
                  const KwSeries *series,
                  const KwStrategyColumns *columns,
                  gsize first,
                  gsize end);

KwCandle kw_lane_get_candle(const KwLane *self, gsize row);

/* Signals that act in @row (> 0): those of the row before */
gboolean kw_lane_wants_entry(const KwLane *self, gsize row);
KwExitSignal kw_lane_get_signal(const KwLane *self, gsize row);

/* Sets due to the next row whose entry signal acts. */
void kw_lane_seek_entry(KwLane *self);

/* Sets due to the next row, whatever is in it. */
void kw_lane_seek_next(KwLane *self);

/**
 * kw_lane_seek_exit:
 * @trade: of this lane, open; its highest and lowest rate follow the rows that are passed over
 *
 * Sets due to the next row in which kw_exit_evaluate() can move the stop or end @trade. Every
 * row that is passed over would only have widened the range of @trade.
 */
void kw_lane_seek_exit(KwLane *self, KwTrade *trade, const KwStrategyTerms *terms);

G_END_DECLS
