/* kw-trader.c: what one pair does in one row
 *
 * Entry and exit go the same way: price and amount -> risk -> ticket -> order manager, with the
 * signal and the mark of the row in the transaction of the intent. A refusal is a record and an
 * event; a refused exit is an alarm, once for each trade, as its position stays open.
 *
 * A pair that was refused in a row is not asked again in it by the next process: what refused
 * it (a stop, say) may be over by then, and the decision is in the ledger. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-trader.h"

#include "kw-depth-cap.h"
#include "kw-error.h"
#include "kw-exit.h"
#include "kw-log.h"
#include "kw-maker-price.h"
#include "kw-notice.h"
#include "kw-patience.h"
#include "kw-pattern.h"
#include "kw-stop-plan.h"

#include <math.h>
#include <string.h>

#define STAKE_SCALE 8

struct _KwTrader {
    KwBook *book; /* borrowed */
    KwTraderEvents events;
    GObject *owner; /* borrowed */
    gint64 close_us;
    KwTraderTime time;
    KwPatience *patience;                    /* owned */
    KwDecision decisions[KW_FEED_MAX_PAIRS]; /* by slot index */
    gint64 lost_us[KW_FEED_MAX_PAIRS];       /* signal of the highest tier refused last; 0 */
};

/* -- records -- */

/* The row that is being decided: after a crash it is decided again, earlier ones are not. */
static void
add_row_mark(KwTrader *self, KwBatch *batch)
{
    g_autofree gchar *row = g_strdup_printf("%" G_GINT64_FORMAT, self->close_us);

    kw_batch_add_meta(batch, "row_us", row, self->close_us);
}

static KwSignalRecord
signal_record(KwTrader *self,
              const KwSlot *slot,
              KwSide side,
              gdouble price,
              const gchar *action,
              const gchar *reason)
{
    const KwStrategy *strategy = self->book->strategy;
    KwSignalRecord record = {
        .mode = self->book->settings->mode,
        .candle_us = slot->signal_us,
        .side = side,
        .price = price,
        .confidence = slot->signal.confidence,
    };

    if (!isnan(record.confidence))
        g_strlcpy(record.tier, kw_tier_to_string(slot->signal.tier), sizeof record.tier);
    g_strlcpy(record.pair, slot->pair.name, sizeof record.pair);
    g_strlcpy(record.action, action, sizeof record.action);
    g_strlcpy(record.reason, reason, sizeof record.reason);
    if (slot->signal.tag != NULL)
        g_strlcpy(record.tag, slot->signal.tag, sizeof record.tag);
    if (slot->signal.regime != NULL)
        g_strlcpy(record.regime, slot->signal.regime, sizeof record.regime);
    g_strlcpy(record.model, slot->model, sizeof record.model);
    if (strategy != NULL) {
        g_strlcpy(record.strategy, kw_strategy_get_name(strategy), sizeof record.strategy);
        g_strlcpy(record.strategy_hash, kw_strategy_get_identity(strategy),
                  sizeof record.strategy_hash);
    }
    return record;
}

static void
add_signal(KwTrader *self, KwBatch *batch, const KwSignalRecord *record)
{
    kw_batch_add_signal(batch, record);
    kw_signal_log_add(self->book->signals, record, self->book->threshold);
}

/* -- entry -- */

/* The answer to an entry or exit comes back to the trader's owner. */
static void
on_settled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwTrader *self = user_data;
    /* the reference that the sender took */
    G_GNUC_UNUSED g_autoptr(GObject) owner = self->owner;
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (!kw_oms_submit_finish(KW_OMS(source), result, &outcome, &error)) {
        kw_log_warning("order not placed", "KW_ERROR", error->message);
        if (error->domain != KW_STORE_ERROR)
            g_clear_error(&error);
    } else if (!outcome.already_done) {
        kw_risk_note_order(self->book->risk, kw_clock_now_us(self->book->clock));
    }
    self->events.settled(self->owner, g_steal_pointer(&error));
}

