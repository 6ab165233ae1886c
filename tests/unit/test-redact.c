/* test-redact.c: attacks on the redaction, and what it must leave readable */
#include "kw-redact.h"

#include <string.h>

/* made up; none of them opens anything */
#define KEY_B64                                                                                \
    "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
#define BOT "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

static void
test_attacks(void)
{
    static const struct {
        const gchar *text;
        const gchar *leak; /* must not be in the result */
    } rows[] = {
        {"Authorization: Bearer abc.def-123456", "abc.def"},
        {"authorization=\"Basic dXNlcjpwYXNz\"", "dXNlcjpwYXNz"},
        {"{\"Authorization\": \"Bearer tiny1234\"}", "tiny1234"},
        {"got bearer  Zm9vYmFyMTIz in reply", "Zm9vYmFyMTIz"},
        {"API-Key: abcdef", "abcdef"},
        {"API-Sign: " KEY_B64, "kQH5HW"},
        {"X-Api-Key:  v1-short", "v1-short"},
        {"apikey=hunter2&nonce=1", "hunter2"},
        {"{\"api_secret\":\"hunter2\",\"x\":1}", "hunter2"},
        {"password = 'hunter2'", "hunter2"},
        {"Passwort: hunter2", "hunter2"},
        {"TELEGRAM_TOKEN=hunter2", "hunter2"},
        {"client_secret_v2=hunter2;", "hunter2"},
        {"listenKey=pqia91ma19a5s61cv6a81va65sdf19v8", "pqia91ma"},
        {"https://api.telegram.org/bot" BOT "/getUpdates", "AAHdqTcv"},
        {"poll " BOT " failed", "AAHdqTcv"},
        {"line one\nBearer abcdefgh123", "abcdefgh123"},
        {"sk-ant-api03-abcDEF123456", "abcDEF"},
        {"key ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F"},
        {"secret is " KEY_B64 " ok", "kQH5HW"},
        {"xx" KEY_B64 "yy", "76sz84Q18f"},
        {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "c2lnbmF0"},
        {"-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIGl\n-----END EC PRIVATE KEY-----",
         "MHcCAQ"},
        {"ftp://me:hunter2@host/x", "hunter2"},
        {"https://:hunter2@host/x", "hunter2"},
        {"from +436641234567", "6641234567"},
        {"from +43 664 123 45 67.", "664 123"},
        {"from +49 (170) 1234567", "1234567"},
        {"url %2B436641234567", "6641234567"},
        {"0043664 1234567", "1234567"},
        {"call 0664 1234567 now", "1234567"},
        {"Cookie: session=hunter2; a=hunter3", "hunter3"},
        {"\xff\xfe token=hunter2 \xff", "hunter2"},
    };
    g_autoptr(KwRedactor) redactor = kw_redactor_new();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = kw_redactor_apply(redactor, rows[i].text);

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_nonnull(strstr(rows[i].text, rows[i].leak));
        g_assert_null(strstr(text, rows[i].leak));
        g_assert_nonnull(strstr(text, KW_REDACT_MARK));
    }
}

static void
test_leaves_readable(void)
{
    static const gchar *const rows[] = {
        "order refused pair=BTC/USDT price=63512.30 volume=0.00312500",
        "config 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "/usr/lib/x86_64-linux-gnu/Kurswart1/strategies/EmaCross/rsi_reversion.lua:12",
        "profit +1234567.89 USDT, +12345678,90 EUR",
        "at 2026-03-11T14:30:00.000Z 1773235800000000",
        "c0ffee00-1234-5678-9abc-def012345678",
        "secret file /etc/kurswart/key is empty",
        "used 1200 tokens of 5000",
        "0.12345678 0.000012345678",
        "10.11.2026 20:00:00 +0100",
        "volume 100000000 of 200000000",
    };
    g_autoptr(KwRedactor) redactor = kw_redactor_new();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = kw_redactor_apply(redactor, rows[i]);

        g_assert_cmpstr(text, ==, rows[i]);
    }
}

