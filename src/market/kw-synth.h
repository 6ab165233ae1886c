/* kw-synth.h: seeded candles that look like a market and are none */
#pragma once

#include "kw-pair.h"
#include "kw-series.h"

G_BEGIN_DECLS

/**
 * KwSynthOptions:
 * @seed: the same seed, pair and options give the same bytes on every machine
 * @from_us: opening of the first candle; brought down to the grid
 * @n_rows: candles, without gaps
 * @start_price: quote currency; 0 for a usual price of the base currency
 * @volatility: standard deviation of a year's return, 0 for 0.6
 * @drift: a year's mean return, e.g. 0.1
 */
typedef struct {
    guint64 seed;
    gint64 timeframe_us;
    gint64 from_us;
    gsize n_rows;
    gdouble start_price;
    gdouble volatility;
    gdouble drift;
} KwSynthOptions;

/**
 * kw_synth_generate:
 * @pair: its price tick is kept, its name goes into the seed
 * @options: timeframe > 0
 *
 * Geometric Brownian motion whose volatility swings over days and weeks and follows the hours
 * of Tokyo, London and New York, as volume does; weekends are quieter. What is made here must
 * stay marked: give kw_synth_remark() to kw_candle_file_write(), set the flag of the feed.
 *
 * Returns: (transfer full): the candles
 */
KwSeries *kw_synth_generate(const KwPair *pair, const KwSynthOptions *options);

/* (transfer full): "synthetic seed=1 pair=BTC/USDT ...", the first line of a file of these */
gchar *kw_synth_remark(const KwPair *pair, const KwSynthOptions *options);

G_END_DECLS
