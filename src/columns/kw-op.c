/* kw-op.c: the table of operations and how each is run on a column's arrays
 *
 * One row per operation: what it takes, what it gives, how far it looks back. The bodies
 * are thin; the loops are in the kernels, which know nothing of columns. */
#include "kw-column-private.h"

#define PERIOD(low)                                                                            \
    {                                                                                          \
        .name = "period", .min = (low), .max = KW_OP_MAX_PERIOD                                \
    }
#define LAG(low)                                                                               \
    {                                                                                          \
        .name = "n", .min = (low), .max = KW_OP_MAX_PERIOD                                     \
    }

#define MINUTE(what)                                                                           \
    {                                                                                          \
        .name = (what), .min = 0, .max = KW_OP_DAY_MINUTES                                     \
    }

static const KwOpInfo infos[KW_OP_N] = {
    [KW_OP_NEG] = {"neg", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 0, TRUE, {{0}}},
    [KW_OP_ABS] = {"abs", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 0, TRUE, {{0}}},
    [KW_OP_ADD] = {"add", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_SUB] = {"sub", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_MUL] = {"mul", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_DIV] = {"div", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_MIN] = {"min", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_MAX] = {"max", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_WHERE] = {"where", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_SIGN] = {"sign", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 0, TRUE, {{0}}},
    [KW_OP_ABOVE] = {"above", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_BELOW] = {"below", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_GE] = {"ge", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_LE] = {"le", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_EQ] = {"eq", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_CROSSED_ABOVE] =
        {"crossed_above", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_CROSSED_BELOW] =
        {"crossed_below", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 2, 0, TRUE, {{0}}},
    [KW_OP_NOT] = {"not", KW_COLUMN_BOOL, KW_COLUMN_BOOL, 1, 0, FALSE, {{0}}},
    [KW_OP_AND] = {"and", KW_COLUMN_BOOL, KW_COLUMN_BOOL, 2, 0, FALSE, {{0}}},
    [KW_OP_OR] = {"or", KW_COLUMN_BOOL, KW_COLUMN_BOOL, 2, 0, FALSE, {{0}}},
    [KW_OP_SHIFT] = {"shift", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {LAG(0)}},
    [KW_OP_PCT_CHANGE] = {"pct_change",
                          KW_COLUMN_NUMBER,
                          KW_COLUMN_NUMBER,
                          1,
                          1,
                          FALSE,
                          {{"n", 1, KW_OP_MAX_PERIOD, 1, TRUE}}},
    [KW_OP_SMA] = {"sma", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_EMA] = {"ema",
                   KW_COLUMN_NUMBER,
                   KW_COLUMN_NUMBER,
                   1,
                   2,
                   FALSE,
                   {PERIOD(1), {"skip", 0, KW_OP_MAX_PERIOD, 0, TRUE}}},
    [KW_OP_RSI] = {"rsi", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(2)}},
    [KW_OP_ATR] = {"atr", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 3, 1, FALSE, {PERIOD(1)}},
    [KW_OP_STDDEV] = {"stddev", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(2)}},
    [KW_OP_ROLLING_MAX] =
        {"rolling_max", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_ROLLING_MIN] =
        {"rolling_min", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_SINCE_MAX] =
        {"since_max", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_SINCE_MIN] =
        {"since_min", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_WMA] = {"wma", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_MEAN_DEVIATION] =
        {"mean_deviation", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_LINREG_SLOPE] =
        {"linreg_slope", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(2)}},
    [KW_OP_ROLLING_RANK] =
        {"rolling_rank", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_REGIME] =
        {"regime_class", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(3)}},
    [KW_OP_ROLLING_QUANTILE] = {"rolling_quantile",
                                KW_COLUMN_NUMBER,
                                KW_COLUMN_NUMBER,
                                1,
                                2,
                                FALSE,
                                {PERIOD(1), {"percent", 0, 100, 50, TRUE}}},
    [KW_OP_CORREL] = {"correl", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 1, FALSE, {PERIOD(2)}},
    [KW_OP_WILDER] = {"wilder", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(1)}},
    [KW_OP_KAMA] = {"kama", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 1, FALSE, {PERIOD(2)}},
    [KW_OP_HT_TRENDLINE] =
        {"ht_trendline", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 0, FALSE, {{0}}},
    [KW_OP_CUMSUM] = {"cumsum", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 0, FALSE, {{0}}},
    [KW_OP_OBV] = {"obv", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 2, 0, FALSE, {{0}}},
    [KW_OP_PLUS_DI] = {"plus_di", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 3, 1, FALSE, {PERIOD(2)}},
    [KW_OP_MINUS_DI] =
        {"minus_di", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 3, 1, FALSE, {PERIOD(2)}},
    [KW_OP_ADX] = {"adx", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 3, 1, FALSE, {PERIOD(2)}},
    [KW_OP_SAR] = {"sar",
                   KW_COLUMN_NUMBER,
                   KW_COLUMN_NUMBER,
                   2,
                   2,
                   FALSE,
                   {{"step", 1, 10000, 200, TRUE}, {"max", 1, 10000, 2000, TRUE}}},
    [KW_OP_SESSION] = {"session",
                       KW_COLUMN_BOOL,
                       KW_COLUMN_NUMBER,
                       1,
                       2,
                       FALSE,
                       {MINUTE("from"), MINUTE("to")}},
    [KW_OP_WEEKDAY] = {"weekday", KW_COLUMN_NUMBER, KW_COLUMN_NUMBER, 1, 0, FALSE, {{0}}},
    [KW_OP_WEEKEND] = {"weekend", KW_COLUMN_BOOL, KW_COLUMN_NUMBER, 1, 0, FALSE, {{0}}},
};

