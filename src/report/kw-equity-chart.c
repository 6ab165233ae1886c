/* kw-equity-chart.c: equity and drawdown
 *
 * Years of points are many more than there are pixels: a column of pixels gets the lowest and
 * the highest of its points, in their order, so no peak and no trough is lost. */
#include "kw-equity-chart.h"

#include <math.h>

#define GAP 34 /* pixels between the panels */

typedef struct {
    KwPicture *picture;
    const KwEquityChart *chart;
    KwChartPoint *drawdown; /* owned: percent below the peak so far, <= 0 */
    gsize peak, worst;      /* indices: highest value, deepest drawdown */
    KwScale time;
} Drawing;

static void
compute(Drawing *self)
{
    const KwEquityChart *chart = self->chart;
    gdouble peak = chart->points[0].value;

    self->drawdown = g_new0(KwChartPoint, chart->n_points);
    for (gsize i = 0; i < chart->n_points; i++) {
        gdouble value = chart->points[i].value;

        peak = MAX(peak, value);
        self->drawdown[i].time_us = chart->points[i].time_us;
        self->drawdown[i].value = peak > 0 ? (value / peak - 1) * 100 : 0;
        if (value > chart->points[self->peak].value)
            self->peak = i;
        if (self->drawdown[i].value < self->drawdown[self->worst].value)
            self->worst = i;
    }
}

/* -- curves -- */

static void
add_point(cairo_t *cr, const KwScale *time, const KwScale *values, const KwChartPoint *point)
{
    cairo_line_to(cr, kw_scale_map(time, (gdouble) point->time_us),
                  kw_scale_map(values, point->value));
}

static void
trace(cairo_t *cr,
      const KwChartPoint *points,
      gsize n,
      const KwScale *time,
      const KwScale *values)
{
    for (gsize i = 0; i < n;) {
        gint column = (gint) kw_scale_map(time, (gdouble) points[i].time_us);
        gsize low = i, high = i, end = i;

        while (end < n && (gint) kw_scale_map(time, (gdouble) points[end].time_us) == column) {
            low = points[end].value < points[low].value ? end : low;
            high = points[end].value > points[high].value ? end : high;
            end++;
        }
        add_point(cr, time, values, &points[MIN(low, high)]);
        if (low != high)
            add_point(cr, time, values, &points[MAX(low, high)]);
        if (end - 1 > MAX(low, high))
            add_point(cr, time, values, &points[end - 1]);
        i = end;
    }
}

static void
draw_area(Drawing *self,
          const KwChartPoint *points,
          const KwPlot *plot,
          const KwScale *values,
          KwInk ink)
{
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gsize n = self->chart->n_points;
    gdouble base = ink == KW_INK_LOSS ? kw_scale_map(values, 0) : plot->bottom;

    trace(cr, points, n, &self->time, values);
    cairo_line_to(cr, kw_scale_map(&self->time, (gdouble) points[n - 1].time_us), base);
    cairo_line_to(cr, kw_scale_map(&self->time, (gdouble) points[0].time_us), base);
    cairo_close_path(cr);
    kw_picture_set_ink(self->picture, ink, 0.16);
    cairo_fill(cr);
    trace(cr, points, n, &self->time, values);
    kw_picture_set_ink(self->picture, ink, 1);
    cairo_set_line_width(cr, 3);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cr);
}

static void
draw_dot(Drawing *self, gdouble x, gdouble y, KwInk ink)
{
    cairo_t *cr = kw_picture_get_cairo(self->picture);

    cairo_arc(cr, x, y, 7, 0, 2 * G_PI);
    kw_picture_set_ink(self->picture, ink, 1);
    cairo_fill(cr);
}

/* Dot and text at a point: above it, or below when @below */
static void
label_point(Drawing *self,
            const KwChartPoint *point,
            const KwScale *values,
            const gchar *text,
            KwTextSpot spot)
{
    spot.x = kw_scale_map(&self->time, (gdouble) point->time_us);
    spot.y = kw_scale_map(values, point->value);
    draw_dot(self, spot.x, spot.y, spot.ink);
    spot.y += spot.anchor_y > 0 ? -10 : 10;
    kw_picture_add_text(self->picture, &spot, text);
}

