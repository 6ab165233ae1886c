#include "kw-line-client.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define PATIENCE_S 20

static void
on_line(const gchar *line, gsize length, gpointer user_data)
{
    KwLineClient *self = user_data;

    g_assert_cmpuint(strlen(line), ==, length);
    g_ptr_array_add(self->lines, g_strdup(line));
}

static void
on_overlong(gpointer user_data)
{
    g_assert_not_reached();
}

static void
on_end(KwLineEnd reason, gpointer user_data)
{
    KwLineClient *self = user_data;

    g_assert_false(self->is_over);
    self->is_over = TRUE;
    self->reason = reason;
}

KwLineClient *
kw_line_client_new(const gchar *path)
{
    static const KwLinePipeFuncs funcs = {on_line, on_overlong, on_end};
    g_autoptr(GError) error = NULL;
    KwLineClient *self = g_new0(KwLineClient, 1);

    self->lines = g_ptr_array_new_with_free_func(g_free);
    self->pipe = kw_line_pipe_connect(path, &funcs, self, &error);
    g_assert_no_error(error);
    return self;
}

void
kw_line_client_free(KwLineClient *self)
{
    if (self == NULL)
        return;
    kw_line_pipe_free(self->pipe);
    g_ptr_array_unref(self->lines);
    g_free(self);
}

void
kw_line_client_send(KwLineClient *self, const gchar *line)
{
    g_assert_true(kw_line_pipe_send(self->pipe, line, NULL));
}

static gboolean
on_patience_over(gpointer user_data)
{
    *(gboolean *) user_data = TRUE;
    return G_SOURCE_CONTINUE;
}

void
kw_line_client_wait_until(KwTestCondition condition, gpointer user_data)
{
    gboolean is_late = FALSE;
    guint timer = g_timeout_add_seconds(PATIENCE_S, on_patience_over, &is_late);

    while (!condition(user_data) && !is_late)
        (void) g_main_context_iteration(NULL, TRUE);
    g_source_remove(timer);
    g_assert_false(is_late);
}

typedef struct {
    KwLineClient *client;
    guint n;
} Wait;

static gboolean
has_lines(gpointer user_data)
{
    Wait *wait = user_data;

    return wait->client->lines->len >= wait->n;
}

const gchar *
kw_line_client_wait_line(KwLineClient *self, guint index)
{
    Wait wait = {.client = self, .n = index + 1};

    kw_line_client_wait_until(has_lines, &wait);
    return self->lines->pdata[index];
}

static gboolean
has_ended(gpointer user_data)
{
    return ((KwLineClient *) user_data)->is_over;
}

void
kw_line_client_wait_end(KwLineClient *self)
{
    kw_line_client_wait_until(has_ended, self);
}

void
kw_line_client_settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

gint
kw_line_client_open_raw(const gchar *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    gint fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    g_assert_cmpint(fd, >=, 0);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(connect(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    return fd;
}

gboolean
kw_line_client_write_raw(gint fd, const void *bytes, gsize length)
{
    const guint8 *p = bytes;

    while (length > 0) {
        gssize n = send(fd, p, length, MSG_NOSIGNAL);

        if (n > 0) {
            p += n;
            length -= (gsize) n;
        } else if (errno == EAGAIN) {
            (void) g_main_context_iteration(NULL, TRUE);
        } else {
            return FALSE;
        }
    }
    return TRUE;
}
