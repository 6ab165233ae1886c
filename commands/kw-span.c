/* kw-span.c: "letzte Woche", "seit 1. März", "KW 10", "bis Freitag"
 *
 * Everything is resolved against the local date: a question about the past never reaches into
 * the future, an until-date never into the past. Rules are tried from the explicit to the
 * vague, so "seit Montag" is not cut down to "Montag". The words themselves are lists of the
 * lexicon; here is only how they combine. */
#include "kw-span.h"

#include "kw-number.h"

#include <string.h>

static const gchar *
word(const KwSpanReader *reader, guint index)
{
    if (index >= reader->tokens->len)
        return "";
    return g_array_index(reader->tokens, KwToken, index).word;
}

static gboolean
is(const KwSpanReader *reader, guint index, const gchar *text)
{
    return strcmp(word(reader, index), text) == 0;
}

static gint
value(const KwSpanReader *reader, const gchar *group, guint index)
{
    return kw_lexicon_find_value(reader->lexicon, group, word(reader, index));
}

static gboolean
small_number(const KwSpanReader *reader, guint index, gint *out)
{
    const gchar *text = word(reader, index);

    if (*text != '\0' && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 4) {
        *out = (gint) g_ascii_strtoll(text, NULL, 10);
        return TRUE;
    }
    return kw_number_from_word(text, out);
}

static KwDate
first_of_month(KwDate date)
{
    return (KwDate){date.year, date.month, 1};
}

static KwDate
last_of_month(gint year, guint month)
{
    return (KwDate){year, (guint8) month, (guint8) kw_date_days_in_month(year, month)};
}

static KwDate
monday_of(KwDate date)
{
    return kw_date_add_days(date, 1 - (gint) kw_date_get_weekday(date));
}

/* Gauss, as everybody writes it */
static KwDate
easter_of(gint year)
{
    gint a = year % 19, b = year / 100, c = year % 100;
    gint h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    gint l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    gint m = (a + 11 * h + 22 * l) / 451;
    gint day = h + l - 7 * m + 114;

    return (KwDate){year, (guint8) (day / 31), (guint8) (day % 31 + 1)};
}

/* -- single days -- */

typedef enum { BACKWARD = -1, FORWARD = 1 } Direction;

/* The year that brings day and month next to today on the side of @direction */
static gboolean
place_in_year(
    const KwSpanReader *reader, guint month, guint day, Direction direction, KwDate *out)
{
    KwDate date = {reader->today.year, (guint8) month, (guint8) day};
    gint order;

    if (month < 1 || month > 12 || day < 1 || day > 31)
        return FALSE;
    order = kw_date_cmp(date, reader->today);
    if (direction == BACKWARD && order > 0)
        date.year--;
    else if (direction == FORWARD && order < 0)
        date.year++;
    if (!kw_date_is_valid(date))
        return FALSE;
    *out = date;
    return TRUE;
}

/* "24.12", "1.1.2026", "15.2.26" */
static gboolean
numeric_day(const KwSpanReader *reader, guint index, Direction direction, KwDate *out)
{
    const gchar *text = word(reader, index);
    g_auto(GStrv) parts = NULL;
    guint n;
    gint day, month, year;

    if (strspn(text, "0123456789.") != strlen(text) || strchr(text, '.') == NULL ||
        strlen(text) > 10)
        return FALSE;
    parts = g_strsplit(text, ".", -1);
    n = g_strv_length(parts);
    if (n == 2 && !g_array_index(reader->tokens, KwToken, index).is_ordinal &&
        (index == 0 ||
         kw_lexicon_find_value(reader->lexicon, "before_date", word(reader, index - 1)) < 0))
        return FALSE;
    if (n < 2 || n > 3)
        return FALSE;
    day = (gint) g_ascii_strtoll(parts[0], NULL, 10);
    month = (gint) g_ascii_strtoll(parts[1], NULL, 10);
    if (n == 2)
        return place_in_year(reader, (guint) month, (guint) day, direction, out);
    year = (gint) g_ascii_strtoll(parts[2], NULL, 10);
    *out = (KwDate){year < 100 ? 2000 + year : year, (guint8) month, (guint8) day};
    return kw_date_is_valid(*out);
}

