/* kw-doubt.h: may a deed rest on words that were mended? */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * kw_doubt_is_due:
 * @text, @finding: the message and what was found in it
 * @rule: what @clause is read as
 *
 * Returns: whether @rule raises the risk, and a typing error may be what makes it match
 */
gboolean
kw_doubt_is_due(const KwText *text, const KwFinding *finding, guint clause, const KwRule *rule);

G_END_DECLS
