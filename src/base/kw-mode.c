#include "kw-mode.h"

#include "kw-error.h"

#include <string.h>

const gchar *
kw_mode_to_string(KwMode mode)
{
    switch (mode) {
    case KW_MODE_DRYRUN:
        return "dryrun";
    case KW_MODE_LIVE:
        return "live";
    }
    g_return_val_if_reached("dryrun");
}

gboolean
kw_mode_from_string(const gchar *text, KwMode *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    if (strcmp(text, "dryrun") == 0) {
        *out = KW_MODE_DRYRUN;
    } else if (strcmp(text, "live") == 0) {
        *out = KW_MODE_LIVE;
    } else {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "mode is neither \"dryrun\" nor \"live\"");
        return FALSE;
    }
    return TRUE;
}
