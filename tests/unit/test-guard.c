/* test-guard.c: strangers, floods and repetitions stop here; stop does not */
#include "kw-guard.h"
#include "kw-test.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

static const gchar *const owners[] = {"1000", "+43660", NULL};

static KwGuardVerdict
check(
    KwGuard *guard, const gchar *sender, const gchar *text, const gchar *key, KwGuardClass seen)
{
    KwChannelMessage message = {
        .chat = "c",
        .sender = sender,
        .text = text,
        .length = strlen(text),
        .key = key,
    };

    return kw_guard_check(guard, &message, seen);
}

static KwGuardVerdict
say(KwGuard *guard, const gchar *text)
{
    return check(guard, "1000", text, NULL, KW_GUARD_NORMAL);
}

static void
test_allow_list(void)
{
    static const gchar *const nobody[] = {NULL};
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);
    g_autoptr(KwGuard) closed = kw_guard_new(KW_CLOCK(clock), nobody, NULL);
    g_autoptr(KwGuard) none = kw_guard_new(KW_CLOCK(clock), NULL, NULL);

    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_PASS);
    g_assert_cmpint(check(guard, "+43660", "x", NULL, KW_GUARD_NORMAL), ==, KW_GUARD_PASS);
    g_assert_cmpint(check(guard, "100", "x", NULL, KW_GUARD_HALT), ==, KW_GUARD_DENIED);
    g_assert_cmpint(check(guard, "", "x", NULL, KW_GUARD_HALT), ==, KW_GUARD_DENIED);
    g_assert_cmpint(check(guard, NULL, "x", NULL, KW_GUARD_HALT), ==, KW_GUARD_DENIED);
    g_assert_cmpint(say(closed, "x"), ==, KW_GUARD_DENIED);
    g_assert_cmpint(say(none, "x"), ==, KW_GUARD_DENIED);
    g_assert_cmpint(kw_guard_get_role(guard, "1000"), ==, KW_GUARD_OWNER);
    g_assert_cmpint(kw_guard_get_role(guard, "1001"), ==, KW_GUARD_STRANGER);
    g_assert_cmpint(kw_guard_get_role(guard, NULL), ==, KW_GUARD_STRANGER);
    g_assert_cmpuint(kw_guard_get_count(guard, KW_GUARD_DENIED), ==, 3);
    g_assert_cmpuint(kw_guard_get_count(guard, KW_GUARD_PASS), ==, 2);
}

static void
test_text(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    KwChannelMessage zero = {.chat = "c", .sender = "1000", .text = "a\0b", .length = 3};

    for (guint i = 0; i < KW_GUARD_MAX_CHARS; i++)
        g_string_append(text, "ü");
    g_assert_cmpint(say(guard, text->str), ==, KW_GUARD_PASS);
    g_string_append(text, "!");
    g_assert_cmpint(say(guard, text->str), ==, KW_GUARD_TOO_LONG);
    g_assert_cmpint(check(guard, "1000", text->str, NULL, KW_GUARD_HALT), ==,
                    KW_GUARD_TOO_LONG);
    g_assert_cmpint(say(guard, "\xff"), ==, KW_GUARD_BROKEN);
    g_assert_cmpint(kw_guard_check(guard, &zero, KW_GUARD_NORMAL), ==, KW_GUARD_BROKEN);
    g_assert_cmpint(say(guard, "Stopp\xEF\xBF\xBD nicht"), ==, KW_GUARD_BROKEN);
    g_assert_cmpint(say(guard, ""), ==, KW_GUARD_PASS);
}

static void
test_rate(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);

    for (guint i = 0; i < KW_GUARD_PER_MINUTE; i++) {
        g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_PASS);
        kw_fake_clock_advance(clock, SECOND);
    }
    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_TOO_MANY);
    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_TOO_MANY);
    /* the other sender has a rate of his own */
    g_assert_cmpint(check(guard, "+43660", "x", NULL, KW_GUARD_NORMAL), ==, KW_GUARD_PASS);
    kw_fake_clock_advance(clock, 40 * SECOND - 1);
    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_TOO_MANY);
    kw_fake_clock_advance(clock, 1);
    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_PASS);
    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_TOO_MANY);
    g_assert_cmpuint(kw_guard_get_count(guard, KW_GUARD_TOO_MANY), ==, 4);
}

/* A clock step gives no one more, and no one less. */
static void
test_rate_clock_step(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);

    for (guint i = 0; i < KW_GUARD_PER_MINUTE; i++)
        g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_PASS);
    kw_fake_clock_step(clock, 3600 * SECOND);
    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_TOO_MANY);
    kw_fake_clock_step(clock, -7200 * SECOND);
    kw_fake_clock_advance(clock, 60 * SECOND);
    g_assert_cmpint(say(guard, "Status"), ==, KW_GUARD_PASS);
}

