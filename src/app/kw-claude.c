/* kw-claude.c: [claude] of the configuration, key and table of models put together
 *
 * A model whose price is not known is a fault of the configuration: its budget could not be
 * kept. A key that cannot be read is none: trading does not wait for a language model. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-claude.h"

#include "kw-address.h"
#include "kw-error.h"
#include "kw-version.h"

#include <gio/gio.h>
#include <string.h>

#define SECTION "claude"
#define FIRST_MS 4500 /* a reply is due within five seconds, whoever gives it */
#define IDLE_MS 5000
#define SLOW_US (3 * G_GINT64_CONSTANT(1000000))

static const gchar *
get_text(const KwSettings *settings, const gchar *key)
{
    return kw_config_get_string(settings->bot, SECTION, key);
}

static gchar *
load_resource(const gchar *path)
{
    g_autoptr(GBytes) bytes = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    g_return_val_if_fail(bytes != NULL, NULL);

    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static gboolean
load_models(KwClaude *self, const KwSettings *settings, GError **error)
{
    const gchar *path = get_text(settings, "models");
    g_autofree gchar *text = NULL;

    if (*path == '\0')
        text = load_resource("/kurswart/claude-models.conf");
    else if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    self->models = kw_llm_model_table_parse(text, error);
    return self->models != NULL;
}

static gboolean
check_model(KwClaude *self, const gchar *key, const gchar *id, GError **error)
{
    if (kw_llm_model_table_find(self->models, id) != NULL)
        return TRUE;
    g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
                "[claude] %s: the table of models has no price for \"%s\"", key, id);
    return FALSE;
}

static gboolean
check_endpoint(const KwLlmEndpoint *endpoint, GError **error)
{
    const gchar *url = endpoint->base_url;
    gboolean is_vertex = endpoint->provider == KW_LLM_PROVIDER_VERTEX;

    if (*url != '\0' && !kw_address_is_private(url)) {
        g_set_error_literal(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
                            "[claude] base_url: https, or http to this machine");
        return FALSE;
    }
    if (is_vertex && (*endpoint->project == '\0' || *endpoint->region == '\0')) {
        g_set_error_literal(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
                            "[claude] vertex_project and vertex_region are needed");
        return FALSE;
    }
    return TRUE;
}

/* Nano-dollars */
static gint64
get_budget(const KwSettings *settings, const gchar *key)
{
    KwDecimal dollars = kw_config_get_decimal(settings->bot, SECTION, key);

    (void) kw_decimal_rescale(dollars, 9, KW_ROUND_DOWN, &dollars, NULL);
    return dollars.mant;
}

/* No secret of the bot goes into a prompt or the audit trail, whoever it belongs to. */
static void
mask_secrets(const KwSettings *settings, KwLog *log)
{
    static const gchar *const names[] = {KW_VAULT_CLAUDE_KEY,     KW_VAULT_KRAKEN_KEY,
                                         KW_VAULT_KRAKEN_SECRET,  KW_VAULT_MT5_TOKEN,
                                         KW_VAULT_TELEGRAM_TOKEN, KW_VAULT_VERTEX_ACCOUNT,
                                         KW_VAULT_VERTEX_TOKEN};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(KwSecret) secret = kw_vault_load(settings->vault, names[i], NULL);

        if (secret != NULL)
            kw_log_add_secret(log, secret);
    }
}

static gboolean
is_vertex(const KwSettings *settings)
{
    return kw_config_get_choice(settings->bot, SECTION, "provider") == KW_LLM_PROVIDER_VERTEX;
}

static KwSecret *
load_key(const KwSettings *settings, const gchar *name)
{
    g_autoptr(GError) error = NULL;
    KwSecret *key = kw_vault_load(settings->vault, name, &error);

    if (error != NULL && !g_error_matches(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT))
        kw_log_critical("no language model: its key cannot be read", "KW_ERROR",
                        error->message);
    return key;
}

/* A header is made of it. */
static gboolean
is_usable(const KwSecret *key)
{
    gsize length;
    const gchar *bytes = kw_secret_get_bytes(key, &length);

    for (gsize i = 0; i < length; i++)
        if (bytes[i] <= ' ' || bytes[i] > '~') {
            kw_log_critical("no language model: its key has characters that no key has");
            return FALSE;
        }
    return TRUE;
}

/* A service account of Vertex, or else a key. Returns: FALSE when there is neither */
static gboolean
load_access(const KwSettings *settings, KwSecret **out_account, KwSecret **out_key)
{
    if (is_vertex(settings))
        *out_account = load_key(settings, KW_VAULT_VERTEX_ACCOUNT);
    if (*out_account != NULL)
        return TRUE;
    *out_key =
        load_key(settings, is_vertex(settings) ? KW_VAULT_VERTEX_TOKEN : KW_VAULT_CLAUDE_KEY);
    return *out_key != NULL && is_usable(*out_key);
}