static KwTrade
make_trade(KwTrader *self, const KwSlot *slot, const KwFeedRow *row, const KwRiskInput *input)
{
    KwTrade trade = {
        .mode = self->book->settings->mode,
        .state = KW_TRADE_STATE_OPENING,
        .open_us = row->candle.open_us,
        .entry_amount = input->amount,
        .stake = input->stake,
        .fee_open_ratio = self->book->settings->fee_ratio,
        .fee_close_ratio = self->book->settings->fee_ratio,
        .confidence = slot->signal.confidence,
    };
    const KwStrategy *strategy = self->book->strategy;

    g_strlcpy(trade.pair, slot->pair.name, sizeof trade.pair);
    if (slot->signal.tag != NULL)
        g_strlcpy(trade.enter_tag, slot->signal.tag, sizeof trade.enter_tag);
    if (slot->signal.regime != NULL)
        g_strlcpy(trade.regime, slot->signal.regime, sizeof trade.regime);
    g_strlcpy(trade.strategy, kw_strategy_get_name(strategy), sizeof trade.strategy);
    g_strlcpy(trade.strategy_hash, kw_strategy_get_identity(strategy),
              sizeof trade.strategy_hash);
    g_strlcpy(trade.model, slot->model, sizeof trade.model);
    return trade;
}

static KwOrder
make_order(KwTrader *self,
           const KwSlot *slot,
           KwSide side,
           KwDecimal price,
           KwDecimal amount,
           const KwFeedRow *row)
{
    KwOrder order = {
        .mode = self->book->settings->mode,
        .side = side,
        .type = KW_ORDER_TYPE_MARKET,
        .price = price,
        .amount = amount,
        .candle_us = row->candle.open_us,
    };

    g_strlcpy(order.pair, slot->pair.name, sizeof order.pair);
    kw_oms_make_client_id(self->book->oms, slot->pair.name, row->candle.open_us, side,
                          order.client_id);
    return order;
}

/* An entry that waits, if it is to; at the market where there are no quotes. Returns: %FALSE
 * when there is no price to wait at. */
static gboolean
choose_price(const KwTrader *self, const KwSlot *slot, const KwRiskInput *input, KwOrder *inout)
{
    KwMakerQuote quote = {.tick = slot->pair.price_tick};

    if (!self->book->settings->is_maker || isnan(input->bid) || isnan(input->ask))
        return TRUE;
    return kw_book_price_to_decimal(input->bid, &quote.bid, NULL) &&
           kw_book_price_to_decimal(input->ask, &quote.ask, NULL) &&
           kw_maker_price_apply(&quote, inout);
}

static void
submit_entry(KwTrader *self,
             KwSlot *slot,
             const KwFeedRow *row,
             const KwRiskInput *input,
             KwTicket *ticket,
             KwOrder *order)
{
    g_autoptr(KwBatch) extra = kw_batch_new();
    KwTrade trade = make_trade(self, slot, row, input);
    KwSignalRecord record =
        signal_record(self, slot, KW_SIDE_BUY, row->candle.open, "enter", "");

    if (order->type == KW_ORDER_TYPE_POST_ONLY)
        trade.fee_open_ratio = self->book->settings->maker_fee_ratio;
    (void) kw_exit_set_initial_stop(&trade, &self->book->terms, order->price,
                                    slot->pair.price_tick, NULL);
    g_strlcpy(order->reason, trade.enter_tag, sizeof order->reason);
    add_signal(self, extra, &record);
    add_row_mark(self, extra);
    g_object_ref(self->owner);
    kw_oms_submit_async(self->book->oms, ticket, order, &trade, g_steal_pointer(&extra), NULL,
                        on_settled, self);
}

static void
tell_rejection(KwTrader *self, const KwSlot *slot, const KwRiskVerdict *verdict)
{
    gboolean is_killed =
        verdict->reason == KW_RISK_KILL_SWITCH || verdict->reason == KW_RISK_KILL_UNREADABLE;
    KwEvent event =
        kw_notice_new_pair(self->book, is_killed ? KW_EVENT_KILLED_SIGNAL : KW_EVENT_REJECTED,
                           slot->pair.name, slot->signal_us);

    event.value = verdict->value;
    event.limit = verdict->limit;
    event.trade.confidence = slot->signal.confidence;
    g_strlcpy(event.text, kw_risk_reason_to_string(verdict->reason), sizeof event.text);
    self->events.event(self->owner, &event);
}

