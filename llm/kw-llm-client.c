/* kw-llm-client.c: one question to the model
 *
 * Answers are always taken as a stream: its first event comes soon, so a vendor that is down is
 * told from one that is thinking, and nobody waits for nothing. A request changes nothing at
 * the vendor, so it may be sent twice; it is sent a second time when the verdict allows it and
 * the wait still leaves time, and no third time. A model that the vendor has retired is
 * replaced by the configured fallback for as long as the process runs.
 *
 * Nothing of the vendor's error text goes into our errors: it may quote what we have sent. */
#define G_LOG_DOMAIN "kw-llm"

#include "kw-llm-client.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-limiter.h"
#include "kw-llm-stream.h"
#include "kw-llm-verdict.h"
#include "kw-log.h"

#include <string.h>

#define MAX_BODY (4 * 1024 * 1024)
#define MAX_TRIES 2
#define CONNECT_MS 4000
#define BACKOFF_US (500 * G_GINT64_CONSTANT(1000))
#define ENOUGH_US (300 * G_GINT64_CONSTANT(1000)) /* less is no time to ask in */

struct _KwLlmClient {
    GObject parent_instance;

    KwHttp *http;   /* owned */
    KwClock *clock; /* owned; real time */
    KwLlmProvider provider;
    gchar *base_url, *region, *project; /* owned */
    gchar *key_header;                  /* owned; wiped */
    gchar *model, *fallback;            /* owned */
    guint max_tokens, first_ms, idle_ms;
    gchar request_id[KW_LLM_ID_SIZE];
    gint64 spent_until_us;
    KwLlmKeyFunc renew; /* NULL: the key lasts */
    gpointer renew_data;
    KwLlmAccount *account; /* owned; NULL: there is a key */
    KwLlmTokenFunc token_func;
    gpointer token_data;
};

G_DEFINE_FINAL_TYPE(KwLlmClient, kw_llm_client, G_TYPE_OBJECT)

/* A question under way; data of its task */
typedef struct {
    JsonObject *body;          /* owned */
    KwLlmStream *stream;       /* owned; of the present try */
    GCancellable *cancellable; /* owned; of the present try */
    gint64 until_us;           /* monotonic */
    gint64 first_until_us;     /* monotonic; by then an answer has begun, or there is none */
    guint timer;
    guint n_tries;
    gboolean has_begun; /* a byte of an answer is here */
    gboolean is_late;
    KwLlmUsage usage; /* of tries that failed */
} Question;

static void
question_free(gpointer data)
{
    Question *question = data;

    json_object_unref(question->body);
    g_clear_pointer(&question->stream, kw_llm_stream_free);
    g_clear_object(&question->cancellable);
    g_free(question);
}

/* -- the body -- */

static void
add_system(JsonBuilder *builder, const gchar *system)
{
    json_builder_set_member_name(builder, "system");
    json_builder_begin_array(builder);
    json_builder_begin_object(builder);
    kw_json_add_string(builder, "type", "text");
    kw_json_add_string(builder, "text", system);
    /* tools stand before the system text: this caches both */
    json_builder_set_member_name(builder, "cache_control");
    json_builder_begin_object(builder);
    kw_json_add_string(builder, "type", "ephemeral");
    json_builder_end_object(builder);
    json_builder_end_object(builder);
    json_builder_end_array(builder);
}

static void
add_array(JsonBuilder *builder, const gchar *name, JsonArray *array)
{
    JsonNode *node = json_node_alloc();

    json_builder_set_member_name(builder, name);
    json_builder_add_value(builder, json_node_init_array(node, array));
}

static JsonObject *
build_body(KwLlmClient *self, const KwLlmRequest *request)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;

    json_builder_begin_object(builder);
    if (self->provider == KW_LLM_PROVIDER_VERTEX)
        kw_json_add_string(builder, "anthropic_version", "vertex-2023-10-16");
    else
        kw_json_add_string(builder, "model", self->model);
    kw_json_add_int(builder, "max_tokens", self->max_tokens);
    kw_json_add_bool(builder, "stream", TRUE);
    if (request->takes_sampling)
        kw_json_add_int(builder, "temperature", 0);
    if (request->tools != NULL) {
        add_array(builder, "tools", request->tools);
        json_builder_set_member_name(builder, "tool_choice");
        json_builder_begin_object(builder);
        kw_json_add_string(builder, "type", request->may_call ? "auto" : "none");
        json_builder_end_object(builder);
    }
    add_system(builder, request->system);
    add_array(builder, "messages", request->messages);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    return json_object_ref(json_node_get_object(root));
}

static gchar *
body_to_text(JsonObject *body)
{
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), body);

    return kw_json_to_text(root);
}

