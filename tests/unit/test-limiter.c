/* test-limiter.c: token bucket and backoff under a clock moved by hand */
#include "kw-limiter.h"
#include "kw-test.h"

static void
test_bucket(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwLimiter) limiter = kw_limiter_new(KW_CLOCK(clock), 3, 0.5);

    for (guint i = 0; i < 3; i++)
        g_assert_true(kw_limiter_take(limiter, 1));
    g_assert_false(kw_limiter_take(limiter, 1));
    g_assert_cmpint(kw_limiter_get_wait_us(limiter, 1), ==, 2 * G_USEC_PER_SEC);
    kw_fake_clock_advance(clock, 2 * G_USEC_PER_SEC - 1);
    g_assert_false(kw_limiter_take(limiter, 1));
    kw_fake_clock_advance(clock, 1);
    g_assert_true(kw_limiter_take(limiter, 1));
    g_assert_false(kw_limiter_take(limiter, 1));
    g_assert_cmpint(kw_limiter_get_wait_us(limiter, 4), ==, G_MAXINT64);
}

/* F46, F47: a long pause fills the bucket once; a step of the wall clock does nothing. */
static void
test_pause_and_step(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwLimiter) limiter = kw_limiter_new(KW_CLOCK(clock), 2, 1);

    g_assert_true(kw_limiter_take(limiter, 2));
    kw_fake_clock_step(clock, KW_TEST_T0_US);
    g_assert_false(kw_limiter_take(limiter, 1));
    kw_fake_clock_step(clock, -2 * KW_TEST_T0_US);
    g_assert_cmpint(kw_limiter_get_wait_us(limiter, 1), ==, G_USEC_PER_SEC);
    kw_fake_clock_advance(clock, G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC);
    g_assert_true(kw_limiter_take(limiter, 2));
    g_assert_false(kw_limiter_take(limiter, 1));
}

/* Property: waiting as long as told suffices, and over any time the rate is kept. */
static void
test_rate_property(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwLimiter) limiter = kw_limiter_new(KW_CLOCK(clock), 5, 7);
    gdouble used = 0;

    for (guint i = 0; i < 5000; i++) {
        gdouble cost = g_test_rand_double_range(0.1, 5.0);

        kw_fake_clock_advance(clock, g_test_rand_int_range(0, 300000));
        kw_fake_clock_advance(clock, kw_limiter_get_wait_us(limiter, cost));
        g_assert_true(kw_limiter_take(limiter, cost));
        used += cost;
        g_assert_cmpfloat(used, <=,
                          5.0 + 7e-6 * (gdouble) kw_clock_monotonic_us(KW_CLOCK(clock)) + 1e-3);
    }
}

static void
test_backoff(void)
{
    KwBackoff backoff, twin;
    gint64 limit_us = 1000000;

    kw_backoff_init(&backoff, 1000000, 60000000, 42);
    kw_backoff_init(&twin, 1000000, 60000000, 42);
    for (guint i = 0; i < 200; i++) {
        gint64 delay_us = kw_backoff_next_us(&backoff);

        g_assert_cmpint(delay_us, >=, limit_us / 2);
        g_assert_cmpint(delay_us, <=, limit_us);
        g_assert_cmpint(delay_us, ==, kw_backoff_next_us(&twin));
        limit_us = MIN(limit_us * 2, 60000000);
    }
    kw_backoff_reset(&backoff);
    g_assert_cmpint(kw_backoff_next_us(&backoff), <=, 1000000);
}

/* Two who failed together do not retry together. */
static void
test_backoff_seeds_differ(void)
{
    KwBackoff a, b;
    guint n_same = 0;

    kw_backoff_init(&a, 1000000, 60000000, 1);
    kw_backoff_init(&b, 1000000, 60000000, 2);
    for (guint i = 0; i < 20; i++)
        n_same += kw_backoff_next_us(&a) == kw_backoff_next_us(&b);
    g_assert_cmpuint(n_same, <, 3);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/limiter/bucket", test_bucket);
    g_test_add_func("/base/limiter/pause-and-step", test_pause_and_step);
    g_test_add_func("/base/limiter/rate-property", test_rate_property);
    g_test_add_func("/base/limiter/backoff", test_backoff);
    g_test_add_func("/base/limiter/backoff-seeds-differ", test_backoff_seeds_differ);
    return g_test_run();
}