/* Stop is heard in the middle of a flood, however often, and uses up nothing. */
static void
test_halt_passes(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);

    for (guint i = 0; i < 100; i++)
        g_assert_cmpint(check(guard, "1000", "Stopp", NULL, KW_GUARD_HALT), ==, KW_GUARD_PASS);
    for (guint i = 0; i < 100; i++)
        g_assert_cmpint(say(guard, "Status"), ==, i < 20 ? KW_GUARD_PASS : KW_GUARD_TOO_MANY);
    g_assert_cmpint(check(guard, "1000", "Notaus", NULL, KW_GUARD_HALT), ==, KW_GUARD_PASS);
}

/* Property: in no 60 seconds more than 20 pass, and a patient sender is never refused. */
static void
test_rate_property(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);
    g_autoptr(GArray) passed = g_array_new(FALSE, FALSE, sizeof(gint64));

    for (guint i = 0; i < 3000; i++) {
        gint64 now_us;
        guint n_recent = 0;
        gboolean is_passed;

        kw_fake_clock_advance(clock, g_test_rand_int_range(0, 4 * SECOND));
        now_us = kw_clock_monotonic_us(KW_CLOCK(clock));
        for (guint k = passed->len; k > 0; k--) {
            if (now_us - g_array_index(passed, gint64, k - 1) >= 60 * SECOND)
                break;
            n_recent++;
        }
        is_passed = say(guard, "x") == KW_GUARD_PASS;
        g_assert_cmpint(is_passed, ==, n_recent < KW_GUARD_PER_MINUTE);
        if (is_passed)
            g_array_append_val(passed, now_us);
    }
    g_assert_cmpuint(passed->len, <, 3000);
}

static void
test_duplicates(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);

    g_assert_cmpint(check(guard, "1000", "a", "k", KW_GUARD_NORMAL), ==, KW_GUARD_PASS);
    g_assert_cmpint(check(guard, "1000", "a", "k", KW_GUARD_NORMAL), ==, KW_GUARD_DUPLICATE);
    g_assert_cmpint(check(guard, "1000", "a", "k", KW_GUARD_HALT), ==, KW_GUARD_DUPLICATE);
    g_assert_cmpint(check(guard, "+43660", "a", "k", KW_GUARD_NORMAL), ==, KW_GUARD_PASS);
    g_assert_cmpint(say(guard, "a"), ==, KW_GUARD_PASS);
    g_assert_cmpint(say(guard, "a"), ==, KW_GUARD_PASS);

    /* a refused message does not act when it comes again */
    g_assert_cmpint(check(guard, "1000", "\xff", "broken", KW_GUARD_NORMAL), ==,
                    KW_GUARD_BROKEN);
    g_assert_cmpint(check(guard, "1000", "Start", "broken", KW_GUARD_NORMAL), ==,
                    KW_GUARD_DUPLICATE);
    g_assert_cmpuint(kw_guard_get_count(guard, KW_GUARD_DUPLICATE), ==, 3);
}

/* The last 256 are known, older ones not; a stranger cannot push them out. */
static void
test_duplicates_ring(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwGuard) guard = kw_guard_new(KW_CLOCK(clock), owners, NULL);

    for (guint i = 0; i < 1000; i++) {
        g_autofree gchar *key = g_strdup_printf("%u", i);

        g_assert_cmpint(check(guard, "1000", "a", key, KW_GUARD_HALT), ==, KW_GUARD_PASS);
        g_assert_cmpint(check(guard, "fremd", "a", key, KW_GUARD_HALT), ==, KW_GUARD_DENIED);
    }
    for (guint i = 1000 - KW_GUARD_N_REMEMBERED; i < 1000; i++) {
        g_autofree gchar *key = g_strdup_printf("%u", i);

        g_assert_cmpint(check(guard, "1000", "a", key, KW_GUARD_HALT), ==, KW_GUARD_DUPLICATE);
    }
    g_assert_cmpint(check(guard, "1000", "a", "743", KW_GUARD_HALT), ==, KW_GUARD_PASS);
}

static void
test_names(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < KW_N_GUARD_VERDICTS; i++)
        g_assert_true(
            g_hash_table_add(seen, (gpointer) kw_guard_verdict_to_string((KwGuardVerdict) i)));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chat/guard/allow-list", test_allow_list);
    g_test_add_func("/chat/guard/text", test_text);
    g_test_add_func("/chat/guard/rate", test_rate);
    g_test_add_func("/chat/guard/rate-clock-step", test_rate_clock_step);
    g_test_add_func("/chat/guard/halt-passes", test_halt_passes);
    g_test_add_func("/chat/guard/rate-property", test_rate_property);
    g_test_add_func("/chat/guard/duplicates", test_duplicates);
    g_test_add_func("/chat/guard/duplicates-ring", test_duplicates_ring);
    g_test_add_func("/chat/guard/names", test_names);
    return g_test_run();
}
