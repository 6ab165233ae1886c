/* test-log.c: lines on a descriptor, the ring of warnings, readers that go away */
#define G_LOG_DOMAIN "kw-test"

#include "kw-log.h"
#include "kw-test.h"

#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    gint fds[2];
    KwLog *log; /* owned */
} Fixture;

static void
fixture_init(Fixture *fixture, KwLogFormat format)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);

    g_assert_cmpint(pipe(fixture->fds), ==, 0);
    fixture->log = kw_log_new(KW_CLOCK(clock), fixture->fds[1], format, 3);
}

/* (transfer full): what was written since; ends the writing side */
static gchar *
fixture_finish(Fixture *fixture)
{
    gchar *text = g_malloc0(65536);
    gsize n = 0;
    gssize got;

    (void) close(fixture->fds[1]);
    while (n < 65535 && (got = read(fixture->fds[0], text + n, 65535 - n)) > 0)
        n += (gsize) got;
    (void) close(fixture->fds[0]);
    g_clear_pointer(&fixture->log, kw_log_free);
    return text;
}

static void
put(Fixture *fixture,
    GLogLevelFlags level,
    const gchar *message,
    const gchar *key,
    const gchar *value)
{
    GLogField fields[] = {
        {.key = "MESSAGE", .value = message, .length = -1},
        {.key = "GLIB_DOMAIN", .value = "kw-test", .length = -1},
        {.key = key, .value = value, .length = -1},
    };

    (void) kw_log_write(level, fields, key != NULL ? 3 : 2, fixture->log);
}

static void
test_text(void)
{
    Fixture fixture;
    g_autofree gchar *out = NULL;

    fixture_init(&fixture, KW_LOG_FORMAT_TEXT);
    put(&fixture, G_LOG_LEVEL_WARNING, "order refused", "KW_PAIR", "BTC/USDT");
    kw_log_set_mode(fixture.log, KW_MODE_LIVE);
    put(&fixture, G_LOG_LEVEL_INFO, "two words", "KW_ERROR", "say \"no\"");
    out = fixture_finish(&fixture);
    g_assert_cmpstr(
        out, ==,
        "2026-03-11T13:30:00.000Z warning kw-test [dryrun] order refused pair=BTC/USDT\n"
        "2026-03-11T13:30:00.000Z info kw-test [live] two words error=\"say \\\"no\\\"\"\n");
}

static void
test_json(void)
{
    Fixture fixture;
    g_autofree gchar *out = NULL;
    g_autoptr(JsonNode) node = NULL;
    JsonObject *object;

    fixture_init(&fixture, KW_LOG_FORMAT_AUTO); /* a pipe: neither journal nor terminal */
    put(&fixture, G_LOG_LEVEL_CRITICAL, "a\"b\\c\nd\x1b[0m", "KW_ERROR", "\xff");
    out = fixture_finish(&fixture);
    g_assert_cmpuint(strlen(out), ==, (gsize) (strchr(out, '\n') - out) + 1); /* one line */
    node = json_from_string(out, NULL);
    g_assert_nonnull(node);
    object = json_node_get_object(node);
    g_assert_cmpstr(json_object_get_string_member(object, "mode"), ==, "dryrun");
    g_assert_cmpstr(json_object_get_string_member(object, "level"), ==, "critical");
    g_assert_cmpstr(json_object_get_string_member(object, "domain"), ==, "kw-test");
    g_assert_cmpstr(json_object_get_string_member(object, "message"), ==,
                    "a\"b\\c\\nd\\x1b[0m");
    g_assert_cmpstr(json_object_get_string_member(object, "error"), ==, "\\xff");
}

static void
test_level(void)
{
    Fixture fixture;
    g_autofree gchar *out = NULL;

    fixture_init(&fixture, KW_LOG_FORMAT_TEXT);
    put(&fixture, G_LOG_LEVEL_DEBUG, "hidden", NULL, NULL);
    kw_log_set_level(fixture.log, G_LOG_LEVEL_DEBUG);
    put(&fixture, G_LOG_LEVEL_DEBUG, "shown", NULL, NULL);
    out = fixture_finish(&fixture);
    g_assert_null(strstr(out, "hidden"));
    g_assert_nonnull(strstr(out, "shown"));
}

