/* kw-train-order.h: how a model in use is trained anew */
#pragma once

#include "kw-model.h"

G_BEGIN_DECLS

/**
 * KwTrainOrder:
 * @root: data root
 * @folder: of the version in use: its feature list and its figures are read
 * @strategy, @config: (nullable): files that judge it; %NULL for the usual ones
 * @max_mb: memory of the trees in MB; 0 for no limit
 * @now_us: end of the candles that are learned from
 */
typedef struct {
    const gchar *root, *folder, *strategy, *config;
    guint max_mb;
    gint64 now_us;
} KwTrainOrder;

/**
 * kw_train_order_to_words:
 *
 * The same model over the newest candles: name, pairs, target, features and recipe as they
 * were, and a period as long as that of before, up to the day of @now_us. Blocks.
 *
 * Returns: (transfer full) (array zero-terminated=1): "train", "--json", ...
 */
GStrv kw_train_order_to_words(const KwTrainOrder *self, const KwModelFacts *facts);

G_END_DECLS
