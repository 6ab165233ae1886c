/* kw-secret.c: loading and wiping
 *
 * Credentials from systemd lie in a folder that only the service may enter, and carry group
 * bits as the mask of their access list; so their mode says nothing and is not judged. A file
 * of the owner must be his alone. The file is judged and read through one descriptor. */
#include "kw-secret.h"

#include "kw-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _KwSecret {
    gchar *bytes; /* owned, len + 1 bytes */
    gsize len;
};

typedef enum {
    MODE_ANY,
    MODE_PRIVATE,
} ModeRule;

KwSecret *
kw_secret_new(const gchar *bytes, gsize len)
{
    KwSecret *self = NULL;

    g_return_val_if_fail(bytes != NULL || len == 0, NULL);

    self = g_new0(KwSecret, 1);
    self->bytes = g_malloc0(len + 1);
    if (len > 0)
        memcpy(self->bytes, bytes, len);
    self->len = len;
    return self;
}

KwSecret *
kw_secret_copy(const KwSecret *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return kw_secret_new(self->bytes, self->len);
}

void
kw_secret_free(KwSecret *self)
{
    if (self == NULL)
        return;
    explicit_bzero(self->bytes, self->len + 1);
    g_free(self->bytes);
    g_free(self);
}

const gchar *
kw_secret_get_bytes(const KwSecret *self, gsize *out_len)
{
    g_return_val_if_fail(self != NULL, NULL);

    if (out_len != NULL)
        *out_len = self->len;
    return self->bytes;
}

gboolean
kw_secret_equal(const KwSecret *self, const gchar *bytes, gsize len)
{
    volatile guchar difference = 0;

    g_return_val_if_fail(self != NULL && (bytes != NULL || len == 0), FALSE);

    if (len != self->len)
        return FALSE;
    for (gsize i = 0; i < len; i++)
        difference = (guchar) (difference | (self->bytes[i] ^ bytes[i]));
    return difference == 0;
}

/* -- files -- */

static gboolean
refuse(const gchar *path, const gchar *why, GError **error)
{
    g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE, "secret file %s: %s", path,
                why);
    return FALSE;
}

static gboolean
check_file(gint fd, const gchar *path, ModeRule rule, GError **error)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return refuse(path, g_strerror(errno), error);
    if (!S_ISREG(st.st_mode))
        return refuse(path, "is no regular file", error);
    if (rule == MODE_PRIVATE && (st.st_mode & 077) != 0) {
        g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE,
                    "secret file %s: others may read it (mode %04o); run: chmod 600 %s", path,
                    (guint) (st.st_mode & 07777), path);
        return FALSE;
    }
    if (rule == MODE_PRIVATE && st.st_uid != geteuid() && st.st_uid != 0)
        return refuse(path, "belongs to another user", error);
    if (st.st_size > KW_SECRET_MAX_BYTES)
        return refuse(path, "is too long for a secret", error);
    return TRUE;
}

static gssize
read_all(gint fd, gchar *buffer, gsize size)
{
    gsize n_read = 0;

    while (n_read < size) {
        gssize n = read(fd, buffer + n_read, size - n_read);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        n_read += (gsize) n;
    }
    return (gssize) n_read;
}

static KwSecret *
read_secret(gint fd, const gchar *path, GError **error)
{
    const gsize size = KW_SECRET_MAX_BYTES;
    g_autofree gchar *buffer = g_malloc0(size);
    KwSecret *self = NULL;
    gssize n = read_all(fd, buffer, size);

    if (n < 0)
        (void) refuse(path, g_strerror(errno), error);
    while (n > 0 && (buffer[n - 1] == '\n' || buffer[n - 1] == '\r'))
        n--;
    if (n == 0)
        (void) refuse(path, "is empty", error);
    if (n > 0)
        self = kw_secret_new(buffer, (gsize) n);
    explicit_bzero(buffer, size);
    return self;
}

/* Returns NULL without an error when there is no such file. */
static KwSecret *
load_from(const gchar *dir, const gchar *name, ModeRule rule, GError **error)
{
    g_autofree gchar *path = NULL;
    KwSecret *self = NULL;
    gint fd;

    if (dir == NULL)
        return NULL;
    path = g_build_filename(dir, name, NULL);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            (void) refuse(path, g_strerror(errno), error);
        return NULL;
    }
    if (check_file(fd, path, rule, error))
        self = read_secret(fd, path, error);
    (void) close(fd);
    return self;
}

KwSecret *
kw_secret_load(const gchar *name,
               const gchar *credentials_dir,
               const gchar *private_dir,
               GError **error)
{
    g_autoptr(GError) failure = NULL;
    KwSecret *self;

    g_return_val_if_fail(name != NULL && *name != '\0', NULL);
    g_return_val_if_fail(strchr(name, '/') == NULL && name[0] != '.', NULL);

    self = load_from(credentials_dir, name, MODE_ANY, &failure);
    if (self == NULL && failure == NULL)
        self = load_from(private_dir, name, MODE_PRIVATE, &failure);
    if (self != NULL)
        return self;
    if (failure == NULL)
        g_set_error(&failure, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT,
                    "secret \"%s\" is in neither %s nor %s", name,
                    credentials_dir != NULL ? credentials_dir : "the systemd credentials",
                    private_dir != NULL ? private_dir : "a private folder");
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}