gchar *
kw_llm_client_build_body(KwLlmClient *self, const KwLlmRequest *request)
{
    g_autoptr(JsonObject) body = NULL;

    g_return_val_if_fail(KW_IS_LLM_CLIENT(self) && request != NULL, NULL);

    body = build_body(self, request);
    return body_to_text(body);
}

/* -- where to -- */

static gchar *
vertex_host(const gchar *region)
{
    if (strcmp(region, "global") == 0)
        return g_strdup("https://aiplatform.googleapis.com");
    if (strcmp(region, "us") == 0 || strcmp(region, "eu") == 0)
        return g_strdup_printf("https://aiplatform.%s.rep.googleapis.com", region);
    return g_strdup_printf("https://%s-aiplatform.googleapis.com", region);
}

static gchar *
build_url(KwLlmClient *self)
{
    g_autofree gchar *base = NULL;

    if (self->provider == KW_LLM_PROVIDER_DIRECT)
        return g_strconcat(*self->base_url != '\0' ? self->base_url : KW_LLM_BASE_URL,
                           "/v1/messages", NULL);
    base = *self->base_url != '\0' ? g_strdup(self->base_url) : vertex_host(self->region);
    return g_strdup_printf("%s/v1/projects/%s/locations/%s/publishers/anthropic/models/"
                           "%s:streamRawPredict",
                           base, self->project, self->region, self->model);
}

/* -- the end of a try -- */

static void ask(GTask *owned);

static void
finish_with_error(GTask *task, KwLlmError code, const gchar *why)
{
    g_task_return_new_error(task, KW_LLM_ERROR, (gint) code, "%s", why);
}

static gint64
get_time_left_us(KwLlmClient *self, const Question *question)
{
    return question->until_us - kw_clock_monotonic_us(self->clock);
}

/* A second try has to begin to answer in the time that the first had. */
static gint64
get_first_left_us(KwLlmClient *self, const Question *question)
{
    return MIN(question->until_us, question->first_until_us) -
           kw_clock_monotonic_us(self->clock);
}

static void
on_wait_over(gpointer user_data)
{
    GTask *task = user_data;
    Question *question = g_task_get_task_data(task);

    question->timer = 0;
    ask(task);
}

/* Tries again after @wait_us, or says FALSE: no try or no time is left. */
static gboolean
try_again(GTask *task, gint64 wait_us)
{
    KwLlmClient *self = g_task_get_source_object(task);
    Question *question = g_task_get_task_data(task);
    KwBackoff backoff;

    if (wait_us == KW_LLM_NO_WAIT) {
        kw_backoff_init(&backoff, BACKOFF_US, BACKOFF_US,
                        (guint64) kw_clock_monotonic_us(self->clock));
        wait_us = kw_backoff_next_us(&backoff);
    }
    if (question->n_tries >= MAX_TRIES ||
        get_first_left_us(self, question) < wait_us + ENOUGH_US)
        return FALSE;
    question->timer = kw_clock_call_at(self->clock, kw_clock_now_us(self->clock) + wait_us,
                                       on_wait_over, g_object_ref(task));
    return TRUE;
}

/* The first instant of the next month, UTC */
static gint64
next_month_us(gint64 now_us)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) first =
        g_date_time_new_utc(g_date_time_get_year(now), g_date_time_get_month(now), 1, 0, 0, 0);
    g_autoptr(GDateTime) next = g_date_time_add_months(first, 1);

    return g_date_time_to_unix(next) * G_USEC_PER_SEC;
}

static gboolean
take_fallback(KwLlmClient *self, Question *question)
{
    if (self->fallback == NULL || *self->fallback == '\0' ||
        strcmp(self->fallback, self->model) == 0)
        return FALSE;
    kw_log_critical("the model does not exist any more; using the fallback", "KW_MODEL",
                    self->model);
    g_free(self->model);
    self->model = g_strdup(self->fallback);
    if (self->provider == KW_LLM_PROVIDER_DIRECT)
        json_object_set_string_member(question->body, "model", self->model);
    question->n_tries--;
    return TRUE;
}

static void
judge(GTask *task, const KwHttpResponse *response)
{
    KwLlmClient *self = g_task_get_source_object(task);
    Question *question = g_task_get_task_data(task);
    g_autofree gchar *why = g_strdup_printf("the vendor answers with %u", response->status);
    KwLlmVerdict verdict;

    kw_llm_verdict_of(response, &verdict);
    if (verdict.code == KW_LLM_ERROR_KEY && self->account != NULL)
        kw_llm_account_forget(self->account);
    if (verdict.is_spent)
        self->spent_until_us = next_month_us(kw_clock_now_us(self->clock));
    if (verdict.code == KW_LLM_ERROR_MODEL && take_fallback(self, question))
        verdict = (KwLlmVerdict){.code = verdict.code, .may_retry = TRUE};
    if (!verdict.may_retry || !try_again(task, verdict.wait_us))
        finish_with_error(task, verdict.code, why);
}

