/* kw-direction.c: Wilder's directional movement and his parabolic stop
 *
 * The directional indicators differ in the last step alone, so one state serves the three;
 * a column each costs two more passes than one with three outputs would, and needs no
 * columns with several outputs.
 *
 * The stop of a fall is the stop of a rise in a mirror. Prices are therefore multiplied by
 * the direction on their way in and out, and there is one set of rules. */
#include "kw-direction.h"

#include <math.h>

#define NOTHING 1e-14 /* ranges below this are none, as in TA-Lib */

void
kw_direction_init(KwDirection *self, KwDirectionKind kind, gsize period)
{
    g_return_if_fail(period > 1);

    *self = (KwDirection){.kind = kind, .period = period};
}

/* Adds the move to @high, @low: plain sums first, then sums that forget */
static void
direction_add(KwDirection *self, gdouble high, gdouble low)
{
    gdouble keep = self->seen < self->period ? 1.0 : 1.0 - 1.0 / (gdouble) self->period;
    gdouble rise = high - self->high, fall = self->low - low;
    gdouble top = MAX(high, self->close), bottom = MIN(low, self->close);

    self->rise = self->rise * keep + (rise > fall && rise > 0.0 ? rise : 0.0);
    self->fall = self->fall * keep + (fall > rise && fall > 0.0 ? fall : 0.0);
    self->range = self->range * keep + (top - bottom);
}

/* Takes the newest distance into the mean; without any movement the mean stays */
static void
direction_add_distance(KwDirection *self)
{
    gdouble period = (gdouble) self->period;
    gdouble both = self->rise + self->fall;
    gdouble distance;

    if (self->range < NOTHING || both / self->range < NOTHING)
        return;
    distance = 100.0 * fabs(self->rise - self->fall) / both;
    if (self->seen < 2 * self->period)
        self->adx += distance / period;
    else
        self->adx = (self->adx * (period - 1.0) + distance) / period;
}

static gdouble
direction_value(KwDirection *self)
{
    if (self->seen < self->period)
        return NAN;
    switch (self->kind) {
    case KW_DIRECTION_PLUS:
        return self->range < NOTHING ? 0.0 : 100.0 * self->rise / self->range;
    case KW_DIRECTION_MINUS:
        return self->range < NOTHING ? 0.0 : 100.0 * self->fall / self->range;
    case KW_DIRECTION_ADX:
        direction_add_distance(self);
        return self->seen + 1 < 2 * self->period ? (gdouble) NAN : self->adx;
    }
    g_return_val_if_reached(NAN);
}

void
kw_direction_run(KwDirection *self, const KwAtrInput *in, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        out[i] = NAN;
        if (isnan(in->high[i] + in->low[i] + in->close[i])) {
            kw_direction_init(self, self->kind, self->period);
            continue;
        }
        if (self->seen > 0) {
            direction_add(self, in->high[i], in->low[i]);
            out[i] = direction_value(self);
        }
        if (self->seen < 2 * self->period)
            self->seen++;
        self->high = in->high[i];
        self->low = in->low[i];
        self->close = in->close[i];
    }
}

void
kw_sar_init(KwSar *self, gdouble step, gdouble max)
{
    *self = (KwSar){.step = step, .max = max, .factor = MIN(step, max)};
}

/* The stop lies at or below the lows of this row and the one before (in a rise) */
static gdouble
sar_limit(gdouble stop, gdouble previous_low, gdouble low)
{
    return MIN(stop, MIN(previous_low, low));
}

/* The first move says where it goes */
static void
sar_start(KwSar *self, gdouble high, gdouble low)
{
    gdouble rise = high - self->high, fall = self->low - low;

    self->sign = fall > 0.0 && rise < fall ? -1.0 : 1.0;
    self->stop = self->sign > 0.0 ? self->low : self->high;
    self->extreme = self->sign > 0.0 ? high : low;
    self->high = high;
    self->low = low;
}

/* One row; returns the stop that held in it */
static gdouble
sar_step(KwSar *self, gdouble high, gdouble low)
{
    gdouble sign = self->sign;
    gdouble best = sign > 0.0 ? high : -low, worst = sign > 0.0 ? low : -high;
    gdouble previous_best = sign > 0.0 ? self->high : -self->low;
    gdouble previous_worst = sign > 0.0 ? self->low : -self->high;
    gdouble stop = sign * self->stop, extreme = sign * self->extreme, shown;

    if (worst <= stop) { /* turn round: what follows is seen in the mirror */
        self->sign = -sign;
        shown = stop = sar_limit(-extreme, -previous_best, -best);
        self->factor = MIN(self->step, self->max);
        extreme = -worst;
        previous_worst = -previous_best;
        worst = -best;
    } else {
        shown = stop;
        if (best > extreme) {
            extreme = best;
            self->factor = MIN(self->factor + self->step, self->max);
        }
    }
    stop = sar_limit(stop + self->factor * (extreme - stop), previous_worst, worst);
    self->stop = self->sign * stop;
    self->extreme = self->sign * extreme;
    return self->sign * shown;
}

void
kw_sar_run(
    KwSar *self, const gdouble *high, const gdouble *low, gdouble *out, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        out[i] = NAN;
        if (isnan(high[i] + low[i])) {
            kw_sar_init(self, self->step, self->max);
            continue;
        }
        if (self->seen == 1)
            sar_start(self, high[i], low[i]);
        if (self->seen >= 1)
            out[i] = sar_step(self, high[i], low[i]);
        if (self->seen < 2)
            self->seen++;
        self->high = high[i];
        self->low = low[i];
    }
}
