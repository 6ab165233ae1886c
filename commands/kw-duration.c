/* kw-duration.c: "für 2 Stunden", "übers Wochenende": an end that is told by its distance
 *
 * A number of hours in a command may also look back ("seit 2 Stunden nur Verlust, stopp").
 * So it is an end only where a word says so ("für", "die nächsten", "lang") or where it stands
 * in the clause of the action itself, with nothing before it that looks back. Hours end at an
 * instant, whole days at a day, as an owner would say it. */
#include "kw-span-private.h"

#include <string.h>

#define MINUTES_A_DAY 1440
#define MINUTES_A_WEEK (7 * MINUTES_A_DAY)
#define MINUTES_A_MONTH (30 * MINUTES_A_DAY) /* stands for a calendar month */
#define MAX_MINUTES (366 * MINUTES_A_DAY)

typedef struct {
    gint count, unit; /* minutes of one unit */
    guint n_words;
} Amount;

/* "2h", "30min": digits and a unit in one word */
static gboolean
joined_amount(const KwSpanReader *reader, guint index, Amount *out)
{
    const gchar *text = kw_span_word(reader, index);
    gsize n = strspn(text, "0123456789");

    if (n == 0 || n > 4 || text[n] == '\0')
        return FALSE;
    out->count = (gint) g_ascii_strtoll(text, NULL, 10);
    out->unit = kw_lexicon_find_value(reader->lexicon, "duration_units", text + n);
    out->n_words = 1;
    return out->unit > 0;
}

/* "1,5 stunden": only hours and days are cut */
static gboolean
decimal_amount(const KwSpanReader *reader, guint index, Amount *out)
{
    const gchar *text = kw_span_word(reader, index);
    gint unit = kw_span_value(reader, "duration_units", index + 1);

    if (strspn(text, "0123456789") != 1 || (text[1] != ',' && text[1] != '.') ||
        text[2] != '5' || text[3] != '\0' || unit < 60)
        return FALSE;
    *out = (Amount){.count = (*text - '0') * 2 + 1, .unit = unit / 2, .n_words = 2};
    return TRUE;
}

/* "zwei stunden", "eine halbe stunde", "anderthalb stunden", "viertelstunde" */
static gboolean
amount_at(const KwSpanReader *reader, guint index, Amount *out)
{
    gint halves = kw_span_value(reader, "half_counts", index);
    gint unit = kw_span_value(reader, "duration_units", index + 1);

    if (joined_amount(reader, index, out) || decimal_amount(reader, index, out))
        return TRUE;
    *out = (Amount){.count = 1, .n_words = 1};
    out->unit = kw_span_value(reader, "duration_words", index);
    if (out->unit > 0)
        return TRUE;
    out->n_words = 2;
    out->unit = halves > 0 ? unit / 2 : unit;
    if (unit < 60 && halves > 0)
        return FALSE;
    if (halves > 0)
        out->count = halves;
    else if (!kw_span_small_number(reader, index, &out->count))
        return FALSE;
    return unit > 0;
}

static gboolean
is_sane(const Amount *amount)
{
    return amount->count > 0 && amount->unit > 0 && amount->count <= MAX_MINUTES / amount->unit;
}

static KwDate
months_later(KwDate date, gint n)
{
    gint month = date.year * 12 + date.month - 1 + n;
    KwDate out = {month / 12, (guint8) (month % 12 + 1), 1};

    out.day = (guint8) MIN((guint) date.day, kw_date_days_in_month(out.year, out.month));
    return out;
}

static void
set_distance(const KwSpanReader *reader, const Amount *amount, KwUntil *out)
{
    out->is_set = TRUE;
    out->has_time = amount->unit < MINUTES_A_DAY;
    out->time_us = reader->now_us + (gint64) amount->count * amount->unit * 60 * G_USEC_PER_SEC;
    if (out->has_time)
        out->date = kw_zone_get_date(reader->zone, out->time_us);
    else if (amount->unit == MINUTES_A_MONTH)
        out->date = months_later(reader->today, amount->count);
    else
        out->date =
            kw_date_add_days(reader->today, amount->count * amount->unit / MINUTES_A_DAY);
}

gboolean
kw_duration_read_at(const KwSpanReader *reader, guint index, KwUntil *out, guint *n)
{
    guint skip = 0;
    Amount amount;

    /* "eine halbe stunde": the article is no number here */
    if (kw_span_value(reader, "indefinite", index) >= 0 &&
        (kw_span_value(reader, "half_counts", index + 1) > 0 ||
         kw_span_value(reader, "duration_words", index + 1) > 0))
        skip = 1;
    if (!amount_at(reader, index + skip, &amount) || !is_sane(&amount))
        return FALSE;
    *out = (KwUntil){0};
    set_distance(reader, &amount, out);
    *n = skip + amount.n_words;
    return TRUE;
}

/* -- where an amount is an end -- */

/* Index of the first word before @index that is no article or "etwa"; G_MAXUINT, which is no
 * word, for none */
