/* kw-date.c: civil dates by days since 1970
 *
 * The conversion counts in eras of 400 years with March as the first month, so that the leap
 * day is the last of its year and no table of months is needed. GDate was dropped: it holds no
 * dates before year 1, allocates for printing and answers invalid input with warnings. */
#include "kw-date.h"

#include "kw-error.h"

#include <string.h>

#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_SHIFT 719468  /* from 0000-03-01 to 1970-01-01 */

static gint64
floor_div(gint64 value, gint64 divisor)
{
    gint64 quotient = value / divisor;

    return value % divisor < 0 ? quotient - 1 : quotient;
}

static gboolean
is_leap(gint year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

guint
kw_date_days_in_month(gint year, guint month)
{
    static const guint8 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    g_return_val_if_fail(month >= 1 && month <= 12, 0);

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

gboolean
kw_date_is_valid(KwDate date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= kw_date_days_in_month(date.year, date.month);
}

/* @n digits at @text as a number, or -1 */
static gint
take_digits(const gchar *text, gint n)
{
    gint value = 0;

    for (gint i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
        value = value * 10 + g_ascii_digit_value(text[i]);
    }
    return value;
}

gboolean
kw_date_parse(const gchar *text, KwDate *out, GError **error)
{
    gint year, month, day;
    KwDate date;

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
        (year = take_digits(text, 4)) < 0 || (month = take_digits(text + 5, 2)) < 0 ||
        (day = take_digits(text + 8, 2)) < 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "date is not of the form YYYY-MM-DD");
        return FALSE;
    }
    date = (KwDate){.year = year, .month = (guint8) month, .day = (guint8) day};
    if (!kw_date_is_valid(date)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "no such day");
        return FALSE;
    }
    *out = date;
    return TRUE;
}

const gchar *
kw_date_to_text(KwDate date, gchar *buffer)
{
    g_return_val_if_fail(kw_date_is_valid(date) && buffer != NULL, "");

    (void) g_snprintf(buffer, KW_DATE_TEXT_SIZE, "%04d-%02u-%02u", date.year, date.month,
                      date.day);
    return buffer;
}

gint64
kw_date_to_days(KwDate date)
{
    gint64 year = date.month > 2 ? date.year : date.year - 1;
    gint64 era = floor_div(year, 400);
    gint64 year_of_era = year - era * 400;
    gint64 month = date.month > 2 ? date.month - 3 : date.month + 9; /* March is 0 */
    gint64 day_of_year = (153 * month + 2) / 5 + date.day - 1;
    gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT;
}

KwDate
kw_date_from_days(gint64 days)
{
    gint64 shifted = days + EPOCH_SHIFT;
    gint64 era = floor_div(shifted, DAYS_PER_ERA);
    gint64 day_of_era = shifted - era * DAYS_PER_ERA;
    gint64 year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    gint64 month = (5 * day_of_year + 2) / 153; /* March is 0 */
    gint64 year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);

    return (KwDate){.year = (gint32) year,
                    .month = (guint8) (month < 10 ? month + 3 : month - 9),
                    .day = (guint8) (day_of_year - (153 * month + 2) / 5 + 1)};
}

KwDate
kw_date_add_days(KwDate date, gint n_days)
{
    return kw_date_from_days(kw_date_to_days(date) + n_days);
}

gint
kw_date_cmp(KwDate a, KwDate b)
{
    gint64 left = kw_date_to_days(a);
    gint64 right = kw_date_to_days(b);

    return (left > right) - (left < right);
}

guint
kw_date_get_weekday(KwDate date)
{
    gint64 days = kw_date_to_days(date) + 3; /* 1970-01-01 was a Thursday */

    return (guint) (days - floor_div(days, 7) * 7) + 1;
}

guint
kw_date_get_iso_week(KwDate date, gint *out_year)
{
    /* a week belongs to the year of its Thursday */
    gint64 thursday = kw_date_to_days(date) + 4 - (gint64) kw_date_get_weekday(date);
    gint year = kw_date_from_days(thursday).year;
    gint64 first = kw_date_to_days((KwDate){.year = year, .month = 1, .day = 1});

    if (out_year != NULL)
        *out_year = year;
    return (guint) ((thursday - first) / 7) + 1;
}

KwDate
kw_date_from_utc_us(gint64 time_us)
{
    return kw_date_from_days(floor_div(time_us, KW_US_PER_DAY));
}

const gchar *
kw_utc_to_text(gint64 time_us, gchar *buffer)
{
    gint64 days = floor_div(time_us, KW_US_PER_DAY);
    gint64 rest_us = time_us % KW_US_PER_DAY;
    gint ms = (gint) ((rest_us < 0 ? rest_us + KW_US_PER_DAY : rest_us) / 1000);
    KwDate date = kw_date_from_days(days);

    g_return_val_if_fail(buffer != NULL, "");

    (void) g_snprintf(buffer, KW_UTC_TEXT_SIZE, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                      date.year, date.month, date.day, ms / 3600000, ms / 60000 % 60,
                      ms / 1000 % 60, ms % 1000);
    return buffer;
}

gboolean
kw_time_of_day_parse(const gchar *text, gint *out_minute, GError **error)
{
    gint hour, minute;

    g_return_val_if_fail(text != NULL && out_minute != NULL, FALSE);

    if (strlen(text) != 5 || text[2] != ':' || (hour = take_digits(text, 2)) < 0 ||
        (minute = take_digits(text + 3, 2)) < 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "time is not of the form HH:MM");
        return FALSE;
    }
    if (hour > 23 || minute > 59) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "time is not between 00:00 and 23:59");
        return FALSE;
    }
    *out_minute = hour * 60 + minute;
    return TRUE;
}
