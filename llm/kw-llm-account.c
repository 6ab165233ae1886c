/* kw-llm-account.c: a signed request for a token, and the token for as long as it lasts
 *
 * A service account has a key pair instead of a token: who signs a short JSON web token (RFC
 * 7523, RS256) with the private key gets an access token for an hour. It is kept until a minute
 * before its end, so that no request travels with one that ends on the way.
 *
 * The signature is libcrypto's: libcurl has it in the process already, and its headers come
 * with libcurl's, so nothing new is installed. GnuTLS does the same with a package more;
 * Nettle and libgcrypt have RSA, but do not read the PEM file that the key comes in. */
#include "kw-llm-account.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-redact.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#define SCOPE "https://www.googleapis.com/auth/cloud-platform"
#define GRANT "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
#define LIFE_S 3600
#define EARLY_US (60 * G_GINT64_CONSTANT(1000000)) /* so long before its end it is not used */
#define MAX_BODY 65536
#define CONNECT_MS 4000
#define MAX_TOKEN 8192

struct _KwLlmAccount {
    GObject parent_instance;

    KwHttp *http;            /* owned */
    KwClock *clock;          /* owned; real time */
    gchar *email, *uri, *id; /* owned; the id of the key may be NULL */
    EVP_PKEY *key;           /* owned */
    KwSecret *token;         /* owned; NULL: none yet */
    gint64 until_us;         /* monotonic: end of the token */
};

G_DEFINE_FINAL_TYPE(KwLlmAccount, kw_llm_account, G_TYPE_OBJECT)

static gboolean
fail(GError **error, KwLlmError code, const gchar *why)
{
    g_set_error(error, KW_LLM_ERROR, (gint) code, "service account of Vertex: %s", why);
    return FALSE;
}

/* -- the key file -- */

static EVP_PKEY *
read_key(const gchar *pem, GError **error)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *) "") : NULL;

    BIO_free(bio);
    if (key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
        EVP_PKEY_get_bits(key) >= 2048)
        return key;
    EVP_PKEY_free(key);
    (void) fail(error, KW_LLM_ERROR_KEY, "private_key is no RSA key of at least 2048 bits");
    return NULL;
}

/* The key goes there signed only, but the token comes from there. */
static gboolean
is_safe_uri(const gchar *uri)
{
    return g_str_has_prefix(uri, "https://") || g_str_has_prefix(uri, "http://127.0.0.1:") ||
           g_str_has_prefix(uri, "http://localhost:");
}

static gboolean
read_file(KwLlmAccount *self, JsonObject *file, GError **error)
{
    const gchar *email, *pem, *uri, *id;

    if (!kw_json_get_string(file, "client_email", &email, NULL) || *email == '\0')
        return fail(error, KW_LLM_ERROR_KEY, "the key file has no client_email");
    if (!kw_json_get_string(file, "private_key", &pem, NULL))
        return fail(error, KW_LLM_ERROR_KEY, "the key file has no private_key");
    if (!kw_json_get_string(file, "token_uri", &uri, NULL) || !is_safe_uri(uri))
        return fail(error, KW_LLM_ERROR_KEY, "the key file has no token_uri with https");
    self->email = g_strdup(email);
    self->uri = g_strdup(uri);
    if (kw_json_get_string(file, "private_key_id", &id, NULL))
        self->id = g_strdup(id);
    self->key = read_key(pem, error);
    return self->key != NULL;
}

KwLlmAccount *
kw_llm_account_new(const KwSecret *key_file, KwHttp *http, KwClock *clock, GError **error)
{
    g_autoptr(KwLlmAccount) self = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *file;
    gsize length = 0;
    const gchar *bytes;

    g_return_val_if_fail(key_file != NULL && KW_IS_HTTP(http) && KW_IS_CLOCK(clock), NULL);

    self = g_object_new(KW_TYPE_LLM_ACCOUNT, NULL);
    self->http = g_object_ref(http);
    self->clock = g_object_ref(clock);
    bytes = kw_secret_get_bytes(key_file, &length);
    root = kw_json_parse_text(bytes, (gssize) length, NULL); /* its error might quote the key */
    file = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    if (file == NULL) {
        (void) fail(error, KW_LLM_ERROR_KEY, "the key file is no JSON object");
        return NULL;
    }
    return read_file(self, file, error) ? g_steal_pointer(&self) : NULL;
}

