/* kw-jobs.c: jobs by the wall clock
 *
 * Each job that must happen once a local date has a mark in the store. The event goes out
 * first and the mark follows: when the process dies between, the event is made again after the
 * start, with the same key, and the outbox knows it. The other way round it would be lost.
 *
 * A day begins behind the candle that closes at its midnight: the move of that candle belongs
 * to the day before. If no such candle comes, the day begins a minute later all the same.
 * Either way its mark holds what a restart at that instant would find. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-jobs.h"

#include "kw-log.h"
#include "kw-trainer.h"

#include <math.h>
#include <string.h>

#define NIGHTLY_MINUTE (3 * 60 + 30)
#define LATE_US (10 * G_TIME_SPAN_MINUTE)
#define ROW_WAIT_US G_TIME_SPAN_MINUTE
#define RETRAIN_MARK "retrain"

struct _KwJobs {
    GObject parent_instance;

    KwBook *book;              /* borrowed */
    KwClock *clock;            /* owned; outlives the book with a last write under way */
    KwJournal *journal;        /* owned */
    KwQuery *query;            /* borrowed */
    KwTrainer *trainer;        /* owned; NULL after the stop */
    gchar *unfinished;         /* owned; training of the run before, as it was stored */
    GHashTable *marks;         /* owned; set of "name date" */
    GCancellable *cancellable; /* owned; of the look at the models; NULL while none goes on */
    guint digest_timer, day_timer, row_wait_timer, nightly_timer, reminder_timer;
};

enum { SIGNAL_EVENT, SIGNAL_DAY, SIGNAL_NIGHTLY, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwJobs, kw_jobs, G_TYPE_OBJECT)

/* -- marks -- */

static KwDate
today(KwJobs *self)
{
    return kw_zone_get_date(self->book->zone, kw_clock_now_us(self->clock));
}

static gchar *
mark_name(const gchar *name, KwDate date)
{
    gchar text[KW_DATE_TEXT_SIZE];

    return g_strdup_printf("%s %s", name, kw_date_to_text(date, text));
}

static gboolean
is_marked(KwJobs *self, const gchar *name, KwDate date)
{
    g_autofree gchar *mark = mark_name(name, date);

    return g_hash_table_contains(self->marks, mark);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    G_GNUC_UNUSED g_autoptr(KwJobs) self = user_data;
    g_autoptr(GError) error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("a schedule mark was not stored", "KW_ERROR", error->message);
}

static void
set_mark(KwJobs *self, const gchar *name, KwDate date, gboolean is_late)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    gchar text[KW_DATE_TEXT_SIZE];

    g_hash_table_add(self->marks, mark_name(name, date));
    kw_batch_add_mark(batch, name, kw_date_to_text(date, text), is_late,
                      kw_clock_now_us(self->book->clock));
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_written,
                            g_object_ref(self));
}

/* -- events -- */

static KwEvent
event_new(KwJobs *self, KwEventKind kind, const gchar *key)
{
    KwEvent event = {
        .kind = kind,
        .time_us = kw_clock_now_us(self->book->clock),
        .mode = self->book->settings->mode,
        .value = NAN,
        .limit = NAN,
    };

    g_snprintf(event.key, sizeof event.key, "%s:%s", kw_event_kind_to_string(kind), key);
    return event;
}

static void
send_report(KwJobs *self, KwEventKind kind, const gchar *name, KwDate date, gint n_days)
{
    KwZone *zone = self->book->zone;
    gint64 due_us = kw_zone_get_instant_us(zone, date, self->book->settings->digest_minute);
    gboolean is_late = kw_clock_now_us(self->book->clock) - due_us > LATE_US;
    gchar text[KW_DATE_TEXT_SIZE];
    KwPeriod period;
    KwEvent event;

    if (is_marked(self, name, date))
        return;
    period.from_us = kw_zone_get_day_start_us(zone, kw_date_add_days(date, 1 - n_days));
    period.to_us = kw_zone_get_day_start_us(zone, kw_date_add_days(date, 1));
    event = event_new(self, kind, kw_date_to_text(date, text));
    kw_query_get_digest(self->query, period, &event.digest);
    event.digest.is_late = is_late;
    event.digest.is_weekly = kind == KW_EVENT_WEEKLY;
    g_signal_emit(self, signals[SIGNAL_EVENT], 0, &event);
    set_mark(self, name, date, is_late);
}

static void
send_digest(KwJobs *self, KwDate date)
{
    send_report(self, KW_EVENT_DIGEST, "digest", date, 1);
    if (kw_date_get_weekday(date) == 7)
        send_report(self, KW_EVENT_WEEKLY, "weekly", date, 7);
}