const KwOpInfo *
kw_op_get_info(KwOp op)
{
    g_return_val_if_fail((guint) op < KW_OP_N, NULL);

    return &infos[op];
}

/* -- row by row -- */

static void
run_arith(KwArith op, KwColumn *self, gsize from, gsize to)
{
    kw_arith_run(op, kw_column_at(self->inputs[0], from), kw_column_at(self->inputs[1], from),
                 self->numbers + from, to - from);
}

static void
run_add(KwColumn *self, gsize from, gsize to)
{
    run_arith(KW_ARITH_ADD, self, from, to);
}

static void
run_sub(KwColumn *self, gsize from, gsize to)
{
    run_arith(KW_ARITH_SUB, self, from, to);
}

static void
run_mul(KwColumn *self, gsize from, gsize to)
{
    run_arith(KW_ARITH_MUL, self, from, to);
}

static void
run_div(KwColumn *self, gsize from, gsize to)
{
    run_arith(KW_ARITH_DIV, self, from, to);
}

static void
run_min(KwColumn *self, gsize from, gsize to)
{
    run_arith(KW_ARITH_MIN, self, from, to);
}

static void
run_max(KwColumn *self, gsize from, gsize to)
{
    run_arith(KW_ARITH_MAX, self, from, to);
}

static void
run_where(KwColumn *self, gsize from, gsize to)
{
    run_arith(KW_ARITH_WHERE, self, from, to);
}

static void
run_neg(KwColumn *self, gsize from, gsize to)
{
    kw_neg_run(kw_column_at(self->inputs[0], from), self->numbers + from, to - from);
}

static void
run_abs(KwColumn *self, gsize from, gsize to)
{
    kw_abs_run(kw_column_at(self->inputs[0], from), self->numbers + from, to - from);
}

static void
run_sign(KwColumn *self, gsize from, gsize to)
{
    kw_sign_run(kw_column_at(self->inputs[0], from), self->numbers + from, to - from);
}

static void
run_compare(KwCompare op, KwColumn *self, gsize from, gsize to)
{
    kw_compare_run(op, kw_column_at(self->inputs[0], from), kw_column_at(self->inputs[1], from),
                   self->bytes + from, to - from);
}

static void
run_above(KwColumn *self, gsize from, gsize to)
{
    run_compare(KW_COMPARE_ABOVE, self, from, to);
}

static void
run_below(KwColumn *self, gsize from, gsize to)
{
    run_compare(KW_COMPARE_BELOW, self, from, to);
}

static void
run_ge(KwColumn *self, gsize from, gsize to)
{
    run_compare(KW_COMPARE_GE, self, from, to);
}

static void
run_le(KwColumn *self, gsize from, gsize to)
{
    run_compare(KW_COMPARE_LE, self, from, to);
}

static void
run_eq(KwColumn *self, gsize from, gsize to)
{
    run_compare(KW_COMPARE_EQ, self, from, to);
}

static void
run_crossed_above(KwColumn *self, gsize from, gsize to)
{
    kw_cross_run(&self->state.cross, kw_column_at(self->inputs[0], from),
                 kw_column_at(self->inputs[1], from), self->bytes + from, to - from);
}

static void
run_crossed_below(KwColumn *self, gsize from, gsize to)
{
    kw_cross_run(&self->state.cross, kw_column_at(self->inputs[1], from),
                 kw_column_at(self->inputs[0], from), self->bytes + from, to - from);
}

