/* kw-telegram-post.h: messages to Telegram, and the buttons below them */
#pragma once

#include "kw-post.h"
#include "kw-telegram-api.h"

G_BEGIN_DECLS

#define KW_TELEGRAM_MAX_UNITS 4000 /* UTF-16 units of a message; the service takes 4096 */
#define KW_TELEGRAM_MAX_CAPTION 1000

/**
 * KwTelegramPostEvents:
 * @done: a message is through, or given up; @key: (nullable): of the broadcast
 * @verdict: something that concerns more than one message: %KW_TELEGRAM_WAIT (the post pauses
 * by itself), _DENIED (call kw_telegram_post_clear()), _DEAF
 *
 * Called from the main loop; never from inside kw_telegram_post_add().
 */
typedef struct {
    void (*done)(const gchar *key, gboolean is_delivered, gpointer user_data);
    void (*verdict)(const KwTelegramAnswer *answer, gint64 user, gpointer user_data);
} KwTelegramPostEvents;

typedef struct _KwTelegramPost KwTelegramPost;

/* @user_data: must outlive the post. Returns: (transfer full) */
KwTelegramPost *kw_telegram_post_new(KwClock *clock,
                                     KwTelegramApi *api,
                                     const KwTelegramPostEvents *events,
                                     gpointer user_data,
                                     guint64 seed);

/* What waits is dropped without a word; what is being sent may still arrive. */
void kw_telegram_post_free(KwTelegramPost *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTelegramPost, kw_telegram_post_free)

/* @key: (nullable): of a broadcast. Returns: %FALSE when too many wait; see kw_post_add() */
gboolean kw_telegram_post_add(KwTelegramPost *self,
                              gint64 user,
                              const gchar *key,
                              const KwChannelContent *content);

/* Nothing is sent until then; later times count, earlier ones do not. */
void kw_telegram_post_pause(KwTelegramPost *self, gint64 until_us);
gboolean kw_telegram_post_is_paused(const KwTelegramPost *self);

/* Gives up all that waits */
void kw_telegram_post_clear(KwTelegramPost *self);

/**
 * kw_telegram_post_take_button:
 * @data: as it came back
 *
 * A button counts once, for the user it was shown to, until other ones are shown to him.
 *
 * Returns: (transfer full) (nullable): the text of the choice
 */
gchar *kw_telegram_post_take_button(KwTelegramPost *self, gint64 user, const gchar *data);

G_END_DECLS
