/* kw-topic.c: what a question is about when no rule knows its wording
 *
 * Rules want certain words together, and people find others. But whoever asks for his fees
 * says "Spesen", "abgezwackt" or "Kraken kassiert", and each of these words points to one
 * subject more than to the others. So each subject has a vocabulary with points, and the sum
 * decides: one sure word is enough, two vague ones as well, and with a tie nothing is guessed.
 * A model that learns the points from examples was tried over words, pairs and parts of words:
 * of 771 lines that neither had seen it put 7 right and none wrong, too few for a reading that
 * nobody can explain. Only questions have a vocabulary: a guess shows the wrong table
 * at worst. */
#include "kw-topic.h"

#include "kw-error.h"
#include "kw-lexicon-private.h"

#include <string.h>

#define MIN_POINTS 3
#define MAX_POINTS 9 /* of one word */

/* -- loading -- */

static gboolean
load_line(KwLexicon *lexicon, KwIntentId intent, const gchar *key, const gchar *value)
{
    gint points = (gint) g_ascii_strtoll(key, NULL, 10);
    g_auto(GStrv) terms = g_strsplit(value, "|", -1);

    if (points < 1 || points > MAX_POINTS)
        return FALSE;
    for (guint i = 0; terms[i] != NULL; i++) {
        if (!kw_lexicon_add_rule(lexicon, lexicon->topics, intent, terms[i]))
            return FALSE;
        g_array_index(lexicon->topics, KwRule, lexicon->topics->len - 1).weight = points;
    }
    return TRUE;
}

gboolean
kw_topics_load(KwLexicon *lexicon, GKeyFile *file, const gchar *group, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, error);
    KwIntentId intent;

    if (keys == NULL || !kw_intent_id_from_string(strchr(group, ':') + 1, &intent, error))
        return FALSE;
    for (guint k = 0; keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, group, keys[k], NULL);

        if (kw_intent_id_get_class(intent) != KW_INTENT_CLASS_READ ||
            !load_line(lexicon, intent, keys[k], value)) {
            g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "[%s] %s", group,
                        keys[k]);
            return FALSE;
        }
    }
    return TRUE;
}

/* -- guessing -- */

typedef struct {
    const KwLexicon *lexicon;
    const KwTermSet *set;
    gint points[KW_N_INTENTS];
} Tally;

static void
count(guint item, gpointer user_data)
{
    Tally *tally = user_data;
    const KwRule *term = &g_array_index(tally->lexicon->topics, KwRule, item);

    if (kw_lexicon_rule_matches(term, tally->set))
        tally->points[term->intent] += term->weight;
}

KwTopic
kw_topic_guess(const KwLexicon *lexicon, const KwTermSet *set)
{
    Tally tally = {.lexicon = lexicon, .set = set};
    KwTopic topic = {.id = KW_INTENT_NONE};

    if (lexicon->topic_index != NULL)
        kw_rule_index_visit(lexicon->topic_index, set, count, &tally);
    for (guint i = 0; i < KW_N_INTENTS; i++) {
        if (tally.points[i] > topic.points) {
            topic = (KwTopic){(KwIntentId) i, tally.points[i], topic.points};
        } else {
            topic.others = MAX(topic.others, tally.points[i]);
        }
    }
    if (topic.points < MIN_POINTS || topic.points == topic.others)
        topic.id = KW_INTENT_NONE;
    return topic;
}

typedef struct {
    const KwLexicon *lexicon;
    const KwTermSet *set;
    KwIntentId id;
    GString *text;
} Listing;

static void
list_word(guint item, gpointer user_data)
{
    Listing *listing = user_data;
    const KwLexicon *lexicon = listing->lexicon;
    const KwRule *term = &g_array_index(lexicon->topics, KwRule, item);

    if (term->intent == listing->id && kw_lexicon_rule_matches(term, listing->set)) {
        g_autofree gchar *word = kw_lexicon_dup_rule_text(lexicon, term);

        g_string_append_printf(listing->text, "%s%s %d", listing->text->len > 0 ? ", " : "",
                               word, term->weight);
    }
}

gchar *
kw_topic_dup_words(const KwLexicon *lexicon, const KwTermSet *set, KwIntentId id)
{
    Listing listing = {lexicon, set, id, g_string_new(NULL)};

    if (lexicon->topic_index != NULL)
        kw_rule_index_visit(lexicon->topic_index, set, list_word, &listing);
    return g_string_free(listing.text, FALSE);
}
