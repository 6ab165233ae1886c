/* kw-script.h: what the owner says during a simulation, and when the process dies */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwScriptLine:
 * @time_us: market time, UTC
 * @text: static; a line that asks for a code is followed by that code
 */
typedef struct {
    gint64 time_us;
    const gchar *text;
} KwScriptLine;

/**
 * kw_script_new:
 * @start_us: midnight of the first day
 *
 * Returns: (transfer full) (element-type KwScriptLine): ascending; the same for the same seed
 */
GArray *kw_script_new(gint64 start_us, guint n_days, guint64 seed);

/* Instant in day @day (from 0) at which the process is killed; never within a minute of a line
 */
gint64 kw_script_get_kill_us(gint64 start_us, guint day, guint64 seed);

G_END_DECLS
