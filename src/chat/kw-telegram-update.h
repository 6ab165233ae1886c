/* kw-telegram-update.h: what Telegram tells a bot, read within bounds */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_TELEGRAM_MAX_UPDATES 100 /* of one answer */

/**
 * KwTelegramKind:
 * @KW_TELEGRAM_OTHER: nothing that could ask for something; only its number counts
 * @KW_TELEGRAM_MESSAGE: a text of a person in his private chat with the bot
 * @KW_TELEGRAM_BUTTON: such a person has pressed a button
 * @KW_TELEGRAM_FOREIGN: a message, but of a group, a channel, a bot, edited or passed on
 * @KW_TELEGRAM_MUTE: a private message without a text: a picture, a voice message
 * @KW_TELEGRAM_BLOCKED: the person does not want to hear from the bot any more
 * @KW_TELEGRAM_UNBLOCKED: he does again
 */
typedef enum {
    KW_TELEGRAM_OTHER,
    KW_TELEGRAM_MESSAGE,
    KW_TELEGRAM_BUTTON,
    KW_TELEGRAM_FOREIGN,
    KW_TELEGRAM_MUTE,
    KW_TELEGRAM_BLOCKED,
    KW_TELEGRAM_UNBLOCKED,
} KwTelegramKind;

/**
 * KwTelegramUpdate:
 * @id: grows by one with each
 * @user: who; in a private chat also the number of the chat
 * @sent_us: UTC, by Telegram's clock; 0 for buttons, which carry no time
 * @text: of the message, without "@name" behind a command; data of the button
 * @query: (nullable): names the press of a button in its answer
 */
typedef struct {
    gint64 id;
    KwTelegramKind kind;
    gint64 user;
    gint64 sent_us;
    gchar *text;  /* owned; NULL where the kind has none */
    gchar *query; /* owned */
} KwTelegramUpdate;

void kw_telegram_update_free(KwTelegramUpdate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTelegramUpdate, kw_telegram_update_free)

/**
 * kw_telegram_updates_parse:
 * @result: of getUpdates
 *
 * What is unknown inside an update is skipped; an update without a number cannot be confirmed
 * and spoils the answer.
 *
 * Returns: (transfer full) (element-type KwTelegramUpdate): by number, or %NULL with
 *   #KwParseError
 */
GPtrArray *kw_telegram_updates_parse(JsonNode *result, GError **error);

G_END_DECLS
