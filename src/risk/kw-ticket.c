/* kw-ticket.c: a ticket is used once, in time, for the order it was made for
 *
 * A buy is checked once more against the kill switch at the moment of use: between the checks
 * and the order manager the owner may have pulled it. */
#include "kw-ticket.h"

#include "kw-error.h"
#include "kw-ticket-private.h"

#include <string.h>

void
kw_ticket_free(KwTicket *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->kill_switch);
    g_free(self);
}

/* Returns: (nullable): why @order may not use it */
static const gchar *
find_fault(const KwTicket *self, const KwOrder *order, gint64 now_us)
{
    if (self->is_used)
        return "ticket was used before";
    if (now_us > self->expires_us)
        return "ticket has expired";
    if (self->kill_switch != NULL && kw_kill_switch_is_tripped(self->kill_switch))
        return "kill switch was pulled after the ticket was made";
    if (order->side != self->side || strcmp(order->pair, self->pair) != 0)
        return "ticket is for another pair or side";
    if (kw_decimal_sign(order->amount) <= 0 || kw_decimal_sign(order->price) <= 0)
        return "order has no amount or no price";
    if (kw_decimal_cmp(order->amount, self->max_amount) > 0)
        return "ticket is for a smaller amount";
    if (kw_decimal_sign(self->max_price) > 0 &&
        kw_decimal_cmp(order->price, self->max_price) > 0)
        return "ticket is for a lower price";
    return NULL;
}

gboolean
kw_ticket_use(KwTicket *self, const KwOrder *order, gint64 now_us, GError **error)
{
    const gchar *fault;

    g_return_val_if_fail(self != NULL && order != NULL, FALSE);

    fault = find_fault(self, order, now_us);
    self->is_used = TRUE;
    if (fault != NULL)
        g_set_error_literal(error, KW_RISK_ERROR, KW_RISK_ERROR_TICKET, fault);
    return fault == NULL;
}

gint64
kw_ticket_get_left_us(const KwTicket *self, gint64 now_us)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->expires_us - now_us;
}
