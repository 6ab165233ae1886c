/* kw-verb-backtest.h: `kurswart backtest` */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @argv: the verb and what follows it. Returns: 0, 2 (usage), EX_DATAERR (candles, strategy),
 * EX_CONFIG, EX_IOERR or EX_CANTCREAT */
int kw_verb_backtest(int argc, char **argv);

G_END_DECLS
