/* kw-sham-broker.h: the way to the made-up exchange, with faults on it */
#pragma once

#include "kw-broker.h"
#include "kw-clock.h"
#include "kw-fault-plan.h"
#include "kw-sham-venue.h"

G_BEGIN_DECLS

#define KW_TYPE_SHAM_BROKER (kw_sham_broker_get_type())
G_DECLARE_FINAL_TYPE(KwShamBroker, kw_sham_broker, KW, SHAM_BROKER, GObject)

/**
 * kw_sham_broker_new:
 * @venue, @plan: borrowed, outlive the broker
 * @seed: of delays
 *
 * Every call takes some of the clock's milliseconds each way; one without an answer fails with
 * %KW_EXCHANGE_ERROR_UNKNOWN after ten seconds. Drives the venue by timers of its own.
 *
 * Signal "struck" (gint kind, gint64 time_us): a fault has happened.
 *
 * Returns: (transfer full)
 */
KwShamBroker *
kw_sham_broker_new(KwClock *clock, KwShamVenue *venue, const KwFaultPlan *plan, guint64 seed);

/* TRUE while a fault of @kind lasts */
gboolean kw_sham_broker_has(KwShamBroker *self, KwFaultKind kind);

/* TRUE when the process has to be killed now; nothing comes through any more */
gboolean kw_sham_broker_is_dying(KwShamBroker *self);

/* Faults that wait for an occasion are given up, those that last are over. */
void kw_sham_broker_heal(KwShamBroker *self);

G_END_DECLS
