/* kw-retrain.h: asks once a night whether a model in use should be trained anew */
#pragma once

#include "kw-book.h"
#include "kw-model-shelf.h"
#include "kw-trigger.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwRetrainAdvice:
 * @model: "boost v1.1.0"
 * @value, @limit: as kw_trigger_measure() gives them
 * @words: (owned): the command that trains it, see kw_train_order_to_words()
 */
typedef struct {
    gchar model[KW_MODEL_SHELF_TEXT_SIZE * 2];
    KwTrigger trigger;
    gdouble value, limit;
    GStrv words;
} KwRetrainAdvice;

typedef enum {
    KW_RETRAIN_IF_DUE,
    KW_RETRAIN_WANTED, /* by somebody, whatever the figures say */
} KwRetrainWish;

/**
 * kw_retrain_look_async:
 * @settings: with models in use; those that were put there by hand are passed over
 * @now_us: candles that open later do not count
 *
 * Reads candles and trades in a thread, on connections of its own.
 */
void kw_retrain_look_async(const KwBookSettings *settings,
                           KwRetrainWish wish,
                           gint64 now_us,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* (transfer full) (element-type KwRetrainAdvice): one for each model with a reason that is due;
 * %NULL when cancelled or with a #KwStoreError */
GArray *kw_retrain_look_finish(GAsyncResult *result, GError **error);

G_END_DECLS
