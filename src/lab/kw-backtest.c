/* kw-backtest.c: many pairs, one account, row after row
 *
 * The rules are those of the reference engine, trade for trade: the order of pairs within a
 * row (open trades by their opening, then as listed), the order of steps within a pair (orders
 * that wait, entry, exit), signals that act one row later, the close of everything at the end.
 * Where shorter candles are given, all pairs go through those of a row together.
 * What decides about money, stops and prices is the code that the daemon runs as well.
 *
 * Time does not go row by row: each lane says in which row it has to be looked at next, and
 * the loop goes to the earliest of these. Lanes touch each other through the account alone,
 * and that is read and changed in such rows only. So quiet rows cost what kw-lane.c costs. */
#include "kw-backtest.h"

#include "kw-lane.h"
#include "kw-pattern.h"

#include <math.h>

#define MAX_PRICE_SCALE 16

struct _KwBacktest {
    KwBacktestOptions options;
    GArray *lanes;      /* of KwLane, owned */
    GPtrArray *holding; /* of KwLane, borrowed: with a trade, in the order of opening */
    GPtrArray *turn;    /* of KwLane, borrowed: of this step */

    KwPortfolio *portfolio; /* owned */
    KwLockList *locks;      /* owned */
    GArray *all_locks;      /* of KwLock, owned */
    KwBacktestCounters counters;
    gint64 start_us, end_us, now_us, next_id;
    GError *error; /* owned; ends the run */
};

void
kw_backtest_options_init(KwBacktestOptions *self)
{
    *self = (KwBacktestOptions){
        .terms = kw_strategy_terms_default(),
        .stake = {.is_unlimited = TRUE,
                  .max_open_trades = 3,
                  .tradable_balance_ratio = 0.99,
                  .last_stake_min_ratio = 0.5,
                  .amount_reserve_ratio = 0.05},
        .wallet = kw_decimal_from_int(1000),
        .pricing = {.entry_factor = 1.0,
                    .exit_factor = 1.0,
                    .entry_price = NAN,
                    .exit_price = NAN,
                    .entry_timeout_us = 10 * G_TIME_SPAN_MINUTE,
                    .exit_timeout_us = 10 * G_TIME_SPAN_MINUTE},
    };
}

/* -- numbers -- */

/* With as many digits as fit */
static gboolean
to_decimal(KwBacktest *self, gdouble value, KwDecimal *out)
{
    guint8 scale = KW_DECIMAL_MAX_DIGITS;

    for (gdouble left = fabs(value); left >= 1.0 && scale > 0; left /= 10.0)
        scale--;
    for (scale = MIN(scale, MAX_PRICE_SCALE);; scale--) {
        gboolean is_last = scale == 0;

        if (kw_decimal_from_double(value, scale, KW_ROUND_HALF_UP, out,
                                   is_last ? &self->error : NULL)) {
            *out = kw_decimal_trim(*out);
            return TRUE;
        }
        if (is_last)
            return FALSE;
    }
}

static gboolean
to_tick(KwBacktest *self, const KwPair *pair, gdouble price, gdouble *out)
{
    KwDecimal value;

    if (!to_decimal(self, price, &value) ||
        !kw_decimal_to_tick(value, pair->price_tick, KW_ROUND_HALF_UP, &value, &self->error))
        return FALSE;
    *out = kw_decimal_to_double(value);
    return TRUE;
}

/* -- fills -- */

/* @time_us: of the exit, which may be within the row */
static void
run_protections(KwBacktest *self, const gchar *pair, gint64 time_us)
{
    const gchar *const targets[] = {pair, KW_LOCK_ALL};
    gint64 now_us = MAX(self->now_us, time_us); /* at the end of the run rows are behind it */

    for (gsize t = 0; t < G_N_ELEMENTS(targets); t++)
        for (guint i = 0; i < self->options.n_protections; i++) {
            const KwLock *lock = kw_protection_add_lock(
                &self->options.protections[i], self->portfolio, targets[t], now_us,
                self->options.terms.timeframe_us, self->locks);

            if (lock != NULL)
                g_array_append_val(self->all_locks, *lock);
        }
}

static void
let_go(KwBacktest *self, KwLane *lane)
{
    lane->trade_id = 0;
    (void) g_ptr_array_remove(self->holding, lane);
}

