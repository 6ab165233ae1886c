/* kw-sse.h: reads a stream of server-sent events, in pieces of any size */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_SSE_DEFAULT_TYPE "message"
#define KW_SSE_NO_RETRY G_MAXUINT

/**
 * KwSseEvent: valid until the function that gets it returns
 * @type: %KW_SSE_DEFAULT_TYPE when the stream names none
 * @data: lines joined with LF; any bytes, with a zero byte after the last
 * @last_id: of this or an earlier event; "" before the first
 */
typedef struct {
    const gchar *type;
    const gchar *data;
    gsize length;
    const gchar *last_id;
} KwSseEvent;

/* May not feed or free the parser. */
typedef void (*KwSseFunc)(const KwSseEvent *event, gpointer user_data);

typedef struct _KwSse KwSse;

/**
 * kw_sse_new:
 * @max_bytes: of one event, all its lines together; also of one comment
 *
 * Returns: (transfer full)
 */
KwSse *kw_sse_new(gsize max_bytes, KwSseFunc func, gpointer user_data);
void kw_sse_free(KwSse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSse, kw_sse_free)

/**
 * kw_sse_feed:
 * @bytes: (array length=length): the next piece of the stream, cut anywhere
 *
 * Calls the function for every event that ends in this piece. What has not ended when the
 * stream does is no event: just stop feeding. A new connection needs a new parser.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_LIMIT; the parser then takes nothing more
 */
gboolean kw_sse_feed(KwSse *self, const gchar *bytes, gsize length, GError **error);

/* Milliseconds to wait before connecting again, as the stream wishes, or %KW_SSE_NO_RETRY */
guint kw_sse_get_retry_ms(const KwSse *self);

G_END_DECLS
