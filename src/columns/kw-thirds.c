/* kw-thirds.c: marks near the borders answer for most values
 *
 * Counting a window of 500 for every row costs as much as all else in the usual list of
 * features together. How many values are below a fixed mark is kept by one value in and one
 * out, though; and what lies below a mark that too few values are below is surely not across
 * the border, what lies above a mark that enough are below surely is. Only what falls between
 * the two marks of a border is counted, and such a count gives better marks. They keep some
 * distance to the border, or the next few rows would carry them across it; one that
 * was carried across becomes the other side's.
 *
 * A sorted window is the usual way. With two searches and two moves a row it was as slow as the
 * count. */
#include "kw-thirds.h"

#include "kw-sweep.h"

#include <math.h>

#define SLACK_SHARE 32 /* of a window; a mark stays so far from the border */

void
kw_thirds_init(KwThirds *self, gsize period)
{
    g_return_if_fail(period > 0);

    *self = (KwThirds){.period = period};
}

/* Values that must be below for the next third */
static gsize
get_border(const KwThirds *self, guint border)
{
    return ((border + 1) * self->period + KW_THIRDS_BORDERS) / (KW_THIRDS_BORDERS + 1);
}

static KwThirdsMark
mark_at(const gdouble *window, gsize period, gdouble value)
{
    return (KwThirdsMark){value, kw_sweep_count_below(window, period, value)};
}

static void
mark_move(KwThirdsMark *mark, gdouble leaves, gdouble enters)
{
    mark->n_below += (gsize) (enters < mark->value) - (gsize) (leaves < mark->value);
}

/* Marks that say nothing: nothing is below the one, or too little below the other */
static void
forget(KwThirds *self, guint border)
{
    self->low[border] = (KwThirdsMark){-INFINITY, 0};
    self->high[border] = (KwThirdsMark){-INFINITY, 0};
}

/* Brings the marks of a border to the window in which @leaves gave way to @enters */
static void
follow(KwThirds *self, guint border, gdouble leaves, gdouble enters)
{
    KwThirdsMark *low = &self->low[border], *high = &self->high[border];
    gsize need = get_border(self, border);

    mark_move(low, leaves, enters);
    mark_move(high, leaves, enters);
    if (low->n_below >= need) {
        *high = *low;
        *low = (KwThirdsMark){-INFINITY, 0};
    } else if (high->n_below < need && high->n_below > low->n_below) {
        *low = *high;
    }
}

/* Takes a counted value as a mark if it is nearer to the border than the one there is */
static void
learn(KwThirds *self, guint border, KwThirdsMark mark)
{
    gsize need = get_border(self, border), slack = self->period / SLACK_SHARE;
    KwThirdsMark *low = &self->low[border], *high = &self->high[border];

    if (mark.n_below + slack < need && mark.n_below >= low->n_below)
        *low = mark;
    else if (mark.n_below >= need + slack &&
             (high->n_below < need || mark.n_below < high->n_below))
        *high = mark;
}

/* Whether @value is across the border; @window ends with it */
static gboolean
is_across(KwThirds *self, guint border, const gdouble *window, gdouble value)
{
    gsize need = get_border(self, border);
    KwThirdsMark mark;

    if (value <= self->low[border].value)
        return FALSE;
    if (self->high[border].n_below >= need && value >= self->high[border].value)
        return TRUE;
    mark = mark_at(window, self->period, value);
    learn(self, border, mark);
    return mark.n_below >= need;
}

void
kw_thirds_run(KwThirds *self, const gdouble *in, gdouble *out, gsize from, gsize to)
{
    gsize period = self->period;

    for (gsize i = from; i < to; i++) {
        guint third = 0;

        out[i] = NAN;
        if (isnan(in[i])) {
            self->seen = 0;
            continue;
        }
        for (guint border = 0; border < KW_THIRDS_BORDERS; border++) {
            if (self->seen < period)
                forget(self, border);
            else
                follow(self, border, in[i - period], in[i]);
        }
        self->seen = MIN(self->seen + 1, period);
        if (self->seen < period)
            continue;
        while (third < KW_THIRDS_BORDERS && is_across(self, third, in + i + 1 - period, in[i]))
            third++;
        out[i] = third;
    }
}
