/* kw-engine.c: puts the parts together and turns the wheel
 *
 * Start: store -> book -> columns warmed up -> strategy -> open orders looked up -> limits
 * judged -> feed. From then on it is a ring of two asynchronous calls: the feed's next batch,
 * and the pipeline's step over it. While the feed waits for its time the engine is idle;
 * everything before that is decided and durable.
 *
 * A step that cannot be made durable is tried again every half minute on the same batch: no
 * candle is skipped and no decision is taken without its record. After a failed sync the store
 * must not be used again, so the process ends ("fatal") and the next start reads the truth. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-engine.h"

#include "kw-arrival.h"
#include "kw-desk.h"
#include "kw-helm.h"
#include "kw-jobs.h"
#include "kw-lookout.h"
#include "kw-night.h"
#include "kw-order-news.h"
#include "kw-restore.h"
#include "kw-scanner.h"
#include "kw-sieve.h"
#include "kw-strategy-pick.h"
#include "kw-ticker.h"
#include "kw-warden.h"

#define RETRY_US (30 * G_USEC_PER_SEC)
#define META_LAST_GOOD "strategy_last_good"
#define META_PROBE "probe"

struct _KwEngine {
    GObject parent_instance;

    KwBook *book;          /* owned */
    KwStore *store;        /* owned */
    KwJournal *journal;    /* owned; of the store, perhaps in groups */
    KwJournal *early;      /* owned; for decisions: the same, or the early way in */
    KwGroupJournal *group; /* owned; NULL when each step is durable at its end */
    KwVenue *venue;        /* owned; NULL on paper */
    KwPipeline *pipeline;  /* owned */
    KwTicker *ticker;      /* owned */
    KwScanner *scanner;    /* owned */
    KwDesk *desk;          /* owned */
    KwHerald *herald;      /* owned */
    KwHelm *helm;          /* owned */
    KwWarden *warden;      /* owned */
    KwOrderNews *news;     /* owned */
    KwLookout *lookout;    /* owned */
    KwSieve *sieve;        /* owned */
    KwNight *night;        /* owned */
    gulong on_nightly;     /* signal of the jobs */
    KwJobs *jobs;          /* owned */
    KwStoreState state;    /* what the store held at the start */
    GCancellable *cancellable;
    GTask *stop_task;         /* owned; set while stopping */
    const KwFeedBatch *batch; /* borrowed from feed or sieve; NULL while idle */
    gint64 resume_us;         /* newest row of the run before; 0 = none */
    gint64 ledger_row_us;     /* row of the newest decision; rows before are decided */
    guint64 n_candles;
    guint retry_timer, feed_timer;
    gboolean is_idle;
    gboolean is_flushing;
    gboolean is_hurried; /* somebody waits for what is on its way to the disk */
    gboolean is_store_failing;
    gboolean is_strategy_refused; /* the file; its last good version may be in use */
};

enum { SIGNAL_EVENT, SIGNAL_IDLE, SIGNAL_ENDED, SIGNAL_FATAL, SIGNAL_NIGHT_OVER, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwEngine, kw_engine, G_TYPE_OBJECT)

static void flush_all(KwEngine *self);
static void load_strategy(KwEngine *self);
static void pull(KwEngine *self);
static void step(KwEngine *self);

/* -- events -- */

static void
emit_event(const KwEvent *event, gpointer user_data)
{
    g_signal_emit(user_data, signals[SIGNAL_EVENT], 0, event);
}

static void
on_part_event(GObject *part, KwEvent *event, gpointer user_data)
{
    KwEngine *self = user_data;

    (void) part;
    if (event->kind == KW_EVENT_STATE && self->jobs != NULL)
        kw_jobs_update_reminder(self->jobs);
    if (event->kind == KW_EVENT_MODEL || event->kind == KW_EVENT_MODEL_BACK) {
        kw_desk_note_model(self->desk);
        if (event->count == 0 && self->is_strategy_refused)
            load_strategy(self); /* it may have waited for this model */
    }
    kw_herald_pass(self->herald, event);
}

static void
on_settled(KwOms *oms, const KwOmsOutcome *outcome, gpointer user_data)
{
    KwEngine *self = user_data;

    gboolean is_closed = outcome->order.state == KW_ORDER_STATE_FILLED &&
                         outcome->trade.state == KW_TRADE_STATE_CLOSED;

    if (!is_closed)
        return;
    kw_risk_note_closed(self->book->risk, outcome->trade.profit_abs);
    kw_warden_look(self->warden, &outcome->trade);
}