static gboolean
holiday(const KwSpanReader *reader, guint index, Direction direction, KwDate *out)
{
    gint code = value(reader, "holidays", index);
    gint offset = value(reader, "easter", index);

    if (code > 0)
        return place_in_year(reader, (guint) code / 100, (guint) code % 100, direction, out);
    if (offset < 0)
        return FALSE;
    offset -= 100; /* the list counts from -100, because a value is never negative */
    for (gint year = reader->today.year - 1; year <= reader->today.year + 1; year++) {
        KwDate date = kw_date_add_days(easter_of(year), offset);
        gint order = kw_date_cmp(date, reader->today);

        if (direction == FORWARD && order >= 0) {
            *out = date;
            return TRUE;
        }
        if (direction == BACKWARD && order <= 0)
            *out = date;
    }
    return direction == BACKWARD;
}

static gboolean
weekday(const KwSpanReader *reader, guint index, Direction direction, KwDate *out)
{
    gint wanted = value(reader, "weekdays", index);
    gint distance;

    if (wanted < 1)
        return FALSE;
    distance = (wanted - (gint) kw_date_get_weekday(reader->today) + 7) % 7;
    if (direction == FORWARD)
        distance = distance == 0 ? 7 : distance;
    else
        distance = distance - 7;
    *out = kw_date_add_days(reader->today, distance);
    return TRUE;
}

/* "1. maerz [2026]", "january 5" */
static gboolean
day_and_month(
    const KwSpanReader *reader, guint index, Direction direction, KwDate *out, guint *n)
{
    gint day, month = value(reader, "months", index + 1), year = 0;

    if (month < 1 || !small_number(reader, index, &day) || day < 1 || day > 31)
        return FALSE;
    *n = 2;
    if (small_number(reader, index + 2, &year) && year >= 2000 && year <= 2100) {
        *n = 3;
        *out = (KwDate){year, (guint8) month, (guint8) day};
        return kw_date_is_valid(*out);
    }
    return place_in_year(reader, (guint) month, (guint) day, direction, out);
}

static gboolean
iso_day(const KwSpanReader *reader, guint index, KwDate *out)
{
    gint year, month, day;

    if (strlen(word(reader, index)) != 4 || !small_number(reader, index, &year) ||
        !small_number(reader, index + 1, &month) || !small_number(reader, index + 2, &day) ||
        strlen(word(reader, index + 1)) != 2 || strlen(word(reader, index + 2)) != 2)
        return FALSE;
    *out = (KwDate){year, (guint8) CLAMP(month, 0, 99), (guint8) CLAMP(day, 0, 99)};
    return kw_date_is_valid(*out);
}

/* A day at @index; @n: how many words it takes */
static gboolean
read_day(const KwSpanReader *reader, guint index, Direction direction, KwDate *out, guint *n)
{
    gint offset = value(reader, "days", index);

    *n = 1;
    if (offset >= 0) {
        *out = kw_date_add_days(reader->today, offset - 10);
        return direction == BACKWARD ? offset <= 10 : offset >= 10;
    }
    if (weekday(reader, index, direction, out) || numeric_day(reader, index, direction, out) ||
        holiday(reader, index, direction, out))
        return TRUE;
    if (iso_day(reader, index, out)) {
        *n = 3;
        return TRUE;
    }
    return day_and_month(reader, index, direction, out, n);
}

/* -- spans -- */

static gboolean
set_days(const KwSpanReader *reader, KwDate from, KwDate to, KwSpan *out)
{
    out->kind = KW_SPAN_DAYS;
    out->from = from;
    out->to = kw_date_cmp(to, reader->today) > 0 ? reader->today : to;
    if (kw_date_cmp(out->from, out->to) > 0)
        out->from = out->to;
    return TRUE;
}

