/* test-faults-time.c: clocks, calendars and locales that misbehave (F47 to F49, F87, F88) */
#include "kw-error.h"
#include "kw-schedule.h"
#include "kw-tape.h"
#include "kw-test.h"

#include <locale.h>

#define N_MARKS "SELECT count(*) FROM schedule_mark WHERE name = 'digest'"

static gint64
utc_us(gint year, gint month, gint day)
{
    g_autoptr(GDateTime) time = g_date_time_new_utc(year, month, day, 0, 0, 0);

    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

/* Every row of the tape, one digest and one reset a local day */
static void
check_days(gint64 start_us, guint n_days)
{
    g_autoptr(KwTape) tape = kw_tape_new(start_us, 24 * n_days + 12, 1);

    kw_tape_begin(tape);
    kw_tape_run(tape, 24 * n_days);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_DIGEST), ==, n_days);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, N_MARKS), ==, n_days);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM equity"), ==, n_days + 1);
}

static void
test_f48_short_and_long_day(void)
{
    g_autoptr(KwZone) zone = kw_zone_new("Europe/Vienna", NULL);
    gint64 spring_us = utc_us(2026, 3, 28), autumn_us = utc_us(2026, 10, 24);
    KwDate short_day = kw_zone_get_date(zone, spring_us + G_TIME_SPAN_DAY);
    KwDate long_day = kw_zone_get_date(zone, autumn_us + G_TIME_SPAN_DAY);

    g_assert_cmpint(kw_zone_get_day_start_us(zone, kw_date_add_days(short_day, 1)) -
                        kw_zone_get_day_start_us(zone, short_day),
                    ==, 23 * G_TIME_SPAN_HOUR);
    g_assert_cmpint(kw_zone_get_day_start_us(zone, kw_date_add_days(long_day, 1)) -
                        kw_zone_get_day_start_us(zone, long_day),
                    ==, 25 * G_TIME_SPAN_HOUR);
    check_days(spring_us, 3);
    check_days(autumn_us, 3);
}

static void
test_f47_year_2038(void)
{
    check_days(utc_us(2038, 1, 18), 3); /* 2^31 seconds are over on the 19th */
}

/* A step back by a day or an hour: no second digest, no second reset. */
static void
test_f47_clock_steps(void)
{
    static const gint64 steps_us[] = {-G_TIME_SPAN_DAY, -G_TIME_SPAN_HOUR,
                                      -90 * G_TIME_SPAN_SECOND};

    for (guint i = 0; i < G_N_ELEMENTS(steps_us); i++) {
        g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 80, 1);

        kw_tape_flag(tape, 0, 40, KW_TAPE_ENTER);
        kw_tape_begin(tape);
        kw_tape_run(tape, 25); /* behind digest and midnight */
        g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_DIGEST), ==, 1);
        kw_fake_clock_step(tape->rig->clock, steps_us[i]);
        g_assert_cmpint(kw_clock_now_us(KW_CLOCK(tape->rig->clock)), <,
                        kw_replay_rig_get_book(tape->rig)->row_us);
        kw_tape_run(tape, 46); /* the second day's digest */
        g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_DIGEST), ==, 2);
        g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
        kw_tape_end(tape);
        g_assert_cmpint(kw_tape_count(tape, N_MARKS), ==, 2);
        g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM equity"), ==, 3);
    }
}

/* A step forward by a day: what was missed is made up once, old data lead to no entry. */
static void
test_f47_clock_ahead(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 80, 1);

    kw_tape_flag(tape, 0, 20, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 15);
    kw_fake_clock_step(tape->rig->clock, G_TIME_SPAN_DAY);
    kw_tape_run(tape, 41); /* the rows of the lost day come at once */
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_DIGEST), ==, 1);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    g_assert_cmpint(
        kw_tape_count(tape, "SELECT count(*) FROM signal WHERE reason = 'data_age'"), ==, 1);
    kw_tape_end(tape);
}

static void
test_f49_zone_missing(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 20, 1);
    g_autoptr(GError) error = NULL;

    g_free(tape->rig->settings.daily_zone);
    tape->rig->settings.daily_zone = g_strdup("Europe/Nirgendwo");
    g_assert_false(kw_tape_open(tape, &error));
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
}

static gchar *
play_with_decimals(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);
    g_autofree gchar *path = NULL;

    kw_tape_price(tape, 0, 10, 1234.567);
    kw_tape_price(tape, 0, 15, 1250.25);
    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 17, KW_TAPE_EXIT);
    kw_tape_begin(tape);
    kw_tape_run(tape, 20);
    path = g_strdup_printf(
        "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
        kw_tape_count(tape, "SELECT count(*) FROM trade WHERE state = 'closed' AND"
                            " open_rate = '1234.567' AND close_rate = '1250.25'"),
        kw_tape_count(tape, "SELECT CAST(profit_abs * 100000000 AS INTEGER) FROM trade"));
    kw_tape_end(tape);
    return g_steal_pointer(&path);
}

static void
test_f87_decimal_comma(void)
{
    g_autofree gchar *plain = play_with_decimals();
    g_autofree gchar *comma = NULL;
    gchar text[16];

    g_assert_true(g_str_has_prefix(plain, "1 "));
    if (setlocale(LC_ALL, "de_AT.UTF-8") == NULL && setlocale(LC_ALL, "de_DE.UTF-8") == NULL) {
        g_test_skip("no German locale is installed here");
        return;
    }
    g_snprintf(text, sizeof text, "%.1f", 0.5);
    g_assert_cmpstr(text, ==, "0,5"); /* the fault is there */
    comma = play_with_decimals();
    (void) setlocale(LC_ALL, "C");
    g_assert_cmpstr(comma, ==, plain);
}

/* Two trades open and close at the same instant, before and after a restart */
static void
test_f88_same_instant(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 3);
    const KwPortfolio *portfolio;

    for (guint p = 0; p < 3; p++) {
        kw_tape_flag(tape, p, 12, KW_TAPE_ENTER);
        kw_tape_flag(tape, p, 17, KW_TAPE_EXIT);
    }
    kw_tape_begin(tape);
    kw_tape_run(tape, 20);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(DISTINCT close_us) FROM trade"), ==, 1);
    kw_tape_begin(tape);
    portfolio = kw_replay_rig_get_book(tape->rig)->portfolio;
    g_assert_cmpuint(kw_portfolio_get_n_closed(portfolio), ==, 3);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpint(kw_portfolio_get_closed(portfolio, i)->id, ==, i + 1);
    kw_tape_end(tape);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    g_log_set_always_fatal(G_LOG_FATAL_MASK);

    g_test_add_func("/loop/faults-time/f47-year-2038", test_f47_year_2038);
    g_test_add_func("/loop/faults-time/f47-clock-steps", test_f47_clock_steps);
    g_test_add_func("/loop/faults-time/f47-clock-ahead", test_f47_clock_ahead);
    g_test_add_func("/loop/faults-time/f48-short-and-long-day", test_f48_short_and_long_day);
    g_test_add_func("/loop/faults-time/f49-zone-missing", test_f49_zone_missing);
    g_test_add_func("/loop/faults-time/f87-decimal-comma", test_f87_decimal_comma);
    g_test_add_func("/loop/faults-time/f88-same-instant", test_f88_same_instant);
    return g_test_run();
}
