/* kw-verb-optimize.h: `kurswart optimize` */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @argv: the verb and what follows it. Returns: 0, 2 (usage), EX_DATAERR, EX_CONFIG, EX_IOERR
 * or EX_OSERR */
int kw_verb_optimize(int argc, char **argv);

G_END_DECLS
