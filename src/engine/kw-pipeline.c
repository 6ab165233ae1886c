/* kw-pipeline.c: what happens when candles close
 *
 * The order inside a row is the one of the backtest rules (entry by the signal of the row
 * before, at the row's open; then stop, ROI and exit signal over the row's range), so the
 * daemon and a backtest over the same rows make the same trades. A row is acted on when it is
 * complete; trades carry the row's opening time.
 *
 * A step is a small state machine: it runs through the pairs until an order has to become
 * durable, returns to the main loop, and goes on when the order manager has settled it. The
 * alternative, waiting in place, would hold chat and watchdog up for the length of an fsync.
 *
 * Deciding a row twice (after a crash in the middle of it) is harmless: client ids are derived
 * from the decision, a trade that is open blocks its pair, and a pair whose trade ended in the
 * row does not enter in it again. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-pipeline.h"

#include "kw-error.h"
#include "kw-exit.h"
#include "kw-log.h"
#include "kw-restore.h"

#include <math.h>
#include <string.h>

typedef enum { PHASE_ENTRY, PHASE_EXIT, PHASE_NEXT } Phase;

struct _KwPipeline {
    GObject parent_instance;

    KwBook *book;         /* borrowed */
    KwJournal *journal;   /* owned */
    KwPaperBroker *paper; /* owned; NULL at a real venue */

    /* the step that runs */
    GTask *task;              /* owned; NULL between steps */
    const KwFeedBatch *batch; /* borrowed */
    KwStepMode mode;
    const KwFeedRow *rows[KW_FEED_MAX_PAIRS]; /* in the order of this step */
    guint n_rows, i_row;
    Phase phase;
    guint n_pending; /* journal writes under way */
    gboolean is_trading_done, is_scanned;
    gint64 failed_us; /* close of the batch whose last step failed; it comes again */
    GError *error;    /* owned; first failure of the step */
    const gchar *actions[KW_FEED_MAX_PAIRS]; /* static; by slot index */
    const gchar *reasons[KW_FEED_MAX_PAIRS]; /* static */
    gint64 stage_start_us;
    gint64 stage_us[KW_N_STAGES];
};

enum { SIGNAL_EVENT, SIGNAL_SCANNED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwPipeline, kw_pipeline, G_TYPE_OBJECT)

static void advance(KwPipeline *self);

/* -- telling -- */

static KwEvent
event_new(KwPipeline *self, KwEventKind kind, const gchar *pair, gint64 time_us)
{
    KwEvent event = {
        .kind = kind,
        .time_us = kw_clock_now_us(self->book->clock),
        .mode = self->book->settings->mode,
        .value = NAN,
        .limit = NAN,
    };

    g_snprintf(event.key, sizeof event.key, "%s:%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(kind), pair, time_us / G_USEC_PER_SEC);
    g_strlcpy(event.trade.pair, pair, sizeof event.trade.pair);
    return event;
}

static void
emit_event(KwPipeline *self, const KwEvent *event)
{
    g_signal_emit(self, signals[SIGNAL_EVENT], 0, event);
}

static void
stage_done(KwPipeline *self, KwPipelineStage stage)
{
    gint64 now_us = kw_stopwatch_us();

    self->stage_us[stage] += now_us - self->stage_start_us;
    self->stage_start_us = now_us;
}

/* -- writing what needs no answer; the step still waits for it at its end -- */

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwPipeline) self = user_data;
    g_autoptr(GError) error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error) && self->error == NULL)
        self->error = g_steal_pointer(&error);
    self->n_pending--;
    if (self->task != NULL && self->is_trading_done)
        advance(self);
}

static void
write_batch(KwPipeline *self, KwBatch *batch)
{
    self->n_pending++;
    kw_journal_append_async(self->journal, batch, NULL, on_written, g_object_ref(self));
}

/* -- records -- */