/* -- panels -- */

static gdouble
share_of_plot(const Drawing *self, gsize index)
{
    gint64 from_us = self->chart->points[0].time_us;
    gint64 to_us = self->chart->points[self->chart->n_points - 1].time_us;

    return to_us > from_us ? (gdouble) (self->chart->points[index].time_us - from_us) /
                                 (gdouble) (to_us - from_us)
                           : 0;
}

/* Whether the curve begins downwards: then there is room above its first point */
static gboolean
falls_first(const KwEquityChart *chart)
{
    gsize n = MIN(chart->n_points, 1 + chart->n_points / 8);
    gdouble sum = 0;

    for (gsize i = 1; i < n; i++)
        sum += chart->points[i].value - chart->points[0].value;
    return sum < 0;
}

static void
label_equity(Drawing *self, const KwScale *values)
{
    const KwEquityChart *chart = self->chart;
    const KwChartPoint *points = chart->points;
    gsize last = chart->n_points - 1;
    gchar text[KW_AXIS_TEXT_SIZE];

    label_point(self, &points[0], values,
                kw_axis_number(chart->frame.tongue, points[0].value, 2, text),
                (KwTextSpot){.ink = KW_INK_MUTED, .anchor_y = falls_first(chart) ? 1 : 0});
    if (self->peak != 0 && self->peak != last && share_of_plot(self, self->peak) < 0.85)
        label_point(self, &points[self->peak], values,
                    kw_axis_number(chart->frame.tongue, points[self->peak].value, 2, text),
                    (KwTextSpot){.ink = KW_INK_GAIN, .anchor_x = 0.5, .anchor_y = 1});
    draw_dot(self, kw_scale_map(&self->time, (gdouble) points[last].time_us),
             kw_scale_map(values, points[last].value), KW_INK_LINE);
}

static void
draw_equity_panel(Drawing *self, const KwPlot *plot)
{
    const KwEquityChart *chart = self->chart;
    KwScale values = {.low = INFINITY, .high = -INFINITY};

    for (gsize i = 0; i < chart->n_points; i++) {
        values.low = MIN(values.low, chart->points[i].value);
        values.high = MAX(values.high, chart->points[i].value);
    }
    kw_scale_widen(&values, 0.16);
    values.from = plot->bottom;
    values.to = plot->top;
    kw_axis_draw_values(self->picture, &chart->frame, plot, &values, "",
                        &(KwAxisTag){chart->points[chart->n_points - 1].value, 2, KW_INK_LINE});
    draw_area(self, chart->points, plot, &values, KW_INK_LINE);
    label_equity(self, &values);
}

static void
draw_limit(Drawing *self, const KwPlot *plot, const KwScale *values)
{
    const gdouble dashes[] = {12, 8};
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gdouble y = kw_scale_map(values, -self->chart->limit_ratio * 100);

    cairo_move_to(cr, plot->left, y);
    cairo_line_to(cr, plot->right, y);
    kw_picture_set_ink(self->picture, KW_INK_STOP, 1);
    cairo_set_line_width(cr, 2.5);
    cairo_set_dash(cr, dashes, G_N_ELEMENTS(dashes), 0);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
    if (self->chart->limit_text != NULL)
        kw_picture_add_text(
            self->picture,
            &(KwTextSpot){.x = plot->left + 6, .y = y - 2, .anchor_y = 1, .ink = KW_INK_STOP},
            self->chart->limit_text);
}

