/* test-foreground.c: a thread that is to run as soon as it wakes */
#include "kw-background.h"
#include "kw-foreground.h"
#include "kw-test.h"

#include <sched.h>
#include <sys/resource.h>

static gpointer
read_in_thread(gpointer slice_ns)
{
    *(guint64 *) slice_ns = kw_foreground_get_slice_ns();
    return NULL;
}

/* In a process of its own, as the other tests need nothing of it */
static gboolean
is_child(void)
{
    if (g_test_subprocess())
        return TRUE;
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed();
    return FALSE;
}

/* Class and nice value stay; a kernel that knows no slices changes nothing. */
static void
test_enter(void)
{
    guint64 before_ns, heir_ns = 0;
    gboolean is_kept;

    if (!is_child())
        return;
    before_ns = kw_foreground_get_slice_ns();
    g_assert_cmpint(setpriority(PRIO_PROCESS, 0, 3), ==, 0);
    is_kept = kw_foreground_enter();
    g_assert_cmpint(sched_getscheduler(0), ==, SCHED_OTHER);
    g_assert_cmpint(getpriority(PRIO_PROCESS, 0), ==, 3);
    g_thread_join(g_thread_new("heir", read_in_thread, &heir_ns));
    g_assert_cmpuint(kw_foreground_get_slice_ns(), ==, is_kept ? 100000 : before_ns);
    g_assert_cmpuint(heir_ns, ==, kw_foreground_get_slice_ns());
}

/* A child that computes gives way again. */
static void
test_background(void)
{
    guint64 before_ns;

    if (!is_child())
        return;
    before_ns = kw_foreground_get_slice_ns();
    (void) kw_foreground_enter();
    kw_background_enter();
    g_assert_cmpint(sched_getscheduler(0), ==, SCHED_IDLE);
    g_assert_cmpuint(kw_foreground_get_slice_ns(), ==, before_ns);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/foreground/enter", test_enter);
    g_test_add_func("/base/foreground/background", test_background);
    return g_test_run();
}
