/* kw-setup-try.h: what was entered, tried at the places it is for */
#pragma once

#include "kw-secret.h"

G_BEGIN_DECLS

/**
 * KwSetupOutcome:
 * @KW_SETUP_WORKS: it does
 * @KW_SETUP_REFUSED: an answer that says no
 * @KW_SETUP_UNREACHED: no answer, or none that says anything
 */
typedef enum { KW_SETUP_WORKS, KW_SETUP_REFUSED, KW_SETUP_UNREACHED } KwSetupOutcome;

/**
 * KwSetupPlace: where a message goes
 * @address: base URL of Telegram, where signal-cli listens, or an account at a bridge
 * @ca_file: (nullable): for a bridge; "" is none as well
 * @account: (nullable): number of the bot at Signal
 * @token: (nullable): of the bot at Telegram, or of the bridge; borrowed
 * @owner: (nullable): who gets it
 */
typedef struct {
    const gchar *address;
    const gchar *ca_file;
    const gchar *account;
    const KwSecret *token;
    const gchar *owner;
} KwSetupPlace;

/* All of them run a main loop of their own until there is an answer, for a minute at most, and
 * set @out_text (transfer full): what the other side has said, one line, no secret in it. */

/* @out_text: the bot's name at Telegram when it works */
KwSetupOutcome kw_setup_try_token(const KwSetupPlace *place, gchar **out_text);

/* Waits until somebody writes to the bot; nothing is taken away from a bot that runs.
 * @out_user: (transfer full): his number; @out_text: what he wrote */
KwSetupOutcome
kw_setup_try_writer(const KwSetupPlace *place, gchar **out_user, gchar **out_text);

KwSetupOutcome
kw_setup_try_telegram(const KwSetupPlace *place, const gchar *message, gchar **out_text);
KwSetupOutcome
kw_setup_try_signal(const KwSetupPlace *place, const gchar *message, gchar **out_text);

/* Asks for the account; @out_text: which it is when it works */
KwSetupOutcome kw_setup_try_bridge(const KwSetupPlace *place, gchar **out_text);

/* Whether the Messages API takes the key; costs nothing */
KwSetupOutcome
kw_setup_try_claude(const gchar *base_url, const KwSecret *key, gchar **out_text);

G_END_DECLS
