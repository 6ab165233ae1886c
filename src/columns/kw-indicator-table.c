/* kw-indicator-table.c: how each indicator is put together from operations
 *
 * Most indicators are a few operations that others use as well (a mean, a range), so they
 * are written as expressions over the frame: equal parts are computed once, and there is no
 * second place where a mean could be wrong. Where TA-Lib says 0 instead of dividing by a
 * range of nothing, the divisor gets a floor that no real one is below.
 *
 * A failing part gives NULL, and what is built on NULL is NULL: an expression needs no
 * checks in between, and the first error is kept. */
#include "kw-indicator-private.h"

#include "kw-recipe.h"

#include <math.h>

#define SMALLEST_DIVISOR 1e-300

/* -- parts of expressions -- */

static KwColumn *
apply_all(KwIndicatorBuild *self, KwOp op, KwColumn *const *inputs, const gint *params)
{
    if (self->error != NULL)
        return NULL;
    return kw_frame_apply(self->frame, op, inputs, params, &self->error);
}

static KwColumn *
apply2(KwIndicatorBuild *self, KwOp op, KwColumn *x, gint first, gint second)
{
    gint params[] = {first, second};

    return apply_all(self, op, &x, params);
}

static KwColumn *
apply(KwIndicatorBuild *self, KwOp op, KwColumn *x, gint param)
{
    return apply2(self, op, x, param, 0);
}

static KwColumn *
op1(KwIndicatorBuild *self, KwOp op, KwColumn *x)
{
    return apply_all(self, op, &x, NULL);
}

static KwColumn *
op2(KwIndicatorBuild *self, KwOp op, KwColumn *a, KwColumn *b)
{
    KwColumn *inputs[] = {a, b};

    return apply_all(self, op, inputs, NULL);
}

static KwColumn *
constant(KwIndicatorBuild *self, gdouble value)
{
    return self->error == NULL ? kw_frame_constant(self->frame, value, &self->error) : NULL;
}

static KwColumn *
scale(KwIndicatorBuild *self, KwColumn *x, gdouble factor)
{
    return op2(self, KW_OP_MUL, x, constant(self, factor));
}

/* @a / @b for a @b >= 0; 0 where both are 0 */
static KwColumn *
ratio(KwIndicatorBuild *self, KwColumn *a, KwColumn *b)
{
    return op2(self, KW_OP_DIV, a, op2(self, KW_OP_MAX, b, constant(self, SMALLEST_DIVISOR)));
}

/* Over as many rows as parameter @index says */
static KwColumn *
window(KwIndicatorBuild *self, KwOp op, KwColumn *x, guint index)
{
    return apply(self, op, x, (gint) self->params[index]);
}

static KwColumn *
mean_of(KwIndicatorBuild *self, KwColumn *x, guint index)
{
    return window(self, KW_OP_SMA, x, index);
}

static KwColumn *
window_of_bars(KwIndicatorBuild *self, KwOp op)
{
    gint period = (gint) self->params[0];

    return apply_all(self, op, self->in, &period);
}

static KwColumn *
ema(KwIndicatorBuild *self, KwColumn *x)
{
    return window(self, KW_OP_EMA, x, 0);
}

static KwColumn *
difference(KwIndicatorBuild *self, KwColumn *x, gint n_rows)
{
    return op2(self, KW_OP_SUB, x, apply(self, KW_OP_SHIFT, x, n_rows));
}

/* The inputs of these begin with high, low, close */
static KwColumn *
typical_price(KwIndicatorBuild *self)
{
    KwColumn *sum = op2(self, KW_OP_ADD, self->in[0], self->in[1]);

    return op2(self, KW_OP_DIV, op2(self, KW_OP_ADD, sum, self->in[2]), constant(self, 3.0));
}

static KwColumn *
true_low(KwIndicatorBuild *self)
{
    return op2(self, KW_OP_MIN, self->in[1], apply(self, KW_OP_SHIFT, self->in[2], 1));
}

static KwColumn *
true_range(KwIndicatorBuild *self)
{
    KwColumn *previous = apply(self, KW_OP_SHIFT, self->in[2], 1);

    return op2(self, KW_OP_SUB, op2(self, KW_OP_MAX, self->in[0], previous), true_low(self));
}

typedef struct {
    KwColumn *highest, *lowest, *width;
} Range;

