/* kw-sweep.c: statistics without running sums
 *
 * What is here is either short (a weighted mean of 20) or would lose its digits in running
 * sums (the slope of a price of 30,000). Reading the window costs a fraction of a nanosecond a
 * value and gives the same bits wherever the calls are cut; the quantile alone keeps
 * its window in order, with one value out and one in per row. */
#include "kw-sweep.h"

#include <math.h>
#include <string.h>

/* Several numbers in one register, where the machine has such; compilers make single steps of
 * it elsewhere. A count is the same in any order. */
#define LANES 2
typedef gdouble Numbers __attribute__((vector_size(LANES * sizeof(gdouble))));
typedef gint64 Counts __attribute__((vector_size(LANES * sizeof(gint64))));

void
kw_sweep_init(KwSweep *self, KwSweepKind kind, gsize period)
{
    g_return_if_fail(period > 0);

    *self = (KwSweep){.kind = kind, .period = period};
}

static gdouble
plain_mean(const gdouble *window, gsize period)
{
    gdouble sum = 0.0;

    for (gsize k = 0; k < period; k++)
        sum += window[k];
    return sum / (gdouble) period;
}

static gdouble
weighted_mean(const gdouble *window, gsize period)
{
    gdouble sum = 0.0, n = (gdouble) period;

    for (gsize k = 0; k < period; k++)
        sum += window[k] * (gdouble) (k + 1);
    return sum / (0.5 * n * (n + 1.0));
}

static gdouble
mean_deviation(const gdouble *window, gsize period)
{
    gdouble mean = plain_mean(window, period), sum = 0.0;

    for (gsize k = 0; k < period; k++)
        sum += fabs(window[k] - mean);
    return sum / (gdouble) period;
}

static gdouble
slope(const gdouble *window, gsize period)
{
    gdouble middle = 0.5 * ((gdouble) period - 1.0), sum = 0.0, squares = 0.0;

    for (gsize k = 0; k < period; k++) {
        gdouble x = (gdouble) k - middle;

        sum += x * window[k];
        squares += x * x;
    }
    return sum / squares;
}

gsize
kw_sweep_count_below(const gdouble *values, gsize n, gdouble level)
{
    Numbers levels = {level, level};
    Counts even = {0}, odd = {0}; /* two chains of additions, neither waits for the other */
    gsize k = 0, n_below;

    for (; k + 2 * LANES <= n; k += 2 * LANES) {
        Numbers first, second;

        memcpy(&first, values + k, sizeof first);
        memcpy(&second, values + k + LANES, sizeof second);
        even -= first < levels; /* a comparison gives -1 for yes */
        odd -= second < levels;
    }
    even += odd;
    n_below = (gsize) (even[0] + even[1]);
    for (; k < n; k++)
        n_below += values[k] < level;
    return n_below;
}

static gdouble
sweep_value(KwSweepKind kind, const gdouble *window, gsize period)
{
    switch (kind) {
    case KW_SWEEP_WEIGHTED_MEAN:
        return weighted_mean(window, period);
    case KW_SWEEP_MEAN_DEVIATION:
        return mean_deviation(window, period);
    case KW_SWEEP_SLOPE:
        return slope(window, period);
    case KW_SWEEP_RANK:
        return (gdouble) kw_sweep_count_below(window, period, window[period - 1]) /
               (gdouble) period;
    }
    g_return_val_if_reached(NAN);
}

void
kw_sweep_run(KwSweep *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    gsize period = self->period;

    for (gsize i = from; i < to; i++) {
        self->seen = isnan(in[i]) ? 0 : MIN(self->seen + 1, period);
        out[i] = self->seen == period ? sweep_value(self->kind, in + i + 1 - period, period)
                                      : (gdouble) NAN;
    }
}

void
kw_correlation_init(KwCorrelation *self, gsize period)
{
    g_return_if_fail(period > 1);

    *self = (KwCorrelation){.period = period};
}

static gdouble
correlation(const gdouble *a, const gdouble *b, gsize period)
{
    gdouble mean_a = plain_mean(a, period), mean_b = plain_mean(b, period);
    gdouble aa = 0.0, bb = 0.0, ab = 0.0;

    for (gsize k = 0; k < period; k++) {
        gdouble x = a[k] - mean_a, y = b[k] - mean_b;

        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    return aa * bb > 0.0 ? ab / sqrt(aa * bb) : 0.0;
}

void
kw_correlation_run(
    KwCorrelation *self, const gdouble *a, const gdouble *b, gdouble *out, gsize from, gsize to)
{
    gsize period = self->period;

    for (gsize i = from; i < to; i++) {
        self->seen = isnan(a[i] + b[i]) ? 0 : MIN(self->seen + 1, period);
        out[i] = self->seen == period
                     ? correlation(a + i + 1 - period, b + i + 1 - period, period)
                     : (gdouble) NAN;
    }
}

void
kw_quantile_init(KwQuantile *self, gsize period, gdouble share)
{
    g_return_if_fail(period > 0);

    *self = (KwQuantile){.period = period, .share = share};
    self->sorted = g_new(gdouble, period);
}

void
kw_quantile_clear(KwQuantile *self)
{
    g_clear_pointer(&self->sorted, g_free);
}

/* First place whose value is not below @value */
static gsize
quantile_place(const KwQuantile *self, gdouble value)
{
    gsize low = 0, high = self->seen;

    while (low < high) {
        gsize middle = (low + high) / 2;

        if (self->sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
quantile_remove(KwQuantile *self, gdouble value)
{
    gdouble *place = self->sorted + quantile_place(self, value);

    self->seen--;
    memmove(place, place + 1, (gsize) (self->sorted + self->seen - place) * sizeof *place);
}

static void
quantile_insert(KwQuantile *self, gdouble value)
{
    gdouble *place = self->sorted + quantile_place(self, value);

    memmove(place + 1, place, (gsize) (self->sorted + self->seen - place) * sizeof *place);
    *place = value;
    self->seen++;
}

static gdouble
quantile_value(const KwQuantile *self)
{
    gdouble place = self->share * (gdouble) (self->period - 1);
    gsize low = (gsize) place, high = MIN(low + 1, self->period - 1);

    return self->sorted[low] +
           (self->sorted[high] - self->sorted[low]) * (place - (gdouble) low);
}

void
kw_quantile_run(KwQuantile *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        out[i] = NAN;
        if (isnan(in[i])) {
            self->seen = 0;
            continue;
        }
        if (self->seen == self->period)
            quantile_remove(self, in[i - self->period]);
        quantile_insert(self, in[i]);
        if (self->seen == self->period)
            out[i] = quantile_value(self);
    }
}
