/* kw-backup.c: a snapshot is a folder with two databases and their sums
 *
 * Order is everything here. Making: copy, verify, sync, rename, and only then remove old ones.
 * Restoring: lock, verify, copy, sync, and only then touch the data; the old files go aside and
 * are never removed. A crash in between leaves the old state, or a start that refuses. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-backup.h"

#include "kw-anchor.h"
#include "kw-check.h"
#include "kw-error.h"
#include "kw-lock-file.h"
#include "kw-store.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "kurswart-"
#define PARTIAL ".partial"
#define SUMS "SHA256SUMS"

static const struct {
    const gchar *name;
    KwSchema schema;
} files[] = {
    {KW_STORE_LEDGER_FILE, KW_SCHEMA_LEDGER},
    {KW_STORE_MARKET_FILE, KW_SCHEMA_MARKET},
};

static gboolean
fail_errno(GError **error, const gchar *path)
{
    gint saved = errno;

    g_set_error(error, KW_STORE_ERROR,
                saved == ENOSPC || saved == EDQUOT ? KW_STORE_ERROR_FULL : KW_STORE_ERROR_IO,
                "%s: %s", path, g_strerror(saved));
    return FALSE;
}

/* "20260311T143000Z" */
static gchar *
stamp_of(gint64 now_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);

    return g_date_time_format(time, "%Y%m%dT%H%M%SZ");
}

static gboolean
sync_path(const gchar *path, GError **error)
{
    gint fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean is_ok = fd >= 0 && fsync(fd) == 0;

    if (!is_ok)
        (void) fail_errno(error, path);
    if (fd >= 0)
        (void) close(fd);
    return is_ok;
}

/* Removes a folder without folders in it. */
static void
remove_folder(const gchar *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *child = g_build_filename(path, name, NULL);

        (void) g_unlink(child);
    }
    (void) g_rmdir(path);
}

/* -- sums -- */

/* (transfer full): SHA-256 of a file as hex; NULL when it cannot be read */
static gchar *
sum_file(const gchar *path)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree guchar *buffer = g_malloc(65536);
    gint fd = open(path, O_RDONLY | O_CLOEXEC);
    gssize n;

    if (fd < 0)
        return NULL;
    while ((n = read(fd, buffer, 65536)) > 0)
        g_checksum_update(checksum, buffer, n);
    (void) close(fd);
    return n < 0 ? NULL : g_strdup(g_checksum_get_string(checksum));
}

/* (transfer full): text as sha256sum(1) reads it; NULL when a file is missing */
static gchar *
sum_all(const gchar *folder)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree gchar *path = g_build_filename(folder, files[i].name, NULL);
        g_autofree gchar *sum = sum_file(path);

        if (sum == NULL)
            return NULL;
        g_string_append_printf(text, "%s  %s\n", sum, files[i].name);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
check_sums(const gchar *folder, GError **error)
{
    g_autofree gchar *path = g_build_filename(folder, SUMS, NULL);
    g_autofree gchar *stored = NULL;
    g_autofree gchar *present = sum_all(folder);

    if (g_file_get_contents(path, &stored, NULL, NULL) && present != NULL &&
        g_str_equal(stored, present))
        return TRUE;
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                "%s: the files are not those that were saved", folder);
    return FALSE;
}

static gboolean
check_files(const gchar *folder, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree gchar *path = g_build_filename(folder, files[i].name, NULL);

        if (!kw_check_file(path, files[i].schema, NULL, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kw_backup_verify(const gchar *path, GError **error)
{
    g_return_val_if_fail(path != NULL, FALSE);

    return check_sums(path, error) && check_files(path, error);
}

/* -- making -- */

static gboolean
vacuum_into(const gchar *from, const gchar *to, GError **error)
{
    g_autoptr(sqlite3) db = kw_db_open(from, KW_DB_READONLY, error);
    g_autoptr(sqlite3_stmt) stmt = NULL;

    /* query_only would refuse the statement, though it writes another file */
    if (db == NULL || !kw_sql_run(db, "PRAGMA query_only=OFF", error) ||
        !kw_sql_prepare(db, "VACUUM INTO ?1", &stmt, error))
        return FALSE;
    (void) sqlite3_bind_text(stmt, 1, to, -1, SQLITE_STATIC);
    return kw_sql_step_done(stmt, error) && sync_path(to, error);
}

static gboolean
fill_folder(const gchar *root, const gchar *folder, GError **error)
{
    g_autofree gchar *sums_path = g_build_filename(folder, SUMS, NULL);
    g_autofree gchar *sums = NULL;

    if (g_mkdir_with_parents(folder, 0700) != 0)
        return fail_errno(error, folder);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree gchar *from = g_build_filename(root, files[i].name, NULL);
        g_autofree gchar *to = g_build_filename(folder, files[i].name, NULL);

        if (!vacuum_into(from, to, error))
            return FALSE;
    }
    if (!check_files(folder, error))
        return FALSE;
    sums = sum_all(folder);
    if (sums == NULL || !g_file_set_contents(sums_path, sums, -1, NULL))
        return fail_errno(error, sums_path);
    return sync_path(sums_path, error) && sync_path(folder, error);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const gchar *const *) b, *(const gchar *const *) a);
}

