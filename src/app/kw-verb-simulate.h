/* kw-verb-simulate.h: days of the whole bot under a clock set by hand, killed once a day */
#pragma once

/* Runs the verb; returns the exit status. */
int kw_verb_simulate(int argc, char **argv);
