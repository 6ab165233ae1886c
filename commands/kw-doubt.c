/* kw-doubt.c: may a deed rest on words that were mended?
 *
 * Typing errors are mended, and what makes the bot do less may rest on a mended word: to halt
 * by mistake is the cheap side to err on. What raises the risk needs words that are spelled
 * right, and nothing beside them that may have been the word that forbids it. */
#include "kw-doubt.h"

#include "kw-lexicon-private.h"

#include <string.h>

#define MAX_RIDDLE_LETTERS 4

/* Is @term, a word, a class or a phrase of them, among the words @exact? */
static gboolean
is_exact(const KwLexicon *lexicon, const KwTermSet *exact, guint16 term)
{
    for (guint i = 0; i < lexicon->phrases->len; i++) {
        const KwPhrase *phrase = &g_array_index(lexicon->phrases, KwPhrase, i);
        guint n = 0;

        if (phrase->id != term)
            continue;
        while (n < phrase->n_parts && kw_term_set_has(exact, phrase->parts[n]))
            n++;
        return n == phrase->n_parts;
    }
    return kw_term_set_has(exact, term);
}

/* A typing error must not raise the risk by itself: some cue has to be spelled right. */
static gboolean
rests_on_exact_word(const KwText *text,
                    const KwFinding *finding,
                    guint clause,
                    const KwRule *rule)
{
    KwTermSet exact = {0};

    for (guint i = 0; i < text->tokens->len; i++) {
        if (g_array_index(text->tokens, KwToken, i).clause == clause &&
            !g_array_index(finding->fuzzy, gboolean, i))
            kw_term_set_add(&exact, &g_array_index(finding->words, KwTermSet, i));
    }
    for (guint i = 0; i < rule->n_wanted; i++) {
        if (is_exact(finding->lexicon, &exact, rule->wanted[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_typing_error(const KwText *text, const KwFinding *finding, guint clause)
{
    for (guint i = 0; i < text->tokens->len; i++) {
        if (g_array_index(text->tokens, KwToken, i).clause == clause &&
            g_array_index(finding->fuzzy, gboolean, i))
            return TRUE;
    }
    return FALSE;
}

/* Could @index have been the word that says "not"? Mended ones ("lssen"), and short ones that
 * are not; a longer word would be mended if it were one error away. */
static gboolean
may_be_guard(const KwText *text, const KwFinding *finding, guint index)
{
    const KwTermSet unknown = {0};
    const gchar *word = g_array_index(text->tokens, KwToken, index).word;

    if (g_array_index(finding->fuzzy, gboolean, index))
        return TRUE;
    return strlen(word) >= 3 && strlen(word) <= MAX_RIDDLE_LETTERS &&
           memcmp(&g_array_index(finding->words, KwTermSet, index), &unknown, sizeof unknown) ==
               0;
}

/* A word of the clause that is neither known nor of the rule: it may have been the one that
 * says "not" ("Kill-Switch aus lssen") */
static gboolean
has_riddle(const KwText *text, const KwFinding *finding, guint clause, const KwRule *rule)
{
    gint filler = kw_lexicon_find_term(finding->lexicon, "@filler");

    for (guint i = 0; i < text->tokens->len; i++) {
        const KwToken *token = &g_array_index(text->tokens, KwToken, i);
        const KwTermSet *set = &g_array_index(finding->words, KwTermSet, i);
        gboolean is_of_rule = kw_term_set_has(set, filler);

        if (token->clause != clause || !may_be_guard(text, finding, i))
            continue;
        for (guint k = 0; k < rule->n_wanted; k++)
            is_of_rule |= kw_term_set_has(set, rule->wanted[k]);
        if (!is_of_rule)
            return TRUE;
    }
    return FALSE;
}

/* What raises the risk rests on words that are spelled right, and on nothing unknown beside. */
gboolean
kw_doubt_is_due(const KwText *text, const KwFinding *finding, guint clause, const KwRule *rule)
{
    KwDirection direction = kw_intent_id_get_direction(rule->intent);

    if (direction != KW_DIRECTION_RISK && direction != KW_DIRECTION_EITHER)
        return FALSE;
    if (has_typing_error(text, finding, clause) &&
        !rests_on_exact_word(text, finding, clause, rule))
        return TRUE;
    return rule->intent != KW_INTENT_PAIR_LOCK && has_riddle(text, finding, clause, rule);
}
