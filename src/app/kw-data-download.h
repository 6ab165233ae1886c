/* kw-data-download.h: `kurswart data download`: candles of an exchange into the store */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, %KW_DATA_EXIT_USAGE, EX_UNAVAILABLE (exchange or network), EX_IOERR (store).
 * Every pair is tried; the first failure decides. */
int kw_data_download(int argc, char **argv);

G_END_DECLS
