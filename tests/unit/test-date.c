/* test-date.c: civil dates against known days and against GDate */
#include "kw-date.h"
#include "kw-error.h"

static KwDate
date_of(const gchar *text)
{
    KwDate date = {.year = 0};

    g_assert_true(kw_date_parse(text, &date, NULL));
    return date;
}

static void
test_rejects(void)
{
    static const struct {
        const gchar *text;
        KwParseError code;
    } rows[] = {
        {"", KW_PARSE_ERROR_SYNTAX},           {"2026-3-29", KW_PARSE_ERROR_SYNTAX},
        {"29.03.2026", KW_PARSE_ERROR_SYNTAX}, {"2026-03-29 ", KW_PARSE_ERROR_SYNTAX},
        {"2026/03/29", KW_PARSE_ERROR_SYNTAX}, {"-026-03-29", KW_PARSE_ERROR_SYNTAX},
        {"2026-13-01", KW_PARSE_ERROR_RANGE},  {"2026-00-01", KW_PARSE_ERROR_RANGE},
        {"2026-02-29", KW_PARSE_ERROR_RANGE},  {"1900-02-29", KW_PARSE_ERROR_RANGE},
        {"0000-01-01", KW_PARSE_ERROR_RANGE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        KwDate out = {.year = 7};

        g_test_message("row %" G_GSIZE_FORMAT ": '%s'", i, rows[i].text);
        g_assert_false(kw_date_parse(rows[i].text, &out, &error));
        g_assert_error(error, KW_PARSE_ERROR, (gint) rows[i].code);
        g_assert_cmpint(out.year, ==, 7);
    }
    g_assert_true(kw_date_is_valid(date_of("2000-02-29")));
}

static void
test_known_days(void)
{
    g_assert_cmpint(kw_date_to_days(date_of("1970-01-01")), ==, 0);
    g_assert_cmpint(kw_date_to_days(date_of("2038-01-20")), ==, 24856);
    g_assert_cmpint(kw_date_to_days(date_of("1969-12-31")), ==, -1);
    g_assert_cmpint(
        kw_date_cmp(kw_date_add_days(date_of("2024-02-28"), 2), date_of("2024-03-01")), ==, 0);
    g_assert_cmpint(
        kw_date_cmp(kw_date_add_days(date_of("2026-01-01"), -1), date_of("2025-12-31")), ==, 0);
}

static void
test_iso_week(void)
{
    static const struct {
        const gchar *date;
        guint week;
        gint year;
        guint weekday;
    } rows[] = {
        {"2026-01-01", 1, 2026, 4},  {"2027-01-01", 53, 2026, 5}, {"2024-12-30", 1, 2025, 1},
        {"2021-01-03", 53, 2020, 7}, {"2026-03-29", 13, 2026, 7},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint year = 0;

        g_test_message("%s", rows[i].date);
        g_assert_cmpuint(kw_date_get_iso_week(date_of(rows[i].date), &year), ==, rows[i].week);
        g_assert_cmpint(year, ==, rows[i].year);
        g_assert_cmpuint(kw_date_get_weekday(date_of(rows[i].date)), ==, rows[i].weekday);
    }
}

/* Property: GDate agrees on every field, and text and days lead back to the date. */
static void
test_against_gdate(void)
{
    for (guint i = 0; i < 20000; i++) {
        gint64 days = g_test_rand_int_range(-700000, 2900000);
        KwDate date = kw_date_from_days(days);
        gchar text[KW_DATE_TEXT_SIZE];
        GDate other;

        g_date_clear(&other, 1);
        g_date_set_julian(&other, (guint32) (days + 719163)); /* 0001-01-01 is 1 */
        g_assert_cmpint(date.year, ==, g_date_get_year(&other));
        g_assert_cmpint(date.month, ==, (gint) g_date_get_month(&other));
        g_assert_cmpint(date.day, ==, g_date_get_day(&other));
        g_assert_cmpuint(kw_date_get_weekday(date), ==, g_date_get_weekday(&other));
        g_assert_cmpuint(kw_date_get_iso_week(date, NULL), ==,
                         g_date_get_iso8601_week_of_year(&other));
        g_assert_cmpint(kw_date_to_days(date_of(kw_date_to_text(date, text))), ==, days);
    }
}

/* F88: an instant has no leap second; the day of one is as long as any other. */
static void
test_utc_text(void)
{
    gchar text[KW_UTC_TEXT_SIZE];

    g_assert_cmpstr(kw_utc_to_text(0, text), ==, "1970-01-01T00:00:00.000Z");
    g_assert_cmpstr(kw_utc_to_text(-1, text), ==, "1969-12-31T23:59:59.999Z");
    g_assert_cmpstr(kw_utc_to_text(G_GINT64_CONSTANT(1483228799999000), text), ==,
                    "2016-12-31T23:59:59.999Z");
    g_assert_cmpstr(kw_utc_to_text(G_GINT64_CONSTANT(1483228800000000), text), ==,
                    "2017-01-01T00:00:00.000Z");
    g_assert_cmpstr(kw_utc_to_text(G_GINT64_CONSTANT(2147483648000000), text), ==,
                    "2038-01-19T03:14:08.000Z");
    g_assert_cmpuint(strlen(kw_utc_to_text(G_MAXINT64, text)), <, KW_UTC_TEXT_SIZE);
    g_assert_cmpuint(strlen(kw_utc_to_text(G_MININT64, text)), <, KW_UTC_TEXT_SIZE);
}

static void
test_time_of_day(void)
{
    static const gchar *const bad[] = {"",         "20",    "20:0",  "8:00",
                                       "20:00:00", "24:00", "12:60", "+1:00"};
    gint minute = -1;

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(kw_time_of_day_parse(bad[i], &minute, NULL));
    g_assert_cmpint(minute, ==, -1);
    g_assert_true(kw_time_of_day_parse("20:05", &minute, NULL));
    g_assert_cmpint(minute, ==, 1205);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/date/rejects", test_rejects);
    g_test_add_func("/base/date/known-days", test_known_days);
    g_test_add_func("/base/date/iso-week", test_iso_week);
    g_test_add_func("/base/date/against-gdate", test_against_gdate);
    g_test_add_func("/base/date/utc-text", test_utc_text);
    g_test_add_func("/base/date/time-of-day", test_time_of_day);
    return g_test_run();
}
