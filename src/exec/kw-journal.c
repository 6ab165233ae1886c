/* kw-journal.c: batches of records, and the port to where they are made durable
 *
 * A batch is one block of plain records: orders, fills and trades are copied by value, so
 * a batch can be handed to the writer thread without a shared byte. A record is as large as
 * its largest member (a trade); that is less work than one allocation for each record. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-journal.h"

#include <string.h>

#define USUAL_LENGTH 4 /* order, fill, trade, capital */

struct _KwBatch {
    KwRecord *records; /* owned; n_alloc of them, n_records in use */
    guint n_records;
    guint n_alloc;
};

static void
record_clear(KwRecord *record)
{
    switch (record->kind) {
    case KW_RECORD_AUDIT:
        g_clear_pointer(&record->u.audit.detail, g_free);
        break;
    case KW_RECORD_META:
    case KW_RECORD_MARK:
    case KW_RECORD_OUTBOX:
        g_clear_pointer(&record->u.pair.key, g_free);
        g_clear_pointer(&record->u.pair.value, g_free);
        g_clear_pointer(&record->u.pair.extra, g_free);
        break;
    case KW_RECORD_ORDER:
    case KW_RECORD_FILL:
    case KW_RECORD_TRADE:
    case KW_RECORD_SIGNAL:
    case KW_RECORD_CAPITAL:
    case KW_RECORD_LOCK:
    case KW_RECORD_EQUITY:
        break;
    }
}

/* @record is a plain copy of another one: what it owns has to become its own. */
static void
record_own(KwRecord *record)
{
    switch (record->kind) {
    case KW_RECORD_AUDIT:
        record->u.audit.detail = g_strdup(record->u.audit.detail);
        break;
    case KW_RECORD_META:
    case KW_RECORD_MARK:
    case KW_RECORD_OUTBOX:
        record->u.pair.key = g_strdup(record->u.pair.key);
        record->u.pair.value = g_strdup(record->u.pair.value);
        record->u.pair.extra = g_strdup(record->u.pair.extra);
        break;
    case KW_RECORD_ORDER:
    case KW_RECORD_FILL:
    case KW_RECORD_TRADE:
    case KW_RECORD_SIGNAL:
    case KW_RECORD_CAPITAL:
    case KW_RECORD_LOCK:
    case KW_RECORD_EQUITY:
        break;
    }
}

KwBatch *
kw_batch_new(void)
{
    return g_new0(KwBatch, 1);
}

KwBatch *
kw_batch_copy(const KwBatch *self)
{
    KwBatch *copy;

    g_return_val_if_fail(self != NULL, NULL);

    copy = kw_batch_new();
    if (self->n_records == 0)
        return copy;
    copy->n_records = copy->n_alloc = self->n_records;
    copy->records = g_memdup2(self->records, self->n_records * sizeof *self->records);
    for (guint i = 0; i < copy->n_records; i++)
        record_own(&copy->records[i]);
    return copy;
}

void
kw_batch_free(KwBatch *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->n_records; i++)
        record_clear(&self->records[i]);
    g_free(self->records);
    g_free(self);
}

guint
kw_batch_get_length(const KwBatch *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->n_records;
}

const KwRecord *
kw_batch_get(const KwBatch *self, guint index)
{
    g_return_val_if_fail(self != NULL && index < self->n_records, NULL);

    return &self->records[index];
}

static void
reserve(KwBatch *self, guint n_more)
{
    guint n_needed = self->n_records + n_more;

    if (n_needed <= self->n_alloc)
        return;
    self->n_alloc = MAX(n_needed, MAX(USUAL_LENGTH, 2 * self->n_alloc));
    self->records = g_renew(KwRecord, self->records, self->n_alloc);
}

/* A record of @kind at the end; the caller fills the member that belongs to it. */
static KwRecord *
append(KwBatch *self, KwRecordKind kind)
{
    KwRecord *record;

    reserve(self, 1);
    record = &self->records[self->n_records++];
    record->kind = kind;
    return record;
}

void
kw_batch_add_order(KwBatch *self, const KwOrder *order)
{
    g_return_if_fail(self != NULL && order != NULL);

    append(self, KW_RECORD_ORDER)->u.order = *order;
}

void
kw_batch_add_fill(KwBatch *self, const KwFill *fill)
{
    g_return_if_fail(self != NULL && fill != NULL);

    append(self, KW_RECORD_FILL)->u.fill = *fill;
}

void
kw_batch_add_trade(KwBatch *self, const KwTrade *trade)
{
    g_return_if_fail(self != NULL && trade != NULL);

    append(self, KW_RECORD_TRADE)->u.trade = *trade;
}

void
kw_batch_add_signal(KwBatch *self, const KwSignalRecord *signal)
{
    g_return_if_fail(self != NULL && signal != NULL);

    append(self, KW_RECORD_SIGNAL)->u.signal = *signal;
}

