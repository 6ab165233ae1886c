/* kw-schedule.c: what the wall clock of a zone shows, and when it will show something
 *
 * Rules and offsets come from GTimeZone. It is asked only when an instant leaves the stretch
 * of constant offset that is remembered, so that one call per candle costs a comparison.
 *
 * One definition serves all ways from local time to an instant: the first instant at which the
 * wall clock shows the wanted time or a later one. On plain days that is the time itself, in a
 * gap it is the end of the gap, and of a doubled hour it is the first. */
#include "kw-schedule.h"

#include "kw-error.h"

#include <string.h>

#define S_PER_DAY 86400
#define REACH_S (G_GINT64_CONSTANT(32) * S_PER_DAY) /* how far a remembered stretch extends */

struct _KwZone {
    gchar *identifier; /* owned */
    GTimeZone *rules;  /* owned */

    /* offset_s holds for start_s <= t < end_s; empty at first */
    gint64 start_s;
    gint64 end_s;
    gint32 offset_s;
};

static gint64
floor_div(gint64 value, gint64 divisor)
{
    gint64 quotient = value / divisor;

    return value % divisor < 0 ? quotient - 1 : quotient;
}

/* GTimeZone also reads files by path and rule texts; a setting of the owner is a name. */
static gboolean
is_name(const gchar *identifier)
{
    if (!g_ascii_isalpha(identifier[0]) || strlen(identifier) > 64 ||
        strstr(identifier, "//") != NULL || g_str_has_prefix(identifier, "right/"))
        return FALSE;
    for (const gchar *p = identifier; *p != '\0'; p++)
        if (!g_ascii_isalnum(*p) && strchr("_+-/", *p) == NULL)
            return FALSE;
    return TRUE;
}

KwZone *
kw_zone_new(const gchar *identifier, GError **error)
{
    g_autoptr(GTimeZone) rules = NULL;
    KwZone *self;

    g_return_val_if_fail(identifier != NULL, NULL);

    if (!is_name(identifier)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "not the name of a time zone");
        return NULL;
    }
    rules = g_time_zone_new_identifier(identifier);
    if (rules == NULL || strcmp(g_time_zone_get_identifier(rules), identifier) != 0) {
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                    "no data for time zone \"%s\" (is the package tzdata installed?)",
                    identifier);
        return NULL;
    }
    self = g_rc_box_new0(KwZone);
    self->identifier = g_strdup(identifier);
    self->rules = g_steal_pointer(&rules);
    return self;
}

KwZone *
kw_zone_ref(KwZone *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return g_rc_box_acquire(self);
}

static void
zone_clear(gpointer data)
{
    KwZone *self = data;

    g_clear_pointer(&self->rules, g_time_zone_unref);
    g_clear_pointer(&self->identifier, g_free);
}

void
kw_zone_unref(KwZone *self)
{
    if (self != NULL)
        g_rc_box_release_full(self, zone_clear);
}

const gchar *
kw_zone_get_identifier(const KwZone *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return self->identifier;
}

/* -- instant to local -- */

static gint32
ask_offset(const KwZone *self, gint64 time_s)
{
    gint interval = g_time_zone_find_interval(self->rules, G_TIME_TYPE_UNIVERSAL, time_s);

    return g_time_zone_get_offset(self->rules, interval);
}

/* The second next to @outside that still has @offset_s; @inside has it, @outside has not. */
static gint64
find_edge(const KwZone *self, gint64 inside, gint64 outside, gint32 offset_s)
{
    while (ABS(outside - inside) > 1) {
        gint64 middle = inside + (outside - inside) / 2;

        if (ask_offset(self, middle) == offset_s)
            inside = middle;
        else
            outside = middle;
    }
    return inside;
}

/* Remembers the stretch around @time_s. No zone changes its offset and changes it back within
 * one day, so looking day by day misses no edge. */
static void
remember(KwZone *self, gint64 time_s)
{
    gint32 offset_s = ask_offset(self, time_s);
    gint64 start_s = time_s;
    gint64 end_s = time_s;

    while (start_s > time_s - REACH_S && ask_offset(self, start_s - S_PER_DAY) == offset_s)
        start_s -= S_PER_DAY;
    while (end_s < time_s + REACH_S && ask_offset(self, end_s + S_PER_DAY) == offset_s)
        end_s += S_PER_DAY;
    if (start_s > time_s - REACH_S)
        start_s = find_edge(self, start_s, start_s - S_PER_DAY, offset_s);
    if (end_s < time_s + REACH_S)
        end_s = find_edge(self, end_s, end_s + S_PER_DAY, offset_s);

    self->start_s = start_s;
    self->end_s = end_s + 1;
    self->offset_s = offset_s;
}

