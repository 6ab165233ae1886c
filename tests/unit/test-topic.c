/* test-topic.c: subjects by the points of their words */
#include "kw-lexicon.h"
#include "kw-test.h"
#include "kw-topic.h"

#include <string.h>

#define CLASSES "[classes]\nmoney=geld kohle\n"

static const gchar vocabulary[] = CLASSES "[topic:fees]\n4 = gebuehr*\n2 = kosten | kraken\n"
                                          "[topic:tokens]\n4 = claude\n1 = kosten\n"
                                          "[topic:balance]\n2 = @money | frei+sein !gebuehr*\n";

static KwTopic
guess(const gchar *text, gchar **out_words)
{
    g_autoptr(KwLexicon) lexicon = kw_lexicon_new(vocabulary, strlen(vocabulary), NULL);
    g_autoptr(KwText) words = kw_text_new(text, strlen(text));
    g_autoptr(KwFinding) finding = NULL;
    KwTopic topic;

    g_assert_nonnull(lexicon);
    finding = kw_finding_new(lexicon, words->tokens, 0);
    topic = kw_topic_guess(lexicon, &g_array_index(finding->clauses, KwTermSet, 0));
    if (out_words != NULL)
        *out_words = kw_topic_dup_words(lexicon, &g_array_index(finding->clauses, KwTermSet, 0),
                                        topic.id);
    return topic;
}

static void
test_topic_sums(void)
{
    g_autofree gchar *words = NULL;
    KwTopic topic = guess("kosten bei kraken", &words);

    g_assert_cmpint(topic.id, ==, KW_INTENT_FEES);
    g_assert_cmpint(topic.points, ==, 4);
    g_assert_cmpint(topic.others, ==, 1);
    g_assert_nonnull(strstr(words, "kosten 2"));
    g_assert_nonnull(strstr(words, "kraken 2"));
    g_assert_cmpint(guess("was kosten claude", NULL).id, ==, KW_INTENT_TOKENS);
    g_assert_cmpint(guess("gebuehrenlast", NULL).id, ==, KW_INTENT_FEES);
}

static void
test_topic_too_little(void)
{
    g_assert_cmpint(guess("kosten", NULL).id, ==, KW_INTENT_NONE); /* 2 points */
    g_assert_cmpint(guess("regen", NULL).id, ==, KW_INTENT_NONE);
    g_assert_cmpint(guess("regen", NULL).points, ==, 0);
}

static void
test_topic_tie(void)
{
    KwTopic topic = guess("geld frei sein kraken kosten", NULL);

    g_assert_cmpint(topic.points, ==, 4);
    g_assert_cmpint(topic.others, ==, 4);
    g_assert_cmpint(topic.id, ==, KW_INTENT_NONE);
}

/* No vocabulary can lead to a deed, and points have their range. */
static void
test_topic_rejects(void)
{
    static const gchar *const bad[] = {
        "[topic:start]\n4 = los\n",       "[topic:stop]\n4 = halt\n",
        "[topic:help]\n4 = hilfe\n",      "[topic:fees]\n0 = kosten\n",
        "[topic:fees]\n10 = kosten\n",    "[topic:fees]\nword = kosten\n",
        "[topic:nonsense]\n4 = kosten\n",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree gchar *text = g_strconcat(CLASSES, bad[i], NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(KwLexicon) lexicon = kw_lexicon_new(text, strlen(text), &error);

        g_assert_null(lexicon);
        g_assert_nonnull(error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/topic/sums", test_topic_sums);
    g_test_add_func("/commands/topic/too-little", test_topic_too_little);
    g_test_add_func("/commands/topic/tie", test_topic_tie);
    g_test_add_func("/commands/topic/rejects", test_topic_rejects);
    return g_test_run();
}
