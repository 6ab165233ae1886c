/* fuzz-intent-text.c: any text as a message of the owner
 *
 * The parser returns, says the same twice, and keeps to its own tables. */
#include "kw-fuzz.h"
#include "kw-intent.h"
#include "kw-schedule.h"

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(KwZone) zone = kw_zone_new("UTC", NULL);
    g_autofree gchar *text = g_strndup((const gchar *) bytes, length);
    KwIntentInput input = {
        .text = text,
        .len = length,
        .now_us = G_GINT64_CONSTANT(1795219200000000),
        .zone = zone,
        .quote = "EUR",
    };
    KwIntent first, second;

    kw_intent_parse(&input, &first);
    kw_intent_parse(&input, &second);
    g_assert_cmpint(first.id, ==, second.id);
    (void) kw_intent_id_get_direction(first.id);
}
