/* kw-model-candles.h: stored candles that a model is asked about again */
#pragma once

#include "kw-market-store.h"
#include "kw-model-health.h"

G_BEGIN_DECLS

/**
 * KwModelCandles:
 * @market: where the candles are
 * @model: whose features decide what is needed
 * @until_us: candles that open then or later are left out
 *
 * Members are borrowed. Reading blocks; any thread that @market may be read on.
 */
typedef struct {
    KwMarketStore *market;
    KwModel *model;
    gint64 until_us;
} KwModelCandles;

/* (transfer full): of @pair, from before the end of the training on, so that the features are
 * known where the unseen candles begin; %NULL on a failure of the store */
KwSeries *kw_model_candles_load(const KwModelCandles *self, const gchar *pair, GError **error);

/* Gives @health the candles of the pairs that the features look at. */
gboolean
kw_model_candles_give_others(const KwModelCandles *self, KwModelHealth *health, GError **error);

G_END_DECLS
