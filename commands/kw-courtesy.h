/* kw-courtesy.h: the polite words around a question, taken away */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * kw_courtesy_drop:
 * @tokens: of KwToken; gets shorter
 *
 * Takes away the frames of the group [frame] at the beginning of a clause: those of "ask" whole
 * ("mich würde interessieren, ob ..."), those of "please" leave a "bitte" ("wäre es möglich,
 * ..."). A message that is nothing but a frame stays.
 */
void kw_courtesy_drop(const KwLexicon *lexicon, GArray *tokens);

G_END_DECLS
