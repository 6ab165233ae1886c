/* kw-strategy-limits.h: what a strategy may use up */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwStrategyLimits:
 * @max_memory_bytes: of all Lua values together
 * @max_steps: Lua instructions per run; memory and long copies are charged as well
 */
typedef struct {
    gsize max_memory_bytes;
    guint64 max_steps;
} KwStrategyLimits;

#define KW_STRATEGY_LIMITS_DEFAULT                                                             \
    ((KwStrategyLimits){.max_memory_bytes = 16 * 1024 * 1024, .max_steps = 10 * 1000 * 1000})

G_END_DECLS
