/* test-kraken-track.c: candles from two sides make one series without holes or doubles (F30) */
#include "kw-kraken-track.h"
#include "kw-test.h"

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

static KwCandle
candle_at(gint64 minute, gdouble close)
{
    return (KwCandle){minute * MINUTE_US, close, close, close, close, 1};
}

static guint
merge(KwKrakenTrack *track, gint64 first, gint64 last, gdouble close, guint *out_changed)
{
    g_autoptr(GArray) candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));

    for (gint64 minute = first; minute <= last; minute++) {
        KwCandle candle = candle_at(minute, close);

        g_array_append_val(candles, candle);
    }
    return kw_kraken_track_merge(track, candles, 100 * MINUTE_US, out_changed);
}

static void
test_merge(void)
{
    g_autoptr(KwKrakenTrack) track = kw_kraken_track_new(MINUTE_US);
    guint n_changed = 9;

    g_assert_cmpint(kw_kraken_track_get_last_us(track), ==, G_MININT64);
    g_assert_cmpuint(merge(track, 10, 20, 5, &n_changed), ==, 11);
    g_assert_cmpuint(n_changed, ==, 0);
    g_assert_cmpuint(merge(track, 18, 22, 5, &n_changed), ==, 2);
    g_assert_cmpuint(n_changed, ==, 0);
    g_assert_cmpuint(merge(track, 18, 22, 6, &n_changed), ==, 0);
    g_assert_cmpuint(n_changed, ==, 5); /* told, and left as they were */
    g_assert_cmpfloat(kw_series_get_closes(kw_kraken_track_get_series(track))[8], ==, 5);
    g_assert_cmpuint(merge(track, 99, 105, 5, NULL), ==, 2); /* the future is left out */
}

static void
test_close(void)
{
    g_autoptr(KwKrakenTrack) track = kw_kraken_track_new(MINUTE_US);
    KwCandle early = candle_at(12, 7), late = candle_at(12, 8), off = candle_at(13, 9);
    const gdouble *volumes;

    g_assert_cmpint(kw_kraken_track_close(track, 11 * MINUTE_US), ==, KW_KRAKEN_CLOSE_NONE);
    (void) merge(track, 10, 10, 5, NULL);
    g_assert_cmpint(kw_kraken_track_close(track, 12 * MINUTE_US), ==, KW_KRAKEN_CLOSE_NONE);
    g_assert_cmpint(kw_kraken_track_close(track, 11 * MINUTE_US), ==, KW_KRAKEN_CLOSE_FLAT);
    kw_kraken_track_note_bar(track, &early);
    kw_kraken_track_note_bar(track, &late);
    off.open_us++;
    kw_kraken_track_note_bar(track, &off);
    g_assert_cmpint(kw_kraken_track_close(track, 12 * MINUTE_US), ==, KW_KRAKEN_CLOSE_BAR);
    g_assert_cmpint(kw_kraken_track_close(track, 13 * MINUTE_US), ==, KW_KRAKEN_CLOSE_FLAT);
    g_assert_cmpuint(kw_series_get_length(kw_kraken_track_get_series(track)), ==, 4);
    g_assert_cmpfloat(kw_series_get_closes(kw_kraken_track_get_series(track))[3], ==, 8);
    volumes = kw_series_get_volumes(kw_kraken_track_get_series(track));
    g_assert_cmpfloat(volumes[1], ==, 0);
    g_assert_cmpfloat(volumes[2], ==, 1);
}

/* A week of minutes leaves no more than a day of them; what nobody has read stays. */
static void
test_forget(void)
{
    g_autoptr(KwKrakenTrack) track = kw_kraken_track_new(MINUTE_US);
    const KwSeries *series = kw_kraken_track_get_series(track);

    (void) merge(track, 10, 10, 5, NULL);
    for (gint64 minute = 11; minute < 10080; minute++) {
        g_assert_cmpint(kw_kraken_track_close(track, minute * MINUTE_US), ==,
                        KW_KRAKEN_CLOSE_FLAT);
        kw_kraken_track_forget(track, minute * MINUTE_US);
        g_assert_cmpuint(kw_series_get_length(series), <, 2 * KW_KRAKEN_TRACK_KEEP);
    }
    g_assert_cmpuint(kw_series_get_length(series), >=, KW_KRAKEN_TRACK_KEEP);
    g_assert_cmpuint(merge(track, 10, 20, 6, NULL), ==, 0); /* and do not come again */
    for (gint64 minute = 10080; minute < 13000; minute++)
        (void) kw_kraken_track_close(track, minute * MINUTE_US);
    kw_kraken_track_forget(track, 10080 * MINUTE_US);
    g_assert_true(kw_kraken_track_has(track, 10080 * MINUTE_US));
    g_assert_false(kw_kraken_track_has(track, 10079 * MINUTE_US));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-track/merge", test_merge);
    g_test_add_func("/exchange/kraken-track/forget", test_forget);
    g_test_add_func("/exchange/kraken-track/close", test_close);
    return g_test_run();
}
