/* test-kill-switch.c: the latch */
#include "kw-kill-switch.h"
#include "kw-test.h"

typedef struct {
    guint n_tripped, n_released;
    gchar *reason;
} Heard;

static void
on_tripped(KwKillSwitch *kill, const gchar *reason, gpointer user_data)
{
    Heard *heard = user_data;

    heard->n_tripped++;
    g_free(heard->reason);
    heard->reason = g_strdup(reason);
}

static void
on_released(KwKillSwitch *kill, gpointer user_data)
{
    ((Heard *) user_data)->n_released++;
}

static KwKillSwitch *
make(KwFakeClock *clock, Heard *heard)
{
    KwKillSwitch *kill = kw_kill_switch_new(KW_CLOCK(clock));

    g_signal_connect(kill, "tripped", G_CALLBACK(on_tripped), heard);
    g_signal_connect(kill, "released", G_CALLBACK(on_released), heard);
    return kill;
}

static void
test_first_reason_wins(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    Heard heard = {0};
    g_autoptr(KwKillSwitch) kill = make(clock, &heard);

    g_assert_false(kw_kill_switch_is_tripped(kill));
    g_assert_null(kw_kill_switch_get_reason(kill));
    g_assert_true(kw_kill_switch_trip(kill, "daily loss"));
    kw_fake_clock_advance(clock, 5 * G_USEC_PER_SEC);
    g_assert_false(kw_kill_switch_trip(kill, "user"));

    g_assert_true(kw_kill_switch_is_tripped(kill));
    g_assert_cmpint(kw_kill_switch_get_tripped_us(kill), ==, KW_TEST_T0_US);
    g_assert_cmpstr(kw_kill_switch_get_reason(kill), ==, "daily loss");
    g_assert_cmpuint(heard.n_tripped, ==, 1);
    g_assert_cmpstr(heard.reason, ==, "daily loss");
    g_free(heard.reason);
}

static void
test_release(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    Heard heard = {0};
    g_autoptr(KwKillSwitch) kill = make(clock, &heard);

    g_assert_false(kw_kill_switch_release(kill));
    g_assert_cmpuint(heard.n_released, ==, 0);
    g_assert_true(kw_kill_switch_trip(kill, "user"));
    g_assert_true(kw_kill_switch_release(kill));
    g_assert_cmpuint(heard.n_released, ==, 1);
    g_assert_false(kw_kill_switch_is_tripped(kill));
    g_assert_cmpint(kw_kill_switch_get_tripped_us(kill), ==, 0);
    g_assert_null(kw_kill_switch_get_reason(kill));
    g_free(heard.reason);
}

static void
test_restored(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    Heard heard = {0};
    g_autoptr(KwKillSwitch) kill = make(clock, &heard);

    kw_kill_switch_restore(kill, KW_KILL_ON, "user", 77);
    g_assert_true(kw_kill_switch_is_tripped(kill));
    g_assert_cmpint(kw_kill_switch_get_tripped_us(kill), ==, 77);
    g_assert_cmpstr(kw_kill_switch_get_reason(kill), ==, "user");
    g_assert_false(kw_kill_switch_trip(kill, "other"));
    kw_kill_switch_restore(kill, KW_KILL_OFF, NULL, 0);
    g_assert_false(kw_kill_switch_is_tripped(kill));
    g_assert_cmpuint(heard.n_tripped + heard.n_released, ==, 0);
}

/* What cannot be read is on, can be tripped for good, and can be released. */
static void
test_unreadable(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    Heard heard = {0};
    g_autoptr(KwKillSwitch) kill = make(clock, &heard);

    kw_kill_switch_restore(kill, KW_KILL_UNREADABLE, NULL, 0);
    g_assert_true(kw_kill_switch_is_tripped(kill));
    g_assert_true(kw_kill_switch_trip(kill, "user"));
    g_assert_cmpint(kw_kill_switch_get_state(kill), ==, KW_KILL_ON);
    kw_kill_switch_restore(kill, KW_KILL_UNREADABLE, NULL, 0);
    g_assert_true(kw_kill_switch_release(kill));
    g_assert_cmpint(kw_kill_switch_get_state(kill), ==, KW_KILL_OFF);
    g_free(heard.reason);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/risk/kill-switch/first-reason-wins", test_first_reason_wins);
    g_test_add_func("/risk/kill-switch/release", test_release);
    g_test_add_func("/risk/kill-switch/restored", test_restored);
    g_test_add_func("/risk/kill-switch/unreadable", test_unreadable);
    return g_test_run();
}
