/* kw-model-relay.h: models that take over from one another at given times */
#pragma once

#include "kw-model.h"

G_BEGIN_DECLS

/**
 * KwModelRelay:
 *
 * What a walk-forward leaves: for every row the model that could have been known then. Never
 * changes while columns are computed; predicting is allowed on any thread.
 */
typedef struct _KwModelRelay KwModelRelay;

KwModelRelay *kw_model_relay_new(void);
KwModelRelay *kw_model_relay_ref(KwModelRelay *self);
void kw_model_relay_unref(KwModelRelay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwModelRelay, kw_model_relay_unref)

/**
 * kw_model_relay_add:
 * @from_us: rows that open then or later are @model's, until the next one takes over; later
 *   than that of the model before
 * @model: a reference is kept; all have the same feature list
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL_FEATURES for another list than that of the first model
 */
gboolean kw_model_relay_add(KwModelRelay *self, gint64 from_us, KwModel *model, GError **error);

/**
 * kw_model_relay_find:
 * @out_until_us: (out): opening from which on the answer is another one
 *
 * Returns: (transfer none) (nullable): the model of rows that open at @time_us; %NULL before
 *   the first
 */
KwModel *kw_model_relay_find(const KwModelRelay *self, gint64 time_us, gint64 *out_until_us);

/* (transfer none) (nullable): %NULL without any */
KwModel *kw_model_relay_get_first(const KwModelRelay *self);

G_END_DECLS
