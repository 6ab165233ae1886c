/* kw-bar-chart.c: bars up for gains and down for losses */
#include "kw-bar-chart.h"

#include <math.h>

#define MAX_NUMBERS 10 /* bars with their value; more would not fit side by side */

typedef struct {
    KwPicture *picture;
    const KwBarChart *chart;
    const KwChartBar *bars;
    gsize n_bars;
    KwPlot plot;
    KwScale values;
    gdouble width; /* pixels for each bar and its gap */
} Drawing;

static void
set_scale(Drawing *self)
{
    self->values.from = self->plot.bottom;
    self->values.to = self->plot.top;
    for (gsize i = 0; i < self->n_bars; i++) {
        self->values.low = MIN(self->values.low, self->bars[i].value);
        self->values.high = MAX(self->values.high, self->bars[i].value);
    }
    kw_scale_widen(&self->values, 0.12);
}

static void
draw_bar(Drawing *self, gsize index)
{
    const KwChartBar *bar = &self->bars[index];
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gdouble middle = self->plot.left + ((gdouble) index + 0.5) * self->width;
    gdouble zero = kw_scale_map(&self->values, 0);
    gdouble y = kw_scale_map(&self->values, bar->value);
    gdouble thick = MAX(2, MIN(self->width * 0.72, 90));
    gchar number[KW_AXIS_TEXT_SIZE], text[KW_AXIS_TEXT_SIZE + 8];

    kw_picture_set_ink(self->picture, bar->value < 0 ? KW_INK_LOSS : KW_INK_GAIN, 1);
    cairo_rectangle(cr, middle - thick / 2, MIN(zero, y), thick, MAX(2, fabs(zero - y)));
    cairo_fill(cr);
    if (self->n_bars > MAX_NUMBERS)
        return;
    g_snprintf(
        text, sizeof text, "%s%s", bar->value > 0 ? "+" : "",
        kw_axis_number(self->chart->frame.tongue, bar->value, self->chart->digits, number));
    kw_picture_add_text(self->picture,
                        &(KwTextSpot){.x = middle,
                                      .y = y + (bar->value < 0 ? 4 : -4),
                                      .anchor_x = 0.5,
                                      .anchor_y = bar->value < 0 ? 0 : 1,
                                      .is_bold = TRUE,
                                      .ink = KW_INK_TEXT},
                        text);
}

/* Every bar is named, or every second, third, ... so that the names do not touch. */
static void
draw_labels(Drawing *self)
{
    gdouble widest = 1;
    gsize each;

    for (gsize i = 0; i < self->n_bars; i++)
        widest = MAX(widest, kw_picture_measure(self->picture, self->bars[i].label));
    each = (gsize) MAX(1, ceil((widest + 14) / self->width));
    for (gsize i = (self->n_bars - 1) % each; i < self->n_bars; i += each)
        kw_picture_add_text(
            self->picture,
            &(KwTextSpot){.x = self->plot.left + ((gdouble) i + 0.5) * self->width,
                          .y = self->plot.bottom + 10,
                          .anchor_x = 0.5,
                          .ink = KW_INK_MUTED},
            self->bars[i].label);
}

static void
draw_zero(Drawing *self)
{
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gdouble y = kw_scale_map(&self->values, 0);

    kw_picture_set_ink(self->picture, KW_INK_TEXT, 1);
    cairo_set_line_width(cr, 2);
    cairo_move_to(cr, self->plot.left, y);
    cairo_line_to(cr, self->plot.right, y);
    cairo_stroke(cr);
}

GBytes *
kw_bar_chart_draw(const KwBarChart *chart, KwChartMarks *out, GError **error)
{
    g_autoptr(KwPicture) picture = NULL;
    Drawing self = {.chart = chart};
    gsize n;

    g_return_val_if_fail(chart != NULL && out != NULL, NULL);

    *out = (KwChartMarks){0};
    picture = kw_picture_new(chart->frame.paper);
    self.picture = picture;
    self.plot = kw_axis_begin(picture, &chart->frame);
    n = MIN(chart->n_bars, KW_BAR_CHART_MAX);
    if (n == 0) {
        kw_axis_draw_empty(picture, &chart->frame, &self.plot);
        return kw_picture_to_png(picture, error);
    }
    self.bars = chart->bars + (chart->n_bars - n);
    self.n_bars = n;
    self.width = (self.plot.right - self.plot.left) / (gdouble) n;
    set_scale(&self);
    kw_axis_draw_values(picture, &chart->frame, &self.plot, &self.values, "", NULL);
    for (gsize i = 0; i < n; i++)
        draw_bar(&self, i);
    draw_zero(&self);
    draw_labels(&self);
    out->n_bars = (guint) n;
    return kw_picture_to_png(picture, error);
}
