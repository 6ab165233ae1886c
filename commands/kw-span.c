/* kw-span.c: "letzte Woche", "seit 1. März", "KW 10", "bis Freitag"
 *
 * Everything is resolved against the local date: a question about the past never reaches into
 * the future, an until-date never into the past. Rules are tried from the explicit to the
 * vague, so "seit Montag" is not cut down to "Montag". The words themselves are lists of the
 * lexicon; here is only how they combine. */
#include "kw-span-private.h"

#include "kw-number.h"
#include "kw-period.h"

#include <string.h>

const gchar *
kw_span_word(const KwSpanReader *reader, guint index)
{
    if (index >= reader->tokens->len)
        return "";
    return g_array_index(reader->tokens, KwToken, index).word;
}

gboolean
kw_span_is(const KwSpanReader *reader, guint index, const gchar *text)
{
    return strcmp(kw_span_word(reader, index), text) == 0;
}

gint
kw_span_value(const KwSpanReader *reader, const gchar *group, guint index)
{
    return kw_lexicon_find_value(reader->lexicon, group, kw_span_word(reader, index));
}

gboolean
kw_span_small_number(const KwSpanReader *reader, guint index, gint *out)
{
    const gchar *text = kw_span_word(reader, index);

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

KwDate
kw_span_last_of_month(gint year, guint month)
{
    return (KwDate){year, (guint8) month, (guint8) kw_date_days_in_month(year, month)};
}

KwDate
kw_span_monday_of(KwDate date)
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

/* The year that brings day and month next to today on the side of @direction */
static gboolean
place_in_year(
    const KwSpanReader *reader, guint month, guint day, KwSpanDirection direction, KwDate *out)
{
    KwDate date = {reader->today.year, (guint8) month, (guint8) day};
    gint order;

    if (month < 1 || month > 12 || day < 1 || day > 31)
        return FALSE;
    order = kw_date_cmp(date, reader->today);
    if (direction == KW_SPAN_BACKWARD && order > 0)
        date.year--;
    else if (direction == KW_SPAN_FORWARD && order < 0)
        date.year++;
    if (!kw_date_is_valid(date))
        return FALSE;
    *out = date;
    return TRUE;
}

/* "24.12", "1.1.2026", "15.2.26" */
static gboolean
numeric_day(const KwSpanReader *reader, guint index, KwSpanDirection direction, KwDate *out)
{
    const gchar *text = kw_span_word(reader, index);
    g_auto(GStrv) parts = NULL;
    guint n;
    gint day, month, year;

    if (strspn(text, "0123456789.") != strlen(text) || strchr(text, '.') == NULL ||
        strlen(text) > 10)
        return FALSE;
    parts = g_strsplit(text, ".", -1);
    n = g_strv_length(parts);
    if (n == 2 && !g_array_index(reader->tokens, KwToken, index).is_ordinal &&
        (index == 0 || kw_lexicon_find_value(reader->lexicon, "before_date",
                                             kw_span_word(reader, index - 1)) < 0))
        return FALSE;
    if (n < 2 || n > 3)
        return FALSE;
    day = (gint) g_ascii_strtoll(parts[0], NULL, 10);
    month = (gint) g_ascii_strtoll(parts[1], NULL, 10);
    if (n == 2)
        return place_in_year(reader, (guint) month, (guint) day, direction, out);
    if (strlen(parts[2]) == 1)
        return FALSE; /* "1.2.0" is a version */
    year = (gint) g_ascii_strtoll(parts[2], NULL, 10);
    *out = (KwDate){year < 100 ? 2000 + year : year, (guint8) month, (guint8) day};
    return kw_date_is_valid(*out);
}

static gboolean
holiday(const KwSpanReader *reader, guint index, KwSpanDirection direction, KwDate *out)
{
    gint code = kw_span_value(reader, "holidays", index);
    gint offset = kw_span_value(reader, "easter", index);

    if (code > 0)
        return place_in_year(reader, (guint) code / 100, (guint) code % 100, direction, out);
    if (offset < 0)
        return FALSE;
    offset -= 100; /* the list counts from -100, because a value is never negative */
    for (gint year = reader->today.year - 1; year <= reader->today.year + 1; year++) {
        KwDate date = kw_date_add_days(easter_of(year), offset);
        gint order = kw_date_cmp(date, reader->today);

        if (direction == KW_SPAN_FORWARD && order >= 0) {
            *out = date;
            return TRUE;
        }
        if (direction == KW_SPAN_BACKWARD && order <= 0)
            *out = date;
    }
    return direction == KW_SPAN_BACKWARD;
}

static gboolean
weekday(const KwSpanReader *reader, guint index, KwSpanDirection direction, KwDate *out)
{
    gint wanted = kw_span_value(reader, "weekdays", index);
    gint distance;

    if (wanted < 1 && index > 0 && kw_span_value(reader, "before_date", index - 1) >= 0)
        wanted = kw_span_value(reader, "short_weekdays", index); /* "bis mo" */
    if (wanted < 1)
        return FALSE;
    distance = (wanted - (gint) kw_date_get_weekday(reader->today) + 7) % 7;
    if (direction == KW_SPAN_FORWARD)
        distance = distance == 0 ? 7 : distance;
    else
        distance = distance - 7;
    *out = kw_date_add_days(reader->today, distance);
    return TRUE;
}

/* "5", "fuenften" */
static gboolean
day_number(const KwSpanReader *reader, guint index, gint *out)
{
    *out = kw_span_value(reader, "ordinals", index);
    return *out > 0 || kw_span_small_number(reader, index, out);
}

/* "1. maerz [2026]", "january 5" */
static gboolean
day_and_month(
    const KwSpanReader *reader, guint index, KwSpanDirection direction, KwDate *out, guint *n)
{
    gint day, month = kw_span_value(reader, "months", index + 1), year = 0;

    if (month < 1 || !day_number(reader, index, &day) || day < 1 || day > 31)
        return FALSE;
    *n = 2;
    if (kw_span_small_number(reader, index + 2, &year) && year >= 2000 && year <= 2100) {
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

    if (strlen(kw_span_word(reader, index)) != 4 ||
        !kw_span_small_number(reader, index, &year) ||
        !kw_span_small_number(reader, index + 1, &month) ||
        !kw_span_small_number(reader, index + 2, &day) ||
        strlen(kw_span_word(reader, index + 1)) != 2 ||
        strlen(kw_span_word(reader, index + 2)) != 2)
        return FALSE;
    *out = (KwDate){year, (guint8) CLAMP(month, 0, 99), (guint8) CLAMP(day, 0, 99)};
    return kw_date_is_valid(*out);
}

/* A day at @index; @n: how many words it takes */
gboolean
kw_span_read_day(
    const KwSpanReader *reader, guint index, KwSpanDirection direction, KwDate *out, guint *n)
{
    gint offset = kw_span_value(reader, "days", index);

    *n = 1;
    if (offset >= 0) {
        *out = kw_date_add_days(reader->today, offset - 10);
        return direction == KW_SPAN_BACKWARD ? offset <= 10 : offset >= 10;
    }
    if (kw_span_value(reader, "weekdays", index) > 0) { /* "Freitag, den 20. März" */
        guint at = index + 1 + (kw_span_value(reader, "before_date", index + 1) >= 0);

        if (numeric_day(reader, at, direction, out) ||
            day_and_month(reader, at, direction, out, n)) {
            *n += at - index;
            return TRUE;
        }
        *n = 1;
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

gboolean
kw_span_set_days(const KwSpanReader *reader, KwDate from, KwDate to, KwSpan *out)
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
        from = kw_span_monday_of(today);
    else if (unit == 2)
        from = first_of_month(today);
    else if (unit == 3)
        from = (KwDate){today.year, (guint8) ((today.month - 1) / 3 * 3 + 1), 1};
    else
        from = (KwDate){today.year, 1, 1};
    return kw_span_set_days(reader, from, today, out);
}

static gboolean
previous_period(const KwSpanReader *reader, gint unit, KwSpan *out)
{
    KwSpan running;
    KwDate to, from;

    (void) running_period(reader, unit, &running);
    to = kw_date_add_days(running.from, -1);
    if (unit == 1)
        from = kw_span_monday_of(to);
    else if (unit == 2)
        from = first_of_month(to);
    else if (unit == 3)
        from = (KwDate){to.year, (guint8) ((to.month - 1) / 3 * 3 + 1), 1};
    else
        from = (KwDate){to.year, 1, 1};
    return kw_span_set_days(reader, from, to, out);
}

static gboolean
month_of_year(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint month = kw_span_value(reader, "months", index), year = 0;

    if (month < 1)
        return FALSE;
    if (!kw_span_small_number(reader, index + 1, &year) || year < 2000 || year > 2100)
        year = month > reader->today.month ? reader->today.year - 1 : reader->today.year;
    return kw_span_set_days(reader, (KwDate){year, (guint8) month, 1},
                            kw_span_last_of_month(year, (guint) month), out);
}

static KwDate
months_back(KwDate date, gint n)
{
    gint month = date.year * 12 + date.month - 1 - n;
    KwDate out = {month / 12, (guint8) (month % 12 + 1), 1};

    out.day = (guint8) MIN((guint) date.day, kw_date_days_in_month(out.year, out.month));
    return kw_date_add_days(out, 1);
}

/* "7"; "einer" behind "seit" or "letzten", where it is no article */
static gboolean
counted_number(const KwSpanReader *reader, guint index, gint *out)
{
    *out = 1;
    if (kw_span_value(reader, "indefinite", index) >= 0)
        return index > 0 && kw_span_value(reader, "back_words", index - 1) >= 0;
    return kw_span_small_number(reader, index, out);
}

/* "7 tage", "letzten 24 stunden", "3 monate", "24h" */
static gboolean
counted_units(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint n, unit;

    if (g_str_has_suffix(kw_span_word(reader, index), "h") &&
        g_ascii_isdigit(*kw_span_word(reader, index))) {
        n = (gint) g_ascii_strtoll(kw_span_word(reader, index), NULL, 10);
        unit = 0;
    } else if (kw_span_value(reader, "half_counts", index) == 1 &&
               kw_span_value(reader, "units", index + 1) == 4) {
        n = 6; /* "im letzten halben Jahr" */
        unit = 30;
    } else {
        if (!counted_number(reader, index, &n))
            return FALSE;
        unit = kw_span_value(reader, "counted", index + 1);
    }
    if (unit < 0 || n < 1 || n > 4000)
        return FALSE;
    if (unit == 0)
        return set_times(out, reader->now_us - n * (gint64) 3600 * G_USEC_PER_SEC,
                         reader->now_us);
    if (unit == 30)
        return kw_span_set_days(reader, months_back(reader->today, n), reader->today, out);
    return kw_span_set_days(reader, kw_date_add_days(reader->today, 1 - n * unit),
                            reader->today, out);
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

    if (!kw_span_is(reader, index, "nacht") || index == 0)
        return FALSE;
    if (kw_span_is(reader, index - 1, "letzte") || kw_span_is(reader, index - 1, "heute") ||
        kw_span_is(reader, index - 1, "heut") || kw_span_is(reader, index - 1, "ueber") ||
        kw_span_is(reader, index - 1, "der")) {
        end_us = kw_zone_get_instant_us(reader->zone, reader->today, 6 * 60);
        return set_times(out, kw_zone_get_instant_us(reader->zone, before, 22 * 60),
                         MIN(end_us, reader->now_us));
    }
    return FALSE;
}

static gboolean
weekend(const KwSpanReader *reader, guint index, KwSpan *out)
{
    KwDate saturday = kw_date_add_days(kw_span_monday_of(reader->today), 5);

    if (kw_span_value(reader, "weekend", index) < 0)
        return FALSE;
    if (kw_date_cmp(saturday, reader->today) > 0)
        saturday = kw_date_add_days(saturday, -7);
    return kw_span_set_days(reader, saturday, kw_date_add_days(saturday, 1), out);
}

static gboolean
named_period(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint running = kw_span_value(reader, "running", index);
    gint previous = kw_span_value(reader, "previous", index);
    gint unit = kw_span_value(reader, "units", index + 1);
    gint alone = kw_span_value(reader, "running_alone", index);

    if (running >= 0 && unit > 0)
        return running_period(reader, unit, out);
    if (previous >= 0 && unit > 0)
        return previous_period(reader, unit, out);
    if (alone > 0)
        return running_period(reader, alone, out);
    alone = kw_span_value(reader, "previous_alone", index);
    if (alone > 0)
        return previous_period(reader, alone, out);
    return FALSE;
}

/* "seit dem 5.": of this month, or of the last one */
static gboolean
day_of_this_month(const KwSpanReader *reader, guint index, KwSpan *out)
{
    KwDate date = reader->today;
    gint day;

    if (index >= reader->tokens->len || !kw_span_small_number(reader, index, &day) ||
        kw_span_value(reader, "counted", index + 1) >= 0 || day < 1 || day > 31)
        return FALSE;
    if (!kw_span_is(reader, index - 1, "dem") &&
        !g_array_index(reader->tokens, KwToken, index).is_ordinal)
        return FALSE;
    if (day > date.day)
        date = kw_date_add_days(first_of_month(date), -1);
    date.day = (guint8) day;
    return kw_date_is_valid(date) && kw_span_set_days(reader, date, reader->today, out);
}

/* The word behind "seit" that says something; 0: no "seit" at @index */
static guint
behind_since(const KwSpanReader *reader, guint index)
{
    guint at = index + 1;

    if (!kw_span_is(reader, index, "seit") && !kw_span_is(reader, index, "since") &&
        !kw_span_is(reader, index, "ab"))
        return 0;
    if (kw_span_is(reader, at, "dem") || kw_span_is(reader, at, "der") ||
        kw_span_is(reader, at, "letzten") || kw_span_is(reader, at, "last") ||
        kw_span_is(reader, at, "the"))
        at++;
    return at;
}

/* "seit Anfang Februar", "seit Beginn des Jahres", "seit dem Start letzte Woche" */
static gboolean
since_start_of(const KwSpanReader *reader, guint index, KwSpan *out)
{
    guint at = kw_span_value(reader, "duration_fillers", index) >= 0 ||
                       kw_span_is(reader, index, "des")
                   ? index + 1
                   : index;

    if (month_of_year(reader, at, out))
        return kw_span_set_days(reader, out->from, reader->today, out);
    if (kw_span_value(reader, "units", at) > 0)
        return running_period(reader, kw_span_value(reader, "units", at), out);
    return kw_period_read_quarter(reader, index, out) || named_period(reader, index, out);
}

/* "seit gestern abend", "seit heute morgen", "seit 10 uhr" */
static gboolean
since_hour(const KwSpanReader *reader, guint index, KwSpan *out)
{
    KwDate day = reader->today;
    guint n = 0, n_clock;
    gint part, minute;

    if (kw_span_read_day(reader, index, KW_SPAN_BACKWARD, &day, &n))
        index += n;
    part = kw_span_is(reader, index, "morgen") && n > 0
               ? 6
               : kw_span_value(reader, "day_parts", index) / 100;
    if (part > 0 && n > 0)
        minute = part * 60;
    else if (!kw_clock_words_read(reader, index, &minute, &n_clock))
        return FALSE;
    return set_times(out, kw_zone_get_instant_us(reader->zone, day, minute), reader->now_us) &&
           out->from_us < out->to_us;
}

static gboolean
since(const KwSpanReader *reader, guint index, KwSpan *out)
{
    guint at = behind_since(reader, index), n;
    KwDate day;
    gint unit;

    if (at == 0)
        return FALSE;
    if (kw_span_value(reader, "start_words", at) >= 0 && since_start_of(reader, at + 1, out))
        return TRUE;
    if (kw_span_value(reader, "start_words", at) >= 0) {
        out->kind = KW_SPAN_ALL;
        return TRUE;
    }
    unit = kw_span_value(reader, "period_starts", at);
    if (unit > 0)
        return running_period(reader, unit, out);
    if (kw_span_is(reader, at, "mitternacht"))
        return kw_span_set_days(reader, reader->today, reader->today, out);
    if (since_hour(reader, at, out))
        return TRUE;
    if (kw_span_read_day(reader, at, KW_SPAN_BACKWARD, &day, &n))
        return kw_span_set_days(reader, day, reader->today, out);
    if (kw_period_read_year(reader, at, out) || day_of_this_month(reader, at, out) ||
        month_of_year(reader, at, out) || counted_units(reader, at, out)) {
        if (out->kind == KW_SPAN_DAYS)
            out->to = reader->today;
        return TRUE;
    }
    return FALSE;
}

/* "zwischen dem 1. und dem 15. Februar", "vom 1.2. bis 15.2." */
static guint
skip_article(const KwSpanReader *reader, guint index)
{
    return kw_span_is(reader, index, "dem") || kw_span_is(reader, index, "zum") ? index + 1
                                                                                : index;
}

static gboolean
between(const KwSpanReader *reader, guint index, KwSpan *out)
{
    guint at = skip_article(reader, index + 1), n = 1;
    KwDate from = {0}, to;
    gint day = 0;
    gboolean has_from;

    if (kw_span_value(reader, "from_words", index) < 0)
        return FALSE;
    has_from = kw_span_read_day(reader, at, KW_SPAN_BACKWARD, &from, &n);
    if (!has_from && (!kw_span_small_number(reader, at, &day) || day < 1 || day > 31))
        return FALSE;
    at += has_from ? n : 1;
    if (kw_span_value(reader, "to_words", at) < 0)
        return FALSE;
    if (!kw_span_read_day(reader, skip_article(reader, at + 1), KW_SPAN_BACKWARD, &to, &n))
        return FALSE;
    if (!has_from)
        from = (KwDate){to.year, to.month, (guint8) day};
    return kw_date_is_valid(from) && kw_span_set_days(reader, from, to, out);
}

static gboolean
day_with_part(const KwSpanReader *reader, guint index, KwSpan *out)
{
    KwDate day;
    guint n;
    gint part;

    if (!kw_span_read_day(reader, index, KW_SPAN_BACKWARD, &day, &n))
        return FALSE;
    part = kw_span_value(reader, "day_parts", index + n);
    if (part > 0)
        return part_of_day(reader, day, part, out);
    return kw_span_set_days(reader, day, day, out);
}

/* "vor zwei tagen", "vor einer woche": that day */
static gboolean
days_ago(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint unit = kw_span_value(reader, "counted", index + 2), n;
    KwDate day;

    if (!kw_span_is(reader, index, "vor") || (unit != 1 && unit != 7) ||
        !counted_number(reader, index + 1, &n) || n > 4000)
        return FALSE;
    day = kw_date_add_days(reader->today, -n * unit);
    return kw_span_set_days(reader, day, day, out);
}

/* "letzte woche freitag", "montag letzter woche" */
static gboolean
weekday_of_last_week(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint before = index > 0 ? kw_span_value(reader, "weekdays", index - 1) : -1;
    gint wanted = MAX(before, kw_span_value(reader, "weekdays", index + 2));
    KwDate day;

    if (kw_span_value(reader, "previous", index) < 0 || wanted < 1 ||
        kw_span_value(reader, "units", index + 1) != 1)
        return FALSE;
    day = kw_date_add_days(kw_span_monday_of(reader->today), wanted - 8);
    return kw_span_set_days(reader, day, day, out);
}

/* "letztes jahr im dezember", "im dezember letzten jahres" */
static gboolean
month_of_last_year(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint month = kw_span_value(reader, "months", index);
    guint at = index > 0 && kw_span_is(reader, index - 1, "im") ? index - 1 : index;
    gboolean is_behind = at > 1 && kw_span_value(reader, "previous", at - 2) >= 0 &&
                         kw_span_value(reader, "units", at - 1) == 4;
    gboolean is_before = kw_span_value(reader, "previous", index + 1) >= 0 &&
                         (kw_span_value(reader, "units", index + 2) == 4 ||
                          kw_span_is(reader, index + 2, "jahres"));
    gint year = reader->today.year - 1;

    if (month < 1 || (!is_behind && !is_before))
        return FALSE;
    return kw_span_set_days(reader, (KwDate){year, (guint8) month, 1},
                            kw_span_last_of_month(year, (guint) month), out);
}

/* "anfang februar", "ende jaenner": ten days, or what is left */
static gboolean
third_of_month(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint part = kw_span_value(reader, "period_parts", index);

    if (part < 0 || !month_of_year(reader, index + 1, out))
        return FALSE;
    if (part == 1)
        out->to.day = MIN(out->to.day, 10);
    else
        out->from.day = part == 31 ? 21 : 11;
    if (part == 15)
        out->to.day = MIN(out->to.day, 20);
    return kw_span_set_days(reader, out->from, out->to, out);
}

static gboolean
whole_time(const KwSpanReader *reader, guint index, KwSpan *out)
{
    if (kw_span_value(reader, "whole_time", index) < 0)
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
        if (kw_span_is(reader, index - back, "bis") ||
            kw_span_is(reader, index - back, "until") ||
            kw_span_is(reader, index - back, "kuenftig"))
            return TRUE;
    }
    return FALSE;
}

/* "gestern und heute", "im Februar und im März": two that touch are one */
static void
add_neighbours(const KwSpanReader *reader, SpanRule rule, guint after, KwSpan *span)
{
    gboolean has_and = FALSE;

    for (guint i = after + 1; i < reader->tokens->len; i++) {
        KwSpan other = {0};

        has_and |= kw_span_is(reader, i, "und") || kw_span_is(reader, i, "sowie") ||
                   kw_span_is(reader, i, "and");
        if (!has_and || is_no_past_date(reader, i) || !rule(reader, i, &other) ||
            other.kind != KW_SPAN_DAYS || span->kind != KW_SPAN_DAYS)
            continue;
        if (kw_date_cmp(other.from, kw_date_add_days(span->to, 1)) == 0)
            span->to = other.to;
        else if (kw_date_cmp(span->from, kw_date_add_days(other.to, 1)) == 0)
            span->from = other.from;
    }
}

gboolean
kw_span_read(const KwSpanReader *reader, KwSpan *out)
{
    static const SpanRule rules[] = {
        between,
        kw_period_read_months,
        since,
        days_ago,
        month_of_last_year,
        third_of_month,
        kw_period_read_week,
        kw_period_read_minutes,
        counted_units,
        weekday_of_last_week,
        kw_period_read_quarter,
        kw_period_read_half,
        kw_period_read_year,
        named_period,
        last_night,
        weekend,
        day_with_part,
        month_of_year,
        whole_time,
    };

    for (guint r = 0; r < G_N_ELEMENTS(rules); r++) {
        for (guint i = 0; i < reader->tokens->len; i++) {
            KwSpan span = {0};

            if (!is_no_past_date(reader, i) && rules[r](reader, i, &span)) {
                add_neighbours(reader, rules[r], i, &span);
                *out = span;
                return TRUE;
            }
        }
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
