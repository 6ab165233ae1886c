/* kw-ticket-private.h: what a ticket holds; for kw-ticket.c and kw-risk.c alone */
#pragma once

#include "kw-kill-switch.h"
#include "kw-ticket.h"

G_BEGIN_DECLS

/**
 * KwTicket:
 * @max_amount: base currency
 * @max_price: zero = any price (sells)
 * @expires_us: last instant at which it can be used
 * @kill_switch: (nullable): owned; a ticket to buy is void as soon as this is tripped
 */
struct _KwTicket {
    gchar pair[KW_PAIR_NAME_SIZE];
    KwSide side;
    KwDecimal max_amount;
    KwDecimal max_price;
    gint64 expires_us;
    gboolean is_used;
    KwKillSwitch *kill_switch;
};

G_END_DECLS
