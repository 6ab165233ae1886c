/* fuzz-sse.c: any bytes as a stream of events, cut anywhere
 *
 * The first byte says how the others are cut. However they are, the events are those of the
 * stream read in one piece, and no event is over the limit. */
#include "kw-fuzz.h"
#include "kw-sse.h"

#include <string.h>

#define MAX_BYTES 2048

static void
on_event(const KwSseEvent *event, gpointer user_data)
{
    GString *seen = user_data;

    g_assert_cmpuint(event->length, <=, MAX_BYTES);
    g_assert_cmpint(event->data[event->length], ==, '\0');
    g_string_append_printf(seen, "%s|%s|%" G_GSIZE_FORMAT "|", event->type, event->last_id,
                           event->length);
    g_string_append_len(seen, event->data, (gssize) event->length);
    g_string_append_c(seen, '\n');
}

static void
read_stream(const gchar *bytes, gsize length, gsize step, GString *seen)
{
    g_autoptr(KwSse) sse = kw_sse_new(MAX_BYTES, on_event, seen);
    gboolean is_fine = TRUE;

    for (gsize at = 0; at < length && is_fine; at += step)
        is_fine = kw_sse_feed(sse, bytes + at, MIN(step, length - at), NULL);
    g_string_append_printf(seen, "%d %u", is_fine, kw_sse_get_retry_ms(sse));
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(GString) whole = g_string_new(NULL);
    g_autoptr(GString) pieces = g_string_new(NULL);
    const gchar *stream = (const gchar *) bytes + 1;

    if (length < 2)
        return;
    read_stream(stream, length - 1, length - 1, whole);
    read_stream(stream, length - 1, (gsize) bytes[0] + 1, pieces);
    g_assert_true(g_string_equal(whole, pieces));
}
