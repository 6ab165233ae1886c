/* kw-journal.h: port for what must be durable: batches of records, one transaction each */
#pragma once

#include "kw-lock.h"
#include "kw-trade.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwSignalRecord:
 * @action: "enter", "exit", "rejected"
 * @reason: risk reason or exit reason; "" when taken without one
 * @confidence: 0..1 or NaN
 * @tier: "none", "low", "medium", "high" of a confidence; "" without one
 */
typedef struct {
    gchar pair[KW_PAIR_NAME_SIZE];
    KwMode mode;
    gint64 candle_us;
    KwSide side;
    gdouble price;
    gdouble confidence;
    gchar tier[8];
    gchar action[16];
    gchar reason[KW_REASON_SIZE];
    gchar tag[KW_REASON_SIZE];
    gchar regime[KW_REASON_SIZE];
    gchar strategy[KW_NAME_SIZE];
    gchar strategy_hash[KW_HASH_SIZE];
    gchar model[KW_NAME_SIZE];
    gint64 trade_id; /* 0 when none came of it */
} KwSignalRecord;

/* kind: "start", "deposit", "withdrawal", "entry", "exit"; amount changes the cash */
typedef struct {
    gint64 time_us;
    KwMode mode;
    gchar kind[16];
    KwDecimal amount;
    KwDecimal cash_after;
    gint64 trade_id;
} KwCapitalRecord;

/* one point of the equity curve */
typedef struct {
    gint64 time_us;
    KwMode mode;
    KwDecimal equity, cash, realised, open_profit;
    guint n_open;
} KwEquityRecord;

typedef struct {
    gint64 time_us;
    KwMode mode;
    gchar actor[KW_ID_SIZE]; /* "admin:1000", "engine", "risk" */
    gchar action[32];        /* "stop", "kill_on", "confirm", "start" ... */
    gchar *detail;           /* owned by the record; <= 1000 bytes */
} KwAuditRecord;

typedef enum {
    KW_RECORD_ORDER,   /* insert, or update of state/filled by client_id */
    KW_RECORD_FILL,    /* insert; a known exec_id fails with KW_STORE_ERROR_EXISTS */
    KW_RECORD_TRADE,   /* insert, or update by id */
    KW_RECORD_SIGNAL,  /* insert */
    KW_RECORD_CAPITAL, /* insert */
    KW_RECORD_LOCK,    /* insert, or new end by pair and by */
    KW_RECORD_EQUITY,  /* insert or replace by time */
    KW_RECORD_AUDIT,   /* insert */
    KW_RECORD_META,    /* key/value, insert or replace */
    KW_RECORD_MARK,    /* schedule mark: name + local date; a known one is EXISTS */
    KW_RECORD_OUTBOX,  /* outgoing message: insert by key (a known key is ignored), or sent */
} KwRecordKind;

typedef struct {
    KwRecordKind kind;
    union {
        KwOrder order;
        KwFill fill;
        KwTrade trade;
        KwSignalRecord signal;
        KwCapitalRecord capital;
        KwLock lock;
        KwEquityRecord equity;
        KwAuditRecord audit;
        struct {
            gchar *key;   /* owned; META: key, MARK: name, OUTBOX: unique message key */
            gchar *value; /* owned; META: value, MARK: "YYYY-MM-DD", OUTBOX: text, NULL: sent */
            gchar *extra; /* owned; MARK: "late" or NULL; OUTBOX: event kind; else NULL */
            gint64 time_us;
        } pair;
    } u;
} KwRecord;

/* Records that are committed together, in this order. */
typedef struct _KwBatch KwBatch;

KwBatch *kw_batch_new(void);
void kw_batch_free(KwBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwBatch, kw_batch_free)

guint kw_batch_get_length(const KwBatch *self);
const KwRecord *kw_batch_get(const KwBatch *self, guint index);

void kw_batch_add_order(KwBatch *self, const KwOrder *order);
void kw_batch_add_fill(KwBatch *self, const KwFill *fill);
void kw_batch_add_trade(KwBatch *self, const KwTrade *trade);
void kw_batch_add_signal(KwBatch *self, const KwSignalRecord *signal);
void kw_batch_add_capital(KwBatch *self, const KwCapitalRecord *capital);
void kw_batch_add_lock(KwBatch *self, const KwLock *lock);
void kw_batch_add_equity(KwBatch *self, const KwEquityRecord *equity);
void kw_batch_add_audit(KwBatch *self,
                        gint64 time_us,
                        KwMode mode,
                        const gchar *actor,
                        const gchar *action,
                        const gchar *detail);
void kw_batch_add_meta(KwBatch *self, const gchar *key, const gchar *value, gint64 time_us);

/* Whether a scheduled event came at its time or was made up for after downtime */
typedef enum {
    KW_MARK_IN_TIME,
    KW_MARK_LATE,
} KwMarkTiming;

void kw_batch_add_mark(
    KwBatch *self, const gchar *name, const gchar *date, KwMarkTiming timing, gint64 time_us);

/* @text NULL marks the message @key as delivered. */
void kw_batch_add_outbox(KwBatch *self,
                         const gchar *key,
                         const gchar *event_kind,
                         const gchar *text,
                         gint64 time_us);

/* Signal records that name no trade (0) get @trade_id. */
void kw_batch_set_signal_trade(KwBatch *self, gint64 trade_id);

/* Returns: (transfer full): the same records again, for a writer that may fail */
KwBatch *kw_batch_copy(const KwBatch *self);

/* Moves all records of @other to the end of @self; @other is empty afterwards. */
void kw_batch_take_all(KwBatch *self, KwBatch *other);

#define KW_TYPE_JOURNAL (kw_journal_get_type())
G_DECLARE_INTERFACE(KwJournal, kw_journal, KW, JOURNAL, GObject)

struct _KwJournalInterface {
    GTypeInterface parent_iface;

    void (*append_async)(KwJournal *self,
                         KwBatch *batch,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
    gboolean (*append_finish)(KwJournal *self, GAsyncResult *result, GError **error);
    void (*hold)(KwJournal *self);    /* may be NULL, */
    void (*release)(KwJournal *self); /* both or none */
};

/**
 * kw_journal_append_async:
 * @batch: (transfer full): committed whole or not at all, in the order of the calls
 *
 * Completes on the main context when the batch is on disk (synced). Calls are served in order.
 */
void kw_journal_append_async(KwJournal *self,
                             KwBatch *batch,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* Returns: %FALSE with a #KwStoreError; nothing of the batch is stored then */
gboolean kw_journal_append_finish(KwJournal *self, GAsyncResult *result, GError **error);

/**
 * kw_journal_hold:
 *
 * What is appended until kw_journal_release() becomes durable together: a crash leaves all of
 * it or nothing, whoever appended it. For the time of one function, on the main context; pairs
 * may be nested.
 */
void kw_journal_hold(KwJournal *self);
void kw_journal_release(KwJournal *self);

G_END_DECLS
