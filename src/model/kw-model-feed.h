/* kw-model-feed.h: a model's predictions as columns of a frame */
#pragma once

#include "kw-frame.h"
#include "kw-model.h"

G_BEGIN_DECLS

/* What model("name") gives to a strategy; both belong to the frame */
typedef struct {
    KwColumn *prediction; /* a return, or a probability */
    KwColumn *confidence; /* chance of a rise, 0..1 */
} KwModelColumns;

/**
 * kw_model_feed_add:
 * @model: (nullable): a reference is kept; %NULL for columns without a value, to try a
 *   strategy on
 * @name: of the model, for the names of the columns
 *
 * Rows are predicted block by block in a backtest and one by one in the daemon, with the same
 * bits. A row has no value while a feature is not known.
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL_FEATURES when the model is for another timeframe or
 *   needs candles of other pairs, or %KW_COLUMN_ERROR
 */
gboolean kw_model_feed_add(
    KwModel *model, const gchar *name, KwFrame *frame, KwModelColumns *out, GError **error);

G_END_DECLS
