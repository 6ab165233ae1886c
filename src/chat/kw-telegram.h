/* kw-telegram.h: the owner on Telegram: long polling in, messages with buttons out */
#pragma once

#include "kw-channel.h"
#include "kw-clock.h"
#include "kw-telegram-api.h"

G_BEGIN_DECLS

#define KW_TELEGRAM_PREFIX "telegram:" /* in front of a user's number in chat and sender */

/* One line of the menu behind the "/" of the app; name without the slash, [a-z0-9_] */
typedef struct {
    gchar *name;    /* owned by the array */
    gchar *summary; /* owned by the array */
} KwTelegramCommand;

/* The menu in one language */
typedef struct {
    const gchar *language;             /* (nullable): "de"; NULL: for all others */
    const KwTelegramCommand *commands; /* borrowed */
    guint n_commands;
} KwTelegramMenu;

/**
 * KwTelegramOptions: everything is borrowed for the time of kw_telegram_new()
 * @clock: real time
 * @recipients: (array zero-terminated=1): numbers of the users that broadcasts go to
 * @menus: (array length=n_menus) (nullable)
 * @mark: (nullable): that of the last message that was dealt with, from the store
 * @expired: told to somebody who presses a button that counts no more
 * @working: shown while an answer takes long
 * @seed: of the delays after failures
 */
typedef struct {
    KwClock *clock;
    KwTelegramApi *api;
    const gchar *const *recipients;
    const KwTelegramMenu *menus;
    guint n_menus;
    const gchar *mark;
    const gchar *expired;
    const gchar *working;
    guint64 seed;
} KwTelegramOptions;

/**
 * KwTelegram:
 *
 * A KwChannel. Chat and sender of a message are "telegram:" and the number of the user; buttons
 * come as messages with the text of their choice.
 */
#define KW_TYPE_TELEGRAM (kw_telegram_get_type())
G_DECLARE_FINAL_TYPE(KwTelegram, kw_telegram, KW, TELEGRAM, GObject)

/* Returns: (transfer full) */
KwTelegram *kw_telegram_new(const KwTelegramOptions *options);

G_END_DECLS
