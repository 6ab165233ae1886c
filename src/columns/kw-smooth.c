/* kw-smooth.c: recurrences in two loops, one that seeds and one that runs
 *
 * A recurrence is bound by the latency of its one multiplication and addition per row, so
 * everything else (the test for NaN, RSI's division) costs nothing beside it. What would
 * cost is a branch on the direction of a move, which no processor can predict: RSI
 * therefore keeps the mean rise and the mean move, both from one fabs(), and is 100 *
 * rise / move. State is copied to locals for the loop; otherwise the compiler stores it
 * on every row, as the output could overlap it. */
#include "kw-smooth.h"

#include <math.h>

#define QUIET_MOVE 1e-14 /* below this nothing moved, and RSI is 0 as in TA-Lib */

void
kw_ema_init(KwEma *self, gsize period, gsize skip)
{
    g_return_if_fail(period > 0);

    *self = (KwEma){.period = period, .skip = skip};
}

/* Until the mean of the first period is there; returns the first row not done */
static gsize
ema_seed(KwEma *self, const gdouble *in, gdouble *out, gsize i, gsize to)
{
    gsize need = self->skip + self->period;

    for (; i < to && self->seen < need; i++) {
        out[i] = NAN;
        if (isnan(in[i])) {
            self->seen = 0;
            self->value = 0.0;
            continue;
        }
        if (self->seen >= self->skip)
            self->value += in[i];
        self->seen++;
        if (self->seen == need) {
            self->value /= (gdouble) self->period;
            out[i] = self->value;
        }
    }
    return i;
}

void
kw_ema_run(KwEma *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    gsize i = from;
    gdouble factor = 2.0 / ((gdouble) self->period + 1.0);

    while (i < to) {
        gdouble value;

        i = ema_seed(self, in, out, i, to);
        value = self->value;
        for (; i < to && !isnan(in[i]); i++) {
            value += (in[i] - value) * factor;
            out[i] = value;
        }
        self->value = value;
        if (i < to) {
            out[i++] = NAN;
            kw_ema_init(self, self->period, self->skip);
        }
    }
}

void
kw_rsi_init(KwRsi *self, gsize period)
{
    g_return_if_fail(period > 0);

    *self = (KwRsi){.period = period};
}

static gdouble
rsi_value(gdouble gain, gdouble move)
{
    return move > QUIET_MOVE ? 100.0 * gain / move : 0.0;
}

static gsize
rsi_seed(KwRsi *self, const gdouble *in, gdouble *out, gsize i, gsize to)
{
    for (; i < to && self->seen <= self->period; i++) {
        gdouble delta = in[i] - self->previous;

        out[i] = NAN;
        if (isnan(in[i])) {
            kw_rsi_init(self, self->period);
            continue;
        }
        self->previous = in[i];
        if (self->seen++ == 0)
            continue;
        self->gain += 0.5 * (fabs(delta) + delta);
        self->move += fabs(delta);
        if (self->seen <= self->period)
            continue;
        self->gain /= (gdouble) self->period;
        self->move /= (gdouble) self->period;
        out[i] = rsi_value(self->gain, self->move);
    }
    return i;
}

static gsize
rsi_steady(KwRsi *self, const gdouble *in, gdouble *out, gsize i, gsize to)
{
    gdouble fresh = 1.0 / (gdouble) self->period;
    gdouble keep = ((gdouble) self->period - 1.0) / (gdouble) self->period;
    gdouble gain = self->gain, move = self->move, previous = self->previous;

    for (; i < to && !isnan(in[i]); i++) {
        gdouble delta = in[i] - previous;
        gdouble size = fabs(delta);

        previous = in[i];
        gain = gain * keep + 0.5 * (size + delta) * fresh;
        move = move * keep + size * fresh;
        out[i] = rsi_value(gain, move);
    }
    self->gain = gain;
    self->move = move;
    self->previous = previous;
    return i;
}

void
kw_rsi_run(KwRsi *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    gsize i = from;

    while (i < to) {
        i = rsi_seed(self, in, out, i, to);
        i = rsi_steady(self, in, out, i, to);
        if (i < to) {
            out[i++] = NAN;
            kw_rsi_init(self, self->period);
        }
    }
}

void
kw_atr_init(KwAtr *self, gsize period)
{
    g_return_if_fail(period > 0);

    *self = (KwAtr){.period = period};
}

/* Selections instead of fmax(), which is a call; in this order a NaN of @high or @low stays */
static gdouble
true_range(gdouble high, gdouble low, gdouble previous_close)
{
    gdouble top = previous_close > high ? previous_close : high;
    gdouble bottom = previous_close < low ? previous_close : low;

    return top - bottom;
}

static gboolean
is_gap(const KwAtrInput *in, gsize i)
{
    return isnan(in->high[i] + in->low[i] + in->close[i]);
}

static gsize
atr_seed(KwAtr *self, const KwAtrInput *in, gdouble *out, gsize i, gsize to)
{
    for (; i < to && self->seen <= self->period; i++) {
        out[i] = NAN;
        if (is_gap(in, i)) {
            kw_atr_init(self, self->period);
            continue;
        }
        if (self->seen++ > 0)
            self->value += true_range(in->high[i], in->low[i], self->previous_close);
        self->previous_close = in->close[i];
        if (self->seen <= self->period)
            continue;
        self->value /= (gdouble) self->period;
        out[i] = self->value;
    }
    return i;
}

static gsize
atr_steady(KwAtr *self, const KwAtrInput *in, gdouble *out, gsize i, gsize to)
{
    const gdouble *high = in->high, *low = in->low, *close = in->close;
    gdouble fresh = 1.0 / (gdouble) self->period;
    gdouble keep = ((gdouble) self->period - 1.0) / (gdouble) self->period;
    gdouble value = self->value, previous = self->previous_close;

    for (; i < to; i++) {
        gdouble range = true_range(high[i], low[i], previous);

        if (isnan(range + close[i]))
            break;
        value = value * keep + range * fresh;
        previous = close[i];
        out[i] = value;
    }
    self->value = value;
    self->previous_close = previous;
    return i;
}

void
kw_atr_run(KwAtr *self, const KwAtrInput *in, gdouble *out, gsize from, gsize to)
{
    gsize i = from;

    while (i < to) {
        i = atr_seed(self, in, out, i, to);
        i = atr_steady(self, in, out, i, to);
        if (i < to) {
            out[i++] = NAN;
            kw_atr_init(self, self->period);
        }
    }
}
