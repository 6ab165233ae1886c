/* kw-period.c: "2025", "im 4. Quartal", "KW9", "H1 2025", "Oktober bis Dezember"
 *
 * Who does his books asks for a year, and says it anywhere in the sentence: "Was haben wir 2025
 * an Gebühren gezahlt?". To leave such a number unread would show another period than the one
 * asked for, and nobody would notice. So four digits that may be a year are one, unless the
 * word before or behind makes them a count, a number of a trade, a price or a clock time. A
 * period without a year is the latest one that has begun. */
#include "kw-period.h"

#include <string.h>

#define FIRST_YEAR 2009 /* nothing of ours is older than Bitcoin */

/* Four digits at @index that may be a year of the past, or 0 */
static gint
year_at(const KwSpanReader *reader, guint index)
{
    gint year;

    if (strlen(kw_span_word(reader, index)) != 4 ||
        !g_ascii_isdigit(*kw_span_word(reader, index)) ||
        !kw_span_small_number(reader, index, &year) || year < FIRST_YEAR ||
        year > reader->today.year)
        return 0;
    return year;
}

/* The year named behind a period that ends before @index ("Q4 2025", "Quartal des Jahres
 * 2025"), or the one in which @first_month was last */
static gint
year_behind(const KwSpanReader *reader, guint index, guint first_month)
{
    gint year;

    while (kw_span_value(reader, "before_year", index) >= 0)
        index++;
    year = year_at(reader, index);
    if (year != 0)
        return year;
    return first_month > reader->today.month ? reader->today.year - 1 : reader->today.year;
}

static gboolean
set_months(const KwSpanReader *reader, gint year, guint first, guint last, KwSpan *out)
{
    return kw_span_set_days(reader, (KwDate){year, (guint8) first, 1},
                            kw_span_last_of_month(year, last), out);
}

/* "Trade 2025", "2020 Euro", "2015 Uhr", "die letzten 2020 Trades" */
static gboolean
is_other_number(const KwSpanReader *reader, guint index)
{
    if (kw_span_value(reader, "no_hour", index + 1) >= 0 ||
        kw_span_value(reader, "counted", index + 1) >= 0 ||
        kw_span_value(reader, "no_year_before", index + 1) >= 0)
        return TRUE;
    return index > 0 && (kw_span_value(reader, "no_year_behind", index - 1) >= 0 ||
                         kw_span_value(reader, "months", index - 1) > 0 ||
                         g_array_index(reader->tokens, KwToken, index - 1).is_ordinal);
}

gboolean
kw_period_read_year(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint year = year_at(reader, index);

    return year != 0 && !is_other_number(reader, index) && set_months(reader, year, 1, 12, out);
}

/* "4." or "vierten" at @index */
static gint
ordinal_at(const KwSpanReader *reader, guint index)
{
    gint number;

    if (index < reader->tokens->len &&
        g_array_index(reader->tokens, KwToken, index).is_ordinal &&
        kw_span_small_number(reader, index, &number))
        return number;
    return kw_span_value(reader, "ordinals", index);
}

gboolean
kw_period_read_quarter(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint quarter = kw_span_value(reader, "quarters", index);
    guint n = 1, first;

    if (quarter < 1 && kw_span_value(reader, "units", index + 1) == 3) {
        quarter = ordinal_at(reader, index);
        n = 2;
    }
    if (quarter < 1 || quarter > 4)
        return FALSE;
    first = (guint) quarter * 3 - 2;
    return set_months(reader, year_behind(reader, index + n, first), first, first + 2, out);
}

gboolean
kw_period_read_half(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint half = kw_span_value(reader, "halves", index);
    guint n = 1, first;

    if (half < 1 && kw_span_is(reader, index + 1, "halbjahr")) {
        half = ordinal_at(reader, index);
        n = 2;
    }
    if (half < 1 || half > 2)
        return FALSE;
    first = half == 1 ? 1 : 7;
    return set_months(reader, year_behind(reader, index + n, first), first, first + 5, out);
}

