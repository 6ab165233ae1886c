/* kw-axis.h: scales of a chart, their lines and the numbers at them */
#pragma once

#include "kw-picture.h"
#include "kw-schedule.h"

G_BEGIN_DECLS

/* How numbers and days are written */
typedef enum {
    KW_CHART_GERMAN,  /* 1.234,5 and 11.03. */
    KW_CHART_ENGLISH, /* 1,234.5 and 11/03 */
} KwChartTongue;

/**
 * KwChartFrame: what every chart has
 * @paper: what is drawn on
 * @zone: of the times; used by the drawing thread alone meanwhile
 * @title: first line
 * @note: second line, smaller: period, key figure, "TROCKENLAUF"; may be empty
 * @unit: of the values, "USDT"
 * @empty_text: said in the middle when there is nothing to draw
 */
typedef struct {
    KwPaper paper;
    KwZone *zone;
    KwChartTongue tongue;
    const gchar *title;
    const gchar *note;
    const gchar *unit;
    const gchar *empty_text;
} KwChartFrame;

typedef struct {
    gint64 time_us;
    gdouble value;
} KwChartPoint;

/* How many of each were drawn, for tests and captions */
typedef struct {
    guint n_points, n_candles, n_entries, n_exits, n_levels, n_bars, n_bins;
} KwChartMarks;

/* Values @low..@high lie at the pixels @from..@to; either pair may fall. */
typedef struct {
    gdouble low, high;
    gdouble from, to;
} KwScale;

/* Where curves go, in pixels */
typedef struct {
    gdouble left, top, right, bottom;
} KwPlot;

gdouble kw_scale_map(const KwScale *scale, gdouble value);

/* Makes room around the values, and some where they are all the same. */
void kw_scale_widen(KwScale *scale, gdouble share);

/* The distance of @max_lines or fewer lines at round values: 1, 2, 2.5 or 5 times ten to the n
 */
gdouble kw_axis_step(gdouble low, gdouble high, guint max_lines);

/* "1.234,5" or "−0,36": @digits behind the mark; @out has %KW_AXIS_TEXT_SIZE bytes */
#define KW_AXIS_TEXT_SIZE 48
const gchar *kw_axis_number(KwChartTongue tongue, gdouble value, guint digits, gchar *out);

/* "11.03." */
const gchar *kw_axis_day(const KwChartFrame *frame, gint64 time_us, gchar *out);

/* Digits that numbers @step apart need to differ */
guint kw_axis_digits(gdouble step);

/* The newest value of a curve, in the colour of the curve */
typedef struct {
    gdouble value;
    guint digits;
    KwInk ink;
} KwAxisTag;

/* Title and note; the plot below is what is left for the chart. */
KwPlot kw_axis_begin(KwPicture *picture, const KwChartFrame *frame);

/* Lines across at round values with numbers at the right; @suffix follows each ("%"). @tag:
 * (nullable): takes the place of the numbers next to it */
void kw_axis_draw_values(KwPicture *picture,
                         const KwChartFrame *frame,
                         const KwPlot *plot,
                         const KwScale *scale,
                         const gchar *suffix,
                         const KwAxisTag *tag);

/* Lines down at round times of the zone with days or hours below; @scale in microseconds */
void kw_axis_draw_times(KwPicture *picture,
                        const KwChartFrame *frame,
                        const KwPlot *plot,
                        const KwScale *scale);

/* The empty chart */
void kw_axis_draw_empty(KwPicture *picture, const KwChartFrame *frame, const KwPlot *plot);

G_END_DECLS
