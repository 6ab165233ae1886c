/* kw-format.c: German (and English) numbers and times
 *
 * Written out here because the C library's locales are wrong for us: de_AT groups with a
 * narrow space, de_CH takes a point for decimals, and setting LC_NUMERIC would break JSON and
 * SQL. Texts live in a string chunk, so that a reply can be composed with one printf a line. */
#include "kw-format.h"

#include "kw-i18n.h"

#include <math.h>
#include <string.h>

#define NBSP "\302\240"
#define MINUS "\342\210\222"
#define PLUS_MINUS "\302\261"
#define DASH "\342\200\223"

struct _KwFormat {
    GStringChunk *texts; /* owned */
    KwZone *zone;        /* owned */
    gint64 now_us;
    KwDate today;
};

KwFormat *
kw_format_new(KwZone *zone, gint64 now_us)
{
    KwFormat *self;

    g_return_val_if_fail(zone != NULL, NULL);

    self = g_new0(KwFormat, 1);
    self->texts = g_string_chunk_new(512);
    self->zone = kw_zone_ref(zone);
    self->now_us = now_us;
    self->today = kw_zone_get_date(zone, now_us);
    return self;
}

void
kw_format_free(KwFormat *self)
{
    if (self == NULL)
        return;
    g_string_chunk_free(self->texts);
    kw_zone_unref(self->zone);
    g_free(self);
}

