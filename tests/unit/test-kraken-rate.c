/* test-kraken-rate.c: the counters as Kraken describes them, and its example (F18) */
#include "kw-kraken-rate.h"
#include "kw-test.h"

typedef struct {
    KwFakeClock *clock;
    KwKrakenRate *rate;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->rate = kw_kraken_rate_new(KW_CLOCK(f->clock), KW_KRAKEN_TIER_INTERMEDIATE);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_kraken_rate_free(f->rate);
    g_clear_object(&f->clock);
}

static void
test_rest(Fixture *f, gconstpointer data)
{
    for (guint i = 0; i < 14; i++) {
        g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 1, KW_KRAKEN_USE_ROUTINE), ==, 0);
        kw_kraken_rate_count(f->rate, 1);
    }
    /* 14 of 20 is what routine may use; the rest is for what is vital */
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 1, KW_KRAKEN_USE_ROUTINE), ==,
                    2 * G_USEC_PER_SEC);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 6, KW_KRAKEN_USE_VITAL), ==, 0);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 7, KW_KRAKEN_USE_VITAL), ==,
                    2 * G_USEC_PER_SEC);
    kw_fake_clock_step(f->clock, G_TIME_SPAN_DAY); /* a step of the wall clock opens nothing */
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 1, KW_KRAKEN_USE_ROUTINE), >, 0);
    kw_fake_clock_advance(f->clock, 2 * G_USEC_PER_SEC);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 1, KW_KRAKEN_USE_ROUTINE), ==, 0);
}

static void
test_refused(Fixture *f, gconstpointer data)
{
    const gint64 half_us = 20 * G_USEC_PER_SEC; /* 10 points at 0.5 a second */

    kw_kraken_rate_refused(f->rate);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==, half_us);
    kw_fake_clock_advance(f->clock, half_us);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 1, KW_KRAKEN_USE_VITAL), ==, 0);
    kw_kraken_rate_refused(f->rate);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==,
                    2 * half_us);
    kw_fake_clock_advance(f->clock, 2 * half_us);
    kw_kraken_rate_accepted(f->rate);
    kw_kraken_rate_refused(f->rate);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==, half_us);
    kw_kraken_rate_hold(f->rate, 840 * G_USEC_PER_SEC);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==,
                    840 * G_USEC_PER_SEC);
}

/* F47: a hold lasts as long as it was told, whichever way the wall clock is stepped. */
static void
test_hold_steps(Fixture *f, gconstpointer data)
{
    const gint64 span_us = 30 * G_USEC_PER_SEC;

    kw_kraken_rate_hold(f->rate, span_us);
    kw_fake_clock_step(f->clock, -G_TIME_SPAN_HOUR);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==, span_us);
    kw_fake_clock_step(f->clock, 2 * G_TIME_SPAN_HOUR);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==, span_us);
    kw_kraken_rate_hold(f->rate, span_us / 2); /* never shortened */
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==, span_us);
    kw_fake_clock_advance(f->clock, span_us);
    g_assert_cmpint(kw_kraken_rate_get_wait_us(f->rate, 0, KW_KRAKEN_USE_VITAL), ==, 0);
}

static void
test_costs(Fixture *f, gconstpointer data)
{
    g_assert_cmpuint(kw_kraken_rate_get_cost("AddOrder"), ==, 0);
    g_assert_cmpuint(kw_kraken_rate_get_cost("TradesHistory"), ==, 2);
    g_assert_cmpuint(kw_kraken_rate_get_cost("ClosedOrders"), ==, 2);
    g_assert_cmpuint(kw_kraken_rate_get_cost("Balance"), ==, 1);
}

/* The documented example: add, amend after 7 s, cancel 36 s later make 8 points in all. */
static void
test_engine_example(Fixture *f, gconstpointer data)
{
    const gdouble threshold = 125, per_second = 2.34;
    gint64 wait_us;

    kw_kraken_rate_set_engine(f->rate, "XBTEUR", threshold - 8);
    kw_kraken_rate_count_engine(f->rate, "XBTEUR", KW_KRAKEN_ACT_ADD, 0);
    kw_kraken_rate_count_engine(f->rate, "XBTEUR", KW_KRAKEN_ACT_AMEND, 7 * G_USEC_PER_SEC);
    kw_kraken_rate_count_engine(f->rate, "XBTEUR", KW_KRAKEN_ACT_CANCEL, 36 * G_USEC_PER_SEC);
    wait_us = kw_kraken_rate_get_engine_wait_us(f->rate, "XBTEUR", KW_KRAKEN_ACT_ADD, 0);
    g_assert_cmpfloat_with_epsilon((gdouble) wait_us, 1 / per_second * 1e6, 2);
    g_assert_cmpint(kw_kraken_rate_get_engine_wait_us(f->rate, "ETHEUR", KW_KRAKEN_ACT_ADD, 0),
                    ==, 0);
    /* cancelling an old order is free, always */
    g_assert_cmpint(kw_kraken_rate_get_engine_wait_us(f->rate, "XBTEUR", KW_KRAKEN_ACT_CANCEL,
                                                      301 * G_USEC_PER_SEC),
                    ==, 0);
}

static void
test_learn(Fixture *f, gconstpointer data)
{
    kw_kraken_rate_learn(f->rate, 60);
    g_assert_cmpint(kw_kraken_rate_get_tier(f->rate), ==, KW_KRAKEN_TIER_STARTER);
    kw_kraken_rate_learn(f->rate, 180);
    g_assert_cmpint(kw_kraken_rate_get_tier(f->rate), ==, KW_KRAKEN_TIER_PRO);
    kw_kraken_rate_learn(f->rate, 125);
    g_assert_cmpint(kw_kraken_rate_get_tier(f->rate), ==, KW_KRAKEN_TIER_INTERMEDIATE);
    kw_kraken_rate_learn(f->rate, -1);
    g_assert_cmpint(kw_kraken_rate_get_tier(f->rate), ==, KW_KRAKEN_TIER_INTERMEDIATE);
}

/* Property: who waits as told never goes over the exchange's counter. */
static void
test_never_over(Fixture *f, gconstpointer data)
{
    gdouble theirs = 0;

    for (guint i = 0; i < 2000; i++) {
        guint cost = (guint) g_test_rand_int_range(0, 3);
        gint64 wait_us = kw_kraken_rate_get_wait_us(f->rate, cost, KW_KRAKEN_USE_VITAL);
        gint64 pause_us = wait_us + g_test_rand_int_range(0, 3000000);

        kw_fake_clock_advance(f->clock, pause_us);
        theirs = MAX(0.0, theirs - (gdouble) pause_us * 0.5e-6) + cost;
        kw_kraken_rate_count(f->rate, cost);
        g_assert_cmpfloat(theirs, <=, 20 + 1e-6);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/exchange/kraken-rate/rest", Fixture, NULL, set_up, test_rest, tear_down);
    g_test_add("/exchange/kraken-rate/refused", Fixture, NULL, set_up, test_refused, tear_down);
    g_test_add("/exchange/kraken-rate/f47/hold", Fixture, NULL, set_up, test_hold_steps,
               tear_down);
    g_test_add("/exchange/kraken-rate/costs", Fixture, NULL, set_up, test_costs, tear_down);
    g_test_add("/exchange/kraken-rate/engine-example", Fixture, NULL, set_up,
               test_engine_example, tear_down);
    g_test_add("/exchange/kraken-rate/learn", Fixture, NULL, set_up, test_learn, tear_down);
    g_test_add("/exchange/kraken-rate/never-over", Fixture, NULL, set_up, test_never_over,
               tear_down);
    return g_test_run();
}
