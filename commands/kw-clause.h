/* kw-clause.h: clauses that only the words can tell */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * kw_clauses_mend:
 * @finding: of the words of @tokens, looked up; its clauses are not needed yet
 * @tokens: of KwToken; their clauses are numbered anew
 *
 * Puts together what marks and conjunctions have cut but one verb governs ("gib ETH und BTC
 * frei", "ich will nicht, dass du handelst"), and cuts what has no mark ("ETH sperren BTC
 * nicht").
 */
void kw_clauses_mend(const KwFinding *finding, GArray *tokens);

/* Does a word of exception govern the pair at @index: "außer BTC", "bis auf BTC und ETH"? */
gboolean kw_clause_excepts(const KwFinding *finding, const GArray *tokens, guint index);

/* The same, or a negation without a verb of its own: "aber nicht BTC", "BTC nicht" */
gboolean kw_clause_leaves_out(const KwFinding *finding, const GArray *tokens, guint index);

/* Is the list that the pair at @index is in led by "nur", "nur noch"? */
gboolean kw_clause_has_only(const KwFinding *finding, const GArray *tokens, guint index);

G_END_DECLS
