/* kw-candle-chart.c: bodies, wicks, triangles
 *
 * A rising candle is hollow and a falling one filled, so colour is not needed to tell them.
 * Levels take part in the scale only while they do not flatten the candles: a stop far below
 * is named at the lower edge instead. */
#include "kw-candle-chart.h"

#include <math.h>
#include <string.h>

#define MAX_LABELS 8 /* marks with their prices; more would cover each other */
#define MARK_PX 13
#define LABEL_PX 30    /* height of a line */
#define BOLD_WIDTH 1.1 /* of a plain text */
#define MAX_TRIES 2    /* a price further away would seem to be of another mark */

typedef struct {
    KwPicture *picture;
    const KwCandleChart *chart;
    KwCandle *candles; /* owned: merged when there are too many */
    gsize n_candles;
    gint64 width_us; /* of each */
    KwPlot plot;
    KwScale time, price;
    GArray *labels; /* owned; cairo_rectangle_t: where marks and prices stand already */
} Drawing;

/* -- rows -- */

static void
merge(Drawing *self)
{
    const KwCandleChart *chart = self->chart;
    gsize each = (chart->n_candles + KW_CANDLE_CHART_MAX - 1) / KW_CANDLE_CHART_MAX;

    self->candles = g_new0(KwCandle, chart->n_candles / each + 1);
    self->width_us = chart->timeframe_us * (gint64) each;
    for (gsize i = 0; i < chart->n_candles; i++) {
        const KwCandle *row = &chart->candles[i];
        KwCandle *into = &self->candles[i / each];

        if (i % each == 0) {
            *into = *row;
            self->n_candles++;
            continue;
        }
        into->high = MAX(into->high, row->high);
        into->low = MIN(into->low, row->low);
        into->close = row->close;
    }
}

static void
set_scales(Drawing *self)
{
    KwScale *price = &self->price;
    gdouble span;

    *price = (KwScale){INFINITY, -INFINITY, self->plot.bottom, self->plot.top};
    for (gsize i = 0; i < self->n_candles; i++) {
        price->low = MIN(price->low, self->candles[i].low);
        price->high = MAX(price->high, self->candles[i].high);
    }
    span = price->high - price->low;
    for (gsize i = 0; i < self->chart->n_levels; i++) {
        gdouble level = self->chart->levels[i].price;

        if (level >= price->low - span && level <= price->high + span) {
            price->low = MIN(price->low, level);
            price->high = MAX(price->high, level);
        }
    }
    kw_scale_widen(price, 0.10);
    self->time =
        (KwScale){(gdouble) self->candles[0].open_us,
                  (gdouble) (self->candles[self->n_candles - 1].open_us + self->width_us),
                  self->plot.left, self->plot.right};
}

/* -- candles -- */

static void
draw_candle(Drawing *self, const KwCandle *candle)
{
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gdouble left = kw_scale_map(&self->time, (gdouble) candle->open_us);
    gdouble right = kw_scale_map(&self->time, (gdouble) (candle->open_us + self->width_us));
    gdouble middle = (left + right) / 2, width = MAX(1.2, (right - left) * 0.66);
    gdouble open = kw_scale_map(&self->price, candle->open);
    gdouble close = kw_scale_map(&self->price, candle->close);
    gboolean rises = candle->close >= candle->open;
    gdouble top = MIN(open, close), height = MAX(1.2, fabs(open - close));

    kw_picture_set_ink(self->picture, rises ? KW_INK_GAIN : KW_INK_LOSS, 1);
    cairo_set_line_width(cr, CLAMP(width / 6, 1, 3));
    cairo_move_to(cr, middle, kw_scale_map(&self->price, candle->high));
    cairo_line_to(cr, middle, kw_scale_map(&self->price, candle->low));
    cairo_stroke(cr);
    cairo_rectangle(cr, middle - width / 2, top, width, height);
    if (rises && width >= 5) {
        kw_picture_set_ink(self->picture, KW_INK_PAPER, 1);
        cairo_fill_preserve(cr);
        kw_picture_set_ink(self->picture, KW_INK_GAIN, 1);
        cairo_stroke(cr);
    } else {
        cairo_fill(cr);
    }
}

