#include "kw-longer.h"

#include "kw-aggregate.h"

void
kw_longer_init(KwLonger *self, gint64 short_us, gint64 long_us)
{
    *self = (KwLonger){.gathered = kw_series_new(short_us),
                       .short_us = short_us,
                       .long_us = long_us,
                       .whole_from_us = -1};
}

void
kw_longer_clear(KwLonger *self)
{
    g_clear_pointer(&self->gathered, kw_series_free);
}

static gint64
start_of(const KwLonger *self, gint64 time_us)
{
    return time_us - time_us % self->long_us;
}

static void
close_gathered(KwLonger *self, KwFrame *out)
{
    g_autoptr(KwSeries) closed = kw_aggregate_series(self->gathered, self->long_us, NULL);
    KwCandle candle;

    kw_series_drop_front(self->gathered, kw_series_get_length(self->gathered));
    if (closed == NULL || kw_series_get_length(closed) == 0)
        return;
    candle = kw_series_get(closed, 0);
    (void) kw_frame_append(out, &candle);
}

void
kw_longer_push(KwLonger *self, const KwCandle *candle, KwFrame *out)
{
    gint64 start = start_of(self, candle->open_us);

    if (self->whole_from_us < 0)
        self->whole_from_us = candle->open_us == start ? start : start + self->long_us;
    if (candle->open_us < self->whole_from_us)
        return;
    kw_longer_close_due(self, start, out);
    (void) kw_series_append(self->gathered, candle);
    kw_longer_close_due(self, candle->open_us + self->short_us, out);
}

void
kw_longer_close_due(KwLonger *self, gint64 now_us, KwFrame *out)
{
    if (kw_series_get_length(self->gathered) > 0 &&
        start_of(self, kw_series_get_times(self->gathered)[0]) + self->long_us <= now_us)
        close_gathered(self, out);
}