/* -- digest -- */

static void on_digest_due(gpointer user_data);

static void
arm_digest(KwJobs *self)
{
    gint64 due_us = kw_schedule_next_us(self->book->zone, self->book->settings->digest_minute,
                                        kw_clock_now_us(self->book->clock));

    self->digest_timer = kw_clock_call_at(self->book->clock, due_us, on_digest_due, self);
}

static void
on_digest_due(gpointer user_data)
{
    KwJobs *self = user_data;

    self->digest_timer = 0;
    send_digest(self, kw_zone_get_date(self->book->zone, kw_clock_now_us(self->book->clock)));
    arm_digest(self);
}

/* -- a new day of the daily limit -- */

static gboolean
is_halt_of_the_day(const KwBook *book)
{
    return book->state == KW_RUN_STATE_HALTED &&
           (strcmp(book->state_reason, "max_daily_loss_abs") == 0 ||
            strcmp(book->state_reason, "max_daily_loss_ratio") == 0);
}

static void
lift_halt(KwJobs *self, KwBatch *batch)
{
    KwBook *book = self->book;
    gchar text[KW_DATE_TEXT_SIZE];
    KwDate date = kw_zone_get_date(book->daily_zone, kw_clock_now_us(book->clock));
    KwEvent event = event_new(self, KW_EVENT_HALT_OVER, kw_date_to_text(date, text));

    kw_book_set_state(book, KW_RUN_STATE_RUNNING, "engine", "day_over");
    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, event.time_us, book->settings->mode, "engine", "halt_over", NULL);
    g_signal_emit(self, signals[SIGNAL_EVENT], 0, &event);
}

static void
add_peak(KwJobs *self, KwBatch *batch)
{
    KwBook *book = self->book;
    g_autofree gchar *key = kw_book_get_meta_key(book, KW_BOOK_META_PEAK);
    gchar text[KW_DECIMAL_TEXT_SIZE];

    kw_batch_add_meta(batch, key, kw_decimal_to_text(book->tracker.peak, text),
                      kw_clock_now_us(book->clock));
}

static void
begin_day(KwJobs *self, KwDate date)
{
    KwBook *book = self->book;
    gint64 start_us = kw_zone_get_day_start_us(book->daily_zone, date);
    KwEquityRecord record = {.time_us = start_us, .mode = book->settings->mode};
    g_autoptr(KwBatch) batch = kw_batch_new();
    KwEquityMark known;

    /* rows of before a crash are scanned again, with the money of after it */
    if (kw_tracker_find(&book->tracker, start_us, &known) && known.time_us == start_us)
        return;
    kw_tracker_mark_day(&book->tracker, start_us, kw_portfolio_get_realised(book->portfolio));
    book->n_signals_today = book->n_rejected_today = 0;
    book->best_confidence_today = NAN;
    record.equity = book->tracker.equity;
    record.open_profit = book->tracker.open_profit;
    record.cash = kw_portfolio_get_cash(book->portfolio);
    record.realised = kw_portfolio_get_realised(book->portfolio);
    record.n_open = kw_portfolio_get_n_open(book->portfolio);
    kw_batch_add_equity(batch, &record);
    add_peak(self, batch);
    if (is_halt_of_the_day(book))
        lift_halt(self, batch);
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_written,
                            g_object_ref(self));
    g_signal_emit(self, signals[SIGNAL_DAY], 0);
}

/* A run that was cut off can have begun the day already, and the clock of a replay comes to it
 * again. */
static void
begin_day_once(KwJobs *self)
{
    KwBook *book = self->book;
    const GArray *marks = book->tracker.marks;
    gint64 now_us = kw_clock_now_us(book->clock);
    gint64 day_us = kw_zone_floor_day_us(book->daily_zone, now_us);

    if (marks->len == 0 || g_array_index(marks, KwEquityMark, marks->len - 1).time_us < day_us)
        begin_day(self, kw_zone_get_date(book->daily_zone, now_us));
}

static void on_day_due(gpointer user_data);

static void
arm_day(KwJobs *self)
{
    gint64 due_us =
        kw_schedule_next_us(self->book->daily_zone, 0, kw_clock_now_us(self->book->clock));

    self->day_timer = kw_clock_call_at(self->book->clock, due_us, on_day_due, self);
}

