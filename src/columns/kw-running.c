/* kw-running.c: recurrences over everything that was
 *
 * The two sums depend on where the data begin; so do those of every other program. Only
 * their moves tell something. */
#include "kw-running.h"

#include <math.h>

void
kw_cumsum_run(KwCumsum *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        if (!isnan(in[i]))
            self->sum += in[i];
        out[i] = isnan(in[i]) ? (gdouble) NAN : self->sum;
    }
}

void
kw_obv_run(KwObv *self,
           const gdouble *price,
           const gdouble *volume,
           gdouble *out,
           gsize from,
           gsize to)
{
    for (gsize i = from; i < to; i++) {
        out[i] = NAN;
        if (isnan(price[i] + volume[i]))
            continue;
        if (!self->has_previous || price[i] > self->previous)
            self->sum += volume[i];
        else if (price[i] < self->previous)
            self->sum -= volume[i];
        self->has_previous = TRUE;
        self->previous = price[i];
        out[i] = self->sum;
    }
}

void
kw_wilder_init(KwWilder *self, gsize period)
{
    g_return_if_fail(period > 0);

    *self = (KwWilder){.period = period};
}

void
kw_wilder_run(KwWilder *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    gdouble period = (gdouble) self->period;

    for (gsize i = from; i < to; i++) {
        out[i] = NAN;
        if (isnan(in[i])) {
            kw_wilder_init(self, self->period);
            continue;
        }
        if (self->seen == self->period) {
            self->value = (self->value * (period - 1.0) + in[i]) / period;
        } else {
            self->value += in[i] / period;
            self->seen++;
        }
        if (self->seen == self->period)
            out[i] = self->value;
    }
}
