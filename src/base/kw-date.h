/* kw-date.h: calendar dates without a zone, and UTC instants as text */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_DATE_TEXT_SIZE 12 /* "2026-03-29" and terminator */
#define KW_UTC_TEXT_SIZE 40  /* "2026-03-29T01:00:00.000Z", years beyond 9999 as well */
#define KW_US_PER_DAY G_GINT64_CONSTANT(86400000000)

/**
 * KwDate:
 * @year: proleptic Gregorian
 * @month: 1..12
 * @day: 1..31
 *
 * Plain value type.
 */
typedef struct {
    gint32 year;
    guint8 month;
    guint8 day;
} KwDate;

/* %TRUE when there is such a day; years 1 to 9999 */
gboolean kw_date_is_valid(KwDate date);

/**
 * kw_date_parse:
 * @text: "YYYY-MM-DD" and nothing else
 * @out: (out caller-allocates): untouched on failure
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_SYNTAX, or %KW_PARSE_ERROR_RANGE for a day that the
 *   calendar does not have
 */
gboolean kw_date_parse(const gchar *text, KwDate *out, GError **error);

/* "YYYY-MM-DD"; @buffer has KW_DATE_TEXT_SIZE bytes. Returns @buffer. */
const gchar *kw_date_to_text(KwDate date, gchar *buffer);

/* Days since 1970-01-01, and back */
gint64 kw_date_to_days(KwDate date);
KwDate kw_date_from_days(gint64 days);

KwDate kw_date_add_days(KwDate date, gint n_days);

/* -1, 0 or 1 */
gint kw_date_cmp(KwDate a, KwDate b);

/* 1 = Monday .. 7 = Sunday */
guint kw_date_get_weekday(KwDate date);

/**
 * kw_date_get_iso_week:
 * @out_year: (out) (optional): the year that the week belongs to
 *
 * Returns: 1..53
 */
guint kw_date_get_iso_week(KwDate date, gint *out_year);

/* 28..31 */
guint kw_date_days_in_month(gint year, guint month);

/* The date of @time_us in UTC */
KwDate kw_date_from_utc_us(gint64 time_us);

/* "2026-03-29T01:00:00.000Z"; @buffer has KW_UTC_TEXT_SIZE bytes. Returns @buffer. */
const gchar *kw_utc_to_text(gint64 time_us, gchar *buffer);

/**
 * kw_time_of_day_parse:
 * @text: "HH:MM", 00:00 to 23:59
 * @out_minute: (out): minutes since midnight; untouched on failure
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_SYNTAX or %KW_PARSE_ERROR_RANGE
 */
gboolean kw_time_of_day_parse(const gchar *text, gint *out_minute, GError **error);

G_END_DECLS
