/* kw-candle-builder.h: candles from single trades, one after another */
#pragma once

#include "kw-candle.h"

G_BEGIN_DECLS

/**
 * KwCandleBuilder:
 * @timeframe_us: > 0
 * @candle: the one under way
 * @has_candle: there is one
 *
 * Plain value; zero it and set the timeframe.
 */
typedef struct {
    gint64 timeframe_us;
    KwCandle candle;
    gboolean has_candle;
} KwCandleBuilder;

/**
 * kw_candle_builder_add:
 * @time_us: not before the one of the trade before
 * @out: (out caller-allocates): the candle that ended before this trade
 *
 * Intervals without a trade have no candle. A trade of an interval that has ended is dropped.
 *
 * Returns: %TRUE when @out is set
 */
gboolean kw_candle_builder_add(
    KwCandleBuilder *self, gint64 time_us, gdouble price, gdouble amount, KwCandle *out);

G_END_DECLS
