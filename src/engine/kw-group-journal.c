/* kw-group-journal.c: group commit for a venue in this process
 *
 * A replay makes a year's orders in a second, and each order is two transactions with a sync
 * each; nearly all its time would be waiting for the disk. Here the records of many orders
 * share a sync. They are joined into one batch, so a crash leaves all of a group or nothing of
 * it, and groups follow one another in order: what is on disk is always a state that the replay
 * went through.
 *
 * Each transaction is written from a copy, because memory is ahead of the disk: what was not
 * taken must not be lost while the process lives. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-group-journal.h"

#include "kw-error.h"

#define MAX_GATHERED 128 /* records; then it is time to wait for the disk */
#define MAX_KEPT 20000   /* records; while the store fails, more are refused */

struct _KwGroupJournal {
    GObject parent_instance;

    KwJournal *store;     /* owned */
    KwJournal *early;     /* owned; borrows this object */
    KwBatch *gathered;    /* owned; for the next transaction */
    GPtrArray *waiting;   /* owned; GTask: those of the gathered batches */
    GPtrArray *in_flight; /* owned; GTask: those of the transaction under way */
    KwBatch *written;     /* owned; copy of what is in the transaction under way */
    gboolean is_writing;
    guint n_holds;
    gboolean is_dead;
    GError *error; /* owned; since the failure, until what failed is durable */
};

/* What a task waits for; its task data */
typedef enum {
    WAIT_FOR_ANSWER,  /* hears of a failure at once */
    WAIT_FOR_DURABLE, /* has nothing to do before the store is back */
} Wait;

enum { SIGNAL_FAILED, SIGNAL_RECOVERED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void journal_init(KwJournalInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwGroupJournal,
                              kw_group_journal,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_JOURNAL, journal_init))

#define KW_TYPE_EARLY_JOURNAL (kw_early_journal_get_type())
G_DECLARE_FINAL_TYPE(KwEarlyJournal, kw_early_journal, KW, EARLY_JOURNAL, GObject)

struct _KwEarlyJournal {
    GObject parent_instance;

    KwGroupJournal *group; /* borrowed: it owns this object */
};

static void early_init(KwJournalInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwEarlyJournal,
                              kw_early_journal,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_JOURNAL, early_init))

/* -- one transaction after the other -- */

static void write_gathered(KwGroupJournal *self);

/* Answers all of @tasks, in their order, and empties the list. */
static void
answer(GPtrArray *tasks, const GError *error)
{
    gsize n;
    gpointer *list = g_ptr_array_steal(tasks, &n);

    for (gsize i = 0; i < n; i++) {
        g_autoptr(GTask) task = list[i];

        if (error != NULL)
            g_task_return_error(task, g_error_copy(error));
        else
            g_task_return_boolean(task, TRUE);
    }
    g_free(list);
}

/* Answers with the error who hears of it at once; the others of the waiting remain. */
static void
answer_hurried(KwGroupJournal *self)
{
    g_autoptr(GPtrArray) hurried = g_ptr_array_new_with_free_func(g_object_unref);
    g_autoptr(GPtrArray) tasks = self->waiting;

    self->waiting = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < tasks->len; i++) {
        GTask *task = g_ptr_array_index(tasks, i);
        gboolean is_hurried = GPOINTER_TO_INT(g_task_get_task_data(task)) == WAIT_FOR_ANSWER;

        g_ptr_array_add(is_hurried ? hurried : self->waiting, g_object_ref(task));
    }
    answer(hurried, self->error);
}

static void
die(KwGroupJournal *self)
{
    self->is_dead = TRUE;
    g_clear_pointer(&self->gathered, kw_batch_free);
    self->gathered = kw_batch_new();
    answer(self->in_flight, self->error);
    answer(self->waiting, self->error);
}

/* Full or locked may pass by itself; anything else says that rows and memory disagree. */
static gboolean
may_pass(const GError *error)
{
    return g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_FULL) ||
           g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_BUSY);
}

/* What was under way comes before what was gathered meanwhile. */
static void
take_back(KwGroupJournal *self)
{
    GPtrArray *later = self->waiting;

    kw_batch_take_all(self->written, self->gathered);
    g_clear_pointer(&self->gathered, kw_batch_free);
    self->gathered = g_steal_pointer(&self->written);
    self->waiting = self->in_flight;
    g_ptr_array_extend_and_steal(self->waiting, later);
    self->in_flight = g_ptr_array_new_with_free_func(g_object_unref);
}