/* A candle may close at this very instant that is not counted yet. */
static gboolean
is_row_due(const KwBook *book)
{
    gint64 now_us = kw_clock_now_us(book->clock);

    return now_us % kw_feed_get_timeframe_us(book->feed) == 0 && book->row_us < now_us;
}

static void
end_row_wait(KwJobs *self)
{
    kw_clock_cancel(self->clock, self->row_wait_timer);
    self->row_wait_timer = 0;
    begin_day_once(self);
}

static void
on_row_waited(gpointer user_data)
{
    KwJobs *self = user_data;

    self->row_wait_timer = 0;
    begin_day_once(self);
}

static void
on_day_due(gpointer user_data)
{
    KwJobs *self = user_data;

    self->day_timer = 0;
    if (is_row_due(self->book))
        self->row_wait_timer = kw_clock_call_in(self->clock, ROW_WAIT_US, on_row_waited, self);
    else
        begin_day_once(self);
    arm_day(self);
}

void
kw_jobs_note_row(KwJobs *self)
{
    g_return_if_fail(KW_IS_JOBS(self));

    if (self->row_wait_timer != 0)
        end_row_wait(self);
}

/* -- whether to train anew -- */

static void
advise(KwJobs *self, const KwRetrainAdvice *advice)
{
    KwEvent event;
    gchar text[KW_DATE_TEXT_SIZE];
    g_autofree gchar *key = NULL;

    key = g_strdup_printf("%s:%s", advice->model, kw_date_to_text(today(self), text));
    event = event_new(self, KW_EVENT_RETRAIN, key);
    event.value = advice->value;
    event.limit = advice->limit;
    g_strlcpy(event.text, kw_trigger_to_string(advice->trigger), sizeof event.text);
    g_strlcpy(event.trade.model, advice->model, sizeof event.trade.model);
    event.count = kw_trainer_offer(self->trainer, advice);
    g_signal_emit(self, signals[SIGNAL_EVENT], 0, &event);
}

static void
on_models_looked_at(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwJobs) self = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) advices = kw_retrain_look_finish(result, &error);

    (void) source;
    g_clear_object(&self->cancellable);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the book may be gone */
    if (advices == NULL) {
        kw_log_warning("no look at the models tonight", "KW_ERROR", error->message);
        return;
    }
    for (guint i = 0; i < advices->len; i++)
        advise(self, &g_array_index(advices, KwRetrainAdvice, i));
    if (advices->len > 0 && !is_marked(self, RETRAIN_MARK, today(self)))
        set_mark(self, RETRAIN_MARK, today(self), FALSE);
}

static void
look_at_models(KwJobs *self)
{
    const KwBookSettings *settings = self->book->settings;

    if (settings->models == NULL || settings->retrain == KW_RETRAIN_OFF ||
        self->cancellable != NULL || is_marked(self, RETRAIN_MARK, today(self)))
        return;
    self->cancellable = g_cancellable_new();
    kw_retrain_look_async(settings, KW_RETRAIN_IF_DUE, kw_clock_now_us(self->clock),
                          self->cancellable, on_models_looked_at, g_object_ref(self));
}

/* -- night and reminder -- */

static void on_nightly_due(gpointer user_data);

static void
arm_nightly(KwJobs *self)
{
    gint64 due_us = kw_schedule_next_us(self->book->zone, NIGHTLY_MINUTE,
                                        kw_clock_now_us(self->book->clock));

    self->nightly_timer = kw_clock_call_at(self->book->clock, due_us, on_nightly_due, self);
}

static void
on_nightly_due(gpointer user_data)
{
    KwJobs *self = user_data;

    self->nightly_timer = 0;
    g_signal_emit(self, signals[SIGNAL_NIGHTLY], 0);
    look_at_models(self);
    arm_nightly(self);
}

static void
on_reminder_due(gpointer user_data)
{
    KwJobs *self = user_data;
    KwBook *book = self->book;
    g_autofree gchar *key = g_strdup_printf("%" G_GINT64_FORMAT, book->reminder_us);
    KwEvent event = event_new(self, KW_EVENT_REMINDER, key);
    g_autoptr(KwBatch) batch = kw_batch_new();

    self->reminder_timer = 0;
    book->reminder_us = 0;
    g_signal_emit(self, signals[SIGNAL_EVENT], 0, &event);
    kw_book_add_state(book, batch);
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_written,
                            g_object_ref(self));
}

void
kw_jobs_update_reminder(KwJobs *self)
{
    g_return_if_fail(KW_IS_JOBS(self));

    kw_clock_cancel(self->book->clock, self->reminder_timer);
    self->reminder_timer = 0;
    if (self->book->reminder_us > 0)
        self->reminder_timer =
            kw_clock_call_at(self->book->clock, self->book->reminder_us, on_reminder_due, self);
}