static void
on_simple_event(KwEvent *event, gpointer user_data)
{
    kw_herald_pass(((KwEngine *) user_data)->herald, event);
}

static void
on_scanned(KwPipeline *pipeline,
           const KwSlot *slot,
           const gchar *action,
           const gchar *reason,
           gpointer user_data)
{
    KwEngine *self = user_data;

    (void) pipeline;
    self->n_candles++;
    kw_scanner_add(self->scanner, slot, action, reason);
}

static void
on_day(KwJobs *jobs, gpointer user_data)
{
    KwEngine *self = user_data;

    (void) jobs;
    kw_pipeline_judge(self->pipeline);
}

/* -- night -- */

static void
on_night_over(const GError *error, gpointer owner)
{
    KwEngine *self = owner;

    if (error != NULL)
        kw_herald_tell(self->herald, KW_EVENT_BACKUP, error->message);
    g_signal_emit(self, signals[SIGNAL_NIGHT_OVER], 0);
    if (kw_engine_is_idle(self))
        g_signal_emit(self, signals[SIGNAL_IDLE], 0);
}

/* -- writing what needs no answer -- */

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwEngine) self = user_data;
    g_autoptr(GError) error = NULL;

    if (kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        return;
    kw_log_warning("a note was not stored", "KW_ERROR", error->message);
    if (self->group == NULL && self->stop_task == NULL && kw_store_is_broken(self->store))
        g_signal_emit(self, signals[SIGNAL_FATAL], 0, error->message);
}

static void
write_meta(KwEngine *self, const gchar *key, const gchar *value)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_meta(batch, key, value, kw_clock_now_us(self->book->clock));
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_written,
                            g_object_ref(self));
}

/* -- the ring -- */

static void
on_retry(gpointer user_data)
{
    KwEngine *self = user_data;

    self->retry_timer = 0;
    if (self->group != NULL)
        kw_group_journal_retry(self->group);
    else
        step(self);
}

static void
retry_later(KwEngine *self, const GError *error)
{
    if (!self->is_store_failing)
        kw_herald_tell_store(self->herald, error);
    self->is_store_failing = TRUE;
    self->retry_timer = kw_clock_call_in(self->book->clock, RETRY_US, on_retry, self);
    g_signal_emit(self, signals[SIGNAL_IDLE], 0); /* else a clock moved by hand would stand */
}

static void
end_retries(KwEngine *self)
{
    if (!self->is_store_failing)
        return;
    self->is_store_failing = FALSE;
    kw_herald_tell_store(self->herald, NULL);
}

/* The row is decided again after the next start. */
static void
stop_without_step(KwEngine *self)
{
    g_cancellable_cancel(self->cancellable);
    kw_night_cancel(self->night);
    flush_all(self);
}

static void
handle_step_error(KwEngine *self, const GError *error)
{
    kw_log_critical("a decision could not be stored", "KW_ERROR", error->message);
    if (self->stop_task != NULL) {
        stop_without_step(self);
        return;
    }
    if (self->group != NULL) /* on_group_failed() has told it */
        return;
    if (kw_store_is_broken(self->store))
        g_signal_emit(self, signals[SIGNAL_FATAL], 0, error->message);
    else
        retry_later(self, error);
}

static void
on_group_failed(KwGroupJournal *group, const GError *error, gpointer user_data)
{
    KwEngine *self = user_data;

    kw_log_critical("decisions could not be stored", "KW_ERROR", error->message);
    if (self->stop_task != NULL) {
        kw_group_journal_give_up(group); /* it is decided again after the next start */
    } else if (kw_group_journal_is_dead(group)) {
        g_cancellable_cancel(self->cancellable);
        g_signal_emit(self, signals[SIGNAL_FATAL], 0, error->message);
    } else {
        retry_later(self, error);
    }
}

static void
on_group_recovered(KwGroupJournal *group, gpointer user_data)
{
    (void) group;
    end_retries(user_data);
}

static void
finish_stop(KwEngine *self)
{
    g_autoptr(GTask) task = g_steal_pointer(&self->stop_task);

    g_task_return_boolean(task, TRUE);
}

