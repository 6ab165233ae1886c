/* kw-data-execution.h: `kurswart data execution`: what orders cost, as it was measured */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, %KW_DATA_EXIT_NO (nothing measured, nothing to go back to),
 * %KW_DATA_EXIT_USAGE, EX_IOERR */
int kw_data_execution(int argc, char **argv);

G_END_DECLS
