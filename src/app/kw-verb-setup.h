/* kw-verb-setup.h: `kurswart setup`: accounts and keys asked for, stored and tried */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_verb_setup:
 * @argv: the verb and what follows it: --config FILE, --no-test
 *
 * Asks at a terminal; takes "NAME = VALUE" lines from any other standard input.
 *
 * Returns: 0, 1 (cancelled, nothing changed), 2 (usage), EX_DATAERR (the input), EX_CONFIG (the
 *   configuration would be wrong, nothing changed), EX_CANTCREAT, EX_NOPERM (a key or message
 *   was refused) or EX_UNAVAILABLE (one could not be tried); with these two all else is stored
 */
int kw_verb_setup(int argc, char **argv);

G_END_DECLS
