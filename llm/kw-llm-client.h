/* kw-llm-client.h: requests to the Messages API, with a deadline and a few second tries */
#pragma once

#include "kw-clock.h"
#include "kw-http.h"
#include "kw-llm-account.h"
#include "kw-llm-message.h"
#include "kw-secret.h"

G_BEGIN_DECLS

#define KW_LLM_BASE_URL "https://api.anthropic.com"

typedef enum {
    KW_LLM_PROVIDER_DIRECT, /* the vendor's own API: x-api-key */
    KW_LLM_PROVIDER_VERTEX, /* Google's: bearer token, model in the URL */
} KwLlmProvider;

/**
 * KwLlmEndpoint: copied by the client
 * @base_url: without a slash at the end; "" = the provider's own
 * @region, @project: of Vertex
 * @key: (nullable): API key or bearer token; %NULL when there will be an account
 * @model: id; @fallback: (nullable): taken instead when the vendor does not know @model any
 * more
 * @first_ms: until the answer begins; so long is nobody kept waiting for nothing
 * @idle_ms: without a byte in the middle of an answer
 */
typedef struct {
    KwLlmProvider provider;
    const gchar *base_url;
    const gchar *region, *project;
    const KwSecret *key;
    const gchar *model, *fallback;
    guint max_tokens;
    guint first_ms, idle_ms;
} KwLlmEndpoint;

/**
 * KwLlmRequest: borrowed until kw_llm_client_ask_async() returns
 * @system: the same for every request, so that the vendor can cache it
 * @tools: (nullable): the same for every request
 * @messages: begins and ends with one of role "user"
 * @may_call: FALSE: words only, although @tools are shown
 * @takes_sampling: the model can be asked to be as repeatable as it can
 * @until_us: monotonic time of the clock by which the answer is whole
 */
typedef struct {
    const gchar *system;
    JsonArray *tools;
    JsonArray *messages;
    gboolean may_call;
    gboolean takes_sampling;
    gint64 until_us;
} KwLlmRequest;

#define KW_TYPE_LLM_CLIENT (kw_llm_client_get_type())
G_DECLARE_FINAL_TYPE(KwLlmClient, kw_llm_client, KW, LLM_CLIENT, GObject)

/* Returns: (transfer full). @clock is the real one: the vendor does not live in market time. */
KwLlmClient *kw_llm_client_new(KwHttp *http, KwClock *clock, const KwLlmEndpoint *endpoint);

/* Returns: (transfer full) (nullable): a key that is newer than the last; %NULL: none is */
typedef KwSecret *(*KwLlmKeyFunc)(gpointer user_data);

/* @func: (nullable): asked before each request, for keys that do not last, like Vertex tokens
 */
void kw_llm_client_set_renewal(KwLlmClient *self, KwLlmKeyFunc func, gpointer user_data);

/* A token that was just got, to be masked from now on */
typedef void (*KwLlmTokenFunc)(const KwSecret *token, gpointer user_data);

/* @account: a reference is kept: gives the tokens in place of the key; @func hears of each one.
 */
void kw_llm_client_set_account(KwLlmClient *self,
                               KwLlmAccount *account,
                               KwLlmTokenFunc func,
                               gpointer user_data);

/* The model that the next request is for: the configured one, or the fallback once that was
 * needed */
const gchar *kw_llm_client_get_model(KwLlmClient *self);

/* As the vendor names the request that ended last, for its support and the audit trail; "" if
 * it did not
 */
const gchar *kw_llm_client_get_request_id(KwLlmClient *self);

/* When the vendor's monthly limit ends (UTC, wall clock), or 0 when it is not reached */
gint64 kw_llm_client_get_spent_until_us(KwLlmClient *self);

/* Requests may run side by side. */
void kw_llm_client_ask_async(KwLlmClient *self,
                             const KwLlmRequest *request,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/**
 * kw_llm_client_ask_finish:
 * @out_usage: (out caller-allocates): what was counted, also of a failure
 *
 * Returns: (transfer full): %NULL with a #KwLlmError; of its message nothing is the vendor's
 */
KwLlmMessage *kw_llm_client_ask_finish(KwLlmClient *self,
                                       GAsyncResult *result,
                                       KwLlmUsage *out_usage,
                                       GError **error);

/* (transfer full): what is sent, for tests and golden files */
gchar *kw_llm_client_build_body(KwLlmClient *self, const KwLlmRequest *request);

G_END_DECLS
