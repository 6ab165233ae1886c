/* kw-fake-telegram.h: a Telegram server on this machine that keeps updates, polls and faults */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_FAKE_TELEGRAM_TOKEN "7000000009:AAFake-Token_0123456789abcdefghijk"
#define KW_FAKE_TELEGRAM_OWNER G_GINT64_CONSTANT(5000000001)

/**
 * KwFakeTelegramSent: a request of the bot that changes or sends something
 * @params: of a JSON body; %NULL of a form
 * @form: the body of a form, as it came
 */
typedef struct {
    gchar *method;
    JsonNode *params;
    gchar *form;
} KwFakeTelegramSent;

/**
 * KwFakeTelegram:
 *
 * Keeps an update until a poll confirms it, holds a poll open until there is one, and ends the
 * older of two polls with a conflict, as the real one does. Everything else a bot sends is
 * noted in @sent (element-type KwFakeTelegramSent) and answered.
 */
typedef struct _KwFakeTelegram KwFakeTelegram;

KwFakeTelegram *kw_fake_telegram_new(void);
void kw_fake_telegram_free(KwFakeTelegram *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFakeTelegram, kw_fake_telegram_free)

/* (transfer none): "http://127.0.0.1:PORT" */
const gchar *kw_fake_telegram_get_url(KwFakeTelegram *self);

/* A text of @user in his private chat, written at @date (seconds). Returns: the update's number
 */
gint64 kw_fake_telegram_say(KwFakeTelegram *self, gint64 user, const gchar *text, gint64 date);

/* Any update: the members beside "update_id", without braces. Returns: its number */
gint64 kw_fake_telegram_push(KwFakeTelegram *self, const gchar *members);

/* The next call of @method is answered so, and has no effect. @status 0: the connection ends
 * without an answer, after the effect */
void kw_fake_telegram_fail(KwFakeTelegram *self,
                           const gchar *method,
                           guint status,
                           const gchar *body);

/* The updates that were confirmed come again, as if the confirmation had been lost */
void kw_fake_telegram_repeat(KwFakeTelegram *self);

const GPtrArray *kw_fake_telegram_get_sent(KwFakeTelegram *self);

/* Messages among those (sendMessage); the text of number @index, or NULL */
guint kw_fake_telegram_count_texts(KwFakeTelegram *self);
const gchar *kw_fake_telegram_get_text(KwFakeTelegram *self, guint index);

/* Runs the main loop until so many texts were sent. Returns: (transfer none): the last of them
 */
const gchar *kw_fake_telegram_wait_text(KwFakeTelegram *self, guint n);

/* The data of button @index below the last message */
gchar *kw_fake_telegram_dup_button(KwFakeTelegram *self, guint index);

/* Polls so far, the offset of the last, and whether one is open */
guint kw_fake_telegram_count_polls(KwFakeTelegram *self);
gint64 kw_fake_telegram_get_offset(KwFakeTelegram *self);
gboolean kw_fake_telegram_is_polled(KwFakeTelegram *self);

G_END_DECLS