static Range
price_range(KwIndicatorBuild *self)
{
    Range range;

    range.highest = window(self, KW_OP_ROLLING_MAX, self->in[0], 0);
    range.lowest = window(self, KW_OP_ROLLING_MIN, self->in[1], 0);
    range.width = op2(self, KW_OP_SUB, range.highest, range.lowest);
    return range;
}

/* Place of the close in the range, 0 to 100 */
static KwColumn *
fast_k(KwIndicatorBuild *self)
{
    Range range = price_range(self);
    KwColumn *height = op2(self, KW_OP_SUB, self->in[2], range.lowest);

    return scale(self, ratio(self, height, range.width), 100.0);
}

static KwColumn *
ultosc_part(KwIndicatorBuild *self, guint index)
{
    KwColumn *pressure = op2(self, KW_OP_SUB, self->in[2], true_low(self));

    return ratio(self, mean_of(self, pressure, index), mean_of(self, true_range(self), index));
}

static KwColumn *
aroon(KwIndicatorBuild *self, KwOp since)
{
    gdouble period = self->params[0];
    KwColumn *rows = apply(self, since, self->in[0], (gint) period + 1);
    KwColumn *left = op2(self, KW_OP_SUB, constant(self, period), rows);

    return op2(self, KW_OP_DIV, scale(self, left, 100.0), constant(self, period));
}

static KwMacd
macd(KwIndicatorBuild *self)
{
    gint periods[] = {(gint) self->params[0], (gint) self->params[1], (gint) self->params[2]};
    KwMacd out = {0};

    if (self->error == NULL)
        (void) kw_recipe_macd(self->frame, self->in[0], periods, &out, &self->error);
    return out;
}

static KwBollinger
bollinger(KwIndicatorBuild *self)
{
    KwBollinger out = {0};

    if (self->error == NULL)
        (void) kw_recipe_bollinger(self->frame, self->in[0], (gint) self->params[0],
                                   self->params[1], &out, &self->error);
    return out;
}

static KwColumn *
session(KwIndicatorBuild *self, KwSessionName name)
{
    const KwSession *border = &self->sessions[name];

    return apply2(self, KW_OP_SESSION, self->in[0], border->from_minute, border->to_minute);
}

/* -- the indicators, in the order of the table -- */

static KwColumn *
build_same(KwIndicatorBuild *self)
{
    return self->in[0];
}

static KwColumn *
build_sma(KwIndicatorBuild *self)
{
    return window(self, KW_OP_SMA, self->in[0], 0);
}

static KwColumn *
build_ema(KwIndicatorBuild *self)
{
    return window(self, KW_OP_EMA, self->in[0], 0);
}

static KwColumn *
build_wma(KwIndicatorBuild *self)
{
    return window(self, KW_OP_WMA, self->in[0], 0);
}

static KwColumn *
build_dema(KwIndicatorBuild *self)
{
    KwColumn *once = ema(self, self->in[0]);

    return op2(self, KW_OP_SUB, scale(self, once, 2.0), ema(self, once));
}

static KwColumn *
build_tema(KwIndicatorBuild *self)
{
    KwColumn *once = ema(self, self->in[0]), *twice = ema(self, once);
    KwColumn *lag = scale(self, op2(self, KW_OP_SUB, once, twice), 3.0);

    return op2(self, KW_OP_ADD, lag, ema(self, twice));
}

static KwColumn *
build_kama(KwIndicatorBuild *self)
{
    return window(self, KW_OP_KAMA, self->in[0], 0);
}

static KwColumn *
build_trix(KwIndicatorBuild *self)
{
    KwColumn *thrice = ema(self, ema(self, ema(self, self->in[0])));

    return scale(self, apply(self, KW_OP_PCT_CHANGE, thrice, 1), 100.0);
}

static KwColumn *
build_rsi(KwIndicatorBuild *self)
{
    return window(self, KW_OP_RSI, self->in[0], 0);
}

static KwColumn *
build_cmo(KwIndicatorBuild *self)
{
    KwColumn *move = difference(self, self->in[0], 1);
    KwColumn *size = op1(self, KW_OP_ABS, move);

    return scale(
        self,
        ratio(self, window(self, KW_OP_WILDER, move, 0), window(self, KW_OP_WILDER, size, 0)),
        100.0);
}

static KwColumn *
build_mom(KwIndicatorBuild *self)
{
    return difference(self, self->in[0], (gint) self->params[0]);
}

