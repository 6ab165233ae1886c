/* kw-contrast.h: what is put in the place of something said before */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * kw_contrasts_mend:
 * @finding: its words have been looked up, its clauses not yet
 *
 * Silences what is replaced: "nicht X, sondern Y" is about Y with the rest of the clause
 * before, "X, äh nein, ich meinte Y" about Y. The words that fall away lose their meaning in
 * @finding and their text in @tokens.
 */
void kw_contrasts_mend(KwFinding *finding, GArray *tokens);

G_END_DECLS
