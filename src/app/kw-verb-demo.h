/* kw-verb-demo.h: the whole bot on bundled candles, in this terminal */
#pragma once

/* Runs the verb; returns the exit status. */
int kw_verb_demo(int argc, char **argv);
