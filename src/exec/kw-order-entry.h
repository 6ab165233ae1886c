/* kw-order-entry.h: an order and what is being done about it, for the order manager alone */
#pragma once

#include "kw-inquiry.h"
#include "kw-oms.h"
#include "kw-order-change.h"

G_BEGIN_DECLS

/**
 * KwOrderEntry: lives as long as its order manager
 * @order: first, so that a table of orders is a table of entries; as journaled, but SENT, which
 *   is known in memory only
 * @owner: the order manager; borrowed
 * @trade: owned; to open, later the one that was voided; else NULL
 * @submit: owned; until the caller has its answer
 * @due_mono_us: while the intent is written: what leaves later does not leave at all
 * @inquiry: owned
 * @was_lost: the venue had it and provably has it no longer
 */
typedef struct {
    KwOrder order;
    GObject *owner;
    KwTrade *trade;
    GTask *submit;
    gint64 due_mono_us;
    KwInquiry *inquiry;
    KwOrderChange change;
    gboolean was_lost;
} KwOrderEntry;

/* Whether the answer tells of this call, or of one that was done before */
typedef enum { KW_ORDER_ANSWER_NEWS, KW_ORDER_ANSWER_ALREADY_DONE } KwOrderAnswer;

/* @events: static; they get the entry. The notes of its changes are set by the caller. */
KwOrderEntry *kw_order_entry_new(const KwOrder *order,
                                 KwClock *clock,
                                 KwBroker *broker,
                                 KwBooker *booker,
                                 const KwInquiryEvents *events,
                                 GObject *owner);
void kw_order_entry_free(gpointer entry);

/* TRUE when the venue had it, complete look-ups have not found it for @patience_us, and nothing
 * that it said of it waits to be booked */
gboolean kw_order_entry_may_be_lost(const KwOrderEntry *self, gint64 patience_us);

/* As it stands */
void kw_order_entry_fill_outcome(const KwOrderEntry *self,
                                 KwPortfolio *portfolio,
                                 KwOmsOutcome *out);

/* The same as the answer of @task (transfer full) (nullable) */
void kw_order_entry_answer(const KwOrderEntry *self,
                           GTask *task,
                           KwPortfolio *portfolio,
                           KwOrderAnswer answer);

/* What kw_order_entry_answer() has given to the task, or its error */
gboolean kw_order_entry_finish(GAsyncResult *result, KwOmsOutcome *out, GError **error);

G_END_DECLS
