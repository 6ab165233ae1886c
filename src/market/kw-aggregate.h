/* kw-aggregate.h: longer candles from shorter ones */
#pragma once

#include "kw-series.h"

G_BEGIN_DECLS

/**
 * kw_aggregate_series:
 * @in: shorter candles
 * @timeframe_us: a multiple of the timeframe of @in
 *
 * First open, highest high, lowest low, last close; volumes are added in units of 10^-8, each
 * row rounded to that once. A bucket with missing rows is made of those that are there; a
 * bucket without rows has no candle. Aggregating in steps gives what one step gives, as long
 * as a sum has no more than 15 significant digits (then the double holds it exactly).
 *
 * Returns: (transfer full): a new series, or %NULL with %KW_PARSE_ERROR_RANGE when
 *   @timeframe_us is no multiple
 */
KwSeries *kw_aggregate_series(const KwSeries *in, gint64 timeframe_us, GError **error);

G_END_DECLS
