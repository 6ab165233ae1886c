/* kw-background.c: a calculation that takes only what the machine has left over
 *
 * Nice 19 alone is not enough beside a bot that trades: the scheduler lets a process that runs
 * finish its slice of a few milliseconds before one that wakes gets the processor, whatever
 * their weights. One of SCHED_IDLE is preempted at once (sched(7)). */
#include "kw-background.h"
#include "kw-foreground.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOWEST_PRIORITY 19

/* ioprio_set(2): glibc has no header for these */
#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_IDLE (3 << 13)

void
kw_background_enter(void)
{
    const struct sched_param none = {.sched_priority = 0};

    kw_foreground_leave();
    (void) setpriority(PRIO_PROCESS, 0, LOWEST_PRIORITY);
    (void) sched_setscheduler(0, SCHED_IDLE, &none);
    (void) syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);
}
