/* kw-mode.h: paper or real money; on every row, message and log line */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    KW_MODE_DRYRUN,
    KW_MODE_LIVE,
} KwMode;

/* "dryrun" or "live"; static */
const gchar *kw_mode_to_string(KwMode mode);

/* Returns: %FALSE with %KW_PARSE_ERROR_SYNTAX for any other text; @out untouched then */
gboolean kw_mode_from_string(const gchar *text, KwMode *out, GError **error);

G_END_DECLS
