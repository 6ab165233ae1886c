/* test-llm-account.c: tokens of a service account, from an endpoint on loopback */
#include "kw-error.h"
#include "kw-fake-claude.h"
#include "kw-json.h"
#include "kw-llm-client.h"
#include "kw-test.h"

#include <gio/gio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

typedef struct {
    GMainLoop *loop;
    KwFakeClaude *endpoint, *vendor;
    KwHttp *http;
    KwFakeClock *clock;
    EVP_PKEY *key;
    KwLlmAccount *account;
    GError *error;
    gchar *token; /* of the last renewal, NULL when it failed */
    guint n_tokens;
} Fixture;

/* JSON of a key file */
static gchar *
make_file(EVP_PKEY *key, const gchar *uri)
{
    BIO *bio = BIO_new(BIO_s_mem());
    g_autoptr(JsonBuilder) file = json_builder_new();
    g_autofree gchar *pem = NULL;
    char *data = NULL;
    long length;

    g_assert_cmpint(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), ==, 1);
    length = BIO_get_mem_data(bio, &data);
    pem = g_strndup(data, (gsize) length);
    BIO_free(bio);
    json_builder_begin_object(file);
    kw_json_add_string(file, "type", "service_account");
    kw_json_add_string(file, "client_email", "bot@p.iam.gserviceaccount.com");
    kw_json_add_string(file, "private_key_id", "kid-1");
    kw_json_add_string(file, "private_key", pem);
    kw_json_add_string(file, "token_uri", uri);
    json_builder_end_object(file);
    return kw_json_builder_to_text(file);
}

static KwLlmAccount *
open_account(Fixture *f, const gchar *file, GError **error)
{
    g_autoptr(KwSecret) secret = kw_secret_new(file, strlen(file));

    return kw_llm_account_new(secret, f->http, KW_CLOCK(f->clock), error);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *file = NULL;
    g_autoptr(GError) error = NULL;

    f->loop = g_main_loop_new(NULL, FALSE);
    f->endpoint = kw_fake_claude_new();
    f->vendor = kw_fake_claude_new();
    f->http = kw_http_new("kurswart-test", NULL);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->key = EVP_RSA_gen(2048);
    g_assert_nonnull(f->key);
    file = make_file(f->key, kw_fake_claude_get_url(f->endpoint));
    f->account = open_account(f, file, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    g_clear_object(&f->account);
    EVP_PKEY_free(f->key);
    kw_fake_claude_free(f->endpoint);
    kw_fake_claude_free(f->vendor);
    g_object_unref(f->http);
    g_object_unref(f->clock);
    g_clear_error(&f->error);
    g_free(f->token);
    g_main_loop_unref(f->loop);
}

static guchar *
decode(const gchar *text, gsize *out_length)
{
    g_autoptr(GString) plain = g_string_new(text);

    (void) g_string_replace(plain, "-", "+", 0);
    (void) g_string_replace(plain, "_", "/", 0);
    while (plain->len % 4 != 0)
        g_string_append_c(plain, '=');
    return g_base64_decode(plain->str, out_length);
}

/* What stands in it, and that only the owner of the key can have signed it */
static void
check_assertion(Fixture *f, const gchar *assertion)
{
    g_auto(GStrv) parts = g_strsplit(assertion, ".", -1);
    g_autofree gchar *signed_text = NULL;
    g_autofree gchar *header = NULL;
    g_autofree gchar *claims = NULL;
    g_autofree guchar *signature = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    gsize length;

    g_assert_cmpuint(g_strv_length(parts), ==, 3);
    header = (gchar *) decode(parts[0], &length);
    g_assert_nonnull(strstr(header, "\"RS256\""));
    g_assert_nonnull(strstr(header, "\"kid-1\""));
    claims = (gchar *) decode(parts[1], &length);
    g_assert_nonnull(strstr(claims, "\"iss\":\"bot@p.iam.gserviceaccount.com\""));
    g_assert_nonnull(strstr(claims, "cloud-platform"));
    g_assert_nonnull(strstr(claims, "\"iat\":1773235800"));
    g_assert_nonnull(strstr(claims, "\"exp\":1773239400"));
    signature = decode(parts[2], &length);
    signed_text = g_strdup_printf("%s.%s", parts[0], parts[1]);
    g_assert_cmpint(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, f->key), ==, 1);
    g_assert_cmpint(EVP_DigestVerify(context, signature, length, (const guchar *) signed_text,
                                     strlen(signed_text)),
                    ==, 1);
    signed_text[5] ^= 1;
    g_assert_cmpint(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, f->key), ==, 1);
    g_assert_cmpint(EVP_DigestVerify(context, signature, length, (const guchar *) signed_text,
                                     strlen(signed_text)),
                    !=, 1);
    EVP_MD_CTX_free(context);
}

