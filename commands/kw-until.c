/* kw-until.c: "bis Freitag", "halb neun", "morgen um 8": times to come
 *
 * An until-date is the end that the owner names; any other time to come in a command means
 * that it is not wanted now. */
#include "kw-span-private.h"

#include <string.h>

/* -- clock times -- */

static gboolean
hour_of(const KwSpanReader *reader, guint index, gint *out)
{
    return kw_span_small_number(reader, index, out) && *out >= 0 && *out <= 24;
}

/* "halb neun" 8:30, "viertel acht" 7:15, "dreiviertel neun" 8:45 */
static gboolean
fraction_clock(const KwSpanReader *reader, guint index, gint *out)
{
    gint hour, minutes = kw_span_value(reader, "fractions", index);

    if (minutes < 0 || !hour_of(reader, index + 1, &hour) || hour < 1 || hour > 12)
        return FALSE;
    *out = (hour - 1) * 60 + minutes;
    return TRUE;
}

static gboolean
digital_clock(const gchar *text, gint *out)
{
    gint hour, minute;
    const gchar *mark = strpbrk(text, ":");

    if (mark == NULL || mark == text || strlen(mark) != 3 || mark - text > 2)
        return FALSE;
    hour = (gint) g_ascii_strtoll(text, NULL, 10);
    minute = (gint) g_ascii_strtoll(mark + 1, NULL, 10);
    if (hour > 23 || minute > 59)
        return FALSE;
    *out = hour * 60 + minute;
    return TRUE;
}

/* "7am", "7pm" */
static gboolean
english_clock(const gchar *text, gint *out)
{
    gchar *end = NULL;
    gint64 hour = g_ascii_strtoll(text, &end, 10);

    if (end == text || hour < 1 || hour > 12 ||
        (strcmp(end, "am") != 0 && strcmp(end, "pm") != 0))
        return FALSE;
    *out = (gint) (hour % 12) * 60 + (*end == 'p' ? 720 : 0);
    return TRUE;
}

gboolean
kw_clock_words_read(const KwSpanReader *reader, guint index, gint *out_minute, guint *out_n)
{
    gint hour, minute = 0;

    *out_n = 1;
    if (digital_clock(kw_span_word(reader, index), out_minute) ||
        english_clock(kw_span_word(reader, index), out_minute))
        return TRUE;
    *out_n = 2;
    if (fraction_clock(reader, index, out_minute))
        return TRUE;
    if (!hour_of(reader, index, &hour) || !kw_span_is(reader, index + 1, "uhr"))
        return FALSE;
    if (kw_span_small_number(reader, index + 2, &minute) && minute >= 0 && minute < 60)
        *out_n = 3;
    else
        minute = 0;
    *out_minute = (hour * 60 + minute) % 1440;
    return TRUE;
}

/* -- until -- */

/* A weekday or a named end at @index */
static gboolean
until_day(const KwSpanReader *reader, guint index, KwDate *out, guint *n)
{
    guint skip = kw_span_value(reader, "next_words", index) >= 0 ||
                         kw_span_is(reader, index, "zum") || kw_span_is(reader, index, "dem")
                     ? 1
                     : 0;
    gint end = kw_span_value(reader, "period_ends", index + skip);

    *n = skip + 1;
    if (end == 1)
        *out = kw_date_add_days(kw_span_monday_of(reader->today), 6);
    else if (end == 2)
        *out = kw_span_last_of_month(reader->today.year, reader->today.month);
    else if (end == 4)
        *out = (KwDate){reader->today.year, 12, 31};
    else if (kw_span_value(reader, "weekend", index + skip) >= 0)
        *out = kw_date_add_days(kw_span_monday_of(reader->today), 5);
    else if (kw_span_value(reader, "next_words", index) >= 0 &&
             kw_span_value(reader, "units", index + 1) == 1)
        *out = kw_date_add_days(kw_span_monday_of(reader->today), 7);
    else {
        guint taken;

        if (!kw_span_read_day(reader, index + skip, KW_SPAN_FORWARD, out, &taken))
            return FALSE;
        *n = skip + taken;
        if (kw_span_value(reader, "next_words", index) == 2)
            *out = kw_date_add_days(*out, 7);
    }
    return TRUE;
}

