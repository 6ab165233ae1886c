/* kw-wish.c: the mood gate without an action word
 *
 * A language model may understand a wish that no rule does ("mach den Laden dicht"). Whether
 * the owner's own words can be one is decided here, by the same cues as for words that are
 * known. */
#include "kw-wish.h"

#include "kw-mood.h"

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
    for (guint c = 0; c < finding->clauses->len && is_possible; c++)
        is_possible = kw_mood_of_clause(words, finding, &reader, c, &any) == KW_MOOD_WISH;
    kw_finding_free(finding);
    return is_possible;
}
