/* kw-axis.c: round values, round times
 *
 * Lines of time stand at local midnights, or at hours counted from them, so that a day on the
 * picture is a day of the owner. Numbers are written here and not by the message formats,
 * because charts are drawn on a thread that knows no language but what the frame says. */
#include "kw-axis.h"

#include <math.h>
#include <string.h>

#define HOUR_US G_GINT64_CONSTANT(3600000000)
#define MAX_LINES 40
#define MARGIN 28
#define RIGHT_MARGIN 138 /* numbers of values */
#define BOTTOM_MARGIN 52 /* days */
#define TAG_HEIGHT 28    /* no number nearer to it */
#define MAX_TAG 114      /* px; bold letters are wider */

/* -- numbers -- */

const gchar *
kw_axis_number(KwChartTongue tongue, gdouble value, guint digits, gchar *out)
{
    const gchar *group = tongue == KW_CHART_GERMAN ? "." : ",";
    const gchar *mark = tongue == KW_CHART_GERMAN ? "," : ".";
    gchar format[16], plain[64];
    const gchar *point;
    gsize n_whole;

    *out = '\0';
    if (!isfinite(value) || fabs(value) >= 1e15)
        return out;
    g_snprintf(format, sizeof format, "%%.%uf", MIN(digits, 8));
    g_ascii_formatd(plain, sizeof plain, format, fabs(value));
    point = strchr(plain, '.');
    n_whole = point != NULL ? (gsize) (point - plain) : strlen(plain);
    if (value < 0 && strspn(plain, "0.") != strlen(plain))
        g_strlcat(out, "−", KW_AXIS_TEXT_SIZE);
    for (gsize i = 0; plain[i] != '\0'; i++) {
        const gchar one[2] = {plain[i], '\0'};

        if (i > 0 && i < n_whole && (n_whole - i) % 3 == 0)
            g_strlcat(out, group, KW_AXIS_TEXT_SIZE);
        g_strlcat(out, plain[i] == '.' ? mark : one, KW_AXIS_TEXT_SIZE);
    }
    return out;
}

const gchar *
kw_axis_day(const KwChartFrame *frame, gint64 time_us, gchar *out)
{
    KwDate date = kw_zone_get_date(frame->zone, time_us);

    if (frame->tongue == KW_CHART_GERMAN)
        g_snprintf(out, KW_AXIS_TEXT_SIZE, "%02u.%02u.", date.day, date.month);
    else
        g_snprintf(out, KW_AXIS_TEXT_SIZE, "%02u/%02u", date.day, date.month);
    return out;
}

guint
kw_axis_digits(gdouble step)
{
    guint digits = 0;

    while (digits < 8 && fabs(step - round(step)) > 1e-9 * fabs(step)) {
        step *= 10;
        digits++;
    }
    return digits;
}

/* -- scales -- */

gdouble
kw_scale_map(const KwScale *scale, gdouble value)
{
    return scale->from +
           (value - scale->low) / (scale->high - scale->low) * (scale->to - scale->from);
}

void
kw_scale_widen(KwScale *scale, gdouble share)
{
    gdouble room = (scale->high - scale->low) * share;

    if (!(room > 0))
        room = scale->high != 0 ? fabs(scale->high) * 0.02 : 1;
    scale->low -= room;
    scale->high += room;
}

gdouble
kw_axis_step(gdouble low, gdouble high, guint max_lines)
{
    static const gdouble factors[] = {1, 2, 2.5, 5, 10};
    gdouble raw = (high - low) / MAX(1, max_lines);
    gdouble base = pow(10, floor(log10(raw)));

    for (gsize i = 0; i < G_N_ELEMENTS(factors); i++) {
        if (factors[i] * base >= raw * (1 - 1e-9))
            return factors[i] * base;
    }
    return 10 * base;
}

/* -- the sheet -- */

