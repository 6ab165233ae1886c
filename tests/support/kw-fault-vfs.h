/* kw-fault-vfs.h: a file system for SQLite that fails on demand */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    KW_VFS_FAULT_NONE,
    KW_VFS_FAULT_FULL, /* writes that make a file longer, or all: no space left */
    KW_VFS_FAULT_SYNC, /* fsync() reports EIO */
} KwVfsFault;

/* Makes it the default of all databases opened afterwards. Once per process. */
void kw_fault_vfs_register(void);

/* From any thread; applies to files whose name contains @part ("" for all). */
void kw_fault_vfs_set(KwVfsFault fault, const gchar *part);

/* Operations that were made to fail since the last kw_fault_vfs_set() */
guint kw_fault_vfs_get_n_hits(void);

G_END_DECLS
