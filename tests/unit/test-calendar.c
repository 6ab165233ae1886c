/* test-calendar.c: sessions of times in any order, and of none */
#include "kw-calendar.h"

#include <math.h>

#define N_TIMES 5000
#define DAY 86400

/* The minute of the day, or -1 */
static gint
minute_of(gdouble time)
{
    gdouble rest = fmod(floor(time), DAY);

    return isfinite(time) ? (gint) floor((rest < 0 ? rest + DAY : rest) / 60) : -1;
}

/* Property: what a time gives does not depend on the times before it. */
static void
test_session(void)
{
    static const gint borders[][2] = {{0, 540}, {780, 1320}, {1320, 300}, {0, 1440}};
    gdouble times[N_TIMES];
    guint8 out[N_TIMES];
    gdouble now = -3.0 * DAY;

    for (gsize i = 0; i < N_TIMES; i++) {
        if (i % 97 == 0)
            now = g_test_rand_double_range(-1e9, 2e9);
        now += i % 3 == 0 ? 59.5 : 60 * (gdouble) g_test_rand_int_range(1, 90);
        times[i] = i % 211 == 0 ? (gdouble) NAN : now;
    }
    for (gsize b = 0; b < G_N_ELEMENTS(borders); b++) {
        gint from = borders[b][0], to = borders[b][1];

        kw_calendar_session(times, from, to, out, N_TIMES);
        for (gsize i = 0; i < N_TIMES; i++) {
            gint minute = minute_of(times[i]);
            gboolean is_in =
                from <= to ? minute >= from && minute < to : minute >= from || minute < to;

            g_assert_cmpint(out[i], ==, minute >= 0 && is_in);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/calendar/session", test_session);
    return g_test_run();
}
