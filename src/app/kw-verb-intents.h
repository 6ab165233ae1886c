/* kw-verb-intents.h: `kurswart intents`: how a chat message is understood, and how well many */
#pragma once

/* Returns: 0, 1 (a score that must be zero is not), 2 (usage), EX_NOINPUT, EX_DATAERR */
int kw_verb_intents(int argc, char **argv);
