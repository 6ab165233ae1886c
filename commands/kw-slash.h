/* kw-slash.h: commands that begin with a slash */
#pragma once

#include "kw-slot-reader.h"

G_BEGIN_DECLS

/**
 * kw_slash_parse:
 * @folded: the message, beginning with "/"
 * @reader: zone and clock; its tokens are not used
 *
 * Exact names only: an unknown command becomes help, never an action that looks like it.
 */
void kw_slash_parse(const KwSpanReader *reader,
                    const gchar *folded,
                    const gchar *quote,
                    KwIntent *out);

G_END_DECLS
