/* kw-reference-loop.c: the row order of the reference backtest over the product's objects
 *
 * Nothing here decides about money, stops or prices of exits: that is what the tests that use
 * it are about. Here are only the order of steps within a row, the shift of the signals, and
 * limit orders that wait, time out or are priced again. */
#include "kw-reference-loop.h"

#include <math.h>
#include <string.h>

void
kw_loop_init(KwLoop *self, KwDecimal wallet)
{
    *self = (KwLoop){
        .terms = kw_strategy_terms_default(),
        .stake = {.max_open_trades = 3,
                  .tradable_balance_ratio = 0.99,
                  .last_stake_min_ratio = 0.5,
                  .amount_reserve_ratio = 0.05},
        .custom_entry = NAN,
        .custom_exit = NAN,
        .entry_factor = 1.0,
        .exit_factor = 1.0,
        .portfolio = kw_portfolio_new(wallet),
        .locks = kw_lock_list_new(),
    };
}

void
kw_loop_clear(KwLoop *self)
{
    for (guint i = 0; i < self->n_pairs; i++)
        g_array_unref(self->pairs[i].rows);
    kw_portfolio_free(self->portfolio);
    kw_lock_list_free(self->locks);
}

KwLoopPair *
kw_loop_add_pair(KwLoop *self, const gchar *name, KwDecimal price_tick)
{
    KwLoopPair *pair = &self->pairs[self->n_pairs++];

    g_assert_cmpuint(self->n_pairs, <=, KW_LOOP_MAX_PAIRS);
    g_strlcpy(pair->pair.name, name, sizeof pair->pair.name);
    pair->pair.price_tick = price_tick;
    pair->pair.amount_tick = (KwDecimal){.mant = 1, .scale = 8};
    pair->rows = g_array_new(FALSE, FALSE, sizeof(KwLoopRow));
    return pair;
}

static const KwLoopRow *
row_at(const KwLoopPair *pair, guint index)
{
    return &g_array_index(pair->rows, KwLoopRow, index);
}

/* With as many digits as fit */
static KwDecimal
to_decimal(gdouble value)
{
    KwDecimal result = KW_DECIMAL_ZERO;

    for (guint8 scale = 16; scale > 0; scale--)
        if (kw_decimal_from_double(value, scale, KW_ROUND_HALF_UP, &result, NULL))
            return kw_decimal_trim(result);
    g_assert_not_reached();
}

static gdouble
to_tick(gdouble price, const KwPair *pair)
{
    KwDecimal result = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_to_tick(to_decimal(price), pair->price_tick, KW_ROUND_HALF_UP,
                                     &result, NULL));
    return kw_decimal_to_double(result);
}

/* -- fills -- */

static void
run_protections(KwLoop *self, const gchar *pair)
{
    const gchar *const targets[] = {pair, KW_LOCK_ALL};

    for (gsize t = 0; t < G_N_ELEMENTS(targets); t++)
        for (guint i = 0; i < self->n_protections; i++)
            (void) kw_protection_add_lock(&self->protections[i], self->portfolio, targets[t],
                                          self->now_us, self->terms.timeframe_us, self->locks);
}

static void
fill(KwLoop *self, KwLoopPair *pair, gint64 time_us)
{
    const KwOrder *order = &pair->working.order;
    KwFill executed = {.side = order->side,
                       .price = order->price,
                       .amount = order->amount,
                       .time_us = time_us};
    g_autoptr(GError) error = NULL;
    KwTrade *trade = kw_portfolio_find_trade(self->portfolio, order->trade_id);
    KwTrade after;

    g_strlcpy(executed.pair, pair->pair.name, sizeof executed.pair);
    g_assert_true(kw_fill_compute_fee(executed.price, executed.amount, self->fee_ratio,
                                      &executed.fee, NULL));
    if (order->side == KW_SIDE_SELL)
        g_strlcpy(trade->exit_reason, order->reason, sizeof trade->exit_reason);
    g_assert_true(
        kw_portfolio_apply_fill(self->portfolio, order->trade_id, &executed, &after, &error));
    g_assert_true(kw_portfolio_check(self->portfolio, &error));
    pair->working.is_open = FALSE;
    if (order->side == KW_SIDE_SELL)
        run_protections(self, pair->pair.name);
}

static void
try_fill(KwLoop *self, KwLoopPair *pair, const KwCandle *candle)
{
    gdouble price;

    if (!pair->working.is_open)
        return;
    price = kw_decimal_to_double(pair->working.order.price);
    if (candle->low <= price && price <= candle->high)
        fill(self, pair, candle->open_us);
}

/* -- a. orders that wait -- */

