#include "kw-pending.h"

#define NOW_US G_GINT64_CONSTANT(1773235800000000)
#define LIFE_US (300 * G_GINT64_CONSTANT(1000000))

static void
ask(KwPending *pending)
{
    KwSlots slots;

    kw_slots_init(&slots);
    slots.count = 7;
    kw_pending_set(pending, KW_INTENT_START, &slots, "owner", 5, NOW_US + LIFE_US);
    g_strlcpy(pending->code, "0042", sizeof pending->code);
}

static void
test_pending_right_code_works_once(void)
{
    KwPending pending, action = {0};

    ask(&pending);
    g_assert_cmpint(kw_pending_check(&pending, "0042", "owner", 5, NOW_US, &action), ==,
                    KW_CONFIRM_RIGHT);
    g_assert_cmpint(action.intent, ==, KW_INTENT_START);
    g_assert_cmpuint(action.slots.count, ==, 7);
    g_assert_cmpint(kw_pending_check(&pending, "0042", "owner", 5, NOW_US, &action), ==,
                    KW_CONFIRM_NOTHING);
}

static void
test_pending_is_bound(void)
{
    KwPending pending, action = {0};

    ask(&pending);
    g_assert_cmpint(kw_pending_check(&pending, "0042", "other", 5, NOW_US, &action), ==,
                    KW_CONFIRM_FOREIGN);
    g_assert_cmpint(kw_pending_check(&pending, "", "owner", 5, NOW_US, &action), ==,
                    KW_CONFIRM_MISSING);
    g_assert_cmpint(kw_pending_check(&pending, "0042", "owner", 6, NOW_US, &action), ==,
                    KW_CONFIRM_CHANGED);
    g_assert_cmpint(pending.intent, ==, KW_INTENT_NONE);

    ask(&pending);
    g_assert_cmpint(kw_pending_check(&pending, "0042", "owner", 5, NOW_US + LIFE_US, &action),
                    ==, KW_CONFIRM_RIGHT);
    ask(&pending);
    g_assert_cmpint(
        kw_pending_check(&pending, "0042", "owner", 5, NOW_US + LIFE_US + 1, &action), ==,
        KW_CONFIRM_EXPIRED);
    g_assert_cmpint(action.intent, ==, KW_INTENT_START);
}

static void
test_pending_three_wrong_codes_drop_it(void)
{
    KwPending pending, action = {0};

    ask(&pending);
    g_assert_cmpint(kw_pending_check(&pending, "0043", "owner", 5, NOW_US, &action), ==,
                    KW_CONFIRM_WRONG);
    g_assert_cmpint(kw_pending_check(&pending, "42", "owner", 5, NOW_US, &action), ==,
                    KW_CONFIRM_WRONG);
    g_assert_cmpint(kw_pending_check(&pending, "9999", "owner", 5, NOW_US, &action), ==,
                    KW_CONFIRM_SPENT);
    g_assert_cmpint(kw_pending_check(&pending, "0042", "owner", 5, NOW_US, &action), ==,
                    KW_CONFIRM_NOTHING);
    g_assert_cmpint(action.intent, ==, KW_INTENT_NONE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/pending/once", test_pending_right_code_works_once);
    g_test_add_func("/commands/pending/bound", test_pending_is_bound);
    g_test_add_func("/commands/pending/three-wrong", test_pending_three_wrong_codes_drop_it);
    return g_test_run();
}