/* -- marks -- */

static gboolean
is_free(const Drawing *self, const cairo_rectangle_t *box)
{
    for (guint i = 0; i < self->labels->len; i++) {
        const cairo_rectangle_t *other = &g_array_index(self->labels, cairo_rectangle_t, i);

        if (box->x < other->x + other->width && other->x < box->x + box->width &&
            box->y < other->y + other->height && other->y < box->y + box->height)
            return FALSE;
    }
    return TRUE;
}

/* The text moves away from the candles, line by line, until it stands on no other one; where
 * there is no room it is left out: the mark is there, and the text of the answer has the
 * price. */
static void
put_label(Drawing *self, KwTextSpot spot, const gchar *text)
{
    gdouble away = spot.anchor_y > 0 ? -LABEL_PX : LABEL_PX;
    cairo_rectangle_t box = {.width = kw_picture_measure(self->picture, text) * BOLD_WIDTH,
                             .height = LABEL_PX};

    spot.x = CLAMP(spot.x - spot.anchor_x * box.width, self->plot.left,
                   MAX(self->plot.left, self->plot.right - box.width));
    spot.anchor_x = 0;
    box.x = spot.x;
    for (guint i = 0; i < MAX_TRIES; i++, spot.y += away) {
        box.y = spot.y - spot.anchor_y * LABEL_PX;
        if (box.y < self->plot.top - LABEL_PX || box.y + LABEL_PX > self->plot.bottom)
            return;
        if (!is_free(self, &box))
            continue;
        g_array_append_val(self->labels, box);
        kw_picture_add_text(self->picture, &spot, text);
        return;
    }
}

static void
label_price(Drawing *self, KwTextSpot spot, const gchar *name, gdouble price)
{
    gchar number[KW_AXIS_TEXT_SIZE];
    g_autofree gchar *text = g_strdup_printf(
        "%s%s%s", name != NULL ? name : "", name != NULL ? " " : "",
        kw_axis_number(self->chart->frame.tongue, price, self->chart->price_digits, number));

    put_label(self, spot, text);
}

static gboolean
is_inside(const Drawing *self, gint64 time_us)
{
    return (gdouble) time_us >= self->time.low && (gdouble) time_us <= self->time.high;
}

/* +1: below its price, -1: above */
static gdouble
get_side(const KwChartMark *mark)
{
    return mark->kind == KW_CHART_MARK_ENTRY ? 1 : -1;
}

/* A triangle; no label stands on it afterwards. */
static void
draw_mark(Drawing *self, const KwChartMark *mark)
{
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gdouble down = get_side(mark);
    gdouble x = kw_scale_map(&self->time, (gdouble) mark->time_us);
    gdouble y = kw_scale_map(&self->price, mark->price) + down * 3;
    cairo_rectangle_t box = {x - MARK_PX, down > 0 ? y : y - 2 * MARK_PX, 2 * MARK_PX,
                             2 * MARK_PX};

    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x - MARK_PX, y + down * 2 * MARK_PX);
    cairo_line_to(cr, x + MARK_PX, y + down * 2 * MARK_PX);
    cairo_close_path(cr);
    kw_picture_set_ink(self->picture, down > 0 ? KW_INK_ENTRY : KW_INK_EXIT, 1);
    cairo_fill_preserve(cr);
    kw_picture_set_ink(self->picture, KW_INK_PAPER, 1);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    g_array_append_val(self->labels, box);
}

static void
label_mark(Drawing *self, const KwChartMark *mark)
{
    gdouble down = get_side(mark);

    label_price(
        self,
        (KwTextSpot){.x = kw_scale_map(&self->time, (gdouble) mark->time_us),
                     .y = kw_scale_map(&self->price, mark->price) + down * (2 * MARK_PX + 6),
                     .anchor_x = 0.5,
                     .anchor_y = down > 0 ? 0 : 1,
                     .is_bold = TRUE,
                     .ink = down > 0 ? KW_INK_ENTRY : KW_INK_EXIT},
        NULL, mark->price);
}

