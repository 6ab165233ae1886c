/* kw-venue-memory.h: what of an exchange has to outlive the process, beyond orders and trades
 */
#pragma once

#include "kw-book.h"
#include "kw-reconciler.h"
#include "kw-stop-keeper.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwVenueMemory KwVenueMemory;

/**
 * kw_venue_memory_new:
 * @book: borrowed; what it was restored with is given to @reconciler and @keeper
 *
 * Differences that the owner has accepted, the counts of stops, and what the exchange held
 * while nothing was missing.
 */
KwVenueMemory *kw_venue_memory_new(KwBook *book,
                                   KwJournal *journal,
                                   KwReconciler *reconciler,
                                   KwStopKeeper *keeper);
void kw_venue_memory_free(KwVenueMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwVenueMemory, kw_venue_memory_free)

/**
 * kw_venue_memory_save:
 * @batch: (transfer full) (nullable): records that belong to it
 *
 * Writes what has changed since the last time, if anything has or there is a @batch. What could
 * not be written is written with the next call.
 */
void kw_venue_memory_save(KwVenueMemory *self, KwBatch *batch);

G_END_DECLS
