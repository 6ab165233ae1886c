/* kw-lock-file.h: one process per data root */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_LOCK_FILE "kurswart.pid"

typedef struct _KwLockFile KwLockFile;

/**
 * kw_lock_file_take:
 * @root: data root, created when missing
 *
 * The kernel gives the lock up when the process ends, however it ends.
 *
 * Returns: (transfer full): %NULL with %KW_STORE_ERROR_BUSY naming the pid of the holder, or
 *   %KW_STORE_ERROR_OPEN
 */
KwLockFile *kw_lock_file_take(const gchar *root, GError **error);

/* Gives the lock up; the file stays. */
void kw_lock_file_free(KwLockFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLockFile, kw_lock_file_free)

/* Pid of the holder, or 0 when nobody holds it */
gint kw_lock_file_get_holder(const gchar *root);

G_END_DECLS