/* An order at the market pays for the market: the price on the tick that is worse. */
static gboolean
pay_friction(KwBacktest *self, KwLane *lane, gint64 time_us)
{
    KwLaneOrder *order = &lane->order;
    const KwFrictionOrder paying = {lane->pair.name, order->side, lane->pair.price_tick,
                                    time_us};

    if (self->options.friction == NULL || order->is_limit)
        return TRUE;
    if (!kw_friction_pay(self->options.friction, &paying, order->price, &order->price,
                         &self->error))
        return FALSE;
    return order->side == KW_SIDE_SELL ||
           kw_exit_set_initial_stop(kw_portfolio_find_trade(self->portfolio, lane->trade_id),
                                    &self->options.terms, order->price, lane->pair.price_tick,
                                    &self->error);
}

static void
fill(KwBacktest *self, KwLane *lane, gint64 time_us)
{
    const KwLaneOrder *order = &lane->order;
    KwFill executed = {.side = order->side,
                       .price = order->price,
                       .amount = order->amount,
                       .time_us = time_us};
    KwTrade *trade = kw_portfolio_find_trade(self->portfolio, lane->trade_id);
    KwTrade after;

    lane->order.is_open = FALSE;
    if (!pay_friction(self, lane, time_us))
        return;
    executed.price = order->price;
    g_strlcpy(executed.pair, lane->pair.name, sizeof executed.pair);
    if (order->side == KW_SIDE_SELL)
        g_strlcpy(trade->exit_reason, order->reason, sizeof trade->exit_reason);
    if (!kw_fill_compute_fee(executed.price, executed.amount,
                             order->is_maker ? self->options.maker.fee_ratio
                                             : self->options.fee_ratio,
                             &executed.fee, &self->error) ||
        !kw_portfolio_apply_fill(self->portfolio, lane->trade_id, &executed, &after,
                                 &self->error) ||
        order->side == KW_SIDE_BUY)
        return;
    let_go(self, lane);
    run_protections(self, lane->pair.name, time_us);
}

static gboolean
is_reached(const KwBacktest *self, const KwLane *lane, const KwCandle *candle)
{
    const KwLaneOrder *order = &lane->order;
    gdouble price = kw_decimal_to_double(order->price);

    if (order->is_maker)
        return candle->low < price &&
               lane->candle_end_us <= order->placed_us + self->options.maker.patience_us;
    if (self->options.friction != NULL && order->is_limit &&
        !(order->side == KW_SIDE_BUY ? candle->low < price : candle->high > price))
        return FALSE;
    return candle->low <= price && price <= candle->high;
}

static void
try_fill(KwBacktest *self, KwLane *lane, const KwCandle *candle)
{
    if (lane->order.is_open && self->error == NULL && is_reached(self, lane, candle))
        fill(self, lane, candle->open_us);
}

/* -- a. orders that wait -- */

static void
drop_entry(KwBacktest *self, KwLane *lane)
{
    KwTrade gone;

    (void) kw_portfolio_void_trade(self->portfolio, lane->trade_id, &gone);
    lane->order.is_open = FALSE;
    let_go(self, lane);
}

/* The reference waits a moment longer than the daemon. */
static gboolean
is_over(const KwBacktest *self, const KwLaneOrder *order, gint64 row_us)
{
    const KwBacktestPricing *pricing = &self->options.pricing;

    if (order->is_maker)
        return row_us - order->placed_us >= self->options.maker.patience_us;
    return row_us - order->placed_us >
           (order->side == KW_SIDE_BUY ? pricing->entry_timeout_us : pricing->exit_timeout_us);
}

static void
expire(KwBacktest *self, KwLane *lane, gint64 row_us)
{
    gboolean is_entry = lane->order.side == KW_SIDE_BUY;

    if (!lane->order.is_open || !is_over(self, &lane->order, row_us))
        return;
    lane->order.is_open = FALSE;
    if (is_entry) {
        drop_entry(self, lane);
        self->counters.n_timed_out_entries++;
    } else {
        self->counters.n_timed_out_exits++;
    }
}

/* What is left of the money buys at the new price. */
static gboolean
move_entry(KwBacktest *self, KwLane *lane, KwDecimal price, gint64 row_us)
{
    KwLaneOrder *order = &lane->order;
    KwTrade *trade = kw_portfolio_find_trade(self->portfolio, lane->trade_id);
    gdouble money = kw_decimal_to_double(order->amount) * kw_decimal_to_double(order->price);

    order->price = price;
    order->placed_us = row_us;
    self->counters.n_replaced_orders++;
    return kw_decimal_from_double(money / kw_decimal_to_double(price),
                                  lane->pair.amount_tick.scale, KW_ROUND_DOWN, &order->amount,
                                  &self->error) &&
           kw_exit_set_initial_stop(trade, &self->options.terms, price, lane->pair.price_tick,
                                    &self->error);
}