static KwColumn *
build_roc(KwIndicatorBuild *self)
{
    return scale(self, window(self, KW_OP_PCT_CHANGE, self->in[0], 0), 100.0);
}

static KwColumn *
build_pct_change(KwIndicatorBuild *self)
{
    return window(self, KW_OP_PCT_CHANGE, self->in[0], 0);
}

static KwColumn *
build_macd(KwIndicatorBuild *self)
{
    return macd(self).line;
}

static KwColumn *
build_macd_signal(KwIndicatorBuild *self)
{
    return macd(self).signal;
}

static KwColumn *
build_macd_hist(KwIndicatorBuild *self)
{
    return macd(self).hist;
}

static KwColumn *
build_bb_upper(KwIndicatorBuild *self)
{
    return bollinger(self).upper;
}

static KwColumn *
build_bb_middle(KwIndicatorBuild *self)
{
    return bollinger(self).middle;
}

static KwColumn *
build_bb_lower(KwIndicatorBuild *self)
{
    return bollinger(self).lower;
}

static KwColumn *
build_bb_width(KwIndicatorBuild *self)
{
    KwBollinger bb = bollinger(self);

    return op2(self, KW_OP_DIV, op2(self, KW_OP_SUB, bb.upper, bb.lower), bb.middle);
}

static KwColumn *
build_stddev(KwIndicatorBuild *self)
{
    return window(self, KW_OP_STDDEV, self->in[0], 0);
}

static KwColumn *
build_zscore(KwIndicatorBuild *self)
{
    KwColumn *mean = window(self, KW_OP_SMA, self->in[0], 0);
    KwColumn *deviation = window(self, KW_OP_STDDEV, self->in[0], 0);

    return op2(self, KW_OP_DIV, op2(self, KW_OP_SUB, self->in[0], mean), deviation);
}

static KwColumn *
build_quantile(KwIndicatorBuild *self)
{
    return apply2(self, KW_OP_ROLLING_QUANTILE, self->in[0], (gint) self->params[0],
                  (gint) self->params[1]);
}

static KwColumn *
build_rank(KwIndicatorBuild *self)
{
    return window(self, KW_OP_ROLLING_RANK, self->in[0], 0);
}

static KwColumn *
build_linreg_slope(KwIndicatorBuild *self)
{
    return window(self, KW_OP_LINREG_SLOPE, self->in[0], 0);
}

static KwColumn *
build_max(KwIndicatorBuild *self)
{
    return window(self, KW_OP_ROLLING_MAX, self->in[0], 0);
}

static KwColumn *
build_min(KwIndicatorBuild *self)
{
    return window(self, KW_OP_ROLLING_MIN, self->in[0], 0);
}

static KwColumn *
build_ht_trendline(KwIndicatorBuild *self)
{
    return op1(self, KW_OP_HT_TRENDLINE, self->in[0]);
}

static KwColumn *
build_ema_ratio(KwIndicatorBuild *self)
{
    KwColumn *mean = ema(self, self->in[0]);

    return op2(self, KW_OP_DIV, op2(self, KW_OP_SUB, self->in[0], mean), mean);
}

static KwColumn *
build_volatility(KwIndicatorBuild *self)
{
    return window(self, KW_OP_STDDEV, apply(self, KW_OP_PCT_CHANGE, self->in[0], 1), 0);
}

static KwColumn *
build_regime(KwIndicatorBuild *self)
{
    KwColumn *moves = apply(self, KW_OP_PCT_CHANGE, self->in[0], 1);

    return apply(self, KW_OP_REGIME, window(self, KW_OP_STDDEV, moves, 0),
                 (gint) self->params[1]);
}

static KwColumn *
build_atr(KwIndicatorBuild *self)
{
    return window_of_bars(self, KW_OP_ATR);
}

static KwColumn *
build_natr(KwIndicatorBuild *self)
{
    return scale(self, op2(self, KW_OP_DIV, window_of_bars(self, KW_OP_ATR), self->in[2]),
                 100.0);
}

static KwColumn *
build_trange(KwIndicatorBuild *self)
{
    return true_range(self);
}

static KwColumn *
build_adx(KwIndicatorBuild *self)
{
    return window_of_bars(self, KW_OP_ADX);
}

static KwColumn *
build_plus_di(KwIndicatorBuild *self)
{
    return window_of_bars(self, KW_OP_PLUS_DI);
}

