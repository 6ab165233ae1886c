/* test-limits.c: wrong limits are named all at once */
#include "kw-error.h"
#include "kw-limits.h"

#include <math.h>
#include <string.h>

static KwLimits
make_limits(void)
{
    return (KwLimits){.max_open_trades = 3,
                      .min_stake = {.mant = 10, .scale = 0},
                      .max_stake = {.mant = 200, .scale = 0},
                      .max_daily_loss_ratio = 0.05,
                      .max_drawdown_ratio = 0.2,
                      .max_data_age_candles = 2.5,
                      .max_price_jump_ratio = 0.5,
                      .max_spread_ratio = 0.01};
}

static void
test_accepts(void)
{
    KwLimits limits = make_limits();
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_limits_check(&limits, &error));
    g_assert_no_error(error);
}

static void
test_names_all(void)
{
    static const gchar *const keys[] = {
        "max_open_trades = 0: ", "max_stake = -1: ", "max_daily_loss_ratio = 1.5: ",
        "max_drawdown_ratio = ", "max_spread_ratio = 0:"};
    KwLimits limits = make_limits();
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) lines = NULL;

    limits.max_open_trades = 0;
    limits.max_stake = kw_decimal_from_int(-1);
    limits.max_daily_loss_ratio = 1.5;
    limits.max_drawdown_ratio = NAN;
    limits.max_spread_ratio = 0.0;
    g_assert_false(kw_limits_check(&limits, &error));
    g_assert_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID);
    lines = g_strsplit(error->message, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, G_N_ELEMENTS(keys));
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_test_message("%s", lines[i]);
        g_assert_true(g_str_has_prefix(lines[i], keys[i]));
    }
}

static void
test_minimum_above_maximum(void)
{
    KwLimits limits = make_limits();
    g_autoptr(GError) error = NULL;

    limits.min_stake = kw_decimal_from_int(201);
    g_assert_false(kw_limits_check(&limits, &error));
    g_assert_nonnull(strstr(error->message, "min_stake = 201: must be from 0 to 200"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/risk/limits/accepts", test_accepts);
    g_test_add_func("/risk/limits/names-all", test_names_all);
    g_test_add_func("/risk/limits/minimum-above-maximum", test_minimum_above_maximum);
    return g_test_run();
}
