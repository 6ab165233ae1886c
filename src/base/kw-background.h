/* kw-background.h: a calculation that takes only what the machine has left over */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_background_enter:
 *
 * From now on the calling thread, and every thread and child that it starts, runs only while
 * nothing else wants the processor or the disk: scheduling class SCHED_IDLE, nice 19, the idle
 * class of the disk. On a machine with nothing else to do it costs nothing. What the kernel
 * does not grant is left as it is. May be called between fork() and exec(): system calls only.
 */
void kw_background_enter(void);

G_END_DECLS