static KwColumn *
build_minus_di(KwIndicatorBuild *self)
{
    return window_of_bars(self, KW_OP_MINUS_DI);
}

static KwColumn *
build_cci(KwIndicatorBuild *self)
{
    KwColumn *price = typical_price(self);
    KwColumn *away = op2(self, KW_OP_SUB, price, window(self, KW_OP_SMA, price, 0));
    KwColumn *usual = scale(self, window(self, KW_OP_MEAN_DEVIATION, price, 0), 0.015);

    return ratio(self, away, usual);
}

static KwColumn *
build_willr(KwIndicatorBuild *self)
{
    Range range = price_range(self);

    return scale(self,
                 ratio(self, op2(self, KW_OP_SUB, range.highest, self->in[2]), range.width),
                 -100.0);
}

static KwColumn *
build_ultosc(KwIndicatorBuild *self)
{
    KwColumn *sum = scale(self, ultosc_part(self, 0), 4.0 / 7.0);

    sum = op2(self, KW_OP_ADD, sum, scale(self, ultosc_part(self, 1), 2.0 / 7.0));
    sum = op2(self, KW_OP_ADD, sum, scale(self, ultosc_part(self, 2), 1.0 / 7.0));
    return scale(self, sum, 100.0);
}

static KwColumn *
build_stoch_slowk(KwIndicatorBuild *self)
{
    KwColumn *slow = mean_of(self, fast_k(self), 1);

    return op2(self, KW_OP_WHERE, slow, mean_of(self, slow, 2));
}

static KwColumn *
build_stoch_slowd(KwIndicatorBuild *self)
{
    return mean_of(self, mean_of(self, fast_k(self), 1), 2);
}

static KwColumn *
build_stochf_k(KwIndicatorBuild *self)
{
    KwColumn *fast = fast_k(self);

    return op2(self, KW_OP_WHERE, fast, mean_of(self, fast, 1));
}

static KwColumn *
build_stochf_d(KwIndicatorBuild *self)
{
    return mean_of(self, fast_k(self), 1);
}

static KwColumn *
build_aroon_down(KwIndicatorBuild *self)
{
    return aroon(self, KW_OP_SINCE_MIN);
}

static KwColumn *
build_aroon_up(KwIndicatorBuild *self)
{
    return aroon(self, KW_OP_SINCE_MAX);
}

static KwColumn *
build_sar(KwIndicatorBuild *self)
{
    gint step = (gint) (self->params[0] / KW_OP_SAR_UNIT + 0.5);
    gint max = (gint) (self->params[1] / KW_OP_SAR_UNIT + 0.5);
    gint params[] = {step, max};

    return apply_all(self, KW_OP_SAR, self->in, params);
}

static KwColumn *
build_hl_ratio(KwIndicatorBuild *self)
{
    return op2(self, KW_OP_DIV, self->in[0], self->in[1]);
}

static KwColumn *
build_hl_mean(KwIndicatorBuild *self)
{
    return window(self, KW_OP_SMA, build_hl_ratio(self), 0);
}

static KwColumn *
build_mfi(KwIndicatorBuild *self)
{
    KwColumn *price = typical_price(self);
    KwColumn *sign = op1(self, KW_OP_SIGN, difference(self, price, 1));
    KwColumn *flow = op2(self, KW_OP_MUL, op2(self, KW_OP_MUL, price, self->in[3]), sign);
    KwColumn *up = window(self, KW_OP_SMA, op2(self, KW_OP_MAX, flow, constant(self, 0.0)), 0);
    KwColumn *all = window(self, KW_OP_SMA, op1(self, KW_OP_ABS, flow), 0);

    return scale(self, ratio(self, up, all), 100.0);
}

static KwColumn *
build_ad(KwIndicatorBuild *self)
{
    KwColumn *low_part = op2(self, KW_OP_SUB, self->in[2], self->in[1]);
    KwColumn *high_part = op2(self, KW_OP_SUB, self->in[0], self->in[2]);
    KwColumn *height = op2(self, KW_OP_SUB, self->in[0], self->in[1]);
    KwColumn *place = ratio(self, op2(self, KW_OP_SUB, low_part, high_part), height);

    return op1(self, KW_OP_CUMSUM, op2(self, KW_OP_MUL, place, self->in[3]));
}

