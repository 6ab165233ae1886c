/* test-split.c: nothing of a text is lost, and no piece is too long */
#include "kw-split.h"

#include <string.h>

static void
test_places(void)
{
    static const struct {
        const gchar *text;
        gsize max;
        const gchar *pieces; /* joined by "|" */
    } rows[] = {
        {"kurz", 10, "kurz"},
        {"", 10, ""},
        {"genau zehn", 10, "genau zehn"},
        {"erster Absatz\n\nzweiter Absatz", 20, "erster Absatz|zweiter Absatz"},
        {"Zeile eins\nZeile zwei", 12, "Zeile eins|Zeile zwei"},
        {"ein langer Satz", 11, "ein langer|Satz"},
        {"abcdefghij", 4, "abcd|efgh|ij"},
        {"a\nbcdefghijkl", 9, "a\nbcdefgh|ijkl"}, /* no stump of one letter */
        {"Ende mit Leerzeile\n\n", 40, "Ende mit Leerzeile"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) pieces = kw_split_text(rows[i].text, rows[i].max, KW_SPLIT_UTF16);
        g_autofree gchar *joined = g_strjoinv("|", pieces);

        g_assert_cmpstr(joined, ==, rows[i].pieces);
    }
}

static void
test_units(void)
{
    g_auto(GStrv) surrogates = kw_split_text("😀😀😀", 4, KW_SPLIT_UTF16);
    g_auto(GStrv) bytes = kw_split_text("äöüäöü", 4, KW_SPLIT_BYTES);

    g_assert_cmpuint(kw_split_count("a😀ä", -1, KW_SPLIT_UTF16), ==, 4);
    g_assert_cmpuint(kw_split_count("a😀ä", -1, KW_SPLIT_BYTES), ==, 7);
    g_assert_cmpuint(kw_split_count("a😀ä", 5, KW_SPLIT_UTF16), ==, 3);
    g_assert_cmpstr(surrogates[0], ==, "😀😀");
    g_assert_cmpstr(surrogates[1], ==, "😀");
    g_assert_cmpstr(bytes[0], ==, "äö");
    g_assert_cmpuint(g_strv_length(bytes), ==, 3);
}

/* The text without white space */
static void
squeeze(GString *out, const gchar *text)
{
    for (; *text != '\0'; text++) {
        if (!g_ascii_isspace(*text))
            g_string_append_c(out, *text);
    }
}

/* Property: the pieces are short, valid, and hold all that is no white space */
static void
test_random(void)
{
    static const gchar *const atoms[] = {"a", "ä", "😀", " ", "\n", "\n\n", "Wort", "€"};

    for (guint round = 0; round < 500; round++) {
        g_autoptr(GString) text = g_string_new("x");
        g_autoptr(GString) before = g_string_new(NULL);
        g_autoptr(GString) after = g_string_new(NULL);
        KwSplitUnit unit = g_test_rand_bit() ? KW_SPLIT_UTF16 : KW_SPLIT_BYTES;
        gsize max = (gsize) g_test_rand_int_range(4, 40);
        g_auto(GStrv) pieces = NULL;

        for (gint i = g_test_rand_int_range(0, 200); i > 0; i--)
            g_string_append(text, atoms[g_test_rand_int_range(0, G_N_ELEMENTS(atoms))]);
        pieces = kw_split_text(text->str, max, unit);
        squeeze(before, text->str);
        for (guint i = 0; pieces[i] != NULL; i++) {
            g_assert_true(g_utf8_validate(pieces[i], -1, NULL));
            g_assert_cmpuint(kw_split_count(pieces[i], -1, unit), <=, max);
            g_assert_cmpuint(strlen(pieces[i]), >, 0);
            squeeze(after, pieces[i]);
        }
        g_assert_cmpstr(before->str, ==, after->str);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chat/split/places", test_places);
    g_test_add_func("/chat/split/units", test_units);
    g_test_add_func("/chat/split/random", test_random);
    return g_test_run();
}