/* -- the assertion -- */

static void
append_base64url(GString *out, const guchar *bytes, gsize length)
{
    g_autofree gchar *text = g_base64_encode(bytes, length);

    for (const gchar *p = text; *p != '\0' && *p != '='; p++)
        g_string_append_c(out, *p == '+' ? '-' : *p == '/' ? '_' : *p);
}

static void
append_json(GString *out, JsonBuilder *builder)
{
    g_autofree gchar *text = kw_json_builder_to_text(builder);

    append_base64url(out, (const guchar *) text, strlen(text));
}

static void
append_header(GString *out, const KwLlmAccount *self)
{
    g_autoptr(JsonBuilder) header = json_builder_new();

    json_builder_begin_object(header);
    kw_json_add_string(header, "alg", "RS256");
    kw_json_add_string(header, "typ", "JWT");
    if (self->id != NULL)
        kw_json_add_string(header, "kid", self->id);
    json_builder_end_object(header);
    append_json(out, header);
}

static void
append_claims(GString *out, const KwLlmAccount *self)
{
    g_autoptr(JsonBuilder) claims = json_builder_new();
    gint64 now_s = kw_clock_now_us(self->clock) / G_USEC_PER_SEC;

    json_builder_begin_object(claims);
    kw_json_add_string(claims, "iss", self->email);
    kw_json_add_string(claims, "scope", SCOPE);
    kw_json_add_string(claims, "aud", self->uri);
    kw_json_add_int(claims, "iat", now_s);
    kw_json_add_int(claims, "exp", now_s + LIFE_S);
    json_builder_end_object(claims);
    append_json(out, claims);
}

static gboolean
append_signature(GString *out, EVP_PKEY *key)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    g_autofree guchar *signature = NULL;
    size_t length = (size_t) EVP_PKEY_get_size(key);
    gboolean is_signed;

    signature = g_malloc(length);
    is_signed =
        context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(context, signature, &length, (const guchar *) out->str, out->len) == 1;
    EVP_MD_CTX_free(context);
    if (!is_signed)
        return FALSE;
    g_string_append_c(out, '.');
    append_base64url(out, signature, length);
    return TRUE;
}

gchar *
kw_llm_account_build_assertion(KwLlmAccount *self, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_return_val_if_fail(KW_IS_LLM_ACCOUNT(self), NULL);

    append_header(out, self);
    g_string_append_c(out, '.');
    append_claims(out, self);
    if (append_signature(out, self->key))
        return g_string_free(g_steal_pointer(&out), FALSE);
    (void) fail(error, KW_LLM_ERROR_KEY, "the request for a token cannot be signed");
    return NULL;
}

/* -- the token -- */

const KwSecret *
kw_llm_account_get_token(KwLlmAccount *self)
{
    g_return_val_if_fail(KW_IS_LLM_ACCOUNT(self), NULL);

    if (kw_clock_monotonic_us(self->clock) >= self->until_us - EARLY_US)
        return NULL;
    return self->token;
}

void
kw_llm_account_forget(KwLlmAccount *self)
{
    g_return_if_fail(KW_IS_LLM_ACCOUNT(self));

    g_clear_pointer(&self->token, kw_secret_free);
}

/* Why it was refused, in our words: theirs may quote what was sent. */
static const gchar *
word_refusal(const KwHttpResponse *response)
{
    static const struct {
        const gchar *code, *words;
    } rows[] = {
        {"invalid_grant", "the token endpoint refuses the signature: the key was withdrawn, or "
                          "this machine's clock is wrong"},
        {"invalid_client", "the token endpoint does not know the account"},
        {"unauthorized_client", "the token endpoint does not let this account in"},
        {"invalid_scope", "the account may not use Vertex"},
    };
    g_autoptr(JsonNode) root = kw_json_parse(response->body, NULL);
    JsonObject *body = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    const gchar *code = "";

    if (body != NULL)
        (void) kw_json_get_string(body, "error", &code, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(code, rows[i].code) == 0)
            return rows[i].words;
    return "the token endpoint refuses the request";
}

