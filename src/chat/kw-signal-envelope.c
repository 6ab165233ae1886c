/* kw-signal-envelope.c: JSON of signal-cli to the little that counts
 *
 * Who wrote is the account identity (ACI), for the number may be hidden, and the name is chosen
 * by the sender. A command is a text in a message to us alone: a group, a story, an edit or
 * what our own other devices sent is none. Above 2,000 bytes the text is in an attachment and
 * only its beginning here; half a text must not act. */
#include "kw-signal-envelope.h"

#include "kw-error.h"
#include "kw-json.h"

#include <string.h>

#define UUID_LENGTH 36
#define MAX_TIMESTAMP G_GINT64_CONSTANT(253402300800000) /* year 10000, in milliseconds */

void
kw_signal_envelope_free(KwSignalEnvelope *self)
{
    if (self == NULL)
        return;
    g_free(self->uuid);
    g_free(self->number);
    g_free(self->text);
    g_free(self->account);
    g_free(self);
}

gboolean
kw_signal_is_uuid(const gchar *text)
{
    g_return_val_if_fail(text != NULL, FALSE);

    for (gsize i = 0; i < UUID_LENGTH; i++) {
        gboolean is_dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (is_dash ? text[i] != '-' : !g_ascii_isxdigit(text[i]))
            return FALSE;
    }
    return text[UUID_LENGTH] == '\0';
}

gboolean
kw_signal_is_number(const gchar *text)
{
    gsize n_digits;

    g_return_val_if_fail(text != NULL, FALSE);

    if (*text != '+')
        return FALSE;
    n_digits = strspn(text + 1, "0123456789");
    return n_digits >= 5 && n_digits <= 15 && text[1 + n_digits] == '\0';
}

/* -- content -- */

static gboolean
has_long_text(JsonObject *message)
{
    JsonArray *attachments = NULL;

    if (!kw_json_get_array(message, "attachments", &attachments, NULL))
        return FALSE;
    for (guint i = 0; i < json_array_get_length(attachments); i++) {
        JsonObject *attachment = NULL;
        const gchar *type = NULL;

        if (kw_json_at_object(attachments, i, &attachment, NULL) &&
            kw_json_get_string(attachment, "contentType", &type, NULL) &&
            strcmp(type, "text/x-signal-plain") == 0)
            return TRUE;
    }
    return FALSE;
}

/* Members with which a message without a text is no message to us */
static gboolean
is_sign_only(JsonObject *message)
{
    static const gchar *const signs[] = {"reaction", "remoteDelete", "pollVote", "adminDelete"};

    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (kw_json_has(message, signs[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_timer_change(JsonObject *message)
{
    gint64 seconds = 0;

    return !kw_json_has(message, "attachments") && !kw_json_has(message, "sticker") &&
           kw_json_get_int(message, "expiresInSeconds", &seconds, NULL) && seconds > 0;
}

static void
read_data(JsonObject *message, KwSignalEnvelope *envelope)
{
    const gchar *text = NULL;

    if (kw_json_has(message, "groupInfo") || kw_json_has(message, "storyContext")) {
        envelope->kind = KW_SIGNAL_FOREIGN;
        return;
    }
    if (!kw_json_get_string(message, "message", &text, NULL)) {
        if (!is_sign_only(message) && !is_timer_change(message))
            envelope->kind = KW_SIGNAL_MUTE;
        return;
    }
    if (has_long_text(message)) {
        envelope->kind = KW_SIGNAL_MUTE;
        return;
    }
    envelope->kind = KW_SIGNAL_MESSAGE;
    g_free(envelope->text);
    envelope->text = g_strdup(text);
}

static gboolean
is_untrusted(JsonObject *params)
{
    JsonObject *exception = NULL;
    const gchar *type = NULL;

    return kw_json_get_object(params, "exception", &exception, NULL) &&
           kw_json_get_string(exception, "type", &type, NULL) &&
           strstr(type, "UntrustedIdentity") != NULL;
}

static void
read_content(JsonObject *params, JsonObject *object, KwSignalEnvelope *envelope)
{
    JsonObject *message = NULL;

    if (is_untrusted(params))
        envelope->kind = KW_SIGNAL_UNTRUSTED;
    else if (kw_json_get_object(object, "dataMessage", &message, NULL))
        read_data(message, envelope);
    else if (kw_json_has(object, "editMessage") || kw_json_has(object, "storyMessage"))
        envelope->kind = KW_SIGNAL_FOREIGN;
}

/* -- sender -- */

static void
read_sender(JsonObject *object, KwSignalEnvelope *envelope)
{
    const gchar *text = NULL;

    if (kw_json_get_string(object, "sourceUuid", &text, NULL) && kw_signal_is_uuid(text))
        envelope->uuid = g_ascii_strdown(text, -1);
    if (kw_json_get_string(object, "sourceNumber", &text, NULL) && kw_signal_is_number(text))
        envelope->number = g_strdup(text);
}

KwSignalEnvelope *
kw_signal_envelope_parse(JsonObject *params, GError **error)
{
    g_autoptr(KwSignalEnvelope) self = g_new0(KwSignalEnvelope, 1);
    JsonObject *object = NULL, *inner = NULL;
    const gchar *account = NULL;

    g_return_val_if_fail(params != NULL, NULL);

    if (kw_json_get_object(params, "result", &inner, NULL)) /* of a subscription */
        params = inner;
    if (!kw_json_get_object(params, "envelope", &object, error) ||
        !kw_json_get_int(object, "timestamp", &self->timestamp, error))
        return NULL;
    read_sender(object, self);
    if (self->timestamp <= 0 || self->timestamp >= MAX_TIMESTAMP ||
        (self->uuid == NULL && self->number == NULL)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "envelope without a sender or a time");
        return NULL;
    }
    (void) kw_json_get_int(object, "sourceDevice", &self->device, NULL);
    if (kw_json_get_string(params, "account", &account, NULL))
        self->account = g_strdup(account);
    self->text = g_strdup("");
    read_content(params, object, self);
    return g_steal_pointer(&self);
}