static guint
lead_of(const KwSpanReader *reader, guint index)
{
    while (index > 0 && kw_span_value(reader, "duration_fillers", index - 1) >= 0)
        index--;
    return index > 0 ? index - 1 : G_MAXUINT;
}

static gboolean
is_action_clause(const KwSpanReader *reader, const KwFinding *finding, guint index)
{
    gint ends_later = kw_lexicon_find_term(reader->lexicon, "@ends_later");
    guint clause = g_array_index(reader->tokens, KwToken, index).clause;

    for (guint i = 0; i < reader->tokens->len; i++) {
        if (g_array_index(reader->tokens, KwToken, i).clause == clause &&
            kw_finding_word_is(finding, i, ends_later))
            return TRUE;
    }
    return FALSE;
}

static gboolean
looks_ahead(const KwSpanReader *reader, const KwFinding *finding, guint index, guint n)
{
    guint lead = lead_of(reader, index);

    if (kw_span_value(reader, "for_words", lead) >= 0)
        return TRUE;
    if (kw_span_value(reader, "back_words", lead) >= 0)
        return FALSE;
    if (kw_span_value(reader, "long_words", index + n) >= 0)
        return TRUE;
    return is_action_clause(reader, finding, index);
}

/* -- named stretches -- */

static gboolean
set_day(KwDate date, KwUntil *out)
{
    *out = (KwUntil){.is_set = TRUE, .date = date};
    return TRUE;
}

/* The end of the running period: 1 week, 2 month, 4 year */
static gboolean
end_of_period(const KwSpanReader *reader, gint unit, KwUntil *out)
{
    KwDate today = reader->today;

    if (unit == 1)
        return set_day(kw_date_add_days(kw_span_monday_of(today), 6), out);
    if (unit == 2)
        return set_day(kw_span_last_of_month(today.year, today.month), out);
    return unit == 4 && set_day((KwDate){today.year, 12, 31}, out);
}

/* "ueber nacht", "heute nacht", "die nacht ueber": until six in the morning */
static gboolean
set_night(const KwSpanReader *reader, KwUntil *out)
{
    KwLocalTime local = kw_zone_split(reader->zone, reader->now_us);
    KwDate morning = local.hour < 6 ? reader->today : kw_date_add_days(reader->today, 1);

    *out = (KwUntil){.is_set = TRUE, .has_time = TRUE, .date = morning};
    out->time_us = kw_zone_get_instant_us(reader->zone, morning, 6 * 60);
    return TRUE;
}

static gboolean
is_over(const KwSpanReader *reader, guint index)
{
    return kw_span_value(reader, "over_words", lead_of(reader, index)) >= 0;
}

static gboolean
over_holiday(const KwSpanReader *reader, guint index, KwUntil *out)
{
    KwDate day;
    guint n;

    if (kw_span_value(reader, "holidays", index) < 0 &&
        kw_span_value(reader, "easter", index) < 0)
        return FALSE;
    return kw_span_read_day(reader, index, KW_SPAN_FORWARD, &day, &n) && set_day(day, out);
}

/* "uebers wochenende", "ueber die feiertage", "das wochenende ueber", "den rest der woche" */
static gboolean
named_stretch(const KwSpanReader *reader, guint index, KwUntil *out)
{
    gboolean is_during = is_over(reader, index) || kw_span_is(reader, index + 1, "ueber");
    gint unit = kw_span_value(reader, "units", index);
    gboolean is_rest = kw_span_value(reader, "rest_words", lead_of(reader, index)) >= 0;

    if (kw_span_is(reader, index, "nacht") &&
        (is_during || kw_span_is(reader, index - 1, "heute")))
        return set_night(reader, out);
    if (kw_span_value(reader, "weekend", index) >= 0 && is_during)
        return set_day(kw_date_add_days(kw_span_monday_of(reader->today), 6), out);
    if (is_rest && kw_span_is(reader, index, "tag"))
        return set_day(reader->today, out);
    if (is_rest && unit > 0)
        return end_of_period(reader, unit, out);
    return is_over(reader, index) && over_holiday(reader, index, out);
}

gboolean
kw_duration_read(const KwSpanReader *reader, const KwFinding *finding, KwUntil *out)
{
    for (guint i = 0; i < reader->tokens->len; i++) {
        KwUntil until = {0};
        guint n = 1;

        if ((kw_duration_read_at(reader, i, &until, &n) &&
             looks_ahead(reader, finding, i, n)) ||
            named_stretch(reader, i, &until)) {
            *out = until;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
kw_duration_is_named(const KwSpanReader *reader)
{
    for (guint i = 0; i + 1 < reader->tokens->len; i++) {
        gboolean is_until = kw_span_value(reader, "until_words", i) >= 0 &&
                            kw_span_value(reader, "until_open", i + 1) < 0;
        gboolean is_for = kw_span_value(reader, "for_words", i) >= 0;

        if (is_until)
            return TRUE;
        for (guint k = i + 1; is_for && k <= i + 3; k++) {
            if (kw_span_value(reader, "duration_units", k) > 0 ||
                kw_span_value(reader, "vague_times", k) >= 0)
                return TRUE;
        }
    }
    return FALSE;
}