static void
drop_entry(KwLoop *self, KwLoopPair *pair)
{
    KwTrade gone;

    g_assert_true(
        kw_portfolio_void_trade(self->portfolio, pair->working.order.trade_id, &gone));
    pair->working.is_open = FALSE;
}

static void
expire(KwLoop *self, KwLoopPair *pair, gint64 row_us)
{
    gboolean is_entry = pair->working.order.side == KW_SIDE_BUY;
    gint64 timeout_us = is_entry ? self->entry_timeout_us : self->exit_timeout_us;

    if (!pair->working.is_open || pair->working.order.candle_us >= row_us - timeout_us)
        return;
    pair->working.is_open = FALSE;
    if (is_entry) {
        drop_entry(self, pair);
        self->n_timed_out_entries++;
    } else {
        self->n_timed_out_exits++;
    }
}

/* What is left of the money buys at the new price. */
static void
price_again(KwLoop *self, KwLoopPair *pair, gint64 row_us)
{
    KwOrder *order = &pair->working.order;
    KwDecimal price = to_decimal(isnan(self->reprice) ? 0.0 : self->reprice);
    gdouble money;

    if (!pair->working.is_open || order->side != KW_SIDE_BUY || order->candle_us >= row_us)
        return;
    if (!isnan(self->reprice) &&
        (kw_decimal_sign(price) == 0 || kw_decimal_cmp(price, order->price) == 0))
        return;
    self->n_cancelled_orders++;
    if (isnan(self->reprice)) {
        drop_entry(self, pair);
        self->n_cancelled_trades++;
        return;
    }
    money = kw_decimal_to_double(order->amount) * kw_decimal_to_double(order->price);
    g_assert_true(kw_decimal_from_double(money / self->reprice, pair->pair.amount_tick.scale,
                                         KW_ROUND_DOWN, &order->amount, NULL));
    order->price = price;
    order->candle_us = row_us;
    g_assert_true(
        kw_exit_set_initial_stop(kw_portfolio_find_trade(self->portfolio, order->trade_id),
                                 &self->terms, price, pair->pair.price_tick, NULL));
    self->n_replaced_orders++;
}

/* -- b. entry -- */

static gdouble
get_entry_price(const KwLoop *self, const KwLoopPair *pair, const KwCandle *candle)
{
    gdouble price =
        isnan(self->custom_entry) ? candle->open * self->entry_factor : self->custom_entry;

    if (fabs(price - candle->open) > 0.0)
        price = to_tick(price, &pair->pair);
    return MIN(price, candle->high);
}

static void
place_entry(KwLoop *self, KwLoopPair *pair, const KwCandle *candle, const gchar *tag)
{
    KwDecimal price = to_decimal(get_entry_price(self, pair, candle));
    KwTrade trade = {.id = ++self->next_id,
                     .state = KW_TRADE_STATE_OPENING,
                     .open_us = candle->open_us,
                     .fee_open_ratio = self->fee_ratio,
                     .fee_close_ratio = self->fee_ratio,
                     .confidence = NAN};
    KwOrder order = {.trade_id = trade.id,
                     .side = KW_SIDE_BUY,
                     .price = price,
                     .candle_us = candle->open_us};

    if (!kw_stake_compute(&self->stake, self->portfolio, &pair->pair, price, &order.amount,
                          &trade.stake))
        return;
    g_strlcpy(trade.pair, pair->pair.name, sizeof trade.pair);
    g_strlcpy(trade.enter_tag, tag, sizeof trade.enter_tag);
    g_assert_true(
        kw_exit_set_initial_stop(&trade, &self->terms, price, pair->pair.price_tick, NULL));
    g_assert_nonnull(kw_portfolio_open_trade(self->portfolio, &trade));
    pair->working = (KwLoopOrder){.is_open = TRUE, .order = order};
    try_fill(self, pair, candle);
}

static void
try_entry(KwLoop *self, KwLoopPair *pair, const KwCandle *candle, const KwLoopRow *before)
{
    guint limit = self->stake.max_open_trades;

    if (!before->enter || before->exit || self->now_us == self->last_us ||
        kw_portfolio_find_open(self->portfolio, pair->pair.name) != NULL ||
        kw_lock_list_is_locked(self->locks, pair->pair.name, candle->open_us))
        return;
    if (limit > 0 && kw_portfolio_get_n_open(self->portfolio) >= limit)
        self->n_rejected++;
    else
        place_entry(self, pair, candle, before->enter_tag);
}

/* -- c. exit -- */

static void
place_exit(
    KwLoopPair *pair, const KwTrade *trade, gdouble price, gint64 time_us, const gchar *reason)
{
    pair->working = (KwLoopOrder){.is_open = TRUE,
                                  .order = {.trade_id = trade->id,
                                            .side = KW_SIDE_SELL,
                                            .price = to_decimal(price),
                                            .amount = trade->amount,
                                            .candle_us = time_us}};
    g_strlcpy(pair->working.order.reason, reason, sizeof pair->working.order.reason);
}

