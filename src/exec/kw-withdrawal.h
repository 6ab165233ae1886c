/* kw-withdrawal.h: takes back what is offered at the venue, before it is sold another way */
#pragma once

#include "kw-oms.h"

G_BEGIN_DECLS

/**
 * KwWithdrawal:
 * @order: the exit that waits for it
 * @extra: (nullable): owned: records of the exit
 * @client_ids: owned: the orders that are cancelled
 * @task: owned: of the exit
 */
typedef struct {
    KwOrder order;
    KwBatch *extra;
    GStrv client_ids;
    GTask *task;
} KwWithdrawal;

void kw_withdrawal_free(KwWithdrawal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwWithdrawal, kw_withdrawal_free)

/**
 * kw_withdrawal_run_async:
 * @self: (transfer full): of orders of @oms, at least one
 *
 * Cancels them. What was filled before is booked when this is done.
 */
void kw_withdrawal_run_async(KwOms *oms, KwWithdrawal *self, GAsyncReadyCallback callback);

/**
 * kw_withdrawal_run_finish:
 * @out: (out) (transfer full): what was given, also on failure
 *
 * Returns: %TRUE once each order is over; %FALSE with a #KwExchangeError when one still works
 *   or may work: it is looked up then
 */
gboolean
kw_withdrawal_run_finish(KwOms *oms, GAsyncResult *result, KwWithdrawal **out, GError **error);

/* (transfer none): the one of its orders that has sold something, else the first */
const KwOrder *kw_withdrawal_find_seller(const KwWithdrawal *self, KwOms *oms);

G_END_DECLS
