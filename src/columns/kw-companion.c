/* kw-companion.c: follows a series by time
 *
 * What was taken is remembered as a time and not as a row, so the source may lose rows at its
 * front meanwhile, as the daemon's do. The daemon's source is the frame of the other pair; a
 * copy of candles pushed to every frame was the alternative, and would have been a second
 * place that has to know of repairs and restarts. */
#include "kw-companion.h"

#include "kw-longer.h"
#include "kw-timeframe.h"

struct _KwCompanion {
    gchar *pair;            /* owned; NULL for the frame's own pair */
    const KwSeries *source; /* borrowed; may be NULL */
    gint64 short_us, long_us;
    gint64 last_us;  /* opening of the last row taken */
    KwLonger longer; /* gathers when long_us > short_us */
    KwFrame *frame;  /* owned */
};

KwCompanion *
kw_companion_new(const gchar *pair, const KwSeries *source, gint64 short_us, gint64 long_us)
{
    KwCompanion *self = g_new0(KwCompanion, 1);

    self->pair = g_strdup(pair);
    self->source = source;
    self->short_us = short_us;
    self->long_us = long_us;
    self->last_us = G_MININT64 + 1;
    kw_longer_init(&self->longer, short_us, long_us);
    self->frame = kw_frame_new(kw_series_new(long_us));
    return self;
}

void
kw_companion_free(KwCompanion *self)
{
    if (self == NULL)
        return;
    kw_frame_free(self->frame);
    kw_longer_clear(&self->longer);
    g_free(self->pair);
    g_free(self);
}

const gchar *
kw_companion_get_pair(const KwCompanion *self)
{
    return self->pair;
}

gboolean
kw_companion_is(const KwCompanion *self, const gchar *pair, gint64 long_us)
{
    return self->long_us == long_us && g_strcmp0(self->pair, pair) == 0;
}

KwFrame *
kw_companion_get_frame(const KwCompanion *self)
{
    return self->frame;
}

gchar *
kw_companion_dup_label(const KwCompanion *self)
{
    const gchar *timeframe = kw_timeframe_to_string(self->long_us);

    return g_strdup_printf("%s%s%s", self->pair != NULL ? self->pair : "",
                           self->pair != NULL ? " " : "", timeframe != NULL ? timeframe : "?");
}

static void
take(KwCompanion *self, const KwCandle *candle)
{
    if (self->long_us > self->short_us)
        kw_longer_push(&self->longer, candle, self->frame);
    else
        (void) kw_frame_append(self->frame, candle);
    self->last_us = candle->open_us;
}

void
kw_companion_update(KwCompanion *self, gint64 now_us)
{
    gsize n_rows;

    if (self->source == NULL)
        return;
    n_rows = kw_series_get_length(self->source);
    for (gsize row = kw_series_find(self->source, self->last_us + 1); row < n_rows; row++) {
        KwCandle candle = kw_series_get(self->source, row);

        if (candle.open_us + self->short_us > now_us)
            break;
        take(self, &candle);
    }
    kw_longer_close_due(&self->longer, now_us, self->frame);
    kw_frame_update(self->frame);
}