/* What the strategy was surest of, with what would have come of it; once while it lasts. */
static void
tell_lost_signal(KwTrader *self, const KwSlot *slot, const KwFeedRow *row, KwRiskReason reason)
{
    const KwStrategyTerms *terms = &self->book->terms;
    gint64 *last_us = &self->lost_us[row->pair_index];
    gboolean is_going_on = *last_us >= slot->signal_us - terms->timeframe_us;
    KwTrade trade = {.fee_open_ratio = self->book->settings->fee_ratio,
                     .fee_close_ratio = self->book->settings->fee_ratio};
    gdouble target;
    KwEvent event;

    if (slot->signal.tier != KW_CONFIDENCE_TIER_HIGH || reason == KW_RISK_KILL_SWITCH ||
        reason == KW_RISK_KILL_UNREADABLE)
        return;
    *last_us = slot->signal_us;
    if (is_going_on || !kw_book_price_to_decimal(row->candle.open, &trade.open_rate, NULL) ||
        !kw_exit_set_initial_stop(&trade, terms, trade.open_rate, slot->pair.price_tick, NULL))
        return;
    event = kw_notice_new_pair(self->book, KW_EVENT_SIGNAL, slot->pair.name, slot->signal_us);
    event.trade.open_rate = trade.open_rate;
    event.trade.stop = trade.stop;
    event.trade.confidence = slot->signal.confidence;
    if (!kw_exit_get_target(&trade, terms, &target) ||
        !kw_book_price_to_decimal(target, &event.amount, NULL) ||
        !kw_decimal_to_tick(event.amount, slot->pair.price_tick, KW_ROUND_UP, &event.amount,
                            NULL))
        event.amount = KW_DECIMAL_ZERO;
    g_strlcpy(event.text, kw_risk_reason_to_string(reason), sizeof event.text);
    self->events.event(self->owner, &event);
}

static void
reject_entry(KwTrader *self, KwSlot *slot, const KwFeedRow *row, const KwRiskVerdict *verdict)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    const gchar *reason = kw_risk_reason_to_string(verdict->reason);
    KwSignalRecord record =
        signal_record(self, slot, KW_SIDE_BUY, row->candle.open, "rejected", reason);

    self->book->n_rejected_today += self->time == KW_TRADER_FIRST_TIME;
    self->decisions[row->pair_index].action = "rejected";
    self->decisions[row->pair_index].reason = reason;
    kw_log_info("entry refused", "KW_PAIR", slot->pair.name, "KW_REASON", reason);
    add_signal(self, batch, &record);
    add_row_mark(self, batch);
    self->events.write(self->owner, g_steal_pointer(&batch));
    tell_rejection(self, slot, verdict);
    tell_lost_signal(self, slot, row, verdict->reason);
}

/* A trade of this pair that lived through the start of the row and ended in it */
static gboolean
has_ended_in_row(KwTrader *self, const gchar *pair, gint64 open_us)
{
    const KwPortfolio *portfolio = self->book->portfolio;

    for (guint i = kw_portfolio_get_n_closed(portfolio); i > 0; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i - 1);

        if (trade->close_us < open_us)
            return FALSE;
        if (strcmp(trade->pair, pair) == 0 && trade->open_us < open_us)
            return TRUE;
    }
    return FALSE;
}

static void
note_signal(KwTrader *self, const KwSlot *slot)
{
    KwBook *book = self->book;

    book->n_signals_today += self->time == KW_TRADER_FIRST_TIME;
    if (!isnan(slot->signal.confidence) &&
        !(book->best_confidence_today >= slot->signal.confidence)) {
        book->best_confidence_today = slot->signal.confidence;
        g_strlcpy(book->best_pair_today, slot->pair.name, sizeof book->best_pair_today);
    }
}

