#include "kw-control.h"
#include "kw-engine-rig.h"
#include "kw-test.h"

#define HOUR KW_ENGINE_RIG_HOUR_US
#define DAY (24 * HOUR)
#define N_ROWS (24 * 12)
#define DIGEST_MINUTE (20 * 60)

/* Midnight UTC of the days around which the clocks change in Vienna, and of a plain Monday */
#define SPRING_US G_GINT64_CONSTANT(1774569600000000) /* Fri 2026-03-27; change on the 29th */
#define AUTUMN_US G_GINT64_CONSTANT(1792713600000000) /* Fri 2026-10-23; change on the 25th */
#define MONDAY_US G_GINT64_CONSTANT(1773014400000000) /* 2026-03-09 */

static void
fixture_init(KwEngineRig *rig, gint64 first_us)
{
    gdouble closes[N_ROWS];

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100;
    kw_engine_rig_init(rig);
    kw_engine_rig_set_volume_strategy(rig, "");
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "BTC/USDT"), first_us, closes, N_ROWS);
}

/* The digests that were told stand at 20:00 Vienna, one for each date from @first on. */
static void
assert_digests(const KwEngineRig *rig, KwDate first, guint n)
{
    g_autoptr(KwZone) zone = kw_zone_new("Europe/Vienna", NULL);
    guint n_seen = 0;

    for (guint i = 0; i < rig->events->len; i++) {
        const KwEvent *event = rig->events->pdata[i];
        KwDate date = kw_date_add_days(first, (gint) n_seen);

        if (event->kind != KW_EVENT_DIGEST)
            continue;
        g_assert_cmpint(event->time_us, ==, kw_zone_get_instant_us(zone, date, DIGEST_MINUTE));
        g_assert_false(event->digest.is_late);
        n_seen++;
    }
    g_assert_cmpuint(n_seen, ==, n);
}

static void
test_digest_on_days_of_23_and_25_hours(void)
{
    static const struct {
        gint64 start_us;
        KwDate first;
    } rows[] = {
        {SPRING_US, {2026, 3, 27}},
        {AUTUMN_US, {2026, 10, 23}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwEngineRig rig;

        fixture_init(&rig, rows[i].start_us - DAY);
        kw_engine_rig_start(&rig, rows[i].start_us);
        kw_engine_rig_run_to(&rig, rows[i].start_us + 5 * DAY);
        assert_digests(&rig, rows[i].first, 5);
        g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_WEEKLY), ==, 1);
        kw_engine_rig_clear(&rig);
    }
}

/* Each day of the daily limit has one mark, at its local midnight. */
static void
test_day_marks(void)
{
    KwEngineRig rig;
    const GArray *marks;
    g_autoptr(KwZone) zone = kw_zone_new("Europe/Vienna", NULL);

    fixture_init(&rig, SPRING_US - DAY);
    kw_engine_rig_start(&rig, SPRING_US);
    kw_engine_rig_run_to(&rig, SPRING_US + 5 * DAY);
    marks = kw_engine_rig_get_book(&rig)->tracker.marks;
    g_assert_cmpuint(marks->len, ==, 6); /* the day of the start and five midnights */
    for (guint i = 0; i < marks->len; i++) {
        KwDate date = {2026, 3, 27};

        g_assert_cmpint(g_array_index(marks, KwEquityMark, i).time_us, ==,
                        kw_zone_get_day_start_us(zone, kw_date_add_days(date, (gint) i)));
    }
    kw_engine_rig_clear(&rig);
}

/* Down from 18:00 to the morning after: the digest comes once, late, for its own day. */
static void
test_digest_is_made_up_once(void)
{
    KwEngineRig rig;
    const KwEvent *event;

    fixture_init(&rig, MONDAY_US - DAY);
    kw_engine_rig_start(&rig, MONDAY_US);
    kw_engine_rig_run_to(&rig, MONDAY_US + 17 * HOUR);
    kw_engine_rig_crash(&rig);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DIGEST), ==, 0);

    rig.now_us = MONDAY_US + 31 * HOUR;
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DIGEST), ==, 1);
    event = kw_engine_rig_last_event(&rig, KW_EVENT_DIGEST);
    g_assert_true(event->digest.is_late);
    g_assert_cmpstr(event->key, ==, "digest:2026-03-09");

    rig.now_us = MONDAY_US + 32 * HOUR;
    kw_engine_rig_crash(&rig);
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DIGEST), ==, 1);
    kw_engine_rig_run_to(&rig, MONDAY_US + 2 * DAY);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DIGEST), ==, 2);
    g_assert_false(kw_engine_rig_last_event(&rig, KW_EVENT_DIGEST)->digest.is_late);
    kw_engine_rig_clear(&rig);
}

