/* kw-sse.c: server-sent events, after the HTML standard's section of that name
 *
 * A line ends with LF, CR or CR LF, and a piece may end between CR and LF: the CR ends the line
 * at once and an LF right behind it is skipped, so that an event is not held back until the
 * next one begins. Fields that the standard does not name are ignored, as are comments, which
 * servers send to keep the connection open.
 *
 * The sum of all bytes since the last blank line is bounded, ignored ones included: a stream
 * cannot make us keep, or skip, without end. Text is handed on as bytes; whoever reads the data
 * as JSON checks its encoding there. */
#include "kw-sse.h"

#include "kw-error.h"

#include <string.h>

struct _KwSse {
    gsize max_bytes;
    KwSseFunc func;
    gpointer user_data;

    GString *line; /* owned: of the line being read */
    GString *data; /* owned: of the event being read, an LF behind every line */
    GString *type; /* owned: of the event being read */
    GString *id;   /* owned: the last one of the stream */
    gsize n_bytes; /* since the last blank line */
    guint retry_ms;
    gboolean is_begun;     /* the first line, which may have a byte order mark, is read */
    gboolean is_after_cr;  /* an LF that comes next belongs to the last line end */
    gboolean is_exhausted; /* over the limit */
};

static gboolean
is_field(const GString *line, gsize name_length, const gchar *name)
{
    return strlen(name) == name_length && memcmp(line->str, name, name_length) == 0;
}

static void
read_retry(KwSse *self, const gchar *value, gsize length)
{
    guint64 retry_ms = 0;

    if (length == 0 || length > 9)
        return;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit(value[i]))
            return;
        retry_ms = retry_ms * 10 + (guint64) g_ascii_digit_value(value[i]);
    }
    self->retry_ms = (guint) retry_ms;
}

static void
read_field(KwSse *self)
{
    const GString *line = self->line;
    const gchar *colon = memchr(line->str, ':', line->len);
    gsize name_length = colon != NULL ? (gsize) (colon - line->str) : line->len;
    const gchar *value = colon != NULL ? colon + 1 : line->str + line->len;
    gsize length;

    if (colon != NULL && *value == ' ')
        value++;
    length = line->len - (gsize) (value - line->str);
    if (is_field(line, name_length, "data")) {
        g_string_append_len(self->data, value, (gssize) length);
        g_string_append_c(self->data, '\n');
    } else if (is_field(line, name_length, "event")) {
        g_string_truncate(self->type, 0);
        g_string_append_len(self->type, value, (gssize) length);
    } else if (is_field(line, name_length, "id") && memchr(value, '\0', length) == NULL) {
        g_string_truncate(self->id, 0);
        g_string_append_len(self->id, value, (gssize) length);
    } else if (is_field(line, name_length, "retry")) {
        read_retry(self, value, length);
    }
}

static void
end_event(KwSse *self)
{
    if (self->data->len > 0) {
        KwSseEvent event = {.type = self->type->len > 0 ? self->type->str : KW_SSE_DEFAULT_TYPE,
                            .data = self->data->str,
                            .last_id = self->id->str};

        g_string_truncate(self->data, self->data->len - 1);
        event.length = self->data->len;
        self->func(&event, self->user_data);
    }
    g_string_truncate(self->data, 0);
    g_string_truncate(self->type, 0);
    self->n_bytes = 0;
}

static void
end_line(KwSse *self)
{
    if (!self->is_begun && g_str_has_prefix(self->line->str, "\xEF\xBB\xBF"))
        g_string_erase(self->line, 0, 3);
    self->is_begun = TRUE;
    if (self->line->len == 0)
        end_event(self);
    else
        read_field(self);
    g_string_truncate(self->line, 0);
}

gboolean
kw_sse_feed(KwSse *self, const gchar *bytes, gsize length, GError **error)
{
    const gchar *end = bytes + length;

    g_return_val_if_fail(self != NULL && (bytes != NULL || length == 0), FALSE);

    while (bytes < end && !self->is_exhausted) {
        const gchar *stop = bytes;
        gsize n;

        if (self->is_after_cr && *bytes == '\n')
            stop = ++bytes;
        self->is_after_cr = FALSE;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        n = (gsize) (stop - bytes);
        self->is_exhausted = n > self->max_bytes - self->n_bytes;
        if (self->is_exhausted)
            break;
        self->n_bytes += n;
        g_string_append_len(self->line, bytes, (gssize) n);
        bytes = stop;
        if (stop == end)
            break;
        self->is_after_cr = *stop == '\r';
        end_line(self);
        bytes++;
    }
    if (self->is_exhausted)
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_LIMIT,
                    "an event of more than %" G_GSIZE_FORMAT " bytes", self->max_bytes);
    return !self->is_exhausted;
}

guint
kw_sse_get_retry_ms(const KwSse *self)
{
    g_return_val_if_fail(self != NULL, KW_SSE_NO_RETRY);

    return self->retry_ms;
}

KwSse *
kw_sse_new(gsize max_bytes, KwSseFunc func, gpointer user_data)
{
    KwSse *self;

    g_return_val_if_fail(max_bytes > 0 && func != NULL, NULL);

    self = g_new0(KwSse, 1);
    self->max_bytes = max_bytes;
    self->func = func;
    self->user_data = user_data;
    self->line = g_string_new(NULL);
    self->data = g_string_new(NULL);
    self->type = g_string_new(NULL);
    self->id = g_string_new(NULL);
    self->retry_ms = KW_SSE_NO_RETRY;
    return self;
}

void
kw_sse_free(KwSse *self)
{
    if (self == NULL)
        return;
    (void) g_string_free(self->line, TRUE);
    (void) g_string_free(self->data, TRUE);
    (void) g_string_free(self->type, TRUE);
    (void) g_string_free(self->id, TRUE);
    g_free(self);
}
