/* kw-booker.c: one report at a time: prepare, journal, apply
 *
 * One at a time, because the rows of a fill name the cash after it, and that is known only
 * when the fill before it is booked. So a fill that overtakes its own acknowledgement, comes
 * twice, or arrives while another is being written needs no case of its own.
 *
 * When the journal fails, the report stays at the head of the queue and is tried again with
 * growing pauses until the store is back; nothing the venue said is dropped meanwhile. Only a
 * store that knows an execution of which this process was never told ends the attempt. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-booker.h"

#include "kw-error.h"
#include "kw-log.h"

#include <string.h>

#define MAX_BACKOFF_US (60 * G_USEC_PER_SEC)

/* One report on its way into the journal */
typedef struct {
    KwOrder *order; /* borrowed */
    GTask *task;    /* owned, nullable */
    KwBrokerReport report;
} Job;

struct _KwBooker {
    KwClock *clock;         /* owned */
    KwJournal *journal;     /* owned */
    KwPortfolio *portfolio; /* a reference */
    KwBookerEvents events;
    GObject *owner;          /* borrowed */
    GHashTable *exec_ids;    /* set of owned text: booked */
    GHashTable *voided;      /* trade id -> owned KwTrade that came to nothing */
    GQueue jobs;             /* owned Job: waiting */
    Job *current;            /* owned; being journaled */
    KwSettlement settlement; /* of the current job */
    guint retry_timer;
    guint n_retries;
    gboolean is_stuck;
};

static void start_job(KwBooker *self, Job *job);

static void
job_free(Job *job)
{
    g_clear_object(&job->task);
    g_free(job);
}

static void
finish_job(KwBooker *self, Job *job)
{
    self->events.done(self->owner, job->order, g_steal_pointer(&job->task),
                      self->settlement.is_short);
    job_free(job);
}

static void
pump(KwBooker *self)
{
    while (self->current == NULL && !g_queue_is_empty(&self->jobs))
        start_job(self, g_queue_pop_head(&self->jobs));
    if (!kw_booker_is_working(self))
        self->events.idle(self->owner);
}

/* -- the journal is away -- */

static void
on_retry(gpointer user_data)
{
    KwBooker *self = user_data;
    G_GNUC_UNUSED g_autoptr(GObject) keep = g_object_ref(self->owner);

    self->retry_timer = 0;
    start_job(self, g_steal_pointer(&self->current));
    if (self->current == NULL)
        self->is_stuck = FALSE;
    pump(self);
}

/* Nobody is kept waiting while the journal is away. */
static void
answer_waiting(KwBooker *self)
{
    self->events.done(self->owner, self->current->order, g_steal_pointer(&self->current->task),
                      FALSE);
    for (GList *link = self->jobs.head; link != NULL; link = link->next) {
        Job *job = link->data;

        if (job->task != NULL)
            self->events.done(self->owner, job->order, g_steal_pointer(&job->task), FALSE);
    }
}

static void
keep_current(KwBooker *self)
{
    Job *job = self->current;
    gint64 delay_us = MIN(G_USEC_PER_SEC << MIN(self->n_retries, 6), MAX_BACKOFF_US);
    gboolean is_news = !self->is_stuck;

    self->n_retries++;
    self->is_stuck = TRUE;
    self->retry_timer = kw_clock_call_in(self->clock, delay_us, on_retry, self);
    if (is_news)
        self->events.alert(self->owner, "journal_failed", job->order);
    answer_waiting(self);
    pump(self);
}

/* -- the journal has it -- */

static void
commit(KwBooker *self, KwOrder *order)
{
    const KwSettlement *settlement = &self->settlement;
    g_autoptr(GError) error = NULL;

    *order = settlement->order;
    for (guint i = 0; i < settlement->n_fills; i++)
        (void) g_hash_table_add(self->exec_ids, g_strdup(settlement->fills[i].exec_id));
    if (settlement->is_void)
        (void) g_hash_table_insert(self->voided, g_memdup2(&order->trade_id, sizeof(gint64)),
                                   g_memdup2(&settlement->trade, sizeof settlement->trade));
    if (!kw_settlement_apply(settlement, self->portfolio, &error)) {
        kw_log_debug("fill could not be booked", "KW_ORDER", order->client_id, "KW_ERROR",
                     error->message);
        self->events.alert(self->owner, "fill_conflict", order);
    }
    if (settlement->has_conflict)
        self->events.alert(self->owner, "fill_conflict", order);
    self->events.booked(self->owner, order, settlement);
}

