/* test-line-reader.c: the same lines from plain and compressed bytes; broken ones are named */
#include "kw-error.h"
#include "kw-line-reader.h"

static GBytes *
compress(const gchar *text, gsize length)
{
    g_autoptr(GConverter) gzip =
        G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, gzip);

    g_assert_true(g_output_stream_write_all(stream, text, length, NULL, NULL, NULL));
    g_assert_true(g_output_stream_close(stream, NULL, NULL));
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

/* All lines as "1:text|2:text|", "LONG" for endless ones, "END" or "FAILED" at the end */
static gchar *
read_all(GBytes *bytes)
{
    g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);
    g_autoptr(KwLineReader) reader = kw_line_reader_new(stream);
    g_autoptr(GString) log = g_string_new(NULL);

    for (;;) {
        g_autoptr(GError) error = NULL;
        gchar *text = NULL;
        gsize length = 0;

        switch (kw_line_reader_next(reader, &text, &length, &error)) {
        case KW_LINE_TEXT:
            g_assert_cmpuint(length, <=, KW_LINE_READER_MAX_LINE);
            g_assert_cmpint(text[length], ==, '\0');
            g_string_append_printf(log, "%u:%s|", kw_line_reader_get_number(reader), text);
            break;
        case KW_LINE_TOO_LONG:
            g_string_append_printf(log, "%u:LONG|", kw_line_reader_get_number(reader));
            break;
        case KW_LINE_END:
            g_string_append(log, "END");
            return g_strdup(log->str);
        case KW_LINE_FAILED:
            g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO);
            g_string_append(log, "FAILED");
            return g_strdup(log->str);
        }
    }
}

static void
assert_lines(const gchar *input, const gchar *expected)
{
    g_autoptr(GBytes) plain = g_bytes_new(input, strlen(input));
    g_autoptr(GBytes) packed = compress(input, strlen(input));
    g_autofree gchar *from_plain = read_all(plain);
    g_autofree gchar *from_packed = read_all(packed);

    g_assert_cmpstr(from_plain, ==, expected);
    g_assert_cmpstr(from_packed, ==, expected);
}

static void
test_lines(void)
{
    assert_lines("", "END");
    assert_lines("a", "1:a|END");
    assert_lines("a\n", "1:a|END");
    assert_lines("a\r\nb\r\n", "1:a|2:b|END");
    assert_lines("a\n\n\nb", "1:a|2:|3:|4:b|END");
    assert_lines("\n", "1:|END");
}

static void
test_endless_lines(void)
{
    g_autoptr(GString) input = g_string_new("first\n");
    g_autoptr(GString) just = g_string_new(NULL);
    g_autofree gchar *expected = NULL;

    for (guint i = 0; i < 300000; i++)
        g_string_append_c(input, 'x');
    g_string_append(input, "\nlast");
    assert_lines(input->str, "1:first|2:LONG|3:last|END");

    for (guint i = 0; i < KW_LINE_READER_MAX_LINE; i++)
        g_string_append_c(just, 'y');
    expected = g_strdup_printf("1:%s|END", just->str);
    assert_lines(just->str, expected);
    g_string_append_c(just, 'y');
    assert_lines(just->str, "1:LONG|END");
}

/* Two gzip files written behind one another are one text. */
static void
test_gzip_members(void)
{
    g_autoptr(GBytes) one = compress("a\nb", 3);
    g_autoptr(GBytes) two = compress("c\nd\n", 4);
    g_autoptr(GByteArray) both = g_byte_array_new();
    g_autoptr(GBytes) bytes = NULL;
    g_autofree gchar *lines = NULL;

    g_byte_array_append(both, g_bytes_get_data(one, NULL), (guint) g_bytes_get_size(one));
    g_byte_array_append(both, g_bytes_get_data(two, NULL), (guint) g_bytes_get_size(two));
    bytes = g_byte_array_free_to_bytes(g_steal_pointer(&both));
    lines = read_all(bytes);
    g_assert_cmpstr(lines, ==, "1:a|2:bc|3:d|END");
}

/* A download that was cut is an error, not a shorter file. */
static void
test_gzip_broken(void)
{
    g_autoptr(GBytes) whole = compress("hello\nworld\n", 12);
    gsize size = g_bytes_get_size(whole);

    for (gsize cut = 2; cut < size; cut++) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(whole, 0, cut);
        g_autofree gchar *lines = read_all(part);

        g_assert_true(g_str_has_suffix(lines, "FAILED"));
    }
    for (gsize at = 10; at < size; at++) {
        g_autofree guint8 *bytes = g_memdup2(g_bytes_get_data(whole, NULL), size);
        g_autoptr(GBytes) flipped = NULL;
        g_autofree gchar *lines = NULL;

        bytes[at] ^= 0x55;
        flipped = g_bytes_new_take(g_steal_pointer(&bytes), size);
        lines = read_all(flipped);
        g_assert_true(g_str_has_suffix(lines, "FAILED"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/line-reader/lines", test_lines);
    g_test_add_func("/market/line-reader/endless-lines", test_endless_lines);
    g_test_add_func("/market/line-reader/gzip-members", test_gzip_members);
    g_test_add_func("/market/line-reader/gzip-broken", test_gzip_broken);
    return g_test_run();
}
