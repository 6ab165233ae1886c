/* kw-llm-turn.h: one message on its way through the model: what was told, called and done */
#pragma once

#include "kw-dialog.h"
#include "kw-llm-message.h"
#include "kw-llm-tool.h"
#include "kw-redact.h"

G_BEGIN_DECLS

/**
 * KwLlmDesk: what a turn reads from and acts through; all borrowed
 * @market_clock: of figures and days
 */
typedef struct {
    KwDialog *dialog;
    KwQuery *query;
    KwControl *control;
    KwClock *market_clock;
    KwZone *zone;
    KwRedactor *redactor;
} KwLlmDesk;

/**
 * KwLlmTurn:
 * @inbound: the owner's message; its texts are owned by the turn
 * @question: the owner's message as it is sent
 * @messages: of the next request
 * @sources: (element-type utf8): results of calls, and what time it is: numbers may come from
 *   here alone, not from what the owner or an earlier answer has said
 * @reads: (element-type KwLlmWish): questions that it had answered
 * @effects: replies to what it had done, for the owner alone: they may hold a code
 * @n_calls: so far
 * @is_tainted: something that the owner has not written in this message has been sent: from now
 *   on nothing can lead to an effect
 */
typedef struct {
    KwLlmDesk desk;
    KwInbound inbound;
    KwDialogOutcome outcome;
    gchar *question;
    JsonArray *messages;
    GPtrArray *sources;
    GArray *reads;
    GString *effects;
    guint n_calls;
    gboolean is_tainted;
} KwLlmTurn;

/* (transfer full): with the owner's message as the only one to send */
KwLlmTurn *kw_llm_turn_new(const KwLlmDesk *desk,
                           const KwInbound *inbound,
                           const KwDialogOutcome *outcome);
void kw_llm_turn_free(KwLlmTurn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLlmTurn, kw_llm_turn_free)

/* Puts an earlier question and its answer before the message; taints the turn. */
void kw_llm_turn_add_before(KwLlmTurn *self, const gchar *question, const gchar *answer);

/**
 * kw_llm_turn_run_calls:
 * @message: one that ended by asking for calls
 * @max_calls: of the turn; more are refused
 *
 * Carries out the calls, and adds the message and their results to @messages.
 */
void kw_llm_turn_run_calls(KwLlmTurn *self, const KwLlmMessage *message, guint max_calls);

/* A row of the audit trail; @action at most 31 bytes */
void kw_llm_turn_audit(KwLlmTurn *self, const gchar *action, const gchar *format, ...)
    G_GNUC_PRINTF(3, 4);

G_END_DECLS
