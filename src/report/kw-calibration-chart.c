/* kw-calibration-chart.c: predicted against observed frequency
 *
 * On the diagonal a model means what it says. Each bin shows how many signals it stands on,
 * and the interval in which the true frequency lies with 95 %: a bin of five proves nothing. */
#include "kw-calibration-chart.h"

#include "kw-trade-stats.h"

#include <math.h>

#define GAP 14 /* between a point and its count */

typedef struct {
    KwPicture *picture;
    const KwCalibrationChart *chart;
    KwPlot plot;
    KwScale across, up; /* percent */
} Drawing;

static void
draw_diagonal(Drawing *self)
{
    const gdouble dashes[] = {10, 8};
    cairo_t *cr = kw_picture_get_cairo(self->picture);

    cairo_move_to(cr, self->plot.left, self->plot.bottom);
    cairo_line_to(cr, self->plot.right, self->plot.top);
    kw_picture_set_ink(self->picture, KW_INK_MUTED, 1);
    cairo_set_line_width(cr, 2.5);
    cairo_set_dash(cr, dashes, G_N_ELEMENTS(dashes), 0);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* 0 %, 20 %, ... below, without lines: those across are enough */
static void
draw_across(Drawing *self)
{
    for (guint percent = 20; percent < 100; percent += 20) {
        g_autofree gchar *text = g_strdup_printf("%u\u00a0%%", percent);

        kw_picture_add_text(self->picture,
                            &(KwTextSpot){.x = kw_scale_map(&self->across, percent),
                                          .y = self->plot.bottom + 10,
                                          .anchor_x = 0.5,
                                          .ink = KW_INK_MUTED},
                            text);
    }
    kw_picture_add_text(self->picture,
                        &(KwTextSpot){.x = self->plot.right,
                                      .y = self->plot.bottom - 6,
                                      .anchor_x = 1,
                                      .anchor_y = 1,
                                      .ink = KW_INK_TEXT},
                        self->chart->across_text);
    kw_picture_add_text(
        self->picture,
        &(KwTextSpot){.x = self->plot.left + 8, .y = self->plot.top + 2, .ink = KW_INK_TEXT},
        self->chart->up_text);
}

static gdouble
x_of(const Drawing *self, const KwCalibrationBin *bin)
{
    return kw_scale_map(&self->across, bin->predicted * 100);
}

static gdouble
y_of(const Drawing *self, const KwCalibrationBin *bin)
{
    return kw_scale_map(&self->up, 100.0 * bin->n_hits / bin->n);
}

/* "n=3.047" at the right of the point; at its left where the next bin begins at once */
static void
draw_count(Drawing *self, const KwCalibrationBin *bin, const KwCalibrationBin *next)
{
    gdouble x = x_of(self, bin), y = y_of(self, bin);
    gchar number[KW_AXIS_TEXT_SIZE];
    g_autofree gchar *text =
        g_strconcat("n=", kw_axis_number(self->chart->frame.tongue, bin->n, 0, number), NULL);
    gdouble width = kw_picture_measure(self->picture, text) + 2 * GAP;
    gboolean is_crowded = next != NULL && x_of(self, next) - x < width &&
                          fabs(y_of(self, next) - y) < 2 * KW_PICTURE_TEXT_PX;

    kw_picture_add_text(self->picture,
                        &(KwTextSpot){.x = is_crowded ? x - GAP : x + GAP,
                                      .y = y,
                                      .anchor_x = is_crowded ? 1 : 0,
                                      .anchor_y = 0.5,
                                      .ink = KW_INK_TEXT},
                        text);
}

/* The next one that holds anything */
static const KwCalibrationBin *
find_next(const KwCalibrationChart *chart, gsize index)
{
    for (gsize i = index + 1; i < chart->n_bins; i++)
        if (chart->bins[i].n > 0)
            return &chart->bins[i];
    return NULL;
}

static void
draw_bin(Drawing *self, const KwCalibrationBin *bin)
{
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gdouble x = x_of(self, bin), y = y_of(self, bin);
    gdouble low = 0, high = 0;

    kw_stats_wilson(bin->n_hits, bin->n, &low, &high);
    kw_picture_set_ink(self->picture, KW_INK_LINE, 0.45);
    cairo_set_line_width(cr, 5);
    cairo_move_to(cr, x, kw_scale_map(&self->up, low * 100));
    cairo_line_to(cr, x, kw_scale_map(&self->up, high * 100));
    cairo_stroke(cr);
    kw_picture_set_ink(self->picture, KW_INK_LINE, 1);
    cairo_arc(cr, x, y, 10, 0, 2 * G_PI);
    cairo_fill(cr);
}

static void
join_bins(Drawing *self)
{
    cairo_t *cr = kw_picture_get_cairo(self->picture);

    for (gsize i = 0; i < self->chart->n_bins; i++) {
        const KwCalibrationBin *bin = &self->chart->bins[i];

        if (bin->n > 0)
            cairo_line_to(cr, x_of(self, bin), y_of(self, bin));
    }
    kw_picture_set_ink(self->picture, KW_INK_LINE, 1);
    cairo_set_line_width(cr, 3);
    cairo_stroke(cr);
}

GBytes *
kw_calibration_chart_draw(const KwCalibrationChart *chart, KwChartMarks *out, GError **error)
{
    g_autoptr(KwPicture) picture = NULL;
    Drawing self = {.chart = chart};

    g_return_val_if_fail(chart != NULL && out != NULL, NULL);

    *out = (KwChartMarks){0};
    picture = kw_picture_new(chart->frame.paper);
    self.picture = picture;
    self.plot = kw_axis_begin(picture, &chart->frame);
    self.across = (KwScale){0, 100, self.plot.left, self.plot.right};
    self.up = (KwScale){0, 100, self.plot.bottom, self.plot.top};
    for (gsize i = 0; i < chart->n_bins; i++)
        out->n_bins += chart->bins[i].n > 0;
    if (out->n_bins == 0) {
        kw_axis_draw_empty(picture, &chart->frame, &self.plot);
        return kw_picture_to_png(picture, error);
    }
    kw_axis_draw_values(picture, &chart->frame, &self.plot, &self.up, "\u00a0%", NULL);
    draw_across(&self);
    draw_diagonal(&self);
    join_bins(&self);
    for (gsize i = 0; i < chart->n_bins; i++) {
        if (chart->bins[i].n > 0)
            draw_bin(&self, &chart->bins[i]);
    }
    for (gsize i = 0; i < chart->n_bins; i++) {
        if (chart->bins[i].n > 0)
            draw_count(&self, &chart->bins[i], find_next(chart, i));
    }
    return kw_picture_to_png(picture, error);
}
