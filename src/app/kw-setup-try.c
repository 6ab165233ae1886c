/* kw-setup-try.c: one call each, and a loop that waits for its answer
 *
 * The channels of the daemon keep connections, marks and queues; a try needs none of that and
 * must not move the mark of messages, so it uses the layer below them. */
#include "kw-setup-try.h"

#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-mt5-directory.h"
#include "kw-signal-link.h"
#include "kw-telegram-api.h"
#include "kw-telegram-update.h"
#include "kw-version.h"

#include <string.h>

#define CALL_MS 15000
#define POLL_S 50 /* Telegram holds the question open so long */
#define SIGNAL_US (20 * G_USEC_PER_SEC)
#define CLAUDE_URL "https://api.anthropic.com"
#define CLAUDE_MAX_BYTES (256 * 1024)

typedef struct {
    GMainLoop *loop;
    KwTelegramAnswer *answer; /* owned */
    /* Signal */
    KwClock *clock;
    KwSignalLink *link;
    JsonObject *params;
    KwSetupOutcome outcome;
    gchar *text;
    /* Claude */
    KwHttpResponse *response;
} Try;

/* -- Telegram -- */

static void
on_telegram(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Try *self = user_data;

    self->answer = kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);
    g_main_loop_quit(self->loop);
}

static KwTelegramAnswer *
call_telegram(const KwSetupPlace *place, const KwTelegramCall *call)
{
    g_autoptr(KwHttp) http = kw_http_new("kurswart/" KW_VERSION, NULL);
    g_autoptr(KwTelegramApi) api =
        kw_telegram_api_new(http, place->address, kw_secret_copy(place->token));
    Try self = {.loop = g_main_loop_new(NULL, FALSE)};

    kw_telegram_api_call_async(api, call, NULL, on_telegram, &self);
    g_main_loop_run(self.loop);
    g_main_loop_unref(self.loop);
    return self.answer;
}

static KwSetupOutcome
judge_telegram(const KwTelegramAnswer *answer)
{
    switch (answer->verdict) {
    case KW_TELEGRAM_DONE:
        return KW_SETUP_WORKS;
    case KW_TELEGRAM_DENIED:
    case KW_TELEGRAM_DEAF:
    case KW_TELEGRAM_WRONG:
        return KW_SETUP_REFUSED;
    case KW_TELEGRAM_AGAIN:
    case KW_TELEGRAM_UNSURE:
    case KW_TELEGRAM_WAIT:
    case KW_TELEGRAM_CONFLICT:
        return KW_SETUP_UNREACHED;
    }
    g_return_val_if_reached(KW_SETUP_UNREACHED);
}

KwSetupOutcome
kw_setup_try_token(const KwSetupPlace *place, gchar **out_text)
{
    const KwTelegramCall call = {
        .method = "getMe", .json = "{}", .timeout_ms = CALL_MS, .reuse = KW_HTTP_REUSE};
    g_autoptr(KwTelegramAnswer) answer = call_telegram(place, &call);
    const gchar *name = "?";

    *out_text = g_strdup(answer->text);
    if (answer->verdict == KW_TELEGRAM_DONE && JSON_NODE_HOLDS_OBJECT(answer->result)) {
        (void) kw_json_get_string(json_node_get_object(answer->result), "username", &name,
                                  NULL);
        g_free(*out_text);
        *out_text = g_strdup(name);
    }
    return judge_telegram(answer);
}

KwSetupOutcome
kw_setup_try_writer(const KwSetupPlace *place, gchar **out_user, gchar **out_text)
{
    g_autofree gchar *json =
        g_strdup_printf("{\"timeout\":%d,\"allowed_updates\":[\"message\"]}", POLL_S);
    const KwTelegramCall call = {.method = "getUpdates",
                                 .json = json,
                                 .timeout_ms = POLL_S * 1000 + CALL_MS,
                                 .reuse = KW_HTTP_REUSE};
    g_autoptr(KwTelegramAnswer) answer = call_telegram(place, &call);
    g_autoptr(GPtrArray) updates = NULL;

    if (answer->verdict == KW_TELEGRAM_DONE)
        updates = kw_telegram_updates_parse(answer->result, NULL);
    for (guint i = updates != NULL ? updates->len : 0; i > 0; i--) {
        const KwTelegramUpdate *update = updates->pdata[i - 1];

        if (update->kind != KW_TELEGRAM_MESSAGE)
            continue;
        *out_user = g_strdup_printf("%" G_GINT64_FORMAT, update->user);
        *out_text = g_strdup(update->text);
        return KW_SETUP_WORKS;
    }
    *out_user = NULL;
    *out_text = g_strdup(answer->text);
    return KW_SETUP_UNREACHED;
}