static void
price_again(KwBacktest *self, KwLane *lane, gint64 row_us)
{
    gdouble wanted = self->options.pricing.reprice;
    KwLaneOrder *order = &lane->order;
    KwDecimal price;

    if (!order->is_open || order->side != KW_SIDE_BUY || order->placed_us >= row_us)
        return;
    if (isnan(wanted)) {
        drop_entry(self, lane);
        self->counters.n_cancelled_orders++;
        self->counters.n_cancelled_trades++;
        return;
    }
    if (!(wanted > 0.0) || !to_decimal(self, wanted, &price) ||
        kw_decimal_cmp(price, order->price) == 0)
        return;
    self->counters.n_cancelled_orders++;
    (void) move_entry(self, lane, price, row_us);
}

/* -- b. entry -- */

/* @chosen if there is one, else @factor times the open; what differs from the open is put on
 * the price tick. */
static gboolean
choose_price(KwBacktest *self,
             const KwPair *pair,
             gdouble open,
             gdouble factor,
             gdouble chosen,
             gdouble *out)
{
    gdouble price = isnan(chosen) ? open * factor : chosen;

    if (fabs(price - open) > 0.0)
        return to_tick(self, pair, price, out);
    *out = price;
    return TRUE;
}

/* Where the entry of a row stands */
static gboolean
price_entry(KwBacktest *self, const KwPair *pair, const KwCandle *candle, KwLaneOrder *out)
{
    const KwBacktestOptions *options = &self->options;
    gdouble price;

    out->is_maker = options->maker.patience_us > 0;
    if (out->is_maker) {
        out->is_limit = TRUE;
        return to_decimal(self, candle->open, &out->price) &&
               kw_decimal_to_tick(out->price, pair->price_tick, KW_ROUND_DOWN, &out->price,
                                  &self->error);
    }
    if (!choose_price(self, pair, candle->open, options->pricing.entry_factor,
                      options->pricing.entry_price, &price))
        return FALSE;
    out->is_limit = fabs(price - candle->open) > 0.0;
    return to_decimal(self, MIN(price, candle->high), &out->price);
}

static KwTrade
make_trade(KwBacktest *self, const KwLane *lane, gint64 open_us, const KwSignalValues *signal)
{
    const KwBacktestOptions *options = &self->options;
    KwTrade trade = {.id = ++self->next_id,
                     .state = KW_TRADE_STATE_OPENING,
                     .open_us = open_us,
                     .fee_open_ratio = options->fee_ratio,
                     .fee_close_ratio = options->fee_ratio,
                     .confidence = signal->confidence};

    g_strlcpy(trade.pair, lane->pair.name, sizeof trade.pair);
    if (signal->tag != NULL)
        g_strlcpy(trade.enter_tag, signal->tag, sizeof trade.enter_tag);
    if (signal->regime != NULL)
        g_strlcpy(trade.regime, signal->regime, sizeof trade.regime);
    if (options->strategy != NULL)
        g_strlcpy(trade.strategy, options->strategy, sizeof trade.strategy);
    if (options->strategy_hash != NULL)
        g_strlcpy(trade.strategy_hash, options->strategy_hash, sizeof trade.strategy_hash);
    return trade;
}

static void
place_entry(KwBacktest *self, KwLane *lane, gsize row, const KwCandle *candle)
{
    const KwBacktestOptions *options = &self->options;
    KwLaneOrder order = {.is_open = TRUE, .side = KW_SIDE_BUY, .placed_us = candle->open_us};
    KwSignalValues signal;
    KwDecimal stake;
    KwTrade trade;

    kw_strategy_columns_get_signal(lane->columns, row - 1, &signal);
    kw_pattern_adjust(self->portfolio, options->strategy, &signal);
    if (signal.confidence < options->threshold) {
        self->counters.n_unsure++;
        return;
    }

    if (!price_entry(self, &lane->pair, candle, &order) ||
        !kw_stake_compute(&options->stake, self->portfolio, &lane->pair, order.price,
                          &order.amount, &stake))
        return;
    trade = make_trade(self, lane, candle->open_us, &signal);
    if (order.is_maker)
        trade.fee_open_ratio = options->maker.fee_ratio;
    trade.stake = stake;
    if (!kw_exit_set_initial_stop(&trade, &options->terms, order.price, lane->pair.price_tick,
                                  &self->error))
        return;
    (void) kw_portfolio_open_trade(self->portfolio, &trade);
    lane->trade_id = trade.id;
    lane->order = order;
    g_ptr_array_add(self->holding, lane);
}

