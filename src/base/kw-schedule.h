/* kw-schedule.h: instants and wall-clock times in a zone, right on 23- and 25-hour days */
#pragma once

#include "kw-date.h"

G_BEGIN_DECLS

/* A time zone with the offset that was used last. Not to be shared between threads. */
typedef struct _KwZone KwZone;

/**
 * KwLocalTime:
 * @date: the local date
 * @second: 0..59; leap seconds do not exist in instants
 * @us: 0..999999
 * @offset_s: local time minus UTC, in seconds
 *
 * Plain value type: an instant as a clock on the wall of the zone shows it.
 */
typedef struct {
    KwDate date;
    guint8 hour;
    guint8 minute;
    guint8 second;
    gint32 us;
    gint32 offset_s;
} KwLocalTime;

/**
 * kw_zone_new:
 * @identifier: name from the time zone database ("Europe/Vienna", "UTC"); no path, no rule
 *   text, no "right/" zone (instants here have no leap seconds)
 *
 * A zone that is unknown, or known but without data on this machine, is an error: UTC is
 * never taken in its place.
 *
 * Returns: (transfer full): the zone, or %NULL with %KW_PARSE_ERROR_SYNTAX or
 *   %KW_PARSE_ERROR_RANGE (no data)
 */
KwZone *kw_zone_new(const gchar *identifier, GError **error);

/* (transfer full) */
KwZone *kw_zone_ref(KwZone *self);
void kw_zone_unref(KwZone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwZone, kw_zone_unref)

/* (transfer none) */
const gchar *kw_zone_get_identifier(const KwZone *self);

/* Local time minus UTC at @time_us, in seconds */
gint32 kw_zone_get_offset_s(KwZone *self, gint64 time_us);

/* The local fields of @time_us, for formatting */
KwLocalTime kw_zone_split(KwZone *self, gint64 time_us);

/* The local date of @time_us */
KwDate kw_zone_get_date(KwZone *self, gint64 time_us);

/**
 * kw_zone_get_instant_us:
 * @minute_of_day: wall-clock minutes since midnight, 0..1439
 *
 * A time that the zone skips on @date gives the first instant after the gap; a time that
 * comes twice gives the first. So each date has exactly one instant.
 *
 * Returns: UTC
 */
gint64 kw_zone_get_instant_us(KwZone *self, KwDate date, gint minute_of_day);

/* The first instant of the local day */
gint64 kw_zone_get_day_start_us(KwZone *self, KwDate date);

/* The first instant of the local date of @time_us: what "today" begins with */
gint64 kw_zone_floor_day_us(KwZone *self, gint64 time_us);

/**
 * kw_schedule_next_us:
 * @zone: the zone
 * @minute_of_day: wall-clock minutes since midnight, 0..1439
 * @after_us: instant, UTC
 *
 * Returns: the first instant strictly after @after_us at which the wall clock comes to
 *   @minute_of_day, once for each local date as kw_zone_get_instant_us() has it
 */
gint64 kw_schedule_next_us(KwZone *zone, gint minute_of_day, gint64 after_us);

/* The same for a weekday, 1 = Monday .. 7 = Sunday */
gint64
kw_schedule_next_weekday_us(KwZone *zone, guint weekday, gint minute_of_day, gint64 after_us);

G_END_DECLS
