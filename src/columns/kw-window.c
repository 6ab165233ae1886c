/* kw-window.c: sums that come and go, renewed now and then
 *
 * A running sum adds what enters and subtracts what leaves: one addition per row at any
 * period. Its rounding error grows for ever, and one huge value leaves its error behind, so
 * the sum is computed afresh from the window every REFRESH rows. The rows are counted from
 * the start of the data, not from the start of the call: batch and single steps stay
 * equal to the bit.
 *
 * The deviation needs sums of squares. With prices of 30,000 and deviations of 1 these
 * would cancel each other out, so the newest value at the last refresh is subtracted first;
 * a flat window then gives exactly 0. */
#include "kw-window.h"

#include <math.h>

#define REFRESH 512

void
kw_mean_init(KwMean *self, gsize period)
{
    g_return_if_fail(period > 0);

    *self = (KwMean){.period = period};
}

/* First row from @i on, not after @to, at which the sums are to be renewed */
static gsize
next_refresh(gsize count, gsize i, gsize to)
{
    gsize left = REFRESH - count % REFRESH;

    return to - i < left ? to : i + left - 1;
}

/* Sum of the window that ends with row @i */
static gdouble
window_sum(const gdouble *in, gsize i, gsize period)
{
    gdouble sum = 0.0;

    for (gsize k = 0; k < period; k++)
        sum += in[i - k];
    return sum;
}

static gsize
mean_seed(KwMean *self, const gdouble *in, gdouble *out, gsize i, gsize to)
{
    for (; i < to && self->count < self->period; i++) {
        out[i] = NAN;
        if (isnan(in[i])) {
            kw_mean_init(self, self->period);
            continue;
        }
        self->sum += in[i];
        if (++self->count == self->period)
            out[i] = self->sum / (gdouble) self->period;
    }
    return i;
}

static gsize
mean_steady(KwMean *self, const gdouble *in, gdouble *out, gsize i, gsize to)
{
    gsize start = i;
    gsize end = next_refresh(self->count, i, to);
    gsize period = self->period;
    gdouble divisor = (gdouble) period, sum = self->sum;

    for (; i < end && !isnan(in[i]); i++) {
        sum += in[i] - in[i - period];
        out[i] = sum / divisor;
    }
    if (i == end && i < to && !isnan(in[i])) {
        sum = window_sum(in, i, period);
        out[i++] = sum / divisor;
    }
    self->sum = sum;
    self->count += i - start;
    return i;
}

void
kw_mean_run(KwMean *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    gsize i = from;

    while (i < to) {
        if (self->count < self->period)
            i = mean_seed(self, in, out, i, to);
        if (i < to && !isnan(in[i]))
            i = mean_steady(self, in, out, i, to);
        if (i < to && isnan(in[i])) {
            out[i++] = NAN;
            kw_mean_init(self, self->period);
        }
    }
}

void
kw_stddev_init(KwStddev *self, gsize period)
{
    g_return_if_fail(period > 0);

    *self = (KwStddev){.period = period};
}

static gdouble
stddev_value(gdouble sum, gdouble squares, gdouble period)
{
    gdouble mean = sum / period;
    gdouble variance = squares / period - mean * mean;

    return variance > 0.0 ? sqrt(variance) : 0.0;
}

/* Sums of the window that ends with row @i, shifted by its newest value */
static gdouble
stddev_refresh(KwStddev *self, const gdouble *in, gsize i)
{
    self->shift = in[i];
    self->sum = 0.0;
    self->squares = 0.0;
    for (gsize k = 0; k < self->period; k++) {
        gdouble x = in[i - k] - self->shift;

        self->sum += x;
        self->squares += x * x;
    }
    return stddev_value(self->sum, self->squares, (gdouble) self->period);
}

static gsize
stddev_seed(KwStddev *self, const gdouble *in, gdouble *out, gsize i, gsize to)
{
    for (; i < to && self->count < self->period; i++) {
        out[i] = NAN;
        if (isnan(in[i]))
            self->count = 0;
        else if (++self->count == self->period)
            out[i] = stddev_refresh(self, in, i);
    }
    return i;
}

static gsize
stddev_steady(KwStddev *self, const gdouble *in, gdouble *out, gsize i, gsize to)
{
    gsize start = i;
    gsize end = next_refresh(self->count, i, to);
    gsize period = self->period;
    gdouble divisor = (gdouble) period, shift = self->shift;
    gdouble sum = self->sum, squares = self->squares;

    for (; i < end && !isnan(in[i]); i++) {
        gdouble x = in[i] - shift, old = in[i - period] - shift;

        sum += x - old;
        squares += x * x - old * old;
        out[i] = stddev_value(sum, squares, divisor);
    }
    self->sum = sum;
    self->squares = squares;
    if (i == end && i < to && !isnan(in[i])) {
        out[i] = stddev_refresh(self, in, i);
        i++;
    }
    self->count += i - start;
    return i;
}

void
kw_stddev_run(KwStddev *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    gsize i = from;

    while (i < to) {
        if (self->count < self->period)
            i = stddev_seed(self, in, out, i, to);
        if (i < to && !isnan(in[i]))
            i = stddev_steady(self, in, out, i, to);
        if (i < to && isnan(in[i])) {
            out[i++] = NAN;
            self->count = 0;
        }
    }
}

void
kw_extreme_init(KwExtreme *self, gsize period, gdouble sign)
{
    g_return_if_fail(period > 0);

    *self = (KwExtreme){.period = period, .sign = sign};
    self->values = g_new(gdouble, period);
    self->counts = g_new(gsize, period);
}

void
kw_extreme_clear(KwExtreme *self)
{
    g_clear_pointer(&self->values, g_free);
    g_clear_pointer(&self->counts, g_free);
}

static gsize
ring_wrap(gsize index, gsize period)
{
    return index >= period ? index - period : index;
}

/* Takes in @value, the count-th one, and drops candidates that are old or beaten */
static void
extreme_push(KwExtreme *self, gdouble value)
{
    gsize back;

    if (self->size > 0 && self->counts[self->head] + self->period <= self->count) {
        self->head = ring_wrap(self->head + 1, self->period);
        self->size--;
    }
    while (self->size > 0) {
        back = ring_wrap(self->head + self->size - 1, self->period);
        if (self->values[back] > value)
            break;
        self->size--;
    }
    back = ring_wrap(self->head + self->size, self->period);
    self->values[back] = value;
    self->counts[back] = self->count;
    self->size++;
}

/* Returns: FALSE while the window is not full */
static gboolean
extreme_take(KwExtreme *self, gdouble value)
{
    if (isnan(value)) {
        self->count = 0;
        self->size = 0;
        return FALSE;
    }
    extreme_push(self, value * self->sign);
    self->count++;
    return self->count >= self->period;
}

void
kw_extreme_run(KwExtreme *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        out[i] =
            extreme_take(self, in[i]) ? self->values[self->head] * self->sign : (gdouble) NAN;
}

void
kw_extreme_run_since(KwExtreme *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        out[i] = extreme_take(self, in[i])
                     ? (gdouble) (self->count - 1 - self->counts[self->head])
                     : (gdouble) NAN;
}
