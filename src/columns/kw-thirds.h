/* kw-thirds.h: in which third of its window the newest value is */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_THIRDS_BORDERS 2

/**
 * KwThirdsMark:
 * @value: any number
 * @n_below: values of the window below it
 */
typedef struct {
    gdouble value;
    gsize n_below;
} KwThirdsMark;

/**
 * KwThirds:
 * @seen: inputs since the last NaN, counted up to @period
 * @low: for each border a mark with too few values below it ...
 * @high: ... and one with enough
 *
 * The rules of kw-window.h hold; the output is 0, 1 or 2: the share of the window that is
 * below its newest value, in thirds.
 */
typedef struct {
    gsize period;
    gsize seen;
    KwThirdsMark low[KW_THIRDS_BORDERS], high[KW_THIRDS_BORDERS];
} KwThirds;

void kw_thirds_init(KwThirds *self, gsize period);
void kw_thirds_run(KwThirds *self, const gdouble *in, gdouble *out, gsize from, gsize to);

G_END_DECLS