static gboolean
is_token(const gchar *text)
{
    gsize length = strlen(text);

    if (length < KW_REDACT_MIN_SECRET || length > MAX_TOKEN)
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~') /* a header is made of it */
            return FALSE;
    return TRUE;
}

static gboolean
take_token(KwLlmAccount *self, const KwHttpResponse *response, GError **error)
{
    g_autoptr(JsonNode) root = kw_json_parse(response->body, NULL);
    JsonObject *body = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    const gchar *token;
    gint64 life_s;

    if (response->status == 429 || response->status >= 500)
        return fail(error, KW_LLM_ERROR_UNAVAILABLE, "the token endpoint is out of order");
    if (response->status < 200 || response->status > 299)
        return fail(error, KW_LLM_ERROR_KEY, word_refusal(response));
    if (body == NULL || !kw_json_get_string(body, "access_token", &token, NULL) ||
        !is_token(token) || !kw_json_get_int(body, "expires_in", &life_s, NULL) || life_s < 1 ||
        life_s > 24 * LIFE_S)
        return fail(error, KW_LLM_ERROR_UNAVAILABLE, "the token endpoint gave no token");
    kw_llm_account_forget(self);
    self->token = kw_secret_new(token, strlen(token));
    self->until_us = kw_clock_monotonic_us(self->clock) + life_s * G_USEC_PER_SEC;
    return TRUE;
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    KwLlmAccount *self = g_task_get_source_object(task);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);

    if (response == NULL) {
        g_clear_error(&error);
        (void) fail(&error, KW_LLM_ERROR_UNAVAILABLE, "the token endpoint cannot be reached");
    }
    if (response != NULL && take_token(self, response, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, g_steal_pointer(&error));
}

void
kw_llm_account_renew_async(KwLlmAccount *self,
                           guint timeout_ms,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
    static const gchar *const headers[] = {"content-type: application/x-www-form-urlencoded",
                                           NULL};
    g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = NULL;
    gchar *assertion = kw_llm_account_build_assertion(self, &error), *form;
    KwHttpRequest request = {
        .method = "POST",
        .url = self->uri,
        .headers = headers,
        .max_bytes = MAX_BODY,
        .connect_ms = CONNECT_MS,
        .timeout_ms = timeout_ms,
        .reuse = KW_HTTP_REUSE,
    };

    g_task_set_source_tag(task, kw_llm_account_renew_async);
    if (assertion == NULL) {
        g_task_return_error(task, g_steal_pointer(&error));
        return;
    }
    form = g_strconcat("grant_type=" GRANT "&assertion=", assertion, NULL);
    explicit_bzero(assertion, strlen(assertion));
    g_free(assertion);
    body = g_bytes_new_take(form, strlen(form));
    request.body = body;
    kw_http_send_async(self->http, &request, cancellable, on_answer, g_steal_pointer(&task));
}

const KwSecret *
kw_llm_account_renew_finish(KwLlmAccount *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_boolean(G_TASK(result), error) ? self->token : NULL;
}

/* -- object -- */

static void
kw_llm_account_finalize(GObject *object)
{
    KwLlmAccount *self = KW_LLM_ACCOUNT(object);

    g_clear_object(&self->http);
    g_clear_object(&self->clock);
    g_free(self->email);
    g_free(self->uri);
    g_free(self->id);
    EVP_PKEY_free(self->key);
    g_clear_pointer(&self->token, kw_secret_free);

    G_OBJECT_CLASS(kw_llm_account_parent_class)->finalize(object);
}

static void
kw_llm_account_class_init(KwLlmAccountClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_llm_account_finalize;
}

static void
kw_llm_account_init(KwLlmAccount *self)
{
}
