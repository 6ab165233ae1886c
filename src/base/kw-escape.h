/* kw-escape.h: bytes from outside made safe to show in a line */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_ESCAPE_EXCERPT 40 /* bytes of foreign data that an error message may quote */

/**
 * kw_escape_bytes:
 * @bytes: (array length=len): anything
 * @len: their number, or -1 when @bytes ends with a NUL
 * @max_bytes: of @bytes that are looked at; "..." marks a cut
 *
 * Line ends, control characters, ANSI sequences, marks that turn the direction of writing and
 * invalid UTF-8 become "\n", "\x1b", "\u202e": the result is one line of valid UTF-8.
 *
 * Returns: (transfer full)
 */
gchar *kw_escape_bytes(const gchar *bytes, gssize len, gsize max_bytes);

G_END_DECLS