static void
draw_marks(Drawing *self, KwChartMarks *out)
{
    for (gsize i = 0; i < self->chart->n_marks; i++) {
        const KwChartMark *mark = &self->chart->marks[i];

        if (!is_inside(self, mark->time_us))
            continue;
        draw_mark(self, mark);
        if (mark->kind == KW_CHART_MARK_ENTRY)
            out->n_entries++;
        else
            out->n_exits++;
    }
}

static void
label_marks(Drawing *self)
{
    for (gsize i = 0; i < self->chart->n_marks && self->chart->n_marks <= MAX_LABELS; i++)
        if (is_inside(self, self->chart->marks[i].time_us))
            label_mark(self, &self->chart->marks[i]);
}

static void
draw_level(Drawing *self, const KwChartLevel *level)
{
    const gdouble dashes[] = {14, 8};
    cairo_t *cr = kw_picture_get_cairo(self->picture);
    gdouble from = MAX((gdouble) level->from_us, self->time.low);
    gdouble to = CLAMP((gdouble) level->to_us, from, self->time.high);
    gdouble place = kw_scale_map(&self->price, level->price);
    gdouble y = CLAMP(place, self->plot.top, self->plot.bottom - 2);
    const gchar *arrow = place > y ? "↓ " : place < y ? "↑ " : "";
    g_autofree gchar *name = g_strconcat(arrow, level->text, NULL);
    gdouble x1 = kw_scale_map(&self->time, from), x2 = kw_scale_map(&self->time, to);

    cairo_move_to(cr, x1, y);
    cairo_line_to(cr, MAX(x2, x1 + 30), y);
    kw_picture_set_ink(self->picture, level->ink, 1);
    cairo_set_line_width(cr, 3);
    cairo_set_dash(cr, dashes, G_N_ELEMENTS(dashes), 0);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
    label_price(self,
                (KwTextSpot){
                    .x = x1 + 4, .y = y - 3, .anchor_y = 1, .is_bold = TRUE, .ink = level->ink},
                name, level->price);
}

/* -- the chart -- */

static void
draw_all(Drawing *self, KwChartMarks *out)
{
    const KwCandleChart *chart = self->chart;

    kw_axis_draw_times(self->picture, &chart->frame, &self->plot, &self->time);
    kw_axis_draw_values(self->picture, &chart->frame, &self->plot, &self->price, "",
                        &(KwAxisTag){self->candles[self->n_candles - 1].close,
                                     chart->price_digits, KW_INK_LINE});
    for (gsize i = 0; i < self->n_candles; i++)
        draw_candle(self, &self->candles[i]);
    draw_marks(self, out);
    for (gsize i = 0; i < chart->n_levels; i++) {
        if ((gdouble) chart->levels[i].from_us > self->time.high ||
            (gdouble) chart->levels[i].to_us < self->time.low)
            continue;
        draw_level(self, &chart->levels[i]);
        out->n_levels++;
    }
    label_marks(self);
    out->n_candles = (guint) self->n_candles;
}

GBytes *
kw_candle_chart_draw(const KwCandleChart *chart, KwChartMarks *out, GError **error)
{
    g_autoptr(KwPicture) picture = NULL;
    Drawing self = {.chart = chart};

    g_return_val_if_fail(chart != NULL && out != NULL, NULL);
    g_return_val_if_fail(chart->n_candles == 0 || chart->timeframe_us > 0, NULL);

    *out = (KwChartMarks){0};
    picture = kw_picture_new(chart->frame.paper);
    self.picture = picture;
    self.plot = kw_axis_begin(picture, &chart->frame);
    if (chart->n_candles == 0) {
        kw_axis_draw_empty(picture, &chart->frame, &self.plot);
        return kw_picture_to_png(picture, error);
    }
    merge(&self);
    set_scales(&self);
    self.labels = g_array_new(FALSE, FALSE, sizeof(cairo_rectangle_t));
    draw_all(&self, out);
    g_array_unref(self.labels);
    g_free(self.candles);
    return kw_picture_to_png(picture, error);
}