static void
end_stream(GTask *task)
{
    Question *question = g_task_get_task_data(task);
    g_autoptr(GError) error = NULL;
    KwLlmMessage *message = kw_llm_stream_finish(question->stream, &error);
    KwLlmUsage usage;

    if (message != NULL) {
        g_task_return_pointer(task, message, (GDestroyNotify) kw_llm_message_free);
        return;
    }
    kw_llm_stream_get_usage(question->stream, &usage);
    kw_llm_usage_add(&question->usage, &usage);
    if (!g_error_matches(error, KW_LLM_ERROR, KW_LLM_ERROR_UNAVAILABLE) ||
        !try_again(task, KW_LLM_NO_WAIT))
        g_task_return_error(task, g_steal_pointer(&error));
}

static void
end_failed(GTask *task, const GError *error)
{
    Question *question = g_task_get_task_data(task);
    gboolean is_cut = question->has_begun || question->is_late;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !question->is_late)
        end_stream(task); /* the stream wanted no more; it says why */
    else if (question->is_late)
        finish_with_error(task, KW_LLM_ERROR_UNAVAILABLE, "no answer in time");
    else if (is_cut || g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_CERTIFICATE) ||
             !try_again(task, KW_LLM_NO_WAIT))
        finish_with_error(task, KW_LLM_ERROR_UNAVAILABLE, error->message);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    KwLlmClient *self = g_task_get_source_object(task);
    Question *question = g_task_get_task_data(task);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);
    const gchar *id = NULL;

    kw_clock_cancel(self->clock, question->timer);
    question->timer = 0;
    if (response != NULL)
        id = kw_http_response_get_header(response, "request-id");
    g_strlcpy(self->request_id, id != NULL ? id : "", sizeof self->request_id);
    if (response == NULL)
        end_failed(task, error);
    else if (response->status < 200 || response->status > 299)
        judge(task, response);
    else
        end_stream(task);
}

/* -- a try -- */

static gboolean
on_data(const gchar *data, gsize length, gpointer user_data)
{
    GTask *task = user_data;
    Question *question = g_task_get_task_data(task);

    question->has_begun = TRUE;
    return kw_llm_stream_feed(question->stream, data, length);
}

static void
on_late(gpointer user_data)
{
    Question *question = g_task_get_task_data(user_data);

    question->timer = 0;
    if (question->has_begun)
        return;
    question->is_late = TRUE;
    g_cancellable_cancel(question->cancellable);
}

static void
take_key(KwLlmClient *self, const KwSecret *key)
{
    if (self->key_header != NULL)
        explicit_bzero(self->key_header, strlen(self->key_header));
    g_free(self->key_header);
    self->key_header = g_strconcat(
        self->provider == KW_LLM_PROVIDER_VERTEX ? "authorization: Bearer " : "x-api-key: ",
        kw_secret_get_bytes(key, NULL), NULL);
}

static void
renew_key(KwLlmClient *self)
{
    g_autoptr(KwSecret) key = self->renew != NULL ? self->renew(self->renew_data) : NULL;

    if (key != NULL)
        take_key(self, key);
}

/* Takes the reference to the task. */
static void
send_question(GTask *owned)
{
    g_autoptr(GTask) task = owned;
    KwLlmClient *self = g_task_get_source_object(task);
    Question *question = g_task_get_task_data(task);
    gint64 left_us = get_time_left_us(self, question);
    g_autofree gchar *text = body_to_text(question->body);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    g_autofree gchar *url = build_url(self);
    const gchar *headers[] = {NULL, "content-type: application/json",
                              "anthropic-version: 2023-06-01", NULL};
    KwHttpRequest request = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .body = body,
        .max_bytes = MAX_BODY,
        .connect_ms = CONNECT_MS,
        .timeout_ms = (guint) MAX(1, left_us / 1000),
        .idle_ms = self->idle_ms,
        .reuse = KW_HTTP_REUSE,
        .on_data = on_data,
        .user_data = task,
    };

    renew_key(self);
    headers[0] = self->key_header;
    g_clear_pointer(&question->stream, kw_llm_stream_free);
    g_clear_object(&question->cancellable);
    question->stream = kw_llm_stream_new();
    question->cancellable = g_cancellable_new();
    question->has_begun = FALSE;
    question->n_tries++;
    question->timer = kw_clock_call_at(
        self->clock, kw_clock_now_us(self->clock) + get_first_left_us(self, question), on_late,
        task);
    kw_http_send_async(self->http, &request, question->cancellable, on_answer,
                       g_object_ref(task));
}