static gboolean
set_times(KwSpan *out, gint64 from_us, gint64 to_us)
{
    out->kind = KW_SPAN_TIMES;
    out->from_us = from_us;
    out->to_us = to_us;
    return TRUE;
}

/* Unit of a calendar period: 1 week, 2 month, 3 quarter, 4 year */
static gboolean
running_period(const KwSpanReader *reader, gint unit, KwSpan *out)
{
    KwDate today = reader->today, from = today;

    if (unit == 1)
        from = monday_of(today);
    else if (unit == 2)
        from = first_of_month(today);
    else if (unit == 3)
        from = (KwDate){today.year, (guint8) ((today.month - 1) / 3 * 3 + 1), 1};
    else
        from = (KwDate){today.year, 1, 1};
    return set_days(reader, from, today, out);
}

static gboolean
previous_period(const KwSpanReader *reader, gint unit, KwSpan *out)
{
    KwSpan running;
    KwDate to, from;

    (void) running_period(reader, unit, &running);
    to = kw_date_add_days(running.from, -1);
    if (unit == 1)
        from = monday_of(to);
    else if (unit == 2)
        from = first_of_month(to);
    else if (unit == 3)
        from = (KwDate){to.year, (guint8) ((to.month - 1) / 3 * 3 + 1), 1};
    else
        from = (KwDate){to.year, 1, 1};
    return set_days(reader, from, to, out);
}

static gboolean
month_of_year(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint month = value(reader, "months", index), year = 0;

    if (month < 1)
        return FALSE;
    if (!small_number(reader, index + 1, &year) || year < 2000 || year > 2100)
        year = month > reader->today.month ? reader->today.year - 1 : reader->today.year;
    return set_days(reader, (KwDate){year, (guint8) month, 1},
                    last_of_month(year, (guint) month), out);
}

static gboolean
iso_week(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint number, year = reader->today.year, week_year;
    KwDate monday;

    if (!is(reader, index, "kw") && !is(reader, index, "kalenderwoche"))
        return FALSE;
    if (!small_number(reader, index + 1, &number) || number < 1 || number > 53)
        return FALSE;
    if ((guint) number > kw_date_get_iso_week(reader->today, &week_year))
        year = week_year - 1;
    else
        year = week_year;
    monday = monday_of((KwDate){year, 1, 4}); /* 4 January is always in week 1 */
    monday = kw_date_add_days(monday, (number - 1) * 7);
    return set_days(reader, monday, kw_date_add_days(monday, 6), out);
}

static KwDate
months_back(KwDate date, gint n)
{
    gint month = date.year * 12 + date.month - 1 - n;
    KwDate out = {month / 12, (guint8) (month % 12 + 1), 1};

    out.day = (guint8) MIN((guint) date.day, kw_date_days_in_month(out.year, out.month));
    return kw_date_add_days(out, 1);
}

/* "7 tage", "letzten 24 stunden", "3 monate", "24h" */
static gboolean
counted_units(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint n, unit;

    if (g_str_has_suffix(word(reader, index), "h") && g_ascii_isdigit(*word(reader, index))) {
        n = (gint) g_ascii_strtoll(word(reader, index), NULL, 10);
        unit = 0;
    } else {
        if (!small_number(reader, index, &n))
            return FALSE;
        unit = value(reader, "counted", index + 1);
    }
    if (unit < 0 || n < 1 || n > 4000)
        return FALSE;
    if (unit == 0)
        return set_times(out, reader->now_us - n * (gint64) 3600 * G_USEC_PER_SEC,
                         reader->now_us);
    if (unit == 30)
        return set_days(reader, months_back(reader->today, n), reader->today, out);
    return set_days(reader, kw_date_add_days(reader->today, 1 - n * unit), reader->today, out);
}

