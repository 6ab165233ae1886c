/* kw-line-client.h: the other end of a line server, for tests: keeps what it hears */
#pragma once

#include "kw-line-pipe.h"

G_BEGIN_DECLS

/**
 * KwLineClient:
 * @lines: (element-type utf8): what came, as it was
 * @is_over: the connection has ended, for @reason
 */
typedef struct {
    KwLinePipe *pipe;
    GPtrArray *lines;
    gboolean is_over;
    KwLineEnd reason;
} KwLineClient;

/* (transfer full): connected to the socket at @path; must succeed */
KwLineClient *kw_line_client_new(const gchar *path);
void kw_line_client_free(KwLineClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLineClient, kw_line_client_free)

void kw_line_client_send(KwLineClient *self, const gchar *line);

/* Runs the main loop until the line number @index has come. Returns: (transfer none): it */
const gchar *kw_line_client_wait_line(KwLineClient *self, guint index);
void kw_line_client_wait_end(KwLineClient *self);

typedef gboolean (*KwTestCondition)(gpointer user_data);

/* Runs the main loop until @condition holds; a test that waits too long fails. */
void kw_line_client_wait_until(KwTestCondition condition, gpointer user_data);

/* Runs the main loop as long as anything is ready. */
void kw_line_client_settle(void);

/* A raw connected descriptor, for bytes that a client would not send; non-blocking */
gint kw_line_client_open_raw(const gchar *path);

/* Writes all of @bytes to @fd, running the main loop as needed. Returns: %FALSE when the other
 * side has closed */
gboolean kw_line_client_write_raw(gint fd, const void *bytes, gsize length);

G_END_DECLS
