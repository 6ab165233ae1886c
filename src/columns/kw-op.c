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
    KwAtrInput in = {
        .high = kw_column_peek_numbers(self->inputs[0]),
        .low = kw_column_peek_numbers(self->inputs[1]),
        .close = kw_column_peek_numbers(self->inputs[2]),
    };

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

static const KwColumnRun runs[KW_OP_N] = {
    [KW_OP_NEG] = run_neg,
    [KW_OP_ABS] = run_abs,
    [KW_OP_ADD] = run_add,
    [KW_OP_SUB] = run_sub,
    [KW_OP_MUL] = run_mul,
    [KW_OP_DIV] = run_div,
    [KW_OP_MIN] = run_min,
    [KW_OP_MAX] = run_max,
    [KW_OP_WHERE] = run_where,
    [KW_OP_ABOVE] = run_above,
    [KW_OP_BELOW] = run_below,
    [KW_OP_GE] = run_ge,
    [KW_OP_LE] = run_le,
    [KW_OP_EQ] = run_eq,
    [KW_OP_CROSSED_ABOVE] = run_crossed_above,
    [KW_OP_CROSSED_BELOW] = run_crossed_below,
    [KW_OP_NOT] = run_not,
    [KW_OP_AND] = run_and,
    [KW_OP_OR] = run_or,
    [KW_OP_SHIFT] = run_shift,
    [KW_OP_PCT_CHANGE] = run_pct_change,
    [KW_OP_SMA] = run_sma,
    [KW_OP_EMA] = run_ema,
    [KW_OP_RSI] = run_rsi,
    [KW_OP_ATR] = run_atr,
    [KW_OP_STDDEV] = run_stddev,
    [KW_OP_ROLLING_MAX] = run_extreme,
    [KW_OP_ROLLING_MIN] = run_extreme,
};

static void
prepare_extreme(KwColumn *self, gsize period, gdouble sign)
{
    kw_extreme_init(&self->state.extreme, period, sign);
    self->clear = clear_extreme;
    self->warmup += period - 1;
}

/* Operations that carry a window or look back by a number of rows */
static void
prepare_window(KwOp op, KwColumn *self, gsize period)
{
    self->lookback = period;
    if (op == KW_OP_SHIFT || op == KW_OP_PCT_CHANGE) {
        self->warmup += period;
        return;
    }
    self->warmup += period - 1;
    if (op == KW_OP_SMA)
        kw_mean_init(&self->state.mean, period);
    else
        kw_stddev_init(&self->state.stddev, period);
}

static void
prepare_smooth(KwOp op, KwColumn *self, gsize period)
{
    if (op == KW_OP_EMA) {
        kw_ema_init(&self->state.ema, period, (gsize) self->params[1]);
        self->warmup += period - 1 + (gsize) self->params[1];
        return;
    }
    self->warmup += period;
    if (op == KW_OP_RSI)
        kw_rsi_init(&self->state.rsi, period);
    else
        kw_atr_init(&self->state.atr, period);
}

void
kw_op_prepare(KwOp op, KwColumn *self)
{
    gsize period = (gsize) self->params[0];

    self->run = runs[op];
    if (op == KW_OP_ROLLING_MAX || op == KW_OP_ROLLING_MIN)
        prepare_extreme(self, period, op == KW_OP_ROLLING_MAX ? 1.0 : -1.0);
    else if (op == KW_OP_EMA || op == KW_OP_RSI || op == KW_OP_ATR)
        prepare_smooth(op, self, period);
    else if (infos[op].n_params > 0)
        prepare_window(op, self, period);
    else if (op == KW_OP_CROSSED_ABOVE || op == KW_OP_CROSSED_BELOW)
        self->warmup += 1;
}
