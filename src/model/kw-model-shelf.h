/* kw-model-shelf.h: the models that strategies may ask for, by name */
#pragma once

#include "kw-model.h"

G_BEGIN_DECLS

/**
 * KwModelShelf:
 *
 * Gives the promoted version of a model under the data root, loaded and verified once; or a
 * model that was put there by hand, such as one that is being judged. One thread at a time.
 */
typedef struct _KwModelShelf KwModelShelf;

/* @root: data root */
KwModelShelf *kw_model_shelf_new(const gchar *root);
KwModelShelf *kw_model_shelf_ref(KwModelShelf *self);
void kw_model_shelf_unref(KwModelShelf *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwModelShelf, kw_model_shelf_unref)

/* @model goes before the promoted one of that name; a reference is kept */
void kw_model_shelf_put(KwModelShelf *self, const gchar *name, KwModel *model);

/**
 * kw_model_shelf_get:
 *
 * Loads a version that was promoted since the last call. When that one is refused, the old one
 * stays in use and @error is set all the same.
 *
 * Returns: (transfer none) (nullable): %NULL with %KW_MODEL_REFUSAL
 */
KwModel *kw_model_shelf_get(KwModelShelf *self, const gchar *name, GError **error);

G_END_DECLS
