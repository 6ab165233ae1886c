/* kw-inquiry.h: what became of an order that has no answer */
#pragma once

#include "kw-broker.h"
#include "kw-clock.h"

G_BEGIN_DECLS

/**
 * KwInquiryEvents:
 * @late: the answer to the order stays away
 * @report: the venue's word
 * @verdict: a state that follows from what was not said: UNKNOWN, LAPSED, REJECTED
 * @alert: "order_lost", "order_unknown", "order_adopted"
 * @answered: a look-up is over, and what it said has been told
 */
typedef struct {
    void (*late)(gpointer entry);
    void (*report)(gpointer entry, const KwBrokerReport *report);
    void (*verdict)(gpointer entry, KwOrderState state);
    void (*alert)(gpointer entry, const gchar *code);
    void (*answered)(gpointer entry);
} KwInquiryEvents;

/* Main thread; opaque. */
typedef struct _KwInquiry KwInquiry;

/**
 * kw_inquiry_new:
 * @order: borrowed, as @entry outlives the inquiry; sent now, until kw_inquiry_await_answer()
 * @events: static
 * @entry: given back with every event
 * @owner: borrowed; a reference is held while a look-up is under way
 */
KwInquiry *kw_inquiry_new(KwClock *clock,
                          KwBroker *broker,
                          const KwOrder *order,
                          const KwInquiryEvents *events,
                          gpointer entry,
                          GObject *owner);
void kw_inquiry_free(KwInquiry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwInquiry, kw_inquiry_free)

/* The order leaves now; "late" unless kw_inquiry_rest() comes before the deadline. */
void kw_inquiry_await_answer(KwInquiry *self);

/* Nothing is waited for any more. */
void kw_inquiry_rest(KwInquiry *self);

/* The venue has spoken: look-ups and absences of before do not count. */
void kw_inquiry_start_over(KwInquiry *self);

/* The venue refused it; so its absence is no loss, and its existence a surprise. */
void kw_inquiry_note_refused(KwInquiry *self);

/* Looks the order up, now or after a pause that grows. */
void kw_inquiry_ask(KwInquiry *self);
void kw_inquiry_ask_later(KwInquiry *self);

/**
 * kw_inquiry_hold:
 *
 * Look-ups wait until kw_inquiry_release(), as their answers would be of before or after; but
 * no longer than for the answer to an order. When it does not come the order is looked up.
 *
 * Returns: the number of this hold
 */
guint kw_inquiry_hold(KwInquiry *self);

/* Returns: %FALSE when the hold @number is over already: what was waited for comes too late */
gboolean kw_inquiry_release(KwInquiry *self, guint number);
gboolean kw_inquiry_is_held(const KwInquiry *self);

/**
 * kw_inquiry_is_fruitless:
 *
 * Returns: %TRUE when complete look-ups have found the order nowhere for @patience_us, several
 *   of them, the newest too, and none is under way
 */
gboolean kw_inquiry_is_fruitless(const KwInquiry *self, gint64 patience_us);

/* TRUE while a look-up is under way or waits for kw_inquiry_release() */
gboolean kw_inquiry_is_asking(const KwInquiry *self);

G_END_DECLS
