/* kw-ticket.h: the permission to place one order; minted by kw-risk.c alone */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

/**
 * KwTicket:
 *
 * Names pair, side and the largest amount and price it is good for, and when it expires. Used
 * once. There is no constructor in any header: the one function that makes a ticket is static
 * in kw-risk.c.
 */
typedef struct _KwTicket KwTicket;

void kw_ticket_free(KwTicket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTicket, kw_ticket_free)

/**
 * kw_ticket_use:
 * @order: the order it is to be used for
 *
 * The attempt uses it up, also when it is refused.
 *
 * Returns: %TRUE once; %FALSE with %KW_RISK_ERROR_TICKET when it was used before, has expired,
 * names another pair or side, a smaller amount or (to buy) a lower price, or the kill switch
 * was pulled since
 */
gboolean kw_ticket_use(KwTicket *self, const KwOrder *order, gint64 now_us, GError **error);

/* Microseconds until it expires, or less than 0; a used one goes on ageing */
gint64 kw_ticket_get_left_us(const KwTicket *self, gint64 now_us);

G_END_DECLS
