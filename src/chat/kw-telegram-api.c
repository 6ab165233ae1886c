/* kw-telegram-api.c: URL, answer, verdict
 *
 * The token is a part of the URL. So no URL is ever logged or put in a message, and texts of
 * the server are cut, as they could quote it. Front ends answer with pages of HTML when they
 * are in trouble: what is no JSON object with "ok" is a fault of the way, not of the request.
 */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-telegram-api.h"

#include "kw-error.h"
#include "kw-escape.h"
#include "kw-json.h"

#include <string.h>

#define MAX_BODY (4 * 1024 * 1024)
#define MAX_TEXT 120 /* bytes of a description that are kept */
#define CONNECT_MS 10000
#define MAX_WAIT_S 86400

struct _KwTelegramApi {
    GObject parent_instance;

    KwHttp *http;    /* owned */
    gchar *base_url; /* owned */
    KwSecret *token; /* owned */
};

G_DEFINE_FINAL_TYPE(KwTelegramApi, kw_telegram_api, G_TYPE_OBJECT)

void
kw_telegram_answer_free(KwTelegramAnswer *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->result, json_node_unref);
    g_free(self->text);
    g_free(self);
}

/* (transfer full) */
static KwTelegramAnswer *
answer_new(KwTelegramVerdict verdict, const gchar *text)
{
    KwTelegramAnswer *answer = g_new0(KwTelegramAnswer, 1);

    answer->verdict = verdict;
    answer->text = kw_escape_bytes(text, -1, MAX_TEXT);
    return answer;
}

/* -- what an answer means -- */

static KwTelegramVerdict
judge_code(gint64 code)
{
    switch (code) {
    case 401:
    case 404:
        return KW_TELEGRAM_DENIED;
    case 403:
        return KW_TELEGRAM_DEAF;
    case 409:
        return KW_TELEGRAM_CONFLICT;
    case 429:
        return KW_TELEGRAM_WAIT;
    default:
        return code >= 400 && code < 500 ? KW_TELEGRAM_WRONG : KW_TELEGRAM_AGAIN;
    }
}

/* A pause without a length is a minute. */
static gint64
read_wait_us(JsonObject *object)
{
    JsonObject *parameters = NULL;
    gint64 seconds = 60;

    if (kw_json_get_object(object, "parameters", &parameters, NULL))
        (void) kw_json_get_int(parameters, "retry_after", &seconds, NULL);
    return CLAMP(seconds, 1, MAX_WAIT_S) * G_USEC_PER_SEC;
}

static KwTelegramAnswer *
read_failure(JsonObject *object)
{
    KwTelegramAnswer *answer;
    const gchar *description = "";
    gint64 code = 500;

    (void) kw_json_get_int(object, "error_code", &code, NULL);
    (void) kw_json_get_string(object, "description", &description, NULL);
    answer = answer_new(judge_code(code), description);
    if (answer->verdict == KW_TELEGRAM_WAIT)
        answer->wait_us = read_wait_us(object);
    return answer;
}

KwTelegramAnswer *
kw_telegram_answer_parse(guint status, GBytes *body)
{
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *text = NULL;
    JsonObject *object;
    KwTelegramAnswer *answer;
    gboolean is_ok = FALSE;

    g_return_val_if_fail(body != NULL, NULL);

    root = kw_json_parse(body, NULL);
    object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    if (object == NULL || !kw_json_get_bool(object, "ok", &is_ok, NULL)) {
        text = g_strdup_printf("HTTP %u without a readable answer", status);
        return answer_new(KW_TELEGRAM_AGAIN, text);
    }
    if (!is_ok)
        return read_failure(object);
    if (!kw_json_has(object, "result"))
        return answer_new(KW_TELEGRAM_AGAIN, "answer without a result");
    answer = answer_new(KW_TELEGRAM_DONE, "");
    answer->result = json_node_copy(json_object_get_member(object, "result"));
    return answer;
}

/* Whether the server can have seen a request that ended with @error */
static KwTelegramVerdict
judge_error(const GError *error)
{
    if (g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED) ||
        g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_CERTIFICATE))
        return KW_TELEGRAM_AGAIN;
    return KW_TELEGRAM_UNSURE;
}

/* -- a call -- */

static void
on_response(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);
    KwTelegramAnswer *answer;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_task_return_error(task, g_steal_pointer(&error));
        return;
    }
    answer = response != NULL ? kw_telegram_answer_parse(response->status, response->body)
                              : answer_new(judge_error(error), error->message);
    g_task_return_pointer(task, answer, (GDestroyNotify) kw_telegram_answer_free);
}

void
kw_telegram_api_call_async(KwTelegramApi *self,
                           const KwTelegramCall *call,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
    static const gchar *const json_headers[] = {"Content-Type: application/json", NULL};
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
    g_autoptr(GBytes) body = NULL;
    g_autofree gchar *url = NULL;
    KwHttpRequest request = {
        .method = "POST",
        .parts = call->parts,
        .n_parts = call->n_parts,
        .max_bytes = MAX_BODY,
        .connect_ms = CONNECT_MS,
        .timeout_ms = call->timeout_ms,
        .reuse = call->reuse,
    };

    g_return_if_fail(KW_IS_TELEGRAM_API(self) && call->method != NULL);

    g_task_set_source_tag(task, kw_telegram_api_call_async);
    url = g_strdup_printf("%s/bot%s/%s", self->base_url, kw_secret_get_bytes(self->token, NULL),
                          call->method);
    request.url = url;
    if (call->json != NULL) {
        body = g_bytes_new(call->json, strlen(call->json));
        request.headers = json_headers;
        request.body = body;
    }
    kw_http_send_async(self->http, &request, cancellable, on_response, g_steal_pointer(&task));
    memset(url, 0, strlen(url));
}

KwTelegramAnswer *
kw_telegram_api_call_finish(KwTelegramApi *self, GAsyncResult *result)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_pointer(G_TASK(result), NULL);
}

/* -- life -- */

KwTelegramApi *
kw_telegram_api_new(KwHttp *http, const gchar *base_url, KwSecret *token)
{
    KwTelegramApi *self;

    g_return_val_if_fail(KW_IS_HTTP(http) && base_url != NULL && token != NULL, NULL);

    self = g_object_new(KW_TYPE_TELEGRAM_API, NULL);
    self->http = g_object_ref(http);
    self->base_url = g_strdup(base_url);
    self->token = token;
    return self;
}

static void
kw_telegram_api_finalize(GObject *object)
{
    KwTelegramApi *self = KW_TELEGRAM_API(object);

    g_clear_object(&self->http);
    g_clear_pointer(&self->base_url, g_free);
    g_clear_pointer(&self->token, kw_secret_free);

    G_OBJECT_CLASS(kw_telegram_api_parent_class)->finalize(object);
}

static void
kw_telegram_api_class_init(KwTelegramApiClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_telegram_api_finalize;
}

static void
kw_telegram_api_init(KwTelegramApi *self)
{
}