/* The row that is being decided: after a crash it is decided again, earlier ones are not. */
static void
add_row_mark(KwPipeline *self, KwBatch *batch)
{
    g_autofree gchar *row = g_strdup_printf("%" G_GINT64_FORMAT, self->batch->close_us);

    kw_batch_add_meta(batch, "row_us", row, self->batch->close_us);
}

static KwSignalRecord
signal_record(KwPipeline *self,
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

    g_strlcpy(record.pair, slot->pair.name, sizeof record.pair);
    g_strlcpy(record.action, action, sizeof record.action);
    g_strlcpy(record.reason, reason, sizeof record.reason);
    if (slot->signal.tag != NULL)
        g_strlcpy(record.tag, slot->signal.tag, sizeof record.tag);
    if (slot->signal.regime != NULL)
        g_strlcpy(record.regime, slot->signal.regime, sizeof record.regime);
    if (strategy != NULL) {
        g_strlcpy(record.strategy, kw_strategy_get_name(strategy), sizeof record.strategy);
        g_strlcpy(record.strategy_hash, kw_strategy_get_identity(strategy),
                  sizeof record.strategy_hash);
    }
    return record;
}

/* -- entry -- */

static void
on_entry(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwPipeline) self = user_data;
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (!kw_oms_submit_finish(KW_OMS(source), result, &outcome, &error)) {
        kw_log_warning("entry not placed", "KW_ERROR", error->message);
        if (self->error == NULL && error->domain == KW_STORE_ERROR)
            self->error = g_steal_pointer(&error);
    } else if (!outcome.already_done) {
        kw_risk_note_order(self->book->risk, kw_clock_now_us(self->book->clock));
    }
    advance(self);
}

static KwTrade
make_trade(KwPipeline *self, const KwSlot *slot, const KwFeedRow *row, const KwRiskInput *input)
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
    return trade;
}

static KwOrder
make_order(KwPipeline *self,
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

static void
submit_entry(KwPipeline *self,
             KwSlot *slot,
             const KwFeedRow *row,
             const KwRiskInput *input,
             KwTicket *ticket,
             KwDecimal price)
{
    g_autoptr(KwBatch) extra = kw_batch_new();
    KwTrade trade = make_trade(self, slot, row, input);
    KwOrder order = make_order(self, slot, KW_SIDE_BUY, price, input->amount, row);
    KwSignalRecord record =
        signal_record(self, slot, KW_SIDE_BUY, row->candle.open, "enter", "");

    (void) kw_exit_set_initial_stop(&trade, &self->book->terms, price, slot->pair.price_tick,
                                    NULL);
    g_strlcpy(order.reason, trade.enter_tag, sizeof order.reason);
    kw_batch_add_signal(extra, &record);
    add_row_mark(self, extra);
    kw_oms_submit_async(self->book->oms, ticket, &order, &trade, g_steal_pointer(&extra), NULL,
                        on_entry, g_object_ref(self));
}

static void
tell_rejection(KwPipeline *self, const KwSlot *slot, const KwRiskVerdict *verdict)
{
    gboolean is_killed =
        verdict->reason == KW_RISK_KILL_SWITCH || verdict->reason == KW_RISK_KILL_UNREADABLE;
    KwEvent event = event_new(self, is_killed ? KW_EVENT_KILLED_SIGNAL : KW_EVENT_REJECTED,
                              slot->pair.name, slot->signal_us);

    event.value = verdict->value;
    event.limit = verdict->limit;
    event.trade.confidence = slot->signal.confidence;
    g_strlcpy(event.text, kw_risk_reason_to_string(verdict->reason), sizeof event.text);
    emit_event(self, &event);
}

static void
reject_entry(KwPipeline *self, KwSlot *slot, const KwFeedRow *row, const KwRiskVerdict *verdict)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    const gchar *reason = kw_risk_reason_to_string(verdict->reason);
    KwSignalRecord record =
        signal_record(self, slot, KW_SIDE_BUY, row->candle.open, "rejected", reason);

    self->book->n_rejected_today += self->failed_us != self->batch->close_us;
    self->actions[row->pair_index] = "rejected";
    self->reasons[row->pair_index] = reason;
    kw_log_info("entry refused", "KW_PAIR", slot->pair.name, "KW_REASON", reason);
    kw_batch_add_signal(batch, &record);
    add_row_mark(self, batch);
    write_batch(self, g_steal_pointer(&batch));
    tell_rejection(self, slot, verdict);
}

