/* kw-exit.c: when and at which price a trade ends
 *
 * A candle tells where the price went and not in which order. The rules are those of the
 * reference engine, step by step: the high first (it may raise a trailing stop, which the
 * same candle's low then hits), then the candidates in a fixed order, of which the first that
 * gives a price wins. Arithmetic is IEEE doubles in the reference's order of operations, with
 * its roundings: ratios to 8 digits, stops up to the tick. A nicer order of steps was not
 * considered: the point of this file is to give the same trades. */
#include "kw-exit.h"

#include <math.h>

#define MINUTE_US G_GINT64_CONSTANT(60000000)

/* What the steps look at */
typedef struct {
    KwTrade *trade; /* borrowed */
    const KwStrategyTerms *terms;
    const KwCandle *candle;
    KwExitSignal signal;
    gint64 minutes; /* whole ones since the opening */
    gdouble stop;
} Scene;

const gchar *
kw_exit_reason_to_string(KwExitReason reason)
{
    switch (reason) {
    case KW_EXIT_NONE:
        return "";
    case KW_EXIT_SIGNAL:
        return "exit_signal";
    case KW_EXIT_STOP_LOSS:
        return "stop_loss";
    case KW_EXIT_ROI:
        return "roi";
    case KW_EXIT_TRAILING_STOP:
        return "trailing_stop_loss";
    case KW_EXIT_FORCED:
        return "force_exit";
    }
    g_return_val_if_reached("");
}

const gchar *
kw_exit_name_reason(KwExitReason reason, const gchar *exit_tag)
{
    if (reason == KW_EXIT_SIGNAL && exit_tag != NULL && exit_tag[0] != '\0')
        return exit_tag;
    return kw_exit_reason_to_string(reason);
}

/* @rate * (1 - |@ratio|), up to the tick */
static gboolean
get_stop_below(
    gdouble rate, gdouble ratio, KwDecimal price_tick, KwDecimal *out, GError **error)
{
    KwDecimal exact;

    return kw_decimal_from_double(rate * (1.0 - fabs(ratio)), price_tick.scale, KW_ROUND_UP,
                                  &exact, error) &&
           kw_decimal_to_tick(exact, price_tick, KW_ROUND_UP, out, error);
}

gboolean
kw_exit_set_initial_stop(KwTrade *trade,
                         const KwStrategyTerms *terms,
                         KwDecimal price,
                         KwDecimal price_tick,
                         GError **error)
{
    KwDecimal stop;

    g_return_val_if_fail(trade != NULL && terms != NULL, FALSE);

    if (!get_stop_below(kw_decimal_to_double(price), terms->stoploss, price_tick, &stop, error))
        return FALSE;
    trade->stop = stop;
    trade->initial_stop = stop;
    trade->stop_ratio = -fabs(terms->stoploss);
    trade->is_trailing = FALSE;
    return TRUE;
}

/* -- what a candle does to the trade -- */

void
kw_exit_widen_range(KwTrade *trade, gdouble high, gdouble low)
{
    gdouble open_rate;

    g_return_if_fail(trade != NULL);

    open_rate = kw_decimal_to_double(trade->open_rate);
    trade->max_rate = MAX(trade->max_rate > 0.0 ? trade->max_rate : open_rate, high);
    trade->min_rate = MIN(trade->min_rate > 0.0 ? trade->min_rate : open_rate, low);
}

static void
raise_stop(Scene *scene, KwDecimal price_tick)
{
    const KwStrategyTerms *terms = scene->terms;
    KwTrade *trade = scene->trade;
    gdouble ratio = terms->stoploss;
    gdouble at_high;
    KwDecimal stop;

    if (!terms->trailing_stop || !(scene->stop < scene->candle->low))
        return;
    at_high = kw_trade_get_ratio_at(trade, scene->candle->high);
    if (terms->trailing_only_offset_is_reached &&
        at_high < terms->trailing_stop_positive_offset)
        return;
    if (!isnan(terms->trailing_stop_positive) && at_high > terms->trailing_stop_positive_offset)
        ratio = terms->trailing_stop_positive;
    if (!get_stop_below(scene->candle->high, ratio, price_tick, &stop, NULL) ||
        kw_decimal_cmp(stop, trade->stop) <= 0)
        return;
    trade->stop = stop;
    trade->stop_ratio = -fabs(ratio);
    trade->is_trailing = TRUE;
    scene->stop = kw_decimal_to_double(stop);
}

/* -- the candidates; each returns whether it gives a price -- */

static gboolean
exit_by_signal(const Scene *scene, gdouble *out_price)
{
    const KwStrategyTerms *terms = scene->terms;

    if (!terms->use_exit_signal || !scene->signal.exit || scene->signal.enter)
        return FALSE;
    if (terms->exit_profit_only &&
        !(kw_trade_get_ratio_at(scene->trade, scene->candle->open) > terms->exit_profit_offset))
        return FALSE;
    *out_price = scene->candle->open;
    return TRUE;
}

