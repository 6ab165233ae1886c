/* kw-order-news.c: placed, filled, closed
 *
 * An order changes more often than there is something to tell: the venue may acknowledge it
 * twice, amend it, fill it in parts. That it is there is told with the first change that shows
 * it, so before its fill also where both come in one answer. */
#include "kw-order-news.h"

#include <string.h>

struct _KwOrderNews {
    KwOms *oms;         /* owned */
    KwHerald *herald;   /* borrowed */
    GHashTable *placed; /* owned: client ids, owned, of orders at the venue that are told */
    gulong settled_handler, alert_handler;
};

static gboolean
is_at_venue(const KwOrder *order)
{
    return order->state == KW_ORDER_STATE_OPEN || order->state == KW_ORDER_STATE_PARTIAL ||
           order->state == KW_ORDER_STATE_FILLED;
}

/* The stop keeper's orders wait for what may never come. */
static gboolean
is_decided(const KwOrder *order)
{
    return !kw_order_type_is_trigger(order->type);
}

static void
on_settled(KwOms *oms, const KwOmsOutcome *outcome, KwOrderNews *self)
{
    const KwOrder *order = &outcome->order;

    if (outcome->trade.id != 0 && is_at_venue(order) && is_decided(order) &&
        g_hash_table_add(self->placed, g_strdup(order->client_id)))
        kw_herald_tell_placed(self->herald, order, &outcome->trade);
    if (kw_order_state_is_final(order->state))
        (void) g_hash_table_remove(self->placed, order->client_id);
    if (outcome->trade.id == 0 || order->state != KW_ORDER_STATE_FILLED)
        return;
    if (order->side == KW_SIDE_BUY)
        kw_herald_tell_opened(self->herald, &outcome->trade);
    else if (outcome->trade.state == KW_TRADE_STATE_CLOSED)
        kw_herald_tell_closed(self->herald, &outcome->trade);
}

static void
on_alert(KwOms *oms, const gchar *code, const gchar *pair, KwOrderNews *self)
{
    gboolean is_idle = strcmp(code, "order_foreign") == 0 && *pair == '\0';

    if (!is_idle) /* nothing has moved yet: the comparison with the venue names it and its pair
                   */
        kw_herald_tell_order(self->herald, code, pair);
}

KwOrderNews *
kw_order_news_new(KwOms *oms, KwHerald *herald)
{
    KwOrderNews *self = g_new0(KwOrderNews, 1);

    self->oms = g_object_ref(oms);
    self->herald = herald;
    self->placed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->settled_handler = g_signal_connect(oms, "settled", G_CALLBACK(on_settled), self);
    self->alert_handler = g_signal_connect(oms, "alert", G_CALLBACK(on_alert), self);
    return self;
}

void
kw_order_news_free(KwOrderNews *self)
{
    if (self == NULL)
        return;
    g_clear_signal_handler(&self->settled_handler, self->oms);
    g_clear_signal_handler(&self->alert_handler, self->oms);
    g_clear_object(&self->oms);
    g_hash_table_unref(self->placed);
    g_free(self);
}
