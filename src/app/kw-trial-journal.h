/* kw-trial-journal.h: KwJournal of the first order: each intent becomes a row of evidence */
#pragma once

#include "kw-evidence.h"
#include "kw-journal.h"

G_BEGIN_DECLS

#define KW_TYPE_TRIAL_JOURNAL (kw_trial_journal_get_type())
G_DECLARE_FINAL_TYPE(KwTrialJournal, kw_trial_journal, KW, TRIAL_JOURNAL, GObject)

/* (transfer full): of the ledger in @root. What is no new intent is not kept: the account of
 * the exchange is the record of a trial, not the books of the bot. Blocks with each intent. */
KwTrialJournal *kw_trial_journal_new(const gchar *root);

G_END_DECLS
