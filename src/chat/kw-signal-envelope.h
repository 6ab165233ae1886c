/* kw-signal-envelope.h: what signal-cli tells of, read within bounds */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * KwSignalKind:
 * @KW_SIGNAL_OTHER: receipts, typing, calls, reactions, own other devices: nothing to answer
 * @KW_SIGNAL_MESSAGE: a text that a person wrote to us alone
 * @KW_SIGNAL_MUTE: such a message without a text, or one too long for a command
 * @KW_SIGNAL_FOREIGN: of a group, a story, or an edit, which is no new wish
 * @KW_SIGNAL_UNTRUSTED: it could not be opened, for the key of the sender has changed
 */
typedef enum {
    KW_SIGNAL_OTHER,
    KW_SIGNAL_MESSAGE,
    KW_SIGNAL_MUTE,
    KW_SIGNAL_FOREIGN,
    KW_SIGNAL_UNTRUSTED,
} KwSignalKind;

/**
 * KwSignalEnvelope:
 * @uuid: (nullable): account identity of the sender, lower case: who he is
 * @number: (nullable): his number, where he shows it
 * @timestamp: milliseconds of the sender's clock; with sender and device the message's name
 * @account: (nullable): whom it was sent to
 */
typedef struct {
    KwSignalKind kind;
    gchar *uuid;
    gchar *number;
    gint64 device;
    gint64 timestamp;
    gchar *text; /* "" unless it is a message */
    gchar *account;
} KwSignalEnvelope;

void kw_signal_envelope_free(KwSignalEnvelope *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSignalEnvelope, kw_signal_envelope_free)

/**
 * kw_signal_envelope_parse:
 * @params: of a "receive" notification, of a subscription or not; or the data of an event
 *
 * Returns: (transfer full): %NULL with #KwParseError when there is no envelope, or nobody can
 *   have sent it
 */
KwSignalEnvelope *kw_signal_envelope_parse(JsonObject *params, GError **error);

/* "11111111-2222-4333-8444-555555555555", in either case */
gboolean kw_signal_is_uuid(const gchar *text);

/* "+4366012345602" */
gboolean kw_signal_is_number(const gchar *text);

G_END_DECLS