static gint32
offset_at(KwZone *self, gint64 time_s)
{
    if (time_s < self->start_s || time_s >= self->end_s)
        remember(self, time_s);
    return self->offset_s;
}

gint32
kw_zone_get_offset_s(KwZone *self, gint64 time_us)
{
    g_return_val_if_fail(self != NULL, 0);

    return offset_at(self, floor_div(time_us, G_USEC_PER_SEC));
}

KwLocalTime
kw_zone_split(KwZone *self, gint64 time_us)
{
    gint64 time_s = floor_div(time_us, G_USEC_PER_SEC);
    gint32 offset_s, second_of_day;
    gint64 local_s, days;

    g_return_val_if_fail(self != NULL, ((KwLocalTime){.us = 0}));

    offset_s = offset_at(self, time_s);
    local_s = time_s + offset_s;
    days = floor_div(local_s, S_PER_DAY);
    second_of_day = (gint32) (local_s - days * S_PER_DAY);
    return (KwLocalTime){.date = kw_date_from_days(days),
                         .hour = (guint8) (second_of_day / 3600),
                         .minute = (guint8) (second_of_day / 60 % 60),
                         .second = (guint8) (second_of_day % 60),
                         .us = (gint32) (time_us - time_s * G_USEC_PER_SEC),
                         .offset_s = offset_s};
}

KwDate
kw_zone_get_date(KwZone *self, gint64 time_us)
{
    gint64 time_s = floor_div(time_us, G_USEC_PER_SEC);

    g_return_val_if_fail(self != NULL, ((KwDate){.year = 1970, .month = 1, .day = 1}));

    return kw_date_from_days(floor_div(time_s + offset_at(self, time_s), S_PER_DAY));
}

/* -- local to instant -- */

/* The first second at which the wall clock shows @local_s (counted as if it were UTC) or more.
 * Offsets are less than a day, so a day before it the old rules hold, a day after the new. */
static gint64
first_at_or_after(KwZone *self, gint64 local_s)
{
    gint64 by_old_s = local_s - offset_at(self, local_s - S_PER_DAY);
    gint64 by_new_s = local_s - offset_at(self, local_s + S_PER_DAY);

    if (by_old_s + offset_at(self, by_old_s) == local_s)
        return by_old_s;
    if (by_new_s + offset_at(self, by_new_s) == local_s)
        return by_new_s;
    /* in a gap: by the old offset we are behind it, and its end starts that stretch */
    (void) offset_at(self, by_old_s);
    return self->start_s;
}

gint64
kw_zone_get_instant_us(KwZone *self, KwDate date, gint minute_of_day)
{
    gint64 local_s = kw_date_to_days(date) * S_PER_DAY + minute_of_day * 60;

    g_return_val_if_fail(self != NULL, 0);
    g_return_val_if_fail(minute_of_day >= 0 && minute_of_day < 24 * 60, 0);

    return first_at_or_after(self, local_s) * G_USEC_PER_SEC;
}

gint64
kw_zone_get_day_start_us(KwZone *self, KwDate date)
{
    return kw_zone_get_instant_us(self, date, 0);
}

gint64
kw_zone_floor_day_us(KwZone *self, gint64 time_us)
{
    return kw_zone_get_instant_us(self, kw_zone_get_date(self, time_us), 0);
}

gint64
kw_schedule_next_us(KwZone *zone, gint minute_of_day, gint64 after_us)
{
    KwDate date;
    gint64 due_us;

    g_return_val_if_fail(zone != NULL, G_MAXINT64);
    g_return_val_if_fail(minute_of_day >= 0 && minute_of_day < 24 * 60, G_MAXINT64);

    /* from yesterday, as a gap at midnight moves a time over to the next date */
    date = kw_date_add_days(kw_zone_get_date(zone, after_us), -1);
    do {
        due_us = kw_zone_get_instant_us(zone, date, minute_of_day);
        date = kw_date_add_days(date, 1);
    } while (due_us <= after_us);
    return due_us;
}

gint64
kw_schedule_next_weekday_us(KwZone *zone, guint weekday, gint minute_of_day, gint64 after_us)
{
    KwDate date;
    gint64 due_us;

    g_return_val_if_fail(zone != NULL, G_MAXINT64);
    g_return_val_if_fail(weekday >= 1 && weekday <= 7, G_MAXINT64);

    date = kw_date_add_days(kw_zone_get_date(zone, after_us), -1);
    date = kw_date_add_days(date, (gint) ((weekday + 7 - kw_date_get_weekday(date)) % 7));
    do {
        due_us = kw_zone_get_instant_us(zone, date, minute_of_day);
        date = kw_date_add_days(date, 7);
    } while (due_us <= after_us);
    return due_us;
}