/* A trade of this pair that lived through the start of the row and ended in it */
static gboolean
has_ended_in_row(KwPipeline *self, const gchar *pair, gint64 open_us)
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
note_signal(KwPipeline *self, const KwSlot *slot)
{
    KwBook *book = self->book;

    book->n_signals_today += self->failed_us != self->batch->close_us;
    if (!isnan(slot->signal.confidence) &&
        !(book->best_confidence_today >= slot->signal.confidence)) {
        book->best_confidence_today = slot->signal.confidence;
        g_strlcpy(book->best_pair_today, slot->pair.name, sizeof book->best_pair_today);
    }
}

/* Returns: TRUE when an order is on its way and the step has to wait */
static gboolean
try_entry(KwPipeline *self, KwSlot *slot, const KwFeedRow *row)
{
    KwRiskInput input;
    KwRiskVerdict verdict;
    KwDecimal price = KW_DECIMAL_ZERO;
    KwTicket *ticket;

    if (!slot->has_signal || !slot->signal.enter || slot->signal.exit)
        return FALSE;
    if (kw_portfolio_find_open(self->book->portfolio, slot->pair.name) != NULL ||
        has_ended_in_row(self, slot->pair.name, row->candle.open_us))
        return FALSE;

    note_signal(self, slot);
    kw_book_fill_risk_input(self->book, slot, &input);
    input.data_us = self->batch->close_us;
    input.locked_until_us =
        kw_book_get_locked_until_us(self->book, slot->pair.name, row->candle.open_us);
    input.price = row->candle.open;
    input.confidence = slot->signal.confidence;
    if (!kw_book_price_to_decimal(row->candle.open, &price, NULL) ||
        !kw_stake_compute(&self->book->settings->stake, self->book->portfolio, &slot->pair,
                          price, &input.amount, &input.stake))
        input.amount = input.stake = KW_DECIMAL_ZERO;

    ticket = kw_risk_check_entry(self->book->risk, &input, &verdict);
    if (ticket == NULL) {
        reject_entry(self, slot, row, &verdict);
        return FALSE;
    }
    self->actions[row->pair_index] = "enter";
    submit_entry(self, slot, row, &input, ticket, price);
    return TRUE;
}

/* -- exit -- */

static void
on_exit_settled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwPipeline) self = user_data;
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (!kw_oms_submit_finish(KW_OMS(source), result, &outcome, &error)) {
        kw_log_warning("exit not placed", "KW_ERROR", error->message);
        if (self->error == NULL && error->domain == KW_STORE_ERROR)
            self->error = g_steal_pointer(&error);
    } else if (!outcome.already_done) {
        kw_risk_note_order(self->book->risk, kw_clock_now_us(self->book->clock));
    }
    advance(self);
}

static gboolean
submit_exit(KwPipeline *self,
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
    if (!kw_book_price_to_decimal(exit_price, &price, NULL))
        return FALSE;
    ticket = kw_risk_check_exit(self->book->risk, &input, trade->amount, &verdict);
    if (ticket == NULL) {
        kw_log_critical("exit refused", "KW_PAIR", slot->pair.name, "KW_REASON",
                        kw_risk_reason_to_string(verdict.reason));
        return FALSE;
    }
    order = make_order(self, slot, KW_SIDE_SELL, price, trade->amount, row);
    order.trade_id = trade->id;
    g_strlcpy(order.reason, reason_text, sizeof order.reason);
    record = signal_record(self, slot, KW_SIDE_SELL, exit_price, "exit", reason_text);
    record.candle_us = row->candle.open_us;
    record.trade_id = trade->id;
    kw_batch_add_signal(extra, &record);
    add_row_mark(self, extra);
    self->actions[row->pair_index] = "exit";
    self->reasons[row->pair_index] = reason_text;
    kw_oms_submit_async(self->book->oms, ticket, &order, NULL, g_steal_pointer(&extra), NULL,
                        on_exit_settled, g_object_ref(self));
    return TRUE;
}

