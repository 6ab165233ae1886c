/* kw-nonce.c: a counter that is ahead of its file never, and of the clock seldom
 *
 * The file holds a ceiling: no number at or above it has been given away. A new process begins
 * at the ceiling, so nothing depends on the clock after a crash. Writing the last number each
 * time was the alternative; it costs a sync per call, which the order path would wait for. */
#include "kw-nonce.h"

#include "kw-error.h"

#include <errno.h>
#include <string.h>

#define RESERVE_US (G_GINT64_CONSTANT(10) * 60 * G_USEC_PER_SEC)
#define MAX_FILE 64

struct _KwNonce {
    KwClock *clock; /* owned */
    gchar *path;    /* owned; NULL: not remembered */
    guint64 last;
    guint64 ceiling; /* durable; numbers below it may be given away */
};

static gboolean
refuse(const KwNonce *self, const gchar *what, GError **error)
{
    g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_IO, "%s: %s", self->path, what);
    return FALSE;
}

static gboolean
read_ceiling(KwNonce *self, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autofree gchar *text = NULL;
    gsize length = 0;

    if (!g_file_get_contents(self->path, &text, &length, &inner))
        return g_error_matches(inner, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
               refuse(self, inner->message, error);
    if (length == 0 || length > MAX_FILE || text[length - 1] != '\n')
        return refuse(self, "is no file of numbers given away", error);
    text[length - 1] = '\0';
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &self->ceiling, NULL))
        return refuse(self, "is no file of numbers given away", error);
    self->last = self->ceiling;
    return TRUE;
}

KwNonce *
kw_nonce_new(KwClock *clock, const gchar *path, GError **error)
{
    g_autoptr(KwNonce) self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);

    self = g_new0(KwNonce, 1);
    self->clock = g_object_ref(clock);
    self->path = g_strdup(path);
    if (path != NULL && !read_ceiling(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
kw_nonce_free(KwNonce *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->clock);
    g_free(self->path);
    g_free(self);
}

static gboolean
raise_ceiling(KwNonce *self, guint64 next, GError **error)
{
    const GFileSetContentsFlags flags =
        G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;
    guint64 ceiling = next + RESERVE_US;
    g_autofree gchar *text = g_strdup_printf("%" G_GUINT64_FORMAT "\n", ceiling);
    g_autoptr(GError) inner = NULL;

    if (self->path != NULL &&
        !g_file_set_contents_full(self->path, text, -1, flags, 0600, &inner))
        return refuse(self, inner->message, error);
    self->ceiling = ceiling;
    return TRUE;
}

gboolean
kw_nonce_take(KwNonce *self, guint64 *out, GError **error)
{
    guint64 next;

    g_return_val_if_fail(self != NULL && out != NULL, FALSE);

    next = MAX((guint64) MAX(kw_clock_now_us(self->clock), 0), self->last + 1);
    if (next >= self->ceiling && !raise_ceiling(self, next, error))
        return FALSE;
    self->last = next;
    *out = next;
    return TRUE;
}

void
kw_nonce_raise(KwNonce *self, guint64 seen)
{
    g_return_if_fail(self != NULL);

    self->last = MAX(self->last, seen);
}
