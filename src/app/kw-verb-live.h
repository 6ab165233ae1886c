/* kw-verb-live.h: `kurswart live`: what has to be shown before real money */
#pragma once

/**
 * kw_verb_live:
 * @argv: the verb, one of check, gate, drill, first-order, and their options
 *
 * Returns: 0, 1 (not ready, not passed), 2 (usage), or as in sysexits
 */
int kw_verb_live(int argc, char **argv);