/* Returns: TRUE when an order is on its way and the step has to wait */
static gboolean
try_exit(KwPipeline *self, KwSlot *slot, const KwFeedRow *row)
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

    if (kw_decimal_cmp(stop_before, trade->stop) != 0 ||
        self->failed_us == self->batch->close_us) {
        g_autoptr(KwBatch) batch = kw_batch_new();

        kw_batch_add_trade(batch, trade);
        add_row_mark(self, batch);
        write_batch(self, g_steal_pointer(&batch));
    }
    return FALSE;
}

/* -- after the trades: columns, signals, equity -- */

static void
take_signal(KwSlot *slot)
{
    const KwSeries *series = kw_frame_get_series(slot->frame);
    gsize n = kw_series_get_length(series);

    slot->has_signal = slot->columns != NULL &&
                       kw_strategy_columns_get_last_signal(slot->columns, &slot->signal);
    if (n > 0)
        slot->signal_us = kw_series_get_times(series)[n - 1];
}

static void
append_row(KwPipeline *self, KwSlot *slot, const KwCandle *candle)
{
    gint64 timeframe_us = kw_feed_get_timeframe_us(self->book->feed);
    gsize keep = self->book->settings->history_rows;

    if (!kw_frame_append(slot->frame, candle)) {
        kw_log_warning("candle dropped: not later than the last one or not finite", "KW_PAIR",
                       slot->pair.name);
        return;
    }
    kw_frame_update(slot->frame);
    slot->prev_close = slot->price;
    slot->price = candle->close;
    slot->data_us = candle->open_us + timeframe_us;
    if (kw_frame_get_n_rows(slot->frame) >= 2 * keep)
        (void) kw_frame_trim(slot->frame, keep);
}

static void
scan_rows(KwPipeline *self)
{
    for (guint i = 0; i < self->batch->n_rows; i++)
        append_row(self, &self->book->slots[self->batch->rows[i].pair_index],
                   &self->batch->rows[i].candle);
    stage_done(self, KW_STAGE_COLUMNS);

    for (guint i = 0; i < self->batch->n_rows; i++) {
        guint index = self->batch->rows[i].pair_index;
        KwSlot *slot = &self->book->slots[index];

        take_signal(slot);
        g_signal_emit(self, signals[SIGNAL_SCANNED], 0, slot, self->actions[index],
                      self->reasons[index]);
    }
    self->book->row_us = self->batch->close_us;
    stage_done(self, KW_STAGE_SIGNAL);
}

void
kw_pipeline_judge(KwPipeline *self)
{
    KwBook *book = self->book;
    KwRiskInput input;
    KwRiskVerdict verdict;
    KwRiskReason reason;
    g_autoptr(KwBatch) batch = NULL;
    KwEvent event;

    /* The owner's stop and pause hold already, and longer: a halt of the day ends by itself.
     * The start that ends them is judged as well. */
    if (book->state != KW_RUN_STATE_RUNNING)
        return;
    kw_book_fill_risk_input(book, NULL, &input);
    reason = kw_risk_judge(book->risk, &input, &verdict);
    if (!kw_risk_reason_is_breach(reason))
        return;

    kw_book_set_state(book, KW_RUN_STATE_HALTED, "risk", kw_risk_reason_to_string(reason));
    kw_log_message("halted by a limit", "KW_REASON", kw_risk_reason_to_string(reason));
    batch = kw_batch_new();
    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, input.now_us, book->settings->mode, "risk", "halt",
                       kw_risk_reason_to_string(reason));
    write_batch(self, g_steal_pointer(&batch));

    event = event_new(self, KW_EVENT_HALT, kw_risk_reason_to_string(reason), input.now_us);
    g_strlcpy(event.text, kw_risk_reason_to_string(reason), sizeof event.text);
    event.value = verdict.value;
    event.limit = verdict.limit;
    emit_event(self, &event);
}

