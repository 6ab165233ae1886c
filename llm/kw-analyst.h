/* kw-analyst.h: messages that rules cannot answer, answered with a language model behind glass
 */
#pragma once

#include "kw-assistant.h"
#include "kw-dialog.h"
#include "kw-llm-budget.h"
#include "kw-llm-client.h"
#include "kw-redact.h"

G_BEGIN_DECLS

#define KW_ANALYST_MAX_CALLS 8
#define KW_ANALYST_MAX_ROUNDS 5
#define KW_ANALYST_MAX_US (60 * G_GINT64_CONSTANT(1000000))

/* What has been used so far, as kw_llm_budget_to_text() has it, is to be stored. */
typedef void (*KwAnalystSaveFunc)(const gchar *text, gpointer user_data);

/**
 * KwAnalystOptions: objects are kept, texts copied, pointers to values borrowed for good
 * @dialog: borrowed; of the bot that owns the analyst
 * @clock: real time: of budgets and deadlines
 * @market_clock: what "today" means in the figures
 * @redactor: everything that is sent passes through it
 * @prompt: the standing instruction; @night_prompt: the one of kw_analyst_reflect_async()
 * @budget: its limits, in nano-dollars
 * @message_tokens: of all requests of one message; then only words are asked for
 * @stored: (nullable): what @save was given last
 */
typedef struct {
    KwLlmClient *client;
    KwDialog *dialog;
    KwQuery *query;
    KwControl *control;
    KwClock *clock;
    KwClock *market_clock;
    KwZone *zone;
    KwRedactor *redactor;
    const KwLlmModelTable *models;
    const gchar *prompt;
    const gchar *night_prompt;
    KwLlmBudget budget;
    gint64 message_tokens;
    const gchar *stored;
    KwAnalystSaveFunc save;
    gpointer user_data;
} KwAnalystOptions;

/* Implements #KwAssistant. */
#define KW_TYPE_ANALYST (kw_analyst_get_type())
G_DECLARE_FINAL_TYPE(KwAnalyst, kw_analyst, KW, ANALYST, GObject)

/* Returns: (transfer full) */
KwAnalyst *kw_analyst_new(const KwAnalystOptions *options);

/**
 * kw_analyst_answer_async:
 * @outcome: of the dialog, for this message
 * @reply: what the dialog has answered by rules; it is given when the model is of no use
 *
 * Never waits for a model that does not begin to answer.
 */
void kw_analyst_answer_async(KwAnalyst *self,
                             const KwInbound *inbound,
                             const KwDialogOutcome *outcome,
                             const gchar *reply,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* Returns: (transfer full): a reply, at most %KW_DIALOG_MAX_BYTES; never %NULL */
gchar *kw_analyst_answer_finish(KwAnalyst *self, GAsyncResult *result);

/**
 * kw_analyst_reflect_async:
 *
 * Has the model write down what the figures of the week show. It gets them as data, has no
 * tools, and what it writes is kept only when every number in it is theirs and it claims no
 * deed. Within the same budget as questions.
 */
void
kw_analyst_reflect_async(KwAnalyst *self, GAsyncReadyCallback callback, gpointer user_data);

/* Returns: (transfer full) (nullable): the text, to be stored and given to
 *   kw_analyst_set_outlook() after a restart; %NULL when there is none tonight */
gchar *kw_analyst_reflect_finish(KwAnalyst *self, GAsyncResult *result);

/* What /outlook shows; @time_us: when it was written */
void kw_analyst_set_outlook(KwAnalyst *self, const gchar *text, gint64 time_us);

G_END_DECLS
