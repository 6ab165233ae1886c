/* kw-recipe.c: MACD and Bollinger bands, in terms of other columns
 *
 * As single operations they would need columns with several outputs; in parts they share
 * the mean with whoever else uses it. TA-Lib seeds the fast EMA of a MACD late, so that both
 * start on the same row; the skip parameter of ema is there for that. */
#include "kw-recipe.h"

static KwColumn *
apply2(KwFrame *frame, KwOp op, KwColumn *a, KwColumn *b, GError **error)
{
    KwColumn *inputs[] = {a, b};

    return a != NULL && b != NULL ? kw_frame_apply(frame, op, inputs, NULL, error) : NULL;
}

static KwColumn *
ema(KwFrame *frame, KwColumn *input, gint period, gint skip, GError **error)
{
    gint params[] = {period, skip};

    return kw_frame_apply(frame, KW_OP_EMA, &input, params, error);
}

gboolean
kw_recipe_macd(
    KwFrame *frame, KwColumn *input, const gint periods[3], KwMacd *out, GError **error)
{
    KwColumn *fast, *slow, *raw, *signal;
    KwMacd macd = {0};

    g_return_val_if_fail(frame != NULL && input != NULL && out != NULL, FALSE);

    if (periods[0] < 1 || periods[1] <= periods[0] || periods[1] > KW_OP_MAX_PERIOD) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                    "macd: needs 1 <= fast < slow <= %d, but fast is %d and slow is %d",
                    KW_OP_MAX_PERIOD, periods[0], periods[1]);
        return FALSE;
    }
    fast = ema(frame, input, periods[0], periods[1] - periods[0], error);
    slow = fast != NULL ? ema(frame, input, periods[1], 0, error) : NULL;
    raw = apply2(frame, KW_OP_SUB, fast, slow, error);
    signal = raw != NULL ? ema(frame, raw, periods[2], 0, error) : NULL;
    macd.line = apply2(frame, KW_OP_WHERE, raw, signal, error);
    macd.signal = signal;
    macd.hist = apply2(frame, KW_OP_SUB, macd.line, signal, error);
    if (macd.hist == NULL)
        return FALSE;
    *out = macd;
    return TRUE;
}

gboolean
kw_recipe_bollinger(KwFrame *frame,
                    KwColumn *input,
                    gint period,
                    gdouble width,
                    KwBollinger *out,
                    GError **error)
{
    KwColumn *middle, *deviation, *factor, *band;
    KwBollinger bollinger = {0};

    g_return_val_if_fail(frame != NULL && input != NULL && out != NULL, FALSE);

    if (!(width > 0.0 && width <= 100.0)) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                    "bollinger: width must be above 0 and at most 100");
        return FALSE;
    }
    deviation = kw_frame_apply(frame, KW_OP_STDDEV, &input, &period, error);
    middle =
        deviation != NULL ? kw_frame_apply(frame, KW_OP_SMA, &input, &period, error) : NULL;
    factor = middle != NULL ? kw_frame_constant(frame, width, error) : NULL;
    band = apply2(frame, KW_OP_MUL, deviation, factor, error);
    bollinger.upper = apply2(frame, KW_OP_ADD, middle, band, error);
    bollinger.middle = middle;
    bollinger.lower =
        bollinger.upper != NULL ? apply2(frame, KW_OP_SUB, middle, band, error) : NULL;
    if (bollinger.lower == NULL)
        return FALSE;
    *out = bollinger;
    return TRUE;
}