/* (transfer full): names of the finished snapshots, newest first */
static GPtrArray *
list_snapshots(const gchar *target)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(target, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_prefix(name, PREFIX) && !g_str_has_suffix(name, PARTIAL))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void
remove_old(const gchar *target, guint keep)
{
    g_autoptr(GPtrArray) names = list_snapshots(target);

    for (guint i = MAX(keep, 1); i < names->len; i++) {
        g_autofree gchar *path = g_build_filename(target, g_ptr_array_index(names, i), NULL);

        remove_folder(path);
    }
}

/* A snapshot of this very second is there when a run was killed behind it and started again
 * from the same market time. It stays when it is whole, else it makes room. */
static gboolean
is_made(const gchar *path)
{
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return FALSE;
    if (kw_backup_verify(path, NULL))
        return TRUE;
    remove_folder(path);
    return FALSE;
}

gboolean
kw_backup_make(const gchar *root,
               const gchar *target,
               gint64 now_us,
               guint keep,
               gchar **out_path,
               GError **error)
{
    g_autofree gchar *stamp = stamp_of(now_us);
    g_autofree gchar *name = g_strconcat(PREFIX, stamp, NULL);
    g_autofree gchar *path = g_build_filename(target, name, NULL);
    g_autofree gchar *partial = g_strconcat(path, PARTIAL, NULL);

    g_return_val_if_fail(root != NULL && target != NULL, FALSE);

    remove_folder(partial);
    if (!fill_folder(root, partial, error)) {
        remove_folder(partial);
        return FALSE;
    }
    if (is_made(path)) {
        remove_folder(partial);
    } else if (g_rename(partial, path) != 0) {
        (void) fail_errno(error, path);
        remove_folder(partial);
        return FALSE;
    }
    if (!sync_path(target, error))
        return FALSE;
    remove_old(target, keep);
    if (out_path != NULL)
        *out_path = g_steal_pointer(&path);
    return TRUE;
}

gchar *
kw_backup_find_newest(const gchar *target)
{
    g_autoptr(GPtrArray) names = list_snapshots(target);

    if (names->len == 0)
        return NULL;
    return g_build_filename(target, g_ptr_array_index(names, 0), NULL);
}

/* -- restoring -- */

static gboolean
copy_file(const gchar *from, const gchar *to, GError **error)
{
    g_autoptr(GFile) source = g_file_new_for_path(from);
    g_autoptr(GFile) copy = g_file_new_for_path(to);
    g_autoptr(GError) local = NULL;

    if (g_file_copy(source, copy, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &local))
        return sync_path(to, error);
    g_set_error(error, KW_STORE_ERROR,
                g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? KW_STORE_ERROR_FULL
                                                                        : KW_STORE_ERROR_IO,
                "%s: %s", to, local->message);
    return FALSE;
}

static gboolean
copy_all(const gchar *path, const gchar *folder, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree gchar *from = g_build_filename(path, files[i].name, NULL);
        g_autofree gchar *to = g_build_filename(folder, files[i].name, NULL);

        if (!copy_file(from, to, error))
            return FALSE;
    }
    return kw_backup_verify(path, error) && check_files(folder, error);
}

static gboolean
move_if_there(const gchar *from_folder, const gchar *name, const gchar *to_folder, GError **e)
{
    g_autofree gchar *from = g_build_filename(from_folder, name, NULL);
    g_autofree gchar *to = g_build_filename(to_folder, name, NULL);

    if (g_rename(from, to) == 0 || errno == ENOENT)
        return TRUE;
    return fail_errno(e, from);
}

/* The anchor goes last: until then a start sees that something is missing. */
static gboolean
swap_files(const gchar *root, const gchar *fresh, const gchar *aside, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree gchar *wal = g_strconcat(files[i].name, "-wal", NULL);
        g_autofree gchar *shm = g_strconcat(files[i].name, "-shm", NULL);

        if (!move_if_there(root, wal, aside, error) ||
            !move_if_there(root, shm, aside, error) ||
            !move_if_there(root, files[i].name, aside, error) ||
            !move_if_there(fresh, files[i].name, root, error))
            return FALSE;
    }
    return sync_path(root, error) && move_if_there(root, KW_ANCHOR_FILE, aside, error) &&
           sync_path(aside, error) && sync_path(root, error);
}

static gboolean
restore_locked(const gchar *root,
               const gchar *path,
               const gchar *fresh,
               const gchar *aside,
               GError **error)
{
    if (!kw_backup_verify(path, error))
        return FALSE;
    if (g_mkdir_with_parents(fresh, 0700) != 0 || g_mkdir_with_parents(aside, 0700) != 0)
        return fail_errno(error, aside);
    return copy_all(path, fresh, error) && swap_files(root, fresh, aside, error);
}

gboolean
kw_backup_restore(
    const gchar *root, const gchar *path, gint64 now_us, gchar **out_aside, GError **error)
{
    g_autofree gchar *stamp = stamp_of(now_us);
    g_autofree gchar *name = g_strconcat("before-restore-", stamp, NULL);
    g_autofree gchar *aside = g_build_filename(root, name, NULL);
    g_autofree gchar *fresh = g_build_filename(root, "restore" PARTIAL, NULL);
    g_autoptr(KwLockFile) lock = NULL;
    gboolean is_ok;

    g_return_val_if_fail(root != NULL && path != NULL, FALSE);

    lock = kw_lock_file_take(root, error);
    if (lock == NULL)
        return FALSE;
    is_ok = restore_locked(root, path, fresh, aside, error);
    remove_folder(fresh);
    if (!is_ok)
        (void) g_rmdir(aside); /* stays when something was put there */
    else if (out_aside != NULL)
        *out_aside = g_steal_pointer(&aside);
    return is_ok;
}