/* Rows that are only scanned are of before the newest trades. */
static void
update_equity(KwPipeline *self)
{
    if (self->mode == KW_STEP_SCAN_ONLY)
        kw_restore_equity_at(self->book, self->batch->close_us);
    else
        kw_book_update_equity(self->book, self->batch->close_us);
}

/* Not before the decisions of the row are durable: a step that failed is taken again, and must
 * then decide by the signals of the row before, as it did the first time. */
static void
scan_and_judge(KwPipeline *self)
{
    self->is_scanned = TRUE;
    scan_rows(self);
    update_equity(self);
    kw_pipeline_judge(self);
    stage_done(self, KW_STAGE_EQUITY);
}

/* Only the halt that followed from the row was not stored. */
static void
write_halt_again(KwPipeline *self)
{
    KwBook *book = self->book;
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, kw_clock_now_us(book->clock), book->settings->mode, "risk",
                       "halt", book->state_reason);
    write_batch(self, g_steal_pointer(&batch));
}

static void
finish_step(KwPipeline *self)
{
    g_autoptr(GTask) task = g_steal_pointer(&self->task);

    self->failed_us = self->error != NULL ? self->batch->close_us : 0;
    self->batch = NULL;
    if (self->error != NULL)
        g_task_return_error(task, g_steal_pointer(&self->error));
    else
        g_task_return_boolean(task, TRUE);
}

/* -- the step -- */

/* Runs until an order has to settle, a write has to finish, or the step is over. */
static void
advance(KwPipeline *self)
{
    while (self->i_row < self->n_rows && self->error == NULL) {
        const KwFeedRow *row = self->rows[self->i_row];
        KwSlot *slot = &self->book->slots[row->pair_index];

        switch (self->phase) {
        case PHASE_ENTRY:
            self->phase = PHASE_EXIT;
            if (try_entry(self, slot, row))
                return;
            break;
        case PHASE_EXIT:
            self->phase = PHASE_NEXT;
            if (try_exit(self, slot, row))
                return;
            break;
        case PHASE_NEXT:
            self->phase = PHASE_ENTRY;
            self->i_row++;
            break;
        }
    }
    self->is_trading_done = TRUE;
    if (self->n_pending > 0)
        return;
    stage_done(self, KW_STAGE_TRADE);
    if (self->error == NULL && !self->is_scanned)
        scan_and_judge(self);
    if (self->n_pending == 0)
        finish_step(self);
}

static void
add_row_of_pair(KwPipeline *self, const gchar *pair)
{
    for (guint i = 0; i < self->batch->n_rows; i++) {
        const KwFeedRow *row = &self->batch->rows[i];

        if (strcmp(self->book->slots[row->pair_index].pair.name, pair) == 0)
            self->rows[self->n_rows++] = row;
    }
}

/* Pairs of open trades in order of opening, then the others as listed. */
static void
order_rows(KwPipeline *self)
{
    const KwPortfolio *portfolio = self->book->portfolio;

    self->n_rows = 0;
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++)
        add_row_of_pair(self, kw_portfolio_get_open(portfolio, i)->pair);
    for (guint i = 0; i < self->batch->n_rows; i++) {
        const gchar *pair = self->book->slots[self->batch->rows[i].pair_index].pair.name;

        if (kw_portfolio_find_open(self->book->portfolio, pair) == NULL)
            self->rows[self->n_rows++] = &self->batch->rows[i];
    }
}

