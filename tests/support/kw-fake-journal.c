/* kw-fake-journal.c: a journal in memory
 *
 * Keeps every committed batch, so a test can build the state after a restart from exactly
 * what was durable, and can look at the order of the transactions. */
#include "kw-fake-journal.h"

#include <string.h>

struct _KwFakeJournal {
    GObject parent_instance;

    GPtrArray *batches;   /* owned KwBatch */
    GHashTable *exec_ids; /* set of owned text */
    GQueue held;          /* owned GTask, the batch is its task data */
    gboolean is_holding, is_dead;
    guint n_good, n_bad;
    KwStoreError code;
};

static void iface_init(KwJournalInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwFakeJournal,
                              kw_fake_journal,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_JOURNAL, iface_init))

static gboolean
repeats_fill(KwFakeJournal *self, const KwBatch *batch)
{
    for (guint i = 0; i < kw_batch_get_length(batch); i++) {
        const KwRecord *record = kw_batch_get(batch, i);

        if (record->kind == KW_RECORD_FILL &&
            g_hash_table_contains(self->exec_ids, record->u.fill.exec_id))
            return TRUE;
    }
    return FALSE;
}

static void
keep(KwFakeJournal *self, KwBatch *source)
{
    KwBatch *batch = kw_batch_new();

    kw_batch_take_all(batch, source);
    for (guint i = 0; i < kw_batch_get_length(batch); i++) {
        const KwRecord *record = kw_batch_get(batch, i);

        if (record->kind == KW_RECORD_FILL)
            (void) g_hash_table_add(self->exec_ids, g_strdup(record->u.fill.exec_id));
    }
    g_ptr_array_add(self->batches, batch);
}

static void
serve(KwFakeJournal *self, GTask *task)
{
    KwBatch *batch = g_task_get_task_data(task);

    if (self->is_dead) {
        g_task_return_new_error(task, KW_STORE_ERROR, KW_STORE_ERROR_IO, "process is dead");
        return;
    }
    if (self->n_good > 0) {
        self->n_good--;
    } else if (self->n_bad > 0) {
        self->n_bad--;
        g_task_return_new_error(task, KW_STORE_ERROR, (gint) self->code, "made to fail");
        return;
    }
    if (repeats_fill(self, batch)) {
        g_task_return_new_error(task, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS, "known exec_id");
        return;
    }
    keep(self, batch);
    g_task_return_boolean(task, TRUE);
}

static void
append_async(KwJournal *journal,
             KwBatch *batch,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwFakeJournal *self = KW_FAKE_JOURNAL(journal);
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);

    g_task_set_source_tag(task, append_async);
    g_task_set_task_data(task, batch, (GDestroyNotify) kw_batch_free);
    if (self->is_holding)
        g_queue_push_tail(&self->held, g_steal_pointer(&task));
    else
        serve(self, task);
}

static gboolean
append_finish(KwJournal *journal, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, journal), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

/* -- what the test sets -- */

KwFakeJournal *
kw_fake_journal_new(void)
{
    return g_object_new(KW_TYPE_FAKE_JOURNAL, NULL);
}

void
kw_fake_journal_fail(KwFakeJournal *self, guint n_good, guint n_bad, KwStoreError code)
{
    self->n_good = n_good;
    self->n_bad = n_bad;
    self->code = code;
}

void
kw_fake_journal_hold(KwFakeJournal *self)
{
    self->is_holding = TRUE;
}

void
kw_fake_journal_release_one(KwFakeJournal *self)
{
    g_autoptr(GTask) task = g_queue_pop_head(&self->held);

    if (task != NULL)
        serve(self, task);
}

void
kw_fake_journal_release_all(KwFakeJournal *self)
{
    self->is_holding = FALSE;
    while (!g_queue_is_empty(&self->held))
        kw_fake_journal_release_one(self);
}

guint
kw_fake_journal_get_n_held(KwFakeJournal *self)
{
    return g_queue_get_length(&self->held);
}

void
kw_fake_journal_kill(KwFakeJournal *self)
{
    self->is_dead = TRUE;
    kw_fake_journal_release_all(self);
}

void
kw_fake_journal_revive(KwFakeJournal *self)
{
    self->is_dead = FALSE;
}

/* -- what it holds -- */

guint
kw_fake_journal_get_n_batches(KwFakeJournal *self)
{
    return self->batches->len;
}

const KwBatch *
kw_fake_journal_get_batch(KwFakeJournal *self, guint index)
{
    return g_ptr_array_index(self->batches, index);
}

