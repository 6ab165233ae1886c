/* kw-topic.h: what a question is about, by the weight of its words, and words in dialect */
#pragma once

#include "kw-intent.h"

G_BEGIN_DECLS

#define KW_TOPIC_PAIR "#paar" /* stands in the topics for the name of a coin or pair */

typedef struct _KwTopics KwTopics;

/* The built-in topics: loaded at the first call, never changed, any thread */
const KwTopics *kw_topics_get(void);

/* For tests: topics from text as i18n/topics-de.ini has it. %NULL with
 * %KW_PARSE_ERROR_SYNTAX names group and key. */
KwTopics *kw_topics_new(const gchar *data, gsize len, GError **error);
void kw_topics_free(KwTopics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTopics, kw_topics_free)

/* How sure: the weight of the best topic and of the one after it */
typedef struct {
    KwIntentId id, next; /* KW_INTENT_NONE: no word of any topic was there */
    gint weight, next_weight;
} KwTopicChoice;

/**
 * kw_topics_choose:
 * @words: (array length=n): folded words of a message
 *
 * Each word counts once for each topic that has it, with its heaviest entry there.
 *
 * Returns: the two heaviest topics, the first of equals in the order of the file first. Intents
 *   that act have no topic.
 */
KwTopicChoice kw_topics_choose(const KwTopics *self, const gchar *const *words, guint n);

/* Is the choice good enough to answer by it? */
gboolean kw_topic_choice_is_sure(const KwTopicChoice *choice);

/* (transfer none): @word as the topics have it, as long as they live; NULL when none has it
 * (starts of words do not count) */
const gchar *kw_topics_intern(const KwTopics *self, const gchar *word);

/* Is @word one that somebody knows? */
typedef gboolean (*KwTopicsKnows)(const gchar *word, gpointer user_data);

/**
 * kw_topics_dup_standard:
 * @word: folded, unknown
 *
 * How the standard language may write a word in dialect ("gschaeft", "choufe"), by up to three
 * of the rewritings of the file; one rewriting before two.
 *
 * Returns: (transfer full) (nullable): the first that @knows says yes to
 */
gchar *kw_topics_dup_standard(const KwTopics *self,
                              const gchar *word,
                              KwTopicsKnows knows,
                              gpointer user_data);

G_END_DECLS
