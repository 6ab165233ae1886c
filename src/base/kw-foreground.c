/* kw-foreground.c: a thread that is to run as soon as it wakes
 *
 * On its way an order wakes two threads: the one that writes the intent to the disk, and the
 * main loop again when it lies there. Each of them may find both processors taken by a process
 * that has just begun a slice of some milliseconds. Since Linux 6.12 a thread of the fair class
 * may ask for slices of its own length, sched_runtime of sched_setattr(2), and the one with the
 * shorter slice is let in first; its share of the processor stays what its nice value says. A
 * negative nice value or a real-time class would do the same by force, and need a right that a
 * service under its own user should not have. */
#include "kw-foreground.h"

#include <sys/syscall.h>
#include <unistd.h>

/* the shortest that the kernel grants, in ns */
#define SLICE_NS 100000

/* sched_setattr(2), first version; the kernel's header for it does not go with glibc's */
typedef struct {
    guint32 size;
    guint32 sched_policy;
    guint64 sched_flags;
    gint32 sched_nice;
    guint32 sched_priority;
    guint64 sched_runtime;
    guint64 sched_deadline;
    guint64 sched_period;
} SchedAttr;

/* 0 is the length that the kernel thinks right */
static gboolean
ask_for_slice(guint64 slice_ns)
{
    SchedAttr attr = {.size = sizeof attr};

    if (syscall(SYS_sched_getattr, 0, &attr, sizeof attr, 0) != 0)
        return FALSE;
    attr.sched_runtime = slice_ns;
    return syscall(SYS_sched_setattr, 0, &attr, 0) == 0;
}

guint64
kw_foreground_get_slice_ns(void)
{
    SchedAttr attr = {.size = sizeof attr};

    return syscall(SYS_sched_getattr, 0, &attr, sizeof attr, 0) == 0 ? attr.sched_runtime : 0;
}

gboolean
kw_foreground_enter(void)
{
    return ask_for_slice(SLICE_NS) && kw_foreground_get_slice_ns() == SLICE_NS;
}

void
kw_foreground_leave(void)
{
    (void) ask_for_slice(0);
}
