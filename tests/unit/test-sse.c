/* test-sse.c: the standard's examples, every cut, recorded streams, limits */
#include "kw-error.h"
#include "kw-sse.h"
#include "kw-test.h"

#include <string.h>

/* Writes an event down as "type=data@id;" */
static void
on_event(const KwSseEvent *event, gpointer user_data)
{
    g_assert_cmpuint(strlen(event->data), ==, event->length);
    g_string_append_printf(user_data, "%s=%s@%s;", event->type, event->data, event->last_id);
}

/* Reads @stream in pieces of @step bytes. */
static gchar *
read_stream(const gchar *stream, gsize step)
{
    GString *seen = g_string_new(NULL);
    g_autoptr(KwSse) sse = kw_sse_new(65536, on_event, seen);
    gsize length = strlen(stream);

    for (gsize at = 0; at < length; at += step)
        g_assert_true(kw_sse_feed(sse, stream + at, MIN(step, length - at), NULL));
    return g_string_free(seen, FALSE);
}

static void
test_forms(void)
{
    static const struct {
        const gchar *stream, *seen;
    } rows[] = {
        {"data: a\n\n", "message=a@;"},
        {"data:a\n\n", "message=a@;"},
        {"data:  a\n\n", "message= a@;"},
        {"data: YHOO\ndata: +2\ndata: 10\n\n", "message=YHOO\n+2\n10@;"},
        {"event: add\ndata: 1\n\ndata: 2\n\n", "add=1@;message=2@;"},
        {"event: add\n\ndata: 2\n\n", "message=2@;"}, /* no data: no event, type forgotten */
        {": hi\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n",
         "message=first@1;message=second@;message= third@;"},
        {"id: 7\ndata: a\n\ndata: b\n\n", "message=a@7;message=b@7;"},
        {"data\n\ndata\ndata\n\ndata:", "message=@;message=\n@;"},
        {"data: a\r\n\r\ndata: b\r\rdata: c\n\n", "message=a@;message=b@;message=c@;"},
        {"data: a\r\n\ndata: b\r\n\r", "message=a@;message=b@;"},
        {"\xEF\xBB\xBF"
         "data: a\n\n\xEF\xBB\xBF"
         "data: b\n\n",
         "message=a@;"},
        {"Data: a\ndatax: b\n data: c\n\n", ""},
        {"data: a\n", ""}, /* cut: no event */
        {"event: error\ndata: {\"a\":\"b:c\"}\nretry: x\n\n", "error={\"a\":\"b:c\"}@;"},
        {"", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (gsize step = 1; step <= 12; step++) {
            g_autofree gchar *seen = read_stream(rows[i].stream, step);

            g_test_message("row %" G_GSIZE_FORMAT ", step %" G_GSIZE_FORMAT, i, step);
            g_assert_cmpstr(seen, ==, rows[i].seen);
        }
}

/* An event is handed on with its last byte, not with the first one of the next. */
static void
test_at_once(void)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(KwSse) sse = kw_sse_new(100, on_event, seen);

    g_assert_true(kw_sse_feed(sse, "data: a\r\n\r", 10, NULL));
    g_assert_cmpstr(seen->str, ==, "message=a@;");
    g_assert_true(kw_sse_feed(sse, "\ndata: b\n\n", 10, NULL));
    g_assert_cmpstr(seen->str, ==, "message=a@;message=b@;");
}

static void
test_retry(void)
{
    static const struct {
        const gchar *stream;
        guint retry_ms;
    } rows[] = {
        {"retry: 2500\n", 2500},           {"retry: 0\n", 0},
        {"retry: 2,5\n", KW_SSE_NO_RETRY}, {"retry: -1\n", KW_SSE_NO_RETRY},
        {"retry\n", KW_SSE_NO_RETRY},      {"retry: 99999999999999999999\n", KW_SSE_NO_RETRY},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        g_autoptr(KwSse) sse = kw_sse_new(100, on_event, seen);

        g_assert_cmpuint(kw_sse_get_retry_ms(sse), ==, KW_SSE_NO_RETRY);
        g_assert_true(kw_sse_feed(sse, rows[i].stream, strlen(rows[i].stream), NULL));
        g_assert_cmpuint(kw_sse_get_retry_ms(sse), ==, rows[i].retry_ms);
    }
}

/* Every byte since the last blank line counts, wherever it stands. */
static void
test_limit(void)
{
    static const gchar *const rows[] = {"data: 123456789\n", "data:12345\ndata:6\n",
                                        ":xxxxxx\n:xxxxxxx\n", "xxxxxxxxxxxxxxxxxxxxx",
                                        "event:a\nid:123456\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (gsize step = 1; step < 20; step++) {
            g_autoptr(GString) seen = g_string_new(NULL);
            g_autoptr(KwSse) sse = kw_sse_new(14, on_event, seen);
            g_autoptr(GError) error = NULL;
            gsize length = strlen(rows[i]);

            g_assert_true(kw_sse_feed(sse, "data:123456789\n\n", 16, NULL));
            for (gsize at = 0; at < length && error == NULL; at += step)
                (void) kw_sse_feed(sse, rows[i] + at, MIN(step, length - at), &error);
            g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_LIMIT);
            g_assert_false(kw_sse_feed(sse, "\n\ndata:a\n\n", 10, NULL));
            g_assert_cmpstr(seen->str, ==, "message=123456789@;");
        }
}

static void
test_zero_bytes(void)
{
    static const gchar stream[] = "id: a\nid: b\0c\ndata: \n\n";
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(KwSse) sse = kw_sse_new(100, on_event, seen);

    g_assert_true(kw_sse_feed(sse, stream, sizeof stream - 1, NULL));
    g_assert_cmpstr(seen->str, ==, "message=@a;");
}

/* Recorded streams read the same however they are cut. */
static void
test_recorded(void)
{
    static const struct {
        const gchar *name;
        guint n_events;
    } rows[] = {
        {"claude/sdk_basic_response.sse", 8},
        {"claude/sdk_tool_use_response.sse", 14},
        {"claude/stream_error_midway.sse", 5},
        {"claude/stream_unknown_event_crlf.sse", 8},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *path = kw_test_fixture_path(rows[i].name);
        g_autofree gchar *stream = NULL;
        g_autofree gchar *whole = NULL;
        guint n_events = 0;

        g_assert_true(g_file_get_contents(path, &stream, NULL, NULL));
        whole = read_stream(stream, strlen(stream));
        for (const gchar *p = whole; (p = strstr(p, "@;")) != NULL; p++)
            n_events++;
        g_assert_cmpuint(n_events, ==, rows[i].n_events);
        for (guint n = 0; n < 20; n++) {
            g_autofree gchar *pieces =
                read_stream(stream, (gsize) g_test_rand_int_range(1, 200));

            g_assert_cmpstr(pieces, ==, whole);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/sse/forms", test_forms);
    g_test_add_func("/net/sse/at-once", test_at_once);
    g_test_add_func("/net/sse/retry", test_retry);
    g_test_add_func("/net/sse/limit", test_limit);
    g_test_add_func("/net/sse/zero-bytes", test_zero_bytes);
    g_test_add_func("/net/sse/recorded", test_recorded);
    return g_test_run();
}
