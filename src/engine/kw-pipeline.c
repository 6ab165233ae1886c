/* kw-pipeline.c: what happens when candles close
 *
 * The order inside a row is the one of the backtest rules (entry by the signal of the row
 * before, at the row's open; then stop, ROI and exit signal over the row's range), so the
 * daemon and a backtest over the same rows make the same trades. A row is acted on when it is
 * complete; trades carry the row's opening time.
 *
 * While the market goes on (a live feed), waiting for the row to be complete would be a candle
 * too late. There the closed row goes into the columns first, and its signal is acted on at
 * once, at the quote: the row of the decision is a point, with one price. Between candles a
 * tick does the same for exits, so stops and ROI do not wait for the close either. The rules
 * are the same code; what differs is how much of the row is known.
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

#include "kw-exit.h"
#include "kw-log.h"
#include "kw-model-shelf.h"
#include "kw-model-watch.h"
#include "kw-notice.h"
#include "kw-restore.h"
#include "kw-trader.h"

#include <math.h>
#include <string.h>

typedef enum { PHASE_FIRST, PHASE_SECOND, PHASE_NEXT } Phase;

/* The kinds of work on a list of rows: whole rows of the past, the newest rows of a live feed,
 * exits between them */
typedef enum { WORK_REPLAY, WORK_LIVE, WORK_TICK } Work;
typedef enum { TURN_ENTRY, TURN_EXIT } Turn;

struct _KwPipeline {
    GObject parent_instance;

    KwBook *book;         /* borrowed */
    KwJournal *journal;   /* owned */
    KwPaperBroker *paper; /* owned; NULL at a real venue */
    KwTrader *trader;     /* owned */
    KwModelWatch *watch;  /* owned */

    /* the step that runs */
    GTask *task;              /* owned; NULL between steps */
    const KwFeedBatch *batch; /* borrowed */
    KwStepMode mode;
    Work work;
    const KwFeedRow *rows[KW_FEED_MAX_PAIRS]; /* in the order of this step */
    guint n_rows, i_row;
    KwFeedRow point;                    /* row of a decision at a quote */
    KwFeedRow ticks[KW_FEED_MAX_PAIRS]; /* what a tick looks at */
    GTask *next_task;                   /* owned: a step that came during a tick */
    const KwFeedBatch *next_batch;      /* borrowed */
    KwStepMode next_mode;
    Phase phase;
    guint n_pending; /* journal writes under way */
    gboolean is_trading_done, is_scanned;
    gint64 appended_us; /* close of the newest batch whose rows are in the columns */
    gint64 failed_us;   /* close of the batch whose last step failed; it comes again */
    GError *error;      /* owned; first failure of the step */
    gint64 stage_start_us;
    gint64 stage_us[KW_N_STAGES];
};

enum { SIGNAL_EVENT, SIGNAL_SCANNED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwPipeline, kw_pipeline, G_TYPE_OBJECT)

static void advance(KwPipeline *self);
/* @task: (transfer full) */
static void
begin_step(KwPipeline *self, GTask *task, const KwFeedBatch *batch, KwStepMode mode);

/* -- telling -- */

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

/* -- what the trader says -- */

static void
on_trader_write(gpointer owner, KwBatch *batch)
{
    write_batch(owner, batch);
}

static void
on_trader_settled(gpointer owner, GError *error)
{
    KwPipeline *self = owner;

    if (self->error == NULL)
        self->error = error;
    else
        g_clear_error(&error);
    advance(self);
}

static void
on_trader_event(gpointer owner, const KwEvent *event)
{
    emit_event(owner, event);
}

static const KwTraderEvents trader_events = {
    .write = on_trader_write,
    .settled = on_trader_settled,
    .event = on_trader_event,
};

/* -- after the trades: columns, signals, equity -- */

static void
take_signal(KwPipeline *self, KwSlot *slot)
{
    const KwModelShelf *models = self->book->settings->models;
    const KwSeries *series = kw_frame_get_series(slot->frame);
    gsize n = kw_series_get_length(series);

    slot->has_signal = slot->columns != NULL &&
                       kw_strategy_columns_get_last_signal(slot->columns, &slot->signal);
    if (n > 0)
        slot->signal_us = kw_series_get_times(series)[n - 1];
    g_strlcpy(slot->model, models != NULL ? kw_model_shelf_get_identity(models) : "",
              sizeof slot->model);
}

