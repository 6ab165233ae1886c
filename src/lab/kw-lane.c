/* kw-lane.c: passes over the rows in which nothing can happen
 *
 * A backtest spends its time on rows without news. Without a trade only an entry signal is
 * news, and the signals lie in an array of bytes. With a trade the rules of kw-exit.c stay
 * what decides; here are only bounds that they cannot miss: a low at the stop, a high that
 * reaches the next profit step or lifts a trailing stop, an exit signal. The bounds are a
 * little too near on purpose (SLACK), so a row too many is evaluated and never one too few;
 * test-backtest compares with a run that evaluates every row.
 *
 * Doing the exit rules over again in a fast form was the alternative. It would be faster by
 * little, and two places would have to agree for ever. */
#include "kw-lane.h"

#include <math.h>
#include <string.h>

#define MINUTE_US G_GINT64_CONSTANT(60000000)
#define SLACK 1e-7 /* ratios are rounded to 8 digits before they are compared */

void
kw_lane_init(KwLane *self,
             const KwPair *pair,
             const KwSeries *series,
             const KwStrategyColumns *columns,
             gsize first,
             gsize end)
{
    const KwColumn *exit_column = kw_strategy_columns_get_exit(columns);

    g_return_if_fail(first + 1 < end && end <= kw_series_get_length(series));

    *self = (KwLane){
        .pair = *pair,
        .columns = columns,
        .times = kw_series_get_times(series),
        .opens = kw_series_get_opens(series),
        .highs = kw_series_get_highs(series),
        .lows = kw_series_get_lows(series),
        .closes = kw_series_get_closes(series),
        .enters = kw_column_get_bytes(kw_strategy_columns_get_entry(columns)),
        .exits = exit_column != NULL ? kw_column_get_bytes(exit_column) : NULL,
        .end = end,
        .next = first + 1,
        .first_us = kw_series_get_times(series)[first + 1],
    };
}

KwCandle
kw_lane_get_candle(const KwLane *self, gsize row)
{
    return (KwCandle){.open_us = self->times[row],
                      .open = self->opens[row],
                      .high = self->highs[row],
                      .low = self->lows[row],
                      .close = self->closes[row]};
}

gboolean
kw_lane_wants_entry(const KwLane *self, gsize row)
{
    return self->enters[row - 1] != 0 && (self->exits == NULL || self->exits[row - 1] == 0);
}

KwExitSignal
kw_lane_get_signal(const KwLane *self, gsize row)
{
    return (KwExitSignal){.enter = self->enters[row - 1] != 0,
                          .exit = self->exits != NULL && self->exits[row - 1] != 0};
}

static void
set_due(KwLane *self, gsize row)
{
    gboolean is_there = row < self->end;

    self->due = is_there ? row : KW_LANE_NO_ROW;
    self->due_us = is_there ? self->times[row] : G_MAXINT64;
}

void
kw_lane_seek_next(KwLane *self)
{
    set_due(self, self->next);
}

/* First row from @row on whose byte is set, or @end */
static gsize
find_set(const guint8 *bytes, gsize row, gsize end)
{
    const guint8 *found = row < end ? memchr(bytes + row, 1, end - row) : NULL;

    return found != NULL ? (gsize) (found - bytes) : end;
}

void
kw_lane_seek_entry(KwLane *self)
{
    gsize row = self->next;

    for (; row < self->end; row++) {
        row = find_set(self->enters, row - 1, self->end - 1) + 1;
        if (row >= self->end || kw_lane_wants_entry(self, row))
            break;
    }
    set_due(self, row);
}

/* -- the bounds of an open trade -- */

/* Rate at which @trade has at most the profit @ratio after both fees */
static gdouble
rate_below(const KwTrade *trade, gdouble ratio)
{
    return kw_decimal_to_double(trade->open_rate) * (1.0 + trade->fee_open_ratio) *
           (1.0 + ratio) / (1.0 - trade->fee_close_ratio) * (1.0 - SLACK);
}

