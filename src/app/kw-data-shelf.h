/* kw-data-shelf.h: `kurswart data list` and `check`: what is stored, and how complete it is */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, %KW_DATA_EXIT_USAGE, EX_IOERR */
int kw_data_list(int argc, char **argv);

/**
 * kw_data_check:
 *
 * Completeness of each pair and of each of its days (UTC). Where a missing candle means that
 * nobody traded, a day is complete when it has any.
 *
 * Exit status: %KW_DATA_EXIT_NO when a pair or a day is below --min, or nothing is stored
 */
int kw_data_check(int argc, char **argv);

G_END_DECLS