/* "sonntagabend", "freitagmittag": a weekday and a part of the day in one word */
static gboolean
until_joined(const KwSpanReader *reader, guint index, KwUntil *out)
{
    static const gchar *const names[] = {"montag",  "dienstag", "mittwoch", "donnerstag",
                                         "freitag", "samstag",  "sonntag"};
    const gchar *text = kw_span_word(reader, index);

    for (guint d = 0; d < G_N_ELEMENTS(names); d++) {
        gint part, distance;

        if (!g_str_has_prefix(text, names[d]) || text[strlen(names[d])] == '\0')
            continue;
        part = kw_lexicon_find_value(reader->lexicon, "until_parts", text + strlen(names[d]));
        if (part < 0)
            return FALSE;
        distance = ((gint) d + 1 - (gint) kw_date_get_weekday(reader->today) + 7) % 7;
        out->date = kw_date_add_days(reader->today, distance == 0 ? 7 : distance);
        out->has_time = TRUE;
        out->time_us = kw_zone_get_instant_us(reader->zone, out->date, part * 60);
        return TRUE;
    }
    return FALSE;
}

/* What follows "bis" at @index: day, clock, either order */
static gboolean
until_at(const KwSpanReader *reader, guint index, KwUntil *out)
{
    guint n_day = 0, n_clock = 0, after;
    gint minute = -1;
    gboolean has_day, has_clock;

    if (until_joined(reader, index, out))
        return TRUE;
    has_day = until_day(reader, index, &out->date, &n_day);
    after = index + (has_day ? n_day : 0);
    after += kw_span_is(reader, after, "um") || kw_span_is(reader, after, "frueh") ? 1 : 0;
    has_clock = kw_clock_words_read(reader, after, &minute, &n_clock);
    if (!has_day && has_clock) {
        guint rest = after + n_clock;

        has_day = until_day(reader, rest, &out->date, &n_day);
        if (!has_day) {
            KwLocalTime local = kw_zone_split(reader->zone, reader->now_us);

            out->date = minute > local.hour * 60 + local.minute
                            ? reader->today
                            : kw_date_add_days(reader->today, 1);
            has_day = TRUE;
        }
    }
    if (!has_day)
        return FALSE;
    if (!has_clock && kw_span_value(reader, "until_parts", index + n_day) > 0) {
        minute = kw_span_value(reader, "until_parts", index + n_day) * 60;
        has_clock = TRUE;
    }
    out->has_time = has_clock;
    if (has_clock)
        out->time_us = kw_zone_get_instant_us(reader->zone, out->date, minute);
    return TRUE;
}

gboolean
kw_until_read(const KwSpanReader *reader, KwUntil *out)
{
    for (guint i = 0; i < reader->tokens->len; i++) {
        KwUntil until = {.is_set = TRUE};

        if (kw_span_value(reader, "until_words", i) >= 0 && until_at(reader, i + 1, &until)) {
            *out = until;
            return TRUE;
        }
    }
    return FALSE;
}

/* -- scheduled -- */

static gboolean
is_greeting(const KwSpanReader *reader, guint index)
{
    return index > 0 && kw_lexicon_find_value(reader->lexicon, "before_greeting",
                                              kw_span_word(reader, index - 1)) >= 0;
}

/* "um 8 uhr", "gegen mitternacht" */
static gboolean
is_clock_to_come(const KwSpanReader *reader, guint index)
{
    gint minute;
    guint n;

    if (kw_span_value(reader, "before_clock", index) < 0)
        return FALSE;
    return kw_clock_words_read(reader, index + 1, &minute, &n) ||
           kw_span_value(reader, "named_clocks", index + 1) >= 0;
}

/* "am freitag", "naechste woche", "in 2 stunden" */
static gboolean
is_day_to_come(const KwSpanReader *reader, guint index)
{
    gint n;

    if (kw_span_is(reader, index, "in"))
        return kw_span_small_number(reader, index + 1, &n) &&
               kw_span_value(reader, "later_units", index + 2) >= 0;
    if (!kw_span_is(reader, index, "am") && kw_span_value(reader, "next_words", index) < 0)
        return FALSE;
    return kw_span_value(reader, "weekdays", index + 1) > 0 ||
           kw_span_value(reader, "weekend", index + 1) >= 0 ||
           kw_span_value(reader, "units", index + 1) > 0;
}

gboolean
kw_span_is_scheduled(const KwSpanReader *reader, guint from, guint to)
{
    for (guint i = from; i < to && i < reader->tokens->len; i++) {
        if (kw_span_value(reader, "until_words", i) >= 0)
            return FALSE;
        if ((kw_span_value(reader, "later_words", i) >= 0 && !is_greeting(reader, i)) ||
            is_clock_to_come(reader, i) || is_day_to_come(reader, i))
            return TRUE;
    }
    return FALSE;
}