static KwColumn *
build_vwap(KwIndicatorBuild *self)
{
    KwColumn *money = op2(self, KW_OP_MUL, typical_price(self), self->in[3]);

    return op2(self, KW_OP_DIV, window(self, KW_OP_SMA, money, 0),
               window(self, KW_OP_SMA, self->in[3], 0));
}

static KwColumn *
build_obv(KwIndicatorBuild *self)
{
    return apply_all(self, KW_OP_OBV, self->in, NULL);
}

static KwColumn *
build_correl_close_volume(KwIndicatorBuild *self)
{
    gint period = (gint) self->params[0];

    return apply_all(self, KW_OP_CORREL, self->in, &period);
}

static KwColumn *
build_volume_mean(KwIndicatorBuild *self)
{
    return window(self, KW_OP_SMA, self->in[0], 0);
}

static KwColumn *
build_volume_ratio(KwIndicatorBuild *self)
{
    return op2(self, KW_OP_DIV, self->in[0], window(self, KW_OP_SMA, self->in[0], 0));
}

static KwColumn *
build_session_tokyo(KwIndicatorBuild *self)
{
    return session(self, KW_SESSION_TOKYO);
}

static KwColumn *
build_session_london(KwIndicatorBuild *self)
{
    return session(self, KW_SESSION_LONDON);
}

static KwColumn *
build_session_new_york(KwIndicatorBuild *self)
{
    return session(self, KW_SESSION_NEW_YORK);
}

static KwColumn *
build_day_of_week(KwIndicatorBuild *self)
{
    return op1(self, KW_OP_WEEKDAY, self->in[0]);
}

static KwColumn *
build_is_weekend(KwIndicatorBuild *self)
{
    return op1(self, KW_OP_WEEKEND, self->in[0]);
}

