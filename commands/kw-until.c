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

/* First words that say nothing about the end: "zum", "einschliesslich", "etwa" */
static guint
skip_fillers(const KwSpanReader *reader, guint index)
{
    while (kw_span_value(reader, "until_fillers", index) >= 0)
        index++;
    return index;
}

/* The last day of the running period: 1 week, 2 month, 3 quarter, 4 year; @ahead periods on */
static gboolean
end_of_period(const KwSpanReader *reader, gint unit, gint ahead, KwDate *out)
{
    KwDate today = reader->today;
    gint month = today.year * 12 + today.month - 1 + ahead;

    if (unit == 1)
        *out = kw_date_add_days(kw_span_monday_of(today), 6 + 7 * ahead);
    else if (unit == 2)
        *out = kw_span_last_of_month(month / 12, (guint) month % 12 + 1);
    else if (unit == 3 && ahead == 0)
        *out = kw_span_last_of_month(today.year, (guint) (today.month + 2) / 3 * 3);
    else if (unit == 4)
        *out = (KwDate){today.year + ahead, 12, 31};
    else
        return FALSE;
    return TRUE;
}

/* "ende der woche", "ende naechster woche", "mitte april", "anfang mai" at @index */
static gboolean
part_of_period(const KwSpanReader *reader, guint index, KwDate *out, guint *n)
{
    gint part = kw_span_value(reader, "period_parts", index); /* day of a month, 31: its end */
    guint at = skip_fillers(reader, index + 1);
    gint next = kw_span_value(reader, "next_words", at);
    gint month;
    KwDate date;

    if (part < 0)
        return FALSE;
    at += next > 0 ? 1 : 0;
    *n = at + 1 - index;
    if (part == 31 && kw_span_value(reader, "units", at) > 0)
        return end_of_period(reader, kw_span_value(reader, "units", at), next > 0 ? 1 : 0, out);
    month = kw_span_value(reader, "months", at);
    if (month < 1)
        return FALSE;
    date = (KwDate){reader->today.year, (guint8) month, 1};
    date.day =
        part == 31 ? (guint8) kw_date_days_in_month(date.year, date.month) : (guint8) part;
    if (kw_date_cmp(date, reader->today) < 0)
        date.year++;
    *out = date;
    return TRUE;
}

/* "naechste woche", "naechsten monat", "naechstes jahr": its first day */
static gboolean
next_period(const KwSpanReader *reader, guint index, KwDate *out)
{
    gint unit = kw_span_value(reader, "units", index + 1);
    gint ahead = kw_span_value(reader, "next_words", index);
    KwDate end;

    if (ahead < 1 || unit < 1 || !end_of_period(reader, unit, ahead - 1, &end))
        return FALSE;
    *out = kw_date_add_days(end, 1);
    return TRUE;
}

/* "20.", "zum 20ten": the next such day */
static gboolean
day_of_month(const KwSpanReader *reader, guint index, KwDate *out)
{
    const gchar *text = kw_span_word(reader, index);
    gsize n = strspn(text, "0123456789");
    gint day = (gint) g_ascii_strtoll(text, NULL, 10), month;
    gboolean is_ordinal =
        n > 0 && text[n] == '\0' &&
        (g_array_index(reader->tokens, KwToken, index).is_ordinal ||
         kw_span_is(reader, index - 1, "zum") || kw_span_is(reader, index - 1, "dem"));

    is_ordinal |= n > 0 && (strcmp(text + n, "ten") == 0 || strcmp(text + n, "sten") == 0);
    if (!is_ordinal || day < 1 || day > 31)
        return FALSE;
    month = reader->today.year * 12 + reader->today.month - 1;
    month += day < (gint) reader->today.day ? 1 : 0;
    *out = (KwDate){month / 12, (guint8) (month % 12 + 1), (guint8) day};
    return kw_date_is_valid(*out);
}

/* A named end at @index: "monatsende", "wochenende", "ende der woche" */
static gboolean
named_end(const KwSpanReader *reader, guint index, KwDate *out, guint *n)
{
    gint end = kw_span_value(reader, "period_ends", index);

    *n = 1;
    if (end > 0)
        return end_of_period(reader, end, 0, out);
    if (kw_span_value(reader, "weekend", index) >= 0) {
        *out = kw_date_add_days(kw_span_monday_of(reader->today), 5);
        return TRUE;
    }
    if (part_of_period(reader, index, out, n))
        return TRUE;
    *n = 2;
    return next_period(reader, index, out);
}