static gboolean
part_of_day(const KwSpanReader *reader, KwDate date, gint part, KwSpan *out)
{
    gint from = part / 100 * 60, to = part % 100 * 60;
    gint64 from_us = kw_zone_get_instant_us(reader->zone, date, from);
    gint64 to_us = to == 24 * 60
                       ? kw_zone_get_day_start_us(reader->zone, kw_date_add_days(date, 1))
                       : kw_zone_get_instant_us(reader->zone, date, to);

    return set_times(out, from_us, MAX(from_us + 1, MIN(to_us, reader->now_us)));
}

/* "heute nacht", "ueber nacht", "in der nacht" */
static gboolean
last_night(const KwSpanReader *reader, guint index, KwSpan *out)
{
    KwDate before = kw_date_add_days(reader->today, -1);
    gint64 end_us;

    if (!is(reader, index, "nacht") || index == 0)
        return FALSE;
    if (is(reader, index - 1, "letzte") || is(reader, index - 1, "heute") ||
        is(reader, index - 1, "heut") || is(reader, index - 1, "ueber") ||
        is(reader, index - 1, "der")) {
        end_us = kw_zone_get_instant_us(reader->zone, reader->today, 6 * 60);
        return set_times(out, kw_zone_get_instant_us(reader->zone, before, 22 * 60),
                         MIN(end_us, reader->now_us));
    }
    return FALSE;
}

static gboolean
weekend(const KwSpanReader *reader, guint index, KwSpan *out)
{
    KwDate saturday = kw_date_add_days(monday_of(reader->today), 5);

    if (value(reader, "weekend", index) < 0)
        return FALSE;
    if (kw_date_cmp(saturday, reader->today) > 0)
        saturday = kw_date_add_days(saturday, -7);
    return set_days(reader, saturday, kw_date_add_days(saturday, 1), out);
}

static gboolean
since(const KwSpanReader *reader, guint index, KwSpan *out)
{
    guint at = index + 1, n;
    KwDate day;
    gint unit;

    if (!is(reader, index, "seit") && !is(reader, index, "since") && !is(reader, index, "ab"))
        return FALSE;
    if (is(reader, at, "dem") || is(reader, at, "der") || is(reader, at, "letzten") ||
        is(reader, at, "last") || is(reader, at, "the"))
        at++;
    if (value(reader, "start_words", at) >= 0) {
        out->kind = KW_SPAN_ALL;
        return TRUE;
    }
    unit = value(reader, "period_starts", at);
    if (unit > 0)
        return running_period(reader, unit, out);
    if (read_day(reader, at, BACKWARD, &day, &n))
        return set_days(reader, day, reader->today, out);
    if (month_of_year(reader, at, out) || counted_units(reader, at, out)) {
        if (out->kind == KW_SPAN_DAYS)
            out->to = reader->today;
        return TRUE;
    }
    return FALSE;
}

/* "zwischen dem 1. und dem 15. Februar", "vom 1.2. bis 15.2." */
static gboolean
between(const KwSpanReader *reader, guint index, KwSpan *out)
{
    guint at = index + 1, n;
    KwDate from, to;
    gint day;
    gboolean has_from;

    if (!is(reader, index, "zwischen") && !is(reader, index, "vom") &&
        !is(reader, index, "von") && !is(reader, index, "between"))
        return FALSE;
    at += is(reader, at, "dem") ? 1 : 0;
    has_from = read_day(reader, at, BACKWARD, &from, &n);
    if (!has_from) {
        if (!small_number(reader, at, &day) || day < 1 || day > 31)
            return FALSE;
        n = 1;
    }
    at += n;
    if (!is(reader, at, "und") && !is(reader, at, "bis") && !is(reader, at, "and"))
        return FALSE;
    at++;
    at += is(reader, at, "dem") || is(reader, at, "zum") ? 1 : 0;
    if (!read_day(reader, at, BACKWARD, &to, &n))
        return FALSE;
    if (!has_from)
        from = (KwDate){to.year, to.month, (guint8) day};
    return kw_date_is_valid(from) && set_days(reader, from, to, out);
}