KwSetupOutcome
kw_setup_try_telegram(const KwSetupPlace *place, const gchar *message, gchar **out_text)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *json = NULL;
    KwTelegramCall call = {
        .method = "sendMessage", .timeout_ms = CALL_MS, .reuse = KW_HTTP_FRESH};
    g_autoptr(KwTelegramAnswer) answer = NULL;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "chat_id", place->owner);
    kw_json_add_string(builder, "text", message);
    json_builder_end_object(builder);
    json = kw_json_builder_to_text(builder);
    call.json = json;
    answer = call_telegram(place, &call);
    *out_text = g_strdup(answer->text);
    return judge_telegram(answer);
}

/* -- Signal -- */

static void
finish_signal(Try *self, KwSetupOutcome outcome, const gchar *text)
{
    if (self->text == NULL) {
        self->outcome = outcome;
        self->text = g_strdup(text);
    }
    g_main_loop_quit(self->loop);
}

/* The first result that is no success, "" for none */
static const gchar *
find_failure(JsonNode *result)
{
    JsonObject *object =
        result != NULL && JSON_NODE_HOLDS_OBJECT(result) ? json_node_get_object(result) : NULL;
    JsonArray *results = NULL;

    if (object == NULL || !kw_json_get_array(object, "results", &results, NULL))
        return "";
    for (guint i = 0; i < json_array_get_length(results); i++) {
        JsonNode *node = json_array_get_element(results, i);
        const gchar *type = "?";

        if (JSON_NODE_HOLDS_OBJECT(node))
            (void) kw_json_get_string(json_node_get_object(node), "type", &type, NULL);
        if (!g_str_equal(type, "SUCCESS"))
            return type;
    }
    return "";
}

static void
on_sent(const KwSignalReply *reply, gpointer user_data)
{
    const gchar *failure = find_failure(reply->result);

    if (reply->code == KW_SIGNAL_NO_ANSWER)
        finish_signal(user_data, KW_SETUP_UNREACHED, "the connection ended");
    else if (reply->code != 0)
        finish_signal(user_data, KW_SETUP_REFUSED,
                      reply->message != NULL ? reply->message : "?");
    else
        finish_signal(user_data, failure[0] == '\0' ? KW_SETUP_WORKS : KW_SETUP_REFUSED,
                      failure);
}

static void
on_up(gpointer user_data)
{
    Try *self = user_data;

    kw_signal_link_call(self->link, "send", self->params, on_sent, self);
}

static void
on_down(const gchar *why, gpointer user_data)
{
    (void) why;
    (void) user_data;
}

static void
on_received(JsonObject *params, gpointer user_data)
{
    (void) params;
    (void) user_data;
}

static void
on_patience_over(gpointer user_data)
{
    finish_signal(user_data, KW_SETUP_UNREACHED, "no answer");
}

static void
talk_to_signal(Try *self)
{
    guint timer;

    self->loop = g_main_loop_new(NULL, FALSE);
    timer = kw_clock_call_in(self->clock, SIGNAL_US, on_patience_over, self);
    kw_signal_link_start(self->link);
    g_main_loop_run(self->loop);
    kw_clock_cancel(self->clock, timer);
    g_main_loop_unref(self->loop);
}

KwSetupOutcome
kw_setup_try_signal(const KwSetupPlace *place, const gchar *message, gchar **out_text)
{
    const KwSignalLinkEvents events = {.up = on_up, .down = on_down, .received = on_received};
    g_autoptr(KwClock) clock = KW_CLOCK(kw_system_clock_new());
    g_autoptr(JsonObject) params = json_object_new();
    g_autoptr(GError) error = NULL;
    JsonArray *recipients = json_array_new();
    Try self = {.clock = clock, .params = params};

    json_array_add_string_element(recipients, place->owner);
    json_object_set_array_member(params, "recipient", recipients);
    json_object_set_string_member(params, "message", message);
    self.link =
        kw_signal_link_new(clock, place->address, place->account, &events, &self, &error);
    if (self.link == NULL) {
        *out_text = g_strdup(error->message);
        return KW_SETUP_REFUSED;
    }
    talk_to_signal(&self);
    kw_signal_link_free(self.link);
    *out_text = self.text;
    return self.outcome;
}

