/* kw-strategy-terms.c: defaults and ranges of the declared exit rules */
#include "kw-strategy-terms.h"

#include "kw-error.h"
#include "kw-timeframe.h"

#include <math.h>

KwStrategyTerms
kw_strategy_terms_default(void)
{
    return (KwStrategyTerms){
        .timeframe_us = KW_TIMEFRAME_1H_US,
        .stoploss = -0.10,
        .trailing_stop_positive = NAN,
        .use_exit_signal = TRUE,
    };
}

static gboolean
fail(GError **error, const gchar *field, const gchar *rule, gdouble value)
{
    gchar text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%g", value);
    g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE, "%s: must be %s, but is %s",
                field, rule, text);
    return FALSE;
}

static gboolean
check_trailing(const KwStrategyTerms *terms, GError **error)
{
    gdouble positive = terms->trailing_stop_positive;
    gdouble offset = terms->trailing_stop_positive_offset;

    if (!isnan(positive) && !(positive > 0.0 && positive < 1.0))
        return fail(error, "trailing_stop_positive", "above 0 and below 1", positive);
    if (!(offset >= 0.0 && offset <= 100.0))
        return fail(error, "trailing_stop_positive_offset", "between 0 and 100", offset);
    if (!isnan(positive) && offset > 0.0 && offset <= positive)
        return fail(error, "trailing_stop_positive_offset", "above trailing_stop_positive",
                    offset);
    if (terms->trailing_only_offset_is_reached && !(offset > 0.0))
        return fail(error, "trailing_stop_positive_offset",
                    "above 0 with trailing_only_offset_is_reached", offset);
    return TRUE;
}

static gboolean
check_roi(const KwStrategyTerms *terms, GError **error)
{
    if (terms->n_roi > KW_STRATEGY_MAX_ROI)
        return fail(error, "minimal_roi", "at most 16 steps", terms->n_roi);
    for (guint i = 0; i < terms->n_roi; i++) {
        const KwRoiStep *step = &terms->roi[i];

        if (step->minutes < 0 || (i > 0 && step->minutes <= step[-1].minutes))
            return fail(error, "minimal_roi", "ascending minutes from 0 on", step->minutes);
        if (!(step->ratio >= -1.0 && step->ratio <= 1000.0))
            return fail(error, "minimal_roi", "ratios between -1 and 1000", step->ratio);
    }
    return TRUE;
}

gboolean
kw_strategy_terms_check(const KwStrategyTerms *terms, GError **error)
{
    g_return_val_if_fail(terms != NULL, FALSE);

    if (terms->timeframe_us <= 0)
        return fail(error, "timeframe", "above 0", (gdouble) terms->timeframe_us);
    if (terms->startup_candles > KW_STRATEGY_MAX_STARTUP)
        return fail(error, "startup_candles", "at most 5000", terms->startup_candles);
    if (!(terms->stoploss >= -1.0 && terms->stoploss < 0.0))
        return fail(error, "stoploss", "at least -1 and below 0 (-0.10 is 10 % below entry)",
                    terms->stoploss);
    if (!isfinite(terms->exit_profit_offset))
        return fail(error, "exit_profit_offset", "a finite ratio", terms->exit_profit_offset);
    return check_trailing(terms, error) && check_roi(terms, error);
}

const KwRoiStep *
kw_strategy_terms_find_roi(const KwStrategyTerms *terms, gint64 minutes)
{
    const KwRoiStep *found = NULL;

    g_return_val_if_fail(terms != NULL, NULL);

    for (guint i = 0; i < terms->n_roi && terms->roi[i].minutes <= minutes; i++)
        found = &terms->roi[i];
    return found;
}
