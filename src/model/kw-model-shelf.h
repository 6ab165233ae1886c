/* kw-model-shelf.h: the models that strategies may ask for, by name */
#pragma once

#include "kw-model-guard.h"
#include "kw-model-relay.h"
#include "kw-registry.h"

G_BEGIN_DECLS

#define KW_MODEL_SHELF_TEXT_SIZE 48

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

/* The models of @relay, each for rows of its time, go before the promoted one; a reference is
 * kept. @relay is not empty and does not change any more. */
void kw_model_shelf_put_relay(KwModelShelf *self, const gchar *name, KwModelRelay *relay);

/* (transfer none) (nullable): what was put there by kw_model_shelf_put_relay() */
KwModelRelay *kw_model_shelf_peek_relay(const KwModelShelf *self, const gchar *name);

/**
 * kw_model_shelf_get:
 *
 * Loads a version that was promoted since the last call. When that one is refused, the old one
 * stays in use and @error is set all the same.
 *
 * Returns: (transfer none) (nullable): %NULL with %KW_MODEL_REFUSAL
 */
KwModel *kw_model_shelf_get(KwModelShelf *self, const gchar *name, GError **error);

/* (transfer none) (nullable): what is in use under @name; looks at no file */
KwModel *kw_model_shelf_peek(const KwModelShelf *self, const gchar *name);

/* @silence: (nullable): of the newest row of @frame's columns; %NULL: it has no more of them.
 * @frame is a name here and never looked at. */
void
kw_model_shelf_note(KwModelShelf *self, gconstpointer frame, const KwModelSilence *silence);

/* What was noted; zeros when nothing was */
KwModelSilence kw_model_shelf_get_silence(const KwModelShelf *self, gconstpointer frame);

/* (transfer none): data root */
const gchar *kw_model_shelf_get_root(const KwModelShelf *self);

/* (transfer full): names of the models in use that were promoted, not put there by hand */
GStrv kw_model_shelf_list_promoted(const KwModelShelf *self);

/* The version in use under @name. Returns: %FALSE without one, or when it was put by hand */
gboolean
kw_model_shelf_get_version(const KwModelShelf *self, const gchar *name, KwModelVersion *out);

/* "boost v1.1.0", several in order of name with ", " between; "" without one in use */
const gchar *kw_model_shelf_get_identity(const KwModelShelf *self);

/**
 * KwModelNews:
 * @name: of a model in use, or of one that was asked for and was not there
 * @version: promoted in its place
 * @before: in use until now; zeros when there was none
 * @path: (owned): folder of the version
 */
typedef struct {
    gchar name[KW_MODEL_SHELF_TEXT_SIZE];
    KwModelVersion version, before;
    gchar *path;
} KwModelNews;

void kw_model_news_clear(KwModelNews *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwModelNews, kw_model_news_clear)

/**
 * kw_model_shelf_find_news:
 *
 * Looks, cheaply, whether another version of a model in use was promoted, or the first usable
 * one of a model that somebody has asked for. Each promotion is news once, also when it is
 * refused afterwards.
 *
 * Returns: %FALSE when there is none (or no more)
 */
gboolean kw_model_shelf_find_news(KwModelShelf *self, KwModelNews *out);

/* @model takes the place of the one in use, also in columns that were built before; a reference
 * is kept. */
void kw_model_shelf_swap(KwModelShelf *self, const KwModelNews *news, KwModel *model);

G_END_DECLS
