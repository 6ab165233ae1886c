/* kw-data-columns.h: `kurswart data columns` */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns the exit status. */
int kw_data_columns(int argc, char **argv);

G_END_DECLS
