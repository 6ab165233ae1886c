/* test-stop-guard.c: what is remembered of stops, and comes back after a restart */
#include "kw-stop-guard.h"

#include <string.h>

static void
test_tells_once(void)
{
    KwStopGuard guard = {.trade_id = 1};

    g_assert_true(kw_stop_guard_may_tell(&guard, KW_STOP_TOLD_REFUSED));
    g_assert_false(kw_stop_guard_may_tell(&guard, KW_STOP_TOLD_REFUSED));
    g_assert_true(kw_stop_guard_may_tell(&guard, KW_STOP_TOLD_TOO_SMALL));
}

static void
test_nothing_to_say(void)
{
    g_autoptr(KwStopGuards) guards = kw_stop_guards_new();
    KwStopGuard *guard = kw_stop_guards_get(guards, 7);
    g_autofree gchar *text = NULL;

    guard->call = 5;
    guard->n_pauses = 3;
    text = kw_stop_guards_to_text(guards);
    g_assert_cmpstr(text, ==, "");
    g_assert_true(kw_stop_guards_find(guards, 7) == guard);
    kw_stop_guards_drop(guards, 7);
    g_assert_null(kw_stop_guards_find(guards, 7));
}

static guint
draw(guint below)
{
    return (guint) g_test_rand_int_range(0, (gint32) below);
}

static void
fill(KwStopGuard *guard)
{
    guard->n_refused = draw(4);
    guard->n_refused_all = draw(9);
    guard->n_replaced = draw(3);
    guard->was_replaced = (gboolean) draw(2);
    guard->has_fired = (gboolean) draw(2);
    guard->has_no_target = (gboolean) draw(2);
    guard->told = draw(32);
}

/* The same text again, whatever the order in which trades came, and the calls do not return. */
static void
test_round_trip(void)
{
    for (guint round = 0; round < 300; round++) {
        g_autoptr(KwStopGuards) before = kw_stop_guards_new();
        g_autoptr(KwStopGuards) after = kw_stop_guards_new();
        g_autoptr(GPtrArray) list = NULL;
        g_autofree gchar *text = NULL, *again = NULL;

        for (guint i = draw(6); i > 0; i--) {
            KwStopGuard *guard = kw_stop_guards_get(before, 1 + draw(1000));

            fill(guard);
            guard->call = 9;
            guard->is_emergency = TRUE;
        }
        text = kw_stop_guards_to_text(before);
        g_assert_cmpuint(kw_stop_guards_restore(after, text), ==, 0);
        again = kw_stop_guards_to_text(after);
        g_assert_cmpstr(again, ==, text);
        list = kw_stop_guards_list(after);
        for (guint i = 0; i < list->len; i++) {
            const KwStopGuard *guard = list->pdata[i];

            g_assert_cmpuint(guard->call, ==, 0);
            g_assert_false(guard->is_emergency);
            g_assert_true(i == 0 || ((const KwStopGuard *) list->pdata[i - 1])->trade_id <
                                        guard->trade_id);
        }
    }
}

static void
test_illegible(void)
{
    g_autoptr(KwStopGuards) guards = kw_stop_guards_new();
    g_autoptr(GPtrArray) list = NULL;

    g_assert_cmpuint(kw_stop_guards_restore(guards, "1 1 1 1 1 1 1\n2 1 1 1 0 0 0 x\n"
                                                    "3 -1 1 1 0 0 0 0\n4 1 2 1 0 0 0 3\n"
                                                    "5 1 1 1 0 0 0 0 0\n"),
                     ==, 4);
    list = kw_stop_guards_list(guards);
    g_assert_cmpuint(list->len, ==, 1);
    g_assert_cmpint(((const KwStopGuard *) list->pdata[0])->trade_id, ==, 4);
    g_assert_cmpuint(((const KwStopGuard *) list->pdata[0])->n_refused_all, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exec/stop-guard/tells-once", test_tells_once);
    g_test_add_func("/exec/stop-guard/nothing-to-say", test_nothing_to_say);
    g_test_add_func("/exec/stop-guard/round-trip", test_round_trip);
    g_test_add_func("/exec/stop-guard/illegible", test_illegible);
    return g_test_run();
}