static void
run_not(KwColumn *self, gsize from, gsize to)
{
    kw_not_run(self->inputs[0]->bytes + from, self->bytes + from, to - from);
}

static void
run_and(KwColumn *self, gsize from, gsize to)
{
    kw_and_run(self->inputs[0]->bytes + from, self->inputs[1]->bytes + from, self->bytes + from,
               to - from);
}

static void
run_or(KwColumn *self, gsize from, gsize to)
{
    kw_or_run(self->inputs[0]->bytes + from, self->inputs[1]->bytes + from, self->bytes + from,
              to - from);
}

/* -- look-back -- */

static const gdouble *
input_numbers(const KwColumn *self)
{
    return kw_column_peek_numbers(self->inputs[0]);
}

static KwAtrInput
input_bars(const KwColumn *self)
{
    return (KwAtrInput){
        .high = kw_column_peek_numbers(self->inputs[0]),
        .low = kw_column_peek_numbers(self->inputs[1]),
        .close = kw_column_peek_numbers(self->inputs[2]),
    };
}

static void
run_shift(KwColumn *self, gsize from, gsize to)
{
    kw_shift_run(self->lookback, input_numbers(self), self->numbers, from, to);
}

static void
run_pct_change(KwColumn *self, gsize from, gsize to)
{
    kw_pct_change_run(self->lookback, input_numbers(self), self->numbers, from, to);
}

static void
run_sma(KwColumn *self, gsize from, gsize to)
{
    kw_mean_run(&self->state.mean, input_numbers(self), self->numbers, from, to);
}

static void
run_ema(KwColumn *self, gsize from, gsize to)
{
    kw_ema_run(&self->state.ema, input_numbers(self), self->numbers, from, to);
}

static void
run_rsi(KwColumn *self, gsize from, gsize to)
{
    kw_rsi_run(&self->state.rsi, input_numbers(self), self->numbers, from, to);
}

static void
run_atr(KwColumn *self, gsize from, gsize to)
{
    KwAtrInput in = input_bars(self);

    kw_atr_run(&self->state.atr, &in, self->numbers, from, to);
}

static void
run_stddev(KwColumn *self, gsize from, gsize to)
{
    kw_stddev_run(&self->state.stddev, input_numbers(self), self->numbers, from, to);
}

static void
run_extreme(KwColumn *self, gsize from, gsize to)
{
    kw_extreme_run(&self->state.extreme, input_numbers(self), self->numbers, from, to);
}

static void
clear_extreme(KwColumn *self)
{
    kw_extreme_clear(&self->state.extreme);
}

static void
run_since(KwColumn *self, gsize from, gsize to)
{
    kw_extreme_run_since(&self->state.extreme, input_numbers(self), self->numbers, from, to);
}

static void
run_sweep(KwColumn *self, gsize from, gsize to)
{
    kw_sweep_run(&self->state.sweep, input_numbers(self), self->numbers, from, to);
}

static void
run_thirds(KwColumn *self, gsize from, gsize to)
{
    kw_thirds_run(&self->state.thirds, input_numbers(self), self->numbers, from, to);
}

static void
run_quantile(KwColumn *self, gsize from, gsize to)
{
    kw_quantile_run(&self->state.quantile, input_numbers(self), self->numbers, from, to);
}

static void
clear_quantile(KwColumn *self)
{
    kw_quantile_clear(&self->state.quantile);
}

static void
run_wilder(KwColumn *self, gsize from, gsize to)
{
    kw_wilder_run(&self->state.wilder, input_numbers(self), self->numbers, from, to);
}

static void
run_kama(KwColumn *self, gsize from, gsize to)
{
    kw_kama_run(&self->state.kama, input_numbers(self), self->numbers, from, to);
}

static void
run_trendline(KwColumn *self, gsize from, gsize to)
{
    kw_trendline_run(&self->state.trendline, input_numbers(self), self->numbers, from, to);
}

static void
run_cumsum(KwColumn *self, gsize from, gsize to)
{
    kw_cumsum_run(&self->state.cumsum, input_numbers(self), self->numbers, from, to);
}

static void
run_correl(KwColumn *self, gsize from, gsize to)
{
    kw_correlation_run(&self->state.correlation, input_numbers(self),
                       kw_column_peek_numbers(self->inputs[1]), self->numbers, from, to);
}

static void
run_obv(KwColumn *self, gsize from, gsize to)
{
    kw_obv_run(&self->state.obv, input_numbers(self), kw_column_peek_numbers(self->inputs[1]),
               self->numbers, from, to);
}

static void
run_sar(KwColumn *self, gsize from, gsize to)
{
    kw_sar_run(&self->state.sar, input_numbers(self), kw_column_peek_numbers(self->inputs[1]),
               self->numbers, from, to);
}