static const gchar *keep(KwFormat *self, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

static const gchar *
keep(KwFormat *self, const gchar *format, ...)
{
    g_autofree gchar *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    return g_string_chunk_insert(self->texts, text);
}

const gchar *
kw_format_keep(KwFormat *self, const gchar *text)
{
    g_return_val_if_fail(self != NULL && text != NULL, "");

    return g_string_chunk_insert(self->texts, text);
}

/* -- numbers -- */

/* "-1234.50" becomes "−1.234,50" */
static const gchar *
localise(KwFormat *self, const gchar *plain)
{
    gboolean is_german = kw_i18n_get_language() == KW_LANGUAGE_DE;
    const gchar *digits = *plain == '-' ? plain + 1 : plain;
    gsize n_whole = strcspn(digits, ".");
    g_autoptr(GString) text = g_string_new(*plain == '-' ? MINUS : "");

    for (gsize i = 0; i < n_whole; i++) {
        if (i > 0 && (n_whole - i) % 3 == 0)
            g_string_append_c(text, is_german ? '.' : ',');
        g_string_append_c(text, digits[i]);
    }
    if (digits[n_whole] == '.') {
        g_string_append_c(text, is_german ? ',' : '.');
        g_string_append(text, digits + n_whole + 1);
    }
    return g_string_chunk_insert(self->texts, text->str);
}

static KwDecimal
rescaled(KwDecimal value, guint8 scale)
{
    KwDecimal out = value;

    /* Too many digits for that scale: shown as they are. */
    (void) kw_decimal_rescale(value, scale, KW_ROUND_HALF_UP, &out, NULL);
    return out;
}

const gchar *
kw_format_decimal(KwFormat *self, KwDecimal value, guint8 scale)
{
    gchar buffer[KW_DECIMAL_TEXT_SIZE];

    g_return_val_if_fail(self != NULL, "");

    return localise(self, kw_decimal_to_text(rescaled(value, scale), buffer));
}

/* @text with the sign of @value before it, as it is after rounding */
static const gchar *
with_sign(KwFormat *self, gint sign, const gchar *text)
{
    if (sign == 0)
        return keep(self, PLUS_MINUS "%s", text);
    if (sign > 0)
        return keep(self, "+%s", text);
    return text; /* has its minus */
}

const gchar *
kw_format_signed(KwFormat *self, KwDecimal value)
{
    g_return_val_if_fail(self != NULL, "");

    return with_sign(self, kw_decimal_sign(rescaled(value, 2)),
                     kw_format_decimal(self, value, 2));
}

const gchar *
kw_format_money(KwFormat *self, KwDecimal value, const gchar *currency)
{
    g_return_val_if_fail(self != NULL && currency != NULL, "");

    return keep(self, "%s" NBSP "%s", kw_format_decimal(self, value, 2), currency);
}

const gchar *
kw_format_money_signed(KwFormat *self, KwDecimal value, const gchar *currency)
{
    g_return_val_if_fail(self != NULL && currency != NULL, "");

    return keep(self, "%s" NBSP "%s", kw_format_signed(self, value), currency);
}

const gchar *
kw_format_rate(KwFormat *self, KwDecimal rate)
{
    return kw_format_decimal(self, rate, rate.scale);
}

const gchar *
kw_format_amount(KwFormat *self, KwDecimal amount)
{
    KwDecimal trimmed = kw_decimal_trim(rescaled(amount, MIN(amount.scale, 8)));

    return kw_format_decimal(self, trimmed, trimmed.scale);
}

const gchar *
kw_format_number(KwFormat *self, gdouble value, guint8 digits)
{
    KwDecimal decimal;

    g_return_val_if_fail(self != NULL, "");

    if (!isfinite(value) ||
        !kw_decimal_from_double(value, digits, KW_ROUND_HALF_UP, &decimal, NULL))
        return DASH;
    return kw_format_decimal(self, decimal, digits);
}

/* Digits of a percentage: the limit of 10 holds after rounding, so 9.996 is "10,0". */
static guint8
percent_digits(gdouble percent)
{
    return fabs(percent) < 9.995 ? 2 : 1;
}

const gchar *
kw_format_percent(KwFormat *self, gdouble ratio)
{
    if (!isfinite(ratio))
        return DASH;
    return keep(self, "%s" NBSP "%%",
                kw_format_number(self, ratio * 100, percent_digits(ratio * 100)));
}

const gchar *
kw_format_percent_signed(KwFormat *self, gdouble ratio)
{
    guint8 digits;
    KwDecimal rounded = KW_DECIMAL_ZERO;
    const gchar *text;

    if (!isfinite(ratio))
        return DASH;
    digits = percent_digits(ratio * 100);
    (void) kw_decimal_from_double(ratio * 100, digits, KW_ROUND_HALF_UP, &rounded, NULL);
    text = with_sign(self, kw_decimal_sign(rounded), kw_format_decimal(self, rounded, digits));
    return keep(self, "%s" NBSP "%%", text);
}

const gchar *
kw_format_percent_short(KwFormat *self, gdouble ratio)
{
    KwDecimal percent;

    if (!isfinite(ratio) ||
        !kw_decimal_from_double(ratio * 100, 1, KW_ROUND_HALF_UP, &percent, NULL))
        return DASH;
    percent = kw_decimal_trim(percent);
    return keep(self, "%s" NBSP "%%", kw_format_decimal(self, percent, percent.scale));
}

/* -- times -- */

static const gchar *const weekdays[] = {
    N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
    N_("Friday"), N_("Saturday"), N_("Sunday"),
};
static const gchar *const weekdays_short[] = {
    N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"),
};
static const gchar *const months[] = {
    N_("January"),   N_("February"), N_("March"),    N_("April"),
    N_("May"),       N_("June"),     N_("July"),     N_("August"),
    N_("September"), N_("October"),  N_("November"), N_("December"),
};

KwDate
kw_format_date_of(KwFormat *self, gint64 time_us)
{
    return kw_zone_get_date(self->zone, time_us);
}

const gchar *
kw_format_clock(KwFormat *self, gint64 time_us)
{
    KwLocalTime local = kw_zone_split(self->zone, time_us);

    return keep(self, "%02d:%02d", local.hour, local.minute);
}

const gchar *
kw_format_clock_seconds(KwFormat *self, gint64 time_us)
{
    KwLocalTime local = kw_zone_split(self->zone, time_us);

    return keep(self, "%02d:%02d:%02d", local.hour, local.minute, local.second);
}

const gchar *
kw_format_day(KwFormat *self, KwDate date)
{
    if (date.year == self->today.year)
        return keep(self, _("%1$02d.%2$02d."), date.day, date.month);
    return keep(self, _("%1$02d.%2$02d.%3$d"), date.day, date.month, date.year);
}

const gchar *
kw_format_day_full(KwFormat *self, KwDate date)
{
    /* TRANSLATORS: weekday, day, month, year */
    return keep(self, _("%1$s, %2$02d.%3$02d.%4$d"),
                _(weekdays_short[kw_date_get_weekday(date) - 1]), date.day, date.month,
                date.year);
}

const gchar *
kw_format_day_long(KwFormat *self, KwDate date)
{
    /* TRANSLATORS: weekday, day, name of the month, year */
    return keep(self, _("%1$s, %2$d %3$s %4$d"), _(weekdays[kw_date_get_weekday(date) - 1]),
                date.day, _(months[date.month - 1]), date.year);
}

const gchar *
kw_format_month(guint month)
{
    g_return_val_if_fail(month >= 1 && month <= 12, "");

    return _(months[month - 1]);
}

const gchar *
kw_format_time(KwFormat *self, gint64 time_us)
{
    KwDate date = kw_format_date_of(self, time_us);
    const gchar *clock = kw_format_clock(self, time_us);

    if (kw_date_cmp(date, self->today) == 0)
        return clock;
    return keep(self, "%s, %s, %s", _(weekdays_short[kw_date_get_weekday(date) - 1]),
                kw_format_day(self, date), clock);
}

static const gchar *
whole_week(KwFormat *self, KwDate from, KwDate to)
{
    if (kw_date_get_weekday(from) != 1 || kw_date_cmp(kw_date_add_days(from, 6), to) != 0)
        return "";
    return keep(self, _(" (week %u)"), kw_date_get_iso_week(from, NULL));
}

const gchar *
kw_format_days(KwFormat *self, KwDate from, KwDate to)
{
    const gchar *end = kw_format_day(self, to);
    gboolean is_one_month = from.year == to.year && from.month == to.month;

    if (kw_date_cmp(from, to) == 0)
        return end;
    if (is_one_month)
        return keep(self, "%02d." DASH "%s%s", from.day, end, whole_week(self, from, to));
    return keep(self, "%s" DASH "%s%s", kw_format_day(self, from), end,
                whole_week(self, from, to));
}

const gchar *
kw_format_duration(KwFormat *self, gint64 duration_us)
{
    gint64 seconds = MAX(duration_us, 0) / G_USEC_PER_SEC;
    gint64 minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

    if (seconds < 60)
        return keep(self, "%d" NBSP "s", (gint) seconds);
    if (hours == 0)
        return keep(self, "%d" NBSP "min", (gint) minutes);
    if (days < 2 && minutes % 60 == 0)
        return keep(self, "%d" NBSP "h", (gint) hours);
    if (days < 2)
        return keep(self, "%d" NBSP "h %d" NBSP "min", (gint) hours, (gint) (minutes % 60));
    return keep(self, kw_i18n_plural("%d day", "%d days", (guint64) days), (gint) days);
}
