/* kw-writer.c: the writer thread of a database
 *
 * Jobs are grouped, because a transaction costs more than the rows in it: one sync serves all
 * jobs that came while the last group was written, or while the thread lingered. A lingering
 * thread sleeps through the jobs that come meanwhile: waking it for each would cost more than
 * the job. Only a flush, the end or a full group wake it. Finished tasks go back to the main
 * context in one source per group; they are released there as well, so that the last reference
 * on a store is never dropped on its own thread. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-writer.h"

#include "kw-clock.h"

#define MAX_GROUP 512 /* jobs */

struct _KwWriter {
    KwWriterSetup setup;
    GMainContext *context; /* owned; where tasks complete */
    GAsyncQueue *queue;    /* owned; KwJob */
    GThread *thread;       /* owned */
    KwJob stop;            /* tells the thread to end */
    guint backlog;         /* atomic */
    guint n_holds;         /* of the queue, by the thread that pushes */
    guint *n_owed;         /* counted; jobs that somebody waits for; of the main context */
    GMutex lock;           /* of what is below */
    GCond is_wanted;
    gboolean is_urgent; /* do not linger */
};

/* -- completion, on the main context -- */

static gboolean
complete_jobs(gpointer user_data)
{
    GPtrArray *jobs = user_data;

    for (guint i = 0; i < jobs->len; i++) {
        KwJob *job = g_ptr_array_index(jobs, i);

        if (job->error != NULL)
            g_task_return_error(job->task, g_steal_pointer(&job->error));
        else
            g_task_return_boolean(job->task, TRUE);
        if (job->n_owed != NULL)
            --*job->n_owed;
    }
    return G_SOURCE_REMOVE;
}

static void
free_job(gpointer data)
{
    KwJob *job = data;

    g_clear_object(&job->task);
    g_clear_error(&job->error);
    g_clear_pointer(&job->n_owed, g_atomic_rc_box_release);
    g_free(job);
}

/* -- the thread -- */

static void
deliver(KwWriter *self, GPtrArray *group)
{
    g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func(free_job);
    GSource *source;

    for (guint i = 0; i < group->len; i++) {
        KwJob *job = g_ptr_array_index(group, i);

        (void) g_atomic_int_add(&self->backlog, -(gint) job->weight);
        if (job->payload != NULL)
            self->setup.free_payload(g_steal_pointer(&job->payload));
        if (job->task != NULL)
            g_ptr_array_add(done, job);
        else
            free_job(job);
    }
    g_ptr_array_set_size(group, 0);
    if (done->len == 0)
        return;
    source = g_idle_source_new();
    /* before what has come meanwhile: an order waits for it */
    g_source_set_priority(source, G_PRIORITY_HIGH);
    g_source_set_callback(source, complete_jobs, g_steal_pointer(&done),
                          (GDestroyNotify) g_ptr_array_unref);
    (void) g_source_attach(source, self->context);
    g_source_unref(source);
}

/* Lets jobs gather, unless somebody waits. */
static void
linger(KwWriter *self)
{
    gint64 end_us = kw_stopwatch_us() + (gint64) self->setup.linger_us;

    g_mutex_lock(&self->lock);
    while (!self->is_urgent && g_cond_wait_until(&self->is_wanted, &self->lock, end_us))
        continue;
    self->is_urgent = FALSE;
    g_mutex_unlock(&self->lock);
}

static void
hurry(KwWriter *self)
{
    g_mutex_lock(&self->lock);
    self->is_urgent = TRUE;
    g_cond_signal(&self->is_wanted);
    g_mutex_unlock(&self->lock);
}

/* Returns: %FALSE when the thread shall end after this group */
static gboolean
collect(KwWriter *self, GPtrArray *group)
{
    KwJob *job = g_async_queue_pop(self->queue);
    guint weight = 0;

    if (self->setup.linger_us > 0 && job != &self->stop && !job->is_flush)
        linger(self);
    while (job != NULL && job != &self->stop) {
        g_ptr_array_add(group, job);
        weight += job->weight;
        if (!job->is_joined &&
            (job->is_flush || weight >= self->setup.max_weight || group->len >= MAX_GROUP))
            return TRUE;
        job = g_async_queue_try_pop(self->queue);
    }
    return job != &self->stop;
}

static gpointer
run_thread(gpointer data)
{
    g_autoptr(GPtrArray) group = g_ptr_array_new();
    gboolean goes_on = TRUE;
    KwWriter *self = data;

    while (goes_on) {
        goes_on = collect(self, group);
        if (group->len == 0)
            continue;
        self->setup.run((KwJob *const *) group->pdata, group->len, self->setup.user_data);
        deliver(self, group);
    }
    return NULL;
}

/* -- public -- */

KwWriter *
kw_writer_new(const KwWriterSetup *setup)
{
    KwWriter *self;

    g_return_val_if_fail(setup != NULL && setup->run != NULL, NULL);

    self = g_new0(KwWriter, 1);
    self->setup = *setup;
    self->context = g_main_context_ref_thread_default();
    self->queue = g_async_queue_new();
    self->n_owed = g_atomic_rc_box_new0(guint);
    g_mutex_init(&self->lock);
    g_cond_init(&self->is_wanted);
    self->thread = g_thread_new(setup->name, run_thread, self);
    return self;
}

void
kw_writer_free(KwWriter *self)
{
    if (self == NULL)
        return;
    g_async_queue_push(self->queue, &self->stop);
    hurry(self);
    (void) g_thread_join(self->thread);
    g_mutex_clear(&self->lock);
    g_cond_clear(&self->is_wanted);
    g_async_queue_unref(self->queue);
    g_atomic_rc_box_release(self->n_owed);
    g_main_context_unref(self->context);
    g_free(self);
}

static void
push_job(KwWriter *self, KwJob job)
{
    guint before = (guint) g_atomic_int_add(&self->backlog, (gint) job.weight);

    /* whoever waits for jobs that linger flushes them */
    if (job.task != NULL && (job.is_flush || self->setup.linger_us == 0)) {
        job.n_owed = g_atomic_rc_box_acquire(self->n_owed);
        ++*job.n_owed;
    }
    job.is_joined = self->n_holds > 0;
    if (job.is_joined)
        g_async_queue_push_unlocked(self->queue, g_memdup2(&job, sizeof job));
    else
        g_async_queue_push(self->queue, g_memdup2(&job, sizeof job));
    if (job.is_flush || before + job.weight >= self->setup.max_weight)
        hurry(self);
}

void
kw_writer_push(KwWriter *self, gpointer payload, guint weight, GTask *task)
{
    g_return_if_fail(self != NULL && payload != NULL);

    push_job(self, (KwJob){.payload = payload, .weight = weight, .task = task});
}

void
kw_writer_hold(KwWriter *self)
{
    g_return_if_fail(self != NULL);

    if (self->n_holds++ == 0)
        g_async_queue_lock(self->queue);
}

void
kw_writer_release(KwWriter *self)
{
    g_return_if_fail(self != NULL && self->n_holds > 0);

    if (--self->n_holds == 0)
        g_async_queue_unlock(self->queue);
}

void
kw_writer_flush(KwWriter *self, GTask *task)
{
    g_return_if_fail(self != NULL && task != NULL);

    push_job(self, (KwJob){.task = task, .is_flush = TRUE});
}

guint
kw_writer_get_backlog(KwWriter *self)
{
    return (guint) g_atomic_int_get(&self->backlog);
}

gboolean
kw_writer_owes_answer(KwWriter *self)
{
    return *self->n_owed > 0;
}
