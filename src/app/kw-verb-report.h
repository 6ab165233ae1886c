/* kw-verb-report.h: `kurswart report` */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, 2 (usage), EX_NOINPUT without a ledger */
int kw_verb_report(int argc, char **argv);

G_END_DECLS
