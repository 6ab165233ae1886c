/* kw-venue.h: what the engine has to do with a real exchange, and not with paper */
#pragma once

#include "kw-herald.h"
#include "kw-last-gate.h"

G_BEGIN_DECLS

/**
 * KwVenueRules: of the configuration
 * @gate: what the last gate stops
 */
typedef struct {
    KwLastGateLimits gate;
} KwVenueRules;

/* Main thread; opaque. */
typedef struct _KwVenue KwVenue;

/**
 * kw_venue_new:
 * @journal: of the store; each intent is on disk before its order leaves
 * @broker: of the exchange
 *
 * Puts the last gate before the exchange. An order manager gets kw_venue_get_gate() as both
 * journal and broker, and nothing else may.
 */
KwVenue *
kw_venue_new(KwClock *clock, KwJournal *journal, KwBroker *broker, const KwVenueRules *rules);
void kw_venue_free(KwVenue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwVenue, kw_venue_free)

KwLastGate *kw_venue_get_gate(KwVenue *self); /* (transfer none) */

/**
 * kw_venue_join:
 * @book: borrowed; with its order manager
 * @herald: borrowed; tells the owner
 *
 * From now on a breach of the gate halts the bot, for good and told.
 */
void kw_venue_join(KwVenue *self, KwBook *book, KwHerald *herald);

G_END_DECLS
