#define G_LOG_DOMAIN "kw-store"

#include "kw-market-batch.h"

struct _KwMarketBatch {
    GArray *candles; /* owned; KwCandleRow */
    GArray *scans;   /* owned; KwScanRecord */
};

KwMarketBatch *
kw_market_batch_new(void)
{
    KwMarketBatch *self = g_new0(KwMarketBatch, 1);

    self->candles = g_array_new(FALSE, FALSE, sizeof(KwCandleRow));
    self->scans = g_array_new(FALSE, FALSE, sizeof(KwScanRecord));
    return self;
}

void
kw_market_batch_free(KwMarketBatch *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->candles);
    g_array_unref(self->scans);
    g_free(self);
}

guint
kw_market_batch_get_length(const KwMarketBatch *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->candles->len + self->scans->len;
}

void
kw_market_batch_add_candle(KwMarketBatch *self,
                           const gchar *pair,
                           gint64 timeframe_us,
                           const KwCandle *candle,
                           const KwCandleOrigin *origin)
{
    KwCandleRow row = {
        .timeframe_us = timeframe_us,
        .candle = *candle,
        .origin = *origin,
    };

    g_return_if_fail(self != NULL && pair != NULL && timeframe_us > 0);

    (void) g_strlcpy(row.pair, pair, sizeof row.pair);
    g_array_append_val(self->candles, row);
}

void
kw_market_batch_add_scan(KwMarketBatch *self, const KwScanRecord *scan)
{
    g_return_if_fail(self != NULL && scan != NULL && scan->names != NULL);
    g_return_if_fail(scan->n_values <= KW_SCAN_MAX_COLUMNS);

    g_array_append_vals(self->scans, scan, 1);
}

guint
kw_market_batch_get_n_candles(const KwMarketBatch *self)
{
    return self->candles->len;
}

const KwCandleRow *
kw_market_batch_get_candle(const KwMarketBatch *self, guint index)
{
    return &g_array_index(self->candles, KwCandleRow, index);
}

guint
kw_market_batch_get_n_scans(const KwMarketBatch *self)
{
    return self->scans->len;
}

const KwScanRecord *
kw_market_batch_get_scan(const KwMarketBatch *self, guint index)
{
    return &g_array_index(self->scans, KwScanRecord, index);
}