/* A value that looks like a word is masked once we know it, in each spelling. */
static void
test_added_values(void)
{
    static const gchar value[] = "gr\xc3\xbcner Tee+/=";
    static const gchar *const forms[] = {
        "x gr\xc3\xbcner Tee+/= y",
        "q=gr%C3%BCner%20Tee%2B%2F%3D",
        "b Z3LDvG5lciBUZWUrLz0=",
        "h 6772c3bc6e6572205465652b2f3d",
    };
    g_autoptr(KwRedactor) redactor = kw_redactor_new();
    g_autoptr(KwSecret) secret = kw_secret_new(value, sizeof value - 1);

    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autofree gchar *text = kw_redactor_apply(redactor, forms[i]);

        g_assert_cmpstr(text, ==, forms[i]);
    }
    kw_redactor_add(redactor, secret);
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autofree gchar *text = kw_redactor_apply(redactor, forms[i]);

        g_test_message("%s -> %s", forms[i], text);
        g_assert_nonnull(strstr(text, KW_REDACT_MARK));
        g_assert_cmpuint(strlen(text), <=, 7);
    }
}

static void
test_short_value(void)
{
    g_autoptr(KwRedactor) redactor = kw_redactor_new();
    g_autoptr(KwSecret) secret = kw_secret_new("er", 2);
    g_autofree gchar *text = NULL;

    kw_redactor_add(redactor, secret);
    text = kw_redactor_apply(redactor, "order");
    g_assert_cmpstr(text, ==, "order");
}

/* Property: a random key put anywhere between random words never comes out. */
static void
test_property(void)
{
    static const gchar letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    g_autoptr(KwRedactor) redactor = kw_redactor_new();

    for (guint i = 0; i < 2000; i++) {
        gsize len = (gsize) g_test_rand_int_range(56, 89);
        g_autoptr(GString) key = g_string_new("Aa1"); /* the classes are likely, not sure */
        g_autofree gchar *line = NULL;
        g_autofree gchar *text = NULL;

        while (key->len < len)
            g_string_append_c(key, letters[g_test_rand_int_range(0, 64)]);
        line = g_strdup_printf("answer %d: %s.", g_test_rand_int(), key->str);
        text = kw_redactor_apply(redactor, line);
        g_assert_null(strstr(text, key->str));
    }
}

/* A year of tokens: the keys stay, the newest tokens are masked, the memory is not filled. */
static void
test_renewed(void)
{
    g_autoptr(KwRedactor) redactor = kw_redactor_new();
    g_autoptr(KwSecret) first = kw_secret_new("the first key", 13);

    kw_redactor_add(redactor, first);
    for (guint i = 0; i < 9000; i++) {
        g_autofree gchar *text = g_strdup_printf("token number %05u", i);
        g_autofree gchar *old = g_strdup_printf("token number %05u ", i > 60 ? i - 46 : i);
        g_autoptr(KwSecret) token = kw_secret_new(text, strlen(text));

        kw_redactor_add(redactor, token);
        g_assert_true(kw_redactor_knows(redactor, text));
        g_assert_true(kw_redactor_knows(redactor, old));
        g_assert_true(kw_redactor_knows(redactor, "it is the first key"));
    }
    g_assert_false(kw_redactor_knows(redactor, "token number 08000 "));
}

/* Hostile input is no reason to be slow or to fail. */
static void
test_long_input(void)
{
    g_autoptr(KwRedactor) redactor = kw_redactor_new();
    static const gchar *const units[] = {"+1 ",     "token", "eyJ", "-----BEGIN ", "://a",
                                         "Bearer ", "=\"",   "a",   "0664 "};

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree gchar *out = NULL;

        while (text->len < 60000)
            g_string_append(text, units[i]);
        out = kw_redactor_apply(redactor, text->str);
        g_assert_nonnull(out);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/redact/attacks", test_attacks);
    g_test_add_func("/base/redact/leaves-readable", test_leaves_readable);
    g_test_add_func("/base/redact/added-values", test_added_values);
    g_test_add_func("/base/redact/short-value", test_short_value);
    g_test_add_func("/base/redact/property", test_property);
    g_test_add_func("/base/redact/renewed", test_renewed);
    g_test_add_func("/base/redact/long-input", test_long_input);
    return g_test_run();
}