void
kw_batch_add_capital(KwBatch *self, const KwCapitalRecord *capital)
{
    g_return_if_fail(self != NULL && capital != NULL);

    append(self, KW_RECORD_CAPITAL)->u.capital = *capital;
}

void
kw_batch_add_lock(KwBatch *self, const KwLock *lock)
{
    g_return_if_fail(self != NULL && lock != NULL);

    append(self, KW_RECORD_LOCK)->u.lock = *lock;
}

void
kw_batch_add_equity(KwBatch *self, const KwEquityRecord *equity)
{
    g_return_if_fail(self != NULL && equity != NULL);

    append(self, KW_RECORD_EQUITY)->u.equity = *equity;
}

void
kw_batch_add_audit(KwBatch *self,
                   gint64 time_us,
                   KwMode mode,
                   const gchar *actor,
                   const gchar *action,
                   const gchar *detail)
{
    KwAuditRecord *audit;

    g_return_if_fail(self != NULL && actor != NULL && action != NULL);

    audit = &append(self, KW_RECORD_AUDIT)->u.audit;
    *audit = (KwAuditRecord){.time_us = time_us, .mode = mode, .detail = g_strdup(detail)};
    (void) g_strlcpy(audit->actor, actor, sizeof audit->actor);
    (void) g_strlcpy(audit->action, action, sizeof audit->action);
}

static void
add_pair(KwBatch *self,
         KwRecordKind kind,
         const gchar *key,
         const gchar *value,
         const gchar *extra,
         gint64 time_us)
{
    KwRecord *record = append(self, kind);

    record->u.pair.key = g_strdup(key);
    record->u.pair.value = g_strdup(value);
    record->u.pair.extra = g_strdup(extra);
    record->u.pair.time_us = time_us;
}

void
kw_batch_add_meta(KwBatch *self, const gchar *key, const gchar *value, gint64 time_us)
{
    g_return_if_fail(self != NULL && key != NULL && value != NULL);

    add_pair(self, KW_RECORD_META, key, value, NULL, time_us);
}

void
kw_batch_add_mark(
    KwBatch *self, const gchar *name, const gchar *date, KwMarkTiming timing, gint64 time_us)
{
    g_return_if_fail(self != NULL && name != NULL && date != NULL);

    add_pair(self, KW_RECORD_MARK, name, date, timing == KW_MARK_LATE ? "late" : NULL, time_us);
}

void
kw_batch_add_outbox(
    KwBatch *self, const gchar *key, const gchar *event_kind, const gchar *text, gint64 time_us)
{
    g_return_if_fail(self != NULL && key != NULL);

    add_pair(self, KW_RECORD_OUTBOX, key, text, event_kind, time_us);
}

void
kw_batch_set_signal_trade(KwBatch *self, gint64 trade_id)
{
    g_return_if_fail(self != NULL);

    for (guint i = 0; i < self->n_records; i++) {
        KwRecord *record = &self->records[i];

        if (record->kind == KW_RECORD_SIGNAL && record->u.signal.trade_id == 0)
            record->u.signal.trade_id = trade_id;
    }
}

void
kw_batch_take_all(KwBatch *self, KwBatch *other)
{
    g_return_if_fail(self != NULL && other != NULL && self != other);

    if (other->n_records == 0)
        return;
    if (self->n_records == 0) {
        KwBatch empty = *self;

        *self = *other;
        *other = empty;
        return;
    }
    reserve(self, other->n_records);
    memcpy(&self->records[self->n_records], other->records,
           other->n_records * sizeof *other->records);
    self->n_records += other->n_records;
    other->n_records = 0;
}

/* -- port -- */

G_DEFINE_INTERFACE(KwJournal, kw_journal, G_TYPE_OBJECT)

static void
kw_journal_default_init(KwJournalInterface *iface)
{
}

void
kw_journal_append_async(KwJournal *self,
                        KwBatch *batch,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
    g_return_if_fail(KW_IS_JOURNAL(self));
    g_return_if_fail(batch != NULL);

    KW_JOURNAL_GET_IFACE(self)->append_async(self, batch, cancellable, callback, user_data);
}

gboolean
kw_journal_append_finish(KwJournal *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(KW_IS_JOURNAL(self), FALSE);
    g_return_val_if_fail(error == NULL || *error == NULL, FALSE);

    return KW_JOURNAL_GET_IFACE(self)->append_finish(self, result, error);
}

void
kw_journal_hold(KwJournal *self)
{
    g_return_if_fail(KW_IS_JOURNAL(self));

    if (KW_JOURNAL_GET_IFACE(self)->hold != NULL)
        KW_JOURNAL_GET_IFACE(self)->hold(self);
}

void
kw_journal_release(KwJournal *self)
{
    g_return_if_fail(KW_IS_JOURNAL(self));

    if (KW_JOURNAL_GET_IFACE(self)->release != NULL)
        KW_JOURNAL_GET_IFACE(self)->release(self);
}
