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
 * After a failure nothing is accepted any more: what was acknowledged early is in memory only
 * now, so the process has to end and the next start reads what is durable.
 *
 * Signal "failed" (GError *): once.
 */
KwGroupJournal *kw_group_journal_new(KwJournal *store);

/**
 * kw_group_journal_get_early:
 *
 * (transfer none): a second way in, in the same order, which says yes before the sync. Only for
 * decisions of a replay on a venue in this process: a crash takes the orders of such a venue
 * along with their records, so none of them can be out without a record. Waits all the same
 * when too much has been gathered.
 */
KwJournal *kw_group_journal_get_early(KwGroupJournal *self);

/* TRUE when all that was appended is durable */
gboolean kw_group_journal_is_clean(KwGroupJournal *self);

G_END_DECLS
