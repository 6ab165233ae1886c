/* kw-venue.h: what the engine has to do with a real exchange, and not with paper */
#pragma once

#include "kw-herald.h"
#include "kw-last-gate.h"
#include "kw-reconciler.h"
#include "kw-stop-keeper.h"

G_BEGIN_DECLS

/**
 * KwVenueRules: of the configuration, but for what the start finds out
 * @gate: what the last gate stops
 * @stops: how open trades are protected at the exchange
 * @lost_patience_us: before an order that the exchange had counts as lost
 * @is_test: a test exchange or a demonstration account, as the start saw: no real money
 */
typedef struct {
    KwLastGateLimits gate;
    KwStopRules stops;
    gint64 lost_patience_us;
    gboolean is_test;
} KwVenueRules;

/* Main thread; opaque. */
typedef struct _KwVenue KwVenue;

/**
 * kw_venue_new:
 * @journal: of the store; each intent is on disk before its order leaves
 * @broker: of the exchange
 *
 * Puts the last gate before the exchange, as journal and as broker.
 */
KwVenue *
kw_venue_new(KwClock *clock, KwJournal *journal, KwBroker *broker, const KwVenueRules *rules);
void kw_venue_free(KwVenue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwVenue, kw_venue_free)

/* (transfer full): an order manager behind the gate; there is one of them */
KwOms *kw_venue_make_oms(KwVenue *self, KwPortfolio *portfolio);

/**
 * kw_venue_join:
 * @book: borrowed; with its order manager
 * @herald: borrowed; tells the owner
 *
 * From now on a breach of the gate halts the bot, for good and told, and no entry is made
 * before books and exchange have agreed once.
 */
void kw_venue_join(KwVenue *self, KwBook *book, KwHerald *herald);

/**
 * kw_venue_start: (nullable self)
 *
 * Once the orders of the run before are looked up: the stops of open trades are placed or
 * mended, and books and exchange are compared from now on.
 */
void kw_venue_start(KwVenue *self);
void kw_venue_stop(KwVenue *self); /* (nullable self): stops at the exchange stay */

/* (nullable self): a row or a tick is over: stops may have been trailed, pairs may have
 * changed */
void kw_venue_review(KwVenue *self);

/* (nullable self): something about the exchange that only the app can know; @code as of
 * KW_EVENT_ORDER */
void kw_venue_tell(KwVenue *self, const gchar *code, const gchar *pair);

/* (nullable self): on paper all is zero */
void kw_venue_fill_view(KwVenue *self, KwVenueView *out);

/* (nullable self) (transfer full) (element-type KwDifferenceView): by kind */
GArray *kw_venue_list_differences(KwVenue *self);

/**
 * kw_venue_accept:
 * @mark: of a #KwVenueView
 * @by: whose word it is, for the audit trail
 *
 * What waits is explained, and no longer stops entries, also after a restart.
 *
 * Returns: %FALSE, and nothing is accepted, when what waits is not what has that @mark
 */
gboolean kw_venue_accept(KwVenue *self, const gchar *mark, const gchar *by);

/* The way to it is not to be trusted any more in this process: told once, no entry follows. */
void kw_venue_distrust(KwVenue *self, const gchar *code);

G_END_DECLS
