/* kw-patience.h: takes back entries that have waited in the order book too long */
#pragma once

#include "kw-book.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwPatience KwPatience;

/**
 * kw_patience_new:
 * @book: borrowed
 * @owner: borrowed; a reference is held while a cancellation is on its way
 */
KwPatience *kw_patience_new(KwBook *book, GObject *owner);
void kw_patience_free(KwPatience *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwPatience, kw_patience_free)

/**
 * kw_patience_review:
 *
 * Cancels what waits for longer than the settings allow, each once; again only when the venue
 * did not answer and the order still works. One that is part filled is left to the keeper of
 * stops, which has a time for that.
 */
void kw_patience_review(KwPatience *self);

G_END_DECLS