/* A token of Vertex lasts an hour: whoever makes them writes each into the same file. */
static KwSecret *
renew_token(gpointer user_data)
{
    KwClaude *self = user_data;
    g_autoptr(KwSecret) token =
        kw_vault_load_newer(self->vault, KW_VAULT_VERTEX_TOKEN, &self->token_us);

    if (token == NULL || !is_usable(token))
        return NULL;
    kw_log_add_secret(self->log, token);
    return g_steal_pointer(&token);
}

static gboolean
connect_client(KwClaude *self, const KwSettings *settings, const KwSecret *key, GError **error)
{
    KwLlmEndpoint endpoint = {
        .provider = (KwLlmProvider) kw_config_get_choice(settings->bot, SECTION, "provider"),
        .base_url = get_text(settings, "base_url"),
        .project = get_text(settings, "vertex_project"),
        .region = get_text(settings, "vertex_region"),
        .key = key,
        .model = get_text(settings, "model"),
        .fallback = get_text(settings, "fallback_model"),
        .max_tokens = (guint) kw_config_get_int(settings->bot, SECTION, "max_tokens"),
        .first_ms = FIRST_MS,
        .idle_ms = IDLE_MS,
    };

    if (!check_endpoint(&endpoint, error) ||
        !check_model(self, "model", endpoint.model, error) ||
        (*endpoint.fallback != '\0' &&
         !check_model(self, "fallback_model", endpoint.fallback, error)))
        return FALSE;
    self->http = kw_http_new("kurswart/" KW_VERSION, NULL);
    self->client = kw_llm_client_new(self->http, self->clock, &endpoint);
    if (endpoint.provider == KW_LLM_PROVIDER_VERTEX && self->vault != NULL)
        kw_llm_client_set_renewal(self->client, renew_token, self);
    return TRUE;
}

static void
on_token(const KwSecret *token, gpointer user_data)
{
    kw_log_add_secret(((KwClaude *) user_data)->log, token);
}

/* A key file that is of no use is like a key that cannot be read: no model, and trading goes
 * on. */
static gboolean
use_account(KwClaude *self, const KwSecret *file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLlmAccount) account = kw_llm_account_new(file, self->http, self->clock, &error);

    if (account == NULL) {
        kw_log_critical("no language model: its key cannot be used", "KW_ERROR",
                        error->message);
        return FALSE;
    }
    kw_llm_client_set_renewal(self->client, NULL, NULL);
    kw_llm_client_set_account(self->client, account, on_token, self);
    return TRUE;
}

KwClaude *
kw_claude_new(const KwSettings *settings, KwLog *log, const KwSecret *own_key, GError **error)
{
    g_autoptr(KwClaude) self = NULL;
    g_autoptr(KwSecret) stored = NULL;
    g_autoptr(KwSecret) account = NULL;
    const KwSecret *key = own_key;

    g_return_val_if_fail(settings != NULL && log != NULL, NULL);

    mask_secrets(settings, log);
    if (key == NULL && !load_access(settings, &account, &stored))
        return NULL;
    if (stored != NULL)
        key = stored;
    if (key != NULL)
        kw_log_add_secret(log, key);
    self = g_new0(KwClaude, 1);
    self->log = log;
    self->vault = own_key == NULL ? settings->vault : NULL; /* a key of one's own stays */
    self->clock = KW_CLOCK(kw_system_clock_new());
    self->redactor = kw_log_get_redactor(log);
    self->prompt = load_resource("/kurswart/prompts/analyst-de.txt");
    self->limits = (KwLlmBudget){.day_limit = get_budget(settings, "budget_day"),
                                 .month_limit = get_budget(settings, "budget_month")};
    self->night_prompt = load_resource("/kurswart/prompts/outlook-de.txt");
    self->night_minute = kw_config_get_minute(settings->bot, SECTION, "outlook_time");
    self->slow_us = SLOW_US;
    self->message_tokens = kw_config_get_int(settings->bot, SECTION, "message_tokens");
    if (!load_models(self, settings, error) || !connect_client(self, settings, key, error))
        return NULL;
    if (account != NULL && !use_account(self, account))
        return NULL;
    return g_steal_pointer(&self);
}

void
kw_claude_free(KwClaude *self)
{
    if (self == NULL)
        return;
    if (self->client != NULL)
        kw_llm_client_set_renewal(self->client, NULL, NULL);
    g_clear_object(&self->client);
    g_clear_object(&self->http);
    g_clear_object(&self->clock);
    g_clear_pointer(&self->models, kw_llm_model_table_free);
    g_free(self->prompt);
    g_free(self->night_prompt);
    g_free(self);
}
