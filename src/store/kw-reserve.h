/* kw-reserve.h: disk space kept back for the message that the disk is full */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_RESERVE_FILE "reserve.bin"
#define KW_RESERVE_BYTES (1024 * 1024)

/* Allocates the file when it is not there and the disk has room for several of it.
 * Returns: %FALSE when there is no room */
gboolean kw_reserve_take(const gchar *root);

/* Gives the space back to the file system. */
void kw_reserve_release(const gchar *root);

G_END_DECLS