static const KwIndicator table[] = {
    {"open", "o", 0, {{0}}, build_same},
    {"high", "h", 0, {{0}}, build_same},
    {"low", "l", 0, {{0}}, build_same},
    {"close", "c", 0, {{0}}, build_same},
    {"volume", "v", 0, {{0}}, build_same},
    {"sma", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_sma},
    {"ema", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_ema},
    {"wma", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_wma},
    {"dema", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_dema},
    {"tema", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_tema},
    {"kama", "c", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_kama},
    {"trix", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_trix},
    {"rsi", "c", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_rsi},
    {"cmo", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_cmo},
    {"mom", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_mom},
    {"roc", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_roc},
    {"pct_change", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, 1, TRUE}}, build_pct_change},
    {"macd",
     "c",
     3,
     {{"fast", 1, KW_OP_MAX_PERIOD, 12, TRUE},
      {"slow", 2, KW_OP_MAX_PERIOD, 26, TRUE},
      {"signal", 1, KW_OP_MAX_PERIOD, 9, TRUE}},
     build_macd},
    {"macd_signal",
     "c",
     3,
     {{"fast", 1, KW_OP_MAX_PERIOD, 12, TRUE},
      {"slow", 2, KW_OP_MAX_PERIOD, 26, TRUE},
      {"signal", 1, KW_OP_MAX_PERIOD, 9, TRUE}},
     build_macd_signal},
    {"macd_hist",
     "c",
     3,
     {{"fast", 1, KW_OP_MAX_PERIOD, 12, TRUE},
      {"slow", 2, KW_OP_MAX_PERIOD, 26, TRUE},
      {"signal", 1, KW_OP_MAX_PERIOD, 9, TRUE}},
     build_macd_hist},
    {"bb_upper",
     "c",
     2,
     {{"period", 2, KW_OP_MAX_PERIOD, 20, TRUE}, {"width", 0.01, 100, 2, FALSE}},
     build_bb_upper},
    {"bb_middle",
     "c",
     2,
     {{"period", 2, KW_OP_MAX_PERIOD, 20, TRUE}, {"width", 0.01, 100, 2, FALSE}},
     build_bb_middle},
    {"bb_lower",
     "c",
     2,
     {{"period", 2, KW_OP_MAX_PERIOD, 20, TRUE}, {"width", 0.01, 100, 2, FALSE}},
     build_bb_lower},
    {"bb_width",
     "c",
     2,
     {{"period", 2, KW_OP_MAX_PERIOD, 20, TRUE}, {"width", 0.01, 100, 2, FALSE}},
     build_bb_width},
    {"stddev", "c", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_stddev},
    {"zscore", "c", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_zscore},
    {"quantile",
     "c",
     2,
     {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}, {"percent", 0, 100, 50, TRUE}},
     build_quantile},
    {"rank", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_rank},
    {"linreg_slope", "c", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_linreg_slope},
    {"max", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_max},
    {"min", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_min},
    {"ht_trendline", "c", 0, {{0}}, build_ht_trendline},
    {"ema_ratio", "c", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_ema_ratio},
    {"volatility", "c", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_volatility},
    {"regime",
     "c",
     2,
     {{"period", 2, KW_OP_MAX_PERIOD, 20, TRUE}, {"window", 3, KW_OP_MAX_PERIOD, 500, TRUE}},
     build_regime},
    {"atr", "hlc", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_atr},
    {"natr", "hlc", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_natr},
    {"trange", "hlc", 0, {{0}}, build_trange},
    {"adx", "hlc", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_adx},
    {"plus_di", "hlc", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_plus_di},
    {"minus_di", "hlc", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_minus_di},
    {"cci", "hlc", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_cci},
    {"willr", "hlc", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_willr},
    {"ultosc",
     "hlc",
     3,
     {{"short", 1, KW_OP_MAX_PERIOD, 7, TRUE},
      {"middle", 1, KW_OP_MAX_PERIOD, 14, TRUE},
      {"long", 1, KW_OP_MAX_PERIOD, 28, TRUE}},
     build_ultosc},
    {"stoch_slowk",
     "hlc",
     3,
     {{"period", 1, KW_OP_MAX_PERIOD, 14, TRUE},
      {"slow", 1, KW_OP_MAX_PERIOD, 3, TRUE},
      {"signal", 1, KW_OP_MAX_PERIOD, 3, TRUE}},
     build_stoch_slowk},
    {"stoch_slowd",
     "hlc",
     3,
     {{"period", 1, KW_OP_MAX_PERIOD, 14, TRUE},
      {"slow", 1, KW_OP_MAX_PERIOD, 3, TRUE},
      {"signal", 1, KW_OP_MAX_PERIOD, 3, TRUE}},
     build_stoch_slowd},
    {"stochf_k",
     "hlc",
     2,
     {{"period", 1, KW_OP_MAX_PERIOD, 14, TRUE}, {"signal", 1, KW_OP_MAX_PERIOD, 3, TRUE}},
     build_stochf_k},
    {"stochf_d",
     "hlc",
     2,
     {{"period", 1, KW_OP_MAX_PERIOD, 14, TRUE}, {"signal", 1, KW_OP_MAX_PERIOD, 3, TRUE}},
     build_stochf_d},
    {"aroon_down", "l", 1, {{"period", 1, KW_OP_MAX_PERIOD - 1, NAN, TRUE}}, build_aroon_down},
    {"aroon_up", "h", 1, {{"period", 1, KW_OP_MAX_PERIOD - 1, NAN, TRUE}}, build_aroon_up},
    {"sar", "hl", 2, {{"step", 1e-4, 1, 0.02, FALSE}, {"max", 1e-4, 1, 0.2, FALSE}}, build_sar},
    {"hl_ratio", "hl", 0, {{0}}, build_hl_ratio},
    {"hl_mean", "hl", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_hl_mean},
    {"mfi", "hlcv", 1, {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_mfi},
    {"ad", "hlcv", 0, {{0}}, build_ad},
    {"vwap", "hlcv", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_vwap},
    {"obv", "cv", 0, {{0}}, build_obv},
    {"correl_close_volume",
     "cv",
     1,
     {{"period", 2, KW_OP_MAX_PERIOD, NAN, TRUE}},
     build_correl_close_volume},
    {"volume_mean", "v", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_volume_mean},
    {"volume_ratio", "v", 1, {{"period", 1, KW_OP_MAX_PERIOD, NAN, TRUE}}, build_volume_ratio},
    {"session_tokyo", "t", 0, {{0}}, build_session_tokyo},
    {"session_london", "t", 0, {{0}}, build_session_london},
    {"session_new_york", "t", 0, {{0}}, build_session_new_york},
    {"day_of_week", "t", 0, {{0}}, build_day_of_week},
    {"is_weekend", "t", 0, {{0}}, build_is_weekend},
};

const KwIndicator *
kw_indicator_get_table(guint *out_n)
{
    *out_n = G_N_ELEMENTS(table);
    return table;
}
