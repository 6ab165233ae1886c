/* kw-verb-doctor.h: `kurswart doctor`: what is missing or wrong, and what mends it */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_verb_doctor:
 * @argv: the verb and what follows it: --config FILE, --limits FILE, --root DIR, --json
 *
 * Creates and changes nothing.
 *
 * Returns: 0 (perhaps with warnings), 1 (something is wrong) or 2 (usage)
 */
int kw_verb_doctor(int argc, char **argv);

G_END_DECLS
