/* kw-tracer.h: counts the system calls of a process, and kills it on the way into one of them
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All threads of @pid are traced from now on. Returns: %FALSE when that is not permitted here
 */
gboolean kw_tracer_seize(GPid pid);

/**
 * kw_tracer_run:
 * @kill_at: number of the call before which the process is killed, from 1; 0 for never
 * @out_status: of waitpid(), of its end
 *
 * Runs a process that was seized to its end. The numbering is that of the whole process, so
 * every gap between two calls is met, whichever thread it is in.
 *
 * Returns: calls that were made
 */
guint kw_tracer_run(GPid pid, guint kill_at, int *out_status);

G_END_DECLS