/* "letzte Woche 3 Verluste": a week that is told already, and the number counts something */
static gboolean
is_told_week(const KwSpanReader *reader, guint index)
{
    static const gchar *const before[] = {
        "letzte", "letzter",  "letzten",   "vorige", "voriger", "vorigen", "diese",
        "dieser", "naechste", "naechster", "pro",    "je",      "jede",    "jeder",
        "ganze",  "ganzen",   "die",       "eine",   "einer",   NULL};
    const gchar *word = index > 0 ? kw_span_word(reader, index - 1) : "";

    return g_strv_contains(before, word) || g_str_has_prefix(word, "vergangene") ||
           g_str_has_prefix(word, "aktuelle") || g_str_has_prefix(word, "laufende");
}

/* The number of a week at @index and the words it takes; 0 for none */
static gint
week_at(const KwSpanReader *reader, guint index, guint *out_n)
{
    const gchar *word = kw_span_word(reader, index);
    gint number;

    *out_n = 1;
    if (g_str_has_prefix(word, "kw") && g_ascii_isdigit(word[2]) && strlen(word) <= 4)
        return (gint) g_ascii_strtoll(word + 2, NULL, 10);
    if (!kw_span_is(reader, index, "kw") && !kw_span_is(reader, index, "kalenderwoche") &&
        (!kw_span_is(reader, index, "woche") || is_told_week(reader, index)))
        return 0;
    *out_n = 2;
    if (!g_ascii_isdigit(*kw_span_word(reader, index + 1)) ||
        !kw_span_small_number(reader, index + 1, &number))
        return 0;
    return number;
}

gboolean
kw_period_read_week(const KwSpanReader *reader, guint index, KwSpan *out)
{
    guint n;
    gint number = week_at(reader, index, &n), week_year, year;
    KwDate monday;

    if (number < 1 || number > 53)
        return FALSE;
    if ((guint) number > kw_date_get_iso_week(reader->today, &week_year))
        week_year--;
    year = year_at(reader, index + n);
    if (year == 0)
        year = week_year;
    if ((guint) number > kw_date_get_iso_week((KwDate){year, 12, 28}, &week_year))
        return FALSE; /* the 28th of December is always in the last week */
    monday = kw_span_monday_of((KwDate){year, 1, 4}); /* 4 January is always in week 1 */
    monday = kw_date_add_days(monday, (number - 1) * 7);
    return kw_span_set_days(reader, monday, kw_date_add_days(monday, 6), out);
}

gboolean
kw_period_read_months(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint first = kw_span_value(reader, "months", index);
    gint last = kw_span_value(reader, "months", index + 2);
    gboolean is_range = kw_span_is(reader, index + 1, "bis") ||
                        (kw_span_is(reader, index + 1, "und") && index > 0 &&
                         kw_span_value(reader, "from_words", index - 1) >= 0);
    gint year;

    if (first < 1 || last < 1 || !is_range)
        return FALSE;
    year = year_behind(reader, index + 3, (guint) last);
    return kw_span_set_days(reader, (KwDate){first > last ? year - 1 : year, (guint8) first, 1},
                            kw_span_last_of_month(year, (guint) last), out);
}

gboolean
kw_period_read_minutes(const KwSpanReader *reader, guint index, KwSpan *out)
{
    gint half = kw_span_value(reader, "half_counts", index + 1), n = 1, unit;
    guint at = index + 1;

    if (kw_span_value(reader, "previous", index) < 0)
        return FALSE;
    if (half > 0 || kw_span_small_number(reader, at, &n))
        at++;
    unit = kw_span_value(reader, "duration_units", at);
    if ((unit != 1 && unit != 60) || n < 1)
        return FALSE;
    n = half > 0 ? unit * half / 2 : unit * n;
    *out = (KwSpan){.kind = KW_SPAN_TIMES,
                    .from_us = reader->now_us - n * 60 * (gint64) G_USEC_PER_SEC,
                    .to_us = reader->now_us};
    return TRUE;
}
