/* kw-analyst-rig.h: an analyst between a fixed desk and a Messages API of our own */
#pragma once

#include "kw-analyst.h"
#include "kw-fake-claude.h"
#include "kw-fake-desk.h"

G_BEGIN_DECLS

#define KW_ANALYST_RIG_KEY "sk-ant-api03-Canary0Canary1Canary2" /* known to the redactor */
#define KW_ANALYST_RIG_CODE "4711"                              /* of every confirmation */

/**
 * KwAnalystRig: fixture of g_test_add(); everything is owned by it
 * @market: the bot's clock; the model's own is @clock
 * @options: what the next kw_analyst_rig_remake() makes the analyst from
 * @saved: (nullable): what was used so far, as it would be stored
 * @reply: of the last kw_analyst_rig_say()
 * @audits: every audit row, a line each
 * @n_rounds: for scripted models
 * @first_ms: so long does a client made from now on wait for an answer to begin
 * @rights: of who speaks
 */
typedef struct {
    GMainLoop *loop;
    KwFakeClaude *vendor;
    KwFakeDesk *desk;
    KwFakeClock *market;
    KwClock *clock;
    KwHttp *http;
    KwZone *zone;
    KwSecret *key;
    KwRedactor *redactor;
    KwLlmModelTable *models;
    KwDialog *dialog;
    KwLlmClient *client;
    KwAnalyst *analyst;
    KwAnalystOptions options;
    gchar *saved;
    gchar *reply;
    GString *audits;
    guint n_rounds;
    guint first_ms;
    KwDialogRights rights;
} KwAnalystRig;

void kw_analyst_rig_set_up(KwAnalystRig *self, gconstpointer unused);
void kw_analyst_rig_tear_down(KwAnalystRig *self, gconstpointer unused);

/* Another client and analyst, from the options as they are now */
void kw_analyst_rig_remake(KwAnalystRig *self);

/* As the bot does it: rules first, the model for what they leave over.
 * Returns: (transfer none): the reply; it is checked for length and UTF-8 */
const gchar *kw_analyst_rig_say(KwAnalystRig *self, const gchar *text);

/* The next answers of the model: a call with input (JSON), words that end the turn */
void kw_analyst_rig_push_call(KwAnalystRig *self, const gchar *name, const gchar *input);
void kw_analyst_rig_push_words(KwAnalystRig *self, const gchar *text);

G_END_DECLS
