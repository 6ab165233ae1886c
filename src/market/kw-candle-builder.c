#include "kw-candle-builder.h"

gboolean
kw_candle_builder_add(
    KwCandleBuilder *self, gint64 time_us, gdouble price, gdouble amount, KwCandle *out)
{
    gint64 open_us;
    gboolean has_ended;

    g_return_val_if_fail(self != NULL && self->timeframe_us > 0 && out != NULL, FALSE);

    open_us = time_us / self->timeframe_us * self->timeframe_us;
    if (self->has_candle && open_us < self->candle.open_us)
        return FALSE;
    if (self->has_candle && open_us == self->candle.open_us) {
        self->candle.high = MAX(self->candle.high, price);
        self->candle.low = MIN(self->candle.low, price);
        self->candle.close = price;
        self->candle.volume += amount;
        return FALSE;
    }
    has_ended = self->has_candle;
    if (has_ended)
        *out = self->candle;
    self->candle = (KwCandle){open_us, price, price, price, price, amount};
    self->has_candle = TRUE;
    return has_ended;
}
