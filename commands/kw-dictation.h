/* kw-dictation.h: a halt and a question behind it that were dictated without a mark */
#pragma once

#include "kw-span.h"
#include "kw-text.h"

G_BEGIN_DECLS

/**
 * kw_dictation_cut:
 * @text: what was written; its only clause is made two where an order ends
 * @reader: reads the words of @text
 *
 * "bot bitte stoppen | wieviele verlusttrades hatten wir": cuts only where the words before are
 * a halt that is wished, and those behind a question that reads.
 */
void kw_dictation_cut(KwText *text, const KwSpanReader *reader);

G_END_DECLS
