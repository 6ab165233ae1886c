/* test-probation.c: the first two weeks tighten what is wide and leave what is tight */
#include "kw-probation.h"

#include <gio/gio.h>

static KwDecimal
units(gint64 mant)
{
    return (KwDecimal){.mant = mant, .scale = 0};
}

static void
assert_is(KwDecimal value, gint64 expected)
{
    g_assert_cmpint(kw_decimal_cmp(value, units(expected)), ==, 0);
}

static void
test_wide(void)
{
    KwLimits limits = {.max_daily_loss_abs = units(400), .max_stake = units(1000)};
    KwStakeRules stake = {.stake_amount = units(200)};

    kw_probation_tighten(&limits, &stake);
    assert_is(limits.max_daily_loss_abs, 50);
    assert_is(limits.max_stake, 50);
    assert_is(limits.min_stake, 25);
    assert_is(stake.stake_amount, 50);
}

static void
test_none(void)
{
    KwLimits limits = {.max_daily_loss_ratio = 0.1};
    KwStakeRules stake = {.is_unlimited = TRUE};

    kw_probation_tighten(&limits, &stake);
    assert_is(limits.max_daily_loss_abs, 50);
    assert_is(limits.max_stake, 50);
    g_assert_false(stake.is_unlimited);
    assert_is(stake.stake_amount, 50);
    g_assert_cmpfloat(limits.max_daily_loss_ratio, ==, 0.1);
}

static void
test_tight(void)
{
    KwLimits limits = {
        .max_daily_loss_abs = units(20), .max_stake = units(40), .min_stake = units(30)};
    KwStakeRules stake = {.stake_amount = units(35)};

    kw_probation_tighten(&limits, &stake);
    assert_is(limits.max_daily_loss_abs, 20);
    assert_is(limits.max_stake, 40);
    assert_is(limits.min_stake, 30);
    assert_is(stake.stake_amount, 35);
}

static void
test_end(void)
{
    g_assert_cmpint(kw_probation_get_end_us(1), ==, 14 * G_TIME_SPAN_DAY + 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/risk/probation/wide", test_wide);
    g_test_add_func("/risk/probation/none", test_none);
    g_test_add_func("/risk/probation/tight", test_tight);
    g_test_add_func("/risk/probation/end", test_end);
    return g_test_run();
}
