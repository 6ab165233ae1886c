/* kw-signal.h: the owner on Signal, through signal-cli */
#pragma once

#include "kw-channel.h"
#include "kw-clock.h"

G_BEGIN_DECLS

#define KW_SIGNAL_PREFIX "signal:" /* in front of identity or number in chat and sender */

/**
 * KwSignalOptions: everything is borrowed for the time of kw_signal_new()
 * @clock: real time
 * @address: of signal-cli; see kw_signal_wire_new()
 * @account: number of the bot
 * @owners: (array zero-terminated=1): account identities or numbers; broadcasts go to them
 * @readers: (array zero-terminated=1)
 * @mark: (nullable): what the channel has asked to be stored
 * @seed: of the delays after failures
 */
typedef struct {
    KwClock *clock;
    const gchar *address;
    const gchar *account;
    const gchar *const *owners;
    const gchar *const *readers;
    const gchar *mark;
    guint64 seed;
} KwSignalOptions;

/**
 * KwSignal:
 *
 * A KwChannel. Chat and sender of a message are "signal:" and what the lists name the sender
 * by: his account identity, else his number; of strangers the identity.
 *
 * The key that somebody first came with is remembered. When it changes he may ask, but change
 * nothing, until kw_signal_release().
 */
#define KW_TYPE_SIGNAL (kw_signal_get_type())
G_DECLARE_FINAL_TYPE(KwSignal, kw_signal, KW, SIGNAL, GObject)

/* Returns: (transfer full): %NULL with %KW_PARSE_ERROR_SYNTAX of the address */
KwSignal *kw_signal_new(const KwSignalOptions *options, GError **error);

/**
 * kw_signal_release:
 *
 * The owner has confirmed, at the machine itself, that the changed keys are his: they are
 * trusted from now on.
 *
 * Returns: how many senders were held
 */
guint kw_signal_release(KwSignal *self);

G_END_DECLS
