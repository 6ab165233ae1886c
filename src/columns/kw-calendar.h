/* kw-calendar.h: what the hour and the day of a candle say, in UTC */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times are seconds since 1970 as doubles; NaN, or a time beyond the year 10000, is never
 * inside and has no day. All rows stand for themselves. */

/* 1 from minute @from_minute of the day up to, not including, @to_minute; over midnight when
 * @from_minute is the later one */
void kw_calendar_session(
    const gdouble *time, gint from_minute, gint to_minute, guint8 *out, gsize n);

/* 0 for Monday to 6 for Sunday */
void kw_calendar_weekday(const gdouble *time, gdouble *out, gsize n);

/* 1 on Saturday and Sunday */
void kw_calendar_weekend(const gdouble *time, guint8 *out, gsize n);

G_END_DECLS
