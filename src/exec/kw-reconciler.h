/* kw-reconciler.h: holds the books against the venue, again and again */
#pragma once

#include "kw-stop-keeper.h"
#include "kw-venue-check.h"

G_BEGIN_DECLS

#define KW_TYPE_RECONCILER (kw_reconciler_get_type())
G_DECLARE_FINAL_TYPE(KwReconciler, kw_reconciler, KW, RECONCILER, GObject)

/**
 * KwReconcilerFinding: a difference that is believed
 * @is_accepted: the owner has explained it: it stops nothing as long as it does not grow
 *
 * Plain value.
 */
typedef struct {
    KwVenueFinding finding;
    gboolean is_accepted;
} KwReconcilerFinding;

/**
 * kw_reconciler_new:
 * @broker: the one of @oms; where nothing can be inspected (paper) nothing is ever done
 * @quote: quote currency of the account
 * @keeper: (nullable): looks at the stops when one is missing
 *
 * References are kept.
 *
 * Signal "appeared" (const KwVenueFinding *): a difference was there twice in a row, or one
 * that the owner has accepted has grown. Signal "gone" (const KwVenueFinding *): it is there no
 * longer. Signal "alert" (const gchar *code, const gchar *pair): "venue_unreadable" after five
 * attempts in a row without an answer, "venue_readable" when it is over; the pair is "".
 *
 * Returns: (transfer full)
 */
KwReconciler *kw_reconciler_new(KwClock *clock,
                                KwOms *oms,
                                KwBroker *broker,
                                KwPortfolio *portfolio,
                                const gchar *quote,
                                KwStopKeeper *keeper);

/**
 * kw_reconciler_start:
 *
 * Call it when what the store holds is back and looked up (kw_oms_reconcile_async()). Asks at
 * once, then every ten seconds while an order is on its way or a difference is new, else every
 * minute. Nothing counts that was seen once, or while an order was settled between question and
 * answer. A missing order is looked up, and a missing stop shown to @keeper, at first sight.
 */
void kw_reconciler_start(KwReconciler *self);
void kw_reconciler_stop(KwReconciler *self);

/* Asks now, if it is not asking already. */
void kw_reconciler_check_now(KwReconciler *self);

/* TRUE until books and venue have agreed once since the start; while a difference that blocks
 * is there and not accepted; and while the venue has not been read for five minutes */
gboolean kw_reconciler_blocks_entries(KwReconciler *self);

/* Returns: (transfer full) (element-type KwReconcilerFinding): what is believed, by kind */
GArray *kw_reconciler_list_findings(KwReconciler *self);

/* The owner has an explanation for it. Forgotten when it is gone.
 * Returns: whether there is such a difference */
gboolean kw_reconciler_accept(KwReconciler *self, const KwVenueFinding *finding);

/* (transfer full): what is accepted, for the store; "" = nothing */
gchar *kw_reconciler_dup_accepted(KwReconciler *self);

/* Puts back what kw_reconciler_dup_accepted() has told, before the start. A line that cannot be
 * read is dropped: then it stops entries again. */
void kw_reconciler_restore_accepted(KwReconciler *self, const gchar *text);

/* (transfer full): what the venue held while nothing was missing, for the store; it is what an
 * order that is missing is judged by, also after a restart */
gchar *kw_reconciler_dup_totals(KwReconciler *self);

/* Puts back what kw_reconciler_dup_totals() has told, before the start. */
void kw_reconciler_restore_totals(KwReconciler *self, const gchar *text);

/* How long ago the last answer was compared; G_MAXINT64 = none since the start */
gint64 kw_reconciler_get_age_us(KwReconciler *self);

/* How long an order that the venue had acknowledged must not be found, before it is declared
 * lost; three minutes unless told. What the account holds has to say so as well. */
void kw_reconciler_set_lost_patience(KwReconciler *self, gint64 patience_us);

/* What orders that are not ours would still buy, in quote currency, by the last answer: counts
 * as exposure. One whose value cannot be told (no price) is left out. */
KwDecimal kw_reconciler_get_foreign_value(KwReconciler *self);

G_END_DECLS
