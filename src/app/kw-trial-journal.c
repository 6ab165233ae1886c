#include "kw-trial-journal.h"

struct _KwTrialJournal {
    GObject parent_instance;

    gchar *root; /* owned */
};

static void iface_init(KwJournalInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwTrialJournal,
                              kw_trial_journal,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_JOURNAL, iface_init))

static gboolean
write_intent(KwTrialJournal *self, const KwOrder *order, GError **error)
{
    gchar amount[KW_DECIMAL_TEXT_SIZE], price[KW_DECIMAL_TEXT_SIZE];
    KwEvidence row = {
        .time_us = order->updated_us,
        .kind = KW_EVIDENCE_ORDER_BEGUN,
        .is_good = TRUE,
    };

    g_strlcpy(row.subject, order->client_id, sizeof row.subject);
    g_snprintf(row.detail, sizeof row.detail, "%s %s %s %s @ %s", order->pair,
               kw_side_to_string(order->side), kw_order_type_to_string(order->type),
               kw_decimal_to_text(order->amount, amount),
               kw_decimal_to_text(order->price, price));
    return kw_evidence_add(self->root, &row, error);
}

static void
append_async(KwJournal *journal,
             KwBatch *batch,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(journal, cancellable, callback, user_data);
    g_autoptr(KwBatch) records = batch;
    GError *error = NULL;

    for (guint i = 0; error == NULL && i < kw_batch_get_length(records); i++) {
        const KwRecord *record = kw_batch_get(records, i);

        if (record->kind == KW_RECORD_ORDER && record->u.order.state == KW_ORDER_STATE_INTENT)
            (void) write_intent(KW_TRIAL_JOURNAL(journal), &record->u.order, &error);
    }
    if (error != NULL)
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
}

static gboolean
append_finish(KwJournal *journal, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, journal), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

KwTrialJournal *
kw_trial_journal_new(const gchar *root)
{
    KwTrialJournal *self = g_object_new(KW_TYPE_TRIAL_JOURNAL, NULL);

    self->root = g_strdup(root);
    return self;
}

static void
kw_trial_journal_finalize(GObject *object)
{
    g_free(KW_TRIAL_JOURNAL(object)->root);

    G_OBJECT_CLASS(kw_trial_journal_parent_class)->finalize(object);
}

static void
kw_trial_journal_class_init(KwTrialJournalClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_trial_journal_finalize;
}

static void
kw_trial_journal_init(KwTrialJournal *self)
{
}

static void
iface_init(KwJournalInterface *iface)
{
    iface->append_async = append_async;
    iface->append_finish = append_finish;
}
