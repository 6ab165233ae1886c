/* kw-dialog.h: from a message to its reply: parser, confirmations, commands, audit */
#pragma once

#include "kw-assistant.h"
#include "kw-chart-request.h"
#include "kw-clock.h"
#include "kw-control.h"
#include "kw-i18n.h"
#include "kw-intent.h"
#include "kw-query.h"
#include "kw-redact.h"
#include "kw-schedule.h"

G_BEGIN_DECLS

#define KW_DIALOG_MAX_BYTES 1800        /* of a reply */
#define KW_DIALOG_CODE_SIZE 5           /* four digits and terminator */
#define KW_DIALOG_CODE_SENT "code sent" /* the effect of an action that waits for its code */
#define KW_DIALOG_MAX_CHOICES 3

/**
 * KwDialogSettings:
 * @zone: borrowed by the call that gets it; a dialog keeps its own reference
 * @pace: market seconds in one of the owner's: so much longer live the codes
 *   and what a follow-up refers to; below 1 as 1
 * @redactor: (nullable): borrowed for good: takes secrets out of what the audit trail quotes
 * @is_synthetic: the data come from a generator; said in every reply with money
 */
typedef struct {
    KwZone *zone;
    KwLanguage language;
    KwAddress address;
    gboolean is_synthetic;
    gdouble pace;
    KwRedactor *redactor;
} KwDialogSettings;

/* Writes four digits and a terminator to @code (KW_DIALOG_CODE_SIZE bytes). */
typedef void (*KwCodeFunc)(gchar *code, gpointer user_data);

/**
 * KwDialogRights: what a sender may do
 * @KW_DIALOG_RIGHTS_OWNER: everything
 * @KW_DIALOG_RIGHTS_READER: ask
 * @KW_DIALOG_RIGHTS_UNPROVEN: ask, until the owner has confirmed that it is he
 */
typedef enum {
    KW_DIALOG_RIGHTS_OWNER,
    KW_DIALOG_RIGHTS_READER,
    KW_DIALOG_RIGHTS_UNPROVEN,
} KwDialogRights;

/**
 * KwInbound:
 * @chat: the conversation ("admin", "signal:..."); state is kept for each
 * @sender: who wrote, already allowed; with the chat the name in the audit trail
 * @text: (array length=length): own text, any bytes
 * @sent_us: UTC, by the sender's clock
 * @is_forward: passed on from somebody else: never commands
 * @quoted: (nullable): text that the message answers to; never read as a command
 * @rights: of the sender
 */
typedef struct {
    const gchar *chat;
    const gchar *sender;
    const gchar *text;
    gsize length;
    gint64 sent_us;
    gboolean is_forward;
    const gchar *quoted;
    KwDialogRights rights;
} KwInbound;

/* An answer that is one tap away: the words on the button, and what the tap says */
typedef struct {
    gchar label[48];
    gchar text[48];
} KwDialogChoice;

typedef struct _KwDialog KwDialog;

/* The language that the owner asked for in the chat, else @fallback */
KwLanguage kw_dialog_get_language(KwQuery *query, KwLanguage fallback);

/**
 * kw_dialog_new:
 * @query: a reference is kept; so of @control and @clock
 * @code_func: (scope notified): gives the code of each confirmation
 *
 * Returns: (transfer full)
 */
KwDialog *kw_dialog_new(KwQuery *query,
                        KwControl *control,
                        KwClock *clock,
                        const KwDialogSettings *settings,
                        KwCodeFunc code_func,
                        gpointer user_data);
void kw_dialog_free(KwDialog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwDialog, kw_dialog_free)

/**
 * kw_dialog_handle:
 *
 * Reads the message, carries out what it asks for (the safe direction at once, the other only
 * with its code), writes the audit row.
 *
 * Returns: (transfer full): the reply, at most %KW_DIALOG_MAX_BYTES of UTF-8
 */
gchar *kw_dialog_handle(KwDialog *self, const KwInbound *inbound);

/* The picture that belongs to the last reply in @chat. Returns: %FALSE when there is none */
gboolean kw_dialog_get_chart(KwDialog *self, const gchar *chat, KwChartRequest *out);

/**
 * KwDialogOutcome: what was made of the last message
 * @id: what it was read as, first
 * @wants_model: it was not understood, or wants a judgement: a language model may say more than
 *   the reply does
 * @may_act: own, fresh text in which nothing speaks against a wish to act
 */
typedef struct {
    KwIntentId id;
    gboolean wants_model;
    gboolean may_act;
} KwDialogOutcome;

/* (transfer none) */
const KwDialogOutcome *kw_dialog_get_outcome(const KwDialog *self);

/* @assistant: (nullable): a reference is kept; what /tokens and the like ask */
void kw_dialog_set_assistant(KwDialog *self, KwAssistant *assistant);

/**
 * kw_dialog_run:
 * @inbound: the message that is being answered
 * @out_effect: (out) (optional) (transfer full): what was done, or "", as in the audit trail
 *
 * Carries out one intent as if the message had asked for it: with the same codes, the same
 * freshness and a row of the audit trail, which says that a model had it read so.
 *
 * Returns: (transfer full): the reply; it may hold a code and is for the owner alone
 */
gchar *kw_dialog_run(KwDialog *self,
                     const KwInbound *inbound,
                     KwIntentId id,
                     const KwSlots *slots,
                     gchar **out_effect);

/**
 * kw_dialog_get_choices:
 * @chat: the conversation
 * @out: (out caller-allocates) (array): room for %KW_DIALOG_MAX_CHOICES
 *
 * What the last reply in @chat asks for, to be offered as buttons: the code of an action and
 * its refusal.
 *
 * Returns: their number; 0 when it asks for nothing
 */
guint kw_dialog_get_choices(KwDialog *self, const gchar *chat, KwDialogChoice *out);

G_END_DECLS
