/* kw-adaptive.c: Kaufman's adaptive mean and Ehlers' trend line
 *
 * KAMA adds up the moves of its window anew on every row: at its usual length that costs
 * no more than the division beside it, and there is no rounding error that grows.
 *
 * The trend line measures the dominant cycle: the smoothed price is taken apart into two
 * parts a quarter of a cycle from each other (Hilbert filters), whose turning from row to row
 * is the cycle's angle. The mean over one whole cycle then has no cycle in it. The first
 * rows are let pass before the filters begin, with empty taps, as TA-Lib does. */
#include "kw-adaptive.h"

#include <math.h>
#include <string.h>

#define FASTEST (2.0 / 3.0)
#define SLOWEST (2.0 / 31.0)
#define NOTHING 1e-14

void
kw_kama_init(KwKama *self, gsize period)
{
    g_return_if_fail(period > 1);

    *self = (KwKama){.period = period};
}

/* Share of the way made in the way gone, 0 to 1, over the window that ends at @newest */
static gdouble
kama_efficiency(const gdouble *newest, gsize period)
{
    gdouble made = *newest - *(newest - period), gone = 0.0;

    for (gsize k = 0; k < period; k++)
        gone += fabs(*(newest - k) - *(newest - k - 1));
    return gone <= made || gone < NOTHING ? 1.0 : fabs(made / gone);
}

void
kw_kama_run(KwKama *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        gdouble factor;

        out[i] = NAN;
        if (isnan(in[i])) {
            self->seen = 0;
            continue;
        }
        if (self->seen < self->period) {
            self->seen++;
            self->value = in[i];
            continue;
        }
        factor = kama_efficiency(in + i, self->period) * (FASTEST - SLOWEST) + SLOWEST;
        self->value += (in[i] - self->value) * factor * factor;
        out[i] = self->value;
    }
}

/* -- trend line -- */

#define FIRST_ROW 37 /* rows before the filters begin */

void
kw_trendline_init(KwTrendline *self)
{
    *self = (KwTrendline){0};
}

static void
push_front(gdouble *values, gsize n, gdouble value)
{
    memmove(values + 1, values, (n - 1) * sizeof *values);
    values[0] = value;
}

static gdouble
hilbert_step(KwHilbert *self, gdouble value, gdouble gain)
{
    const gdouble *x = self->taps;

    push_front(self->taps, KW_TRENDLINE_TAPS, value);
    return (0.0962 * (x[0] - x[6]) + 0.5769 * (x[2] - x[4])) * gain;
}

/* The cycle's length from the angle by which the two parts turned */
static void
trendline_measure(KwTrendline *self, gdouble i2, gdouble q2)
{
    gdouble before = self->period, period = before;

    self->re = 0.2 * (i2 * self->i2 + q2 * self->q2) + 0.8 * self->re;
    self->im = 0.2 * (i2 * self->q2 - q2 * self->i2) + 0.8 * self->im;
    self->i2 = i2;
    self->q2 = q2;
    if (fabs(self->im) > 0.0 && fabs(self->re) > 0.0)
        period = 2.0 * G_PI / atan(self->im / self->re);
    period = MAX(MIN(period, 1.5 * before), 0.67 * before);
    period = CLAMP(period, 6.0, 50.0);
    self->period = 0.2 * period + 0.8 * before;
    self->smooth_period = 0.33 * self->period + 0.67 * self->smooth_period;
}

static void
trendline_follow(KwTrendline *self, gdouble smooth)
{
    gdouble gain = 0.075 * self->period + 0.54;
    gdouble detrended = hilbert_step(&self->price, smooth, gain);
    gdouble q1 = hilbert_step(&self->detrended, detrended, gain);
    gdouble i1, ji, jq;

    push_front(self->in_phase, G_N_ELEMENTS(self->in_phase), detrended);
    i1 = self->in_phase[3];
    ji = hilbert_step(&self->i, i1, gain);
    jq = hilbert_step(&self->q, q1, gain);
    trendline_measure(self, 0.2 * (i1 - jq) + 0.8 * self->i2, 0.2 * (q1 + ji) + 0.8 * self->q2);
}

/* Mean over one cycle, smoothed over four rows */
static gdouble
trendline_value(KwTrendline *self, const gdouble *newest)
{
    gsize n_rows = (gsize) (self->smooth_period + 0.5);
    const gdouble *old = self->trends;
    gdouble mean = 0.0, value;

    for (gsize k = 0; k < n_rows; k++)
        mean += *(newest - k);
    if (n_rows > 0)
        mean /= (gdouble) n_rows;
    value = (4.0 * mean + 3.0 * old[0] + 2.0 * old[1] + old[2]) / 10.0;
    push_front(self->trends, G_N_ELEMENTS(self->trends), mean);
    return value;
}

void
kw_trendline_run(KwTrendline *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        const gdouble *x = in + i;
        gdouble value;

        out[i] = NAN;
        if (isnan(*x)) {
            kw_trendline_init(self);
            continue;
        }
        if (self->seen < KW_TRENDLINE_WARMUP + 1)
            self->seen++;
        if (self->seen <= FIRST_ROW)
            continue;
        trendline_follow(self,
                         (4.0 * x[0] + 3.0 * *(x - 1) + 2.0 * *(x - 2) + *(x - 3)) / 10.0);
        value = trendline_value(self, x);
        if (self->seen > KW_TRENDLINE_WARMUP)
            out[i] = value;
    }
}