KwPlot
kw_axis_begin(KwPicture *picture, const KwChartFrame *frame)
{
    gdouble top = MARGIN - 6;

    kw_picture_add_text(picture,
                        &(KwTextSpot){.x = MARGIN,
                                      .y = top,
                                      .size_px = KW_PICTURE_TITLE_PX,
                                      .is_bold = TRUE,
                                      .ink = KW_INK_TEXT},
                        frame->title);
    top += KW_PICTURE_TITLE_PX * 1.35;
    if (frame->note != NULL && *frame->note != '\0') {
        kw_picture_add_text(picture, &(KwTextSpot){.x = MARGIN, .y = top, .ink = KW_INK_MUTED},
                            frame->note);
        top += KW_PICTURE_TEXT_PX * 1.5;
    }
    return (KwPlot){MARGIN, top + 16, KW_PICTURE_WIDTH - RIGHT_MARGIN,
                    KW_PICTURE_HEIGHT - BOTTOM_MARGIN};
}

void
kw_axis_draw_empty(KwPicture *picture, const KwChartFrame *frame, const KwPlot *plot)
{
    kw_picture_add_text(picture,
                        &(KwTextSpot){.x = (plot->left + plot->right) / 2,
                                      .y = (plot->top + plot->bottom) / 2,
                                      .anchor_x = 0.5,
                                      .anchor_y = 0.5,
                                      .size_px = KW_PICTURE_TITLE_PX,
                                      .ink = KW_INK_MUTED},
                        frame->empty_text != NULL ? frame->empty_text : "–");
}

static void
draw_line(KwPicture *picture, gdouble x1, gdouble y1, gdouble x2, gdouble y2)
{
    cairo_t *cr = kw_picture_get_cairo(picture);

    kw_picture_set_ink(picture, KW_INK_GRID, 1);
    cairo_set_line_width(cr, 1.5);
    cairo_move_to(cr, x1, y1);
    cairo_line_to(cr, x2, y2);
    cairo_stroke(cr);
}

/* Without its digits where they would reach into the plot */
static void
draw_tag(KwPicture *picture,
         const KwChartFrame *frame,
         const KwPlot *plot,
         const KwScale *scale,
         const KwAxisTag *tag)
{
    KwTextSpot spot = {.x = plot->right + 10,
                       .y = kw_scale_map(scale, tag->value),
                       .anchor_y = 0.5,
                       .is_bold = TRUE,
                       .ink = tag->ink};
    gchar number[KW_AXIS_TEXT_SIZE];
    const gchar *text = kw_axis_number(frame->tongue, tag->value, tag->digits, number);

    if (kw_picture_measure(picture, text) > MAX_TAG)
        text = kw_axis_number(frame->tongue, tag->value, 0, number);
    kw_picture_add_text(picture, &spot, text);
}

void
kw_axis_draw_values(KwPicture *picture,
                    const KwChartFrame *frame,
                    const KwPlot *plot,
                    const KwScale *scale,
                    const gchar *suffix,
                    const KwAxisTag *tag)
{
    gdouble low = MIN(scale->low, scale->high), high = MAX(scale->low, scale->high);
    guint max_lines = (guint) MAX(2, (plot->bottom - plot->top) / 75);
    gdouble step = kw_axis_step(low, high, max_lines);
    gdouble first = ceil(low / step - 1e-9);
    guint digits = kw_axis_digits(step);

    for (guint i = 0; i < MAX_LINES && (first + i) * step <= high + step * 1e-9; i++) {
        gdouble value = (first + i) * step, y = kw_scale_map(scale, value);
        gchar number[KW_AXIS_TEXT_SIZE];
        g_autofree gchar *text =
            g_strconcat(kw_axis_number(frame->tongue, value, digits, number), suffix, NULL);

        draw_line(picture, plot->left, y, plot->right, y);
        if (tag != NULL && fabs(y - kw_scale_map(scale, tag->value)) < TAG_HEIGHT)
            continue;
        kw_picture_add_text(
            picture,
            &(KwTextSpot){.x = plot->right + 10, .y = y, .anchor_y = 0.5, .ink = KW_INK_MUTED},
            text);
    }
    if (tag != NULL)
        draw_tag(picture, frame, plot, scale, tag);
}

