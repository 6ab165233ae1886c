/* test-llm-budget.c: counts of days and months, and what the store gives back */
#include "kw-llm-budget.h"

#include <string.h>

static void
test_limits(void)
{
    KwLlmBudget budget = {.day_limit = 100, .month_limit = 250};

    kw_llm_budget_roll(&budget, (KwDate){2026, 3, 30});
    g_assert_false(kw_llm_budget_is_used_up(&budget));
    kw_llm_budget_add(&budget, 10, 99);
    g_assert_false(kw_llm_budget_is_used_up(&budget));
    kw_llm_budget_add(&budget, 10, 1);
    g_assert_true(kw_llm_budget_is_used_up(&budget));

    kw_llm_budget_roll(&budget, (KwDate){2026, 3, 31}); /* a new day of the same month */
    g_assert_false(kw_llm_budget_is_used_up(&budget));
    g_assert_cmpint(budget.day_tokens, ==, 0);
    g_assert_cmpint(budget.month_tokens, ==, 20);
    kw_llm_budget_add(&budget, 5, 150);
    kw_llm_budget_roll(&budget, (KwDate){2026, 3, 31});
    g_assert_true(kw_llm_budget_is_used_up(&budget)); /* the month's */

    kw_llm_budget_roll(&budget, (KwDate){2026, 4, 1});
    g_assert_false(kw_llm_budget_is_used_up(&budget));
    g_assert_cmpint(budget.month_cost, ==, 0);
}

static void
test_zero_allows_nothing(void)
{
    KwLlmBudget budget = {0};

    kw_llm_budget_roll(&budget, (KwDate){2026, 3, 30});
    g_assert_true(kw_llm_budget_is_used_up(&budget));
}

static void
test_text(void)
{
    KwLlmBudget budget = {.day_limit = 100, .month_limit = 250}, copy = budget;
    g_autofree gchar *text = NULL;

    kw_llm_budget_roll(&budget, (KwDate){2026, 3, 30});
    kw_llm_budget_add(&budget, 1234, 56);
    budget.day_questions = 3;
    text = kw_llm_budget_to_text(&budget);
    g_assert_true(kw_llm_budget_take_text(&copy, text));
    g_assert_cmpint(kw_date_cmp(copy.day, budget.day), ==, 0);
    g_assert_cmpint(copy.day_tokens, ==, budget.day_tokens);
    g_assert_cmpint(copy.day_cost, ==, budget.day_cost);
    g_assert_cmpint(copy.month_tokens, ==, budget.month_tokens);
    g_assert_cmpint(copy.month_cost, ==, budget.month_cost);
    g_assert_cmpuint(copy.day_questions, ==, 3);
    g_assert_cmpint(copy.day_limit, ==, 100); /* of the configuration, not of the text */
    g_assert_cmpint(copy.month_limit, ==, 250);
    g_assert_true(kw_llm_budget_take_text(&copy, NULL));
}

/* What cannot be read opens no purse, not tomorrow either. */
static void
test_unreadable(void)
{
    static const gchar *const texts[] = {"",
                                         "x",
                                         "2026-03-30",
                                         "2026-03-30 1 2 3 4 -5",
                                         "2026-02-30 1 2 3 4 5",
                                         "2026-03-30 1 2 3 4 5 6"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        KwLlmBudget budget = {.day_limit = 100, .month_limit = 250};

        kw_llm_budget_roll(&budget, (KwDate){2026, 3, 30});
        g_assert_false(kw_llm_budget_take_text(&budget, texts[i]));
        g_assert_true(kw_llm_budget_is_used_up(&budget));
        kw_llm_budget_roll(&budget, (KwDate){2026, 3, 31});
        g_assert_true(kw_llm_budget_is_used_up(&budget));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/llm/budget/limits", test_limits);
    g_test_add_func("/llm/budget/zero-allows-nothing", test_zero_allows_nothing);
    g_test_add_func("/llm/budget/text", test_text);
    g_test_add_func("/llm/budget/unreadable", test_unreadable);
    return g_test_run();
}
