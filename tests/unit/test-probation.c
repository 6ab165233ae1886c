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

/* Where fifty buy nothing: one smallest order, as far as the owner's own limit goes; the loss
 * of a day stays small. */
static void
test_widen(void)
{
    KwLimits limits = {.max_daily_loss_abs = units(400), .max_stake = units(1000)};
    KwStakeRules stake = {.stake_amount = units(2000)};
    KwProbation self;

    g_assert_true(kw_probation_begin(&self, 0, 1, &limits, &stake));
    kw_probation_widen(&self, units(40), &limits, &stake);
    assert_is(limits.max_stake, 50);
    kw_probation_widen(&self, units(900), &limits, &stake);
    assert_is(limits.max_stake, 900);
    assert_is(stake.stake_amount, 900);
    assert_is(limits.max_daily_loss_abs, 50);
    kw_probation_widen(&self, units(1500), &limits, &stake);
    assert_is(limits.max_stake, 1000);
    g_assert_true(kw_probation_end_if_due(&self, G_MAXINT64, &limits, &stake));
    kw_probation_widen(&self, units(5000), &limits, &stake);
    assert_is(limits.max_stake, 1000);
    assert_is(stake.stake_amount, 2000);
}

static void
test_end(void)
{
    g_assert_cmpint(kw_probation_get_end_us(1), ==, 14 * G_TIME_SPAN_DAY + 1);
}

/* What was tightened comes back as it was, on the day, once. */
static void
test_lift(void)
{
    KwLimits limits = {.max_daily_loss_abs = units(200), .min_stake = units(5)};
    KwStakeRules stake = {.is_unlimited = TRUE};
    KwProbation probation;
    gint64 end_us = kw_probation_get_end_us(1);

    g_assert_true(kw_probation_begin(&probation, 1, end_us - 1, &limits, &stake));
    assert_is(limits.max_daily_loss_abs, 50);
    g_assert_false(stake.is_unlimited);
    g_assert_false(kw_probation_end_if_due(&probation, end_us - 1, &limits, &stake));
    assert_is(limits.max_daily_loss_abs, 50);
    g_assert_true(kw_probation_end_if_due(&probation, end_us, &limits, &stake));
    assert_is(limits.max_daily_loss_abs, 200);
    assert_is(limits.max_stake, 0);
    assert_is(limits.min_stake, 5);
    g_assert_true(stake.is_unlimited);
    g_assert_false(kw_probation_end_if_due(&probation, end_us, &limits, &stake));
}

static void
test_over(void)
{
    KwLimits limits = {.max_stake = units(200)};
    KwStakeRules stake = {.stake_amount = units(150)};
    KwProbation probation;
    gint64 end_us = kw_probation_get_end_us(1);

    g_assert_false(kw_probation_begin(&probation, 1, end_us, &limits, &stake));
    assert_is(limits.max_stake, 200);
    g_assert_false(kw_probation_end_if_due(&probation, end_us + 1, &limits, &stake));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/risk/probation/wide", test_wide);
    g_test_add_func("/risk/probation/none", test_none);
    g_test_add_func("/risk/probation/tight", test_tight);
    g_test_add_func("/risk/probation/end", test_end);
    g_test_add_func("/risk/probation/lift", test_lift);
    g_test_add_func("/risk/probation/over", test_over);
    g_test_add_func("/risk/probation/widen", test_widen);
    return g_test_run();
}
