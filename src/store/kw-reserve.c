#define G_LOG_DOMAIN "kw-store"

#include "kw-reserve.h"

#include <glib/gstdio.h>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Taken again only when there is plenty: else the next small write finds the disk full. */
#define MIN_FREE_BYTES (8 * (guint64) KW_RESERVE_BYTES)

static gboolean
has_room(const gchar *root)
{
    struct statvfs info;

    return statvfs(root, &info) == 0 &&
           (guint64) info.f_bavail * (guint64) info.f_frsize >= MIN_FREE_BYTES;
}

gboolean
kw_reserve_take(const gchar *root)
{
    g_autofree gchar *path = g_build_filename(root, KW_RESERVE_FILE, NULL);
    gboolean is_ok;
    gint fd;

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    if (!has_room(root))
        return FALSE;
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return FALSE;
    is_ok = posix_fallocate(fd, 0, KW_RESERVE_BYTES) == 0;
    (void) close(fd);
    if (!is_ok)
        (void) g_unlink(path);
    return is_ok;
}

void
kw_reserve_release(const gchar *root)
{
    g_autofree gchar *path = g_build_filename(root, KW_RESERVE_FILE, NULL);

    (void) g_unlink(path);
}
