/* test-courtesy.c: the polite words around a question */
#include "kw-courtesy.h"
#include "kw-lexicon.h"
#include "kw-test.h"

#include <string.h>

static const gchar words[] = "[classes]\nword=status\n"
                             "[list:frame_fillers]\n0=mal|bitte\n"
                             "[frame]\nask=kannst/koenntest du mir sagen|mich interessiert\n"
                             "please=waere es moeglich\n";

static gchar *
drop(const gchar *message)
{
    g_autoptr(KwLexicon) lexicon = kw_lexicon_new(words, strlen(words), NULL);
    g_autoptr(KwText) text = kw_text_new(message, strlen(message));
    GString *left = g_string_new(NULL);

    g_assert_nonnull(lexicon);
    kw_courtesy_drop(lexicon, text->tokens);
    for (guint i = 0; i < text->tokens->len; i++) {
        const KwToken *token = &g_array_index(text->tokens, KwToken, i);

        g_string_append_printf(left, "%s%u:%s", i > 0 ? " " : "", token->clause, token->word);
    }
    return g_string_free(left, FALSE);
}

static void
check(const gchar *message, const gchar *expected)
{
    g_autofree gchar *left = drop(message);

    g_assert_cmpstr(left, ==, expected);
}

static void
test_courtesy_asks(void)
{
    check("kannst du mir sagen wie spät", "0:wie 0:spaet");
    check("könntest du mir bitte mal sagen, wie spät", "0:wie 0:spaet");
    check("mal bitte, mich interessiert, wie, was", "0:mal 0:bitte 1:wie 2:was");
}

static void
test_courtesy_wishes(void)
{
    check("wäre es möglich, den Bot zu stoppen", "0:bitte 0:den 0:bot 0:zu 0:stoppen");
    check("wäre es möglich. Stopp", "0:bitte 1:stopp");
}

/* Not in the middle, not over a comma, and not when nothing else is said */
static void
test_courtesy_stays(void)
{
    check("ja du kannst du mir sagen", "0:ja 0:du 0:kannst 0:du 0:mir 0:sagen");
    check("kannst, du mir sagen", "0:kannst 1:du 1:mir 1:sagen");
    check("mich interessiert", "0:mich 0:interessiert");
    check("", "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/courtesy/asks", test_courtesy_asks);
    g_test_add_func("/commands/courtesy/wishes", test_courtesy_wishes);
    g_test_add_func("/commands/courtesy/stays", test_courtesy_stays);
    return g_test_run();
}
