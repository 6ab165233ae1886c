/* kw-telegram-progress.h: what the owner sees on Telegram while an answer takes long */
#pragma once

#include "kw-clock.h"
#include "kw-telegram-api.h"

G_BEGIN_DECLS

typedef struct _KwTelegramProgress KwTelegramProgress;

/**
 * kw_telegram_progress_new:
 * @text: what is said after some seconds; the seconds follow
 *
 * Returns: (transfer full)
 */
KwTelegramProgress *
kw_telegram_progress_new(KwClock *clock, KwTelegramApi *api, const gchar *text);

/* Work on all messages ends; what is shown stays. */
void kw_telegram_progress_free(KwTelegramProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTelegramProgress, kw_telegram_progress_free)

/* Work on the message @request of @user begins */
void kw_telegram_progress_begin(KwTelegramProgress *self, gint64 request, gint64 user);

/* It ends, with an answer or without: what was shown goes. Nothing when it had not begun. */
void kw_telegram_progress_end(KwTelegramProgress *self, gint64 request);

/* All of it ends; what is shown stays, as nobody is to be asked any more. */
void kw_telegram_progress_clear(KwTelegramProgress *self);

G_END_DECLS
