/* test-corpus.c: the labelled corpora of chat messages, scored
 *
 * KW_CORPUS_VERBOSE=1 prints every line that is read otherwise. */
#include "kw-corpus.h"
#include "kw-i18n.h"
#include "kw-lexicon.h"
#include "kw-test.h"

#include <string.h>

static KwCorpusScore
score_file(const gchar *name)
{
    g_autofree gchar *relative = g_strdup_printf("chat/%s", name);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);
    g_autofree gchar *content = NULL;
    g_auto(GStrv) lines = NULL;
    KwCorpusScore score = {0};

    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    lines = g_strsplit(content, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(KwCorpusLine) line = {0};
        g_autoptr(GError) error = NULL;

        if (*lines[i] == '\0')
            continue;
        (void) kw_corpus_read(lines[i], zone, &score, &line, &error);
        g_assert_no_error(error);
        if (g_getenv("KW_CORPUS_VERBOSE") != NULL && !line.has_slots_right)
            g_printerr("%s %s: %s, read as %s\n", line.id, line.text,
                       kw_intent_id_to_string(line.gold), kw_intent_id_to_string(line.got.id));
    }
    g_test_message("%s: intents %u of %u, slots %u, false actions %u, missed safety %u of %u",
                   name, score.n_right, score.n_lines, score.n_slots_right,
                   score.n_false_actions, score.n_missed_safety, score.n_safety);
    g_assert_cmpuint(score.n_lines, >, 0);
    g_assert_cmpuint(score.n_false_actions, ==, 0);
    g_assert_cmpuint(score.n_missed_safety, ==, 0);
    return score;
}

static void
test_corpus_sample(void)
{
    KwCorpusScore score = score_file("de_corpus.jsonl");

    g_assert_cmpuint(score.n_right * 100, >=, score.n_lines * 97);
    g_assert_cmpuint(score.n_slots_right * 100, >=, score.n_right * 95);
}

static void
test_corpus_rejects(void)
{
    static const gchar *const lines[] = {
        "",
        "[]",
        "{\"id\":\"s-1\"}",
        "{\"id\":\"s-1\",\"text\":\"hallo\",\"intent\":\"nonsense\",\"slots\":{},"
        "\"class\":\"META\",\"note\":\"\"}",
        "{\"id\":\"s-1\",\"text\":\"hallo\",\"intent\":\"smalltalk\",\"slots\":{},"
        "\"class\":\"META\",\"note\":\"ctx=nonsense\"}",
    };
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_auto(KwCorpusLine) line = {0};
        g_autoptr(GError) error = NULL;
        KwCorpusScore score = {0};

        g_assert_false(kw_corpus_read(lines[i], zone, &score, &line, &error));
        g_assert_nonnull(error);
        g_assert_cmpuint(score.n_lines, ==, 0);
    }
}

/* A stop that is not seen and an action that nobody asked for are counted as such. */
static void
test_corpus_counts(void)
{
    static const gchar *const lines[] = {
        "{\"id\":\"1\",\"text\":\"Wie ist der Status?\",\"intent\":\"stop\",\"slots\":{},"
        "\"note\":\"du\"}",
        "{\"id\":\"2\",\"text\":\"Stopp\",\"intent\":\"status\",\"slots\":{},\"note\":"
        "\"du\"}",
        "{\"id\":\"3\",\"text\":\"Stopp\",\"intent\":\"stop\",\"slots\":{\"anzahl\":2},"
        "\"note\":\"du\"}",
        "{\"id\":\"4\",\"text\":\"blubber\",\"intent\":\"status\",\"slots\":{},\"note\":"
        "\"du, llm\"}",
    };
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);
    KwCorpusScore score = {0};

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_auto(KwCorpusLine) line = {0};

        g_assert_true(kw_corpus_read(lines[i], zone, &score, &line, NULL));
    }
    g_assert_cmpuint(score.n_lines, ==, 3);
    g_assert_cmpuint(score.n_right, ==, 1);
    g_assert_cmpuint(score.n_slots_right, ==, 0);
    g_assert_cmpuint(score.n_missed_safety, ==, 1);
    g_assert_cmpuint(score.n_false_actions, ==, 1);
    g_assert_cmpuint(score.n_safety, ==, 2);
    g_assert_cmpuint(score.n_abstained, ==, 1);
}

static void
test_corpus_lexicon_loads(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLexicon) lexicon = NULL;
    GBytes *phrases = kw_i18n_get_phrases();

    lexicon =
        kw_lexicon_new(g_bytes_get_data(phrases, NULL), g_bytes_get_size(phrases), &error);
    g_assert_no_error(error);
    g_assert_nonnull(lexicon);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/corpus/lexicon-loads", test_corpus_lexicon_loads);
    g_test_add_func("/commands/corpus/sample", test_corpus_sample);
    g_test_add_func("/commands/corpus/rejects", test_corpus_rejects);
    g_test_add_func("/commands/corpus/counts", test_corpus_counts);
    return g_test_run();
}
