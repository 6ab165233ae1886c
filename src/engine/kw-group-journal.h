/* kw-group-journal.h: a journal that gathers what a replay decides into few transactions */
#pragma once

#include "kw-journal.h"

G_BEGIN_DECLS

#define KW_TYPE_GROUP_JOURNAL (kw_group_journal_get_type())
G_DECLARE_FINAL_TYPE(KwGroupJournal, kw_group_journal, KW, GROUP_JOURNAL, GObject)

/**
 * kw_group_journal_new:
 * @store: a reference is kept; nobody else may append to it meanwhile
 *
 * While one transaction is being synced, the batches that come are gathered for the next. The
 * object itself is a journal like any other: an append completes when it is durable. An empty
 * batch completes when everything before it is.
 *
 * What the disk had no room for, or what another process kept locked, is kept and written again
 * by kw_group_journal_retry(). Until then an append with records fails at once, though they are
 * stored with the others in the end: who waits for an answer has to hear that nothing is stored
 * now. An empty batch goes on waiting. A store that is broken ends it all: what was
 * acknowledged early is in memory only now, so the process has to end and the next start reads
 * what is durable.
 *
 * Signals:
 * "failed" (GError *): the store did not take it; see kw_group_journal_is_dead().
 * "recovered": it has taken what failed before.
 */
KwGroupJournal *kw_group_journal_new(KwJournal *store);

/**
 * kw_group_journal_get_early:
 *
 * (transfer none): a second way in, in the same order, which says yes before the sync. Only for
 * decisions on a venue in this process: a crash takes the orders of such a venue along with
 * their records, so none of them can be out without a record. Waits all the same when too much
 * has been gathered, and while the store does not write.
 */
KwJournal *kw_group_journal_get_early(KwGroupJournal *self);

/* What is appended between the two is never parted: a crash leaves all of it or nothing. Also
 * kw_journal_hold(); pairs may be nested, and overlap with those of others. Nobody
 * on the early way waits meanwhile; nobody on the other one is answered. */
void kw_group_journal_hold(KwGroupJournal *self);
void kw_group_journal_release(KwGroupJournal *self);

/* TRUE when so much waits for the disk that no more should be decided before it is durable, and
 * while the store does not write */
gboolean kw_group_journal_is_crowded(KwGroupJournal *self);

/* Tries again what has failed; nothing without that. */
void kw_group_journal_retry(KwGroupJournal *self);

/* Takes no more and answers everybody who waits (end of the process). */
void kw_group_journal_give_up(KwGroupJournal *self);

/* TRUE after a failure that no retry mends, or when given up */
gboolean kw_group_journal_is_dead(KwGroupJournal *self);

/* TRUE when all that was appended is durable */
gboolean kw_group_journal_is_clean(KwGroupJournal *self);

G_END_DECLS
