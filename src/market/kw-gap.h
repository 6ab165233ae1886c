/* kw-gap.h: where candles are missing, and what that means on an exchange */
#pragma once

#include "kw-pair.h"
#include "kw-series.h"

G_BEGIN_DECLS

/**
 * KwGap:
 * @last_us: opening of the last candle before
 * @next_us: opening of the first candle after
 * @n_missing: candles that are not there, > 0
 */
typedef struct {
    gint64 last_us, next_us;
    gsize n_missing;
} KwGap;

/* (transfer full) (element-type KwGap): all gaps of @series, ascending */
GArray *kw_gap_list(const KwSeries *series);

/* (transfer full): @series with a candle for each that is missing: all prices the close before,
 * no volume */
KwSeries *kw_gap_fill(const KwSeries *series);

/* Candles missing in all gaps of @gaps */
gsize kw_gap_count_missing(const GArray *gaps);

/**
 * kw_gap_meaning_of_exchange:
 * @exchange: (nullable): "binance", "kraken", "bitfinex"; any case
 *
 * Returns: what a missing candle means there; an unknown exchange is taken as one whose gaps
 *   are outages, as that hides nothing
 */
KwGapMeaning kw_gap_meaning_of_exchange(const gchar *exchange);

/* "no-trade" or "outage"; static */
const gchar *kw_gap_meaning_to_string(KwGapMeaning meaning);

G_END_DECLS
