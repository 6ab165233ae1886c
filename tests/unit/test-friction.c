/* test-friction.c: which figures count, how draws spread, and what they do to a backtest */
#include "kw-error.h"
#include "kw-friction.h"
#include "kw-lab-rig.h"

#include <math.h>

#define DAY G_TIME_SPAN_DAY
#define HOUR G_TIME_SPAN_HOUR

static KwFriction *
parse(const gchar *text, guint latency_ms)
{
    g_autoptr(GError) error = NULL;
    KwFriction *friction = kw_friction_parse(text, 7, latency_ms, &error);

    g_assert_no_error(error);
    return friction;
}

/* Half the draws lie below the median, a tenth above the 90 % point. */
static void
test_spread_of_draws(void)
{
    g_autoptr(KwFriction) friction = parse("1970-01-01,*,*,0,0,0,0.002,0.001,0.004\n", 100);
    guint n_below = 0, n_above = 0;

    for (guint i = 0; i < 4000; i++) {
        gdouble cost = kw_friction_draw(friction, "BTC/USDT", i * HOUR, i % 2 == 0);

        g_assert_cmpfloat(cost, ==,
                          kw_friction_draw(friction, "BTC/USDT", i * HOUR, i % 2 == 0));
        g_assert_cmpfloat(cost, >, 0.0);
        n_below += cost < 0.001;
        n_above += cost > 0.004;
    }
    g_assert_cmpint(ABS((gint) n_below - 2000), <, 150);
    g_assert_cmpint(ABS((gint) n_above - 400), <, 80);
}

static void
test_choice(void)
{
    g_autoptr(KwFriction) friction = parse("date,pair,session,a,b,c,d,e,f\n"
                                           "1970-01-03,*,*,0,0,0,0.1,0,0\n"
                                           "1970-01-05,*,*,0,0,0,0.2,0,0\n"
                                           "1970-01-05,ETH/EUR,*,0,0,0,0.3,0,0\n"
                                           "1970-01-05,ETH/EUR,tokyo,0,0,0,0.4,0,0\n",
                                           100);

    g_assert_cmpfloat(kw_friction_draw(friction, "BTC/EUR", 0, TRUE), ==, 0.1);
    g_assert_cmpfloat(kw_friction_draw(friction, "BTC/EUR", 3 * DAY, TRUE), ==, 0.1);
    g_assert_cmpfloat(kw_friction_draw(friction, "BTC/EUR", 9 * DAY, TRUE), ==, 0.2);
    g_assert_cmpfloat(kw_friction_draw(friction, "ETH/EUR", 9 * DAY + 12 * HOUR, TRUE), ==,
                      0.3);
    g_assert_cmpfloat(kw_friction_draw(friction, "ETH/EUR", 9 * DAY + 3 * HOUR, TRUE), ==, 0.4);
}

static void
test_latency(void)
{
    g_autoptr(KwFriction) late = parse("1970-01-01,*,*,0,0,0,0.002,0.001,0.004\n", 900);

    for (guint i = 0; i < 20; i++)
        g_assert_cmpfloat(kw_friction_draw(late, "BTC/EUR", i * HOUR, TRUE), ==, 0.004);
}

static void
test_refusals(void)
{
    static const gchar *const texts[] = {"",
                                         "1970-01-01,*,*,0,0,0,0,0\n",
                                         "1970-13-01,*,*,0,0,0,0,0,0\n",
                                         "1970-01-01,*,mars,0,0,0,0,0,0\n",
                                         "1970-01-01,*,*,0,0,0,0,0.2,0.1\n",
                                         "1970-01-01,*,*,0,0,0,nan,0,0\n",
                                         "1970-01-01,*,*,0,0,0,-1,0,0\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_null(kw_friction_parse(texts[i], 1, 100, &error));
        g_assert_nonnull(error);
    }
}

/* In at 100 and out at 100 by signal: both cost one percent. */
static void
test_backtest_pays(void)
{
    g_autoptr(KwFriction) friction = parse("1970-01-01,*,*,0,0,0,0.01,0,0\n", 100);
    const KwTrade *trade;
    KwLabPair *pair;
    KwLabRig rig;

    kw_lab_rig_init(&rig);
    rig.options.stake.stake_amount = kw_decimal_from_int(50);
    rig.options.terms.startup_candles = 0;
    rig.options.friction = friction;
    pair = kw_lab_rig_add_pair(&rig, "BTC/USDT", (KwDecimal){.mant = 1, .scale = 2});
    for (guint i = 0; i < 6; i++) {
        KwLabRow row = {.candle = {.open_us = i * HOUR,
                                   .open = 100,
                                   .high = 101,
                                   .low = 99,
                                   .close = 100,
                                   .volume = 1},
                        .enter = i == 0,
                        .exit = i == 3};

        kw_lab_pair_add_row(pair, &row);
    }
    kw_lab_rig_run(&rig);
    g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 1);
    trade = kw_lab_rig_get_trade(&rig, 0);
    g_assert_cmpfloat(kw_decimal_to_double(trade->open_rate), ==, 101.0);
    g_assert_cmpfloat(kw_decimal_to_double(trade->close_rate), ==, 99.0);
    g_assert_cmpfloat_with_epsilon(trade->profit_ratio, 99.0 / 101.0 - 1.0, 1e-7);
    kw_lab_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/friction/draws", test_spread_of_draws);
    g_test_add_func("/lab/friction/choice", test_choice);
    g_test_add_func("/lab/friction/latency", test_latency);
    g_test_add_func("/lab/friction/refusals", test_refusals);
    g_test_add_func("/lab/friction/backtest", test_backtest_pays);
    return g_test_run();
}