static void
try_entry(KwBacktest *self, KwLane *lane, gsize row, const KwCandle *candle)
{
    guint limit = self->options.stake.max_open_trades;

    if (lane->trade_id != 0 || self->now_us == self->end_us ||
        !kw_lane_wants_entry(lane, row) ||
        kw_lock_list_is_locked(self->locks, lane->pair.name, lane->times[row]))
        return;
    if (limit > 0 && self->holding->len >= limit)
        self->counters.n_rejected++;
    else
        place_entry(self, lane, row, candle);
}

/* -- c. exit -- */

static gboolean
place_exit(KwBacktest *self,
           KwLane *lane,
           const KwTrade *trade,
           gdouble price,
           gint64 time_us,
           const gchar *reason)
{
    KwLaneOrder order = {
        .is_open = TRUE, .side = KW_SIDE_SELL, .amount = trade->amount, .placed_us = time_us};

    if (!to_decimal(self, price, &order.price))
        return FALSE;
    g_strlcpy(order.reason, reason, sizeof order.reason);
    lane->order = order;
    return TRUE;
}

static gboolean
price_exit_signal(KwBacktest *self, const KwLane *lane, const KwCandle *candle, gdouble *out)
{
    const KwBacktestPricing *pricing = &self->options.pricing;

    if (!choose_price(self, &lane->pair, candle->open, pricing->exit_factor,
                      pricing->exit_price, out))
        return FALSE;
    *out = MAX(*out, candle->low);
    return TRUE;
}

static void
try_exit(
    KwBacktest *self, KwLane *lane, gsize row, const KwCandle *candle, KwExitSignal exit_signal)
{
    KwTrade *trade;
    KwExitReason reason;
    KwSignalValues signal;
    gdouble price = NAN;

    if (lane->trade_id == 0 || lane->order.is_open || self->error != NULL)
        return;
    trade = kw_portfolio_find_trade(self->portfolio, lane->trade_id);
    reason = kw_exit_evaluate(trade, &self->options.terms, candle, exit_signal,
                              lane->pair.price_tick, &price);
    if (reason == KW_EXIT_NONE ||
        (reason == KW_EXIT_SIGNAL && !price_exit_signal(self, lane, candle, &price)))
        return;
    kw_strategy_columns_get_signal(lane->columns, row - 1, &signal);
    if (place_exit(self, lane, trade, price, candle->open_us,
                   kw_exit_name_reason(reason, signal.exit_tag)))
        lane->order.is_limit = reason == KW_EXIT_ROI && fabs(price - candle->open) > 0.0;
}

/* -- the run -- */

static void
seek(KwBacktest *self, KwLane *lane)
{
    if (lane->order.is_open)
        kw_lane_seek_next(lane);
    else if (lane->trade_id != 0)
        kw_lane_seek_exit(lane, kw_portfolio_find_trade(self->portfolio, lane->trade_id),
                          &self->options.terms);
    else
        kw_lane_seek_entry(lane);
}

typedef enum { ENTRIES_ALLOWED, ENTRIES_OVER } EntryPhase;

/* What of @candle is known to lie behind the fill of a bid: from there it fell to its low, and
 * it ended at its close. Its open and its high may have been before, unless it opened below. */
static KwCandle
get_rest(const KwCandle *candle, gdouble bid)
{
    KwCandle rest = *candle;

    if (candle->open < bid)
        return rest;
    rest.open = bid;
    rest.high = MAX(bid, candle->close);
    return rest;
}