static void
on_flushed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwEngine) self = user_data;
    g_autoptr(GError) error = NULL;

    self->is_flushing = FALSE;
    if (!kw_market_store_flush_finish(KW_MARKET_STORE(source), result, &error))
        kw_log_warning("market rows were not stored", "KW_ERROR", error->message);
    if (self->stop_task != NULL)
        finish_stop(self);
    else
        pull(self);
}

static void
on_ledger_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwEngine) self = user_data;

    (void) kw_journal_append_finish(KW_JOURNAL(source), result, NULL);
    kw_market_store_flush_async(kw_store_get_market(self->store), NULL, on_flushed,
                                g_object_ref(self));
}

/* An empty batch is done when all before it is. */
static void
flush_all(KwEngine *self)
{
    if (self->is_flushing)
        return;
    self->is_flushing = TRUE;
    self->is_hurried = FALSE;
    kw_journal_append_async(self->journal, kw_batch_new(), NULL, on_ledger_durable,
                            g_object_ref(self));
}

/* The ledger or the market's rows lag behind what is decided. */
static gboolean
is_crowded(KwEngine *self)
{
    KwMarketStore *market = kw_store_get_market(self->store);

    return self->is_hurried ||
           kw_market_store_get_backlog(market) > KW_MARKET_STORE_MAX_BACKLOG / 2 ||
           (self->group != NULL && kw_group_journal_is_crowded(self->group));
}

static void
on_step(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwEngine) self = user_data;
    g_autoptr(GError) error = NULL;

    if (self->group != NULL)
        kw_group_journal_release(self->group);
    if (!kw_pipeline_step_finish(KW_PIPELINE(source), result, &error)) {
        handle_step_error(self, error);
        return;
    }
    if (self->group == NULL)
        end_retries(self);
    kw_jobs_note_row(self->jobs);
    kw_lookout_note_row(self->lookout, self->book->row_us);
    kw_scanner_commit(self->scanner);
    kw_venue_review(self->venue);
    self->batch = NULL;
    if (self->stop_task != NULL || is_crowded(self))
        flush_all(self);
    else
        pull(self);
}

static void
step(KwEngine *self)
{
    KwStepMode mode =
        self->batch->close_us < self->ledger_row_us ? KW_STEP_SCAN_ONLY : KW_STEP_TRADE;

    self->book->is_store_full = kw_store_is_full(self->store);
    if (self->group != NULL)
        kw_group_journal_hold(self->group);
    kw_pipeline_step_async(self->pipeline, self->batch, mode, on_step, g_object_ref(self));
}

static void
on_feed_retry(gpointer user_data)
{
    KwEngine *self = user_data;

    self->feed_timer = 0;
    pull(self);
}

static void
on_batch(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwEngine) self = user_data;
    const KwFeedBatch *batch;
    g_autoptr(GError) error = NULL;

    batch = kw_feed_next_finish(KW_FEED(source), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (error != NULL) {
        kw_log_warning("the feed failed; it is asked again", "KW_ERROR", error->message);
        self->feed_timer = kw_clock_call_in(self->book->clock, RETRY_US, on_feed_retry, self);
        return;
    }
    if (batch == NULL) {
        kw_lookout_stop(self->lookout);
        kw_herald_tell(self->herald, KW_EVENT_END_OF_DATA, "");
        g_signal_emit(self, signals[SIGNAL_ENDED], 0);
        return;
    }
    batch = kw_sieve_run(self->sieve, batch);
    if (batch->n_rows == 0) { /* its time is not to be trusted either */
        pull(self);
        return;
    }
    self->is_idle = FALSE;
    self->batch = batch;
    step(self);
}

static void
pull(KwEngine *self)
{
    self->is_idle = TRUE;
    kw_feed_next_async(self->book->feed, self->cancellable, on_batch, g_object_ref(self));
    g_signal_emit(self, signals[SIGNAL_IDLE], 0);
}

/* -- start -- */

static void
load_strategy(KwEngine *self)
{
    const gchar *last_good = g_hash_table_lookup(self->state.meta, META_LAST_GOOD);
    g_auto(KwStrategyPick) pick = {0};

    kw_strategy_pick_make(self->book, last_good, &pick);
    if (pick.source != NULL && g_strcmp0(pick.source, last_good) != 0)
        write_meta(self, META_LAST_GOOD, pick.source);
    self->is_strategy_refused = pick.fault != NULL;
    kw_desk_set_strategy_note(self->desk, pick.fault != NULL ? pick.fault : "");
    if (pick.fault != NULL)
        kw_herald_tell_strategy(self->herald, pick.fault, pick.fallback);
    kw_scanner_set_strategy(self->scanner);
}

