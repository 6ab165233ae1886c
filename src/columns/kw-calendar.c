/* kw-calendar.c: days and hours by division, as UTC has no other rules */
#include "kw-calendar.h"

#include <math.h>

#define DAY_SECONDS 86400
#define MINUTE_SECONDS 60
#define FIRST_WEEKDAY 3            /* 1970-01-01 was a Thursday */
#define MAX_SECONDS 253402300800.0 /* year 10000 */

/* Returns: FALSE when @time is none that can be shown */
static gboolean
split(gdouble time, gint64 *day, gint *second)
{
    gint64 whole;

    if (!(fabs(time) < MAX_SECONDS))
        return FALSE;
    whole = (gint64) floor(time);
    *day = whole / DAY_SECONDS - (whole % DAY_SECONDS < 0);
    *second = (gint) (whole - *day * DAY_SECONDS);
    return TRUE;
}

void
kw_calendar_session(const gdouble *time, gint from_minute, gint to_minute, guint8 *out, gsize n)
{
    gdouble midnight = NAN; /* of the row before: mostly the same day */

    for (gsize i = 0; i < n; i++) {
        gdouble since = time[i] - midnight;
        gint64 day;
        gint second, minute;

        out[i] = 0;
        if (since >= 0 && since < DAY_SECONDS)
            second = (gint) since;
        else if (split(time[i], &day, &second))
            midnight = (gdouble) (day * DAY_SECONDS);
        else
            continue;
        minute = second / MINUTE_SECONDS;
        if (from_minute <= to_minute)
            out[i] = minute >= from_minute && minute < to_minute;
        else
            out[i] = minute >= from_minute || minute < to_minute;
    }
}

static gdouble
weekday(gdouble time)
{
    gint64 day, rest;
    gint second;

    if (!split(time, &day, &second))
        return NAN;
    rest = (day + FIRST_WEEKDAY) % 7;
    return (gdouble) (rest < 0 ? rest + 7 : rest);
}

void
kw_calendar_weekday(const gdouble *time, gdouble *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = weekday(time[i]);
}

void
kw_calendar_weekend(const gdouble *time, guint8 *out, gsize n)
{
    for (gsize i = 0; i < n; i++)
        out[i] = weekday(time[i]) >= 5.0;
}