/* No way round the redaction: message, field, field by its name, an added value, the ring. */
static void
test_no_secret_passes(void)
{
    Fixture fixture;
    g_autoptr(KwSecret) secret = kw_secret_new("hunter2hunter2", 14);
    g_autoptr(GPtrArray) recent = NULL;
    g_autofree gchar *out = NULL;
    g_autofree gchar *shown = NULL;

    fixture_init(&fixture, KW_LOG_FORMAT_JSON);
    kw_log_add_secret(fixture.log, secret);
    put(&fixture, G_LOG_LEVEL_WARNING, "found hunter2hunter2", "KW_ERROR",
        "x hunter2hunter2\n");
    put(&fixture, G_LOG_LEVEL_WARNING, "found", "KW_API_TOKEN", "hunter9");
    put(&fixture, G_LOG_LEVEL_WARNING, "token=hunter9", "KW_ERROR",
        "\x1b[1m\npassword: hunter9");
    shown = kw_log_redact(fixture.log, "hunter2hunter2\ntoken=hunter9");
    g_assert_cmpstr(shown, ==, "***\\ntoken=***");
    recent = kw_log_dup_recent(fixture.log, 10);
    g_assert_cmpuint(recent->len, ==, 3);
    for (guint i = 0; i < recent->len; i++) {
        const KwLogEntry *entry = g_ptr_array_index(recent, i);

        g_assert_null(strstr(entry->message, "hunter"));
        g_assert_null(strstr(entry->details, "hunter"));
    }
    out = fixture_finish(&fixture);
    g_assert_null(strstr(out, "hunter"));
    g_assert_nonnull(strstr(out, "***"));
}

static void
test_ring(void)
{
    Fixture fixture;
    g_autoptr(GPtrArray) recent = NULL;
    g_autofree gchar *out = NULL;
    const KwLogEntry *entry;

    fixture_init(&fixture, KW_LOG_FORMAT_TEXT);
    put(&fixture, G_LOG_LEVEL_WARNING, "one", NULL, NULL);
    put(&fixture, G_LOG_LEVEL_INFO, "not kept", NULL, NULL);
    put(&fixture, G_LOG_LEVEL_WARNING, "two", NULL, NULL);
    put(&fixture, G_LOG_LEVEL_CRITICAL, "three", "KW_PAIR", "ETH/USDT");
    put(&fixture, G_LOG_LEVEL_WARNING, "four", NULL, NULL);
    recent = kw_log_dup_recent(fixture.log, 2);
    g_assert_cmpuint(recent->len, ==, 2);
    entry = g_ptr_array_index(recent, 1);
    g_assert_cmpstr(entry->message, ==, "three");
    g_assert_cmpstr(entry->details, ==, "pair=ETH/USDT");
    g_assert_cmpint(entry->time_us, ==, KW_TEST_T0_US);
    g_assert_cmpint(entry->level, ==, G_LOG_LEVEL_CRITICAL);
    g_clear_pointer(&recent, g_ptr_array_unref);
    recent = kw_log_dup_recent(fixture.log, 100);
    g_assert_cmpuint(recent->len, ==, 3); /* bounded: "one" is forgotten */
    out = fixture_finish(&fixture);
}

static void
test_huge_field(void)
{
    Fixture fixture;
    g_autofree gchar *huge = g_strnfill(1000000, 'x');
    g_autofree gchar *out = NULL;

    fixture_init(&fixture, KW_LOG_FORMAT_TEXT);
    put(&fixture, G_LOG_LEVEL_INFO, huge, "KW_ERROR", huge);
    out = fixture_finish(&fixture);
    g_assert_cmpuint(strlen(out), <, 9000);
}

/* F83: the reader goes away; we go on, and count. The macros work through the installed log. */
static void
test_broken_pipe(void)
{
    static Fixture fixture; /* the installed writer stays to the end of the process */
    g_autoptr(GPtrArray) recent = NULL;
    const KwLogEntry *entry;

    fixture_init(&fixture, KW_LOG_FORMAT_JSON);
    kw_log_install(fixture.log);
    (void) close(fixture.fds[0]);
    kw_log_warning("reader is gone", "KW_PAIR", NULL, "KW_ORDER", "17");
    g_assert_cmpuint(kw_log_get_n_lost(fixture.log), ==, 1);
    (void) close(fixture.fds[1]); /* EBADF now */
    kw_log_warning("closed");
    g_assert_cmpuint(kw_log_get_n_lost(fixture.log), ==, 2);
    recent = kw_log_dup_recent(fixture.log, 2);
    entry = g_ptr_array_index(recent, 1);
    g_assert_cmpstr(entry->message, ==, "reader is gone");
    g_assert_cmpstr(entry->details, ==, "order=17");
}

static void
test_names(void)
{
    KwLogFormat format = KW_LOG_FORMAT_TEXT;
    GLogLevelFlags level = G_LOG_LEVEL_DEBUG;

    g_assert_true(kw_log_format_from_string("json", &format, NULL));
    g_assert_cmpint(format, ==, KW_LOG_FORMAT_JSON);
    g_assert_true(kw_log_level_from_string("warning", &level, NULL));
    g_assert_cmpint(level, ==, G_LOG_LEVEL_WARNING);
    g_assert_false(kw_log_format_from_string("xml", &format, NULL));
    g_assert_false(kw_log_level_from_string("error", &level, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/log/text", test_text);
    g_test_add_func("/base/log/json", test_json);
    g_test_add_func("/base/log/level", test_level);
    g_test_add_func("/base/log/no-secret-passes", test_no_secret_passes);
    g_test_add_func("/base/log/ring", test_ring);
    g_test_add_func("/base/log/huge-field", test_huge_field);
    g_test_add_func("/base/log/names", test_names);
    g_test_add_func("/base/log/broken-pipe", test_broken_pipe);
    return g_test_run();
}
