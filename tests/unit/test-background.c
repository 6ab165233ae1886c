/* test-background.c: a calculation that gives way */
#include "kw-background.h"
#include "kw-test.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_CLASS_SHIFT 13
#define IOPRIO_CLASS_IDLE 3

static gpointer
read_policy(gpointer data)
{
    (void) data;
    return GINT_TO_POINTER(sched_getscheduler(0));
}

/* In a process of its own: the way back is not open to everyone. */
static void
test_enter(void)
{
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
        g_test_trap_assert_passed();
        return;
    }
    g_assert_cmpint(sched_getscheduler(0), ==, SCHED_OTHER);
    kw_background_enter();
    g_assert_cmpint(sched_getscheduler(0), ==, SCHED_IDLE);
    g_assert_cmpint(getpriority(PRIO_PROCESS, 0), ==, 19);
    g_assert_cmpint(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0) >> IOPRIO_CLASS_SHIFT, ==,
                    IOPRIO_CLASS_IDLE);
    g_assert_cmpint(GPOINTER_TO_INT(g_thread_join(g_thread_new("heir", read_policy, NULL))), ==,
                    SCHED_IDLE);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/background/enter", test_enter);
    return g_test_run();
}
