/* kw-foreground.h: a thread that is to run as soon as it wakes */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_foreground_enter:
 *
 * From now on the calling thread, and every thread that it starts, asks the scheduler for short
 * slices: when it wakes it runs before whoever is in the middle of a long one, and it gets no
 * more of the processor than before. No right is needed. A kernel before 6.12 takes no notice,
 * and what a kernel does not grant is left as it is.
 *
 * Returns: %TRUE when the kernel keeps the wish
 */
gboolean kw_foreground_enter(void);

/**
 * kw_foreground_leave:
 *
 * The calling thread takes slices of the usual length again: system calls only, for a child
 * between fork() and exec().
 */
void kw_foreground_leave(void);

/* Slice of the calling thread in ns; 0 where the kernel does not tell it */
guint64 kw_foreground_get_slice_ns(void);

G_END_DECLS
