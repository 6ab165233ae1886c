/* test-pacer.c: market time moves on by itself, and stands still when it must */
#include "kw-engine-rig.h"
#include "kw-pacer.h"
#include "kw-test.h"

#define HOUR_US KW_ENGINE_RIG_HOUR_US
#define FIRST_US (G_GINT64_CONSTANT(1709528400) * G_USEC_PER_SEC)
#define N_ROWS 60

static void
set_up(KwEngineRig *rig)
{
    gdouble closes[N_ROWS];

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100;
    kw_engine_rig_init(rig);
    kw_engine_rig_set_volume_strategy(rig, "");
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "BTC/USDT"), FIRST_US, closes, N_ROWS);
    kw_engine_rig_start(rig, FIRST_US);
}

static void
on_over(gpointer user_data)
{
    (*(guint *) user_data)++;
}

static void
wait_for(const guint *n_over)
{
    while (*n_over == 0)
        (void) g_main_context_iteration(NULL, TRUE);
}

static gint64
now_us(const KwEngineRig *rig)
{
    return kw_clock_now_us(KW_CLOCK(rig->clock));
}

/* Every row is decided, the clock ends where it was told to, and the word is given once. */
static void
test_full_speed(void)
{
    g_autoptr(KwPacer) pacer = NULL;
    guint n_over = 0;
    KwEngineRig rig;

    set_up(&rig);
    pacer = kw_pacer_new(rig.clock, rig.engine, KW_PACER_FULL_SPEED);
    kw_pacer_run(pacer, FIRST_US + 20 * HOUR_US + HOUR_US / 2, on_over, &n_over);
    wait_for(&n_over);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_cmpuint(n_over, ==, 1);
    g_assert_cmpint(now_us(&rig), ==, FIRST_US + 20 * HOUR_US + HOUR_US / 2);
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->row_us, ==, FIRST_US + 20 * HOUR_US);
    g_assert_cmpuint(kw_engine_get_n_candles(rig.engine), ==, 20);
    g_clear_pointer(&pacer, kw_pacer_free);
    kw_engine_rig_clear(&rig);
}

/* A conversation holds it; two of them both have to let go. */
static void
test_hold(void)
{
    g_autoptr(KwPacer) pacer = NULL;
    guint n_over = 0;
    KwEngineRig rig;

    set_up(&rig);
    pacer = kw_pacer_new(rig.clock, rig.engine, KW_PACER_FULL_SPEED);
    kw_pacer_hold(pacer);
    kw_pacer_hold(pacer);
    kw_pacer_run(pacer, FIRST_US + 5 * HOUR_US, on_over, &n_over);
    kw_pacer_release(pacer);
    for (guint i = 0; i < 50; i++)
        (void) g_main_context_iteration(NULL, FALSE);
    g_assert_cmpint(now_us(&rig), ==, FIRST_US);
    kw_pacer_release(pacer);
    wait_for(&n_over);
    g_assert_cmpint(now_us(&rig), ==, FIRST_US + 5 * HOUR_US);
    g_clear_pointer(&pacer, kw_pacer_free);
    kw_engine_rig_clear(&rig);
}

static void
test_pause(void)
{
    g_autoptr(KwPacer) pacer = NULL;
    guint n_over = 0;
    KwEngineRig rig;

    set_up(&rig);
    pacer = kw_pacer_new(rig.clock, rig.engine, KW_PACER_FULL_SPEED);
    kw_pacer_run(pacer, FIRST_US + 50 * HOUR_US, on_over, &n_over);
    while (kw_engine_rig_get_book(&rig)->row_us < FIRST_US + 3 * HOUR_US)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_pacer_pause(pacer);
    kw_engine_rig_settle(&rig);
    g_assert_cmpint(now_us(&rig), <, FIRST_US + 5 * HOUR_US);
    g_assert_cmpuint(n_over, ==, 0);
    kw_pacer_run(pacer, FIRST_US + 10 * HOUR_US, on_over, &n_over);
    wait_for(&n_over);
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->row_us, ==, FIRST_US + 10 * HOUR_US);
    g_clear_pointer(&pacer, kw_pacer_free);
    kw_engine_rig_clear(&rig);
}

/* However fast, no row is passed over: each timer is dealt with before the next is due. */
static void
test_speed_skips_nothing(void)
{
    g_autoptr(KwPacer) pacer = NULL;
    guint n_over = 0;
    KwEngineRig rig;

    set_up(&rig);
    pacer = kw_pacer_new(rig.clock, rig.engine, 1e9);
    kw_pacer_run(pacer, FIRST_US + 4 * HOUR_US, on_over, &n_over);
    wait_for(&n_over);
    g_assert_cmpuint(kw_engine_get_n_candles(rig.engine), ==, 4);
    g_assert_cmpint(now_us(&rig), ==, FIRST_US + 4 * HOUR_US);
    g_clear_pointer(&pacer, kw_pacer_free);
    kw_engine_rig_clear(&rig);
}

static void
on_due(gpointer user_data)
{
    (*(guint *) user_data)++;
}

/* What was due before it was set is called at once, and is no reason to stand still. */
static void
test_overdue(gconstpointer data)
{
    g_autoptr(KwPacer) pacer = NULL;
    const gdouble *speed = data;
    guint n_over = 0, n_due = 0;
    KwEngineRig rig;

    set_up(&rig);
    (void) kw_clock_call_at(KW_CLOCK(rig.clock), FIRST_US - HOUR_US, on_due, &n_due);
    pacer = kw_pacer_new(rig.clock, rig.engine, *speed);
    kw_pacer_run(pacer, FIRST_US + HOUR_US / 2, on_over, &n_over);
    wait_for(&n_over);
    g_assert_cmpuint(n_due, ==, 1);
    g_assert_cmpint(now_us(&rig), ==, FIRST_US + HOUR_US / 2);
    g_clear_pointer(&pacer, kw_pacer_free);
    kw_engine_rig_clear(&rig);
}

/* The row that is due at the very end is dealt with before the word is given, at any speed. */
static void
test_end_is_settled(gconstpointer data)
{
    g_autoptr(KwPacer) pacer = NULL;
    const gdouble *speed = data;
    guint n_over = 0;
    KwEngineRig rig;

    set_up(&rig);
    pacer = kw_pacer_new(rig.clock, rig.engine, *speed);
    kw_pacer_run(pacer, FIRST_US + 4 * HOUR_US, on_over, &n_over);
    wait_for(&n_over);
    g_assert_true(kw_engine_is_idle(rig.engine));
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->row_us, ==, FIRST_US + 4 * HOUR_US);
    g_clear_pointer(&pacer, kw_pacer_free);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    static const gdouble full_speed = KW_PACER_FULL_SPEED, paced = 1e9;

    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_func("/app/pacer/full-speed", test_full_speed);
    g_test_add_func("/app/pacer/hold", test_hold);
    g_test_add_func("/app/pacer/pause", test_pause);
    g_test_add_func("/app/pacer/speed", test_speed_skips_nothing);
    g_test_add_data_func("/app/pacer/overdue/full-speed", &full_speed, test_overdue);
    g_test_add_data_func("/app/pacer/overdue/paced", &paced, test_overdue);
    g_test_add_data_func("/app/pacer/end/full-speed", &full_speed, test_end_is_settled);
    g_test_add_data_func("/app/pacer/end/paced", &paced, test_end_is_settled);
    return g_test_run();
}
