/* test-schedule.c: Vienna's long and short days, odd zones, and each local date once */
#include "kw-error.h"
#include "kw-schedule.h"
#include "kw-test.h"

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define EIGHT_PM (20 * 60)

static KwZone *
zone_of(const gchar *identifier)
{
    g_autoptr(GError) error = NULL;
    KwZone *zone = kw_zone_new(identifier, &error);

    g_assert_no_error(error);
    g_assert_nonnull(zone);
    return zone;
}

static KwDate
date_of(const gchar *text)
{
    KwDate date = {.year = 0};

    g_assert_true(kw_date_parse(text, &date, NULL));
    return date;
}

static void
assert_utc(gint64 time_us, const gchar *expected)
{
    gchar text[KW_UTC_TEXT_SIZE];

    g_assert_cmpstr(kw_utc_to_text(time_us, text), ==, expected);
}

static void
test_instants(void)
{
    static const struct {
        const gchar *zone, *date;
        gint minute;
        const gchar *utc;
    } rows[] = {
        {"Europe/Vienna", "2026-03-28", EIGHT_PM, "2026-03-28T19:00:00.000Z"},
        {"Europe/Vienna", "2026-03-29", EIGHT_PM, "2026-03-29T18:00:00.000Z"},
        {"Europe/Vienna", "2026-03-29", 90, "2026-03-29T00:30:00.000Z"},
        {"Europe/Vienna", "2026-03-29", 120, "2026-03-29T01:00:00.000Z"}, /* gap */
        {"Europe/Vienna", "2026-03-29", 150, "2026-03-29T01:00:00.000Z"}, /* gap */
        {"Europe/Vienna", "2026-03-29", 180, "2026-03-29T01:00:00.000Z"},
        {"Europe/Vienna", "2026-10-25", 119, "2026-10-24T23:59:00.000Z"},
        {"Europe/Vienna", "2026-10-25", 120, "2026-10-25T00:00:00.000Z"}, /* twice */
        {"Europe/Vienna", "2026-10-25", 150, "2026-10-25T00:30:00.000Z"}, /* twice */
        {"Europe/Vienna", "2026-10-25", 180, "2026-10-25T02:00:00.000Z"},
        {"Europe/Vienna", "2026-10-25", EIGHT_PM, "2026-10-25T19:00:00.000Z"},
        {"Europe/Vienna", "2045-07-01", EIGHT_PM, "2045-07-01T18:00:00.000Z"},
        {"Europe/Vienna", "2045-12-01", EIGHT_PM, "2045-12-01T19:00:00.000Z"},
        {"UTC", "2038-01-19", EIGHT_PM, "2038-01-19T20:00:00.000Z"},
        {"America/New_York", "2026-03-08", 150, "2026-03-08T07:00:00.000Z"},
        {"Asia/Kathmandu", "2026-05-05", 0, "2026-05-04T18:15:00.000Z"},
        {"Asia/Beirut", "2021-03-28", 0, "2021-03-27T22:00:00.000Z"}, /* no midnight */
        {"Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:30:00.000Z"},
        {"Pacific/Apia", "2011-12-30", EIGHT_PM, "2011-12-30T10:00:00.000Z"}, /* no such day */
        {"Pacific/Apia", "2011-12-31", EIGHT_PM, "2011-12-31T06:00:00.000Z"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwZone) zone = zone_of(rows[i].zone);

        g_test_message("%s %s minute %d", rows[i].zone, rows[i].date, rows[i].minute);
        assert_utc(kw_zone_get_instant_us(zone, date_of(rows[i].date), rows[i].minute),
                   rows[i].utc);
    }
}

static void
test_day_length(void)
{
    static const struct {
        const gchar *date;
        gint n_hours;
    } rows[] = {{"2026-03-28", 24}, {"2026-03-29", 23}, {"2026-10-25", 25}, {"2016-12-31", 24}};
    g_autoptr(KwZone) zone = zone_of("Europe/Vienna");

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwDate date = date_of(rows[i].date);
        gint64 start_us = kw_zone_get_day_start_us(zone, date);
        gint64 end_us = kw_zone_get_day_start_us(zone, kw_date_add_days(date, 1));

        g_assert_cmpint(end_us - start_us, ==, rows[i].n_hours * HOUR_US);
        g_assert_cmpint(kw_date_cmp(kw_zone_get_date(zone, start_us), date), ==, 0);
        g_assert_cmpint(kw_date_cmp(kw_zone_get_date(zone, end_us - 1), date), ==, 0);
        g_assert_cmpint(kw_zone_floor_day_us(zone, end_us - 1), ==, start_us);
    }
}

static void
test_split(void)
{
    g_autoptr(KwZone) zone = zone_of("Europe/Vienna");
    KwLocalTime local = kw_zone_split(zone, KW_TEST_T0_US + 1234567);

    g_assert_cmpint(kw_date_cmp(local.date, date_of("2026-03-11")), ==, 0);
    g_assert_cmpuint(local.hour, ==, 14);
    g_assert_cmpuint(local.minute, ==, 30);
    g_assert_cmpuint(local.second, ==, 1);
    g_assert_cmpint(local.us, ==, 234567);
    g_assert_cmpint(local.offset_s, ==, 3600);

    local = kw_zone_split(zone, -1); /* before 1970, rounded down */
    g_assert_cmpuint(local.hour, ==, 0);
    g_assert_cmpuint(local.second, ==, 59);
    g_assert_cmpint(local.us, ==, 999999);
}

