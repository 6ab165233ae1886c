/* kw-llm-budget.h: what the model has used, of the day and the month, and what is left */
#pragma once

#include "kw-llm-model.h"
#include "kw-schedule.h"

G_BEGIN_DECLS

/**
 * KwLlmBudget: plain value
 * @day: the counts of a day and of a month belong to the date of the last one
 * @day_limit, @month_limit: nano-dollars; 0 allows nothing
 */
typedef struct {
    KwDate day;
    gint64 day_tokens, day_cost; /* nano-dollars */
    gint64 month_tokens, month_cost;
    guint day_questions;
    gint64 day_limit, month_limit;
} KwLlmBudget;

/* Begins anew what a day or a month that has passed had counted. */
void kw_llm_budget_roll(KwLlmBudget *self, KwDate today);

/* After kw_llm_budget_roll() */
void kw_llm_budget_add(KwLlmBudget *self, gint64 tokens, gint64 cost);
gboolean kw_llm_budget_is_used_up(const KwLlmBudget *self);

/* (transfer full): the counts, for the store; one line */
gchar *kw_llm_budget_to_text(const KwLlmBudget *self);

/**
 * kw_llm_budget_take_text:
 * @text: (nullable): of kw_llm_budget_to_text()
 *
 * After kw_llm_budget_roll(), and before the next.
 *
 * Returns: %FALSE when the text is none of ours: the counts are then as if all were used up,
 *   because what cannot be read must not open a purse
 */
gboolean kw_llm_budget_take_text(KwLlmBudget *self, const gchar *text);

G_END_DECLS
