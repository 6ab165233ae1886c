/* kw-fake-broker.h: a venue that misbehaves as told, and knows what it really executed */
#pragma once

#include "kw-broker.h"

G_BEGIN_DECLS

/**
 * KwFakeAnswer: what becomes of the next order
 * @KW_FAKE_ANSWER_ACK: accepted and answered
 * @KW_FAKE_ANSWER_LOST: accepted, and the answer is lost (UNKNOWN)
 * @KW_FAKE_ANSWER_NOT_REACHED: never arrives (UNKNOWN)
 * @KW_FAKE_ANSWER_REFUSED: does not exist (REFUSED)
 * @KW_FAKE_ANSWER_REFUSED_WRONGLY: REFUSED, and it was accepted
 * @KW_FAKE_ANSWER_REJECTED: answered with the state REJECTED
 * @KW_FAKE_ANSWER_HELD: accepted; the answer waits for kw_fake_broker_release_answers()
 */
typedef enum {
    KW_FAKE_ANSWER_ACK,
    KW_FAKE_ANSWER_LOST,
    KW_FAKE_ANSWER_NOT_REACHED,
    KW_FAKE_ANSWER_REFUSED,
    KW_FAKE_ANSWER_REFUSED_WRONGLY,
    KW_FAKE_ANSWER_REJECTED,
    KW_FAKE_ANSWER_HELD,
} KwFakeAnswer;
#define KW_N_FAKE_ANSWERS 7

/* How the venue executes what it accepts: at once and whole, or not before the test says so */
typedef enum {
    KW_FAKE_MATCHING_AT_ONCE,
    KW_FAKE_MATCHING_BY_HAND,
} KwFakeMatching;

#define KW_TYPE_FAKE_BROKER (kw_fake_broker_get_type())
G_DECLARE_FINAL_TYPE(KwFakeBroker, kw_fake_broker, KW, FAKE_BROKER, GObject)

/* Real venue: look-ups prove absence after KW_BROKER_SETTLE_US only. Fee 0.4 % of the value. */
KwFakeBroker *kw_fake_broker_new(void);
void kw_fake_broker_set_settle_us(KwFakeBroker *self, gint64 settle_us);

void kw_fake_broker_set_matching(KwFakeBroker *self, KwFakeMatching matching);

/* For the next order; after it ACK again */
void kw_fake_broker_set_answer(KwFakeBroker *self, KwFakeAnswer answer);
void kw_fake_broker_release_answers(KwFakeBroker *self);

/* The next @n look-ups (and cancels) miss an order that exists, or are not answered at all */
void kw_fake_broker_hide(KwFakeBroker *self, guint n);
void kw_fake_broker_fail_queries(KwFakeBroker *self, guint n);

/* No amount of a working order is changed from now on, as at a MetaTrader account. */
void kw_fake_broker_fix_amounts(KwFakeBroker *self);

/* The next @n changes of an order are refused. */
void kw_fake_broker_refuse_amends(KwFakeBroker *self, guint n);

/* The next @n changes of an order are made, and the answer is lost. */
void kw_fake_broker_lose_amends(KwFakeBroker *self, guint n);

/* The next @n amends and cancels of an order are made and never answered, until released as
 * held answers.
 */
void kw_fake_broker_hang_changes(KwFakeBroker *self, guint n);

/* The next @n orders are refused, each as @answer: REFUSED or REJECTED. */
void kw_fake_broker_refuse_orders(KwFakeBroker *self, guint n, KwFakeAnswer answer);

/* The next @n inspections are not answered until released as held answers, or fail. */
void kw_fake_broker_hang_inspections(KwFakeBroker *self, guint n);
void kw_fake_broker_fail_inspections(KwFakeBroker *self, guint n);

/* What the account owns, as inspections tell it, tied up nothing; replaces what was said. */
void kw_fake_broker_set_balance(KwFakeBroker *self, const gchar *asset, KwDecimal total);

/* An order that somebody else has placed, or that the venue had lost; it works until it is
 * cancelled by its client id. */
void kw_fake_broker_add_foreign(KwFakeBroker *self, const KwVenueOrder *order);

/* The line is cut: nothing arrives, nothing is told, until mended. */
void kw_fake_broker_cut(KwFakeBroker *self);
void kw_fake_broker_mend(KwFakeBroker *self);

/* -- at the venue; @amount is cut to what is left; tells nobody -- */
void kw_fake_broker_fill(KwFakeBroker *self, const gchar *client_id, KwDecimal amount);
void kw_fake_broker_cancel_by_venue(KwFakeBroker *self, const gchar *client_id);
void kw_fake_broker_amend_by_venue(KwFakeBroker *self,
                                   const gchar *client_id,
                                   KwDecimal price,
                                   KwDecimal amount);
void kw_fake_broker_forget(KwFakeBroker *self, const gchar *client_id);

/* Signal "report": everything of an order, only its state, or only its fill @index with the
 * state PARTIAL */
void kw_fake_broker_tell(KwFakeBroker *self, const gchar *client_id);
void kw_fake_broker_tell_state(KwFakeBroker *self, const gchar *client_id);
void kw_fake_broker_tell_fill(KwFakeBroker *self, const gchar *client_id, guint index);

/* -- what really happened -- */
guint kw_fake_broker_get_n_orders(KwFakeBroker *self);  /* accepted */
guint kw_fake_broker_get_n_working(KwFakeBroker *self); /* now, whoever placed them */
const gchar *kw_fake_broker_get_client_id(KwFakeBroker *self, guint index);
guint kw_fake_broker_count(KwFakeBroker *self,
                           const gchar *client_id);     /* accepted with this id */
guint kw_fake_broker_get_n_submits(KwFakeBroker *self); /* calls, arrived or not */
guint kw_fake_broker_get_n_queries(KwFakeBroker *self);
guint kw_fake_broker_get_n_inspections(KwFakeBroker *self);
guint kw_fake_broker_get_n_amends(KwFakeBroker *self); /* that changed something */

/* (transfer none): an order as the venue has it */
const KwOrder *kw_fake_broker_get_order(KwFakeBroker *self, const gchar *client_id);
KwDecimal kw_fake_broker_get_filled(KwFakeBroker *self, const gchar *client_id);
guint kw_fake_broker_get_n_fills(KwFakeBroker *self, const gchar *client_id);

/* Base currency of @pair: bought minus sold */
KwDecimal kw_fake_broker_get_position(KwFakeBroker *self, const gchar *pair);

G_END_DECLS
