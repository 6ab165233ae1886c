/* test-dialect.c: words written as they are spoken */
#include "kw-dialect.h"
#include "kw-lexicon.h"
#include "kw-test.h"

#include <string.h>

static const gchar words[] = "[classes]\nword=gestern abgestellt kaufen darfst auf\n"
                             "[spelling]\nheute=hoit\nhaben+wir=hamma\n"
                             "[dialect]\nschd=st\nabg=abge\na$=en er\nsch$=st\n^uf=auf\n"
                             "oi=ei -\nmm=m\n";

static const gchar *
find(const gchar *word, guint n_shifts)
{
    static KwLexicon *lexicon = NULL;

    if (lexicon == NULL)
        lexicon = kw_lexicon_new(words, strlen(words), NULL);
    g_assert_nonnull(lexicon);
    return kw_dialect_find(lexicon, word, n_shifts);
}

static void
test_dialect_one_shift(void)
{
    g_assert_cmpstr(find("geschdern", 1), ==, "gestern");
    g_assert_cmpstr(find("abgstellt", 1), ==, "abgestellt");
    g_assert_cmpstr(find("kaufa", 1), ==, "kaufen");
    g_assert_cmpstr(find("darfsch", 1), ==, "darfst");
    g_assert_cmpstr(find("uff", 1), ==, NULL); /* "auff" */
    g_assert_cmpstr(find("kaufaa", 1), ==, NULL);
    g_assert_cmpstr(find("schdarf", 1), ==, NULL);
}

static void
test_dialect_two_shifts(void)
{
    g_assert_cmpstr(find("abgschdellt", 1), ==, NULL);
    g_assert_cmpstr(find("abgschdellt", 2), ==, "abgestellt");
    g_assert_cmpstr(find("geschdoirn", 2), ==, NULL);
}

/* A shift may lead to a spelling, but to one word alone */
static void
test_dialect_spellings(void)
{
    g_assert_cmpstr(find("hoimmt", 2), ==, NULL);
    g_assert_cmpstr(find("hamma", 1), ==, NULL);
    g_assert_cmpstr(find("hammma", 1), ==, NULL);
}

static void
test_dialect_limits(void)
{
    g_autofree gchar *long_word = g_strnfill(4000, 'a');

    g_assert_cmpstr(find("", 2), ==, NULL);
    g_assert_cmpstr(find("a", 2), ==, NULL);
    g_assert_cmpstr(find(long_word, 2), ==, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/dialect/one-shift", test_dialect_one_shift);
    g_test_add_func("/commands/dialect/two-shifts", test_dialect_two_shifts);
    g_test_add_func("/commands/dialect/spellings", test_dialect_spellings);
    g_test_add_func("/commands/dialect/limits", test_dialect_limits);
    return g_test_run();
}
