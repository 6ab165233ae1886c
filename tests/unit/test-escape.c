/* test-escape.c: foreign bytes in one line */
#include "kw-escape.h"

#include <string.h>

static void
test_table(void)
{
    static const struct {
        const gchar *bytes;
        const gchar *expected;
    } rows[] = {
        {"Grüße, 5 €", "Grüße, 5 €"},
        {"a\nb\r\tc", "a\\nb\\r\\tc"},
        {"\x1b[31mrot\x1b[0m", "\\x1b[31mrot\\x1b[0m"},
        {"\x7f", "\\x7f"},
        {"a\xff\xc3(", "a\\xff\\xc3("},
        {"\xc2\x85", "\\u0085"}, /* C1 next line */
        {"gut\xe2\x80\xae"
         "lve",
         "gut\\u202elve"}, /* right-to-left override */
        {"\xe2\x80\xa8", "\\u2028"},
        {"", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = kw_escape_bytes(rows[i].bytes, -1, 100);

        g_assert_cmpstr(text, ==, rows[i].expected);
    }
}

static void
test_cut_and_nul(void)
{
    g_autofree gchar *cut = kw_escape_bytes("0123456789", -1, 4);
    g_autofree gchar *nul = kw_escape_bytes("a\0b", 3, 10);
    g_autofree gchar *half = kw_escape_bytes("\xe2\x82", 2, 10);

    g_assert_cmpstr(cut, ==, "0123...");
    g_assert_cmpstr(nul, ==, "a\\x00b");
    g_assert_cmpstr(half, ==, "\\xe2\\x82");
}

/* Property: any bytes give one line of valid UTF-8 without controls. */
static void
test_property(void)
{
    for (guint i = 0; i < 20000; i++) {
        gchar bytes[24];
        gsize len = (gsize) g_test_rand_int_range(0, sizeof bytes + 1);
        g_autofree gchar *text = NULL;

        for (gsize k = 0; k < len; k++)
            bytes[k] = (gchar) g_test_rand_int_range(0, 256);
        text = kw_escape_bytes(bytes, (gssize) len, sizeof bytes);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        for (const gchar *p = text; *p != '\0'; p = g_utf8_next_char(p))
            g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/escape/table", test_table);
    g_test_add_func("/base/escape/cut-and-nul", test_cut_and_nul);
    g_test_add_func("/base/escape/property", test_property);
    return g_test_run();
}