static void
fail(KwGroupJournal *self, GError *error)
{
    g_clear_error(&self->error);
    self->error = error;
    if (may_pass(error)) {
        take_back(self);
        answer_hurried(self);
    } else {
        die(self);
    }
    g_signal_emit(self, signals[SIGNAL_FAILED], 0, self->error);
}

static void
on_stored(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwGroupJournal) self = user_data;
    gboolean was_failing = self->error != NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_stored = kw_journal_append_finish(KW_JOURNAL(source), result, &error);

    if (self->is_dead)
        return;
    if (!is_stored) {
        self->is_writing = FALSE;
        fail(self, g_steal_pointer(&error));
        return;
    }
    g_clear_pointer(&self->written, kw_batch_free);
    g_clear_error(&self->error);
    answer(self->in_flight, NULL); /* what these append is gathered for the next one */
    self->is_writing = FALSE;
    if (was_failing)
        g_signal_emit(self, signals[SIGNAL_RECOVERED], 0);
    write_gathered(self);
}

static void
write_gathered(KwGroupJournal *self)
{
    GPtrArray *tasks = self->waiting;

    if (self->is_writing || self->n_holds > 0)
        return;
    if (kw_batch_get_length(self->gathered) == 0) {
        answer(self->waiting, NULL);
        return;
    }
    self->is_writing = TRUE;
    self->waiting = self->in_flight;
    self->in_flight = tasks;
    self->written = kw_batch_copy(self->gathered);
    kw_journal_append_async(self->store, g_steal_pointer(&self->gathered), NULL, on_stored,
                            g_object_ref(self));
    self->gathered = kw_batch_new();
}

typedef enum { ANSWER_DURABLE, ANSWER_EARLY } AnswerTime;

/* Room for more, or in the middle of what belongs together */
static gboolean
may_answer_early(const KwGroupJournal *self)
{
    return self->n_holds > 0 ||
           (self->error == NULL && kw_batch_get_length(self->gathered) < MAX_GATHERED);
}

/* While the store fails */
static void
keep_for_retry(KwGroupJournal *self, KwBatch *batch, GTask *task)
{
    if (kw_batch_get_length(self->gathered) < MAX_KEPT)
        kw_batch_take_all(self->gathered, batch);
    if (GPOINTER_TO_INT(g_task_get_task_data(task)) == WAIT_FOR_ANSWER)
        g_task_return_error(task, g_error_copy(self->error));
    else
        g_ptr_array_add(self->waiting, g_object_ref(task));
}

static void
gather(KwGroupJournal *self, KwBatch *batch, GTask *task, AnswerTime when)
{
    g_autoptr(KwBatch) records = batch;
    gboolean is_patient = when == ANSWER_EARLY || kw_batch_get_length(records) == 0;

    g_task_set_task_data(task, GINT_TO_POINTER(is_patient ? WAIT_FOR_DURABLE : WAIT_FOR_ANSWER),
                         NULL);
    if (self->is_dead) {
        g_task_return_error(task, g_error_copy(self->error));
        return;
    }
    if (self->error != NULL && !(when == ANSWER_EARLY && self->n_holds > 0)) {
        keep_for_retry(self, records, task);
        return;
    }
    kw_batch_take_all(self->gathered, records);
    if (when == ANSWER_EARLY && may_answer_early(self))
        g_task_return_boolean(task, TRUE);
    else
        g_ptr_array_add(self->waiting, g_object_ref(task));
    if (self->error == NULL)
        write_gathered(self);
}

/* -- the two ways in -- */

static void
append_async(KwJournal *journal,
             KwBatch *batch,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(journal, cancellable, callback, user_data);

    g_task_set_source_tag(task, append_async);
    g_task_set_check_cancellable(task, FALSE);
    gather(KW_GROUP_JOURNAL(journal), batch, task, ANSWER_DURABLE);
}

static void
append_early_async(KwJournal *journal,
                   KwBatch *batch,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(journal, cancellable, callback, user_data);

    g_task_set_source_tag(task, append_early_async);
    g_task_set_check_cancellable(task, FALSE);
    gather(KW_EARLY_JOURNAL(journal)->group, batch, task, ANSWER_EARLY);
}

static gboolean
append_finish(KwJournal *journal, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, journal), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

static void
journal_hold(KwJournal *journal)
{
    kw_group_journal_hold(KW_GROUP_JOURNAL(journal));
}

