/* kw-feature-stream.h: the features of one pair, candle by candle */
#pragma once

#include "kw-feature-list.h"
#include "kw-tile.h"

G_BEGIN_DECLS

/**
 * KwFeatureStream:
 *
 * Takes closed candles and gives rows of features. It keeps as much as the features look
 * back, however long it runs. The same candles give the same bits, one by one or many at a
 * time. A row sees of other pairs and of longer timeframes only what was closed when its own
 * candle closed. One thread at a time.
 */
typedef struct _KwFeatureStream KwFeatureStream;

/**
 * KwFeatureRange:
 * @first, @n: the features to compute, when a list is split among threads
 */
typedef struct {
    guint first, n;
} KwFeatureRange;

/**
 * kw_feature_stream_new:
 * @list: a reference is kept
 * @timeframe_us: of the candles that will come, for all pairs
 * @range: (nullable): %NULL for all
 *
 * Returns: (transfer full): %NULL with %KW_COLUMN_ERROR: a timeframe of the list is no
 * multiple, or there are too many columns
 */
KwFeatureStream *kw_feature_stream_new(KwFeatureList *list,
                                       gint64 timeframe_us,
                                       const KwFeatureRange *range,
                                       GError **error);
void kw_feature_stream_free(KwFeatureStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFeatureStream, kw_feature_stream_free)

/**
 * kw_feature_stream_estimate:
 * @out: for each feature of the list what it costs beside those before it; without a unit
 *
 * Returns: as kw_feature_stream_new() would
 */
gboolean kw_feature_stream_estimate(KwFeatureList *list,
                                    gint64 timeframe_us,
                                    guint *out,
                                    GError **error);

/**
 * kw_feature_stream_push:
 * @pair: 0 for the predicted pair, else 1 + index into the list's pairs
 * @candle: closed; what other pairs closed up to then is to be pushed before rows are taken
 *
 * Returns: %FALSE (and no change) when @candle is not later than the pair's last one, not on
 *   the grid of the timeframe, or not finite
 */
gboolean kw_feature_stream_push(KwFeatureStream *self, guint pair, const KwCandle *candle);

/* As kw_feature_stream_push() with each of the rows [@first, @end) of @series */
void kw_feature_stream_push_rows(
    KwFeatureStream *self, guint pair, const KwSeries *series, gsize first, gsize end);

/* Rows of the predicted pair that were pushed and not yet taken */
gsize kw_feature_stream_get_n_waiting(const KwFeatureStream *self);

/**
 * kw_feature_stream_take:
 * @out: room for a row per waiting one
 * @stride: numbers from the start of a row in @out to that of the next, >= features
 *
 * Computes the waiting rows, oldest first. What is undefined is NaN; infinities do not occur.
 */
void kw_feature_stream_take(KwFeatureStream *self, gfloat *out, gsize stride);

/* As kw_feature_stream_take(), into the columns of @tile from @first on; no more rows may wait
 * than it has room for */
void kw_feature_stream_fill(KwFeatureStream *self, KwTile *tile, guint first);

G_END_DECLS
