/* kw-topic.h: what a question is about when no rule knows its wording */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * KwTopic: the subject that the words of a message point to
 * @id: of the class READ, or %KW_INTENT_NONE
 * @points: sum of its words
 * @others: points of the next best subject
 */
typedef struct {
    KwIntentId id;
    gint points, others;
} KwTopic;

/**
 * kw_topic_guess:
 * @set: what the message has
 *
 * Weighs the vocabularies [topic:...] against each other. The answer is never an action: the
 * lexicon loads no vocabulary for one.
 *
 * Returns: the subject with the most points; %KW_INTENT_NONE when they are too few, or as many
 * for another
 */
KwTopic kw_topic_guess(const KwLexicon *lexicon, const KwTermSet *set);

/* (transfer full): the words of @set that point to @id, "gebuehr* 4, kosten 2" */
gchar *kw_topic_dup_words(const KwLexicon *lexicon, const KwTermSet *set, KwIntentId id);

G_END_DECLS
