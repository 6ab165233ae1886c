/* kw-desk-models.h: the models of the registry, for the desk */
#pragma once

#include "kw-book.h"
#include "kw-model-view.h"
#include "kw-registry.h"

G_BEGIN_DECLS

/* What was found when the registry was looked through last; main thread; opaque. */
typedef struct _KwDeskModels KwDeskModels;

/* @root: data root. Begins to look at once */
KwDeskModels *kw_desk_models_new(const gchar *root);
void kw_desk_models_free(KwDeskModels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwDeskModels, kw_desk_models_free)

/* (transfer full) (nullable): "boost", or the first by name when there is no such model */
KwRegistry *kw_desk_models_open(const gchar *root);

/**
 * kw_desk_models_scan:
 *
 * Loads and verifies every version of the model that kw_desk_models_open() opens. Blocks; any
 * thread.
 *
 * Returns: (transfer full) (element-type KwModelView): newest first; a version that is refused
 * is there with its reason, and passed nothing
 */
GArray *kw_desk_models_scan(const gchar *root);

/* Looks again, in a thread: another version was promoted */
void kw_desk_models_look(KwDeskModels *self);

/**
 * kw_desk_models_list:
 *
 * In service is what @book's strategy is predicted by, else what the registry promotes. Looks
 * again for the next question.
 *
 * Returns: (transfer full) (element-type KwModelView): with the trades since each is in service
 */
GArray *kw_desk_models_list(KwDeskModels *self, const KwBook *book);

/* Of a loaded @model in @folder all but tag and service; any thread */
void kw_desk_models_fill_view(const KwModel *model, const gchar *folder, KwModelView *out);

/* What kurswart train and kurswart gate ask of a backtest; any thread */
void kw_desk_models_fill_gate(KwGateView *out);

/* Pairs for which a model has nothing to say, and why */
void kw_desk_models_fill_silence(const KwBook *book, KwStatusView *out);

/* The same. %FALSE without any model */
gboolean kw_desk_models_get_gate(const KwDeskModels *self, KwGateView *out);

G_END_DECLS