/* Down from Saturday to Tuesday: the daily report is of Monday, the weekly one of Sunday. */
static void
test_weekly_is_made_up_once(void)
{
    KwEngineRig rig;
    const KwEvent *event;

    fixture_init(&rig, MONDAY_US - DAY);
    kw_engine_rig_start(&rig, MONDAY_US);
    kw_engine_rig_run_to(&rig, MONDAY_US + 5 * DAY);
    kw_engine_rig_crash(&rig);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_WEEKLY), ==, 0);

    rig.now_us = MONDAY_US + 8 * DAY + HOUR;
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_WEEKLY), ==, 1);
    event = kw_engine_rig_last_event(&rig, KW_EVENT_WEEKLY);
    g_assert_cmpstr(event->key, ==, "weekly:2026-03-15");
    g_assert_true(event->digest.is_late);
    event = kw_engine_rig_last_event(&rig, KW_EVENT_DIGEST);
    g_assert_cmpstr(event->key, ==, "digest:2026-03-16");

    rig.now_us = MONDAY_US + 8 * DAY + 2 * HOUR;
    kw_engine_rig_crash(&rig);
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_WEEKLY), ==, 1);
    kw_engine_rig_clear(&rig);
}

/* Midnight of Tuesday in Vienna, and a trade that gains 10 % in the candle that ends there:
 * that is Monday's result. A row later falls by 5 %: that is Tuesday's. */
static void
test_day_begins_behind_its_candle(void)
{
    gint64 midnight_us = MONDAY_US + 23 * HOUR;
    gdouble closes[N_ROWS];
    const KwEquityMark *mark;
    KwEngineRig rig;
    GArray *candles;
    guint last; /* row that ends at midnight */

    kw_engine_rig_init(&rig);
    kw_engine_rig_set_volume_strategy(&rig, "");
    candles = kw_engine_rig_add_pair(&rig, "BTC/USDT");
    last = (guint) ((midnight_us - (MONDAY_US - DAY)) / HOUR) - 1;
    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = i < last ? 100 : (i == last ? 110 : 105);
    kw_engine_rig_add_rows(candles, MONDAY_US - DAY, closes, N_ROWS);
    g_array_index(candles, KwCandle, last).open = 100;
    g_array_index(candles, KwCandle, last).low = 99.9;
    g_array_index(candles, KwCandle, last - 5).volume = 1;
    rig.settings.fee_ratio = 0;
    kw_engine_rig_start(&rig, MONDAY_US);
    kw_engine_rig_run_to(&rig, midnight_us);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_engine_rig_get_book(&rig)->portfolio), ==, 1);
    mark = &g_array_index(kw_engine_rig_get_book(&rig)->tracker.marks, KwEquityMark, 1);
    g_assert_cmpint(mark->time_us, ==, midnight_us);
    g_assert_cmpfloat_with_epsilon(kw_decimal_to_double(mark->equity), 1010, 0.01);
    kw_engine_rig_clear(&rig);
}

/* No candle ends at midnight: the day begins all the same. */
static void
test_day_begins_without_a_candle(void)
{
    gint64 midnight_us = MONDAY_US + 23 * HOUR;
    const GArray *marks;
    KwEngineRig rig;

    fixture_init(&rig, MONDAY_US - DAY);
    g_array_remove_range(rig.candles[0], 24 + 20, 10);
    kw_engine_rig_start(&rig, MONDAY_US);
    kw_engine_rig_run_to(&rig, midnight_us + 2 * G_TIME_SPAN_MINUTE);
    marks = kw_engine_rig_get_book(&rig)->tracker.marks;
    g_assert_cmpuint(marks->len, ==, 2);
    g_assert_cmpint(g_array_index(marks, KwEquityMark, 1).time_us, ==, midnight_us);
    kw_engine_rig_clear(&rig);
}

static void
test_first_start_makes_nothing_up(void)
{
    KwEngineRig rig;

    fixture_init(&rig, MONDAY_US - DAY);
    kw_engine_rig_start(&rig, MONDAY_US + 21 * HOUR);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_DIGEST), ==, 0);
    kw_engine_rig_clear(&rig);
}

static void
test_reminder_comes_once_and_starts_nothing(void)
{
    KwEngineRig rig;
    KwControlResult result;

    fixture_init(&rig, MONDAY_US - DAY);
    kw_engine_rig_start(&rig, MONDAY_US);
    kw_control_stop(kw_engine_get_control(rig.engine), "test", MONDAY_US + 5 * HOUR, &result);
    kw_engine_rig_run_to(&rig, MONDAY_US + 4 * HOUR);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_REMINDER), ==, 0);
    kw_engine_rig_run_to(&rig, MONDAY_US + 8 * HOUR);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_REMINDER), ==, 1);
    g_assert_cmpint(kw_engine_rig_last_event(&rig, KW_EVENT_REMINDER)->time_us, ==,
                    MONDAY_US + 5 * HOUR);
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_STOPPED);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_func("/engine/jobs/clock-change", test_digest_on_days_of_23_and_25_hours);
    g_test_add_func("/engine/jobs/day-marks", test_day_marks);
    g_test_add_func("/engine/jobs/made-up-once", test_digest_is_made_up_once);
    g_test_add_func("/engine/jobs/weekly-made-up-once", test_weekly_is_made_up_once);
    g_test_add_func("/engine/jobs/day-behind-candle", test_day_begins_behind_its_candle);
    g_test_add_func("/engine/jobs/day-without-candle", test_day_begins_without_a_candle);
    g_test_add_func("/engine/jobs/first-start", test_first_start_makes_nothing_up);
    g_test_add_func("/engine/jobs/reminder", test_reminder_comes_once_and_starts_nothing);
    return g_test_run();
}
