/* test-topic.c: what a question is about by its words alone, and words in dialect */
#include "kw-corpus.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-intent.h"
#include "kw-test.h"
#include "kw-topic.h"

#include <string.h>

static const gchar small[] = "[dialect]\n"
                             "^gsch = gesch\n"
                             "ou = au\n"
                             "^ch = k\n"
                             "e$ = en\n"
                             "le$ = -\n"
                             "[topic:fees]\n"
                             "3 = gebuehr* spesen\n"
                             "1 = wieviel order\n"
                             "[topic:balance]\n"
                             "3 = konto\n"
                             "2 = wieviel #paar\n";

static KwTopics *
load(const gchar *data)
{
    g_autoptr(GError) error = NULL;
    KwTopics *topics = kw_topics_new(data, strlen(data), &error);

    g_assert_no_error(error);
    return topics;
}

static KwTopicChoice
choose(const KwTopics *topics, const gchar *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    return kw_topics_choose(topics, (const gchar *const *) words, g_strv_length(words));
}

/* Each word votes once for a topic, with its heaviest entry; starts of words count as well. */
static void
test_topic_votes(void)
{
    g_autoptr(KwTopics) topics = load(small);
    KwTopicChoice choice = choose(topics, "wieviel gebuehren je order");

    g_assert_cmpint(choice.id, ==, KW_INTENT_FEES);
    g_assert_cmpint(choice.weight, ==, 5);
    g_assert_cmpint(choice.next, ==, KW_INTENT_BALANCE);
    g_assert_cmpint(choice.next_weight, ==, 2);
    g_assert_true(kw_topic_choice_is_sure(&choice));

    choice = choose(topics, "spesen spesen spesen");
    g_assert_cmpint(choice.weight, ==, 3);
    g_assert_false(kw_topic_choice_is_sure(&choice)); /* one word is too little */
    choice = choose(topics, "spesen konto order #paar");
    g_assert_cmpint(choice.id, ==, KW_INTENT_BALANCE);
    choice = choose(topics, "spesen konto");
    g_assert_false(kw_topic_choice_is_sure(&choice)); /* a close vote is no answer */
    choice = choose(topics, "gebueh");
    g_assert_cmpint(choice.id, ==, KW_INTENT_NONE);
    choice = kw_topics_choose(topics, NULL, 0);
    g_assert_cmpint(choice.weight, ==, 0);
}

/* An action is no topic: what no rule reads must not act. */
static void
test_topic_refuses_actions(void)
{
    static const gchar *const files[] = {
        "[topic:stop]\n3 = aus\n",       "[topic:start]\n3 = an\n",
        "[topic:pair_lock]\n3 = weg\n",  "[topic:confirm]\n3 = ja\n",
        "[topic:kill_off]\n3 = raus\n",  "[topic:nonsense]\n3 = was\n",
        "[topic:fees]\nviel = spesen\n", "[topic:fees]\n0 = spesen\n",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", files[i]);
        g_assert_null(kw_topics_new(files[i], strlen(files[i]), &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
    }
}

static void
test_topic_built_in_loads(void)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = kw_i18n_get_topics();
    g_autoptr(KwTopics) topics =
        kw_topics_new(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);

    g_assert_no_error(error);
    g_assert_nonnull(kw_topics_intern(topics, "guthaben"));
    g_assert_null(kw_topics_intern(topics, "guthabe"));
}

static gboolean
knows(const gchar *word, gpointer user_data)
{
    return g_strv_contains(user_data, word);
}

static void
test_topic_dialect(void)
{
    static const gchar *const known[] = {"kaufen", "geschaeft", "kaufe", "geschaeftsleute",
                                         NULL};
    static const struct {
        const gchar *word, *standard;
    } rows[] = {
        {"chaufe", "kaufe"}, /* one rewriting before two */
        {"gschaeft", "geschaeft"},
        {"gschaeftle", "geschaeft"}, /* two */
        {"choufe", "kaufe"},
        {"gschaeftsleut", NULL},
        {"chou", NULL},
        {"abc", NULL},
        {"", NULL},
    };
    g_autoptr(KwTopics) topics = load(small);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *got =
            kw_topics_dup_standard(topics, rows[i].word, knows, (gpointer) known);

        g_test_message("%s", rows[i].word);
        g_assert_cmpstr(got, ==, rows[i].standard);
    }
}

static gboolean
count_and_deny(G_GNUC_UNUSED const gchar *word, gpointer user_data)
{
    ++*(guint *) user_data;
    return FALSE;
}

/* Words come from outside: however many places there are to rewrite, the search ends. */
static void
test_topic_dialect_is_bounded(void)
{
    guint n = 0;

    g_assert_null(
        kw_topics_dup_standard(kw_topics_get(), "oueuueiiyaaueoudueaioa", count_and_deny, &n));
    g_assert_cmpuint(n, >, 10);
    g_assert_cmpuint(n, <=, 300);
}

/* The whole parser: dialect is read, but never raises the risk by itself. */
static void
test_topic_in_messages(void)
{
    static const struct {
        const gchar *text;
        KwIntentId id;
    } rows[] = {
        {"Hämmer Verluscht gmacht?", KW_INTENT_PROFIT},
        {"Isch de Datefeed no stabil verbunde?", KW_INTENT_HEALTH},
        {"Spesen und Provisionen bei Kraken?", KW_INTENT_FEES},
        {"blubb blabb blobb", KW_INTENT_UNCLEAR},
        {"schtart", KW_INTENT_UNCLEAR},
    };
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwIntentInput input = {
            .text = rows[i].text,
            .len = strlen(rows[i].text),
            .now_us = KW_CORPUS_NOW_US,
            .zone = zone,
            .quote = "USDT",
        };
        KwIntent got;

        kw_intent_parse(&input, &got);
        g_test_message("%s", rows[i].text);
        g_assert_cmpstr(kw_intent_id_to_string(got.id), ==, kw_intent_id_to_string(rows[i].id));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/topic/votes", test_topic_votes);
    g_test_add_func("/commands/topic/refuses-actions", test_topic_refuses_actions);
    g_test_add_func("/commands/topic/built-in-loads", test_topic_built_in_loads);
    g_test_add_func("/commands/topic/dialect", test_topic_dialect);
    g_test_add_func("/commands/topic/dialect-is-bounded", test_topic_dialect_is_bounded);
    g_test_add_func("/commands/topic/in-messages", test_topic_in_messages);
    return g_test_run();
}
