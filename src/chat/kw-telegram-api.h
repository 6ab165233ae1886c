/* kw-telegram-api.h: one call of the Telegram Bot API and what its answer means */
#pragma once

#include "kw-http.h"
#include "kw-secret.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_TELEGRAM_BASE_URL "https://api.telegram.org"

/**
 * KwTelegramVerdict: what the caller has to do
 * @KW_TELEGRAM_DONE: it worked
 * @KW_TELEGRAM_AGAIN: try again later: no connection, a broken front end, a fault of the server
 * @KW_TELEGRAM_UNSURE: no answer, but the request may have arrived
 * @KW_TELEGRAM_WAIT: the whole bot must be silent for a while
 * @KW_TELEGRAM_CONFLICT: somebody else polls with the same token, or a webhook is set
 * @KW_TELEGRAM_DENIED: the token counts no more, or the address is wrong
 * @KW_TELEGRAM_DEAF: the recipient has blocked the bot, or never wrote to it
 * @KW_TELEGRAM_WRONG: the request itself; never again
 */
typedef enum {
    KW_TELEGRAM_DONE,
    KW_TELEGRAM_AGAIN,
    KW_TELEGRAM_UNSURE,
    KW_TELEGRAM_WAIT,
    KW_TELEGRAM_CONFLICT,
    KW_TELEGRAM_DENIED,
    KW_TELEGRAM_DEAF,
    KW_TELEGRAM_WRONG,
} KwTelegramVerdict;

/**
 * KwTelegramAnswer:
 * @result: (nullable): set when it worked
 * @text: what the server or the network says; one line, without the token; "" when it worked
 * @wait_us: with %KW_TELEGRAM_WAIT
 */
typedef struct {
    KwTelegramVerdict verdict;
    JsonNode *result;
    gchar *text;
    gint64 wait_us;
} KwTelegramAnswer;

void kw_telegram_answer_free(KwTelegramAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTelegramAnswer, kw_telegram_answer_free)

/**
 * kw_telegram_answer_parse:
 * @status: of HTTP
 * @body: whatever came
 *
 * Returns: (transfer full)
 */
KwTelegramAnswer *kw_telegram_answer_parse(guint status, GBytes *body);

/**
 * KwTelegramCall:
 * @method: "sendMessage"
 * @json: (nullable): the parameters, an object
 * @parts, @n_parts: in its place: a form with a file
 * @timeout_ms: of the whole call
 * @reuse: %KW_HTTP_REUSE only for calls that may happen twice
 */
typedef struct {
    const gchar *method;
    const gchar *json;
    const KwHttpPart *parts;
    guint n_parts;
    guint timeout_ms;
    KwHttpReuse reuse;
} KwTelegramCall;

#define KW_TYPE_TELEGRAM_API (kw_telegram_api_get_type())
G_DECLARE_FINAL_TYPE(KwTelegramApi, kw_telegram_api, KW, TELEGRAM_API, GObject)

/**
 * kw_telegram_api_new:
 * @base_url: %KW_TELEGRAM_BASE_URL, or of a server of one's own; no slash at the end
 * @token: (transfer full)
 *
 * Returns: (transfer full)
 */
KwTelegramApi *kw_telegram_api_new(KwHttp *http, const gchar *base_url, KwSecret *token);

void kw_telegram_api_call_async(KwTelegramApi *self,
                                const KwTelegramCall *call,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/* Returns: (transfer full): %NULL only when it was cancelled */
KwTelegramAnswer *kw_telegram_api_call_finish(KwTelegramApi *self, GAsyncResult *result);

G_END_DECLS
