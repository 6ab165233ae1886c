/* kw-dialect.h: the word of the standard language behind one written as it is spoken */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * kw_dialect_find:
 * @word: folded, not known to @lexicon
 * @n_shifts: at most so many of the shifts [dialect], 1 or 2
 *
 * Returns: (transfer none) (nullable): a known word that the shifts make of it
 */
const gchar *kw_dialect_find(const KwLexicon *lexicon, const gchar *word, guint n_shifts);

G_END_DECLS
