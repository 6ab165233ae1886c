/* kw-step-view.h: view of what the strategy saw of one pair, and what was decided */
#pragma once

#include "kw-result-view.h"

G_BEGIN_DECLS

#define KW_VIEW_MAX_COLUMNS 12

/**
 * KwStepView: one pair of one cycle; a cycle is every pair at one closed candle
 * @cycle: number of the cycle, the same after a restart; 1..9999, then from the beginning
 * @time_us: when the candle closed
 * @has_signal: the strategy wanted in or out
 * @confidence: NaN when there was none to tell
 * @threshold: in force then, NaN when that is not known any more
 * @action: "enter", "exit", "rejected" or "none"
 * @reason: stable name of why, or ""
 * @names: interned: of the strategy's columns, joined by ','; there may be more than @values
 * @values: @n_values of them; NaN where not defined
 */
typedef struct {
    guint cycle;
    gint64 time_us;
    gchar pair[KW_VIEW_PAIR_SIZE];
    gdouble price;
    gboolean has_signal;
    gdouble confidence, threshold;
    gchar regime[KW_VIEW_TEXT_SIZE];
    gchar action[16];
    gchar reason[KW_VIEW_TEXT_SIZE];
    const gchar *names;
    guint n_values;
    gdouble values[KW_VIEW_MAX_COLUMNS];
} KwStepView;

G_END_DECLS
