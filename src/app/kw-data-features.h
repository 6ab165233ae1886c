/* kw-data-features.h: `kurswart data features`: a feature file from candles, or what is in one
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, %KW_DATA_EXIT_NO (--show: damaged), %KW_DATA_EXIT_USAGE, EX_CONFIG (faulty
 * list), EX_DATAERR, EX_CANTCREAT */
int kw_data_features(int argc, char **argv);

G_END_DECLS
