/* kw-llm-view.h: the answer to a question as typed values, for a model to read */
#pragma once

#include "kw-intent.h"
#include "kw-query.h"

G_BEGIN_DECLS

#define KW_LLM_VIEW_MAX_BYTES 8000
#define KW_LLM_VIEW_MAX_TEXT 160 /* bytes of a free text */

/**
 * kw_llm_view_of:
 * @intent: a question
 * @zone, @now_us: days are the owner's
 *
 * Money and prices are decimal texts, shares are per cent, times are local. What judges a
 * figure
 * ("gut", "akzeptabel", "schlecht") is computed here, so that a model need not. Free text (log
 * lines, names, reasons) is cut, stands in members that end with "_as_data", and has no control
 * characters.
 *
 * Returns: (transfer full) (nullable): one line of JSON; %NULL when the question has no view
 */
gchar *kw_llm_view_of(
    KwQuery *query, KwIntentId intent, const KwSlots *slots, KwZone *zone, gint64 now_us);

G_END_DECLS
