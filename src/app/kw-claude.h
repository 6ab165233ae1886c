/* kw-claude.h: the language model as the configuration wants it, or none */
#pragma once

#include "kw-analyst.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/* What analysts are made from; members are owned where nothing else is said. */
typedef struct {
    KwHttp *http;
    KwClock *clock;       /* real time */
    KwRedactor *redactor; /* borrowed; of the log */
    KwLlmModelTable *models;
    KwLlmClient *client;
    gchar *prompt, *night_prompt;
    gint night_minute; /* of the day, when the outlook is written */
    KwLlmBudget limits;
    gint64 message_tokens;
    KwVault *vault;  /* borrowed; of the settings */
    KwLog *log;      /* borrowed */
    gint64 token_us; /* when the file of the Vertex token was written */
    gint64 slow_us;  /* a reply with figures waits no longer for the model's words */
} KwClaude;

/**
 * kw_claude_new:
 * @log: it masks every secret of the bot from now on, also where there is no model
 * @own_key: (nullable): used instead of the stored one
 *
 * Loads the key, which waits for a keyring: only before the loop runs.
 *
 * Returns: (transfer full): %NULL without an error when there is no key, or none that may be
 *   read (that is logged: the bot runs on without a model); with %KW_CONFIG_ERROR_INVALID when
 *   [claude] is wrong
 */
KwClaude *
kw_claude_new(const KwSettings *settings, KwLog *log, const KwSecret *own_key, GError **error);
void kw_claude_free(KwClaude *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwClaude, kw_claude_free)

G_END_DECLS
