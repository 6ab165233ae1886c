/* kw-order-change.h: cancels or amends an order that works at the venue */
#pragma once

#include "kw-booker.h"
#include "kw-cancel-notes.h"
#include "kw-inquiry.h"

G_BEGIN_DECLS

/**
 * KwOrderChange: all borrowed
 * @notes: of cancels of stops and targets
 *
 * Part of an order manager's entry. Plain value; its tasks keep the manager alive.
 */
typedef struct {
    KwBroker *broker;
    KwBooker *booker;
    KwInquiry *inquiry;
    KwOrder *order;
    KwCancelNotes *notes;
} KwOrderChange;

/**
 * kw_order_change_cancel:
 * @task: (transfer full): of the manager; goes to the booker with the answer, or gets the
 *   #KwExchangeError; then the order is looked up
 *
 * That a stop is cancelled by us is noted before.
 */
void kw_order_change_cancel(KwOrderChange *self, GTask *task);

/* The same for other terms. After %KW_EXCHANGE_ERROR_REFUSED all is as before; after any other
 * error a look-up tells which terms hold. */
void kw_order_change_amend(KwOrderChange *self, KwDecimal price, KwDecimal amount, GTask *task);

G_END_DECLS
