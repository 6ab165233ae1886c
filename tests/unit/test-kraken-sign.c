/* test-kraken-sign.c: every vector of the fixtures, and keys that are none */
#include "kw-error.h"
#include "kw-json.h"
#include "kw-kraken-sign.h"
#include "kw-test.h"

#include <string.h>

static void
check_vector(JsonObject *row)
{
    const gchar *id, *path, *nonce, *body, *key, *expected;
    g_autoptr(KwSecret) secret = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree gchar *sign = NULL;

    g_assert_true(kw_json_get_string(row, "id", &id, NULL));
    g_assert_true(kw_json_get_string(row, "path", &path, NULL));
    g_assert_true(kw_json_get_string(row, "nonce", &nonce, NULL));
    g_assert_true(kw_json_get_string(row, "body", &body, NULL));
    g_assert_true(kw_json_get_string(row, "secret", &key, NULL));
    g_assert_true(kw_json_get_string(row, "api_sign", &expected, NULL));
    g_test_message("%s", id);
    secret = kw_secret_new(key, strlen(key));
    sign = kw_kraken_sign(path, nonce, body, secret, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sign, ==, expected);
}

static void
test_vectors(void)
{
    g_autofree gchar *path = kw_test_fixture_path("kraken/sign_vectors.json");
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonArray *vectors = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    root = kw_json_parse_text(text, -1, NULL);
    g_assert_nonnull(root);
    g_assert_true(
        kw_json_get_array(kw_json_root_object(root, NULL), "vectors", &vectors, NULL));
    g_assert_cmpuint(json_array_get_length(vectors), >=, 11);
    for (guint i = 0; i < json_array_get_length(vectors); i++)
        check_vector(json_array_get_object_element(vectors, i));
}

static void
test_bad_keys(void)
{
    static const gchar *const keys[] = {"", "abc", "abc*", "ab cd123", "====", "a=bc"};

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autoptr(KwSecret) secret = kw_secret_new(keys[i], strlen(keys[i]));
        g_autoptr(GError) error = NULL;

        g_test_message("'%s'", keys[i]);
        g_assert_null(kw_kraken_sign("/0/private/Balance", "1", "nonce=1", secret, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
        g_assert_true(*keys[i] == '\0' || strstr(error->message, keys[i]) == NULL);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-sign/vectors", test_vectors);
    g_test_add_func("/exchange/kraken-sign/bad-keys", test_bad_keys);
    return g_test_run();
}