/* F47, F48: from any instant on, each local date has its digest exactly once. */
static void
test_once_per_date(void)
{
    static const gint minutes[] = {0, 150, EIGHT_PM, 1439};
    g_autoptr(KwZone) zone = zone_of("Europe/Vienna");

    for (gsize i = 0; i < G_N_ELEMENTS(minutes); i++) {
        gint64 now_us = kw_zone_get_day_start_us(zone, date_of("2025-12-31")) - 1;
        KwDate expected = date_of("2025-12-31");

        for (guint day = 0; day < 800; day++) {
            gint64 next_us = kw_schedule_next_us(zone, minutes[i], now_us);

            g_assert_cmpint(next_us, >, now_us);
            g_assert_cmpint(next_us - now_us, <=, 25 * HOUR_US);
            g_assert_cmpint(kw_date_cmp(kw_zone_get_date(zone, next_us), expected), ==, 0);
            /* asked again from within the way there, it is the same */
            g_assert_cmpint(kw_schedule_next_us(zone, minutes[i], next_us - 1), ==, next_us);
            expected = kw_date_add_days(expected, 1);
            now_us = next_us;
        }
    }
}

/* The second 02:30 of the long day is no second occurrence. */
static void
test_doubled_hour(void)
{
    g_autoptr(KwZone) zone = zone_of("Europe/Vienna");
    gint64 first_us = kw_zone_get_instant_us(zone, date_of("2026-10-25"), 150);

    assert_utc(kw_schedule_next_us(zone, 150, first_us), "2026-10-26T01:30:00.000Z");
    assert_utc(kw_schedule_next_us(zone, 150, first_us + HOUR_US / 2),
               "2026-10-26T01:30:00.000Z");
    assert_utc(kw_schedule_next_us(zone, 150, first_us + HOUR_US), "2026-10-26T01:30:00.000Z");
}

static void
test_weekly(void)
{
    g_autoptr(KwZone) zone = zone_of("Europe/Vienna");
    gint64 next_us = kw_schedule_next_weekday_us(zone, 7, EIGHT_PM, KW_TEST_T0_US);

    assert_utc(next_us, "2026-03-15T19:00:00.000Z");
    next_us = kw_schedule_next_weekday_us(zone, 7, EIGHT_PM, next_us);
    assert_utc(next_us, "2026-03-22T19:00:00.000Z");
    next_us = kw_schedule_next_weekday_us(zone, 7, EIGHT_PM, next_us);
    assert_utc(next_us, "2026-03-29T18:00:00.000Z");
    assert_utc(kw_schedule_next_weekday_us(zone, 7, EIGHT_PM, next_us - 1),
               "2026-03-29T18:00:00.000Z");
}

/* Property: the remembered stretch never gives another offset than GLib gives afresh. */
static void
test_offset_property(void)
{
    static const gchar *const names[] = {"Europe/Vienna",       "America/Sao_Paulo",
                                         "Pacific/Apia",        "Africa/Casablanca",
                                         "Australia/Lord_Howe", "UTC"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(KwZone) zone = zone_of(names[i]);
        g_autoptr(GTimeZone) rules = g_time_zone_new_identifier(names[i]);

        for (guint n = 0; n < 4000; n++) {
            gint64 time_s = (gint64) g_test_rand_int_range(0, G_MAXINT32) +
                            g_test_rand_int_range(0, 900000000);
            gint interval = g_time_zone_find_interval(rules, G_TIME_TYPE_UNIVERSAL, time_s);

            g_assert_cmpint(kw_zone_get_offset_s(zone, time_s * G_USEC_PER_SEC), ==,
                            g_time_zone_get_offset(rules, interval));
        }
    }
}

/* F49, F51: no data, no name: an error, never UTC */
static void
test_missing_data(void)
{
    static const gchar *const bad[] = {"",          "Europe/Wien",    "+01:00",
                                       "CET-1CEST", "/etc/localtime", "../UTC",
                                       "right/UTC", "Europe//Vienna", "Mars"};
    gchar *dir = kw_test_tmp_dir_new();
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) bad_error = NULL;

        g_test_message("'%s'", bad[i]);
        g_assert_null(kw_zone_new(bad[i], &bad_error));
        g_assert_true(bad_error != NULL && bad_error->domain == KW_PARSE_ERROR);
    }
    g_assert_true(g_setenv("TZDIR", dir, TRUE));
    g_assert_null(kw_zone_new("Europe/Zurich", &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    g_unsetenv("TZDIR");
    kw_test_tmp_dir_free(dir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/schedule/instants", test_instants);
    g_test_add_func("/base/schedule/day-length", test_day_length);
    g_test_add_func("/base/schedule/split", test_split);
    g_test_add_func("/base/schedule/once-per-date", test_once_per_date);
    g_test_add_func("/base/schedule/doubled-hour", test_doubled_hour);
    g_test_add_func("/base/schedule/weekly", test_weekly);
    g_test_add_func("/base/schedule/offset-property", test_offset_property);
    g_test_add_func("/base/schedule/missing-data", test_missing_data);
    return g_test_run();
}