static void
on_renewed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;
    const KwSecret *token;

    g_clear_error(&f->error);
    g_clear_pointer(&f->token, g_free);
    token = kw_llm_account_renew_finish(KW_LLM_ACCOUNT(source), result, &f->error);
    if (token != NULL)
        f->token = g_strdup(kw_secret_get_bytes(token, NULL));
    g_main_loop_quit(f->loop);
}

static void
renew(Fixture *f)
{
    kw_llm_account_renew_async(f->account, 2000, NULL, on_renewed, f);
    g_main_loop_run(f->loop);
}

static void
push_token(Fixture *f, const gchar *token)
{
    g_autofree gchar *body = g_strdup_printf(
        "{\"access_token\":\"%s\",\"expires_in\":3599,\"token_type\":\"Bearer\"}", token);

    kw_fake_claude_push_status(f->endpoint, 200, body, NULL);
}

/* A signed request gives a token, which counts until a minute before its end. */
static void
test_token(Fixture *f, gconstpointer unused)
{
    const gchar *form;

    push_token(f, "ya29.first-token");
    g_assert_null(kw_llm_account_get_token(f->account));
    renew(f);
    g_assert_no_error(f->error);
    g_assert_cmpstr(f->token, ==, "ya29.first-token");
    form = kw_fake_claude_get_body(f->endpoint, 0);
    g_assert_true(g_str_has_prefix(
        form, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="));
    check_assertion(f, strstr(form, "assertion=") + strlen("assertion="));

    kw_fake_clock_advance(f->clock, 3530 * G_TIME_SPAN_SECOND);
    g_assert_nonnull(kw_llm_account_get_token(f->account));
    kw_fake_clock_advance(f->clock, 10 * G_TIME_SPAN_SECOND);
    g_assert_null(kw_llm_account_get_token(f->account));
}

/* Each refusal is named in our own words; nothing of theirs comes through. */
static void
test_refusals(Fixture *f, gconstpointer unused)
{
    static const struct {
        guint status;
        const gchar *body, *words;
        KwLlmError code;
    } rows[] = {
        {400, "{\"error\":\"invalid_grant\",\"error_description\":\"Canary\"}",
         "clock is wrong", KW_LLM_ERROR_KEY},
        {401, "{\"error\":\"invalid_client\"}", "does not know the account", KW_LLM_ERROR_KEY},
        {403, "<html>Canary</html>", "refuses the request", KW_LLM_ERROR_KEY},
        {503, "Canary", "out of order", KW_LLM_ERROR_UNAVAILABLE},
        {429, "{}", "out of order", KW_LLM_ERROR_UNAVAILABLE},
        {200, "{\"access_token\":\"x\\ny_injected: 1\",\"expires_in\":3599}", "gave no token",
         KW_LLM_ERROR_UNAVAILABLE},
        {200, "{\"access_token\":\"ya29.token\",\"expires_in\":-1}", "gave no token",
         KW_LLM_ERROR_UNAVAILABLE},
        {200, "[]", "gave no token", KW_LLM_ERROR_UNAVAILABLE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        kw_fake_claude_push_status(f->endpoint, rows[i].status, rows[i].body, NULL);
        renew(f);
        g_test_message("%s", rows[i].body);
        g_assert_error(f->error, KW_LLM_ERROR, (gint) rows[i].code);
        g_assert_nonnull(strstr(f->error->message, rows[i].words));
        g_assert_null(strstr(f->error->message, "Canary"));
        g_assert_null(kw_llm_account_get_token(f->account));
    }
}

/* What is wrong with a key file is said without its content. */
static void
test_bad_files(Fixture *f, gconstpointer unused)
{
    EVP_PKEY *small = EVP_RSA_gen(1024);
    g_autofree gchar *weak = make_file(small, "https://oauth2.googleapis.com/token");
    g_autofree gchar *plain = make_file(f->key, "http://example.org/token");
    const struct {
        const gchar *file, *words;
    } rows[] = {
        {"", "no JSON"},
        {"[1]", "no JSON object"},
        {"{}", "client_email"},
        {"{\"client_email\":\"a\"}", "private_key"},
        {"{\"client_email\":\"a\",\"private_key\":\"Canary\"}", "token_uri"},
        {"{\"client_email\":\"a\",\"private_key\":\"Canary\",\"token_uri\":\"https://a\"}",
         "no RSA key"},
        {weak, "2048"},
        {plain, "https"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(open_account(f, rows[i].file, &error));
        g_assert_error(error, KW_LLM_ERROR, KW_LLM_ERROR_KEY);
        g_assert_nonnull(strstr(error->message, rows[i].words));
        g_assert_null(strstr(error->message, "Canary"));
    }
    EVP_PKEY_free(small);
}

static void
on_masked(const KwSecret *token, gpointer user_data)
{
    g_assert_nonnull(token);
    ((Fixture *) user_data)->n_tokens++;
}

static void
on_asked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;
    KwLlmUsage usage;
    KwLlmMessage *message;

    g_clear_error(&f->error);
    message = kw_llm_client_ask_finish(KW_LLM_CLIENT(source), result, &usage, &f->error);
    kw_llm_message_free(message);
    g_main_loop_quit(f->loop);
}

static void
ask(Fixture *f, KwLlmClient *client)
{
    g_autoptr(JsonNode) messages =
        kw_json_parse_text("[{\"role\":\"user\",\"content\":\"?\"}]", -1, NULL);
    KwLlmRequest request = {
        .system = "s",
        .messages = json_node_get_array(messages),
        .until_us = kw_clock_monotonic_us(KW_CLOCK(f->clock)) + 5 * G_USEC_PER_SEC,
    };

    kw_llm_client_ask_async(client, &request, on_asked, f);
    g_main_loop_run(f->loop);
}

/* A question gets itself a token, the next ones use it; one that the vendor refuses is got
 * anew, and without one nothing is sent to the vendor. */
static void
test_client(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *words = kw_fake_claude_say("Gut.");
    KwLlmEndpoint endpoint = {.provider = KW_LLM_PROVIDER_VERTEX,
                              .base_url = kw_fake_claude_get_url(f->vendor),
                              .project = "p",
                              .region = "eu",
                              .model = "m",
                              .max_tokens = 100,
                              .first_ms = 2000,
                              .idle_ms = 2000};
    g_autoptr(KwLlmClient) client = kw_llm_client_new(f->http, KW_CLOCK(f->clock), &endpoint);

    kw_llm_client_set_account(client, f->account, on_masked, f);
    push_token(f, "ya29.first-token");
    kw_fake_claude_push_message(f->vendor, words);
    kw_fake_claude_push_message(f->vendor, words);
    ask(f, client);
    g_assert_no_error(f->error);
    ask(f, client);
    g_assert_no_error(f->error);
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "authorization"), ==,
                    "Bearer ya29.first-token");
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->endpoint), ==, 1);
    g_assert_cmpuint(f->n_tokens, ==, 1);

    kw_fake_claude_push_status(f->vendor, 401, "{}", NULL);
    ask(f, client);
    g_assert_error(f->error, KW_LLM_ERROR, KW_LLM_ERROR_KEY);
    push_token(f, "ya29.second-token");
    kw_fake_claude_push_message(f->vendor, words);
    ask(f, client);
    g_assert_no_error(f->error);
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "authorization"), ==,
                    "Bearer ya29.second-token");

    kw_fake_clock_advance(f->clock, 3600 * G_TIME_SPAN_SECOND);
    kw_fake_claude_push_status(f->endpoint, 400, "{\"error\":\"invalid_grant\"}", NULL);
    ask(f, client);
    g_assert_error(f->error, KW_LLM_ERROR, KW_LLM_ERROR_KEY);
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 4);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/llm/account/token", test_token);
    ADD("/llm/account/refusals", test_refusals);
    ADD("/llm/account/bad-files", test_bad_files);
    ADD("/llm/account/client", test_client);
    return g_test_run();
}