/* That this run has begun, and what the owner should know of the one before */
static void
tell_started(KwEngine *self)
{
    const KwArrival arrival = {
        .book = self->book,
        .store = self->store,
        .herald = self->herald,
        .state = &self->state,
        .resume_us = self->resume_us,
    };

    kw_journal_append_async(self->journal, kw_arrival_tell(&arrival), NULL, on_written,
                            g_object_ref(self));
}

/* Trades without the capital that they began with would be no ledger. */
static void
on_first_rows_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwEngine) self = user_data;
    g_autoptr(GError) error = NULL;

    if (kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        return;
    kw_log_critical("the first rows could not be stored", "KW_ERROR", error->message);
    g_signal_emit(self, signals[SIGNAL_FATAL], 0, error->message);
}

static void
write_first_rows(KwEngine *self)
{
    g_autoptr(KwBatch) batch = NULL;

    if (self->state.has_start)
        return;
    batch = kw_batch_new();
    kw_restore_add_first_rows(self->book, batch);
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_first_rows_written,
                            g_object_ref(self));
}

static void
on_reconciled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwEngine) self = user_data;
    g_autoptr(GError) error = NULL;

    if (!kw_oms_reconcile_finish(KW_OMS(source), result, &error))
        kw_log_critical("open orders could not be looked up", "KW_ERROR", error->message);
    kw_warden_catch_up(self->warden);
    kw_venue_start(self->venue);
    kw_pipeline_judge(self->pipeline);
    kw_jobs_start(self->jobs, self->resume_us);
    tell_started(self);
    kw_feed_seek(self->book->feed, MAX(self->book->row_us, kw_clock_now_us(self->book->clock)));
    if (kw_feed_is_live(self->book->feed))
        kw_ticker_start(self->ticker);
    pull(self);
}

void
kw_engine_start(KwEngine *self)
{
    KwBook *book = self->book;

    g_return_if_fail(KW_IS_ENGINE(self));

    write_first_rows(self);
    kw_pipeline_load_history(self->pipeline);
    load_strategy(self);
    for (guint i = 0; i < book->n_slots; i++)
        kw_pipeline_refresh_signal(self->pipeline, &book->slots[i]);
    kw_restore_present(book, &self->state, self->resume_us, self->ledger_row_us);
    kw_oms_reconcile_async(book->oms, self->cancellable, on_reconciled, g_object_ref(self));
}

/* -- stop -- */

void
kw_engine_stop_async(KwEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
    gboolean is_retry_due = self->group == NULL && self->retry_timer != 0;

    g_return_if_fail(self->stop_task == NULL);

    self->stop_task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(self->stop_task, kw_engine_stop_async);
    kw_jobs_stop(self->jobs);
    kw_ticker_stop(self->ticker);
    kw_venue_stop(self->venue);
    kw_lookout_stop(self->lookout);
    kw_clock_cancel(self->book->clock, self->retry_timer);
    kw_clock_cancel(self->book->clock, self->feed_timer);
    self->retry_timer = self->feed_timer = 0;
    kw_herald_tell(self->herald, KW_EVENT_STOPPING, "");
    write_meta(self, KW_ARRIVAL_META_CLEAN_END, "yes");
    if (self->group != NULL)
        kw_group_journal_retry(self->group);
    /* a step under way ends in on_step(), which flushes */
    if (self->batch == NULL || is_retry_due)
        stop_without_step(self);
}

void
kw_engine_stop_finish(KwEngine *self, GAsyncResult *result)
{
    g_return_if_fail(g_task_is_valid(result, self));
    (void) g_task_propagate_boolean(G_TASK(result), NULL);
}

/* -- construction -- */

/* Until either is gone */
static void
listen(KwEngine *self, gpointer part, const gchar *signal, GCallback callback)
{
    (void) g_signal_connect_object(part, signal, callback, self, G_CONNECT_DEFAULT);
}