/* -- MetaTrader 5 -- */

static void
on_account(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Try *self = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(KwMt5Directory) directory =
        kw_mt5_directory_finish(KW_MT5(source), result, &error);

    if (directory == NULL)
        self->text = g_strdup(error->message);
    else
        self->text =
            g_strdup_printf(_("account %1$s in %2$s (%3$s, %4$s)"), directory->account.login,
                            directory->account.currency,
                            directory->account.is_demo ? _("demonstration") : _("real money"),
                            directory->account.is_hedging ? _("hedging") : _("netting"));
    if (directory != NULL)
        self->outcome = KW_SETUP_WORKS;
    g_main_loop_quit(self->loop);
}

static void
on_trouble(KwMt5 *mt5, const gchar *text, gpointer user_data)
{
    ((Try *) user_data)->outcome = KW_SETUP_REFUSED;
}

KwSetupOutcome
kw_setup_try_bridge(const KwSetupPlace *place, gchar **out_text)
{
    static const gchar *const no_symbols[] = {NULL};
    const KwMt5Options options = {
        .url = place->address,
        .user_agent = "kurswart/" KW_VERSION,
        .ca_file = place->ca_file != NULL && *place->ca_file != '\0' ? place->ca_file : NULL,
        .token = place->token,
        .timeout_ms = CALL_MS,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(KwMt5) mt5 = kw_mt5_new(&options, &error);
    Try self = {.outcome = KW_SETUP_UNREACHED};

    if (mt5 == NULL) {
        *out_text = g_strdup(error->message);
        return KW_SETUP_UNREACHED;
    }
    self.loop = g_main_loop_new(NULL, FALSE);
    g_signal_connect(mt5, "trouble", G_CALLBACK(on_trouble), &self);
    kw_mt5_directory_async(mt5, no_symbols, NULL, on_account, &self);
    g_main_loop_run(self.loop);
    g_main_loop_unref(self.loop);
    *out_text = self.text;
    return self.outcome;
}

/* -- Claude -- */

static void
on_models(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    Try *self = user_data;

    self->response = kw_http_send_finish(KW_HTTP(source), result, &error);
    if (self->response == NULL)
        self->text = g_strdup(error->message);
    g_main_loop_quit(self->loop);
}

KwSetupOutcome
kw_setup_try_claude(const gchar *base_url, const KwSecret *key, gchar **out_text)
{
    g_autoptr(KwHttp) http = kw_http_new("kurswart/" KW_VERSION, NULL);
    g_autofree gchar *url =
        g_strconcat(*base_url != '\0' ? base_url : CLAUDE_URL, "/v1/models?limit=1", NULL);
    gchar *header = g_strconcat("x-api-key: ", kw_secret_get_bytes(key, NULL), NULL);
    const gchar *const headers[] = {header, "anthropic-version: 2023-06-01", NULL};
    const KwHttpRequest request = {.method = "GET",
                                   .url = url,
                                   .headers = headers,
                                   .max_bytes = CLAUDE_MAX_BYTES,
                                   .connect_ms = CALL_MS,
                                   .timeout_ms = CALL_MS,
                                   .reuse = KW_HTTP_REUSE};
    Try self = {.loop = g_main_loop_new(NULL, FALSE)};
    guint status;

    kw_http_send_async(http, &request, NULL, on_models, &self);
    explicit_bzero(header, strlen(header));
    g_free(header);
    g_main_loop_run(self.loop);
    g_main_loop_unref(self.loop);
    status = self.response != NULL ? self.response->status : 0;
    *out_text = self.text != NULL ? self.text : g_strdup_printf("HTTP %u", status);
    g_clear_pointer(&self.response, kw_http_response_free);
    if (status == 200)
        return KW_SETUP_WORKS;
    return status == 401 || status == 403 ? KW_SETUP_REFUSED : KW_SETUP_UNREACHED;
}
