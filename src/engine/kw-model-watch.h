/* kw-model-watch.h: takes over a model that was promoted while the engine runs */
#pragma once

#include "kw-book.h"
#include "kw-event.h"

G_BEGIN_DECLS

/**
 * KwModelWatchEvents:
 * @event: KW_EVENT_MODEL: a model was taken over, or refused while the one before stays
 * @done: all that was new is dealt with
 */
typedef struct {
    void (*event)(gpointer owner, const KwEvent *event);
    void (*done)(gpointer owner);
} KwModelWatchEvents;

/* Main thread; opaque. */
typedef struct _KwModelWatch KwModelWatch;

/**
 * kw_model_watch_new:
 * @book: borrowed
 * @owner: borrowed; a reference is held while a model is loaded
 */
KwModelWatch *
kw_model_watch_new(KwBook *book, const KwModelWatchEvents *events, GObject *owner);
void kw_model_watch_free(KwModelWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwModelWatch, kw_model_watch_free)

/**
 * kw_model_watch_look:
 *
 * Looks whether other versions of the models in use were promoted, and loads and verifies them
 * in a thread. The next row that is computed is predicted by the new model.
 *
 * Returns: %TRUE when there is something to load: wait for "done"
 */
gboolean kw_model_watch_look(KwModelWatch *self);

G_END_DECLS