static void
journal_release(KwJournal *journal)
{
    kw_group_journal_release(KW_GROUP_JOURNAL(journal));
}

static void
journal_init(KwJournalInterface *iface)
{
    iface->hold = journal_hold;
    iface->release = journal_release;
    iface->append_async = append_async;
    iface->append_finish = append_finish;
}

static void
early_init(KwJournalInterface *iface)
{
    iface->append_async = append_early_async;
    iface->append_finish = append_finish;
}

/* -- objects -- */

KwGroupJournal *
kw_group_journal_new(KwJournal *store)
{
    KwGroupJournal *self = g_object_new(KW_TYPE_GROUP_JOURNAL, NULL);

    g_return_val_if_fail(KW_IS_JOURNAL(store), self);

    self->store = g_object_ref(store);
    return self;
}

KwJournal *
kw_group_journal_get_early(KwGroupJournal *self)
{
    g_return_val_if_fail(KW_IS_GROUP_JOURNAL(self), NULL);

    return self->early;
}

void
kw_group_journal_hold(KwGroupJournal *self)
{
    g_return_if_fail(KW_IS_GROUP_JOURNAL(self));

    self->n_holds++;
}

void
kw_group_journal_release(KwGroupJournal *self)
{
    g_return_if_fail(KW_IS_GROUP_JOURNAL(self));

    g_return_if_fail(self->n_holds > 0);

    if (--self->n_holds > 0)
        return;
    if (self->error == NULL)
        write_gathered(self);
}

gboolean
kw_group_journal_is_crowded(KwGroupJournal *self)
{
    g_return_val_if_fail(KW_IS_GROUP_JOURNAL(self), FALSE);

    return self->error != NULL || kw_batch_get_length(self->gathered) >= MAX_GATHERED;
}

void
kw_group_journal_retry(KwGroupJournal *self)
{
    g_return_if_fail(KW_IS_GROUP_JOURNAL(self));

    if (self->error != NULL && !self->is_dead)
        write_gathered(self);
}

void
kw_group_journal_give_up(KwGroupJournal *self)
{
    g_return_if_fail(KW_IS_GROUP_JOURNAL(self));

    if (self->is_dead)
        return;
    if (self->error == NULL)
        self->error =
            g_error_new_literal(KW_STORE_ERROR, KW_STORE_ERROR_OPEN, "the journal is closed");
    die(self);
}

gboolean
kw_group_journal_is_dead(KwGroupJournal *self)
{
    g_return_val_if_fail(KW_IS_GROUP_JOURNAL(self), TRUE);

    return self->is_dead;
}

gboolean
kw_group_journal_is_clean(KwGroupJournal *self)
{
    g_return_val_if_fail(KW_IS_GROUP_JOURNAL(self), FALSE);

    return !self->is_writing && self->error == NULL;
}

static void
kw_early_journal_class_init(KwEarlyJournalClass *klass)
{
    (void) klass;
}

static void
kw_early_journal_init(KwEarlyJournal *self)
{
    (void) self;
}

static void
kw_group_journal_finalize(GObject *object)
{
    KwGroupJournal *self = KW_GROUP_JOURNAL(object);

    g_clear_object(&self->store);
    g_clear_object(&self->early);
    g_clear_pointer(&self->gathered, kw_batch_free);
    g_clear_pointer(&self->written, kw_batch_free);
    g_clear_pointer(&self->waiting, g_ptr_array_unref);
    g_clear_pointer(&self->in_flight, g_ptr_array_unref);
    g_clear_error(&self->error);

    G_OBJECT_CLASS(kw_group_journal_parent_class)->finalize(object);
}

static void
kw_group_journal_class_init(KwGroupJournalClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_group_journal_finalize;

    signals[SIGNAL_FAILED] = g_signal_new("failed", KW_TYPE_GROUP_JOURNAL, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_RECOVERED] =
        g_signal_new("recovered", KW_TYPE_GROUP_JOURNAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 0);
}

static void
kw_group_journal_init(KwGroupJournal *self)
{
    KwEarlyJournal *early = g_object_new(KW_TYPE_EARLY_JOURNAL, NULL);

    early->group = self;
    self->early = KW_JOURNAL(early);
    self->gathered = kw_batch_new();
    self->waiting = g_ptr_array_new_with_free_func(g_object_unref);
    self->in_flight = g_ptr_array_new_with_free_func(g_object_unref);
}