/* @candle: the row, or a shorter candle within it */
static void
step_candle(KwBacktest *self, KwLane *lane, gsize row, const KwCandle *candle, EntryPhase phase)
{
    KwExitSignal signal = kw_lane_get_signal(lane, row);
    KwCandle rest = *candle;
    gboolean is_bid;

    expire(self, lane, candle->open_us);
    price_again(self, lane, candle->open_us);
    if (phase == ENTRIES_ALLOWED)
        try_entry(self, lane, row, candle);
    is_bid = lane->order.is_open && lane->order.is_maker && lane->order.side == KW_SIDE_BUY;
    try_fill(self, lane, candle);
    if (is_bid && !lane->order.is_open) {
        rest = get_rest(candle, kw_decimal_to_double(lane->order.price));
        signal.exit = FALSE; /* that was at the open */
    }
    try_exit(self, lane, row, &rest, signal);
    try_fill(self, lane, candle);
}

/* -- within a row: what comes earlier in it is done earlier, whichever pair it is of -- */

static void
enter_row(const KwBacktest *self, KwLane *lane)
{
    gint64 open_us = lane->times[lane->due];

    lane->part = lane->first_part = lane->end_part = 0;
    if (lane->detail != NULL) {
        lane->first_part = lane->part = kw_series_find(lane->detail, open_us);
        lane->end_part =
            kw_series_find(lane->detail, open_us + self->options.terms.timeframe_us);
    }
    lane->part_us =
        lane->part < lane->end_part ? kw_series_get_times(lane->detail)[lane->part] : open_us;
}

/* Without a trade there is nothing left in the row: entries are for its first candle. */
static void
step_part(KwBacktest *self, KwLane *lane)
{
    gboolean is_whole = lane->first_part == lane->end_part;
    EntryPhase phase = lane->part == lane->first_part ? ENTRIES_ALLOWED : ENTRIES_OVER;
    KwCandle candle = is_whole ? kw_lane_get_candle(lane, lane->due)
                               : kw_series_get(lane->detail, lane->part);

    lane->candle_end_us =
        candle.open_us + (is_whole ? self->options.terms.timeframe_us
                                   : kw_series_get_timeframe_us(lane->detail));
    step_candle(self, lane, lane->due, &candle, phase);
    lane->part++;
    lane->part_us = lane->trade_id != 0 && lane->part < lane->end_part
                        ? kw_series_get_times(lane->detail)[lane->part]
                        : G_MAXINT64;
}

static void
leave_row(KwBacktest *self, KwLane *lane)
{
    lane->next = lane->due + 1;
    seek(self, lane);
}

static gint64
find_part_us(const KwBacktest *self)
{
    gint64 part_us = G_MAXINT64;

    for (guint i = 0; i < self->turn->len; i++) {
        const KwLane *lane = self->turn->pdata[i];

        part_us = MIN(part_us, lane->part_us);
    }
    return part_us;
}

static void
step_turn(KwBacktest *self)
{
    gint64 part_us;

    while ((part_us = find_part_us(self)) != G_MAXINT64)
        for (guint i = 0; i < self->turn->len; i++) {
            KwLane *lane = self->turn->pdata[i];

            if (self->error != NULL)
                return;
            if (lane->part_us == part_us)
                step_part(self, lane);
        }
}

/* Lanes of open trades in the order of opening, then the others as they were added */
static void
step(KwBacktest *self)
{
    g_ptr_array_set_size(self->turn, 0);
    for (guint i = 0; i < self->holding->len; i++) {
        KwLane *lane = self->holding->pdata[i];

        if (lane->due_us == self->now_us)
            g_ptr_array_add(self->turn, lane);
    }
    for (guint i = 0; i < self->lanes->len; i++) {
        KwLane *lane = &g_array_index(self->lanes, KwLane, i);

        if (lane->due_us == self->now_us && lane->trade_id == 0)
            g_ptr_array_add(self->turn, lane);
    }
    for (guint i = 0; i < self->turn->len; i++)
        enter_row(self, self->turn->pdata[i]);
    step_turn(self);
    for (guint i = 0; i < self->turn->len; i++)
        leave_row(self, self->turn->pdata[i]);
}

static gint64
find_next_us(const KwBacktest *self)
{
    gint64 next_us = G_MAXINT64;

    for (guint i = 0; i < self->lanes->len; i++)
        next_us = MIN(next_us, g_array_index(self->lanes, KwLane, i).due_us);
    return next_us;
}

/* Of the lanes with a trade the one whose rows begin first; among equals as they were added */
static KwLane *
find_eldest(const KwBacktest *self)
{
    KwLane *eldest = NULL;

    for (guint i = 0; i < self->lanes->len; i++) {
        KwLane *lane = &g_array_index(self->lanes, KwLane, i);

        if (lane->trade_id != 0 && (eldest == NULL || lane->first_us < eldest->first_us))
            eldest = lane;
    }
    return eldest;
}

