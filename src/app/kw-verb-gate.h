/* kw-verb-gate.h: "kurswart gate": is a backtest result good enough? */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0 deploy, 1 do not, 2 usage, 65 no result file, 66 cannot be read */
int kw_verb_gate(int argc, char **argv);

G_END_DECLS
