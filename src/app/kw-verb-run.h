/* kw-verb-run.h: the daemon */
#pragma once

/* Runs the verb; returns the exit status. */
int kw_verb_run(int argc, char **argv);
