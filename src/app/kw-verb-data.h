/* kw-verb-data.h: `kurswart data`: candles in, what is there, how complete it is */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @argv: the verb and what follows it. Returns: the exit status */
int kw_verb_data(int argc, char **argv);

G_END_DECLS
