/* kw-scan.h: what a strategy saw of one pair at one scan */
#pragma once

#include "kw-trade.h"

G_BEGIN_DECLS

#define KW_SCAN_MAX_COLUMNS 64

/**
 * KwScanRecord:
 * @time_us: instant of the scan (close of the candle)
 * @spread: ask minus bid in quote currency, or NaN when not known
 * @depth_bid, @depth_ask: base currency resting near the middle, or NaN when not known
 * @names: the strategy's named columns joined by ',', from g_intern_string(): it is kept by
 *   reference; "" without any
 * @values: @n_values of them, as many as @names; NaN where not defined
 * @action: "enter", "exit", "rejected", "hold", "none" ...
 * @confidence: 0..1 or NaN
 *
 * One for every pair and every scan. Plain value; copied by kw_market_batch_add_scan().
 */
typedef struct {
    gint64 time_us;
    gchar pair[KW_PAIR_NAME_SIZE];
    KwMode mode;
    gdouble price;
    gdouble spread;
    gdouble depth_bid, depth_ask;
    gchar regime[KW_REASON_SIZE];
    gchar strategy_hash[KW_HASH_SIZE];
    const gchar *names;
    guint n_values;
    gdouble values[KW_SCAN_MAX_COLUMNS];
    gboolean has_signal;
    gchar action[16];
    gdouble confidence;
    gchar reason[KW_REASON_SIZE];
} KwScanRecord;

G_END_DECLS
