/* kw-wish.c: the mood gate without an action word
 *
 * A language model may understand a wish that no rule does ("mach den Laden dicht"). Whether
 * the owner's own words can be one is decided here, by the same cues as for words that are
 * known. */
#include "kw-wish.h"

#include "kw-mood.h"

/* Also in the middle, and without a question mark: "na was sagst du dazu" */
static gboolean
asks(const KwFinding *finding, guint n_words)
{
    gint question = kw_lexicon_find_term(finding->lexicon, "@question_word");

    for (guint i = 0; i < n_words; i++)
        if (kw_finding_word_is(finding, i, question))
            return TRUE;
    return FALSE;
}

gboolean
kw_wish_is_possible(const gchar *text, gsize len, KwZone *zone, gint64 now_us)
{
    static const KwRule any = {.intent = KW_INTENT_STOP};
    g_autoptr(KwText) words = kw_text_new(text, len);
    KwFinding *finding;
    KwSpanReader reader = {
        .lexicon = kw_lexicon_get(),
        .tokens = words->tokens,
        .zone = zone,
        .now_us = now_us,
        .today = kw_zone_get_date(zone, now_us),
    };
    gboolean is_possible = words->tokens->len > 0 && words->flags == KW_TEXT_CLEAN;

    finding = kw_finding_new(reader.lexicon, words->tokens, words->questions);
    is_possible = is_possible && !asks(finding, words->tokens->len);
    for (guint c = 0; c < finding->clauses->len && is_possible; c++)
        is_possible = kw_mood_of_clause(words, finding, &reader, c, &any) == KW_MOOD_WISH;
    kw_finding_free(finding);
    return is_possible;
}
