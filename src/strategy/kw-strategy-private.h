/* kw-strategy-private.h: the inside of a strategy, for this layer alone */
#pragma once

#include "kw-sandbox.h"
#include "kw-strategy.h"

G_BEGIN_DECLS

#define KW_STRATEGY_MAX_PARAMS 32

struct _KwStrategy {
    gchar *file_name; /* owned */
    GBytes *source;   /* owned */
    KwStrategyLimits limits;
    gchar *name;     /* owned */
    gchar *identity; /* owned; hex */
    KwStrategyTerms terms;
    KwModelShelf *models; /* a reference; may be NULL */
    gboolean uses_extras;
    gchar **pairs;            /* owned, NULL-terminated; other pairs that it looks at */
    gboolean other_timeframe; /* than the file says */
    guint n_params;
    KwStrategyParam params[KW_STRATEGY_MAX_PARAMS]; /* sorted; names are owned */
};

/* Inside a run, with the strategy's table at the top of the stack: reads every field that is
 * no function into @strategy and checks that all other fields are known functions. Raises on
 * the first fault. */
void kw_strategy_fields_read(lua_State *L, KwStrategy *strategy);

G_END_DECLS
