#include "kw-script.h"

#define MINUTE G_TIME_SPAN_MINUTE

static const gchar *const questions[] = {
    "Wie ist der Status?",
    "Welche Trades sind offen?",
    "Gewinn diese Woche",
    "Kontostand",
    "Wie hoch ist der Drawdown?",
    "/stats",
    "/risk",
    "Was kostet Bitcoin?",
    "Gebühren diesen Monat",
    "Welche Paare handelst du?",
    "/trades 5",
    "/health",
    "stopp den bot bitte nicht",
    "Verkauf alles",
};

static void
add_line(GArray *lines, gint64 time_us, const gchar *text)
{
    KwScriptLine line = {time_us, text};

    g_array_append_val(lines, line);
}

/* Lines stand on half minutes, so that none falls on a candle, a job or the kill. */
GArray *
kw_script_new(gint64 start_us, guint n_days, guint64 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32) seed);
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(KwScriptLine));

    for (guint day = 0; day < n_days; day++) {
        gint64 noon_us = start_us + day * G_TIME_SPAN_DAY + 12 * G_TIME_SPAN_HOUR + MINUTE / 2;

        for (gint i = -4; i < 4; i++) {
            gint64 offset_us = i * 70 * MINUTE + g_rand_int_range(rand, 0, 30) * MINUTE;
            gint which = g_rand_int_range(rand, 0, G_N_ELEMENTS(questions));

            add_line(lines, noon_us + offset_us, questions[which]);
        }
        if (day % 5 == 1) {
            add_line(lines, noon_us + 300 * MINUTE, "Pause");
            add_line(lines, noon_us + 420 * MINUTE, "Starte den Bot");
        }
        if (day % 5 == 3) {
            add_line(lines, noon_us + 300 * MINUTE, "Notaus!");
            add_line(lines, noon_us + 360 * MINUTE, "Kill-Switch aus");
            add_line(lines, noon_us + 420 * MINUTE, "Starte den Bot");
        }
    }
    return lines;
}

gint64
kw_script_get_kill_us(gint64 start_us, guint day, guint64 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32) (seed * 7919 + day));
    gint minute = g_rand_int_range(rand, 6 * 60, 23 * 60);

    return start_us + day * G_TIME_SPAN_DAY + minute * MINUTE + MINUTE / 4;
}