/* No more than the book offers near its best price; nothing changes without a book. */
static void
cap_by_depth(KwTrader *self, const KwSlot *slot, KwDecimal price, KwRiskInput *inout)
{
    gdouble max_bps = self->book->settings->max_impact_bps;
    KwFeedQuote quote;
    KwDecimal amount, stake;

    kw_feed_get_quote(self->book->feed, (guint) (slot - self->book->slots), &quote);
    if (!quote.has_book || self->book->settings->is_maker || max_bps <= 0 ||
        kw_decimal_sign(inout->amount) <= 0)
        return;
    amount = kw_depth_cap_amount(&slot->pair, quote.asks, quote.n_asks, max_bps, inout->amount);
    inout->is_shallow =
        kw_decimal_sign(amount) <= 0 ||
        !kw_decimal_mul(amount, price, STAKE_SCALE, KW_ROUND_HALF_UP, &stake, NULL);
    if (inout->is_shallow || kw_decimal_cmp(amount, inout->amount) >= 0)
        return;
    kw_log_message("entry made smaller: the order book offers no more", "KW_PAIR",
                   slot->pair.name);
    inout->amount = amount;
    inout->stake = stake;
}

gboolean
kw_trader_enter(KwTrader *self, KwSlot *slot, const KwFeedRow *row)
{
    KwRiskInput input;
    KwRiskVerdict verdict;
    KwDecimal price = KW_DECIMAL_ZERO;
    g_autoptr(KwTicket) ticket = NULL;
    KwOrder order;

    if (slot->is_exit_only || !slot->has_signal || !slot->signal.enter || slot->signal.exit)
        return FALSE;
    if (kw_portfolio_find_open(self->book->portfolio, slot->pair.name) != NULL ||
        has_ended_in_row(self, slot->pair.name, row->candle.open_us) ||
        slot->signal_us == slot->refused_us)
        return FALSE;

    kw_pattern_adjust(self->book->portfolio, kw_strategy_get_name(self->book->strategy),
                      &slot->signal);
    note_signal(self, slot);
    kw_book_fill_risk_input(self->book, slot, &input);
    input.data_us = self->close_us;
    input.locked_until_us =
        kw_book_get_locked_until_us(self->book, slot->pair.name, row->candle.open_us);
    input.price = row->candle.open;
    input.confidence = slot->signal.confidence;
    if (!kw_book_price_to_decimal(row->candle.open, &price, NULL) ||
        !kw_stake_compute(&self->book->settings->stake, self->book->portfolio, &slot->pair,
                          price, &input.amount, &input.stake))
        input.amount = input.stake = KW_DECIMAL_ZERO;
    cap_by_depth(self, slot, price, &input);

    ticket = kw_risk_check_entry(self->book->risk, &input, &verdict);
    order = make_order(self, slot, KW_SIDE_BUY, price, input.amount, row);
    if (ticket != NULL && !choose_price(self, slot, &input, &order)) {
        g_clear_pointer(&ticket, kw_ticket_free);
        verdict.reason = KW_RISK_SPREAD;
    }
    if (ticket == NULL) {
        reject_entry(self, slot, row, &verdict);
        return FALSE;
    }
    self->decisions[row->pair_index].action = "enter";
    submit_entry(self, slot, row, &input, g_steal_pointer(&ticket), &order);
    return TRUE;
}

/* -- exit -- */

/* Once for each trade: it is tried again with every row. */
static void
tell_refused_exit(KwTrader *self, KwSlot *slot, const KwTrade *trade, const gchar *reason)
{
    KwEvent event;

    kw_log_critical("exit refused", "KW_PAIR", slot->pair.name, "KW_REASON", reason);
    if (slot->refused_trade_id == trade->id)
        return;
    slot->refused_trade_id = trade->id;
    event = kw_notice_new_pair(self->book, KW_EVENT_ORDER, slot->pair.name, self->close_us);
    g_strlcpy(event.text, "exit_refused", sizeof event.text);
    self->events.event(self->owner, &event);
}