static void
build_journal(KwEngine *self, const KwEngineParts *parts)
{
    self->store = g_object_ref(parts->store);
    self->journal = g_object_ref(KW_JOURNAL(parts->store));
    self->early = g_object_ref(self->journal);
    if (parts->durability == KW_DURABILITY_STEP || parts->paper == NULL)
        return;
    self->group = kw_group_journal_new(KW_JOURNAL(parts->store));
    g_set_object(&self->journal, KW_JOURNAL(self->group));
    g_set_object(&self->early, kw_group_journal_get_early(self->group));
    listen(self, self->group, "failed", G_CALLBACK(on_group_failed));
    listen(self, self->group, "recovered", G_CALLBACK(on_group_recovered));
}

/* A real exchange is reached through the last gate, in both directions. */
static void
build_oms(KwEngine *self, const KwEngineParts *parts)
{
    KwBook *book = self->book;

    if (parts->venue != NULL) {
        self->venue = kw_venue_new(parts->clock, self->journal, parts->broker, parts->venue);
        book->oms = kw_venue_make_oms(self->venue, book->portfolio);
    } else {
        book->oms = kw_oms_new(parts->clock, self->early, parts->broker, book->portfolio);
    }
}

static gboolean
build_book(KwEngine *self, const KwEngineParts *parts, GError **error)
{
    self->book = kw_book_new(parts->settings, parts->limits, parts->clock, parts->feed, error);
    if (self->book == NULL ||
        !kw_store_load(self->store, parts->settings->mode, &self->state, error) ||
        !kw_restore_capital(self->book, &self->state, error))
        return FALSE;
    build_oms(self, parts);
    return TRUE;
}

static void
on_tick_done(gpointer user_data)
{
    kw_venue_review(((KwEngine *) user_data)->venue);
    if (kw_engine_is_idle(user_data))
        g_signal_emit(user_data, signals[SIGNAL_IDLE], 0);
}

static void
build_parts(KwEngine *self, const KwEngineParts *parts)
{
    const gchar *root = kw_store_get_root(parts->store);
    KwJournal *journal = self->journal;

    self->pipeline = kw_pipeline_new(self->book, self->early, parts->paper);
    self->ticker = kw_ticker_new(parts->clock, self->pipeline, on_tick_done, self);
    self->scanner = kw_scanner_new(self->book, kw_store_get_market(parts->store), self->group);
    self->desk = kw_desk_new(self->book, root, parts->store, parts->log, parts->config);
    self->herald = kw_herald_new(self->book, KW_QUERY(self->desk), emit_event, self);
    self->news = kw_order_news_new(self->book->oms, self->herald);
    if (self->venue != NULL)
        kw_venue_join(self->venue, self->book, self->herald);
    self->helm = kw_helm_new(self->book, journal, root);
    self->sieve = kw_sieve_new(self->book);
    self->warden = kw_warden_new(self->book, self->early, on_simple_event, self);
    self->night = kw_night_new(parts->store, journal, parts->clock, parts->nightly,
                               on_night_over, G_OBJECT(self));
    self->lookout =
        kw_lookout_new(self->book, parts->limits->max_data_age_candles, on_simple_event, self);
    self->jobs = kw_jobs_new(self->book, journal, KW_QUERY(self->desk), &self->state);
    listen(self, self->pipeline, "event", G_CALLBACK(on_part_event));
    listen(self, self->pipeline, "scanned", G_CALLBACK(on_scanned));
    listen(self, self->helm, "event", G_CALLBACK(on_part_event));
    listen(self, self->jobs, "event", G_CALLBACK(on_part_event));
    self->on_nightly = g_signal_connect_swapped(self->jobs, "nightly",
                                                G_CALLBACK(kw_night_begin), self->night);
    listen(self, self->jobs, "day", G_CALLBACK(on_day));
    listen(self, self->book->oms, "settled", G_CALLBACK(on_settled));
}

KwEngine *
kw_engine_new(const KwEngineParts *parts, GError **error)
{
    g_autoptr(KwEngine) self = g_object_new(KW_TYPE_ENGINE, NULL);

    build_journal(self, parts);
    if (!build_book(self, parts, error) || !kw_restore_book(self->book, &self->state, error))
        return NULL;
    if (parts->paper != NULL)
        kw_restore_paper(&self->state, parts->paper);
    kw_restore_kill(self->book, kw_store_get_root(self->store), &self->state);
    self->ledger_row_us = kw_restore_get_int(&self->state, "row_us", 0);
    self->resume_us = kw_market_store_get_last_scan_us(kw_store_get_market(self->store),
                                                       parts->settings->mode);
    kw_restore_scans(self->book, kw_store_get_root(self->store));
    if (self->resume_us == 0)
        self->resume_us = kw_restore_find_rescan_us(&self->state, parts->feed);
    build_parts(self, parts);
    return g_steal_pointer(&self);
}

