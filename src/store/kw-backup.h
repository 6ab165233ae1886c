/* kw-backup.h: verified snapshots of both databases, and back again */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_BACKUP_FOLDER "backup" /* default target, in the data root */
#define KW_BACKUP_KEEP 7

/**
 * kw_backup_make:
 * @target: folder of the backups; created when missing
 * @now_us: names the snapshot, e.g. kurswart-20260311T143000Z
 * @keep: newest snapshots that are kept; older ones go once the new one is verified
 * @out_path: (out) (transfer full) (nullable): folder of the snapshot
 *
 * Copies while the daemon runs (VACUUM INTO), verifies the copy, and only then gives it its
 * name. Blocks: for threads and verbs.
 *
 * Returns: %FALSE with a #KwStoreError: nothing new is there, every old snapshot still is
 */
gboolean kw_backup_make(const gchar *root,
                        const gchar *target,
                        gint64 now_us,
                        guint keep,
                        gchar **out_path,
                        GError **error);

/* Whether a snapshot folder is whole and sound */
gboolean kw_backup_verify(const gchar *path, GError **error);

/**
 * kw_backup_restore:
 * @path: folder of a snapshot
 * @out_aside: (out) (transfer full) (nullable): folder in @root with what was there before
 *
 * Verifies the snapshot and copies it before anything is touched; then puts the present files
 * aside and the copies in their place.
 *
 * Returns: %FALSE with %KW_STORE_ERROR_BUSY (a daemon holds @root), _CORRUPT (snapshot), _FULL,
 *   _IO or _OPEN
 */
gboolean kw_backup_restore(
    const gchar *root, const gchar *path, gint64 now_us, gchar **out_aside, GError **error);

/* (transfer full) (nullable): folder of the newest snapshot in @target */
gchar *kw_backup_find_newest(const gchar *target);

G_END_DECLS