static gboolean
submit_exit(KwTrader *self,
            KwSlot *slot,
            const KwFeedRow *row,
            const KwTrade *trade,
            KwExitReason reason,
            gdouble exit_price)
{
    g_autoptr(KwBatch) extra = kw_batch_new();
    const gchar *reason_text = kw_exit_name_reason(reason, slot->signal.exit_tag);
    KwSignalRecord record;
    KwRiskInput input;
    KwRiskVerdict verdict;
    KwDecimal price;
    KwOrder order;
    KwTicket *ticket;

    kw_book_fill_risk_input(self->book, slot, &input);
    input.price = exit_price;
    input.amount = trade->amount;
    if (!kw_book_price_to_decimal(exit_price, &price, NULL)) {
        tell_refused_exit(self, slot, trade, "price");
        return FALSE;
    }
    /* dust: an exchange refuses it with every row; the stop keeper has told of it */
    if (self->book->venue != NULL && !kw_stop_plan_is_sellable(trade, &slot->pair, price)) {
        self->decisions[row->pair_index].reason = "dust";
        return FALSE;
    }
    ticket = kw_risk_check_exit(self->book->risk, &input, trade->amount, &verdict);
    if (ticket == NULL) {
        tell_refused_exit(self, slot, trade, kw_risk_reason_to_string(verdict.reason));
        return FALSE;
    }
    order = make_order(self, slot, KW_SIDE_SELL, price, trade->amount, row);
    order.trade_id = trade->id;
    g_strlcpy(order.reason, reason_text, sizeof order.reason);
    record = signal_record(self, slot, KW_SIDE_SELL, exit_price, "exit", reason_text);
    record.candle_us = row->candle.open_us;
    record.trade_id = trade->id;
    add_signal(self, extra, &record);
    add_row_mark(self, extra);
    self->decisions[row->pair_index].action = "exit";
    self->decisions[row->pair_index].reason = reason_text;
    g_object_ref(self->owner);
    kw_oms_submit_async(self->book->oms, ticket, &order, NULL, g_steal_pointer(&extra), NULL,
                        on_settled, self);
    return TRUE;
}

gboolean
kw_trader_exit(KwTrader *self, KwSlot *slot, const KwFeedRow *row)
{
    KwTrade *trade = kw_portfolio_find_open(self->book->portfolio, slot->pair.name);
    KwExitSignal signal = {0};
    KwExitReason reason;
    KwDecimal stop_before;
    gdouble price = NAN;

    if (trade == NULL || trade->state != KW_TRADE_STATE_OPEN ||
        row->candle.open_us < trade->open_us ||
        kw_oms_is_busy(self->book->oms, slot->pair.name))
        return FALSE;

    if (slot->has_signal) {
        signal.enter = slot->signal.enter;
        signal.exit = slot->signal.exit;
    }
    stop_before = trade->stop;
    reason = kw_exit_evaluate(trade, &self->book->terms, &row->candle, signal,
                              slot->pair.price_tick, &price);
    if (reason != KW_EXIT_NONE)
        return submit_exit(self, slot, row, trade, reason, price);

    if (kw_decimal_cmp(stop_before, trade->stop) != 0 || self->time == KW_TRADER_AGAIN) {
        g_autoptr(KwBatch) batch = kw_batch_new();

        kw_batch_add_trade(batch, trade);
        add_row_mark(self, batch);
        self->events.write(self->owner, g_steal_pointer(&batch));
    }
    return FALSE;
}

/* -- object -- */

void
kw_trader_begin(KwTrader *self, gint64 close_us, KwTraderTime time)
{
    g_return_if_fail(self != NULL);

    self->close_us = close_us;
    self->time = time;
    for (guint i = 0; i < self->book->n_slots; i++)
        self->decisions[i] = (KwDecision){"", ""};
    if (kw_feed_is_live(self->book->feed)) /* without quotes no entry waits */
        kw_patience_review(self->patience);
}

KwDecision
kw_trader_get_decision(const KwTrader *self, guint index)
{
    g_return_val_if_fail(index < KW_FEED_MAX_PAIRS, ((KwDecision){"", ""}));

    return self->decisions[index];
}

KwTrader *
kw_trader_new(KwBook *book, const KwTraderEvents *events, GObject *owner)
{
    KwTrader *self = g_new0(KwTrader, 1);

    self->book = book;
    self->events = *events;
    self->owner = owner;
    self->patience = kw_patience_new(book, owner);
    kw_trader_begin(self, 0, KW_TRADER_FIRST_TIME);
    return self;
}

void
kw_trader_free(KwTrader *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->patience, kw_patience_free);
    g_free(self);
}