/* -- times -- */

/* Lines of one distance: hours, or days when @hours is 0, or months when that is 0 too */
typedef struct {
    guint hours, days, months;
} TimeStep;

static TimeStep
choose_step(gint64 span_us, guint max_lines)
{
    static const guint hours[] = {1, 2, 3, 6, 12}, days[] = {1, 2, 3, 5, 7, 14};
    static const guint months[] = {1, 2, 3, 6, 12, 24, 60};

    for (gsize i = 0; i < G_N_ELEMENTS(hours); i++) {
        if (span_us / (hours[i] * HOUR_US) <= max_lines)
            return (TimeStep){.hours = hours[i]};
    }
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        if (span_us / (days[i] * KW_US_PER_DAY) <= max_lines)
            return (TimeStep){.days = days[i]};
    }
    for (gsize i = 0; i < G_N_ELEMENTS(months); i++) {
        if (span_us / (months[i] * 30 * KW_US_PER_DAY) <= max_lines)
            return (TimeStep){.months = months[i]};
    }
    return (TimeStep){.months = 120};
}

/* The line behind @time_us, which is one itself */
static gint64
next_line(KwZone *zone, TimeStep step, gint64 time_us)
{
    KwLocalTime local = kw_zone_split(zone, time_us);
    KwDate date = local.date;
    guint month;

    if (step.hours > 0 && local.hour + step.hours < 24)
        return kw_zone_get_instant_us(zone, date, (gint) (local.hour + step.hours) * 60);
    if (step.months == 0)
        return kw_zone_get_day_start_us(
            zone, kw_date_add_days(date, step.hours > 0 ? 1 : (gint) step.days));
    month = date.month - 1u + step.months;
    return kw_zone_get_day_start_us(
        zone, (KwDate){date.year + (gint) (month / 12), (guint8) (month % 12 + 1), 1});
}

static gint64
first_line(KwZone *zone, TimeStep step, gint64 from_us)
{
    KwDate date = kw_zone_get_date(zone, from_us);
    gint64 line_us;

    if (step.months > 0) {
        date.day = 1;
        date.month =
            (guint8) (step.months < 12 ? (date.month - 1u) / step.months * step.months + 1 : 1);
    }
    line_us = kw_zone_get_day_start_us(zone, date);
    while (line_us < from_us)
        line_us = next_line(zone, step, line_us);
    return line_us;
}

static void
name_line(const KwChartFrame *frame, TimeStep step, gint64 time_us, gchar *out)
{
    KwLocalTime local = kw_zone_split(frame->zone, time_us);

    if (step.months > 0)
        g_snprintf(out, KW_AXIS_TEXT_SIZE, "%02u/%d", local.date.month, local.date.year);
    else if (step.hours > 0 && local.hour > 0)
        g_snprintf(out, KW_AXIS_TEXT_SIZE, "%02u:00", local.hour);
    else
        kw_axis_day(frame, time_us, out);
}

void
kw_axis_draw_times(KwPicture *picture,
                   const KwChartFrame *frame,
                   const KwPlot *plot,
                   const KwScale *scale)
{
    TimeStep step = choose_step((gint64) (scale->high - scale->low),
                                (guint) ((plot->right - plot->left) / 110));
    gint64 time_us = first_line(frame->zone, step, (gint64) scale->low);

    for (guint i = 0; i < MAX_LINES && time_us <= (gint64) scale->high; i++) {
        gdouble x = kw_scale_map(scale, (gdouble) time_us);
        gchar text[KW_AXIS_TEXT_SIZE];

        name_line(frame, step, time_us, text);
        draw_line(picture, x, plot->top, x, plot->bottom);
        kw_picture_add_text(
            picture,
            &(KwTextSpot){.x = x, .y = plot->bottom + 10, .anchor_x = 0.5, .ink = KW_INK_MUTED},
            text);
        time_us = next_line(frame->zone, step, time_us);
    }
}