static void
run_direction(KwColumn *self, gsize from, gsize to)
{
    KwAtrInput in = input_bars(self);

    kw_direction_run(&self->state.direction, &in, self->numbers, from, to);
}

/* -- of the time -- */

static void
run_session(KwColumn *self, gsize from, gsize to)
{
    kw_calendar_session(input_numbers(self) + from, self->params[0], self->params[1],
                        self->bytes + from, to - from);
}

static void
run_weekday(KwColumn *self, gsize from, gsize to)
{
    kw_calendar_weekday(input_numbers(self) + from, self->numbers + from, to - from);
}

static void
run_weekend(KwColumn *self, gsize from, gsize to)
{
    kw_calendar_weekend(input_numbers(self) + from, self->bytes + from, to - from);
}

/* -- preparing: state, look-back and rows until the first value -- */

static void
prepare_cross(KwOp op, KwColumn *self, gsize period)
{
    self->warmup += 1;
}

static void
prepare_lag(KwOp op, KwColumn *self, gsize period)
{
    self->lookback = period;
    self->warmup += period;
}

static void
prepare_mean(KwOp op, KwColumn *self, gsize period)
{
    self->lookback = period;
    self->warmup += period - 1;
    if (op == KW_OP_SMA)
        kw_mean_init(&self->state.mean, period);
    else
        kw_stddev_init(&self->state.stddev, period);
}

static void
prepare_ema(KwOp op, KwColumn *self, gsize period)
{
    kw_ema_init(&self->state.ema, period, (gsize) self->params[1]);
    self->warmup += period - 1 + (gsize) self->params[1];
}

static void
prepare_rsi(KwOp op, KwColumn *self, gsize period)
{
    kw_rsi_init(&self->state.rsi, period);
    self->warmup += period;
}

static void
prepare_atr(KwOp op, KwColumn *self, gsize period)
{
    kw_atr_init(&self->state.atr, period);
    self->warmup += period;
}

static void
prepare_extreme(KwOp op, KwColumn *self, gsize period)
{
    gboolean is_max = op == KW_OP_ROLLING_MAX || op == KW_OP_SINCE_MAX;

    kw_extreme_init(&self->state.extreme, period, is_max ? 1.0 : -1.0);
    self->clear = clear_extreme;
    self->warmup += period - 1;
}

static KwSweepKind
sweep_kind(KwOp op)
{
    if (op == KW_OP_WMA)
        return KW_SWEEP_WEIGHTED_MEAN;
    if (op == KW_OP_MEAN_DEVIATION)
        return KW_SWEEP_MEAN_DEVIATION;
    if (op == KW_OP_LINREG_SLOPE)
        return KW_SWEEP_SLOPE;
    return KW_SWEEP_RANK;
}

static void
prepare_sweep(KwOp op, KwColumn *self, gsize period)
{
    kw_sweep_init(&self->state.sweep, sweep_kind(op), period);
    self->lookback = period;
    self->warmup += period - 1;
}

static void
prepare_thirds(KwOp op, KwColumn *self, gsize period)
{
    kw_thirds_init(&self->state.thirds, period);
    self->lookback = period;
    self->warmup += period - 1;
}

static void
prepare_quantile(KwOp op, KwColumn *self, gsize period)
{
    kw_quantile_init(&self->state.quantile, period, self->params[1] / 100.0);
    self->clear = clear_quantile;
    self->lookback = period;
    self->warmup += period - 1;
}

static void
prepare_correl(KwOp op, KwColumn *self, gsize period)
{
    kw_correlation_init(&self->state.correlation, period);
    self->lookback = period;
    self->warmup += period - 1;
}

static void
prepare_wilder(KwOp op, KwColumn *self, gsize period)
{
    kw_wilder_init(&self->state.wilder, period);
    self->warmup += period - 1;
}

static void
prepare_kama(KwOp op, KwColumn *self, gsize period)
{
    kw_kama_init(&self->state.kama, period);
    self->lookback = period;
    self->warmup += period;
}

static void
prepare_trendline(KwOp op, KwColumn *self, gsize period)
{
    kw_trendline_init(&self->state.trendline);
    self->lookback = KW_TRENDLINE_MAX_CYCLE;
    self->warmup += KW_TRENDLINE_WARMUP;
}

static void
prepare_direction(KwOp op, KwColumn *self, gsize period)
{
    KwDirectionKind kind = op == KW_OP_PLUS_DI    ? KW_DIRECTION_PLUS
                           : op == KW_OP_MINUS_DI ? KW_DIRECTION_MINUS
                                                  : KW_DIRECTION_ADX;

    kw_direction_init(&self->state.direction, kind, period);
    self->warmup += kind == KW_DIRECTION_ADX ? 2 * period - 1 : period;
}

