/* kw-fake-journal.h: a journal in memory whose failures and delays are set by the test */
#pragma once

#include "kw-error.h"
#include "kw-journal.h"

G_BEGIN_DECLS

#define KW_TYPE_FAKE_JOURNAL (kw_fake_journal_get_type())
G_DECLARE_FINAL_TYPE(KwFakeJournal, kw_fake_journal, KW, FAKE_JOURNAL, GObject)

/**
 * kw_fake_journal_new:
 *
 * Like the store: a batch is kept whole or not at all, a known exec_id makes it fail with
 * %KW_STORE_ERROR_EXISTS. It completes in the next round of the main loop.
 */
KwFakeJournal *kw_fake_journal_new(void);

/* The next @n_good batches are kept, then @n_bad fail with @code, then all is well again. */
void kw_fake_journal_fail(KwFakeJournal *self, guint n_good, guint n_bad, KwStoreError code);

/* Appends wait (neither kept nor failed) until released in the order of the calls. */
void kw_fake_journal_hold(KwFakeJournal *self);
void kw_fake_journal_release_one(KwFakeJournal *self);
void kw_fake_journal_release_all(KwFakeJournal *self); /* and ends the hold */
guint kw_fake_journal_get_n_held(KwFakeJournal *self);

/* Like the store of a killed process: what is held and all that comes fails and is not kept,
 * until it is revived for the next process. */
void kw_fake_journal_kill(KwFakeJournal *self);
void kw_fake_journal_revive(KwFakeJournal *self);

/* -- what it holds -- */
guint kw_fake_journal_get_n_batches(KwFakeJournal *self);
const KwBatch *kw_fake_journal_get_batch(KwFakeJournal *self, guint index);
guint kw_fake_journal_count(KwFakeJournal *self, KwRecordKind kind);

/* Value of the newest META record of @key; NULL when there is none */
const gchar *kw_fake_journal_find_meta(KwFakeJournal *self, const gchar *key);

/* The last record of this identity; NULL when there is none */
const KwOrder *kw_fake_journal_find_order(KwFakeJournal *self, const gchar *client_id);
const KwTrade *kw_fake_journal_find_trade(KwFakeJournal *self, gint64 trade_id);

/* Pointers to the last record of each order or trade in the order of their first; free the
 * array with g_ptr_array_unref() */
GPtrArray *kw_fake_journal_list_orders(KwFakeJournal *self);
GPtrArray *kw_fake_journal_list_trades(KwFakeJournal *self);

/* All fills, in the order in which they were kept */
GPtrArray *kw_fake_journal_list_fills(KwFakeJournal *self);

G_END_DECLS
