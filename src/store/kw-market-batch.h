/* kw-market-batch.h: the rows of a batch, for the writer */
#pragma once

#include "kw-market-store.h"

G_BEGIN_DECLS

typedef struct {
    gchar pair[KW_PAIR_NAME_SIZE];
    gint64 timeframe_us;
    KwCandle candle;
    KwCandleOrigin origin;
} KwCandleRow;

guint kw_market_batch_get_n_candles(const KwMarketBatch *self);
const KwCandleRow *kw_market_batch_get_candle(const KwMarketBatch *self, guint index);
guint kw_market_batch_get_n_scans(const KwMarketBatch *self);
const KwScanRecord *kw_market_batch_get_scan(const KwMarketBatch *self, guint index);

G_END_DECLS
