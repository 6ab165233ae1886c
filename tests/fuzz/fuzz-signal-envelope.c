/* fuzz-signal-envelope.c: any parameters of a notification of signal-cli
 *
 * Whatever comes, an envelope has a sender in the right form, a time and a text. */
#include "kw-fuzz.h"
#include "kw-json.h"
#include "kw-signal-envelope.h"

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(JsonNode) root = kw_json_parse_text((const gchar *) bytes, (gssize) length, NULL);
    JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    g_autoptr(KwSignalEnvelope) envelope = NULL;

    if (object == NULL)
        return;
    envelope = kw_signal_envelope_parse(object, NULL);
    if (envelope == NULL)
        return;
    g_assert_true(envelope->uuid != NULL || envelope->number != NULL);
    g_assert_true(envelope->uuid == NULL || kw_signal_is_uuid(envelope->uuid));
    g_assert_true(envelope->number == NULL || kw_signal_is_number(envelope->number));
    g_assert_true(g_utf8_validate(envelope->text, -1, NULL));
    g_assert_cmpint(envelope->timestamp, >, 0);
    if (envelope->kind != KW_SIGNAL_MESSAGE)
        g_assert_cmpstr(envelope->text, ==, "");
}
