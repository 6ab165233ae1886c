/* kw-llm-check.h: is what a model says borne out by what it was told and what was done? */
#pragma once

#include "kw-view.h"

G_BEGIN_DECLS

/**
 * kw_llm_check_numbers:
 * @answer: of the model
 * @sources: (array zero-terminated=1): texts that numbers may come from: results of tools
 * (JSON) and the owner's message
 * @out_odd: (out) (transfer full) (optional): the first number that is in none
 *
 * Numbers count in the German and the English way of writing and rounded to the digits that the
 * answer has, without regard to their sign. Dates and clock times count by their parts.
 *
 * Returns: %TRUE when every number of the answer is in a source
 */
gboolean
kw_llm_check_numbers(const gchar *answer, const gchar *const *sources, gchar **out_odd);

/**
 * kw_llm_claims_effect:
 * @status: the true state: a claim that it bears out is none
 *
 * Returns: %TRUE when @answer says that something was done, or is being done, to the bot or to
 *   orders
 */
gboolean kw_llm_claims_effect(const gchar *answer, const KwStatusView *status);

G_END_DECLS
