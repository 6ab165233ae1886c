/* kw-wish.h: may a message whose words no rule knows be a wish at all? */
#pragma once

#include "kw-schedule.h"

G_BEGIN_DECLS

/**
 * kw_wish_is_possible:
 * @text: (array length=len): own text of the sender
 *
 * The gate of kw-mood.h over every clause: a negation, a question, a report, a condition,
 * another time anywhere, or letters in disguise, and the answer is no.
 *
 * Returns: %TRUE when nothing speaks against a wish; that is no sign that there is one
 */
gboolean kw_wish_is_possible(const gchar *text, gsize len, KwZone *zone, gint64 now_us);

G_END_DECLS