/* All records of @kind, oldest first */
static GPtrArray *
list_kind(KwFakeJournal *self, KwRecordKind kind)
{
    GPtrArray *records = g_ptr_array_new();

    for (guint b = 0; b < self->batches->len; b++) {
        const KwBatch *batch = g_ptr_array_index(self->batches, b);

        for (guint i = 0; i < kw_batch_get_length(batch); i++) {
            const KwRecord *record = kw_batch_get(batch, i);

            if (record->kind == kind)
                g_ptr_array_add(records, (gpointer) record);
        }
    }
    return records;
}

guint
kw_fake_journal_count(KwFakeJournal *self, KwRecordKind kind)
{
    g_autoptr(GPtrArray) records = list_kind(self, kind);

    return records->len;
}

static gboolean
is_same_order(gconstpointer a, gconstpointer b)
{
    return strcmp(((const KwOrder *) a)->client_id, ((const KwOrder *) b)->client_id) == 0;
}

static gboolean
is_same_trade(gconstpointer a, gconstpointer b)
{
    return ((const KwTrade *) a)->id == ((const KwTrade *) b)->id;
}

/* The last value of each identity */
static GPtrArray *
list_latest(KwFakeJournal *self, KwRecordKind kind, GEqualFunc is_same)
{
    g_autoptr(GPtrArray) records = list_kind(self, kind);
    GPtrArray *latest = g_ptr_array_new();
    guint index;

    for (guint i = 0; i < records->len; i++) {
        KwRecord *record = g_ptr_array_index(records, i);

        if (g_ptr_array_find_with_equal_func(latest, &record->u, is_same, &index))
            latest->pdata[index] = &record->u;
        else
            g_ptr_array_add(latest, &record->u);
    }
    return latest;
}

GPtrArray *
kw_fake_journal_list_orders(KwFakeJournal *self)
{
    return list_latest(self, KW_RECORD_ORDER, is_same_order);
}

GPtrArray *
kw_fake_journal_list_trades(KwFakeJournal *self)
{
    return list_latest(self, KW_RECORD_TRADE, is_same_trade);
}

GPtrArray *
kw_fake_journal_list_fills(KwFakeJournal *self)
{
    GPtrArray *records = list_kind(self, KW_RECORD_FILL);

    for (guint i = 0; i < records->len; i++)
        records->pdata[i] = &((KwRecord *) records->pdata[i])->u.fill;
    return records;
}

const KwOrder *
kw_fake_journal_find_order(KwFakeJournal *self, const gchar *client_id)
{
    g_autoptr(GPtrArray) orders = kw_fake_journal_list_orders(self);

    for (guint i = 0; i < orders->len; i++) {
        const KwOrder *order = g_ptr_array_index(orders, i);

        if (strcmp(order->client_id, client_id) == 0)
            return order;
    }
    return NULL;
}

const KwTrade *
kw_fake_journal_find_trade(KwFakeJournal *self, gint64 trade_id)
{
    g_autoptr(GPtrArray) trades = kw_fake_journal_list_trades(self);

    for (guint i = 0; i < trades->len; i++) {
        const KwTrade *trade = g_ptr_array_index(trades, i);

        if (trade->id == trade_id)
            return trade;
    }
    return NULL;
}

const gchar *
kw_fake_journal_find_meta(KwFakeJournal *self, const gchar *key)
{
    for (guint i = self->batches->len; i > 0; i--) {
        const KwBatch *batch = self->batches->pdata[i - 1];

        for (guint j = kw_batch_get_length(batch); j > 0; j--) {
            const KwRecord *record = kw_batch_get(batch, j - 1);

            if (record->kind == KW_RECORD_META && strcmp(record->u.pair.key, key) == 0)
                return record->u.pair.value;
        }
    }
    return NULL;
}

/* -- class -- */

static void
kw_fake_journal_finalize(GObject *object)
{
    KwFakeJournal *self = KW_FAKE_JOURNAL(object);

    g_queue_clear_full(&self->held, g_object_unref);
    g_clear_pointer(&self->batches, g_ptr_array_unref);
    g_clear_pointer(&self->exec_ids, g_hash_table_unref);

    G_OBJECT_CLASS(kw_fake_journal_parent_class)->finalize(object);
}

static void
kw_fake_journal_class_init(KwFakeJournalClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_fake_journal_finalize;
}

static void
kw_fake_journal_init(KwFakeJournal *self)
{
    self->batches = g_ptr_array_new_with_free_func((GDestroyNotify) kw_batch_free);
    self->exec_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&self->held);
}

static void
iface_init(KwJournalInterface *iface)
{
    iface->append_async = append_async;
    iface->append_finish = append_finish;
}
