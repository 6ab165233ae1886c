/* kw-deed-time.h: deeds that only name a time */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * kw_deed_times_settle:
 * @finding: its words have been looked up, its clauses not yet
 *
 * A deed behind a preposition of time ("seit dem Start", "bis zum Stopp", "vor dem Abschalten")
 * says when, and is no deed any more in @finding. The text in @tokens stays, as periods are
 * read from it.
 */
void kw_deed_times_settle(KwFinding *finding, const GArray *tokens);

G_END_DECLS