static void
on_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwBooker *self = user_data;
    /* the reference that start_job() took */
    G_GNUC_UNUSED g_autoptr(GObject) owner = self->owner;
    g_autoptr(GError) error = NULL;
    Job *job = self->current;
    gboolean was_stuck = self->is_stuck;

    if (kw_journal_append_finish(KW_JOURNAL(source), result, &error)) {
        self->n_retries = 0;
        commit(self, job->order);
    } else if (!g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS)) {
        kw_log_debug("report is not durable", "KW_ORDER", job->order->client_id, "KW_ERROR",
                     error->message);
        keep_current(self);
        return;
    } else {
        self->events.alert(self->owner, "fill_conflict", job->order);
    }
    self->is_stuck = FALSE;
    self->current = NULL;
    if (was_stuck)
        self->events.alert(self->owner, "journal_back", job->order);
    finish_job(self, job);
    pump(self);
}

/* -- a report -- */

/* A cancelled entry was taken for empty and then has a fill: its trade comes back. */
static void
reopen_trade(KwBooker *self, const Job *job)
{
    KwTrade *trade;

    if (job->report.n_fills == 0 || job->order->state != KW_ORDER_STATE_CANCELLED)
        return;
    trade = g_hash_table_lookup(self->voided, &job->order->trade_id);
    if (trade == NULL)
        return;
    trade->state = KW_TRADE_STATE_OPENING;
    (void) kw_portfolio_open_trade(self->portfolio, trade);
    (void) g_hash_table_remove(self->voided, &job->order->trade_id);
}

static void
start_job(KwBooker *self, Job *job)
{
    reopen_trade(self, job);
    switch (kw_settlement_prepare(&self->settlement, job->order, &job->report, self->portfolio,
                                  self->exec_ids, kw_clock_now_us(self->clock))) {
    case KW_SETTLEMENT_CHANGE:
        self->current = job;
        g_object_ref(self->owner);
        kw_journal_append_async(self->journal, kw_settlement_make_batch(&self->settlement),
                                NULL, on_durable, self);
        return;
    case KW_SETTLEMENT_CONFLICT:
        self->events.alert(self->owner, "fill_conflict", job->order);
        break;
    case KW_SETTLEMENT_NONE:
        break;
    }
    finish_job(self, job);
}

void
kw_booker_add(KwBooker *self, KwOrder *order, const KwBrokerReport *report, GTask *task)
{
    Job *job;

    g_return_if_fail(self != NULL && order != NULL && report != NULL);

    if (self->is_stuck && task != NULL)
        self->events.done(self->owner, order, g_steal_pointer(&task), FALSE);
    job = g_new(Job, 1);
    job->order = order;
    job->task = task;
    job->report = *report;
    g_queue_push_tail(&self->jobs, job);
    pump(self);
}

void
kw_booker_restore_fill(KwBooker *self, const gchar *exec_id)
{
    g_return_if_fail(self != NULL && exec_id != NULL);

    (void) g_hash_table_add(self->exec_ids, g_strdup(exec_id));
}

gboolean
kw_booker_is_stuck(const KwBooker *self)
{
    g_return_val_if_fail(self != NULL, TRUE);

    return self->is_stuck;
}

gboolean
kw_booker_has_news(const KwBooker *self, const KwOrder *order)
{
    g_return_val_if_fail(self != NULL, TRUE);

    if (self->current != NULL && self->current->order == order)
        return TRUE;
    for (const GList *link = self->jobs.head; link != NULL; link = link->next)
        if (((const Job *) link->data)->order == order)
            return TRUE;
    return FALSE;
}

gboolean
kw_booker_is_working(const KwBooker *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->current != NULL && !self->is_stuck;
}

KwBooker *
kw_booker_new(KwClock *clock,
              KwJournal *journal,
              KwPortfolio *portfolio,
              const KwBookerEvents *events,
              GObject *owner)
{
    KwBooker *self = g_new0(KwBooker, 1);

    self->clock = g_object_ref(clock);
    self->journal = g_object_ref(journal);
    self->portfolio = kw_portfolio_ref(portfolio);
    self->events = *events;
    self->owner = owner;
    self->exec_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->voided = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_queue_init(&self->jobs);
    return self;
}

void
kw_booker_free(KwBooker *self)
{
    if (self == NULL)
        return;
    kw_clock_cancel(self->clock, self->retry_timer);
    g_queue_clear_full(&self->jobs, (GDestroyNotify) job_free);
    g_clear_pointer(&self->current, job_free);
    g_hash_table_unref(self->voided);
    g_hash_table_unref(self->exec_ids);
    kw_portfolio_unref(self->portfolio);
    g_object_unref(self->journal);
    g_object_unref(self->clock);
    g_free(self);
}
