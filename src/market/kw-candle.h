/* kw-candle.h: one candle; prices are the exchange's numbers, volume in base currency */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwCandle:
 * @open_us: time of the opening, UTC, a multiple of the timeframe
 * @volume: base currency, >= 0
 *
 * Plain value. A candle of @open_us is known at @open_us + timeframe and not before.
 */
typedef struct {
    gint64 open_us;
    gdouble open, high, low, close;
    gdouble volume;
} KwCandle;

G_END_DECLS
