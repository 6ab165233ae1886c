/* kw-verb-train.h: "kurswart train": candles in, a judged model out */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0 trained (and promoted if that was wished), 1 not promoted, 2 usage, 65 data */
int kw_verb_train(int argc, char **argv);

G_END_DECLS