static void
on_token(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    KwLlmClient *self = g_task_get_source_object(task);
    g_autoptr(GError) error = NULL;
    const KwSecret *token = kw_llm_account_renew_finish(KW_LLM_ACCOUNT(source), result, &error);

    if (token == NULL) {
        g_task_return_error(task, g_steal_pointer(&error));
        return;
    }
    self->token_func(token, self->token_data);
    take_key(self, token);
    send_question(g_steal_pointer(&task));
}

/* Takes the reference to the task. A token is got first, where the last one is over. */
static void
ask(GTask *owned)
{
    KwLlmClient *self = g_task_get_source_object(owned);
    gint64 left_us = get_first_left_us(self, g_task_get_task_data(owned));

    if (self->account == NULL || kw_llm_account_get_token(self->account) != NULL)
        send_question(owned);
    else
        kw_llm_account_renew_async(self->account, (guint) MAX(1, left_us / 1000), NULL,
                                   on_token, owned);
}

void
kw_llm_client_ask_async(KwLlmClient *self,
                        const KwLlmRequest *request,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
    g_autoptr(GTask) task = NULL;
    Question *question;

    g_return_if_fail(KW_IS_LLM_CLIENT(self) && request != NULL);

    task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(task, kw_llm_client_ask_async);
    question = g_new0(Question, 1);
    question->body = build_body(self, request);
    question->until_us = request->until_us;
    question->first_until_us =
        kw_clock_monotonic_us(self->clock) + (gint64) self->first_ms * 1000;
    g_task_set_task_data(task, question, question_free);
    ask(g_steal_pointer(&task));
}

KwLlmMessage *
kw_llm_client_ask_finish(KwLlmClient *self,
                         GAsyncResult *result,
                         KwLlmUsage *out_usage,
                         GError **error)
{
    const Question *question;
    KwLlmMessage *message;

    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    question = g_task_get_task_data(G_TASK(result));
    *out_usage = question->usage;
    message = g_task_propagate_pointer(G_TASK(result), error);
    if (message != NULL)
        kw_llm_usage_add(out_usage, &message->usage);
    return message;
}

/* -- object -- */

const gchar *
kw_llm_client_get_model(KwLlmClient *self)
{
    return self->model;
}

const gchar *
kw_llm_client_get_request_id(KwLlmClient *self)
{
    return self->request_id;
}

gint64
kw_llm_client_get_spent_until_us(KwLlmClient *self)
{
    return self->spent_until_us;
}

void
kw_llm_client_set_renewal(KwLlmClient *self, KwLlmKeyFunc func, gpointer user_data)
{
    g_return_if_fail(KW_IS_LLM_CLIENT(self));

    self->renew = func;
    self->renew_data = user_data;
}

void
kw_llm_client_set_account(KwLlmClient *self,
                          KwLlmAccount *account,
                          KwLlmTokenFunc func,
                          gpointer user_data)
{
    g_return_if_fail(KW_IS_LLM_CLIENT(self) && KW_IS_LLM_ACCOUNT(account) && func != NULL);

    (void) g_set_object(&self->account, account);
    self->token_func = func;
    self->token_data = user_data;
}

KwLlmClient *
kw_llm_client_new(KwHttp *http, KwClock *clock, const KwLlmEndpoint *endpoint)
{
    KwLlmClient *self;

    g_return_val_if_fail(KW_IS_HTTP(http) && KW_IS_CLOCK(clock), NULL);
    g_return_val_if_fail(endpoint != NULL, NULL);

    self = g_object_new(KW_TYPE_LLM_CLIENT, NULL);
    self->http = g_object_ref(http);
    self->clock = g_object_ref(clock);
    self->provider = endpoint->provider;
    self->base_url = g_strdup(endpoint->base_url != NULL ? endpoint->base_url : "");
    self->region = g_strdup(endpoint->region);
    self->project = g_strdup(endpoint->project);
    if (endpoint->key != NULL)
        take_key(self, endpoint->key);
    self->model = g_strdup(endpoint->model);
    self->fallback = g_strdup(endpoint->fallback);
    self->max_tokens = endpoint->max_tokens;
    self->first_ms = endpoint->first_ms;
    self->idle_ms = endpoint->idle_ms;
    return self;
}

static void
kw_llm_client_finalize(GObject *object)
{
    KwLlmClient *self = KW_LLM_CLIENT(object);

    if (self->key_header != NULL)
        explicit_bzero(self->key_header, strlen(self->key_header));
    g_free(self->key_header);
    g_free(self->base_url);
    g_free(self->region);
    g_free(self->project);
    g_free(self->model);
    g_free(self->fallback);
    g_clear_object(&self->account);
    g_clear_object(&self->http);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_llm_client_parent_class)->finalize(object);
}

static void
kw_llm_client_class_init(KwLlmClientClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_llm_client_finalize;
}

static void
kw_llm_client_init(KwLlmClient *self)
{
}
