/* kw-lock-file.c: an flock on the file that holds the pid
 *
 * The lock is the truth, the pid is only for the message. A file that is created and removed
 * (without a lock) is left behind by a kill and then names a stranger. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-lock-file.h"

#include "kw-error.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

struct _KwLockFile {
    gint fd; /* owned; holds the lock */
};

static gint
read_pid(gint fd)
{
    gchar text[16] = "";
    gssize n = pread(fd, text, sizeof text - 1, 0);

    return n <= 0 ? 0 : (gint) g_ascii_strtoll(text, NULL, 10);
}

static gboolean
write_pid(gint fd)
{
    gchar text[16];
    gint n = g_snprintf(text, sizeof text, "%d\n", (gint) getpid());

    return ftruncate(fd, 0) == 0 && pwrite(fd, text, (gsize) n, 0) == n;
}

static gboolean
fail_errno(GError **error, const gchar *path)
{
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN, "%s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean
lock_fd(gint fd, const gchar *path, GError **error)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
    if (errno != EWOULDBLOCK)
        return fail_errno(error, path);
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_BUSY, "%s is held by process %d", path,
                read_pid(fd));
    return FALSE;
}

KwLockFile *
kw_lock_file_take(const gchar *root, GError **error)
{
    g_autofree gchar *path = NULL;
    KwLockFile *self;
    gint fd;

    g_return_val_if_fail(root != NULL, NULL);

    path = g_build_filename(root, KW_LOCK_FILE, NULL);
    (void) g_mkdir_with_parents(root, 0700);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        (void) fail_errno(error, path);
        return NULL;
    }
    if (!lock_fd(fd, path, error)) {
        (void) g_close(fd, NULL);
        return NULL;
    }
    if (!write_pid(fd)) {
        (void) fail_errno(error, path);
        (void) g_close(fd, NULL);
        return NULL;
    }
    self = g_new0(KwLockFile, 1);
    self->fd = fd;
    return self;
}

void
kw_lock_file_free(KwLockFile *self)
{
    if (self == NULL)
        return;
    (void) ftruncate(self->fd, 0);
    (void) g_close(self->fd, NULL);
    g_free(self);
}

gint
kw_lock_file_get_holder(const gchar *root)
{
    g_autofree gchar *path = g_build_filename(root, KW_LOCK_FILE, NULL);
    gint fd = open(path, O_RDONLY | O_CLOEXEC);
    gint pid = 0;

    if (fd < 0)
        return 0;
    if (flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        pid = read_pid(fd);
    (void) g_close(fd, NULL);
    return pid;
}