static gdouble
get_signal_price(const KwLoop *self, const KwLoopPair *pair, const KwCandle *candle)
{
    gdouble price =
        isnan(self->custom_exit) ? candle->open * self->exit_factor : self->custom_exit;

    if (fabs(price - candle->open) > 0.0)
        price = to_tick(price, &pair->pair);
    return MAX(price, candle->low);
}

static void
try_exit(KwLoop *self, KwLoopPair *pair, const KwCandle *candle, const KwLoopRow *before)
{
    KwTrade *trade = kw_portfolio_find_open(self->portfolio, pair->pair.name);
    KwExitSignal signal = {.enter = before->enter, .exit = before->exit};
    const gchar *text;
    KwExitReason reason;
    gdouble price = NAN;

    if (trade == NULL || trade->state != KW_TRADE_STATE_OPEN || pair->working.is_open)
        return;
    reason =
        kw_exit_evaluate(trade, &self->terms, candle, signal, pair->pair.price_tick, &price);
    if (reason == KW_EXIT_NONE)
        return;
    text = kw_exit_reason_to_string(reason);
    if (reason == KW_EXIT_SIGNAL) {
        price = get_signal_price(self, pair, candle);
        text = before->exit_tag[0] != '\0' ? before->exit_tag : text;
    }
    place_exit(pair, trade, price, candle->open_us, text);
}

/* -- the run -- */

static void
step_pair(KwLoop *self, KwLoopPair *pair)
{
    const KwLoopRow *before;
    const KwCandle *candle;

    if (pair->next >= pair->rows->len)
        return;
    candle = &row_at(pair, pair->next)->candle;
    if (candle->open_us > self->now_us)
        return;
    before = row_at(pair, pair->next++ - 1);

    expire(self, pair, candle->open_us);
    price_again(self, pair, candle->open_us);
    try_entry(self, pair, candle, before);
    try_fill(self, pair, candle);
    try_exit(self, pair, candle, before);
    try_fill(self, pair, candle);
}

/* Pairs of open trades in the order of opening, then the others */
static void
step(KwLoop *self)
{
    gboolean is_done[KW_LOOP_MAX_PAIRS] = {FALSE};
    guint order[KW_LOOP_MAX_PAIRS];
    guint n = 0;

    for (guint t = 0; t < kw_portfolio_get_n_open(self->portfolio); t++)
        for (guint i = 0; i < self->n_pairs; i++)
            if (strcmp(kw_portfolio_get_open(self->portfolio, t)->pair,
                       self->pairs[i].pair.name) == 0) {
                order[n++] = i;
                is_done[i] = TRUE;
            }
    for (guint i = 0; i < self->n_pairs; i++)
        if (!is_done[i])
            order[n++] = i;
    for (guint i = 0; i < n; i++)
        step_pair(self, &self->pairs[order[i]]);
}

static void
close_all(KwLoop *self)
{
    for (guint t = kw_portfolio_get_n_open(self->portfolio); t > 0; t--) {
        const KwTrade *trade = kw_portfolio_get_open(self->portfolio, 0);
        KwTrade gone;

        for (guint i = 0; i < self->n_pairs; i++) {
            KwLoopPair *pair = &self->pairs[i];
            const KwCandle *last = &row_at(pair, pair->rows->len - 1)->candle;

            if (strcmp(trade->pair, pair->pair.name) != 0)
                continue;
            if (trade->state == KW_TRADE_STATE_OPENING) {
                g_assert_true(kw_portfolio_void_trade(self->portfolio, trade->id, &gone));
            } else {
                place_exit(pair, trade, last->open, last->open_us, "force_exit");
                fill(self, pair, last->open_us);
            }
            break;
        }
    }
}

void
kw_loop_run(KwLoop *self)
{
    gint64 first_us = G_MAXINT64;

    /* the first rows of each pair only start the indicators; the next one gives a signal */
    for (guint i = 0; i < self->n_pairs; i++) {
        KwLoopPair *pair = &self->pairs[i];
        guint n_startup = self->terms.startup_candles;

        g_assert_cmpuint(pair->rows->len, >, n_startup);
        first_us = MIN(first_us, row_at(pair, n_startup)->candle.open_us);
        self->last_us = MAX(self->last_us, row_at(pair, pair->rows->len - 1)->candle.open_us);
        pair->next = n_startup + 1;
    }
    for (self->now_us = first_us + self->terms.timeframe_us; self->now_us <= self->last_us;
         self->now_us += self->terms.timeframe_us)
        step(self);
    self->now_us = self->last_us;
    close_all(self);
}