/* The range of prices that open trades have seen is stored with decisions only. */
static void
widen_ranges(KwPipeline *self)
{
    for (guint i = 0; i < self->batch->n_rows; i++) {
        const KwFeedRow *row = &self->batch->rows[i];
        const gchar *pair = self->book->slots[row->pair_index].pair.name;
        KwTrade *trade = kw_portfolio_find_open(self->book->portfolio, pair);

        if (trade != NULL && trade->state == KW_TRADE_STATE_OPEN &&
            row->candle.open_us >= trade->open_us)
            kw_exit_widen_range(trade, row->candle.high, row->candle.low);
    }
}

void
kw_pipeline_step_async(KwPipeline *self,
                       const KwFeedBatch *batch,
                       KwStepMode mode,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    g_return_if_fail(KW_IS_PIPELINE(self));
    g_return_if_fail(self->task == NULL);

    self->task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(self->task, kw_pipeline_step_async);
    self->stage_start_us = kw_stopwatch_us();
    self->batch = batch;
    self->mode = mode;
    self->i_row = 0;
    self->phase = PHASE_ENTRY;
    self->is_trading_done = FALSE;
    self->is_scanned = batch->close_us <= self->book->row_us; /* a retry, or out of order */
    for (guint i = 0; i < self->book->n_slots; i++)
        self->actions[i] = self->reasons[i] = "";
    for (guint i = 0; self->paper != NULL && i < batch->n_rows; i++)
        kw_paper_broker_set_candle(self->paper,
                                   self->book->slots[batch->rows[i].pair_index].pair.name,
                                   &batch->rows[i].candle);
    self->n_rows = 0;
    if (self->is_scanned && self->failed_us == batch->close_us)
        write_halt_again(self);
    else if (self->is_scanned)
        kw_log_warning("rows of the past dropped");
    else if (mode == KW_STEP_TRADE)
        order_rows(self);
    else
        widen_ranges(self);
    advance(self);
}

gboolean
kw_pipeline_step_finish(KwPipeline *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

void
kw_pipeline_warm_up(KwPipeline *self, KwSlot *slot, const KwSeries *history)
{
    gint64 timeframe_us = kw_feed_get_timeframe_us(self->book->feed);
    gsize n = kw_series_get_length(history);

    for (gsize i = 0; i < n; i++) {
        KwCandle candle = kw_series_get(history, i);

        if (!kw_frame_append(slot->frame, &candle))
            continue;
        slot->prev_close = slot->price;
        slot->price = candle.close;
        slot->data_us = candle.open_us + timeframe_us;
    }
    kw_frame_update(slot->frame);
    take_signal(slot);
}

void
kw_pipeline_refresh_signal(KwPipeline *self, KwSlot *slot)
{
    (void) self;
    kw_frame_update(slot->frame);
    take_signal(slot);
}

gint64
kw_pipeline_get_stage_us(KwPipeline *self, KwPipelineStage stage)
{
    g_return_val_if_fail((guint) stage < KW_N_STAGES, 0);

    return self->stage_us[stage];
}

/* -- object -- */

KwPipeline *
kw_pipeline_new(KwBook *book, KwJournal *journal, KwPaperBroker *paper)
{
    KwPipeline *self = g_object_new(KW_TYPE_PIPELINE, NULL);

    self->book = book;
    self->journal = g_object_ref(journal);
    g_set_object(&self->paper, paper);
    return self;
}

static void
kw_pipeline_dispose(GObject *object)
{
    KwPipeline *self = KW_PIPELINE(object);

    g_clear_object(&self->journal);
    g_clear_object(&self->paper);
    g_clear_error(&self->error);

    G_OBJECT_CLASS(kw_pipeline_parent_class)->dispose(object);
}

static void
kw_pipeline_class_init(KwPipelineClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = kw_pipeline_dispose;

    signals[SIGNAL_EVENT] = g_signal_new("event", KW_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_SCANNED] =
        g_signal_new("scanned", KW_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 3, G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_STRING);
}

static void
kw_pipeline_init(KwPipeline *self)
{
    (void) self;
}