static gboolean
named_period(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint running = value(reader, "running", index);
    gint previous = value(reader, "previous", index);
    gint unit = value(reader, "units", index + 1);
    gint quarter = value(reader, "quarters", index);
    gint alone = value(reader, "running_alone", index);

    if (running >= 0 && unit > 0)
        return running_period(reader, unit, out);
    if (previous >= 0 && unit > 0)
        return previous_period(reader, unit, out);
    if (alone > 0)
        return running_period(reader, alone, out);
    alone = value(reader, "previous_alone", index);
    if (alone > 0)
        return previous_period(reader, alone, out);
    if (quarter > 0) {
        gint year = reader->today.year;

        if ((quarter - 1) * 3 + 1 > reader->today.month)
            year--;
        return set_days(reader, (KwDate){year, (guint8) (quarter * 3 - 2), 1},
                        last_of_month(year, (guint) quarter * 3), out);
    }
    return FALSE;
}

static gboolean
calendar_year(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint year;

    if (strlen(word(reader, index)) != 4 || !small_number(reader, index, &year) ||
        year < 2009 || year > reader->today.year)
        return FALSE;
    if (index > 0 && !is(reader, index - 1, "jahr") && !is(reader, index - 1, "in") &&
        !is(reader, index - 1, "im") && !is(reader, index - 1, "fuer") &&
        !is(reader, index - 1, "von") && reader->tokens->len > 3)
        return FALSE;
    return set_days(reader, (KwDate){year, 1, 1}, (KwDate){year, 12, 31}, out);
}

static gboolean
day_with_part(const KwSpanReader *reader, guint index, KwSpan *out)
{
    KwDate day;
    guint n;
    gint part;

    if (!read_day(reader, index, BACKWARD, &day, &n))
        return FALSE;
    part = value(reader, "day_parts", index + n);
    if (part > 0)
        return part_of_day(reader, day, part, out);
    return set_days(reader, day, day, out);
}

static gboolean
whole_time(const KwSpanReader *reader, guint index, KwSpan *out)
{
    if (value(reader, "whole_time", index) < 0)
        return FALSE;
    out->kind = KW_SPAN_ALL;
    return TRUE;
}

typedef gboolean (*SpanRule)(const KwSpanReader *reader, guint index, KwSpan *out);

/* "Guten Morgen" is no date, and what "bis" governs looks forward. */
static gboolean
is_no_past_date(const KwSpanReader *reader, guint index)
{
    for (guint back = 1; back <= 3 && back <= index; back++) {
        if (is(reader, index - back, "bis") || is(reader, index - back, "until") ||
            is(reader, index - back, "kuenftig"))
            return TRUE;
    }
    return FALSE;
}

