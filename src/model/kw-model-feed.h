/* kw-model-feed.h: a model's predictions as columns of a frame */
#pragma once

#include "kw-frame.h"
#include "kw-model-shelf.h"

G_BEGIN_DECLS

/* What model("name") gives to a strategy; they belong to the frame */
typedef struct {
    KwColumn *prediction; /* a return, or a probability */
    KwColumn *chance;     /* of a rise, calibrated, 0..1 */
    KwColumn *confidence; /* the same, the conservative part taken off */
} KwModelColumns;

/**
 * kw_model_feed_check:
 * @timeframe_us: of the candles
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL_FEATURES when @model is for another timeframe, or
 *   %KW_COLUMN_ERROR; may be called on any thread
 */
gboolean kw_model_feed_check(KwModel *model, gint64 timeframe_us, GError **error);

/**
 * kw_model_feed_add:
 * @shelf: (nullable): a reference is kept; %NULL for columns without a value, to try a
 *   strategy on
 * @name: of the model on the shelf
 *
 * Rows are predicted block by block in a backtest and one by one in the daemon, with the same
 * bits. A row has no value while a feature is not known. When the shelf has another model
 * later, the rows from then on are that one's; rows before keep what was predicted for them.
 *
 * What the features need of other pairs is read from the frame's neighbours.
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL when the shelf has no such model or a pair is missing,
 * or as kw_model_feed_check()
 */
gboolean kw_model_feed_add(KwModelShelf *shelf,
                           const gchar *name,
                           KwFrame *frame,
                           KwModelColumns *out,
                           GError **error);

G_END_DECLS
