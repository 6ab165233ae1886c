/* kw-indicator-private.h: what the table of indicators and its reader share */
#pragma once

#include "kw-indicator.h"

G_BEGIN_DECLS

struct _KwIndicatorBuild {
    KwFrame *frame;
    KwColumn *in[KW_INDICATOR_MAX_INPUTS];
    gdouble params[KW_INDICATOR_MAX_PARAMS];
    const KwSession *sessions;
    GError *error; /* the first one */
};

G_END_DECLS
