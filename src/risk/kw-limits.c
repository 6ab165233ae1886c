#include "kw-limits.h"

#include "kw-error.h"

#include <math.h>

#define MAX_TRADES 1000

/* Adds a line to @problems unless @low <= @value <= @high; NaN is never within. */
static void
check_range(GString *problems, const gchar *key, gdouble value, gdouble low, gdouble high)
{
    gchar text[3][G_ASCII_DTOSTR_BUF_SIZE];

    if (value >= low && value <= high)
        return;
    (void) g_ascii_formatd(text[0], sizeof text[0], "%g", value);
    (void) g_ascii_formatd(text[1], sizeof text[1], "%g", low);
    (void) g_ascii_formatd(text[2], sizeof text[2], "%g", high);
    g_string_append_printf(problems, "%s%s = %s: must be from %s to %s",
                           problems->len == 0 ? "" : "\n", key, text[0], text[1], text[2]);
}

static void
check_money(GString *problems, const gchar *key, KwDecimal value)
{
    check_range(problems, key, kw_decimal_to_double(value), 0.0, 1e9);
}

gboolean
kw_limits_check(const KwLimits *limits, GError **error)
{
    g_autoptr(GString) problems = g_string_new(NULL);

    g_return_val_if_fail(limits != NULL, FALSE);

    check_range(problems, "max_open_trades", limits->max_open_trades, 1, MAX_TRADES);
    check_money(problems, "max_exposure_pair", limits->max_exposure_pair);
    check_money(problems, "max_exposure_total", limits->max_exposure_total);
    check_money(problems, "min_stake", limits->min_stake);
    check_money(problems, "max_stake", limits->max_stake);
    if (kw_decimal_sign(limits->max_stake) > 0 &&
        kw_decimal_cmp(limits->min_stake, limits->max_stake) > 0)
        check_range(problems, "min_stake", kw_decimal_to_double(limits->min_stake), 0.0,
                    kw_decimal_to_double(limits->max_stake));
    check_range(problems, "max_orders_per_hour", limits->max_orders_per_hour, 0, 100000);
    check_range(problems, "max_orders_per_minute", limits->max_orders_per_minute, 0, 10000);
    check_range(problems, "max_losses_in_row", limits->max_losses_in_row, 0, 1000);
    check_money(problems, "max_daily_loss_abs", limits->max_daily_loss_abs);
    check_range(problems, "max_daily_loss_ratio", limits->max_daily_loss_ratio, 0.0, 1.0);
    check_range(problems, "max_drawdown_ratio", limits->max_drawdown_ratio, 0.0, 1.0);
    check_range(problems, "max_data_age_candles", limits->max_data_age_candles, 0.01, 100.0);
    check_range(problems, "max_price_jump_ratio", limits->max_price_jump_ratio, 0.001, 10.0);
    check_range(problems, "max_spread_ratio", limits->max_spread_ratio, 0.0001, 1.0);
    if (problems->len == 0)
        return TRUE;
    g_set_error_literal(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID, problems->str);
    return FALSE;
}
