/* kw-result-json.h: a finished backtest in the shape of freqtrade's result files */
#pragma once

#include "kw-result.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full): {"strategy": {NAME: {...}}, "strategy_comparison": [...]}. "max_drawdown"
 * is there too, as older readers ask for it. */
JsonNode *kw_result_to_json(const KwResult *self);

/* (transfer full): the file of facts that stands beside it: {NAME: {run_id, ...}} */
JsonNode *kw_result_to_meta(const KwResult *self);

/* (transfer full): "1 day, 5:57:00" */
gchar *kw_result_duration_to_text(gint64 minutes);

/* "2025-01-02 07:00:00", UTC, and @zone behind it; @buffer has KW_UTC_TEXT_SIZE bytes. Returns
 * @buffer. */
const gchar *kw_result_time_to_text(gint64 time_us, const gchar *zone, gchar *buffer);

G_END_DECLS
