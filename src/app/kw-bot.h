/* kw-bot.h: the object graph of a whole bot: engine, dialog, messages; used by every verb */
#pragma once

#include "kw-claude.h"
#include "kw-dialog.h"
#include "kw-engine.h"
#include "kw-picture.h"

G_BEGIN_DECLS

#define KW_TYPE_BOT (kw_bot_get_type())
G_DECLARE_FINAL_TYPE(KwBot, kw_bot, KW, BOT, GObject)

/**
 * KwBotOptions:
 * @seed: of the confirmation codes; 0 takes them from the kernel
 * @off_kinds: bit of each #KwEventKind that is never told; alarms are told all the same
 * @paper: of pictures
 * @claude: (nullable): borrowed for good; %NULL: no language model
 */
typedef struct {
    KwEngineParts parts;
    KwDialogSettings text;
    guint64 seed;
    guint64 off_kinds;
    KwPaper paper;
    const KwClaude *claude;
} KwBotOptions;

/**
 * kw_bot_new:
 *
 * Signals:
 * "message" (const gchar *key, const gchar *text, const KwEvent *event): tell the owner; the
 *   message is in the outbox. Call kw_bot_mark_delivered() when somebody has it. Of
 *   messages of an earlier run, @event has only kind, key and time.
 *
 * Returns: %NULL with the errors of kw_engine_new()
 */
KwBot *kw_bot_new(const KwBotOptions *options, GError **error);

/* TRUE for a change that somebody made over @channel: there the reply has told it already. */
gboolean kw_bot_is_known_to(const KwEvent *event, const gchar *channel);

/* (transfer none) */
KwEngine *kw_bot_get_engine(KwBot *self);

/* Starts the engine, and repeats what an earlier run could not deliver. */
void kw_bot_start(KwBot *self);

/**
 * KwAnswer:
 * @text: owned
 * @choices: what the text asks for, to be offered as buttons
 */
typedef struct {
    gchar *text;
    guint n_choices;
    KwDialogChoice choices[KW_DIALOG_MAX_CHOICES];
} KwAnswer;

void kw_answer_free(KwAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwAnswer, kw_answer_free)

/**
 * kw_bot_note:
 * @key: of a note of whoever brings the messages: how far he has read
 *
 * Stored in one transaction with what the next answered message does.
 */
void kw_bot_note(KwBot *self, const gchar *key, const gchar *value);

/* Stores them now, as no message does */
void kw_bot_store_notes(KwBot *self);

/* (transfer none) (nullable): the note of an earlier run */
const gchar *kw_bot_get_note(KwBot *self, const gchar *key);

/**
 * kw_bot_answer_async:
 * @inbound: what was written, by whom and when; copied as far as needed
 *
 * Acts at once, and completes when everything it changed is durable: a reply that was given
 * is true after a crash as well. A store that cannot be written delays no reply; the reply
 * says so then. A mere question waits for nothing: where syncs are shared, what it shows may be
 * ahead of the disk by a moment.
 */
void kw_bot_answer_async(KwBot *self,
                         const KwInbound *inbound,
                         GAsyncReadyCallback callback,
                         gpointer user_data);

/* Returns: (transfer full): the reply */
KwAnswer *kw_bot_answer_finish(KwBot *self, GAsyncResult *result);

void kw_bot_mark_delivered(KwBot *self, const gchar *key);

/* The picture that belongs to the last reply in @chat. Returns: %FALSE when there is none */
gboolean kw_bot_get_chart(KwBot *self, const gchar *chat, KwChartRequest *out);

/* Draws on a thread. Of an event kw_event_chart() says what to ask for. */
void kw_bot_draw_async(KwBot *self,
                       const KwChartRequest *request,
                       GAsyncReadyCallback callback,
                       gpointer user_data);

/* Returns: (transfer full): PNG; %NULL with %G_IO_ERROR_NOT_FOUND when there is too little to
 * show: the text goes without a picture then */
GBytes *kw_bot_draw_finish(KwBot *self, GAsyncResult *result, GError **error);

G_END_DECLS