static void
append_row(KwPipeline *self, KwSlot *slot, const KwCandle *candle)
{
    gint64 timeframe_us = kw_feed_get_timeframe_us(self->book->feed);

    if (!kw_frame_append(slot->frame, candle)) {
        kw_log_warning("candle dropped: not later than the last one or not finite", "KW_PAIR",
                       slot->pair.name);
        return;
    }
    slot->prev_close = slot->close;
    slot->price = slot->close = candle->close;
    slot->data_us = candle->open_us + timeframe_us;
}

static void
update_columns(KwPipeline *self, KwSlot *slot)
{
    gsize keep = self->book->settings->history_rows;

    kw_frame_update(slot->frame);
    if (kw_frame_get_n_rows(slot->frame) >= 2 * keep)
        (void) kw_frame_trim(slot->frame, keep);
}

/* The rows go into the columns and give the signals of their pairs. All candles are there
 * before the first column: a strategy may look at another pair. */
static void
append_rows(KwPipeline *self)
{
    for (guint i = 0; i < self->batch->n_rows; i++)
        append_row(self, &self->book->slots[self->batch->rows[i].pair_index],
                   &self->batch->rows[i].candle);
    for (guint i = 0; i < self->batch->n_rows; i++)
        update_columns(self, &self->book->slots[self->batch->rows[i].pair_index]);
    stage_done(self, KW_STAGE_COLUMNS);
    for (guint i = 0; i < self->batch->n_rows; i++)
        take_signal(self, &self->book->slots[self->batch->rows[i].pair_index]);
    self->appended_us = self->batch->close_us;
    stage_done(self, KW_STAGE_SIGNAL);
}

static void
tell_scans(KwPipeline *self)
{
    for (guint i = 0; i < self->batch->n_rows; i++) {
        guint index = self->batch->rows[i].pair_index;
        KwDecision decision = kw_trader_get_decision(self->trader, index);

        g_signal_emit(self, signals[SIGNAL_SCANNED], 0, &self->book->slots[index],
                      decision.action, decision.reason);
    }
    self->book->row_us = self->batch->close_us;
    stage_done(self, KW_STAGE_SIGNAL);
}

static void
tell_breach(KwPipeline *self, KwRiskReason reason, const KwRiskVerdict *verdict)
{
    KwBook *book = self->book;
    const gchar *text = kw_risk_reason_to_string(reason);
    KwEvent event = kw_notice_new_pair(book, KW_EVENT_HALT, text, kw_clock_now_us(book->clock));

    event.trade.pair[0] = '\0';
    g_strlcpy(event.text, text, sizeof event.text);
    event.value = verdict->value;
    event.limit = verdict->limit;
    event.count = book->state != KW_RUN_STATE_HALTED;
    emit_event(self, &event);
}

static void
halt(KwPipeline *self, KwRiskReason reason)
{
    KwBook *book = self->book;
    const gchar *text = kw_risk_reason_to_string(reason);
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_book_set_state(book, KW_RUN_STATE_HALTED, "risk", text);
    kw_log_message("halted by a limit", "KW_REASON", text);
    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, kw_clock_now_us(book->clock), book->settings->mode, "risk",
                       "halt", text);
    write_batch(self, g_steal_pointer(&batch));
}

/* The owner's stop and pause hold already, and longer: a halt of the day ends by itself. The
 * start that ends them is judged as well. So a limit that is hit then changes nothing, but is
 * told, once until it is not hit any more. */
