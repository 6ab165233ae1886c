/* kw-group-journal.c: group commit for replays
 *
 * A replay makes a year's orders in a second, and each order is two transactions with a sync
 * each; nearly all its time would be waiting for the disk. Here the records of many orders
 * share a sync. They are joined into one batch, so a crash leaves all of a group or nothing of
 * it, and groups follow one another in order: what is on disk is always a state that the replay
 * went through. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-group-journal.h"

#define MAX_GATHERED 256 /* records; more wait for the disk */

struct _KwGroupJournal {
    GObject parent_instance;

    KwJournal *store;     /* owned */
    KwJournal *early;     /* owned; borrows this object */
    KwBatch *gathered;    /* owned; for the next transaction */
    GPtrArray *waiting;   /* owned; GTask: those of the gathered batches */
    GPtrArray *in_flight; /* owned; GTask: those of the transaction under way */
    gboolean is_writing;
    GError *error; /* owned; after the failure */
};

enum { SIGNAL_FAILED, N_SIGNALS };
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

static void
fail(KwGroupJournal *self, GError *error)
{
    self->error = error;
    g_clear_pointer(&self->gathered, kw_batch_free);
    self->gathered = kw_batch_new();
    answer(self->in_flight, self->error);
    answer(self->waiting, self->error);
    g_signal_emit(self, signals[SIGNAL_FAILED], 0, self->error);
}

static void
on_stored(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwGroupJournal) self = user_data;
    GError *error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error)) {
        self->is_writing = FALSE;
        fail(self, error);
        return;
    }
    answer(self->in_flight, NULL); /* what these append is gathered for the next one */
    self->is_writing = FALSE;
    write_gathered(self);
}

static void
write_gathered(KwGroupJournal *self)
{
    GPtrArray *tasks = self->waiting;

    if (self->is_writing)
        return;
    if (kw_batch_get_length(self->gathered) == 0) {
        answer(self->waiting, NULL);
        return;
    }
    self->is_writing = TRUE;
    self->waiting = self->in_flight;
    self->in_flight = tasks;
    kw_journal_append_async(self->store, g_steal_pointer(&self->gathered), NULL, on_stored,
                            g_object_ref(self));
    self->gathered = kw_batch_new();
}

typedef enum { ANSWER_DURABLE, ANSWER_EARLY } AnswerTime;

static void
gather(KwGroupJournal *self, KwBatch *batch, GTask *task, AnswerTime when)
{
    g_autoptr(KwBatch) records = batch;

    if (self->error != NULL) {
        g_task_return_error(task, g_error_copy(self->error));
        return;
    }
    kw_batch_take_all(self->gathered, records);
    if (when == ANSWER_EARLY && kw_batch_get_length(self->gathered) < MAX_GATHERED)
        g_task_return_boolean(task, TRUE);
    else
        g_ptr_array_add(self->waiting, g_object_ref(task));
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
journal_init(KwJournalInterface *iface)
{
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
