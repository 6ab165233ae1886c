/* kw-verb-config.h: `kurswart config`: what counts and where it comes from; what is wrong */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_verb_config:
 * @argv: the verb and what follows it: "show" or "check", --config FILE, --limits FILE,
 *   --root DIR, --json
 *
 * Opens the two files and nothing else.
 *
 * Returns: 0, 2 (usage) or EX_CONFIG with all faults told
 */
int kw_verb_config(int argc, char **argv);

G_END_DECLS