/* What is open at the end goes at the open of its last row. */
static void
close_lane(KwBacktest *self, KwLane *lane)
{
    const KwTrade *trade = kw_portfolio_find_trade(self->portfolio, lane->trade_id);
    gsize last = lane->end - 1;

    if (trade->state == KW_TRADE_STATE_OPENING)
        drop_entry(self, lane);
    else if (place_exit(self, lane, trade, lane->opens[last], lane->times[last],
                        kw_exit_reason_to_string(KW_EXIT_FORCED)))
        fill(self, lane, lane->times[last]);
}

static void
close_all(KwBacktest *self)
{
    for (KwLane *lane = find_eldest(self); lane != NULL && self->error == NULL;
         lane = find_eldest(self))
        close_lane(self, lane);
}

gboolean
kw_backtest_run(KwBacktest *self, GError **error)
{
    g_return_val_if_fail(self != NULL, FALSE);

    for (guint i = 0; i < self->lanes->len; i++)
        kw_lane_seek_entry(&g_array_index(self->lanes, KwLane, i));
    while (self->error == NULL && (self->now_us = find_next_us(self)) != G_MAXINT64)
        step(self);
    self->now_us = self->end_us;
    close_all(self);
    if (self->error == NULL && !kw_portfolio_check(self->portfolio, &self->error))
        g_prefix_error(&self->error, "backtest: ");
    if (self->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&self->error));
    return FALSE;
}

/* -- the object -- */

KwBacktest *
kw_backtest_new(const KwBacktestOptions *options)
{
    KwBacktest *self;

    g_return_val_if_fail(options != NULL && options->terms.timeframe_us > 0, NULL);

    self = g_new0(KwBacktest, 1);
    self->options = *options;
    self->lanes = g_array_new(FALSE, FALSE, sizeof(KwLane));
    self->holding = g_ptr_array_new();
    self->turn = g_ptr_array_new();
    self->portfolio = kw_portfolio_new(options->wallet);
    self->locks = kw_lock_list_new();
    self->all_locks = g_array_new(FALSE, FALSE, sizeof(KwLock));
    return self;
}

void
kw_backtest_free(KwBacktest *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->lanes);
    g_ptr_array_unref(self->holding);
    g_ptr_array_unref(self->turn);
    kw_portfolio_unref(self->portfolio);
    kw_lock_list_free(self->locks);
    g_array_unref(self->all_locks);
    g_clear_error(&self->error);
    g_free(self);
}

void
kw_backtest_add_pair(KwBacktest *self,
                     const KwPair *pair,
                     const KwSeries *series,
                     const KwStrategyColumns *columns,
                     KwBacktestRange range)
{
    KwLane lane;

    g_return_if_fail(self != NULL && pair != NULL && series != NULL && columns != NULL);
    g_return_if_fail(range.end <= kw_series_get_length(series));

    if (range.end < range.first + 2)
        return;
    kw_lane_init(&lane, pair, series, columns, range.first, range.end);
    if (self->lanes->len == 0 || lane.times[range.first] < self->start_us)
        self->start_us = lane.times[range.first];
    self->end_us = MAX(self->end_us, lane.times[range.end - 1]);
    g_array_append_val(self->lanes, lane);
}

void
kw_backtest_set_detail(KwBacktest *self, const KwSeries *detail)
{
    g_return_if_fail(self != NULL && detail != NULL);

    if (self->lanes->len > 0)
        g_array_index(self->lanes, KwLane, self->lanes->len - 1).detail = detail;
}

gint64
kw_backtest_get_start_us(const KwBacktest *self)
{
    return self->start_us;
}

gint64
kw_backtest_get_end_us(const KwBacktest *self)
{
    return self->end_us;
}

const KwBacktestOptions *
kw_backtest_get_options(const KwBacktest *self)
{
    return &self->options;
}

const KwPortfolio *
kw_backtest_get_portfolio(const KwBacktest *self)
{
    return self->portfolio;
}

const KwBacktestCounters *
kw_backtest_get_counters(const KwBacktest *self)
{
    return &self->counters;
}

const GArray *
kw_backtest_get_locks(const KwBacktest *self)
{
    return self->all_locks;
}
