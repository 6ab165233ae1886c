/* kw-understand.c: how a message is read, at the time and in the zone of the corpora
 *
 * The same as kw_corpus_read() does for a line, for tests that write their rows themselves. */
#include "kw-understand.h"

#include "kw-corpus.h"

#include <string.h>

KwZone *
kw_understand_zone(void)
{
    static KwZone *zone;

    if (zone == NULL)
        zone = kw_zone_new(KW_CORPUS_ZONE, NULL);
    return zone;
}

void
kw_understand(const gchar *text, KwIntent *out)
{
    const KwIntentInput input = {
        .text = text,
        .len = strlen(text),
        .now_us = KW_CORPUS_NOW_US,
        .zone = kw_understand_zone(),
        .quote = "USDT",
    };

    g_test_message("'%s'", text);
    kw_intent_parse(&input, out);
}