void
kw_pipeline_judge(KwPipeline *self)
{
    KwBook *book = self->book;
    KwRiskInput input;
    KwRiskVerdict verdict;
    KwRiskReason reason;

    if (book->state == KW_RUN_STATE_HALTED)
        return;
    kw_book_fill_risk_input(book, NULL, &input);
    reason = kw_risk_judge(book->risk, &input, &verdict);
    if (!kw_risk_reason_is_breach(reason)) {
        book->told_breach = KW_RISK_OK;
        return;
    }
    if (book->state == KW_RUN_STATE_RUNNING)
        halt(self, reason);
    else if (book->told_breach == reason)
        return;
    book->told_breach = reason;
    tell_breach(self, reason, &verdict);
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

/* In a replay not before the decisions of the row are durable: a step that failed is taken
 * again, and must then decide by the signals of the row before, as it did the first time. */
static void
scan_and_judge(KwPipeline *self)
{
    self->is_scanned = TRUE;
    if (self->appended_us != self->batch->close_us)
        append_rows(self);
    tell_scans(self);
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
    const KwFeedBatch *batch = g_steal_pointer(&self->batch);

    if (batch != NULL)
        self->failed_us = self->error != NULL ? batch->close_us : 0;
    if (self->error != NULL)
        g_task_return_error(task, g_steal_pointer(&self->error));
    else
        g_task_return_boolean(task, TRUE);
    if (self->next_task != NULL)
        begin_step(self, g_steal_pointer(&self->next_task), self->next_batch, self->next_mode);
}

/* -- the step -- */

/* Makes the row of a decision at one price. Returns: FALSE when there is none to decide at: an
 * exit that follows from a closed row goes by the last close then, as it must not wait. */
static gboolean
set_point(KwPipeline *self, KwSlot *slot, guint index, Turn turn)
{
    gint64 now_us = kw_clock_now_us(self->book->clock);
    gdouble price = NAN;
    KwFeedQuote quote;

    kw_feed_get_quote(self->book->feed, index, &quote);
    if (!isnan(quote.bid) && !isnan(quote.ask)) {
        price = turn == TURN_EXIT ? quote.bid : quote.ask;
        slot->price = quote.bid;
    } else if (turn == TURN_EXIT && self->work == WORK_LIVE) {
        price = slot->close;
    }
    self->point.pair_index = index;
    self->point.candle = (KwCandle){
        .open_us = turn == TURN_EXIT ? now_us - now_us % G_TIME_SPAN_MINUTE : slot->data_us,
        .open = price,
        .high = price,
        .low = price,
        .close = price,
    };
    if (self->paper != NULL && !isnan(price))
        kw_paper_broker_set_candle(self->paper, slot->pair.name, &self->point.candle);
    return !isnan(price);
}

/* Returns: TRUE when an order is on its way */
static gboolean
take_turn(KwPipeline *self, const KwFeedRow *row, Turn turn)
{
    KwSlot *slot = &self->book->slots[row->pair_index];

    if (self->work != WORK_REPLAY) {
        if (!set_point(self, slot, row->pair_index, turn))
            return FALSE;
        row = &self->point;
    }
    return turn == TURN_EXIT ? kw_trader_exit(self->trader, slot, row)
                             : kw_trader_enter(self->trader, slot, row);
}

static void
finish_trading(KwPipeline *self)
{
    stage_done(self, KW_STAGE_TRADE);
    if (self->error != NULL || self->is_scanned)
        return;
    if (self->work != WORK_TICK) {
        scan_and_judge(self);
        return;
    }
    self->is_scanned = TRUE;
    kw_book_update_equity(self->book, kw_clock_now_us(self->book->clock));
    kw_pipeline_judge(self);
}

/* Runs until an order has to settle, a write has to finish, or the step is over. */
static void
advance(KwPipeline *self)
{
    gboolean is_replay = self->work == WORK_REPLAY;

    while (self->i_row < self->n_rows && self->error == NULL) {
        const KwFeedRow *row = self->rows[self->i_row];

        switch (self->phase) {
        case PHASE_FIRST:
            self->phase = PHASE_SECOND;
            if (take_turn(self, row, is_replay ? TURN_ENTRY : TURN_EXIT))
                return;
            break;
        case PHASE_SECOND:
            self->phase = PHASE_NEXT;
            if (self->work != WORK_TICK &&
                take_turn(self, row, is_replay ? TURN_EXIT : TURN_ENTRY))
                return;
            break;
        case PHASE_NEXT:
            self->phase = PHASE_FIRST;
            self->i_row++;
            break;
        }
    }
    self->is_trading_done = TRUE;
    if (self->n_pending > 0)
        return;
    finish_trading(self);
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

/* Rows that are made up for after a gap are history: their signals were for another price. */
static gboolean
is_newest(KwPipeline *self, const KwFeedBatch *batch)
{
    gint64 age_us = kw_clock_now_us(self->book->clock) - batch->close_us;

    return age_us < kw_feed_get_timeframe_us(self->book->feed);
}

static void
begin(KwPipeline *self, GTask *task, Work work)
{
    self->task = task;
    self->work = work;
    self->stage_start_us = kw_stopwatch_us();
    self->n_rows = self->i_row = 0;
    self->phase = PHASE_FIRST;
    self->is_trading_done = FALSE;
}

static void
choose_rows(KwPipeline *self)
{
    if (self->is_scanned && self->failed_us == self->batch->close_us)
        write_halt_again(self);
    else if (self->is_scanned)
        kw_log_warning("rows of the past dropped");
    else if (self->mode == KW_STEP_SCAN_ONLY ||
             (self->work == WORK_LIVE && !is_newest(self, self->batch)))
        widen_ranges(self);
    else
        order_rows(self);
}

/* All models are as they should be for these rows. */
static void
take_rows(gpointer owner)
{
    KwPipeline *self = owner;

    choose_rows(self);
    if (self->work == WORK_LIVE && !self->is_scanned &&
        self->appended_us != self->batch->close_us)
        append_rows(self);
    advance(self);
}

static const KwModelWatchEvents watch_events = {.event = on_trader_event, .done = take_rows};

static void
begin_step(KwPipeline *self, GTask *task, const KwFeedBatch *batch, KwStepMode mode)
{
    gboolean is_live = kw_feed_is_live(self->book->feed);

    begin(self, task, is_live ? WORK_LIVE : WORK_REPLAY);
    self->batch = batch;
    self->mode = mode;
    self->is_scanned = batch->close_us <= self->book->row_us; /* a retry, or out of order */
    kw_trader_begin(self->trader, batch->close_us,
                    self->failed_us == batch->close_us ? KW_TRADER_AGAIN
                                                       : KW_TRADER_FIRST_TIME);
    for (guint i = 0; self->paper != NULL && !is_live && i < batch->n_rows; i++)
        kw_paper_broker_set_candle(self->paper,
                                   self->book->slots[batch->rows[i].pair_index].pair.name,
                                   &batch->rows[i].candle);
    if (!kw_model_watch_look(self->watch))
        take_rows(self);
}

void
kw_pipeline_step_async(KwPipeline *self,
                       const KwFeedBatch *batch,
                       KwStepMode mode,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    GTask *task;

    g_return_if_fail(KW_IS_PIPELINE(self));
    g_return_if_fail(self->task == NULL || self->work == WORK_TICK);
    g_return_if_fail(self->next_task == NULL);

    task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(task, kw_pipeline_step_async);
    if (self->task == NULL) {
        begin_step(self, task, batch, mode);
        return;
    }
    self->next_task = task;
    self->next_batch = batch;
    self->next_mode = mode;
}

gboolean
kw_pipeline_step_finish(KwPipeline *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

/* -- between candles -- */

void
kw_pipeline_tick_async(KwPipeline *self, GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = NULL;
    const KwPortfolio *portfolio;

    g_return_if_fail(KW_IS_PIPELINE(self));

    task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(task, kw_pipeline_tick_async);
    if (self->task != NULL || self->book->row_us == 0) { /* a step looks at everything itself */
        g_task_return_boolean(task, TRUE);
        return;
    }
    begin(self, g_steal_pointer(&task), WORK_TICK);
    self->is_scanned = FALSE;
    kw_trader_begin(self->trader, self->book->row_us, KW_TRADER_FIRST_TIME);
    portfolio = self->book->portfolio;
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++) {
        const gchar *pair = kw_portfolio_get_open(portfolio, i)->pair;
        const KwSlot *slot = kw_book_find_slot(self->book, pair);

        if (slot == NULL)
            continue;
        self->ticks[self->n_rows].pair_index = (guint) (slot - self->book->slots);
        self->rows[self->n_rows] = &self->ticks[self->n_rows];
        self->n_rows++;
    }
    advance(self);
}

gboolean
kw_pipeline_tick_finish(KwPipeline *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

void
kw_pipeline_load_history(KwPipeline *self)
{
    kw_book_load_history(self->book);
    for (guint i = 0; i < self->book->n_slots; i++)
        kw_pipeline_refresh_signal(self, &self->book->slots[i]);
}

void
kw_pipeline_refresh_signal(KwPipeline *self, KwSlot *slot)
{
    kw_frame_update(slot->frame);
    take_signal(self, slot);
}

gboolean
kw_pipeline_is_busy(KwPipeline *self)
{
    g_return_val_if_fail(KW_IS_PIPELINE(self), FALSE);

    return self->task != NULL;
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
    self->trader = kw_trader_new(book, &trader_events, G_OBJECT(self));
    self->watch = kw_model_watch_new(book, &watch_events, G_OBJECT(self));
    return self;
}

static void
kw_pipeline_dispose(GObject *object)
{
    KwPipeline *self = KW_PIPELINE(object);

    g_clear_pointer(&self->trader, kw_trader_free);
    g_clear_pointer(&self->watch, kw_model_watch_free);
    g_clear_object(&self->journal);
    g_clear_object(&self->paper);
    g_clear_object(&self->next_task);
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