/* In the candle of the entry a trailing stop was raised by a high that may have come before or
 * after the low: the reference assumes the stop of a rise just to the offset. */
static gdouble
get_first_candle_stop(const Scene *scene)
{
    const KwStrategyTerms *terms = scene->terms;
    gdouble positive = terms->trailing_stop_positive;
    gdouble fall = -fabs(scene->trade->stop_ratio);

    if (terms->trailing_stop && terms->trailing_only_offset_is_reached && !isnan(positive) &&
        fabs(positive) > 0.0)
        fall = fabs(terms->trailing_stop_positive_offset) - fabs(positive);
    return MAX(scene->candle->low, scene->candle->open * (1.0 + fall));
}

static gboolean
exit_by_stop(const Scene *scene, gdouble *out_price)
{
    if (!(scene->stop >= scene->candle->low))
        return FALSE;
    if (scene->stop > scene->candle->high)
        *out_price = scene->candle->open;
    else if (scene->trade->is_trailing && scene->minutes == 0)
        *out_price = get_first_candle_stop(scene);
    else
        *out_price = scene->stop;
    return TRUE;
}

/* The rate at which the trade has the profit @ratio after both fees */
static gdouble
get_rate_of_ratio(const KwTrade *trade, gdouble ratio)
{
    gdouble open_rate = kw_decimal_to_double(trade->open_rate);

    return (open_rate * ratio + open_rate * (1.0 + trade->fee_open_ratio)) /
           (1.0 - trade->fee_close_ratio);
}

gboolean
kw_exit_get_target(const KwTrade *trade, const KwStrategyTerms *terms, gdouble *out_rate)
{
    const KwRoiStep *step;

    g_return_val_if_fail(trade != NULL && terms != NULL && out_rate != NULL, FALSE);

    step = kw_strategy_terms_find_roi(terms, 0);
    if (step == NULL || step->ratio <= 0)
        return FALSE;
    *out_rate = get_rate_of_ratio(trade, step->ratio);
    return TRUE;
}

static gboolean
price_of_roi(const Scene *scene, const KwRoiStep *step, gdouble *out_price)
{
    const KwCandle *candle = scene->candle;
    gint64 frame_minutes = MAX(scene->terms->timeframe_us / MINUTE_US, 1);
    gboolean is_on_grid = step->minutes % frame_minutes == 0;
    gboolean is_first = scene->minutes == 0;
    gdouble open_rate = kw_decimal_to_double(scene->trade->open_rate);
    gdouble rate;

    if (step->ratio <= -1.0 && is_on_grid) {
        *out_price = candle->open;
        return TRUE;
    }
    rate = get_rate_of_ratio(scene->trade, step->ratio);
    if (!is_first && scene->minutes == step->minutes && is_on_grid && candle->open > rate) {
        *out_price = candle->open; /* a lower step begins with this candle */
        return TRUE;
    }
    if (is_first && candle->open > candle->close && open_rate < candle->open &&
        rate > candle->close)
        return FALSE; /* it fell from its open to the entry: nothing proves that it rose again
                       */
    *out_price = MIN(MAX(rate, candle->low), candle->high);
    return TRUE;
}

static gboolean
exit_by_roi(const Scene *scene, gdouble *out_price)
{
    const KwRoiStep *step = kw_strategy_terms_find_roi(scene->terms, scene->minutes);

    if (step == NULL || (scene->terms->ignore_roi_if_entry_signal && scene->signal.enter))
        return FALSE;
    if (!(kw_trade_get_ratio_at(scene->trade, scene->candle->high) > step->ratio))
        return FALSE;
    return price_of_roi(scene, step, out_price);
}

KwExitReason
kw_exit_evaluate(KwTrade *trade,
                 const KwStrategyTerms *terms,
                 const KwCandle *candle,
                 KwExitSignal signal,
                 KwDecimal price_tick,
                 gdouble *out_price)
{
    Scene scene = {.trade = trade, .terms = terms, .candle = candle, .signal = signal};

    g_return_val_if_fail(trade != NULL && terms != NULL && candle != NULL, KW_EXIT_NONE);
    g_return_val_if_fail(out_price != NULL, KW_EXIT_NONE);

    scene.minutes = (candle->open_us - trade->open_us) / MINUTE_US;
    scene.stop = kw_decimal_to_double(trade->stop);
    kw_exit_widen_range(trade, candle->high, candle->low);
    raise_stop(&scene, price_tick);

    if (exit_by_signal(&scene, out_price))
        return KW_EXIT_SIGNAL;
    if (!trade->is_trailing && exit_by_stop(&scene, out_price))
        return KW_EXIT_STOP_LOSS;
    if (exit_by_roi(&scene, out_price))
        return KW_EXIT_ROI;
    if (trade->is_trailing && exit_by_stop(&scene, out_price))
        return KW_EXIT_TRAILING_STOP;
    return KW_EXIT_NONE;
}
