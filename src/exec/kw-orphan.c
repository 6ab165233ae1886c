/* kw-orphan.c: an old stop may tie up the coins that a new one needs
 *
 * It would be ours by its id, so cancelling it takes nothing from anybody. Nothing is
 * journaled: for the books it is over, and a fill that it had after all is booked like any
 * other. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-orphan.h"

#include "kw-client-id.h"
#include "kw-log.h"

#include <string.h>

gboolean
kw_orphan_is_one(KwOms *oms, const KwVenueOrder *there)
{
    const KwOrder *order;

    g_return_val_if_fail(KW_IS_OMS(oms) && there != NULL, FALSE);

    if (there->side != KW_SIDE_SELL || !kw_client_id_is_ours(there->client_id))
        return FALSE;
    order = kw_oms_find_order(oms, there->client_id);
    return order == NULL || kw_order_state_is_final(order->state);
}

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    KwBrokerReport report;

    (void) user_data;
    if (!kw_broker_cancel_finish(KW_BROKER(source), result, &report, &error))
        kw_log_info("an old order of ours could not be cancelled", "KW_ERROR", error->message);
}

void
kw_orphan_cancel(KwBroker *broker, const gchar *client_id)
{
    g_return_if_fail(KW_IS_BROKER(broker) && client_id != NULL);

    kw_log_info("an old order of ours is cancelled", "KW_ORDER", client_id);
    kw_broker_cancel_async(broker, client_id, NULL, on_cancelled, NULL);
}

void
kw_orphan_cancel_all(KwOms *oms, KwBroker *broker, const KwVenueState *state, const gchar *pair)
{
    g_return_if_fail(KW_IS_OMS(oms) && KW_IS_BROKER(broker));
    g_return_if_fail(state != NULL && pair != NULL);

    for (guint i = 0; i < state->orders->len; i++) {
        const KwVenueOrder *there = &g_array_index(state->orders, KwVenueOrder, i);

        if (strcmp(there->pair, pair) == 0 && kw_orphan_is_one(oms, there))
            kw_orphan_cancel(broker, there->client_id);
    }
}