static void
label_worst(Drawing *self, const KwScale *values)
{
    const KwChartFrame *frame = &self->chart->frame;
    const KwChartPoint *worst = &self->drawdown[self->worst];
    gboolean is_long = self->time.high - self->time.low > (gdouble) (300 * KW_US_PER_DAY);
    gchar number[KW_AXIS_TEXT_SIZE], day[KW_AXIS_TEXT_SIZE], year[8] = "";
    g_autofree gchar *text = NULL;

    if (worst->value > -0.005)
        return;
    if (is_long)
        g_snprintf(year, sizeof year, "%s%d", frame->tongue == KW_CHART_GERMAN ? "" : "/",
                   kw_zone_get_date(frame->zone, worst->time_us).year);
    text = g_strdup_printf("%s\u00a0%% · %s%s",
                           kw_axis_number(frame->tongue, worst->value, 1, number),
                           kw_axis_day(frame, worst->time_us, day), year);
    label_point(self, worst, values, text,
                (KwTextSpot){.ink = KW_INK_LOSS,
                             .anchor_x = share_of_plot(self, self->worst),
                             .anchor_y = 0,
                             .is_bold = TRUE});
}

static void
draw_drawdown_panel(Drawing *self, const KwPlot *plot)
{
    const KwEquityChart *chart = self->chart;
    gdouble worst = self->drawdown[self->worst].value;
    gdouble limit = -chart->limit_ratio * 100;
    gboolean has_limit = limit < 0 && (plot->bottom - plot->top > 300 || worst < limit / 2);
    KwScale values = {.from = plot->bottom, .to = plot->top};

    values.low = MIN(MIN(worst * 1.45, has_limit ? limit * 1.1 : 0), -1);
    kw_axis_draw_values(self->picture, &chart->frame, plot, &values, "\u00a0%", NULL);
    draw_area(self, self->drawdown, plot, &values, KW_INK_LOSS);
    if (has_limit)
        draw_limit(self, plot, &values);
    label_worst(self, &values);
}

static void
draw_both(Drawing *self, KwPlot plot)
{
    KwPlot upper = plot, lower = plot;

    upper.bottom = plot.top + (plot.bottom - plot.top) * 0.66 - GAP / 2.0;
    lower.top = upper.bottom + GAP;
    kw_axis_draw_times(self->picture, &self->chart->frame, &plot, &self->time);
    draw_equity_panel(self, &upper);
    draw_drawdown_panel(self, &lower);
    if (self->chart->drawdown_text != NULL)
        kw_picture_add_text(
            self->picture,
            &(KwTextSpot){
                .x = lower.left + 6, .y = lower.top - 2, .anchor_y = 1, .ink = KW_INK_LOSS},
            self->chart->drawdown_text);
}

static GBytes *
draw(const KwEquityChart *chart, gboolean with_equity, KwChartMarks *out, GError **error)
{
    g_autoptr(KwPicture) picture = kw_picture_new(chart->frame.paper);
    Drawing self = {.picture = picture, .chart = chart};
    KwPlot plot = kw_axis_begin(picture, &chart->frame);

    *out = (KwChartMarks){0};
    if (chart->n_points < 2 ||
        chart->points[chart->n_points - 1].time_us <= chart->points[0].time_us) {
        kw_axis_draw_empty(picture, &chart->frame, &plot);
        return kw_picture_to_png(picture, error);
    }
    compute(&self);
    self.time =
        (KwScale){(gdouble) chart->points[0].time_us,
                  (gdouble) chart->points[chart->n_points - 1].time_us, plot.left, plot.right};
    if (with_equity) {
        draw_both(&self, plot);
    } else {
        kw_axis_draw_times(picture, &chart->frame, &plot, &self.time);
        draw_drawdown_panel(&self, &plot);
    }
    out->n_points = (guint) chart->n_points;
    g_free(self.drawdown);
    return kw_picture_to_png(picture, error);
}

GBytes *
kw_equity_chart_draw(const KwEquityChart *chart, KwChartMarks *out, GError **error)
{
    g_return_val_if_fail(chart != NULL && out != NULL, NULL);

    return draw(chart, TRUE, out, error);
}

GBytes *
kw_equity_chart_draw_drawdown(const KwEquityChart *chart, KwChartMarks *out, GError **error)
{
    g_return_val_if_fail(chart != NULL && out != NULL, NULL);

    return draw(chart, FALSE, out, error);
}