/* A weekday, a date or a named end at @index */
static gboolean
until_day(const KwSpanReader *reader, guint index, KwDate *out, guint *n)
{
    guint at = skip_fillers(reader, index);
    gint next = kw_span_value(reader, "next_words", at);
    guint taken;

    if (!named_end(reader, at, out, &taken)) {
        guint day = next > 0 ? at + 1 : at;

        if (kw_span_read_day(reader, day, KW_SPAN_FORWARD, out, &taken)) {
            if (next == 2)
                *out = kw_date_add_days(*out, 7);
        } else if (day_of_month(reader, day, out)) {
            taken = 1;
        } else {
            return FALSE;
        }
        at = day;
    }
    *n = at + taken - index;
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

/* "abends", "mitternacht", "in der frueh": minutes since midnight; @n: words that it takes */
static gboolean
until_part(const KwSpanReader *reader, guint index, gint *out_minute, guint *n)
{
    guint at = skip_fillers(reader, index);
    gint hour = kw_span_value(reader, "until_parts", at);

    if (hour < 0)
        return FALSE;
    *out_minute = hour * 60;
    *n = at + 1 - index;
    return TRUE;
}

/* "18" behind "bis", when nothing says that it is something else */
static gboolean
bare_hour(const KwSpanReader *reader, guint index, gint *out_minute)
{
    gint hour;

    if (index == 0 || !hour_of(reader, index, &hour) ||
        kw_span_value(reader, "indefinite", index) >= 0 ||
        (kw_span_value(reader, "until_words", index - 1) < 0 &&
         kw_span_value(reader, "until_fillers", index - 1) < 0) ||
        g_array_index(reader->tokens, KwToken, index).is_ordinal ||
        kw_span_value(reader, "duration_units", index + 1) > 0 ||
        kw_span_value(reader, "months", index + 1) > 0 ||
        kw_span_value(reader, "no_hour", index + 1) >= 0)
        return FALSE;
    *out_minute = hour * 60 % 1440;
    return TRUE;
}

/* A clock time behind the day, if any, with the part of the day that it belongs to */
static gboolean
until_clock(const KwSpanReader *reader, guint index, gint *out_minute, guint *n)
{
    guint at = skip_fillers(reader, index), part_n = 0;
    gint part = -1;

    if (until_part(reader, at, &part, &part_n)) {
        at += part_n;
    } else if (kw_span_is(reader, at, "morgen")) { /* "freitag morgen" */
        part = 8 * 60;
        at++;
    }
    at = skip_fillers(reader, at);
    if (!kw_clock_words_read(reader, at, out_minute, n)) {
        *n = 1;
        if (!bare_hour(reader, at, out_minute)) {
            *out_minute = part % 1440;
            *n = at - index;
            return part >= 0;
        }
    }
    at += *n;
    if (part < 0 && until_part(reader, at, &part, &part_n))
        at += part_n;
    if (part >= 12 * 60 && *out_minute < 12 * 60)
        *out_minute += 12 * 60;
    *n = at - index;
    return TRUE;
}

/* The next time that the clock shows @minute */
static KwDate
day_of_clock(const KwSpanReader *reader, gint minute)
{
    KwLocalTime local = kw_zone_split(reader->zone, reader->now_us);

    return minute > local.hour * 60 + local.minute ? reader->today
                                                   : kw_date_add_days(reader->today, 1);
}

/* What follows "bis" at @index: day, clock, either order */
static gboolean
until_at(const KwSpanReader *reader, guint index, KwUntil *out)
{
    guint at = skip_fillers(reader, index), n_day = 0, n_clock = 0;
    gint minute = -1;
    gboolean has_day, has_clock;

    if (until_joined(reader, at, out) ||
        (kw_span_is(reader, index, "in") && kw_duration_read_at(reader, at, out, &n_day)))
        return TRUE;
    has_day = until_day(reader, at, &out->date, &n_day);
    has_clock = until_clock(reader, at + (has_day ? n_day : 0), &minute, &n_clock);
    if (!has_day && has_clock && !until_day(reader, at + n_clock, &out->date, &n_day))
        out->date = day_of_clock(reader, minute);
    if (!has_day && !has_clock)
        return FALSE;
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

        if (kw_span_value(reader, "until_words", i) >= 0 &&
            kw_span_value(reader, "until_open", i + 1) < 0 && until_at(reader, i + 1, &until)) {
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

/* "um 7"; "schwelle um 7 hoeher" is no clock */
static gboolean
is_bare_clock(const KwSpanReader *reader, guint index)
{
    gint minute;

    for (guint i = 0; i < reader->tokens->len; i++) {
        if (kw_span_value(reader, "no_clock", i) >= 0)
            return FALSE;
    }
    return kw_span_is(reader, index, "um") && bare_hour(reader, index + 1, &minute);
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
           kw_span_value(reader, "named_clocks", index + 1) >= 0 ||
           is_bare_clock(reader, index);
}

static gboolean
is_time_unit(const KwSpanReader *reader, guint index)
{
    return kw_span_value(reader, "weekdays", index) > 0 ||
           kw_span_value(reader, "weekend", index) >= 0 ||
           kw_span_value(reader, "holidays", index) > 0 ||
           kw_span_value(reader, "easter", index) >= 0;
}

/* "am freitag", "ab montag", "nach dem wochenende", "naechste woche", "in 2 stunden" */
static gboolean
is_day_to_come(const KwSpanReader *reader, guint index)
{
    guint at = index + 1, n;
    KwUntil until;
    KwDate day;

    if (kw_span_is(reader, index, "in"))
        return kw_duration_read_at(reader, at, &until, &n);
    if (kw_span_value(reader, "next_words", index) >= 0 &&
        (is_time_unit(reader, at) || kw_span_value(reader, "units", at) > 0))
        return TRUE;
    if (kw_span_value(reader, "begin_words", index) < 0)
        return FALSE;
    at = skip_fillers(reader, at);
    return is_time_unit(reader, at) || kw_span_value(reader, "units", at) > 0 ||
           (kw_span_is(reader, index, "ab") &&
            kw_span_read_day(reader, at, KW_SPAN_FORWARD, &day, &at) &&
            kw_date_cmp(day, reader->today) > 0);
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