void
kw_engine_probe(KwEngine *self)
{
    if (self->stop_task == NULL)
        write_meta(self, META_PROBE, "");
}

gint64
kw_engine_get_resume_us(KwEngine *self)
{
    return self->resume_us;
}

KwQuery *
kw_engine_get_query(KwEngine *self)
{
    return KW_QUERY(self->desk);
}

KwControl *
kw_engine_get_control(KwEngine *self)
{
    return KW_CONTROL(self->helm);
}

KwJournal *
kw_engine_get_journal(KwEngine *self)
{
    return self->journal;
}

KwBook *
kw_engine_get_book(KwEngine *self)
{
    return self->book;
}

KwPipeline *
kw_engine_get_pipeline(KwEngine *self)
{
    return self->pipeline;
}

KwVenue *
kw_engine_get_venue(KwEngine *self)
{
    return self->venue;
}

gboolean
kw_engine_is_idle(KwEngine *self)
{
    /* the night may wait for a store that is tried again by the clock */
    return (self->retry_timer != 0 || (self->is_idle && !kw_night_is_busy(self->night))) &&
           !kw_pipeline_is_busy(self->pipeline);
}

void
kw_engine_hurry(KwEngine *self)
{
    g_return_if_fail(KW_IS_ENGINE(self));

    self->is_hurried = self->group != NULL;
}

gboolean
kw_engine_is_ahead(KwEngine *self)
{
    return self->group != NULL && !kw_group_journal_is_clean(self->group);
}

guint64
kw_engine_get_n_candles(KwEngine *self)
{
    return self->n_candles;
}

const KwStoreState *
kw_engine_get_loaded(KwEngine *self)
{
    return &self->state;
}

static void
kw_engine_dispose(GObject *object)
{
    KwEngine *self = KW_ENGINE(object);

    g_cancellable_cancel(self->cancellable);
    if (self->book != NULL) {
        kw_clock_cancel(self->book->clock, self->retry_timer);
        kw_clock_cancel(self->book->clock, self->feed_timer);
    }
    g_clear_signal_handler(&self->on_nightly, self->jobs);
    kw_jobs_stop(self->jobs); /* a write under way may keep it longer than the book */
    g_clear_object(&self->jobs);
    g_clear_object(&self->helm);
    g_clear_pointer(&self->warden, kw_warden_free);
    g_clear_pointer(&self->news, kw_order_news_free);
    g_clear_pointer(&self->night, kw_night_free);
    g_clear_pointer(&self->lookout, kw_lookout_free);
    g_clear_pointer(&self->sieve, kw_sieve_free);
    g_clear_pointer(&self->venue, kw_venue_free);
    g_clear_pointer(&self->herald, kw_herald_free);
    g_clear_object(&self->desk);
    g_clear_pointer(&self->ticker, kw_ticker_free);
    g_clear_object(&self->pipeline);
    g_clear_pointer(&self->scanner, kw_scanner_free);
    g_clear_pointer(&self->book, kw_book_free);
    g_clear_object(&self->early);
    g_clear_object(&self->journal);
    g_clear_object(&self->group);
    g_clear_object(&self->store);
    g_clear_object(&self->cancellable);

    G_OBJECT_CLASS(kw_engine_parent_class)->dispose(object);
}

static void
kw_engine_finalize(GObject *object)
{
    kw_store_state_clear(&KW_ENGINE(object)->state);

    G_OBJECT_CLASS(kw_engine_parent_class)->finalize(object);
}

static void
kw_engine_class_init(KwEngineClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = kw_engine_dispose;
    G_OBJECT_CLASS(klass)->finalize = kw_engine_finalize;

    signals[SIGNAL_EVENT] = g_signal_new("event", KW_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_IDLE] = g_signal_new("idle", KW_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_ENDED] = g_signal_new("ended", KW_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_FATAL] = g_signal_new("fatal", KW_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[SIGNAL_NIGHT_OVER] = g_signal_new("night-over", KW_TYPE_ENGINE, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kw_engine_init(KwEngine *self)
{
    self->cancellable = g_cancellable_new();
}
