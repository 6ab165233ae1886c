/* kw-verb-analyse.h: `kurswart analyse` */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @argv: the verb and what follows it. Returns: 0, 1 (startup_candles are not enough), 2
 * (usage), EX_DATAERR, EX_CONFIG or EX_IOERR */
int kw_verb_analyse(int argc, char **argv);

G_END_DECLS
