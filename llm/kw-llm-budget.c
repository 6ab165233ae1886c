/* kw-llm-budget.c: counts that end with their day and month
 *
 * Days are the owner's, in his zone. Costs are counted after the fact, so a budget can be
 * passed by one question at most; the tokens of a question have a limit of their own. */
#include "kw-llm-budget.h"

void
kw_llm_budget_roll(KwLlmBudget *self, KwDate today)
{
    gboolean is_new_month = self->day.year != today.year || self->day.month != today.month;

    if (kw_date_cmp(self->day, today) == 0)
        return;
    self->day = today;
    self->day_tokens = self->day_cost = 0;
    self->day_questions = 0;
    if (is_new_month)
        self->month_tokens = self->month_cost = 0;
}

void
kw_llm_budget_add(KwLlmBudget *self, gint64 tokens, gint64 cost)
{
    self->day_tokens += tokens;
    self->month_tokens += tokens;
    self->day_cost += cost;
    self->month_cost += cost;
}

gboolean
kw_llm_budget_is_used_up(const KwLlmBudget *self)
{
    return self->day_cost >= self->day_limit || self->month_cost >= self->month_limit;
}

gchar *
kw_llm_budget_to_text(const KwLlmBudget *self)
{
    gchar day[KW_DATE_TEXT_SIZE];

    return g_strdup_printf("%s %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                           " %" G_GINT64_FORMAT,
                           kw_date_to_text(self->day, day), self->day_questions,
                           self->day_tokens, self->day_cost, self->month_tokens,
                           self->month_cost);
}

static gboolean
read_counts(gchar **words, gint64 *out, guint n)
{
    for (guint i = 0; i < n; i++) {
        guint64 value;

        if (!g_ascii_string_to_unsigned(words[i], 10, 0, G_MAXINT64 / 4, &value, NULL))
            return FALSE;
        out[i] = (gint64) value;
    }
    return TRUE;
}

gboolean
kw_llm_budget_take_text(KwLlmBudget *self, const gchar *text)
{
    g_auto(GStrv) words = NULL;
    gint64 counts[5];
    KwDate day;

    if (text == NULL)
        return TRUE;
    words = g_strsplit(text, " ", 8);
    if (g_strv_length(words) != 6 || !kw_date_parse(words[0], &day, NULL) ||
        !read_counts(words + 1, counts, 5)) {
        self->day_cost = self->month_cost = G_MAXINT64 / 4;
        return FALSE;
    }
    self->day = day;
    self->day_questions = (guint) counts[0];
    self->day_tokens = counts[1];
    self->day_cost = counts[2];
    self->month_tokens = counts[3];
    self->month_cost = counts[4];
    return TRUE;
}
