#include "kw-kraken-track.h"

#include <math.h>

struct _KwKrakenTrack {
    KwSeries *series; /* owned */
    gint64 timeframe_us;
    KwCandle bars[KW_KRAKEN_TRACK_BARS]; /* by opening; open_us 0: empty */
};

KwKrakenTrack *
kw_kraken_track_new(gint64 timeframe_us)
{
    KwKrakenTrack *self = g_new0(KwKrakenTrack, 1);

    self->series = kw_series_new(timeframe_us);
    self->timeframe_us = timeframe_us;
    return self;
}

void
kw_kraken_track_free(KwKrakenTrack *self)
{
    if (self == NULL)
        return;
    kw_series_free(self->series);
    g_free(self);
}

const KwSeries *
kw_kraken_track_get_series(const KwKrakenTrack *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return self->series;
}

gint64
kw_kraken_track_get_last_us(const KwKrakenTrack *self)
{
    gsize n;

    g_return_val_if_fail(self != NULL, G_MININT64);

    n = kw_series_get_length(self->series);
    return n > 0 ? kw_series_get_times(self->series)[n - 1] : G_MININT64;
}

gboolean
kw_kraken_track_has(const KwKrakenTrack *self, gint64 open_us)
{
    gsize row;

    g_return_val_if_fail(self != NULL, FALSE);

    row = kw_series_find(self->series, open_us);
    return row < kw_series_get_length(self->series) &&
           kw_series_get_times(self->series)[row] == open_us;
}

void
kw_kraken_track_forget(KwKrakenTrack *self, gint64 before_us)
{
    gsize n, n_read;

    g_return_if_fail(self != NULL);

    n = kw_series_get_length(self->series);
    if (n < 2 * KW_KRAKEN_TRACK_KEEP)
        return;
    n_read = kw_series_find(self->series, before_us);
    kw_series_drop_front(self->series, MIN(n_read, n - KW_KRAKEN_TRACK_KEEP));
}

static KwCandle *
slot_of(KwKrakenTrack *self, gint64 open_us)
{
    return &self->bars[(open_us / self->timeframe_us) % KW_KRAKEN_TRACK_BARS];
}

void
kw_kraken_track_note_bar(KwKrakenTrack *self, const KwCandle *candle)
{
    KwCandle *slot;

    g_return_if_fail(self != NULL && candle != NULL);

    slot = slot_of(self, candle->open_us);
    if (candle->open_us >= slot->open_us && candle->open_us % self->timeframe_us == 0)
        *slot = *candle;
}

static gboolean
is_same(const KwCandle *a, const KwCandle *b)
{
    const gdouble left[] = {a->open, a->high, a->low, a->close, a->volume};
    const gdouble right[] = {b->open, b->high, b->low, b->close, b->volume};

    for (gsize i = 0; i < G_N_ELEMENTS(left); i++) {
        if (fabs(left[i] - right[i]) > 1e-9 * MAX(fabs(left[i]), 1.0))
            return FALSE;
    }
    return TRUE;
}

guint
kw_kraken_track_merge(KwKrakenTrack *self,
                      const GArray *candles,
                      gint64 until_us,
                      guint *out_n_changed)
{
    guint n_new = 0, n_changed = 0;

    g_return_val_if_fail(self != NULL && candles != NULL, 0);

    for (guint i = 0; i < candles->len; i++) {
        const KwCandle *candle = &g_array_index(candles, KwCandle, i);
        gsize row;
        KwCandle there;

        if (candle->open_us > until_us || candle->open_us % self->timeframe_us != 0)
            continue;
        if (candle->open_us > kw_kraken_track_get_last_us(self)) {
            n_new += kw_series_append(self->series, candle);
            continue;
        }
        row = kw_series_find(self->series, candle->open_us);
        there = kw_series_get(self->series, row);
        n_changed += there.open_us == candle->open_us && !is_same(&there, candle);
    }
    if (out_n_changed != NULL)
        *out_n_changed = n_changed;
    return n_new;
}

KwKrakenCloseKind
kw_kraken_track_close(KwKrakenTrack *self, gint64 open_us)
{
    gsize n;
    const KwCandle *bar;
    KwCandle flat;

    g_return_val_if_fail(self != NULL, KW_KRAKEN_CLOSE_NONE);

    n = kw_series_get_length(self->series);
    if (n == 0 || kw_kraken_track_get_last_us(self) != open_us - self->timeframe_us)
        return KW_KRAKEN_CLOSE_NONE;
    bar = slot_of(self, open_us);
    if (bar->open_us == open_us) {
        (void) kw_series_append(self->series, bar);
        return KW_KRAKEN_CLOSE_BAR;
    }
    flat = kw_series_get(self->series, n - 1);
    flat.open_us = open_us;
    flat.open = flat.high = flat.low = flat.close;
    flat.volume = 0;
    (void) kw_series_append(self->series, &flat);
    return KW_KRAKEN_CLOSE_FLAT;
}
