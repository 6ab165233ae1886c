/* kw-data-synth.h: `kurswart data synth`: a file of generated candles */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, %KW_DATA_EXIT_USAGE, EX_CANTCREAT (the file exists or cannot be written) */
int kw_data_synth(int argc, char **argv);

G_END_DECLS
