/* kw-verb-optimize.h: `kurswart optimize` */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @argv: the verb and what follows it. Returns: 0, 2 (usage), EX_DATAERR, EX_CONFIG, EX_IOERR,
 * EX_OSERR, EX_UNAVAILABLE (no Slurm) or 130 (stopped by hand) */
int kw_verb_optimize(int argc, char **argv);

G_END_DECLS