static void
prepare_sar(KwOp op, KwColumn *self, gsize period)
{
    kw_sar_init(&self->state.sar, self->params[0] * KW_OP_SAR_UNIT,
                self->params[1] * KW_OP_SAR_UNIT);
    self->warmup += 1;
}

/**
 * KwOpBody:
 * @prepare: (nullable): for what has a state or looks back; period is the first parameter
 */
typedef struct {
    KwColumnRun run;
    void (*prepare)(KwOp op, KwColumn *self, gsize period);
} KwOpBody;

static const KwOpBody bodies[KW_OP_N] = {
    [KW_OP_NEG] = {run_neg, NULL},
    [KW_OP_ABS] = {run_abs, NULL},
    [KW_OP_ADD] = {run_add, NULL},
    [KW_OP_SUB] = {run_sub, NULL},
    [KW_OP_MUL] = {run_mul, NULL},
    [KW_OP_DIV] = {run_div, NULL},
    [KW_OP_MIN] = {run_min, NULL},
    [KW_OP_MAX] = {run_max, NULL},
    [KW_OP_WHERE] = {run_where, NULL},
    [KW_OP_SIGN] = {run_sign, NULL},
    [KW_OP_ABOVE] = {run_above, NULL},
    [KW_OP_BELOW] = {run_below, NULL},
    [KW_OP_GE] = {run_ge, NULL},
    [KW_OP_LE] = {run_le, NULL},
    [KW_OP_EQ] = {run_eq, NULL},
    [KW_OP_CROSSED_ABOVE] = {run_crossed_above, prepare_cross},
    [KW_OP_CROSSED_BELOW] = {run_crossed_below, prepare_cross},
    [KW_OP_NOT] = {run_not, NULL},
    [KW_OP_AND] = {run_and, NULL},
    [KW_OP_OR] = {run_or, NULL},
    [KW_OP_SHIFT] = {run_shift, prepare_lag},
    [KW_OP_PCT_CHANGE] = {run_pct_change, prepare_lag},
    [KW_OP_SMA] = {run_sma, prepare_mean},
    [KW_OP_EMA] = {run_ema, prepare_ema},
    [KW_OP_RSI] = {run_rsi, prepare_rsi},
    [KW_OP_ATR] = {run_atr, prepare_atr},
    [KW_OP_STDDEV] = {run_stddev, prepare_mean},
    [KW_OP_ROLLING_MAX] = {run_extreme, prepare_extreme},
    [KW_OP_ROLLING_MIN] = {run_extreme, prepare_extreme},
    [KW_OP_SINCE_MAX] = {run_since, prepare_extreme},
    [KW_OP_SINCE_MIN] = {run_since, prepare_extreme},
    [KW_OP_WMA] = {run_sweep, prepare_sweep},
    [KW_OP_MEAN_DEVIATION] = {run_sweep, prepare_sweep},
    [KW_OP_LINREG_SLOPE] = {run_sweep, prepare_sweep},
    [KW_OP_ROLLING_RANK] = {run_sweep, prepare_sweep},
    [KW_OP_REGIME] = {run_thirds, prepare_thirds},
    [KW_OP_ROLLING_QUANTILE] = {run_quantile, prepare_quantile},
    [KW_OP_CORREL] = {run_correl, prepare_correl},
    [KW_OP_WILDER] = {run_wilder, prepare_wilder},
    [KW_OP_KAMA] = {run_kama, prepare_kama},
    [KW_OP_HT_TRENDLINE] = {run_trendline, prepare_trendline},
    [KW_OP_CUMSUM] = {run_cumsum, NULL},
    [KW_OP_OBV] = {run_obv, NULL},
    [KW_OP_PLUS_DI] = {run_direction, prepare_direction},
    [KW_OP_MINUS_DI] = {run_direction, prepare_direction},
    [KW_OP_ADX] = {run_direction, prepare_direction},
    [KW_OP_SAR] = {run_sar, prepare_sar},
    [KW_OP_SESSION] = {run_session, NULL},
    [KW_OP_WEEKDAY] = {run_weekday, NULL},
    [KW_OP_WEEKEND] = {run_weekend, NULL},
};

void
kw_op_prepare(KwOp op, KwColumn *self)
{
    self->run = bodies[op].run;
    if (bodies[op].prepare != NULL)
        bodies[op].prepare(op, self, (gsize) self->params[0]);
}