/* A high from here on may move the stop */
static gdouble
get_lift(const KwTrade *trade, const KwStrategyTerms *terms)
{
    gdouble stop = kw_decimal_to_double(trade->stop);
    gdouble wide = stop / (1.0 - fabs(terms->stoploss));
    gdouble offset = rate_below(trade, terms->trailing_stop_positive_offset);
    gdouble tight = G_MAXDOUBLE;

    if (!terms->trailing_stop)
        return G_MAXDOUBLE;
    if (fabs(terms->stoploss) >= 1.0)
        wide = G_MAXDOUBLE;
    if (!isnan(terms->trailing_stop_positive))
        tight = MAX(offset, stop / (1.0 - fabs(terms->trailing_stop_positive)));
    if (terms->trailing_only_offset_is_reached)
        wide = MAX(wide, offset);
    return MIN(wide, tight) * (1.0 - SLACK);
}

/* End of the rows in which the same profit step holds as in @row */
static gsize
find_step_end(const KwLane *self, const KwTrade *trade, const KwStrategyTerms *terms, gsize row)
{
    gint64 minutes = (self->times[row] - trade->open_us) / MINUTE_US;
    gsize low = row, high = self->end;
    gint64 until_us;
    guint i = 0;

    while (i < terms->n_roi && terms->roi[i].minutes <= minutes)
        i++;
    if (i == terms->n_roi)
        return self->end;
    until_us = trade->open_us + terms->roi[i].minutes * MINUTE_US;
    while (low < high) {
        gsize middle = low + (high - low) / 2;

        if (self->times[middle] < until_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* With shorter candles a step may begin within a row: then the lowest of all is the bound. */
static gdouble
get_lowest_rate(const KwTrade *trade, const KwStrategyTerms *terms)
{
    gdouble lowest = G_MAXDOUBLE;

    for (guint i = 0; i < terms->n_roi; i++)
        lowest = MIN(lowest, rate_below(trade, terms->roi[i].ratio));
    return lowest;
}

static gdouble
get_roi_rate(const KwLane *self, const KwTrade *trade, const KwStrategyTerms *terms, gsize row)
{
    const KwRoiStep *step =
        kw_strategy_terms_find_roi(terms, (self->times[row] - trade->open_us) / MINUTE_US);

    if (self->detail != NULL)
        return get_lowest_rate(trade, terms);
    return step != NULL ? rate_below(trade, step->ratio) : G_MAXDOUBLE;
}

typedef struct {
    gdouble stop, lift; /* low at or below, high at or above: news */
    gdouble high, low;  /* outermost rates of the rows passed over */
} Bounds;

static gsize
pass_over(const KwLane *self, gsize row, gsize end, Bounds *bounds)
{
    const gdouble *highs = self->highs, *lows = self->lows;
    gdouble high = bounds->high, low = bounds->low;

    for (; row < end; row++) {
        if (lows[row] <= bounds->stop || highs[row] >= bounds->lift)
            break;
        high = MAX(high, highs[row]);
        low = MIN(low, lows[row]);
    }
    bounds->high = high;
    bounds->low = low;
    return row;
}

/* Row in which the next exit signal acts, or the end */
static gsize
find_exit_signal(KwLane *self, const KwStrategyTerms *terms)
{
    if (self->exits == NULL || !terms->use_exit_signal)
        return self->end;
    if (self->next_exit < self->next)
        self->next_exit = find_set(self->exits, self->next - 1, self->end - 1) + 1;
    return self->next_exit;
}

void
kw_lane_seek_exit(KwLane *self, KwTrade *trade, const KwStrategyTerms *terms)
{
    Bounds bounds = {
        .stop = kw_decimal_to_double(trade->stop), .high = -G_MAXDOUBLE, .low = G_MAXDOUBLE};
    gdouble lift = get_lift(trade, terms);
    gsize end = MIN(self->end, find_exit_signal(self, terms));
    gsize row = self->next;

    while (row < end) {
        gsize step_end = MIN(end, find_step_end(self, trade, terms, row));

        bounds.lift = MIN(lift, get_roi_rate(self, trade, terms, row));
        row = pass_over(self, row, step_end, &bounds);
        if (row < step_end)
            break;
    }
    if (row > self->next)
        kw_exit_widen_range(trade, bounds.high, bounds.low);
    set_due(self, row);
}
