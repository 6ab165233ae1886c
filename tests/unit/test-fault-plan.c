/* test-fault-plan.c: schedules of faults are the same for the same seed, and hold all kinds */
#include "kw-fault-plan.h"

#include <string.h>

#define FROM_US G_GINT64_CONSTANT(1705305600000000)
#define UNTIL_US (FROM_US + G_TIME_SPAN_HOUR)

static void
test_same_seed(void)
{
    KwFaultPlan a, b, c;

    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    memset(&c, 0, sizeof c);
    kw_fault_plan_draw(&a, 7, FROM_US, UNTIL_US, 12);
    kw_fault_plan_draw(&b, 7, FROM_US, UNTIL_US, 12);
    kw_fault_plan_draw(&c, 8, FROM_US, UNTIL_US, 12);
    g_assert_cmpmem(&a, sizeof a, &b, sizeof b);
    g_assert_true(memcmp(&a, &c, sizeof a) != 0);
}

/* In time, in order, and none goes beyond the end */
static void
test_bounds(void)
{
    guint n_kinds[KW_N_FAULT_KINDS] = {0};

    for (guint64 seed = 0; seed < 200; seed++) {
        KwFaultPlan plan;

        kw_fault_plan_draw(&plan, seed, FROM_US, UNTIL_US, 10);
        g_assert_cmpuint(plan.n_faults, ==, 10);
        for (guint i = 0; i < plan.n_faults; i++) {
            const KwFault *fault = &plan.faults[i];

            g_assert_cmpint(fault->from_us, >=, FROM_US);
            g_assert_cmpint(fault->until_us, <=, UNTIL_US);
            g_assert_cmpint(fault->from_us, <=, fault->until_us);
            if (i > 0)
                g_assert_cmpint(plan.faults[i - 1].from_us, <=, fault->from_us);
            n_kinds[fault->kind]++;
        }
    }
    for (guint i = 0; i < KW_N_FAULT_KINDS; i++) {
        g_test_message("%s: %u", kw_fault_kind_to_string((KwFaultKind) i), n_kinds[i]);
        g_assert_cmpuint(n_kinds[i], >, 10);
    }
}

static void
test_calls(void)
{
    g_assert_true(kw_fault_kind_hits(KW_FAULT_LOST, KW_VENUE_CALL_SUBMIT));
    g_assert_true(kw_fault_kind_hits(KW_FAULT_LOST, KW_VENUE_CALL_SUBMIT_STOP));
    g_assert_false(kw_fault_kind_hits(KW_FAULT_LOST, KW_VENUE_CALL_QUERY));
    g_assert_false(kw_fault_kind_hits(KW_FAULT_STOP_REFUSED, KW_VENUE_CALL_SUBMIT));
    g_assert_true(kw_fault_kind_lasts(KW_FAULT_BLACK_HOLE));
    g_assert_false(kw_fault_kind_lasts(KW_FAULT_KILL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/fault-plan/same-seed", test_same_seed);
    g_test_add_func("/lab/fault-plan/bounds", test_bounds);
    g_test_add_func("/lab/fault-plan/calls", test_calls);
    return g_test_run();
}