/* -- start and stop -- */

/* The digest that was due last, when the bot was down at that time */
static void
make_up_digest(KwJobs *self, gint64 last_us)
{
    KwBook *book = self->book;
    gint64 now_us = kw_clock_now_us(book->clock);
    KwDate date = kw_zone_get_date(book->zone, now_us);

    if (kw_zone_get_instant_us(book->zone, date, book->settings->digest_minute) > now_us)
        date = kw_date_add_days(date, -1);
    /* also one that was due in the last instant of the run before; its mark tells */
    if (kw_zone_get_instant_us(book->zone, date, book->settings->digest_minute) >= last_us)
        send_digest(self, date);
}

/* The report of the newest Sunday whose evening fell into the downtime */
static void
make_up_weekly(KwJobs *self, gint64 last_us)
{
    KwBook *book = self->book;
    gint64 now_us = kw_clock_now_us(book->clock);
    KwDate date = kw_zone_get_date(book->zone, now_us);
    gint minute = book->settings->digest_minute;

    date = kw_date_add_days(date, -(gint) (kw_date_get_weekday(date) % 7));
    if (kw_zone_get_instant_us(book->zone, date, minute) > now_us)
        date = kw_date_add_days(date, -7);
    if (kw_zone_get_instant_us(book->zone, date, minute) >= last_us)
        send_report(self, KW_EVENT_WEEKLY, "weekly", date, 7);
}

void
kw_jobs_start(KwJobs *self, gint64 last_us)
{
    if (self->trainer == NULL) /* stopped while the orders were still looked up */
        return;
    begin_day_once(self);
    if (last_us > 0) {
        make_up_digest(self, last_us);
        make_up_weekly(self, last_us);
    }
    arm_day(self);
    arm_nightly(self);
    arm_digest(self);
    kw_jobs_update_reminder(self);
    kw_trainer_resume(self->trainer, self->unfinished);
}

void
kw_jobs_stop(KwJobs *self)
{
    if (self == NULL)
        return;
    kw_clock_cancel(self->clock, self->digest_timer);
    kw_clock_cancel(self->clock, self->day_timer);
    kw_clock_cancel(self->clock, self->row_wait_timer);
    kw_clock_cancel(self->clock, self->nightly_timer);
    kw_clock_cancel(self->clock, self->reminder_timer);
    self->digest_timer = self->day_timer = self->row_wait_timer = 0;
    self->nightly_timer = self->reminder_timer = 0;
    g_cancellable_cancel(self->cancellable);
    if (self->trainer != NULL)
        self->book->trainer = NULL;
    g_clear_pointer(&self->trainer, kw_trainer_free);
}

/* -- object -- */

static void
on_trained(const KwEvent *event, gpointer user_data)
{
    g_signal_emit(user_data, signals[SIGNAL_EVENT], 0, event);
}

KwJobs *
kw_jobs_new(KwBook *book, KwJournal *journal, KwQuery *query, const KwStoreState *state)
{
    KwJobs *self = g_object_new(KW_TYPE_JOBS, NULL);
    GHashTableIter iter;
    gpointer key;

    self->book = book;
    self->clock = g_object_ref(book->clock);
    self->journal = g_object_ref(journal);
    self->query = query;
    self->trainer = book->trainer = kw_trainer_new(book, journal, on_trained, self);
    self->unfinished = g_strdup(g_hash_table_lookup(state->meta, KW_TRAINER_META));
    g_hash_table_iter_init(&iter, state->marks);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_hash_table_add(self->marks, g_strdup(key));
    return self;
}

static void
kw_jobs_finalize(GObject *object)
{
    KwJobs *self = KW_JOBS(object);

    kw_jobs_stop(self);
    g_clear_object(&self->clock);
    g_clear_object(&self->journal);
    g_clear_pointer(&self->marks, g_hash_table_unref);
    g_clear_pointer(&self->unfinished, g_free);

    G_OBJECT_CLASS(kw_jobs_parent_class)->finalize(object);
}

static void
kw_jobs_class_init(KwJobsClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_jobs_finalize;

    signals[SIGNAL_EVENT] = g_signal_new("event", KW_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_DAY] = g_signal_new("day", KW_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
    signals[SIGNAL_NIGHTLY] = g_signal_new("nightly", KW_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
}

static void
kw_jobs_init(KwJobs *self)
{
    self->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}
