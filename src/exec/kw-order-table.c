/* kw-order-table.c: orders by client id
 *
 * The few orders that are not over are kept in a list beside the table, because the questions
 * of every candle (is the pair busy?) are about them. */
#include "kw-order-table.h"

#include "kw-client-id.h"

#include <string.h>

#define MAX_BUY_ATTEMPTS 2

struct _KwOrderTable {
    GHashTable *orders; /* client id, in the order -> owned KwOrder */
    GPtrArray *live;    /* borrowed from orders */
};

KwOrderTable *
kw_order_table_new(GDestroyNotify free_order)
{
    KwOrderTable *self = g_new0(KwOrderTable, 1);

    self->orders = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_order);
    self->live = g_ptr_array_new();
    return self;
}

void
kw_order_table_free(KwOrderTable *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->live);
    g_hash_table_unref(self->orders);
    g_free(self);
}

void
kw_order_table_add(KwOrderTable *self, KwOrder *order)
{
    g_return_if_fail(self != NULL && order != NULL);
    g_return_if_fail(kw_order_table_find(self, order->client_id) == NULL);

    (void) g_hash_table_insert(self->orders, order->client_id, order);
    if (!kw_order_state_is_final(order->state))
        g_ptr_array_add(self->live, order);
}

void
kw_order_table_remove(KwOrderTable *self, KwOrder *order)
{
    g_return_if_fail(self != NULL && order != NULL);

    (void) g_ptr_array_remove(self->live, order);
    (void) g_hash_table_remove(self->orders, order->client_id);
}

KwOrder *
kw_order_table_find(const KwOrderTable *self, const gchar *client_id)
{
    g_return_val_if_fail(self != NULL && client_id != NULL, NULL);

    return g_hash_table_lookup(self->orders, client_id);
}

void
kw_order_table_retire(KwOrderTable *self, KwOrder *order)
{
    g_return_if_fail(self != NULL && order != NULL);
    g_return_if_fail(kw_order_state_is_final(order->state));

    (void) g_ptr_array_remove(self->live, order);
}

guint
kw_order_table_get_n_live(const KwOrderTable *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->live->len;
}

KwOrder *
kw_order_table_get_live(const KwOrderTable *self, guint index)
{
    g_return_val_if_fail(self != NULL && index < self->live->len, NULL);

    return self->live->pdata[index];
}

gboolean
kw_order_table_is_busy(const KwOrderTable *self, const gchar *pair)
{
    g_return_val_if_fail(self != NULL && pair != NULL, TRUE);

    for (guint i = 0; i < self->live->len; i++) {
        const KwOrder *order = self->live->pdata[i];

        if (!kw_order_is_waiting(order) && strcmp(order->pair, pair) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
kw_order_table_has_state(const KwOrderTable *self, const gchar *pair, KwOrderState state)
{
    g_return_val_if_fail(self != NULL && pair != NULL, TRUE);

    for (guint i = 0; i < self->live->len; i++) {
        const KwOrder *order = self->live->pdata[i];

        if (order->state == state && strcmp(order->pair, pair) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
kw_order_table_is_entering(const KwOrderTable *self, gint64 trade_id)
{
    g_return_val_if_fail(self != NULL, TRUE);

    for (guint i = 0; i < self->live->len; i++) {
        const KwOrder *order = self->live->pdata[i];

        if (order->side == KW_SIDE_BUY && order->trade_id == trade_id)
            return TRUE;
    }
    return FALSE;
}

KwDecimal
kw_order_table_sum_offered(const KwOrderTable *self, gint64 trade_id)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    g_return_val_if_fail(self != NULL, sum);

    for (guint i = 0; i < self->live->len; i++) {
        const KwOrder *order = self->live->pdata[i];
        KwDecimal rest;

        if (order->side == KW_SIDE_SELL && order->trade_id == trade_id &&
            kw_decimal_sub(order->amount, order->filled, &rest, NULL))
            (void) kw_decimal_add(sum, rest, &sum, NULL);
    }
    return sum;
}

GStrv
kw_order_table_list_triggers(const KwOrderTable *self, gint64 trade_id)
{
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();

    g_return_val_if_fail(self != NULL, NULL);

    for (guint i = 0; i < self->live->len; i++) {
        const KwOrder *order = self->live->pdata[i];

        if (order->trade_id == trade_id && kw_order_type_is_trigger(order->type) &&
            (order->state == KW_ORDER_STATE_OPEN || order->state == KW_ORDER_STATE_PARTIAL))
            g_strv_builder_add(ids, order->client_id);
    }
    return g_strv_builder_end(ids);
}

GPtrArray *
kw_order_table_list_live(const KwOrderTable *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return g_ptr_array_copy(self->live, NULL, NULL);
}

void
kw_order_table_make_client_id(
    const KwOrderTable *self, const gchar *pair, gint64 candle_us, KwSide side, gchar *buffer)
{
    g_return_if_fail(self != NULL && pair != NULL && buffer != NULL);

    for (guint attempt = 0;; attempt++) {
        gchar text[KW_PAIR_NAME_SIZE + 64];
        const KwOrder *before;

        (void) g_snprintf(text, sizeof text, "%.*s|%" G_GINT64_FORMAT "|%s|%u",
                          KW_PAIR_NAME_SIZE, pair, candle_us, kw_side_to_string(side), attempt);
        kw_client_id_make(text, buffer);
        before = kw_order_table_find(self, buffer);
        if (before == NULL || before->state != KW_ORDER_STATE_LAPSED)
            return;
        if (side == KW_SIDE_BUY && attempt + 1 == MAX_BUY_ATTEMPTS)
            return;
    }
}
