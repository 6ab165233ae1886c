/* kw-model-text.h: the figures of a model, beside the limits of the gate */
#pragma once

#include "kw-format.h"
#include "kw-model-view.h"

G_BEGIN_DECLS

/**
 * kw_model_text_figures:
 * @gate: (nullable): limits that the figures are held against
 *
 * Appends a line: "Sortino 1,8 (≥ 1,5) · Drawdown 12 % (≤ 20 %) · ...", or why there is none.
 */
void kw_model_text_figures(GString *out,
                           KwFormat *format,
                           const KwModelView *model,
                           const KwGateView *gate);

/* "gut", "akzeptabel", "schlecht"; static */
const gchar *kw_model_text_rating(const KwModelView *model);

G_END_DECLS
