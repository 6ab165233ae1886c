/* kw-verb-tell.h: `kurswart tell`: one message to the running daemon, or a chat with it */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_verb_tell:
 * @argv: the verb and what follows it: TEXT..., --socket PATH, --root DIR, --config FILE,
 * --json
 *
 * Without TEXT it is a chat on a terminal, and sends each line of any other standard input.
 *
 * Returns: 0, 2 (usage), EX_UNAVAILABLE (the daemon does not run, went away or is silent),
 *   EX_NOPERM (another user's), EX_TEMPFAIL (too many connections) or EX_DATAERR (it could not
 *   read the message)
 */
int kw_verb_tell(int argc, char **argv);

G_END_DECLS