gboolean
kw_span_read(const KwSpanReader *reader, KwSpan *out)
{
    static const SpanRule rules[] = {between,       since,         counted_units, iso_week,
                                     named_period,  last_night,    weekend,       day_with_part,
                                     month_of_year, calendar_year, whole_time};

    for (guint r = 0; r < G_N_ELEMENTS(rules); r++) {
        for (guint i = 0; i < reader->tokens->len; i++) {
            KwSpan span = {0};

            if (!is_no_past_date(reader, i) && rules[r](reader, i, &span)) {
                *out = span;
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* -- clock times -- */

static gboolean
hour_of(const KwSpanReader *reader, guint index, gint *out)
{
    return small_number(reader, index, out) && *out >= 0 && *out <= 24;
}

/* "halb neun" 8:30, "viertel acht" 7:15, "dreiviertel neun" 8:45 */
static gboolean
fraction_clock(const KwSpanReader *reader, guint index, gint *out)
{
    gint hour, minutes = value(reader, "fractions", index);

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
    if (digital_clock(word(reader, index), out_minute) ||
        english_clock(word(reader, index), out_minute))
        return TRUE;
    *out_n = 2;
    if (fraction_clock(reader, index, out_minute))
        return TRUE;
    if (!hour_of(reader, index, &hour) || !is(reader, index + 1, "uhr"))
        return FALSE;
    if (small_number(reader, index + 2, &minute) && minute >= 0 && minute < 60)
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
    guint skip = value(reader, "next_words", index) >= 0 || is(reader, index, "zum") ||
                         is(reader, index, "dem")
                     ? 1
                     : 0;
    gint end = value(reader, "period_ends", index + skip);

    *n = skip + 1;
    if (end == 1)
        *out = kw_date_add_days(monday_of(reader->today), 6);
    else if (end == 2)
        *out = last_of_month(reader->today.year, reader->today.month);
    else if (end == 4)
        *out = (KwDate){reader->today.year, 12, 31};
    else if (value(reader, "weekend", index + skip) >= 0)
        *out = kw_date_add_days(monday_of(reader->today), 5);
    else if (value(reader, "next_words", index) >= 0 && value(reader, "units", index + 1) == 1)
        *out = kw_date_add_days(monday_of(reader->today), 7);
    else {
        guint taken;

        if (!read_day(reader, index + skip, FORWARD, out, &taken))
            return FALSE;
        *n = skip + taken;
        if (value(reader, "next_words", index) == 2)
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
    const gchar *text = word(reader, index);

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
    after += is(reader, after, "um") || is(reader, after, "frueh") ? 1 : 0;
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
    if (!has_clock && value(reader, "until_parts", index + n_day) > 0) {
        minute = value(reader, "until_parts", index + n_day) * 60;
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

        if (value(reader, "until_words", i) >= 0 && until_at(reader, i + 1, &until)) {
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
                                              word(reader, index - 1)) >= 0;
}

gboolean
kw_span_is_scheduled(const KwSpanReader *reader, guint from, guint to)
{
    for (guint i = from; i < to && i < reader->tokens->len; i++) {
        gint minute;
        guint n;

        if (value(reader, "until_words", i) >= 0)
            return FALSE;
        if (value(reader, "later_words", i) >= 0 && !is_greeting(reader, i))
            return TRUE;
        if ((is(reader, i, "um") || is(reader, i, "ab") || is(reader, i, "at") ||
             is(reader, i, "gegen")) &&
            (kw_clock_words_read(reader, i + 1, &minute, &n) ||
             is(reader, i + 1, "mitternacht") || is(reader, i + 1, "mittag")))
            return TRUE;
        if ((is(reader, i, "am") || is(reader, i, "naechsten") || is(reader, i, "kommenden")) &&
            (value(reader, "weekdays", i + 1) > 0 || value(reader, "weekend", i + 1) >= 0))
            return TRUE;
        if (is(reader, i, "in") && small_number(reader, i + 1, &minute) &&
            value(reader, "later_units", i + 2) >= 0)
            return TRUE;
    }
    return FALSE;
}

void
kw_span_to_instants(
    const KwSpan *span, KwZone *zone, gint64 now_us, gint64 *out_from_us, gint64 *out_to_us)
{
    KwDate today = kw_zone_get_date(zone, now_us);

    *out_from_us = G_MININT64;
    *out_to_us = G_MAXINT64;
    if (span->kind == KW_SPAN_TIMES) {
        *out_from_us = span->from_us;
        *out_to_us = span->to_us;
    } else if (span->kind == KW_SPAN_DAYS) {
        *out_from_us = kw_zone_get_day_start_us(zone, span->from);
        *out_to_us = kw_date_cmp(span->to, today) >= 0
                         ? now_us + 1
                         : kw_zone_get_day_start_us(zone, kw_date_add_days(span->to, 1));
    }
}
