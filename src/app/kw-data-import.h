/* kw-data-import.h: `kurswart data import`: candle files into the store */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, %KW_DATA_EXIT_USAGE, EX_DATAERR (no candles in it), EX_NOINPUT (no file),
 * EX_IOERR (store). Every file is tried; the first failure decides. */
int kw_data_import(int argc, char **argv);

G_END_DECLS
